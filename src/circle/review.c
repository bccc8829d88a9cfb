/* The order at work on pieces: shown to the writer with its reasons, to a steward who is no party to it, decided once,
 * and lapsing by itself when nobody decides. Every look of a steward is written down before they get to see. */
#include "circle/review.h"

#include "circle/exhibit.h"
#include "circle/hold.h"
#include "circle/live.h"
#include "circle/phrase.h"
#include "circle/publish.h"
#include "circle/verb.h"
#include "circle/wording.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/comments.h"
#include "store/measures.h"
#include "store/posts.h"
#include "store/versions.h"

#include <string.h>

#define PAGE_MAX 80
#define PAGE_DEFAULT 20
#define WAITING_MAX                                                                                \
	1000 /* held pieces a queue looks through: more than a circle's stewards ever leave open */
#define SWEEP_BATCH 100
#define SAY_NOTE "A note has at most 500 characters in one line."

static int page_size(int asked)
{
	return asked < 1 ? PAGE_DEFAULT : asked > PAGE_MAX ? PAGE_MAX : asked;
}

/* Until when the piece is held now, by whichever measure is its latest. ERR_MISSING when it is gone. */
static err held_until(struct conn *conn, const struct measure *m, struct arena *mem, int64_t *until)
{
	struct comment comment;
	struct post_gate gate;
	err e;
	TRY(posts_gate(conn, m->post_author, m->post, mem, &gate));
	if (gate.deleted)
		return err_missing("the post is gone");
	*until = gate.held_until_ms;
	if (m->comment.v == 0)
		return OK;
	TRY(comments_find(conn, m->post_author, m->post, m->comment, mem, &comment));
	if (comment.gate.deleted)
		return err_missing("the comment is gone");
	*until = comment.gate.held_until_ms;
out:
	return e;
}

/* The piece is there, and what the measure is on: the piece itself, or a change of it that waits. */
static err check_there(struct conn *conn, const struct measure *m, struct arena *mem)
{
	int64_t until_ms;
	err e;
	TRY(held_until(conn, m, mem, &until_ms));
	if (m->version.v != 0)
		TRY(publish_waiting(conn, m, mem));
out:
	return e;
}

/* What the end of a measure does beside ending it, and until when the piece is held then. */
static err settle(struct circle *c, struct conn *tx, const struct measure *m, bool confirmed,
                  int64_t now_ms, struct arena *mem, int64_t *until_ms)
{
	err e = OK;
	if (m->version.v != 0)
		TRY(confirmed ? publish_drop_change(tx, m, mem)
		              : publish_show_change(c, tx, m, now_ms, mem));
	TRY(held_until(tx, m, mem, until_ms));
out:
	return e;
}

/* `shown`: a change that waited, if it was one, is what shows now. */
static void settle_after(struct circle *c, const struct measure *m, int64_t until_ms, bool shown)
{
	struct status_ref ref = { m->post_author, m->post, m->comment };
	if (m->version.v != 0)
		world_change_piece(c->world, m->post);
	world_set_held(c->world, m->post_author, m->post, m->comment, until_ms);
	if (m->version.v != 0 && shown)
		live_changed(c->live, &ref);
}

err review_mine(struct circle *c, person_id me, struct page page, int64_t now_ms, struct arena *mem,
                struct seen_measure **out, size_t *n)
{
	struct conn *conn = NULL;
	struct measure *measures;
	int64_t after = page.since_id > page.min_id ? page.since_id : page.min_id;
	size_t found;
	err e;
	*n = 0;
	TRY(store_read(c->store, &conn));
	TRY(measures_of(conn, me, (measure_id){ page.max_id }, page_size(page.limit), mem,
	                &measures, &found));
	*out = ARENA_ARRAY(mem, found, struct seen_measure);
	for (size_t i = 0; i < found && measures[i].id.v > after; i++)
		TRY(exhibit(c, conn, &measures[i], true, now_ms, mem, &(*out)[(*n)++]));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct look_job {
	person_id steward;
	const struct seen_measure *seen;
	size_t n;
	int64_t now_ms;
};

static err look_work(struct conn *tx, void *ctx)
{
	const struct look_job *job = ctx;
	err e = OK;
	for (size_t i = 0; i < job->n; i++)
		TRY(accesses_insert(tx, job->steward, job->seen[i].measure.id, job->now_ms));
out:
	return e;
}

static bool is_steward(const struct see_source *see, person_id p)
{
	struct see_person who = see->person(see->ctx, p);
	return who.active && who.role != ROLE_MEMBER;
}

/* What of it this steward may review, by the door. */
static size_t choose(const struct circle *c, person_id steward, int64_t now_ms,
                     struct measure *waiting, size_t n)
{
	size_t kept = 0;
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	for (size_t i = 0; i < n; i++)
		if (see_review(&see, steward, waiting[i].subject, waiting[i].post_author,
		               measure_held_until(&waiting[i]), now_ms))
			waiting[kept++] = waiting[i];
	world_unlock(c->world);
	return kept;
}

err review_queue(struct circle *c, person_id steward, int limit, int64_t now_ms, struct arena *mem,
                 struct seen_measure **out, size_t *n)
{
	struct look_job job = { .steward = steward, .now_ms = now_ms };
	struct conn *conn = NULL;
	struct measure *waiting;
	size_t found, most = (size_t)page_size(limit);
	bool may;
	err e;
	*n = 0;
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	may = is_steward(&see, steward);
	world_unlock(c->world);
	if (!may)
		return err_denied("only stewards review");
	TRY(store_read(c->store, &conn));
	TRY(measures_waiting(conn, now_ms, WAITING_MAX, mem, &waiting, &found));
	found = choose(c, steward, now_ms, waiting, found);
	*out = ARENA_ARRAY(mem, most, struct seen_measure);
	for (size_t i = 0; i < found && *n < most; i++) {
		struct seen_measure *seen = &(*out)[*n];
		TRY(exhibit(c, conn, &waiting[i], false, now_ms, mem, seen));
		if (seen->has_post ||
		    seen->has_comment) /* taken back by its writer: nothing to decide */
			(*n)++;
	}
	store_read_end(c->store, &conn);
	job.seen = *out;
	job.n = *n;
	if (job.n > 0)
		TRY(verb_write(c, look_work, NULL, &job));
out:
	store_read_end(c->store, &conn);
	if (failed(e))
		*n = 0; /* a look that was not written down did not happen */
	return e;
}

struct decide_job {
	struct circle *c;
	struct arena *mem;
	person_id steward; /* 0: the program itself */
	measure_id id;
	enum measure_state state;
	str note;
	int64_t now_ms, until_ms;
	struct measure measure;
	struct seen_measure *out;
	struct screening
		again; /* the verdict that takes the measure's place, when the program decides */
};

static err tell_decided(struct circle *c, struct conn *tx, const struct measure *m, int64_t now_ms)
{
	struct notice notice = {
		.id = { snowflake_next(c->ids) },
		.reader = m->subject,
		.kind = NOTICE_DECIDED,
		.post_author = m->post_author,
		.post = m->post,
		.comment = m->comment,
		.measure = m->id,
		.at_ms = now_ms,
	};
	return verb_tell(c, tx, &notice);
}

/* Only stewards, and none who is a party: to them their own piece's measure is not there. */
static err check_reviewer(struct conn *tx, struct decide_job *job)
{
	struct door door;
	bool may;
	err e;
	door_open(&door, tx, job->mem);
	may = is_steward(&door.see, job->steward);
	TRY(door_answer(&door, true, NULL));
	if (!may)
		return err_denied("only stewards decide");
	TRY(measures_find(tx, job->id, job->mem, &job->measure));
	/* The state is the compare-and-set's question: here the piece counts as held. */
	may = job->measure.kind == MEASURE_HOLD &&
	      see_review(&door.see, job->steward, job->measure.subject, job->measure.post_author,
	                 INT64_MAX, job->now_ms);
	TRY(door_answer(&door, may, "a party to it, or nothing to decide"));
out:
	return e;
}

static err decide_work(struct conn *tx, void *ctx)
{
	struct decide_job *job = ctx;
	err e;
	TRY(check_reviewer(tx, job));
	TRY(check_there(tx, &job->measure, job->mem));
	TRY(accesses_insert(tx, job->steward, job->id, job->now_ms));
	TRY(measures_decide(tx, job->measure.subject, job->id, job->state, job->steward,
	                    job->now_ms, job->note));
	TRY(tell_decided(job->c, tx, &job->measure, job->now_ms));
	TRY(settle(job->c, tx, &job->measure, job->state == MEASURE_KEPT, job->now_ms, job->mem,
	           &job->until_ms));
	TRY(measures_find(tx, job->id, job->mem, &job->measure));
	TRY(exhibit(job->c, tx, &job->measure, false, job->now_ms, job->mem, job->out));
out:
	return e;
}

static void decide_after(void *ctx)
{
	const struct decide_job *job = ctx;
	settle_after(job->c, &job->measure, job->until_ms, job->state != MEASURE_KEPT);
}

err review_decide(struct circle *c, person_id steward, measure_id id, bool release, str note,
                  int64_t now_ms, struct arena *mem, struct seen_measure *out)
{
	struct decide_job job = {
		.c = c,
		.mem = mem,
		.steward = steward,
		.id = id,
		.state = release ? MEASURE_RELEASED : MEASURE_KEPT,
		.now_ms = now_ms,
		.out = out,
	};
	err e;
	TRY(phrase_line(note, 0, NOTE_MAX, "note", SAY_NOTE, &job.note));
	TRY(verb_write(c, decide_work, decide_after, &job));
	log_event(c->log, LOG_INFO, release ? "measure.released" : "measure.kept",
	          LOG_I64("id", id.v), LOG_STR("rule", job.measure.rule));
out:
	return e;
}

struct lapse_job {
	struct circle *c;
	struct arena *mem;
	int64_t now_ms;
	struct measure *ended;
	size_t n;
	int64_t *until_ms; /* -1: the piece is gone */
};

static err lapse_work(struct conn *tx, void *ctx)
{
	struct lapse_job *job = ctx;
	err e;
	TRY(measures_lapse(tx, job->now_ms, SWEEP_BATCH, job->mem, &job->ended, &job->n));
	job->until_ms = ARENA_ARRAY(job->mem, job->n, int64_t);
	for (size_t i = 0; i < job->n; i++) {
		e = settle(job->c, tx, &job->ended[i], false, job->now_ms, job->mem,
		           &job->until_ms[i]);
		if (e.code == ERR_MISSING) {
			job->until_ms[i] = -1;
			e = OK;
			continue;
		}
		TRY(e);
		TRY(tell_decided(job->c, tx, &job->ended[i], job->now_ms));
	}
out:
	return e;
}

static void lapse_after(void *ctx)
{
	const struct lapse_job *job = ctx;
	for (size_t i = 0; i < job->n; i++)
		if (job->until_ms[i] >= 0)
			settle_after(job->c, &job->ended[i], job->until_ms[i], true);
}

struct lift_job {
	struct lapse_job lapse;
	str policy;
};

static err lift_work(struct conn *tx, void *ctx)
{
	struct lift_job *job = ctx;
	struct lapse_job *l = &job->lapse;
	err e;
	TRY(measures_of_policy(tx, job->policy, SWEEP_BATCH, l->mem, &l->ended, &l->n));
	l->until_ms = ARENA_ARRAY(l->mem, l->n, int64_t);
	for (size_t i = 0; i < l->n; i++) {
		struct measure *m = &l->ended[i];
		/* One that is over but not swept yet is past deciding: it lapsed. */
		bool over = l->now_ms >= m->ends_at_ms;
		TRY(measures_decide(tx, m->subject, m->id, MEASURE_RELEASED, (person_id){ 0 },
		                    over ? m->ends_at_ms - 1 : l->now_ms, STR_NONE));
		l->until_ms[i] = -1;
		if (m->kind != MEASURE_HOLD)
			continue;
		e = settle(l->c, tx, m, false, l->now_ms, l->mem, &l->until_ms[i]);
		if (e.code == ERR_MISSING) {
			l->until_ms[i] = -1;
			e = OK;
		} else if (!failed(e))
			e = tell_decided(l->c, tx, m, l->now_ms);
		TRY(e);
	}
out:
	return e;
}

static void lift_after(void *ctx) { lapse_after(&((struct lift_job *)ctx)->lapse); }

err review_lift(struct circle *c, str policy, int64_t now_ms, int *lifted)
{
	struct arena *mem = arena_new(16 * 1024);
	struct lift_job job = { .lapse = { .c = c, .mem = mem, .now_ms = now_ms },
		                .policy = policy };
	err e;
	*lifted = 0;
	do {
		TRY(verb_write(c, lift_work, lift_after, &job));
		*lifted += (int)job.lapse.n;
	} while (job.lapse.n == SWEEP_BATCH);
	log_event(c->log, LOG_INFO, "measures.lifted", LOG_STR("policy", policy),
	          LOG_I64("n", *lifted));
out:
	arena_free(mem);
	return e;
}

static err sweep_lapsed(struct circle *c, int64_t now_ms, struct arena *mem, int *lapsed)
{
	struct lapse_job job = { .c = c, .mem = mem, .now_ms = now_ms };
	err e;
	do {
		TRY(verb_write(c, lapse_work, lapse_after, &job));
		for (size_t i = 0; i < job.n; i++)
			log_event(c->log, LOG_INFO, "measure.lapsed",
			          LOG_I64("id", job.ended[i].id.v),
			          LOG_STR("rule", job.ended[i].rule));
		*lapsed += (int)job.n;
	} while (job.n == SWEEP_BATCH);
out:
	return e;
}

/* The program takes back its own hold and does what the new verdict says, in one step. */
static err rescreen_work(struct conn *tx, void *ctx)
{
	struct decide_job *job = ctx;
	const struct measure *m = &job->measure;
	struct status_ref piece = { m->post_author, m->post, m->comment };
	bool waits_on = m->version.v != 0 && job->again.acts &&
	                job->again.measure.kind == MEASURE_HOLD;
	struct measure again;
	err e;
	TRY(check_there(tx, m, job->mem));
	TRY(measures_decide(tx, m->subject, m->id, MEASURE_RELEASED, (person_id){ 0 }, job->now_ms,
	                    STR_NONE));
	if (waits_on)
		job->again.measure.version = m->version;
	else if (m->version.v != 0)
		TRY(publish_show_change(job->c, tx, m, job->now_ms, job->mem));
	TRY(hold_write(job->c, tx, &job->again, &piece, m->subject, job->now_ms, &again));
	if (waits_on)
		TRY(versions_set_measure(tx, &piece, m->version, again.id));
	TRY(held_until(tx, m, job->mem, &job->until_ms));
	if (!waits_on && job->now_ms >= job->until_ms)
		e = tell_decided(job->c, tx, m, job->now_ms);
out:
	return e;
}

static void rescreen_after(void *ctx)
{
	const struct decide_job *job = ctx;
	settle_after(job->c, &job->measure, job->until_ms, job->again.measure.version.v == 0);
	hold_after(job->c, &job->again);
}

static err rescreen(struct circle *c, const struct seen_measure *seen, int64_t now_ms,
                    struct arena *mem)
{
	struct decide_job job = { .c = c, .mem = mem, .measure = seen->measure, .now_ms = now_ms };
	struct facts facts = { .kind = seen->has_comment ? FACTS_COMMENT : FACTS_POST,
		               .author = (uint64_t)seen->measure.subject.v,
		               .at_ms = seen->measure.starts_at_ms,
		               .text = seen->text };
	err e;
	if (seen->has_post)
		wording_tell(&facts, &seen->post.post, mem);
	hold_screen(c, &facts, now_ms, mem, &job.again);
	job.again.again = true;
	if (job.again.acts && str_eq(job.again.measure.rule, HOLD_FAILED_RULE))
		return OK; /* it waits on */
	e = verb_write(c, rescreen_work, rescreen_after, &job);
	/* Decided or taken back in between: then there is nothing left to do. */
	return e.code == ERR_CONFLICT || e.code == ERR_MISSING ? OK : e;
}

/* Pieces held because screening failed are screened again. */
static err sweep_failed(struct circle *c, int64_t now_ms, struct arena *mem)
{
	struct conn *conn = NULL;
	struct measure *waiting;
	struct seen_measure *seen;
	size_t n, failed_n = 0;
	err e;
	if (c->memory == NULL)
		return OK;
	TRY(store_read(c->store, &conn));
	TRY(measures_waiting(conn, now_ms, WAITING_MAX, mem, &waiting, &n));
	seen = ARENA_ARRAY(mem, n, struct seen_measure);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(waiting[i].rule, HOLD_FAILED_RULE))
			continue;
		TRY(exhibit(c, conn, &waiting[i], true, now_ms, mem, &seen[failed_n]));
		failed_n += seen[failed_n].has_post || seen[failed_n].has_comment;
	}
	store_read_end(c->store, &conn);
	for (size_t i = 0; i < failed_n; i++)
		TRY(rescreen(c, &seen[i], now_ms, mem));
out:
	store_read_end(c->store, &conn);
	return e;
}

err review_sweep(struct circle *c, int64_t now_ms, int *lapsed)
{
	struct arena *mem = arena_new(16 * 1024);
	err e;
	*lapsed = 0;
	TRY(sweep_failed(c, now_ms, mem));
	TRY(sweep_lapsed(c, now_ms, mem, lapsed));
out:
	arena_free(mem);
	return e;
}
