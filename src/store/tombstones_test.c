#include "store/tombstones.h"

#include "store/cases.h"
#include "store/comments.h"
#include "store/factors.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/pictures.h"
#include "store/posts.h"
#include "store/rules_down.h"
#include "store/sessions.h"
#include "store/store_testing.h"
#include "store/ties.h"
#include "store/tombstone_log.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A store, and a copy of its database from before. */
struct place {
	char folder[64], db[128], old[128], log[128];
	struct store *store;
	struct arena *mem;
};

static const person_id anna = { 101 }, ben = { 102 }, cleo = { 103 };
static const secret_hash some = { { 1 } }, other = { { 2 } };

static void open_store(struct place *p)
{
	assert_ok(store_open(&(struct store_settings){ .folder = p->folder }, &p->store));
}

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	assert_non_null(p);
	make_quick_folder(p->folder);
	snprintf(p->db, sizeof p->db, "%s/kith.db", p->folder);
	snprintf(p->old, sizeof p->old, "%s/old.db", p->folder);
	snprintf(p->log, sizeof p->log, "%s/tombstones.log", p->folder);
	p->mem = arena_new(16 * 1024);
	open_store(p);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	store_close(p->store);
	remove_folder(p->folder);
	arena_free(p->mem);
	free(p);
	return 0;
}

static void put(struct place *p, err (*work)(struct conn *tx, void *ctx))
{
	assert_ok(store_write(p->store, (struct store_job){ .work = work, .ctx = p }));
}

static void remember(struct place *p)
{
	struct conn *conn;
	assert_ok(store_read(p->store, &conn));
	assert_ok(driver_backup(conn, p->old));
	store_read_end(p->store, &conn);
}

static void bring_back(struct place *p)
{
	char beside[160];
	store_close(p->store);
	p->store = NULL;
	for (size_t i = 0; i < 2; i++) {
		snprintf(beside, sizeof beside, "%s%s", p->db, i ? "-wal" : "-shm");
		unlink(beside);
	}
	assert_int_equal(rename(p->old, p->db), 0);
	open_store(p);
}

static err add_person(struct conn *tx, person_id id, const char *handle)
{
	struct person person = { .id = id, .handle = str_of(handle), .avatar = { 7 } };
	return people_insert(tx, &person, person.handle, S("a hash"));
}

static err add_post(struct conn *tx, int64_t id)
{
	struct post post = { .gate = { .id = { id }, .author = anna, .created_at_ms = id },
		             .text = S("Words."),
		             .n_media = id == 1 };
	return posts_insert(tx, &post);
}

static err add_comment(struct conn *tx, int64_t id)
{
	struct comment comment = { .gate = { .post_author = anna,
		                             .post = { 2 },
		                             .id = { id },
		                             .author = ben,
		                             .created_at_ms = id },
		                   .text = S("More words.") };
	return comments_insert(tx, &comment);
}

static struct measure on_anna(int64_t id, enum measure_kind kind, enum measure_state state)
{
	return (struct measure){ .id = { id },
		                 .subject = anna,
		                 .kind = kind,
		                 .state = state,
		                 .rule = S("order.case"),
		                 .starts_at_ms = 100,
		                 .ends_at_ms = 900,
		                 .by = ben,
		                 .decider = DECIDER_STEWARD,
		                 .points = 2 };
}

/* Confirmed by another steward: it begins then. */
static err confirm(struct conn *tx, const struct measure *proposed)
{
	struct measure sealed = *proposed;
	sealed.state = MEASURE_KEPT;
	sealed.due_at_ms = 0;
	sealed.starts_at_ms = 200;
	sealed.ends_at_ms = 1000;
	return measures_move(tx, proposed, &sealed);
}

/* In which the hold and the proposed seal wait. */
static err open_a_case(struct conn *tx)
{
	struct order_case one = { .id = { 61 }, .subject = anna, .opened_at_ms = 10 };
	struct case_item hold = { .kind = ITEM_MEASURE,
		                  .id = 90,
		                  .owner = anna,
		                  .due_at_ms = 1000 },
			 seal = { .kind = ITEM_MEASURE, .id = 92, .owner = anna, .due_at_ms = 300 };
	size_t waiting;
	err e;
	TRY(cases_insert(tx, &one, 1));
	TRY(cases_put_item(tx, one.id, &hold));
	TRY(cases_put_item(tx, one.id, &seal));
	TRY(cases_reckon(tx, &one, &waiting));
	TRY(cases_save(tx, &one));
out:
	return e;
}

static err a_life(struct conn *tx, void *ctx)
{
	struct group club = { .id = { 60 }, .owner = anna, .title = S("Club") };
	struct list tag = { .id = { 50 }, .owner = anna, .title = S("Tag") };
	struct session session = { .person = anna, .id = { 70 } };
	struct invite invite = { .by = anna, .id = { 80 }, .uses_max = 3, .uses_left = 3 };
	struct media media = { .id = { 7 }, .owner = anna, .use = MEDIA_POST, .post = { 1 } };
	struct friend_request request = { .from = cleo, .to = anna, .word = S("Hello") };
	struct measure measure = { .id = { 90 },
		                   .subject = anna,
		                   .kind = MEASURE_HOLD,
		                   .post_author = anna,
		                   .post = { 2 },
		                   .ends_at_ms = 1000 };
	struct totp totp = { .confirmed = true };
	struct group_member member = { ben, GROUP_MEMBER, anna, 5 };
	struct like like = { { 2 }, anna, ben, 5 };
	bool fresh;
	(void)ctx;
	err e;
	TRY(add_person(tx, anna, "anna"));
	TRY(add_person(tx, ben, "ben"));
	TRY(add_person(tx, cleo, "cleo"));
	for (int64_t id = 1; id <= 3; id++)
		TRY(add_post(tx, id));
	TRY(add_comment(tx, 40));
	TRY(likes_set(tx, &like, &fresh));
	TRY(pictures_insert(tx, &media));
	TRY(ties_set(tx, anna, ben, 5));
	TRY(ties_set(tx, anna, cleo, 5));
	TRY(requests_set(tx, &request));
	TRY(hides_set(tx, anna, cleo, HIDE_MINE, 5));
	TRY(lists_insert(tx, &tag));
	TRY(list_members_add(tx, anna, tag.id, ben));
	TRY(groups_insert(tx, &club));
	TRY(group_members_set(tx, club.id, &member));
	TRY(sessions_insert(tx, &session, &some));
	TRY(invites_insert(tx, &invite, &some));
	TRY(totps_put(tx, anna, &totp));
	TRY(recovery_put(tx, anna, &other, 1));
	TRY(measures_insert(tx, &measure));
	measure = on_anna(92, MEASURE_SEAL, MEASURE_PROPOSED);
	measure.due_at_ms = 300;
	TRY(measures_insert(tx, &measure));
	measure = on_anna(93, MEASURE_FREEZE, MEASURE_ACTIVE);
	TRY(measures_insert(tx, &measure));
	TRY(open_a_case(tx));
	TRY(resets_insert(tx, ben, &other, INT64_MAX));
out:
	return e;
}

/* Two turned themselves down, and the keeper raised the second. */
static err rules_turn_down(struct conn *tx)
{
	const struct rule_down one = { S("a.one"), 60, 20, 5, 0 },
			       two = { S("a.two"), 61, 20, 5, 0 };
	const int64_t at_ms = 70;
	bool was_down;
	err e;
	TRY(rules_down_insert(tx, &one));
	TRY(rules_down_insert(tx, &two));
	TRY(rules_down_raise(tx, two.rule, at_ms, &was_down));
	TRY(tombstones_add_rule(tx, TOMBSTONE_RULE_UP, two.rule, &at_ms, 1));
out:
	return e;
}

static void expect_rules_down(struct place *p, struct conn *conn)
{
	struct rule_down *down;
	int64_t since_ms;
	size_t n;
	assert_ok(rules_down_now(conn, p->mem, &down, &n));
	assert_int_equal(n, 1);
	assert_text(down[0].rule, "a.one");
	assert_true(down[0].at_ms == 60 && down[0].n_decided == 20 && down[0].n_overturned == 5);
	assert_ok(rules_down_since(conn, S("a.two"), &since_ms));
	assert_int_equal(since_ms, 70);
}

static err all_taken_back(struct conn *tx, void *ctx)
{
	const list_id later[] = { { 55 } };
	struct post_gate gate = { .author = anna,
		                  .id = { 2 },
		                  .audience = {
					  AUDIENCE_EXCEPT, 1, 1, later, &cleo, { 0 }, NULL } };
	struct person person = { .id = anna, .status = PERSON_SEALED, .range = RANGE_3_DAYS };
	struct group club = { .id = { 60 }, .owner = ben, .title = S("Club") };
	struct invite used;
	(void)ctx;
	err e;
	TRY(posts_delete(tx, anna, (post_id){ 3 }, 77));
	TRY(pictures_delete(tx, anna, (media_id){ 7 }));
	TRY(comments_delete(tx, anna, (post_id){ 2 }, (comment_id){ 40 }, 77));
	TRY(likes_clear(tx, anna, (post_id){ 2 }, ben));
	TRY(posts_set_audience(tx, &gate));
	TRY(ties_clear(tx, anna, ben));
	TRY(ties_clear(tx, anna, cleo));
	TRY(TOMBSTONE(tx, TOMBSTONE_TIE, anna.v, cleo.v, 1, 9)); /* friends again */
	TRY(requests_clear(tx, cleo, anna));
	TRY(blocks_set(tx, anna, ben, 6));
	TRY(hides_clear(tx, anna, cleo, HIDE_MINE));
	TRY(hides_set(tx, anna, ben, HIDE_MINE, 6));
	TRY(lists_insert(tx, &(struct list){ .id = later[0], .owner = anna, .title = S("Late") }));
	TRY(list_members_add(tx, anna, later[0], ben));
	TRY(list_members_remove(tx, anna, (list_id){ 50 }, ben));
	TRY(lists_delete(tx, anna, (list_id){ 50 }));
	TRY(groups_update(tx, &club));
	TRY(group_members_remove(tx, club.id, ben));
	TRY(sessions_revoke_all(tx, anna, (session_id){ 0 }));
	TRY(invites_use(tx, &some, 1, &used));
	TRY(people_set_password(tx, anna, S("another hash")));
	TRY(people_update(tx, &person));
	TRY(totps_delete(tx, anna));
	TRY(recovery_take(tx, anna, &other));
	TRY(measures_settle(tx, anna, (measure_id){ 90 }, MEASURE_KEPT, ben, 50));
	struct measure later_on = on_anna(94, MEASURE_NO_FRIENDS, MEASURE_ACTIVE),
		       proposed = on_anna(92, MEASURE_SEAL, MEASURE_PROPOSED);
	TRY(measures_insert(tx, &later_on));
	TRY(confirm(tx, &proposed));
	TRY(measures_settle(tx, anna, (measure_id){ 93 }, MEASURE_RELEASED, ben, 50));
	TRY(rules_turn_down(tx));
out:
	return e;
}

static void expect_nothing_back(struct place *p, struct conn *conn)
{
	struct post post;
	struct comment comment;
	struct media media;
	struct like *likes;
	struct list list;
	struct group group;
	struct group_member member;
	struct session session;
	struct invite invite;
	struct totp totp;
	struct measure measure;
	struct order_case one;
	struct person person;
	struct friend_request request;
	int64_t codes;
	size_t n;
	bool has;
	str hash;
	expect_rules_down(p, conn);
	assert_ok(posts_find(conn, anna, (post_id){ 3 }, p->mem, &post));
	assert_true(post.gate.deleted);
	assert_int_equal(post.text.n, 0);
	assert_ok(posts_find(conn, anna, (post_id){ 1 }, p->mem, &post));
	assert_int_equal(post.n_media, 0);
	assert_ok(posts_find(conn, anna, (post_id){ 2 }, p->mem, &post));
	assert_int_equal(post.gate.audience.kind, AUDIENCE_EXCEPT);
	assert_int_equal(post.gate.audience.lists[0].v, 55);
	assert_int_equal(post.gate.audience.people[0].v, cleo.v);
	assert_fails(pictures_find(conn, anna, (media_id){ 7 }, p->mem, &media), ERR_MISSING);
	assert_ok(comments_find(conn, anna, (post_id){ 2 }, (comment_id){ 40 }, p->mem, &comment));
	assert_true(comment.gate.deleted);
	assert_ok(likes_of(conn, anna, (post_id){ 2 }, 10, p->mem, &likes, &n));
	assert_int_equal(n, 0);
	assert_ok(ties_has(conn, anna, ben, &has));
	assert_false(has);
	assert_ok(ties_has(conn, anna, cleo, &has));
	assert_true(has);
	assert_fails(requests_find(conn, cleo, anna, p->mem, &request), ERR_MISSING);
	assert_ok(blocks_has(conn, anna, ben, &has));
	assert_true(has);
	assert_ok(hides_has(conn, anna, ben, HIDE_MINE, &has));
	assert_true(has);
	assert_ok(hides_has(conn, anna, cleo, HIDE_MINE, &has));
	assert_false(has);
	assert_ok(lists_find(conn, anna, (list_id){ 50 }, p->mem, &list));
	assert_true(list.deleted);
	assert_ok(list_members_has(conn, anna, (list_id){ 50 }, ben, &has));
	assert_false(has);
	assert_ok(lists_find(conn, anna, (list_id){ 55 }, p->mem, &list));
	assert_true(list.deleted); /* made since: its words are lost, whom it keeps out is not */
	assert_ok(list_members_has(conn, anna, (list_id){ 55 }, ben, &has));
	assert_true(has);
	assert_ok(groups_find(conn, (group_id){ 60 }, p->mem, &group));
	assert_int_equal(group.owner.v, ben.v);
	assert_text(group.title, "Club");
	assert_ok(group_members_find(conn, (group_id){ 60 }, ben, &member));
	assert_int_equal(member.state, GROUP_NONE);
	assert_fails(sessions_find(conn, &some, p->mem, &session), ERR_MISSING);
	assert_ok(invites_find(conn, &some, &invite));
	assert_int_equal(invite.uses_left, 2);
	assert_fails(people_password(conn, anna, p->mem, &hash), ERR_MISSING);
	assert_ok(people_password(conn, ben, p->mem, &hash));
	assert_ok(people_find(conn, anna, p->mem, &person));
	assert_int_equal(person.status, PERSON_SEALED);
	assert_int_equal(person.range, RANGE_3_DAYS);
	assert_int_equal(person.avatar.v, 0);
	assert_fails(totps_find(conn, anna, &totp), ERR_MISSING);
	assert_ok(recovery_count(conn, anna, &codes));
	assert_int_equal(codes, 0);
	assert_ok(measures_find(conn, (measure_id){ 90 }, p->mem, &measure));
	assert_int_equal(measure.state, MEASURE_KEPT);
	assert_ok(measures_find(conn, (measure_id){ 92 }, p->mem, &measure));
	assert_int_equal(measure.state, MEASURE_KEPT);
	assert_true(measure.starts_at_ms == 200 && measure.ends_at_ms == 1000 &&
	            measure.due_at_ms == 1000);
	assert_text(measure.rule, "order.case");
	assert_ok(measures_find(conn, (measure_id){ 93 }, p->mem, &measure));
	assert_int_equal(measure.state, MEASURE_RELEASED); /* and is not begun once more */
	assert_ok(measures_find(conn, (measure_id){ 94 }, p->mem, &measure));
	assert_int_equal(measure.kind, MEASURE_NO_FRIENDS);
	assert_true(measure.state == MEASURE_ACTIVE && measure.due_at_ms == 900 &&
	            measure.points == 2 && measure.by.v == ben.v);
	assert_true(str_find(measure.evidence, S("order.restored")) != SIZE_MAX);
	assert_ok(cases_find(conn, (case_id){ 61 }, p->mem, &one));
	assert_int_equal(one.state, CASE_DECIDED); /* nobody is asked again */
}

static err take_reset(struct conn *tx, void *ctx)
{
	person_id whose;
	(void)ctx;
	return resets_take(tx, &other, 1, &whose);
}

static void an_older_database_brings_nothing_back(void **state)
{
	struct place *p = *state;
	struct conn *conn;
	struct tombstones_file file;
	put(p, a_life);
	remember(p);
	put(p, all_taken_back);
	for (int again = 0; again < 2; again++) {
		bring_back(p);
		assert_ok(store_read(p->store, &conn));
		expect_nothing_back(p, conn);
		assert_sound(conn);
		remember(p); /* the second time the log has nothing to add */
		store_read_end(p->store, &conn);
	}
	assert_fails(store_write(p->store, (struct store_job){ .work = take_reset }), ERR_MISSING);
	assert_ok(tombstones_look(p->log, &file));
	assert_int_equal(file.bad, 0);
	assert_true(file.last > 20);
}

static err tie_ended(struct conn *tx, void *ctx)
{
	(void)ctx;
	err e;
	TRY(ties_set(tx, anna, ben, 5));
	TRY(ties_clear(tx, anna, ben));
out:
	return e;
}

static err ended_and_refused(struct conn *tx, void *ctx)
{
	err e = tie_ended(tx, ctx);
	return failed(e) ? e : err_denied("not this time");
}

static void what_is_acknowledged_stands_in_the_file(void **state)
{
	struct place *p = *state;
	struct tombstones_file file;
	for (int64_t n = 1; n <= 3; n++) {
		put(p, tie_ended);
		assert_ok(tombstones_look(p->log, &file));
		assert_int_equal(file.last, n);
	}
	assert_fails(store_write(p->store, (struct store_job){ .work = ended_and_refused }),
	             ERR_DENIED);
	assert_ok(tombstones_look(p->log, &file));
	assert_int_equal(file.last, 3);
}

static void what_a_crash_kept_from_the_file_comes_at_the_next_start(void **state)
{
	struct place *p = *state;
	struct tombstones_file file;
	put(p, tie_ended);
	assert_ok(tombstones_look(p->log, &file));
	store_close(p->store);
	p->store = NULL;
	assert_int_equal(truncate(p->log, (long)file.bytes - 5), 0);
	assert_ok(tombstones_look(p->log, &file));
	assert_int_equal(file.last, 0);
	open_store(p);
	assert_ok(tombstones_look(p->log, &file));
	assert_int_equal(file.last, 1);
	assert_int_equal(file.bad, 0);
}

static void a_log_that_was_lost_begins_anew(void **state)
{
	struct place *p = *state;
	struct tombstones_file before, after;
	put(p, tie_ended);
	assert_ok(tombstones_look(p->log, &before));
	store_close(p->store);
	p->store = NULL;
	unlink(p->log);
	open_store(p);
	put(p, tie_ended);
	assert_ok(tombstones_look(p->log, &after));
	assert_true(after.origin == before.origin);
	assert_int_equal(after.last, 2);
}

static void the_log_of_another_database_is_refused(void **state)
{
	struct place *p = *state;
	put(p, tie_ended);
	store_close(p->store);
	p->store = NULL;
	unlink(p->log);
	/* CRC-32 of "0 origin 12345" */
	assert_ok(file_write(p->log, S("0 origin 12345 #3e3de905\n"), 0600));
	assert_fails(store_open(&(struct store_settings){ .folder = p->folder }, &p->store),
	             ERR_CONFLICT);
}

static void a_damaged_line_is_found(void **state)
{
	struct place *p = *state;
	struct tombstones_file file;
	str bytes;
	for (int i = 0; i < 3; i++)
		put(p, tie_ended);
	assert_ok(file_read(p->log, 1 << 16, p->mem, &bytes));
	char *changed = str_to_c(p->mem, bytes);
	*strstr(strstr(changed, "tie") + 1, "tie") = 'd'; /* the second record */
	assert_ok(file_write(p->log, str_of(changed), 0600));
	assert_ok(tombstones_look(p->log, &file));
	assert_int_equal(file.bad, 3);
	assert_int_equal(file.last, 3);
}

static void records_that_are_none_are_refused(void **state)
{
	static const struct {
		const char *name, *record;
	} cases[] = {
		{ "a word nobody knows", "frobnicate 1 2" },
		{ "nothing at all", "" },
		{ "numbers missing", "tie 1 2" },
		{ "no numbers", "tie a b c d" },
		{ "an audience that ends in its middle", "audience 1 2 0 1 5 0 7" },
		{ "an audience without one", "audience 1 2 0" },
		{ "a kind of audience that is none", "audience 1 2 0 9 0 0" },
		{ "a rule without a name", "rule-down" },
		{ "a rule without its numbers", "rule-down a.one 1 2" },
		{ "more names than there can be", "audience 1 2 0 1 9999999999 0" },
	};
	struct tables *t = *state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (tombstone_apply(t->conn, str_of(cases[i].record)).code != ERR_INPUT)
			fail_msg("%s", cases[i].name);
	assert_ok(tombstone_apply(t->conn, S("post 1 2 3"))); /* not there: fine */
}

#define PLACE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(an_older_database_brings_nothing_back),
		PLACE_TEST(what_is_acknowledged_stands_in_the_file),
		PLACE_TEST(what_a_crash_kept_from_the_file_comes_at_the_next_start),
		PLACE_TEST(a_log_that_was_lost_begins_anew),
		PLACE_TEST(the_log_of_another_database_is_refused),
		PLACE_TEST(a_damaged_line_is_found),
		TABLE_TEST(records_that_are_none_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
