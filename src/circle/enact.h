/* enact.h - which policy the circle is judged by, and how another one takes its place: as a public act.
 *
 * What may be stricter (policy_compare_stricter) is announced and binds ENACT_NOTICE_MS later; what only takes away binds at once. An
 * urgent version binds at once and ends by itself after ENACT_URGENT_MS, with what it did and the version it gives way to would not have
 * done, unless it is published with notice meanwhile; one urgent version after another shares the clock of the first, also where that was
 * taken back, and what was urgent to its end is not urgent again. Of versions with
 * notice one at a time waits. Each act is a record of the log, and names who did it.
 *
 * The policy that comes with the program is in force where nobody published another, and is a version as any: another program does not
 * change what binds by being started, it publishes its own, which waits its notice and can be withdrawn. */
#ifndef KITH_CIRCLE_ENACT_H
#define KITH_CIRCLE_ENACT_H

#include "circle/circle.h"
#include "circle/rehearse.h"
#include "integrity/policy/policy.h"
#include "integrity/policy/policy_tell.h"
#include "store/policies.h"

#define ENACT_FILES_MAX 64
#define ENACT_SOURCE_MAX_BYTES ((size_t)4 << 20)
#define ENACT_NOTICE_MS (INT64_C(7) * 24 * 3600 * 1000)
#define ENACT_URGENT_MS (INT64_C(14) * 24 * 3600 * 1000)

/* Files as one text, for the store and for the way to it: for each a line "BYTES NAME" and its bytes. */
MUST_CHECK err enact_unbundle(str source, struct policy_source files[ENACT_FILES_MAX], size_t *n);

/* At the start: the engine with the policy in force. The first time, that is the program's; also where what is in force cannot be read by
 * this program, which is a record and an error in the journal. */
MUST_CHECK err enact_start(struct circle *c, int64_t now_ms, struct arena *mem,
                           struct engine **out);
/* An engine of its own with the policy in force. `*fault` as in engine_open. */
MUST_CHECK err enact_open(struct circle *c, struct arena *mem, struct engine **out,
                          struct policy_fault *fault);
/* With the version of this hash; ERR_MISSING for one that was never published. */
MUST_CHECK err enact_engine(struct circle *c, str hash, struct arena *mem, struct engine **out,
                            struct policy_fault *fault);
/* Rules that would be down if this version took the place of the one in force: it raises those that it changes. */
MUST_CHECK err enact_down_under(struct circle *c, const struct policy *next, struct arena *mem,
                                const str **down, size_t *n);

struct enacted {
	str hash, was; /* the version, and the one it follows or takes the place of */
	enum policy_state
		state; /* POLICY_ANNOUNCED: it binds at binds_at_ms; else it is in force */
	int64_t binds_at_ms, urgent_until_ms;
	int lifted; /* measures released */
};

struct failed_example;
struct publication {
	str source; /* a bundle */
	bool urgent;
	bool of_program; /* what came with it; by the tick alone */
	person_id by;    /* 0: the shell, or the program */
	bool (*goes_on)(
		void *ctx); /* asked while it is rehearsed, false ends it with ERR_BUSY; may be NULL */
	void *ctx;
};
/* By the keeper or the shell: else ERR_DENIED, here and below.
 * Compiles, tries every example, compares it with what binds, rehearses it on the last 30 days; then announces it, or writes it down and
 * judges by it from the next piece on. ERR_INPUT for a fault (see `fault`) and for examples that do not do what they say
 * (`failed_ones`); ERR_CONFLICT where it is in force or announced, another one is announced, or it was urgent before and is to be so
 * again. Takes as long as that takes, while others go on writing. */
MUST_CHECK err enact_publish(struct circle *c, const struct publication *publication,
                             int64_t now_ms, struct arena *mem, struct enacted *out,
                             struct policy_fault *fault, struct failed_example **failed_ones,
                             size_t *n_failed);
/* Back to `hash`, or when that is empty to the version before; what the one that is withdrawn did and is still in force is released.
 * Not to a stricter one unless the one in force followed it, nor when that has bound for longer than a notice takes: then people have got
 * used to it, and the other is to be published. ERR_CONFLICT for that, and when the program's is in force and
 * none was before; ERR_MISSING for a hash that was never published. */
MUST_CHECK err enact_rollback(struct circle *c, str hash, person_id by, int64_t now_ms,
                              struct arena *mem, struct enacted *out);
/* An announced version will not bind; the one in force gives way to the one before. ERR_CONFLICT for any other. */
MUST_CHECK err enact_withdraw(struct circle *c, str hash, person_id by, int64_t now_ms,
                              struct arena *mem, struct enacted *out);
/* All of it by order_now: a clock that jumped binds nothing early.
 * What is due: an announced version binds, an urgent one ends, what a withdrawn one did and is not released yet is. Every minute. The first time also: what came with the program is published. */
MUST_CHECK err enact_tick(struct circle *c, int64_t now_ms);

/* One version as it is shown: with what it changes and whom it would have hit. */
struct enacted_policy {
	struct stored_policy row;
	struct policy_source files[ENACT_FILES_MAX]; /* borrows row.source */
	size_t n_files;
};
MUST_CHECK err enact_find(struct circle *c, str hash, struct arena *mem,
                          struct enacted_policy *out);
/* What the rehearsal came to when it was published, for few_json_about: small counts are not for everybody. False: there was none. */
bool enact_rehearsed(str rehearsal, struct rehearsal *out);
/* What it changes, as it was told when it was published. */
void enact_told(str differences, struct arena *mem, const struct policy_told **out, size_t *n);
/* Announced, and urgent ones in force: what people are to be told of. At most two. */
#define ENACT_PENDING_MAX 2
MUST_CHECK err enact_pending(struct circle *c, struct arena *mem, struct stored_policy **out,
                             size_t *n);
/* All, newest first; the program's last, or in force. */
MUST_CHECK err enact_list(struct circle *c, struct arena *mem, struct stored_policy **out,
                          size_t *n);

#endif
