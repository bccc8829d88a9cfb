/* The log from outside: roots, proofs and receipts as they are answered, held against each other by tests/verify_log.py, which knows none of
 * this program. */
#include "api/api_testing.h"
#include "circle/audit_root.h"
#include "store/measures.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct house *h;
static person_id anna, bert, stew;
static str a_token, b_token;

static int set_up(void **state)
{
	(void)state;
	h = house_new(false);
	anna = house_person(h, "anna", ROLE_MEMBER);
	bert = house_person(h, "bert", ROLE_MEMBER);
	stew = house_person(h, "stew", ROLE_STEWARD);
	a_token = house_token(h, anna, NULL);
	b_token = house_token(h, bert, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

/* ---- what happens in the circle ---- */

struct deed {
	person_id subject;
	int64_t measure;
	const char *kind, *note;
};

static err deed_work(struct conn *tx, void *ctx)
{
	const struct deed *d = ctx;
	struct measure m = { .id = { d->measure },
		             .subject = d->subject,
		             .kind = MEASURE_NOTICE,
		             .rule = S("text.fees"),
		             .policy = S("none"),
		             .evidence = S("{\"score\":1}"),
		             .decision_note = str_of(d->note),
		             .starts_at_ms = h->at_ms,
		             .ends_at_ms = INT64_MAX };
	struct audit_entry entry = {
		.kind = d->kind,
		.concerned = d->subject,
		.fields = { { "measure", AUDIT_NUMBER, d->measure, STR_NONE },
		            { "rule", AUDIT_WORD, 0, S("text.fees") },
		            { "subject", AUDIT_PERSON, d->subject.v, STR_NONE },
		            { "by", AUDIT_PERSON, stew.v, STR_NONE },
		            { "evidence", AUDIT_SEALED, 0, m.evidence },
		            { "note", AUDIT_TEXT, 0, m.decision_note } },
		.n = 6,
	};
	err e = strcmp(d->kind, "measure.begun") == 0 ? measures_insert(tx, &m) : OK;
	return failed(e) ? e : audit_append(h->circle, tx, &entry, h->at_ms, NULL);
}

static void deed(person_id subject, int64_t measure, const char *kind)
{
	struct deed d = { subject, measure, kind, "28 个赞才能领奖" };
	assert_ok(store_write(h->circle->store, (struct store_job){ deed_work, NULL, &d }));
}

static void next_day(void)
{
	h->at_ms += AUDIT_DAY_MS;
	assert_ok(audit_day(h->circle, h->at_ms));
}

static void a_week(void)
{
	deed(anna, 71, "measure.begun");
	deed(bert, 72, "measure.begun");
	for (int day = 0; day < 6; day++) {
		next_day();
		deed(anna, 71, "measure.kept");
		deed(bert, 72, "measure.kept");
	}
	next_day();
}

/* ---- what is public ---- */

static str day_at(const struct answer *roots, int at)
{
	char path[32];
	snprintf(path, sizeof path, "%d.day", at);
	return answer_text(roots, path);
}

static struct answer consistency(str from, str to)
{
	return house_get(
		h,
		str_to_c(h->mem,
	                 str_format(h->mem, "/api/kith/v1/audit/consistency?from=%.*s&to=%.*s",
	                            STR_ARG(from), STR_ARG(to))),
		STR_NONE);
}

static void roots_are_everybody_s(void **state)
{
	struct answer roots, key, link;
	(void)state;
	a_week();
	roots = house_get(h, "/api/kith/v1/audit/roots", STR_NONE);
	assert_status(roots, 200);
	assert_int_equal(json_array_size(roots.json), 8);
	for (int i = 0; i + 1 < 8; i++)
		assert_true(str_cmp(day_at(&roots, i), day_at(&roots, i + 1)) > 0);
	/* Two things a day, or none: nobody can tell. */
	char path[32];
	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof path, "%d.size", i);
		assert_int_equal(json_integer_value(answer_at(&roots, path)),
		                 (8 - i) * AUDIT_DAY_RECORDS);
	}
	key = house_get(h, "/api/kith/v1/audit/key", STR_NONE);
	assert_status(key, 200);
	assert_int_equal(answer_text(&key, "key").n, 64);
	link = consistency(day_at(&roots, 6), day_at(&roots, 1));
	assert_status(link, 200);
	assert_true(str_eq(answer_text(&link, "from.day"), day_at(&roots, 6)));
	assert_status(consistency(day_at(&roots, 2), day_at(&roots, 2)), 200);
}

static void older_roots_are_on_other_pages(void **state)
{
	struct answer first, second;
	(void)state;
	for (int i = 0; i < 50; i++)
		next_day();
	first = house_get(h, "/api/kith/v1/audit/roots", STR_NONE);
	assert_int_equal(json_array_size(first.json), 40);
	second = house_get(
		h,
		str_to_c(h->mem, str_format(h->mem, "/api/kith/v1/audit/roots?max_day=%.*s",
	                                    STR_ARG(day_at(&first, 39)))),
		STR_NONE);
	assert_int_equal(json_array_size(second.json), 11);
	assert_true(str_cmp(day_at(&second, 0), day_at(&first, 39)) < 0);
}

static void days_that_are_none_are_refused(void **state)
{
	struct answer roots = house_get(h, "/api/kith/v1/audit/roots", STR_NONE);
	str day = day_at(&roots, 0);
	(void)state;
	assert_field_at_fault(house_get(h, "/api/kith/v1/audit/roots?max_day=yesterday", STR_NONE),
	                      422, "max_day");
	assert_field_at_fault(consistency(S("2026-02-30"), day), 422, "from");
	assert_field_at_fault(consistency(day, S("")), 422, "to");
	assert_status(consistency(S("1999-01-01"), day), 404);
	next_day();
	roots = house_get(h, "/api/kith/v1/audit/roots", STR_NONE);
	assert_field_at_fault(consistency(day_at(&roots, 0), day), 422, "to");
}

static void the_page_says_how_to_hold_us_to_it(void **state)
{
	struct answer key, page;
	(void)state;
	for (int i = 0; i < 45; i++)
		next_day();
	key = house_get(h, "/api/kith/v1/audit/key", STR_NONE);
	page = house_ask(h, "GET", "/audit", STR_NONE, "Accept-Language: en\r\n", NULL);
	assert_status(page, 200);
	str csp = answer_field(&page, "Content-Security-Policy");
	assert_true(str_find(csp, S("default-src 'none'")) != SIZE_MAX);
	assert_true(str_find(page.body, S("<script")) == SIZE_MAX);
	assert_true(str_find(page.body, S("<html lang=\"en\">")) != SIZE_MAX);
	assert_true(str_find(page.body, str_slice(answer_text(&key, "key"), 0, 16)) != SIZE_MAX);
	assert_true(str_find(page.body, S("/audit?before=")) != SIZE_MAX);
	page = house_ask(h, "GET", "/audit", STR_NONE, "Accept-Language: zh-CN\r\n", NULL);
	assert_true(str_find(page.body, S("秩序日志")) != SIZE_MAX);
	page = house_ask(h, "GET", "/audit?before=1999-01-01", STR_NONE, "", NULL);
	assert_status(page, 200);
	assert_true(str_find(page.body, S("<table")) == SIZE_MAX);
	assert_status(house_get(h, "/audit?before=%3Cb%3E", STR_NONE), 422);
}

/* ---- receipts ---- */

static void a_receipt_is_for_who_is_concerned(void **state)
{
	struct answer a;
	(void)state;
	deed(anna, 71, "measure.begun");
	deed(bert, 72, "measure.begun");
	/* Until the day has its root, nothing: a number would count the others'. */
	a = house_get(h, "/api/kith/v1/measures/71/receipts", a_token);
	assert_status(a, 200);
	assert_true(str_eq(a.body, S("[]")));
	next_day();
	deed(anna, 71, "measure.kept");
	a = house_get(h, "/api/kith/v1/measures/71/receipts", a_token);
	assert_int_equal(json_array_size(a.json), 1);
	assert_true(str_starts(answer_text(&a, "0.record"), S("measure.begun\nseq=")));
	assert_true(str_find(answer_text(&a, "0.record"), S("\nmeasure=71\n")) != SIZE_MAX);
	/* Opened: that it is about me, and the note. Not who decided, and not the trace. */
	str me = str_format(h->mem, "%lld", (long long)anna.v);
	assert_true(str_eq(answer_text(&a, "0.opened.for"), me));
	assert_true(str_eq(answer_text(&a, "0.opened.subject"), me));
	assert_text(a, "0.opened.note", "28 个赞才能领奖");
	assert_int_equal(json_object_size(answer_at(&a, "0.opened")), 3);
	assert_true(str_find(a.body, S("score")) == SIZE_MAX);
	str other = str_format(h->mem, "%lld", (long long)stew.v);
	assert_true(str_find(a.body, other) == SIZE_MAX);
	assert_status(house_get(h, "/api/kith/v1/measures/72/receipts", a_token), 404);
	assert_status(house_get(h, "/api/kith/v1/measures/99/receipts", a_token), 404);
	assert_status(house_get(h, "/api/kith/v1/measures/71/receipts", STR_NONE), 401);
	a = house_get(h, "/api/kith/v1/measures/72/receipts", b_token);
	assert_int_equal(json_array_size(a.json), 1);
}

/* ---- held against each other from outside ---- */

static str keep(const char *name, str body)
{
	str path = str_format(h->mem, "%s/%s.json", h->folder, name);
	assert_ok(file_write(str_to_c(h->mem, path), body, 0600));
	return path;
}

static int script(str key, str roots, str link, str receipts)
{
	const char *root = getenv("KITH_SOURCE_ROOT");
	str line = str_format(h->mem,
	                      "python3 %s/tests/verify_log.py %.*s %.*s --consistency %.*s "
	                      "--receipts %.*s >%s/said 2>&1",
	                      root ? root : ".", STR_ARG(key), STR_ARG(roots), STR_ARG(link),
	                      STR_ARG(receipts), h->folder);
	return system(str_to_c(h->mem, line));
}

/* The answer with one hexadecimal digit or letter of a field's value changed. */
static str changed(str body, const char *field, size_t nth)
{
	str key = str_format(h->mem, "\"%s\":", field);
	char *copy = arena_copy(h->mem, body.p, body.n);
	size_t at = str_find(body, key);
	assert_true(at != SIZE_MAX);
	at += key.n + nth;
	copy[at] = copy[at] == '1' ? '2' : '1';
	return (str){ copy, body.n };
}

static void a_script_that_knows_nothing_of_us_agrees(void **state)
{
	static const struct {
		const char *field;
		size_t nth;
		int which; /* 0: a root, 1: consistency, 2: a receipt */
	} lies[] = { { "key", 5, 3 },  { "root", 9, 0 },      { "signature", 3, 0 },
		     { "at", 9, 0 },   { "head", 4, 0 },      { "proof", 4, 1 },
		     { "root", 7, 1 }, { "record", 30, 2 },   { "salt", 3, 2 },
		     { "path", 7, 2 }, { "leaf", 7, 2 },      { "for", 2, 2 },
		     { "note", 1, 2 }, { "signature", 5, 2 }, { "size", 0, 2 } };
	str bodies[4], paths[4];
	struct answer roots;
	(void)state;
	a_week();
	roots = house_get(h, "/api/kith/v1/audit/roots", STR_NONE);
	bodies[0] = roots.body;
	bodies[1] = consistency(day_at(&roots, 5), day_at(&roots, 0)).body;
	bodies[2] = house_get(h, "/api/kith/v1/measures/71/receipts", a_token).body;
	bodies[3] = house_get(h, "/api/kith/v1/audit/key", STR_NONE).body;
	for (int i = 0; i < 4; i++)
		paths[i] = keep((const char *[]){ "roots", "link", "receipts", "key" }[i],
		                bodies[i]);
	assert_int_equal(script(paths[3], paths[0], paths[1], paths[2]), 0);
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		int which = lies[i].which;
		(void)keep((const char *[]){ "roots", "link", "receipts", "key" }[which],
		           changed(bodies[which], lies[i].field, lies[i].nth));
		if (script(paths[3], paths[0], paths[1], paths[2]) == 0)
			fail_msg("believed with another %s", lies[i].field);
		(void)keep((const char *[]){ "roots", "link", "receipts", "key" }[which],
		           bodies[which]);
	}
	for (int i = 0; i < 4; i++)
		unlink(str_to_c(h->mem, paths[i]));
	unlink(str_to_c(h->mem, str_format(h->mem, "%s/said", h->folder)));
}

#define HOUSE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(roots_are_everybody_s),
		HOUSE_TEST(older_roots_are_on_other_pages),
		HOUSE_TEST(days_that_are_none_are_refused),
		HOUSE_TEST(the_page_says_how_to_hold_us_to_it),
		HOUSE_TEST(a_receipt_is_for_who_is_concerned),
		HOUSE_TEST(a_script_that_knows_nothing_of_us_agrees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
