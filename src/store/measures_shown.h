/* measures_shown.h - table measures, as readers of pieces need it: what is in force on a post and its comments, and the copies of one text. */
#ifndef KITH_STORE_MEASURES_SHOWN_H
#define KITH_STORE_MEASURES_SHOWN_H

#include "model/measure.h"
#include "model/post.h"
#include "store/store.h"

/* Holds, labels and folds of a post and of its comments that are active or kept, by comment (the post itself first) and id; not those
 * on changes that wait. Their clocks are the reader's to ask. */
MUST_CHECK err measures_shown_on(struct conn *conn, person_id post_author, post_id post, int limit,
                                 struct arena *mem, struct measure **out, size_t *n);
/* Labels and folds, active or kept, on copies of one family, oldest first; without their evidence. */
MUST_CHECK err measures_shown_of_family(struct conn *conn, int64_t family, int limit,
                                        struct arena *mem, struct measure **out, size_t *n);

#endif
