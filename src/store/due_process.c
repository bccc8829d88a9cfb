#include "store/due_process.h"

#include "store/driver.h"

static const char *const tables[] = {
	"measures",     "measure_refs", "holds",          "cases",        "case_items",
	"case_deeds",   "reports",      "reporters",      "complaints",   "case_links",
	"appeals",      "appeal_refs",  "jurors",         "juror_lists",  "seats",
	"juror_checks", "accesses",     "order_settings", "order_months", "banked",
};

/* Read by appeals_insert: the highest number that was ever given. */
static const char keep_numbers[] =
	"INSERT INTO order_settings (name, value) SELECT 'appeals', CAST(COALESCE(MAX(number), 0) AS TEXT) "
	"FROM appeals WHERE true ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char skip_numbers[] =
	"INSERT INTO order_settings (name, value) SELECT 'appeals', CAST(COALESCE(MAX(number), 0) + 1000 AS TEXT) "
	"FROM appeals WHERE true ON CONFLICT (name) DO UPDATE SET value = excluded.value";

#define NOBODY(column) "NOT EXISTS (SELECT 1 FROM people p WHERE p.person_id = " column ")"

/* In this order. measures.state 0: active, 5: proposed, 6: withdrawn; case_items.kind 0: measure, 1: report, 3: appeal. */
static const char *const tidy[] = {
	/* on whom nobody knows */
	"DELETE FROM measures WHERE " NOBODY("subject_id"),
	"DELETE FROM reports WHERE " NOBODY("target_id"),
	"DELETE FROM reporters WHERE " NOBODY("reporters.person_id"),
	"DELETE FROM jurors WHERE " NOBODY("jurors.person_id"),
	"DELETE FROM juror_checks WHERE " NOBODY("juror_checks.person_id"),
	"DELETE FROM case_links WHERE subject_id <> 0 AND " NOBODY("subject_id"),
	"UPDATE cases SET subject_id = 0 WHERE subject_id <> 0 AND " NOBODY("subject_id"),
	"UPDATE reports SET reporter_id = 0, text = '' WHERE reporter_id <> 0 AND " NOBODY(
		"reporter_id"),
	"UPDATE seats SET person_id = 0, note = '', state = CASE state WHEN 0 THEN 2 ELSE state END "
	"WHERE person_id <> 0 AND " NOBODY("seats.person_id"),
	/* on what is not there */
	"UPDATE measures SET state = 6, due_at_ms = 0 WHERE state = 0 AND post_id <> 0 AND kind <> 4 AND (NOT EXISTS "
	"(SELECT 1 FROM posts p WHERE p.author_id = post_author_id AND p.post_id = measures.post_id) OR "
	"(comment_id <> 0 AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.post_author_id = measures.post_author_id "
	"AND c.post_id = measures.post_id AND c.comment_id = measures.comment_id)) OR "
	"(version_id <> 0 AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.post_author_id = measures.post_author_id "
	"AND v.post_id = measures.post_id AND v.version_id = measures.version_id)))",
	"DELETE FROM holds WHERE NOT EXISTS (SELECT 1 FROM measure_refs r JOIN measures m ON m.subject_id = r.subject_id "
	"AND m.measure_id = r.measure_id WHERE r.measure_id = holds.measure_id AND m.state <> 6)",
	"DELETE FROM measure_refs WHERE NOT EXISTS (SELECT 1 FROM measures m WHERE m.subject_id = measure_refs.subject_id "
	"AND m.measure_id = measure_refs.measure_id)",
	"DELETE FROM appeals WHERE NOT EXISTS (SELECT 1 FROM measure_refs r WHERE r.measure_id = appeals.measure_id)",
	"DELETE FROM appeal_refs WHERE NOT EXISTS (SELECT 1 FROM appeals a WHERE a.subject_id = appeal_refs.subject_id "
	"AND a.appeal_id = appeal_refs.appeal_id)",
	"UPDATE appeals SET state = 4 WHERE state = 0 AND EXISTS (SELECT 1 FROM measures m "
	"WHERE m.subject_id = appeals.subject_id AND m.measure_id = appeals.measure_id AND m.state = 6)",
	"DELETE FROM seats WHERE NOT EXISTS (SELECT 1 FROM appeal_refs r WHERE r.appeal_id = seats.appeal_id)",
	"UPDATE seats SET state = 4 WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM appeals a "
	"WHERE a.appeal_id = seats.appeal_id AND a.state = 0)",
	"UPDATE juror_checks SET state = 4 WHERE state = 0 AND appeal_id <> 0 AND NOT EXISTS (SELECT 1 FROM appeals a "
	"WHERE a.appeal_id = juror_checks.appeal_id AND a.state = 0)",
	/* and what waited for stewards because of it */
	"DELETE FROM case_items WHERE (kind = 0 AND NOT EXISTS (SELECT 1 FROM measure_refs r WHERE r.measure_id = item_id)) "
	"OR (kind = 1 AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.report_id = item_id)) "
	"OR (kind = 3 AND NOT EXISTS (SELECT 1 FROM appeal_refs r WHERE r.appeal_id = item_id))",
	"UPDATE case_items SET done = 1 WHERE done = 0 AND ((kind = 0 AND EXISTS (SELECT 1 FROM measures m "
	"WHERE m.measure_id = item_id AND m.state = 6)) OR (kind = 3 AND EXISTS (SELECT 1 FROM appeals a "
	"WHERE a.appeal_id = item_id AND a.state <> 0)))",
	"UPDATE cases SET state = 2, claimed_by_id = 0, claimed_until_ms = 0 WHERE state = 0 AND NOT EXISTS "
	"(SELECT 1 FROM case_items i WHERE i.case_id = cases.case_id AND i.done = 0)",
	"UPDATE cases SET harm = (SELECT MIN(i.harm) FROM case_items i WHERE i.case_id = cases.case_id AND i.done = 0), "
	"due_at_ms = (SELECT MIN(i.due_at_ms) FROM case_items i WHERE i.case_id = cases.case_id AND i.done = 0) "
	"WHERE state = 0",
};

static err run(struct conn *tx, const char *sql) { return stmt_run(driver_prepare(tx, sql)); }

err due_process_take(struct conn *tx, struct conn *from)
{
	err e = OK;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		TRY(driver_take_table(tx, from, tables[i]));
	TRY(run(tx, keep_numbers));
	for (size_t i = 0; i < sizeof tidy / sizeof tidy[0]; i++)
		TRY(run(tx, tidy[i]));
out:
	return e;
}

err due_process_skip(struct conn *tx) { return run(tx, skip_numbers); }
