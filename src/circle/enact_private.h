/* enact_private.h - what the files of enact.h share. All of it with c->enacting held, but for reading. */
#ifndef KITH_CIRCLE_ENACT_PRIVATE_H
#define KITH_CIRCLE_ENACT_PRIVATE_H

#include "circle/enact.h"
#include "integrity/screen.h"
#include "model/id.h"

#define ENACT_LISTED_MAX 200 /* versions, the newest */

/* The policy that came with the program: POLICY_IN_FORCE, without a time. */
MUST_CHECK err enact_program_row(struct arena *mem, struct stored_policy *out);
/* policy_free. */
MUST_CHECK err enact_compile(str source, struct arena *mem, struct policy **out);
MUST_CHECK err enact_open_source(const struct circle *c, str source, struct arena *mem,
                                 struct engine **out, struct policy_fault *fault);
/* What is in force, and what binds once nothing is urgent. */
struct enact_law {
	struct stored_policy in_force, binds;
	bool announced_there;
	struct stored_policy announced;
};
MUST_CHECK err enact_law(const struct circle *c, struct arena *mem, struct enact_law *out);
/* Urgent, and in force for no other reason. */
bool enact_is_urgent(const struct stored_policy *row);
/* It is to bind for good: announced, or urgent and published with notice as well. */
bool enact_waits(const struct stored_policy *row);

/* Another version takes the place of the one in force: in the store with its record, then in the engine, and what the one before did is
 * released as `lifts` says. */
struct enact_swap {
	struct circle *c;
	const struct stored_policy *next, *before;
	enum policy_state before_becomes;
	enum policy_lifts lifts;
	const char *kind; /* of the record */
	person_id by;
	int64_t now_ms;
	const struct policy *policy, *policy_before;
};
MUST_CHECK err enact_swap(const struct enact_swap *swap, struct engine **engine, struct arena *mem,
                          int *lifted);
/* Releases what every row asks for, and says so. */
MUST_CHECK err enact_lift(struct circle *c, int64_t now_ms, int *lifted);
/* The record of an act; inside its transaction. */
MUST_CHECK err enact_record(struct circle *c, struct conn *tx, const char *kind,
                            const struct stored_policy *row, str was, person_id by, int64_t now_ms);
/* The row as it is now, with its record. */
MUST_CHECK err enact_write(struct circle *c, const char *kind, const struct stored_policy *row,
                           str was, person_id by, int64_t now_ms);

/* enact_publish by who holds the lock. */
MUST_CHECK err enact_publish_held(struct circle *c, const struct publication *publication,
                                  int64_t now_ms, struct arena *mem, struct enacted *out,
                                  struct policy_fault *fault, struct failed_example **failed_ones,
                                  size_t *n_failed);
/* Publishes what came with the program, where the one in force came with another program. */
MUST_CHECK err enact_offer(struct circle *c, const struct enact_law *law, int64_t now_ms,
                           struct arena *mem);

/* JSON for the row: what changes, in words; the cohorts. */
str enact_differences(const struct policy *before, const struct policy *after, struct arena *mem);
str enact_rehearsal(const struct rehearsal *rehearsal, struct arena *mem);

#endif
