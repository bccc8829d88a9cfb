/* order.h - measures: where each begins and ends, and what is in force. Nothing else writes the table.
 *
 * All inside the transaction of whoever decides; what follows in memory and in streams is gathered in `struct order_changes` and
 * done by order_after, from that write's `after`. Every beginning and end is one record of the log, in the same transaction. */
#ifndef KITH_CIRCLE_ORDER_H
#define KITH_CIRCLE_ORDER_H

#include "circle/audit.h"
#include "model/limited.h"
#include "model/measure.h"
#include "model/post.h"
#include "model/screened.h"

#define FEWER_POSTS_A_DAY 3
#define SECOND_LOOK_MS                                                                             \
	(INT64_C(24) * 3600 * 1000) /* a seal by the only steward, or from the shell, begins then */

struct order_change;
struct order_changes {
	struct circle *c;
	struct arena *mem;
	struct order_change *all;
	size_t n, cap;
};
struct order_changes order_changes(struct circle *c, struct arena *mem);
/* On the writer's thread, after the commit: gates, limits and streams follow; a seal ends streams. */
void order_after(struct order_changes *x);

/* Begins it, active, or kept from the beginning (a hold by a steward, whose `state` says so): gives it its id, writes it and its record, tells its subject, and puts what waits for a steward (a hold, a proposed seal)
 * into the subject's case. On a person an end of 0 or INT64_MAX is the kind's own span, and none is longer than a year.
 * A seal by a steward, and what its `state` says is proposed, lasts no longer than its kind's own span: with another active steward or
 * keeper in the circle, who is no party to it, it is written as MEASURE_PROPOSED,
 * in force never until that one ends it to MEASURE_KEPT (then it begins) or to MEASURE_RELEASED; nobody within five working days, and
 * it lapses. Without another one it is active, begins SECOND_LOOK_MS later and can be appealed at once.
 * ERR_DENIED where its decider may not: the policy on a person, beyond a notice; who is no steward, or is a party. ERR_MISSING when
 * its subject has left. */
MUST_CHECK err order_impose(struct order_changes *x, struct conn *tx, struct measure *m,
                            int64_t now_ms);
/* From active, proposed or kept to released, kept, lapsed, overturned, withdrawn, unanswered or milder, when `m` is still what it was: what it did is undone (or,
 * kept, stands), its item in the case is settled, its subject is told. A hold that is kept is followed by the program's notice to its
 * author, which goes when the hold goes. ERR_CONFLICT when it is over or decided already, ERR_DENIED when a proposed seal is confirmed by
 * who proposed it or by no steward. Whether `by` is a party to a piece is for the caller to ask. */
struct order_end {
	enum measure_state state;
	person_id by; /* 0: the program, or a jury */
	enum measure_decider decider;
	str note;
	bool silent; /* its subject is not told, and its words are not touched: they are gone, or the caller sees to them */
};
MUST_CHECK err order_end(struct order_changes *x, struct conn *tx, const struct measure *m,
                         const struct order_end *end, int64_t now_ms);
/* What is active on this piece of the subject's, but for changes that wait and notices, ends with its words, silently, and so does a label
 * or fold of them that was kept; `holds` false leaves its hold. */
MUST_CHECK err order_end_piece(struct order_changes *x, struct conn *tx, person_id subject,
                               const struct status_ref *piece, bool holds, int64_t now_ms);
/* The piece itself is gone, or will be: as above, and the change of it that waits ends too; with a post, what is active on the comments
 * under it, whoever wrote them. */
MUST_CHECK err order_end_gone(struct order_changes *x, struct conn *tx, person_id subject,
                              const struct status_ref *piece, int64_t now_ms);
/* They leave: everything that is in force on them or waits ends, silently, and so does what is active on comments under their posts; that
 * a piece was found to break a rule stays. */
MUST_CHECK err order_end_all(struct order_changes *x, struct conn *tx, person_id subject,
                             int64_t now_ms);
/* Until when its piece is held now, by whichever measure is the latest. ERR_MISSING when it is gone. */
MUST_CHECK err order_held_until(struct conn *conn, const struct measure *m, struct arena *mem,
                                int64_t *until_ms);
/* Whether they are sealed follows what is in force, where the one was brought back from elsewhere than the other. */
MUST_CHECK err order_settle(struct order_changes *x, struct conn *tx, person_id person,
                            int64_t now_ms);
/* What a decision did is taken back: the measure is again what it `was`, with who had decided it, when and why, its clocks, words and all.
 * Its item in the case is the caller's to put back. ERR_CONFLICT when it lapsed meanwhile, or its author has gone on from a change. */
MUST_CHECK err order_restore(struct order_changes *x, struct conn *tx, const struct measure *m,
                             const struct measure *was, int64_t now_ms);
/* What was done under this policy, on pieces and on persons, whoever decided, and is not over is released, as far as `its` says so. */
struct order_lifting {
	str policy;
	bool (*its)(void *ctx, const struct measure *m, struct arena *mem);
	void *ctx;
};
MUST_CHECK err order_lift(struct circle *c, const struct order_lifting *lifting, int64_t now_ms,
                          int *lifted);

/* What is in force on this person: from the world, for showing it. [takes the world's lock] */
struct limited order_limits(const struct circle *c, person_id person, int64_t now_ms);
/* ERR_DENIED with the way to the reasons, when a measure in force forbids it; ERR_LIMIT where only fewer are allowed and those of the
 * last 24 hours are written. Inside the transaction. */
enum order_deed {
	ORDER_POST,
	ORDER_PAST_POST, /* of long ago, brought along: not at all while only fewer are allowed */
	ORDER_COMMENT,
	ORDER_CHANGE,
	ORDER_BEFRIEND
};
MUST_CHECK err order_may(struct circle *c, struct conn *tx, person_id person, enum order_deed deed,
                         int64_t now_ms, struct arena *mem);

/* After ERR_LIMIT: how long until it is allowed; 0 when it is. */
MUST_CHECK err order_wait(struct circle *c, person_id person, enum order_deed deed, int64_t now_ms,
                          int64_t *wait_ms);

/* Where a person stands: points after decay, offences that still count, and the step a steward would be shown. An offence is a kept
 * measure on a piece or a notice that somebody gave; not one that an appeal alone had decided. After 60 clean days the points are halved, and again every 30; with the last point
 * the offences are forgotten. Never more steps than offences. */
struct standing {
	int points, offences;
	int64_t last_ms;        /* of the last offence; 0: none */
	int64_t decays_at_ms;   /* when the points are halved next; 0: there are none */
	enum measure_kind step; /* meaningful with offences > 0 */
};
MUST_CHECK err order_standing(struct conn *conn, person_id person, int64_t now_ms,
                              struct arena *mem, struct standing *out);
MUST_CHECK err order_my_standing(struct circle *c, person_id me, int64_t now_ms, struct arena *mem,
                                 struct standing *out);
struct offence; /* store/measures.h */
struct standing order_reckon(const struct offence *all, size_t n, int64_t now_ms); /* ascending */
int order_points(enum harm_class harm, bool small); /* 4, 2, 0; small: 1 */
#define ORDER_STEPS 5
enum measure_kind order_ladder(int step); /* 0: the mildest */
const char *order_decider_word(
	enum measure_decider decider); /* "policy", "steward", "jury", "keeper" */
/* Who decided, as it is said: "keeper", else "steward", also of who is none any more or has left. [takes the world's lock] */
const char *order_role_word(const struct circle *c, person_id by);

/* What the log says of a measure as it is, at its beginning: for who holds the two against each other. */
struct audit_entry order_record_begun(const char *kind, const struct measure *m);

struct order *order_new(void);
void order_free(struct order *o); /* accepts NULL */
/* At start: the world's limits are reckoned. Then every second, cheap when nothing is due: what begins or ends by its clock. */
MUST_CHECK err order_load(struct circle *c, int64_t now_ms);
MUST_CHECK err order_tick(struct circle *c, int64_t now_ms, int64_t mono_ms);
/* The time that deadlines are asked against: as the wall clock has it, but for the hour after it jumped by more than ten minutes, and for
 * as long as it is doubted: more than 30 days off, or at start more than ten minutes before the last time that was written down. */
int64_t order_now(const struct circle *c, int64_t now_ms);
struct order_time {
	int64_t now_ms;  /* as above */
	int64_t wall_ms; /* as the wall clock has it */
	bool doubted;
};
struct order_time order_time(const struct circle *c, int64_t now_ms);
/* The keeper says that the wall clock is right. A record of the log tells from when to when time went. */
MUST_CHECK err order_believe(struct circle *c, int64_t now_ms);

#endif
