/* found.h - search over the posts a person may see.
 *
 * Three characters and more are found by trigrams; one or two, which is a whole word in Chinese, by reading the newest posts of those
 * whose posts the viewer could see at all. Both are hints: each post then passes the door, and the words are looked for once more in
 * what it says now. A search looks at a bounded number of posts the viewer may see and says where it stopped, so that it can go on; what
 * others wrote besides changes neither. */
#ifndef KITH_CIRCLE_FOUND_H
#define KITH_CIRCLE_FOUND_H

#include "circle/read.h"

#define FOUND_QUERY_MAX 100 /* code points */
#define FOUND_LOOKED_MAX 20000

struct found_question {
	str words; /* as typed; folded here. ERR_INPUT field "q" when empty, ERR_LIMIT over FOUND_QUERY_MAX */
	bool as_tag;    /* words is a tag: only posts in which it stands as #words */
	int64_t before; /* 0: from the newest on */
	int limit;
};

struct found_page {
	struct seen_post *posts; /* newest first */
	size_t n;
	int64_t next; /* go on below this id; 0: that was all */
};

MUST_CHECK err found_posts(struct circle *c, person_id v, const struct found_question *question,
                           int64_t now_ms, struct arena *mem, struct found_page *out);
/* Tags that begin with `words` in posts v may see, folded, in the order they were last used, at most `limit`. */
MUST_CHECK err found_tags(struct circle *c, person_id v, str words, int limit, int64_t now_ms,
                          struct arena *mem, str **out, size_t *n);

/* In the transaction that writes or changes a post: what it can be found by. Posts taken back are forgotten by the store itself. */
MUST_CHECK err found_note(struct conn *tx, const struct post *post, struct arena *mem);
/* Tidies the index after posts were taken back; run every minute. */
MUST_CHECK err found_sweep(struct circle *c);

#endif
