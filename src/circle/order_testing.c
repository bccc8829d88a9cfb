#include "circle/order_testing.h"

#include "circle/verb.h"
#include "circle/world.h"

#include "store/accesses.h"
#include "store/cases.h"
#include "store/measures.h"

struct act {
	struct order_changes x;
	struct measure *m;
	struct order_end end;
	measure_id id;
	struct measure was;
	int64_t now_ms;
};

static void act_after(void *ctx)
{
	struct act *act = ctx;
	order_after(&act->x);
}

static err act_now(struct stage *s, struct act act, err (*work)(struct conn *, void *))
{
	act.x = order_changes(s->c, s->mem);
	act.now_ms = s->now_ms;
	return verb_write(s->c, work, act_after, &act);
}

static err impose_work(struct conn *tx, void *ctx)
{
	struct act *act = ctx;
	return order_impose(&act->x, tx, act->m, act->now_ms);
}

err order_try_impose(struct stage *s, struct measure *m)
{
	return act_now(s, (struct act){ .m = m }, impose_work);
}

static err end_work(struct conn *tx, void *ctx)
{
	struct act *act = ctx;
	struct measure m;
	err e;
	TRY(measures_find(tx, act->id, act->x.mem, &m));
	TRY(order_end(&act->x, tx, &m, &act->end, act->now_ms));
out:
	return e;
}

err order_try_end(struct stage *s, measure_id id, struct order_end end)
{
	return act_now(s, (struct act){ .id = id, .end = end }, end_work);
}

static err restore_work(struct conn *tx, void *ctx)
{
	struct act *act = ctx;
	struct measure m;
	err e;
	TRY(measures_find(tx, act->was.id, act->x.mem, &m));
	TRY(order_restore(&act->x, tx, &m, &act->was, act->now_ms));
out:
	return e;
}

err order_try_restore(struct stage *s, struct measure was)
{
	return act_now(s, (struct act){ .was = was }, restore_work);
}

err order_decide(struct stage *s, measure_id id, int by, enum measure_state state)
{
	struct order_end end = { .state = state, .decider = DECIDER_STEWARD, .note = S("So.") };
	if (by >= 0)
		end.by = s->people[by];
	else
		end.decider = DECIDER_JURY;
	return order_try_end(s, id, end);
}

struct published order_publish(struct stage *s, int author, const char *text)
{
	struct published out;
	struct post_draft draft = { .text = str_of(text) };
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	return out;
}

struct status_ref order_ref(const struct published *p)
{
	return (struct status_ref){ p->post.gate.author, p->post.gate.id, { 0 } };
}

enum person_status order_status(struct stage *s, int person)
{
	enum person_status status;
	world_lock(s->c->world);
	status = world_person(s->c->world, s->people[person])->status;
	world_unlock(s->c->world);
	return status;
}

struct measure order_by(struct stage *s, int by, int subject, enum measure_kind kind)
{
	return (struct measure){ .subject = s->people[subject],
		                 .kind = kind,
		                 .rule = S("order.case"),
		                 .evidence = S("{}"),
		                 .starts_at_ms = s->now_ms,
		                 .by = s->people[by],
		                 .decider = DECIDER_STEWARD,
		                 .harm = HARM_CLASS_B,
		                 .points = 2 };
}

struct measure order_put(struct stage *s, int by, int subject, enum measure_kind kind)
{
	struct measure m = order_by(s, by, subject, kind);
	assert_ok(order_try_impose(s, &m));
	return m;
}

struct measure order_look(struct stage *s, measure_id id)
{
	struct conn *conn = NULL;
	struct measure m;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_find(conn, id, s->mem, &m));
	store_read_end(s->c->store, &conn);
	return m;
}

struct measure order_newest(struct stage *s, int subject)
{
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[subject], (measure_id){ 0 }, 1, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	return n > 0 ? all[0] : (struct measure){ .id = { 0 } };
}

struct standing order_stands(struct stage *s, int person)
{
	struct conn *conn = NULL;
	struct standing standing;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(order_standing(conn, s->people[person], s->now_ms, s->mem, &standing));
	store_read_end(s->c->store, &conn);
	return standing;
}

void order_ticks(struct stage *s)
{
	assert_ok(order_tick(s->c, clock_now(s->c->clock), clock_mono(s->c->clock)));
}

measure_id order_hold(struct stage *s, int author, struct status_ref *ref)
{
	struct published out = order_publish(s, author, STAGE_AD);
	assert_true(out.held);
	*ref = order_ref(&out);
	return out.measure.id;
}

struct conn *order_reader(struct stage *s)
{
	struct conn *conn;
	assert_ok(store_read(s->c->store, &conn));
	return conn;
}

struct order_case order_case_of(struct stage *s, int subject)
{
	struct order_case out;
	struct conn *conn = order_reader(s);
	assert_ok(cases_open_of(conn, s->people[subject], s->mem, &out));
	store_read_end(s->c->store, &conn);
	return out;
}

struct order_case order_find_case(struct stage *s, case_id id)
{
	struct order_case out;
	struct conn *conn = order_reader(s);
	assert_ok(cases_find(conn, id, s->mem, &out));
	store_read_end(s->c->store, &conn);
	return out;
}

struct item_act {
	struct stage *s;
	struct case_entry entry;
	struct order_case in;
	enum case_item_kind kind;
	int64_t id;
	enum case_state as;
};

static err add_work(struct conn *tx, void *ctx)
{
	struct item_act *act = ctx;
	struct stage *s = act->s;
	return docket_add(s->c, tx, &act->entry, s->now_ms, s->mem, &act->in);
}

struct order_case order_add_item(struct stage *s, struct case_entry entry)
{
	struct item_act act = { .s = s, .entry = entry };
	assert_ok(verb_write(s->c, add_work, NULL, &act));
	return act.in;
}

static err settle_work(struct conn *tx, void *ctx)
{
	const struct item_act *act = ctx;
	struct stage *s = act->s;
	return docket_settle(s->c, tx, act->kind, act->id, act->as, s->now_ms, s->mem);
}

void order_settle_item(struct stage *s, enum case_item_kind kind, int64_t id, enum case_state as)
{
	struct item_act act = { .s = s, .kind = kind, .id = id, .as = as };
	assert_ok(verb_write(s->c, settle_work, NULL, &act));
}

int order_looks(struct stage *s, int64_t at)
{
	struct conn *conn = order_reader(s);
	int count;
	assert_ok(accesses_count(conn, at, &count));
	store_read_end(s->c->store, &conn);
	return count;
}

err order_undo(struct stage *s, int steward, const struct case_look *look, struct case_look *out)
{
	return docket_undo(s->c, s->people[steward], look->line.one.id, look->deeds[0].id,
	                   s->now_ms, s->mem, out);
}
