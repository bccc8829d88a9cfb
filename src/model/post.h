/* post.h - a moment, a comment on it, a like of it; and what the door needs to know of each. */
#ifndef KITH_MODEL_POST_H
#define KITH_MODEL_POST_H

#include <stdbool.h>

#include "base/str.h"
#include "model/audience.h"
#include "model/id.h"
#include "model/media.h"

/* What circle/see.h asks of a post: everything but its words. */
struct post_gate {
	post_id id;
	person_id author;
	int64_t created_at_ms;
	int64_t held_until_ms; /* held while now is below; 0 never, INT64_MAX until somebody releases it */
	bool deleted;
	struct audience audience;
};

/* What a link card shows: written or pasted by the author, never fetched. All empty: none. */
struct card {
	str url, title, about;
};

/* A change of a piece that waits, or that was not let through: its author's alone. `version` 0: none. */
enum version_state { VERSION_SHOWN, VERSION_WAITS, VERSION_DROPPED };
struct pending {
	version_id version;
	enum version_state state;
	measure_id measure; /* what held it */
	str text;
};

struct post {
	struct post_gate gate;
	str text;
	str language; /* as the app said: ISO 639, or empty */
	str app;      /* name of the app that sent it, or empty */
	size_t n_mentions;
	const person_id
		*mentions; /* inside the audience when written; shown only to who may see them */
	str place;         /* in the author's words, or empty */
	struct card card;
	int64_t edited_at_ms; /* 0: never changed */
	size_t n_media;
	const struct media *media; /* by position */
	struct pending pending;
};

struct comment_gate {
	comment_id id;
	post_id post;
	person_id post_author;
	person_id author;
	comment_id reply_to;       /* another comment of this post; 0: answers the post itself */
	person_id reply_to_author; /* 0 with reply_to 0 */
	int64_t created_at_ms;
	int64_t held_until_ms;
	bool deleted;
};

struct comment {
	struct comment_gate gate;
	str text;
	str language;
	str app;
	size_t n_mentions;
	const person_id *mentions;
	int64_t edited_at_ms; /* 0: never changed */
	struct pending pending;
};

struct like {
	post_id post;
	person_id post_author;
	person_id by;
	int64_t at_ms;
};

/* What a changed piece said at one time: store/versions.h. */
struct version {
	version_id id; /* the piece's own id for its first words */
	enum version_state state;
	int64_t at_ms;
	str language, text, place;
	struct card card;
	measure_id measure; /* what held it back, once; 0: nothing did */
};

/* Where a status id leads: home-grown directory, since apps know one kind of id for both. */
struct status_ref {
	person_id post_author;
	post_id post;
	comment_id comment; /* 0: the id is the post itself */
};

#endif
