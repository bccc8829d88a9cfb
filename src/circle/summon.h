/* summon.h - who may sit on the jury of an appeal: everybody on its list in the order of its draw, and how near each is to its sides.
 *
 * Sides are the appellant, the stewards who made or kept the measure, of what the shell did every keeper, whoever wrote the post it stands under, and its reporters. Near is
 *   a friend: either counts the other as one;
 *   a friend's friend: both count one and the same person as a friend;
 *   barred: a side, one of its invitation branch or device, one with whom there is a block, who sat in the first appeal, who wrote a copy
 *   of what is judged or what that is a copy of, and who is not in standing. Whoever is near to who wrote a copy may sit.
 * What an invitation branch is, integrity/behaviour/branch.h says; how many of one invitation may sit at once, circle/draw.h.
 * In standing is who has been in the circle for some days, without points and measures that limit them, right about enough known cases,
 * and no steward: those see whose case it is.
 *
 * All of it as of an instant, so that it can be reckoned again later, from what the store still has. */
#ifndef KITH_CIRCLE_SUMMON_H
#define KITH_CIRCLE_SUMMON_H

#include "circle/circle.h"
#include "circle/draw.h"
#include "model/measure.h"

#define JUROR_DAYS 14 /* in the circle, unless the keeper says otherwise */
#define JUROR_DAYS_SETTING S("juror_days")
#define JUROR_CHECKS_LEAST 5   /* known cases before they count */
#define JUROR_RIGHT_PERCENT 60 /* of them, at least */

struct summon_ask {
	const struct appeal *appeal;
	const struct measure *measure;
	str list; /* of an earlier draw of this appeal; empty: of those willing now */
	int64_t at_ms;
	bool again; /* reckoned later: blocks and roles, which keep no time, are left out */
};
struct summoning;
struct summons {
	str list;
	unsigned char list_hash[HASH_BYTES];
	const struct juror *jurors; /* in the order of the draw; person 0: gone since */
	struct draw_circle circle;  /* of these. It asks the store: afterwards see summon_sound */
	struct summoning *how;
};
/* Borrows the connection and the ask for as long as it is used. */
MUST_CHECK err summon(struct circle *c, struct conn *conn, const struct summon_ask *ask,
                      struct arena *mem, struct summons *out);
/* Whether each of these, who were asked for a seat of this appeal, may still judge it: they are as far from everybody who was a side when it
 * was filed as its step asks, and no side since; they wrote no copy and have blocked no side; and they are in standing but for known cases
 * and days, which changed by their answers or by the keeper. A side's block of a juror is left out: whoever sees that votes go against
 * them would send every juror home with it. Of `ask` the appeal, measure, instant and `again`. */
MUST_CHECK err summon_still(struct circle *c, struct conn *conn, const struct summon_ask *ask,
                            const person_id *jurors, size_t n, struct arena *mem, bool *still);
/* Whether everything that was asked could be read. */
MUST_CHECK err summon_sound(const struct summons *summons);

/* Everybody who was a side by then, ascending. */
MUST_CHECK err summon_sides(struct conn *conn, const struct measure *m, int64_t at_ms,
                            struct arena *mem, person_id **out, size_t *n);
/* Whether there is an active steward or keeper who is no side and wrote no copy. */
MUST_CHECK err summon_steward(struct circle *c, struct conn *conn, const struct measure *m,
                              int64_t at_ms, struct arena *mem, bool *there);
/* Whether nothing was done to this member since that keeps them from judging. */
MUST_CHECK err summon_unharmed(struct circle *c, struct conn *conn, person_id person, int64_t at_ms,
                               bool again, struct arena *mem, bool *yes);
/* Whether this juror is in standing, whatever the appeal. If not, `*why` says why. */
struct summon_why {
	const char *en, *zh;
};
MUST_CHECK err summon_standing(struct circle *c, struct conn *conn, const struct juror *juror,
                               int64_t at_ms, bool again, struct arena *mem,
                               const struct summon_why **why);

#endif
