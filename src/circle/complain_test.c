/* A complaint becomes a case whatever it names, and tells nobody outside whether it is here. */
#include "circle/complain.h"

#include "circle/erase.h"
#include "circle/secret.h"
#include "circle/senders.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "store/audits.h"
#include "store/cases.h"
#include "store/checks.h"
#include "store/complaints.h"

#include <string.h>

#define OURS "https://kith.example"
#define DAY INT64_C(86400000)

static struct stage *s; /* of the test that runs */

/* 2 and 3 are friends. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 4 });
	stage_befriend(s, 2, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err file(const char *about, struct complaint *out, str *secret)
{
	struct complaint_draft draft = { .category = COMPLAINT_COUNTERFEIT,
		                         .contact = S("legal@brand.example"),
		                         .about = str_of(about),
		                         .evidence = S("Our trade mark is 12345.") };
	struct complaint_filed filed;
	err e = complain_file(s->c, &draft, S(OURS), s->now_ms, s->mem, &filed);
	if (out)
		*out = filed.complaint;
	if (secret)
		*secret = filed.secret;
	return e;
}

/* The subject of the case that this complaint waits in. */
static struct order_case case_of(complaint_id id)
{
	struct conn *conn = NULL;
	struct order_case one;
	case_id in;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(cases_of_item(conn, ITEM_COMPLAINT, id.v, &in));
	assert_ok(cases_find(conn, in, s->mem, &one));
	store_read_end(s->c->store, &conn);
	return one;
}

static void it_is_found_by_its_secret_alone(void **state)
{
	struct complaint made, got;
	str secret;
	(void)state;
	assert_ok(file("fakes", &made, &secret));
	assert_in_range(secret.n, 43, 43); /* 256 bits */
	assert_ok(complain_look(s->c, secret, s->mem, &got));
	assert_int_equal(got.id.v, made.id.v);
	assert_int_equal(got.state, COMPLAINT_OPEN);
	assert_text(got.about, "fakes");
	int64_t days = (got.due_at_ms - s->now_ms) / DAY;
	assert_in_range(days, 5, 9);
	assert_fails(complain_look(s->c, str_slice(secret, 1, secret.n), s->mem, &got),
	             ERR_MISSING);
	assert_fails(complain_look(s->c, STR_NONE, s->mem, &got), ERR_MISSING);
}

static void whose_case_it_is(void **state)
{
	struct status_ref post = stage_post(s, 2, "a post"), gone = stage_post(s, 2, "deleted"),
			  comment = stage_comment(s, 3, post, "a comment");
	assert_ok(publish_delete(s->c, s->people[2], &gone, s->now_ms));
	const struct {
		const char *name;
		const char *before;
		int64_t id;
		const char *after;
		int subject; /* -1: nobody */
	} rows[] = {
		{ "a post of ours", "see " OURS "/posts/", post.post.v, ", please", 2 },
		{ "a comment is its writer's", OURS "/posts/", comment.comment.v, "", 3 },
		{ "a deleted one is still somebody's", OURS "/posts/", gone.post.v, "", 2 },
		{ "not the first address of ours", "on " OURS "/ and " OURS "/posts/", post.post.v,
		  "", 2 },
		{ "what never was", OURS "/posts/", 4711, "", -1 },
		{ "another server's", "https://other.example/posts/", post.post.v, "", -1 },
		{ "another path", OURS "/people/", post.post.v, "", -1 },
		{ "a number that is none", OURS "/posts/99999999999999999999", post.post.v, "",
		  -1 },
		{ "no number", OURS "/posts/x", post.post.v, "", -1 },
		{ "a number alone", "", post.post.v, "", -1 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct complaint made;
		str about = str_format(s->mem, "%s%lld%s", rows[i].before, (long long)rows[i].id,
		                       rows[i].after);
		assert_ok(file(str_to_c(s->mem, about), &made, NULL));
		int64_t want = rows[i].subject < 0 ? 0 : s->people[rows[i].subject].v;
		if (case_of(made.id).subject.v != want)
			fail_msg("%s", rows[i].name);
	}
	/* Of who has left, nothing. */
	struct complaint made;
	assert_ok(erase_person(s->c, s->people[2], s->now_ms));
	assert_ok(file(
		str_to_c(s->mem, str_format(s->mem, OURS "/posts/%lld", (long long)post.post.v)),
		&made, NULL));
	assert_int_equal(case_of(made.id).subject.v, 0);
}

static void words_are_bounded(void **state)
{
	static const struct {
		const char *name;
		size_t contact, about, evidence;
		const char *field; /* NULL: it is taken */
	} rows[] = {
		{ "as long as they may be", 200, 500, 4000, NULL },
		{ "no contact", 0, 10, 10, "contact" },
		{ "a contact too long", 201, 10, 10, "contact" },
		{ "about nothing", 10, 0, 10, "about" },
		{ "about too much", 10, 501, 10, "about" },
		{ "no evidence", 10, 10, 0, "evidence" },
		{ "too much of it", 10, 10, 4001, "evidence" },
	};
	char *words = arena_alloc(s->mem, 4001);
	struct complaint_filed filed;
	(void)state;
	memset(words, 'x', 4001);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct complaint_draft draft = { .contact = { words, rows[i].contact },
			                         .about = { words, rows[i].about },
			                         .evidence = { words, rows[i].evidence } };
		err e = complain_file(s->c, &draft, S(OURS), s->now_ms, s->mem, &filed);
		if (rows[i].field ? e.code != ERR_INPUT || strcmp(e.field, rows[i].field) != 0
		                  : failed(e))
			fail_msg("%s", rows[i].name);
	}
	struct complaint_draft lines = { .contact = S("a\nb"),
		                         .about = S("x"),
		                         .evidence = S("y") };
	assert_blames(complain_file(s->c, &lines, S(OURS), s->now_ms, s->mem, &filed), ERR_INPUT,
	              "contact");
}

/* ---- answers ---- */

struct answer_job {
	complaint_id id;
	str words;
	case_id reopen; /* 0: answer */
};

static err answer_work(struct conn *tx, void *ctx)
{
	struct answer_job *job = ctx;
	return job->reopen.v ? complain_reopen(s->c, tx, job->reopen, job->id, s->now_ms)
	                     : complain_answer(s->c, tx, job->id, job->words, s->now_ms);
}

static err answer(complaint_id id, str words)
{
	struct answer_job job = { .id = id, .words = words };
	return verb_write(s->c, answer_work, NULL, &job);
}

static void an_answer_is_given_once_and_can_be_taken_back(void **state)
{
	struct complaint made, got;
	struct answer_job back;
	str secret;
	(void)state;
	assert_ok(file("fakes", &made, &secret));
	back = (struct answer_job){ .id = made.id, .reopen = case_of(made.id).id };
	assert_blames(answer(made.id, S(" ")), ERR_INPUT, "complaints");
	s->now_ms += DAY;
	assert_ok(answer(made.id, S("We looked into it and acted.")));
	assert_fails(answer(made.id, S("again")), ERR_CONFLICT);
	assert_fails(answer((complaint_id){ 4711 }, S("x")), ERR_MISSING);
	assert_ok(complain_look(s->c, secret, s->mem, &got));
	assert_int_equal(got.state, COMPLAINT_ANSWERED);
	assert_text(got.answer, "We looked into it and acted.");
	assert_int_equal(got.answered_at_ms, s->now_ms);
	assert_ok(verb_write(s->c, answer_work, NULL, &back));
	assert_ok(complain_look(s->c, secret, s->mem, &got));
	assert_int_equal(got.state, COMPLAINT_OPEN);
	assert_int_equal(got.answer.n, 0);
	assert_int_equal(case_of(made.id).id.v, back.reopen.v); /* it waits there again */
}

/* ---- the clock ---- */

static int records(const char *kind)
{
	struct conn *conn = NULL;
	struct audit_row row;
	int count = 0;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_last(conn, s->mem, &row));
	for (int64_t seq = row.seq; seq > 0; seq--) {
		assert_ok(audits_find(conn, seq, s->mem, &row));
		count += str_eq(row.kind, str_of(kind));
		assert_int_equal(str_find(row.record, S("brand.example")), SIZE_MAX);
	}
	store_read_end(s->c->store, &conn);
	return count;
}

/* The clock goes there first: one that jumps is not believed. */
static err sweep_at(int64_t at_ms)
{
	s->now_ms = at_ms;
	return complain_sweep(s->c, at_ms);
}

static void what_is_late_stands_in_the_log_once_and_waits_on(void **state)
{
	struct complaint made, got;
	str secret;
	(void)state;
	assert_ok(file("fakes", &made, &secret));
	assert_ok(sweep_at(made.due_at_ms - 1));
	assert_int_equal(records("complaint.late"), 0);
	for (int i = 0; i < 3; i++)
		assert_ok(sweep_at(made.due_at_ms + i));
	assert_int_equal(records("complaint.filed"), 1);
	assert_int_equal(records("complaint.late"), 1);
	assert_ok(complain_look(s->c, secret, s->mem, &got));
	assert_int_equal(got.state, COMPLAINT_OPEN); /* nothing lapses: the answer is still owed */
	assert_int_equal(got.late_at_ms, made.due_at_ms);
	assert_int_equal(case_of(made.id).state, CASE_OPEN);
	s->now_ms = made.due_at_ms + DAY;
	assert_ok(answer(made.id, S("Sorry, late.")));
	assert_int_equal(records("complaint.answered"), 1);
}

static void a_contact_is_forgotten_ninety_days_after_the_answer(void **state)
{
	struct complaint made, waits, got;
	str secret, other;
	(void)state;
	assert_ok(file("fakes", &made, &secret));
	assert_ok(file("others", &waits, &other));
	assert_ok(answer(made.id, S("done")));
	assert_ok(sweep_at(s->now_ms + COMPLAINT_FORGET_MS));
	assert_ok(complain_look(s->c, secret, s->mem, &got));
	assert_text(got.contact, "legal@brand.example");
	assert_ok(sweep_at(s->now_ms + 1));
	assert_ok(complain_look(s->c, secret, s->mem, &got));
	assert_int_equal(got.contact.n, 0);
	assert_text(got.answer, "done");
	assert_ok(complain_look(s->c, other, s->mem, &got));
	assert_text(got.contact, "legal@brand.example"); /* we owe that one an answer */
}

/* ---- bounds ---- */

/* From an address. */
static err send(uint64_t from, const char *evidence, struct complaint_filed *out)
{
	struct complaint_draft draft = { .contact = S("legal@brand.example"),
		                         .about = S("fakes"),
		                         .evidence = str_of(evidence),
		                         .has_from = true,
		                         .from = from };
	return complain_file(s->c, &draft, S(OURS), s->now_ms, s->mem, out);
}

static void one_address_uses_up_its_own_and_nobody_elses(void **state)
{
	struct complaint_filed filed;
	err e;
	(void)state;
	assert_fails(send(7, "", &filed), ERR_INPUT); /* is none, and counts as none */
	for (int i = 0; i < SENDER_BURST; i++)
		assert_ok(send(7, "a seam", &filed));
	e = send(7, "a seam", &filed);
	assert_fails(e, ERR_LIMIT);
	assert_null(e.field);
	assert_true(filed.of_address);
	assert_int_equal(filed.retry_after_s, SENDER_EACH_MS / 1000);
	assert_ok(send(8, "a seam", &filed));
	assert_ok(file("of whom no address is known", NULL, NULL));
	s->now_ms += SENDER_EACH_MS;
	assert_ok(send(7, "a seam", &filed));
	assert_fails(send(7, "a seam", &filed), ERR_LIMIT);
}

static err flood(struct conn *tx, void *ctx)
{
	err e = OK;
	for (int64_t i = 0; i < *(int *)ctx; i++) {
		struct complaint one = { .id = { snowflake_next(s->c->ids) },
			                 .contact = S("x"),
			                 .about = S("x"),
			                 .evidence = S("x"),
			                 .at_ms = s->now_ms,
			                 .due_at_ms = INT64_MAX,
			                 .answer = S("") };
		secret_hash hash = secret_hash_of(str_format(s->mem, "%lld", (long long)one.id.v));
		TRY(complaints_insert(tx, &one, &hash));
	}
out:
	return e;
}

/* So many, as from very many addresses. */
static void come(int n) { assert_ok(verb_write(s->c, flood, NULL, &n)); }

static void so_many_a_day_and_so_many_open(void **state)
{
	struct complaint_filed filed;
	err e;
	(void)state;
	come(COMPLAINTS_A_DAY - 1);
	assert_ok(send(1, "a seam", &filed));
	s->now_ms += 1000;
	e = send(2, "a seam", &filed);
	assert_fails(e, ERR_LIMIT);
	assert_null(e.field); /* 429, whatever it names */
	assert_false(filed.of_address);
	assert_int_equal(filed.retry_after_s, DAY / 1000 - 1); /* then the first is a day old */
	s->now_ms += DAY - 1000;
	for (int i = 0; i < SENDER_BURST; i++) /* what found no room was not counted */
		assert_ok(send(2, "a seam", &filed));
	come(COMPLAINTS_OPEN_MAX - COMPLAINTS_A_DAY - SENDER_BURST);
	s->now_ms += DAY;
	e = send(3, "a seam", &filed);
	assert_fails(e, ERR_LIMIT);
	assert_int_equal(filed.retry_after_s, DAY / 1000);
}

static void count_fault(void *ctx, const char *what, str about)
{
	print_message("%s: %.*s\n", what, STR_ARG(about));
	++*(int *)ctx;
}

static void what_waits_is_in_a_case(void **state)
{
	struct conn *conn = NULL;
	struct complaint made;
	int faults = 0;
	(void)state;
	assert_ok(file("fakes", &made, NULL));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(checks_run(conn, count_fault, &faults));
	store_read_end(s->c->store, &conn);
	assert_int_equal(faults, 0);
}

#define COMPLAIN_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPLAIN_TEST(it_is_found_by_its_secret_alone),
		COMPLAIN_TEST(whose_case_it_is),
		COMPLAIN_TEST(words_are_bounded),
		COMPLAIN_TEST(an_answer_is_given_once_and_can_be_taken_back),
		COMPLAIN_TEST(what_is_late_stands_in_the_log_once_and_waits_on),
		COMPLAIN_TEST(a_contact_is_forgotten_ninety_days_after_the_answer),
		COMPLAIN_TEST(one_address_uses_up_its_own_and_nobody_elses),
		COMPLAIN_TEST(so_many_a_day_and_so_many_open),
		COMPLAIN_TEST(what_waits_is_in_a_case),
	};
	return cmocka_run_group_tests_name("complain", tests, NULL, NULL);
}
