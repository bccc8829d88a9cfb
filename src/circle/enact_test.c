/* Another policy takes its place while people write: nothing is lost, and each piece is judged by one whole policy. */
#include "circle/law_testing.h"

#include "circle/order.h"
#include "circle/remember.h"
#include "store/screenings.h"

#include <stdatomic.h>
#include <string.h>

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 8, .screen = true });
	remember_wait(s->c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static void a_source_that_came_broken_is_refused(void **state)
{
	static const char *const rows[] = { "x",       "5 a.policy\nabc",
		                            "-1 a\n",  " a\n",
		                            "3\n",     "99999999999999999999 a\nabc",
		                            "a 3\nabc" };
	struct enacted out;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(law_publish(s, str_of(rows[i]), &out).code, ERR_INPUT);
	assert_int_equal(law_publish(s, STR_NONE, &out).code, ERR_INPUT);
}

static void write_some(struct stage *stage, int i, void *ctx)
{
	struct arena *mem = arena_new(1 << 14);
	const str *sources = ctx;
	if (i < 2) { /* two publish in turn, the others write */
		for (int k = 0; k < 3; k++) {
			struct policy_fault fault = { .line = 0 };
			struct failed_example *failed_ones;
			struct enacted done;
			size_t n_failed;
			struct publication ask = { .source = sources[(k + i) % 2] };
			err e = enact_publish(stage->c, &ask, stage->now_ms + k, mem, &done, &fault,
			                      &failed_ones, &n_failed);
			sure(!failed(e) || e.code == ERR_CONFLICT);
		}
	}
	for (int k = 0; i >= 2 && k < 60; k++) {
		struct published out;
		struct post_draft draft = { .text = S(LAW_TEXT) };
		err e = publish_post(stage->c, stage->people[i], &draft, stage->now_ms, mem, &out);
		sure(!failed(e));
	}
	arena_free(mem);
}

static void pieces_written_while_a_policy_is_published_are_all_remembered(void **state)
{
	struct conn *conn = NULL;
	struct screened *page;
	size_t n, judged = 0;
	(void)state;
	str sources[2] = { law_bundle(s, S(LAW_WEIGHS("one", "0.3"))),
		           law_bundle(s, S(LAW_WEIGHS("two", "0.3"))) };
	(void)law_bind(
		s, sources[0]); /* the other has another name and no other rule: it binds at once */
	stage_race(s, 8, write_some, sources);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(screenings_after(conn, 0, 1000, s->mem, &page, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		judged += page[i].kind == FACTS_POST && page[i].policy.n == POLICY_HASH_CHARS ? 1
		                                                                              : 0;
	assert_int_equal(judged, 360);
	struct verdict v;
	int64_t as_of;
	struct facts facts = { .kind = FACTS_POST,
		               .author = (uint64_t)s->people[0].v,
		               .at_ms = s->now_ms,
		               .text = S(LAW_TEXT) };
	assert_ok(remember_screen(s->c, &facts, s->mem, &v, &as_of));
	assert_int_equal(as_of, page[n - 1].observation.seq);
	assert_true(v.recollection.copy_authors == 6);
	str in_force = remember_policy(s->c, s->mem);
	stage_reopen(s);
	str again = remember_policy(s->c, s->mem);
	assert_true(str_eq(in_force, again));
}

/* ---- announced, urgent ---- */

static void a_stricter_version_waits_seven_days(void **state)
{
	struct enacted out;
	(void)state;
	str before = remember_policy(s->c, s->mem);
	assert_ok(law_publish(s, law_mild(s), &out));
	assert_int_equal(out.state, POLICY_ANNOUNCED);
	assert_int_equal(out.binds_at_ms, s->now_ms + ENACT_NOTICE_MS);
	assert_true(law_in_force(s, before));
	assert_int_equal(law_measure(s, stage_post(s, 2, LAW_TEXT)).kind, MEASURE_KINDS);
	law_pass(s, ENACT_NOTICE_MS - 1);
	assert_true(law_in_force(s, before));
	stage_reopen(s); /* what waits is in the store alone */
	remember_wait(s->c);
	assert_ok(enact_tick(s->c, s->now_ms));
	assert_true(law_in_force(s, before));
	law_pass(s, 1);
	assert_true(law_in_force(s, out.hash));
	assert_int_equal(law_state(s, out.hash), POLICY_IN_FORCE);
	assert_int_equal(law_measure(s, stage_post(s, 3, LAW_TEXT)).kind, MEASURE_LABEL);
	assert_text(law_records(s), "announced bound");
	stage_reopen(s);
	assert_true(law_in_force(s, out.hash));
}

static void what_only_takes_away_binds_at_once(void **state)
{
	struct enacted out;
	(void)state;
	str first = law_bind(s, law_strict(s));
	assert_ok(law_publish(s, law_mild(s), &out));
	assert_int_equal(out.state, POLICY_IN_FORCE);
	assert_true(law_in_force(s, out.hash));
	assert_int_equal(law_state(s, first), POLICY_REPLACED);
	assert_int_equal(law_measure(s, stage_post(s, 3, LAW_TEXT)).kind, MEASURE_LABEL);
	assert_text(law_records(s), "announced bound bound");
}

static void one_version_at_a_time_is_announced_and_it_can_be_withdrawn(void **state)
{
	struct enacted first, out;
	(void)state;
	str before = remember_policy(s->c, s->mem);
	assert_ok(law_publish(s, law_mild(s), &first));
	assert_fails(law_publish(s, law_mild(s), &out), ERR_CONFLICT);
	assert_fails(law_publish(s, law_strict(s), &out), ERR_CONFLICT);
	assert_fails(enact_rollback(s->c, first.hash, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_ok(enact_withdraw(s->c, first.hash, s->people[0], s->now_ms, s->mem, &out));
	assert_int_equal(law_state(s, first.hash), POLICY_WITHDRAWN);
	assert_fails(enact_withdraw(s->c, first.hash, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	law_pass(s, 2 * ENACT_NOTICE_MS);
	assert_true(law_in_force(s, before));
	assert_ok(law_publish(s, law_strict(s), &out)); /* the place is free */
	assert_text(law_records(s), "announced withdrawn announced");
	assert_fails(enact_withdraw(s->c, S("nothing"), s->people[0], s->now_ms, s->mem, &out),
	             ERR_MISSING);
}

static void an_urgent_version_ends_by_itself_with_what_it_did(void **state)
{
	struct enacted out;
	(void)state;
	stage_befriend(s, 4, 5);
	str before = law_bind(s, law_mild(s));
	struct status_ref early = stage_post(s, 2, LAW_TEXT);
	assert_ok(law_publish_as(s, law_strict(s), true, &out));
	assert_int_equal(out.state, POLICY_IN_FORCE);
	assert_int_equal(out.urgent_until_ms, s->now_ms + ENACT_URGENT_MS);
	struct status_ref held = stage_post(s, 3, LAW_TEXT);
	assert_int_equal(law_measure(s, held).kind, MEASURE_HOLD);
	law_pass(s, ENACT_URGENT_MS - 1);
	assert_true(law_in_force(s, out.hash));
	struct status_ref last = stage_post(s, 4, LAW_TEXT);
	assert_int_equal(law_measure(s, last).state, MEASURE_ACTIVE);
	assert_false(stage_sees(s, 5, last));
	stage_reopen(s);
	remember_wait(s->c);
	law_pass(s, 1);
	assert_true(law_in_force(s, before));
	assert_int_equal(law_state(s, out.hash), POLICY_WITHDRAWN);
	assert_int_equal(law_measure(s, last).state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 5, last));
	assert_int_equal(law_measure(s, early).state, MEASURE_ACTIVE);
	assert_text(law_records(s), "announced bound urgent ended");
	/* Not again by the same way. */
	assert_fails(law_publish_as(s, law_strict(s), true, &out), ERR_CONFLICT);
	assert_ok(law_publish(s, law_strict(s), &out));
	assert_int_equal(out.state, POLICY_ANNOUNCED);
}

static void one_urgent_version_after_another_shares_the_clock(void **state)
{
	struct enacted first, second;
	(void)state;
	str before = law_bind(s, law_mild(s));
	assert_ok(law_publish_as(s, law_strict(s), true, &first));
	law_pass(s, ENACT_URGENT_MS / 2);
	assert_ok(law_publish_as(s, law_stricter(s), true, &second));
	assert_int_equal(second.urgent_until_ms, first.urgent_until_ms);
	assert_int_equal(law_state(s, first.hash), POLICY_WITHDRAWN);
	law_pass(s, ENACT_URGENT_MS / 2);
	assert_true(law_in_force(s, before)); /* and not the first of the two */
}

/* Taken back meanwhile or not: else one day of every fourteen would do for having it urgent for good. */
static void a_withdrawn_urgent_version_keeps_its_clock_running(void **state)
{
	struct enacted first, second, out;
	(void)state;
	(void)law_bind(s, law_mild(s));
	assert_ok(law_publish_as(s, law_strict(s), true, &first));
	law_pass(s, ENACT_URGENT_MS - 1000);
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_ok(law_publish_as(s, law_stricter(s), true, &second));
	assert_int_equal(second.urgent_until_ms, first.urgent_until_ms);
}

static void what_was_urgent_is_not_urgent_again_under_another_name(void **state)
{
	struct enacted out;
	(void)state;
	(void)law_bind(s, law_mild(s));
	assert_ok(law_publish_as(s, law_strict(s), true, &out));
	law_pass(s, ENACT_URGENT_MS);
	str same = law_bundle(s, S(LAW_WEIGHS("of another name", "0.9"))),
	    less = law_bundle(s, S(LAW_WEIGHS("less", "0.7"))),
	    other = law_bundle(s, S(LAW_WEIGHS("other", "0.3") LAW_RULE("soup", "煮了一锅汤",
	                                                                "今天煮了一锅汤", "0.9")));
	assert_fails(law_publish_as(s, same, true, &out), ERR_CONFLICT);
	assert_fails(law_publish_as(s, less, true, &out), ERR_CONFLICT);
	assert_ok(law_publish_as(s, other, true, &out)); /* something else may be */
	assert_int_equal(out.urgent_until_ms, s->now_ms + ENACT_URGENT_MS);
	assert_ok(law_publish(s, same, &out)); /* and with notice anything */
}

static void an_urgent_version_published_with_notice_stays(void **state)
{
	struct enacted urgent, out;
	(void)state;
	(void)law_bind(s, law_mild(s));
	assert_ok(law_publish_as(s, law_strict(s), true, &urgent));
	law_pass(s, 1000);
	assert_fails(law_publish_as(s, law_strict(s), true, &out), ERR_CONFLICT);
	assert_ok(law_publish(s, law_strict(s), &out));
	assert_int_equal(out.binds_at_ms, s->now_ms + ENACT_NOTICE_MS);
	assert_fails(law_publish(s, law_strict(s), &out), ERR_CONFLICT);
	assert_fails(law_publish(s, law_stricter(s), &out), ERR_CONFLICT);
	law_pass(s, ENACT_NOTICE_MS);
	law_pass(s, ENACT_URGENT_MS);
	law_pass(s, ENACT_URGENT_MS);
	assert_true(law_in_force(s, urgent.hash));
	assert_text(law_records(s), "announced bound urgent announced bound");
}

/* Published with notice so late that the urgent one ends before: it goes, and comes back. */
static void between_urgent_and_bound_it_does_not_bind(void **state)
{
	struct enacted urgent, out;
	(void)state;
	str before = law_bind(s, law_mild(s));
	assert_ok(law_publish_as(s, law_strict(s), true, &urgent));
	law_pass(s, ENACT_URGENT_MS - 1000);
	assert_ok(law_publish(s, law_strict(s), &out));
	law_pass(s, 1000);
	assert_true(law_in_force(s, before));
	assert_int_equal(law_state(s, urgent.hash), POLICY_ANNOUNCED);
	law_pass(s, ENACT_NOTICE_MS);
	assert_true(law_in_force(s, urgent.hash));
	assert_int_equal(law_state(s, urgent.hash), POLICY_IN_FORCE);
	law_pass(s, 2 * ENACT_URGENT_MS);
	assert_true(law_in_force(s, urgent.hash));
	assert_text(law_records(s), "announced bound urgent announced ended bound");
}

static void what_is_announced_binds_though_another_is_urgent(void **state)
{
	struct enacted announced, urgent;
	(void)state;
	str before = law_bind(s, law_mild(s));
	assert_ok(law_publish(s, law_strict(s), &announced));
	law_pass(s, 1000);
	assert_ok(law_publish_as(s, law_stricter(s), true, &urgent));
	assert_true(law_in_force(s, urgent.hash));
	law_pass(s, ENACT_NOTICE_MS);
	assert_true(law_in_force(s, announced.hash));
	assert_int_equal(law_state(s, urgent.hash), POLICY_WITHDRAWN);
	struct enacted out;
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_text(out.hash, str_to_c(s->mem, before));
}

/* An announced one is pulled forward: it binds at once, and for good when its notice is over. */
static void what_is_announced_may_become_urgent(void **state)
{
	struct enacted announced, urgent;
	(void)state;
	(void)law_bind(s, law_mild(s));
	assert_ok(law_publish(s, law_strict(s), &announced));
	law_pass(s, 1000);
	assert_ok(law_publish_as(s, law_strict(s), true, &urgent));
	assert_true(law_in_force(s, announced.hash));
	assert_int_equal(urgent.binds_at_ms, announced.binds_at_ms);
	law_pass(s, ENACT_NOTICE_MS);
	law_pass(s, ENACT_URGENT_MS);
	assert_true(law_in_force(s, announced.hash));
}

/* ---- a clock that jumps ---- */

static void ticks(int64_t wall_by_ms, int64_t forward_by_ms)
{
	s->now_ms += forward_by_ms;
	s->jumped_ms += wall_by_ms - forward_by_ms;
	assert_ok(order_tick(s->c, stage_wall(s), s->now_ms));
	assert_ok(enact_tick(s->c, stage_wall(s)));
}

static void a_clock_that_jumps_binds_and_ends_nothing_early(void **state)
{
	const int64_t year_ms = INT64_C(365) * 24 * 3600 * 1000, hour_ms = INT64_C(3600) * 1000;
	static const int64_t jumps[] = { 1, -1 };
	struct enacted out;
	(void)state;
	str before = law_bind(s, law_mild(s));
	stage_two_clocks(s);
	assert_ok(law_publish(s, law_strict(s), &out));
	for (size_t i = 0; i < COUNT(jumps); i++) {
		ticks(jumps[i] * year_ms, 60 * 1000);
		assert_true(law_in_force(s, before));
		ticks(-jumps[i] * year_ms, 60 * 1000);
		assert_true(law_in_force(s, before));
	}
	/* What is published while the clock is wrong waits as long as anything. */
	assert_ok(enact_withdraw(s->c, out.hash, s->people[0], stage_wall(s), s->mem, &out));
	ticks(year_ms, 1000);
	assert_ok(law_publish(s, law_stricter(s), &out));
	assert_int_equal(out.binds_at_ms, stage_wall(s) - year_ms + 1000 + ENACT_NOTICE_MS);
	ticks(-year_ms, 1000);
	ticks(ENACT_NOTICE_MS - hour_ms, ENACT_NOTICE_MS - hour_ms);
	assert_true(law_in_force(s, before));
	ticks(hour_ms + 1000, hour_ms + 1000);
	assert_true(law_in_force(s, out.hash));
}

static void what_it_changes_and_whom_it_would_have_hit_is_attached(void **state)
{
	struct enacted_policy found;
	struct enacted out;
	(void)state;
	(void)law_bind(s, law_mild(s));
	stage_post(s, 2, LAW_TEXT);
	stage_post(s, 3, "今天吃饺子");
	assert_ok(law_publish(s, law_strict(s), &out));
	assert_ok(enact_find(s->c, out.hash, s->mem, &found));
	assert_text(
		found.row.differences,
		"[{\"kind\":\"changed\",\"what\":\"fruit\",\"en\":\"It weighs 0.9 instead of 0.3 "
		"when words(fruit) >= 1.\",\"zh\":\"当 words(fruit) >= 1 时，分量从 0.3 变为 0.9。\"}]");
	assert_true(str_starts(found.row.rehearsal,
	                       S("{\"days\":30,\"pieces\":2,\"changed\":1,\"cohorts\":[")));
	assert_true(found.row.published_by.v == s->people[0].v);
	assert_int_equal(found.n_files, 1);
	assert_text(found.files[0].file, "a.policy");
}

static void all_versions_are_listed_with_the_default_one(void **state)
{
	struct stored_policy *list;
	struct enacted out;
	size_t n;
	(void)state;
	str standard = remember_policy(s->c, s->mem);
	assert_ok(enact_list(s->c, s->mem, &list, &n));
	assert_int_equal(n, 1);
	assert_text(list[0].hash, str_to_c(s->mem, standard));
	assert_int_equal(list[0].state, POLICY_IN_FORCE);
	(void)law_bind(s, law_mild(s));
	law_pass(s, 1000);
	assert_ok(law_publish(s, law_strict(s), &out));
	assert_ok(enact_list(s->c, s->mem, &list, &n));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].state, POLICY_ANNOUNCED);
	assert_int_equal(list[1].state, POLICY_IN_FORCE);
	assert_int_equal(list[2].state, POLICY_REPLACED);
	assert_text(list[2].hash, str_to_c(s->mem, standard));
	struct enacted_policy found;
	assert_ok(enact_find(s->c, standard, s->mem, &found));
	assert_true(found.n_files > 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_source_that_came_broken_is_refused),
		TEST(a_stricter_version_waits_seven_days),
		TEST(what_only_takes_away_binds_at_once),
		TEST(one_version_at_a_time_is_announced_and_it_can_be_withdrawn),
		TEST(an_urgent_version_ends_by_itself_with_what_it_did),
		TEST(one_urgent_version_after_another_shares_the_clock),
		TEST(a_withdrawn_urgent_version_keeps_its_clock_running),
		TEST(what_was_urgent_is_not_urgent_again_under_another_name),
		TEST(an_urgent_version_published_with_notice_stays),
		TEST(between_urgent_and_bound_it_does_not_bind),
		TEST(what_is_announced_binds_though_another_is_urgent),
		TEST(what_is_announced_may_become_urgent),
		TEST(a_clock_that_jumps_binds_and_ends_nothing_early),
		TEST(what_it_changes_and_whom_it_would_have_hit_is_attached),
		TEST(all_versions_are_listed_with_the_default_one),
		TEST(pieces_written_while_a_policy_is_published_are_all_remembered),
	};
	return cmocka_run_group_tests_name("enact", tests, NULL, NULL);
}
