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
#include "store/store_testing.h"
#include "store/ties.h"

#include <stdlib.h>
#include <string.h>

/* Not TABLE_TEST: an erasure reads whole tables, on purpose. */
struct place {
	char folder[64];
	struct store *store;
	struct arena *mem;
	struct erasure gone;
	int faults;
};

static const person_id anna = { 101 }, ben = { 102 }, cleo = { 103 };

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	assert_non_null(p);
	make_quick_folder(p->folder);
	p->mem = arena_new(16 * 1024);
	assert_ok(store_open(&(struct store_settings){ .folder = p->folder }, &p->store));
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

static err add_person(struct conn *tx, person_id id, const char *handle)
{
	struct person person = {
		.id = id, .handle = str_of(handle), .display_name = S("A name"), .role = ROLE_KEEPER
	};
	return people_insert(tx, &person, person.handle, S("a hash"));
}

static err add_group(struct conn *tx, int64_t id, person_id owner, person_id other)
{
	struct group group = { .id = { id }, .owner = owner, .title = S("Club") };
	struct group_member first = { owner, GROUP_MEMBER, owner, 1 };
	struct group_member second = { other, GROUP_MEMBER, owner, 2 };
	err e;
	TRY(groups_insert(tx, &group));
	TRY(group_members_set(tx, group.id, &first));
	if (other.v != 0)
		TRY(group_members_set(tx, group.id, &second));
out:
	return e;
}

static err a_life(struct conn *tx, void *ctx)
{
	struct post hers = { .gate = { .id = { 1 }, .author = anna }, .text = S("Hers") };
	struct post bens = { .gate = { .id = { 2 }, .author = ben }, .text = S("Bens") };
	struct comment on_bens = {
		.gate = { .post_author = ben, .post = { 2 }, .id = { 3 }, .author = anna },
		.text = S("Hers too")
	};
	struct comment on_hers = {
		.gate = { .post_author = anna, .post = { 1 }, .id = { 4 }, .author = ben },
		.text = S("Under hers")
	};
	struct audit_salt hers_in_log = { .person = anna, .seq = 1, .concerned = true };
	struct audit_salt bens_in_log = { .person = ben, .seq = 1 };
	(void)ctx;
	err e;
	TRY(audit_salts_insert(tx, &hers_in_log));
	TRY(audit_salts_insert(tx, &bens_in_log));
	TRY(add_person(tx, anna, "anna"));
	TRY(add_person(tx, ben, "ben"));
	TRY(add_person(tx, cleo, "cleo"));
	TRY(posts_insert(tx, &hers));
	TRY(posts_insert(tx, &bens));
	TRY(comments_insert(tx, &on_bens));
	TRY(comments_insert(tx, &on_hers));
	TRY(ties_set(tx, anna, ben, 1));
	TRY(ties_set(tx, cleo, anna, 1));
	TRY(blocks_set(tx, cleo, anna, 1));
	TRY(add_group(tx, 10, anna, ben));
	TRY(add_group(tx, 11, anna, (person_id){ 0 }));
	TRY(add_group(tx, 12, cleo, anna));
out:
	return e;
}

static const case_id of_ben = { 60 }, of_anna = { 61 };

static err measure(struct conn *tx, int64_t id, enum measure_kind kind, enum measure_state state,
                   struct status_ref piece)
{
	struct measure m = { .id = { id },
		             .subject = anna,
		             .kind = kind,
		             .state = state,
		             .post_author = piece.post_author,
		             .post = piece.post,
		             .comment = piece.comment,
		             .rule = S("a.rule"),
		             .evidence = S("{\"words\":1}"),
		             .decision_note = S("a note"),
		             .starts_at_ms = 1,
		             .ends_at_ms = 500,
		             .due_at_ms = state == MEASURE_PROPOSED ? 400 : 0 };
	return measures_insert(tx, &m);
}

static err some_measures(struct conn *tx, void *ctx)
{
	const struct status_ref hers = { anna, { 1 }, { 0 } }, under = { ben, { 2 }, { 3 } },
				none = { { 0 }, { 0 }, { 0 } };
	struct person sealed = { .id = anna, .status = PERSON_SEALED, .handle = S("anna") };
	(void)ctx;
	err e;
	TRY(measure(tx, 30, MEASURE_HOLD, MEASURE_ACTIVE, hers));
	TRY(measure(tx, 31, MEASURE_HOLD, MEASURE_KEPT, under));
	TRY(measure(tx, 32, MEASURE_SEAL, MEASURE_KEPT, none));
	TRY(measure(tx, 33, MEASURE_SEAL, MEASURE_PROPOSED, none));
	TRY(measure(tx, 34, MEASURE_FREEZE, MEASURE_LAPSED, none));
	TRY(people_update(tx, &sealed));
out:
	return e;
}

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

static err appeal(struct conn *tx, int64_t id, person_id subject, int64_t measure)
{
	struct appeal a = { .subject = subject,
		            .id = { id },
		            .measure = { measure },
		            .nth = 1,
		            .words = S("words"),
		            .way = APPEAL_BY_JURY,
		            .seats = 3,
		            .note = S("") };
	return appeals_insert(tx, &a);
}

static err seat(struct conn *tx, int64_t appeal, int place, person_id person, enum seat_state state)
{
	struct seat s = { .appeal = { appeal },
		          .place = place,
		          .id = appeal * 10 + place,
		          .person = person,
		          .number = S("00c0ffee00c0ffee"),
		          .state = state,
		          .vote = state == SEAT_VOTED ? VOTE_KEEP : VOTE_NONE,
		          .note = S("words") };
	return seats_insert(tx, &s);
}

/* Hers is judged by Ben, and she judges Ben's. */
static err some_appeals(struct conn *tx, void *ctx)
{
	struct measure bens = { .id = { 40 },
		                .subject = ben,
		                .kind = MEASURE_NOTICE,
		                .rule = S("a.rule"),
		                .ends_at_ms = 500,
		                .due_at_ms = 500 };
	struct juror juror = { .person = anna, .number = S("00c0ffee00c0ffee") };
	struct juror_check known = { .person = anna, .id = 70, .text = S("text"), .note = S("") };
	unsigned char none[HASH_BYTES] = { 0 };
	err e;
	(void)ctx;
	TRY(measures_insert(tx, &bens));
	TRY(juror_lists_put(tx, none, S("00c0ffee00c0ffee\n")));
	TRY(appeal(tx, 50, anna, 31));
	TRY(seat(tx, 50, 0, ben, SEAT_ASKED));
	TRY(appeal(tx, 51, ben, 40));
	TRY(seat(tx, 51, 0, anna, SEAT_VOTED));
	TRY(seat(tx, 51, 1, anna, SEAT_ASKED));
	TRY(jurors_put(tx, &juror));
	TRY(juror_checks_insert(tx, &known));
	known = (struct juror_check){ .person = ben, .id = 71, .appeal = { 50 }, .note = S("") };
	TRY(juror_checks_insert(tx, &known));
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

static void count_fault(void *ctx, const char *what, str about)
{
	struct place *p = ctx;
	print_message("%s: %.*s\n", what, STR_ARG(about));
	p->faults++;
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
	assert_ok(checks_run(conn, count_fault, p));
	assert_int_equal(p->faults, 0);
	store_read_end(p->store, &conn);
}

static void everything_goes_and_the_rest_stays_whole(void **state)
{
	struct place *p = *state;
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
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
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
	assert_ok(store_write(p->store, (struct store_job){ .work = write_of_anna }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(audit_salts_in(conn, 2, p->mem, &salts, &n));
	assert_int_equal(n, 0);
	assert_ok(checks_run(conn, count_fault, p));
	store_read_end(p->store, &conn);
	assert_int_equal(p->faults, 0);
}

static void done_twice_it_is_the_same(void **state)
{
	struct place *p = *state;
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	for (int i = 0; i < 2; i++)
		assert_ok(
			store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
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
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_reports }));
	assert_ok(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
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
	assert_ok(checks_run(conn, count_fault, p));
	assert_int_equal(p->faults, 0);
	store_read_end(p->store, &conn);
}

static void what_was_done_to_who_went_is_over_and_counts_still(void **state)
{
	static const enum measure_state want[] = { MEASURE_RELEASED, MEASURE_KEPT, MEASURE_RELEASED,
		                                   MEASURE_RELEASED, MEASURE_LAPSED };
	struct place *p = *state;
	struct conn *conn;
	struct measure m, *due;
	size_t n;
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_measures }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(checks_run(conn, count_fault, p));
	assert_int_equal(p->faults, 0);
	store_read_end(p->store, &conn);
	assert_ok(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
	assert_ok(store_read(p->store, &conn));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_ok(measures_find(conn, (measure_id){ 30 + (int64_t)i }, p->mem, &m));
		assert_int_equal(m.state, want[i]);
		assert_true(m.evidence.n == 0 && m.decision_note.n == 0);
		assert_text(m.rule, "a.rule");
	}
	assert_ok(measures_due(conn, INT64_MAX, 10, p->mem, &due, &n));
	assert_int_equal(n, 0);
	assert_ok(checks_run(conn, count_fault, p));
	assert_int_equal(p->faults, 0);
	store_read_end(p->store, &conn);
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
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_cases, .ctx = &life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(cases_find(conn, of_anna, p->mem, &one));
	assert_int_equal(one.state, complained ? CASE_OPEN : CASE_LAPSED);
	assert_int_equal(one.note.n, 0);
	if (complained)
		assert_true(one.harm == HARM_CLASS_B && one.due_at_ms == 200);
	assert_ok(cases_deeds(conn, of_anna, 9, p->mem, &deeds, &n));
	assert_true(n == 1 && deeds[0].note.n == 0);
	assert_fails(case_links_find(conn, &secret, p->mem, &link), ERR_MISSING);
	assert_ok(checks_run(conn, count_fault, p));
	assert_int_equal(p->faults, 0);
	store_read_end(p->store, &conn);
}

static void a_case_about_who_went_is_over(void **state) { expect_case(*state, false); }

static void but_whoever_complained_is_owed_an_answer(void **state) { expect_case(*state, true); }

static void nobody_cannot_go(void **state)
{
	struct place *p = *state;
	assert_fails(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }),
	             ERR_MISSING);
}

static err break_measures(struct conn *tx, void *ctx)
{
	static const char *const ways[] = {
		"UPDATE measures SET due_at_ms = 7 WHERE measure_id = 30",
		"UPDATE measures SET due_at_ms = 7 WHERE measure_id = 31",
		"UPDATE measures SET due_at_ms = 7 WHERE measure_id = 34",
		"UPDATE measures SET ends_at_ms = 9223372036854775807 WHERE measure_id = 33",
		"UPDATE measures SET state = 4, due_at_ms = 0 WHERE measure_id = 32",
		"UPDATE people SET status = 2 WHERE handle_key = 'cleo'",
		"UPDATE measures SET subject_id = 103 WHERE measure_id = 33",
	};
	(void)ctx;
	err e = OK;
	for (size_t i = 0; i < COUNT(ways); i++)
		TRY(driver_exec(tx, ways[i]));
out:
	return e;
}

/* three clocks, a sealed person without a seal, a measure that has no end, lies on one who left and is not where its directory says */
static void broken_measures_are_found(void **state)
{
	struct place *p = *state;
	struct conn *conn;
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_measures }));
	assert_ok(store_write(p->store, (struct store_job){ .work = break_measures }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(checks_run(conn, count_fault, p));
	store_read_end(p->store, &conn);
	assert_int_equal(p->faults, 7);
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
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_measures }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_appeals }));
	assert_ok(store_write(p->store, (struct store_job){ .work = erase_anna, .ctx = p }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(appeals_find(conn, (appeal_id){ 50 }, p->mem, &a));
	assert_int_equal(a.state, APPEAL_LAPSED);
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
	assert_ok(checks_run(conn, count_fault, p));
	assert_int_equal(p->faults, 0);
	store_read_end(p->store, &conn);
}

static err break_appeals(struct conn *tx, void *ctx)
{
	static const char *const ways[] = {
		"DELETE FROM appeal_refs WHERE appeal_id = 50",
		"UPDATE appeals SET measure_id = 99 WHERE appeal_id = 51",
		"UPDATE appeals SET way = 0 WHERE appeal_id = 50",
		"UPDATE appeals SET list_hash = x'01' WHERE appeal_id = 51",
		"UPDATE seats SET place = 2 WHERE appeal_id = 51 AND place = 1",
		"UPDATE people SET status = 2 WHERE handle_key = 'anna'",
	};
	err e = OK;
	(void)ctx;
	for (size_t i = 0; i < COUNT(ways); i++)
		TRY(driver_exec(tx, ways[i]));
out:
	return e;
}

/* each of these, ben who is asked to judge what is a steward's now, and four measures on one who left */
static void broken_appeals_are_found(void **state)
{
	struct place *p = *state;
	struct conn *conn;
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_measures }));
	assert_ok(store_write(p->store, (struct store_job){ .work = some_appeals }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(checks_run(conn, count_fault, p));
	store_read_end(p->store, &conn);
	assert_int_equal(p->faults, 0);
	assert_ok(store_write(p->store, (struct store_job){ .work = break_appeals }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(checks_run(conn, count_fault, p));
	store_read_end(p->store, &conn);
	assert_int_equal(p->faults, 11);
}

static err break_rows(struct conn *tx, void *ctx)
{
	static const char *const ways[] = {
		"UPDATE posts SET n_media = 4",
		"DELETE FROM handles WHERE handle_key = 'ben'",
		"DELETE FROM status_refs WHERE status_id = 3",
		"INSERT INTO likes VALUES (7, 8, 9, 10)",
		"INSERT INTO group_members VALUES (77, 101, 2, 0, 0)",
		"UPDATE people SET status = 2 WHERE handle_key = 'ben'",
		"UPDATE posts SET deleted_at_ms = 5 WHERE post_id = 2",
	};
	(void)ctx;
	err e = OK;
	for (size_t i = 0; i < COUNT(ways); i++)
		TRY(driver_exec(tx, ways[i]));
out:
	return e;
}

static void broken_rows_are_found(void **state)
{
	struct place *p = *state;
	struct conn *conn;
	assert_ok(store_write(p->store, (struct store_job){ .work = a_life }));
	assert_ok(store_write(p->store, (struct store_job){ .work = break_rows }));
	assert_ok(store_read(p->store, &conn));
	assert_ok(checks_run(conn, count_fault, p));
	store_read_end(p->store, &conn);
	/* two posts count wrongly, ben's handle, what opens the log to him who is erased now, a comment's row, a like and a member of nothing, words and a comment of what is deleted */
	assert_int_equal(p->faults, 9);
}

#define PLACE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

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
		PLACE_TEST(broken_measures_are_found),
		PLACE_TEST(broken_appeals_are_found),
		PLACE_TEST(broken_rows_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
