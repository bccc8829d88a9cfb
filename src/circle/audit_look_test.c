#include "circle/audit_look.h"

#include "circle/audit_verify.h"
#include "circle/erase.h"
#include "circle/stage_testing.h"
#include "store/audits_testing.h"
#include "store/measures.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

static struct stage *s;

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

struct deed {
	const char *kind;
	person_id concerned;
	int64_t measure; /* 0: the record names none */
	int times;
};

static err deed_work(struct conn *tx, void *ctx)
{
	const struct deed *d = ctx;
	struct audit_entry entry = { .kind = d->kind, .concerned = d->concerned };
	err e = OK;
	entry.fields[0] = (struct audit_field){ "by", AUDIT_PERSON, s->people[1].v, STR_NONE };
	entry.fields[1] = (struct audit_field){ "note", AUDIT_TEXT, 0, S("words") };
	entry.fields[2] = (struct audit_field){ "measure", AUDIT_NUMBER, d->measure, STR_NONE };
	entry.n = d->measure ? 3 : 2;
	for (int i = 0; i < d->times; i++)
		TRY(audit_append(s->c, tx, &entry, s->now_ms, NULL));
out:
	return e;
}

static void deed(const char *kind, person_id concerned, int64_t measure, int times)
{
	struct deed d = { kind, concerned, measure, times };
	assert_ok(store_write(s->c->store, (struct store_job){ deed_work, NULL, &d }));
}

static err measure_work(struct conn *tx, void *ctx) { return measures_insert(tx, ctx); }

static void begin(int64_t id, person_id subject)
{
	struct measure m = { .id = { id },
		             .subject = subject,
		             .kind = MEASURE_NOTICE,
		             .rule = S("r"),
		             .policy = S("p"),
		             .evidence = S("{}"),
		             .decision_note = S("words"),
		             .starts_at_ms = s->now_ms,
		             .ends_at_ms = INT64_MAX };
	assert_ok(store_write(s->c->store, (struct store_job){ measure_work, NULL, &m }));
}

static void next_day(void)
{
	s->now_ms += AUDIT_DAY_MS;
	assert_ok(audit_day(s->c, s->now_ms));
}

static size_t receipts(person_id me, int64_t measure, struct audit_receipt **out)
{
	size_t n = 0;
	assert_ok(audit_receipts(s->c, me, (measure_id){ measure }, s->mem, out, &n));
	return n;
}

static void receipts_hold_and_open_what_is_mine(void **state)
{
	struct audit_receipt *r;
	(void)state;
	begin(41, s->people[2]);
	deed("measure.begun", s->people[2], 41, 1);
	assert_int_equal(receipts(s->people[2], 41, &r), 0);
	next_day();
	deed("measure.ended", s->people[2], 41, 1);
	assert_int_equal(receipts(s->people[2], 41, &r), 1);
	next_day();
	assert_int_equal(receipts(s->people[2], 0, &r), 2);
	for (int i = 0; i < 2; i++) {
		assert_null(audit_receipt_fault(&r[i]));
		assert_int_equal(r[i].n_opened, 2);
		assert_text(r[i].opened[1].name, "note");
	}
	assert_fails(
		audit_receipts(s->c, s->people[3], (measure_id){ 41 }, s->mem, &r, &(size_t){ 0 }),
		ERR_MISSING);
}

/* What is written about a person's case, or by them of somebody else's, is in no receipt, though they are named in it. */
static void only_what_is_about_my_measures_is_told(void **state)
{
	struct audit_receipt *r;
	(void)state;
	begin(41, s->people[2]);
	deed("case.asked", s->people[2], 0, 1);
	deed("measure.begun", s->people[2], 41, 1);
	next_day();
	assert_int_equal(receipts(s->people[2], 0, &r), 1);
	assert_int_equal(receipts(s->people[1], 0, &r), 0); /* who decided it */
}

static void a_changed_receipt_does_not_hold(void **state)
{
	struct audit_receipt *r, bad;
	char *record;
	(void)state;
	begin(41, s->people[2]);
	deed("measure.begun", s->people[2], 41, 1);
	next_day();
	assert_int_equal(receipts(s->people[2], 41, &r), 1);
	bad = *r;
	record = arena_copy(s->mem, r->record.p, r->record.n);
	record[r->record.n - 2] ^= 1;
	bad.record.p = record;
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.path.path[2].b[0] ^= 1;
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.root.at_ms++;
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.key[4] ^= 1;
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.opened[0].value = S("0");
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.opened[0].name = S("measure");
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.salt[7] ^= 1;
	assert_non_null(audit_receipt_fault(&bad));
	bad = *r;
	bad.record = S("nothing\n");
	assert_non_null(audit_receipt_fault(&bad));
}

static void many_records_are_read_to_the_end(void **state)
{
	struct audit_receipt *r;
	(void)state;
	begin(41, s->people[2]);
	begin(42, s->people[2]);
	deed("measure.begun", s->people[2], 41, 300);
	deed("measure.begun", s->people[2], 42, 2);
	next_day();
	assert_int_equal(receipts(s->people[2], 42, &r), 2);
	assert_null(audit_receipt_fault(&r[1]));
	assert_int_equal(receipts(s->people[2], 0, &r), 302);
}

static void with_its_person_goes_what_opens_a_record(void **state)
{
	struct audit_receipt *r;
	(void)state;
	begin(41, s->people[2]);
	deed("measure.begun", s->people[2], 41, 1);
	next_day();
	assert_ok(erase_person(s->c, s->people[2], s->now_ms));
	assert_int_equal(receipts(s->people[2], 0, &r), 0);
}

struct cut {
	int64_t seq;
};

static err cut_work(struct conn *tx, void *ctx)
{
	return tamper_cut(tx, ((const struct cut *)ctx)->seq, true);
}

static const char *fault_of(const struct audit_receipt *receipt)
{
	struct merkle_hash root;
	struct audit_memory memory = { .size = receipt ? receipt->root.size : 0 };
	struct audit_verified v;
	struct conn *conn = NULL;
	if (receipt) {
		memcpy(root.b, receipt->root.root, sizeof root.b);
		memory.root = &root;
	}
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audit_verify(conn, &memory, NULL, NULL, &v));
	store_read_end(s->c->store, &conn);
	return v.fault.what;
}

/* Its root and size are something that is remembered: nothing under them is cut off unseen, though the roots go along. What was written
 * since the last root can be, for the log alone is silent about it. */
static void a_receipt_remembers_for_who_has_it(void **state)
{
	struct audit_receipt *r;
	(void)state;
	begin(41, s->people[2]);
	deed("measure.begun", s->people[2], 41, 1);
	next_day();
	assert_int_equal(receipts(s->people[2], 41, &r), 1);
	struct audit_receipt mine = r[0];
	deed("measure.ended", s->people[2], 41, 1);
	struct cut tail = { mine.root.size + 1 }; /* with it goes all but the record of the root */
	assert_ok(store_write(s->c->store, (struct store_job){ cut_work, NULL, &tail }));
	assert_null(fault_of(NULL));
	assert_null(fault_of(&mine));
	struct cut below = { 65 }; /* to the end of the first day */
	assert_true(mine.root.size > below.seq);
	assert_ok(store_write(s->c->store, (struct store_job){ cut_work, NULL, &below }));
	assert_null(fault_of(NULL));
	assert_non_null(fault_of(&mine));
}

static void an_older_receipt_keeps_its_key(void **state)
{
	struct audit_receipt *r;
	char path[128];
	(void)state;
	begin(41, s->people[2]);
	deed("measure.begun", s->people[2], 41, 1);
	next_day();
	snprintf(path, sizeof path, "%s/" AUDIT_KEY_FILE, s->folder);
	assert_ok(file_write(path, STR_NONE, 0600));
	stage_reopen(s);
	deed("measure.ended", s->people[2], 41, 1);
	next_day();
	assert_int_equal(receipts(s->people[2], 41, &r), 2);
	assert_null(audit_receipt_fault(&r[0]));
	assert_null(audit_receipt_fault(&r[1]));
	assert_memory_not_equal(r[0].key, r[1].key, AUDIT_KEY_BYTES);
	assert_memory_equal(r[1].key, audit_public_key(s->c), AUDIT_KEY_BYTES);
}

static void each_day_goes_on_from_any_before(void **state)
{
	struct audit_link link;
	struct audit_root *roots;
	size_t n;
	(void)state;
	for (int i = 0; i < 9; i++) {
		deed("a.b", s->people[2], 0, 11 * i);
		next_day();
	}
	assert_ok(audit_roots(s->c, INT64_MAX, 40, s->mem, &roots, &n));
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j <= i; j++) {
			struct merkle_hash from, to;
			assert_ok(audit_consistency(s->c, roots[i].day, roots[j].day, &link));
			memcpy(from.b, link.from.root, sizeof from.b);
			memcpy(to.b, link.to.root, sizeof to.b);
			assert_true(merkle_consistent(link.from.size, &from, link.to.size, &to,
			                              link.proof.path, (size_t)link.proof.n));
		}
	assert_blames(audit_consistency(s->c, roots[0].day, roots[1].day, &link), ERR_INPUT, "to");
	assert_fails(audit_consistency(s->c, 4, roots[1].day, &link), ERR_MISSING);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(receipts_hold_and_open_what_is_mine),
		STAGE_TEST(only_what_is_about_my_measures_is_told),
		STAGE_TEST(a_changed_receipt_does_not_hold),
		STAGE_TEST(many_records_are_read_to_the_end),
		STAGE_TEST(with_its_person_goes_what_opens_a_record),
		STAGE_TEST(a_receipt_remembers_for_who_has_it),
		STAGE_TEST(an_older_receipt_keeps_its_key),
		STAGE_TEST(each_day_goes_on_from_any_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
