/* The order at work on pieces: shown to the writer with its reasons, to a steward who is no party to it, and decided once. Every look of a steward is written down before they get to see. */
#include "circle/review.h"

#include "circle/disclose.h"
#include "circle/docket.h"
#include "circle/exhibit.h"
#include "circle/hold.h"
#include "circle/order.h"
#include "circle/phrase.h"
#include "circle/rewrite.h"
#include "circle/verb.h"
#include "circle/wording.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/cases.h"
#include "store/measures.h"
#include "store/versions.h"

#include "base/leak.h"

#include <string.h>

#define PAGE_MAX 80
#define PAGE_DEFAULT 20
#define WAITING_MAX                                                                                \
	1000 /* held pieces a queue looks through: more than a circle's stewards ever leave open */
#define SAY_DECIDED "That has been decided already."
#define SAY_NOTE "A note has at most 500 characters in one line."

static int page_size(int asked)
{
	return asked < 1 ? PAGE_DEFAULT : asked > PAGE_MAX ? PAGE_MAX : asked;
}

/* The piece is there, and what the measure is on: the piece itself, or a change of it that waits. */
static err check_there(struct conn *conn, const struct measure *m, struct arena *mem)
{
	int64_t until_ms;
	err e;
	TRY(order_held_until(conn, m, mem, &until_ms));
	if (m->version.v != 0)
		TRY(rewrite_waits(conn, m, mem));
out:
	return e;
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

err review_mine_one(struct circle *c, person_id me, measure_id id, int64_t now_ms,
                    struct arena *mem, struct seen_measure *out)
{
	struct conn *conn = NULL;
	struct measure m;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(measures_find(conn, id, mem, &m));
	TRY(m.subject.v == me.v || LEAK("measure.others")
	            ? exhibit(c, conn, &m, true, now_ms, mem, out)
	            : err_missing("not on this person"));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct look_job {
	struct circle *c;
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
		TRY(disclose_look(job->c, tx,
		                  &(struct access){ job->steward, job->seen[i].measure.id.v,
		                                    ACCESS_STEWARD, job->now_ms }));
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

/* Who reported its author, say, judges nothing of theirs while that waits. */
static err is_party(struct conn *conn, person_id steward, measure_id id, bool *party)
{
	case_id in;
	err e = cases_of_item(conn, ITEM_MEASURE, id.v, &in);
	*party = false;
	if (!failed(e))
		e = cases_is_party(conn, in, steward, party);
	return e.code == ERR_MISSING ? OK : e;
}

err review_queue(struct circle *c, person_id steward, int limit, int64_t now_ms, struct arena *mem,
                 struct seen_measure **out, size_t *n)
{
	struct look_job job = { .c = c, .steward = steward, .now_ms = now_ms };
	struct conn *conn = NULL;
	struct measure *waiting;
	size_t found, most = (size_t)page_size(limit);
	bool may, party;
	err e;
	*n = 0;
	now_ms = order_now(c, now_ms);
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
		TRY(is_party(conn, steward, waiting[i].id, &party));
		if (party && !LEAK("review.reporter"))
			continue;
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
	struct order_changes x;
	person_id steward;
	measure_id id;
	bool release;
	str note;
	int64_t now_ms;
	struct measure measure;
	struct seen_measure *out;
};

/* Only stewards, and none who is a party: to them their own piece's measure is not there. */
static err check_reviewer(struct conn *tx, struct decide_job *job)
{
	struct door door;
	bool may;
	err e;
	door_open(&door, tx, job->x.mem);
	may = is_steward(&door.see, job->steward);
	TRY(door_answer(&door, true, NULL));
	if (!may)
		return err_denied("only stewards decide");
	TRY(measures_find(tx, job->id, job->x.mem, &job->measure));
	/* The state is the order's question: here the piece counts as held. */
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
	TRY(check_there(tx, &job->measure, job->x.mem));
	if (job->measure.state != MEASURE_ACTIVE)
		return err_conflict(NULL, SAY_DECIDED);
	TRY(docket_rule(&job->x, tx, job->steward, job->id, job->release, job->note, job->now_ms));
	TRY(measures_find(tx, job->id, job->x.mem, &job->measure));
	TRY(exhibit(job->x.c, tx, &job->measure, false, job->now_ms, job->x.mem, job->out));
out:
	return e;
}

static void decide_after(void *ctx)
{
	struct decide_job *job = ctx;
	order_after(&job->x);
}

err review_decide(struct circle *c, person_id steward, measure_id id, bool release, str note,
                  int64_t now_ms, struct arena *mem, struct seen_measure *out)
{
	struct decide_job job = {
		.x = order_changes(c, mem),
		.steward = steward,
		.id = id,
		.release = release,
		.now_ms = now_ms,
		.out = out,
	};
	err e;
	TRY(phrase_line(note, 0, NOTE_MAX, "note", SAY_NOTE, &job.note));
	TRY(verb_write(c, decide_work, decide_after, &job));
out:
	return e;
}

struct rescreen_job {
	struct order_changes x;
	struct measure measure;
	struct screening again; /* the verdict that takes the measure's place */
	int64_t now_ms;
	bool holds;
	int64_t until_ms;
};

/* The program takes back its own hold and does what the new verdict says, in one step: where that is to hold, nothing shows in between. */
static err rescreen_work(struct conn *tx, void *ctx)
{
	struct rescreen_job *job = ctx;
	const struct measure *m = &job->measure;
	struct status_ref piece = { m->post_author, m->post, m->comment };
	struct order_end end = { .state = MEASURE_RELEASED };
	struct measure again;
	err e;
	end.silent = job->holds = job->again.acts && job->again.measure.kind == MEASURE_HOLD;
	TRY(check_there(tx, m, job->x.mem));
	TRY(order_end(&job->x, tx, m, &end, job->now_ms));
	if (job->holds)
		job->again.measure.version = m->version;
	TRY(hold_write(job->x.c, tx, &job->again, &piece, m->subject, job->now_ms, &again));
	if (job->holds && m->version.v != 0)
		TRY(versions_set_measure(tx, &piece, m->version, again.id));
	TRY(order_held_until(tx, m, job->x.mem, &job->until_ms));
out:
	return e;
}

static void rescreen_after(void *ctx)
{
	struct rescreen_job *job = ctx;
	const struct measure *m = &job->measure;
	order_after(&job->x);
	if (job->holds && m->version.v == 0)
		world_set_held(job->x.c->world, m->post_author, m->post, m->comment, job->until_ms);
	hold_after(job->x.c, &job->again);
}

static err rescreen(struct circle *c, const struct seen_measure *seen, int64_t now_ms,
                    struct arena *mem)
{
	struct rescreen_job job = { .x = order_changes(c, mem),
		                    .measure = seen->measure,
		                    .now_ms = now_ms };
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

err review_rescreen(struct circle *c, int64_t now_ms)
{
	struct arena *mem = arena_new(16 * 1024);
	struct conn *conn = NULL;
	struct measure *waiting;
	struct seen_measure *seen;
	size_t n, failed_n = 0;
	err e = OK;
	if (c->memory == NULL)
		goto out;
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
	arena_free(mem);
	return e;
}
