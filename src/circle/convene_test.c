/* The life of a group through its verbs: who is in it. */
#include "circle/convene.h"

#include "circle/admit.h"
#include "circle/erase.h"
#include "circle/walkers_testing.h"

#include "model/limits.h"
#include "store/groups.h"

#include <stdatomic.h>
#include <string.h>

static void to_others_there_is_no_such_group(void **state)
{
	struct seen_group seen;
	struct seen_group_member *members;
	struct seen_post *posts;
	size_t n;
	str title = S("Mine");
	(void)state;
	walkers_join(BO);
	assert_fails(walkers_find(DEE, &seen), ERR_MISSING);
	assert_int_equal(walkers_count_groups(DEE), 0);
	assert_fails(convene_members(s->c, s->people[DEE], walkers, s->mem, &members, &n),
	             ERR_MISSING);
	assert_fails(read_group(s->c, s->people[DEE], walkers, (struct page){ 0 }, s->now_ms,
	                        s->mem, &posts, &n),
	             ERR_MISSING);
	assert_fails(walkers_invite(DEE, AN), ERR_MISSING);
	assert_fails(walkers_accept(DEE), ERR_MISSING);
	assert_fails(walkers_leave(DEE), ERR_MISSING);
	assert_fails(walkers_remove_member(DEE, BO), ERR_MISSING);
	assert_fails(walkers_hand_over(DEE, DEE), ERR_MISSING);
	assert_fails(convene_change(s->c, s->people[DEE], walkers, &title, NULL, s->now_ms, s->mem),
	             ERR_MISSING);
	assert_fails(convene_delete(s->c, s->people[DEE], walkers, s->now_ms), ERR_MISSING);
	walkers.v++; /* one that is not there answers the same */
	assert_fails(walkers_accept(AN), ERR_MISSING);
	assert_fails(walkers_find(AN, &seen), ERR_MISSING);
	assert_fails(walkers_leave(AN), ERR_MISSING);
}

static void the_invited_see_what_it_is_and_who_asks(void **state)
{
	struct seen_group seen;
	struct seen_group_member *members;
	size_t n;
	(void)state;
	assert_ok(walkers_invite(AN, BO));
	assert_ok(walkers_find(BO, &seen));
	assert_int_equal(seen.state, GROUP_INVITED);
	assert_text(seen.group.title, "Walkers");
	assert_text(seen.group.about, "Sundays at nine");
	assert_true(seen.group.owner.v == s->people[AN].v);
	assert_true(seen.invited_by.v == s->people[AN].v);
	assert_true(seen.members == 0 && !seen.owned);
	assert_fails(convene_members(s->c, s->people[BO], walkers, s->mem, &members, &n),
	             ERR_MISSING);
	assert_fails(walkers_invite(BO, AN), ERR_MISSING); /* invited is not in */
	assert_int_equal(walkers_count_members(AN), 1);
	assert_int_equal(walkers_count_groups(BO), 1);
	assert_ok(walkers_accept(BO));
	assert_ok(walkers_accept(BO)); /* twice is fine */
	assert_ok(walkers_find(BO, &seen));
	assert_true(seen.state == GROUP_MEMBER && seen.members == 2 && !seen.owned);
	stage_reopen(s);
	assert_ok(walkers_find(BO, &seen));
	assert_true(seen.state == GROUP_MEMBER && seen.members == 2);
	assert_ok(walkers_find(AN, &seen));
	assert_true(seen.owned && seen.invited_by.v == 0);
}

static void members_invite_their_own_friends_alone(void **state)
{
	(void)state;
	walkers_join(BO);
	assert_blames(walkers_invite(BO, CAI), ERR_INPUT, "account_id");
	assert_blames(walkers_invite(BO, BO), ERR_INPUT, "account_id");
	assert_blames(convene_invite(s->c, s->people[BO], walkers, (person_id){ 42 }, s->now_ms),
	              ERR_INPUT, "account_id");
	stage_befriend(s, BO, CAI);
	assert_ok(walkers_invite(BO, CAI));
	assert_ok(walkers_invite(AN, CAI)); /* invited already: fine */
	assert_int_equal(stage_notices(s, CAI, NOTICE_INVITED), 1);
	assert_ok(walkers_accept(CAI));
	assert_ok(walkers_invite(AN, CAI)); /* in it already: fine */
	/* One's own tie decides: whether the other still holds theirs is not told. */
	assert_ok(befriend_end(s->c, s->people[DEE], s->people[AN]));
	assert_ok(walkers_invite(AN, DEE));
	assert_ok(befriend_block(s->c, s->people[DEE], s->people[AN], s->now_ms));
	assert_blames(walkers_invite(AN, DEE), ERR_INPUT, "account_id");
	assert_ok(stage_seal(s->c, s->people[6], true, s->now_ms));
	assert_blames(walkers_invite(AN, 6), ERR_INPUT, "account_id");
}

static void an_invitation_ends_with_a_block_or_with_its_maker(void **state)
{
	struct seen_group seen;
	const unsigned invited = 1u << NOTICE_INVITED;
	(void)state;
	walkers_join(BO);
	stage_befriend(s, BO, CAI);
	stage_befriend(s, BO, DEE);
	assert_ok(walkers_invite(BO, CAI));
	assert_ok(walkers_invite(BO, DEE));
	assert_int_equal(walkers_count_notices(CAI, invited), 1);
	assert_ok(befriend_block(s->c, s->people[CAI], s->people[BO], s->now_ms));
	assert_int_equal(walkers_count_notices(CAI, invited), 0);
	assert_fails(walkers_find(CAI, &seen), ERR_MISSING);
	assert_fails(walkers_accept(CAI), ERR_MISSING);
	assert_fails(walkers_leave(CAI), ERR_MISSING);
	assert_ok(walkers_invite(AN, CAI)); /* another friend may ask again */
	assert_int_equal(walkers_count_notices(CAI, invited), 1);
	assert_ok(walkers_leave(BO));
	assert_fails(walkers_accept(DEE), ERR_MISSING);
	assert_int_equal(walkers_count_notices(DEE, invited), 0);
	assert_ok(walkers_accept(CAI));
}

static void a_notice_of_an_invitation_is_shown_while_it_waits(void **state)
{
	struct seen_notice *notices;
	const unsigned invited = 1u << NOTICE_INVITED;
	size_t n;
	(void)state;
	assert_ok(walkers_invite(AN, BO));
	assert_ok(read_notices(s->c, s->people[BO], (struct page){ 0 }, invited, s->now_ms, s->mem,
	                       &notices, &n));
	assert_int_equal(n, 1);
	assert_text(notices[0].group_title, "Walkers");
	assert_true(notices[0].notice.group.v == walkers.v);
	assert_true(notices[0].actor.id.v == s->people[AN].v);
	assert_ok(walkers_leave(BO)); /* declines */
	assert_int_equal(walkers_count_notices(BO, invited), 0);
	assert_ok(walkers_invite(AN, BO));
	assert_int_equal(walkers_count_notices(BO, invited), 1); /* the new one, not both */
	assert_ok(walkers_remove_member(AN, BO));                /* withdrawn */
	assert_int_equal(walkers_count_notices(BO, invited), 0);
	assert_fails(walkers_accept(BO), ERR_MISSING);
	assert_ok(walkers_invite(AN, BO));
	assert_ok(walkers_accept(BO));
	assert_int_equal(walkers_count_notices(BO, invited), 0);
	assert_ok(walkers_invite(AN, CAI));
	assert_ok(convene_delete(s->c, s->people[AN], walkers, s->now_ms));
	assert_int_equal(walkers_count_notices(CAI, invited), 0);
}

static void what_is_the_owner_s_no_member_does(void **state)
{
	str title = S("Mine");
	(void)state;
	walkers_join(BO);
	walkers_join(CAI);
	assert_fails(walkers_remove_member(BO, CAI), ERR_DENIED);
	assert_fails(walkers_hand_over(BO, CAI), ERR_DENIED);
	assert_fails(convene_delete(s->c, s->people[BO], walkers, s->now_ms), ERR_DENIED);
	assert_fails(convene_change(s->c, s->people[BO], walkers, &title, NULL, s->now_ms, s->mem),
	             ERR_DENIED);
	assert_ok(walkers_hand_over(AN, BO));
	assert_fails(walkers_remove_member(AN, CAI), ERR_DENIED);
	assert_ok(walkers_remove_member(BO, CAI));
	assert_ok(walkers_remove_member(BO, CAI)); /* fine when not there */
	assert_int_equal(walkers_count_members(BO), 2);
	assert_blames(walkers_remove_member(BO, BO), ERR_INPUT, "account_id");
	assert_ok(convene_change(s->c, s->people[BO], walkers, &title, NULL, s->now_ms, s->mem));
}

static void an_owner_hands_over_before_leaving(void **state)
{
	struct seen_group seen;
	(void)state;
	walkers_join(BO);
	assert_blames(walkers_leave(AN), ERR_INPUT, "owner");
	assert_blames(walkers_hand_over(AN, AN), ERR_INPUT, "account_id");
	assert_blames(walkers_hand_over(AN, CAI), ERR_INPUT, "account_id");
	assert_ok(walkers_invite(AN, CAI));
	assert_blames(walkers_hand_over(AN, CAI), ERR_INPUT, "account_id"); /* invited is not in */
	assert_ok(walkers_hand_over(AN, BO));
	assert_ok(walkers_leave(AN));
	assert_fails(walkers_find(AN, &seen), ERR_MISSING);
	assert_ok(walkers_find(BO, &seen));
	assert_true(seen.owned);
	assert_ok(walkers_leave(BO)); /* the last one ends it, and what waited with it */
	assert_fails(walkers_find(BO, &seen), ERR_MISSING);
	assert_fails(walkers_accept(CAI), ERR_MISSING);
	assert_int_equal(walkers_count_groups(BO), 0);
}

static void the_longest_standing_stands_in_for_a_sealed_owner(void **state)
{
	struct seen_group seen;
	(void)state;
	walkers_join(CAI);
	walkers_join(BO);
	assert_ok(stage_seal(s->c, s->people[AN], true, s->now_ms));
	assert_ok(walkers_find(BO, &seen));
	assert_true(seen.group.owner.v == s->people[CAI].v && seen.members == 2);
	assert_fails(walkers_remove_member(BO, CAI), ERR_DENIED);
	assert_ok(walkers_find(CAI, &seen));
	assert_true(seen.owned);
	assert_ok(walkers_leave(CAI)); /* the next one stands in */
	assert_ok(walkers_find(BO, &seen));
	assert_true(seen.owned);
	assert_ok(stage_seal(s->c, s->people[AN], false, s->now_ms));
	assert_ok(walkers_find(BO, &seen));
	assert_true(seen.group.owner.v == s->people[AN].v && !seen.owned);
}

static bool has_ended(void)
{
	struct conn *conn = NULL;
	struct group group;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(groups_find(conn, walkers, s->mem, &group));
	store_read_end(s->c->store, &conn);
	return group.deleted && group.title.n == 0;
}

static void the_last_one_out_ends_it_whoever_owned_it(void **state)
{
	(void)state;
	for (int erased = 0; erased < 2; erased++) {
		walkers_join(CAI);
		walkers_join(BO);
		assert_ok(stage_seal(s->c, s->people[AN], true, s->now_ms));
		assert_ok(walkers_remove_member(CAI, AN)); /* who stands in for the owner */
		assert_ok(walkers_leave(CAI));
		assert_false(has_ended());
		if (erased)
			assert_ok(erase_person(s->c, s->people[BO], s->now_ms));
		else
			assert_ok(walkers_leave(BO));
		assert_true(has_ended());
		assert_ok(stage_seal(s->c, s->people[AN], false, s->now_ms));
		assert_ok(convene_create(s->c, s->people[AN], S("Walkers"), STR_NONE, ++s->now_ms,
		                         s->mem, &walkers));
	}
}

static void words_are_checked(void **state)
{
	static const struct {
		const char *name, *title, *about, *field;
	} rows[] = {
		{ "no title", "", "", "title" },
		{ "a title of blanks", "  ", "", "title" },
		{ "a title in two lines", "a\nb", "", "title" },
		{ "a description of blanks", "Title", " \n ", "about" },
	};
	char longer[GROUP_ABOUT_MAX + 1];
	str title = S("Hikers"), about = STR_NONE, none = STR_NONE;
	struct seen_group seen;
	group_id id;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		err e = convene_create(s->c, s->people[BO], str_of(rows[i].title),
		                       str_of(rows[i].about), s->now_ms, s->mem, &id);
		if (e.code != ERR_INPUT || strcmp(e.field, rows[i].field) != 0)
			fail_msg("%s: %s", rows[i].name, e.why);
	}
	memset(longer, 'a', sizeof longer);
	assert_blames(convene_create(s->c, s->people[BO], (str){ longer, GROUP_TITLE_MAX + 1 },
	                             none, s->now_ms, s->mem, &id),
	              ERR_INPUT, "title");
	assert_blames(convene_create(s->c, s->people[BO], title, (str){ longer, sizeof longer },
	                             s->now_ms, s->mem, &id),
	              ERR_LIMIT, "about");
	assert_int_equal(walkers_count_groups(BO), 0);
	assert_ok(convene_change(s->c, s->people[AN], walkers, &title, NULL, s->now_ms, s->mem));
	assert_ok(walkers_find(AN, &seen));
	assert_text(seen.group.title, "Hikers");
	assert_text(seen.group.about, "Sundays at nine");
	assert_ok(convene_change(s->c, s->people[AN], walkers, NULL, &about, s->now_ms, s->mem));
	stage_reopen(s);
	assert_ok(walkers_find(AN, &seen));
	assert_text(seen.group.title, "Hikers");
	assert_int_equal(seen.group.about.n, 0);
}

/* ---- caps ---- */

static void join_any(struct stage *stage, int i, void *ctx)
{
	const group_id *groups = ctx;
	err e = convene_accept(stage->c, stage->people[BO], groups[i], stage->now_ms);
	sure(!failed(e) || (e.code == ERR_LIMIT && strcmp(e.field, "groups") == 0));
}

static void nobody_is_in_more_groups_than_the_cap_however_fast(void **state)
{
	group_id groups[8], other;
	int count;
	struct conn *conn = NULL;
	(void)state;
	for (size_t i = 0; i < COUNT(groups); i++) {
		assert_ok(convene_create(s->c, s->people[AN], S("Another"), STR_NONE, s->now_ms,
		                         s->mem, &groups[i]));
		assert_ok(convene_invite(s->c, s->people[AN], groups[i], s->people[BO], s->now_ms));
	}
	for (int i = 0; i < GROUPS_MAX - 3; i++)
		assert_ok(convene_create(s->c, s->people[BO], S("Mine"), STR_NONE, s->now_ms,
		                         s->mem, &other));
	stage_race(s, COUNT(groups), join_any, groups);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(groups_count(conn, s->people[BO], GROUP_MEMBER, &count));
	store_read_end(s->c->store, &conn);
	assert_int_equal(count, GROUPS_MAX);
	assert_blames(
		convene_create(s->c, s->people[BO], S("Mine"), STR_NONE, s->now_ms, s->mem, &other),
		ERR_LIMIT, "groups");
}

static err crowd(struct conn *tx, void *ctx)
{
	const int *n = ctx;
	err e = OK;
	for (int i = 0; i < *n && !failed(e); i++) {
		struct group_member member = { { 1 + i }, GROUP_INVITED, s->people[AN], 1 };
		e = group_members_set(tx, walkers, &member);
	}
	return e;
}

static void invite_any(struct stage *stage, int i, void *ctx)
{
	err e = convene_invite(stage->c, stage->people[AN], walkers, stage->people[BO + i],
	                       stage->now_ms);
	(void)ctx;
	sure(!failed(e) || (e.code == ERR_LIMIT && strcmp(e.field, "members") == 0));
}

static void no_group_outgrows_its_cap_however_fast(void **state)
{
	int n = GROUP_MEMBERS_MAX - 4, count;
	struct conn *conn = NULL;
	(void)state;
	assert_ok(store_write(s->c->store, (struct store_job){ crowd, NULL, &n }));
	stage_race(s, 8, invite_any, NULL);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(group_members_count(conn, walkers, &count));
	store_read_end(s->c->store, &conn);
	assert_int_equal(count, GROUP_MEMBERS_MAX);
}

static void speak_or_go(struct stage *stage, int i, void *ctx)
{
	struct published out;
	struct post_draft draft = { .text = S("words"),
		                    .audience = { .kind = AUDIENCE_GROUP, .group = walkers } };
	struct arena *mem = arena_new(4096);
	err e;
	(void)ctx;
	if (i == 0)
		e = convene_remove(stage->c, stage->people[AN], walkers, stage->people[BO],
		                   stage->now_ms);
	else
		e = publish_post(stage->c, stage->people[BO], &draft, stage->now_ms, mem, &out);
	sure(!failed(e) || (i > 0 && e.code == ERR_INPUT));
	arena_free(mem);
}

/* Said before they were taken out, or refused: nothing of it is shown either way, and all of what was said comes back. */
static void who_is_taken_out_while_speaking_has_spoken_or_not(void **state)
{
	struct seen_post *posts;
	size_t n;
	(void)state;
	for (int round = 0; round < 10; round++) {
		walkers_join(BO);
		stage_race(s, 4, speak_or_go, NULL);
		assert_int_equal(walkers_count_timeline(AN), 0);
		assert_int_equal(walkers_count_members(AN), 1);
	}
	assert_ok(read_album(s->c, s->people[BO], s->people[BO], (struct page){ .limit = 100 },
	                     s->now_ms, s->mem, &posts, &n));
	walkers_join(BO);
	assert_int_equal(walkers_count_timeline(AN), n < 20 ? n : 20);
}

/* ---- what is said in it ---- */

#define TEST(f) cmocka_unit_test_setup_teardown(f, walkers_set_up, walkers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(to_others_there_is_no_such_group),
		TEST(the_invited_see_what_it_is_and_who_asks),
		TEST(members_invite_their_own_friends_alone),
		TEST(an_invitation_ends_with_a_block_or_with_its_maker),
		TEST(a_notice_of_an_invitation_is_shown_while_it_waits),
		TEST(what_is_the_owner_s_no_member_does),
		TEST(an_owner_hands_over_before_leaving),
		TEST(the_longest_standing_stands_in_for_a_sealed_owner),
		TEST(the_last_one_out_ends_it_whoever_owned_it),
		TEST(words_are_checked),
		TEST(nobody_is_in_more_groups_than_the_cap_however_fast),
		TEST(no_group_outgrows_its_cap_however_fast),
		TEST(who_is_taken_out_while_speaking_has_spoken_or_not),
	};
	return cmocka_run_group_tests_name("convene", tests, NULL, NULL);
}
