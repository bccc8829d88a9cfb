#include "circle/audit_tamper_testing.h"

#include "circle/audit_record.h"
#include "circle/audit_rewrite_testing.h"
#include "store/audits_testing.h"

#include "base/encode.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define A_DAY 200 /* what happens on one, and as much again at most */
#define PEOPLE 300

struct tamper {
	struct circle *c;
	struct arena *mem;   /* as long as this */
	struct arena *trial; /* of one trial */
	uint64_t seed;
	int64_t records, now_ms;
	struct audit_verifier *kept; /* after 0, TAMPER_KEPT, ... records */
	struct audit_root *roots;
	size_t n_roots;
	unsigned char secret[crypto_sign_SECRETKEYBYTES], other[crypto_sign_SECRETKEYBYTES];
	unsigned char other_open[AUDIT_KEY_BYTES];
	/* of the trial */
	enum tampering kind;
	int64_t from; /* the first record that the pass may find changed */
	struct audit_memory memory;
	struct audit_fault what;
};

static const struct audit_memory nothing = { 0 };

const char *tampering_name(enum tampering kind)
{
	static const char *const names[TAMPERINGS] = {
		[TAMPER_EDIT] = "a value of a record changed",
		[TAMPER_EDIT_SALT] = "a value of a salt changed",
		[TAMPER_EDIT_ROOT] = "a value of a root changed",
		[TAMPER_DROP] = "a record taken out",
		[TAMPER_DROP_CLOSED] = "a record taken out, the rest closed up",
		[TAMPER_DROP_ROOT] = "a root taken out",
		[TAMPER_PUT_IN] = "a record put in",
		[TAMPER_PUT_IN_ROOT] = "a root put in",
		[TAMPER_SWAP] = "two records in each other's place",
		[TAMPER_CUT] = "the end cut off",
		[TAMPER_CUT_CLEAN] = "the end cut off with its roots",
		[TAMPER_REWRITE_OTHER] = "rewritten, signed with another key",
		[TAMPER_REWRITE_KEY] = "rewritten with a key of its own",
		[TAMPER_REWRITE_SAME] = "rewritten with the log's own key",
		[TAMPER_FORK] = "another log from a record on",
	};
	return names[kind];
}

static uint64_t roll(struct tamper *t, uint64_t below)
{
	uint64_t out;
	chance_fill(chance_seeded(&t->seed), &out, sizeof out);
	return out % below;
}

static int64_t any_record(struct tamper *t) { return 1 + (int64_t)roll(t, (uint64_t)t->records); }

/* ---- a log ---- */

struct stretch {
	struct tamper *t;
	int64_t n;
};

static err append_one(struct tamper *t, struct conn *tx)
{
	static const char *const kinds[] = { "measure.begun", "measure.ended", "appeal.filed",
		                             "vote.cast", "report.decided" };
	static const char *const rules[] = { "text.fees", "text.income", "copies.many" };
	struct audit_entry entry = { .kind = kinds[roll(t, 5)],
		                     .concerned = { 1 + (int64_t)roll(t, PEOPLE) },
		                     .n = 5 };
	char note[32];
	int n = snprintf(note, sizeof note, "note %u", (unsigned)roll(t, 1000000));
	entry.fields[0] = (struct audit_field){ "measure", AUDIT_NUMBER, (int64_t)roll(t, 1 << 30),
		                                STR_NONE };
	entry.fields[1] = (struct audit_field){ "rule", AUDIT_WORD, 0, str_of(rules[roll(t, 3)]) };
	entry.fields[2] = (struct audit_field){ "by", AUDIT_PERSON,
		                                roll(t, 2) ? PEOPLE + 1 + (int64_t)roll(t, 3) : 0,
		                                STR_NONE };
	entry.fields[3] = (struct audit_field){ "note", AUDIT_TEXT, 0, { note, (size_t)n } };
	entry.fields[4] = (struct audit_field){ "evidence", AUDIT_SEALED, 0, S("{}") };
	return audit_append(t->c, tx, &entry, t->now_ms, &t->records);
}

static err append_work(struct conn *tx, void *ctx)
{
	const struct stretch *stretch = ctx;
	err e = OK;
	for (int64_t i = 0; i < stretch->n; i++) {
		stretch->t->now_ms += (int64_t)roll(stretch->t, 1000);
		TRY(append_one(stretch->t, tx));
	}
out:
	return e;
}

static err read_seed(struct tamper *t)
{
	unsigned char seed[crypto_sign_SEEDBYTES], open[AUDIT_KEY_BYTES];
	str path = str_format(t->mem, "%s/" AUDIT_KEY_FILE, t->c->folder), text;
	err e;
	TRY(file_read(str_to_c(t->mem, path), 256, t->mem, &text));
	if (!hex_to(str_trim(text), seed, sizeof seed))
		TRY(err_system("no key"));
	crypto_sign_seed_keypair(open, t->secret, seed);
	crypto_sign_keypair(t->other_open, t->other);
out:
	return e;
}

static err add_root(void *ctx, const struct audit_root *root)
{
	struct tamper *t = ctx;
	t->roots[t->n_roots++] = *root;
	return OK;
}

static err keep_state(void *ctx, const struct audit_step *step)
{
	struct audit_verifier *kept = ctx, *v = kept - 1; /* the one that goes */
	if (!audit_verifier_take(v, step))
		return err_system(v->fault.what);
	if (v->edge.size % TAMPER_KEPT == 0)
		kept[v->edge.size / TAMPER_KEPT] = *v;
	return OK;
}

/* The pass over the log as it is, which must find nothing. */
static err keep_states(struct tamper *t)
{
	size_t n = (size_t)(t->records / TAMPER_KEPT) + 2;
	struct audit_verifier *all = ARENA_ARRAY(t->mem, n, struct audit_verifier);
	struct conn *conn = NULL;
	err e;
	TRY(store_read(t->c->store, &conn));
	TRY(audit_roots_each(conn, add_root, t));
	audit_verifier_begin(all, &nothing, t->roots, t->n_roots);
	t->kept = all + 1;
	t->kept[0] = all[0];
	TRY(audits_each(conn, 1, keep_state, t->kept));
	if (!audit_verifier_end(all))
		e = err_system(all->fault.what);
out:
	store_read_end(t->c->store, &conn);
	return e;
}

static err count(struct tamper *t)
{
	struct conn *conn = NULL;
	struct audit_row last;
	err e;
	arena_reset(t->trial);
	TRY(store_read(t->c->store, &conn));
	e = audits_last(conn, t->trial, &last);
	t->records = last.seq;
	store_read_end(t->c->store, &conn);
out:
	return e;
}

err tamper_open(struct circle *c, int64_t records, uint64_t seed, struct tamper **out)
{
	struct tamper *t = calloc(1, sizeof *t);
	err e;
	if (!t)
		return err_system("no memory");
	*t = (struct tamper){ .c = c,
		              .mem = arena_new(1 << 16),
		              .trial = arena_new(1 << 16),
		              .seed = seed,
		              .now_ms = clock_now(c->clock) };
	TRY(read_seed(t));
	t->roots = ARENA_ARRAY(t->mem, (size_t)(records / A_DAY + 8), struct audit_root);
	TRY(count(t));
	while (t->records < records) {
		struct stretch day = { t, A_DAY + (int64_t)roll(t, A_DAY / 2) };
		TRY(store_write_bulk(c->store, (struct store_job){ append_work, NULL, &day }));
		t->now_ms += AUDIT_DAY_MS;
		TRY(audit_day(c, t->now_ms));
		TRY(count(t));
	}
	TRY(keep_states(t));
	*out = t;
	t = NULL;
out:
	tamper_close(&t);
	return e;
}

void tamper_close(struct tamper **t)
{
	if (!*t)
		return;
	arena_free((*t)->mem);
	arena_free((*t)->trial);
	free(*t);
	*t = NULL;
}

int64_t tamper_records(const struct tamper *t) { return t->records; }

int64_t tamper_from(const struct tamper *t) { return t->from; }

/* ---- small things ---- */

static str flipped(struct tamper *t, const void *bytes, size_t n)
{
	char *copy = arena_copy(t->trial, bytes, n);
	copy[roll(t, n)] ^= (char)(1 << roll(t, 8));
	return (str){ copy, n };
}

/* Another letter, one more, or one less. */
static str respelt(struct tamper *t, str text)
{
	char *copy = arena_alloc(t->trial, text.n + 1);
	size_t at = roll(t, text.n);
	char letter = (char)('a' + (char)roll(t, 26));
	memcpy(copy, text.p, text.n);
	switch (roll(t, 3)) {
	case 0:
		copy[at] = copy[at] == letter ? (char)(letter ^ 1) : letter;
		return (str){ copy, text.n };
	case 1:
		memmove(copy + at + 1, copy + at, text.n - at);
		copy[at] = letter;
		return (str){ copy, text.n + 1 };
	default:
		memmove(copy + at, copy + at + 1, text.n - at - 1);
		return (str){ copy, text.n - 1 };
	}
}

static int64_t other_number(struct tamper *t, int64_t is)
{
	int64_t by = 1 + (int64_t)roll(t, roll(t, 2) ? 3 : 100000);
	return roll(t, 2) ? is + by : is - by;
}

static err edit_row(struct tamper *t, struct conn *tx)
{
	struct tampered set = { .column = (enum tampered_column)roll(t, TAMPER_NODES + 1),
		                .key = any_record(t) };
	struct audit_row row;
	err e;
	TRY(audits_find(tx, set.key, t->trial, &row));
	t->from = set.key;
	set.number = other_number(t, row.at_ms);
	if (set.column == TAMPER_KIND)
		set.bytes = respelt(t, row.kind);
	else if (set.column == TAMPER_RECORD)
		set.bytes = respelt(t, row.record);
	else if (set.column == TAMPER_HASH)
		set.bytes = flipped(t, row.hash.b, MERKLE_BYTES);
	else
		set.bytes = row.nodes.n > 0 ? flipped(t, row.nodes.p, row.nodes.n)
		                            : flipped(t, row.hash.b, MERKLE_BYTES);
	if (set.column == TAMPER_NODES && row.nodes.n > 0 && roll(t, 4) == 0)
		set.bytes = str_slice(row.nodes, 0, row.nodes.n - MERKLE_BYTES);
	TRY(tamper_set(tx, &set));
out:
	return e;
}

static err edit_salt(struct tamper *t, struct conn *tx)
{
	struct tampered set = { .column = (enum tampered_column)(TAMPER_SALT_PERSON + roll(t, 4)) };
	struct audit_salt *salts = NULL;
	size_t n = 0;
	err e = OK;
	while (n == 0) {
		set.key = any_record(t);
		TRY(audit_salts_in(tx, set.key, t->trial, &salts, &n));
	}
	const struct audit_salt *salt = &salts[roll(t, n)];
	set.person = salt->person;
	set.number = set.column == TAMPER_SALT_PERSON ? salt->person.v + 100000
	             : set.column == TAMPER_SALT_SEQ  ? other_number(t, salt->seq)
	                                              : !salt->concerned;
	set.bytes = flipped(t, salt->salt, sizeof salt->salt);
	t->from = set.column == TAMPER_SALT_SEQ && set.number < set.key ? set.number : set.key;
	e = tamper_set(tx, &set);
	/* There already is one of theirs: then it goes far beyond the end. */
	if (failed(e) && set.column == TAMPER_SALT_SEQ) {
		set.number = t->records + 1 + salt->seq;
		t->from = set.key;
		e = tamper_set(tx, &set);
	}
out:
	return e;
}

static err edit_root(struct tamper *t, struct conn *tx)
{
	const struct audit_root *root = &t->roots[roll(t, t->n_roots)];
	struct tampered set = { .column = (enum tampered_column)(TAMPER_DAY + roll(t, 6)),
		                .key = root->day };
	t->from = root->size;
	switch (set.column) {
	case TAMPER_DAY:
		set.number = root->day + 100000 + (int64_t)roll(t, 1000);
		break;
	case TAMPER_SIZE:
		/* Never one that another root has. */
		set.number = root->size - root->size % AUDIT_DAY_RECORDS + 1 +
		             (int64_t)roll(t, AUDIT_DAY_RECORDS - 1);
		set.number -= roll(t, 2) ? AUDIT_DAY_RECORDS : 0;
		t->from = set.number < root->size ? set.number : root->size;
		break;
	case TAMPER_ROOT:
		set.bytes = flipped(t, root->root, sizeof root->root);
		break;
	case TAMPER_HEAD:
		set.bytes = flipped(t, root->head, sizeof root->head);
		break;
	case TAMPER_SIGNATURE:
		set.bytes = flipped(t, root->signature, sizeof root->signature);
		break;
	default:
		set.number = other_number(t, root->at_ms);
	}
	return tamper_set(tx, &set);
}

static err drop(struct tamper *t, struct conn *tx, bool close_up)
{
	/* The last one, with nothing after it, is a cut. */
	int64_t seq = 1 + (int64_t)roll(t, (uint64_t)t->records - 1);
	err e;
	t->from = seq;
	TRY(tamper_delete(tx, seq));
	if (close_up)
		TRY(tamper_shift(tx, seq + 1, t->records, -1));
out:
	return e;
}

static err put_in(struct tamper *t, struct conn *tx)
{
	struct audit_row row;
	err e;
	t->from = any_record(t);
	TRY(audits_find(tx, any_record(t), t->trial, &row));
	TRY(tamper_shift(tx, t->from, t->records, 1));
	row.seq = t->from;
	TRY(audits_insert(tx, &row));
out:
	return e;
}

static err put_in_root(struct tamper *t, struct conn *tx)
{
	struct audit_root root = t->roots[roll(t, t->n_roots)];
	root.day += 100000;
	root.size += 1 + (int64_t)roll(t, AUDIT_DAY_RECORDS - 1);
	t->from = root.size <= t->records ? root.size : t->records + 1;
	return audit_roots_insert(tx, &root);
}

static err swap(struct tamper *t, struct conn *tx)
{
	int64_t a = any_record(t), b = any_record(t);
	err e;
	while (b == a)
		b = roll(t, 2) && a < t->records ? a + 1 : any_record(t);
	t->from = a < b ? a : b;
	TRY(tamper_renumber(tx, a, 0));
	TRY(tamper_renumber(tx, b, a));
	TRY(tamper_renumber(tx, 0, b));
out:
	return e;
}

static err cut(struct tamper *t, struct conn *tx, bool clean)
{
	/* Up to its last root: what comes after that nobody has seen yet. */
	int64_t seq = (int64_t)roll(t, (uint64_t)t->roots[t->n_roots - 1].size);
	t->from = seq + 1;
	return tamper_cut(tx, seq, clean);
}

static err rewrite(struct tamper *t, struct conn *tx, const unsigned char *secret)
{
	/* A root that is remembered lies before the end, and what is changed before that. */
	int64_t last = t->roots[t->n_roots - 1].size;
	t->from = t->kind == TAMPER_REWRITE_KEY ? 1 : 1 + (int64_t)roll(t, (uint64_t)last);
	struct audit_rewriting w = { .mem = t->trial,
		                     .seed = &t->seed,
		                     .roots = t->roots,
		                     .n_roots = t->n_roots,
		                     .from = t->from,
		                     .v = t->kept[(t->from - 1) / TAMPER_KEPT],
		                     .secret = secret,
		                     .key = t->kind == TAMPER_REWRITE_KEY ? t->other_open : NULL,
		                     .fork = t->kind == TAMPER_FORK };
	return audit_rewrite(&w, tx);
}

/* ---- a trial ---- */

static err tamper(struct tamper *t, struct conn *tx)
{
	switch (t->kind) {
	case TAMPER_EDIT:
		return edit_row(t, tx);
	case TAMPER_EDIT_SALT:
		return edit_salt(t, tx);
	case TAMPER_EDIT_ROOT:
		return edit_root(t, tx);
	case TAMPER_DROP:
	case TAMPER_DROP_CLOSED:
		return drop(t, tx, t->kind == TAMPER_DROP_CLOSED);
	case TAMPER_DROP_ROOT:
		t->from = t->roots[roll(t, t->n_roots)].size;
		for (size_t i = 0; i < t->n_roots; i++)
			if (t->roots[i].size == t->from)
				return tamper_delete_root(tx, t->roots[i].day);
		return err_system("no such root");
	case TAMPER_PUT_IN:
		return put_in(t, tx);
	case TAMPER_PUT_IN_ROOT:
		return put_in_root(t, tx);
	case TAMPER_SWAP:
		return swap(t, tx);
	case TAMPER_CUT:
	case TAMPER_CUT_CLEAN:
		return cut(t, tx, t->kind == TAMPER_CUT_CLEAN);
	case TAMPER_REWRITE_OTHER:
	case TAMPER_REWRITE_KEY:
		return rewrite(t, tx, t->other);
	case TAMPER_REWRITE_SAME:
	case TAMPER_FORK:
		return rewrite(t, tx, t->secret);
	case TAMPERINGS:
		break;
	}
	return err_system("no such tampering");
}

struct trial_roots {
	struct audit_root *all;
	size_t n;
};

static err add_trial_root(void *ctx, const struct audit_root *root)
{
	struct trial_roots *roots = ctx;
	roots->all[roots->n++] = *root;
	return OK;
}

static err verify(struct tamper *t, struct conn *tx)
{
	struct trial_roots roots = { ARENA_ARRAY(t->trial, t->n_roots + 1, struct audit_root), 0 };
	struct audit_verifier v;
	int64_t before = t->from < 1 ? 0 : t->from > t->records ? t->records : t->from - 1;
	err e;
	TRY(audit_roots_each(tx, add_trial_root, &roots));
	v = t->kept[before / TAMPER_KEPT];
	v.memory = &t->memory;
	v.roots = roots.all;
	v.n_roots = roots.n;
	TRY(audit_verify_on(&v, tx));
	t->what = v.fault;
out:
	return e;
}

#define WHY_BACK "the trial is over"

static err trial_work(struct conn *tx, void *ctx)
{
	struct tamper *t = ctx;
	err e;
	TRY(tamper(t, tx));
	TRY(verify(t, tx));
	e = err_conflict(NULL, WHY_BACK);
out:
	return e;
}

err tamper_try(struct tamper *t, enum tampering kind, struct audit_fault *what)
{
	const struct audit_root *last = &t->roots[t->n_roots - 1];
	struct merkle_hash top;
	err e;
	arena_reset(t->trial);
	memcpy(top.b, last->root, sizeof top.b);
	t->kind = kind;
	t->memory = kind == TAMPER_CUT_CLEAN || kind >= TAMPER_REWRITE_KEY
	                    ? (struct audit_memory){ .root = &top, .size = last->size }
	                    : nothing;
	t->what = (struct audit_fault){ .day = -1 };
	e = store_write(t->c->store, (struct store_job){ trial_work, NULL, t });
	*what = t->what;
	return e.code == ERR_CONFLICT && e.why && strcmp(e.why, WHY_BACK) == 0 ? OK : e;
}
