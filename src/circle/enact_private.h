/* enact_private.h - what the three files of enact.h share. All of it with c->enacting held, but for reading. */
#ifndef KITH_CIRCLE_ENACT_PRIVATE_H
#define KITH_CIRCLE_ENACT_PRIVATE_H

#include "circle/enact.h"
#include "integrity/screen.h"
#include "model/id.h"

/* A version as it is judged by, whole. The default one has an empty source, and a hash. */
struct version_of_policy {
	struct stored_policy row;
	struct policy *policy; /* policy_free by whoever has it */
};
/* `source` empty: the default policy. */
MUST_CHECK err enact_compile(str source, struct arena *mem, struct policy **out);
MUST_CHECK err enact_open_source(const struct circle *c, str source, struct arena *mem,
                                 struct engine **out, struct policy_fault *fault);
/* What is in force, and what binds once nothing is urgent; `hash` set in both, the rows all else zero for the default policy. */
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
	const struct stored_policy *next, *before; /* the default one: without a source */
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

/* JSON for the row: what changes, in words; the cohorts. */
str enact_differences(const struct policy *before, const struct policy *after, struct arena *mem);
str enact_rehearsal(const struct rehearsal *rehearsal, struct arena *mem);

#endif
