/* What each record does to a database that does not know of it yet. The verbs of the tables do it, so that a record does what the
 * person's own act did; what is gone already is fine. */
#include "store/tombstone_log.h"

#include "store/cases.h"
#include "store/clauses.h"
#include "store/comments.h"
#include "store/erasures.h"
#include "store/factors.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/pictures.h"
#include "store/posts.h"
#include "store/rules_down.h"
#include "store/sessions.h"
#include "store/ties.h"

#include "model/limits.h"

#define RESTORED                                                                                                                               \
	"{\"score\":0,\"malice\":0,\"reasons\":[{\"rule\":\"order.restored\",\"clause\":\"\",\"text\":{"                                       \
	"\"en\":\"This was decided after the backup that this circle was brought back from: its reasons were lost with it. Ask the keeper.\"," \
	"\"zh\":\"这项决定作出于本圈恢复所用的备份之后，理由随之丢失。请询问管理者。\"},\"spans\":[]}],"      \
	"\"would_pass\":{\"en\":\"\",\"zh\":\"\"}}"
#define NUMBERS_MAX 8192 /* nine audiences with all their names */

struct numbers {
	const int64_t *v;
	size_t n;
	str rule; /* the name before them, of the kinds that have one */
	struct arena *mem;
};

static const char has_person[] = "SELECT COUNT(*) FROM people WHERE person_id = $1";
static const char insert_hollow_list[] =
	"INSERT INTO lists (person_id, list_id, title, deleted) VALUES ($1, $2, '', 1) "
	"ON CONFLICT (person_id, list_id) DO NOTHING";
static const char place_of_media[] =
	"SELECT post_id FROM media WHERE owner_id = $1 AND media_id = $2";
static const char count_media[] =
	"UPDATE posts SET n_media = (SELECT COUNT(*) FROM media WHERE owner_id = $1 AND post_id = $2) "
	"WHERE author_id = $1 AND post_id = $2";
static const char undress[] =
	"UPDATE people SET avatar_id = CASE WHEN avatar_id = $2 THEN 0 ELSE avatar_id END, "
	"cover_id = CASE WHEN cover_id = $2 THEN 0 ELSE cover_id END WHERE person_id = $1";
static const char set_group_owner[] = "UPDATE groups SET owner_id = $2 WHERE group_id = $1";
static const char drop_password[] = "DELETE FROM passwords WHERE person_id = $1";
static const char set_invite[] =
	"UPDATE invites SET uses_left = CASE WHEN uses_left < $3 THEN uses_left ELSE $3 END, "
	"revoked = CASE WHEN revoked = 1 THEN 1 ELSE $4 END WHERE person_id = $1 AND invite_id = $2";
static const char set_person[] =
	"UPDATE people SET role = $2, status = $3, look_back = $4, "
	"avatar_id = CASE WHEN avatar_id = $5 THEN avatar_id ELSE 0 END, "
	"cover_id = CASE WHEN cover_id = $6 THEN cover_id ELSE 0 END WHERE person_id = $1";
static const char set_second_factor[] = "UPDATE people SET second_factor = $2 WHERE person_id = $1";

static err run(struct conn *tx, const char *sql, const int64_t *v, int n)
{
	struct stmt *q = driver_prepare(tx, sql);
	for (int i = 0; i < n; i++)
		stmt_bind_i64(q, i + 1, v[i]);
	return stmt_run(q);
}

static err is_there(struct conn *tx, int64_t person, bool *out)
{
	struct stmt *q = driver_prepare(tx, has_person);
	int64_t n = 0;
	stmt_bind_i64(q, 1, person);
	err e = stmt_number(q, "no count", &n);
	*out = n > 0;
	return e;
}

/* ---- pieces ---- */

static err post(struct conn *tx, const struct numbers *is)
{
	return posts_delete(tx, (person_id){ is->v[0] }, (post_id){ is->v[1] }, is->v[2]);
}

static err comment(struct conn *tx, const struct numbers *is)
{
	return comments_delete(tx, (person_id){ is->v[0] }, (post_id){ is->v[1] },
	                       (comment_id){ is->v[2] }, is->v[3]);
}

static err picture(struct conn *tx, const struct numbers *is)
{
	struct stmt *q = driver_prepare(tx, place_of_media);
	int64_t of_post[2] = { is->v[0], 0 };
	err e;
	stmt_bind_i64(q, 1, is->v[0]);
	stmt_bind_i64(q, 2, is->v[1]);
	TRY(stmt_number(q, "no such picture", &of_post[1]));
	TRY(pictures_delete(tx, (person_id){ is->v[0] }, (media_id){ is->v[1] }));
	if (of_post[1] != 0)
		TRY(run(tx, count_media, of_post, 2));
	TRY(run(tx, undress, is->v, 2));
out:
	return e;
}

static err like(struct conn *tx, const struct numbers *is)
{
	return likes_clear(tx, (person_id){ is->v[0] }, (post_id){ is->v[1] },
	                   (person_id){ is->v[2] });
}

/* A tag made since has no row: it becomes one that was deleted, whose members are kept out. */
static err hollow_list(struct conn *tx, int64_t owner, int64_t list)
{
	return run(tx, insert_hollow_list, (const int64_t[]){ owner, list }, 2);
}

/* kind, lists, people, ids of lists, ids of people. False: the numbers end too early. */
static bool read_audience(const struct numbers *is, size_t *at, struct audience *out)
{
	const int64_t *v = is->v + *at;
	size_t left = is->n - *at;
	if (left < 3 || v[0] < AUDIENCE_FRIENDS || v[0] > AUDIENCE_GROUP || v[1] < 0 ||
	    v[1] > AUDIENCE_LISTS_MAX || v[2] < 0 || v[2] > AUDIENCE_PEOPLE_MAX ||
	    left < 3 + (size_t)v[1] + (size_t)v[2])
		return false;
	out->kind = (enum audience_kind)v[0];
	out->n_lists = (size_t)v[1];
	out->n_people = (size_t)v[2];
	list_id *lists = ARENA_ARRAY(is->mem, out->n_lists + 1, list_id);
	person_id *people = ARENA_ARRAY(is->mem, out->n_people + 1, person_id);
	for (size_t i = 0; i < out->n_lists; i++)
		lists[i].v = v[3 + i];
	for (size_t i = 0; i < out->n_people; i++)
		people[i].v = v[3 + out->n_lists + i];
	out->lists = lists;
	out->people = people;
	*at += 3 + out->n_lists + out->n_people;
	return true;
}

static err audience(struct conn *tx, const struct numbers *is)
{
	struct audience all[AUDIENCE_CLAUSES_MAX + 1] = { 0 };
	struct post_gate had, gate = { .author = { is->v[0] }, .id = { is->v[1] } };
	size_t at = 3, n = 0;
	err e;
	while (at < is->n) {
		if (n > AUDIENCE_CLAUSES_MAX || !read_audience(is, &at, &all[n]))
			return err_input(NULL, "an audience that cannot be read");
		if (n > 0)
			all[n - 1].also = &all[n];
		n++;
	}
	if (n == 0)
		return err_input(NULL, "no audience");
	all[0].group.v = is->v[2];
	gate.audience = all[0];
	TRY(posts_gate(tx, gate.author, gate.id, is->mem, &had));
	if (had.deleted)
		return OK;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].n_lists; k++)
			TRY(hollow_list(tx, gate.author.v, all[i].lists[k].v));
	TRY(posts_set_audience(tx, &gate));
out:
	return e;
}

/* ---- people ---- */

static err tie(struct conn *tx, const struct numbers *is)
{
	person_id a = { is->v[0] }, b = { is->v[1] };
	bool both, other;
	err e;
	if (!is->v[2])
		return ties_clear(tx, a, b);
	TRY(is_there(tx, a.v, &both));
	TRY(is_there(tx, b.v, &other));
	if (both && other)
		TRY(ties_set(tx, a, b, is->v[3]));
out:
	return e;
}

static err request(struct conn *tx, const struct numbers *is)
{
	return requests_clear(tx, (person_id){ is->v[0] }, (person_id){ is->v[1] });
}

static err block(struct conn *tx, const struct numbers *is)
{
	person_id a = { is->v[0] }, b = { is->v[1] };
	return is->v[2] ? blocks_set(tx, a, b, is->v[3]) : blocks_clear(tx, a, b);
}

static err hide(struct conn *tx, const struct numbers *is)
{
	person_id a = { is->v[0] }, b = { is->v[1] };
	enum hide_kind kind = (enum hide_kind)is->v[2];
	return is->v[3] ? hides_set(tx, a, b, kind, is->v[4]) : hides_clear(tx, a, b, kind);
}

static err list(struct conn *tx, const struct numbers *is)
{
	return lists_delete(tx, (person_id){ is->v[0] }, (list_id){ is->v[1] });
}

static err list_member(struct conn *tx, const struct numbers *is)
{
	person_id owner = { is->v[0] }, member = { is->v[2] };
	list_id id = { is->v[1] };
	err e;
	if (!is->v[3])
		return list_members_remove(tx, owner, id, member);
	TRY(hollow_list(tx, owner.v, id.v));
	TRY(list_members_add(tx, owner, id, member));
out:
	return e;
}

static err group(struct conn *tx, const struct numbers *is)
{
	return groups_delete(tx, (group_id){ is->v[0] }, is->v[1]);
}

static err group_owner(struct conn *tx, const struct numbers *is)
{
	return run(tx, set_group_owner, is->v, 2);
}

static err group_member(struct conn *tx, const struct numbers *is)
{
	return group_members_remove(tx, (group_id){ is->v[0] }, (person_id){ is->v[1] });
}

static err group_withdrawn(struct conn *tx, const struct numbers *is)
{
	return group_members_withdraw(tx, (group_id){ is->v[0] }, (person_id){ is->v[1] });
}

/* ---- ways in ---- */

static err session(struct conn *tx, const struct numbers *is)
{
	return sessions_revoke(tx, (person_id){ is->v[0] }, (session_id){ is->v[1] });
}

/* The old one must open nothing, and the new one is in no log: a reset link is needed. */
static err password(struct conn *tx, const struct numbers *is)
{
	return run(tx, drop_password, is->v, 1);
}

static err invite(struct conn *tx, const struct numbers *is)
{
	return run(tx, set_invite, is->v, 4);
}

static err person(struct conn *tx, const struct numbers *is)
{
	return run(tx, set_person, is->v, 6);
}

static err settle_factors(struct conn *tx, int64_t person)
{
	bool set;
	err e;
	TRY(factors_is_set(tx, (person_id){ person }, &set));
	TRY(run(tx, set_second_factor, (const int64_t[]){ person, set }, 2));
out:
	return e;
}

static err totp(struct conn *tx, const struct numbers *is)
{
	err e;
	TRY(totps_delete(tx, (person_id){ is->v[0] }));
	TRY(settle_factors(tx, is->v[0]));
out:
	return e;
}

static err passkey(struct conn *tx, const struct numbers *is)
{
	err e;
	TRY(passkeys_delete(tx, (person_id){ is->v[0] }, (passkey_id){ is->v[1] }));
	TRY(settle_factors(tx, is->v[0]));
out:
	return e;
}

static err recovery(struct conn *tx, const struct numbers *is)
{
	return recovery_put(tx, (person_id){ is->v[0] }, NULL, 0);
}

/* Nobody is asked about it any more. */
static err settle_item(struct conn *tx, int64_t measure, int64_t at_ms, struct arena *mem)
{
	struct order_case one;
	size_t waiting;
	case_id in;
	err e = cases_of_item(tx, ITEM_MEASURE, measure, &in);
	if (e.code == ERR_MISSING)
		return OK;
	TRY(e);
	TRY(cases_find(tx, in, mem, &one));
	TRY(cases_set_done(tx, in, ITEM_MEASURE, measure, true));
	TRY(cases_reckon(tx, &one, &waiting));
	if (waiting == 0) {
		one.state = CASE_DECIDED;
		one.decided_at_ms = at_ms;
	}
	TRY(cases_save(tx, &one));
out:
	return e;
}

static err measure(struct conn *tx, const struct numbers *is)
{
	const int64_t *v = is->v;
	err e;
	TRY(measures_settle(tx, (person_id){ v[0] }, (measure_id){ v[1] }, (enum measure_state)v[2],
	                    (person_id){ v[3] }, v[4]));
	if (v[2] != MEASURE_ACTIVE && v[2] != MEASURE_PROPOSED)
		TRY(settle_item(tx, v[1], v[4], is->mem));
out:
	return e;
}

/* One that the database never knew comes back without its words: they are in no log. */
static err begun(struct conn *tx, const struct numbers *is)
{
	const int64_t *v = is->v;
	struct measure m = {
		.subject = { v[0] },
		.id = { v[1] },
		.kind = (enum measure_kind)v[2],
		.state = (enum measure_state)v[3],
		.rule = S("order.restored"),
		.evidence = S(RESTORED),
		.starts_at_ms = v[4],
		.ends_at_ms = v[5],
		.due_at_ms = v[6],
		.by = { v[7] },
		.decider = (enum measure_decider)v[8],
		.harm = (enum harm_class)v[9],
		.points = (int)v[10],
	};
	bool there;
	err e;
	TRY(is_there(tx, m.subject.v, &there));
	if (there)
		TRY(measures_begun(tx, &m));
	if (m.state == MEASURE_KEPT)
		TRY(settle_item(tx, m.id.v, m.starts_at_ms, is->mem));
out:
	return e;
}

static err erased(struct conn *tx, const struct numbers *is)
{
	struct erasure gone;
	return erasures_do(tx, (person_id){ is->v[0] }, is->v[1], is->mem, &gone);
}

/* ---- rules ---- */

static err rule_down(struct conn *tx, const struct numbers *is)
{
	const struct rule_down row = { .rule = is->rule,
		                       .at_ms = is->v[0],
		                       .n_decided = (int)is->v[1],
		                       .n_overturned = (int)is->v[2] };
	return rules_down_insert(tx, &row);
}

static err rule_up(struct conn *tx, const struct numbers *is)
{
	bool was_down;
	return rules_down_raise(tx, is->rule, is->v[0], &was_down);
}

/* ---- all of them ---- */

/* `is`: what its numbers are, in order; all of them but an audience's are there once. Before those of a rule stands its name. */
static const struct {
	const char *word, *is;
	size_t n;
	err (*apply)(struct conn *tx, const struct numbers *is);
} kinds[TOMBSTONE_KINDS] = {
	[TOMBSTONE_POST] = { "post", "author id at_ms", 3, post },
	[TOMBSTONE_COMMENT] = { "comment", "post_author post id at_ms", 4, comment },
	[TOMBSTONE_PICTURE] = { "picture", "owner id", 2, picture },
	[TOMBSTONE_LIKE] = { "like", "post_author post liker", 3, like },
	[TOMBSTONE_AUDIENCE] = { "audience", "author post group (kind n_lists n_people ids)*", 3,
	                         audience },
	[TOMBSTONE_TIE] = { "tie", "a b on at_ms", 4, tie },
	[TOMBSTONE_REQUEST] = { "request", "from to", 2, request },
	[TOMBSTONE_BLOCK] = { "block", "a b on at_ms", 4, block },
	[TOMBSTONE_HIDE] = { "hide", "a b kind on at_ms", 5, hide },
	[TOMBSTONE_LIST] = { "list", "owner id", 2, list },
	[TOMBSTONE_LIST_MEMBER] = { "list-member", "owner list member on", 4, list_member },
	[TOMBSTONE_GROUP] = { "group", "id at_ms", 2, group },
	[TOMBSTONE_GROUP_OWNER] = { "group-owner", "id owner", 2, group_owner },
	[TOMBSTONE_GROUP_MEMBER] = { "group-member", "group person", 2, group_member },
	[TOMBSTONE_GROUP_WITHDRAWN] = { "group-withdrawn", "group inviter", 2, group_withdrawn },
	[TOMBSTONE_SESSION] = { "session", "person id", 2, session },
	[TOMBSTONE_PASSWORD] = { "password", "person", 1, password },
	[TOMBSTONE_INVITE] = { "invite", "by id uses_left revoked", 4, invite },
	[TOMBSTONE_PERSON] = { "person", "id role status range avatar cover", 6, person },
	[TOMBSTONE_TOTP] = { "totp", "person", 1, totp },
	[TOMBSTONE_PASSKEY] = { "passkey", "person id", 2, passkey },
	[TOMBSTONE_RECOVERY] = { "recovery", "person", 1, recovery },
	[TOMBSTONE_ERASED] = { "erased", "person at_ms", 2, erased },
	[TOMBSTONE_MEASURE] = { "measure", "subject id state by at_ms", 5, measure },
	[TOMBSTONE_BEGUN] = { "begun",
	                      "subject id kind state starts ends due by decider harm points", 11,
	                      begun },
	[TOMBSTONE_RULE_DOWN] = { "rule-down", "rule at_ms decided overturned", 3, rule_down },
	[TOMBSTONE_RULE_UP] = { "rule-up", "rule at_ms", 1, rule_up },
};

const char *tombstone_word(enum tombstone_kind kind) { return kinds[kind].word; }

err tombstone_apply(struct conn *tx, str record)
{
	struct arena *mem = arena_new(16 * 1024);
	int64_t *v = ARENA_ARRAY(mem, NUMBERS_MAX, int64_t);
	str word = str_cut(&record, ' '), rule = STR_NONE;
	size_t n = 0, kind = 0;
	err e = err_input(NULL, "a record of what was taken back that cannot be read");
	while (kind < TOMBSTONE_KINDS && !str_eq(word, str_of(kinds[kind].word)))
		kind++;
	if (kind == TOMBSTONE_KINDS)
		goto out;
	if (str_starts(str_of(kinds[kind].is), S("rule ")))
		rule = str_cut(&record, ' ');
	while (record.n > 0 && n < NUMBERS_MAX)
		if (!str_to_i64(str_cut(&record, ' '), &v[n++]))
			goto out;
	if (n < kinds[kind].n || record.n > 0)
		goto out;
	e = kinds[kind].apply(tx, &(struct numbers){ v, n, rule, mem });
	if (e.code == ERR_MISSING)
		e = OK; /* made after the backup, or gone already */
out:
	arena_free(mem);
	return e;
}
