/* Decisions on what others asked for: appeals, reports, complaints, an expert's answer; and the docket after a start. */
#include "circle/docket.h"

#include "circle/admit.h"
#include "circle/appeal.h"
#include "circle/complain.h"
#include "circle/evidence.h"
#include "circle/live.h"
#include "circle/order_testing.h"
#include "circle/report.h"
#include "circle/secret.h"
#include "circle/verb.h"

#include "store/appeals.h"
#include "store/cases.h"
#include "store/complaints.h"
#include "store/measures.h"
#include "store/reports.h"

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

static enum appeal_state appeal_state(appeal_id id)
{
	struct appeal out;
	struct conn *conn = order_reader(s);
	assert_ok(appeals_find(conn, id, s->mem, &out));
	store_read_end(s->c->store, &conn);
	return out.state;
}

static err decide(int steward, const struct order_case *one, struct case_decision d,
                  struct case_look *out)
{
	d.version = one->version;
	if (d.note.p == NULL)
		d.note = S("looked at it");
	return docket_decide(s->c, s->people[steward], one->id, &d, s->now_ms, s->mem, out);
}

static appeal_id appeal(int subject, measure_id measure)
{
	struct appeal_draft draft = { .words = S("It was a joke.") };
	struct seen_appeal out;
	assert_ok(appeal_file(s->c, s->people[subject], measure, &draft, s->now_ms, s->mem, &out));
	assert_int_equal(out.appeal.way, APPEAL_BY_STEWARD);
	return out.appeal.id;
}

/* ---- what shows and what hides ---- */

/* One who looks whenever their stream is told of something. */
struct onlooker {
	struct status_ref ref;
	int told, saw;
};

static void look_up(void *ctx)
{
	struct onlooker *o = ctx;
	o->told++;
	o->saw += stage_sees(s, 3, o->ref);
}

static void over(void *ctx) { (void)ctx; }

static struct live_stream *watch(struct onlooker *o)
{
	struct session_draft draft = { .person = s->people[3], .kind = SESSION_SHELL };
	struct live_stream *stream;
	struct session session;
	str token;
	assert_ok(admit_session(s->c, &draft, s->now_ms, s->mem, &session, &token));
	assert_ok(live_open(s->c,
	                    &(struct live_draft){ .person = s->people[3],
	                                          .session = session.id,
	                                          .token = secret_hash_of(token),
	                                          .wake = look_up,
	                                          .end = over,
	                                          .ctx = o },
	                    &stream));
	return stream;
}

static void what_is_released_with_the_seal_of_its_author_is_never_shown(void **state)
{
	struct onlooker o = { 0 };
	measure_id id = order_hold(s, 2, &o.ref), seal;
	struct case_ruling ruling = { .id = id, .how = RULING_RELEASE };
	struct case_decision both = {
		.rulings = &ruling, .n_rulings = 1, .confirmed = &seal, .n_confirmed = 1
	};
	struct order_case one = order_case_of(s, 2);
	struct live_stream *stream;
	struct case_look look;
	(void)state;
	assert_ok(decide(1, &one, (struct case_decision){ .has_step = true, .step = MEASURE_SEAL },
	                 &look));
	seal = (measure_id){ look.deeds[0].item };
	stream = watch(&o);
	assert_ok(decide(0, &look.line.one, both, &look));
	assert_int_equal(o.saw, 0);
	/* Nor when it is held again and the seal is lifted. */
	assert_ok(order_undo(s, 0, &look, &look));
	assert_int_equal(order_look(s, id).state, MEASURE_ACTIVE);
	assert_int_equal(o.saw, 0);
	live_close(stream);
}

/* ---- appeals ---- */

/* A kept hold, and a seal that the other steward has to confirm. */
static measure_id propose_seal(void)
{
	struct status_ref ref;
	struct case_ruling ruling = { .id = order_hold(s, 2, &ref), .how = RULING_KEEP };
	struct order_case one = order_case_of(s, 2);
	struct case_look look;
	assert_ok(decide(1, &one,
	                 (struct case_decision){ .rulings = &ruling,
	                                         .n_rulings = 1,
	                                         .has_step = true,
	                                         .step = MEASURE_SEAL },
	                 &look));
	return (measure_id){ look.deeds[look.n_deeds - 1].item };
}

static void an_appeal_outlasts_a_confirmation_that_is_taken_back(void **state)
{
	measure_id seal = propose_seal();
	struct case_decision confirm = { .confirmed = &seal, .n_confirmed = 1 };
	struct order_case one = order_case_of(s, 2);
	struct appeal_draft draft = { .words = S("It was a joke.") };
	struct seen_appeal filed;
	struct case_look look;
	appeal_id id;
	(void)state;
	assert_ok(decide(0, &one, confirm, &look));
	/* Both stewards had a part in the seal, so it is nobody's to decide. */
	assert_ok(appeal_file(s->c, s->people[2], seal, &draft, s->now_ms, s->mem, &filed));
	id = filed.appeal.id;
	assert_ok(order_undo(s, 0, &look, &look));
	assert_int_equal(order_look(s, seal).state, MEASURE_PROPOSED);
	assert_ok(appeal_tick(s->c, s->now_ms));
	assert_int_equal(appeal_state(id), APPEAL_OPEN);
	one = order_case_of(s, 2);
	assert_ok(decide(0, &one, confirm, &look));
	assert_int_equal(order_look(s, seal).state, MEASURE_KEPT);
	assert_ok(appeal_tick(s->c, s->now_ms));
	assert_int_equal(appeal_state(id), APPEAL_OPEN);
}

static void an_appeal_is_decided_and_taken_back(void **state)
{
	(void)state;
	for (int overturn = 0; overturn < 2; overturn++) {
		struct status_ref ref;
		measure_id id = order_hold(s, 2, &ref);
		struct case_verdict verdict = { appeal(2, id), overturn == 1 };
		struct order_case one = order_case_of(s, 2);
		struct case_look look;
		assert_ok(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look));
		assert_int_equal(look.n_appeals, 1);
		assert_true(look.appeals[0].may && look.appeals[0].measure.has_post);
		assert_text(look.appeals[0].appeal.words, "It was a joke.");
		assert_ok(decide(1, &one,
		                 (struct case_decision){ .verdicts = &verdict, .n_verdicts = 1 },
		                 &look));
		assert_int_equal(appeal_state(verdict.id),
		                 overturn ? APPEAL_OVERTURNED : APPEAL_KEPT);
		assert_int_equal(order_look(s, id).state,
		                 overturn ? MEASURE_OVERTURNED : MEASURE_KEPT);
		assert_int_equal(stage_sees(s, 3, ref), overturn);
		/* The hold was an item too: what became of it is decided with the appeal. */
		assert_int_equal(look.line.one.state, CASE_DECIDED);
		assert_ok(order_undo(s, 1, &look, &look));
		assert_int_equal(appeal_state(verdict.id), APPEAL_OPEN);
		assert_int_equal(order_look(s, id).state, MEASURE_ACTIVE);
		assert_false(stage_sees(s, 3, ref));
		assert_int_equal(look.line.one.state, CASE_OPEN);
		verdict.overturn = true; /* for the next turn nothing is left */
		assert_ok(decide(1, &look.line.one,
		                 (struct case_decision){ .verdicts = &verdict, .n_verdicts = 1 },
		                 &look));
		assert_int_equal(look.line.one.state, CASE_DECIDED);
	}
}

/* Who decided before, and why, is who decided again; and the notice that went with it is there again. */
static void what_was_kept_is_kept_again_by_who_kept_it(void **state)
{
	struct status_ref ref;
	measure_id id = order_hold(s, 2, &ref);
	struct case_ruling keep = { .id = id, .how = RULING_KEEP };
	struct order_case one = order_case_of(s, 2);
	struct measure kept, again;
	struct case_look look;
	(void)state;
	assert_ok(
		decide(1, &one, (struct case_decision){ .rulings = &keep, .n_rulings = 1 }, &look));
	kept = order_look(s, id);
	struct case_verdict verdict = { appeal(2, id), true };
	one = order_case_of(s, 2);
	s->now_ms += 1000;
	assert_ok(decide(0, &one,
	                 (struct case_decision){
				 .note = S("Overturned."), .verdicts = &verdict, .n_verdicts = 1 },
	                 &look));
	assert_int_equal(order_look(s, id).decided_by.v, s->people[0].v);
	assert_ok(order_undo(s, 0, &look, &look));
	again = order_look(s, id);
	assert_int_equal(again.state, MEASURE_KEPT);
	assert_int_equal(again.decided_by.v, s->people[1].v);
	assert_int_equal(again.decided_at_ms, kept.decided_at_ms);
	assert_true(str_eq(again.decision_note, kept.decision_note));
	assert_int_equal(again.ends_at_ms, kept.ends_at_ms);
	assert_false(stage_sees(s, 3, ref));
	struct measure notice = order_newest(s, 2);
	assert_true(notice.kind == MEASURE_NOTICE && notice.state == MEASURE_ACTIVE);
}

static void who_made_a_measure_does_not_decide_its_appeal(void **state)
{
	struct status_ref ref;
	struct case_ruling rulings[] = { { .id = order_hold(s, 2, &ref), .how = RULING_KEEP },
		                         { .id = order_hold(s, 2, &ref), .how = RULING_KEEP } };
	struct order_case one = order_case_of(s, 2);
	struct case_look look;
	struct case_verdict verdict = { .overturn = true };
	measure_id step;
	(void)state;
	assert_ok(decide(1, &one,
	                 (struct case_decision){ .rulings = rulings,
	                                         .n_rulings = 2,
	                                         .has_step = true,
	                                         .step = MEASURE_FEWER },
	                 &look));
	step = (measure_id){ look.deeds[look.n_deeds - 1].item };
	verdict.id = appeal(2, step);
	one = order_case_of(s, 2);
	assert_ok(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look));
	assert_true(look.n_appeals == 1 && !look.appeals[0].may);
	assert_fails(decide(1, &one,
	                    (struct case_decision){ .verdicts = &verdict, .n_verdicts = 1 }, &look),
	             ERR_MISSING);
	assert_int_equal(appeal_state(verdict.id), APPEAL_OPEN);
	assert_ok(docket_look(s->c, s->people[0], one.id, s->now_ms, s->mem, &look));
	assert_true(look.appeals[0].may);
	assert_ok(decide(0, &one, (struct case_decision){ .verdicts = &verdict, .n_verdicts = 1 },
	                 &look));
	assert_int_equal(order_look(s, step).state, MEASURE_OVERTURNED);
	assert_int_equal(order_limits(s->c, s->people[2], s->now_ms).fewer.by.v, 0);
}

/* ---- reports ---- */

static void report(int reporter, struct status_ref piece, const char *text)
{
	int64_t status = piece.post.v;
	struct report_draft draft = { .target = s->people[2],
		                      .statuses = &status,
		                      .n_statuses = status ? 1 : 0,
		                      .category = REPORT_COUNTERFEIT,
		                      .text = str_of(text) };
	struct report *out;
	size_t n;
	assert_ok(report_file(s->c, s->people[reporter], &draft, s->now_ms, s->mem, &out, &n));
}

static void a_reporter_is_nobody_in_the_case(void **state)
{
	struct status_ref ref = stage_post(s, 2, "朋友从日本带的包");
	struct case_look look;
	(void)state;
	report(3, ref, "fake");
	report(4, ref, "");
	struct order_case one = order_case_of(s, 2);
	assert_ok(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look));
	assert_int_equal(look.n_reports, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(look.reports[i].report.reporter.v, 0);
		assert_true(look.reports[i].weight > 0 && look.reports[i].group > 0);
	}
	assert_int_equal(look.n_pieces, 1);
	assert_text(look.pieces[0].seen.text, "朋友从日本带的包");
	assert_int_equal(look.n_measures + look.n_history, 0);
	/* Not reported: not shown. */
	stage_post(s, 2, "周末去爬山");
	assert_ok(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look));
	assert_int_equal(look.n_pieces, 1);
}

static int notices(int reader) { return stage_notices(s, reader, NOTICE_REPORTED); }

static void reports_are_answered_together_and_taken_back(void **state)
{
	struct status_ref ref = stage_post(s, 2, "朋友从日本带的包");
	struct case_look look;
	struct report *all;
	struct conn *conn;
	size_t n;
	(void)state;
	for (int i = 3; i < 6; i++)
		report(i, ref, "");
	struct order_case one = order_case_of(s, 2);
	assert_ok(decide(1, &one,
	                 (struct case_decision){ .finding = REPORT_RIGHT,
	                                         .has_step = true,
	                                         .step = MEASURE_NOTICE },
	                 &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_int_equal(look.n_deeds, 2);
	assert_int_equal(look.n_pieces, 0); /* nothing of it waits any more */
	assert_true(notices(3) == 1 && notices(4) == 1 && notices(5) == 1);
	assert_true(look.standing.points == order_points(look.line.one.harm, false));
	assert_true(str_starts(look.history[0].measure.rule, S("fraud.counterfeit")));
	assert_true(str_find(look.history[0].measure.evidence, S("reported")) == SIZE_MAX);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_int_equal(look.line.one.state, CASE_OPEN);
	assert_int_equal(look.standing.points, 0);
	assert_int_equal(look.n_pieces, 1);
	conn = order_reader(s);
	assert_ok(reports_of_case(conn, one.id, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(all[i].state, REPORT_OPEN);
	assert_ok(decide(1, &look.line.one,
	                 (struct case_decision){ .finding = REPORT_NOT_CONFIRMED }, &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
}

static const struct measure *latest(int person)
{
	struct conn *conn = order_reader(s);
	struct measure *all;
	size_t n;
	assert_ok(measures_of(conn, s->people[person], (measure_id){ 0 }, 10, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	return n > 0 ? &all[0] : NULL;
}

/* The decision's reason is for whom it is about; who lied reads why that was found, and nothing else. */
static void bad_faith_names_its_reports_and_says_why_to_their_reporters_alone(void **state)
{
	struct status_ref ref = stage_post(s, 2, "朋友从日本带的包");
	struct case_look look;
	(void)state;
	for (int i = 3; i < 6; i++)
		report(i, ref, "");
	struct order_case one = order_case_of(s, 2);
	assert_ok(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look));
	report_id lie = look.reports[1].report.id;
	struct case_decision d = { .finding = REPORT_RIGHT,
		                   .bad = &lie,
		                   .n_bad = 1,
		                   .has_step = true,
		                   .step = MEASURE_NOTICE };
	assert_fails(decide(1, &one, d, &look), ERR_INPUT); /* without saying why */
	d.bad_note = S("you made it up");
	assert_ok(decide(1, &one, d, &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_true(look.deeds[0].kind == DEED_REPORT && look.deeds[1].kind == DEED_BAD_FAITH);
	assert_text(look.deeds[1].note, "you made it up");
	assert_true(notices(3) == 1 && notices(4) == 0 && notices(5) == 1);
	assert_text(latest(4)->rule, "order.report-abuse");
	assert_text(latest(4)->decision_note, "you made it up");
	assert_true(latest(3) == NULL && latest(5) == NULL);
	assert_true(str_find(latest(2)->decision_note, S("made it up")) == SIZE_MAX);
	assert_ok(order_undo(s, 1, &look, &look));
	assert_int_equal(look.reports[1].report.state, REPORT_OPEN);
	assert_int_equal(latest(4)->state, MEASURE_RELEASED);
}

static void bad_faith_is_found_of_what_waits_here_alone(void **state)
{
	struct status_ref ref = stage_post(s, 2, "朋友从日本带的包");
	struct case_look look;
	(void)state;
	report(3, ref, "");
	struct order_case one = order_case_of(s, 2);
	const report_id none = { 4711 };
	struct case_decision d = { .bad = &none, .n_bad = 1, .bad_note = S("why") };
	assert_fails(decide(1, &one, d, &look), ERR_MISSING);
	assert_ok(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look));
	report_id lie = look.reports[0].report.id;
	d.bad = &lie;
	d.finding = REPORT_RIGHT; /* of the others, of which there are none */
	assert_fails(decide(1, &one, d, &look), ERR_MISSING);
	d.finding = REPORT_OPEN;
	assert_ok(decide(1, &one, d, &look));
}

static void a_steward_who_reported_is_a_party(void **state)
{
	struct status_ref ref;
	struct case_look look;
	struct case_line *lines;
	size_t n;
	(void)state;
	stage_befriend(s, 2, 1);
	ref = stage_post(s, 2, "朋友从日本带的包");
	report(1, ref, "");
	struct order_case one = order_case_of(s, 2);
	assert_fails(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look),
	             ERR_MISSING);
	assert_ok(docket_queue(s->c, s->people[1], &(struct queue_part){ .state = CASE_OPEN },
	                       s->now_ms, s->mem, &lines, &n));
	assert_int_equal(n, 0);
	assert_fails(decide(1, &one, (struct case_decision){ .finding = REPORT_RIGHT }, &look),
	             ERR_MISSING);
	assert_ok(decide(0, &one, (struct case_decision){ .finding = REPORT_RIGHT }, &look));
}

/* What was reported since would be part of the case again: a side of it takes nothing back. */
static void a_steward_who_wrote_what_was_copied_is_a_party_to_its_report(void **state)
{
	struct status_ref first, copy;
	(void)order_hold(s, 1, &first);
	struct case_ruling release = { .id = order_hold(s, 2, &copy) };
	struct order_case one = order_case_of(s, 2);
	struct case_look look;
	(void)state;
	assert_ok(decide(0, &one, (struct case_decision){ .rulings = &release, .n_rulings = 1 },
	                 &look));
	report(3, copy, "again");
	one = order_case_of(s, 2);
	assert_fails(docket_look(s->c, s->people[1], one.id, s->now_ms, s->mem, &look),
	             ERR_MISSING);
	assert_ok(docket_look(s->c, s->people[0], one.id, s->now_ms, s->mem, &look));
	assert_int_equal(look.n_copies, 2);
}

static void who_reported_since_takes_no_decision_back(void **state)
{
	struct status_ref ref;
	struct case_look look;
	(void)state;
	stage_befriend(s, 2, 1);
	ref = stage_post(s, 2, "朋友从日本带的包");
	report(3, ref, "");
	struct order_case one = order_case_of(s, 2);
	assert_ok(decide(1, &one, (struct case_decision){ .finding = REPORT_RIGHT }, &look));
	int64_t deed = look.deeds[0].id;
	report(1, ref, "");
	assert_fails(docket_undo(s->c, s->people[1], one.id, deed, s->now_ms, s->mem, &look),
	             ERR_CONFLICT);
	struct order_case since = order_case_of(s, 2);
	assert_true(since.id.v != one.id.v); /* nothing of it happened */
	assert_ok(docket_look(s->c, s->people[0], one.id, s->now_ms, s->mem, &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_int_equal(look.reports[0].report.state, REPORT_RIGHT);
}

static void without_reports_none_can_be_answered(void **state)
{
	struct status_ref ref;
	struct case_look look;
	(void)state;
	order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2);
	assert_fails(decide(1, &one, (struct case_decision){ .finding = REPORT_RIGHT }, &look),
	             ERR_MISSING);
}

/* ---- complaints and answers ---- */

static void a_complaint_is_answered_and_taken_back(void **state)
{
	struct complaint_draft draft = { .category = COMPLAINT_COUNTERFEIT,
		                         .contact = S("legal@brand.example"),
		                         .about = S("A bag that is not ours"),
		                         .evidence = S("The seam is ours.") };
	struct complaint_filed filed;
	struct case_line *lines;
	struct case_look look;
	size_t n;
	(void)state;
	assert_ok(
		complain_file(s->c, &draft, S("https://kith.example"), s->now_ms, s->mem, &filed));
	assert_ok(docket_queue(s->c, s->people[1], &(struct queue_part){ .state = CASE_OPEN },
	                       s->now_ms, s->mem, &lines, &n));
	assert_int_equal(n, 1);
	assert_true(lines[0].has_complaint && lines[0].one.subject.v == 0);
	struct case_reply reply = { filed.complaint.id, S("We looked at it. Thank you.") };
	assert_ok(docket_look(s->c, s->people[1], lines[0].one.id, s->now_ms, s->mem, &look));
	assert_int_equal(look.n_complaints, 1);
	assert_int_equal(look.complaints[0].contact.n, 0); /* who answers need not know it */
	assert_blames(decide(1, &look.line.one,
	                     (struct case_decision){ .has_step = true, .step = MEASURE_NOTICE },
	                     &look),
	              ERR_INPUT, "person");
	assert_ok(decide(1, &lines[0].one,
	                 (struct case_decision){ .replies = &reply, .n_replies = 1 }, &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_ok(complain_look(s->c, filed.secret, s->mem, &filed.complaint));
	assert_text(filed.complaint.answer, "We looked at it. Thank you.");
	assert_ok(order_undo(s, 1, &look, &look));
	assert_ok(complain_look(s->c, filed.secret, s->mem, &filed.complaint));
	assert_int_equal(filed.complaint.state, COMPLAINT_OPEN);
	assert_int_equal(look.line.one.state, CASE_OPEN);
}

static void an_experts_answer_is_read_with_the_decision(void **state)
{
	struct status_ref ref;
	struct case_ruling ruling = { .id = order_hold(s, 2, &ref) };
	struct order_case one = order_case_of(s, 2);
	struct evidence_draft draft = { S("the maker"), ruling.id, 0 };
	struct evidence_link link;
	struct case_look look;
	(void)state;
	assert_ok(evidence_ask(s->c, s->people[1], one.id, &draft, s->now_ms, s->mem, &link));
	assert_ok(evidence_answer(s->c, link.secret, CASE_IT_IS_SO, S(""), s->now_ms));
	ruling.how = RULING_KEEP;
	assert_fails(decide(1, &one, (struct case_decision){ .rulings = &ruling, .n_rulings = 1 },
	                    &look),
	             ERR_CONFLICT); /* the answer came since the look */
	one = order_case_of(s, 2);
	assert_ok(decide(1, &one, (struct case_decision){ .rulings = &ruling, .n_rulings = 1 },
	                 &look));
	assert_int_equal(look.line.one.state, CASE_DECIDED);
	assert_int_equal(look.deeds[0].kind, DEED_READ);
	assert_int_equal(look.n_answers, 1);
}

/* ---- after a start ---- */

static err outrun_work(struct conn *tx, void *ctx)
{
	const measure_id *id = ctx;
	return measures_settle(tx, s->people[2], *id, MEASURE_RELEASED, s->people[1], s->now_ms);
}

static void the_docket_follows_the_measures(void **state)
{
	struct status_ref ref;
	measure_id lost = order_hold(s, 2, &ref);
	struct order_case one = order_case_of(s, 2), again;
	struct case_line *lines;
	size_t n;
	(void)state;
	order_settle_item(s, ITEM_MEASURE, lost.v, CASE_LAPSED);
	stage_reopen(s);
	again = order_case_of(s, 2); /* it waits, so it is in a case */
	assert_true(again.id.v != one.id.v);
	order_hold(s, 3, &ref);
	assert_ok(verb_write(s->c, outrun_work, NULL, &lost));
	stage_reopen(s);
	assert_ok(docket_queue(s->c, s->people[1], &(struct queue_part){ .state = CASE_OPEN },
	                       s->now_ms, s->mem, &lines, &n));
	assert_int_equal(n, 1); /* what was decided elsewhere waits no more */
	assert_int_equal(lines[0].one.subject.v, s->people[3].v);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(what_is_released_with_the_seal_of_its_author_is_never_shown),
		STAGE_TEST(an_appeal_outlasts_a_confirmation_that_is_taken_back),
		STAGE_TEST(an_appeal_is_decided_and_taken_back),
		STAGE_TEST(what_was_kept_is_kept_again_by_who_kept_it),
		STAGE_TEST(who_made_a_measure_does_not_decide_its_appeal),
		STAGE_TEST(a_reporter_is_nobody_in_the_case),
		STAGE_TEST(reports_are_answered_together_and_taken_back),
		STAGE_TEST(bad_faith_names_its_reports_and_says_why_to_their_reporters_alone),
		STAGE_TEST(bad_faith_is_found_of_what_waits_here_alone),
		STAGE_TEST(a_steward_who_reported_is_a_party),
		STAGE_TEST(a_steward_who_wrote_what_was_copied_is_a_party_to_its_report),
		STAGE_TEST(who_reported_since_takes_no_decision_back),
		STAGE_TEST(without_reports_none_can_be_answered),
		STAGE_TEST(a_complaint_is_answered_and_taken_back),
		STAGE_TEST(an_experts_answer_is_read_with_the_decision),
		STAGE_TEST(the_docket_follows_the_measures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
