/* sift.h - a reader's own filters: what they do not want to meet is marked in what they are given. */
#ifndef KITH_CIRCLE_SIFT_H
#define KITH_CIRCLE_SIFT_H

#include "circle/circle.h"
#include "model/filter.h"

/* Mine, by id. Whoever has none costs a look into memory alone. */
MUST_CHECK err sift_all(struct circle *c, person_id me, struct arena *mem, struct filter **out,
                        size_t *n);
/* ERR_MISSING when it is none of mine. */
MUST_CHECK err sift_find(struct circle *c, person_id me, filter_id id, struct arena *mem,
                         struct filter *out);
/* The filter that has this word of mine, and which of its words it is. */
MUST_CHECK err sift_find_word(struct circle *c, person_id me, int64_t word, struct arena *mem,
                              struct filter *out, size_t *index);

struct word_change {
	int64_t id; /* 0: a new one */
	str word;
	bool whole, drop;
	bool keeps_word, keeps_whole; /* of one that is there: not given, so left as it is */
};
/* All of a filter but its words, and what changes of these. `id` 0 makes a new one. ERR_INPUT or ERR_LIMIT naming "title",
 * "context" or "keywords_attributes". */
MUST_CHECK err sift_put(struct circle *c, const struct filter *filter,
                        const struct word_change *changes, size_t n, struct arena *mem,
                        struct filter *out);
MUST_CHECK err sift_delete(struct circle *c, person_id me, filter_id id);

/* Which words of each filter are in the text: bit k of matched[i] is filters[i].words[k]. None of one that has expired. */
void sift_matches(const struct filter *filters, size_t n, str text, int64_t now_ms,
                  struct arena *mem, uint64_t *matched);

#endif
