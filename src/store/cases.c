/* What a case is reckoned from are its items; the row of the case repeats it, so that the queue is one walk of an index. */
#include "store/cases.h"

#include "store/driver.h"
#include "store/rows.h"

#define CASE                                                                                       \
	"case_id, number, subject_id, state, harm, opened_at_ms, due_at_ms, priority, version, "   \
	"claimed_by_id, claimed_until_ms, decided_by_id, decided_at_ms, note, origin"
#define OF_C                                                                                       \
	"c.case_id, c.number, c.subject_id, c.state, c.harm, c.opened_at_ms, c.due_at_ms, "        \
	"c.priority, c.version, c.claimed_by_id, c.claimed_until_ms, c.decided_by_id, "            \
	"c.decided_at_ms, c.note, c.origin"
#define DAY_MS INT64_C(86400000)
#define ITEM "kind, item_id, owner_id, family, at_ms, done, harm, due_at_ms, priority"
#define DEED                                                                                       \
	"case_id, deed_id, decision_id, by_id, at_ms, kind, item_kind, item_id, owner_id, "        \
	"state_before, undone, note, past_by_id, past_at_ms, past_starts_at_ms, "                  \
	"past_ends_at_ms, past_due_at_ms, past_note"

static const char insert_case[] =
	"INSERT INTO cases (" CASE ") "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
static const char next_number[] = "SELECT COALESCE(MAX(number), 0) + $1 FROM cases";
static const char find_case[] = "SELECT " CASE " FROM cases WHERE case_id = $1";
static const char open_of_subject[] = "SELECT " CASE
				      " FROM cases WHERE subject_id = $1 AND subject_id <> 0 "
				      "AND state = 0 LIMIT 1";
/* Within a class and a day of the clock the priority counts: a day is 86,400,000 ms. What is said from outside has no class to be sorted by:
 * whoever says it chooses. As in the index, word by word. */
#define RANK                                                                                       \
	"origin, (CASE WHEN origin = 0 THEN harm ELSE 0 END), (due_at_ms / 86400000), (-priority), due_at_ms, case_id"
static const char queue[] = "SELECT " CASE
			    " FROM cases WHERE state = 0 AND origin >= $1 AND origin <= $2 "
			    "AND (" RANK ") > ($1, $3, $4, $5, $6, $7) ORDER BY " RANK " LIMIT $8";
/* One that was merged has nothing of its own any more. */
static const char over_before[] = "SELECT " CASE " FROM cases WHERE case_id < $1 "
				  "AND state IN (1, 2) ORDER BY case_id DESC LIMIT $2";
static const char similar_cases[] =
	"SELECT DISTINCT " OF_C " FROM measures m JOIN case_items i ON i.kind = 0 "
	"AND i.item_id = m.measure_id JOIN cases c ON c.case_id = i.case_id "
	"WHERE m.rule = $1 AND c.state = 1 AND c.case_id <> $2 ORDER BY c.case_id DESC LIMIT $3";
static const char save_case[] =
	"UPDATE cases SET state = $3, harm = $4, due_at_ms = $5, priority = $6, version = version + 1, "
	"claimed_by_id = $7, claimed_until_ms = $8, decided_by_id = $9, decided_at_ms = $10, note = $11, "
	"origin = $12 WHERE case_id = $1 AND version = $2";
static const char set_claim[] =
	"UPDATE cases SET claimed_by_id = $2, claimed_until_ms = $3 WHERE case_id = $1 AND state = 0";
static const char reckon[] =
	"SELECT COUNT(*), COALESCE(MIN(CASE WHEN kind <> 2 THEN harm END), MIN(harm), 0), "
	"COALESCE(MIN(due_at_ms), 0), COALESCE(MAX(priority), 0), "
	"COALESCE(MAX(CASE WHEN kind <> 2 THEN 1 END), 0) "
	"FROM case_items WHERE case_id = $1 AND done = 0";

static const char put_item[] =
	"INSERT INTO case_items (case_id, " ITEM ") "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
	"ON CONFLICT (case_id, kind, item_id) DO UPDATE SET done = excluded.done, "
	"harm = excluded.harm, due_at_ms = excluded.due_at_ms, priority = excluded.priority";
static const char case_of_item[] =
	"SELECT case_id FROM case_items WHERE kind = $1 AND item_id = $2 AND done = 0 LIMIT 1";
static const char items_of_case[] = "SELECT " ITEM " FROM case_items WHERE case_id = $1 "
				    "AND kind = $2 ORDER BY done, item_id LIMIT $3";
static const char waiting_measures[] =
	"SELECT " ITEM " FROM case_items WHERE kind = 0 AND done = 0 ORDER BY item_id LIMIT $1";
static const char first_item[] = "SELECT " ITEM " FROM case_items WHERE case_id = $1 AND kind = $2 "
				 "ORDER BY harm, item_id LIMIT 1";
static const char set_item_done[] =
	"UPDATE case_items SET done = $4 WHERE case_id = $1 AND kind = $2 AND item_id = $3";
static const char set_item_priority[] =
	"UPDATE case_items SET priority = $4 WHERE case_id = $1 AND kind = $2 AND item_id = $3";
static const char count_items[] =
	"SELECT kind, COUNT(*) FROM case_items WHERE case_id = $1 GROUP BY kind";
static const char find_party[] =
	"SELECT 1 FROM cases WHERE case_id = $1 AND subject_id = $2 "
	"UNION ALL SELECT 1 FROM case_items WHERE case_id = $1 AND owner_id = $2 "
	"UNION ALL SELECT 1 FROM case_items i JOIN measures m ON m.subject_id = i.owner_id "
	"AND m.measure_id = i.item_id WHERE i.case_id = $1 AND i.kind = 0 AND m.post_author_id = $2 "
	"UNION ALL SELECT 1 FROM case_items i JOIN reports r ON r.target_id = i.owner_id "
	"AND r.report_id = i.item_id WHERE i.case_id = $1 AND i.kind = 1 "
	"AND (r.reporter_id = $2 OR r.post_author_id = $2) "
	"UNION ALL SELECT 1 FROM case_items i JOIN appeals a ON a.subject_id = i.owner_id "
	"AND a.appeal_id = i.item_id JOIN measures m ON m.subject_id = a.subject_id "
	"AND m.measure_id = a.measure_id WHERE i.case_id = $1 AND i.kind = 3 AND m.post_author_id = $2 "
	/* Who wrote a copy of what is judged: one's own measures are few, hence not by the index of families. */
	"UNION ALL SELECT 1 FROM case_items i JOIN measures m ON m.subject_id = $2 "
	"AND +m.family = i.family WHERE i.case_id = $1 AND i.family <> 0 "
	"UNION ALL SELECT 1 FROM case_items i JOIN screenings f ON f.seq = i.family "
	"WHERE i.case_id = $1 AND i.family <> 0 AND f.author_id = $2 LIMIT 1";
static const char move_items[] = "UPDATE case_items SET case_id = $2 WHERE case_id = $1";
static const char move_links[] = "UPDATE case_links SET case_id = $2 WHERE case_id = $1";
static const char move_deeds[] = "UPDATE case_deeds SET case_id = $2 WHERE case_id = $1";
static const char linked_cases[] =
	"SELECT " CASE " FROM cases WHERE case_id <> $1 AND case_id IN "
	"(SELECT o.case_id FROM case_items i JOIN case_items o ON o.family = i.family "
	"AND o.family <> 0 WHERE i.case_id = $1) ORDER BY case_id DESC LIMIT $2";

static const char waiting_on_post[] =
	"SELECT i.case_id FROM measures m JOIN case_items i ON i.kind = 0 "
	"AND i.item_id = m.measure_id AND i.done = 0 "
	"WHERE m.post_author_id = $1 AND m.post_id = $2 AND m.comment_id = 0 "
	"UNION SELECT i.case_id FROM measures m JOIN appeals a ON a.measure_id = m.measure_id "
	"JOIN case_items i ON i.kind = 3 AND i.item_id = a.appeal_id AND i.done = 0 "
	"WHERE m.post_author_id = $1 AND m.post_id = $2 AND m.comment_id = 0 "
	"UNION SELECT i.case_id FROM reports r JOIN case_items i ON i.kind = 1 "
	"AND i.item_id = r.report_id AND i.done = 0 "
	"WHERE r.target_id = $1 AND r.state = 0 AND r.post_id = $2 AND r.post_id <> 0 "
	"AND r.comment_id = 0 "
	"UNION SELECT i.case_id FROM complaints k JOIN case_items i ON i.kind = 2 "
	"AND i.item_id = k.complaint_id AND i.done = 0 "
	"WHERE k.named_id = $2 AND k.named_id <> 0 AND k.state = 0 AND i.owner_id = $1 "
	"ORDER BY 1 LIMIT $3";
static const char pieces_of_family[] =
	"SELECT DISTINCT post_author_id, post_id, comment_id FROM measures "
	"WHERE family = $1 AND family <> 0 AND post_id <> 0 ORDER BY post_id, comment_id LIMIT $2";
/* A copy's, as its measure says; of the first itself, its own number where there are copies of it. */
static const char family_of_piece[] =
	"SELECT family FROM measures WHERE post_author_id = $1 AND post_id = $2 "
	"AND comment_id = $3 AND family <> 0 "
	"UNION ALL SELECT m.family FROM screenings s JOIN measures m ON m.family = s.seq "
	"AND m.family <> 0 WHERE s.post_author_id = $1 AND s.post_id = $2 AND s.comment_id = $3 "
	"LIMIT 1";
static const char insert_deed[] = "INSERT INTO case_deeds (" DEED ") "
				  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
				  "$13, $14, $15, $16, $17, $18)";
static const char deeds_of_case[] = "SELECT " DEED " FROM case_deeds WHERE case_id = $1 "
				    "ORDER BY deed_id LIMIT $2";
static const char set_deeds_undone[] =
	"UPDATE case_deeds SET undone = 1 WHERE case_id = $1 AND decision_id = $2";

static struct stmt *of_case(struct conn *conn, const char *sql, case_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, id.v);
	return q;
}

err cases_insert(struct conn *tx, struct order_case *one, int above)
{
	struct stmt *q = driver_prepare(tx, next_number);
	err e;
	stmt_bind_i64(q, 1, above);
	TRY(stmt_number(q, "no number", &one->number));
	q = of_case(tx, insert_case, one->id);
	stmt_bind_i64(q, 2, one->number);
	stmt_bind_i64(q, 3, one->subject.v);
	stmt_bind_i64(q, 4, one->state);
	stmt_bind_i64(q, 5, one->harm);
	stmt_bind_i64(q, 6, one->opened_at_ms);
	stmt_bind_i64(q, 7, one->due_at_ms);
	stmt_bind_i64(q, 8, one->priority);
	stmt_bind_i64(q, 9, one->version);
	stmt_bind_i64(q, 10, one->claimed_by.v);
	stmt_bind_i64(q, 11, one->claimed_until_ms);
	stmt_bind_i64(q, 12, one->decided_by.v);
	stmt_bind_i64(q, 13, one->decided_at_ms);
	stmt_bind_text(q, 14, one->note);
	stmt_bind_i64(q, 15, one->origin);
	TRY(stmt_run(q));
out:
	return e;
}

static struct order_case read_case(struct stmt *q, struct arena *mem)
{
	return (struct order_case){
		.id = { stmt_i64(q, 0) },
		.number = stmt_i64(q, 1),
		.subject = { stmt_i64(q, 2) },
		.state = (enum case_state)stmt_int(q, 3),
		.harm = (enum harm_class)stmt_int(q, 4),
		.opened_at_ms = stmt_i64(q, 5),
		.due_at_ms = stmt_i64(q, 6),
		.priority = stmt_i64(q, 7),
		.version = stmt_int(q, 8),
		.claimed_by = { stmt_i64(q, 9) },
		.claimed_until_ms = stmt_i64(q, 10),
		.decided_by = { stmt_i64(q, 11) },
		.decided_at_ms = stmt_i64(q, 12),
		.note = stmt_text(q, 13, mem),
		.origin = (enum case_origin)stmt_int(q, 14),
	};
}

static err read_one(struct stmt *q, struct arena *mem, struct order_case *out)
{
	err e = stmt_one(q, "no such case");
	if (!failed(e))
		*out = read_case(q, mem);
	stmt_done(q);
	return e;
}

static err read_cases(struct stmt *q, struct arena *mem, struct order_case **out, size_t *n)
{
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct order_case) = read_case(q, mem);
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err cases_find(struct conn *conn, case_id id, struct arena *mem, struct order_case *out)
{
	return read_one(of_case(conn, find_case, id), mem, out);
}

err cases_open_of(struct conn *conn, person_id subject, struct arena *mem, struct order_case *out)
{
	struct stmt *q = driver_prepare(conn, open_of_subject);
	stmt_bind_i64(q, 1, subject.v);
	return read_one(q, mem, out);
}

err cases_queue(struct conn *conn, enum case_origin first, enum case_origin last,
                const struct order_case *after, int limit, struct arena *mem,
                struct order_case **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, queue);
	struct order_case front = { .origin = first, .priority = INT64_MAX };
	if (after && after->origin >= first)
		front = *after;
	stmt_bind_i64(q, 1, front.origin);
	stmt_bind_i64(q, 2, last);
	stmt_bind_i64(q, 3, front.origin == CASE_FROM_INSIDE ? (int64_t)front.harm : 0);
	stmt_bind_i64(q, 4, front.due_at_ms / DAY_MS);
	stmt_bind_i64(q, 5, -front.priority);
	stmt_bind_i64(q, 6, front.due_at_ms);
	stmt_bind_i64(q, 7, front.id.v);
	stmt_bind_i64(q, 8, limit);
	return read_cases(q, mem, out, n);
}

err cases_over(struct conn *conn, case_id before, int limit, struct arena *mem,
               struct order_case **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, over_before);
	stmt_bind_i64(q, 1, before.v ? before.v : INT64_MAX);
	stmt_bind_i64(q, 2, limit);
	return read_cases(q, mem, out, n);
}

err cases_similar(struct conn *conn, str rule, case_id but, int limit, struct arena *mem,
                  struct order_case **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, similar_cases);
	stmt_bind_text(q, 1, rule);
	stmt_bind_i64(q, 2, but.v);
	stmt_bind_i64(q, 3, limit);
	return read_cases(q, mem, out, n);
}

err cases_save(struct conn *tx, struct order_case *one)
{
	struct stmt *q = of_case(tx, save_case, one->id);
	err e;
	stmt_bind_i64(q, 2, one->version);
	stmt_bind_i64(q, 3, one->state);
	stmt_bind_i64(q, 4, one->harm);
	stmt_bind_i64(q, 5, one->due_at_ms);
	stmt_bind_i64(q, 6, one->priority);
	stmt_bind_i64(q, 7, one->claimed_by.v);
	stmt_bind_i64(q, 8, one->claimed_until_ms);
	stmt_bind_i64(q, 9, one->decided_by.v);
	stmt_bind_i64(q, 10, one->decided_at_ms);
	stmt_bind_text(q, 11, one->note);
	stmt_bind_i64(q, 12, one->origin);
	TRY(stmt_run(q));
	if (driver_changes(tx) == 0)
		return err_conflict(NULL, "This case was decided or changed by another steward.");
	one->version++;
out:
	return e;
}

err cases_claim(struct conn *tx, case_id id, person_id by, int64_t until_ms)
{
	struct stmt *q = of_case(tx, set_claim, id);
	stmt_bind_i64(q, 2, by.v);
	stmt_bind_i64(q, 3, until_ms);
	return stmt_run(q);
}

err cases_reckon(struct conn *conn, struct order_case *one, size_t *waiting)
{
	struct stmt *q = of_case(conn, reckon, one->id);
	err e = stmt_one(q, "no count");
	if (!failed(e)) {
		*waiting = (size_t)stmt_i64(q, 0);
		if (*waiting > 0) { /* what is over stays as it was */
			one->harm = (enum harm_class)stmt_int(q, 1);
			one->due_at_ms = stmt_i64(q, 2);
			one->priority = stmt_i64(q, 3);
			one->origin = stmt_int(q, 4)   ? CASE_FROM_INSIDE
			              : one->subject.v ? CASE_FROM_OUTSIDE
			                               : CASE_OF_NOBODY;
		}
	}
	stmt_done(q);
	return e;
}

err cases_put_item(struct conn *tx, case_id in, const struct case_item *item)
{
	struct stmt *q = of_case(tx, put_item, in);
	stmt_bind_i64(q, 2, item->kind);
	stmt_bind_i64(q, 3, item->id);
	stmt_bind_i64(q, 4, item->owner.v);
	stmt_bind_i64(q, 5, item->family);
	stmt_bind_i64(q, 6, item->at_ms);
	stmt_bind_i64(q, 7, item->done);
	stmt_bind_i64(q, 8, item->harm);
	stmt_bind_i64(q, 9, item->due_at_ms);
	stmt_bind_i64(q, 10, item->priority);
	return stmt_run(q);
}

err cases_of_item(struct conn *conn, enum case_item_kind kind, int64_t id, case_id *out)
{
	struct stmt *q = driver_prepare(conn, case_of_item);
	stmt_bind_i64(q, 1, kind);
	stmt_bind_i64(q, 2, id);
	return stmt_number(q, "it waits in no case", &out->v);
}

static struct case_item read_item(struct stmt *q)
{
	return (struct case_item){
		.kind = (enum case_item_kind)stmt_int(q, 0),
		.id = stmt_i64(q, 1),
		.owner = { stmt_i64(q, 2) },
		.family = stmt_i64(q, 3),
		.at_ms = stmt_i64(q, 4),
		.done = stmt_int(q, 5) != 0,
		.harm = (enum harm_class)stmt_int(q, 6),
		.due_at_ms = stmt_i64(q, 7),
		.priority = stmt_i64(q, 8),
	};
}

static err read_items(struct stmt *q, struct arena *mem, struct rows *rows)
{
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(rows, mem, struct case_item) = read_item(q);
	}
out:
	return e;
}

err cases_items(struct conn *conn, case_id in, int each, struct arena *mem, struct case_item **out,
                size_t *n)
{
	struct rows rows = { 0 };
	err e = OK;
	for (int kind = 0; kind < CASE_ITEM_KINDS; kind++) {
		struct stmt *q = of_case(conn, items_of_case, in);
		stmt_bind_i64(q, 2, kind);
		stmt_bind_i64(q, 3, each);
		TRY(read_items(q, mem, &rows));
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err cases_waiting_measures(struct conn *conn, int limit, struct arena *mem, struct case_item **out,
                           size_t *n)
{
	struct stmt *q = driver_prepare(conn, waiting_measures);
	struct rows rows = { 0 };
	err e;
	stmt_bind_i64(q, 1, limit);
	e = read_items(q, mem, &rows);
	*out = rows.p;
	*n = rows.n;
	return e;
}

err cases_first_item(struct conn *conn, case_id in, enum case_item_kind kind, struct case_item *out)
{
	struct stmt *q = of_case(conn, first_item, in);
	err e;
	stmt_bind_i64(q, 2, kind);
	e = stmt_one(q, "no such item");
	if (!failed(e))
		*out = read_item(q);
	stmt_done(q);
	return e;
}

err cases_set_done(struct conn *tx, case_id in, enum case_item_kind kind, int64_t id, bool done)
{
	struct stmt *q = of_case(tx, set_item_done, in);
	stmt_bind_i64(q, 2, kind);
	stmt_bind_i64(q, 3, id);
	stmt_bind_i64(q, 4, done);
	return stmt_run(q);
}

err cases_set_priority(struct conn *tx, case_id in, enum case_item_kind kind, int64_t id,
                       int64_t priority)
{
	struct stmt *q = driver_prepare(tx, set_item_priority);
	stmt_bind_i64(q, 1, in.v);
	stmt_bind_i64(q, 2, kind);
	stmt_bind_i64(q, 3, id);
	stmt_bind_i64(q, 4, priority);
	return stmt_run(q);
}

err cases_count_items(struct conn *conn, case_id in, int *counts)
{
	struct stmt *q = of_case(conn, count_items, in);
	bool row;
	err e;
	for (int kind = 0; kind < CASE_ITEM_KINDS; kind++)
		counts[kind] = 0;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		int kind = stmt_int(q, 0);
		if (kind >= 0 && kind < CASE_ITEM_KINDS)
			counts[kind] = stmt_int(q, 1);
	}
out:
	return e;
}

err cases_is_party(struct conn *conn, case_id in, person_id person, bool *party)
{
	struct stmt *q = of_case(conn, find_party, in);
	err e;
	stmt_bind_i64(q, 2, person.v);
	e = stmt_one(q, "no party");
	*party = e.code != ERR_MISSING;
	stmt_done(q);
	return e.code == ERR_MISSING ? OK : e;
}

static err move(struct conn *tx, const char *sql, case_id from, case_id to)
{
	struct stmt *q = of_case(tx, sql, from);
	stmt_bind_i64(q, 2, to.v);
	return stmt_run(q);
}

err cases_move_items(struct conn *tx, case_id from, case_id to)
{
	err e;
	TRY(move(tx, move_items, from, to));
	TRY(move(tx, move_links, from, to));
	TRY(move(tx, move_deeds, from, to));
out:
	return e;
}

err cases_linked(struct conn *conn, case_id id, int limit, struct arena *mem,
                 struct order_case **out, size_t *n)
{
	struct stmt *q = of_case(conn, linked_cases, id);
	stmt_bind_i64(q, 2, limit);
	return read_cases(q, mem, out, n);
}

err cases_waiting_on(struct conn *conn, person_id post_author, post_id post, int limit,
                     struct arena *mem, case_id **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, waiting_on_post);
	void *ids;
	err e;
	stmt_bind_i64(q, 1, post_author.v);
	stmt_bind_i64(q, 2, post.v);
	stmt_bind_i64(q, 3, limit);
	TRY(rows_ids(q, mem, &ids, n));
	*out = ids;
out:
	return e;
}

err cases_family(struct conn *conn, int64_t family, int limit, struct arena *mem,
                 struct status_ref **out, size_t *n)
{
	struct stmt *q = driver_prepare(conn, pieces_of_family);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, family);
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct status_ref) = (struct status_ref){
			{ stmt_i64(q, 0) }, { stmt_i64(q, 1) }, { stmt_i64(q, 2) }
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err cases_family_of(struct conn *conn, const struct status_ref *piece, int64_t *family)
{
	struct stmt *q = driver_prepare(conn, family_of_piece);
	err e;
	stmt_bind_i64(q, 1, piece->post_author.v);
	stmt_bind_i64(q, 2, piece->post.v);
	stmt_bind_i64(q, 3, piece->comment.v);
	e = stmt_number(q, "no copies", family);
	if (e.code == ERR_MISSING)
		*family = 0;
	return e.code == ERR_MISSING ? OK : e;
}

err cases_insert_deed(struct conn *tx, const struct case_deed *deed)
{
	struct stmt *q = of_case(tx, insert_deed, deed->in);
	const struct deed_past *past = &deed->past;
	stmt_bind_i64(q, 2, deed->id);
	stmt_bind_i64(q, 3, deed->decision);
	stmt_bind_i64(q, 4, deed->by.v);
	stmt_bind_i64(q, 5, deed->at_ms);
	stmt_bind_i64(q, 6, deed->kind);
	stmt_bind_i64(q, 7, deed->item_kind);
	stmt_bind_i64(q, 8, deed->item);
	stmt_bind_i64(q, 9, deed->owner.v);
	stmt_bind_i64(q, 10, deed->before);
	stmt_bind_i64(q, 11, deed->undone);
	stmt_bind_text(q, 12, deed->note);
	stmt_bind_i64(q, 13, past->decided_by.v);
	stmt_bind_i64(q, 14, past->decided_at_ms);
	stmt_bind_i64(q, 15, past->starts_at_ms);
	stmt_bind_i64(q, 16, past->ends_at_ms);
	stmt_bind_i64(q, 17, past->due_at_ms);
	stmt_bind_text(q, 18, past->note);
	return stmt_run(q);
}

err cases_deeds(struct conn *conn, case_id in, int limit, struct arena *mem, struct case_deed **out,
                size_t *n)
{
	struct stmt *q = of_case(conn, deeds_of_case, in);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 2, limit);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct case_deed) = (struct case_deed){
			.in = { stmt_i64(q, 0) },
			.id = stmt_i64(q, 1),
			.decision = stmt_i64(q, 2),
			.by = { stmt_i64(q, 3) },
			.at_ms = stmt_i64(q, 4),
			.kind = (enum deed_kind)stmt_int(q, 5),
			.item_kind = (enum case_item_kind)stmt_int(q, 6),
			.item = stmt_i64(q, 7),
			.owner = { stmt_i64(q, 8) },
			.before = stmt_int(q, 9),
			.undone = stmt_int(q, 10) != 0,
			.note = stmt_text(q, 11, mem),
			.past = { .decided_by = { stmt_i64(q, 12) },
			          .decided_at_ms = stmt_i64(q, 13),
			          .starts_at_ms = stmt_i64(q, 14),
			          .ends_at_ms = stmt_i64(q, 15),
			          .due_at_ms = stmt_i64(q, 16),
			          .note = stmt_text(q, 17, mem) },
		};
	}
	*out = rows.p;
	*n = rows.n;
out:
	return e;
}

err cases_set_undone(struct conn *tx, case_id in, int64_t decision)
{
	struct stmt *q = of_case(tx, set_deeds_undone, in);
	stmt_bind_i64(q, 2, decision);
	return stmt_run(q);
}
