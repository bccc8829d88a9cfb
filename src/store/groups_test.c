#include "store/groups.h"

#include "store/posts.h"
#include "store/store_testing.h"

static const group_id walkers = { 11 }, readers = { 12 };
static const person_id an = { 1 }, bo = { 2 }, cai = { 3 };

static struct group group_of(group_id id, const char *title)
{
	return (struct group){ .id = id,
		               .owner = an,
		               .title = str_of(title),
		               .about = S("on Sundays"),
		               .created_at_ms = 5 };
}

static void insert(struct tables *t, group_id id, const char *title)
{
	struct group group = group_of(id, title);
	assert_ok(groups_insert(t->conn, &group));
}

static void set(struct tables *t, group_id id, person_id who, enum group_state state, int64_t at_ms)
{
	struct group_member member = { who, state, an, at_ms };
	assert_ok(group_members_set(t->conn, id, &member));
}

static void a_group_comes_back_as_written_and_changes(void **state)
{
	struct tables *t = *state;
	struct group got, next = group_of(walkers, "Hikers");
	insert(t, walkers, "Walkers");
	assert_ok(groups_find(t->conn, walkers, t->mem, &got));
	assert_true(got.id.v == 11 && got.owner.v == 1 && got.created_at_ms == 5 && !got.deleted);
	assert_text(got.title, "Walkers");
	assert_text(got.about, "on Sundays");
	next.owner = bo;
	next.about = STR_NONE;
	assert_ok(groups_update(t->conn, &next));
	assert_ok(groups_find(t->conn, walkers, t->mem, &got));
	assert_text(got.title, "Hikers");
	assert_true(got.owner.v == 2 && got.about.n == 0);
	next.id = readers;
	assert_fails(groups_update(t->conn, &next), ERR_MISSING);
	assert_fails(groups_find(t->conn, readers, t->mem, &got), ERR_MISSING);
}

static void a_deleted_group_keeps_its_id_alone(void **state)
{
	struct tables *t = *state;
	struct group got, again = group_of(walkers, "Again");
	struct group_member member;
	struct status_ref *posts;
	size_t n;
	insert(t, walkers, "Walkers");
	insert(t, readers, "Readers");
	set(t, walkers, bo, GROUP_MEMBER, 1);
	set(t, readers, bo, GROUP_MEMBER, 1);
	assert_ok(group_posts_add(t->conn, walkers, bo, (post_id){ 70 }));
	assert_ok(group_posts_add(t->conn, readers, bo, (post_id){ 71 }));
	assert_ok(groups_delete(t->conn, walkers, 9));
	assert_fails(groups_delete(t->conn, walkers, 9), ERR_MISSING);
	assert_ok(groups_find(t->conn, walkers, t->mem, &got));
	assert_true(got.deleted && got.title.n == 0 && got.about.n == 0);
	assert_ok(group_members_find(t->conn, walkers, bo, &member));
	assert_int_equal(member.state, GROUP_NONE);
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 0 }, (post_id){ 0 }, false, 9, t->mem,
	                         &posts, &n));
	assert_int_equal(n, 0);
	assert_fails(groups_update(t->conn, &again), ERR_MISSING);
	/* The other one is as it was. */
	assert_ok(group_members_find(t->conn, readers, bo, &member));
	assert_int_equal(member.state, GROUP_MEMBER);
	assert_ok(group_posts_of(t->conn, readers, (post_id){ 0 }, (post_id){ 0 }, false, 9, t->mem,
	                         &posts, &n));
	assert_int_equal(n, 1);
}

static void who_is_invited_is_no_member_until_set_so(void **state)
{
	struct tables *t = *state;
	struct group_member got, *all;
	size_t n;
	int count;
	insert(t, walkers, "Walkers");
	set(t, walkers, cai, GROUP_MEMBER, 20);
	set(t, walkers, an, GROUP_MEMBER, 20);
	set(t, walkers, bo, GROUP_INVITED, 10);
	assert_ok(group_members_of(t->conn, walkers, GROUP_INVITED, t->mem, &all, &n));
	assert_true(n == 1 && all[0].person.v == 2 && all[0].invited_by.v == 1 &&
	            all[0].at_ms == 10);
	assert_ok(group_members_of(t->conn, walkers, GROUP_MEMBER, t->mem, &all, &n));
	assert_true(n == 2 && all[0].person.v == 1 && all[1].person.v == 3);
	set(t, walkers, bo, GROUP_MEMBER, 15);
	assert_ok(group_members_of(t->conn, walkers, GROUP_MEMBER, t->mem, &all, &n));
	assert_true(n == 3 && all[0].person.v == 2); /* the longest-standing first */
	assert_ok(group_members_count(t->conn, walkers, &count));
	assert_int_equal(count, 3);
	assert_ok(group_members_remove(t->conn, walkers, bo));
	assert_ok(group_members_remove(t->conn, walkers, bo));
	assert_ok(group_members_find(t->conn, walkers, bo, &got));
	assert_true(got.state == GROUP_NONE && got.person.v == 2);
}

static void invitations_are_withdrawn_by_who_made_them(void **state)
{
	struct tables *t = *state;
	struct group_member by_bo = { { 5 }, GROUP_INVITED, bo, 1 },
			    joined = { { 6 }, GROUP_MEMBER, bo, 1 }, got;
	insert(t, walkers, "Walkers");
	assert_ok(group_members_set(t->conn, walkers, &by_bo));
	assert_ok(group_members_set(t->conn, walkers, &joined));
	set(t, walkers, cai, GROUP_INVITED, 1);
	assert_ok(group_members_withdraw(t->conn, walkers, bo));
	assert_ok(group_members_find(t->conn, walkers, by_bo.person, &got));
	assert_int_equal(got.state, GROUP_NONE);
	assert_ok(group_members_find(t->conn, walkers, joined.person, &got));
	assert_int_equal(got.state, GROUP_MEMBER);
	assert_ok(group_members_find(t->conn, walkers, cai, &got));
	assert_int_equal(got.state, GROUP_INVITED);
}

static void a_person_s_groups_come_newest_first(void **state)
{
	struct tables *t = *state;
	group_id *ids;
	size_t n;
	int count;
	for (int64_t id = 1; id <= 5; id++) {
		insert(t, (group_id){ id }, "A group");
		set(t, (group_id){ id }, bo, id == 3 ? GROUP_INVITED : GROUP_MEMBER, 1);
	}
	set(t, (group_id){ 1 }, cai, GROUP_MEMBER, 1);
	assert_ok(groups_of(t->conn, bo, GROUP_MEMBER, 3, t->mem, &ids, &n));
	assert_true(n == 3 && ids[0].v == 5 && ids[1].v == 4 && ids[2].v == 2);
	assert_ok(groups_of(t->conn, bo, GROUP_INVITED, 3, t->mem, &ids, &n));
	assert_true(n == 1 && ids[0].v == 3);
	assert_ok(groups_count(t->conn, bo, GROUP_MEMBER, &count));
	assert_int_equal(count, 4);
	assert_ok(groups_count(t->conn, an, GROUP_MEMBER, &count));
	assert_int_equal(count, 0);
}

struct seen {
	size_t n;
	int64_t group[4], person[4];
};

static err see_group(const struct group *group, void *ctx)
{
	struct seen *seen = ctx;
	seen->group[seen->n] = group->id.v;
	seen->person[seen->n++] = group->owner.v;
	return OK;
}

static err see_member(group_id group, const struct group_member *member, void *ctx)
{
	struct seen *seen = ctx;
	seen->group[seen->n] = group.v;
	seen->person[seen->n++] = member->person.v;
	return seen->n == 4 ? err_busy("enough") : OK;
}

static void each_shows_living_groups_and_members_alone(void **state)
{
	struct tables *t = *state;
	struct seen seen = { 0 };
	insert(t, walkers, "Walkers");
	insert(t, readers, "Readers");
	set(t, walkers, bo, GROUP_MEMBER, 1);
	set(t, readers, bo, GROUP_MEMBER, 1);
	set(t, readers, cai, GROUP_INVITED, 1);
	assert_ok(groups_delete(t->conn, walkers, 9));
	assert_ok(groups_each(t->conn, see_group, &seen));
	assert_true(seen.n == 1 && seen.group[0] == 12 && seen.person[0] == 1);
	seen.n = 0;
	assert_ok(group_members_each(t->conn, see_member, &seen));
	assert_true(seen.n == 1 && seen.group[0] == 12 && seen.person[0] == 2);
	for (int64_t id = 5; id < 9; id++)
		set(t, readers, (person_id){ id }, GROUP_MEMBER, 1);
	seen.n = 0;
	assert_fails(group_members_each(t->conn, see_member, &seen), ERR_BUSY);
}

static void posts_of_a_group_come_by_windows(void **state)
{
	struct tables *t = *state;
	struct status_ref *got;
	size_t n;
	for (int64_t id = 10; id <= 50; id += 10)
		assert_ok(group_posts_add(t->conn, walkers, bo, (post_id){ id }));
	assert_ok(group_posts_add(t->conn, readers, bo, (post_id){ 60 }));
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 10 }, (post_id){ 50 }, false, 2,
	                         t->mem, &got, &n));
	assert_true(n == 2 && got[0].post.v == 40 && got[1].post.v == 30 &&
	            got[0].post_author.v == 2);
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 10 }, (post_id){ 0 }, true, 2, t->mem,
	                         &got, &n));
	assert_true(n == 2 && got[0].post.v == 20 && got[1].post.v == 30);
}

static void a_post_for_a_group_is_listed_until_deleted(void **state)
{
	struct tables *t = *state;
	struct post post = { .gate = { .id = { 70 },
		                       .author = bo,
		                       .audience = { .kind = AUDIENCE_GROUP, .group = walkers } },
		             .text = S("Sunday at nine") };
	struct post_gate gate;
	struct status_ref *got;
	size_t n;
	assert_ok(posts_insert(t->conn, &post));
	assert_ok(posts_gate(t->conn, bo, post.gate.id, t->mem, &gate));
	assert_true(gate.audience.kind == AUDIENCE_GROUP && gate.audience.group.v == 11);
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 0 }, (post_id){ 0 }, false, 9, t->mem,
	                         &got, &n));
	assert_true(n == 1 && got[0].post.v == 70 && got[0].post_author.v == 2);
	/* Said once more to be for it, it stays; for its author alone, it is none of the group's any more. */
	assert_ok(posts_set_audience(t->conn, &gate));
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 0 }, (post_id){ 0 }, false, 9, t->mem,
	                         &got, &n));
	assert_int_equal(n, 1);
	gate.audience = (struct audience){ .kind = AUDIENCE_SELF };
	assert_ok(posts_set_audience(t->conn, &gate));
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 0 }, (post_id){ 0 }, false, 9, t->mem,
	                         &got, &n));
	assert_int_equal(n, 0);
	gate.audience = post.gate.audience;
	assert_ok(posts_set_audience(t->conn, &gate));
	assert_ok(posts_delete(t->conn, bo, post.gate.id, 9));
	assert_ok(group_posts_of(t->conn, walkers, (post_id){ 0 }, (post_id){ 0 }, false, 9, t->mem,
	                         &got, &n));
	assert_int_equal(n, 0);
	assert_ok(posts_gate(t->conn, bo, post.gate.id, t->mem, &gate));
	assert_true(gate.deleted && gate.audience.kind == AUDIENCE_SELF);
	assert_fails(posts_delete(t->conn, bo, post.gate.id, 9), ERR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_group_comes_back_as_written_and_changes),
		TABLE_TEST(a_deleted_group_keeps_its_id_alone),
		TABLE_TEST(who_is_invited_is_no_member_until_set_so),
		TABLE_TEST(invitations_are_withdrawn_by_who_made_them),
		TABLE_TEST(a_person_s_groups_come_newest_first),
		TABLE_TEST(each_shows_living_groups_and_members_alone),
		TABLE_TEST(posts_of_a_group_come_by_windows),
		TABLE_TEST(a_post_for_a_group_is_listed_until_deleted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
