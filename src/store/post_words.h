/* post_words.h - table post_words: the words of living posts, folded by the caller, for search.
 *
 * A hint and never a permission: who may see a post that was found is the door's question, and whether the words are still in it too. */
#ifndef KITH_STORE_POST_WORDS_H
#define KITH_STORE_POST_WORDS_H

#include "model/post.h"
#include "store/store.h"

/* Fewer code points are not found by trigrams. */
#define POST_WORDS_MIN 3

/* In place of what was there; no words: nothing is kept. */
MUST_CHECK err post_words_put(struct conn *tx, post_id post, str words);
MUST_CHECK err post_words_drop(struct conn *tx, post_id post);

struct found_post {
	person_id author;
	post_id post;
};
/* Posts below `before` that hold `words` (folded, at least POST_WORDS_MIN code points) as they stand, newest first, of any author. */
MUST_CHECK err post_words_find(struct conn *conn, str words, post_id before, int limit,
                               struct arena *mem, struct found_post **out, size_t *n);
/* The same table read by key: the words of one post, empty when it has none. */
MUST_CHECK err post_words_of(struct conn *conn, post_id post, struct arena *mem, str *words);

/* Reads the whole index and fails when it does not agree with its words. It writes to look: not on a store's own connection. */
MUST_CHECK err post_words_check(struct conn *conn);
/* One step of tidying, about `pages` pages of work: the first, or `again` one that goes on. What was dropped is gone from the disk once
 * there is not `*more` to do. */
MUST_CHECK err post_words_merge(struct conn *tx, int pages, bool again, bool *more);

#endif
