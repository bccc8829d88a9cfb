#include "circle/rearrange.h"

#include "circle/stage_testing.h"

#include "media/keeper.h"
#include "model/limits.h"
#include "store/posts.h"

static struct stage *s; /* of the test that runs */
static struct media a, b, unused;
static struct post post; /* p02's, with a and b */

static struct post read_again(void)
{
	struct conn *conn = NULL;
	struct post got;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(posts_find(conn, s->people[2], post.gate.id, s->mem, &got));
	store_read_end(s->c->store, &conn);
	return got;
}

static int set_up(void **state)
{
	struct published out;
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4, .pictures = true });
	a = stage_picture(s, 2, 1);
	b = stage_picture(s, 2, 2);
	unused = stage_picture(s, 2, 3);
	const media_id ids[] = { a.id, b.id };
	struct post_draft draft = { .text = S("two"), .media_ids = ids, .n_media = 2 };
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	post = out.post;
	post = read_again();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err plan(const struct picture_draft *draft, struct rearrangement *out)
{
	struct conn *conn = NULL;
	assert_ok(store_read(s->c->store, &conn));
	err e = rearrange_plan(conn, &post, draft, s->mem, out);
	store_read_end(s->c->store, &conn);
	return e;
}

static void a_plan_says_what_changes_and_what_is_new(void **state)
{
	const media_id same[] = { a.id, b.id }, turned[] = { b.id, a.id }, less[] = { b.id };
	const media_id more[] = { a.id, b.id, unused.id };
	const struct picture_about words = { b.id, S("a bowl") }, none = { b.id, STR_NONE };
	const struct {
		const char *name;
		struct picture_draft draft;
		bool changes, shows_new;
		size_t n;
	} rows[] = {
		{ "nothing asked", { 0 }, false, false, 2 },
		{ "the same ones", { .n = 2, .ids = same }, false, false, 2 },
		{ "another order", { .n = 2, .ids = turned }, true, false, 2 },
		{ "one less", { .n = 1, .ids = less }, true, false, 1 },
		{ "none", { .n = 0, .ids = less }, true, false, 0 },
		{ "one more", { .n = 3, .ids = more }, true, true, 3 },
		{ "words for one", { .n_abouts = 1, .abouts = &words }, true, true, 2 },
		{ "no words where there were none",
		  { .n_abouts = 1, .abouts = &none },
		  false,
		  false,
		  2 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rearrangement got;
		assert_ok(plan(&rows[i].draft, &got));
		if (got.changes != rows[i].changes || got.shows_new != rows[i].shows_new ||
		    got.n_next != rows[i].n)
			fail_msg("%s", rows[i].name);
		assert_true(rearrange_holds(&got, &post));
	}
}

static void what_is_not_theirs_or_not_there_is_refused_by_name(void **state)
{
	struct media others = stage_picture(s, 3, 4);
	const media_id foreign[] = { a.id, others.id };
	const struct picture_about elsewhere = { unused.id, S("x") };
	media_id many[MEDIA_MAX + 1] = { a.id };
	struct rearrangement got;
	(void)state;
	assert_blames(plan(&(struct picture_draft){ .n = 2, .ids = foreign }, &got), ERR_INPUT,
	              "media_ids");
	assert_blames(plan(&(struct picture_draft){ .n = COUNT(many), .ids = many }, &got),
	              ERR_LIMIT, "media_ids");
	assert_blames(plan(&(struct picture_draft){ .n_abouts = 1, .abouts = &elsewhere }, &got),
	              ERR_INPUT, "media_attributes");
}

static void a_change_from_a_post_that_is_otherwise_by_now_is_refused(void **state)
{
	const struct picture_about words = { b.id, S("a bowl") };
	const media_id less[] = { a.id };
	struct status_ref ref = { s->people[2], post.gate.id, { 0 } };
	struct picture_draft takes = { .n = 1, .ids = less };
	struct picture_draft says = { .n_abouts = 1, .abouts = &words };
	struct rearrangement before;
	(void)state;
	assert_ok(plan(&says, &before));
	assert_ok(publish_change(s->c, s->people[2], &ref,
	                         &(struct change_draft){ .pictures = &takes }, s->now_ms, s->mem));
	struct post now = read_again();
	assert_int_equal(now.n_media, 1);
	assert_int_equal(now.edited_at_ms, s->now_ms);
	assert_false(rearrange_holds(&before, &now));
	assert_blames(publish_change(s->c, s->people[2], &ref,
	                             &(struct change_draft){ .pictures = &says }, s->now_ms,
	                             s->mem),
	              ERR_INPUT, "media_attributes");
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv)) /* a test program is its own darkroom */
		keeper_main();
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_plan_says_what_changes_and_what_is_new),
		STAGE_TEST(what_is_not_theirs_or_not_there_is_refused_by_name),
		STAGE_TEST(a_change_from_a_post_that_is_otherwise_by_now_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
