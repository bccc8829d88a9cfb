#include "store/measures.h"

#include "store/comments.h"
#include "store/posts.h"
#include "store/store_testing.h"

#include <string.h>

static const person_id author = { 1 }, steward = { 9 };
static const post_id post = { 10 };
static const comment_id comment = { 11 };

static struct measure hold(int64_t id, comment_id on, int64_t ends_at_ms)
{
	return (struct measure){
		.id = { id },
		.subject = author,
		.kind = MEASURE_HOLD,
		.post_author = author,
		.post = post,
		.comment = on,
		.rule = S("text.malice"),
		.policy = S("p1"),
		.evidence = S("{\"score\":0.9}"),
		.starts_at_ms = id,
		.ends_at_ms = ends_at_ms,
		.decision_note = S(""),
	};
}

/* As the order does it: from what it is. */
static err decide(struct tables *t, measure_id id, enum measure_state state, int64_t at_ms,
                  const char *note)
{
	struct measure was, is;
	assert_ok(measures_find(t->conn, id, t->mem, &was));
	is = was;
	is.state = state;
	is.decided_by = steward;
	is.decided_at_ms = at_ms;
	is.decision_note = str_of(note);
	is.due_at_ms = 0;
	return measures_move(t->conn, &was, &is);
}

static void insert(struct tables *t, struct measure m) { assert_ok(measures_insert(t->conn, &m)); }

static void write_pieces(struct tables *t)
{
	struct post p = { .gate = { .id = post, .author = author } };
	struct comment c = {
		.gate = { .id = comment, .post = post, .post_author = author, .author = author }
	};
	assert_ok(posts_insert(t->conn, &p));
	assert_ok(comments_insert(t->conn, &c));
}

static int64_t post_held(struct tables *t)
{
	struct post_gate gate;
	assert_ok(posts_gate(t->conn, author, post, t->mem, &gate));
	return gate.held_until_ms;
}

static int64_t comment_held(struct tables *t)
{
	struct comment c;
	assert_ok(comments_find(t->conn, author, post, comment, t->mem, &c));
	return c.gate.held_until_ms;
}

static void a_measure_comes_back_as_written(void **state)
{
	struct tables *t = *state;
	struct measure want = hold(20, comment, 500), got;
	want.by = steward;
	insert(t, want);
	assert_ok(measures_find(t->conn, want.id, t->mem, &got));
	assert_int_equal(got.subject.v, author.v);
	assert_int_equal(got.kind, MEASURE_HOLD);
	assert_int_equal(got.state, MEASURE_ACTIVE);
	assert_true(got.post_author.v == 1 && got.post.v == 10 && got.comment.v == 11);
	assert_text(got.rule, "text.malice");
	assert_text(got.policy, "p1");
	assert_text(got.evidence, "{\"score\":0.9}");
	assert_true(got.starts_at_ms == 20 && got.ends_at_ms == 500 && got.by.v == 9 &&
	            got.decided_by.v == 0);
	assert_fails(measures_find(t->conn, (measure_id){ 21 }, t->mem, &got), ERR_MISSING);
}

static void a_hold_keeps_back_the_piece_it_names(void **state)
{
	struct tables *t = *state;
	write_pieces(t);
	assert_int_equal(post_held(t), 0);
	insert(t, hold(20, comment, 500));
	assert_int_equal(post_held(t), 0);
	assert_int_equal(comment_held(t), 500);
	insert(t, hold(21, (comment_id){ 0 }, 600));
	assert_int_equal(post_held(t), 600);
	assert_int_equal(comment_held(t), 500);
}

static void a_label_or_a_measure_on_a_person_holds_nothing(void **state)
{
	struct tables *t = *state;
	struct measure label = hold(20, (comment_id){ 0 }, 500),
		       seal = hold(21, (comment_id){ 0 }, 500);
	write_pieces(t);
	label.kind = MEASURE_LABEL;
	seal.kind = MEASURE_SEAL;
	seal.post_author.v = seal.post.v = 0;
	insert(t, label);
	insert(t, seal);
	assert_int_equal(post_held(t), 0);
}

static void a_hold_on_a_change_holds_nothing_but_it(void **state)
{
	struct tables *t = *state;
	struct status_ref piece = { author, post, { 0 } };
	struct measure on_change = hold(20, (comment_id){ 0 }, 500), *open, got;
	size_t n;
	on_change.version.v = 77;
	write_pieces(t);
	insert(t, on_change);
	insert(t, hold(21, comment, 500));
	assert_int_equal(post_held(t), 0);
	assert_ok(measures_find(t->conn, on_change.id, t->mem, &got));
	assert_int_equal(got.version.v, 77);
	assert_ok(measures_open_of(t->conn, author, &piece, 10, t->mem, &open, &n));
	assert_int_equal(n, 1);
	assert_int_equal(open[0].id.v, 20);
	assert_ok(decide(t, on_change.id, MEASURE_KEPT, 100, ""));
	assert_int_equal(post_held(t), 0);
	assert_ok(measures_open_of(t->conn, author, &piece, 10, t->mem, &open, &n));
	assert_int_equal(n, 0);
}

static void what_is_open_under_a_post_is_of_whoever_wrote_it(void **state)
{
	struct tables *t = *state;
	struct measure other = hold(22, (comment_id){ 12 }, 500), *open;
	size_t n;
	write_pieces(t);
	other.subject.v = 2;
	insert(t, hold(20, (comment_id){ 0 }, 500)); /* on the post itself */
	insert(t, hold(21, comment, 500));
	insert(t, other);
	insert(t, hold(23, comment, 500));
	assert_ok(decide(t, (measure_id){ 23 }, MEASURE_KEPT, 100, ""));
	assert_ok(measures_open_under(t->conn, author, post, (measure_id){ 0 }, 10, t->mem, &open,
	                              &n));
	assert_true(n == 2 && open[0].id.v == 21 && open[1].id.v == 22);
	assert_ok(measures_open_under(t->conn, author, post, open[0].id, 10, t->mem, &open, &n));
	assert_true(n == 1 && open[0].id.v == 22);
	assert_ok(measures_open_under(t->conn, author, (post_id){ 0 }, (measure_id){ 0 }, 1, t->mem,
	                              &open, &n));
	assert_true(n == 1 && open[0].id.v == 21);
	assert_ok(measures_open_under(t->conn, author, (post_id){ 77 }, (measure_id){ 0 }, 1,
	                              t->mem, &open, &n));
	assert_int_equal(n, 0);
}

static void the_latest_hold_counts(void **state)
{
	struct tables *t = *state;
	write_pieces(t);
	insert(t, hold(30, (comment_id){ 0 }, 600));
	insert(t, hold(20, (comment_id){ 0 }, 900)); /* older, written late */
	assert_int_equal(post_held(t), 600);
	assert_ok(decide(t, (measure_id){ 20 }, MEASURE_KEPT, 100, ""));
	assert_int_equal(post_held(t), 600);
	insert(t, hold(40, (comment_id){ 0 }, 700));
	assert_int_equal(post_held(t), 700);
}

static void a_decision_changes_what_is_held(void **state)
{
	static const struct {
		const char *name;
		enum measure_state state;
		int64_t held;
	} rows[] = {
		{ "released: shown", MEASURE_RELEASED, 0 },
		{ "kept: held for good", MEASURE_KEPT, INT64_MAX },
	};
	struct tables *t = *state;
	write_pieces(t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct measure got;
		measure_id id = { 20 + (int64_t)i };
		insert(t, hold(id.v, (comment_id){ 0 }, 500));
		assert_ok(decide(t, id, rows[i].state, 300, "looked at it"));
		if (post_held(t) != rows[i].held)
			fail_msg("%s", rows[i].name);
		assert_ok(measures_find(t->conn, id, t->mem, &got));
		assert_int_equal(got.state, rows[i].state);
		assert_true(got.decided_by.v == steward.v && got.decided_at_ms == 300);
		assert_text(got.decision_note, "looked at it");
	}
}

static void a_measure_moves_from_the_state_it_was_seen_in(void **state)
{
	struct tables *t = *state;
	struct measure was, is;
	write_pieces(t);
	insert(t, hold(20, (comment_id){ 0 }, 500));
	assert_ok(measures_find(t->conn, (measure_id){ 20 }, t->mem, &was));
	is = was;
	is.state = MEASURE_RELEASED;
	assert_ok(measures_move(t->conn, &was, &is));
	assert_int_equal(post_held(t), 0);
	is.state = MEASURE_KEPT;
	assert_fails(measures_move(t->conn, &was, &is), ERR_CONFLICT);
	assert_int_equal(post_held(t), 0);
	was.subject = steward;
	assert_fails(measures_move(t->conn, &was, &is), ERR_CONFLICT);
	was.subject = author;
	was.state = MEASURE_RELEASED;
	is.state = MEASURE_ACTIVE; /* a decision taken back */
	assert_ok(measures_move(t->conn, &was, &is));
	assert_int_equal(post_held(t), 500);
}

static void the_queue_is_what_is_open_now(void **state)
{
	struct tables *t = *state;
	struct measure *got, label = hold(23, (comment_id){ 0 }, 900);
	size_t n;
	label.kind = MEASURE_LABEL;
	insert(t, hold(20, (comment_id){ 0 }, 900));
	insert(t, hold(21, comment, 500));
	insert(t, hold(22, (comment_id){ 0 }, 700));
	insert(t, label);
	assert_ok(measures_waiting(t->conn, 499, 10, t->mem, &got, &n));
	assert_true(n == 3 && got[0].id.v == 20 && got[1].id.v == 21 && got[2].id.v == 22);
	assert_ok(
		measures_waiting(t->conn, 500, 10, t->mem, &got, &n)); /* 21 is over by the clock */
	assert_true(n == 2 && got[0].id.v == 20 && got[1].id.v == 22);
	assert_ok(decide(t, (measure_id){ 20 }, MEASURE_KEPT, 100, ""));
	assert_ok(measures_waiting(t->conn, 500, 1, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 22);
}

static struct measure on_person(int64_t id, enum measure_kind kind, int64_t starts_at_ms,
                                int64_t ends_at_ms)
{
	return (struct measure){ .id = { id },
		                 .subject = author,
		                 .kind = kind,
		                 .rule = S("order.case"),
		                 .starts_at_ms = starts_at_ms,
		                 .ends_at_ms = ends_at_ms,
		                 .decider = DECIDER_STEWARD,
		                 .by = steward };
}

static size_t due(struct tables *t, int64_t now_ms, struct measure **got)
{
	size_t n;
	assert_ok(measures_due(t->conn, now_ms, 10, t->mem, got, &n));
	return n;
}

static void the_clock_finds_what_begins_and_ends(void **state)
{
	struct tables *t = *state;
	struct measure *got, seal = on_person(24, MEASURE_SEAL, 300, 900),
			     kept = on_person(25, MEASURE_FREEZE, 100, 800),
			     label = hold(23, (comment_id){ 0 }, INT64_MAX);
	label.kind = MEASURE_LABEL;
	seal.due_at_ms = 300; /* it begins then */
	kept.state = MEASURE_KEPT;
	write_pieces(t);
	insert(t, hold(20, (comment_id){ 0 }, 500));
	insert(t, hold(21, comment, 400));
	insert(t, hold(22, (comment_id){ 12 }, INT64_MAX));
	insert(t, label);
	insert(t, seal);
	insert(t, kept);
	assert_int_equal(due(t, 299, &got), 0);
	assert_int_equal(due(t, 800, &got), 4);
	assert_true(got[0].id.v == 24 && got[1].id.v == 21 && got[2].id.v == 20 &&
	            got[3].id.v == 25);
	assert_ok(decide(t, (measure_id){ 21 }, MEASURE_KEPT, 350, "")); /* no end any more */
	assert_ok(decide(t, (measure_id){ 24 }, MEASURE_ACTIVE, 350,
	                 "")); /* begun: its end is next */
	assert_int_equal(due(t, 800, &got), 2);
	assert_int_equal(due(t, 900, &got), 3);
	assert_int_equal(got[2].id.v, 24);
	assert_ok(decide(t, (measure_id){ 20 }, MEASURE_LAPSED, 500, ""));
	assert_int_equal(post_held(t), 0);
	assert_int_equal(due(t, INT64_MAX, &got), 2);
}

static void what_lies_on_a_person_is_found_by_them(void **state)
{
	struct tables *t = *state;
	struct measure *got, theirs = on_person(22, MEASURE_FREEZE, 100, 600),
			     about = on_person(23, MEASURE_NOTICE, 100, 600);
	size_t n;
	theirs.subject = steward;
	about.post_author = author;
	about.post = post;
	insert(t, on_person(20, MEASURE_FEWER, 100, 500));
	insert(t, on_person(21, MEASURE_NO_FRIENDS, 100, 400));
	insert(t, theirs);
	insert(t, about); /* of a piece: it limits nothing */
	insert(t, hold(24, comment, 900));
	assert_ok(measures_on(t->conn, author, 399, t->mem, &got, &n));
	assert_true(n == 2 && got[0].id.v == 21 && got[1].id.v == 20);
	assert_ok(measures_on(t->conn, author, 400, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 20);
	assert_ok(measures_on_all(t->conn, 400, t->mem, &got, &n));
	assert_true(n == 2 && got[0].id.v == 20 && got[1].id.v == 22);
}

static void offences_are_what_was_found_by_somebody(void **state)
{
	static const struct {
		const char *name;
		enum measure_kind kind;
		enum measure_state state;
		enum measure_decider decider;
		int points;
		bool counts;
	} rows[] = {
		{ "a kept hold", MEASURE_HOLD, MEASURE_KEPT, DECIDER_POLICY, 2, true },
		{ "a kept label", MEASURE_LABEL, MEASURE_KEPT, DECIDER_POLICY, 1, true },
		{ "a hold nobody decided yet", MEASURE_HOLD, MEASURE_ACTIVE, DECIDER_POLICY, 2,
		  false },
		{ "a hold that lapsed", MEASURE_HOLD, MEASURE_LAPSED, DECIDER_POLICY, 2, false },
		{ "one that was overturned", MEASURE_HOLD, MEASURE_OVERTURNED, DECIDER_POLICY, 2,
		  false },
		{ "mere annoyance", MEASURE_HOLD, MEASURE_KEPT, DECIDER_POLICY, 0, false },
		{ "a steward's notice", MEASURE_NOTICE, MEASURE_ACTIVE, DECIDER_STEWARD, 2, true },
		{ "one of long ago", MEASURE_NOTICE, MEASURE_LAPSED, DECIDER_STEWARD, 2, true },
		{ "one that was taken back", MEASURE_NOTICE, MEASURE_RELEASED, DECIDER_STEWARD, 2,
		  false },
		{ "the program's own notice", MEASURE_NOTICE, MEASURE_ACTIVE, DECIDER_POLICY, 2,
		  false },
		{ "what followed from offences", MEASURE_FREEZE, MEASURE_ACTIVE, DECIDER_STEWARD, 2,
		  false },
	};
	struct tables *t = *state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct measure m = on_person(20 + (int64_t)i, rows[i].kind, 100 + (int64_t)i, 500);
		struct offence *all;
		size_t n;
		m.subject.v = 100 + (int64_t)i;
		m.state = rows[i].state;
		m.decider = rows[i].decider;
		m.points = rows[i].points;
		insert(t, m);
		assert_ok(measures_offences(t->conn, m.subject, t->mem, &all, &n));
		if (n != rows[i].counts)
			fail_msg("%s", rows[i].name);
		if (n > 0)
			assert_true(all[0].at_ms == 100 + (int64_t)i &&
			            all[0].points == rows[i].points);
	}
}

static void assert_of_policy(struct tables *t, const char *policy, enum measure_state state,
                             int64_t after, int64_t want)
{
	struct measure *got;
	size_t n;
	assert_ok(measures_of_policy(t->conn, str_of(policy), state, (measure_id){ after }, 10,
	                             t->mem, &got, &n));
	assert_int_equal(n, want ? 1 : 0);
	if (want)
		assert_int_equal(got[0].id.v, want);
}

static void what_was_done_under_a_policy_is_found_by_its_state(void **state)
{
	struct tables *t = *state;
	struct measure proposed = hold(23, comment, 500);
	proposed.state = MEASURE_PROPOSED;
	insert(t, hold(20, (comment_id){ 0 }, 500));
	insert(t, hold(21, comment, 500));
	insert(t, hold(22, comment, 500));
	insert(t, proposed);
	assert_ok(decide(t, (measure_id){ 21 }, MEASURE_KEPT, 100, ""));
	assert_ok(decide(t, (measure_id){ 22 }, MEASURE_RELEASED, 100, ""));
	assert_of_policy(t, "p1", MEASURE_ACTIVE, 0, 20);
	assert_of_policy(t, "p1", MEASURE_ACTIVE, 20, 0);
	assert_of_policy(t, "p1", MEASURE_KEPT, 0, 21);
	assert_of_policy(t, "p1", MEASURE_PROPOSED, 0, 23);
	assert_of_policy(t, "p2", MEASURE_ACTIVE, 0, 0);
}

static void a_subject_reads_theirs_newest_first(void **state)
{
	struct tables *t = *state;
	struct measure *got, theirs = hold(25, comment, 500);
	size_t n;
	theirs.subject = steward;
	for (int64_t i = 20; i < 25; i++)
		insert(t, hold(i, comment, 500));
	insert(t, theirs);
	assert_ok(measures_of(t->conn, author, (measure_id){ 0 }, 2, t->mem, &got, &n));
	assert_true(n == 2 && got[0].id.v == 24 && got[1].id.v == 23);
	assert_ok(measures_of(t->conn, author, (measure_id){ 23 }, 10, t->mem, &got, &n));
	assert_true(n == 3 && got[0].id.v == 22 && got[2].id.v == 20);
}

static void outcome(struct tables *t, int64_t id, enum measure_state state, person_id by)
{
	struct measure m = hold(id, comment, 5000);
	m.state = state;
	m.decided_by = by;
	insert(t, m);
}

/* What the program takes back, or lets lapse, was decided by nobody. */
static void all_of_them_come_by_age_whoever_they_are_on(void **state)
{
	struct tables *t = *state;
	struct measure other = hold(21, comment, 500), *got;
	size_t n;
	other.subject = steward;
	insert(t, hold(22, comment, 500));
	insert(t, hold(20, comment, 500));
	insert(t, other);
	assert_ok(measures_after(t->conn, (measure_id){ 0 }, 2, t->mem, &got, &n));
	assert_true(n == 2 && got[0].id.v == 20 && got[1].id.v == 21 &&
	            got[1].subject.v == steward.v);
	assert_ok(measures_after(t->conn, (measure_id){ 21 }, 2, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 22);
}

static void what_the_program_did_at_a_moment_is_found(void **state)
{
	struct tables *t = *state;
	struct measure by_hand = hold(30, comment, 500), got;
	const struct status_ref ref = { author, post, comment }, whole = { author, post, { 0 } };
	by_hand.by = steward;
	insert(t, hold(20, comment, 500));
	insert(t, by_hand);
	assert_ok(measures_made_at(t->conn, &ref, 20, t->mem, &got));
	assert_int_equal(got.id.v, 20);
	assert_fails(measures_made_at(t->conn, &ref, 21, t->mem, &got), ERR_MISSING);
	assert_fails(measures_made_at(t->conn, &ref, 30, t->mem, &got), ERR_MISSING);
	assert_fails(measures_made_at(t->conn, &whole, 20, t->mem, &got), ERR_MISSING);
}

/* Of thousands that a rule did, most wait for nobody: each decision would read them all. */
static void assert_decided_ones_alone_are_read(struct tables *t)
{
	const char *used[256];
	size_t n = driver_statements(t->conn, used, COUNT(used)), found = 0;
	for (size_t i = 0; i < n; i++) {
		bool row;
		if (!strstr(used[i], "WHERE rule = $1 AND starts_at_ms >= $2"))
			continue;
		str question = str_format(t->mem, "EXPLAIN QUERY PLAN %s", used[i]);
		struct stmt *q = driver_prepare(t->conn, str_to_c(t->mem, question));
		for (;;) {
			assert_ok(stmt_step(q, &row));
			if (!row)
				break;
			assert_true(str_find(stmt_text_borrowed(q, 3),
			                     S("INDEX measures_decided_by_rule")) != SIZE_MAX);
			found++;
		}
	}
	assert_int_equal(found, 1);
}

static void the_record_of_a_rule_is_what_people_decided(void **state)
{
	struct tables *t = *state;
	const person_id nobody = { 0 };
	struct outcomes out;
	struct measure other = hold(99, comment, 5000);
	assert_ok(measures_outcomes(t->conn, S("text.malice"), 0, 10, &out));
	assert_true(out.decided == 0 && out.overturned == 0);
	outcome(t, 20, MEASURE_KEPT, steward);
	outcome(t, 21, MEASURE_KEPT, nobody); /* by a jury */
	outcome(t, 22, MEASURE_RELEASED, steward);
	outcome(t, 23, MEASURE_RELEASED, nobody);
	outcome(t, 24, MEASURE_OVERTURNED, nobody);
	outcome(t, 25, MEASURE_LAPSED, nobody);
	outcome(t, 26, MEASURE_ACTIVE, nobody);
	other.rule = S("another");
	other.state = MEASURE_OVERTURNED;
	insert(t, other);
	assert_ok(measures_outcomes(t->conn, S("text.malice"), 0, 10, &out));
	assert_true(out.decided == 4 && out.overturned == 2);
	assert_ok(measures_outcomes(t->conn, S("text.malice"), 22, 10, &out));
	assert_true(out.decided == 2 && out.overturned == 2);
	assert_ok(measures_outcomes(t->conn, S("text.malice"), 0, 3, &out));
	assert_true(out.decided == 3 && out.overturned == 2);
	assert_decided_ones_alone_are_read(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_measure_comes_back_as_written),
		TABLE_TEST(a_hold_keeps_back_the_piece_it_names),
		TABLE_TEST(a_label_or_a_measure_on_a_person_holds_nothing),
		TABLE_TEST(a_hold_on_a_change_holds_nothing_but_it),
		TABLE_TEST(what_is_open_under_a_post_is_of_whoever_wrote_it),
		TABLE_TEST(the_latest_hold_counts),
		TABLE_TEST(a_decision_changes_what_is_held),
		TABLE_TEST(a_measure_moves_from_the_state_it_was_seen_in),
		TABLE_TEST(the_queue_is_what_is_open_now),
		TABLE_TEST(the_clock_finds_what_begins_and_ends),
		TABLE_TEST(what_lies_on_a_person_is_found_by_them),
		TABLE_TEST(offences_are_what_was_found_by_somebody),
		TABLE_TEST(what_was_done_under_a_policy_is_found_by_its_state),
		TABLE_TEST(a_subject_reads_theirs_newest_first),
		TABLE_TEST(all_of_them_come_by_age_whoever_they_are_on),
		TABLE_TEST(what_the_program_did_at_a_moment_is_found),
		TABLE_TEST(the_record_of_a_rule_is_what_people_decided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
