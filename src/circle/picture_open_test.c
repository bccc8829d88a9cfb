#include "circle/picture.h"

#include "circle/admit.h"
#include "circle/befriend.h"
#include "circle/docket.h"
#include "circle/order_testing.h"
#include "circle/report.h"
#include "circle/review.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "media/keeper.h"
#include "store/measures.h"
#include "store/reports.h"

#include <unistd.h>

#define AD STAGE_AD
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* 0 keeper, 1 steward, 2 the author, 3 a friend, 4 a stranger, 5 one who blocks or is blocked. */
static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7, .screen = true, .pictures = true });
	stage_befriend(s, 2, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static bool opens(int v, media_id id)
{
	size_t bytes;
	int fd;
	err e = picture_open(s->c, s->people[v], id, MEDIA_SMALL, MEDIA_WEBP, s->now_ms, &fd,
	                     &bytes);
	if (!failed(e))
		close(fd);
	else
		assert_int_equal(e.code, ERR_MISSING);
	return !failed(e);
}

static media_id show(struct audience audience, const char *text, struct status_ref *ref)
{
	struct media m = stage_picture(s, 2, 1);
	struct post_draft draft = {
		.text = str_of(text), .audience = audience, .media_ids = &m.id, .n_media = 1
	};
	struct published out;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	*ref = (struct status_ref){ s->people[2], out.post.gate.id, { 0 } };
	return m.id;
}

static const struct audience all = { .kind = AUDIENCE_FRIENDS };

static void whoever_may_see_the_post_sees_its_picture_and_nobody_else(void **state)
{
	const person_id third[] = { s->people[3] };
	const struct {
		const char *name;
		struct audience audience;
		bool friend_sees;
	} rows[] = {
		{ "all friends", { .kind = AUDIENCE_FRIENDS }, true },
		{ "only them", { .kind = AUDIENCE_ONLY, .n_people = 1, .people = third }, true },
		{ "all but them",
		  { .kind = AUDIENCE_EXCEPT, .n_people = 1, .people = third },
		  false },
		{ "the author alone", { .kind = AUDIENCE_SELF }, false },
	};
	struct status_ref ref;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		media_id id = show(rows[i].audience, "", &ref);
		for (int cold = 0; cold < 2; cold++) {
			if (opens(3, id) != rows[i].friend_sees || !opens(2, id) || opens(4, id) ||
			    opens(0, id) || opens(1, id))
				fail_msg("%s", rows[i].name);
			stage_reopen(s);
		}
	}
}

static void an_unused_one_is_its_bringers_alone(void **state)
{
	media_id id = stage_picture(s, 2, 1).id;
	(void)state;
	assert_true(opens(2, id));
	assert_false(opens(3, id) || opens(4, id) || opens(0, id) || opens(1, id));
	assert_false(opens(2, (media_id){ id.v + 1 }) || opens(2, (media_id){ 0 }));
}

static void what_was_open_a_moment_ago_is_closed_at_once(void **state)
{
	struct status_ref ref;
	media_id id = show(all, "", &ref);
	(void)state;
	assert_true(opens(3, id));
	assert_ok(befriend_end(s->c, s->people[2], s->people[3]));
	assert_false(opens(3, id));
	assert_ok(befriend_request(s->c, s->people[2], s->people[3], STR_NONE, s->now_ms, s->mem));
	assert_true(opens(3, id)); /* who ended it restores it by asking */
	assert_ok(befriend_block(s->c, s->people[3], s->people[2], s->now_ms));
	assert_false(opens(3, id));
	assert_ok(befriend_unblock(s->c, s->people[3], s->people[2]));
	assert_false(opens(3, id)); /* lifting restores no tie */
	stage_befriend(s, 3, 2);
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[3], true, s->now_ms));
	assert_false(opens(3, id));
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[3], false, s->now_ms));
	assert_true(opens(3, id));
	assert_ok(stage_seal(s->c, s->people[2], true, s->now_ms));
	assert_false(opens(3, id) || opens(2, id));
	assert_ok(stage_seal(s->c, s->people[2], false, s->now_ms));
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_false(opens(3, id) || opens(2, id));
}

static void the_range_holds_for_pictures_too(void **state)
{
	struct status_ref ref;
	media_id id = show(all, "", &ref);
	enum person_range range = RANGE_3_DAYS;
	struct person me;
	(void)state;
	assert_ok(admit_profile(s->c, s->people[2], &(struct profile_draft){ .range = &range },
	                        s->now_ms, s->mem, &me));
	s->now_ms += 3 * DAY_MS;
	assert_true(opens(3, id));
	s->now_ms += 1;
	assert_false(opens(3, id));
	assert_true(opens(2, id));
}

static void a_picture_older_than_the_newest_posts_is_found(void **state)
{
	struct status_ref ref;
	media_id id = show(all, "", &ref);
	(void)state;
	s->now_ms += WORLD_RING_MS + 1;
	for (int i = 0; i < WORLD_RING + 3; i++)
		stage_post(s, 2, "one more");
	assert_true(opens(3, id) && opens(2, id));
	assert_false(opens(4, id));
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_false(opens(3, id) || opens(2, id));
}

static void the_picture_of_a_person_goes_with_the_card_and_the_cover_with_the_profile(void **state)
{
	media_id avatar = stage_picture(s, 2, 1).id, cover = stage_picture(s, 2, 2).id;
	struct person me;
	(void)state;
	assert_ok(picture_wear(s->c, s->people[2], avatar, MEDIA_AVATAR, s->now_ms, s->mem, &me));
	assert_ok(picture_wear(s->c, s->people[2], cover, MEDIA_COVER, s->now_ms, s->mem, &me));
	assert_true(opens(2, avatar) && opens(3, avatar) && opens(4, avatar));
	assert_true(opens(2, cover) && opens(3, cover) && !opens(4, cover));
	assert_ok(befriend_block(s->c, s->people[5], s->people[2], s->now_ms));
	assert_ok(befriend_block(s->c, s->people[2], s->people[6], s->now_ms));
	assert_false(opens(5, avatar) || opens(6, avatar));
	assert_ok(befriend_end(s->c, s->people[2], s->people[3]));
	assert_true(opens(3, cover)); /* the other has not ended it: nobody is told */
}

static void of_a_held_post_a_steward_sees_the_picture_and_it_is_written_down(void **state)
{
	struct seen_measure *waiting, decided;
	struct status_ref ref;
	media_id id = show(all, AD, &ref);
	size_t n;
	(void)state;
	assert_true(opens(2, id));
	assert_false(opens(3, id) || opens(4, id));
	assert_ok(review_queue(s->c, s->people[1], 20, s->now_ms, s->mem, &waiting, &n));
	assert_int_equal(n, 1);
	assert_int_equal(waiting[0].post.post.n_media, 1);
	measure_id measure = waiting[0].measure.id;
	int before = order_looks(s, measure.v);
	s->now_ms += 1;
	assert_true(opens(1, id));
	assert_int_equal(order_looks(s, measure.v), before + 1);
	assert_false(opens(4, id));
	assert_int_equal(order_looks(s, measure.v), before + 1);
	assert_ok(review_decide(s->c, s->people[1], measure, false, STR_NONE, s->now_ms, s->mem,
	                        &decided));
	s->now_ms += 1;
	assert_false(opens(1, id) || opens(3, id)); /* hidden, and nothing left to review */
	assert_true(opens(2, id));
}

/* Unless the steward is who reported its author. */
static void of_a_held_post_a_reporter_sees_no_picture(void **state)
{
	struct report_draft report = { .target = s->people[2], .category = REPORT_OTHER };
	struct report *reports;
	struct status_ref ref;
	media_id id = show(all, AD, &ref);
	size_t n;
	(void)state;
	assert_true(opens(1, id));
	assert_ok(report_file(s->c, s->people[1], &report, s->now_ms, s->mem, &reports, &n));
	assert_false(opens(1, id));
	assert_true(opens(0, id));
}

static err label_work(struct conn *tx, void *ctx)
{
	const struct status_ref *last = ctx;
	struct measure label = { .kind = MEASURE_LABEL,
		                 .subject = last->post_author,
		                 .post_author = last->post_author,
		                 .rule = S("test"),
		                 .evidence = S("{}"),
		                 .starts_at_ms = s->now_ms,
		                 .ends_at_ms = INT64_MAX };
	err e = OK;
	for (int64_t i = 1; i <= 250; i++) {
		label.id.v = snowflake_next(s->c->ids);
		label.post.v = last->post.v + i;
		TRY(measures_insert(tx, &label));
	}
out:
	return e;
}

struct report_job {
	struct report report;
	case_id in;
};

static err report_work(struct conn *tx, void *ctx)
{
	struct report_job *job = ctx;
	struct case_entry entry = { .subject = job->report.target,
		                    .due_at_ms = INT64_MAX,
		                    .item = { .kind = ITEM_REPORT,
		                              .id = job->report.id.v,
		                              .owner = job->report.target,
		                              .at_ms = s->now_ms } };
	struct order_case out = { .id = { 0 } };
	err e;
	TRY(reports_insert(tx, &job->report));
	TRY(docket_add(s->c, tx, &entry, s->now_ms, s->mem, &out));
	job->in = out.id;
out:
	return e;
}

static err settle_work(struct conn *tx, void *ctx)
{
	const struct report_job *job = ctx;
	return docket_settle(s->c, tx, ITEM_REPORT, job->report.id.v, CASE_DECIDED, s->now_ms,
	                     s->mem);
}

static case_id report(int reporter, struct status_ref piece)
{
	static int64_t next_id = 4242;
	struct report_job job = { .report = { .target = s->people[2],
		                              .id = { next_id++ },
		                              .reporter = s->people[reporter],
		                              .piece = piece,
		                              .text = S(""),
		                              .seen_by = 1,
		                              .at_ms = s->now_ms } };
	assert_ok(verb_write(s->c, report_work, NULL, &job));
	return job.in;
}

static void what_waits_in_a_case_a_steward_sees_and_nothing_beside_it(void **state)
{
	struct status_ref ref, other;
	media_id id = show(all, "朋友从日本带的包", &ref), beside = show(all, "周末去爬山", &other);
	struct media unused = stage_picture(s, 2, 7);
	struct report_job job = { .report = { .id = { 4242 } } };
	(void)state;
	assert_false(opens(1, id) || opens(0, id));
	case_id in = report(3, ref);
	s->now_ms++;
	assert_true(opens(1, id));
	assert_int_equal(order_looks(s, in.v), 1);
	assert_false(opens(1, beside) || opens(1, unused.id) || opens(4, id));
	report(3, (struct status_ref){ { 0 }, { 0 }, { 0 } }); /* the person */
	assert_false(opens(1, beside) || opens(1, unused.id));
	report(0, other); /* a party now, to all of the one case */
	s->now_ms++;
	assert_false(opens(0, id) || opens(0, beside));
	assert_true(opens(1, id) && opens(1, beside));
	assert_ok(verb_write(s->c, settle_work, NULL, &job));
	s->now_ms++;
	assert_false(opens(1, id));
	assert_true(opens(1, beside));
	assert_ok(publish_delete(s->c, s->people[2], &other, s->now_ms));
	assert_false(opens(1, beside));
}

static void a_steward_finds_the_held_among_much_that_came_after(void **state)
{
	struct status_ref ref;
	media_id id = show(all, AD, &ref);
	(void)state;
	assert_ok(store_write(s->c->store, (struct store_job){ label_work, NULL, &ref }));
	assert_true(opens(1, id));
}

static void words_of_a_picture_are_judged_with_the_text(void **state)
{
	struct media m;
	struct published out;
	(void)state;
	assert_ok(picture_bring(s->c, s->people[2], stage_png(s, 64, 48, 3), S(AD), s->now_ms,
	                        s->mem, &m));
	struct post_draft draft = { .media_ids = &m.id, .n_media = 1 };
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	assert_false(opens(3, m.id));
}

static void what_is_worn_is_judged_too(void **state)
{
	struct media m;
	struct person me;
	(void)state;
	assert_ok(picture_bring(s->c, s->people[2], stage_png(s, 64, 48, 3), S(AD), s->now_ms,
	                        s->mem, &m));
	assert_blames(picture_wear(s->c, s->people[2], m.id, MEDIA_AVATAR, s->now_ms, s->mem, &me),
	              ERR_INPUT, "kith_avatar_id");
	assert_true(opens(2, m.id));
	assert_false(opens(3, m.id));
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv)) /* a test program is its own darkroom */
		keeper_main();
	const struct CMUnitTest tests[] = {
		STAGE_TEST(whoever_may_see_the_post_sees_its_picture_and_nobody_else),
		STAGE_TEST(an_unused_one_is_its_bringers_alone),
		STAGE_TEST(what_was_open_a_moment_ago_is_closed_at_once),
		STAGE_TEST(the_range_holds_for_pictures_too),
		STAGE_TEST(a_picture_older_than_the_newest_posts_is_found),
		STAGE_TEST(
			the_picture_of_a_person_goes_with_the_card_and_the_cover_with_the_profile),
		STAGE_TEST(of_a_held_post_a_steward_sees_the_picture_and_it_is_written_down),
		STAGE_TEST(of_a_held_post_a_reporter_sees_no_picture),
		STAGE_TEST(what_waits_in_a_case_a_steward_sees_and_nothing_beside_it),
		STAGE_TEST(a_steward_finds_the_held_among_much_that_came_after),
		STAGE_TEST(words_of_a_picture_are_judged_with_the_text),
		STAGE_TEST(what_is_worn_is_judged_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
