/* A draw reckoned again: right when nothing was touched, wrong when somebody was put in, and honest about what nobody can know. */
#include "circle/court_testing.h"

#include "circle/befriend.h"
#include "circle/redraw.h"
#include "circle/verb.h"

#include "store/appeals.h"
#include "store/seats.h"

#include <string.h>

static struct stage *s;

#define FAR_MS (30 * COURT_DAY_MS)
#define FRIENDS 12

/* p04..p15 are friends of p02, who appeals; everybody but the stewards is willing, and these too. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 40 });
	for (int i = 4; i < 4 + FRIENDS; i++)
		stage_befriend(s, 2, i);
	s->now_ms += 30 * COURT_DAY_MS;
	court_wait(s, 0);
	court_jurors(s, 0, 2);
	court_jurors(s, 3, 37);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct appeal trial(void)
{
	struct status_ref post;
	struct appeal a = court_file(s, 2, court_hold(s, 2, FAR_MS, &post));
	assert_int_equal(a.step, STEP_SEVEN);
	return a;
}

static struct redrawn again(int64_t appeal)
{
	struct redrawn out;
	assert_ok(redraw(s->c, appeal, s->mem, &out));
	return out;
}

struct put_job {
	struct seat seat;
	struct appeal appeal;
};

static err put_work(struct conn *tx, void *ctx)
{
	struct put_job *job = ctx;
	return seats_insert(tx, &job->seat);
}

static err way_work(struct conn *tx, void *ctx)
{
	struct put_job *job = ctx;
	return appeals_set_way(tx, &job->appeal);
}

static void what_was_not_touched_is_right(void **state)
{
	struct appeal a = trial();
	struct redrawn r = again(a.number);
	(void)state;
	for (size_t i = 0; i < r.n_faults; i++)
		fail_msg("%s, place %d", r.faults[i], r.places[i]);
	assert_int_equal(again(a.id.v).appeal.id.v, a.id.v);
	assert_true(r.step_again && r.willing == 39 && r.seated == 7 && r.unexplained == 0);
	assert_int_equal(r.walked, r.seated + r.passed_over);
	/* Also after some did not come, and after others became friends of a side, or knew one another before. */
	court_wait(s, COURT_DAY_MS);
	s->now_ms += 1;
	for (int i = 16; i < 40; i++)
		stage_befriend(s, 2, i);
	r = again(a.number);
	assert_true(r.n_faults == 0 && r.replaced == 7 && r.seated == 7 && r.unexplained == 0);
	stage_reopen(s);
	assert_int_equal(again(a.number).n_faults, 0);
	assert_fails(redraw(s->c, 42, s->mem, &r), ERR_MISSING);
}

static void who_was_put_in_is_found(void **state)
{
	struct appeal a = trial();
	struct put_job job = { .appeal = a };
	struct seen_juror me;
	size_t n;
	(void)state;
	court_walk(s, a.id, &n);
	assert_ok(jury_me(s->c, s->people[20], s->now_ms, s->mem, &me));
	job.seat = (struct seat){ .appeal = a.id,
		                  .place = (int)n,
		                  .id = 77,
		                  .person = s->people[20],
		                  .number = me.juror.number,
		                  .asked_at_ms = s->now_ms,
		                  .due_at_ms = s->now_ms + COURT_DAY_MS,
		                  .note = S("") };
	assert_ok(verb_write(s->c, put_work, NULL, &job));
	struct redrawn r = again(a.number);
	bool along = false, many = false;
	for (size_t i = 0; i < r.n_faults; i++) {
		along |= strstr(r.faults[i], "along the ranking") != NULL;
		many |= strstr(r.faults[i], "more are seated") != NULL;
	}
	assert_true(many);
	/* p20 may happen to be the very next. */
	struct seen_draw draw;
	assert_ok(jury_draw(s->c, a.id, s->mem, &draw));
	assert_true(along || draw.n == n + 1);
}

/* A friend of the appellant's, seated where the ranking has them. */
static void a_friend_who_was_seated_is_found(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		struct status_ref post;
		struct appeal a = court_file(s, 2, court_hold(s, 2, FAR_MS, &post));
		struct seen_juror me;
		size_t n;
		unsigned char seed[HASH_BYTES];
		str list, numbers[64];
		unsigned char hash[HASH_BYTES];
		size_t all = 0;
		court_walk(s, a.id, &n);
		assert_ok(jury_list(s->c, s->mem, &list, hash));
		while (list.n > 0)
			numbers[all++] = str_cut(&list, '\n');
		draw_seed(a.root, a.number, seed);
		str next = numbers[draw_order(seed, numbers, all, s->mem)[n]];
		for (int i = 4; i < 4 + FRIENDS; i++) {
			assert_ok(jury_me(s->c, s->people[i], s->now_ms, s->mem, &me));
			if (!str_eq(me.juror.number, next))
				continue;
			struct put_job job = { .seat = { .appeal = a.id,
				                         .place = (int)n,
				                         .id = 77,
				                         .person = s->people[i],
				                         .number = next,
				                         .asked_at_ms = s->now_ms,
				                         .note = S("") } };
			assert_ok(verb_write(s->c, put_work, NULL, &job));
			struct redrawn r = again(a.number);
			bool found = false;
			for (size_t k = 0; k < r.n_faults; k++)
				found |= r.places[k] == (int)n &&
				         strstr(r.faults[k], "could not sit") != NULL;
			assert_true(found);
			return;
		}
		/* The next one of this draw is no friend: another appeal, another ranking. */
		court_end(s, a.measure, MEASURE_RELEASED, 1);
		court_wait(s, 0);
	}
	fail_msg("no friend ever came next");
}

static void another_root_or_list_is_found(void **state)
{
	struct put_job job = { .appeal = trial() };
	unsigned char root[HASH_BYTES];
	(void)state;
	memcpy(root, job.appeal.root, sizeof root);
	job.appeal.root[0] ^= 1;
	assert_ok(verb_write(s->c, way_work, NULL, &job));
	assert_true(again(job.appeal.number).n_faults > 0);
	memcpy(job.appeal.root, root, sizeof root);
	job.appeal.root_day += 1;
	assert_ok(verb_write(s->c, way_work, NULL, &job));
	assert_true(again(job.appeal.number).n_faults > 0);
	job.appeal.root_day -= 1;
	assert_ok(verb_write(s->c, way_work, NULL, &job));
	assert_int_equal(again(job.appeal.number).n_faults, 0);
}

/* What is gone cannot be asked: friends who are friends no more. */
static void what_left_no_trace_is_counted(void **state)
{
	struct appeal a = trial();
	struct redrawn r = again(a.number);
	size_t of_friends = 0, n;
	struct seat *walk = court_walk(s, a.id, &n);
	(void)state;
	for (size_t i = 0; i < n; i++) {
		int who = court_who(s, walk[i].person);
		of_friends += who >= 4 && who < 4 + FRIENDS;
	}
	for (int i = 4; i < 4 + FRIENDS; i++) {
		assert_ok(befriend_end(s->c, s->people[2], s->people[i]));
		assert_ok(befriend_end(s->c, s->people[i], s->people[2]));
	}
	assert_int_equal(r.unexplained, 0);
	r = again(a.number);
	assert_true(r.n_faults == 0 && r.unexplained == of_friends);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_not_touched_is_right),    TEST(who_was_put_in_is_found),
		TEST(a_friend_who_was_seated_is_found), TEST(another_root_or_list_is_found),
		TEST(what_left_no_trace_is_counted),
	};
	return cmocka_run_group_tests_name("redraw", tests, NULL, NULL);
}
