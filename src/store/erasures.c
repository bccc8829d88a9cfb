/* Pieces and groups go by the verbs of their tables, which know what hangs on them; the rest is a list of statements. */
#include "store/erasures.h"

#include "store/comments.h"
#include "store/driver.h"
#include "store/factors.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/rows.h"
#include "store/sessions.h"
#include "store/ties.h"
#include "store/tombstones.h"

#include "model/limits.h"

static const char pieces_of_person[] =
	"SELECT author_id, post_id, 0 FROM posts WHERE author_id = $1 AND deleted_at_ms = 0 "
	"UNION ALL SELECT post_author_id, post_id, comment_id FROM comments WHERE author_id = $1 "
	"AND deleted_at_ms = 0 ORDER BY 3 DESC, 2";
static const char friends_of_person[] =
	"SELECT friend_id FROM ties WHERE person_id = $1 UNION SELECT person_id FROM ties WHERE friend_id = $1";
static const char blocks_of_person[] =
	"SELECT blocked_id FROM blocks WHERE person_id = $1 UNION SELECT person_id FROM blocks WHERE blocked_id = $1";
static const char hides_of_person[] =
	"SELECT other_id FROM hides WHERE person_id = $1 UNION SELECT person_id FROM hides WHERE other_id = $1";
static const char lists_of_person[] = "SELECT list_id FROM lists WHERE person_id = $1";
static const char tags_with_person[] =
	"SELECT person_id, list_id FROM list_members WHERE member_id = $1 ORDER BY person_id, list_id";
static const char contents_of_person[] =
	"SELECT content, media_id FROM media WHERE owner_id = $1 ORDER BY media_id";
static const char groups_with_person[] =
	"SELECT group_id FROM group_members WHERE person_id = $1 ORDER BY group_id";
/* Whatever else names them: $1 the person. What others wrote of them, their decisions and the engine's memory stay. */
static const char *const rest[] = {
	"DELETE FROM passwords WHERE person_id = $1",
	"DELETE FROM ties WHERE person_id = $1 OR friend_id = $1",
	"DELETE FROM requests WHERE person_id = $1 OR asker_id = $1",
	"DELETE FROM blocks WHERE person_id = $1 OR blocked_id = $1",
	"DELETE FROM hides WHERE person_id = $1 OR other_id = $1",
	"DELETE FROM list_members WHERE person_id = $1 OR member_id = $1",
	"DELETE FROM lists WHERE person_id = $1",
	"DELETE FROM likes WHERE liker_id = $1",
	"DELETE FROM media WHERE owner_id = $1",
	"DELETE FROM retries WHERE person_id = $1",
	"DELETE FROM notices WHERE reader_id = $1 OR actor_id = $1",
	"DELETE FROM markers WHERE reader_id = $1",
	"DELETE FROM hushes WHERE reader_id = $1",
	"DELETE FROM filters WHERE reader_id = $1",
	"DELETE FROM filter_words WHERE reader_id = $1",
	"DELETE FROM reset_refs WHERE person_id = $1",
	"DELETE FROM resets WHERE person_id = $1",
	"DELETE FROM invite_refs WHERE person_id = $1",
	"DELETE FROM invites WHERE person_id = $1",
	"DELETE FROM audit_salts WHERE person_id = $1",
	/* kind 1: a report. What they reported stays without them; what others reported of them is over, and stays as a number. */
	"UPDATE reports SET reporter_id = 0, text = '' WHERE reporter_id = $1",
	"DELETE FROM reporters WHERE person_id = $1",
	"DELETE FROM case_items WHERE kind = 1 AND item_id IN (SELECT report_id FROM reports WHERE target_id = $1 AND state = 0)",
	"DELETE FROM reports WHERE target_id = $1 AND state = 0",
	"UPDATE reports SET text = '' WHERE target_id = $1",
	/* kind 2: a complaint, which is owed its answer. Nothing else about them waits for anybody any more; whom links showed it to sees nothing. */
	"UPDATE case_items SET done = 1 WHERE kind <> 2 AND case_id IN (SELECT case_id FROM cases WHERE subject_id = $1)",
	"UPDATE cases SET state = 2, claimed_by_id = 0, claimed_until_ms = 0 WHERE subject_id = $1 AND state = 0 "
	"AND NOT EXISTS (SELECT 1 FROM case_items i WHERE i.case_id = cases.case_id AND i.done = 0)",
	"UPDATE cases SET (origin, harm, due_at_ms, priority) = (SELECT 1, MIN(i.harm), MIN(i.due_at_ms), MAX(i.priority) FROM case_items i "
	"WHERE i.case_id = cases.case_id AND i.done = 0) WHERE subject_id = $1 AND state = 0",
	"UPDATE cases SET note = '', version = version + 1 WHERE subject_id = $1",
	"UPDATE case_deeds SET note = '', past_note = '' WHERE case_id IN (SELECT case_id FROM cases WHERE subject_id = $1)",
	"DELETE FROM case_links WHERE case_id IN (SELECT case_id FROM cases WHERE subject_id = $1)",
	/* state 0: open, 4: withdrawn. Nobody judges them any more; how they judged others stays without them, and a seat they left empty (state 0:
	 * asked, 2: skipped) goes to the next. */
	"UPDATE seats SET state = 4 WHERE state = 0 AND appeal_id IN (SELECT appeal_id FROM appeals WHERE subject_id = $1)",
	"UPDATE juror_checks SET state = 4 WHERE state = 0 AND appeal_id <> 0 "
	"AND appeal_id IN (SELECT appeal_id FROM appeals WHERE subject_id = $1)",
	"UPDATE appeals SET words = '', note = '', state = CASE state WHEN 0 THEN 4 ELSE state END WHERE subject_id = $1",
	"UPDATE seats SET person_id = 0, note = '', state = CASE state WHEN 0 THEN 2 ELSE state END WHERE person_id = $1",
	"DELETE FROM juror_checks WHERE person_id = $1",
	"DELETE FROM jurors WHERE person_id = $1",
	/* What was done to them is over; that they broke a rule (kind 0, 1, 3: a piece; state 2: kept) stays as a number. */
	"DELETE FROM holds WHERE (post_author_id, post_id, comment_id) IN "
	"(SELECT post_author_id, post_id, comment_id FROM measures WHERE subject_id = $1)",
	"UPDATE measures SET evidence = '', decision_note = '', due_at_ms = 0, "
	"state = CASE WHEN state IN (0, 5) OR (state = 2 AND kind NOT IN (0, 1, 3)) THEN 6 ELSE state END "
	"WHERE subject_id = $1",
};

static struct stmt *of_person(struct conn *conn, const char *sql, person_id person)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, person.v);
	return q;
}

static err ids(struct conn *conn, const char *sql, person_id person, struct arena *mem, void *out,
               size_t *n)
{
	return rows_ids(of_person(conn, sql, person), mem, (void **)out, n);
}

/* ---- what there is ---- */

static err read_pieces(struct conn *conn, struct arena *mem, struct erasure *e_)
{
	struct stmt *q = of_person(conn, pieces_of_person, e_->person);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct status_ref) = (struct status_ref){
			{ stmt_i64(q, 0) }, { stmt_i64(q, 1) }, { stmt_i64(q, 2) }
		};
	}
	e_->pieces = rows.p;
	e_->n_pieces = rows.n;
out:
	return e;
}

static err read_tags(struct conn *conn, struct arena *mem, struct erasure *e_)
{
	struct stmt *q = of_person(conn, tags_with_person, e_->person);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct erased_member) =
			(struct erased_member){ { stmt_i64(q, 0) }, { stmt_i64(q, 1) } };
	}
	e_->tags = rows.p;
	e_->n_tags = rows.n;
out:
	return e;
}

static err read_media(struct conn *conn, struct arena *mem, struct erasure *e_)
{
	struct stmt *q = of_person(conn, contents_of_person, e_->person);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		struct media *m;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		m = ROWS_NEXT(&rows, mem, struct media);
		m->owner = e_->person;
		m->id.v = stmt_i64(q, 1);
		stmt_bytes(q, 0, m->content, sizeof m->content);
	}
	e_->media = rows.p;
	e_->n_media = rows.n;
out:
	return e;
}

static err read_all(struct conn *conn, struct arena *mem, struct erasure *out)
{
	person_id me = out->person;
	err e;
	TRY(read_pieces(conn, mem, out));
	TRY(read_tags(conn, mem, out));
	TRY(read_media(conn, mem, out));
	TRY(likes_by(conn, me, INT64_MAX, INT32_MAX, mem, &out->likes, &out->n_likes));
	TRY(ids(conn, friends_of_person, me, mem, &out->friends, &out->n_friends));
	TRY(ids(conn, blocks_of_person, me, mem, &out->blocks, &out->n_blocks));
	TRY(ids(conn, hides_of_person, me, mem, &out->hides, &out->n_hides));
	TRY(ids(conn, lists_of_person, me, mem, &out->lists, &out->n_lists));
out:
	return e;
}

/* ---- taking it away ---- */

static err drop_pieces(struct conn *tx, const struct erasure *e_, int64_t at_ms)
{
	err e = OK;
	for (size_t i = 0; i < e_->n_pieces; i++) {
		const struct status_ref *ref = &e_->pieces[i];
		if (ref->comment.v != 0)
			TRY(comments_delete(tx, ref->post_author, ref->post, ref->comment, at_ms));
		else
			TRY(posts_delete(tx, ref->post_author, ref->post, at_ms));
	}
out:
	return e;
}

/* One that was theirs goes to who has been in it longest; the last one ends it. */
static err pass_on(struct conn *tx, struct group *group, person_id gone, int64_t at_ms,
                   struct arena *mem)
{
	struct group_member *left;
	size_t n;
	err e;
	TRY(group_members_of(tx, group->id, GROUP_MEMBER, mem, &left, &n));
	if (n == 0) {
		group->deleted = true;
		return groups_delete(tx, group->id, at_ms);
	}
	if (group->owner.v != gone.v)
		return OK;
	group->owner = left[0].person;
	TRY(groups_update(tx, group));
out:
	return e;
}

static err leave_groups(struct conn *tx, struct erasure *e_, int64_t at_ms, struct arena *mem)
{
	group_id *in;
	size_t n;
	err e;
	TRY(ids(tx, groups_with_person, e_->person, mem, &in, &n));
	e_->groups = ARENA_ARRAY(mem, n + 1, struct group);
	for (size_t i = 0; i < n; i++) {
		struct group *group = &e_->groups[e_->n_groups++];
		TRY(groups_find(tx, in[i], mem, group));
		TRY(group_members_remove(tx, in[i], e_->person));
		TRY(group_members_withdraw(tx, in[i], e_->person));
		TRY(pass_on(tx, group, e_->person, at_ms, mem));
	}
out:
	return e;
}

/* The handle stays theirs, so that nobody can be taken for them. */
static err blank(struct conn *tx, person_id id, struct arena *mem)
{
	struct person person;
	err e;
	TRY(people_find(tx, id, mem, &person));
	person.status = PERSON_ERASED;
	person.role = ROLE_MEMBER;
	person.display_name = person.handle;
	person.note = person.question = person.answer = STR_NONE;
	person.avatar = person.cover = (media_id){ 0 };
	person.second_factor = false;
	person.second_factor_from_ms = 0;
	TRY(people_update(tx, &person));
out:
	return e;
}

err erasures_do(struct conn *tx, person_id person, int64_t at_ms, struct arena *mem,
                struct erasure *out)
{
	err e;
	*out = (struct erasure){ .person = person };
	TRY(blank(tx, person, mem));
	TRY(read_all(tx, mem, out));
	TRY(drop_pieces(tx, out, at_ms));
	TRY(leave_groups(tx, out, at_ms, mem));
	TRY(sessions_revoke_all(tx, person, (session_id){ 0 }));
	TRY(factors_erase(tx, person));
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		TRY(stmt_run(of_person(tx, rest[i], person)));
	TRY(TOMBSTONE(tx, TOMBSTONE_ERASED, person.v, at_ms));
out:
	return e;
}
