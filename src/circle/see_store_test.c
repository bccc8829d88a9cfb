/* The door's facts have two sources, memory and the transaction: after every step of a random life through the verbs
 * they must say the same of everybody. */
#include "circle/see_store.h"

#include "circle/admit.h"
#include "circle/convene.h"
#include "circle/stage_testing.h"

#define PEOPLE 6
#define STEPS 400

static struct stage *s; /* of the test that runs */
static list_id lists[8];
static int owners[8], n_lists;
static group_id groups[8];
static int n_groups;

static int roll(int below)
{
	uint64_t out;
	chance_fill(chance_seeded(&s->seed), &out, sizeof out);
	return (int)(out % (uint64_t)below);
}

static void make_list(int owner)
{
	struct list list;
	if (n_lists == (int)COUNT(lists) ||
	    failed(tag_create(s->c, s->people[owner], S("tag"), s->now_ms, &list)))
		return;
	owners[n_lists] = owner;
	lists[n_lists++] = list.id;
}

static void change_list(int kind, int member)
{
	int at = n_lists ? roll(n_lists) : 0;
	err e = OK;
	if (n_lists == 0)
		return;
	if (kind == 0)
		e = tag_add(s->c, s->people[owners[at]], lists[at], &s->people[member], 1);
	else if (kind == 1)
		e = tag_remove(s->c, s->people[owners[at]], lists[at], &s->people[member], 1);
	else if (roll(10) == 0)
		e = tag_delete(s->c, s->people[owners[at]], lists[at]);
	assert_int_not_equal(e.code, ERR_SYSTEM);
}

/* Groups are founded, filled, left, handed over and ended by whoever is rolled. */
static err change_group(int a, int b)
{
	person_id me = s->people[a], other = s->people[b];
	group_id g = n_groups ? groups[roll(n_groups)] : (group_id){ 0 };
	err e = OK;
	switch (roll(8)) {
	case 0:
		if (n_groups < (int)COUNT(groups))
			e = convene_create(s->c, me, S("group"), STR_NONE, s->now_ms, s->mem,
			                   &groups[n_groups]);
		n_groups += n_groups < (int)COUNT(groups) && !failed(e);
		return e;
	case 1:
	case 2:
		return convene_invite(s->c, me, g, other, s->now_ms);
	case 3:
	case 4:
		return convene_accept(s->c, me, g, s->now_ms);
	case 5:
		return convene_leave(s->c, me, g, s->now_ms);
	case 6:
		return convene_remove(s->c, me, g, other, s->now_ms);
	default:
		return roll(4) ? convene_hand_over(s->c, me, g, other, s->now_ms)
		               : convene_delete(s->c, me, g, s->now_ms);
	}
}

/* Refusals are part of life; faults are not. */
static void step(void)
{
	int a = roll(PEOPLE), b = roll(PEOPLE);
	person_id me = s->people[a], other = s->people[b];
	bool on = roll(2);
	err e = OK;
	switch (roll(17)) {
	case 0:
	case 1:
		e = befriend_request(s->c, me, other, STR_NONE, s->now_ms, s->mem);
		break;
	case 2:
	case 3:
		e = befriend_accept(s->c, me, other, s->now_ms);
		break;
	case 4:
		e = befriend_end(s->c, me, other);
		break;
	case 5:
		e = roll(3) ? OK : befriend_block(s->c, me, other, s->now_ms);
		break;
	case 6:
		e = befriend_unblock(s->c, me, other);
		break;
	case 7:
		e = befriend_hide_mine(s->c, me, other, on, s->now_ms);
		break;
	case 8:
		e = befriend_hide_theirs(s->c, me, other, on, s->now_ms);
		break;
	case 9:
		make_list(a);
		break;
	case 10:
		change_list(roll(3), b);
		break;
	case 11:
		change_list(0, b);
		break;
	case 12:
		e = stage_seal(s->c, me, on && roll(3) == 0, s->now_ms);
		break;
	default:
		e = change_group(a, b);
		break;
	}
	assert_int_not_equal(e.code, ERR_SYSTEM);
}

static void compare_pair(const struct see_source *memory, const struct see_source *store,
                         person_id a, person_id b)
{
	assert_int_equal(memory->tie(memory->ctx, a, b), store->tie(store->ctx, a, b));
	assert_int_equal(memory->block(memory->ctx, a, b), store->block(store->ctx, a, b));
	assert_int_equal(memory->hides_mine(memory->ctx, a, b),
	                 store->hides_mine(store->ctx, a, b));
	assert_int_equal(see_friends(memory, a, b), see_friends(store, a, b));
	assert_int_equal(see_card(memory, a, b), see_card(store, a, b));
	for (int i = 0; i < n_lists; i++) {
		bool deleted_here = false, deleted_there = false;
		assert_int_equal(memory->in_list(memory->ctx, a, lists[i], b, &deleted_here),
		                 store->in_list(store->ctx, a, lists[i], b, &deleted_there));
		assert_int_equal(deleted_here, deleted_there);
	}
}

static void compare_all(void)
{
	struct conn *conn = NULL;
	assert_ok(store_read(s->c->store, &conn));
	struct see_store facts = { .conn = conn, .mem = s->mem };
	struct see_source store = see_store_source(&facts);
	world_lock(s->c->world);
	struct see_source memory = world_source(s->c->world);
	for (int i = 0; i < PEOPLE; i++) {
		struct see_person here = memory.person(memory.ctx, s->people[i]);
		struct see_person there = store.person(store.ctx, s->people[i]);
		assert_true(here.active == there.active && here.role == there.role &&
		            here.range == there.range);
		for (int g = 0; g < n_groups; g++)
			assert_int_equal(memory.in_group(memory.ctx, groups[g], s->people[i]),
			                 store.in_group(store.ctx, groups[g], s->people[i]));
		for (int j = 0; j < PEOPLE; j++)
			compare_pair(&memory, &store, s->people[i], s->people[j]);
	}
	world_unlock(s->c->world);
	assert_false(facts.broken);
	store_read_end(s->c->store, &conn);
}

static void memory_and_transaction_tell_the_same(void **state)
{
	(void)state;
	for (int seed = 1; seed <= 3; seed++) {
		s = stage_new((struct stage_needs){ .people = PEOPLE });
		s->seed = (uint64_t)seed;
		n_lists = n_groups = 0;
		for (int i = 0; i < STEPS; i++) {
			step();
			if (i % 4 == 0)
				compare_all();
		}
		stage_reopen(s); /* and what is loaded is what was kept */
		compare_all();
		stage_free(s);
	}
}

static void nobody_and_nothing_get_the_stricter_answer(void **state)
{
	struct conn *conn = NULL;
	bool deleted = false;
	(void)state;
	s = stage_new((struct stage_needs){ .people = 2 });
	assert_ok(store_read(s->c->store, &conn));
	struct see_store facts = { .conn = conn, .mem = s->mem };
	struct see_source see = see_store_source(&facts);
	assert_false(see.person(see.ctx, (person_id){ 42 }).active);
	assert_true(see.in_list(see.ctx, s->people[0], (list_id){ 42 }, s->people[1], &deleted));
	assert_true(deleted);
	assert_false(see.in_group(see.ctx, (group_id){ 42 }, s->people[0]));
	assert_false(facts.broken); /* absence is no fault */
	store_read_end(s->c->store, &conn);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_and_transaction_tell_the_same),
		cmocka_unit_test(nobody_and_nothing_get_the_stricter_answer),
	};
	return cmocka_run_group_tests_name("see_store", tests, NULL, NULL);
}
