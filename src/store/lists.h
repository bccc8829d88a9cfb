/* lists.h - tables lists and list_members: private tags. A deleted one is a tombstone that keeps its members. */
#ifndef KITH_STORE_LISTS_H
#define KITH_STORE_LISTS_H

#include "model/friendship.h"
#include "store/store.h"

MUST_CHECK err lists_insert(struct conn *tx, const struct list *list);
MUST_CHECK err lists_rename(struct conn *tx, person_id owner, list_id id, str title);
MUST_CHECK err lists_delete(struct conn *tx, person_id owner, list_id id); /* marks it */
MUST_CHECK err lists_find(struct conn *conn, person_id owner, list_id id, struct arena *mem,
                          struct list *out); /* also deleted ones */
MUST_CHECK err lists_of(struct conn *conn, person_id owner, struct arena *mem, struct list **out,
                        size_t *n); /* living, by id */
MUST_CHECK err lists_count(struct conn *conn, person_id owner, int *out);
MUST_CHECK err list_members_add(struct conn *tx, person_id owner, list_id id, person_id member);
MUST_CHECK err list_members_remove(struct conn *tx, person_id owner, list_id id, person_id member);
MUST_CHECK err list_members_of(struct conn *conn, person_id owner, list_id id, struct arena *mem,
                               person_id **out, size_t *n);
MUST_CHECK err list_members_has(struct conn *conn, person_id owner, list_id id, person_id member,
                                bool *out);
/* All lists, deleted ones too, then all members, for start-up. */
MUST_CHECK err lists_each(struct conn *conn, err (*each)(const struct list *, void *ctx),
                          void *ctx);
MUST_CHECK err list_members_each(struct conn *conn,
                                 err (*each)(person_id owner, list_id, person_id member, void *ctx),
                                 void *ctx);

#endif
