/* filters.h - tables filters and filter_words, under the reader. */
#ifndef KITH_STORE_FILTERS_H
#define KITH_STORE_FILTERS_H

#include "model/filter.h"
#include "store/store.h"

/* All of one reader with their words, by id. */
MUST_CHECK err filters_of(struct conn *conn, person_id reader, struct arena *mem,
                          struct filter **out, size_t *n);
/* Inserts, or replaces all but the words. */
MUST_CHECK err filters_put(struct conn *tx, const struct filter *filter);
MUST_CHECK err filters_delete(struct conn *tx, person_id reader, filter_id id); /* with its words */
MUST_CHECK err filter_words_put(struct conn *tx, person_id reader, filter_id filter,
                                const struct filter_word *word);
MUST_CHECK err filter_words_delete(struct conn *tx, person_id reader, filter_id filter,
                                   int64_t word);
/* Everyone who has one, for start-up. */
MUST_CHECK err filters_each_reader(struct conn *conn, err (*each)(person_id reader, void *ctx),
                                   void *ctx);

#endif
