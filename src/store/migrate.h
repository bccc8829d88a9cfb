/* migrate.h - brings a database forward to what this program knows. Room-private.
 *
 * Each step is one transaction with its row in `migrations`, so a run that was cut goes on where it stopped. */
#ifndef KITH_STORE_MIGRATE_H
#define KITH_STORE_MIGRATE_H

#include "base/embed.h"
#include "base/log.h"
#include "base/seam.h"
#include "store/driver.h"

struct migration_plan {
	const struct embedded *steps; /* sorted; each name begins with its number: "002_name.sql" */
	size_t n;
	const char *
		path; /* the database; a copy "PATH.before-002" is made before a step changes existing data */
	struct log *log;
	struct clock clock;
};

/* ERR_CONFLICT when the database was written by a later program. */
MUST_CHECK err migrate(struct conn *conn, const struct migration_plan *plan);

#endif
