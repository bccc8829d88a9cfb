/* The draw: the same for everybody who reckons it, fair over seeds, and never of somebody who may not sit. */
/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "circle/draw.h"

#include "base/encode.h"
#include "base/seam.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *mem;
static uint64_t dice;

static int roll(int below)
{
	uint64_t out;
	chance_fill(chance_seeded(&dice), &out, sizeof out);
	return (int)(out % (uint64_t)below);
}

static int set_up(void **state)
{
	(void)state;
	mem = arena_new(1 << 16);
	dice = 20260501;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(mem);
	return 0;
}

static str *numbers_new(size_t n)
{
	str *numbers = ARENA_ARRAY(mem, n, str);
	for (size_t i = 0; i < n; i++) {
		unsigned char raw[DRAW_NUMBER_CHARS / 2];
		chance_fill(chance_seeded(&dice), raw, sizeof raw);
		numbers[i] = hex_of(mem, raw, sizeof raw);
	}
	return numbers;
}

/* Made by tests/draw.py, which knows nothing of this file. */
static void known_answers_come_out(void **state)
{
	static const str numbers[] = {
		{ "00c0ffee00c0ffee", 16 },
		{ "1111111111111111", 16 },
		{ "8badf00d8badf00d", 16 },
		{ "fedcba9876543210", 16 },
	};
	static const size_t want[] = { 1, 0, 3, 2 };
	unsigned char root[HASH_BYTES], seed[HASH_BYTES], list[HASH_BYTES];
	(void)state;
	for (int i = 0; i < HASH_BYTES; i++)
		root[i] = (unsigned char)i;
	draw_list_hash(draw_list(numbers, COUNT(numbers), mem), list);
	assert_string_equal(str_to_c(mem, hex_of(mem, list, sizeof list)),
	                    "2ca0f3bd0137d723c318c451820bb0221f29e40152071503d504a55c5e18b13b");
	draw_seed(root, 42, seed);
	assert_string_equal(str_to_c(mem, hex_of(mem, seed, sizeof seed)),
	                    "05b3bfd1d9d6e471c46dc14c78ac485d0973259a077f5a98c2b181e890dd2f0c");
	const size_t *order = draw_order(seed, numbers, COUNT(numbers), mem);
	assert_memory_equal(order, want, sizeof want);
}

static void another_root_or_number_is_another_order(void **state)
{
	const str *numbers = numbers_new(100);
	unsigned char root[HASH_BYTES] = { 1 }, a[HASH_BYTES], b[HASH_BYTES], c[HASH_BYTES];
	(void)state;
	draw_seed(root, 7, a);
	draw_seed(root, 8, b);
	root[31] = 1;
	draw_seed(root, 7, c);
	const size_t *x = draw_order(a, numbers, 100, mem),
		     *again = draw_order(a, numbers, 100, mem);
	assert_memory_equal(x, again, 100 * sizeof *x);
	assert_memory_not_equal(x, draw_order(b, numbers, 100, mem), 100 * sizeof *x);
	assert_memory_not_equal(x, draw_order(c, numbers, 100, mem), 100 * sizeof *x);
}

/* Each number's own, whoever else is on the list: leaving one out moves nobody past another. */
static void a_rank_does_not_depend_on_the_others(void **state)
{
	const str *numbers = numbers_new(50);
	unsigned char seed[HASH_BYTES] = { 3 };
	str fewer[49];
	size_t k = 0;
	(void)state;
	memcpy(fewer, numbers, sizeof fewer);
	const size_t *all = draw_order(seed, numbers, 50, mem),
		     *less = draw_order(seed, fewer, 49, mem);
	for (size_t i = 0; i < 50; i++)
		if (all[i] != 49)
			assert_int_equal(all[i], less[k++]);
	assert_int_equal(k, 49);
}

/* Who is how far, of which branch and by which invitation; 0: of none. One of the sides came by `side`. */
struct people {
	enum draw_distance distance[256];
	int branch[256], invite[256];
	size_t n;
	int side;
};

static enum draw_distance how_far(void *ctx, size_t i)
{
	return ((struct people *)ctx)->distance[i];
}

static bool same_branch(void *ctx, size_t i, size_t j)
{
	const struct people *people = ctx;
	return people->branch[i] != 0 && people->branch[i] == people->branch[j];
}

static bool same_invite(void *ctx, size_t i, size_t j)
{
	const struct people *people = ctx;
	return people->invite[i] != 0 && people->invite[i] == people->invite[j];
}

static int room_for(void *ctx, size_t i, int seats)
{
	const struct people *people = ctx;
	size_t came = 0;
	for (size_t k = 0; k < people->n; k++)
		came += people->invite[k] == people->invite[i];
	return people->invite[i] == 0
	               ? seats
	               : draw_room(came, people->n, people->side == people->invite[i], seats);
}

static struct draw_circle circle_of(struct people *people)
{
	return (struct draw_circle){
		people->n, how_far, same_branch, same_invite, room_for, people
	};
}

/* Chi-square with 19 degrees of freedom: 43.8 is passed by one honest draw in a thousand; the seeds are always these. */
static void everyone_sits_equally_often(void **state)
{
	enum { PEOPLE = 20, SEEDS = 4000 };
	const str *numbers = numbers_new(PEOPLE);
	struct people far = { .n = PEOPLE };
	int sat[PEOPLE] = { 0 }, first[PEOPLE] = { 0 };
	struct draw_circle circle = circle_of(&far);
	double want = (double)SEEDS * JURY_SEATS / PEOPLE, chi = 0, chi_first = 0;
	(void)state;
	for (int i = 0; i < PEOPLE; i++)
		far.distance[i] = DRAW_FAR;
	for (int64_t s = 1; s <= SEEDS; s++) {
		struct arena_mark mark = arena_mark(mem);
		unsigned char root[HASH_BYTES] = { 9 }, seed[HASH_BYTES];
		struct drawn drawn;
		draw_seed(root, s, seed);
		const size_t *order = draw_order(seed, numbers, PEOPLE, mem);
		draw_jury(&circle, mem, &drawn);
		assert_int_equal(drawn.walked, JURY_SEATS);
		for (size_t i = 0; i < drawn.walked; i++)
			sat[order[i]]++;
		first[order[0]]++;
		arena_rewind(mem, mark);
	}
	for (int i = 0; i < PEOPLE; i++) {
		double off = sat[i] - want, off_first = first[i] - want / JURY_SEATS;
		chi += off * off / want;
		chi_first += off_first * off_first / (want / JURY_SEATS);
	}
	/* Seats of one draw exclude one another, so that their sum spreads less than that of single draws. */
	assert_true(chi < 43.8);
	assert_true(chi_first < 43.8);
	assert_true(chi_first > 5); /* and not by going round */
}

/* Everything at random: a naive look at each walk, place by place. */
static size_t naive_count(const struct draw_circle *c, enum draw_distance least, size_t until,
                          int seats, bool *sits)
{
	size_t n = 0;
	for (size_t i = 0; i < c->n && n < until; i++) {
		int of_invite = 0;
		sits[i] = c->distance(c->ctx, i) >= least;
		for (size_t k = 0; k < i; k++) {
			if (sits[k] && c->alike(c->ctx, k, i))
				sits[i] = false;
			of_invite += sits[k] && c->together(c->ctx, k, i);
		}
		sits[i] = sits[i] && (seats == 0 || of_invite < c->room(c->ctx, i, seats));
		n += sits[i];
	}
	return n;
}

static const struct rule {
	enum appeal_step step;
	size_t seats;
	enum draw_distance least;
} rules[] = {
	{ STEP_SEVEN, 7, DRAW_FAR },
	{ STEP_ONE_HOP, 7, DRAW_SECOND },
	{ STEP_FIVE, 5, DRAW_SECOND },
	{ STEP_THREE, 3, DRAW_SECOND },
};

/* Those seated are the first who may sit, and walking on finds who would have been next, each once. */
static void assert_walk(const struct draw_circle *c, const struct drawn *drawn,
                        const struct rule *rule)
{
	bool sits[64] = { false };
	struct draw_seat seated[64] = { { 0, false } };
	size_t last = 0, n = 0;
	naive_count(c, rule->least, rule->seats, (int)rule->seats, sits);
	for (size_t i = 0; i < c->n; i++)
		last = sits[i] ? i : last;
	assert_int_equal(drawn->step, rule->step);
	assert_int_equal(drawn->seats, rule->seats);
	assert_int_equal(drawn->walked, last + 1);
	assert_memory_equal(drawn->seated, sits, drawn->walked * sizeof(bool));
	for (size_t i = 0; i < drawn->walked; i++)
		if (drawn->seated[i])
			seated[n++].at = i;
	memset(sits, 0, sizeof sits);
	naive_count(c, rule->least, SIZE_MAX, (int)rule->seats, sits);
	for (size_t at = drawn->walked; at < c->n; at++) {
		size_t next = draw_next(c, drawn->step, seated, n, at);
		while (at < next)
			assert_false(sits[at++]);
		if (at == c->n)
			break;
		assert_true(sits[at]);
		seated[n++].at = at;
	}
}

static void a_walk_seats_who_may_and_nobody_else(void **state)
{
	int seen[STEP_NOBODY + 1] = { 0 };
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct people people = { .n = (size_t)roll(40), .side = roll(4) };
		struct draw_circle c = circle_of(&people);
		struct drawn drawn;
		size_t rule = 0;
		int bias = roll(4), invites = roll(4) * roll(3);
		for (size_t i = 0; i < c.n; i++) {
			people.distance[i] = (enum draw_distance)(roll(3) < bias ? 3 : roll(4));
			people.branch[i] = roll(3) ? 0 : 1 + roll(6);
			people.invite[i] = roll(invites + 1);
		}
		draw_jury(&c, mem, &drawn);
		for (; rule < COUNT(rules); rule++) {
			bool sits[64] = { false }, seats[64] = { false };
			size_t enough = 2 * rules[rule].seats + 1, want = rules[rule].seats;
			if (naive_count(&c, rules[rule].least, enough, 0, sits) == enough &&
			    naive_count(&c, rules[rule].least, want, (int)want, seats) == want)
				break;
		}
		seen[drawn.step]++;
		if (rule == COUNT(rules)) {
			assert_int_equal(drawn.step, STEP_STEWARD);
			assert_int_equal(drawn.seats, 0);
			assert_int_equal(drawn.walked, 0);
			continue;
		}
		assert_walk(&c, &drawn, &rules[rule]);
	}
	for (enum appeal_step step = STEP_SEVEN; step <= STEP_STEWARD; step++)
		assert_true(seen[step] > 20); /* all of them were tried */
}

static void small_circles_relax_the_rule_by_steps(void **state)
{
	static const struct {
		const char *name;
		size_t far, second, friends, barred;
		enum appeal_step step;
		int seats;
	} rows[] = {
		{ "fifteen strangers", 15, 0, 0, 0, STEP_SEVEN, 7 },
		{ "fourteen strangers and a friend's friend", 14, 1, 0, 0, STEP_ONE_HOP, 7 },
		{ "fifteen friends' friends", 0, 15, 5, 0, STEP_ONE_HOP, 7 },
		{ "fourteen at one hop", 4, 10, 20, 9, STEP_FIVE, 5 },
		{ "eleven", 0, 11, 0, 0, STEP_FIVE, 5 },
		{ "ten", 10, 0, 0, 0, STEP_THREE, 3 },
		{ "seven", 0, 7, 100, 0, STEP_THREE, 3 },
		{ "six", 3, 3, 50, 50, STEP_STEWARD, 0 },
		{ "nobody", 0, 0, 0, 0, STEP_STEWARD, 0 },
	};
	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		struct people people = { .n = 0 };
		struct drawn drawn;
		for (size_t i = 0; i < rows[r].barred; i++)
			people.distance[people.n++] = DRAW_BARRED;
		for (size_t i = 0; i < rows[r].friends; i++)
			people.distance[people.n++] = DRAW_FRIEND;
		for (size_t i = 0; i < rows[r].far; i++)
			people.distance[people.n++] = DRAW_FAR;
		for (size_t i = 0; i < rows[r].second; i++)
			people.distance[people.n++] = DRAW_SECOND;
		struct draw_circle c = circle_of(&people);
		draw_jury(&c, mem, &drawn);
		if (drawn.step != rows[r].step || drawn.seats != rows[r].seats)
			fail_msg("%s: step %d, %d seats", rows[r].name, drawn.step, drawn.seats);
	}
}

/* In a circle of 56: a farm of 16, two clubs, three, and one that everybody is of. */
static void no_invitation_decides_alone(void **state)
{
	static const struct {
		const char *name;
		size_t came, all;
		bool side;
		int seven, five, three;
	} rows[] = {
		{ "one alone", 1, 56, false, 1, 1, 1 },
		{ "a side alone", 1, 56, true, 0, 0, 0 },
		{ "a seventh", 8, 56, false, 1, 1, 1 },
		{ "a seventh, and a side", 8, 56, true, 0, 0, 0 },
		{ "a farm of sixteen", 16, 56, false, 2, 2, 1 },
		{ "a farm of sixteen, and a side", 16, 56, true, 1, 1, 0 },
		{ "one club of three", 19, 56, false, 3, 2, 1 },
		{ "one club of two", 28, 56, false, 4, 2, 1 },
		{ "one club of two, and a side", 28, 56, true, 3, 1, 0 },
		{ "not quite how one comes here", 33, 56, false, 4, 2, 1 },
		{ "how one comes here", 34, 56, false, 7, 5, 3 },
		{ "how one comes here, and a side", 56, 56, true, 7, 5, 3 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int seven = draw_room(rows[i].came, rows[i].all, rows[i].side, 7),
		    five = draw_room(rows[i].came, rows[i].all, rows[i].side, 5),
		    three = draw_room(rows[i].came, rows[i].all, rows[i].side, 3);
		if (seven != rows[i].seven || five != rows[i].five || three != rows[i].three)
			fail_msg("%s: %d, %d, %d", rows[i].name, seven, five, three);
	}
	for (size_t came = 1; came < 60; came++)
		for (int seats = 3; seats <= 15; seats += 2)
			assert_true(draw_room(came, 100, false, seats) < draw_needed(seats));
}

/* Of seven by one invitation, four sit; when two of them leave, two more may come, and nobody besides. */
static void who_leaves_makes_room_for_another_of_their_invitation(void **state)
{
	struct people people = { .n = 14 };
	struct draw_seat seated[] = { { 0, false }, { 1, false }, { 2, false }, { 3, false } };
	(void)state;
	for (size_t i = 0; i < people.n; i++) {
		people.distance[i] = DRAW_FAR;
		people.invite[i] = i < 7 ? 1 : 2;
	}
	struct draw_circle c = circle_of(&people);
	assert_int_equal(draw_next(&c, STEP_SEVEN, seated, 4, 4), 7);
	seated[1].left = true;
	assert_int_equal(draw_next(&c, STEP_SEVEN, seated, 4, 4), 4);
	people.branch[1] = people.branch[4] = 9; /* whoever left is still alike */
	assert_int_equal(draw_next(&c, STEP_SEVEN, seated, 4, 4), 5);
}

static void sixty_percent_of_the_seats_decide(void **state)
{
	static const struct {
		const char *name;
		struct tally tally;
		bool settled;
		enum vote vote;
	} rows[] = {
		{ "no seat at all", { 0, 0, 0, 0, 0 }, true, VOTE_NONE },
		{ "nobody yet", { 7, 0, 0, 0, 7 }, false, VOTE_NONE },
		{ "four of seven are too few", { 7, 4, 0, 0, 3 }, false, VOTE_NONE },
		{ "five of seven keep", { 7, 5, 0, 0, 2 }, true, VOTE_KEEP },
		{ "five of seven overturn", { 7, 0, 5, 0, 2 }, true, VOTE_OVERTURN },
		{ "three and two may still become five", { 7, 0, 3, 2, 2 }, false, VOTE_NONE },
		{ "three and two, one left", { 7, 1, 3, 2, 1 }, true, VOTE_MILDER },
		{ "five for milder", { 7, 0, 0, 5, 2 }, true, VOTE_MILDER },
		{ "milder does not count toward keep", { 7, 4, 0, 3, 0 }, true, VOTE_NONE },
		{ "four and three are hung", { 7, 4, 3, 0, 0 }, true, VOTE_NONE },
		{ "hung before the last", { 7, 3, 3, 0, 1 }, true, VOTE_NONE },
		{ "three and three, and nobody left to ask", { 7, 3, 3, 0, 0 }, true, VOTE_NONE },
		{ "three of five", { 5, 0, 3, 0, 2 }, true, VOTE_OVERTURN },
		{ "two of five", { 5, 2, 2, 0, 1 }, false, VOTE_NONE },
		{ "two of three", { 3, 2, 0, 0, 1 }, true, VOTE_KEEP },
		{ "one of three", { 3, 1, 0, 0, 2 }, false, VOTE_NONE },
	};
	(void)state;
	assert_int_equal(draw_needed(7), 5);
	assert_int_equal(draw_needed(5), 3);
	assert_int_equal(draw_needed(3), 2);
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum vote vote;
		bool settled = draw_settled(&rows[i].tally, &vote);
		if (settled != rows[i].settled || vote != rows[i].vote)
			fail_msg("%s: settled %d, vote %d", rows[i].name, settled, vote);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(known_answers_come_out),
		TEST(another_root_or_number_is_another_order),
		TEST(a_rank_does_not_depend_on_the_others),
		TEST(everyone_sits_equally_often),
		TEST(a_walk_seats_who_may_and_nobody_else),
		TEST(small_circles_relax_the_rule_by_steps),
		TEST(no_invitation_decides_alone),
		TEST(who_leaves_makes_room_for_another_of_their_invitation),
		TEST(sixty_percent_of_the_seats_decide),
	};
	return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
