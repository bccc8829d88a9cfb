/* checks.h - what must hold between the rows of all tables, asked of a whole database. */
#ifndef KITH_STORE_CHECKS_H
#define KITH_STORE_CHECKS_H

#include "store/store.h"

/* Called for each fault: a sentence (static text) and what it is about (ids). */
typedef void (*checks_fault)(void *ctx, const char *what, str about);

/* The engine's own look at every page, then every rule of checks.c, at most CHECKS_EACH faults of a kind. `conn` only reads. */
#define CHECKS_EACH 20
MUST_CHECK err checks_run(struct conn *conn, checks_fault fault, void *ctx);
/* The search index against the words it was made of. It writes to look, so it works on a copy (store_copy), which it opens. */
MUST_CHECK err checks_words(const char *copy, checks_fault fault, void *ctx);
/* Which log belongs to it, and how far it has come in it: 0 and 0 before the first. */
MUST_CHECK err checks_tombstones(struct conn *conn, int64_t *origin, int64_t *last);

#endif
