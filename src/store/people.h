/* people.h - table people (+ handles, the directory of unique keys, + passwords). */
#ifndef KITH_STORE_PEOPLE_H
#define KITH_STORE_PEOPLE_H

#include "model/person.h"
#include "store/store.h"

/* ERR_CONFLICT with field "handle" when `handle_key` (the folded handle) is taken. `password_hash` may be empty: no sign-in. */
MUST_CHECK err people_insert(struct conn *tx, const struct person *person, str handle_key,
                             str password_hash);
MUST_CHECK err people_find(struct conn *conn, person_id id, struct arena *mem, struct person *out);
MUST_CHECK err people_find_by_key(struct conn *conn, str handle_key, struct arena *mem,
                                  struct person *out);
MUST_CHECK err people_update(
	struct conn *tx,
	const struct person *person); /* all but handle, created_at_ms, invited_by, invite, demo */
MUST_CHECK err people_password(struct conn *conn, person_id id, struct arena *mem,
                               str *password_hash);
MUST_CHECK err people_set_password(struct conn *tx, person_id id, str password_hash);
/* Everyone, by id, calling `each` (an error stops). For start-up and `kith account list`. */
MUST_CHECK err people_each(struct conn *conn,
                           err (*each)(const struct person *, str handle_key, void *ctx),
                           void *ctx);

/* Active stewards or keepers, by id; at most a thousand. */
MUST_CHECK err people_of_role(struct conn *conn, enum person_role role, struct arena *mem,
                              person_id **out, size_t *n);

#endif
