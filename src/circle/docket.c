/* What waits for the stewards. An item goes into the open case of its subject, so that a hundred reports of one person are one
 * line of the queue; a case is over with its last item. */
#include "circle/docket_private.h"

#include "circle/verb.h"
#include "circle/world.h"

#include "store/cases.h"
#include "store/complaints.h"
#include "store/measures.h"
#include "store/reports.h"

#include "base/leak.h"

#define PAGE_MAX 80
#define PAGE_DEFAULT 40
#define NUMBERS_SKIPPED_MAX 8 /* a power of two */

/* What nobody but its readers has to do with. Whoever appeals or complains waits for an answer, whatever it is about. */
static bool left_to_readers(const struct case_entry *entry)
{
	return entry->harm == HARM_CLASS_C &&
	       (entry->item.kind == ITEM_MEASURE || entry->item.kind == ITEM_REPORT);
}

/* What a number tells: with gaps of its own, one that is missing in a steward's queue is not a case about them. */
static int some_above(const struct circle *c)
{
	unsigned char roll;
	chance_fill(c->chance, &roll, sizeof roll);
	return 1 + roll % NUMBERS_SKIPPED_MAX;
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
	return cases_insert(tx, out, some_above(c));
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

err docket_save(struct circle *c, struct conn *tx, struct order_case *one)
{
	verb_case(c, one->id);
	return cases_save(tx, one);
}

err docket_put(struct circle *c, struct conn *tx, struct order_case *one,
               const struct case_item *item)
{
	size_t waiting;
	err e;
	TRY(cases_put_item(tx, one->id, item));
	TRY(cases_reckon(tx, one, &waiting));
	TRY(docket_save(c, tx, one));
out:
	return e;
}

err docket_add(struct circle *c, struct conn *tx, const struct case_entry *entry, int64_t now_ms,
               struct arena *mem, struct order_case *out)
{
	struct case_item item = entry->item;
	err e;
	*out = (struct order_case){ 0 };
	if (left_to_readers(entry))
		return OK;
	item.done = false;
	item.harm = entry->harm;
	item.due_at_ms = entry->due_at_ms;
	item.priority = entry->priority;
	TRY(case_for(c, tx, entry, now_ms, mem, out));
	TRY(docket_put(c, tx, out, &item));
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
	TRY(docket_save(c, tx, &one));
out:
	return e;
}

/* ---- what waits, and who is at it ---- */

err docket_check_steward(const struct circle *c, person_id steward)
{
	world_lock(c->world);
	struct see_source see = world_source(c->world);
	struct see_person who = see.person(see.ctx, steward);
	world_unlock(c->world);
	return who.active && who.role != ROLE_MEMBER ? OK : err_denied("only stewards see cases");
}

err docket_find(struct conn *conn, person_id steward, case_id id, struct arena *mem,
                struct order_case *out)
{
	bool party;
	err e;
	TRY(cases_find(conn, id, mem, out));
	TRY(cases_is_party(conn, id, steward, &party));
	if (party && !LEAK("case.party"))
		return err_missing("a party to it");
	if (out->state == CASE_MERGED)
		return err_missing("it is part of another now");
out:
	return e;
}

/* The measure that says what the case is about. */
static err find_gravest(struct conn *conn, case_id id, struct arena *mem,
                        const struct measure **out)
{
	struct measure *gravest = ARENA_NEW(mem, struct measure);
	struct case_item item;
	err e;
	*out = NULL;
	TRY(cases_first_item(conn, id, ITEM_MEASURE, &item));
	TRY(measures_find(conn, (measure_id){ item.id }, mem, gravest));
	*out = gravest;
out:
	return e.code == ERR_MISSING ? OK : e;
}

static err find_categories(struct conn *conn, case_id id, struct arena *mem, struct case_line *out)
{
	struct report *reports;
	struct complaint complaint;
	struct case_item item;
	size_t n;
	err e;
	TRY(reports_of_case(conn, id, 1, mem, &reports, &n));
	out->has_report = n > 0;
	if (n > 0)
		out->reported = reports[0].category;
	TRY(cases_first_item(conn, id, ITEM_COMPLAINT, &item));
	TRY(complaints_find(conn, (complaint_id){ item.id }, mem, &complaint));
	out->has_complaint = true;
	out->complained = complaint.category;
out:
	return e.code == ERR_MISSING ? OK : e;
}

err docket_line(struct circle *c, struct conn *conn, const struct order_case *one,
                person_id steward, int64_t now_ms, struct arena *mem, struct case_line *out)
{
	err e;
	*out = (struct case_line){ .one = *one };
	if (one->subject.v != 0)
		out->subject = exhibit_person(c, one->subject, mem);
	if (one->claimed_by.v != 0 && now_ms < one->claimed_until_ms)
		out->claim = one->claimed_by.v == steward.v ? CASE_CLAIMED_BY_ME : CASE_CLAIMED;
	TRY(cases_count_items(conn, one->id, out->items));
	TRY(find_gravest(conn, one->id, mem, &out->gravest));
	TRY(find_categories(conn, one->id, mem, out));
out:
	return e;
}

struct queue {
	struct circle *c;
	struct conn *conn;
	person_id steward;
	int64_t now_ms;
	struct arena *mem;
	struct case_line *lines;
	size_t n, most;
};

/* Those of `found` that this steward is no party to, as far as there is room. */
static err take(struct queue *q, const struct order_case *found, size_t n)
{
	bool party;
	err e = OK;
	for (size_t i = 0; i < n && q->n < q->most; i++) {
		TRY(cases_is_party(q->conn, found[i].id, q->steward, &party));
		if (!party)
			TRY(docket_line(q->c, q->conn, &found[i], q->steward, q->now_ms, q->mem,
			                &q->lines[q->n++]));
	}
out:
	return e;
}

static err take_over(struct queue *q, case_id before)
{
	struct order_case *found;
	size_t n;
	err e;
	do {
		TRY(cases_over(q->conn, before, PAGE_MAX, q->mem, &found, &n));
		TRY(take(q, found, n));
		before = n > 0 ? found[n - 1].id : before;
	} while (n == PAGE_MAX && q->n < q->most);
out:
	return e;
}

static err take_open(struct queue *q, enum case_side side, case_id behind)
{
	enum case_origin first = side == CASES_OUTSIDE ? CASE_FROM_OUTSIDE : CASE_FROM_INSIDE,
			 last = side == CASES_INSIDE ? CASE_FROM_INSIDE : CASE_OF_NOBODY;
	struct order_case after, *found;
	size_t n;
	err e = OK;
	if (behind.v != 0)
		TRY(docket_find(q->conn, q->steward, behind, q->mem, &after));
	do {
		TRY(cases_queue(q->conn, first, last, behind.v ? &after : NULL, PAGE_MAX, q->mem,
		                &found, &n));
		TRY(take(q, found, n));
		if (n > 0) {
			after = found[n - 1];
			behind = after.id;
		}
	} while (n == PAGE_MAX && q->n < q->most);
out:
	return e;
}

err docket_queue(struct circle *c, person_id steward, const struct queue_part *part, int64_t now_ms,
                 struct arena *mem, struct case_line **out, size_t *n)
{
	int limit = part->page.limit < 1          ? PAGE_DEFAULT
	            : part->page.limit > PAGE_MAX ? PAGE_MAX
	                                          : part->page.limit;
	struct queue q = { c, NULL, steward, now_ms, mem, NULL, 0, (size_t)limit };
	case_id behind = { part->page.max_id };
	err e;
	*n = 0;
	TRY(docket_check_steward(c, steward));
	TRY(store_read(c->store, &q.conn));
	q.lines = ARENA_ARRAY(mem, q.most, struct case_line);
	TRY(part->state == CASE_OPEN ? take_open(&q, part->side, behind) : take_over(&q, behind));
	*out = q.lines;
	*n = q.n;
out:
	store_read_end(c->store, &q.conn);
	return e;
}

struct claim_job {
	struct circle *c;
	person_id steward;
	case_id id;
	bool on;
	int64_t now_ms;
	struct arena *mem;
	struct case_line *out;
};

static err claim_work(struct conn *tx, void *ctx)
{
	const struct claim_job *job = ctx;
	struct order_case one;
	bool claimed;
	err e;
	TRY(docket_check_steward(job->c, job->steward));
	TRY(docket_find(tx, job->steward, job->id, job->mem, &one));
	claimed = one.claimed_by.v != 0 && job->now_ms < one.claimed_until_ms;
	if (one.state != CASE_OPEN)
		return err_conflict(NULL, "This case is over.");
	if (claimed && one.claimed_by.v != job->steward.v)
		return err_conflict(NULL, "Another steward is at this case.");
	one.claimed_by = job->on ? job->steward : (person_id){ 0 };
	one.claimed_until_ms = job->on ? job->now_ms + CASE_CLAIM_MS : 0;
	TRY(cases_claim(tx, one.id, one.claimed_by, one.claimed_until_ms));
	verb_case(job->c, one.id);
	TRY(docket_line(job->c, tx, &one, job->steward, job->now_ms, job->mem, job->out));
out:
	return e;
}

err docket_claim(struct circle *c, person_id steward, case_id id, int64_t now_ms, struct arena *mem,
                 struct case_line *out)
{
	struct claim_job job = { c, steward, id, true, now_ms, mem, out };
	return verb_write(c, claim_work, NULL, &job);
}

err docket_unclaim(struct circle *c, person_id steward, case_id id, int64_t now_ms,
                   struct arena *mem, struct case_line *out)
{
	struct claim_job job = { c, steward, id, false, now_ms, mem, out };
	return verb_write(c, claim_work, NULL, &job);
}
