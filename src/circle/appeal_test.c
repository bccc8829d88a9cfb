/* Appeals: what can be appealed, how often, by whom it is decided, and what the clock does when nobody decides. */
#include "circle/court_testing.h"

#include "circle/calendar.h"
#include "circle/jury_private.h"
#include "circle/order.h"
#include "circle/order_testing.h"
#include "circle/publish.h"
#include "circle/verb.h"

#include "store/cases.h"
#include "store/measures.h"

#include <stdatomic.h>
#include <string.h>

static struct stage *s;

#define YEAR_MS (365 * COURT_DAY_MS)
#define FAR_MS (30 * COURT_DAY_MS)

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 40 });
	stage_befriend(s, 2, 3);
	s->now_ms += 30 * COURT_DAY_MS; /* everybody has been here for long */
	court_wait(s, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err file(int who, measure_id id, const char *facts, struct seen_appeal *out)
{
	struct appeal_draft draft = { .words = S("It was honey."), .facts = str_of(facts) };
	return appeal_file(s->c, s->people[who], id, &draft, s->now_ms, s->mem, out);
}

struct decide_job {
	struct order_changes x;
	person_id steward;
	appeal_id id;
	bool overturn;
	int64_t now_ms;
};

static err decide_work(struct conn *tx, void *ctx)
{
	struct decide_job *job = ctx;
	return appeal_decide(&job->x, tx, job->steward, job->id, job->overturn, S("I see it so."),
	                     job->now_ms);
}

static err reopen_work(struct conn *tx, void *ctx)
{
	struct decide_job *job = ctx;
	return appeal_reopen(job->x.c, tx, job->id, job->now_ms);
}

static void decide_after(void *ctx) { order_after(&((struct decide_job *)ctx)->x); }

static err decide(int steward, appeal_id id, bool overturn)
{
	struct decide_job job = { .x = order_changes(s->c, s->mem),
		                  .steward = s->people[steward],
		                  .id = id,
		                  .overturn = overturn,
		                  .now_ms = s->now_ms };
	return verb_write(s->c, decide_work, decide_after, &job);
}

static size_t waiting_items(void)
{
	struct conn *conn = NULL;
	struct order_case *all;
	int counts[CASE_ITEM_KINDS];
	size_t n, items = 0;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(cases_queue(conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, NULL, 100, s->mem, &all, &n));
	for (size_t i = 0; i < n; i++) {
		assert_ok(cases_count_items(conn, all[i].id, counts));
		items += (size_t)counts[ITEM_APPEAL];
	}
	store_read_end(s->c->store, &conn);
	return items;
}

static void an_appeal_is_filed_once_and_has_a_deadline(void **state)
{
	struct conn *conn = NULL;
	struct status_ref post;
	struct seen_appeal out, again, *mine;
	measure_id id = court_hold(s, 2, FAR_MS, &post);
	int64_t due_ms;
	size_t n;
	(void)state;
	assert_ok(file(2, id, "", &out));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(calendar_after(conn, s->now_ms, 5, s->mem, &due_ms));
	store_read_end(s->c->store, &conn);
	assert_true(out.appeal.due_at_ms == due_ms && out.appeal.filed_at_ms == s->now_ms);
	assert_true(out.appeal.number == 1 && out.appeal.nth == 1 &&
	            out.appeal.state == APPEAL_OPEN);
	assert_text(out.appeal.words, "It was honey.");
	assert_ok(file(2, id, "", &again));
	assert_int_equal(again.appeal.id.v, out.appeal.id.v);
	assert_int_equal(court_records(s, "appeal.filed"), 1);
	/* To others it is not there. */
	assert_fails(file(3, id, "", &again), ERR_MISSING);
	assert_fails(file(2, (measure_id){ 42 }, "", &again), ERR_MISSING);
	assert_fails(appeal_show(s->c, s->people[3], out.appeal.id, s->mem, &again), ERR_MISSING);
	assert_ok(appeal_mine(s->c, s->people[3], (struct page){ 0 }, s->mem, &mine, &n));
	assert_int_equal(n, 0);
	assert_ok(appeal_mine(s->c, s->people[2], (struct page){ 0 }, s->mem, &mine, &n));
	assert_int_equal(n, 1);
	/* Nobody is willing to judge: a steward's it is. */
	assert_true(out.appeal.way == APPEAL_BY_STEWARD && out.appeal.step == STEP_STEWARD);
	assert_int_equal(waiting_items(), 1);
}

struct rush {
	measure_id measure;
	appeal_id appeal;
	int64_t ids[12];
	atomic_int outcomes[ERR_SYSTEM + 1];
};

static void file_each(struct stage *stage, int i, void *ctx)
{
	struct rush *rush = ctx;
	struct arena *mem = arena_new(4096);
	struct appeal_draft draft = { .words = S("Mine.") };
	struct seen_appeal out;
	sure(!failed(appeal_file(stage->c, stage->people[2], rush->measure, &draft, stage->now_ms,
	                         mem, &out)));
	rush->ids[i] = out.appeal.id.v;
	arena_free(mem);
}

static void decide_each(struct stage *stage, int i, void *ctx)
{
	struct rush *rush = ctx;
	struct arena *mem = arena_new(4096);
	struct decide_job job = { .x = order_changes(stage->c, mem),
		                  .steward = stage->people[i % 2],
		                  .id = rush->appeal,
		                  .overturn = i % 3 == 0,
		                  .now_ms = stage->now_ms };
	err e = verb_write(stage->c, decide_work, decide_after, &job);
	atomic_fetch_add(&rush->outcomes[e.code], 1);
	arena_free(mem);
}

static void of_many_at_once_one_is_filed_and_decided_once(void **state)
{
	struct status_ref post;
	struct rush rush = { .measure = court_hold(s, 2, FAR_MS, &post) };
	(void)state;
	stage_race(s, COUNT(rush.ids), file_each, &rush);
	for (size_t i = 1; i < COUNT(rush.ids); i++)
		assert_int_equal(rush.ids[i], rush.ids[0]);
	assert_int_equal(court_records(s, "appeal.filed"), 1);
	rush.appeal.v = rush.ids[0];
	stage_race(s, 12, decide_each, &rush);
	assert_int_equal(rush.outcomes[ERR_NONE], 1);
	/* Whoever decided it is a side of it now; to the other it is over. */
	assert_int_equal(rush.outcomes[ERR_CONFLICT] + rush.outcomes[ERR_MISSING], 11);
	assert_int_equal(court_records(s, "appeal.kept") + court_records(s, "appeal.overturned"),
	                 1);
}

static void three_are_open_at_a_time(void **state)
{
	struct status_ref post;
	struct seen_appeal out;
	measure_id id;
	(void)state;
	for (int i = 0; i < APPEALS_OPEN_MAX; i++) {
		id = court_hold(s, 2, FAR_MS, &post);
		assert_ok(file(2, id, "", &out));
	}
	measure_id more = court_hold(s, 2, FAR_MS, &post);
	err e = file(2, more, "", &out);
	assert_fails(e, ERR_LIMIT);
	assert_string_equal(e.field, "appeals");
	assert_ok(file(2, id, "", &out)); /* one that is open comes back */
	assert_ok(decide(0, out.appeal.id, true));
	assert_ok(file(2, more, "", &out));
}

static void words_are_added_below(void **state)
{
	struct status_ref post;
	struct seen_appeal out;
	struct appeal a = court_file(s, 2, court_hold(s, 2, FAR_MS, &post));
	char long_one[APPEAL_WORDS_MAX + 2];
	(void)state;
	for (int i = 0; i < 2; i++) { /* sent twice, it stands there once */
		assert_ok(appeal_add_words(s->c, s->people[2], a.id, S("And it is mine."),
		                           s->now_ms, s->mem, &out));
		assert_text(out.appeal.words, "It was meant well, says p02.\n\nAnd it is mine.");
	}
	memset(long_one, 'a', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = 0;
	assert_blames(appeal_add_words(s->c, s->people[2], a.id, str_of(long_one), s->now_ms,
	                               s->mem, &out),
	              ERR_INPUT, "words");
	assert_fails(appeal_add_words(s->c, s->people[3], a.id, S("mine"), s->now_ms, s->mem, &out),
	             ERR_MISSING);
	assert_ok(decide(0, a.id, false));
	assert_fails(appeal_add_words(s->c, s->people[2], a.id, S("late"), s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
}

static void what_is_over_cannot_be_appealed(void **state)
{
	struct status_ref post;
	struct seen_appeal out;
	measure_id lapsed = court_hold(s, 2, COURT_DAY_MS, &post),
		   released = court_hold(s, 2, FAR_MS, &post),
		   kept = court_hold(s, 2, FAR_MS, &post);
	(void)state;
	court_end(s, released, MEASURE_RELEASED, 1);
	court_end(s, kept, MEASURE_KEPT, 1);
	court_wait(s, 2 * COURT_DAY_MS);
	assert_blames(file(2, lapsed, "", &out), ERR_INPUT, "measure");
	assert_blames(file(2, released, "", &out), ERR_INPUT, "measure");
	assert_ok(file(2, kept, "", &out));
	measure_id old = court_hold(s, 2, FAR_MS, &post);
	court_end(s, old, MEASURE_KEPT, 1);
	s->now_ms += APPEAL_MS - 1;
	court_wait(s, 0);
	assert_ok(file(2, old, "", &out)); /* on the last millisecond of six months */
	measure_id older = court_hold(s, 4, FAR_MS, &post);
	court_end(s, older, MEASURE_KEPT, 1);
	s->now_ms += APPEAL_MS;
	court_wait(s, 0);
	assert_blames(file(4, older, "", &out), ERR_INPUT, "measure");
}

static void once_more_on_new_facts_and_then_no_more(void **state)
{
	struct status_ref post;
	struct seen_appeal out;
	struct appeal_prospect prospect;
	struct conn *conn = NULL;
	measure_id id = court_hold(s, 2, FAR_MS, &post);
	struct measure m;
	(void)state;
	assert_ok(file(2, id, "", &out));
	assert_ok(decide(0, out.appeal.id, false));
	assert_int_equal(order_look(s, id).state, MEASURE_KEPT);
	assert_blames(file(2, id, "", &out), ERR_INPUT, "facts");
	assert_ok(store_read(s->c->store, &conn));
	m = order_look(s, id);
	assert_ok(appeal_prospect(conn, &m, s->now_ms, s->mem, &prospect));
	assert_true(prospect.filed && prospect.may);
	assert_int_equal(prospect.appeal.appeal.state, APPEAL_KEPT);
	assert_int_equal(prospect.until_ms, m.starts_at_ms + APPEAL_MS);
	assert_ok(file(2, id, "Here is the licence.", &out));
	assert_int_equal(out.appeal.nth, 2);
	assert_text(out.appeal.words, "Here is the licence.\n\nIt was honey.");
	/* The keeper decided the first one, so the measure is theirs now. */
	assert_fails(decide(0, out.appeal.id, false), ERR_MISSING);
	assert_ok(decide(1, out.appeal.id, false));
	assert_blames(file(2, id, "And another.", &out), ERR_INPUT, "facts");
	assert_ok(appeal_prospect(conn, &m, s->now_ms, s->mem, &prospect));
	store_read_end(s->c->store, &conn);
}

static void overturned_is_undone_and_kept_stands(void **state)
{
	struct status_ref shown, hidden;
	measure_id a = court_hold(s, 2, COURT_DAY_MS, &shown),
		   b = court_hold(s, 2, COURT_DAY_MS, &hidden);
	struct appeal first = court_file(s, 2, a), second = court_file(s, 2, b);
	int told = stage_notices(s, 2, NOTICE_DECIDED);
	(void)state;
	assert_false(stage_sees(s, 3, shown));
	assert_ok(decide(0, first.id, true));
	assert_true(stage_sees(s, 3, shown));
	assert_int_equal(order_look(s, a).state, MEASURE_OVERTURNED);
	assert_int_equal(court_appeal(s, first.id).state, APPEAL_OVERTURNED);
	assert_text(court_appeal(s, first.id).note, "I see it so.");
	assert_ok(decide(0, second.id, false));
	assert_int_equal(order_look(s, b).state, MEASURE_KEPT);
	court_wait(s, 3 * COURT_DAY_MS);
	assert_false(stage_sees(s, 3, hidden)); /* it has no end any more */
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), told + 2);
	assert_int_equal(court_records(s, "appeal.overturned"), 1);
	assert_int_equal(court_records(s, "appeal.kept"), 1);
	assert_fails(decide(1, first.id, false), ERR_CONFLICT);
	assert_fails(decide(1, second.id, true), ERR_CONFLICT);
}

static void whoever_made_it_never_decides(void **state)
{
	struct status_ref post;
	measure_id kept = court_hold(s, 2, FAR_MS, &post);
	struct appeal a;
	(void)state;
	court_end(s, kept, MEASURE_KEPT, 1);
	a = court_file(s, 2, kept);
	assert_int_equal(a.measure_by.v, s->people[1].v);
	assert_fails(decide(1, a.id, true), ERR_MISSING);
	assert_fails(decide(3, a.id, true), ERR_DENIED);
	assert_fails(decide(2, a.id, true), ERR_DENIED);
	assert_ok(decide(0, a.id, true));
	assert_true(stage_sees(s, 3, post));
	/* Nor whoever imposed it on the person; with both stewards in it, it lapses. */
	measure_id freeze = court_impose(s, 2, MEASURE_FREEZE, 1);
	a = court_file(s, 2, freeze);
	assert_fails(decide(1, a.id, true), ERR_MISSING);
	assert_ok(decide(0, a.id, false));
	a = court_file(s, 1, court_impose(s, 1, MEASURE_FEWER, 0));
	assert_int_equal(a.way, APPEAL_BY_NOBODY);
	assert_int_equal(a.step, STEP_NOBODY);
	assert_fails(decide(0, a.id, false), ERR_MISSING);
}

static void what_nobody_decides_lapses(void **state)
{
	struct status_ref post;
	measure_id kept = court_hold(s, 2, FAR_MS, &post);
	struct appeal a;
	(void)state;
	court_end(s, kept, MEASURE_KEPT, 1);
	a = court_file(s, 2, kept);
	court_wait(s, a.due_at_ms - s->now_ms - 1);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
	assert_false(stage_sees(s, 3, post));
	court_wait(s, 1);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_LAPSED);
	assert_int_equal(order_look(s, kept).state, MEASURE_UNANSWERED);
	assert_true(stage_sees(s, 3, post));
	assert_int_equal(court_records(s, "appeal.lapsed"), 1);
	assert_int_equal(waiting_items(), 0);
	court_wait(s, 1000);
	assert_int_equal(court_records(s, "appeal.lapsed"), 1);
	assert_fails(decide(0, a.id, false), ERR_CONFLICT);
}

/* Nobody answered for it: it was no offence, what the program told because of it is over too, and its end is that moment. */
static void what_lapsed_by_a_missed_appeal_counts_nothing(void **state)
{
	struct status_ref post;
	measure_id kept = court_hold(s, 2, FAR_MS, &post), notice, steps;
	struct appeal a, b;
	(void)state;
	court_end(s, kept, MEASURE_KEPT, 1);
	notice = order_newest(s, 2).id;
	assert_true(order_look(s, notice).kind == MEASURE_NOTICE);
	steps = court_impose(s, 2, MEASURE_NOTICE, 1);
	a = court_file(s, 2, kept);
	b = court_file(s, 2, steps);
	assert_true(order_stands(s, 2).offences == 2);
	court_wait(s, a.due_at_ms - s->now_ms);
	assert_int_equal(court_appeal(s, b.id).state, APPEAL_LAPSED);
	assert_int_equal(order_look(s, steps).state, MEASURE_UNANSWERED);
	assert_int_equal(order_look(s, notice).state, MEASURE_UNANSWERED);
	assert_true(order_stands(s, 2).points == 0 && order_stands(s, 2).offences == 0);
	struct measure over = order_look(s, kept);
	assert_true(measure_end(&over) == a.due_at_ms);
	court_wait(s, YEAR_MS); /* and no clock ends it again */
	assert_int_equal(order_look(s, notice).state, MEASURE_UNANSWERED);
	assert_int_equal(court_records(s, "measure.unanswered"), 3);
}

static measure_id label(int subject, const struct status_ref *post)
{
	struct measure m = { .subject = s->people[subject],
		             .kind = MEASURE_LABEL,
		             .post_author = post->post_author,
		             .post = post->post,
		             .rule = S(COURT_RULE),
		             .policy = S("default"),
		             .evidence = S("{}"),
		             .ends_at_ms = INT64_MAX,
		             .harm = HARM_CLASS_B,
		             .points = 2 };
	assert_ok(order_try_impose(s, &m));
	return m.id;
}

/* Nobody is worse off for having asked. What somebody had decided before the appeal counts as it did. */
static void an_appeal_that_is_lost_costs_nothing(void **state)
{
	struct status_ref post;
	measure_id held = court_hold(s, 2, FAR_MS, &post), both, kept;
	struct appeal a = court_file(s, 2, held), b = court_file(s, 2, label(2, &post)), c;
	(void)state;
	assert_ok(decide(0, a.id, false));
	assert_ok(decide(0, b.id, false));
	assert_int_equal(order_look(s, held).state, MEASURE_KEPT);
	assert_true(order_stands(s, 2).points == 0 && order_stands(s, 2).offences == 0);
	kept = court_hold(s, 3, FAR_MS, &post);
	court_end(s, kept, MEASURE_KEPT, 1);
	c = court_file(s, 3, kept);
	assert_ok(decide(0, c.id, false));
	assert_true(order_stands(s, 3).points == 2 && order_stands(s, 3).offences == 1);
	/* Nor does an appeal keep a steward's decision from counting that is made while it is open. */
	both = court_hold(s, 4, FAR_MS, &post);
	c = court_file(s, 4, both);
	court_end(s, both, MEASURE_KEPT, 1);
	assert_ok(decide(0, c.id, false));
	assert_true(order_stands(s, 4).points == 2 && order_stands(s, 4).offences == 1);
}

/* One appeal for both, on whichever of the two it is filed. */
static void what_the_program_told_of_a_kept_hold_is_appealed_with_it(void **state)
{
	struct status_ref post;
	struct seen_appeal out, again;
	struct appeal_prospect prospect;
	measure_id held = court_hold(s, 2, FAR_MS, &post);
	(void)state;
	court_end(s, held, MEASURE_KEPT, 1);
	struct measure notice = order_newest(s, 2);
	assert_true(notice.kind == MEASURE_NOTICE && notice.follows.v == held.v);
	assert_ok(file(2, notice.id, "", &out));
	assert_int_equal(out.appeal.measure.v, held.v);
	assert_ok(file(2, held, "", &again));
	assert_int_equal(again.appeal.id.v, out.appeal.id.v);
	assert_ok(appeal_prospect_of(s->c, &notice, s->now_ms, s->mem, &prospect));
	assert_true(prospect.filed && !prospect.may);
	assert_ok(decide(0, out.appeal.id, false));
	assert_blames(file(2, notice.id, "", &again), ERR_INPUT, "facts");
	assert_ok(file(2, notice.id, "A letter.", &out));
	assert_int_equal(out.appeal.nth, 2);
	assert_ok(decide(0, out.appeal.id, true));
	assert_int_equal(order_look(s, held).state, MEASURE_OVERTURNED);
	assert_int_equal(order_look(s, notice.id).state, MEASURE_OVERTURNED);
}

/* A measure that ends otherwise takes its appeal with it. */
static void an_appeal_ends_with_its_measure(void **state)
{
	struct status_ref post;
	measure_id lapses = court_hold(s, 2, COURT_DAY_MS, &post),
		   released = court_hold(s, 2, FAR_MS, &post);
	struct appeal a = court_file(s, 2, lapses), b = court_file(s, 2, released);
	(void)state;
	court_end(s, released, MEASURE_RELEASED, 1);
	court_wait(s, 0);
	assert_int_equal(court_appeal(s, b.id).state, APPEAL_OVERTURNED);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
	court_wait(s, COURT_DAY_MS);
	/* Not missed: it was not due yet. */
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OVER);
	assert_int_equal(court_records(s, "appeal.lapsed"), 0);
	assert_int_equal(waiting_items(), 0);
}

static struct outcomes record_of_the_rule(void)
{
	struct outcomes outcomes;
	struct conn *conn = NULL;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_outcomes(conn, S(COURT_RULE), 0, 100, &outcomes));
	store_read_end(s->c->store, &conn);
	return outcomes;
}

/* Whoever deletes what is held has nobody decide: it is no victory, and no rule is blamed. */
static void an_appeal_is_withdrawn_with_what_it_is_about(void **state)
{
	struct status_ref deleted, tried;
	measure_id id = court_hold(s, 2, FAR_MS, &deleted), before_jury;
	struct appeal a = court_file(s, 2, id), b;
	struct seen_appeal out;
	(void)state;
	assert_ok(publish_delete(s->c, s->people[2], &deleted, s->now_ms));
	b = court_trial(s, &before_jury, &tried);
	assert_int_equal(b.way, APPEAL_BY_JURY);
	assert_ok(publish_delete(s->c, s->people[2], &tried, s->now_ms));
	court_wait(s, 0);
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_WITHDRAWN);
	assert_int_equal(court_appeal(s, b.id).state, APPEAL_WITHDRAWN);
	assert_int_equal(order_look(s, id).state, MEASURE_WITHDRAWN);
	assert_int_equal(order_look(s, before_jury).state, MEASURE_WITHDRAWN);
	assert_int_equal(court_in_state(s, b.id, SEAT_ASKED), 0);
	assert_int_equal(court_records(s, "appeal.withdrawn"), 2);
	assert_int_equal(court_records(s, "measure.withdrawn"), 2);
	assert_int_equal(court_records(s, "appeal.overturned"), 0);
	assert_int_equal(waiting_items(), 0);
	assert_true(record_of_the_rule().decided == 0 && record_of_the_rule().overturned == 0);
	assert_blames(file(2, id, "", &out), ERR_INPUT, "facts");
	assert_fails(decide(0, a.id, true), ERR_CONFLICT);
}

static void a_decision_can_be_taken_back(void **state)
{
	struct status_ref post;
	measure_id id = court_hold(s, 2, FAR_MS, &post);
	struct appeal a = court_file(s, 2, id);
	struct decide_job job = { .x = order_changes(s->c, s->mem),
		                  .id = a.id,
		                  .now_ms = s->now_ms };
	(void)state;
	assert_fails(verb_write(s->c, reopen_work, NULL, &job), ERR_CONFLICT);
	assert_ok(decide(0, a.id, false));
	assert_ok(verb_write(s->c, reopen_work, NULL, &job));
	assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
	assert_int_equal(court_records(s, "appeal.reopened"), 1);
	assert_ok(decide(1, a.id, true));
}

/* ---- clocks ---- */

static int64_t wall_ms, mono_ms;

static int64_t read_wall(void *ctx)
{
	(void)ctx;
	return wall_ms;
}

static int64_t read_mono(void *ctx)
{
	(void)ctx;
	return mono_ms;
}

/* Both clocks go on; the wall clock by `more` on top. */
static void pass(int64_t ms, int64_t more)
{
	mono_ms += ms;
	wall_ms += ms + more;
	s->now_ms = wall_ms;
	assert_ok(order_tick(s->c, wall_ms, mono_ms));
	assert_ok(appeal_tick(s->c, wall_ms));
}

/* C7: an hour or a year, forward or back: nothing lapses by a jump, and nothing is put off by one that is taken back. */
static void a_jumping_clock_lapses_nothing(void **state)
{
	static const int64_t jumps[] = { 3600 * 1000, -3600 * 1000, YEAR_MS, -YEAR_MS };
	(void)state;
	wall_ms = mono_ms = s->now_ms;
	s->c->clock = (struct clock){ NULL, read_wall, read_mono };
	pass(0, 0);
	for (size_t i = 0; i < COUNT(jumps); i++) {
		struct status_ref post;
		measure_id id = court_hold(s, 2, FAR_MS, &post);
		court_end(s, id, MEASURE_KEPT, 1);
		struct appeal a = court_file(s, 2, id);
		int64_t left_ms = a.due_at_ms - wall_ms;
		pass(left_ms - 20 * 60 * 1000, 0);
		pass(1000, jumps[i]);
		assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
		pass(10 * 60 * 1000, 0); /* and goes on being wrong */
		assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
		/* One filed meanwhile has the deadline it would have had. */
		struct status_ref other;
		measure_id late = court_hold(s, 4, FAR_MS, &other);
		struct appeal b = court_file(s, 4, late);
		assert_in_range(b.due_at_ms - a.due_at_ms, 0, 14 * COURT_DAY_MS);
		pass(1000, -jumps[i]);
		assert_int_equal(court_appeal(s, a.id).state, APPEAL_OPEN);
		pass(20 * 60 * 1000, 0);
		assert_int_equal(court_appeal(s, a.id).state, APPEAL_LAPSED);
		assert_int_equal(order_look(s, id).state, MEASURE_UNANSWERED);
		assert_ok(decide(0, b.id, true));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_appeal_is_filed_once_and_has_a_deadline),
		TEST(of_many_at_once_one_is_filed_and_decided_once),
		TEST(three_are_open_at_a_time),
		TEST(words_are_added_below),
		TEST(what_is_over_cannot_be_appealed),
		TEST(once_more_on_new_facts_and_then_no_more),
		TEST(overturned_is_undone_and_kept_stands),
		TEST(whoever_made_it_never_decides),
		TEST(what_nobody_decides_lapses),
		TEST(what_lapsed_by_a_missed_appeal_counts_nothing),
		TEST(an_appeal_that_is_lost_costs_nothing),
		TEST(what_the_program_told_of_a_kept_hold_is_appealed_with_it),
		TEST(an_appeal_ends_with_its_measure),
		TEST(an_appeal_is_withdrawn_with_what_it_is_about),
		TEST(a_decision_can_be_taken_back),
		TEST(a_jumping_clock_lapses_nothing),
	};
	return cmocka_run_group_tests_name("appeal", tests, NULL, NULL);
}
