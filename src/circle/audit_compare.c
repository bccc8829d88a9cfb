#include "circle/audit_compare.h"

#include "circle/audit_record.h"
#include "store/audits.h"
#include "store/measures.h"

#include "base/snowflake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_BYTES 16

/* What a record says of a measure. */
struct said {
	int64_t id, seq;
	char state[STATE_BYTES];
};

struct comparing {
	struct arena *mem;
	struct said *all;
	size_t n, cap;
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
	state = audit_record_value(&parts, S("state"));
	if (str_starts(parts.kind, S("measure.")) && state.n < STATE_BYTES &&
	    str_to_i64(audit_record_value(&parts, S("measure")), &id)) {
		struct said *said = next_said(c);
		*said = (struct said){ .id = id, .seq = parts.seq };
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
	for (size_t i = 0; i < c->n; i++)
		if (i + 1 == c->n || c->all[i + 1].id != c->all[i].id)
			c->all[kept++] = c->all[i];
	c->n = kept;
}

static int by_id(const void *key, const void *said)
{
	int64_t id = *(const int64_t *)key, is = ((const struct said *)said)->id;
	return id < is ? -1 : id > is;
}

static err compare(void *ctx, person_id subject, measure_id id, enum measure_state state)
{
	struct comparing *c = ctx;
	const char *is = measure_state_word(state);
	char about[64];
	const struct said *said = c->n > 0 ? bsearch(&id.v, c->all, c->n, sizeof *said, by_id)
	                                   : NULL;
	int n = snprintf(about, sizeof about, "%lld, %lld", (long long)subject.v, (long long)id.v);
	if (!said && snowflake_ms(id.v) > c->began_ms)
		c->fault(c->ctx, "a measure that the log of the order does not know",
		         (str){ about, (size_t)n });
	else if (said && said->seq > c->restored && strcmp(said->state, is) != 0)
		c->fault(c->ctx, "a measure in another state than the log of the order says",
		         (str){ about, (size_t)n });
	return OK;
}

err audit_compare(struct conn *conn, checks_fault fault, void *ctx)
{
	struct comparing c = { .mem = arena_new((size_t)1 << 16), .fault = fault, .ctx = ctx };
	err e;
	TRY(audits_each(conn, 1, hear, &c));
	keep_last(&c);
	if (c.began_ms != 0)
		TRY(measures_each(conn, compare, &c));
out:
	arena_free(c.mem);
	return e;
}
