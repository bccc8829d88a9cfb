/* The stored past comes out as it was under the same policy, and differently under another: both must be so. */
#include "circle/rehearse.h"

#include "circle/publish.h"
#include "circle/remember.h"
#include "circle/stage_testing.h"
#include "integrity/policy/policy.h"

#include <string.h>

#define TEXT "今天新到一批手工陶碗，釉色都不一样，喜欢的朋友留言，周末可以来店里看"
#define AD STAGE_AD

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 8, .screen = true });
	remember_wait(s->c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static const char *const texts[] = {
	TEXT,
	AD,
	"周末和爸妈去爬山，下雨了，回来煮了一锅汤。",
	"0元入会，推荐一人奖励200元，躺赚月入过万，加v: quick888",
	"转发本条集满28个赞，免费领取礼品一份，截图给客服",
	"we are hiring agents, join 298 and earn 9800 a week, whatsapp 0044 7700 900123",
};

static void fill(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		s->now_ms += 60 * 1000;
		stage_post(s, 2 + i % 6, texts[(size_t)(i * 5 + i / 6) % COUNT(texts)]);
	}
}

static struct engine *open_with(const struct policy_source *files, size_t n)
{
	struct engine *engine;
	struct arena *mem = arena_new(1 << 20);
	struct policy_fault fault = { .line = 0 };
	err e = engine_open(&(struct engine_options){ .policy = files, .policy_files = n }, mem,
	                    &engine, &fault);
	if (failed(e))
		fail_msg("%s %.*s", e.why, STR_ARG(fault.rendered));
	arena_free(mem);
	return engine;
}

static struct rehearsal run(const struct engine *engine, int64_t last)
{
	struct rehearsal out;
	const struct rehearse_ask ask = { .engine = engine, .last = last, .examples = 100 };
	assert_ok(rehearse(s->c, &ask, s->mem, &out));
	return out;
}

static void the_policy_in_force_gives_every_verdict_again_bit_for_bit(void **state)
{
	struct engine *engine = open_with(NULL, 0);
	(void)state;
	fill(60);
	struct rehearsal all = run(engine, 1000), some = run(engine, 10);
	assert_int_equal(all.pieces - all.no_text, 60);
	assert_int_equal(all.same_image, 60);
	assert_int_equal(all.equal, 60);
	assert_int_equal(all.changed_all, 0);
	assert_int_equal(some.pieces, 10);
	assert_int_equal(some.equal, 10);
	size_t held = 0;
	for (size_t i = 0; i < COHORTS; i++)
		held += all.cohorts[i].is[ACTION_HOLD];
	assert_true(held > 0);
	engine_close(engine);
}

/* The default policy with one number of one line made another. */
static struct engine *open_changed(const char *line, const char *instead)
{
	struct policy_source files[16];
	size_t n = engine_default_policy(files, COUNT(files)), changed = 0;
	for (size_t i = 0; i < n; i++) {
		size_t at = str_find(files[i].text, str_of(line));
		if (at == SIZE_MAX)
			continue;
		str rest = str_slice(files[i].text, at + strlen(line), files[i].text.n);
		files[i].text = str_format(s->mem, "%.*s%s%.*s", (int)at, files[i].text.p, instead,
		                           STR_ARG(rest));
		changed++;
	}
	assert_int_equal(changed, 1);
	return open_with(files, n);
}

static void a_changed_ladder_changes_it_and_says_whom_it_hits(void **state)
{
	struct engine *engine = open_changed("\n  hold from 0.", "\n  hold from 0.99");
	(void)state;
	fill(60);
	struct rehearsal all = run(engine, 1000);
	assert_int_equal(all.same_image, 0);
	assert_true(all.changed_all > 0);
	assert_int_equal(all.n_changed, all.changed_all < 100 ? all.changed_all : 100);
	for (size_t i = 0; i < all.n_changed; i++)
		assert_true(all.changed[i].was == ACTION_HOLD && all.changed[i].is != ACTION_HOLD);
	engine_close(engine);
}

/* Judged again with the past rewound, a policy of the same rules and another name says what was said. */
static void the_rewound_past_is_the_past_that_was(void **state)
{
	struct engine *engine = open_changed("\npolicy \"kith ", "\npolicy \"trial ");
	(void)state;
	fill(90);
	struct rehearsal all = run(engine, 1000);
	assert_int_equal(all.same_image, 0);
	assert_int_equal(all.changed_all, 0);
	engine_close(engine);
}

static void erased_pieces_are_counted_apart(void **state)
{
	struct engine *engine = open_with(NULL, 0);
	(void)state;
	struct status_ref ref = stage_post(s, 2, TEXT);
	stage_post(s, 3, TEXT);
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	struct rehearsal all = run(engine, 1000);
	assert_int_equal(all.pieces, 2);
	assert_int_equal(all.no_text, 1);
	assert_int_equal(all.equal, 1);
	engine_close(engine);
}

/* Each judgement has the words it was made of: those before a change, those that wait, those that show. */
static void changed_pieces_are_judged_by_what_they_said_then(void **state)
{
	static const char *const said[] = { "三个人去爬山。", AD, "今天煮了一锅汤。",
		                            "又下雨了。" };
	struct engine *engine = open_with(NULL, 0);
	struct status_ref refs[2];
	struct card card = { .url = S("https://example.org/"), .title = S("汤") };
	(void)state;
	stage_befriend(s, 2, 3);
	refs[0] = stage_post(s, 2, AD);
	refs[1] = stage_comment(s, 2, stage_post(s, 3, TEXT), AD);
	for (size_t i = 0; i < COUNT(refs); i++) {
		for (size_t j = 0; j < COUNT(said); j++) {
			str words = str_of(said[j]);
			struct change_draft draft = { .text = &words };
			if (i == 0 && j == 2)
				draft.card = &card;
			s->now_ms += 1000;
			assert_ok(publish_change(s->c, s->people[2], &refs[i], &draft, s->now_ms,
			                         s->mem));
		}
	}
	struct rehearsal all = run(engine, 1000);
	/* The request between the two has no text. */
	assert_int_equal(all.pieces - all.no_text, 3 + 2 * COUNT(said));
	assert_int_equal(all.equal, all.pieces - all.no_text);
	engine_close(engine);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_policy_in_force_gives_every_verdict_again_bit_for_bit),
		TEST(a_changed_ladder_changes_it_and_says_whom_it_hits),
		TEST(the_rewound_past_is_the_past_that_was),
		TEST(erased_pieces_are_counted_apart),
		TEST(changed_pieces_are_judged_by_what_they_said_then),
	};
	return cmocka_run_group_tests_name("rehearse", tests, NULL, NULL);
}
