#include "store/erasures.h"

#include "store/appeals.h"
#include "store/audits.h"
#include "store/case_links.h"
#include "store/cases.h"
#include "store/checks.h"
#include "store/comments.h"
#include "store/groups.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/reports.h"
#include "store/seats.h"
#include "store/place_testing.h"
#include "store/ties.h"

static const case_id of_ben = { 60 }, of_anna = { 61 };

static err report(struct conn *tx, int64_t id, person_id reporter, person_id target,
                  enum report_state state)
{
	struct report r = { .id = { id },
		            .target = target,
		            .reporter = reporter,
		            .state = state,
		            .text = S("words"),
		            .seen_by = 1 };
	struct case_item item = {
		.kind = ITEM_REPORT, .id = id, .owner = target, .done = state != REPORT_OPEN
	};
	err e;
	TRY(reports_insert(tx, &r));
	TRY(cases_put_item(tx, target.v == ben.v ? of_ben : of_anna, &item));
out:
	return e;
}

static err a_case(struct conn *tx, case_id id, person_id subject)
{
	struct order_case one = {
		.id = id, .subject = subject, .opened_at_ms = 1, .note = S("words of a steward")
	};
	return cases_insert(tx, &one, 1);
}

static err some_reports(struct conn *tx, void *ctx)
{
	struct reporter past = { anna, 3, 1, 0 };
	(void)ctx;
	err e;
	TRY(a_case(tx, of_ben, ben));
	TRY(a_case(tx, of_anna, anna));
	TRY(report(tx, 20, anna, ben, REPORT_OPEN));
	TRY(report(tx, 21, cleo, ben, REPORT_OPEN));
	TRY(report(tx, 22, cleo, anna, REPORT_OPEN));
	TRY(report(tx, 23, cleo, anna, REPORT_RIGHT));
	TRY(reporters_put(tx, &past));
out:
	return e;
}

static err erase_anna(struct conn *tx, void *ctx)
{
	struct place *p = ctx;
	return erasures_do(tx, anna, 99, p->mem, &p->gone);
}

static err write_of_anna(struct conn *tx, void *ctx)
{
	struct audit_salt later = { .person = anna, .seq = 2, .concerned = true };
	(void)ctx;
	return audit_salts_insert(tx, &later);
}

static void expect_gone(struct place *p)
{
	struct conn *conn;
	struct person person;
	struct comment comment;
	struct post post;
	struct group group;
	struct audit_salt *salts;
	size_t n;
	bool has;
	str hash;
	assert_ok(store_read(p->store, &conn));
	assert_ok(people_find_by_key(conn, S("anna"), p->mem, &person)); /* nobody else gets it */
	assert_int_equal(person.status, PERSON_ERASED);
	assert_int_equal(person.role, ROLE_MEMBER);
	assert_text(person.display_name, "anna");
	assert_fails(people_password(conn, anna, p->mem, &hash), ERR_MISSING);
	assert_ok(posts_find(conn, anna, (post_id){ 1 }, p->mem, &post));
	assert_true(post.gate.deleted);
	assert_int_equal(post.text.n, 0);
	assert_ok(posts_find(conn, ben, (post_id){ 2 }, p->mem, &post));
	assert_text(post.text, "Bens");
	assert_ok(comments_find(conn, ben, (post_id){ 2 }, (comment_id){ 3 }, p->mem, &comment));
	assert_true(comment.gate.deleted);
	assert_fails(comments_find(conn, anna, (post_id){ 1 }, (comment_id){ 4 }, p->mem, &comment),
	             ERR_MISSING);
	assert_ok(ties_has(conn, anna, ben, &has));
	assert_false(has);
	assert_ok(ties_has(conn, cleo, anna, &has));
	assert_false(has);
	assert_ok(blocks_has(conn, cleo, anna, &has));
	assert_false(has);
	assert_ok(audit_salts_in(conn, 1, p->mem, &salts, &n));
	assert_true(n == 1 && salts[0].person.v == ben.v);
	assert_ok(groups_find(conn, (group_id){ 10 }, p->mem, &group));
	assert_int_equal(group.owner.v, ben.v);
	assert_ok(groups_find(conn, (group_id){ 11 }, p->mem, &group));
	assert_true(group.deleted);
	assert_ok(groups_find(conn, (group_id){ 12 }, p->mem, &group));
	assert_int_equal(group.owner.v, cleo.v);
	store_read_end(p->store, &conn);
	assert_int_equal(place_faults(p), 0);
}

static void everything_goes_and_the_rest_stays_whole(void **state)
{
	struct place *p = *state;
	place_write(p, place_life);
	place_write(p, erase_anna);
	assert_int_equal(p->gone.n_pieces, 2);
	assert_int_equal(p->gone.n_friends, 2);
	assert_int_equal(p->gone.n_blocks, 1);
	assert_int_equal(p->gone.n_groups, 3);
	expect_gone(p);
}

static void what_is_written_of_them_later_opens_to_nobody(void **state)
{
	struct place *p = *state;
	struct audit_salt *salts;
	struct conn *conn;
	size_t n;
	place_write(p, place_life);
	place_write(p, erase_anna);
	place_write(p, write_of_anna);
	assert_ok(store_read(p->store, &conn));
	assert_ok(audit_salts_in(conn, 2, p->mem, &salts, &n));
	assert_int_equal(n, 0);
	store_read_end(p->store, &conn);
	assert_int_equal(place_faults(p), 0);
}

static void done_twice_it_is_the_same(void **state)
{
	struct place *p = *state;
	place_write(p, place_life);
	for (int i = 0; i < 2; i++)
		place_write(p, erase_anna);
	assert_int_equal(p->gone.n_pieces, 0);
	expect_gone(p);
}

static void reports_by_and_about_who_went_say_nothing_of_them(void **state)
{
	struct place *p = *state;
	struct conn *conn;
	struct report *all;
	struct reporter past;
	case_id in;
	size_t n;
	place_write(p, place_life);
	place_write(p, some_reports);
	place_write(p, erase_anna);
	assert_ok(store_read(p->store, &conn));
	assert_ok(reports_of_case(conn, of_ben, 9, p->mem, &all, &n));
	assert_int_equal(n, 2);
	assert_int_equal(all[0].id.v, 20); /* hers goes on as a lead, without her */
	assert_int_equal(all[0].reporter.v, 0);
	assert_int_equal(all[0].text.n, 0);
	assert_int_equal(all[1].reporter.v, cleo.v);
	assert_text(all[1].text, "words");
	assert_ok(reports_of_case(conn, of_anna, 9, p->mem, &all, &n));
	assert_int_equal(n, 1); /* of her, the settled one as a number, the open one not */
	assert_int_equal(all[0].id.v, 23);
	assert_int_equal(all[0].text.n, 0);
	assert_ok(cases_of_item(conn, ITEM_REPORT, 20, &in));
	assert_fails(cases_of_item(conn, ITEM_REPORT, 22, &in), ERR_MISSING);
	assert_ok(reporters_find(conn, anna, &past));
	assert_int_equal(past.n_right, 0);
	store_read_end(p->store, &conn);
	assert_int_equal(place_faults(p), 0);
}

static void what_was_done_to_who_went_is_over_and_counts_still(void **state)
{
	static const enum measure_state want[] = { MEASURE_WITHDRAWN, MEASURE_KEPT,
		                                   MEASURE_WITHDRAWN, MEASURE_WITHDRAWN,
		                                   MEASURE_LAPSED };
	struct place *p = *state;
	struct conn *conn;
	struct measure m, *due;
	size_t n;
	place_write(p, place_life);
	place_write(p, place_measures);
	assert_int_equal(place_faults(p), 0);
	place_write(p, erase_anna);
	assert_ok(store_read(p->store, &conn));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_ok(measures_find(conn, (measure_id){ 30 + (int64_t)i }, p->mem, &m));
		assert_int_equal(m.state, want[i]);
		assert_true(m.evidence.n == 0 && m.decision_note.n == 0);
		assert_text(m.rule, "a.rule");
	}
	assert_ok(measures_due(conn, INT64_MAX, 10, p->mem, &due, &n));
	assert_int_equal(n, 0);
	store_read_end(p->store, &conn);
	assert_int_equal(place_faults(p), 0);
}

struct life {
	struct arena *mem;
	bool complained;
};

static err some_cases(struct conn *tx, void *ctx)
{
	const struct life *life = ctx;
	static const struct case_item items[] = {
		{ .kind = ITEM_APPEAL, .id = 30, .owner = { 1 }, .due_at_ms = 100 },
		{ .kind = ITEM_COMPLAINT, .id = 31, .harm = HARM_CLASS_B, .due_at_ms = 200 },
	};
	struct case_deed deed = { .in = of_anna, .id = 40, .decision = 40, .note = S("words") };
	struct case_link link = { .id = 50, .in = of_anna, .whom = S("the maker"), .words = S("") };
	const secret_hash secret = { { 1 } };
	struct order_case one;
	size_t waiting;
	err e;
	TRY(a_case(tx, of_anna, anna));
	TRY(cases_put_item(tx, of_anna, &items[0]));
	if (life->complained)
		TRY(cases_put_item(tx, of_anna, &items[1]));
	TRY(cases_insert_deed(tx, &deed));
	TRY(case_links_insert(tx, &link, &secret));
	TRY(cases_find(tx, of_anna, life->mem, &one));
	TRY(cases_reckon(tx, &one, &waiting));
	TRY(cases_save(tx, &one));
out:
	return e;
}

static void expect_case(struct place *p, bool complained)
{
	struct life life = { p->mem, complained };
	const secret_hash secret = { { 1 } };
	struct order_case one;
	struct case_deed *deeds;
	struct case_link link;
	struct conn *conn;
	size_t n;
	place_write(p, place_life);
	assert_ok(store_write(p->store, (struct store_job){ .work = some_cases, .ctx = &life }));
	place_write(p, erase_anna);
	assert_ok(store_read(p->store, &conn));
	assert_ok(cases_find(conn, of_anna, p->mem, &one));
	assert_int_equal(one.state, complained ? CASE_OPEN : CASE_LAPSED);
	assert_int_equal(one.note.n, 0);
	if (complained)
		assert_true(one.harm == HARM_CLASS_B && one.due_at_ms == 200);
	assert_ok(cases_deeds(conn, of_anna, 9, p->mem, &deeds, &n));
	assert_true(n == 1 && deeds[0].note.n == 0);
	assert_fails(case_links_find(conn, &secret, p->mem, &link), ERR_MISSING);
	store_read_end(p->store, &conn);
	assert_int_equal(place_faults(p), 0);
}

static void a_case_about_who_went_is_over(void **state) { expect_case(*state, false); }

static void but_whoever_complained_is_owed_an_answer(void **state) { expect_case(*state, true); }

static void nobody_cannot_go(void **state)
{
	struct place *p = *state;
	assert_fails(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }),
	             ERR_MISSING);
}

static void what_they_judged_stays_without_them(void **state)
{
	struct place *p = *state;
	struct conn *conn;
	struct appeal a;
	struct juror juror;
	struct juror_check known;
	struct seat *seats;
	size_t n;
	place_write(p, place_life);
	place_write(p, place_measures);
	place_write(p, place_appeals);
	place_write(p, erase_anna);
	assert_ok(store_read(p->store, &conn));
	assert_ok(appeals_find(conn, (appeal_id){ 50 }, p->mem, &a));
	assert_int_equal(a.state, APPEAL_WITHDRAWN);
	assert_int_equal(a.words.n, 0);
	assert_ok(seats_of(conn, a.id, p->mem, &seats, &n));
	assert_true(n == 1 && seats[0].state == SEAT_CLOSED && seats[0].person.v == ben.v);
	assert_ok(juror_checks_find(conn, ben, 71, p->mem, &known));
	assert_int_equal(known.state, SEAT_CLOSED);
	assert_ok(appeals_find(conn, (appeal_id){ 51 }, p->mem, &a));
	assert_int_equal(a.state, APPEAL_OPEN);
	assert_text(a.words, "words");
	assert_ok(seats_of(conn, a.id, p->mem, &seats, &n));
	assert_true(n == 2 && seats[0].person.v == 0 && seats[1].person.v == 0);
	assert_true(seats[0].vote == VOTE_KEEP && seats[0].note.n == 0);
	assert_int_equal(seats[1].state, SEAT_SKIPPED);
	assert_fails(jurors_find(conn, anna, p->mem, &juror), ERR_MISSING);
	assert_fails(juror_checks_find(conn, anna, 70, p->mem, &known), ERR_MISSING);
	store_read_end(p->store, &conn);
	assert_int_equal(place_faults(p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(everything_goes_and_the_rest_stays_whole),
		PLACE_TEST(what_is_written_of_them_later_opens_to_nobody),
		PLACE_TEST(done_twice_it_is_the_same),
		PLACE_TEST(reports_by_and_about_who_went_say_nothing_of_them),
		PLACE_TEST(a_case_about_who_went_is_over),
		PLACE_TEST(but_whoever_complained_is_owed_an_answer),
		PLACE_TEST(what_was_done_to_who_went_is_over_and_counts_still),
		PLACE_TEST(what_they_judged_stays_without_them),
		PLACE_TEST(nobody_cannot_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
