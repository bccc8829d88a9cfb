#include "store/checks.h"

#include "store/driver.h"
#include "store/post_words.h"

static const char quick_check[] = "PRAGMA quick_check(20)";
static const char find_origin[] = "SELECT record FROM tombstones WHERE seq = 0";
static const char highest_record[] = "SELECT COALESCE(MAX(seq), 0) FROM tombstones";

/* Each asks for what is wrong, as one or two ids a row. $1: at most so many. The whole of both tables is read, on purpose. */
static const struct {
	const char *what, *sql;
} rules[] = {
	/* the directory of pieces */
	{ "a post without its directory row",
	  "SELECT author_id, post_id FROM posts p WHERE NOT EXISTS (SELECT 1 FROM status_refs r "
	  "WHERE r.status_id = p.post_id AND r.post_author_id = p.author_id AND r.comment_id = 0) LIMIT $1" },
	{ "a comment without its directory row",
	  "SELECT post_id, comment_id FROM comments c WHERE NOT EXISTS (SELECT 1 FROM status_refs r "
	  "WHERE r.status_id = c.comment_id AND r.post_id = c.post_id AND r.comment_id = c.comment_id) LIMIT $1" },
	{ "a directory row that leads to no post",
	  "SELECT status_id, post_id FROM status_refs r WHERE NOT EXISTS (SELECT 1 FROM posts p "
	  "WHERE p.author_id = r.post_author_id AND p.post_id = r.post_id) LIMIT $1" },
	{ "a directory row that leads to no comment of a living post",
	  "SELECT r.status_id, r.post_id FROM status_refs r JOIN posts p ON p.author_id = r.post_author_id "
	  "AND p.post_id = r.post_id WHERE r.comment_id <> 0 AND p.deleted_at_ms = 0 AND NOT EXISTS "
	  "(SELECT 1 FROM comments c WHERE c.post_author_id = r.post_author_id AND c.post_id = r.post_id "
	  "AND c.comment_id = r.comment_id) LIMIT $1" },
	/* what a post says of its rows */
	{ "a post that counts its pictures wrongly",
	  "SELECT author_id, post_id FROM posts p WHERE n_media <> (SELECT COUNT(*) FROM media m "
	  "WHERE m.owner_id = p.author_id AND m.post_id = p.post_id AND m.post_id <> 0) LIMIT $1" },
	{ "a post that counts the people it names wrongly",
	  "SELECT author_id, post_id FROM posts p WHERE n_mentions <> (SELECT COUNT(*) FROM post_mentions m "
	  "WHERE m.author_id = p.author_id AND m.post_id = p.post_id) LIMIT $1" },
	{ "a comment that counts the people it names wrongly",
	  "SELECT post_id, comment_id FROM comments c WHERE n_mentions <> (SELECT COUNT(*) FROM "
	  "comment_mentions m WHERE m.post_author_id = c.post_author_id AND m.post_id = c.post_id "
	  "AND m.comment_id = c.comment_id) LIMIT $1" },
	{ "a post that counts its earlier audiences wrongly",
	  "SELECT author_id, post_id FROM posts p WHERE n_clauses <> (SELECT COUNT(*) FROM post_clauses k "
	  "WHERE k.author_id = p.author_id AND k.post_id = p.post_id) LIMIT $1" },
	{ "a post whose change that waits is not there",
	  "SELECT author_id, post_id FROM posts p WHERE pending_id <> 0 AND NOT EXISTS (SELECT 1 FROM versions v "
	  "WHERE v.post_author_id = p.author_id AND v.post_id = p.post_id AND v.comment_id = 0 "
	  "AND v.version_id = p.pending_id) LIMIT $1" },
	{ "a post for a group that does not list it",
	  "SELECT group_id, post_id FROM posts p WHERE group_id <> 0 AND deleted_at_ms = 0 AND NOT EXISTS "
	  "(SELECT 1 FROM group_posts g WHERE g.group_id = p.group_id AND g.post_id = p.post_id) "
	  "AND NOT EXISTS (SELECT 1 FROM groups g WHERE g.group_id = p.group_id AND g.deleted_at_ms <> 0) LIMIT $1" },
	/* nothing is left of what was deleted */
	{ "words of a deleted post",
	  "SELECT author_id, post_id FROM posts WHERE deleted_at_ms <> 0 AND (text <> '' OR place <> '' "
	  "OR card_url <> '' OR card_title <> '' OR card_about <> '') LIMIT $1" },
	{ "words of a deleted comment",
	  "SELECT post_id, comment_id FROM comments WHERE deleted_at_ms <> 0 AND text <> '' LIMIT $1" },
	{ "a comment on a post that is not there",
	  "SELECT post_id, comment_id FROM comments c WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE "
	  "p.author_id = c.post_author_id AND p.post_id = c.post_id AND p.deleted_at_ms = 0) LIMIT $1" },
	{ "a like on a post that is not there",
	  "SELECT post_id, liker_id FROM likes l WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE "
	  "p.author_id = l.post_author_id AND p.post_id = l.post_id AND p.deleted_at_ms = 0) LIMIT $1" },
	{ "a picture of a post that is not there",
	  "SELECT post_id, media_id FROM media m WHERE post_id <> 0 AND NOT EXISTS (SELECT 1 FROM posts p WHERE "
	  "p.author_id = m.owner_id AND p.post_id = m.post_id AND p.deleted_at_ms = 0) LIMIT $1" },
	{ "a version of a piece that is not there",
	  "SELECT post_id, version_id FROM versions v WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE "
	  "p.author_id = v.post_author_id AND p.post_id = v.post_id AND p.deleted_at_ms = 0) LIMIT $1" },
	{ "words for search of a post that is not there",
	  "SELECT w.rowid, w.rowid FROM post_words w LEFT JOIN status_refs r ON r.status_id = w.rowid "
	  "LEFT JOIN posts p ON p.author_id = r.post_author_id AND p.post_id = r.post_id "
	  "AND p.deleted_at_ms = 0 WHERE p.post_id IS NULL LIMIT $1" },
	/* people */
	{ "a person whose handle does not lead to them",
	  "SELECT person_id, person_id FROM people p WHERE NOT EXISTS (SELECT 1 FROM handles h "
	  "WHERE h.handle_key = p.handle_key AND h.person_id = p.person_id) LIMIT $1" },
	{ "a handle that leads to nobody",
	  "SELECT person_id, person_id FROM handles h WHERE NOT EXISTS (SELECT 1 FROM people p "
	  "WHERE p.person_id = h.person_id) LIMIT $1" },
	{ "a post of nobody",
	  "SELECT author_id, post_id FROM posts p WHERE NOT EXISTS (SELECT 1 FROM people q "
	  "WHERE q.person_id = p.author_id) LIMIT $1" },
	{ "a friendship with nobody",
	  "SELECT person_id, friend_id FROM ties t WHERE NOT EXISTS (SELECT 1 FROM people p WHERE "
	  "p.person_id = t.person_id) OR NOT EXISTS (SELECT 1 FROM people p WHERE p.person_id = t.friend_id) LIMIT $1" },
	{ "somebody in a tag that is not there",
	  "SELECT list_id, member_id FROM list_members m WHERE NOT EXISTS (SELECT 1 FROM lists l WHERE "
	  "l.person_id = m.person_id AND l.list_id = m.list_id) LIMIT $1" },
	{ "a picture of oneself that is not there",
	  "SELECT person_id, avatar_id FROM people p WHERE avatar_id <> 0 AND NOT EXISTS (SELECT 1 FROM media m "
	  "WHERE m.owner_id = p.person_id AND m.media_id = p.avatar_id) LIMIT $1" },
	{ "a cover that is not there",
	  "SELECT person_id, cover_id FROM people p WHERE cover_id <> 0 AND NOT EXISTS (SELECT 1 FROM media m "
	  "WHERE m.owner_id = p.person_id AND m.media_id = p.cover_id) LIMIT $1" },
	{ "a second factor said to be set, or not set, that is not",
	  "SELECT person_id, second_factor FROM people p WHERE second_factor <> "
	  "(EXISTS (SELECT 1 FROM totps t WHERE t.person_id = p.person_id AND t.confirmed = 1) OR "
	  "EXISTS (SELECT 1 FROM passkeys k WHERE k.person_id = p.person_id)) LIMIT $1" },
	/* groups */
	{ "somebody in a group that is not there",
	  "SELECT group_id, person_id FROM group_members m WHERE NOT EXISTS (SELECT 1 FROM groups g "
	  "WHERE g.group_id = m.group_id AND g.deleted_at_ms = 0) LIMIT $1" },
	{ "a group whose owner is not in it",
	  "SELECT group_id, owner_id FROM groups g WHERE deleted_at_ms = 0 AND NOT EXISTS "
	  "(SELECT 1 FROM group_members m WHERE m.group_id = g.group_id AND m.person_id = g.owner_id "
	  "AND m.state = 2) LIMIT $1" },
	{ "a group that lists a post that is not for it",
	  "SELECT group_id, post_id FROM group_posts g WHERE NOT EXISTS (SELECT 1 FROM posts p WHERE "
	  "p.author_id = g.author_id AND p.post_id = g.post_id AND p.group_id = g.group_id) LIMIT $1" },
	/* directories of secrets and ids */
	{ "a session without its token",
	  "SELECT person_id, session_id FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM tokens t WHERE "
	  "t.token_hash = s.token_hash AND t.session_id = s.session_id) LIMIT $1" },
	{ "a token without its session",
	  "SELECT person_id, session_id FROM tokens t WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE "
	  "s.person_id = t.person_id AND s.session_id = t.session_id) LIMIT $1" },
	{ "an invitation's code that leads nowhere",
	  "SELECT person_id, invite_id FROM invite_refs r WHERE NOT EXISTS (SELECT 1 FROM invites i WHERE "
	  "i.person_id = r.person_id AND i.invite_id = r.invite_id) LIMIT $1" },
	{ "a passkey without its directory row",
	  "SELECT person_id, passkey_id FROM passkeys k WHERE NOT EXISTS (SELECT 1 FROM passkey_refs r WHERE "
	  "r.credential_hash = k.credential_hash AND r.passkey_id = k.passkey_id) LIMIT $1" },
	{ "a passkey's directory row that leads nowhere",
	  "SELECT person_id, passkey_id FROM passkey_refs r WHERE NOT EXISTS (SELECT 1 FROM passkeys k WHERE "
	  "k.person_id = r.person_id AND k.passkey_id = r.passkey_id) LIMIT $1" },
	{ "a picture without its directory row",
	  "SELECT owner_id, media_id FROM media m WHERE NOT EXISTS (SELECT 1 FROM media_refs r WHERE "
	  "r.media_id = m.media_id AND r.owner_id = m.owner_id) LIMIT $1" },
	{ "words of a filter that is not there",
	  "SELECT reader_id, filter_id FROM filter_words w WHERE NOT EXISTS (SELECT 1 FROM filters f WHERE "
	  "f.reader_id = w.reader_id AND f.filter_id = w.filter_id) LIMIT $1" },
	/* the order */
	{ "a measure without its directory row",
	  "SELECT subject_id, measure_id FROM measures m WHERE NOT EXISTS (SELECT 1 FROM measure_refs r WHERE "
	  "r.measure_id = m.measure_id AND r.subject_id = m.subject_id) LIMIT $1" },
	/* kind 0: hold; state 0: active, 2: kept */
	{ "a hold that says another time than its measure",
	  "SELECT h.post_id, h.measure_id FROM holds h LEFT JOIN measure_refs r ON r.measure_id = h.measure_id "
	  "LEFT JOIN measures m ON m.subject_id = r.subject_id AND m.measure_id = h.measure_id "
	  "WHERE m.measure_id IS NULL OR m.kind <> 0 OR h.held_until_ms <> CASE m.state WHEN 0 THEN m.ends_at_ms "
	  "WHEN 2 THEN 9223372036854775807 ELSE 0 END LIMIT $1" },
	/* kind 1: a report, 2: a complaint */
	{ "an open report that waits in no case",
	  "SELECT target_id, report_id FROM reports r WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM case_items i "
	  "WHERE i.kind = 1 AND i.item_id = r.report_id AND i.done = 0) LIMIT $1" },
	{ "an open complaint that waits in no case",
	  "SELECT complaint_id, complaint_id FROM complaints k WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM case_items i "
	  "WHERE i.kind = 2 AND i.item_id = k.complaint_id AND i.done = 0) LIMIT $1" },
	/* status 2: erased */
	{ "what opens the log of who was erased",
	  "SELECT s.person_id, s.seq FROM audit_salts s JOIN people p ON p.person_id = s.person_id "
	  "WHERE p.status = 2 LIMIT $1" },
	{ "an open case in which nothing waits",
	  "SELECT case_id, subject_id FROM cases c WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM case_items i "
	  "WHERE i.case_id = c.case_id AND i.done = 0) LIMIT $1" },
	{ "an item that waits in a case that is over, or in none",
	  "SELECT case_id, item_id FROM case_items i WHERE done = 0 AND NOT EXISTS (SELECT 1 FROM cases c "
	  "WHERE c.case_id = i.case_id AND c.state = 0) LIMIT $1" },
	{ "a case with another class or clock than its items have",
	  "SELECT c.case_id, c.due_at_ms FROM cases c WHERE state = 0 AND EXISTS (SELECT 1 FROM case_items i "
	  "WHERE i.case_id = c.case_id AND i.done = 0) AND (harm <> (SELECT COALESCE(MIN(CASE WHEN i.kind <> 2 THEN i.harm END), MIN(i.harm)) "
	  "FROM case_items i WHERE i.case_id = c.case_id AND i.done = 0) OR due_at_ms <> (SELECT MIN(i.due_at_ms) FROM case_items i "
	  "WHERE i.case_id = c.case_id AND i.done = 0)) LIMIT $1" },
	/* kind 2: a seal; state 5: proposed. status 1: sealed. A seal that has begun waits for its end. */
	{ "a sealed person without a seal, or a seal that seals nobody",
	  "SELECT person_id, status FROM people p WHERE status <> 2 AND (status = 1) <> EXISTS (SELECT 1 FROM measures m "
	  "WHERE m.subject_id = p.person_id AND m.post_id = 0 AND m.kind = 2 AND m.state IN (0, 2) "
	  "AND m.due_at_ms = m.ends_at_ms) LIMIT $1" },
	{ "a measure that the clock ends at another time than its own",
	  "SELECT subject_id, measure_id FROM measures WHERE CASE WHEN state IN (1, 3, 4, 6, 7, 8) THEN due_at_ms <> 0 "
	  "WHEN state = 5 THEN due_at_ms = 0 WHEN state = 2 AND kind = 0 THEN due_at_ms <> 0 "
	  "WHEN ends_at_ms = 9223372036854775807 THEN due_at_ms <> 0 "
	  "ELSE due_at_ms <> ends_at_ms AND (kind <> 2 OR due_at_ms <> starts_at_ms) END LIMIT $1" },
	{ "a measure that follows one of somebody else, or none",
	  "SELECT subject_id, measure_id FROM measures m WHERE follows_id <> 0 AND NOT EXISTS (SELECT 1 FROM measures b "
	  "WHERE b.subject_id = m.subject_id AND b.measure_id = m.follows_id) LIMIT $1" },
	{ "a measure on a person without an end",
	  "SELECT subject_id, measure_id FROM measures WHERE kind IN (2, 4, 5, 6, 7) AND state IN (0, 2, 5) "
	  "AND ends_at_ms = 9223372036854775807 LIMIT $1" },
	{ "a measure in force on somebody who has left",
	  "SELECT m.subject_id, m.measure_id FROM measures m JOIN people p ON p.person_id = m.subject_id "
	  "WHERE p.status = 2 AND m.due_at_ms <> 0 LIMIT $1" },
	{ "an appeal without its directory row",
	  "SELECT subject_id, appeal_id FROM appeals a WHERE NOT EXISTS (SELECT 1 FROM appeal_refs r WHERE "
	  "r.appeal_id = a.appeal_id AND r.subject_id = a.subject_id) LIMIT $1" },
	{ "an appeal of a measure that is not there, or is somebody else's",
	  "SELECT appeal_id, measure_id FROM appeals a WHERE NOT EXISTS (SELECT 1 FROM measures m WHERE "
	  "m.measure_id = a.measure_id AND m.subject_id = a.subject_id) LIMIT $1" },
	/* way 0: a steward; kind 3: an appeal */
	{ "an open appeal for a steward that waits in no case",
	  "SELECT subject_id, appeal_id FROM appeals a WHERE state = 0 AND way = 0 AND NOT EXISTS (SELECT 1 FROM case_items i "
	  "WHERE i.kind = 3 AND i.item_id = a.appeal_id AND i.done = 0) LIMIT $1" },
	{ "an appeal for a jury without the list it was drawn from",
	  "SELECT subject_id, appeal_id FROM appeals a WHERE seats > 0 AND NOT EXISTS (SELECT 1 FROM juror_lists l "
	  "WHERE l.list_hash = a.list_hash) LIMIT $1" },
	{ "a walk with a gap before this place",
	  "SELECT appeal_id, place FROM seats s WHERE place > 0 AND NOT EXISTS (SELECT 1 FROM seats b "
	  "WHERE b.appeal_id = s.appeal_id AND b.place = s.place - 1) LIMIT $1" },
	/* state 0: asked */
	{ "somebody who is asked to judge what is over, or not there",
	  "SELECT appeal_id, person_id FROM seats s WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM appeals a "
	  "WHERE a.appeal_id = s.appeal_id AND a.state = 0 AND a.way = 1) LIMIT $1" },
	{ "a juror who has left",
	  "SELECT j.person_id, j.since_ms FROM jurors j LEFT JOIN people p ON p.person_id = j.person_id "
	  "WHERE p.person_id IS NULL OR p.status = 2 LIMIT $1" },
	{ "a number of the engine's memory that was given twice",
	  "SELECT seq, COUNT(*) FROM screenings GROUP BY seq HAVING COUNT(*) > 1 LIMIT $1" },
	{ "a gap in the numbers of the engine's memory before this one",
	  "SELECT seq, before FROM (SELECT seq, LAG(seq) OVER (ORDER BY seq) AS before FROM screenings) AS s "
	  "WHERE before IS NOT NULL AND seq <> before + 1 LIMIT $1" },
};
#define RULES (sizeof rules / sizeof rules[0])

static err ask_engine(struct conn *conn, checks_fault fault, void *ctx)
{
	struct stmt *q = driver_prepare(conn, quick_check);
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		str said = stmt_text_borrowed(q, 0);
		if (!str_eq(said, S("ok")))
			fault(ctx, "the database file is damaged", said);
	}
out:
	stmt_done(q);
	return e;
}

static err ask(struct conn *conn, size_t rule, checks_fault fault, void *ctx)
{
	struct stmt *q = driver_prepare(conn, rules[rule].sql);
	struct arena *mem = arena_new(1024);
	bool row;
	err e;
	stmt_bind_i64(q, 1, CHECKS_EACH);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		fault(ctx, rules[rule].what,
		      str_format(mem, "%lld %lld", (long long)stmt_i64(q, 0),
		                 (long long)stmt_i64(q, 1)));
	}
out:
	stmt_done(q);
	arena_free(mem);
	return e;
}

err checks_run(struct conn *conn, checks_fault fault, void *ctx)
{
	err e;
	TRY(ask_engine(conn, fault, ctx));
	for (size_t i = 0; i < RULES; i++)
		TRY(ask(conn, i, fault, ctx));
out:
	return e;
}

err checks_words(const char *copy, checks_fault fault, void *ctx)
{
	struct conn *conn = NULL;
	err e;
	TRY(driver_open(copy, CONN_WRITER, &conn));
	e = post_words_check(conn);
	if (failed(e)) {
		fault(ctx, "the search index does not agree with its words", str_of(e.why));
		e = OK;
	}
out:
	driver_close(&conn);
	return e;
}

err checks_tombstones(struct conn *conn, int64_t *origin, int64_t *last)
{
	struct stmt *q = driver_prepare(conn, find_origin);
	str record;
	err e = stmt_one(q, "no origin");
	*origin = 0;
	if (!failed(e)) {
		record = stmt_text_borrowed(q, 0);
		str_cut(&record, ' ');
		if (!str_to_i64(record, origin))
			*origin = 0;
	}
	stmt_done(q);
	if (failed(e) && e.code != ERR_MISSING)
		return e;
	return stmt_number(driver_prepare(conn, highest_record), "no number", last);
}
