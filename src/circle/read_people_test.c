/* Cards and the search for people: what a stranger learns, and what a block takes away. */
#include "circle/town_testing.h"

static void a_stranger_gets_the_card_and_no_more(void **state)
{
	struct town *t = town_new(3, 1);
	struct person card;
	(void)state;
	town_befriend(t, 1, 0);
	assert_ok(read_card(&t->c, t->people[2], t->people[0], t->mem, &card));
	assert_true(str_eq(card.handle, S("p00")));
	assert_true(str_eq(card.display_name, S("Name 00")));
	assert_int_equal(card.note.n, 0);
	assert_int_equal(card.role, ROLE_MEMBER); /* 0 is a keeper: not a stranger's business */
	assert_ok(read_card(&t->c, t->people[1], t->people[0], t->mem, &card));
	assert_true(str_eq(card.note, S("note 00")));
	/* 1 ended it: 0 still counts 1 as a friend, 1 does not count 0. */
	town_tie(t, 1, 0, false);
	assert_ok(read_card(&t->c, t->people[1], t->people[0], t->mem, &card));
	assert_int_equal(card.note.n, 0);
	assert_ok(read_card(&t->c, t->people[0], t->people[1], t->mem, &card));
	assert_true(str_eq(card.note, S("note 01")));
	town_free(t);
}

static void a_block_takes_the_card_away_both_ways(void **state)
{
	struct town *t = town_new(2, 1);
	struct person card;
	(void)state;
	town_block(t, 0, 1, true);
	err blocked = read_card(&t->c, t->people[1], t->people[0], t->mem, &card);
	err nobody = read_card(&t->c, t->people[1], (person_id){ 7 }, t->mem, &card);
	assert_int_equal(blocked.code, ERR_MISSING);
	assert_string_equal(blocked.why, nobody.why);
	assert_fails(read_card(&t->c, t->people[0], t->people[1], t->mem, &card), ERR_MISSING);
	assert_fails(read_card_by_handle(&t->c, t->people[1], S("p00"), t->mem, &card),
	             ERR_MISSING);
	town_block(t, 0, 1, false);
	assert_ok(read_card_by_handle(&t->c, t->people[1], S("P00"), t->mem, &card));
	assert_int_equal(card.id.v, t->people[0].v);
	town_free(t);
}

static void a_sealed_person_keeps_only_their_own_record(void **state)
{
	struct town *t = town_new(2, 1);
	struct person card;
	(void)state;
	town_change_person(t, 1, PERSON_SEALED, RANGE_MONTH);
	assert_fails(read_card(&t->c, t->people[0], t->people[1], t->mem, &card), ERR_MISSING);
	assert_fails(read_card(&t->c, t->people[1], t->people[0], t->mem, &card), ERR_MISSING);
	assert_ok(read_self(&t->c, t->people[1], t->mem, &card));
	assert_int_equal(card.status, PERSON_SEALED);
	assert_int_equal(card.range, RANGE_MONTH);
	town_free(t);
}

static size_t search(struct town *t, int v, const char *query, int limit, struct person **out)
{
	size_t n;
	assert_ok(read_search(&t->c, t->people[v], str_of(query), limit, t->mem, out, &n));
	return n;
}

static void search_goes_by_the_beginning_of_names(void **state)
{
	struct town *t = town_new(13, 1);
	struct person *people, named = { .display_name = S("ÉMILIE Ｌin"), .handle = S("zoe") };
	(void)state;
	named.id.v = ++t->next_id;
	world_set_person(t->c.world, &named, S("zoe"));
	assert_int_equal(search(t, 0, "p", 80, &people), 13);
	assert_int_equal(search(t, 0, "p", 5, &people), 5);
	assert_true(str_eq(people[4].handle, S("p04")));
	assert_int_equal(search(t, 0, "@P1", 80, &people), 3);
	assert_int_equal(search(t, 0, "nAmE 1", 80, &people), 3);
	assert_int_equal(search(t, 0, "émilie lin", 80, &people), 1);
	assert_int_equal(search(t, 0, "ame", 80, &people), 0);
	assert_int_equal(search(t, 0, "", 80, &people), 0);
	assert_int_equal(search(t, 0, "%", 80, &people), 0);
	town_block(t, 12, 0, true);
	town_block(t, 0, 11, true);
	town_change_person(t, 10, PERSON_SEALED, RANGE_ALL);
	assert_int_equal(search(t, 0, "p1", 80, &people), 0);
	assert_int_equal(search(t, 1, "p1", 80, &people), 2);
	town_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stranger_gets_the_card_and_no_more),
		cmocka_unit_test(a_block_takes_the_card_away_both_ways),
		cmocka_unit_test(a_sealed_person_keeps_only_their_own_record),
		cmocka_unit_test(search_goes_by_the_beginning_of_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
