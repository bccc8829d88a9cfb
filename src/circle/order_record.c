/* What goes along with every beginning and end: the record of the log, the notice to the subject, the item in their case. */
#include "circle/order_private.h"

#include "circle/docket.h"
#include "circle/verb.h"
#include "circle/world.h"

#include <jansson.h>

static const char *const deciders[] = { [DECIDER_POLICY] = "policy",
	                                [DECIDER_STEWARD] = "steward",
	                                [DECIDER_JURY] = "jury",
	                                [DECIDER_SHELL] = "keeper" };

const char *order_decider_word(enum measure_decider decider) { return deciders[decider]; }

const char *order_role_word(const struct circle *c, person_id by)
{
	world_lock(c->world);
	const struct person *p = world_person(c->world, by);
	bool keeper = p != NULL && p->role == ROLE_KEEPER;
	world_unlock(c->world);
	return role_word(keeper ? ROLE_KEEPER : ROLE_STEWARD);
}

bool order_waits(const struct measure *m)
{
	return (m->kind == MEASURE_HOLD && m->state == MEASURE_ACTIVE) ||
	       m->state == MEASURE_PROPOSED;
}

static void add_number(struct audit_entry *entry, const char *name, int64_t number)
{
	entry->fields[entry->n++] =
		(struct audit_field){ .name = name, .kind = AUDIT_NUMBER, .number = number };
}

static void add_word(struct audit_entry *entry, const char *name, str word)
{
	entry->fields[entry->n++] =
		(struct audit_field){ .name = name, .kind = AUDIT_WORD, .text = word };
}

static void add_person(struct audit_entry *entry, const char *name, person_id person)
{
	entry->fields[entry->n++] =
		(struct audit_field){ .name = name, .kind = AUDIT_PERSON, .number = person.v };
}

static void add_text(struct audit_entry *entry, const char *name, str text)
{
	entry->fields[entry->n++] =
		(struct audit_field){ .name = name, .kind = AUDIT_TEXT, .text = text };
}

/* The evidence has the trace, which is the stewards'. */
static void add_sealed(struct audit_entry *entry, const char *name, str text)
{
	entry->fields[entry->n++] =
		(struct audit_field){ .name = name, .kind = AUDIT_SEALED, .text = text };
}

static struct audit_entry entry_of(const char *kind, const struct measure *m)
{
	struct audit_entry entry = { .kind = kind, .concerned = m->subject };
	add_number(&entry, "measure", m->id.v);
	add_word(&entry, "kind", str_of(measure_kind_word(m->kind)));
	add_word(&entry, "state", str_of(measure_state_word(m->state)));
	add_person(&entry, "subject", m->subject);
	return entry;
}

struct audit_entry order_record_begun(const char *kind, const struct measure *m)
{
	struct audit_entry entry = entry_of(kind, m);
	add_word(&entry, "rule", m->rule);
	add_word(&entry, "policy", m->policy);
	add_word(&entry, "decider", str_of(deciders[m->decider]));
	add_person(&entry, "by", m->by);
	add_number(&entry, "harm", m->harm);
	add_number(&entry, "points", m->points);
	add_number(&entry, "starts", m->starts_at_ms);
	add_number(&entry, "ends", m->ends_at_ms);
	add_number(&entry, "post", m->post.v);
	add_number(&entry, "comment", m->comment.v);
	add_number(&entry, "version", m->version.v);
	/* Not its case: when that was opened says when somebody reported them. */
	add_sealed(&entry, "evidence", m->evidence);
	add_person(&entry, "decided-by", m->decided_by);
	add_number(&entry, "decided", m->decided_at_ms);
	add_text(&entry, "note", m->decision_note);
	return entry;
}

err order_log_begun(struct order_changes *x, struct conn *tx, const char *kind,
                    const struct measure *m, int64_t now_ms)
{
	struct audit_entry entry = order_record_begun(kind, m);
	return audit_append(x->c, tx, &entry, now_ms, NULL);
}

err order_log_moved(struct order_changes *x, struct conn *tx, const char *kind,
                    const struct measure *was, const struct measure *is,
                    enum measure_decider decider, int64_t now_ms)
{
	struct audit_entry entry = entry_of(kind, is);
	add_word(&entry, "before", str_of(measure_state_word(was->state)));
	add_word(&entry, "decider", str_of(deciders[decider]));
	add_person(&entry, "decided-by", is->decided_by);
	add_number(&entry, "decided", is->decided_at_ms);
	add_number(&entry, "starts", is->starts_at_ms);
	add_number(&entry, "ends", is->ends_at_ms);
	add_text(&entry, "note", is->decision_note);
	return audit_append(x->c, tx, &entry, now_ms, NULL);
}

err order_tell(struct order_changes *x, struct conn *tx, const struct measure *m, bool began,
               int64_t now_ms)
{
	bool hold = m->kind == MEASURE_HOLD;
	struct notice notice = {
		.id = { snowflake_next(x->c->ids) },
		.reader = m->subject,
		.kind = began ? (hold ? NOTICE_HELD : NOTICE_MEASURE)
		              : (hold ? NOTICE_DECIDED : NOTICE_MEASURE_OVER),
		.post_author = m->post_author,
		.post = m->post,
		.comment = m->comment,
		.measure = m->id,
		.at_ms = now_ms,
	};
	return verb_tell(x->c, tx, &notice);
}

/* How grave the conduct was: orders the queue and nothing else. */
static int64_t priority_of(const struct measure *m)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	double malice = json_number_value(json_object_get(evidence, "malice"));
	json_decref(evidence);
	return malice >= 0 && malice <= 1 ? (int64_t)(malice * 1000) : 0;
}

err order_into_case(struct order_changes *x, struct conn *tx, const struct measure *m,
                    int64_t now_ms)
{
	struct case_entry entry = {
		.subject = m->subject,
		.harm = m->harm,
		.due_at_ms = m->state == MEASURE_PROPOSED ? m->due_at_ms : m->ends_at_ms,
		.priority = priority_of(m),
		.item = { .kind = ITEM_MEASURE,
		          .id = m->id.v,
		          .owner = m->subject,
		          .family = m->family,
		          .at_ms = now_ms },
	};
	struct order_case in;
	return order_waits(m) ? docket_add(x->c, tx, &entry, now_ms, x->mem, &in) : OK;
}
