/* Only what one sees is reported; the answer is the same for what is hidden and what never was; linked reports count once. */
#include "circle/report.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "store/audits.h"
#include "store/cases.h"
#include "store/factors.h"
#include "store/measures.h"
#include "store/reports.h"

#include <string.h>

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 is reported; 3 and 4 are friends of 2 and not of each other; 5 is a friend of 3 alone; 6 is nobody's. */
enum { TARGET = 2, FRIEND, OTHER, STRANGER, ALONE, MORE };

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 40 });
	stage_befriend(s, TARGET, FRIEND);
	stage_befriend(s, TARGET, OTHER);
	stage_befriend(s, FRIEND, STRANGER);
	s->now_ms += INT64_C(40) * 86400000; /* nobody is new */
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static int64_t id_of(struct status_ref ref) { return ref.comment.v ? ref.comment.v : ref.post.v; }

/* `piece` NULL: the person. */
static err file(int reporter, int target, const struct status_ref *piece, const char *text,
                struct report *out)
{
	struct report_draft draft = { .target = s->people[target],
		                      .category = REPORT_ADVERTISING,
		                      .text = str_of(text) };
	struct report *all;
	int64_t status;
	size_t n;
	err e;
	if (piece) {
		status = id_of(*piece);
		draft.statuses = &status;
		draft.n_statuses = 1;
	}
	TRY(report_file(s->c, s->people[reporter], &draft, s->now_ms, s->mem, &all, &n));
	assert_int_equal(n, 1);
	if (out)
		*out = all[0];
out:
	return e;
}

static struct order_case the_case(int subject)
{
	struct conn *conn = NULL;
	struct order_case one = { .id = { 0 } };
	assert_ok(store_read(s->c->store, &conn));
	err e = cases_open_of(conn, s->people[subject], s->mem, &one);
	store_read_end(s->c->store, &conn);
	if (e.code != ERR_MISSING)
		assert_ok(e);
	return one;
}

static size_t queue(void)
{
	struct conn *conn = NULL;
	struct order_case *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(
		cases_queue(conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, NULL, 1000, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	return n;
}

static void what_one_sees_can_be_reported_and_nothing_else(void **state)
{
	struct status_ref post = stage_post(s, TARGET, "hello"),
			  held = stage_post(s, TARGET, "held"),
			  comment = stage_comment(s, FRIEND, post, "under it"),
			  own = stage_post(s, FRIEND, "of a friend"),
			  absent = { s->people[TARGET], { 77 }, { 0 } };
	const struct {
		const char *name;
		int reporter, target;
		const struct status_ref *piece;
		enum err_code want;
	} rows[] = {
		{ "a post of a friend", FRIEND, TARGET, &post, ERR_NONE },
		{ "a comment under one's own post", TARGET, FRIEND, &comment, ERR_NONE },
		{ "a stranger by their card", ALONE, TARGET, NULL, ERR_NONE },
		{ "a post that is not for oneself", STRANGER, TARGET, &post, ERR_MISSING },
		{ "a comment by no friend of one's own", OTHER, FRIEND, &comment, ERR_MISSING },
		{ "a post that never was", FRIEND, TARGET, &absent, ERR_MISSING },
		{ "somebody else's post under a name", FRIEND, OTHER, &post, ERR_MISSING },
		{ "one's own post under another's name", FRIEND, TARGET, &own, ERR_MISSING },
		{ "oneself", TARGET, TARGET, NULL, ERR_INPUT },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		err e = file(rows[i].reporter, rows[i].target, rows[i].piece, "", NULL);
		if (e.code != rows[i].want)
			fail_msg("%s: %s", rows[i].name, e.why ? e.why : "went through");
		if (e.code == ERR_MISSING) { /* nothing but the code leaves the server */
			assert_null(e.say);
			assert_null(e.field);
		}
	}
	/* Deleted, held: it is not there any more. */
	assert_ok(publish_delete(s->c, s->people[TARGET], &held, s->now_ms));
	assert_fails(file(FRIEND, TARGET, &held, "", NULL), ERR_MISSING);
	/* One's own block leaves the card in the list of blocked people, and no posts. */
	assert_ok(befriend_block(s->c, s->people[OTHER], s->people[TARGET], s->now_ms));
	assert_fails(file(OTHER, TARGET, &post, "", NULL), ERR_MISSING);
	assert_ok(file(OTHER, TARGET, NULL, "molests me", NULL));
	assert_fails(file(TARGET, OTHER, NULL, "", NULL), ERR_MISSING);
}

static void the_second_time_it_is_the_same_report(void **state)
{
	struct status_ref post = stage_post(s, TARGET, "hello");
	struct report first, again;
	(void)state;
	assert_ok(file(FRIEND, TARGET, &post, "the first words", &first));
	int version = the_case(TARGET).version;
	s->now_ms += 60000;
	assert_ok(file(FRIEND, TARGET, &post, "other words", &again));
	assert_int_equal(again.id.v, first.id.v);
	assert_int_equal(again.at_ms, first.at_ms);
	assert_text(again.text, "the first words");
	assert_int_equal(the_case(TARGET).version,
	                 version); /* nothing new for the stewards either */
}

static void several_pieces_at_once_or_none(void **state)
{
	struct status_ref a = stage_post(s, TARGET, "a"), b = stage_post(s, TARGET, "b"),
			  foreign = stage_post(s, ALONE, "c");
	int64_t all[] = { a.post.v, b.post.v, a.post.v }, mixed[] = { a.post.v, foreign.post.v };
	struct report_draft draft = { .target = s->people[TARGET],
		                      .statuses = mixed,
		                      .n_statuses = 2 };
	struct report *out;
	size_t n;
	(void)state;
	assert_fails(report_file(s->c, s->people[FRIEND], &draft, s->now_ms, s->mem, &out, &n),
	             ERR_MISSING);
	assert_int_equal(queue(), 0);
	draft.statuses = all;
	draft.n_statuses = 3;
	assert_ok(report_file(s->c, s->people[FRIEND], &draft, s->now_ms, s->mem, &out, &n));
	assert_int_equal(n, 3);
	assert_int_equal(out[0].id.v, out[2].id.v);
	assert_int_not_equal(out[0].id.v, out[1].id.v);
	assert_int_equal(queue(), 1);
}

static void words_are_bounded(void **state)
{
	char *long_one = arena_alloc(s->mem, 1002);
	struct report made;
	(void)state;
	memset(long_one, 'a', 1001);
	long_one[1001] = '\0';
	assert_blames(file(FRIEND, TARGET, NULL, long_one, NULL), ERR_LIMIT, "comment");
	assert_blames(file(FRIEND, TARGET, NULL, "\xff", NULL), ERR_INPUT, "comment");
	long_one[1000] = '\0';
	assert_ok(file(FRIEND, TARGET, NULL, long_one, &made));
	assert_int_equal(made.text.n, 1000);
	assert_ok(file(OTHER, TARGET, NULL, " \n ", &made));
	assert_int_equal(made.text.n, 0);
}

static void the_pace_is_bounded_and_a_repetition_is_free(void **state)
{
	struct status_ref posts[REPORTS_A_DAY + 1];
	(void)state;
	for (size_t i = 0; i <= REPORTS_A_DAY; i++)
		posts[i] = stage_post(s, TARGET, "one of many");
	for (size_t i = 0; i < REPORTS_A_DAY; i++)
		assert_ok(file(FRIEND, TARGET, &posts[i], "", NULL));
	err e = file(FRIEND, TARGET, &posts[REPORTS_A_DAY], "", NULL);
	assert_int_equal(e.code, ERR_LIMIT);
	assert_null(e.field); /* an answer 429 */
	assert_non_null(e.say);
	assert_ok(file(FRIEND, TARGET, &posts[0], "", NULL));
	/* At the bound as below it, what is hidden is nothing. */
	assert_ok(publish_delete(s->c, s->people[TARGET], &posts[REPORTS_A_DAY], s->now_ms));
	assert_fails(file(FRIEND, TARGET, &posts[REPORTS_A_DAY], "", NULL), ERR_MISSING);
	assert_ok(file(OTHER, TARGET, &posts[0], "", NULL));
	s->now_ms += INT64_C(86400001);
	assert_ok(file(FRIEND, TARGET, NULL, "", NULL));
}

static void the_sealed_report_nothing(void **state)
{
	(void)state;
	assert_ok(stage_seal(s->c, s->people[FRIEND], true, s->now_ms));
	assert_fails(file(FRIEND, TARGET, NULL, "", NULL), ERR_DENIED);
}

static void it_goes_into_the_one_case_with_a_clock_and_the_log(void **state)
{
	struct status_ref post = stage_post(s, TARGET, "hello");
	struct conn *conn = NULL;
	struct audit_row last;
	struct report made;
	(void)state;
	assert_ok(file(FRIEND, TARGET, &post, "SECRET words", &made));
	assert_int_equal(made.seen_by, 2);
	assert_ok(file(OTHER, TARGET, NULL, "", NULL));
	struct order_case one = the_case(TARGET);
	assert_int_equal(queue(), 1);
	assert_int_equal(one.harm, HARM_CLASS_B);
	int64_t days = (one.due_at_ms - s->now_ms) / 86400000;
	assert_in_range(days, 5, 9);
	assert_true(one.priority > 0);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_last(conn, s->mem, &last));
	assert_text(last.kind, "report.filed");
	/* Nobody is named: neither who reported nor who was reported, nor what was said. */
	for (int i = 0; i < MORE; i++)
		assert_int_equal(str_find(last.record,
		                          str_format(s->mem, "%lld", (long long)s->people[i].v)),
		                 SIZE_MAX);
	assert_int_equal(str_find(last.record, S("SECRET")), SIZE_MAX);
	store_read_end(s->c->store, &conn);
}

/* ---- what they count ---- */

static err put_device(struct conn *tx, void *ctx)
{
	secret_hash same = { { 9 } };
	return devices_put(tx, &same, s->people[*(const int *)ctx], s->now_ms, 20);
}

static size_t count_measures(int person)
{
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[person], (measure_id){ 0 }, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	return n;
}

/* Thirty who share a browser, one after another over days, against one honest member. */
static void a_report_bomb_is_one_item_and_no_measure(void **state)
{
	(void)state;
	assert_ok(file(MORE, TARGET, NULL, "", NULL));
	int64_t alone = the_case(TARGET).priority;
	assert_true(alone > 0);
	for (int i = MORE; i < 40; i++) {
		assert_ok(verb_write(s->c, put_device, NULL, &i));
		assert_ok(file(i, TARGET, NULL, "spam!!", NULL));
		s->now_ms += 3600000;
		assert_int_equal(queue(), 1);
		assert_int_equal(the_case(TARGET).priority, alone);
	}
	assert_int_equal(count_measures(TARGET), 0);
	assert_true(stage_sees(s, TARGET, stage_post(s, TARGET, "still here")));
}

/* Who looked independent turns out to be linked: the case counts it so. */
static void a_link_found_later_takes_weight_back(void **state)
{
	int both[] = { MORE, MORE + 2 };
	(void)state;
	assert_ok(file(MORE, TARGET, NULL, "", NULL));
	int64_t one = the_case(TARGET).priority;
	assert_ok(file(MORE + 1, TARGET, NULL, "", NULL));
	int64_t two = the_case(TARGET).priority;
	assert_true(two > one);
	for (size_t i = 0; i < 2; i++)
		assert_ok(verb_write(s->c, put_device, NULL, &both[i]));
	stage_befriend(s, MORE + 1, MORE + 2);
	assert_ok(file(MORE + 2, TARGET, NULL, "", NULL));
	assert_int_equal(the_case(TARGET).priority, one);
}

static void stewards_see_weights_and_no_names(void **state)
{
	struct weighed_report *all;
	struct conn *conn = NULL;
	int64_t priority;
	size_t n;
	(void)state;
	stage_befriend(s, MORE, MORE + 1);
	for (int i = MORE; i < MORE + 3; i++)
		assert_ok(file(i, TARGET, NULL, "words", NULL));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(report_weigh(conn, s->c, s->people[TARGET], s->mem, &all, &n, &priority));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 3);
	assert_int_equal(priority, the_case(TARGET).priority);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(all[i].report.reporter.v, 0);
		assert_text(all[i].report.text, "words");
		assert_true(all[i].weight > 0 && all[i].weight <= 1);
	}
	assert_int_equal(all[0].group, all[1].group);
	assert_int_not_equal(all[0].group, all[2].group);
}

static void mine_are_listed_by_page(void **state)
{
	struct report *all, made[3];
	struct person card;
	size_t n;
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_ok(file(FRIEND, OTHER + i, NULL, "", &made[i]));
	assert_ok(report_mine(s->c, s->people[FRIEND], (struct page){ .limit = 2 }, s->mem, &all,
	                      &n));
	assert_int_equal(n, 2);
	assert_int_equal(all[0].id.v, made[2].id.v);
	assert_ok(report_mine(s->c, s->people[FRIEND], (struct page){ .max_id = all[1].id.v },
	                      s->mem, &all, &n));
	assert_int_equal(n, 1);
	assert_int_equal(all[0].id.v, made[0].id.v);
	assert_ok(report_mine(s->c, s->people[OTHER], (struct page){ 0 }, s->mem, &all, &n));
	assert_int_equal(n, 0);
	assert_ok(report_card(s->c, s->people[FRIEND], s->people[OTHER], s->mem, &card));
	assert_ok(befriend_block(s->c, s->people[FRIEND], s->people[OTHER], s->now_ms));
	assert_ok(report_card(s->c, s->people[FRIEND], s->people[OTHER], s->mem, &card));
	assert_fails(report_card(s->c, s->people[OTHER], s->people[FRIEND], s->mem, &card),
	             ERR_MISSING);
}

#define REPORT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REPORT_TEST(what_one_sees_can_be_reported_and_nothing_else),
		REPORT_TEST(the_second_time_it_is_the_same_report),
		REPORT_TEST(several_pieces_at_once_or_none),
		REPORT_TEST(words_are_bounded),
		REPORT_TEST(the_pace_is_bounded_and_a_repetition_is_free),
		REPORT_TEST(the_sealed_report_nothing),
		REPORT_TEST(it_goes_into_the_one_case_with_a_clock_and_the_log),
		REPORT_TEST(a_report_bomb_is_one_item_and_no_measure),
		REPORT_TEST(a_link_found_later_takes_weight_back),
		REPORT_TEST(stewards_see_weights_and_no_names),
		REPORT_TEST(mine_are_listed_by_page),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
