/* read.h - what a person sees: home, album, one post, a thread, notices, people. All of it through circle/see.h.
 *
 * Results hold ids and words that this viewer may see and nothing else: counts are counts of what is seen. A gate's
 * audience and hold are there for its author alone, and so is a change that waits, `mentions` of a post or comment only as `mentions` of what is seen,
 * and a comment that answers one the viewer may not see stands under the post (reply_to 0). A card given to another has
 * no role, range or inviter, and a note only where the profile may be seen. A `status_ref` that names a comment leads
 * read_post, read_thread and read_likers to its post; to read_moment it is ERR_MISSING, for a comment is none. */
#ifndef KITH_CIRCLE_READ_H
#define KITH_CIRCLE_READ_H

#include "circle/circle.h"
#include "model/measure.h"
#include "model/notice.h"
#include "model/person.h"
#include "model/post.h"
#include "model/lead.h"

struct page {
	int64_t max_id, since_id, min_id;
	int limit;
}; /* 0: not given. min_id asks for the ones just above it */

/* A hold, label or fold in force, as this viewer is told of it: to its author with its id; to others no hold, of a label what the piece
 * has by itself, and what rests on others' copies only where they may see an earlier one. */
struct said_measure {
	measure_id id; /* 0: not the viewer's own */
	enum measure_kind kind;
	struct why why;
	str policy;
};
struct seen_order {
	size_t n;
	const struct said_measure *said;
	/* Of a folded piece: the earliest copy that this viewer may see and whose author they do not hide, if somebody else wrote it; all 0: none, so that it is shown whole. Of a
	 * comment: under the same post. */
	struct status_ref first;
	person_id first_by;
};

/* A post as one viewer sees it. `held` only ever true for its author and reviewers. */
struct seen_post {
	struct post post;
	bool held;
	bool liked;          /* by the viewer */
	bool hushed;         /* by the viewer: circle/hear.h */
	bool for_other;      /* as somebody else would see it: read_as */
	int likes, comments; /* that this viewer may see; comments of the whole thread */
	size_t n_mentions;   /* mentioned people this viewer may see the card of */
	const struct person *mentions;
	struct seen_order order;
	group_id group; /* it is for, where the viewer is a member; else 0 */
	str group_title;
};

struct seen_comment {
	struct comment comment;
	bool held;
	int answers; /* direct answers this viewer may see */
	struct seen_order order;
	size_t n_mentions;
	const struct person *mentions;
};

struct seen_moment {
	struct seen_post post;
	size_t n_likers;
	const person_id *likers; /* oldest first */
	size_t n_comments;       /* newest ones asked for, oldest first */
	const struct seen_comment *comments;
};

/* Home: posts of friends and my own, newest first; without the ones whose author I hide. At most `limit` and fewer only at the end. */
MUST_CHECK err read_home(struct circle *c, person_id v, struct page page, int64_t now_ms,
                         struct arena *mem, struct seen_post **out, size_t *n);
/* The same by SQL alone: cold start, deep pages and the test's second opinion. */
MUST_CHECK err read_home_by_sql(struct circle *c, person_id v, struct page page, int64_t now_ms,
                                struct arena *mem, struct seen_post **out, size_t *n);
MUST_CHECK err read_moments(struct circle *c, person_id v, struct page page, int comments_max,
                            int64_t now_ms, struct arena *mem, struct seen_moment **out, size_t *n);
MUST_CHECK err read_list(struct circle *c, person_id v, list_id list, struct page page,
                         int64_t now_ms, struct arena *mem, struct seen_post **out, size_t *n);
/* u's album for v: empty when the door says so; ERR_MISSING only where the card is. */
MUST_CHECK err read_album(struct circle *c, person_id v, person_id u, struct page page,
                          int64_t now_ms, struct arena *mem, struct seen_post **out, size_t *n);
/* Posts for a group, for its members: ERR_MISSING to everyone else. */
MUST_CHECK err read_group(struct circle *c, person_id v, group_id group, struct page page,
                          int64_t now_ms, struct arena *mem, struct seen_post **out, size_t *n);
/* My card and album as my own settings let a friend of mine (my tie) see them, or a stranger (`other` 0, who sees no post). Their side
 * counts as friendly, whatever it is, so that it tells nothing; no likes, no comments, nothing that is the author's alone.
 * ERR_MISSING for who is no friend of mine. */
MUST_CHECK err read_as(struct circle *c, person_id me, person_id other, struct page page,
                       int64_t now_ms, struct arena *mem, struct person *card,
                       struct seen_post **out, size_t *n);
/* What v liked and may still see, by post, newest first: the cursor is the post's id. */
MUST_CHECK err read_favourites(struct circle *c, person_id v, struct page page, int64_t now_ms,
                               struct arena *mem, struct seen_post **out, size_t *n);

/* Where a status id leads, without saying whether v may see it: give it to one of the calls below. ERR_MISSING when nowhere. */
MUST_CHECK err read_ref(struct circle *c, int64_t status_id, struct status_ref *out);
MUST_CHECK err read_post(struct circle *c, person_id v, const struct status_ref *ref,
                         int64_t now_ms, struct arena *mem, struct seen_post *out);
MUST_CHECK err read_comment(struct circle *c, person_id v, const struct status_ref *ref,
                            int64_t now_ms, struct arena *mem, struct seen_comment *out);
MUST_CHECK err read_moment(struct circle *c, person_id v, const struct status_ref *ref,
                           int comments_max, int64_t now_ms, struct arena *mem,
                           struct seen_moment *out);
/* Of a post: all comments v may see, oldest first, at most 500. */
MUST_CHECK err read_thread(struct circle *c, person_id v, const struct status_ref *ref,
                           int64_t now_ms, struct arena *mem, struct seen_post *post,
                           struct seen_comment **out, size_t *n);
/* What a piece said so far, oldest first, the present words last, with the piece itself: `post`, or `comment` where the reference
 * leads to one. Nothing that was never shown. */
struct seen_history {
	struct seen_post post;
	struct seen_comment comment;
	struct version *versions;
	size_t n;
};
MUST_CHECK err read_history(struct circle *c, person_id v, const struct status_ref *ref,
                            int64_t now_ms, struct arena *mem, struct seen_history *out);
MUST_CHECK err read_likers(struct circle *c, person_id v, const struct status_ref *ref,
                           int64_t now_ms, struct arena *mem, person_id **out, size_t *n);

/* People. ERR_MISSING for nobody and behind a block either way (one's own card is always there). */
MUST_CHECK err read_card(struct circle *c, person_id v, person_id u, struct arena *mem,
                         struct person *out);
MUST_CHECK err read_card_by_handle(struct circle *c, person_id v, str handle, struct arena *mem,
                                   struct person *out);
/* Active people whose handle or display name begins with `query`, blocked ones left out, by handle. */
MUST_CHECK err read_search(struct circle *c, person_id v, str query, int limit, struct arena *mem,
                           struct person **out, size_t *n);
/* The people v blocks, so that the block can be lifted: the one place where a card shows across one's own block. */
MUST_CHECK err read_blocked(struct circle *c, person_id v, struct arena *mem, struct person **out,
                            size_t *n);
/* How many posts are one's own: nobody else is told. */
MUST_CHECK err read_own_posts(struct circle *c, person_id v, int64_t *out);
/* One's own record, sealed or not. */
MUST_CHECK err read_self(struct circle *c, person_id v, struct arena *mem, struct person *out);

/* A notice with what it speaks of, only when the reader may see all of it now. */
struct seen_notice {
	struct notice notice;
	struct person actor;
	bool has_post, has_comment;
	struct seen_post post;
	struct seen_comment comment;
	str group_title;      /* of an invitation */
	struct report report; /* of NOTICE_REPORTED: settled */
};
MUST_CHECK err read_notices(struct circle *c, person_id v, struct page page,
                            unsigned kinds /* 1 << notice_kind */, int64_t now_ms,
                            struct arena *mem, struct seen_notice **out, size_t *n);
MUST_CHECK err read_notice(struct circle *c, person_id v, notice_id id, int64_t now_ms,
                           struct arena *mem, struct seen_notice *out);

#endif
