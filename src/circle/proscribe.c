#include "circle/proscribe.h"

#include "circle/audit.h"
#include "circle/enact.h"
#include "circle/verb.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/file.h"
#include "store/banked.h"
#include "store/order_settings.h"

#include <stdio.h>
#include <unistd.h>

#include <sodium.h>

#define BANK_MAX_BYTES ((size_t)256 << 20)
#define HEX (2 * BANKED_BYTES)
#define SETTING S("bank")

struct reading {
	struct circle *c;
	struct arena *mem;
	str bank;
	int64_t now_ms;
	bool first;
	struct buf bound;
	struct proscribed is;
	crypto_generichash_state hash;
};

static bool binds(const struct banked *one, int64_t now_ms)
{
	return one->urgent ? now_ms < one->since_ms + ENACT_URGENT_MS
	                   : one->since_ms == 0 || now_ms >= one->since_ms + ENACT_NOTICE_MS;
}

/* A line of it, as integrity/engine.c reads them; what is no entry it refuses itself. */
static err read_line(struct reading *r, struct conn *tx, str line)
{
	struct banked one = { .since_ms = r->first ? 0 : r->now_ms }, is;
	unsigned char urgent;
	err e;
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return OK;
	if (!hex_to(str_slice(line, 0, HEX), one.pdq, sizeof one.pdq)) {
		buf_add(&r->bound, line);
		buf_char(&r->bound, '\n');
		return OK;
	}
	one.urgent = str_starts(str_trim(str_slice(line, HEX, line.n)), S("urgent"));
	if (one.urgent)
		one.since_ms = r->now_ms;
	TRY(banked_put(tx, &one, &is));
	urgent = one.urgent;
	crypto_generichash_update(&r->hash, one.pdq, sizeof one.pdq);
	crypto_generichash_update(&r->hash, &urgent, 1);
	r->is.entries++;
	if (binds(&is, r->now_ms)) {
		buf_add(&r->bound, str_slice(line, 0, HEX));
		buf_char(&r->bound, '\n');
	} else if (!is.urgent) {
		r->is.waiting++;
		if (is.since_ms + ENACT_NOTICE_MS > r->is.binds_at_ms)
			r->is.binds_at_ms = is.since_ms + ENACT_NOTICE_MS;
	}
out:
	return e;
}

static err write_down(struct reading *r, struct conn *tx, str was)
{
	const struct audit_entry entry = {
		.kind = "bank.changed",
		.fields = { { "bank", AUDIT_WORD, 0, r->is.hash },
		            { "entries", AUDIT_NUMBER, r->is.entries, STR_NONE },
		            { "waiting", AUDIT_NUMBER, r->is.waiting, STR_NONE } },
		.n = 3,
	};
	str value = str_format(r->mem, "%.*s %lld %lld %lld", STR_ARG(r->is.hash),
	                       (long long)r->is.entries, (long long)r->is.waiting,
	                       (long long)r->is.binds_at_ms);
	bool same = str_eq(str_cut(&was, ' '), r->is.hash);
	err e;
	TRY(order_settings_put(tx, SETTING, value));
	if (!same && (r->is.entries > 0 || !r->first))
		TRY(audit_append(r->c, tx, &entry, r->now_ms, NULL));
out:
	return e;
}

static err read_work(struct conn *tx, void *ctx)
{
	struct reading *r = ctx;
	unsigned char hash[32];
	str rest = r->bank, was;
	err e;
	TRY(order_settings_get(tx, SETTING, r->mem, &was));
	r->first = was.n == 0;
	TRY(banked_begin(tx));
	crypto_generichash_init(&r->hash, NULL, 0, sizeof hash);
	while (rest.n > 0)
		TRY(read_line(r, tx, str_cut(&rest, '\n')));
	TRY(banked_end(tx));
	crypto_generichash_final(&r->hash, hash, sizeof hash);
	r->is.hash = hex_of(r->mem, hash, sizeof hash);
	TRY(write_down(r, tx, was));
out:
	return e;
}

err proscribe_open(struct circle *c, int64_t now_ms)
{
	struct reading r = { .c = c, .mem = arena_new(1 << 16), .now_ms = now_ms };
	str path = str_format(r.mem, "%s/bank.txt", c->folder);
	str bound = str_format(r.mem, "%s/" PROSCRIBE_BOUND, c->folder);
	err e = file_read(str_to_c(r.mem, path), BANK_MAX_BYTES, r.mem, &r.bank);
	if (failed(e) && e.code != ERR_MISSING)
		goto out;
	buf_init(&r.bound, r.mem, r.bank.n + 2);
	TRY(verb_write(c, read_work, NULL, &r));
	if (r.bound.n > 0)
		e = file_write(str_to_c(r.mem, bound), buf_str(&r.bound), 0600);
	else
		(void)unlink(str_to_c(r.mem, bound));
out:
	arena_free(r.mem);
	return e;
}

err proscribe_look(struct circle *c, struct arena *mem, struct proscribed *out)
{
	struct conn *conn = NULL;
	str value;
	err e;
	*out = (struct proscribed){ 0 };
	TRY(store_read(c->store, &conn));
	TRY(order_settings_get(conn, SETTING, mem, &value));
	out->hash = str_cut(&value, ' ');
	if (value.n > 0 && (!str_to_i64(str_cut(&value, ' '), &out->entries) ||
	                    !str_to_i64(str_cut(&value, ' '), &out->waiting) ||
	                    !str_to_i64(value, &out->binds_at_ms)))
		*out = (struct proscribed){ 0 };
out:
	store_read_end(c->store, &conn);
	return e;
}
