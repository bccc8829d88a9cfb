/* How an appeal ends: by its jury, by a steward, or by its clock. The interface is appeal.h. */
#include "circle/appeal.h"

#include "circle/docket.h"
#include "circle/jury_private.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/appeals.h"
#include "store/measures.h"

#define BATCH                                                                                      \
	1000 /* open appeals looked at in one tick: more than stewards and juries ever leave open */
#define LEAST_MS (INT64_C(60) * 1000) /* a measure on a person lasts at least so long */
#define SAY_JURY "A jury decides this."

/* One step down each ladder. */
static const struct {
	enum measure_kind from, to;
} milder[] = {
	{ MEASURE_HOLD, MEASURE_LABEL },        { MEASURE_SEAL, MEASURE_FREEZE },
	{ MEASURE_FREEZE, MEASURE_NO_FRIENDS }, { MEASURE_NO_FRIENDS, MEASURE_FEWER },
	{ MEASURE_FEWER, MEASURE_NOTICE },
};

bool appeal_milder(const struct measure *m, int64_t now_ms, struct measure *out)
{
	*out = *m;
	out->id = (measure_id){ 0 };
	out->state = MEASURE_ACTIVE;
	out->starts_at_ms = now_ms;
	out->by = out->decided_by = (person_id){ 0 };
	out->decided_at_ms = 0;
	out->decision_note = S("");
	out->decider = DECIDER_JURY;
	out->points = 0;
	/* What waits is shown then: the label is on the piece. */
	out->version = (version_id){ 0 };
	out->follows = m->id;
	for (size_t i = 0; i < sizeof milder / sizeof milder[0]; i++) {
		if (milder[i].from != m->kind)
			continue;
		out->kind = milder[i].to;
		if (m->kind == MEASURE_HOLD)
			out->ends_at_ms = INT64_MAX; /* as every label of a machine */
		return out->ends_at_ms >= now_ms + LEAST_MS;
	}
	return false;
}

/* ---- the end ---- */

struct ending {
	enum appeal_state state;
	person_id by; /* a steward; 0: a jury, or the clock */
	str note;
	bool settles;  /* its item in the case is done, too */
	bool measured; /* what becomes of the measure is seen to already */
};

static enum measure_state measure_end_of(enum appeal_state state)
{
	return state == APPEAL_OVERTURNED ? MEASURE_OVERTURNED
	       : state == APPEAL_MILDER   ? MEASURE_MILDER
	       : state == APPEAL_KEPT     ? MEASURE_KEPT
	                                  : MEASURE_UNANSWERED;
}

static bool is_over(const struct measure *m, int64_t now_ms)
{
	return !(m->state == MEASURE_KEPT ||
	         (m->state == MEASURE_ACTIVE && now_ms < m->ends_at_ms));
}

/* Tells of what order_end tells nothing of. */
static err tell_kept(struct appeal_case *s)
{
	const struct measure *m = s->measure;
	struct notice notice = {
		.id = { snowflake_next(s->x->c->ids) },
		.reader = m->subject,
		.kind = NOTICE_DECIDED,
		.post_author = m->post_author,
		.post = m->post,
		.comment = m->comment,
		.measure = m->id,
		.at_ms = s->now_ms,
	};
	return verb_tell(s->x->c, s->tx, &notice);
}

static err end_measure(struct appeal_case *s, const struct ending *ending)
{
	struct measure *m = s->measure;
	const struct order_end end = {
		.state = measure_end_of(ending->state),
		.by = ending->by,
		.decider = ending->by.v != 0                ? DECIDER_STEWARD
		           : ending->state == APPEAL_LAPSED ? DECIDER_POLICY
		                                            : DECIDER_JURY,
		.note = ending->note,
	};
	if (ending->state == APPEAL_KEPT && m->state == MEASURE_KEPT)
		return tell_kept(s);
	return order_end(s->x, s->tx, m, &end, s->now_ms);
}

static err end_appeal(struct appeal_case *s, const struct ending *ending)
{
	static const char *const kinds[] = { [APPEAL_OPEN] = "appeal.reopened",
		                             [APPEAL_KEPT] = "appeal.kept",
		                             [APPEAL_OVERTURNED] = "appeal.overturned",
		                             [APPEAL_LAPSED] = "appeal.lapsed",
		                             [APPEAL_WITHDRAWN] = "appeal.withdrawn",
		                             [APPEAL_MILDER] = "appeal.milder",
		                             [APPEAL_OVER] = "appeal.over" };
	struct appeal *a = s->appeal;
	const struct audit_field more[] = {
		{ "way", AUDIT_WORD, 0, str_of(appeal_way_word(a->way)) },
		{ "by", AUDIT_PERSON, ending->by.v, STR_NONE },
		{ "note", AUDIT_TEXT, 0, ending->note },
	};
	err e;
	a->state = ending->state;
	a->decided_by = ending->by;
	a->decided_at_ms = s->now_ms;
	a->note = ending->note;
	TRY(appeals_set_state(s->tx, a, APPEAL_OPEN));
	TRY(jury_close(s->tx, a->id));
	TRY(appeal_log(s->x->c, s->tx, kinds[a->state], a, more, sizeof more / sizeof more[0],
	               s->now_ms));
	if (!ending->measured)
		TRY(end_measure(s, ending));
	if (ending->settles)
		TRY(docket_settle(s->x->c, s->tx, ITEM_APPEAL, a->id.v,
		                  a->state == APPEAL_LAPSED || a->state == APPEAL_OVER
		                          ? CASE_LAPSED
		                          : CASE_DECIDED,
		                  s->now_ms, s->mem));
out:
	return e;
}

/* ---- a steward ---- */

static bool is_steward(const struct circle *c, person_id person)
{
	world_lock(c->world);
	const struct person *p = world_person(c->world, person);
	bool yes = p != NULL && p->role != ROLE_MEMBER && p->status == PERSON_ACTIVE;
	world_unlock(c->world);
	return yes;
}

/* Or wrote the same: nobody judges a copy of their own. */
static err is_side(struct conn *conn, const struct appeal *a, const struct measure *m,
                   person_id person, struct arena *mem, bool *out)
{
	person_id *sides;
	size_t n;
	err e;
	*out = a->measure_by.v == person.v;
	TRY(summon_sides(conn, m, INT64_MAX, mem, &sides, &n));
	for (size_t i = 0; i < n; i++)
		*out |= sides[i].v == person.v;
	if (!*out)
		TRY(measures_wrote_copy(conn, m, person, INT64_MAX, out));
out:
	return e;
}

err appeal_may_decide(struct circle *c, struct conn *conn, person_id steward,
                      const struct appeal *a, struct arena *mem, bool *may)
{
	struct measure m;
	bool side;
	err e;
	*may = false;
	if (a->state != APPEAL_OPEN || a->way != APPEAL_BY_STEWARD || !is_steward(c, steward))
		return OK;
	TRY(measures_find(conn, a->measure, mem, &m));
	TRY(is_side(conn, a, &m, steward, mem, &side));
	*may = !side;
out:
	return e;
}

err appeal_waiting(struct circle *c, person_id steward, struct arena *mem,
                   struct waiting_appeal **out, size_t *n)
{
	struct conn *conn = NULL;
	struct appeal *all;
	size_t open;
	err e;
	*n = 0;
	if (!is_steward(c, steward))
		return err_denied("only stewards see whose clock it is");
	TRY(store_read(c->store, &conn));
	TRY(appeals_open(conn, INT64_MAX, BATCH, mem, &all, &open));
	*out = ARENA_ARRAY(mem, open, struct waiting_appeal);
	for (size_t i = 0; i < open; i++) {
		struct measure m;
		const struct appeal *a = &all[i];
		bool side;
		if (a->way == APPEAL_BY_STEWARD)
			continue;
		TRY(measures_find(conn, a->measure, mem, &m));
		TRY(is_side(conn, a, &m, steward, mem, &side));
		if (!side)
			(*out)[(*n)++] = (struct waiting_appeal){ m.kind, a->way, a->seats,
				                                  a->filed_at_ms, a->due_at_ms };
	}
out:
	store_read_end(c->store, &conn);
	return e;
}

err appeal_decide(struct order_changes *x, struct conn *tx, person_id steward, appeal_id id,
                  bool overturn, str note, int64_t now_ms)
{
	const struct ending ending = { .state = overturn ? APPEAL_OVERTURNED : APPEAL_KEPT,
		                       .by = steward,
		                       .note = note };
	struct measure m;
	struct appeal a;
	struct appeal_case s = { x, tx, x->mem, &a, &m, NULL, order_now(x->c, now_ms) };
	bool side;
	err e;
	if (!is_steward(x->c, steward))
		return err_denied("only stewards decide");
	TRY(appeals_find(tx, id, x->mem, &a));
	TRY(measures_find(tx, a.measure, x->mem, &m));
	TRY(is_side(tx, &a, &m, steward, x->mem, &side));
	if (side)
		TRY(err_missing("a side of it"));
	if (a.state != APPEAL_OPEN || is_over(&m, s.now_ms))
		TRY(err_conflict(NULL, "This appeal has been decided already."));
	if (a.way != APPEAL_BY_STEWARD)
		TRY(err_conflict(NULL, SAY_JURY));
	TRY(end_appeal(&s, &ending));
out:
	return e;
}

err appeal_reopen(struct circle *c, struct conn *tx, appeal_id id, int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	struct appeal a;
	enum appeal_state was;
	err e;
	TRY(appeals_find(tx, id, mem, &a));
	was = a.state;
	if (was == APPEAL_OPEN || a.decided_by.v == 0)
		TRY(err_conflict(NULL, "No steward decided this."));
	a.state = APPEAL_OPEN;
	a.decided_by = (person_id){ 0 };
	a.decided_at_ms = 0;
	a.note = S("");
	TRY(appeals_set_state(tx, &a, was));
	TRY(appeal_log(c, tx, "appeal.reopened", &a, NULL, 0, now_ms));
out:
	arena_free(mem);
	return e;
}

err appeal_leave_to_steward(struct appeal_case *s)
{
	struct appeal *a = s->appeal;
	struct circle *c = s->x->c;
	struct order_case in;
	bool there;
	err e;
	TRY(summon_steward(c, s->tx, s->measure, s->now_ms, s->mem, &there));
	a->way = there ? APPEAL_BY_STEWARD : APPEAL_BY_NOBODY;
	if (a->seats == 0)
		a->step = there ? STEP_STEWARD : STEP_NOBODY;
	TRY(appeals_set_way(s->tx, a));
	const struct audit_field more[] = {
		{ "way", AUDIT_WORD, 0, str_of(appeal_way_word(a->way)) },
		{ "step", AUDIT_WORD, 0, str_of(appeal_step_word(a->step)) },
	};
	TRY(appeal_log(c, s->tx, "appeal.way", a, more, sizeof more / sizeof more[0], s->now_ms));
	if (!there)
		return OK;
	const struct case_entry entry = {
		.subject = a->subject,
		.harm = s->measure->harm,
		.due_at_ms = a->due_at_ms,
		.item = { .kind = ITEM_APPEAL,
		          .id = a->id.v,
		          .owner = a->subject,
		          .family = s->measure->family,
		          .at_ms = s->now_ms },
	};
	TRY(docket_add(c, s->tx, &entry, s->now_ms, s->mem, &in));
out:
	return e;
}

/* ---- the clock ---- */

/* What became of the measure without the appeal is what becomes of the appeal. */
static err end_without(struct appeal_case *s)
{
	const struct measure *m = s->measure;
	bool undone = m->state == MEASURE_RELEASED || m->state == MEASURE_OVERTURNED;
	struct ending ending = { .state = m->state == MEASURE_WITHDRAWN ? APPEAL_WITHDRAWN
		                          : undone                      ? APPEAL_OVERTURNED
		                          : m->state == MEASURE_LAPSED  ? APPEAL_OVER
		                                                        : APPEAL_LAPSED,
		                 .note = S(""),
		                 .settles = true,
		                 .measured = true };
	return end_appeal(s, &ending);
}

static err end_late(struct appeal_case *s)
{
	struct ending ending = { .state = APPEAL_LAPSED, .note = S(""), .settles = true };
	return end_appeal(s, &ending);
}

static err end_by_jury(struct appeal_case *s, enum vote verdict)
{
	struct measure instead;
	struct ending ending = { .note = S(""), .settles = true };
	err e;
	if (verdict == VOTE_NONE) {
		TRY(jury_close(s->tx, s->appeal->id));
		return appeal_leave_to_steward(s);
	}
	bool milder_one = verdict == VOTE_MILDER && appeal_milder(s->measure, s->now_ms, &instead);
	ending.state = milder_one             ? APPEAL_MILDER
	               : verdict == VOTE_KEEP ? APPEAL_KEPT
	                                      : APPEAL_OVERTURNED;
	TRY(end_appeal(s, &ending));
	if (milder_one)
		TRY(order_impose(s->x, s->tx, &instead, s->now_ms));
out:
	return e;
}

/* What there is to do about an open appeal; asked of a reader first, so that most ticks write nothing. */
enum due { DUE_NOTHING, DUE_WITHOUT, DUE_LATE, DUE_JURY };

static err due_of(struct conn *conn, const struct appeal *a, int64_t now_ms, struct arena *mem,
                  struct measure *m, enum due *out)
{
	bool due = false;
	err e;
	*out = DUE_NOTHING;
	TRY(measures_find(conn, a->measure, mem, m));
	/* Its confirmation was taken back: it may come again, and the appeal with it. */
	if (m->state == MEASURE_PROPOSED && now_ms < a->due_at_ms)
		return OK;
	if (is_over(m, now_ms))
		*out = m->state == MEASURE_ACTIVE ? DUE_NOTHING
		                                  : DUE_WITHOUT; /* order_tick is first */
	else if (now_ms >= a->due_at_ms)
		*out = DUE_LATE;
	else if (a->way == APPEAL_BY_JURY)
		TRY(jury_is_due(conn, a, now_ms, mem, &due));
	if (due)
		*out = DUE_JURY;
out:
	return e;
}

struct tick_job {
	struct circle *c;
	struct arena *mem;
	appeal_id id;
	struct jury_known known;
	struct order_changes x;
	int64_t now_ms;
};

static err tick_work(struct conn *tx, void *ctx)
{
	struct tick_job *job = ctx;
	struct appeal a;
	struct measure m;
	struct appeal_case s = { &job->x, tx, job->mem, &a, &m, &job->known, job->now_ms };
	enum vote verdict = VOTE_NONE;
	bool settled = false;
	enum due due;
	err e;
	TRY(appeals_find(tx, job->id, job->mem, &a));
	if (a.state != APPEAL_OPEN)
		return OK;
	TRY(due_of(tx, &a, job->now_ms, job->mem, &m, &due));
	if (due == DUE_WITHOUT)
		TRY(end_without(&s));
	if (due == DUE_LATE)
		TRY(end_late(&s));
	if (due == DUE_JURY)
		TRY(jury_go_on(&s, &settled, &verdict));
	if (settled)
		TRY(end_by_jury(&s, verdict));
out:
	return e;
}

static void tick_after(void *ctx) { order_after(&((struct tick_job *)ctx)->x); }

static err tick_one(struct circle *c, const struct appeal *a, int64_t now_ms)
{
	struct arena *mem = arena_new(16 * 1024);
	struct tick_job job = { .c = c, .mem = mem, .id = a->id, .now_ms = now_ms };
	err e;
	job.x = order_changes(c, mem);
	if (a->way == APPEAL_BY_JURY)
		known_pick(c, JURY_SEATS, now_ms, mem, job.known.all, &job.known.n);
	TRY(verb_write(c, tick_work, tick_after, &job));
out:
	arena_free(mem);
	return e;
}

err appeal_tick(struct circle *c, int64_t now_ms)
{
	struct arena *mem = arena_new(16 * 1024);
	now_ms = order_now(c, now_ms);
	struct conn *conn = NULL;
	struct appeal *all;
	enum due *due;
	size_t n;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(appeals_open(conn, INT64_MAX, BATCH, mem, &all, &n));
	due = ARENA_ARRAY(mem, n, enum due);
	for (size_t i = 0; i < n; i++) {
		struct measure m;
		TRY(due_of(conn, &all[i], now_ms, mem, &m, &due[i]));
	}
	store_read_end(c->store, &conn);
	for (size_t i = 0; i < n; i++)
		if (due[i] != DUE_NOTHING) /* one that cannot go on keeps none of the others */
			log_if_failed(c->log, "appeal.failed", tick_one(c, &all[i], now_ms));
	TRY(jury_sweep_known(c, now_ms));
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}
