/* friendship.h - asking, and private tags. */
#ifndef KITH_MODEL_FRIENDSHIP_H
#define KITH_MODEL_FRIENDSHIP_H

#include "base/str.h"
#include "model/id.h"

/* To the question of the person asked. A wrong answer is told to nobody but them, and is no refusal. */
enum request_answer { ANSWER_NOT_ASKED, ANSWER_RIGHT, ANSWER_OPEN };

struct friend_request {
	person_id from, to;
	str word; /* who I am; may be empty */
	int64_t created_at_ms;
	enum request_answer answered;
};

/* A tag: a private group of one's friends. A deleted tag keeps its members for the posts that excluded it. */
struct list {
	list_id id;
	person_id owner;
	str title;
	bool deleted;
};

#endif
