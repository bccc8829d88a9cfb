/* What is done in groups: each verb one transaction that asks who is in it, decides and writes, so that no cap is overrun and nobody
 * acts in a group they were just taken out of. Looking: circle/convene_look.c. */
#include "circle/convene.h"

#include "circle/hold.h"
#include "circle/phrase.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/groups.h"
#include "store/ties.h"

#include "base/leak.h"

#define SAY_TITLE "A group's title has 1 to 60 characters in one line."
#define SAY_ABOUT "A description has at most 500 characters."
#define SAY_GROUPS "You are in 200 groups already."
#define SAY_FULL "A group has at most 500 members, invited ones among them."
#define SAY_FRIENDS "Only friends of yours can be invited."
#define SAY_MEMBERS "Only another member can take over."
#define SAY_HAND_OVER "Hand the group over to a member first, or end it."
#define SAY_OWNER "This is for the owner of the group."

struct group_job {
	struct circle *c;
	struct arena *mem;
	person_id me, other;
	group_id id;
	const str *title, *about;         /* NULL: unchanged */
	struct screening titled, told_of; /* of the two */
	int64_t now_ms;
	struct group group; /* as it is after */
	bool changed;       /* the group itself */
	person_id moved;    /* who came in (`in`) or went out; 0: nobody */
	bool in;
};

static void after(void *ctx)
{
	const struct group_job *job = ctx;
	struct world *world = job->c->world;
	if (job->changed)
		world_set_group(world, &job->group);
	if (job->moved.v != 0 && (job->in || !LEAK("world.left_group")))
		world_set_group_member(world, job->id, job->moved, job->in, job->now_ms);
	hold_after(job->c, &job->titled);
	hold_after(job->c, &job->told_of);
}

static err run(struct circle *c, err (*work)(struct conn *, void *), struct group_job *job)
{
	err e;
	job->c = c;
	job->mem = arena_new(4096);
	e = verb_write(c, work, after, job);
	arena_free(job->mem);
	return e;
}

static err find_living(struct conn *tx, struct group_job *job)
{
	err e = groups_find(tx, job->id, job->mem, &job->group);
	if (!failed(e) && job->group.deleted)
		e = err_missing("the group has ended");
	return e;
}

/* For members: the group, and the door open. */
static err enter(struct conn *tx, struct group_job *job, struct door *door)
{
	bool in;
	err e;
	door_open(door, tx, job->mem);
	TRY(door_writer(door, job->me));
	in = see_group(&door->see, job->me, job->id);
	TRY(door_answer(door, in, "not in the group"));
	TRY(find_living(tx, job));
out:
	return e;
}

static err owner_now(struct conn *tx, struct group_job *job, const struct door *door,
                     person_id *out)
{
	struct group_member *members;
	size_t n;
	err e = OK;
	*out = job->group.owner;
	if (see_group(&door->see, *out, job->id))
		return OK;
	*out = (person_id){ 0 };
	TRY(group_members_of(tx, job->id, GROUP_MEMBER, job->mem, &members, &n));
	for (size_t i = 0; i < n && out->v == 0; i++)
		if (see_group(&door->see, members[i].person, job->id))
			*out = members[i].person;
out:
	return e;
}

static err not_owner(void)
{
	err e = err_denied("not the owner of the group");
	e.say = SAY_OWNER;
	return e;
}

static err enter_as_owner(struct conn *tx, struct group_job *job, struct door *door)
{
	person_id owner;
	err e;
	TRY(enter(tx, job, door));
	TRY(owner_now(tx, job, door, &owner));
	TRY(door_answer(door, true, NULL));
	if (owner.v != job->me.v)
		e = not_owner();
out:
	return e;
}

static err below_groups_max(struct conn *tx, person_id who)
{
	int n = 0;
	err e = groups_count(tx, who, GROUP_MEMBER, &n);
	return failed(e) || n < GROUPS_MAX ? e : err_limit("groups", SAY_GROUPS);
}

/* ---- the words ---- */

static err screen_words(struct group_job *job, str words, const char *field, struct arena *mem,
                        struct screening *out)
{
	struct facts facts = { .kind = FACTS_PROFILE,
		               .author = (uint64_t)job->me.v,
		               .at_ms = job->now_ms,
		               .text = words };
	return hold_refuse(job->c, &facts, field, mem, out);
}

/* The words of the job checked, trimmed and judged; what is kept of the judgement lives in `mem`. */
static err check_words(struct group_job *job, str *title, str *about, struct arena *mem)
{
	err e = OK;
	if (job->title != NULL) {
		TRY(phrase_line(*job->title, 1, GROUP_TITLE_MAX, "title", SAY_TITLE, title));
		TRY(screen_words(job, *title, "title", mem, &job->titled));
		job->title = title;
	}
	if (job->about != NULL) {
		*about = *job->about;
		if (about->n > 0)
			TRY(phrase_text(*about, GROUP_ABOUT_MAX, "about",
			                err_input("about", SAY_ABOUT),
			                err_limit("about", SAY_ABOUT)));
		TRY(screen_words(job, *about, "about", mem, &job->told_of));
		job->about = about;
	}
out:
	return e;
}

static err write_words(struct conn *tx, struct group_job *job)
{
	err e;
	if (job->title != NULL)
		job->group.title = *job->title;
	if (job->about != NULL)
		job->group.about = *job->about;
	job->changed = true;
	TRY(hold_write_words(job->c, tx, &job->titled, job->me));
	TRY(hold_write_words(job->c, tx, &job->told_of, job->me));
out:
	return e;
}

static err create_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct group_member first = { job->me, GROUP_MEMBER, { 0 }, job->now_ms };
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(below_groups_max(tx, job->me));
	job->id = (group_id){ snowflake_next(job->c->ids) };
	job->group =
		(struct group){ .id = job->id, .owner = job->me, .created_at_ms = job->now_ms };
	TRY(write_words(tx, job));
	TRY(groups_insert(tx, &job->group));
	TRY(group_members_set(tx, job->id, &first));
	job->moved = job->me;
	job->in = true;
out:
	return e;
}

err convene_create(struct circle *c, person_id me, str title, str about, int64_t now_ms,
                   struct arena *mem, group_id *out)
{
	struct group_job job = {
		.c = c, .me = me, .title = &title, .about = &about, .now_ms = now_ms
	};
	str line, text;
	err e;
	TRY(check_words(&job, &line, &text, mem));
	TRY(run(c, create_work, &job));
	*out = job.id;
out:
	return e;
}

static err change_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct door door;
	err e;
	TRY(enter_as_owner(tx, job, &door));
	TRY(write_words(tx, job));
	TRY(groups_update(tx, &job->group));
out:
	return e;
}

/* Asked before anything is judged, too: for who is not in it there is nothing to judge words for. */
static err check_owner(struct circle *c, person_id me, group_id id, struct arena *mem)
{
	struct seen_group seen;
	err e;
	TRY(convene_find(c, me, id, mem, &seen));
	if (seen.state != GROUP_MEMBER)
		return err_missing("invited alone");
	if (!seen.owned)
		e = not_owner();
out:
	return e;
}

err convene_change(struct circle *c, person_id me, group_id id, const str *title, const str *about,
                   int64_t now_ms, struct arena *mem)
{
	struct group_job job = {
		.c = c, .me = me, .id = id, .title = title, .about = about, .now_ms = now_ms
	};
	str line, text;
	err e;
	TRY(check_owner(c, me, id, mem));
	TRY(check_words(&job, &line, &text, mem));
	TRY(run(c, change_work, &job));
out:
	return e;
}

static err end_group(struct conn *tx, struct group_job *job)
{
	job->group.deleted = job->changed = true;
	return groups_delete(tx, job->id, job->now_ms);
}

static err delete_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct door door;
	err e = enter_as_owner(tx, job, &door);
	return failed(e) ? e : end_group(tx, job);
}

err convene_delete(struct circle *c, person_id me, group_id id, int64_t now_ms)
{
	struct group_job job = { .me = me, .id = id, .now_ms = now_ms };
	return run(c, delete_work, &job);
}

/* ---- coming in ---- */

static bool invitation_stands(const struct door *door, const struct group_member *row)
{
	return row->state == GROUP_INVITED && see_card(&door->see, row->person, row->invited_by);
}

static err tell_invited(struct conn *tx, const struct group_job *job)
{
	struct notice notice = {
		.id = { snowflake_next(job->c->ids) },
		.reader = job->other,
		.kind = NOTICE_INVITED,
		.actor = job->me,
		.group = job->id,
		.at_ms = job->now_ms,
	};
	return verb_tell(job->c, tx, &notice);
}

/* One answer for all who are no friends, whatever else they are. */
static err check_friend(struct conn *tx, const struct group_job *job, const struct door *door)
{
	bool tied, there;
	err e;
	TRY(ties_has(tx, job->me, job->other, &tied));
	there = tied && see_card(&door->see, job->me, job->other);
	TRY(door_answer(door, true, NULL));
	if (!there)
		e = err_input("account_id", SAY_FRIENDS);
out:
	return e;
}

static err invite_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct group_member row;
	struct door door;
	bool settled;
	int n = 0;
	err e;
	TRY(enter(tx, job, &door));
	TRY(check_friend(tx, job, &door));
	TRY(group_members_find(tx, job->id, job->other, &row));
	settled = row.state == GROUP_MEMBER || invitation_stands(&door, &row);
	TRY(door_answer(&door, true, NULL));
	if (settled)
		return OK;
	TRY(group_members_count(tx, job->id, &n));
	if (row.state == GROUP_NONE && n >= GROUP_MEMBERS_MAX)
		return err_limit("members", SAY_FULL);
	row = (struct group_member){ job->other, GROUP_INVITED, job->me, job->now_ms };
	TRY(group_members_set(tx, job->id, &row));
	TRY(tell_invited(tx, job));
out:
	return e;
}

err convene_invite(struct circle *c, person_id me, group_id id, person_id other, int64_t now_ms)
{
	struct group_job job = { .me = me, .id = id, .other = other, .now_ms = now_ms };
	return run(c, invite_work, &job);
}

/* For members and the invited: the group, and how one stands to it. */
static err approach(struct conn *tx, struct group_job *job, struct door *door,
                    struct group_member *row)
{
	bool known;
	err e;
	door_open(door, tx, job->mem);
	TRY(door_writer(door, job->me));
	TRY(find_living(tx, job));
	TRY(group_members_find(tx, job->id, job->me, row));
	known = row->state == GROUP_MEMBER || invitation_stands(door, row);
	TRY(door_answer(door, known, "neither in the group nor invited"));
out:
	return e;
}

static err accept_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct group_member row;
	struct door door;
	err e;
	TRY(approach(tx, job, &door, &row));
	if (row.state == GROUP_MEMBER)
		return OK;
	TRY(below_groups_max(tx, job->me));
	row.state = GROUP_MEMBER;
	row.at_ms = job->now_ms;
	TRY(group_members_set(tx, job->id, &row));
	job->moved = job->me;
	job->in = true;
out:
	return e;
}

err convene_accept(struct circle *c, person_id me, group_id id, int64_t now_ms)
{
	struct group_job job = { .me = me, .id = id, .now_ms = now_ms };
	return run(c, accept_work, &job);
}

/* ---- going out ---- */

/* A member or an invited one; what they had begun goes with them. */
static err take_out(struct conn *tx, struct group_job *job, person_id who)
{
	err e;
	TRY(group_members_remove(tx, job->id, who));
	TRY(group_members_withdraw(tx, job->id, who));
	job->moved = who;
out:
	return e;
}

static err leave_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct group_member row, *members;
	struct door door;
	size_t n;
	err e;
	TRY(approach(tx, job, &door, &row));
	if (row.state == GROUP_MEMBER) {
		TRY(group_members_of(tx, job->id, GROUP_MEMBER, job->mem, &members, &n));
		if (n == 1)
			return end_group(tx, job);
		if (job->group.owner.v == job->me.v)
			return err_input("owner", SAY_HAND_OVER);
	}
	TRY(take_out(tx, job, job->me));
out:
	return e;
}

err convene_leave(struct circle *c, person_id me, group_id id, int64_t now_ms)
{
	struct group_job job = { .me = me, .id = id, .now_ms = now_ms };
	return run(c, leave_work, &job);
}

static err remove_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct door door;
	err e;
	TRY(enter_as_owner(tx, job, &door));
	if (job->other.v == job->me.v)
		return err_input("account_id", SAY_HAND_OVER);
	TRY(take_out(tx, job, job->other));
out:
	return e;
}

err convene_remove(struct circle *c, person_id me, group_id id, person_id other, int64_t now_ms)
{
	struct group_job job = { .me = me, .id = id, .other = other, .now_ms = now_ms };
	return run(c, remove_work, &job);
}

static err hand_over_work(struct conn *tx, void *ctx)
{
	struct group_job *job = ctx;
	struct door door;
	bool may;
	err e;
	TRY(enter_as_owner(tx, job, &door));
	may = job->other.v != job->me.v && see_group(&door.see, job->other, job->id) &&
	      see_card(&door.see, job->me, job->other);
	TRY(door_answer(&door, true, NULL));
	if (!may)
		return err_input("account_id", SAY_MEMBERS);
	job->group.owner = job->other;
	job->changed = true;
	TRY(groups_update(tx, &job->group));
out:
	return e;
}

err convene_hand_over(struct circle *c, person_id me, group_id id, person_id other, int64_t now_ms)
{
	struct group_job job = { .me = me, .id = id, .other = other, .now_ms = now_ms };
	return run(c, hand_over_work, &job);
}
