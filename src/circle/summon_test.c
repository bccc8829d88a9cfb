/* Who may sit: against a naive look at the same graph, and on circles of eight, forty and a thousand people. */
#include "circle/court_testing.h"

#include "circle/summon.h"
#include "circle/verb.h"

#include "base/seam.h"
#include "store/factors.h"
#include "store/jurors.h"
#include "store/people.h"
#include "store/reports.h"
#include "store/ties.h"

#include <string.h>
#include <time.h>

#define PEOPLE_MAX 1000
#define DAY_MS COURT_DAY_MS

static struct stage *s;
static uint64_t dice;

/* What a naive look needs: everything as plain arrays, by index. The first three are the stage's keeper, steward and p02. */
static struct society {
	size_t n;
	person_id ids[PEOPLE_MAX];
	int inviter[PEOPLE_MAX];    /* -1: none */
	int64_t invite[PEOPLE_MAX]; /* 0: none; where there is no inviter, the shell's */
	int64_t joined[PEOPLE_MAX];
	int device[PEOPLE_MAX]; /* 0: none; else shared with all of the same number */
	bool tie[PEOPLE_MAX][PEOPLE_MAX], block[PEOPLE_MAX][PEOPLE_MAX];
	bool willing[PEOPLE_MAX], steward[PEOPLE_MAX], reporter[PEOPLE_MAX];
	str numbers[PEOPLE_MAX];
} soc;

static int roll(int below)
{
	uint64_t out;
	chance_fill(chance_seeded(&dice), &out, sizeof out);
	return (int)(out % (uint64_t)below);
}

static err write_person(struct conn *tx, size_t i)
{
	str handle = str_format(s->mem, "q%03zu", i);
	struct person p = { .id = { snowflake_next(s->c->ids) },
		            .handle = handle,
		            .display_name = handle,
		            .role = soc.steward[i] ? ROLE_STEWARD : ROLE_MEMBER,
		            .created_at_ms = soc.joined[i],
		            .invite = { soc.invite[i] } };
	if (soc.inviter[i] >= 0)
		p.invited_by = soc.ids[soc.inviter[i]];
	soc.ids[i] = p.id;
	return people_insert(tx, &p, handle, STR_NONE);
}

static err write_pairs(struct conn *tx, size_t i)
{
	err e = OK;
	for (size_t k = 0; k < soc.n; k++) {
		if (soc.tie[i][k])
			TRY(ties_set(tx, soc.ids[i], soc.ids[k], 1));
		if (soc.block[i][k])
			TRY(blocks_set(tx, soc.ids[i], soc.ids[k], 1));
	}
out:
	return e;
}

static err write_rest(struct conn *tx, size_t i)
{
	struct report report = { .id = { snowflake_next(s->c->ids) },
		                 .target = soc.ids[2],
		                 .reporter = soc.ids[i],
		                 .text = S(""),
		                 .at_ms = 1 };
	struct juror juror = { .person = soc.ids[i],
		               .number = str_format(s->mem, "%016llx", (long long)i * 7919 + 17),
		               .since_ms = 1 };
	secret_hash device = { { 0 } };
	err e = OK;
	soc.numbers[i] = juror.number;
	memcpy(device.b, &soc.device[i], sizeof soc.device[i]);
	if (soc.device[i] != 0)
		TRY(devices_put(tx, &device, soc.ids[i], 1, 20));
	if (soc.reporter[i])
		TRY(reports_insert(tx, &report));
	if (soc.willing[i])
		TRY(jurors_put(tx, &juror));
out:
	return e;
}

static err build_work(struct conn *tx, void *ctx)
{
	err e = OK;
	(void)ctx;
	for (size_t i = 3; i < soc.n; i++)
		TRY(write_person(tx, i));
	for (size_t i = 0; i < soc.n; i++)
		TRY(write_pairs(tx, i));
	for (size_t i = 0; i < soc.n; i++)
		TRY(write_rest(tx, i));
out:
	return e;
}

/* An empty circle of so many, none of whom knows another; the caller changes that, then builds it. */
static void plan(size_t n)
{
	s = stage_new((struct stage_needs){ .people = 3 });
	s->now_ms += 60 * DAY_MS;
	memset(&soc, 0, sizeof soc);
	soc.n = n;
	for (size_t i = 0; i < n; i++) {
		soc.inviter[i] = -1;
		soc.joined[i] = s->now_ms - 50 * DAY_MS;
		soc.willing[i] = i >= 3;
		if (i < 3)
			soc.ids[i] = s->people[i];
	}
	soc.steward[0] = soc.steward[1] = true;
}

static void build(void)
{
	assert_ok(verb_write(s->c, build_work, NULL, NULL));
	stage_reopen(s);
	court_wait(s, 0);
}

static void befriend(size_t a, size_t b) { soc.tie[a][b] = soc.tie[b][a] = true; }

static int tear_down(void **state)
{
	(void)state;
	if (s)
		stage_free(s);
	s = NULL;
	return 0;
}

/* ---- the naive look ---- */

static size_t index_of(person_id id)
{
	for (size_t i = 0; i < soc.n; i++)
		if (soc.ids[i].v == id.v)
			return i;
	fail_msg("somebody else");
	return 0;
}

/* Of one branch: by going up from both, one by one, stopping at whoever keeps the door. */
static bool naive_branch(size_t a, size_t b)
{
	int up_a = (int)a;
	for (int i = 0; i < 3 && up_a >= 0; i++) {
		int up_b = (int)b;
		for (int k = 0; k < 3 && up_b >= 0; k++) {
			if (up_a == up_b)
				return true;
			int next = soc.inviter[up_b];
			up_b = next >= 0 && soc.steward[next] ? -1 : next;
		}
		int next = soc.inviter[up_a];
		up_a = next >= 0 && soc.steward[next] ? -1 : next;
	}
	bool one_door = soc.inviter[a] >= 0 || (soc.invite[a] != 0 && soc.invite[b] != 0);
	return one_door && soc.inviter[a] == soc.inviter[b] &&
	       llabs(soc.joined[a] - soc.joined[b]) < 3600 * 1000;
}

static bool naive_alike(size_t a, size_t b)
{
	return naive_branch(a, b) || (soc.device[a] != 0 && soc.device[a] == soc.device[b]);
}

static int naive_room(size_t j, int seats)
{
	size_t came = 0;
	bool side = false;
	for (size_t i = 0; i < soc.n; i++) {
		bool same = soc.invite[i] == soc.invite[j];
		came += same;
		side |= same && (i == 1 || i == 2 || soc.reporter[i]);
	}
	return soc.invite[j] ? draw_room(came, soc.n, side, seats) : seats;
}

static enum draw_distance naive_distance(size_t side, size_t j)
{
	if (side == j || naive_alike(side, j) || soc.block[side][j] || soc.block[j][side])
		return DRAW_BARRED;
	if (soc.tie[side][j] || soc.tie[j][side])
		return DRAW_FRIEND;
	for (size_t f = 0; f < soc.n; f++)
		if (soc.tie[side][f] && soc.tie[j][f])
			return DRAW_SECOND;
	return DRAW_FAR;
}

static enum draw_distance naive_nearest(size_t j)
{
	enum draw_distance nearest = DRAW_FAR;
	for (size_t side = 0; side < soc.n; side++) {
		/* The appellant, the steward who made it, and who reported it. */
		if (side != 2 && side != 1 && !soc.reporter[side])
			continue;
		enum draw_distance d = naive_distance(side, j);
		nearest = d < nearest ? d : nearest;
	}
	return nearest > DRAW_FRIEND && soc.steward[j] ? DRAW_BARRED : nearest;
}

/* Everything that sets people apart, at random. */
static void plan_at_random(void)
{
	plan(30 + (size_t)roll(40));
	int friends = 1 + roll(4), odd = 1 + roll(12);
	for (size_t i = 3; i < soc.n; i++) {
		soc.steward[i] = roll(12) == 0;
		soc.inviter[i] = roll(3) ? roll((int)i) : -1;
		soc.invite[i] = roll(3);
		soc.joined[i] -= roll(3) * 1800 * 1000;
		soc.device[i] = roll(6) ? 0 : 1 + roll(8);
		soc.reporter[i] = roll(20) == 0;
		soc.willing[i] = roll(5) != 0;
	}
	soc.device[2] = roll(2) * (1 + roll(8));
	for (size_t i = 0; i < soc.n; i++)
		for (int k = 0; k < friends; k++) {
			size_t other = (size_t)roll((int)soc.n);
			if (other != i)
				befriend(i, other);
		}
	for (int k = 0; k < odd; k++) {
		size_t a = (size_t)roll((int)soc.n), b = (size_t)roll((int)soc.n);
		soc.tie[a][b] = a != b; /* one of them alone */
		if (roll(2) && a != b)
			soc.block[b][a] = true;
	}
}

static void it_agrees_with_a_naive_look_at_the_graph(void **state)
{
	int seen[DRAW_FAR + 1] = { 0 }, alike = 0, bounded = 0;
	(void)state;
	dice = 5;
	for (int round = 0; round < 25; round++) {
		struct conn *conn = NULL;
		struct summons summons;
		plan_at_random();
		build();
		struct measure m = { .subject = soc.ids[2],
			             .by = soc.ids[1],
			             .kind = MEASURE_FREEZE };
		struct appeal a = { .subject = soc.ids[2], .nth = 1, .number = round + 1 };
		struct summon_ask ask = { &a, &m, STR_NONE, s->now_ms, false };
		assert_ok(store_read(s->c->store, &conn));
		assert_ok(summon(s->c, conn, &ask, s->mem, &summons));
		for (size_t i = 0; i < summons.circle.n; i++) {
			size_t who = index_of(summons.jurors[i].person);
			enum draw_distance got = summons.circle.distance(summons.circle.ctx, i);
			assert_true(soc.willing[who]);
			assert_int_equal(got, naive_nearest(who));
			seen[got]++;
			for (size_t k = 0; k < i; k++) {
				size_t other = index_of(summons.jurors[k].person);
				bool same = summons.circle.alike(summons.circle.ctx, k, i);
				assert_int_equal(same, naive_alike(other, who));
				alike += same;
				assert_int_equal(summons.circle.together(summons.circle.ctx, k, i),
				                 soc.invite[who] != 0 &&
				                         soc.invite[who] == soc.invite[other]);
			}
			int room = summons.circle.room(summons.circle.ctx, i, 7);
			assert_int_equal(room, naive_room(who, 7));
			bounded += room < 7;
		}
		assert_ok(summon_sound(&summons));
		store_read_end(s->c->store, &conn);
		tear_down(NULL);
	}
	for (int d = DRAW_BARRED; d <= DRAW_FAR; d++)
		assert_true(seen[d] > 20); /* all of it was tried */
	assert_true(alike > 100 && bounded > 100);
}

/* What is younger than the instant asked for does not count. */
static void it_is_reckoned_as_of_an_instant(void **state)
{
	struct conn *conn = NULL;
	struct summons summons;
	(void)state;
	plan(6);
	build();
	int64_t before_ms = s->now_ms;
	s->now_ms += DAY_MS;
	assert_ok(befriend_request(s->c, soc.ids[3], soc.ids[2], STR_NONE, s->now_ms, s->mem));
	assert_ok(befriend_accept(s->c, soc.ids[2], soc.ids[3], s->now_ms));
	struct measure m = { .subject = soc.ids[2], .by = soc.ids[1], .kind = MEASURE_FREEZE };
	struct appeal a = { .subject = soc.ids[2], .nth = 1, .number = 1 };
	assert_ok(store_read(s->c->store, &conn));
	for (int later = 0; later < 2; later++) {
		struct summon_ask ask = { &a, &m, STR_NONE, later ? s->now_ms : before_ms, true };
		assert_ok(summon(s->c, conn, &ask, s->mem, &summons));
		for (size_t i = 0; i < summons.circle.n; i++) {
			bool friend = summons.jurors[i].person.v == soc.ids[3].v;
			assert_int_equal(summons.circle.distance(summons.circle.ctx, i),
			                 friend && later ? DRAW_FRIEND : DRAW_FAR);
		}
	}
	store_read_end(s->c->store, &conn);
}

/* ---- circles ---- */

/* An appeal against what the policy did. */
static struct appeal appeal_of(size_t who)
{
	struct status_ref post;
	s->people[2] = soc.ids[who];
	return court_file(s, 2, court_hold(s, 2, 30 * DAY_MS, &post));
}

static struct appeal appeal_of_p02(void) { return appeal_of(2); }

static void assert_apart(const struct appeal *a, bool two_hops)
{
	size_t n, seated = 0;
	struct seat *walk = court_walk(s, a->id, &n);
	for (size_t i = 0; i < n; i++) {
		size_t who = index_of(walk[i].person);
		enum draw_distance d = naive_distance(2, who);
		if (walk[i].state == SEAT_PASSED_OVER)
			continue;
		seated++;
		assert_true(d >= (two_hops ? DRAW_FAR : DRAW_SECOND));
	}
	assert_int_equal(seated, a->seats);
}

/* Everybody knows everybody: nobody far enough is left, and a steward decides; or, where none is free, nobody. */
static void a_circle_of_eight(void **state)
{
	(void)state;
	plan(8);
	for (size_t i = 0; i < 8; i++)
		for (size_t k = 0; k < i; k++)
			befriend(i, k);
	build();
	struct appeal a = appeal_of_p02();
	assert_true(a.step == STEP_STEWARD && a.way == APPEAL_BY_STEWARD && a.seats == 0);
	struct appeal b = court_file(s, 1, court_impose(s, 1, MEASURE_FEWER, 0));
	assert_true(b.step == STEP_NOBODY && b.way == APPEAL_BY_NOBODY);
	court_wait(s, b.due_at_ms - s->now_ms);
	assert_int_equal(court_appeal(s, b.id).state, APPEAL_LAPSED);
	/* Three who know nobody are too few for a jury of three: it takes seven to choose from. */
	tear_down(NULL);
	plan(8);
	build();
	a = appeal_of_p02();
	assert_int_equal(a.step, STEP_STEWARD);
}

/* Forty, of whom the appellant knows so many; the others know one another's friend, or do not. */
static void a_circle_of_forty(void **state)
{
	static const struct {
		const char *name;
		size_t friends;
		bool hub; /* everybody knows somebody whom the appellant knows */
		enum appeal_step step;
		int seats;
	} rows[] = {
		{ "hardly anybody", 5, false, STEP_SEVEN, 7 },
		{ "all but fifteen", 22, false, STEP_SEVEN, 7 },
		{ "one whom all know", 1, true, STEP_ONE_HOP, 7 },
		{ "all but fourteen", 23, false, STEP_FIVE, 5 },
		{ "all but eleven", 26, true, STEP_FIVE, 5 },
		{ "all but ten", 27, false, STEP_THREE, 3 },
		{ "all but seven", 30, true, STEP_THREE, 3 },
		{ "all but six", 31, false, STEP_STEWARD, 0 },
		{ "everybody", 37, false, STEP_STEWARD, 0 },
	};
	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		plan(40);
		for (size_t i = 3; i < 3 + rows[r].friends; i++)
			befriend(2, i);
		for (size_t i = 4; rows[r].hub && i < 40; i++)
			befriend(3, i);
		build();
		struct appeal a = appeal_of_p02();
		if (a.step != rows[r].step || a.seats != rows[r].seats)
			fail_msg("%s: %s, %d seats", rows[r].name, appeal_step_word(a.step),
			         a.seats);
		if (a.seats > 0)
			assert_apart(&a, rows[r].step == STEP_SEVEN);
		tear_down(NULL);
	}
}

/* A village: everybody knows the twenty next to them, and some further off. */
static void a_circle_of_a_thousand(void **state)
{
	struct timespec from, to;
	size_t n;
	(void)state;
	dice = 9;
	plan(PEOPLE_MAX);
	for (size_t i = 0; i < soc.n; i++) {
		for (size_t k = 1; k <= 10; k++)
			befriend(i, (i + k) % soc.n);
		if (roll(5) == 0)
			befriend(i, (i + 100 + (size_t)roll(800)) % soc.n);
	}
	build();
	clock_gettime(CLOCK_MONOTONIC, &from);
	struct appeal a = appeal_of_p02();
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true(a.step == STEP_SEVEN && a.seats == 7);
	assert_apart(&a, true);
	struct seat *walk = court_walk(s, a.id, &n);
	assert_in_range(n, 7, 60); /* most who come first may sit */
	for (size_t i = 0; i < n; i++)
		assert_int_equal(walk[i].place, i);
	double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
	            (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	print_message("of a thousand: filed, drawn and asked in %.1f ms, %zu walked\n", ms, n);
	assert_true(ms < 2000);
}

/* ---- who came together ---- */

#define LINK 1 /* an invitation of many uses */
#define OTHER_LINK 2
#define HOUR_MS (INT64_C(3600) * 1000)

/* From..from+n-1 came by this link, so far apart; a steward's, or the shell's. */
static void came_by(size_t from, size_t n, int64_t link, int64_t apart_ms, bool steward)
{
	for (size_t i = 0; i < n; i++) {
		soc.invite[from + i] = link;
		soc.joined[from + i] += (int64_t)i * apart_ms;
		soc.inviter[from + i] = steward ? 0 : -1;
	}
}

/* How many seats of the walk are of from..from+n-1. */
static int seats_of_those(const struct appeal *a, size_t from, size_t n)
{
	size_t walked;
	int seats = 0;
	struct seat *walk = court_walk(s, a->id, &walked);
	for (size_t i = 0; i < walked; i++) {
		size_t who = index_of(walk[i].person);
		seats += walk[i].id != 0 && who >= from && who < from + n;
	}
	return seats;
}

/* E2: sixteen accounts by one link, all of them willing, beside sixteen others who are, in a circle of sixty. */
static void a_farm_by_one_link_never_decides(void **state)
{
	enum { OTHERS = 16, FARM = 44, FARM_N = 16 };
	static const struct {
		const char *name;
		int64_t apart_ms;
		bool steward, side; /* whose link; the appellant came by it */
		int most;
	} rows[] = {
		{ "within a second", 80, false, false, 1 },
		{ "within a second, by a steward's", 80, true, false, 1 },
		{ "an hour apart, and a minute", HOUR_MS + 60000, false, false, 2 },
		{ "by a steward's, an hour apart", HOUR_MS + 60000, true, false, 2 },
		{ "days apart", 2 * DAY_MS, false, false, 2 },
		{ "one of them appeals, all came at once", 80, false, true, 0 },
		{ "one of them appeals, days apart", 2 * DAY_MS, false, true, 1 },
	};
	(void)state;
	for (size_t r = 0; r < COUNT(rows); r++) {
		plan(60);
		for (size_t i = 3 + OTHERS; i < FARM; i++)
			soc.willing[i] = false;
		came_by(FARM, FARM_N, LINK, rows[r].apart_ms, rows[r].steward);
		build();
		struct appeal a = rows[r].side ? appeal_of(FARM) : appeal_of_p02();
		int seats = seats_of_those(&a, FARM, FARM_N);
		if (a.seats != 7 || seats > rows[r].most)
			fail_msg("%s: %d of %d", rows[r].name, seats, a.seats);
		tear_down(NULL);
	}
}

/* Whom a browser joins, or a member's own invitation, has one seat at most; and none where one of them is a side. */
static void a_branch_or_a_browser_has_one_seat_at_most(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		plan(130);
		for (size_t i = 30; i < 130; i++) {
			soc.inviter[i] = i < 90 ? 29 : -1;
			soc.device[i] = i >= 90 ? 7 : 0;
		}
		if (round == 1) {
			soc.device[2] = 7;
			soc.reporter[29] = true;
		}
		build();
		/* Who reported the person is a side of what was done to the person. */
		struct appeal a = round == 0
		                          ? appeal_of_p02()
		                          : court_file(s, 2, court_impose(s, 2, MEASURE_FREEZE, 1));
		assert_int_equal(a.seats, 7);
		assert_true(seats_of_those(&a, 29, 101) <= (round == 0 ? 2 : 0));
		tear_down(NULL);
	}
}

/* A keeper sends one link to all forty of a club: most of them come on the first evening, five minutes apart, the others over days. */
static void a_club_by_one_link_has_its_jury(void **state)
{
	(void)state;
	for (size_t who = 3; who < 43; who += 13) {
		plan(43);
		came_by(3, 24, LINK, 5 * 60000, false);
		came_by(27, 16, LINK, 9 * HOUR_MS, false);
		build();
		struct appeal a = appeal_of(who);
		assert_int_equal(a.step, STEP_SEVEN);
		assert_int_equal(seats_of_those(&a, 3, 40), 7);
		tear_down(NULL);
	}
}

/* Two clubs, a link each: both judge, and neither can decide without the other. */
static void two_clubs_by_two_links_judge_together(void **state)
{
	(void)state;
	for (size_t who = 3; who < 43; who += 39) {
		plan(43);
		came_by(3, 20, LINK, 7 * HOUR_MS, false);
		came_by(23, 20, OTHER_LINK, 7 * HOUR_MS, true);
		build();
		struct appeal a = appeal_of(who);
		assert_int_equal(a.step, STEP_SEVEN);
		assert_in_range(seats_of_those(&a, 3, 20), 3, 4);
		assert_in_range(seats_of_those(&a, 23, 20), 3, 4);
		tear_down(NULL);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, NULL, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_agrees_with_a_naive_look_at_the_graph),
		TEST(it_is_reckoned_as_of_an_instant),
		TEST(a_circle_of_eight),
		TEST(a_circle_of_forty),
		TEST(a_circle_of_a_thousand),
		TEST(a_farm_by_one_link_never_decides),
		TEST(a_branch_or_a_browser_has_one_seat_at_most),
		TEST(a_club_by_one_link_has_its_jury),
		TEST(two_clubs_by_two_links_judge_together),
	};
	return cmocka_run_group_tests_name("summon", tests, NULL, NULL);
}
