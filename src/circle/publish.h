/* publish.h - write a moment, take it back. Every write is screened before it is shown. */
#ifndef KITH_CIRCLE_PUBLISH_H
#define KITH_CIRCLE_PUBLISH_H

#include "circle/circle.h"
#include "model/measure.h"
#include "model/post.h"

struct post_draft {
	str text; /* 1..POST_TEXT_MAX code points, valid UTF-8; may be empty beside a card or pictures */
	str place;        /* one line, or empty */
	struct card card; /* an address of http(s), with a title and a sentence that may be empty */
	struct audience
		audience; /* ids checked here: lists must be the author's and living, people must be friends */
	bool direct; /* audience = the friends mentioned in the text (Mastodon's `direct`); none: the author alone */
	str language, app;
	str retry_key; /* Idempotency-Key or empty: the same once more gives the first one's post */
	int64_t at_ms; /* 0: now; else when it was written elsewhere, and nobody it names is told */
	size_t n_media;
	const media_id *media_ids; /* unused pictures of the author's, as they are to stand */
};

/* What came of a write: published, or held with its measure. */
struct published {
	struct post post;
	bool held;
	struct measure measure;
};
struct commented {
	struct comment comment;
	struct post_gate post;
	bool held;
	struct measure measure;
};

/* ERR_CONFLICT field "media_ids" when a picture got other words while the post was judged, field "Idempotency-Key" when
 * something else was sent with the key or what it made is deleted; of comments too. */
MUST_CHECK err publish_post(struct circle *c, person_id author, const struct post_draft *draft,
                            int64_t now_ms, struct arena *mem, struct published *out);
/* ERR_MISSING when it is not one's own or already gone. */
MUST_CHECK err publish_delete(struct circle *c, person_id author, const struct status_ref *ref,
                              int64_t now_ms);

struct comment_draft {
	str text, language, app, retry_key;
	int64_t at_ms;
};

/* Answers a post, or a comment (`to.comment` set): ERR_MISSING when the author may not see what is answered, checked
 * inside the write transaction. */
MUST_CHECK err publish_comment(struct circle *c, person_id author, const struct status_ref *to,
                               const struct comment_draft *draft, int64_t now_ms, struct arena *mem,
                               struct commented *out);

/* The pictures of a post from now on. */
struct picture_about {
	media_id id;
	str about;
};
struct picture_draft {
	size_t n, n_abouts;
	const media_id *
		ids; /* NULL: the same ones; else these in this order, unused ones of the author's too */
	const struct picture_about *abouts; /* new words for some of them */
};

/* What shall be different; the rest stays as it is. `text`, `place`, `card`, `pictures` NULL: as they are; a card without an address takes
 * it away. The latest words count as what is there, also when they wait. */
struct change_draft {
	const str *text, *place;
	const struct card *card;
	const struct picture_draft *pictures;
	str language;                    /* STR_NONE: as it is */
	const struct audience *audience; /* NULL: as it is; else narrower (circle/narrow.h) */
};
/* Of one's own post or comment (text alone): judged like a new one. What would be held waits beside the words that go on showing,
 * one at a time, until a steward or the clock lets it through (NOTICE_HELD tells); of a piece that is held itself the words are
 * replaced and the hold ends with them. Pictures change at once, those taken away are erased; new ones, or new words for them, that
 * would be held are refused (ERR_INPUT field "media_ids"): they cannot wait beside what shows; so are all of them taken from a post whose new words wait when
 * nothing else of it would show. Saying again what shows takes back what waits. Everything given happens or nothing.
 * ERR_CONFLICT when it was changed meanwhile or a steward has confirmed its hold, ERR_LIMIT after VERSIONS_MAX changes. */
MUST_CHECK err publish_change(struct circle *c, person_id author, const struct status_ref *ref,
                              const struct change_draft *draft, int64_t now_ms, struct arena *mem);

/* Once, however often: a second one changes nothing, and the author is told of the first alone. ERR_INPUT field "id" for
 * a comment. */
MUST_CHECK err publish_like(struct circle *c, person_id by, const struct status_ref *ref,
                            int64_t now_ms);
MUST_CHECK err publish_unlike(struct circle *c, person_id by, const struct status_ref *ref,
                              int64_t now_ms);

#endif
