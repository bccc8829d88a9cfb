/* Linked with -Wl,--wrap=screen: while `broken` is set the engine fails, as it would without memory; else it is the
 * real one. */
#include "circle/hold.h"

#include "circle/remember.h"
#include "circle/review.h"
#include "circle/stage_testing.h"
#include "circle/turndown.h"
#include "circle/verb.h"

#include "model/limits.h"

#include <jansson.h>

#include <string.h>

#define AD STAGE_AD
#define FAKES "【高仿包包】一比一，招代理一件代发，加薇❤芯：abc12345，扫码进群"
#define HONEST "周末和爸妈去爬山，下雨了，回来煮了一锅汤。"

static struct stage *s; /* of the test that runs */
static bool broken;
static const struct verdict *wanted; /* what the engine is made to say */

err __real_screen(const struct engine *engine, const struct past *past, const struct facts *facts,
                  struct arena *mem, struct verdict *verdict);
err __wrap_screen(const struct engine *engine, const struct past *past, const struct facts *facts,
                  struct arena *mem, struct verdict *verdict);

err __wrap_screen(const struct engine *engine, const struct past *past, const struct facts *facts,
                  struct arena *mem, struct verdict *verdict)
{
	err e = broken ? err_system("no memory") : __real_screen(engine, past, facts, mem, verdict);
	if (!failed(e) && wanted) {
		verdict->action = verdict->allowed = wanted->action;
		verdict->harm = wanted->harm;
		verdict->recollection = wanted->recollection;
	}
	return e;
}

/* 2 writes, 3 is a friend; 1 is a steward. */
static int set_up(void **state)
{
	(void)state;
	broken = false;
	wanted = NULL;
	s = stage_new((struct stage_needs){ .people = 4, .screen = true });
	stage_befriend(s, 2, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static struct published publish(const char *text)
{
	struct published out;
	struct post_draft draft = { .text = str_of(text) };
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	return out;
}

static struct status_ref ref_of(const struct published *out)
{
	return (struct status_ref){ out->post.gate.author, out->post.gate.id, { 0 } };
}

static const char *text_at(const json_t *object, const char *a, const char *b)
{
	const json_t *value = json_object_get(object, a);
	if (b != NULL)
		value = json_object_get(value, b);
	return json_string_value(value);
}

/* Every field of the contract is there, and the spans lie in the text on character borders. */
static void check_evidence(str evidence, str text, bool wants_spans)
{
	json_t *root = json_loadb(evidence.p, evidence.n, 0, NULL), *reason;
	size_t i, j, spans = 0;
	assert_non_null(root);
	assert_true(json_is_number(json_object_get(root, "score")));
	assert_true(json_is_number(json_object_get(root, "malice")));
	assert_non_null(text_at(root, "policy", NULL));
	assert_non_null(text_at(root, "model", NULL));
	assert_true(strlen(text_at(root, "would_pass", "en")) > 10 &&
	            strlen(text_at(root, "would_pass", "zh")) > 10);
	assert_true(json_array_size(json_object_get(root, "reasons")) > 0);
	json_array_foreach(json_object_get(root, "reasons"), i, reason)
	{
		json_t *span;
		assert_true(strlen(text_at(reason, "rule", NULL)) > 0);
		assert_true(strlen(text_at(reason, "text", "en")) > 0 &&
		            strlen(text_at(reason, "text", "zh")) > 0);
		json_array_foreach(json_object_get(reason, "spans"), j, span)
		{
			size_t from = (size_t)json_integer_value(json_array_get(span, 0));
			size_t to = (size_t)json_integer_value(json_array_get(span, 1));
			assert_true(from < to && to <= text.n);
			assert_true(utf8_valid(str_slice(text, from, to)));
			spans++;
		}
	}
	assert_true(spans > 0 || !wants_spans);
	json_decref(root);
}

static void a_disguised_advertisement_is_held_with_its_reason(void **state)
{
	struct published out = publish(AD);
	struct seen_measure *mine;
	struct seen_post seen;
	size_t n;
	(void)state;
	assert_true(out.held);
	assert_int_equal(out.measure.kind, MEASURE_HOLD);
	assert_int_equal(out.measure.ends_at_ms, s->now_ms + HOLD_MS);
	check_evidence(out.measure.evidence, S(AD), true);
	struct status_ref ref = ref_of(&out);
	assert_false(stage_sees(s, 3, ref));
	assert_ok(read_post(s->c, s->people[2], &ref, s->now_ms, s->mem, &seen));
	assert_true(seen.held);
	assert_int_equal(stage_notices(s, 2, NOTICE_HELD), 1);
	assert_ok(
		review_mine(s->c, s->people[2], (struct page){ 0 }, s->now_ms, s->mem, &mine, &n));
	assert_int_equal(n, 1);
	assert_text(mine[0].text, AD);
	stage_reopen(s);
	assert_false(stage_sees(s, 3, ref));
	assert_true(stage_sees(s, 2, ref));
}

static void honest_words_appear_at_once(void **state)
{
	struct published out = publish(HONEST);
	(void)state;
	assert_false(out.held);
	assert_int_equal(out.measure.id.v, 0);
	assert_true(stage_sees(s, 3, ref_of(&out)));
	assert_int_equal(stage_notices(s, 2, NOTICE_HELD), 0);
}

static void a_held_comment_is_its_writers_alone(void **state)
{
	struct published post = publish(HONEST);
	struct status_ref to = ref_of(&post);
	struct comment_draft draft = { .text = S(AD) };
	struct commented out;
	(void)state;
	assert_ok(publish_comment(s->c, s->people[3], &to, &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	struct status_ref ref = { to.post_author, to.post, out.comment.gate.id };
	assert_true(stage_sees(s, 3, ref));
	assert_false(stage_sees(s, 2, ref));
	assert_int_equal(stage_notices(s, 3, NOTICE_HELD), 1);
	struct seen_notice *shown;
	size_t n;
	assert_ok(read_notices(s->c, s->people[2], (struct page){ .limit = 40 },
	                       1u << NOTICE_COMMENT, s->now_ms, s->mem, &shown, &n));
	assert_int_equal(n, 0); /* the notice is there and stays unseen */
	s->now_ms += HOLD_MS;
	assert_true(stage_sees(s, 2, ref));
	assert_ok(read_notices(s->c, s->people[2], (struct page){ .limit = 40 },
	                       1u << NOTICE_COMMENT, s->now_ms, s->mem, &shown, &n));
	assert_int_equal(n, 1);
}

static void a_retry_tells_again_that_it_is_held(void **state)
{
	struct post_draft draft = { .text = S(AD), .retry_key = S("key") };
	struct published first, again;
	(void)state;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &first));
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &again));
	assert_true(again.held);
	assert_int_equal(again.measure.id.v, first.measure.id.v);
}

static void what_could_not_be_screened_waits_and_is_screened_again(void **state)
{
	(void)state;
	broken = true;
	struct published fine = publish(HONEST), ad = publish(AD);
	assert_true(fine.held && ad.held);
	assert_text(fine.measure.rule, "screening.failed");
	check_evidence(fine.measure.evidence, S(HONEST), false);
	assert_false(stage_sees(s, 3, ref_of(&fine)));
	s->now_ms += 60 * 1000;
	assert_ok(review_rescreen(s->c, s->now_ms)); /* still broken: it waits on */
	assert_false(stage_sees(s, 3, ref_of(&fine)));
	broken = false;
	assert_ok(review_rescreen(s->c, s->now_ms));
	assert_true(stage_sees(s, 3, ref_of(&fine)));
	assert_false(stage_sees(s, 3, ref_of(&ad))); /* now for its own reason */
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), 1);
	assert_int_equal(stage_notices(s, 2, NOTICE_HELD), 3);
	stage_reopen(s);
	assert_true(stage_sees(s, 3, ref_of(&fine)));
	assert_false(stage_sees(s, 3, ref_of(&ad)));
}

static void what_is_forbidden_waits_five_working_days(void **state)
{
	static const struct verdict forbidden = { .action = ACTION_HOLD, .harm = HARM_CLASS_A };
	static const int days[] = { 7, 7, 7, 7, 7, 6, 5 }; /* from Monday to Sunday */
	const int64_t day_ms = INT64_C(86400000);
	(void)state;
	s->now_ms += (8 - (s->now_ms / day_ms + 4) % 7) % 7 * day_ms; /* a Monday */
	wanted = &forbidden;
	for (size_t i = 0; i < COUNT(days); i++, s->now_ms += day_ms)
		assert_int_equal(publish(HONEST).measure.ends_at_ms, s->now_ms + days[i] * day_ms);
}

static err turn_down(struct conn *tx, void *ctx)
{
	struct rule_down row = { *(const str *)ctx, s->now_ms, 20, 10, 0 };
	return rules_down_insert(tx, &row);
}

/* More malice is no shorter clock: the disguise weighs most, and what it hides are fakes. */
static void what_would_be_forbidden_by_itself_is_so_beside_anything(void **state)
{
	(void)state;
	struct published b = publish(AD), a = publish(FAKES);
	assert_true(str_eq(a.measure.rule, b.measure.rule));
	assert_int_equal(b.measure.harm, HARM_CLASS_B);
	assert_int_equal(a.measure.harm, HARM_CLASS_A);
	assert_true(a.measure.ends_at_ms >= s->now_ms + 5 * INT64_C(86400000));
}

/* Down with what is heaviest the rest holds it, in its own name; down with all it is labelled. */
static void a_rule_that_is_down_labels_and_lets_nothing_through(void **state)
{
	(void)state;
	struct measure before = publish(AD).measure;
	assert_int_equal(before.kind, MEASURE_HOLD);
	assert_ok(verb_write(s->c, turn_down, NULL, &before.rule));
	assert_ok(turndown_read(s->c));
	struct measure after = publish(AD).measure;
	assert_int_equal(after.kind, MEASURE_HOLD);
	assert_false(str_eq(after.rule, before.rule));
	size_t n;
	str *rules;
	remember_rules(s->c, s->mem, &rules, &n);
	for (size_t i = 0; i < n; i++)
		assert_ok(verb_write(s->c, turn_down, NULL, &rules[i]));
	assert_ok(turndown_read(s->c));
	after = publish(AD).measure;
	assert_int_equal(after.kind, MEASURE_LABEL);
	assert_true(str_eq(after.rule, before.rule));
}

static void only_a_copy_of_anothers_words_is_folded(void **state)
{
	static const struct verdict copy = { .action = ACTION_FOLD,
		                             .harm = HARM_CLASS_B,
		                             .recollection = { .copy_depth = 1 } },
				    first = { .action = ACTION_FOLD,
		                              .recollection = { .copy_depth = 0 } };
	(void)state;
	wanted = &copy;
	struct published out = publish(HONEST);
	assert_int_equal(out.measure.kind, MEASURE_FOLD);
	assert_false(out.held);
	assert_true(stage_sees(s, 3, ref_of(&out)));
	wanted = &first;
	assert_int_equal(publish(HONEST).measure.kind, MEASURE_LABEL);
}

static void evidence_that_would_not_fit_loses_its_lightest_reasons(void **state)
{
	char *long_words = arena_alloc(s->mem, 50000);
	struct reason reasons[10];
	(void)state;
	for (size_t i = 0; i < 50000; i++)
		long_words[i] = 'a';
	for (size_t i = 0; i < COUNT(reasons); i++)
		reasons[i] = (struct reason){ .rule = S("a.rule"),
			                      .en = { long_words, 50000 },
			                      .zh = S("短") };
	struct verdict verdict = { .reasons = reasons, .reason_count = COUNT(reasons) };
	str evidence = hold_evidence(&verdict, s->mem);
	json_t *root = json_loadb(evidence.p, evidence.n, 0, NULL);
	assert_non_null(root);
	assert_in_range(json_array_size(json_object_get(root, "reasons")), 1, 9);
	json_decref(root);
}

/* The same advertisement, but for a harmless sentence, in the card: it is held all the same, and nothing outside the text
 * is marked. */
static void what_stands_beside_the_text_is_judged_with_it(void **state)
{
	struct card card = { S("https://example.org/"), S(AD), STR_NONE };
	struct post_draft draft = { .text = S("好东西"), .card = card };
	struct published out;
	(void)state;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	check_evidence(out.measure.evidence, out.post.text, false);
	draft = (struct post_draft){ .text = S(AD), .place = S("家") };
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	check_evidence(out.measure.evidence, S(AD), true);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_disguised_advertisement_is_held_with_its_reason),
		TEST(honest_words_appear_at_once),
		TEST(a_held_comment_is_its_writers_alone),
		TEST(a_retry_tells_again_that_it_is_held),
		TEST(what_could_not_be_screened_waits_and_is_screened_again),
		TEST(what_is_forbidden_waits_five_working_days),
		TEST(what_would_be_forbidden_by_itself_is_so_beside_anything),
		TEST(a_rule_that_is_down_labels_and_lets_nothing_through),
		TEST(only_a_copy_of_anothers_words_is_folded),
		TEST(what_stands_beside_the_text_is_judged_with_it),
		TEST(evidence_that_would_not_fit_loses_its_lightest_reasons),
	};
	return cmocka_run_group_tests_name("hold", tests, NULL, NULL);
}
