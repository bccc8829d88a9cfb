/* friendship.h - asking, and private tags. */
#ifndef KITH_MODEL_FRIENDSHIP_H
#define KITH_MODEL_FRIENDSHIP_H

#include "base/str.h"
#include "model/id.h"

struct friend_request {
	person_id from, to;
	str word; /* who I am; may be empty */
	int64_t created_at_ms;
};

/* A tag: a private group of one's friends. A deleted tag keeps its members for the posts that excluded it. */
struct list {
	list_id id;
	person_id owner;
	str title;
	bool deleted;
};

#endif
