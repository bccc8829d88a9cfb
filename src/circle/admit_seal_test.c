/* Seals from the shell: with a reason, a day before they take effect, and judged by nobody who has the shell. */
#include "circle/court_testing.h"

#include "circle/admit.h"
#include "circle/order.h"
#include "circle/order_testing.h"
#include "circle/verb.h"

#include "store/measures.h"
#include "store/people.h"

static struct stage *s;

#define WHY S("One of sixteen accounts of one person.")

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6 });
	court_wait(s, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static int64_t seal(int who, bool seized)
{
	const struct seal_draft draft = { WHY, seized };
	int64_t from_ms;
	assert_ok(admit_seal(s->c, s->people[who], &draft, s->now_ms, &from_ms));
	return from_ms;
}

static bool is_sealed(int who)
{
	struct person person;
	struct conn *conn = NULL;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(people_find(conn, s->people[who], s->mem, &person));
	store_read_end(s->c->store, &conn);
	return person.status == PERSON_SEALED;
}

static struct measure newest(int who)
{
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[who], (measure_id){ 0 }, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	assert_true(n > 0 && all[0].kind == MEASURE_SEAL);
	return all[0];
}

struct decide_job {
	struct order_changes x;
	person_id steward;
	appeal_id id;
	int64_t now_ms;
};

static err decide_work(struct conn *tx, void *ctx)
{
	struct decide_job *job = ctx;
	return appeal_decide(&job->x, tx, job->steward, job->id, true, S("No such thing."),
	                     job->now_ms);
}

static err decide(int steward, appeal_id id)
{
	struct decide_job job = { order_changes(s->c, s->mem), s->people[steward], id, s->now_ms };
	return verb_write(s->c, decide_work, NULL, &job);
}

static void it_takes_effect_after_a_day_and_says_why(void **state)
{
	(void)state;
	assert_int_equal(seal(2, false), s->now_ms + SECOND_LOOK_MS);
	struct measure m = newest(2);
	assert_text(m.rule, "order.seal");
	assert_text(m.policy, "order");
	assert_true(str_eq(m.decision_note, WHY));
	assert_int_equal(stage_notices(s, 2, NOTICE_MEASURE), 1);
	assert_int_equal(seal(2, false), 0); /* there is one already */
	court_wait(s, SECOND_LOOK_MS - 1);
	assert_false(is_sealed(2));
	court_wait(s, 1);
	assert_true(is_sealed(2));
	assert_ok(admit_unseal(s->c, s->people[2], s->now_ms));
	assert_false(is_sealed(2));
	/* What has not begun is lifted too. */
	seal(2, false);
	assert_ok(admit_unseal(s->c, s->people[2], s->now_ms));
	court_wait(s, 2 * SECOND_LOOK_MS);
	assert_false(is_sealed(2));
}

static void what_is_in_other_hands_is_sealed_at_once(void **state)
{
	(void)state;
	seal(2, false);
	assert_int_equal(seal(2, true), s->now_ms);
	assert_true(is_sealed(2));
	struct measure m = newest(2);
	assert_text(m.rule, "order.seized");
	assert_true(str_find(m.evidence, S("\"clause\":\"o.10\"")) != SIZE_MAX);
	assert_true(str_find(m.evidence, S("somebody else's hands")) != SIZE_MAX);
	assert_true(str_eq(m.decision_note, WHY));
	assert_int_equal(seal(2, true), 0);
}

static void without_a_reason_nobody_is_sealed(void **state)
{
	int64_t from_ms;
	(void)state;
	for (int seized = 0; seized < 2; seized++) {
		const struct seal_draft mute = { S(" "), seized };
		assert_blames(admit_seal(s->c, s->people[2], &mute, s->now_ms, &from_ms), ERR_INPUT,
		              "reason");
	}
	assert_false(is_sealed(2));
}

/* E4: nobody knows which keeper was at the shell, so none of them judges it. */
static void no_keeper_judges_what_the_shell_did(void **state)
{
	(void)state;
	seal(2, false);
	struct appeal a = court_file(s, 2, newest(2).id); /* before it takes effect */
	assert_int_equal(a.way, APPEAL_BY_STEWARD);
	assert_fails(decide(0, a.id), ERR_MISSING);
	assert_ok(decide(1, a.id));
	court_wait(s, 2 * SECOND_LOOK_MS);
	assert_false(is_sealed(2));
	/* The only steward is sealed: there is nobody left but the keeper, and it lapses by its clock. */
	seal(1, true);
	a = court_file(s, 1, newest(1).id);
	assert_true(a.way == APPEAL_BY_NOBODY && a.step == STEP_NOBODY);
	assert_fails(decide(0, a.id), ERR_MISSING);
	assert_true(is_sealed(1));
	court_wait(s, a.due_at_ms - s->now_ms);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_LAPSED);
	assert_false(is_sealed(1));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_takes_effect_after_a_day_and_says_why),
		TEST(what_is_in_other_hands_is_sealed_at_once),
		TEST(without_a_reason_nobody_is_sealed),
		TEST(no_keeper_judges_what_the_shell_did),
	};
	return cmocka_run_group_tests_name("admit_seal", tests, NULL, NULL);
}
