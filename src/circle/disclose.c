#include "circle/disclose.h"

#include "circle/audit.h"
#include "store/accesses.h"

static const char *const words[ACCESS_ROLES] = {
	[ACCESS_STEWARD] = "steward", [ACCESS_JUROR] = "juror", [ACCESS_EXPERT] = "expert"
};

const char *disclose_role_word(enum access_role role) { return words[role]; }

/* Concerns nobody: a receipt would tell its holder of a look before they may read it. */
static err write_record(struct circle *c, struct conn *tx, const struct access *access)
{
	struct audit_entry entry = {
		.kind = "access",
		.fields = { { "looked", AUDIT_NUMBER, access->at, STR_NONE },
		            { "role", AUDIT_WORD, 0, str_of(words[access->role]) },
		            { "day", AUDIT_NUMBER, access->at_ms / ACCESS_DAY_MS, STR_NONE },
		            { "by", AUDIT_PERSON, access->reviewer.v, STR_NONE } },
		.n = 4,
	};
	return audit_append(c, tx, &entry, access->at_ms, NULL);
}

err disclose_look(struct circle *c, struct conn *tx, const struct access *access)
{
	bool had;
	err e;
	TRY(accesses_has(tx, access, &had));
	TRY(accesses_insert(tx, access));
	if (!had)
		TRY(write_record(c, tx, access));
out:
	return e;
}

err disclose_mine(struct circle *c, person_id me, struct arena *mem, struct access_seen **out,
                  size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(accesses_of(conn, me, ACCESSES_MAX, mem, out, n));
out:
	store_read_end(c->store, &conn);
	return e;
}
