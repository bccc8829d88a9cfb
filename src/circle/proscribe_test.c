#include "circle/proscribe.h"

#include "circle/stage_testing.h"
#include "store/audits.h"

#include "base/file.h"

#define DAY (INT64_C(24) * 3600 * 1000)
#define ONE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TWO "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct stage *s;

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 1, .screen = true });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static char *path_of(const char *name)
{
	return str_to_c(s->mem, str_format(s->mem, "%s/%s", s->folder, name));
}

/* With this in the bank, so much later. */
static struct proscribed start(const char *bank, int64_t later_ms)
{
	struct proscribed is;
	s->now_ms += later_ms;
	assert_ok(file_write(path_of("bank.txt"), str_of(bank), 0600));
	stage_reopen(s);
	assert_ok(proscribe_look(s->c, s->mem, &is));
	return is;
}

static void expect_bound(const char *want)
{
	str bytes = STR_NONE;
	err e = file_read(path_of(PROSCRIBE_BOUND), 4096, s->mem, &bytes);
	if (failed(e))
		assert_int_equal(e.code, ERR_MISSING);
	assert_text(bytes, want);
}

static str last_kind(void)
{
	struct conn *conn = NULL;
	struct audit_row row;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_last(conn, s->mem, &row));
	store_read_end(s->c->store, &conn);
	return row.kind;
}

static void what_is_added_waits_its_notice_and_is_a_record(void **state)
{
	struct proscribed is = start(ONE "  a fake bag\n", 0);
	(void)state;
	assert_int_equal(is.entries, 1);
	assert_int_equal(is.waiting, 1);
	assert_int_equal(is.binds_at_ms, s->now_ms + 7 * DAY);
	assert_text(last_kind(), "bank.changed");
	expect_bound("");
	(void)start(ONE "  a fake bag\n", 6 * DAY);
	expect_bound("");
	is = start(ONE "  a fake bag\n" TWO "\n", DAY);
	assert_int_equal(is.waiting, 1);
	expect_bound(ONE "\n");
	/* taken out, and in again: it begins anew */
	(void)start(TWO "\n", 0);
	expect_bound("");
	is = start(TWO "\n" ONE "\n", 7 * DAY);
	assert_int_equal(is.waiting, 1);
	expect_bound(TWO "\n");
}

static void an_urgent_one_binds_at_once_and_for_fourteen_days(void **state)
{
	(void)state;
	(void)start(ONE " urgent: a fraud\n", 0);
	expect_bound(ONE "\n");
	(void)start(ONE " urgent: a fraud\n", 13 * DAY);
	expect_bound(ONE "\n");
	(void)start(ONE " urgent: a fraud\n", DAY);
	expect_bound("");
}

static void a_bank_that_stays_is_no_news(void **state)
{
	struct proscribed was = start(ONE "\n", 0), is;
	(void)state;
	assert_text(last_kind(), "bank.changed");
	is = start("# mine\n\n" ONE " another note\n", DAY);
	assert_true(str_eq(is.hash, was.hash));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_added_waits_its_notice_and_is_a_record),
		TEST(an_urgent_one_binds_at_once_and_for_fourteen_days),
		TEST(a_bank_that_stays_is_no_news),
	};
	return cmocka_run_group_tests_name("proscribe", tests, NULL, NULL);
}
