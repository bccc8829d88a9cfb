/* past.h - what the engine remembers of earlier pieces: near-copies and the windows a policy asks for.
 *
 * State changes in past_observe alone, in the order of `seq`; past_read is pure, so that any number of threads may read while
 * nobody observes (the caller locks). What was written later than `at_ms` is not looked at, and a piece without a time is not
 * remembered. What is bounded and how: copies.h, tallies.h. Equal observations in equal order give an equal past on every machine. Time is event time. */
#ifndef KITH_INTEGRITY_BEHAVIOUR_PAST_H
#define KITH_INTEGRITY_BEHAVIOUR_PAST_H

#include <stdbool.h>
#include <stddef.h>

#include "integrity/policy/window.h"
#include "model/observation.h"

struct past;

struct past_limits {
	uint32_t copies_max; /* signatures kept; the oldest go first. 0: 1,000,000; at most 2^23 */
	uint32_t keys_max; /* keys of windows kept; the one unused longest goes first. 0: 200,000 */
	int64_t copies_ms; /* how long a signature or picture is compared. 0: 7 days; at most 21 */
	uint32_t pictures_max; /* pictures kept. 0: 1,000,000 */
};

struct past_question {
	int64_t at_ms;
	uint64_t author, handle; /* 0: unknown, none */
	const struct signature *signature;
	const struct shown_picture *pictures;
	size_t n_pictures;
};

/* Near-copies of a piece within the time signatures are kept. One author repeating himself is not a copy. */
struct copy_reading {
	uint64_t
		similar; /* names the cluster: equal for near-copies of one first piece. 0: like nothing so far */
	uint64_t first_author; /* who wrote the first of them; 0 when like nothing */
	int64_t first_seq;
	unsigned authors;         /* different authors of them other than the asker, as far as 32 */
	unsigned picture_authors; /* others who showed one of its pictures, as far as 32 */
	unsigned
		depth; /* of the copy tree above this piece: 1 = copied from the first, 0 = like nothing or the first himself */
};

/* NULL when there is no memory. */
struct past *past_new(const struct window_spec *windows, size_t n, struct past_limits limits);
void past_free(struct past *past);
/* `readings`: one a window, NAN where its key is unknown (no author, no handle) or its op has no answer (last of nothing);
 * a key never seen counts 0. */
void past_read(const struct past *past, const struct past_question *q, double *readings,
               struct copy_reading *copies);
void past_observe(struct past *past, const struct observation *o);
int64_t past_seq(const struct past *past);  /* of the last one observed, 0 at first */
size_t past_bytes(const struct past *past); /* memory held */

#endif
