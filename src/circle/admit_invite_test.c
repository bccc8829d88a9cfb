#include "circle/admit.h"

#include "circle/stage_testing.h"
#include "circle/world.h"

#include <stdatomic.h>
#include <stdio.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define PASSWORD S("correct horse")

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static str invite(int by, int uses, struct invite *out)
{
	person_id who = by < 0 ? (person_id){ 0 } : s->people[by];
	str code;
	assert_ok(admit_invite(s->c, who, uses, 7 * DAY_MS, s->now_ms, s->mem, out, &code));
	return code;
}

static err sign_up(str code, const char *handle, struct person *out)
{
	struct account_draft draft = { .handle = str_of(handle),
		                       .password = PASSWORD,
		                       .role = ROLE_KEEPER,
		                       .invited_by = { 42 } };
	return admit_sign_up(s->c, code, &draft, s->now_ms, s->mem, out);
}

static int uses_left(str code)
{
	struct invite looked;
	str by;
	err e = admit_invite_look(s->c, code, s->now_ms, s->mem, &looked, &by);
	if (e.code == ERR_MISSING)
		return 0;
	assert_ok(e);
	return looked.uses_left;
}

static void an_invitation_brings_one_member_in(void **state)
{
	struct invite made, looked;
	struct person out;
	struct came_in came;
	str by, code = invite(1, 1, &made);
	(void)state;
	assert_ok(admit_invite_look(s->c, code, s->now_ms, s->mem, &looked, &by));
	assert_text(by, "p01");
	assert_int_equal(looked.id.v, made.id.v);
	assert_ok(sign_up(code, "lin", &out));
	assert_int_equal(out.role, ROLE_MEMBER); /* whatever was asked for */
	assert_int_equal(out.invited_by.v, s->people[1].v);
	assert_blames(sign_up(code, "mei", &out), ERR_INPUT, "invite");
	assert_fails(admit_invite_look(s->c, code, s->now_ms, s->mem, &looked, &by), ERR_MISSING);
	assert_ok(admit_sign_in(s->c, &(struct way_in){ .address = 1 }, S("lin"), PASSWORD, s->mem,
	                        &came));
}

static void a_failed_sign_up_does_not_burn_it(void **state)
{
	struct account_draft draft = { .handle = S("lin") };
	struct invite made;
	struct person out;
	str code = invite(-1, 1, &made);
	(void)state;
	assert_blames(sign_up(code, "a b", &out), ERR_INPUT, "handle");
	assert_blames(sign_up(code, "admin", &out), ERR_INPUT, "handle");
	assert_blames(sign_up(code, "P02", &out), ERR_CONFLICT, "handle");
	assert_blames(admit_sign_up(s->c, code, &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "password");
	assert_int_equal(uses_left(code), 1);
	assert_ok(sign_up(code, "lin", &out));
	assert_int_equal(out.invited_by.v, 0);
}

static struct branch branch_of(person_id id)
{
	world_lock(s->c->world);
	struct branch branch = world_branch(s->c->world, id);
	world_unlock(s->c->world);
	return branch;
}

/* Whoever came together by the shell's link is of one branch; whoever came later is not, and which link it was stays known. */
static void by_which_invitation_is_written_down(void **state)
{
	struct invite made;
	struct person out[3];
	str code = invite(-1, 3, &made);
	(void)state;
	for (int i = 0; i < 3; i++) {
		s->now_ms += i == 2 ? BRANCH_WAVE_MS : 0;
		assert_ok(sign_up(code, (const char *[]){ "ann", "ben", "cec" }[i], &out[i]));
	}
	for (int again = 0; again < 2; again++) {
		struct branch a = branch_of(out[0].id), b = branch_of(out[1].id),
			      later = branch_of(out[2].id), shell = branch_of(s->people[0]);
		assert_true(branch_same(&a, &b));
		assert_false(branch_same(&b, &later) || branch_same(&a, &shell));
		world_lock(s->c->world);
		for (int i = 0; i < 3; i++)
			assert_int_equal(world_person(s->c->world, out[i].id)->invite.v, made.id.v);
		world_unlock(s->c->world);
		stage_reopen(s);
	}
}

static void what_is_over_brings_nobody_in(void **state)
{
	struct invite made;
	struct person out;
	str expired = invite(1, 5, &made), revoked, sealed;
	(void)state;
	s->now_ms += 7 * DAY_MS;
	assert_blames(sign_up(expired, "lin", &out), ERR_INPUT, "invite");
	revoked = invite(1, 5, &made);
	assert_fails(admit_invite_revoke(s->c, s->people[0], made.id),
	             ERR_MISSING); /* not theirs */
	assert_ok(admit_invite_revoke(s->c, s->people[1], made.id));
	assert_blames(sign_up(revoked, "lin", &out), ERR_INPUT, "invite");
	sealed = invite(1, 5, &made);
	assert_ok(stage_seal(s->c, s->people[1], true, s->now_ms));
	assert_blames(sign_up(sealed, "lin", &out), ERR_INPUT, "invite");
	assert_blames(sign_up(S("guess"), "lin", &out), ERR_INPUT, "invite");
	assert_blames(sign_up(STR_NONE, "lin", &out), ERR_INPUT, "invite");
}

static void bad_invitations_are_refused(void **state)
{
	struct invite out;
	str code;
	(void)state;
	assert_blames(admit_invite(s->c, s->people[1], 0, DAY_MS, s->now_ms, s->mem, &out, &code),
	              ERR_INPUT, "uses");
	assert_blames(admit_invite(s->c, s->people[1], 1, 0, s->now_ms, s->mem, &out, &code),
	              ERR_INPUT, "days");
	assert_fails(
		admit_invite(s->c, (person_id){ 42 }, 1, DAY_MS, s->now_ms, s->mem, &out, &code),
		ERR_DENIED);
}

static void ones_own_are_listed(void **state)
{
	struct invite made, *all;
	size_t n;
	(void)state;
	invite(1, 3, &made);
	invite(0, 1, &made);
	assert_ok(admit_invites(s->c, s->people[1], s->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_int_equal(all[0].uses_max, 3);
}

struct rush {
	str code;
	atomic_int outcomes[ERR_SYSTEM + 1];
};

static void sign_up_each(struct stage *stage, int i, void *ctx)
{
	struct rush *rush = ctx;
	struct arena *mem = arena_new(4096);
	char handle[16];
	struct person out;
	snprintf(handle, sizeof handle, "rush%02d", i);
	struct account_draft draft = { .handle = str_of(handle), .password = PASSWORD };
	err e = admit_sign_up(stage->c, rush->code, &draft, stage->now_ms, mem, &out);
	sure(!failed(e) || str_eq(str_of(e.field), S("invite")));
	atomic_fetch_add(&rush->outcomes[e.code], 1);
	arena_free(mem);
}

static void twenty_at_once_are_exactly_as_many_as_invited(void **state)
{
	struct rush rush = { .outcomes = { 0 } };
	struct invite made;
	struct person *all;
	size_t n;
	(void)state;
	rush.code = invite(1, 5, &made);
	stage_race(s, 20, sign_up_each, &rush);
	assert_int_equal(rush.outcomes[ERR_NONE], 5);
	assert_int_equal(rush.outcomes[ERR_INPUT], 15);
	assert_int_equal(uses_left(rush.code), 0);
	assert_ok(admit_list(s->c, s->mem, &all, &n));
	assert_int_equal(n, 3 + 5);
}

static void sign_up_same(struct stage *stage, int i, void *ctx)
{
	(void)i;
	struct rush *rush = ctx;
	struct arena *mem = arena_new(4096);
	struct account_draft draft = { .handle = S("lin"), .password = PASSWORD };
	struct person out;
	err e = admit_sign_up(stage->c, rush->code, &draft, stage->now_ms, mem, &out);
	sure(!failed(e) || e.code == ERR_CONFLICT);
	atomic_fetch_add(&rush->outcomes[e.code], 1);
	arena_free(mem);
}

static void one_handle_for_five_at_once_costs_one_use(void **state)
{
	struct rush rush = { .outcomes = { 0 } };
	struct invite made;
	(void)state;
	rush.code = invite(1, 5, &made);
	stage_race(s, 5, sign_up_same, &rush);
	assert_int_equal(rush.outcomes[ERR_NONE], 1);
	assert_int_equal(rush.outcomes[ERR_CONFLICT], 4);
	assert_int_equal(uses_left(rush.code), 4);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_invitation_brings_one_member_in),
		TEST(a_failed_sign_up_does_not_burn_it),
		TEST(by_which_invitation_is_written_down),
		TEST(what_is_over_brings_nobody_in),
		TEST(bad_invitations_are_refused),
		TEST(ones_own_are_listed),
		TEST(twenty_at_once_are_exactly_as_many_as_invited),
		TEST(one_handle_for_five_at_once_costs_one_use),
	};
	return cmocka_run_group_tests_name("admit_invite", tests, NULL, NULL);
}
