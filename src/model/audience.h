/* audience.h - who a post is for, as its author wrote it. Lists are evaluated when somebody looks. */
#ifndef KITH_MODEL_AUDIENCE_H
#define KITH_MODEL_AUDIENCE_H

#include <stddef.h>

#include "base/arena.h"

#include "model/id.h"

enum audience_kind {
	AUDIENCE_FRIENDS,
	AUDIENCE_ONLY,
	AUDIENCE_EXCEPT,
	AUDIENCE_SELF,
	AUDIENCE_GROUP
};

struct audience {
	enum audience_kind kind;
	size_t n_lists, n_people;
	const list_id *lists;    /* ascending; empty for friends and self */
	const person_id *people; /* ascending; empty for friends and self */
	group_id group;          /* of AUDIENCE_GROUP, else 0 */
	/* One it had before it was narrowed, which must admit as well, and so on; NULL: none. */
	const struct audience *also;
};

/* "friends", "only", "except", "self", "group". */
const char *audience_word(enum audience_kind kind);
/* A copy in `mem`, with its names and the earlier ones. */
struct audience audience_dup(struct arena *mem, const struct audience *audience);

#endif
