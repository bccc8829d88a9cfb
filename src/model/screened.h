/* screened.h - one judged piece as it is kept: what decided, from which facts and readings, and what is remembered of it.
 *
 * No text. `observation.seq` is the order of commit. With the text, the engine of `policy` and `model` gives the same verdict
 * again from this alone. */
#ifndef KITH_MODEL_SCREENED_H
#define KITH_MODEL_SCREENED_H

#include "base/str.h"
#include "model/facts.h"
#include "model/id.h"
#include "model/post.h"
#include "model/verdict.h"

struct screened {
	struct status_ref
		piece; /* of a profile or request: who wrote it, and the id of the occasion as `post` */
	int revision; /* 0, and one more each time it was judged again */
	person_id author;
	int64_t as_of_seq; /* the past that was read ends with it; -1: the past was not known */
	enum facts_kind kind;
	int64_t author_since_ms;
	uint32_t author_friends; /* as in facts */
	str policy, model;       /* hashes, hex */
	enum action action;
	double score, malice;
	struct recollection recollection;
	const double *readings;
	size_t n_readings;
	struct observation observation; /* with seq, at_ms, author */
};

#endif
