/* clauses.h - tables post_clauses, post_clause_names, under the post's author: the audiences a narrowed post had before. */
#ifndef KITH_STORE_CLAUSES_H
#define KITH_STORE_CLAUSES_H

#include "model/post.h"
#include "store/store.h"

/* `first` and all it leads to by `also`. */
MUST_CHECK err clauses_insert(struct conn *tx, person_id author, post_id post,
                              const struct audience *first);
/* The newest of them, leading to the others; NULL when there are none. */
MUST_CHECK err clauses_of(struct conn *conn, person_id author, post_id post, struct arena *mem,
                          const struct audience **out);
MUST_CHECK err clauses_delete(struct conn *tx, person_id author, post_id post);

#endif
