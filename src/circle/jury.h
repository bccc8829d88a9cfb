/* jury.h - those who are willing to judge what others appeal, and what they are asked.
 *
 * Whoever is asked has a day. They see the piece, what it was held for and what its author says, without names, and nothing of when it was
 * written or for whom. Whoever may not judge it any more, as a friend of a side by now, is replaced, and their vote counts no more; nothing
 * says why. Beside each seat they are asked about a case whose answer is known (circle/known.h), in the same form: ids, clocks,
 * notices, access rows and all. A vote can be changed for ten minutes; what the others have said is shown after that. No id, time or count
 * tells which of two cases was real before both are voted on; what is judged may: a known case is a hold of a text, without pictures and
 * without words of who appeals, and its text is an example of the policy, which everybody can read. */
#ifndef KITH_CIRCLE_JURY_H
#define KITH_CIRCLE_JURY_H

#include "circle/blind.h"
#include "circle/circle.h"
#include "circle/draw.h"
#include "circle/read.h"
#include "circle/summon.h"
#include "model/measure.h"

#define JURY_SEAT_MS (INT64_C(24) * 3600 * 1000)
#define JURY_CHANGE_MS (INT64_C(10) * 60 * 1000)
#define JURY_NOTE_MAX 500
/* Counts of known cases are told a week late: at once they would tell which case it was. */
#define JURY_LAG_MS (INT64_C(7) * 24 * 3600 * 1000)

struct seen_juror {
	bool willing;
	struct juror juror;           /* number empty: never was one; counts as of a week ago */
	const struct summon_why *why; /* why not in standing; NULL: they are */
};
MUST_CHECK err jury_me(struct circle *c, person_id me, int64_t now_ms, struct arena *mem,
                       struct seen_juror *out);
/* Who is willing gets a number, and a known case at once. Who is no more leaves the seats they have not voted on. */
MUST_CHECK err jury_set_willing(struct circle *c, person_id me, bool willing, int64_t now_ms,
                                struct arena *mem, struct seen_juror *out);

/* What is to be judged. */
struct jury_case {
	enum measure_kind kind;
	struct blinded text, words; /* of the piece; of who appeals */
	str statement;              /* of the steward, where it is on a person; blinded */
	str rule, policy,
		evidence; /* of the measure; places in the evidence are those of the text before it was blinded */
	int n_pictures;
	bool milder; /* there is something milder */
};
/* A seat, or a known case. */
struct seen_seat {
	int64_t id;
	enum seat_state state;
	int64_t asked_at_ms, due_at_ms;
	int seats;
	enum vote vote;
	str note;
	int64_t changes_until_ms; /* of a vote; 0: none */
	bool has_case; /* while it waits for a vote, or the vote can be changed: else there are no words in `judged` */
	struct jury_case judged;
	bool has_others; /* when the vote can be changed no more: else only how many have voted may be told */
	struct tally others; /* what the others have said */
};
/* Those that wait for me and those I was asked for before, newest first; looks are written down as below. */
MUST_CHECK err jury_seats(struct circle *c, person_id me, struct page page, int64_t now_ms,
                          struct arena *mem, struct seen_seat **out, size_t *n);
/* One of mine, with what is to be judged; the look is written down first. */
MUST_CHECK err jury_look(struct circle *c, person_id me, int64_t id, int64_t now_ms,
                         struct arena *mem, struct seen_seat *out);
/* ERR_INPUT naming "vote" or "note", ERR_CONFLICT when nobody waits for it any more. */
MUST_CHECK err jury_vote(struct circle *c, person_id me, int64_t id, enum vote vote, str note,
                         int64_t now_ms, struct arena *mem, struct seen_seat *out);
MUST_CHECK err jury_skip(struct circle *c, person_id me, int64_t id, int64_t now_ms,
                         struct arena *mem, struct seen_seat *out);
/* The nth picture, from 1, of what is to be judged, by number alone: an id would tell when it was brought. Writes an access row. */
MUST_CHECK err jury_picture(struct circle *c, person_id me, int64_t id, int nth, int64_t now_ms,
                            int *fd, size_t *bytes);

/* What everybody may know: who is willing, as numbers; and a draw. */
MUST_CHECK err jury_list(struct circle *c, struct arena *mem, str *list,
                         unsigned char hash[HASH_BYTES]);
struct seen_draw {
	struct appeal appeal; /* only what the draw was made from */
	str list;
	const struct seat *walk; /* persons and votes are not told */
	size_t n;
};
/* ERR_MISSING when there is no such appeal, or it was drawn for none. */
MUST_CHECK err jury_draw(struct circle *c, appeal_id id, struct arena *mem, struct seen_draw *out);

#endif
