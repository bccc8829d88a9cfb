#include "circle/audit_root.h"

#include "circle/audit_record.h"
#include "store/audits.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define PATH_BYTES 4096
#define SEED_BYTES crypto_sign_SEEDBYTES
#define HOW_TO_GO_ON                                                                               \
	" put it back from a backup. Where it is lost for good, an empty file in its place gets a new one made, which the log then says."
#define SAY_DAMAGED AUDIT_KEY_FILE " is damaged:" HOW_TO_GO_ON
#define SAY_LOST AUDIT_KEY_FILE ", which the log is signed with, is not there:" HOW_TO_GO_ON
#define SAY_OTHER AUDIT_KEY_FILE " is not the one the log is signed with:" HOW_TO_GO_ON
#define COVER_IN 45 /* one of so many minutes, unforeseeable: 32 a day, half of what fills it up */

_Static_assert(AUDIT_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "the key is Ed25519's");
_Static_assert(AUDIT_SIGNATURE_BYTES == crypto_sign_BYTES, "so is what it signs");

struct log_key {
	unsigned char secret[crypto_sign_SECRETKEYBYTES], open[AUDIT_KEY_BYTES];
};

/* ---- what is signed ---- */

str audit_day_text(int64_t day, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, 64);
	buf_time(&b, day * AUDIT_DAY_MS);
	return str_slice(buf_str(&b), 0, 10);
}

/* Days since 1970 of a date (Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, in_era = y - era * 400;
	int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

err audit_day_of(str text, const char *field, int64_t *day)
{
	struct arena *mem = arena_new(256);
	int64_t y = 0, m = 0, d = 0;
	bool fine = text.n == 10 && str_to_i64(str_slice(text, 0, 4), &y) &&
	            str_to_i64(str_slice(text, 5, 7), &m) &&
	            str_to_i64(str_slice(text, 8, 10), &d) && y >= 1970 && m >= 1 && m <= 12;
	*day = fine ? days_of(y, m, d) : 0;
	fine = fine && str_eq(audit_day_text(*day, mem), text);
	arena_free(mem);
	return fine ? OK : err_input(field, "This is not a day, such as 2026-05-16.");
}

str audit_root_text(const struct audit_root *root, struct arena *mem)
{
	struct buf b;
	str day = audit_day_text(root->day, mem);
	str hash = hex_of(mem, root->root, sizeof root->root);
	str head = hex_of(mem, root->head, sizeof root->head);
	buf_init(&b, mem, 1024);
	buf_format(&b, "kith-log-root 1\nday=%.*s\nat=", STR_ARG(day));
	buf_time(&b, root->at_ms);
	buf_format(&b, "\nsize=%lld\nroot=%.*s\nhead=%.*s\n", (long long)root->size, STR_ARG(hash),
	           STR_ARG(head));
	return buf_str(&b);
}

bool audit_root_signed(const struct audit_root *root, const unsigned char key[AUDIT_KEY_BYTES],
                       struct arena *mem)
{
	str text = audit_root_text(root, mem);
	return crypto_sign_verify_detached(root->signature, (const unsigned char *)text.p, text.n,
	                                   key) == 0;
}

/* ---- the key ---- */

static str key_hex(const struct circle *c, struct arena *mem)
{
	return hex_of(mem, c->log_key->open, sizeof c->log_key->open);
}

static err key_path(const struct circle *c, char path[PATH_BYTES])
{
	return snprintf(path, PATH_BYTES, "%s/" AUDIT_KEY_FILE, c->folder) < PATH_BYTES
	               ? OK
	               : err_input("data", "The path is too long.");
}

/* An empty file is how a keeper who has lost the key says so: a new one is made, and the log says that too. */
static err read_seed(const char *path, struct arena *mem, unsigned char seed[SEED_BYTES],
                     bool *is_empty)
{
	str text;
	err e = file_read(path, 256, mem, &text);
	if (failed(e))
		return e;
	text = str_trim(text);
	*is_empty = text.n == 0;
	bool fine = *is_empty || hex_to(text, seed, SEED_BYTES);
	if (text.n > 0)
		sodium_memzero((void *)(uintptr_t)text.p, text.n);
	return fine ? OK : err_conflict(NULL, SAY_DAMAGED);
}

static err make_seed(const struct circle *c, const char *path, struct arena *mem,
                     unsigned char seed[SEED_BYTES])
{
	chance_fill(c->chance, seed, SEED_BYTES);
	str hex = hex_of(mem, seed, SEED_BYTES);
	str text = str_format(mem, "%.*s\n", STR_ARG(hex));
	err e = file_write(path, text, 0600);
	sodium_memzero((void *)(uintptr_t)hex.p, hex.n);
	sodium_memzero((void *)(uintptr_t)text.p, text.n);
	return e;
}

/* `known`: the log's last key in hex; empty: it has none. */
static err open_key(struct circle *c, str known, struct arena *mem)
{
	unsigned char seed[SEED_BYTES];
	char path[PATH_BYTES];
	bool is_new = false;
	err e;
	TRY(key_path(c, path));
	e = read_seed(path, mem, seed, &is_new);
	if (e.code == ERR_MISSING && known.n > 0)
		e = err_conflict(NULL, SAY_LOST);
	else if (e.code == ERR_MISSING || (!failed(e) && is_new))
		e = make_seed(c, path, mem, seed);
	TRY(e);
	c->log_key = calloc(1, sizeof *c->log_key);
	if (!c->log_key)
		TRY(err_system("no memory for the log's key"));
	crypto_sign_seed_keypair(c->log_key->open, c->log_key->secret, seed);
	if (known.n > 0 && !is_new && !str_eq(known, key_hex(c, mem)))
		e = err_conflict(NULL, SAY_OTHER);
out:
	sodium_memzero(seed, sizeof seed);
	return e;
}

void audit_close(struct circle *c)
{
	if (c->log_key)
		sodium_memzero(c->log_key, sizeof *c->log_key);
	free(c->log_key);
	c->log_key = NULL;
}

const unsigned char *audit_public_key(const struct circle *c) { return c->log_key->open; }

/* ---- a root ---- */

static err fill(struct circle *c, struct conn *tx, int64_t now_ms, int64_t *seq)
{
	const struct audit_entry filler = { .kind = "log.filler" };
	return audit_append(c, tx, &filler, now_ms, seq);
}

/* What was published is itself in the log, so that no root is taken out or put in later without a trace. */
static err write_down(struct circle *c, struct conn *tx, const struct audit_root *root,
                      struct arena *mem)
{
	struct audit_entry entry = { .kind = "log.root", .n = 4 };
	entry.fields[0] = (struct audit_field){ "day", AUDIT_NUMBER, root->day, STR_NONE };
	entry.fields[1] = (struct audit_field){ "size", AUDIT_NUMBER, root->size, STR_NONE };
	entry.fields[2] = (struct audit_field){ "root", AUDIT_WORD, 0,
		                                hex_of(mem, root->root, sizeof root->root) };
	entry.fields[3] = (struct audit_field){
		"signature", AUDIT_WORD, 0, hex_of(mem, root->signature, sizeof root->signature)
	};
	return audit_append(c, tx, &entry, root->at_ms, NULL);
}

static err last_size(struct conn *tx, int64_t *size)
{
	struct audit_root last;
	err e = audit_roots_before(tx, INT64_MAX, &last);
	*size = failed(e) ? 0 : last.size;
	return e.code == ERR_MISSING ? OK : e;
}

static err make_root(struct circle *c, struct conn *tx, int64_t day, int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	struct audit_root root = { .day = day, .at_ms = now_ms };
	const struct merkle_source source = { tx, audits_node };
	struct audit_row row;
	struct merkle_hash top;
	int64_t published;
	err e;
	TRY(last_size(tx, &published));
	TRY(audits_last(tx, mem, &row));
	root.size = row.seq;
	while (root.size <= published || root.size % AUDIT_DAY_RECORDS != 0)
		TRY(fill(c, tx, now_ms, &root.size));
	TRY(audits_last(tx, mem, &row));
	TRY(merkle_root(&source, root.size, &top));
	memcpy(root.root, top.b, sizeof root.root);
	memcpy(root.head, row.hash.b, sizeof root.head);
	str text = audit_root_text(&root, mem);
	crypto_sign_detached(root.signature, NULL, (const unsigned char *)text.p, text.n,
	                     c->log_key->secret);
	TRY(audit_roots_insert(tx, &root));
	TRY(write_down(c, tx, &root, mem));
out:
	arena_free(mem);
	return e;
}

err audit_root_before(struct conn *conn, int64_t at_ms, struct audit_root *out)
{
	err e = audit_roots_before(conn, at_ms, out);
	return e.code == ERR_MISSING ? audit_roots_first(conn, out) : e;
}

struct day {
	struct circle *c;
	int64_t now_ms, day;
};

static int64_t day_before(int64_t now_ms)
{
	int64_t today = now_ms / AUDIT_DAY_MS - (now_ms % AUDIT_DAY_MS < 0);
	return today - 1;
}

static err day_work(struct conn *tx, void *ctx)
{
	const struct day *d = ctx;
	struct audit_root there;
	err e = audit_roots_find(tx, d->day, &there);
	if (e.code == ERR_MISSING)
		e = make_root(d->c, tx, d->day, d->now_ms);
	return e;
}

static err fill_work(struct conn *tx, void *ctx)
{
	const struct day *d = ctx;
	return fill(d->c, tx, d->now_ms, NULL);
}

err audit_day(struct circle *c, int64_t now_ms)
{
	struct day d = { c, now_ms, day_before(now_ms) };
	struct audit_root there;
	struct conn *conn = NULL;
	uint32_t dice;
	err e;
	TRY(store_read(c->store, &conn));
	e = audit_roots_find(conn, d.day, &there);
	store_read_end(c->store, &conn);
	if (e.code == ERR_MISSING)
		return store_write(c->store, (struct store_job){ day_work, NULL, &d });
	TRY(e);
	chance_fill(c->chance, &dice, sizeof dice);
	if (dice % COVER_IN == 0)
		e = store_write(c->store, (struct store_job){ fill_work, NULL, &d });
out:
	return e;
}

/* ---- the beginning ---- */

static err last_key(struct conn *conn, struct arena *mem, str *hex)
{
	struct audit_parts parts;
	struct audit_row row;
	err e = audits_key(conn, INT64_MAX, mem, &row);
	bool has = !failed(e) && audit_record_read(row.record, &parts);
	*hex = has ? audit_record_value(&parts, S("key")) : STR_NONE;
	return e.code == ERR_MISSING ? OK : e;
}

static err has_root(struct conn *conn, bool *has)
{
	struct audit_root root;
	err e = audit_roots_first(conn, &root);
	*has = !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}

static err begin_work(struct conn *tx, void *ctx)
{
	const struct day *d = ctx;
	struct arena *mem = arena_new(4096);
	const struct audit_entry begun = { .kind = "log.begun" };
	struct audit_entry key = { .kind = "log.key", .n = 1 };
	struct audit_row last;
	bool has;
	str known;
	err e;
	key.fields[0] = (struct audit_field){ "key", AUDIT_WORD, 0, key_hex(d->c, mem) };
	TRY(audits_last(tx, mem, &last));
	if (last.seq == 0)
		TRY(audit_append(d->c, tx, &begun, d->now_ms, NULL));
	TRY(last_key(tx, mem, &known));
	if (!str_eq(known, key.fields[0].text))
		TRY(audit_append(d->c, tx, &key, d->now_ms, NULL));
	TRY(has_root(tx, &has));
	if (!has)
		TRY(make_root(d->c, tx, d->day, d->now_ms));
out:
	arena_free(mem);
	return e;
}

err audit_open(struct circle *c, int64_t now_ms)
{
	struct day d = { c, now_ms, day_before(now_ms) };
	struct arena *mem = arena_new(4096);
	struct conn *conn = NULL;
	bool has = false;
	str known = STR_NONE;
	err e;
	TRY(store_read(c->store, &conn));
	e = last_key(conn, mem, &known);
	if (!failed(e))
		e = has_root(conn, &has);
	store_read_end(c->store, &conn);
	TRY(e);
	TRY(open_key(c, known, mem));
	if (!has || !str_eq(known, key_hex(c, mem)))
		e = store_write(c->store, (struct store_job){ begin_work, NULL, &d });
out:
	arena_free(mem);
	return e;
}
