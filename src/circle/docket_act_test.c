/* What a steward does to a piece that was reported or complained of: by a rule, with a reason, taken back whole. */
#include "circle/docket.h"

#include "circle/appeal.h"
#include "circle/complain.h"
#include "circle/order_testing.h"
#include "circle/remember.h"
#include "circle/report.h"

#include "store/cases.h"
#include "store/measures.h"

#define OURS "https://kith.example"
#define BAG "朋友从日本带的包"

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 is a friend of 3, 4 and 5. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6, .screen = true });
	for (int i = 3; i < 6; i++)
		stage_befriend(s, 2, i);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err decide(int steward, const struct order_case *one, struct case_decision d,
                  struct case_look *out)
{
	d.version = one->version;
	d.note = S("looked at it");
	return docket_decide(s->c, s->people[steward], one->id, &d, s->now_ms, s->mem, out);
}

static err act(const struct order_case *one, struct status_ref ref, bool hold, const char *rule,
               struct case_look *out)
{
	const struct case_act act = { .status = ref.comment.v ? ref.comment.v : ref.post.v,
		                      .hold = hold,
		                      .rule = rule ? str_of(rule) : STR_NONE };
	return decide(1, one, (struct case_decision){ .acts = &act, .n_acts = 1 }, out);
}

static void report(int reporter, struct status_ref piece, enum report_category category)
{
	int64_t status = piece.comment.v ? piece.comment.v : piece.post.v;
	struct report_draft draft = { .target = s->people[2],
		                      .statuses = &status,
		                      .n_statuses = status ? 1 : 0,
		                      .category = category,
		                      .text = S("fake") };
	struct report *out;
	size_t n;
	assert_ok(report_file(s->c, s->people[reporter], &draft, s->now_ms, s->mem, &out, &n));
}

static struct order_case complain(struct status_ref piece, enum complaint_category category)
{
	struct complaint_draft draft = { .category = category,
		                         .contact = S("legal@brand.example"),
		                         .about = str_format(s->mem, "see %s/posts/%lld", OURS,
		                                             (long long)piece.post.v),
		                         .evidence = S("Our trade mark is 12345.") };
	struct complaint_filed filed;
	assert_ok(complain_file(s->c, &draft, S(OURS), s->now_ms, s->mem, &filed));
	return order_case_of(s, 2);
}

static int told(int reader) { return stage_notices(s, reader, NOTICE_REPORTED); }

static struct case_look look_at(int steward, case_id id)
{
	struct case_look look;
	assert_ok(docket_look(s->c, s->people[steward], id, s->now_ms, s->mem, &look));
	return look;
}

static void what_was_reported_is_held_by_a_rule_and_taken_back_whole(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG);
	struct case_look look;
	struct measure m;
	(void)state;
	report(3, ref, REPORT_COUNTERFEIT);
	struct order_case one = order_case_of(s, 2);
	look = look_at(1, one.id);
	assert_text(look.pieces[0].fits.id, "fraud.counterfeit");
	assert_true(look.n_rules > 8);
	assert_ok(act(&one, ref, true, NULL, &look));
	assert_false(stage_sees(s, 3, ref));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	m = order_look(s, (measure_id){ look.deeds[look.n_deeds - 1].item });
	assert_true(m.kind == MEASURE_HOLD && m.state == MEASURE_KEPT);
	assert_true(m.by.v == s->people[1].v && m.decider == DECIDER_STEWARD);
	assert_text(m.rule, "fraud.counterfeit");
	assert_true(str_eq(m.policy, remember_policy(s->c, s->mem)));
	assert_true(str_find(m.evidence, S("\"clause\":\"a.2\"")) != SIZE_MAX);
	assert_text(m.decision_note, "looked at it");
	/* An offence as any other, told of as any other, and the reporter was right. */
	assert_int_equal(order_stands(s, 2).points, 4);
	assert_int_equal(order_newest(s, 2).kind, MEASURE_NOTICE);
	assert_int_equal(stage_notices(s, 2, NOTICE_HELD), 1);
	assert_true(look.reports[0].report.state == REPORT_RIGHT && told(3) == 1);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_true(stage_sees(s, 3, ref));
	assert_int_equal(order_look(s, m.id).state, MEASURE_RELEASED);
	assert_int_equal(order_newest(s, 2).state, MEASURE_RELEASED);
	assert_int_equal(order_stands(s, 2).offences, 0);
	assert_int_equal(look.line.one.state, CASE_OPEN);
	assert_int_equal(look.reports[0].report.state, REPORT_OPEN);
	assert_int_equal(look.n_pieces, 1);
}

static void a_label_is_no_offence_and_names_the_rule_it_was_given(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG);
	struct case_look look;
	struct measure m;
	(void)state;
	report(3, ref, REPORT_OTHER);
	struct order_case one = order_case_of(s, 2);
	assert_blames(act(&one, ref, false, "no.such", &look), ERR_INPUT, "pieces");
	assert_ok(act(&one, ref, false, "advert.disguised", &look));
	m = order_newest(s, 2);
	assert_true(m.kind == MEASURE_LABEL && m.state == MEASURE_ACTIVE && m.points == 0);
	assert_text(m.rule, "advert.disguised");
	assert_true(stage_sees(s, 3, ref));
	assert_int_equal(order_stands(s, 2).offences, 0);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_int_equal(order_look(s, m.id).state, MEASURE_RELEASED);
}

/* Be it that nobody has looked at the one there is, or that somebody confirmed it. */
static void one_label_is_enough(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG);
	struct case_look look;
	(void)state;
	for (int kept = 0; kept < 2; kept++) {
		struct measure m = order_by(s, 1, 2, MEASURE_LABEL);
		m.post_author = ref.post_author;
		m.post = ref.post;
		m.ends_at_ms = INT64_MAX;
		assert_ok(order_try_impose(s, &m));
		if (kept)
			assert_ok(order_decide(s, m.id, 0, MEASURE_KEPT));
		report(3, ref, REPORT_OTHER);
		struct order_case one = order_case_of(s, 2);
		assert_blames(act(&one, ref, false, NULL, &look), ERR_INPUT, "pieces");
		if (!kept)
			assert_ok(order_decide(s, m.id, 0, MEASURE_RELEASED));
	}
}

/* The reports on what is acted upon were right; of the others something else may be found, or nothing yet. */
static void each_piece_settles_its_own_reports(void **state)
{
	struct status_ref bag = stage_post(s, 2, BAG), walk = stage_post(s, 2, "周末去爬山");
	struct case_act act = { .status = bag.post.v, .hold = true };
	struct case_look look;
	(void)state;
	report(3, bag, REPORT_COUNTERFEIT);
	report(4, walk, REPORT_OTHER);
	struct order_case one = order_case_of(s, 2);
	assert_ok(decide(1, &one, (struct case_decision){ .acts = &act, .n_acts = 1 }, &look));
	assert_true(told(3) == 1 && told(4) == 0);
	assert_int_equal(look.line.one.state, CASE_OPEN);
	assert_int_equal(look.n_pieces, 1);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_int_equal(look.n_pieces, 2);
	assert_ok(decide(1, &look.line.one,
	                 (struct case_decision){
				 .acts = &act, .n_acts = 1, .finding = REPORT_NOT_CONFIRMED },
	                 &look));
	for (size_t i = 0; i < look.n_reports; i++)
		assert_int_equal(look.reports[i].report.state,
		                 look.reports[i].report.piece.post.v == bag.post.v
		                         ? REPORT_RIGHT
		                         : REPORT_NOT_CONFIRMED);
	assert_int_equal(look.line.one.state, CASE_DECIDED);
}

static void only_what_waits_here_is_acted_upon_and_once(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG), other = stage_post(s, 2, "周末去爬山"),
			  of_3 = stage_post(s, 3, "周末");
	struct case_look look;
	(void)state;
	report(3, ref, REPORT_COUNTERFEIT);
	struct order_case one = order_case_of(s, 2);
	assert_fails(act(&one, other, true, NULL, &look), ERR_MISSING);
	assert_fails(act(&one, of_3, true, NULL, &look), ERR_MISSING);
	assert_fails(act(&one, (struct status_ref){ .post = { 7 } }, true, NULL, &look),
	             ERR_MISSING);
	struct case_act twice[] = { { .status = ref.post.v, .hold = true },
		                    { .status = ref.post.v } };
	assert_blames(decide(1, &one, (struct case_decision){ .acts = twice, .n_acts = 2 }, &look),
	              ERR_INPUT, "pieces");
	assert_true(stage_sees(s, 4, ref));
	assert_ok(act(&one, ref, false, NULL, &look));
	report(4, ref, REPORT_COUNTERFEIT);
	one = order_case_of(s, 2);
	assert_blames(act(&one, ref, false, NULL, &look), ERR_INPUT, "pieces");
	assert_ok(act(&one, ref, true, NULL, &look));
	assert_false(stage_sees(s, 4, ref));
}

static void who_acted_does_not_decide_the_appeal(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG);
	struct appeal_draft draft = { .words = S("It was a present.") };
	struct seen_appeal filed;
	struct case_look look;
	(void)state;
	report(3, ref, REPORT_COUNTERFEIT);
	struct order_case one = order_case_of(s, 2);
	assert_ok(act(&one, ref, true, NULL, &look));
	measure_id id = { look.deeds[look.n_deeds - 1].item };
	assert_ok(appeal_file(s->c, s->people[2], id, &draft, s->now_ms, s->mem, &filed));
	one = order_case_of(s, 2);
	assert_false(look_at(1, one.id).appeals[0].may);
	assert_true(look_at(0, one.id).appeals[0].may);
	struct case_verdict verdict = { filed.appeal.id, true };
	assert_ok(decide(0, &one, (struct case_decision){ .verdicts = &verdict, .n_verdicts = 1 },
	                 &look));
	assert_int_equal(order_look(s, id).state, MEASURE_OVERTURNED);
	assert_int_equal(order_newest(s, 2).state, MEASURE_OVERTURNED); /* the notice */
	assert_true(stage_sees(s, 3, ref));
}

static void what_a_complaint_names_is_shown_and_acted_upon(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG);
	struct order_case one = complain(ref, COMPLAINT_PLAGIARISM);
	struct case_look look = look_at(1, one.id);
	(void)state;
	assert_int_equal(order_looks(s, one.id.v), 1);
	assert_int_equal(look.n_pieces, 1);
	assert_text(look.pieces[0].seen.text, BAG);
	assert_text(look.pieces[0].fits.id, "order.plagiarism");
	assert_ok(act(&one, ref, true, NULL, &look));
	assert_false(stage_sees(s, 3, ref));
	assert_text(order_look(s, (measure_id){ look.deeds[0].item }).policy, "order");
	assert_int_equal(look.line.one.state, CASE_OPEN); /* an answer is owed */
	struct case_reply reply = { look.complaints[0].id, S("We looked into it.") };
	assert_ok(decide(1, &look.line.one,
	                 (struct case_decision){ .replies = &reply, .n_replies = 1 }, &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_int_equal(look.n_pieces, 0);
}

/* Under whose post it stands is a party, as with a report; and so is who wrote it. */
static void who_has_to_do_with_what_is_complained_of_is_a_party(void **state)
{
	struct status_ref post = stage_post(s, 1, "周末去爬山"), answer;
	struct case_look look;
	(void)state;
	stage_befriend(s, 1, 2);
	answer = stage_comment(s, 2, post, BAG);
	answer.post.v = answer.comment.v; /* how it is named */
	struct order_case one = complain(answer, COMPLAINT_COUNTERFEIT);
	assert_int_equal(one.subject.v, s->people[2].v);
	assert_fails(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look),
	             ERR_MISSING);
	assert_text(look_at(0, one.id).pieces[0].seen.text, BAG);
}

/* ---- by which rule on a person ---- */

static void a_step_names_a_rule_of_the_policy_or_of_the_circle(void **state)
{
	struct case_decision d = { .has_step = true, .step = MEASURE_NOTICE };
	struct status_ref nothing = { .post = { 0 } };
	struct case_look look;
	struct measure m;
	(void)state;
	report(3, nothing, REPORT_LADDER);
	struct order_case one = order_case_of(s, 2);
	d.rule = S("no.such");
	assert_blames(decide(1, &one, d, &look), ERR_INPUT, "person");
	d.rule = STR_NONE;
	assert_ok(decide(1, &one, d, &look));
	m = order_newest(s, 2);
	assert_text(m.rule, "recruit.ladder");
	assert_true(str_eq(m.policy, remember_policy(s->c, s->mem)));
	assert_true(str_find(m.evidence, S("\"clause\":\"b.3\"")) != SIZE_MAX);
	one = look.line.one;
	d.rule = S("order.harassment");
	report(4, nothing, REPORT_LADDER);
	one = look_at(1, one.id).line.one;
	assert_ok(decide(1, &one, d, &look));
	m = order_newest(s, 2);
	assert_text(m.rule, "order.harassment");
	assert_true(str_find(m.evidence, S("\"clause\":\"o.5\"")) != SIZE_MAX);
	assert_int_equal(m.points, 2);
}

/* Half a year at once for a first offence needs a second look, and lasts a week at most. */
static void further_than_the_points_propose_needs_a_second_look(void **state)
{
	struct status_ref ref = stage_post(s, 2, BAG);
	struct case_act act = { .status = ref.post.v, .hold = true };
	struct case_decision d = {
		.acts = &act, .n_acts = 1, .has_step = true, .step = MEASURE_FREEZE, .days = 180
	};
	struct case_look look;
	struct measure m;
	(void)state;
	report(3, ref, REPORT_COUNTERFEIT);
	struct order_case one = order_case_of(s, 2);
	assert_ok(decide(1, &one, d, &look));
	m = order_look(s, (measure_id){ look.deeds[look.n_deeds - 2].item });
	assert_true(m.kind == MEASURE_FREEZE && m.state == MEASURE_PROPOSED);
	assert_int_equal(m.ends_at_ms - m.starts_at_ms, 7 * ORDER_DAY_MS);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).freeze.by.v, 0);
	assert_int_equal(look.line.one.state, CASE_OPEN);
	d = (struct case_decision){ .confirmed = &m.id, .n_confirmed = 1 };
	one = look.line.one;
	assert_fails(decide(1, &one, d, &look), ERR_DENIED);
	assert_ok(decide(0, &one, d, &look));
	assert_int_equal(order_look(s, m.id).state, MEASURE_KEPT);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).freeze.by.v, m.id.v);
	assert_int_equal(look.line.one.state, CASE_DECIDED);
}

static void as_far_as_the_points_propose_one_steward_goes_alone(void **state)
{
	struct status_ref refs[] = { stage_post(s, 2, BAG), stage_post(s, 2, "周末去爬山") };
	struct case_act acts[] = { { .status = refs[0].post.v, .hold = true },
		                   { .status = refs[1].post.v, .hold = true } };
	struct case_look look;
	(void)state;
	report(3, refs[0], REPORT_COUNTERFEIT);
	report(3, refs[1], REPORT_COUNTERFEIT);
	struct order_case one = order_case_of(s, 2);
	assert_ok(
		decide(1, &one,
	               (struct case_decision){
			       .acts = acts, .n_acts = 2, .has_step = true, .step = MEASURE_FEWER },
	               &look));
	assert_true(order_limits(s->c, s->people[2], s->now_ms).fewer.by.v != 0);
	assert_int_equal(look.line.one.state, CASE_DECIDED);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(what_was_reported_is_held_by_a_rule_and_taken_back_whole),
		STAGE_TEST(a_label_is_no_offence_and_names_the_rule_it_was_given),
		STAGE_TEST(one_label_is_enough),
		STAGE_TEST(each_piece_settles_its_own_reports),
		STAGE_TEST(only_what_waits_here_is_acted_upon_and_once),
		STAGE_TEST(who_acted_does_not_decide_the_appeal),
		STAGE_TEST(what_a_complaint_names_is_shown_and_acted_upon),
		STAGE_TEST(who_has_to_do_with_what_is_complained_of_is_a_party),
		STAGE_TEST(a_step_names_a_rule_of_the_policy_or_of_the_circle),
		STAGE_TEST(further_than_the_points_propose_needs_a_second_look),
		STAGE_TEST(as_far_as_the_points_propose_one_steward_goes_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
