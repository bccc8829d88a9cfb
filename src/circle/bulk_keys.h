/* bulk_keys.h - names to ids while a load runs: handles to people, keys to moments, titles to tags. */
#ifndef KITH_CIRCLE_BULK_KEYS_H
#define KITH_CIRCLE_BULK_KEYS_H

#include "base/str.h"
#include "model/post.h"

struct bulk_keys;

/* What a name stands for; the fields a kind of name does not use are 0. */
struct bulk_place {
	int64_t id;            /* person, list or status */
	struct status_ref ref; /* of a status */
	int64_t at_ms;
};

struct bulk_keys *bulk_keys_new(void);
void bulk_keys_free(struct bulk_keys *keys);
/* False when the name is there already. `space` keeps kinds of names apart; `owner` is 0 for names that belong to nobody. */
bool bulk_keys_add(struct bulk_keys *keys, char space, int64_t owner, str name,
                   struct bulk_place place);
const struct bulk_place *bulk_keys_find(const struct bulk_keys *keys, char space, int64_t owner,
                                        str name);

#endif
