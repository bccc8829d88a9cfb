#include "circle/audit_root.h"

#include "circle/audit_verify.h"
#include "circle/stage_testing.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct stage *stage;

static int set_up(void **state)
{
	(void)state;
	stage = stage_new((struct stage_needs){ .people = 0 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(stage);
	return 0;
}

static struct audit_verified verified(void)
{
	struct audit_verified out;
	struct conn *conn = NULL;
	assert_ok(store_read(stage->c->store, &conn));
	assert_ok(audit_verify(conn, &(struct audit_memory){ .key = audit_public_key(stage->c) },
	                       NULL, NULL, &out));
	store_read_end(stage->c->store, &conn);
	return out;
}

static err root_before(int64_t at_ms, struct audit_root *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(stage->c->store, &conn));
	e = audit_root_before(conn, at_ms, out);
	store_read_end(stage->c->store, &conn);
out:
	return e;
}

static err append_work(struct conn *tx, void *ctx)
{
	const struct audit_entry entry = { .kind = "a.b" };
	(void)ctx;
	return audit_append(stage->c, tx, &entry, stage->now_ms, NULL);
}

static void append(int n)
{
	for (int i = 0; i < n; i++)
		assert_ok(store_write(stage->c->store,
		                      (struct store_job){ append_work, NULL, NULL }));
}

static void a_log_begins_with_its_key_and_a_root(void **state)
{
	struct audit_root root;
	int64_t today = stage->now_ms / AUDIT_DAY_MS;
	(void)state;
	struct audit_verified v = verified();
	assert_null(v.fault.what);
	assert_true(v.records == AUDIT_DAY_RECORDS + 1 && v.roots == 1 && v.keys == 1);
	assert_true(v.last.day == today - 1 && v.last.size == AUDIT_DAY_RECORDS);
	/* A draw in the very millisecond has one that was there before it. */
	assert_ok(root_before(stage->now_ms, &root));
	assert_true(root.day == today - 1);
	/* The day begins with a root of its own: nothing more until it ends. */
	assert_ok(audit_day(stage->c, stage->now_ms));
	assert_true(verified().roots == 1);
}

static void a_day_that_ended_gets_its_root_once(void **state)
{
	struct audit_root root;
	int64_t today = stage->now_ms / AUDIT_DAY_MS, first_ms = stage->now_ms;
	(void)state;
	append(5);
	stage->now_ms = (today + 1) * AUDIT_DAY_MS + 31000;
	assert_ok(root_before(stage->now_ms, &root));
	assert_true(root.day == today - 1);
	for (int i = 0; i < 3; i++)
		assert_ok(audit_day(stage->c, stage->now_ms));
	struct audit_verified v = verified();
	assert_null(v.fault.what);
	assert_true(v.roots == 2 && v.last.day == today && v.last.at_ms == stage->now_ms);
	assert_ok(root_before(stage->now_ms, &root));
	assert_true(root.day == today - 1);
	assert_ok(root_before(stage->now_ms + 1, &root));
	assert_true(root.day == today);
	assert_ok(root_before(first_ms - AUDIT_DAY_MS, &root));
	assert_true(root.day == today - 1);
}

/* Nothing, five things and sixty look the same from outside. */
static void sizes_tell_nothing_of_a_small_circle(void **state)
{
	static const int happened[] = { 0, 5, 62 };
	int64_t size = AUDIT_DAY_RECORDS;
	(void)state;
	for (size_t i = 0; i < COUNT(happened); i++) {
		append(happened[i]);
		stage->now_ms += AUDIT_DAY_MS;
		assert_ok(audit_day(stage->c, stage->now_ms));
		struct audit_verified v = verified();
		assert_null(v.fault.what);
		assert_true(v.last.size == size + AUDIT_DAY_RECORDS);
		size = v.last.size;
	}
}

static void records_that_say_nothing_are_written_all_day(void **state)
{
	int64_t before = verified().records, more;
	(void)state;
	for (int i = 0; i < 2000; i++)
		assert_ok(audit_day(stage->c, stage->now_ms));
	more = verified().records - before;
	assert_in_range(more, 10, 100); /* 44 of 2,000 are expected, 6.6 is the deviation */
}

static void a_clock_that_jumps_stops_nothing(void **state)
{
	int64_t began_ms = stage->now_ms, today = began_ms / AUDIT_DAY_MS;
	struct audit_root root;
	(void)state;
	stage->now_ms = began_ms + 365 * AUDIT_DAY_MS;
	assert_ok(audit_day(stage->c, stage->now_ms));
	stage->now_ms = began_ms;
	assert_ok(audit_day(stage->c, stage->now_ms));
	stage->now_ms = began_ms + AUDIT_DAY_MS;
	assert_ok(audit_day(stage->c, stage->now_ms));
	struct audit_verified v = verified();
	assert_null(v.fault.what);
	assert_true(v.roots == 3 && v.last.day == today);
	/* What a wrong clock dated later is not the last one for a draw of now. */
	assert_ok(root_before(stage->now_ms + 1, &root));
	assert_true(root.day == today);
}

static void a_reopened_circle_goes_on(void **state)
{
	unsigned char key[AUDIT_KEY_BYTES];
	(void)state;
	memcpy(key, audit_public_key(stage->c), sizeof key);
	append(3);
	stage_reopen(stage);
	assert_memory_equal(key, audit_public_key(stage->c), sizeof key);
	struct audit_verified v = verified();
	assert_null(v.fault.what);
	assert_true(v.records == AUDIT_DAY_RECORDS + 4 && v.roots == 1 && v.keys == 1);
}

static void key_path(char path[128]) { snprintf(path, 128, "%s/" AUDIT_KEY_FILE, stage->folder); }

static err reopen(void)
{
	struct circle *c = NULL;
	err e;
	circle_close(&stage->c);
	e = circle_open(&(struct circle_settings){ .folder = stage->folder,
	                                           .clock = clock_fixed(&stage->now_ms),
	                                           .chance = chance_real() },
	                &c);
	stage->c = c;
	return e;
}

static void the_key_is_the_keeper_s_alone(void **state)
{
	char path[128];
	struct stat st;
	(void)state;
	key_path(path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_key_that_is_lost_is_missed(void **state)
{
	char path[128];
	err e;
	(void)state;
	key_path(path);
	assert_int_equal(unlink(path), 0);
	e = reopen();
	assert_true(e.code == ERR_CONFLICT && strstr(e.say, "empty file"));
	assert_ok(file_write(path, S("0000\n"), 0600));
	assert_fails(reopen(), ERR_CONFLICT);
	assert_ok(file_write(
		path, S("00000000000000000000000000000000000000000000000000000000000000aa\n"),
		0600));
	e = reopen();
	assert_true(e.code == ERR_CONFLICT && strstr(e.say, "is not the one"));
	/* The keeper says that it is lost. */
	assert_ok(file_write(path, STR_NONE, 0600));
	assert_ok(reopen());
	stage->now_ms += AUDIT_DAY_MS;
	assert_ok(audit_day(stage->c, stage->now_ms));
	struct audit_verified v = verified();
	assert_null(v.fault.what);
	assert_true(v.keys == 2 && v.roots == 2 && v.key_since == AUDIT_DAY_RECORDS + 2);
}

static void a_day_is_told_and_read(void **state)
{
	static const struct {
		const char *text;
		int64_t day;
	} days[] = { { "1970-01-01", 0 },
		     { "2000-02-29", 11016 },
		     { "2026-05-16", 20589 },
		     { "2026-12-31", 20818 },
		     { "2100-03-01", 47541 } };
	static const char *const bad[] = { "",           "2026-5-16",  "2026-02-30",
		                           "2026-13-01", "2026-00-10", "2026-05-00",
		                           "2026/05/16", "1969-12-31", "2026-05-16x",
		                           "+026-05-16" };
	int64_t day;
	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		assert_text(audit_day_text(days[i].day, stage->mem), days[i].text);
		assert_ok(audit_day_of(str_of(days[i].text), "day", &day));
		assert_true(day == days[i].day);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_blames(audit_day_of(str_of(bad[i]), "day", &day), ERR_INPUT, "day");
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_log_begins_with_its_key_and_a_root),
		STAGE_TEST(a_day_that_ended_gets_its_root_once),
		STAGE_TEST(sizes_tell_nothing_of_a_small_circle),
		STAGE_TEST(records_that_say_nothing_are_written_all_day),
		STAGE_TEST(a_clock_that_jumps_stops_nothing),
		STAGE_TEST(a_reopened_circle_goes_on),
		STAGE_TEST(the_key_is_the_keeper_s_alone),
		STAGE_TEST(a_key_that_is_lost_is_missed),
		STAGE_TEST(a_day_is_told_and_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
