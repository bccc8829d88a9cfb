/* erasures.h - everything of one person's goes, in one transaction; docs/data.md says what stays and why. */
#ifndef KITH_STORE_ERASURES_H
#define KITH_STORE_ERASURES_H

#include "model/group.h"
#include "model/media.h"
#include "model/post.h"
#include "store/store.h"

/* What went, for who keeps it in memory too. All in the arena it was made in. */
struct erasure {
	person_id person;
	struct status_ref *pieces; /* posts, and comments under others' posts */
	struct like *likes;        /* on others' posts */
	person_id *friends;        /* who had them as a friend, or whom they had */
	person_id *blocks;         /* either way */
	person_id *hides;          /* either way, of either kind */
	list_id *lists;            /* their own */
	struct erased_member {
		person_id owner;
		list_id list;
	} * tags;             /* of others, with them in it */
	struct group *groups; /* they were in, as each is now */
	struct media *media;  /* their content alone is filled in */
	size_t n_pieces, n_likes, n_friends, n_blocks, n_hides, n_lists, n_tags, n_groups, n_media;
};

/* ERR_MISSING for nobody; somebody erased before is erased again. Reads all comments, so the writer is held for as long as that takes. */
MUST_CHECK err erasures_do(struct conn *tx, person_id person, int64_t at_ms, struct arena *mem,
                           struct erasure *out);

#endif
