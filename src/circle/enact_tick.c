/* What is due by the clock. Whatever stands in the store is enough to go on after a restart. */
#include "circle/enact_private.h"

#include "circle/order.h"

/* Another engine takes the place of the one in force, for a reason of the clock. */
static err change(struct circle *c, const struct enact_law *law, const struct stored_policy *next,
                  struct enact_swap *swap, struct arena *mem)
{
	struct policy_fault fault = { .line = 0 };
	struct policy *before = NULL;
	struct engine *engine = NULL;
	int lifted;
	err e;
	TRY(enact_open_source(c, next->source, mem, &engine, &fault));
	TRY(enact_compile(law->in_force.source, mem, &before));
	swap->c = c;
	swap->next = next;
	swap->before = &law->in_force;
	swap->policy = engine_policy(engine);
	swap->policy_before = before;
	TRY(enact_swap(swap, &engine, mem, &lifted));
out:
	engine_close(engine);
	policy_free(before);
	return e;
}

static err bind_announced(struct circle *c, const struct enact_law *law, int64_t now_ms,
                          struct arena *mem)
{
	bool was_urgent = enact_is_urgent(&law->in_force);
	struct enact_swap swap = { .before_becomes = was_urgent ? POLICY_WITHDRAWN
		                                                : POLICY_REPLACED,
		                   .lifts = was_urgent ? LIFTS_ITS_OWN : LIFTS_NOTHING,
		                   .kind = "policy.bound",
		                   .now_ms = now_ms };
	struct stored_policy next = law->announced;
	err e;
	next.urgent_until_ms = 0;
	e = change(c, law, &next, &swap, mem);
	if (e.code != ERR_INPUT)
		return e;
	/* Announced under another version of the program, which cannot read it any more: it is published again, or not at all. */
	log_event(c->log, LOG_ERROR, "policy.unreadable", LOG_STR("hash", next.hash),
	          LOG_STR("why", str_of(e.why)));
	next.state = POLICY_WITHDRAWN;
	return enact_write(c, "policy.withdrawn", &next, law->in_force.hash, (person_id){ 0 },
	                   now_ms);
}

static err end_urgent(struct circle *c, const struct enact_law *law, int64_t now_ms,
                      struct arena *mem)
{
	struct stored_policy next = law->binds;
	struct enact_swap swap = { .before_becomes = enact_waits(&law->in_force) ? POLICY_ANNOUNCED
		                                                                 : POLICY_WITHDRAWN,
		                   .lifts = LIFTS_ITS_OWN,
		                   .kind = "policy.ended",
		                   .now_ms = now_ms };
	return change(c, law, &next, &swap, mem);
}

static err tick(struct circle *c, int64_t now_ms, struct arena *mem)
{
	struct enact_law law;
	int lifted;
	err e;
	TRY(enact_lift(c, now_ms, &lifted));
	TRY(enact_law(c, mem, &law));
	const struct stored_policy *urgent = enact_is_urgent(&law.in_force) ? &law.in_force : NULL;
	if (law.announced_there && law.announced.binds_at_ms <= now_ms) {
		TRY(bind_announced(c, &law, now_ms, mem));
	} else if (urgent && enact_waits(urgent) && urgent->binds_at_ms <= now_ms) {
		struct stored_policy row = *urgent;
		row.urgent_until_ms = 0;
		TRY(enact_write(c, "policy.bound", &row, law.binds.hash, (person_id){ 0 }, now_ms));
	} else if (urgent && urgent->urgent_until_ms <= now_ms) {
		TRY(end_urgent(c, &law, now_ms, mem));
	} else {
		TRY(enact_offer(c, &law, now_ms, mem));
	}
out:
	return e;
}

err enact_tick(struct circle *c, int64_t now_ms)
{
	struct arena *mem;
	err e;
	/* The keeper is at it: the next minute will do. */
	if (!c->memory || pthread_mutex_trylock(&c->enacting) != 0)
		return OK;
	mem = arena_new((size_t)1 << 16);
	e = tick(c, order_now(c, now_ms), mem);
	if (failed(e) && e.code != ERR_SYSTEM)
		e = err_system(
			"a policy could not take its place"); /* its `why` may lie in the arena */
	arena_free(mem);
	pthread_mutex_unlock(&c->enacting);
	return e;
}
