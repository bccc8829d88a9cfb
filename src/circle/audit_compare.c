#include "circle/audit_compare.h"

#include "circle/disclose.h"
#include "circle/audit_record.h"
#include "circle/order.h"
#include "store/accesses.h"
#include "store/audits.h"
#include "store/measures.h"

#include "base/snowflake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_BYTES 16

/* What a record says of a measure. */
struct said {
	int64_t id, seq, first_seq; /* its last record, and its first */
	char state[STATE_BYTES];
	bool here;
};

/* What a record says of looks: by as many reviewers as there are such records. */
struct looked {
	int64_t at, day;
	enum access_role role;
};

struct comparing {
	struct conn *conn;
	struct arena *mem;
	struct said *all;
	size_t n, cap;
	struct looked *looks;
	size_t n_looks, looks_cap;
	int64_t began_ms; /* the log; or the last restore, before which measures may have come back by tombstones */
	int64_t restored; /* the last record of a restore; 0: none */
	checks_fault fault;
	void *ctx;
};

static struct said *next_said(struct comparing *c)
{
	if (c->n == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : 1024;
		c->all = arena_grow(c->mem, c->all, c->cap * sizeof(struct said),
		                    cap * sizeof(struct said));
		c->cap = cap;
	}
	return &c->all[c->n++];
}

static enum access_role role_of(str word)
{
	enum access_role role = 0;
	while (role + 1 < ACCESS_ROLES && !str_eq(word, str_of(disclose_role_word(role))))
		role++;
	return role;
}

static void hear_look(struct comparing *c, const struct audit_parts *parts)
{
	struct looked *look;
	if (c->n_looks == c->looks_cap) {
		size_t cap = c->looks_cap ? 2 * c->looks_cap : 256;
		c->looks = arena_grow(c->mem, c->looks, c->looks_cap * sizeof *look,
		                      cap * sizeof *look);
		c->looks_cap = cap;
	}
	look = &c->looks[c->n_looks];
	look->role = role_of(audit_record_value(parts, S("role")));
	if (str_to_i64(audit_record_value(parts, S("looked")), &look->at) &&
	    str_to_i64(audit_record_value(parts, S("day")), &look->day))
		c->n_looks++;
}

/* A record that the pass over the log would not take says nothing here. */
static err hear(void *ctx, const struct audit_step *step)
{
	struct comparing *c = ctx;
	struct audit_parts parts;
	int64_t id;
	str state;
	if (!step->row || !audit_record_read(step->row->record, &parts))
		return OK;
	if (str_eq(parts.kind, S("log.restored")))
		c->restored = parts.seq;
	if (c->began_ms == 0 || c->restored == parts.seq)
		c->began_ms = parts.at_ms;
	if (c->restored == parts.seq)
		c->n_looks = 0; /* those before it may have gone with the database */
	if (str_eq(parts.kind, S("access")))
		hear_look(c, &parts);
	state = audit_record_value(&parts, S("state"));
	if (str_starts(parts.kind, S("measure.")) && state.n < STATE_BYTES &&
	    str_to_i64(audit_record_value(&parts, S("measure")), &id)) {
		struct said *said = next_said(c);
		*said = (struct said){ .id = id, .seq = parts.seq, .first_seq = parts.seq };
		memcpy(said->state, state.p ? state.p : "", state.n);
	}
	return OK;
}

static int by_measure(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Of each measure the last. */
static void keep_last(struct comparing *c)
{
	size_t kept = 0;
	if (c->n > 0)
		qsort(c->all, c->n, sizeof(struct said), by_measure);
	for (size_t i = 0; i < c->n; i++) {
		if (i + 1 < c->n && c->all[i + 1].id == c->all[i].id)
			c->all[i + 1].first_seq = c->all[i].first_seq;
		else
			c->all[kept++] = c->all[i];
	}
	c->n = kept;
}

static int by_id(const void *key, const void *said)
{
	int64_t id = *(const int64_t *)key, is = ((const struct said *)said)->id;
	return id < is ? -1 : id > is;
}

/* ---- line by line ---- */

/* What of a measure changes while it lives: its last record says how it is now, the first one all else. */
static bool changes(const char *name)
{
	static const char *const those[] = { "state",      "starts",  "ends",
		                             "decided-by", "decided", "note" };
	for (size_t i = 0; i < sizeof those / sizeof those[0]; i++)
		if (strcmp(those[i], name) == 0)
			return true;
	return false;
}

/* The first line of the record that says something else than `m`, of those that change or of those that do not; NULL: none. */
static err differs(struct comparing *c, const struct measure *m, int64_t seq, bool changing,
                   const char **line)
{
	struct arena *mem = arena_new(4096);
	struct audit_entry entry = order_record_begun("", m);
	struct audit_salt *salts;
	struct audit_parts parts;
	struct audit_row row;
	size_t n;
	err e;
	*line = NULL;
	TRY(audits_find(c->conn, seq, mem, &row));
	TRY(audit_salts_in(c->conn, seq, mem, &salts, &n));
	if (!audit_record_read(row.record, &parts) ||
	    (!changing && !str_eq(parts.kind, S("measure.begun"))))
		goto out;
	for (size_t i = 0; i < entry.n && *line == NULL; i++)
		if (changes(entry.fields[i].name) == changing &&
		    !audit_record_says(&parts, salts, n, &entry.fields[i]))
			*line = entry.fields[i].name;
out:
	arena_free(mem);
	return e;
}

static err compare(void *ctx, const struct measure *m)
{
	struct comparing *c = ctx;
	const char *is = measure_state_word(m->state), *line = NULL;
	char about[96];
	struct said *said = c->n > 0 ? bsearch(&m->id.v, c->all, c->n, sizeof *said, by_id) : NULL;
	int n = snprintf(about, sizeof about, "%lld, %lld", (long long)m->subject.v,
	                 (long long)m->id.v);
	err e = OK;
	if (!said && snowflake_ms(m->id.v) > c->began_ms)
		c->fault(c->ctx, "a measure that the log of the order does not know",
		         (str){ about, (size_t)n });
	if (!said)
		return OK;
	said->here = true;
	/* What came back without its reason after a restore says so. */
	if (said->first_seq > c->restored || !str_eq(m->rule, S("order.restored")))
		TRY(differs(c, m, said->first_seq, false, &line));
	if (said->seq > c->restored && strcmp(said->state, is) != 0)
		c->fault(c->ctx, "a measure in another state than the log of the order says",
		         (str){ about, (size_t)n });
	else if (said->seq > c->restored && line == NULL)
		TRY(differs(c, m, said->seq, true, &line));
	if (line != NULL) {
		n = snprintf(about, sizeof about, "%lld, %lld, %s", (long long)m->subject.v,
		             (long long)m->id.v, line);
		c->fault(c->ctx, "a measure that is not what the log of the order says",
		         (str){ about, (size_t)n });
	}
out:
	return e;
}

static int by_look(const void *a, const void *b)
{
	const struct looked *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (int)x->role - (int)y->role;
}

static err compare_looks(struct comparing *c)
{
	err e = OK;
	if (c->n_looks > 0)
		qsort(c->looks, c->n_looks, sizeof *c->looks, by_look);
	for (size_t i = 0, to; i < c->n_looks; i = to) {
		const struct looked *look = &c->looks[i];
		char about[64];
		int64_t rows;
		for (to = i; to < c->n_looks && by_look(look, &c->looks[to]) == 0;)
			to++;
		TRY(accesses_who(c->conn, look->at, look->role, look->day, &rows));
		int n = snprintf(about, sizeof about, "%lld, %s", (long long)look->at,
		                 disclose_role_word(look->role));
		if (rows < (int64_t)(to - i))
			c->fault(c->ctx, "a look that the log of the order knows is gone",
			         (str){ about, (size_t)n });
	}
out:
	return e;
}

static void find_gone(struct comparing *c)
{
	char about[32];
	for (size_t i = 0; i < c->n; i++) {
		int n = snprintf(about, sizeof about, "%lld", (long long)c->all[i].id);
		if (!c->all[i].here && c->all[i].seq > c->restored)
			c->fault(c->ctx, "a measure that the log of the order knows is gone",
			         (str){ about, (size_t)n });
	}
}

err audit_compare(struct conn *conn, checks_fault fault, void *ctx)
{
	struct comparing c = {
		.conn = conn, .mem = arena_new((size_t)1 << 16), .fault = fault, .ctx = ctx
	};
	err e;
	TRY(audits_each(conn, 1, hear, &c));
	keep_last(&c);
	if (c.began_ms != 0)
		TRY(measures_each(conn, compare, &c));
	find_gone(&c);
	TRY(compare_looks(&c));
out:
	arena_free(c.mem);
	return e;
}
