/* What waits for the stewards. An item goes into the open case of its subject, so that a hundred reports of one person are one
 * line of the queue; a case is over with its last item. */
#include "circle/docket.h"

#include "store/cases.h"

/* What nobody but its readers has to do with. Whoever appeals or complains waits for an answer, whatever it is about. */
static bool left_to_readers(const struct case_entry *entry)
{
	return entry->harm == HARM_CLASS_C &&
	       (entry->item.kind == ITEM_MEASURE || entry->item.kind == ITEM_REPORT);
}

static err open_case(struct circle *c, struct conn *tx, person_id subject, int64_t now_ms,
                     struct arena *mem, struct order_case *out)
{
	err e = err_missing("a case of its own");
	if (subject.v != 0)
		e = cases_open_of(tx, subject, mem, out);
	if (e.code != ERR_MISSING)
		return e;
	*out = (struct order_case){
		.id = { snowflake_next(c->ids) },
		.subject = subject,
		.opened_at_ms = now_ms,
		.note = S(""),
	};
	return cases_insert(tx, out);
}

/* The case that it is in, or else that of its subject. */
static err case_for(struct circle *c, struct conn *tx, const struct case_entry *entry,
                    int64_t now_ms, struct arena *mem, struct order_case *out)
{
	case_id in;
	err e = cases_of_item(tx, entry->item.kind, entry->item.id, &in);
	if (!failed(e))
		return cases_find(tx, in, mem, out);
	return e.code == ERR_MISSING ? open_case(c, tx, entry->subject, now_ms, mem, out) : e;
}

err docket_add(struct circle *c, struct conn *tx, const struct case_entry *entry, int64_t now_ms,
               struct arena *mem, struct order_case *out)
{
	struct case_item item = entry->item;
	size_t waiting;
	err e;
	*out = (struct order_case){ 0 };
	if (left_to_readers(entry))
		return OK;
	item.done = false;
	item.harm = entry->harm;
	item.due_at_ms = entry->due_at_ms;
	item.priority = entry->priority;
	TRY(case_for(c, tx, entry, now_ms, mem, out));
	TRY(cases_put_item(tx, out->id, &item));
	TRY(cases_reckon(tx, out, &waiting));
	TRY(cases_save(tx, out));
out:
	return e;
}

err docket_settle(struct circle *c, struct conn *tx, enum case_item_kind kind, int64_t item_id,
                  enum case_state as, int64_t now_ms, struct arena *mem)
{
	struct order_case one;
	case_id in;
	size_t waiting;
	err e = cases_of_item(tx, kind, item_id, &in);
	(void)c;
	if (e.code == ERR_MISSING)
		return OK;
	TRY(e);
	TRY(cases_find(tx, in, mem, &one));
	TRY(cases_set_done(tx, in, kind, item_id, true));
	TRY(cases_reckon(tx, &one, &waiting));
	if (waiting == 0) {
		one.state = as;
		one.decided_at_ms = now_ms;
		one.claimed_by.v = one.claimed_until_ms = 0;
	}
	TRY(cases_save(tx, &one));
out:
	return e;
}
