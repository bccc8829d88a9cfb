#include "circle/court_testing.h"

#include "circle/audit.h"
#include "circle/order.h"
#include "circle/order_testing.h"
#include "circle/remember.h"
#include "circle/verb.h"

#include "store/appeals.h"
#include "store/audits.h"
#include "store/seats.h"

#include <stdio.h>

#define EVIDENCE                                                                                                   \
	"{\"score\":0.9,\"malice\":0.7,\"reasons\":[{\"rule\":\"" COURT_RULE                                       \
	"\",\"clause\":\"b.1\",\"text\":{\"en\":\"A contact is hidden.\",\"zh\":\"联系方式藏起来了。\"}," \
	"\"spans\":[[0,12]]}],\"would_pass\":{\"en\":\"\",\"zh\":\"\"}}"

struct impose_job {
	struct order_changes x;
	struct measure measure;
	struct order_end end;
	int64_t now_ms;
};

static err impose_work(struct conn *tx, void *ctx)
{
	struct impose_job *job = ctx;
	return order_impose(&job->x, tx, &job->measure, job->now_ms);
}

static err end_work(struct conn *tx, void *ctx)
{
	struct impose_job *job = ctx;
	return order_end(&job->x, tx, &job->measure, &job->end, job->now_ms);
}

static void after(void *ctx) { order_after(&((struct impose_job *)ctx)->x); }

static measure_id impose(struct stage *s, struct measure m)
{
	struct impose_job job = { .x = order_changes(s->c, s->mem),
		                  .measure = m,
		                  .now_ms = s->now_ms };
	job.measure.rule = S(COURT_RULE);
	job.measure.policy = S("0123456789abcdef");
	job.measure.evidence = S(EVIDENCE);
	job.measure.decision_note = S("");
	job.measure.starts_at_ms = s->now_ms;
	job.measure.harm = HARM_CLASS_B;
	job.measure.points = 2;
	assert_ok(verb_write(s->c, impose_work, after, &job));
	return job.measure.id;
}

measure_id court_hold_post(struct stage *s, int author, struct status_ref post, int64_t for_ms)
{
	return impose(s, (struct measure){ .subject = s->people[author],
	                                   .kind = MEASURE_HOLD,
	                                   .post_author = post.post_author,
	                                   .post = post.post,
	                                   .ends_at_ms = s->now_ms + for_ms,
	                                   .decider = DECIDER_POLICY });
}

measure_id court_hold(struct stage *s, int author, int64_t for_ms, struct status_ref *post)
{
	*post = stage_post(s, author, COURT_TEXT);
	return court_hold_post(s, author, *post, for_ms);
}

measure_id court_impose(struct stage *s, int subject, enum measure_kind kind, int steward)
{
	return impose(s, (struct measure){ .subject = s->people[subject],
	                                   .kind = kind,
	                                   .by = s->people[steward],
	                                   .decider = DECIDER_STEWARD });
}

void court_end(struct stage *s, measure_id id, enum measure_state state, int steward)
{
	struct impose_job job = { .x = order_changes(s->c, s->mem),
		                  .measure = order_look(s, id),
		                  .end = { .state = state,
		                           .by = s->people[steward],
		                           .decider = DECIDER_STEWARD,
		                           .note = S("looked at it") },
		                  .now_ms = s->now_ms };
	assert_ok(verb_write(s->c, end_work, after, &job));
}

void court_jurors(struct stage *s, int from, int n)
{
	struct seen_juror out;
	for (int i = from; i < from + n; i++) {
		assert_ok(jury_set_willing(s->c, s->people[i], true, s->now_ms, s->mem, &out));
		assert_true(out.willing);
	}
}

struct appeal court_file(struct stage *s, int subject, measure_id id)
{
	struct seen_appeal out;
	struct appeal_draft draft = { .words = S("It was meant well, says p02.") };
	assert_ok(appeal_file(s->c, s->people[subject], id, &draft, s->now_ms, s->mem, &out));
	return out.appeal;
}

struct appeal court_appeal(struct stage *s, appeal_id id)
{
	struct conn *conn = NULL;
	struct appeal a;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(appeals_find(conn, id, s->mem, &a));
	store_read_end(s->c->store, &conn);
	return a;
}

struct seat *court_walk(struct stage *s, appeal_id id, size_t *n)
{
	struct conn *conn = NULL;
	struct seat *seats;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(seats_of(conn, id, s->mem, &seats, n));
	store_read_end(s->c->store, &conn);
	return seats;
}

int court_vote(struct stage *s, appeal_id id, int n, enum vote vote)
{
	size_t all;
	struct seat *seats = court_walk(s, id, &all);
	int voted = 0;
	for (size_t i = 0; i < all && voted < n; i++) {
		struct seen_seat seen;
		if (seats[i].state != SEAT_ASKED)
			continue;
		assert_ok(jury_vote(s->c, seats[i].person, seats[i].id, vote, S("so I see it"),
		                    s->now_ms, s->mem, &seen));
		assert_int_equal(seen.state, SEAT_VOTED);
		voted++;
	}
	return voted;
}

void court_wait(struct stage *s, int64_t ms)
{
	s->now_ms += ms;
	assert_ok(order_tick(s->c, s->now_ms, clock_mono(s->c->clock)));
	assert_ok(appeal_tick(s->c, s->now_ms));
}

int court_who(const struct stage *s, person_id person)
{
	for (int i = 0; i < STAGE_PEOPLE; i++)
		if (s->people[i].v == person.v)
			return i;
	return -1;
}

struct counting {
	str kind;
	int n;
};

static err count(void *ctx, const struct audit_step *step)
{
	struct counting *counting = ctx;
	counting->n += step->row != NULL && str_eq(step->row->kind, counting->kind);
	return OK;
}

int court_records(struct stage *s, const char *kind)
{
	struct counting counting = { .kind = str_of(kind) };
	struct conn *conn = NULL;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_each(conn, 1, count, &counting));
	store_read_end(s->c->store, &conn);
	return counting.n;
}

/* ---- a trial ---- */

struct stage *court_open(bool screen, bool pictures)
{
	struct stage *s = stage_new((struct stage_needs){
		.people = COURT_FIRST + COURT_JURORS, .screen = screen, .pictures = pictures });
	remember_wait(s->c);
	stage_befriend(s, 2, 3);
	s->now_ms += 30 * COURT_DAY_MS; /* everybody has been here for long */
	court_wait(s, 0);
	return s;
}

struct appeal court_trial(struct stage *s, measure_id *id, struct status_ref *post)
{
	court_jurors(s, COURT_FIRST, COURT_JURORS);
	*id = court_hold(s, 2, COURT_FAR_MS, post);
	struct appeal a = court_file(s, 2, *id);
	assert_true(a.way == APPEAL_BY_JURY && a.step == STEP_SEVEN && a.seats == JURY_SEATS);
	return a;
}

size_t court_in_state(struct stage *s, appeal_id id, enum seat_state state)
{
	size_t n, count = 0;
	struct seat *walk = court_walk(s, id, &n);
	for (size_t i = 0; i < n; i++)
		count += walk[i].state == state;
	return count;
}

struct seat court_seat(struct stage *s, appeal_id id, enum seat_state state, size_t nth)
{
	size_t n;
	struct seat *walk = court_walk(s, id, &n);
	for (size_t i = 0; i < n; i++)
		if (walk[i].state == state && nth-- == 0)
			return walk[i];
	fail_msg("no such seat");
	return walk[0];
}

err court_vote_as(struct stage *s, const struct seat *seat, enum vote what, struct seen_seat *out)
{
	return jury_vote(s->c, seat->person, seat->id, what, S("so I see it"), s->now_ms, s->mem,
	                 out);
}
