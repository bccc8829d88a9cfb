#include "base/log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t at_ms = INT64_C(1795543961000);

struct place {
	int ends[2];
	struct log *log;
	char text[20000];
};

static int set_up(void **state)
{
	static struct place place;
	assert_int_equal(pipe2(place.ends, O_CLOEXEC | O_NONBLOCK), 0);
	place.log = log_new(place.ends[1], LOG_INFO, clock_fixed(&at_ms));
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	log_free(place->log);
	close(place->ends[0]);
	close(place->ends[1]);
	return 0;
}

static const char *written(struct place *place)
{
	ssize_t n = read(place->ends[0], place->text, sizeof place->text - 1);
	place->text[n > 0 ? n : 0] = '\0';
	return place->text;
}

static void an_event_is_one_line_of_key_value(void **state)
{
	struct place *place = *state;
	log_event(place->log, LOG_INFO, "post.held", LOG_I64("id", 123),
	          LOG_STR("rule", S("text.malice")), LOG_REAL("score", 0.25));
	assert_string_equal(written(place), "at=2026-11-24T18:12:41.000Z level=info "
	                                    "event=post.held id=123 rule=text.malice score=0.25\n");
	log_fields(place->log, LOG_ERROR, "stop", 0, NULL);
	assert_string_equal(written(place), "at=2026-11-24T18:12:41.000Z level=error event=stop\n");
}

static void a_value_cannot_forge_another_line_or_key(void **state)
{
	struct place *place = *state;
	log_event(place->log, LOG_WARN, "x", LOG_STR("a", S("1 level=error")),
	          LOG_STR("b", S("two\nlines\"")), LOG_STR("c", S("")), LOG_STR("d", S("k=v")),
	          LOG_STR("e", S("\xFF")));
	const char *line = strstr(written(place), " a=");
	assert_non_null(line);
	assert_string_equal(line, " a=\"1 level=error\" b=\"two\\nlines\\\"\" c=\"\" d=\"k=v\" "
	                          "e=\"\xEF\xBF\xBD\"\n");
}

static void quiet_levels_and_no_log_write_nothing(void **state)
{
	struct place *place = *state;
	log_event(place->log, LOG_DEBUG, "x", LOG_I64("n", 1));
	log_event(NULL, LOG_ERROR, "x", LOG_I64("n", 1));
	log_if_failed(place->log, "x", OK);
	assert_string_equal(written(place), "");
}

static void a_failure_is_named(void **state)
{
	struct place *place = *state;
	log_if_failed(place->log, "cache.write", err_system("No space left on device"));
	assert_non_null(strstr(written(place), " level=warn event=cache.write code=system "
	                                       "why=\"No space left on device\"\n"));
}

static void long_lines_are_cut_at_a_field(void **state)
{
	struct place *place = *state;
	char big[3000];
	struct log_field fields[20];
	memset(big, 'x', sizeof big);
	for (size_t i = 0; i < 20; i++)
		fields[i] = LOG_STR("k", ((str){ big, sizeof big }));
	log_fields(place->log, LOG_INFO, "x", 20, fields);
	const char *line = written(place);
	size_t n = strlen(line);
	assert_true(n > 7000 && n < 8300);
	assert_string_equal(line + n - 11, "x cut=true\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_event_is_one_line_of_key_value, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_value_cannot_forge_another_line_or_key, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(quiet_levels_and_no_log_write_nothing, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_failure_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_lines_are_cut_at_a_field, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
