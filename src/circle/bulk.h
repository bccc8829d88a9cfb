/* bulk.h - many people and moments at once, for `kith load`: rows checked one by one, committed batch by batch.
 *
 * Trusted input from the keeper: nobody is asked and nobody is notified, but names, sizes, caps and references hold.
 * One thread. */
#ifndef KITH_CIRCLE_BULK_H
#define KITH_CIRCLE_BULK_H

#include "circle/circle.h"
#include "model/audience.h"

enum bulk_kind {
	BULK_PERSON,
	BULK_FRIENDSHIP,
	BULK_LIST,
	BULK_GROUP,
	BULK_POST,
	BULK_COMMENT,
	BULK_LIKE
};

/* A file with a picture, and the words for who does not see it. */
struct bulk_picture {
	str bytes, about;
};

/* One line of a load file; people by handle, posts and comments by the file's own keys. Borrowed for the call. */
struct bulk_row {
	enum bulk_kind kind;
	str handle, display_name, token, role; /* person; an empty role is a member's */
	bool demo;                             /* person */
	str a, b;                              /* friendship */
	str owner, title, about;               /* list, group */
	str key, post, author, text, reply_to;
	enum audience_kind audience;
	size_t n_lists,
		n_people; /* of the audience: titles of the author's lists (or their ids), handles (or ids) */
	const str *lists, *people; /* members of a list or group row are `people` */
	str group;                 /* of the audience: the title of one of this load */
	/* Of a post. They are brought before its batch: who wrote it must be committed, so such a row begins one. */
	size_t n_pictures;
	const struct bulk_picture *pictures;
	int64_t at_ms;
};

struct bulk;

/* `screen` false: posts and comments are taken as they are. */
void bulk_open(struct circle *circle, bool screen, int64_t now_ms, struct bulk **out);
void bulk_close(struct bulk **bulk);
/* Checks the row and adds it to the batch. On error the batch is spoilt: only bulk_close may follow. */
MUST_CHECK err bulk_add(struct bulk *bulk, const struct bulk_row *row);
/* Commits the batch in one transaction and starts the next. */
MUST_CHECK err bulk_commit(struct bulk *bulk);

#endif
