/* On the writer's thread, after the commit: what everybody sees follows what was decided. */
#include "circle/order_private.h"

#include "circle/explain.h"
#include "circle/handle.h"
#include "circle/live.h"
#include "circle/turndown.h"
#include "circle/world.h"

static void follow_person(struct circle *c, const struct order_change *change, struct arena *mem)
{
	const struct person *p = &change->person;
	world_set_limited(c->world, p->id, &change->limited);
	if (change->sealed_or_back)
		world_set_person(c->world, p, handle_key(mem, p->handle)); /* ends their streams */
}

/* A hold takes the piece away or gives it back; a label or a fold is part of how it looks. Who could see a comment is known from what
 * is kept of its post, hence that goes last. */
static void follow_piece(struct circle *c, const struct order_change *change, struct arena *mem)
{
	const struct measure *m = &change->measure;
	struct status_ref ref = { m->post_author, m->post, m->comment };
	if (m->kind == MEASURE_HOLD)
		world_set_held(c->world, m->post_author, m->post, m->comment,
		               change->held_until_ms);
	world_change_piece(c->world, m->post);
	world_change_family(c->world, m->family);
	if (change->shown) {
		live_changed(c->live, &ref);
	} else if (m->kind != MEASURE_HOLD) {
		struct piece_measure said;
		explain_measure(m, mem, &said);
		live_measure(c->live, &ref, &said);
	}
}

/* What counts for the record of its rule. */
static bool is_decided(const struct measure *m)
{
	return m->state == MEASURE_KEPT || m->state == MEASURE_OVERTURNED ||
	       (m->state == MEASURE_RELEASED && m->decided_by.v != 0);
}

static void follow(struct order_changes *x, const struct order_change *change)
{
	const struct measure *m = &change->measure;
	if (change->on_person)
		follow_person(x->c, change, x->mem);
	else if (change->held_until_ms >= 0)
		follow_piece(x->c, change, x->mem);
	if (m->id.v == 0)
		return; /* who was to be settled, not what */
	if (is_decided(m))
		turndown_note(x->c, m->rule);
	log_event(x->c->log, LOG_INFO, change->began ? "measure.begun" : "measure.ended",
	          LOG_I64("id", m->id.v), LOG_STR("kind", str_of(measure_kind_word(m->kind))),
	          LOG_STR("state", str_of(measure_state_word(m->state))), LOG_STR("rule", m->rule));
}

static bool hides(const struct order_change *change)
{
	return change->on_person ? change->person.status != PERSON_ACTIVE
	                         : change->held_until_ms > 0;
}

/* What hides comes before what shows: a piece that is released with its author's seal is never shown, nor one that is held again when
 * the seal is lifted. */
void order_after(struct order_changes *x)
{
	for (size_t i = 0; i < x->n; i++)
		if (hides(&x->all[i]))
			follow(x, &x->all[i]);
	for (size_t i = 0; i < x->n; i++)
		if (!hides(&x->all[i]))
			follow(x, &x->all[i]);
}
