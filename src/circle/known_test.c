/* Known cases: what is asked has one answer, and looks like a case. */
#include "circle/known.h"

#include "circle/jury.h"
#include "circle/remember.h"
#include "circle/stage_testing.h"

#include "base/seam.h"
#include "store/jurors.h"

#include <jansson.h>

static struct stage *s;

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3, .screen = true });
	remember_wait(s->c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static enum action judged(str text, struct verdict *v)
{
	struct facts facts = { .kind = FACTS_POST, .at_ms = s->now_ms, .text = text };
	int64_t seq;
	assert_ok(remember_screen(s->c, &facts, s->mem, v, &seq));
	return v->action;
}

static void each_speaks_for_itself(void **state)
{
	struct known known[40];
	struct verdict v;
	size_t n, fires = 0;
	(void)state;
	known_pick(s->c, COUNT(known), s->now_ms, s->mem, known, &n);
	assert_int_equal(n, COUNT(known));
	for (size_t i = 0; i < n; i++) {
		enum action action = judged(known[i].text, &v);
		bool fired = false;
		for (size_t k = 0; k < v.reason_count; k++)
			fired |= str_eq(v.reasons[k].rule, known[i].rule);
		assert_int_equal(known[i].fires, fired);
		assert_int_equal(known[i].fires, action != ACTION_ALLOW);
		fires += known[i].fires;
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(known[i].text, known[k].text) &&
			             str_eq(known[i].rule, known[k].rule));
	}
	assert_in_range(fires, 5, n - 5);
}

/* Both kinds have reasons with a rule, a sentence in two languages and words marked inside the text. */
static void both_look_the_same(void **state)
{
	struct known known[40];
	size_t n;
	(void)state;
	known_pick(s->c, COUNT(known), s->now_ms, s->mem, known, &n);
	for (size_t i = 0; i < n; i++) {
		json_t *all = json_loadb(known[i].evidence.p, known[i].evidence.n, 0, NULL);
		json_t *first = json_array_get(json_object_get(all, "reasons"), 0), *span;
		size_t at;
		assert_non_null(first);
		assert_true(json_string_length(json_object_get(first, "clause")) > 0);
		assert_true(json_string_length(
				    json_object_get(json_object_get(first, "text"), "en")) > 0);
		assert_non_null(json_object_get(all, "would_pass"));
		if (!known[i].fires)
			assert_int_equal(json_array_size(json_object_get(first, "spans")), 1);
		json_array_foreach(json_object_get(first, "spans"), at, span)
		{
			json_int_t from = json_integer_value(json_array_get(span, 0)),
				   to = json_integer_value(json_array_get(span, 1));
			assert_true(from >= 0 && from < to && (size_t)to <= known[i].text.n);
			assert_true(utf8_valid(str_slice(known[i].text, (size_t)from, (size_t)to)));
		}
		json_decref(all);
	}
}

/* A juror who is told of a picture or of other people's posts could see neither. */
static void what_words_do_not_tell_is_not_asked(void **state)
{
	static const char *const unseen[] = { "picture.", "copies.agents", "copies.contact" };
	struct known known[200];
	size_t n;
	(void)state;
	known_pick(s->c, COUNT(known), s->now_ms, s->mem, known, &n);
	assert_in_range(n, 30, COUNT(known) - 1);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT(unseen); k++)
			assert_false(str_starts(known[i].rule, str_of(unseen[k])));
}

static void nothing_is_known_where_nothing_is_screened(void **state)
{
	struct known known[3];
	size_t n;
	(void)state;
	s->screen = false;
	stage_reopen(s);
	known_pick(s->c, COUNT(known), s->now_ms, s->mem, known, &n);
	assert_int_equal(n, 0);
}

static void others_seem_to_vote_one_after_another(void **state)
{
	int agree = 0, all = 0;
	(void)state;
	for (int64_t id = 1; id <= 200; id++) {
		struct juror_check k = {
			.id = id, .seats = 7, .fires = id % 2, .asked_at_ms = 1000
		};
		struct tally before = known_tally(&k, 1000);
		assert_true(before.keep + before.overturn + before.milder == 0 && before.left == 6);
		for (int hour = 1; hour <= 24; hour++) {
			struct tally t = known_tally(&k, 1000 + hour * INT64_C(3600000));
			assert_int_equal(t.seats, 7);
			assert_int_equal(t.keep + t.overturn + t.milder + t.left, 6);
			assert_true(t.keep >= before.keep && t.overturn >= before.overturn &&
			            t.milder >= before.milder);
			before = t;
		}
		assert_int_equal(before.left, 0);
		agree += k.fires ? before.keep : before.overturn;
		all += 6;
	}
	assert_in_range(agree, all * 8 / 10, all * 92 / 100);
}

/* What p02 was asked when they became a juror. */
static struct juror_check asked_of_p02(void)
{
	struct seen_juror me;
	struct conn *conn = NULL;
	struct juror_check *all;
	size_t n;
	assert_ok(jury_set_willing(s->c, s->people[2], true, s->now_ms, s->mem, &me));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(juror_checks_of(conn, s->people[2], 0, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 1);
	return all[0];
}

/* Who is asked knows its id, when it was asked and what is right. In another circle the same comes to something else. */
static void how_others_seem_to_vote_cannot_be_reckoned(void **state)
{
	struct juror_check here = asked_of_p02(), there;
	int differ = 0;
	(void)state;
	stage_free(s);
	set_up(NULL);
	there = asked_of_p02();
	there.id = here.id;
	there.asked_at_ms = here.asked_at_ms;
	there.fires = here.fires;
	for (int minute = 0; minute < 20 * 60; minute++) {
		int64_t at_ms = here.asked_at_ms + minute * INT64_C(60000);
		struct tally a = known_tally(&here, at_ms), b = known_tally(&there, at_ms);
		differ += a.left != b.left;
	}
	assert_true(differ > 10);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_speaks_for_itself),
		TEST(both_look_the_same),
		TEST(what_words_do_not_tell_is_not_asked),
		TEST(nothing_is_known_where_nothing_is_screened),
		TEST(others_seem_to_vote_one_after_another),
		TEST(how_others_seem_to_vote_cannot_be_reckoned),
	};
	return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}
