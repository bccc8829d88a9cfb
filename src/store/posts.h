/* posts.h - tables posts, post_lists, post_people, post_mentions, all under the author (their pictures: pictures.h); and status_refs, the
 * directory from a status id to its place. `held_until_ms` of every gate comes from measures, joined here.
 *
 * Pages: an `after` of 0 and a `before` of 0 set no bound on their side. */
#ifndef KITH_STORE_POSTS_H
#define KITH_STORE_POSTS_H

#include "model/post.h"
#include "store/store.h"

MUST_CHECK err posts_insert(
	struct conn *tx, const struct post *post); /* with audience, mentions and directory row */
MUST_CHECK err posts_find(struct conn *conn, person_id author, post_id id, struct arena *mem,
                          struct post *out); /* deleted ones too */
MUST_CHECK err posts_gate(struct conn *conn, person_id author, post_id id, struct arena *mem,
                          struct post_gate *out);
/* Marks it deleted and erases text, mentions, audience, versions and the rows of its pictures; likes and comments go with it. */
MUST_CHECK err posts_delete(struct conn *tx, person_id author, post_id id, int64_t at_ms);
/* Its words (text, language, place, card), mentions, edited_at_ms and pending.version as they stand here from now on. */
MUST_CHECK err posts_change(struct conn *tx, const struct post *post);
/* How many pictures it has from now on. */
MUST_CHECK err posts_set_pictures(struct conn *tx, person_id author, post_id id, size_t n,
                                  int64_t at_ms);
MUST_CHECK err posts_set_pending(struct conn *tx, person_id author, post_id id, version_id version);
/* Its audience, with the earlier ones that still count, from now on; not to a group. */
MUST_CHECK err posts_set_audience(struct conn *tx, const struct post_gate *gate);
/* An author's living posts with id in (after, before), newest first. */
MUST_CHECK err posts_of(struct conn *conn, person_id author, post_id after, post_id before,
                        int limit, struct arena *mem, struct post **out, size_t *n);
/* The same, gates alone: fills the in-memory ring. */
MUST_CHECK err posts_gates_of(struct conn *conn, person_id author, post_id before, int limit,
                              struct arena *mem, struct post_gate **out, size_t *n);
/* How many living posts an author has. */
MUST_CHECK err posts_count(struct conn *conn, person_id author, int64_t *out);
/* Their nth latest, from 1, deleted ones too; 0: there are not so many. */
MUST_CHECK err posts_nth_latest(struct conn *conn, person_id author, int nth, post_id *out);
/* The SQL pull: gates of living posts by any of `authors` (sorted), id in (after, before), newest first - or, with
 * `oldest_first`, the ones just above `after` in ascending order. Chooses join or newest-first scan. Visibility is the caller's. */
struct post_window {
	post_id after, before;
	bool oldest_first;
	int limit;
};
MUST_CHECK err posts_pull(struct conn *conn, const person_id *authors, size_t n_authors,
                          struct post_window window, struct arena *mem, struct post_gate **out,
                          size_t *n);

MUST_CHECK err status_refs_find(struct conn *conn, int64_t status_id, struct status_ref *out);

/* What was made under a key, and a hash of what was sent with it (empty: nothing to compare with). */
struct retry {
	person_id by;
	str key, sent;
	int64_t status_id, at_ms;
};
/* Retry after a lost reply: the status made under this key by this person, if any (kept a day). */
MUST_CHECK err retries_find(struct conn *conn, person_id by, str key, int64_t *status_id);
/* For good: what an archive brought is known again whenever it comes. */
MUST_CHECK err retries_keep(struct conn *tx, person_id by, str key);
/* Whether the same was sent with it, as far as is known. */
MUST_CHECK err retries_same(struct conn *conn, person_id by, str key, str sent, bool *same);
MUST_CHECK err retries_insert(struct conn *tx, const struct retry *retry);
/* What was sent goes with the status that was made of it; the key stays for its day. */
MUST_CHECK err retries_forget_sent(struct conn *tx, person_id by, int64_t status_id);

#endif
