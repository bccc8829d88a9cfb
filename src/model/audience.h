/* audience.h - who a post is for, as its author wrote it. Lists are evaluated when somebody looks. */
#ifndef KITH_MODEL_AUDIENCE_H
#define KITH_MODEL_AUDIENCE_H

#include <stddef.h>

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
};

/* "friends", "only", "except", "self", "group". */
const char *audience_word(enum audience_kind kind);

#endif
