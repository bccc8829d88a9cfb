/* Back to an earlier policy: an undo, with what the withdrawn one did. */
#include "circle/law_testing.h"

#include "circle/order.h"
#include "circle/remember.h"
#include "circle/review.h"
#include "circle/verb.h"
#include "store/measures.h"

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

static void a_rollback_lifts_what_the_version_did_and_says_so(void **state)
{
	struct enacted out;
	(void)state;
	stage_befriend(s, 3, 4);
	str before = law_bind(s, law_mild(s)), now = law_bind(s, law_strict(s));
	struct status_ref held = stage_post(s, 3, LAW_TEXT);
	assert_false(stage_sees(s, 4, held));
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_int_equal(out.lifted, 1);
	assert_true(law_in_force(s, before));
	assert_int_equal(law_state(s, now), POLICY_WITHDRAWN);
	assert_int_equal(law_measure(s, held).state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 4, held));
	assert_text(law_records(s), "announced bound announced bound rolled-back");
}

/* A rollback is no way around the notice. */
static void a_rollback_to_what_may_be_stricter_is_an_undo_and_no_more(void **state)
{
	struct enacted out;
	(void)state;
	str old = law_bind(s, law_strict(s));
	assert_ok(law_publish(s, law_mild(s), &out));
	str now = out.hash;
	law_pass(s, ENACT_NOTICE_MS - 1);
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_true(law_in_force(s, old));
	assert_ok(law_publish(s, law_mild(s), &out)); /* and loosened again, for a long time */
	law_pass(s, ENACT_NOTICE_MS);
	assert_fails(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_fails(enact_rollback(s->c, old, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_true(law_in_force(s, now));
	/* Of a version that was never in force no more. */
	assert_ok(law_publish(s, law_stricter(s), &out));
	str never = out.hash;
	assert_ok(enact_withdraw(s->c, never, s->people[0], s->now_ms, s->mem, &out));
	assert_fails(enact_rollback(s->c, never, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
}

/* Nor are two of them: what was before the one that was gone back from was before that one alone. */
static void a_rollback_of_a_rollback_is_no_way_around_the_notice(void **state)
{
	struct enacted out;
	(void)state;
	str loosest = law_bind(s, law_bundle(s, S(LAW_WEIGHS("loosest", "0.25"))));
	(void)law_bind(s, law_strict(s));
	assert_ok(law_publish(s, law_mild(s), &out));
	law_pass(s, 10 * ENACT_NOTICE_MS);
	assert_ok(enact_rollback(s->c, loosest, s->people[0], s->now_ms, s->mem, &out));
	assert_fails(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_true(law_in_force(s, loosest));
}

#define SOUP "今天煮了一锅汤，味道很好，明天再煮一锅给大家喝"
#define SOUP_RULE LAW_RULE("soup", "煮了一锅汤", "今天煮了一锅汤", "0.9")

/* What the version before would have done as well is done still. */
static void an_urgent_version_that_ends_releases_its_own_alone(void **state)
{
	struct enacted out;
	(void)state;
	(void)law_bind(s, law_strict(s));
	assert_ok(law_publish_as(s, law_bundle(s, S(LAW_WEIGHS("soup", "0.9") SOUP_RULE)), true,
	                         &out));
	law_pass(s, ENACT_URGENT_MS - 1);
	struct status_ref fruit = stage_post(s, 2, LAW_TEXT), soup = stage_post(s, 3, SOUP),
			  both = stage_post(s, 4, LAW_TEXT SOUP);
	assert_int_equal(law_measure(s, both).kind, MEASURE_HOLD);
	law_pass(s, 1);
	assert_int_equal(law_measure(s, fruit).state, MEASURE_ACTIVE);
	assert_int_equal(law_measure(s, soup).state, MEASURE_RELEASED);
	assert_int_equal(law_measure(s, both).state, MEASURE_RELEASED); /* it had a part in it */
}

static struct measure notice_to(int who)
{
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[who], (measure_id){ 0 }, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == MEASURE_NOTICE)
			return all[i];
	return (struct measure){ .kind = MEASURE_KINDS };
}

/* Also what a steward confirmed, and what the person got for it. */
static void a_rollback_lifts_what_was_kept_and_what_is_on_persons(void **state)
{
	struct seen_measure seen;
	struct enacted out;
	(void)state;
	stage_befriend(s, 3, 4);
	(void)law_bind(s, law_mild(s));
	(void)law_bind(s, law_strict(s));
	struct status_ref held = stage_post(s, 3, LAW_TEXT);
	assert_ok(review_decide(s->c, s->people[1], law_measure(s, held).id, false, S("It is so."),
	                        s->now_ms, s->mem, &seen));
	assert_int_equal(law_measure(s, held).state, MEASURE_KEPT);
	assert_int_equal(notice_to(3).state, MEASURE_ACTIVE);
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_int_equal(law_measure(s, held).state, MEASURE_RELEASED);
	assert_int_equal(notice_to(3).state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 4, held));
	struct conn *conn = NULL;
	struct standing standing;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(order_standing(conn, s->people[3], s->now_ms, s->mem, &standing));
	store_read_end(s->c->store, &conn);
	assert_int_equal(standing.points, 0);
}

static err leave_unlifted(struct conn *tx, void *ctx)
{
	return policies_lift(tx, *(const str *)ctx, LIFTS_ALL);
}

/* The server ended after the version was withdrawn and before all was released. */
static void what_was_to_be_lifted_is_lifted_after_a_restart(void **state)
{
	(void)state;
	str now = law_bind(s, law_strict(s));
	struct status_ref held = stage_post(s, 3, LAW_TEXT);
	assert_ok(verb_write(s->c, leave_unlifted, NULL, &now));
	stage_reopen(s);
	remember_wait(s->c);
	assert_int_equal(law_measure(s, held).state, MEASURE_ACTIVE);
	assert_ok(enact_tick(s->c, s->now_ms));
	assert_int_equal(law_measure(s, held).state, MEASURE_RELEASED);
}

struct unread {
	struct stored_policy policy;
	struct measure measure;
};

static err unread_work(struct conn *tx, void *ctx)
{
	const struct unread *u = ctx;
	err e;
	TRY(policies_put(tx, &u->policy));
	TRY(policies_lift(tx, u->policy.hash, LIFTS_ALL));
	TRY(measures_insert(tx, &u->measure));
out:
	return e;
}

/* It was withdrawn under another program: what it did is released all the same, and whatever else is due is done. */
static void what_a_policy_did_that_nobody_can_read_is_released(void **state)
{
	struct enacted out;
	(void)state;
	struct status_ref ref = stage_post(s, 3, "今天吃饺子");
	const struct unread u = { .policy = { .hash = S("unread"),
		                              .name = S("p"),
		                              .version = 1,
		                              .state = POLICY_WITHDRAWN,
		                              .source = S("3 a.policy\nabc") },
		                  .measure = { .id = { snowflake_next(s->c->ids) },
		                               .subject = ref.post_author,
		                               .kind = MEASURE_LABEL,
		                               .post_author = ref.post_author,
		                               .post = ref.post,
		                               .rule = S("r"),
		                               .policy = S("unread"),
		                               .evidence = S("{}"),
		                               .starts_at_ms = s->now_ms,
		                               .ends_at_ms = INT64_MAX,
		                               .decision_note = S("") } };
	assert_ok(verb_write(s->c, unread_work, NULL, (void *)(uintptr_t)&u));
	assert_ok(law_publish(s, law_mild(s), &out));
	law_pass(s, ENACT_NOTICE_MS);
	assert_int_equal(law_measure(s, ref).state, MEASURE_RELEASED);
	assert_true(law_in_force(s, out.hash));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rollback_lifts_what_the_version_did_and_says_so),
		TEST(a_rollback_to_what_may_be_stricter_is_an_undo_and_no_more),
		TEST(a_rollback_of_a_rollback_is_no_way_around_the_notice),
		TEST(an_urgent_version_that_ends_releases_its_own_alone),
		TEST(a_rollback_lifts_what_was_kept_and_what_is_on_persons),
		TEST(what_was_to_be_lifted_is_lifted_after_a_restart),
		TEST(what_a_policy_did_that_nobody_can_read_is_released),
	};
	return cmocka_run_group_tests_name("enact_back", tests, NULL, NULL);
}
