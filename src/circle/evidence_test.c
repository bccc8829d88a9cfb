#include "circle/evidence.h"

#include "circle/order_testing.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "media/keeper.h"
#include "store/case_links.h"
#include "store/reports.h"

#include <stdatomic.h>
#include <unistd.h>

#define AD STAGE_AD

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 writes, 3 is a friend. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4, .screen = true, .pictures = true });
	stage_befriend(s, 2, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static case_id add(person_id subject, enum case_item_kind kind, int64_t id)
{
	return order_add_item(s, (struct case_entry){ .subject = subject,
	                                              .due_at_ms = s->now_ms + 5000,
	                                              .item = { .kind = kind,
	                                                        .id = id,
	                                                        .owner = subject,
	                                                        .at_ms = s->now_ms } })
	        .id;
}

/* Held, with one picture, for one friend who is named in it. */
static case_id hold(measure_id *id, struct status_ref *ref)
{
	struct media m = stage_picture(s, 2, 1);
	struct published out;
	struct post_draft draft = {
		.text = S("p02说：" AD " @p03"),
		.audience = { AUDIENCE_ONLY, 0, 1, NULL, &s->people[3], { 0 }, NULL },
		.media_ids = &m.id,
		.n_media = 1,
		.place = S("翠湖小区三号楼"),
	};
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	*id = out.measure.id;
	*ref = (struct status_ref){ s->people[2], out.post.gate.id, { 0 } };
	return add(s->people[2], ITEM_MEASURE, id->v);
}

static err ask(int steward, case_id in, measure_id id, int64_t status, str *secret)
{
	struct evidence_draft draft = { S("the maker"), id, status };
	struct evidence_link link = { .expires_at_ms = 0 };
	err e = evidence_ask(s->c, s->people[steward], in, &draft, s->now_ms, s->mem, &link);
	*secret = link.secret;
	return e;
}

static struct evidence show(str secret)
{
	struct evidence it;
	assert_ok(evidence_show(s->c, secret, s->now_ms, s->mem, &it));
	return it;
}

static bool opens(str secret, int64_t nth)
{
	size_t bytes;
	int fd;
	err e = evidence_picture(s->c, secret, nth, s->now_ms, &fd, &bytes);
	if (!failed(e))
		close(fd);
	else
		assert_int_equal(e.code, ERR_MISSING);
	return !failed(e);
}

static bool has(str text, const char *part) { return str_find(text, str_of(part)) != SIZE_MAX; }

static void an_expert_sees_the_piece_without_anybodys_name(void **state)
{
	struct status_ref ref;
	struct evidence it;
	measure_id id;
	case_id in = hold(&id, &ref);
	str secret;
	(void)state;
	assert_ok(ask(1, in, id, 0, &secret));
	it = show(secret);
	assert_int_equal(it.state, EVIDENCE_OPEN);
	assert_true(has(it.text, "包包现货") && has(it.text, "abc12345"));
	assert_false(has(it.text, "p02") || has(it.text, "p03") || has(it.text, "翠湖"));
	assert_true(it.suspected_en.n > 10 && it.suspected_zh.n > 10 && !it.reported);
	assert_true(it.n_marks > 0 && it.n_pictures == 1);
	for (size_t i = 0; i < it.n_marks; i++) {
		assert_true(it.marks[i].from < it.marks[i].to && it.marks[i].to <= it.text.n);
		assert_true(utf8_valid(str_slice(it.text, it.marks[i].from, it.marks[i].to)));
		assert_true(i == 0 || it.marks[i - 1].to < it.marks[i].from);
	}
	assert_true(opens(secret, 1));
	assert_false(opens(secret, 0) || opens(secret, 2));
	assert_true(order_looks(s, id.v) >= 1);
}

static void another_secret_opens_nothing(void **state)
{
	struct evidence it;
	(void)state;
	assert_fails(evidence_show(s->c, S(""), s->now_ms, s->mem, &it), ERR_MISSING);
	assert_fails(evidence_show(s->c, S("abc"), s->now_ms, s->mem, &it), ERR_MISSING);
	assert_false(opens(S("abc"), 1));
	assert_fails(evidence_answer(s->c, S("abc"), CASE_IT_IS_SO, S(""), s->now_ms), ERR_MISSING);
}

static void the_one_answer_becomes_an_item_of_the_case(void **state)
{
	struct status_ref ref;
	struct case_look seen;
	measure_id id;
	case_id in = hold(&id, &ref);
	str secret;
	int version;
	(void)state;
	assert_ok(ask(1, in, id, 0, &secret));
	version = order_find_case(s, in).version;
	assert_ok(evidence_answer(s->c, secret, CASE_IT_IS_SO, S("Wrong stitching."), s->now_ms));
	assert_int_equal(order_find_case(s, in).version, version + 1);
	assert_int_equal(show(secret).state, EVIDENCE_ANSWERED);
	assert_int_equal(show(secret).text.n, 0);
	assert_false(opens(secret, 1));
	assert_fails(evidence_answer(s->c, secret, CASE_IT_IS_NOT, S(""), s->now_ms), ERR_CONFLICT);
	assert_ok(docket_look(s->c, s->people[1], in, s->now_ms, s->mem, &seen));
	assert_int_equal(seen.line.items[ITEM_ANSWER], 1);
	assert_int_equal(seen.n_answers, 1);
	assert_int_equal(seen.answers[0].answer, CASE_IT_IS_SO);
	assert_text(seen.answers[0].words, "Wrong stitching.");
	assert_text(seen.answers[0].whom, "the maker");
}

static void a_link_ends_with_its_time_the_case_and_the_piece(void **state)
{
	struct status_ref ref;
	measure_id id;
	case_id in = hold(&id, &ref);
	str secret, second;
	(void)state;
	assert_ok(ask(1, in, id, 0, &secret));
	s->now_ms += EVIDENCE_MS;
	assert_int_equal(show(secret).state, EVIDENCE_OVER);
	assert_false(opens(secret, 1));
	assert_fails(evidence_answer(s->c, secret, CASE_IT_IS_SO, S(""), s->now_ms), ERR_CONFLICT);
	assert_ok(ask(1, in, id, 0, &second));
	assert_true(opens(second, 1));
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_int_equal(show(second).state, EVIDENCE_OVER);
	assert_false(opens(second, 1));
	in = hold(&id, &ref);
	assert_ok(ask(1, in, id, 0, &secret));
	assert_true(opens(secret, 1));
	order_settle_item(s, ITEM_MEASURE, id.v, CASE_DECIDED);
	assert_int_equal(show(secret).state, EVIDENCE_OVER);
	assert_false(opens(secret, 1));
	assert_fails(evidence_answer(s->c, secret, CASE_IT_IS_SO, S(""), s->now_ms), ERR_CONFLICT);
}

static void only_what_waits_is_asked_about_and_by_no_party(void **state)
{
	struct status_ref ref, plain;
	measure_id id;
	case_id in = hold(&id, &ref);
	str secret;
	struct evidence_draft no_one = { S(" "), id, 0 };
	struct evidence_link link;
	(void)state;
	assert_fails(ask(2, in, id, 0, &secret), ERR_DENIED);
	assert_fails(ask(1, in, (measure_id){ 42 }, 0, &secret), ERR_MISSING);
	assert_fails(ask(1, (case_id){ 42 }, id, 0, &secret), ERR_MISSING);
	plain = stage_post(s, 2, "周末去爬山");
	assert_fails(ask(1, in, (measure_id){ 0 }, plain.post.v, &secret), ERR_MISSING);
	assert_blames(evidence_ask(s->c, s->people[1], in, &no_one, s->now_ms, s->mem, &link),
	              ERR_INPUT, "whom");
	for (int i = 0; i < EVIDENCE_LINKS_MAX; i++)
		assert_ok(ask(1, in, id, 0, &secret));
	assert_fails(ask(1, in, id, 0, &secret), ERR_LIMIT);
}

static err report_work(struct conn *tx, void *ctx)
{
	const struct report *report = ctx;
	return reports_insert(tx, report);
}

static void what_was_reported_can_be_asked_about(void **state)
{
	struct status_ref ref = stage_post(s, 2, "朋友从日本带的包，九成新");
	struct report report = { .target = s->people[2],
		                 .id = { 4242 },
		                 .reporter = s->people[3],
		                 .category = REPORT_COUNTERFEIT,
		                 .piece = ref,
		                 .text = S("I am their sister."),
		                 .seen_by = 1,
		                 .at_ms = s->now_ms };
	struct evidence it;
	case_id in;
	str secret;
	(void)state;
	assert_ok(verb_write(s->c, report_work, NULL, &report));
	in = add(s->people[2], ITEM_REPORT, report.id.v);
	assert_ok(ask(1, in, (measure_id){ 0 }, ref.post.v, &secret));
	it = show(secret);
	assert_true(it.state == EVIDENCE_OPEN && it.reported);
	assert_int_equal(it.category, REPORT_COUNTERFEIT);
	assert_text(it.text, "朋友从日本带的包，九成新");
	assert_int_equal(it.n_marks, 0);
}

struct race {
	str secret;
	atomic_int won;
};

static void answer_once(struct stage *stage, int i, void *ctx)
{
	struct race *race = ctx;
	err e = evidence_answer(stage->c, race->secret, i % 2 ? CASE_IT_IS_SO : CASE_IT_IS_NOT,
	                        S(""), stage->now_ms);
	sure(!failed(e) || e.code == ERR_CONFLICT);
	if (!failed(e))
		atomic_fetch_add(&race->won, 1);
}

static void of_answers_at_once_one_counts(void **state)
{
	struct status_ref ref;
	measure_id id;
	case_id in = hold(&id, &ref);
	struct race race = { .won = 0 };
	(void)state;
	assert_ok(ask(1, in, id, 0, &race.secret));
	stage_race(s, 8, answer_once, &race);
	assert_int_equal(race.won, 1);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv)) /* a test program is its own darkroom */
		keeper_main();
	const struct CMUnitTest tests[] = {
		STAGE_TEST(an_expert_sees_the_piece_without_anybodys_name),
		STAGE_TEST(another_secret_opens_nothing),
		STAGE_TEST(the_one_answer_becomes_an_item_of_the_case),
		STAGE_TEST(a_link_ends_with_its_time_the_case_and_the_piece),
		STAGE_TEST(only_what_waits_is_asked_about_and_by_no_party),
		STAGE_TEST(what_was_reported_can_be_asked_about),
		STAGE_TEST(of_answers_at_once_one_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
