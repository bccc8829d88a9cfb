/* What reports count, and that linked ones count once, however they are linked and in whatever order they come. */
#include "integrity/behaviour/weigh.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DAY INT64_C(86400000)
#define NOW (INT64_C(20000) * DAY)
#define MANY 100

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static struct branch invited_by(int64_t id, int64_t inviter)
{
	return (struct branch){ .up = { { id }, { inviter } }, .n = inviter ? 2 : 1 };
}

/* By a steward or the keeper, who invites for the circle. */
static struct branch through(int64_t id, int64_t door, int64_t since_ms)
{
	return (struct branch){ .up = { { id } }, .n = 1, .door = { door }, .since_ms = since_ms };
}

/* Somebody here for a year, of whom nothing is known, alone. */
static struct witness plain(int64_t id)
{
	return (struct witness){ .id = { id },
		                 .branch = invited_by(id, 0),
		                 .since_ms = NOW - 400 * DAY,
		                 .at_ms = NOW + id * 1000,
		                 .past.id = { id },
		                 .seen_by = 5,
		                 .about = REPORT_ADVERTISING };
}

static void accuracy_is_shrunk_towards_a_half(void **state)
{
	static const struct {
		const char *name;
		int right, wrong, bad;
		double want;
	} rows[] = {
		{ "nothing known", 0, 0, 0, 0.5 },
		{ "right once", 1, 0, 0, 0.6 },
		{ "wrong once", 0, 1, 0, 0.4 },
		{ "in bad faith once", 0, 0, 1, 2.0 / 7 },
		{ "right fifty times", 50, 0, 0, 52.0 / 54 },
		{ "wrong fifty times", 0, 50, 0, 2.0 / 54 },
		{ "half and half", 40, 40, 0, 0.5 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reporter past = { .n_right = rows[i].right,
			                 .n_wrong = rows[i].wrong,
			                 .n_bad = rows[i].bad };
		double got = witness_accuracy(&past);
		if (fabs(got - rows[i].want) > 1e-9)
			fail_msg("%s: %f", rows[i].name, got);
	}
}

static void what_one_report_counts(void **state)
{
	static const struct {
		const char *name;
		int64_t days_here;
		int right, seen_by;
		double want;
	} rows[] = {
		{ "known to be right, of what five see", 400, 96, 5, 0.98 * 20 / 25 },
		{ "unknown, of what five see", 400, 0, 5, 0.5 * 20 / 25 },
		{ "of what one sees", 400, 0, 1, 0.5 * 20 / 21 },
		{ "of what 500 see", 400, 0, 500, 0.5 * 20 / 520 },
		{ "no viewers counted is one", 400, 0, 0, 0.5 * 20 / 21 },
		{ "came today", 0, 0, 5, 0.5 * 0.25 * 20 / 25 },
		{ "came fifteen days ago", 15, 0, 5, 0.5 * 0.625 * 20 / 25 },
		{ "came thirty days ago", 30, 0, 5, 0.5 * 20 / 25 },
		{ "by a clock that went back", -3, 0, 5, 0.5 * 0.25 * 20 / 25 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct witness w = plain(1);
		w.since_ms = w.at_ms - rows[i].days_here * DAY;
		w.past.n_right = rows[i].right;
		w.seen_by = rows[i].seen_by;
		double got = witness_weight(&w);
		if (fabs(got - rows[i].want) > 1e-9)
			fail_msg("%s: %f", rows[i].name, got);
	}
}

static void who_is_linked(void **state)
{
	static const uint64_t one[] = { 3, 7 }, other[] = { 7, 9 }, third[] = { 1, 8 };
	static const person_id knows_1[] = { { 1 }, { 5 } }, knows_2[] = { { 2 } };
	const struct {
		const char *name;
		struct witness a, b;
		bool want;
	} rows[] = {
		{ "strangers", { .id = { 1 } }, { .id = { 2 } }, false },
		{ "one person", { .id = { 1 } }, { .id = { 1 } }, true },
		{ "invited by the same member",
		  { .id = { 1 }, .branch = invited_by(1, 9) },
		  { .id = { 2 }, .branch = invited_by(2, 9) },
		  true },
		{ "invited by those whom one member invited",
		  { .id = { 1 }, .branch = { .up = { { 1 }, { 5 }, { 9 } }, .n = 3 } },
		  { .id = { 2 }, .branch = { .up = { { 2 }, { 6 }, { 9 } }, .n = 3 } },
		  true },
		{ "by the keeper within an hour",
		  { .id = { 1 }, .branch = through(1, 9, NOW) },
		  { .id = { 2 }, .branch = through(2, 9, NOW + 3599999) },
		  true },
		{ "by the keeper an hour apart",
		  { .id = { 1 }, .branch = through(1, 9, NOW) },
		  { .id = { 2 }, .branch = through(2, 9, NOW + 3600000) },
		  false },
		{ "by two stewards at once",
		  { .id = { 1 }, .branch = through(1, 8, NOW) },
		  { .id = { 2 }, .branch = through(2, 9, NOW) },
		  false },
		{ "both from the shell", { .id = { 1 } }, { .id = { 2 } }, false },
		{ "one invited the other",
		  { .id = { 1 }, .branch = invited_by(1, 0) },
		  { .id = { 2 }, .branch = invited_by(2, 1) },
		  true },
		{ "a device in common",
		  { .id = { 1 }, .devices = one, .n_devices = 2 },
		  { .id = { 2 }, .devices = other, .n_devices = 2 },
		  true },
		{ "devices of their own",
		  { .id = { 1 }, .devices = one, .n_devices = 2 },
		  { .id = { 2 }, .devices = third, .n_devices = 2 },
		  false },
		{ "friends of each other",
		  { .id = { 1 }, .friends = knows_2, .n_friends = 1 },
		  { .id = { 2 }, .friends = knows_1, .n_friends = 2 },
		  true },
		{ "a friend on one side",
		  { .id = { 1 }, .friends = knows_2, .n_friends = 1 },
		  { .id = { 2 } },
		  false },
		{ "new accounts within ten minutes",
		  { .id = { 1 }, .since_ms = NOW - DAY, .at_ms = NOW },
		  { .id = { 2 }, .since_ms = NOW - 29 * DAY, .at_ms = NOW + 600000 },
		  true },
		{ "new accounts an hour apart",
		  { .id = { 1 }, .since_ms = NOW - DAY, .at_ms = NOW },
		  { .id = { 2 }, .since_ms = NOW - DAY, .at_ms = NOW + 3600000 },
		  false },
		{ "within ten minutes, one of them here for long",
		  { .id = { 1 }, .since_ms = NOW - DAY, .at_ms = NOW },
		  { .id = { 2 }, .since_ms = NOW - 40 * DAY, .at_ms = NOW },
		  false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct witness a = rows[i].a, b = rows[i].b;
		if (a.since_ms == 0) /* not said: here for long */
			a.since_ms = b.since_ms = -400 * DAY;
		if (witness_linked(&a, &b) != rows[i].want ||
		    witness_linked(&b, &a) != rows[i].want)
			fail_msg("%s", rows[i].name);
	}
}

/* ---- all of them ---- */

static void shuffle(struct witness *all, size_t n, uint64_t *random)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = next_random(random) % i;
		struct witness w = all[i - 1];
		all[i - 1] = all[j];
		all[j] = w;
	}
}

enum way { BY_INVITER, BY_DOOR, BY_CHAIN, BY_DEVICE, BY_BURST, BY_FRIENDS, WAYS };

/* A hundred that are linked, in one of the ways there are. */
static void link_all(struct witness *all, enum way way, uint64_t *devices, person_id (*friends)[2])
{
	for (size_t i = 0; i < MANY; i++) {
		int64_t id = 1000 + (int64_t)i;
		all[i] = plain(id);
		switch (way) {
		case BY_INVITER:
			all[i].branch = invited_by(id, 7);
			break;
		case BY_DOOR: /* one every fifty minutes, for three days and a half */
			all[i].branch = through(id, 7, NOW - DAY + (int64_t)i * 50 * 60000);
			break;
		case BY_CHAIN:
			all[i].branch = invited_by(id, i ? id - 1 : 0);
			break;
		case BY_DEVICE: /* each shares one with the next alone */
			devices[2 * i] = 50 + i;
			devices[2 * i + 1] = 51 + i;
			all[i].devices = devices + 2 * i;
			all[i].n_devices = 2;
			break;
		case BY_BURST: /* one every nine minutes, for fifteen hours */
			all[i].since_ms = NOW - DAY;
			all[i].at_ms = NOW + (int64_t)i * 9 * 60000;
			break;
		case BY_FRIENDS:
			friends[i][0].v = id - 1;
			friends[i][1].v = id + 1;
			all[i].friends = friends[i];
			all[i].n_friends = 2;
			break;
		case WAYS:
			break;
		}
	}
}

static void report_bomb(void **state)
{
	uint64_t devices[2 * MANY], random = 1;
	person_id friends[MANY][2];
	struct witness all[MANY], alone = plain(1);
	int64_t one = weigh_witnesses(&alone, 1);
	(void)state;
	assert_in_range(one, 1, 4000);
	for (int way = 0; way < WAYS; way++) {
		for (int round = 0; round < 20; round++) {
			link_all(all, (enum way)way, devices, friends);
			shuffle(all, MANY, &random);
			int64_t got = weigh_witnesses(all, MANY);
			if (got > one)
				fail_msg("way %d: %lld over %lld", way, (long long)got,
				         (long long)one);
			for (size_t i = 0; i < MANY; i++)
				assert_int_equal(all[i].group, 1);
		}
	}
}

/* In most circles the keeper invites everybody: that makes nobody the same as anybody. */
static void three_whom_the_keeper_invited_over_months_count_as_three(void **state)
{
	struct witness all[3], alone = plain(1);
	int64_t one = weigh_witnesses(&alone, 1);
	(void)state;
	for (int i = 0; i < 3; i++) {
		all[i] = plain(i + 1);
		all[i].since_ms = NOW - (400 - 60 * i) * DAY;
		all[i].branch = through(i + 1, 9, all[i].since_ms);
	}
	assert_int_equal(weigh_witnesses(all, 3), 3 * one);
	for (int i = 0; i < 3; i++)
		assert_int_equal(all[i].group, i + 1);
}

static void a_hundred_of_a_bomb_move_an_honest_ones_report_little(void **state)
{
	uint64_t devices[2 * MANY];
	person_id friends[MANY][2];
	struct witness all[MANY + 1], honest = plain(1), pair[2] = { plain(1), plain(2) };
	(void)state;
	link_all(all, BY_INVITER, devices, friends);
	all[MANY] = honest;
	assert_true(weigh_witnesses(all, MANY + 1) <= weigh_witnesses(pair, 2));
	assert_int_not_equal(all[MANY].group, all[0].group);
}

static void a_thing_that_many_see_needs_more_reporters(void **state)
{
	struct witness few = plain(1), many[30];
	(void)state;
	int64_t want = weigh_witnesses(&few, 1);
	size_t n = 0;
	do {
		many[n] = plain(100 + (int64_t)n);
		many[n].seen_by = 500;
		n++;
	} while (n < 30 && weigh_witnesses(many, n) < want);
	assert_in_range(n, 15, 29);
}

static void the_sum_is_bounded(void **state)
{
	struct witness *all = calloc(5000, sizeof *all);
	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		all[i] = plain((int64_t)i + 1);
		all[i].about = REPORT_FRAUD;
		all[i].past.n_right = 99;
	}
	assert_int_equal(weigh_witnesses(all, 5000), 16000);
	int grouped = 0;
	for (size_t i = 0; i < 5000; i++)
		grouped += all[i].group != 0;
	assert_int_equal(grouped, WITNESSES_MAX);
	free(all);
}

/* Flooding first does not crowd out: the weightiest are weighed, whenever they came. */
static void a_flood_crowds_nobody_out(void **state)
{
	struct witness *all = calloc(1001, sizeof *all);
	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		all[i] = plain((int64_t)i + 1);
		all[i].since_ms = all[i].at_ms - DAY;
		all[i].branch = invited_by(all[i].id.v, 5000);
	}
	int64_t before = weigh_witnesses(all, 1000);
	all[1000] = plain(9000);
	assert_true(weigh_witnesses(all, 1001) > before);
	free(all);
}

/* ---- against the plainest answer ---- */

#define FEW 24
struct scene {
	struct witness all[FEW];
	uint64_t devices[FEW];
	person_id friends[FEW][FEW];
};

static void at_random(struct scene *s, size_t n, uint64_t *random)
{
	for (size_t i = 0; i < n; i++) {
		struct witness *w = &s->all[i];
		*w = plain((int64_t)i + 1);
		if (next_random(random) % 4 == 0)
			w->branch = invited_by(w->id.v,
			                       1 + (int64_t)(next_random(random) % (2 * FEW)));
		else if (next_random(random) % 2 == 0)
			w->branch = through(w->id.v, 1 + (int64_t)(next_random(random) % 3),
			                    NOW - (int64_t)(next_random(random) % DAY));
		w->at_ms = NOW + (int64_t)(next_random(random) % (5 * DAY));
		w->since_ms = w->at_ms - (int64_t)(next_random(random) % (60 * DAY));
		w->past.n_right = (int)(next_random(random) % 60);
		w->past.n_bad = (int)(next_random(random) % 9);
		w->seen_by = 1 + (int)(next_random(random) % 300);
		w->about = (enum report_category)(next_random(random) % REPORT_CATEGORIES);
		s->devices[i] = next_random(random) % 60;
		w->devices = &s->devices[i];
		w->n_devices = 1;
		w->friends = s->friends[i];
		for (size_t j = 0; j < n; j++)
			if (next_random(random) % 5 == 0)
				s->friends[i][w->n_friends++].v = (int64_t)j + 1;
	}
}

/* Each takes the least number it can reach, until nothing changes. */
static void plainly(const struct witness *all, size_t n, size_t *group)
{
	bool changed = true;
	for (size_t i = 0; i < n; i++)
		group[i] = i;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < n; i++) {
			for (size_t j = 0; j < n; j++) {
				if (group[j] < group[i] && witness_linked(&all[i], &all[j])) {
					group[i] = group[j];
					changed = true;
				}
			}
		}
	}
}

static void groups_are_those_of_the_plainest_search(void **state)
{
	uint64_t random = 7;
	struct scene *s = calloc(1, sizeof *s);
	size_t group[FEW];
	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t n = 1 + next_random(&random) % FEW;
		at_random(s, n, &random);
		plainly(s->all, n, group);
		int64_t got = weigh_witnesses(s->all, n);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++)
				assert_int_equal(s->all[i].group == s->all[j].group,
				                 group[i] == group[j]);
		shuffle(s->all, n, &random);
		assert_int_equal(weigh_witnesses(s->all, n), got);
		assert_in_range(got, 0, 16000);
		/* No one alone counts more than all together. */
		for (size_t i = 0; i < n; i++) {
			struct witness one = s->all[i];
			assert_true(weigh_witnesses(&one, 1) <= got);
		}
	}
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accuracy_is_shrunk_towards_a_half),
		cmocka_unit_test(what_one_report_counts),
		cmocka_unit_test(who_is_linked),
		cmocka_unit_test(report_bomb),
		cmocka_unit_test(three_whom_the_keeper_invited_over_months_count_as_three),
		cmocka_unit_test(a_hundred_of_a_bomb_move_an_honest_ones_report_little),
		cmocka_unit_test(a_thing_that_many_see_needs_more_reporters),
		cmocka_unit_test(the_sum_is_bounded),
		cmocka_unit_test(a_flood_crowds_nobody_out),
		cmocka_unit_test(groups_are_those_of_the_plainest_search),
	};
	return cmocka_run_group_tests_name("weigh", tests, NULL, NULL);
}
