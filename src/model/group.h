/* group.h - a small private group: who is in it sees its posts and everyone's reactions; who is not sees nothing of it. */
#ifndef KITH_MODEL_GROUP_H
#define KITH_MODEL_GROUP_H

#include "base/str.h"
#include "model/id.h"

struct group {
	group_id id;
	person_id owner;
	str title, about;
	int64_t created_at_ms;
	bool deleted;
};

enum group_state { GROUP_NONE, GROUP_INVITED, GROUP_MEMBER };

struct group_member {
	person_id person;
	enum group_state state;
	person_id invited_by;
	int64_t at_ms; /* invited, then joined */
};

#endif
