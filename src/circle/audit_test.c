#include "circle/audit.h"

#include "circle/audit_record.h"
#include "circle/town_testing.h"
#include "store/audits.h"

#include <stdlib.h>
#include <string.h>

#define NOW_MS TOWN_NOW_MS
#define assert_text(got, want) assert_true(str_eq((got), str_of(want)))

/* A town with time and chance, so that it can write to its log. */
struct desk {
	struct town *t;
	const struct audit_entry *entry;
	bool fail;
	int64_t seq;
};

static int desk_new(void **state)
{
	struct desk *d = calloc(1, sizeof *d);
	assert_non_null(d);
	d->t = town_new(4, 7);
	d->t->c.chance = chance_seeded(&d->t->seed);
	*state = d;
	return 0;
}

static int desk_free(void **state)
{
	struct desk *d = *state;
	town_free(d->t);
	free(d);
	return 0;
}

static err append_work(struct conn *tx, void *ctx)
{
	struct desk *d = ctx;
	err e = audit_append(&d->t->c, tx, d->entry, NOW_MS, &d->seq);
	return d->fail && !failed(e) ? err_conflict(NULL, "Not after all.") : e;
}

static err append(struct desk *d, const struct audit_entry *entry)
{
	d->entry = entry;
	return store_write(d->t->c.store, (struct store_job){ append_work, NULL, d });
}

static struct audit_row row_at(struct desk *d, int64_t seq)
{
	struct conn *conn = NULL;
	struct audit_row row;
	assert_ok(store_read(d->t->c.store, &conn));
	assert_ok(audits_find(conn, seq, d->t->mem, &row));
	store_read_end(d->t->c.store, &conn);
	return row;
}

static struct audit_entry measure_begun(struct desk *d)
{
	return (struct audit_entry){
		.kind = "measure.begun",
		.concerned = d->t->people[2],
		.fields = { { .name = "measure", .kind = AUDIT_NUMBER, .number = 41 },
		            { .name = "rule", .kind = AUDIT_WORD, .text = S("text.fees") },
		            { .name = "subject",
		              .kind = AUDIT_PERSON,
		              .number = d->t->people[2].v },
		            { .name = "by", .kind = AUDIT_PERSON, .number = d->t->people[1].v },
		            { .name = "ended-by", .kind = AUDIT_PERSON, .number = 0 },
		            { .name = "note", .kind = AUDIT_TEXT, .text = S("28 个赞") } },
		.n = 6,
	};
}

static void a_record_is_canonical(void **state)
{
	struct desk *d = *state;
	struct audit_entry entry = measure_begun(d);
	struct audit_parts parts;
	struct audit_row row;
	assert_ok(append(d, &entry));
	assert_true(d->seq == 1);
	row = row_at(d, 1);
	assert_true(audit_record_read(row.record, &parts));
	assert_text(parts.kind, "measure.begun");
	assert_true(parts.seq == 1 && parts.at_ms == NOW_MS && row.at_ms == NOW_MS);
	assert_text(audit_record_value(&parts, S("measure")), "41");
	assert_text(audit_record_value(&parts, S("rule")), "text.fees");
	assert_text(audit_record_value(&parts, S("ended-by")), "0");
	assert_int_equal(audit_record_value(&parts, S("note")).n, AUDIT_HIDDEN_BYTES);
	assert_int_equal(parts.n, 10);
}

static void no_value_forges_a_line(void **state)
{
	struct desk *d = *state;
	struct audit_entry entry = { .kind = "a.b",
		                     .fields = { { .name = "word",
		                                   .kind = AUDIT_WORD,
		                                   .text = S("x\nmeasure=7\r%0A~é\x7f") },
		                                 { .name = "empty", .kind = AUDIT_WORD } },
		                     .n = 2 };
	struct audit_parts parts;
	assert_ok(append(d, &entry));
	assert_true(audit_record_read(row_at(d, 1).record, &parts));
	assert_int_equal(parts.n, 5);
	assert_text(audit_record_value(&parts, S("word")), "x%0Ameasure=7%0D%250A%7E%C3%A9%7F");
	assert_int_equal(audit_record_value(&parts, S("measure")).n, 0);
	assert_int_equal(audit_record_value(&parts, S("for")).n, 0);
}

static void each_person_has_a_salt_of_their_own(void **state)
{
	struct desk *d = *state;
	struct audit_entry entry = measure_begun(d);
	struct audit_parts parts;
	struct audit_salt *salts, wrong;
	struct audit_row row;
	struct conn *conn = NULL;
	char hidden[AUDIT_HIDDEN_BYTES];
	size_t n;
	assert_ok(append(d, &entry));
	row = row_at(d, 1);
	assert_true(audit_record_read(row.record, &parts));
	assert_ok(store_read(d->t->c.store, &conn));
	assert_ok(audit_salts_in(conn, 1, d->t->mem, &salts, &n));
	store_read_end(d->t->c.store, &conn);
	assert_int_equal(n, 2);
	assert_true(salts[0].person.v == d->t->people[1].v && !salts[0].concerned);
	assert_true(salts[1].person.v == d->t->people[2].v && salts[1].concerned);
	assert_true(audit_record_names(&parts, &salts[0]));
	assert_true(audit_record_names(&parts, &salts[1]));
	/* With the salt of who is concerned nobody finds out who `by` was. */
	for (int i = 0; i < d->t->n_people; i++) {
		wrong = salts[1];
		wrong.person = d->t->people[i];
		wrong.concerned = false;
		assert_true(audit_record_names(&parts, &wrong) == (i == 2));
	}
	audit_record_hide(salts[1].salt, S("note"), S("28 个赞"), hidden);
	assert_true(str_eq(audit_record_value(&parts, S("note")), (str){ hidden, sizeof hidden }));
	salts[0].salt[3] ^= 1;
	assert_false(audit_record_names(&parts, &salts[0]));
}

static void words_of_nobody_have_a_salt_too(void **state)
{
	struct desk *d = *state;
	struct audit_entry entry = {
		.kind = "complaint.filed",
		.fields = { { .name = "about", .kind = AUDIT_TEXT, .text = S("a copy") } },
		.n = 1
	};
	struct audit_parts parts;
	struct audit_salt *salts;
	struct conn *conn = NULL;
	size_t n;
	assert_ok(append(d, &entry));
	assert_true(audit_record_read(row_at(d, 1).record, &parts));
	assert_ok(store_read(d->t->c.store, &conn));
	assert_ok(audit_salts_in(conn, 1, d->t->mem, &salts, &n));
	store_read_end(d->t->c.store, &conn);
	assert_true(n == 1 && salts[0].person.v == 0 && salts[0].concerned);
	assert_true(audit_record_names(&parts, &salts[0]));
}

/* Who has their own salt cannot try out what they do not get to read. */
static void what_is_sealed_takes_two_salts(void **state)
{
	struct desk *d = *state;
	struct audit_entry entry = measure_begun(d);
	struct audit_parts parts;
	struct audit_salt *salts;
	struct conn *conn = NULL;
	char hidden[AUDIT_HIDDEN_BYTES];
	size_t n;
	entry.fields[entry.n++] = (struct audit_field){ .name = "trace",
		                                        .kind = AUDIT_SEALED,
		                                        .text = S("3 copies") };
	assert_ok(append(d, &entry));
	assert_true(audit_record_read(row_at(d, 1).record, &parts));
	assert_ok(store_read(d->t->c.store, &conn));
	assert_ok(audit_salts_in(conn, 1, d->t->mem, &salts, &n));
	store_read_end(d->t->c.store, &conn);
	assert_int_equal(n, 3);
	assert_true(salts[0].person.v == 0 && !salts[0].concerned && salts[2].concerned);
	for (size_t i = 0; i < n; i++)
		assert_true(audit_record_names(&parts, &salts[i]));
	str trace = audit_record_value(&parts, S("trace"));
	for (size_t i = 0; i < n; i++) {
		audit_record_hide(salts[i].salt, S("trace"), S("3 copies"), hidden);
		assert_false(str_eq(trace, (str){ hidden, sizeof hidden }));
	}
	audit_record_seal(salts[2].salt, salts[0].salt, S("trace"), S("3 copies"), hidden);
	assert_true(str_eq(trace, (str){ hidden, sizeof hidden }));
	/* Of nobody, one salt does for all. */
	entry = (struct audit_entry){
		.kind = "a.b",
		.fields = { { .name = "trace", .kind = AUDIT_SEALED, .text = S("x") } },
		.n = 1
	};
	assert_ok(append(d, &entry));
	assert_true(audit_record_read(row_at(d, 2).record, &parts));
	assert_int_equal(parts.n, 5);
}

/* Chain and tree of 200 records, some of them rolled back, are those of the records that stand. */
static void what_is_rolled_back_leaves_nothing(void **state)
{
	struct desk *d = *state;
	struct audit_entry entry = measure_begun(d);
	struct merkle_hash before = { 0 }, root, node;
	struct merkle_edge edge = { 0 };
	struct conn *conn = NULL;
	for (int i = 0; i < 200; i++) {
		d->fail = i % 3 == 1;
		if (d->fail)
			assert_fails(append(d, &entry), ERR_CONFLICT);
		else
			assert_ok(append(d, &entry));
	}
	d->fail = false;
	for (int64_t seq = 1; seq <= 133; seq++) {
		struct audit_row row = row_at(d, seq);
		struct merkle_hash leaf = merkle_leaf(row.record.p, row.record.n);
		struct merkle_hash whole[MERKLE_LEVELS];
		int n;
		before = audit_record_chain(&before, row.record);
		assert_true(merkle_equal(&before, &row.hash));
		merkle_edge_add(&edge, &leaf, whole, &n);
		assert_int_equal(row.nodes.n, (size_t)n * MERKLE_BYTES);
		assert_memory_equal(row.nodes.p, whole, row.nodes.n);
	}
	assert_ok(store_read(d->t->c.store, &conn));
	const struct merkle_source source = { conn, audits_node };
	assert_ok(merkle_root(&source, 133, &root));
	node = merkle_edge_root(&edge);
	assert_true(merkle_equal(&root, &node));
	store_read_end(d->t->c.store, &conn);
}

static void a_record_has_its_bound(void **state)
{
	struct desk *d = *state;
	char *long_word = arena_alloc(d->t->mem, AUDIT_RECORD_MAX_BYTES);
	memset(long_word, 'a', AUDIT_RECORD_MAX_BYTES);
	struct audit_entry entry = {
		.kind = "a.b",
		.fields = { { .name = "word",
		              .kind = AUDIT_WORD,
		              .text = { long_word, AUDIT_RECORD_MAX_BYTES } } },
		.n = 1
	};
	assert_fails(append(d, &entry), ERR_SYSTEM);
}

static void what_is_no_record_is_not_read(void **state)
{
	static const char *const bad[] = {
		"",
		"a.b",
		"a.b\n",
		"a.b\nseq=1\nat=2\n",
		"a.b\nseq=01\nat=2\nblind=00000000000000000000000000000000\n",
		"a.b\nseq=1\nat=+2\nblind=00000000000000000000000000000000\n",
		"a.b\nseq=1\nat=2\nblind=00\n",
		"a.b\nat=2\nseq=1\nblind=00000000000000000000000000000000\n",
		"a.b\nseq=1\nat=2\nblind=00000000000000000000000000000000\nx\n",
		"a.b\nseq=1\nat=2\nblind=00000000000000000000000000000000\nX=1\n",
		"a.b\nseq=1\nat=2\nblind=00000000000000000000000000000000\n=1\n",
		"a.b\nseq=1\nat=2\nblind=00000000000000000000000000000000\nx=\x01\n",
		"a.b\nseq=1\nat=2\nblind=00000000000000000000000000000000\nx=1",
		"a b\nseq=1\nat=2\nblind=00000000000000000000000000000000\n",
		"\nseq=1\nat=2\nblind=00000000000000000000000000000000\n",
	};
	struct audit_parts parts;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(audit_record_read(str_of(bad[i]), &parts));
	assert_true(audit_record_read(
		S("a.b\nseq=1\nat=-2\nblind=00000000000000000000000000000000\nx=1\n"), &parts));
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_new, desk_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_record_is_canonical),
		DESK_TEST(no_value_forges_a_line),
		DESK_TEST(each_person_has_a_salt_of_their_own),
		DESK_TEST(words_of_nobody_have_a_salt_too),
		DESK_TEST(what_is_sealed_takes_two_salts),
		DESK_TEST(what_is_rolled_back_leaves_nothing),
		DESK_TEST(a_record_has_its_bound),
		cmocka_unit_test(what_is_no_record_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
