/* bulk_private.h - a load under way, shared by the files that do it. */
#ifndef KITH_CIRCLE_BULK_PRIVATE_H
#define KITH_CIRCLE_BULK_PRIVATE_H

#include "circle/bulk.h"
#include "circle/bulk_keys.h"
#include "circle/picture.h"
#include "model/friendship.h"
#include "model/group.h"
#include "model/person.h"
#include "model/post.h"

/* Kinds of names in bulk_keys. */
#define NAME_PERSON 'p'
#define NAME_STATUS 's'
#define NAME_LIST 'l'
#define NAME_GROUP 'g'

struct step {
	struct step *next;
	enum bulk_kind kind;
	struct person person;
	str handle_key, token;
	person_id a, b;
	struct list list;
	struct group group;
	size_t n_members;
	const person_id *members;
	struct post post;
	size_t n_pictures;
	const media_id *picture_ids;
	struct picture_change pictures;
	struct comment comment;
	struct like like;
	str key;
	struct status_ref ref; /* of a post or comment */
	int64_t at_ms;
};

struct bulk {
	struct circle *circle;
	bool screens;
	int64_t now_ms;
	struct bulk_keys *keys;
	struct arena *mem; /* of the batch */
	struct step *first, **last;
};

/* ERR_INPUT names `field`, or "audience", where a name stands for nothing. */
MUST_CHECK err bulk_find_person(struct bulk *b, str handle, const char *field, person_id *out);
/* Ascending, each once. */
MUST_CHECK err bulk_find_people(struct bulk *b, const str *names, size_t n, const char *field,
                                const person_id **out, size_t *n_out);
MUST_CHECK err bulk_find_lists(struct bulk *b, person_id owner, const str *titles, size_t n,
                               const list_id **out, size_t *n_out);
MUST_CHECK err bulk_find_group(struct bulk *b, str title, group_id *out);
/* A post or comment of this load or an earlier one. */
MUST_CHECK err bulk_find_status(struct bulk *b, str key, const char *field, struct bulk_place *out);
/* A new key: not in this load, not in an earlier one. */
MUST_CHECK err bulk_claim_key(struct bulk *b, str key, struct bulk_place place);
/* Under which a later load finds a status again. */
str bulk_retry_key(struct bulk *b, str key);

#endif
