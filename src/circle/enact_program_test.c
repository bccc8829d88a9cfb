/* Another program brings another policy: what binds is what bound, until that one was announced as any other is. */
#include "circle/law_testing.h"

#include "circle/remember.h"
#include "circle/verb.h"

static struct stage *s; /* of the test that runs */
static str ours;        /* hash of what came with this program */

/* Nothing was ever judged here. */
static int set_up(void **state)
{
	struct stored_policy *list;
	size_t n;
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4 });
	assert_ok(enact_list(s->c, s->mem, &list, &n));
	assert_int_equal(n, 1);
	ours = list[0].hash;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static void start(void)
{
	s->screen = true;
	stage_reopen(s);
	remember_wait(s->c);
}

static err put_work(struct conn *tx, void *ctx) { return policies_enact(tx, ctx, POLICY_REPLACED); }

/* The directory as another program left it, whose policy this was. */
static void come_from(str source, str hash)
{
	struct stored_policy row = { .hash = hash,
		                     .name = S("another's"),
		                     .version = 1,
		                     .binds_at_ms = s->now_ms,
		                     .of_program = true,
		                     .source = source };
	assert_ok(verb_write(s->c, put_work, NULL, &row));
	start();
}

static str hash_of(str source)
{
	struct policy_source files[ENACT_FILES_MAX];
	struct policy_fault fault = { .line = 0 };
	struct policy *policy = NULL;
	size_t n;
	assert_ok(enact_unbundle(source, files, &n));
	assert_ok(policy_compile(files, n, s->mem, &policy, &fault));
	str hash = str_dup(s->mem, policy_hash(policy));
	policy_free(policy);
	return hash;
}

static struct stored_policy row_of(str hash)
{
	struct enacted_policy found;
	assert_ok(enact_find(s->c, hash, s->mem, &found));
	return found.row;
}

static void the_first_start_writes_down_what_binds(void **state)
{
	struct stored_policy *list;
	size_t n;
	(void)state;
	start();
	assert_true(law_in_force(s, ours));
	assert_ok(enact_list(s->c, s->mem, &list, &n));
	assert_int_equal(n, 1);
	assert_true(list[0].of_program && list[0].binds_at_ms == s->now_ms);
	assert_true(row_of(ours).source.n > 0);
	law_pass(s, 1000);
	stage_reopen(s);
	remember_wait(s->c);
	law_pass(s, 1000);
	assert_text(law_records(s), ""); /* once */
	struct enacted out;
	assert_fails(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
}

static void another_program_announces_what_may_be_stricter(void **state)
{
	(void)state;
	str source = law_mild(s), theirs = hash_of(source);
	come_from(source, theirs);
	assert_true(law_in_force(s, theirs));
	law_pass(s, 0);
	assert_true(law_in_force(s, theirs));
	struct stored_policy announced = row_of(ours);
	assert_int_equal(announced.state, POLICY_ANNOUNCED);
	assert_true(announced.of_program && announced.published_by.v == 0);
	assert_int_equal(announced.binds_at_ms, s->now_ms + ENACT_NOTICE_MS);
	assert_true(announced.differences.n > 2 && announced.rehearsal.n > 2);
	assert_text(announced.differs_from, str_to_c(s->mem, theirs));
	law_pass(s, ENACT_NOTICE_MS - 1);
	stage_reopen(s); /* a start is no way around the notice */
	remember_wait(s->c);
	law_pass(s, 0);
	assert_true(law_in_force(s, theirs));
	law_pass(s, 1);
	assert_true(law_in_force(s, ours));
	assert_int_equal(law_state(s, theirs), POLICY_REPLACED);
	/* And the keeper may go back, for good. */
	struct enacted out;
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_true(law_in_force(s, theirs));
	stage_reopen(s);
	remember_wait(s->c);
	law_pass(s, 1000);
	assert_true(law_in_force(s, theirs));
	assert_int_equal(law_state(s, ours), POLICY_WITHDRAWN);
}

static void what_was_announced_by_a_program_can_be_withdrawn(void **state)
{
	struct enacted out;
	(void)state;
	str source = law_mild(s), theirs = hash_of(source);
	come_from(source, theirs);
	law_pass(s, 0);
	assert_ok(enact_withdraw(s->c, ours, s->people[0], s->now_ms, s->mem, &out));
	stage_reopen(s);
	remember_wait(s->c);
	law_pass(s, 2 * ENACT_NOTICE_MS);
	assert_true(law_in_force(s, theirs));
	assert_int_equal(law_state(s, ours), POLICY_WITHDRAWN);
}

static void what_only_takes_away_binds_with_the_program(void **state)
{
	(void)state;
	str more = S(LAW_RULE("fruit", "柿子熟了", "院子里的柿子熟了", "0.9"));
	str source = str_format(s->mem, "%.*s%zu zz.policy\n%.*s", STR_ARG(row_of(ours).source),
	                        more.n, STR_ARG(more));
	str theirs = hash_of(source);
	come_from(source, theirs);
	assert_true(law_in_force(s, theirs));
	law_pass(s, 0);
	assert_true(law_in_force(s, ours));
	assert_int_equal(law_state(s, theirs), POLICY_REPLACED);
	assert_text(law_records(s), ""); /* the first is that it bound */
}

static void beside_what_the_keeper_wrote_nothing_is_offered(void **state)
{
	(void)state;
	str source = law_mild(s), theirs = hash_of(source);
	come_from(source, theirs);
	struct enacted out;
	assert_ok(law_publish(s, law_strict(s), &out)); /* before the program could */
	law_pass(s, 1000);
	assert_int_equal(row_of(out.hash).state, POLICY_ANNOUNCED);
	law_pass(s, ENACT_NOTICE_MS);
	assert_true(law_in_force(s, out.hash));
	law_pass(s, 1000);
	struct stored_policy *pending;
	size_t n;
	assert_ok(enact_pending(s->c, s->mem, &pending, &n));
	assert_int_equal(n, 0);
	/* Back under the one that came before, the new one is its turn. */
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_true(law_in_force(s, theirs));
	law_pass(s, 1000);
	assert_int_equal(law_state(s, ours), POLICY_ANNOUNCED);
}

static void what_this_program_cannot_read_gives_way_and_it_is_said(void **state)
{
	(void)state;
	come_from(S("3 a.policy\nabc"), S("0123456789abcdef0123456789abcdef"));
	assert_true(law_in_force(s, ours));
	assert_int_equal(law_state(s, ours), POLICY_IN_FORCE);
	assert_int_equal(law_state(s, S("0123456789abcdef0123456789abcdef")), POLICY_REPLACED);
	law_pass(s, 1000);
	struct enacted out;
	assert_ok(law_publish(s, law_mild(s), &out)); /* and things go on */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_start_writes_down_what_binds),
		TEST(another_program_announces_what_may_be_stricter),
		TEST(what_was_announced_by_a_program_can_be_withdrawn),
		TEST(what_only_takes_away_binds_with_the_program),
		TEST(beside_what_the_keeper_wrote_nothing_is_offered),
		TEST(what_this_program_cannot_read_gives_way_and_it_is_said),
	};
	return cmocka_run_group_tests_name("enact_program", tests, NULL, NULL);
}
