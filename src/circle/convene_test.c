/* The life of a group through its verbs. p02 founds it, p03 and p04 are p02's friends and each other's strangers. */
#include "circle/convene.h"

#include "circle/admit.h"
#include "circle/erase.h"
#include "circle/stage_testing.h"

#include "model/limits.h"
#include "store/groups.h"

#include <stdatomic.h>
#include <string.h>

#define AN 2
#define BO 3
#define CAI 4
#define DEE 5
#define PEOPLE 12

static struct stage *s; /* of the test that runs */
static group_id walkers;

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = PEOPLE });
	for (int i = BO; i < PEOPLE; i++)
		stage_befriend(s, AN, i);
	assert_ok(convene_create(s->c, s->people[AN], S("Walkers"), S("Sundays at nine"), s->now_ms,
	                         s->mem, &walkers));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err invite(int by, int whom)
{
	return convene_invite(s->c, s->people[by], walkers, s->people[whom], ++s->now_ms);
}

static err accept(int who) { return convene_accept(s->c, s->people[who], walkers, ++s->now_ms); }
static err leave(int who) { return convene_leave(s->c, s->people[who], walkers, ++s->now_ms); }

static err remove_member(int by, int whom)
{
	return convene_remove(s->c, s->people[by], walkers, s->people[whom], ++s->now_ms);
}

static err hand_over(int by, int whom)
{
	return convene_hand_over(s->c, s->people[by], walkers, s->people[whom], ++s->now_ms);
}

static void join(int who)
{
	assert_ok(invite(AN, who));
	assert_ok(accept(who));
}

static err find(int who, struct seen_group *out)
{
	return convene_find(s->c, s->people[who], walkers, s->mem, out);
}

static size_t count_members(int who)
{
	struct seen_group_member *members;
	size_t n;
	assert_ok(convene_members(s->c, s->people[who], walkers, s->mem, &members, &n));
	return n;
}

static size_t count_groups(int who)
{
	struct seen_group *all;
	size_t n;
	assert_ok(convene_all(s->c, s->people[who], s->mem, &all, &n));
	return n;
}

static struct status_ref post(int author, const char *text)
{
	struct published out;
	struct post_draft draft = { .text = str_of(text),
		                    .audience = { .kind = AUDIENCE_GROUP, .group = walkers } };
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	return (struct status_ref){ s->people[author], out.post.gate.id, { 0 } };
}

static size_t count_timeline(int who)
{
	struct seen_post *posts;
	size_t n;
	assert_ok(read_group(s->c, s->people[who], walkers, (struct page){ 0 }, s->now_ms, s->mem,
	                     &posts, &n));
	return n;
}

static size_t count_notices(int who, unsigned kinds)
{
	struct seen_notice *notices;
	size_t n;
	assert_ok(read_notices(s->c, s->people[who], (struct page){ 0 }, kinds, s->now_ms, s->mem,
	                       &notices, &n));
	return n;
}

/* ---- who is in it ---- */

static void to_others_there_is_no_such_group(void **state)
{
	struct seen_group seen;
	struct seen_group_member *members;
	struct seen_post *posts;
	size_t n;
	str title = S("Mine");
	(void)state;
	join(BO);
	assert_fails(find(DEE, &seen), ERR_MISSING);
	assert_int_equal(count_groups(DEE), 0);
	assert_fails(convene_members(s->c, s->people[DEE], walkers, s->mem, &members, &n),
	             ERR_MISSING);
	assert_fails(read_group(s->c, s->people[DEE], walkers, (struct page){ 0 }, s->now_ms,
	                        s->mem, &posts, &n),
	             ERR_MISSING);
	assert_fails(invite(DEE, AN), ERR_MISSING);
	assert_fails(accept(DEE), ERR_MISSING);
	assert_fails(leave(DEE), ERR_MISSING);
	assert_fails(remove_member(DEE, BO), ERR_MISSING);
	assert_fails(hand_over(DEE, DEE), ERR_MISSING);
	assert_fails(convene_change(s->c, s->people[DEE], walkers, &title, NULL, s->now_ms, s->mem),
	             ERR_MISSING);
	assert_fails(convene_delete(s->c, s->people[DEE], walkers, s->now_ms), ERR_MISSING);
	walkers.v++; /* one that is not there answers the same */
	assert_fails(accept(AN), ERR_MISSING);
	assert_fails(find(AN, &seen), ERR_MISSING);
	assert_fails(leave(AN), ERR_MISSING);
}

static void the_invited_see_what_it_is_and_who_asks(void **state)
{
	struct seen_group seen;
	struct seen_group_member *members;
	size_t n;
	(void)state;
	assert_ok(invite(AN, BO));
	assert_ok(find(BO, &seen));
	assert_int_equal(seen.state, GROUP_INVITED);
	assert_text(seen.group.title, "Walkers");
	assert_text(seen.group.about, "Sundays at nine");
	assert_true(seen.group.owner.v == s->people[AN].v);
	assert_true(seen.invited_by.v == s->people[AN].v);
	assert_true(seen.members == 0 && !seen.owned);
	assert_fails(convene_members(s->c, s->people[BO], walkers, s->mem, &members, &n),
	             ERR_MISSING);
	assert_fails(invite(BO, AN), ERR_MISSING); /* invited is not in */
	assert_int_equal(count_members(AN), 1);
	assert_int_equal(count_groups(BO), 1);
	assert_ok(accept(BO));
	assert_ok(accept(BO)); /* twice is fine */
	assert_ok(find(BO, &seen));
	assert_true(seen.state == GROUP_MEMBER && seen.members == 2 && !seen.owned);
	stage_reopen(s);
	assert_ok(find(BO, &seen));
	assert_true(seen.state == GROUP_MEMBER && seen.members == 2);
	assert_ok(find(AN, &seen));
	assert_true(seen.owned && seen.invited_by.v == 0);
}

static void members_invite_their_own_friends_alone(void **state)
{
	(void)state;
	join(BO);
	assert_blames(invite(BO, CAI), ERR_INPUT, "account_id");
	assert_blames(invite(BO, BO), ERR_INPUT, "account_id");
	assert_blames(convene_invite(s->c, s->people[BO], walkers, (person_id){ 42 }, s->now_ms),
	              ERR_INPUT, "account_id");
	stage_befriend(s, BO, CAI);
	assert_ok(invite(BO, CAI));
	assert_ok(invite(AN, CAI)); /* invited already: fine */
	assert_int_equal(stage_notices(s, CAI, NOTICE_INVITED), 1);
	assert_ok(accept(CAI));
	assert_ok(invite(AN, CAI)); /* in it already: fine */
	/* One's own tie decides: whether the other still holds theirs is not told. */
	assert_ok(befriend_end(s->c, s->people[DEE], s->people[AN]));
	assert_ok(invite(AN, DEE));
	assert_ok(befriend_block(s->c, s->people[DEE], s->people[AN], s->now_ms));
	assert_blames(invite(AN, DEE), ERR_INPUT, "account_id");
	assert_ok(admit_seal(s->c, s->people[6], true, s->now_ms));
	assert_blames(invite(AN, 6), ERR_INPUT, "account_id");
}

static void an_invitation_ends_with_a_block_or_with_its_maker(void **state)
{
	struct seen_group seen;
	const unsigned invited = 1u << NOTICE_INVITED;
	(void)state;
	join(BO);
	stage_befriend(s, BO, CAI);
	stage_befriend(s, BO, DEE);
	assert_ok(invite(BO, CAI));
	assert_ok(invite(BO, DEE));
	assert_int_equal(count_notices(CAI, invited), 1);
	assert_ok(befriend_block(s->c, s->people[CAI], s->people[BO], s->now_ms));
	assert_int_equal(count_notices(CAI, invited), 0);
	assert_fails(find(CAI, &seen), ERR_MISSING);
	assert_fails(accept(CAI), ERR_MISSING);
	assert_fails(leave(CAI), ERR_MISSING);
	assert_ok(invite(AN, CAI)); /* another friend may ask again */
	assert_int_equal(count_notices(CAI, invited), 1);
	assert_ok(leave(BO));
	assert_fails(accept(DEE), ERR_MISSING);
	assert_int_equal(count_notices(DEE, invited), 0);
	assert_ok(accept(CAI));
}

static void a_notice_of_an_invitation_is_shown_while_it_waits(void **state)
{
	struct seen_notice *notices;
	const unsigned invited = 1u << NOTICE_INVITED;
	size_t n;
	(void)state;
	assert_ok(invite(AN, BO));
	assert_ok(read_notices(s->c, s->people[BO], (struct page){ 0 }, invited, s->now_ms, s->mem,
	                       &notices, &n));
	assert_int_equal(n, 1);
	assert_text(notices[0].group_title, "Walkers");
	assert_true(notices[0].notice.group.v == walkers.v);
	assert_true(notices[0].actor.id.v == s->people[AN].v);
	assert_ok(leave(BO)); /* declines */
	assert_int_equal(count_notices(BO, invited), 0);
	assert_ok(invite(AN, BO));
	assert_int_equal(count_notices(BO, invited), 1); /* the new one, not both */
	assert_ok(remove_member(AN, BO));                /* withdrawn */
	assert_int_equal(count_notices(BO, invited), 0);
	assert_fails(accept(BO), ERR_MISSING);
	assert_ok(invite(AN, BO));
	assert_ok(accept(BO));
	assert_int_equal(count_notices(BO, invited), 0);
	assert_ok(invite(AN, CAI));
	assert_ok(convene_delete(s->c, s->people[AN], walkers, s->now_ms));
	assert_int_equal(count_notices(CAI, invited), 0);
}

static void what_is_the_owner_s_no_member_does(void **state)
{
	str title = S("Mine");
	(void)state;
	join(BO);
	join(CAI);
	assert_fails(remove_member(BO, CAI), ERR_DENIED);
	assert_fails(hand_over(BO, CAI), ERR_DENIED);
	assert_fails(convene_delete(s->c, s->people[BO], walkers, s->now_ms), ERR_DENIED);
	assert_fails(convene_change(s->c, s->people[BO], walkers, &title, NULL, s->now_ms, s->mem),
	             ERR_DENIED);
	assert_ok(hand_over(AN, BO));
	assert_fails(remove_member(AN, CAI), ERR_DENIED);
	assert_ok(remove_member(BO, CAI));
	assert_ok(remove_member(BO, CAI)); /* fine when not there */
	assert_int_equal(count_members(BO), 2);
	assert_blames(remove_member(BO, BO), ERR_INPUT, "account_id");
	assert_ok(convene_change(s->c, s->people[BO], walkers, &title, NULL, s->now_ms, s->mem));
}

static void an_owner_hands_over_before_leaving(void **state)
{
	struct seen_group seen;
	(void)state;
	join(BO);
	assert_blames(leave(AN), ERR_INPUT, "owner");
	assert_blames(hand_over(AN, AN), ERR_INPUT, "account_id");
	assert_blames(hand_over(AN, CAI), ERR_INPUT, "account_id");
	assert_ok(invite(AN, CAI));
	assert_blames(hand_over(AN, CAI), ERR_INPUT, "account_id"); /* invited is not in */
	assert_ok(hand_over(AN, BO));
	assert_ok(leave(AN));
	assert_fails(find(AN, &seen), ERR_MISSING);
	assert_ok(find(BO, &seen));
	assert_true(seen.owned);
	assert_ok(leave(BO)); /* the last one ends it, and what waited with it */
	assert_fails(find(BO, &seen), ERR_MISSING);
	assert_fails(accept(CAI), ERR_MISSING);
	assert_int_equal(count_groups(BO), 0);
}

static void the_longest_standing_stands_in_for_a_sealed_owner(void **state)
{
	struct seen_group seen;
	(void)state;
	join(CAI);
	join(BO);
	assert_ok(admit_seal(s->c, s->people[AN], true, s->now_ms));
	assert_ok(find(BO, &seen));
	assert_true(seen.group.owner.v == s->people[CAI].v && seen.members == 2);
	assert_fails(remove_member(BO, CAI), ERR_DENIED);
	assert_ok(find(CAI, &seen));
	assert_true(seen.owned);
	assert_ok(leave(CAI)); /* the next one stands in */
	assert_ok(find(BO, &seen));
	assert_true(seen.owned);
	assert_ok(admit_seal(s->c, s->people[AN], false, s->now_ms));
	assert_ok(find(BO, &seen));
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
		join(CAI);
		join(BO);
		assert_ok(admit_seal(s->c, s->people[AN], true, s->now_ms));
		assert_ok(remove_member(CAI, AN)); /* who stands in for the owner */
		assert_ok(leave(CAI));
		assert_false(has_ended());
		if (erased)
			assert_ok(erase_person(s->c, s->people[BO], s->now_ms));
		else
			assert_ok(leave(BO));
		assert_true(has_ended());
		assert_ok(admit_seal(s->c, s->people[AN], false, s->now_ms));
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
	assert_int_equal(count_groups(BO), 0);
	assert_ok(convene_change(s->c, s->people[AN], walkers, &title, NULL, s->now_ms, s->mem));
	assert_ok(find(AN, &seen));
	assert_text(seen.group.title, "Hikers");
	assert_text(seen.group.about, "Sundays at nine");
	assert_ok(convene_change(s->c, s->people[AN], walkers, NULL, &about, s->now_ms, s->mem));
	stage_reopen(s);
	assert_ok(find(AN, &seen));
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
		join(BO);
		stage_race(s, 4, speak_or_go, NULL);
		assert_int_equal(count_timeline(AN), 0);
		assert_int_equal(count_members(AN), 1);
	}
	assert_ok(read_album(s->c, s->people[BO], s->people[BO], (struct page){ .limit = 100 },
	                     s->now_ms, s->mem, &posts, &n));
	join(BO);
	assert_int_equal(count_timeline(AN), n < 20 ? n : 20);
}

/* ---- what is said in it ---- */

static void members_see_a_post_and_no_one_else(void **state)
{
	struct status_ref p;
	struct seen_post seen;
	struct post_draft draft = { .text = S("Hello"),
		                    .audience = { .kind = AUDIENCE_GROUP, .group = walkers } };
	struct published out;
	(void)state;
	join(BO);
	join(CAI);
	assert_ok(invite(AN, 6));
	p = post(BO, "The path by the river is dry again");
	assert_true(stage_sees(s, AN, p));
	assert_true(stage_sees(s, CAI, p)); /* no friend of BO's */
	assert_false(stage_sees(s, DEE, p));
	assert_false(stage_sees(s, 6, p)); /* invited alone */
	assert_int_equal(count_timeline(CAI), 1);
	assert_ok(read_post(s->c, s->people[CAI], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.group.v == walkers.v);
	assert_text(seen.group_title, "Walkers");
	assert_true(seen.post.gate.audience.group.v == 0); /* the audience is its author's own */
	assert_blames(publish_post(s->c, s->people[DEE], &draft, s->now_ms, s->mem, &out),
	              ERR_INPUT, "kith_audience");
	assert_blames(publish_post(s->c, s->people[6], &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "kith_audience");
	draft.audience.group.v++;
	assert_blames(publish_post(s->c, s->people[AN], &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "kith_audience");
	draft.audience = (struct audience){
		.kind = AUDIENCE_GROUP, .group = walkers, .n_people = 1, .people = &s->people[BO]
	};
	assert_blames(publish_post(s->c, s->people[AN], &draft, s->now_ms, s->mem, &out), ERR_INPUT,
	              "kith_audience");
}

static void comments_and_likes_are_seen_by_members_whoever_is_whose_friend(void **state)
{
	struct status_ref p, c;
	struct seen_post seen;
	struct comment_draft draft = { .text = S("me too") };
	struct commented commented;
	(void)state;
	join(BO);
	join(CAI);
	join(DEE);
	p = post(BO, "Who is coming on Sunday?");
	c = stage_comment(s, CAI, p, "I am");
	assert_ok(publish_like(s->c, s->people[CAI], &p, s->now_ms));
	assert_ok(read_post(s->c, s->people[DEE], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.comments == 1 && seen.likes == 1);
	assert_true(stage_sees(s, DEE, c));
	assert_fails(publish_comment(s->c, s->people[6], &p, &draft, s->now_ms, s->mem, &commented),
	             ERR_MISSING);
	assert_fails(publish_like(s->c, s->people[6], &p, s->now_ms), ERR_MISSING);
	assert_int_equal(count_notices(BO, ~0u & ~(1u << NOTICE_ACCEPTED)), 2);
	/* What a member said goes with the member, and comes back with them. */
	assert_ok(leave(CAI));
	assert_false(stage_sees(s, DEE, c));
	assert_ok(read_post(s->c, s->people[DEE], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.comments == 0 && seen.likes == 0);
	assert_fails(
		publish_comment(s->c, s->people[CAI], &p, &draft, s->now_ms, s->mem, &commented),
		ERR_MISSING);
	join(CAI);
	assert_true(stage_sees(s, DEE, c));
	assert_ok(read_post(s->c, s->people[DEE], &p, s->now_ms, s->mem, &seen));
	assert_true(seen.comments == 1 && seen.likes == 1);
}

static void who_left_sees_their_own_post_and_nothing_of_the_group(void **state)
{
	struct status_ref mine, theirs;
	struct seen_post seen, *posts;
	size_t n;
	(void)state;
	join(BO);
	mine = post(BO, "Mine");
	theirs = post(AN, "Theirs");
	assert_ok(publish_like(s->c, s->people[BO], &theirs, s->now_ms));
	assert_ok(publish_like(s->c, s->people[AN], &mine, s->now_ms));
	assert_ok(leave(BO));
	assert_false(stage_sees(s, BO, theirs));
	assert_false(stage_sees(s, AN, mine));
	assert_ok(read_post(s->c, s->people[BO], &mine, s->now_ms, s->mem, &seen));
	assert_true(seen.group.v == 0 && seen.group_title.n == 0);
	assert_int_equal(count_timeline(AN), 1);
	assert_ok(read_favourites(s->c, s->people[BO], (struct page){ 0 }, s->now_ms, s->mem,
	                          &posts, &n));
	assert_int_equal(n, 0);
	assert_ok(
		read_home(s->c, s->people[BO], (struct page){ 0 }, s->now_ms, s->mem, &posts, &n));
	assert_true(n == 1 && posts[0].post.gate.id.v == mine.post.v);
	join(BO);
	assert_true(stage_sees(s, AN, mine));
	assert_true(stage_sees(s, BO, theirs));
}

static void members_who_block_each_other_see_nothing_of_each_other(void **state)
{
	struct status_ref by_bo, by_an, c;
	struct seen_group seen;
	(void)state;
	join(BO);
	join(CAI);
	by_bo = post(BO, "Bo's");
	by_an = post(AN, "An's");
	c = stage_comment(s, CAI, by_an, "Cai's");
	assert_true(stage_sees(s, BO, c));
	assert_ok(befriend_block(s->c, s->people[CAI], s->people[BO], s->now_ms));
	assert_false(stage_sees(s, BO, c));
	assert_false(stage_sees(s, CAI, by_bo));
	assert_true(stage_sees(s, AN, by_bo));
	assert_int_equal(count_members(AN), 3);
	assert_int_equal(count_members(BO), 2);
	assert_int_equal(count_members(CAI), 2);
	assert_int_equal(count_timeline(CAI), 1);
	assert_int_equal(count_timeline(BO), 2);
	assert_ok(find(CAI, &seen));
	assert_int_equal(seen.members, 2); /* a count would tell of it */
	/* The owner behind a block is nobody, and can still take out whom they block. */
	assert_ok(befriend_block(s->c, s->people[AN], s->people[BO], s->now_ms));
	assert_ok(find(BO, &seen));
	assert_int_equal(seen.group.owner.v, 0);
	assert_blames(hand_over(AN, BO), ERR_INPUT, "account_id");
	assert_ok(remove_member(AN, BO));
	assert_fails(find(BO, &seen), ERR_MISSING);
	assert_ok(befriend_unblock(s->c, s->people[CAI], s->people[BO]));
	assert_false(stage_sees(s, CAI, by_bo)); /* its author is out */
}

static void a_group_that_ended_leaves_each_post_to_its_author(void **state)
{
	struct status_ref p;
	struct seen_post seen;
	(void)state;
	join(BO);
	p = post(BO, "Bo's");
	stage_comment(s, AN, p, "An's");
	assert_ok(convene_delete(s->c, s->people[AN], walkers, s->now_ms));
	for (int again = 0; again < 2; again++) {
		assert_false(stage_sees(s, AN, p));
		assert_ok(read_post(s->c, s->people[BO], &p, s->now_ms, s->mem, &seen));
		assert_true(seen.comments == 0 && seen.group.v == 0);
		stage_reopen(s);
	}
}

static void a_group_post_names_members_alone(void **state)
{
	(void)state;
	join(BO);
	join(CAI);
	post(BO, "Ask @p04 and @p05");
	assert_int_equal(stage_notices(s, CAI, NOTICE_MENTION), 1); /* no friend of BO's */
	assert_int_equal(stage_notices(s, DEE, NOTICE_MENTION), 0);
	assert_ok(befriend_block(s->c, s->people[BO], s->people[CAI], s->now_ms));
	post(BO, "Ask @p04 again");
	assert_int_equal(stage_notices(s, CAI, NOTICE_MENTION), 1);
	assert_int_equal(count_notices(CAI, 1u << NOTICE_MENTION), 0);
}

static void home_shows_group_posts_of_friends_alone(void **state)
{
	struct seen_post *posts;
	size_t n;
	(void)state;
	join(BO);
	join(CAI);
	post(AN, "An's");
	post(BO, "Bo's");
	assert_ok(
		read_home(s->c, s->people[CAI], (struct page){ 0 }, s->now_ms, s->mem, &posts, &n));
	assert_true(n == 1 && posts[0].group.v == walkers.v);
	assert_text(posts[0].post.text, "An's");
	assert_ok(
		read_home(s->c, s->people[DEE], (struct page){ 0 }, s->now_ms, s->mem, &posts, &n));
	assert_int_equal(n, 0);
	assert_ok(read_album(s->c, s->people[CAI], s->people[AN], (struct page){ 0 }, s->now_ms,
	                     s->mem, &posts, &n));
	assert_int_equal(n, 1);
	assert_ok(read_album(s->c, s->people[DEE], s->people[AN], (struct page){ 0 }, s->now_ms,
	                     s->mem, &posts, &n));
	assert_int_equal(n, 0);
}

/* Hidden posts in between do not shorten a page, and pages meet without gap or double. */
static void the_timeline_comes_in_pages(void **state)
{
	struct seen_post *posts;
	struct page page = { .limit = 10 };
	int64_t ids[200];
	size_t n, all = 0;
	(void)state;
	join(BO);
	join(CAI);
	assert_ok(befriend_block(s->c, s->people[CAI], s->people[BO], s->now_ms));
	for (int i = 0; i < 200; i++) {
		struct status_ref p = post(i % 8 ? BO : AN, "words");
		if (i == 96)
			assert_ok(publish_delete(s->c, s->people[AN], &p, s->now_ms));
	}
	for (int again = 0; again < 2; again++) {
		page = (struct page){ .limit = 10 };
		all = 0;
		do {
			assert_ok(read_group(s->c, s->people[CAI], walkers, page, s->now_ms, s->mem,
			                     &posts, &n));
			for (size_t i = 0; i < n; i++) {
				ids[all] = posts[i].post.gate.id.v;
				assert_true(all == 0 || ids[all] < ids[all - 1]);
				assert_true(posts[i].post.gate.author.v == s->people[AN].v);
				all++;
			}
			page.max_id = n ? posts[n - 1].post.gate.id.v : 0;
		} while (n == 10);
		assert_int_equal(all, 24);
		stage_reopen(s);
	}
	page = (struct page){ .limit = 5, .min_id = ids[23] };
	assert_ok(read_group(s->c, s->people[CAI], walkers, page, s->now_ms, s->mem, &posts, &n));
	assert_true(n == 5 && posts[0].post.gate.id.v == ids[18] &&
	            posts[4].post.gate.id.v == ids[22]);
	page = (struct page){ .limit = 50, .since_id = ids[5] };
	assert_ok(read_group(s->c, s->people[CAI], walkers, page, s->now_ms, s->mem, &posts, &n));
	assert_int_equal(n, 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

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
		TEST(members_see_a_post_and_no_one_else),
		TEST(comments_and_likes_are_seen_by_members_whoever_is_whose_friend),
		TEST(who_left_sees_their_own_post_and_nothing_of_the_group),
		TEST(members_who_block_each_other_see_nothing_of_each_other),
		TEST(a_group_that_ended_leaves_each_post_to_its_author),
		TEST(a_group_post_names_members_alone),
		TEST(home_shows_group_posts_of_friends_alone),
		TEST(the_timeline_comes_in_pages),
	};
	return cmocka_run_group_tests_name("convene", tests, NULL, NULL);
}
