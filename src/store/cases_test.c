#include "store/cases.h"

#include "store/measures.h"
#include "store/reports.h"
#include "store/screenings.h"
#include "store/store_testing.h"

static const person_id author = { 1 }, steward = { 9 };

static struct order_case open_case(struct tables *t, int64_t id, person_id subject)
{
	struct order_case one = {
		.id = { id }, .subject = subject, .opened_at_ms = id, .note = S("")
	};
	assert_ok(cases_insert(t->conn, &one, 1));
	return one;
}

static struct case_item item_of(int64_t id, enum harm_class harm, int64_t due_at_ms)
{
	return (struct case_item){ .kind = ITEM_REPORT,
		                   .id = id,
		                   .owner = author,
		                   .family = 7,
		                   .at_ms = id,
		                   .harm = harm,
		                   .due_at_ms = due_at_ms,
		                   .priority = 100 + id };
}

static void put(struct tables *t, case_id in, struct case_item item)
{
	assert_ok(cases_put_item(t->conn, in, &item));
}

static void a_case_comes_back_as_saved(void **state)
{
	struct tables *t = *state;
	struct order_case one = open_case(t, 20, author), got;
	assert_int_equal(one.number, 1);
	assert_int_equal(open_case(t, 21, (person_id){ 0 }).number, 2);
	one.state = CASE_DECIDED;
	one.harm = HARM_CLASS_B;
	one.due_at_ms = 500;
	one.priority = 1200;
	one.claimed_by = one.decided_by = steward;
	one.claimed_until_ms = 600;
	one.decided_at_ms = 400;
	one.note = S("looked at it");
	assert_ok(cases_save(t->conn, &one));
	assert_int_equal(one.version, 1);
	assert_ok(cases_find(t->conn, one.id, t->mem, &got));
	assert_true(got.id.v == 20 && got.number == 1 && got.subject.v == 1 && got.version == 1);
	assert_true(got.state == CASE_DECIDED && got.harm == HARM_CLASS_B && got.due_at_ms == 500);
	assert_true(got.priority == 1200 && got.opened_at_ms == 20 && got.decided_at_ms == 400);
	assert_true(got.claimed_by.v == 9 && got.claimed_until_ms == 600 && got.decided_by.v == 9);
	assert_text(got.note, "looked at it");
	assert_fails(cases_find(t->conn, (case_id){ 99 }, t->mem, &got), ERR_MISSING);
}

static void a_save_on_an_older_version_conflicts(void **state)
{
	struct tables *t = *state;
	struct order_case mine = open_case(t, 20, author), other = mine, got;
	mine.note = S("mine");
	other.note = S("other");
	assert_ok(cases_save(t->conn, &mine));
	assert_fails(cases_save(t->conn, &other), ERR_CONFLICT);
	assert_ok(cases_find(t->conn, mine.id, t->mem, &got));
	assert_text(got.note, "mine");
	assert_ok(cases_save(t->conn, &mine));
	assert_int_equal(mine.version, 2);
}

static void a_person_has_one_open_case(void **state)
{
	struct tables *t = *state;
	struct order_case one = open_case(t, 20, author), got,
			  second = { .id = { 21 }, .subject = author, .note = S("") };
	assert_fails(cases_insert(t->conn, &second, 1), ERR_CONFLICT);
	assert_ok(cases_open_of(t->conn, author, t->mem, &got));
	assert_int_equal(got.id.v, 20);
	one.state = CASE_DECIDED;
	assert_ok(cases_save(t->conn, &one));
	assert_fails(cases_open_of(t->conn, author, t->mem, &got), ERR_MISSING);
	assert_ok(cases_insert(t->conn, &second, 1));
	open_case(t, 22, (person_id){ 0 });
	open_case(t, 23, (person_id){ 0 });
	assert_fails(cases_open_of(t->conn, (person_id){ 0 }, t->mem, &got), ERR_MISSING);
}

static void the_items_that_are_not_done_say_how_it_stands(void **state)
{
	struct tables *t = *state;
	struct order_case one = open_case(t, 20, author);
	struct case_item *items, first;
	size_t n;
	case_id in;
	put(t, one.id, item_of(1, HARM_CLASS_B, 300));
	put(t, one.id, item_of(2, HARM_CLASS_A, 900));
	put(t, one.id, item_of(3, HARM_CLASS_A, 950));
	assert_ok(cases_first_item(t->conn, one.id, ITEM_REPORT, &first));
	assert_int_equal(first.id, 2);
	assert_fails(cases_first_item(t->conn, one.id, ITEM_APPEAL, &first), ERR_MISSING);
	assert_ok(cases_set_done(t->conn, one.id, ITEM_REPORT, 3, true));
	assert_ok(cases_reckon(t->conn, &one, &n));
	assert_true(n == 2 && one.harm == HARM_CLASS_A && one.due_at_ms == 300);
	assert_int_equal(one.priority, 102);
	assert_ok(cases_set_done(t->conn, one.id, ITEM_REPORT, 1, true));
	assert_fails(cases_of_item(t->conn, ITEM_REPORT, 1, &in), ERR_MISSING);
	assert_fails(cases_of_item(t->conn, ITEM_MEASURE, 2, &in), ERR_MISSING);
	assert_ok(cases_of_item(t->conn, ITEM_REPORT, 2, &in));
	assert_int_equal(in.v, 20);
	assert_ok(cases_reckon(t->conn, &one, &n));
	assert_true(n == 1 && one.due_at_ms == 900);
	put(t, one.id, item_of(1, HARM_CLASS_B, 200)); /* once more: it waits again */
	assert_ok(cases_items(t->conn, one.id, 10, t->mem, &items, &n));
	assert_true(n == 3 && items[0].id == 1 && items[0].due_at_ms == 200 && !items[0].done);
	assert_true(items[1].owner.v == 1 && items[1].family == 7 && items[1].at_ms == 2);
	assert_true(items[1].kind == ITEM_REPORT && items[1].priority == 102);
}

static void no_kind_crowds_out_another(void **state)
{
	struct tables *t = *state;
	struct case_item appeal = item_of(90, HARM_CLASS_B, 300), *items;
	size_t n;
	appeal.kind = ITEM_APPEAL;
	open_case(t, 20, author);
	for (int64_t i = 1; i <= 5; i++)
		put(t, (case_id){ 20 }, item_of(i, HARM_CLASS_B, 300));
	put(t, (case_id){ 20 }, appeal);
	assert_ok(cases_set_done(t->conn, (case_id){ 20 }, ITEM_REPORT, 1, true));
	assert_ok(cases_items(t->conn, (case_id){ 20 }, 3, t->mem, &items, &n));
	assert_true(n == 4 && items[3].kind == ITEM_APPEAL && items[3].id == 90);
	assert_true(items[0].id == 2 && items[2].id == 4); /* the one that is done comes last */
}

static void the_queue_is_in_order(void **state)
{
	static const struct {
		int64_t id;
		enum harm_class harm;
		int64_t due_at_ms, priority;
	} rows[] = {
		{ 20, HARM_CLASS_B, 100, 900 },
		{ 21, HARM_CLASS_B, 200, 950 }, /* the same day, the higher priority */
		{ 22, HARM_CLASS_B, 86400000, 5000 },
		{ 23, HARM_CLASS_A, INT64_MAX, 0 },
	};
	static const int64_t want[] = { 23, 21, 20, 22 };
	struct tables *t = *state;
	struct order_case *got;
	size_t n;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct order_case one = open_case(t, rows[i].id, (person_id){ 1 + (int64_t)i });
		one.harm = rows[i].harm;
		one.due_at_ms = rows[i].due_at_ms;
		one.priority = rows[i].priority;
		assert_ok(cases_save(t->conn, &one));
	}
	assert_ok(
		cases_queue(t->conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, NULL, 10, t->mem, &got, &n));
	assert_int_equal(n, COUNT(want));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(got[i].id.v, want[i]);
	got[0].state = CASE_LAPSED;
	got[0].decided_at_ms = 50;
	assert_ok(cases_save(t->conn, &got[0]));
	assert_ok(
		cases_queue(t->conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, NULL, 1, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 21);
	assert_ok(cases_over(t->conn, (case_id){ 0 }, 10, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 23);
	assert_ok(cases_over(t->conn, (case_id){ 23 }, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

/* Whoever is outside says what class it is of, and can say it as often as they like. */
static void what_is_said_from_outside_stands_in_front_of_nothing(void **state)
{
	static const struct {
		int64_t id, subject;
		enum case_item_kind kind;
		enum harm_class harm;
		int64_t due_at_ms;
	} rows[] = {
		{ 20, 0, ITEM_COMPLAINT, HARM_CLASS_A, 100 },
		{ 21, 5, ITEM_COMPLAINT, HARM_CLASS_A, 300 },
		{ 22, 6, ITEM_COMPLAINT, HARM_CLASS_B, 200 },
		{ 23, 7, ITEM_REPORT, HARM_CLASS_C, INT64_MAX },
		{ 24, 8, ITEM_MEASURE, HARM_CLASS_B, 400 },
		{ 25, 0, ITEM_COMPLAINT, HARM_CLASS_B, 50 },
	};
	static const int64_t want[] = { 24, 23, 22, 21, 25, 20 };
	static const enum case_origin origins[] = { CASE_FROM_INSIDE,  CASE_FROM_INSIDE,
		                                    CASE_FROM_OUTSIDE, CASE_FROM_OUTSIDE,
		                                    CASE_OF_NOBODY,    CASE_OF_NOBODY };
	struct tables *t = *state;
	struct order_case *got, after;
	size_t n, waiting;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct order_case one = open_case(t, rows[i].id, (person_id){ rows[i].subject });
		struct case_item item = item_of(50 + rows[i].id, rows[i].harm, rows[i].due_at_ms);
		item.kind = rows[i].kind;
		put(t, one.id, item);
		item.id++;
		item.kind = ITEM_COMPLAINT; /* a case of the house is of no graver class by one */
		item.harm = HARM_CLASS_A;
		item.due_at_ms = INT64_MAX;
		if (rows[i].kind != ITEM_COMPLAINT)
			put(t, one.id, item);
		assert_ok(cases_reckon(t->conn, &one, &waiting));
		assert_int_equal(one.harm, rows[i].harm);
		assert_ok(cases_save(t->conn, &one));
	}
	/* One by one, each from behind the last: nothing twice, nothing left out. */
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_ok(cases_queue(t->conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, i ? &after : NULL,
		                      1, t->mem, &got, &n));
		assert_true(n == 1 && got[0].id.v == want[i] && got[0].origin == origins[i]);
		after = got[0];
	}
	assert_ok(cases_queue(t->conn, CASE_FROM_INSIDE, CASE_OF_NOBODY, &after, 1, t->mem, &got,
	                      &n));
	assert_int_equal(n, 0);
	assert_ok(cases_queue(t->conn, CASE_FROM_INSIDE, CASE_FROM_INSIDE, NULL, 9, t->mem, &got,
	                      &n));
	assert_true(n == 2 && got[0].id.v == 24);
	after = got[0];
	assert_ok(cases_queue(t->conn, CASE_FROM_OUTSIDE, CASE_OF_NOBODY, &after, 9, t->mem, &got,
	                      &n));
	assert_true(n == 4 && got[0].id.v == 22);
}

static void a_claim_changes_no_version(void **state)
{
	struct tables *t = *state;
	struct order_case one = open_case(t, 20, author), got;
	assert_ok(cases_claim(t->conn, one.id, steward, 500));
	assert_ok(cases_find(t->conn, one.id, t->mem, &got));
	assert_true(got.claimed_by.v == 9 && got.claimed_until_ms == 500 && got.version == 0);
}

static void cases_with_copies_name_each_other(void **state)
{
	struct tables *t = *state;
	struct order_case *got;
	struct case_item alone = item_of(4, HARM_CLASS_B, 1);
	size_t n;
	for (int64_t i = 0; i < 4; i++)
		open_case(t, 20 + i, (person_id){ 1 + i });
	alone.family = 0;
	put(t, (case_id){ 20 }, item_of(1, HARM_CLASS_B, 1));
	put(t, (case_id){ 20 }, item_of(2, HARM_CLASS_B, 1));
	put(t, (case_id){ 21 }, item_of(3, HARM_CLASS_B, 1));
	put(t, (case_id){ 22 }, alone);
	alone.id = 5;
	put(t, (case_id){ 23 }, alone);
	assert_ok(cases_linked(t->conn, (case_id){ 20 }, 10, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 21);
	assert_ok(cases_linked(t->conn, (case_id){ 22 }, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
	assert_ok(cases_move_items(t->conn, (case_id){ 21 }, (case_id){ 22 }));
	assert_ok(cases_linked(t->conn, (case_id){ 20 }, 10, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 22);
}

static void write_measure(struct tables *t, int64_t id, person_id subject, person_id post_author,
                          const char *rule)
{
	struct measure m = { .id = { id },
		             .subject = subject,
		             .post_author = post_author,
		             .post = { 77 },
		             .rule = str_of(rule),
		             .policy = S("p1"),
		             .evidence = S("{}"),
		             .decision_note = S("") };
	assert_ok(measures_insert(t->conn, &m));
}

static void the_pieces_of_a_family_are_listed_once(void **state)
{
	struct tables *t = *state;
	struct status_ref *got;
	size_t n;
	for (int64_t i = 0; i < 4; i++) {
		struct measure m = { .id = { 50 + i },
			             .subject = { 1 + i },
			             .post_author = { 1 + i },
			             .post = { 70 + i / 2 },
			             .family = i == 3 ? 8 : 7 };
		m.rule = m.policy = m.evidence = m.decision_note = S("");
		if (i == 1) /* a second measure on the same piece */
			m.subject = m.post_author = (person_id){ 1 };
		assert_ok(measures_insert(t->conn, &m));
	}
	assert_ok(cases_family(t->conn, 7, 10, t->mem, &got, &n));
	assert_true(n == 2 && got[0].post.v == 70 && got[1].post.v == 71);
	assert_true(got[0].post_author.v == 1 && got[1].post_author.v == 3);
	assert_ok(cases_family(t->conn, 0, 10, t->mem, &got, &n));
	assert_int_equal(n, 0);
}

static bool party(struct tables *t, int64_t in, int64_t person)
{
	bool is;
	assert_ok(cases_is_party(t->conn, (case_id){ in }, (person_id){ person }, &is));
	return is;
}

static void its_subject_and_whose_post_it_is_under_are_parties(void **state)
{
	struct tables *t = *state;
	struct case_item item = item_of(50, HARM_CLASS_B, 1);
	item.kind = ITEM_MEASURE;
	open_case(t, 20, author);
	assert_true(party(t, 20, 1));
	assert_false(party(t, 20, 3));
	write_measure(t, 50, author, (person_id){ 3 }, "r"); /* a comment under the post of 3 */
	put(t, (case_id){ 20 }, item);
	assert_true(party(t, 20, 3));
	assert_false(party(t, 20, 9));
	open_case(t, 21, (person_id){ 0 });
	assert_false(party(t, 21, 1));
	put(t, (case_id){ 21 }, item);
	assert_true(party(t, 21, 1) && party(t, 21, 3));
}

static void who_wrote_a_copy_is_a_party(void **state)
{
	struct tables *t = *state;
	const struct status_ref first_at = { { 5 }, { 60 }, { 0 } };
	struct screened first = { .piece = first_at, .author = { 5 }, .observation.seq = 7 };
	struct case_item item = item_of(50, HARM_CLASS_B, 1);
	int64_t family;
	item.kind = ITEM_MEASURE;
	first.policy = first.model = S("");
	assert_ok(screenings_insert(t->conn, &first));
	open_case(t, 20, author);
	put(t, (case_id){ 20 }, item); /* of family 7 */
	assert_ok(cases_family_of(t->conn, &first_at, &family));
	assert_int_equal(family, 0); /* nobody copied it so far */
	for (int64_t i = 0; i < 2; i++) {
		struct measure copy = { .id = { 51 + i },
			                .subject = { 3 + i },
			                .post_author = { 3 + i },
			                .post = { 70 + i },
			                .family = 7 + i };
		copy.rule = copy.policy = copy.evidence = copy.decision_note = S("");
		assert_ok(measures_insert(t->conn, &copy));
	}
	assert_true(party(t, 20, 3) && party(t, 20, 5));
	assert_false(party(t, 20, 4)); /* of another family */
	assert_ok(cases_family_of(t->conn, &first_at, &family));
	assert_int_equal(family, 7);
	assert_ok(cases_family_of(t->conn, &(struct status_ref){ { 4 }, { 71 }, { 0 } }, &family));
	assert_int_equal(family, 8);
	open_case(t, 21, (person_id){ 0 });
	item.family = 0;
	put(t, (case_id){ 21 }, item);
	assert_false(party(t, 21, 3) || party(t, 21, 5));
}

static void a_post_waits_where_something_on_it_does(void **state)
{
	struct tables *t = *state;
	struct case_item item = item_of(50, HARM_CLASS_B, 1);
	struct report report = { .target = author,
		                 .id = { 60 },
		                 .reporter = { 3 },
		                 .piece = { author, { 78 }, { 0 } },
		                 .text = S(""),
		                 .seen_by = 1 };
	case_id *in;
	size_t n;
	item.kind = ITEM_MEASURE;
	open_case(t, 20, author);
	write_measure(t, 50, author, author, "r"); /* on post 77 */
	put(t, (case_id){ 20 }, item);
	assert_ok(reports_insert(t->conn, &report));
	put(t, (case_id){ 20 }, item_of(60, HARM_CLASS_B, 1));
	assert_ok(cases_waiting_on(t->conn, author, (post_id){ 77 }, 10, t->mem, &in, &n));
	assert_true(n == 1 && in[0].v == 20);
	assert_ok(cases_waiting_on(t->conn, author, (post_id){ 78 }, 10, t->mem, &in, &n));
	assert_true(n == 1 && in[0].v == 20);
	assert_ok(cases_waiting_on(t->conn, author, (post_id){ 79 }, 10, t->mem, &in, &n));
	assert_int_equal(n, 0);
	assert_true(party(t, 20, 3)); /* who reported */
	assert_ok(cases_set_done(t->conn, (case_id){ 20 }, ITEM_MEASURE, 50, true));
	assert_ok(cases_set_done(t->conn, (case_id){ 20 }, ITEM_REPORT, 60, true));
	assert_ok(cases_waiting_on(t->conn, author, (post_id){ 77 }, 10, t->mem, &in, &n));
	assert_int_equal(n, 0);
	assert_ok(cases_waiting_on(t->conn, author, (post_id){ 78 }, 10, t->mem, &in, &n));
	assert_int_equal(n, 0);
}

static void similar_ones_were_decided_on_the_same_rule(void **state)
{
	struct tables *t = *state;
	struct order_case *got;
	size_t n;
	for (int64_t i = 0; i < 4; i++) {
		struct order_case one = open_case(t, 20 + i, (person_id){ 1 + i });
		struct case_item item = item_of(50 + i, HARM_CLASS_B, 1);
		item.kind = ITEM_MEASURE;
		item.owner = one.subject;
		write_measure(t, 50 + i, one.subject, one.subject, i == 2 ? "other" : "rule");
		put(t, one.id, item);
		one.state = i == 3 ? CASE_OPEN : CASE_DECIDED;
		assert_ok(cases_save(t->conn, &one));
	}
	assert_ok(cases_similar(t->conn, S("rule"), (case_id){ 23 }, 10, t->mem, &got, &n));
	assert_true(n == 2 && got[0].id.v == 21 && got[1].id.v == 20);
	assert_ok(cases_similar(t->conn, S("rule"), (case_id){ 21 }, 10, t->mem, &got, &n));
	assert_true(n == 1 && got[0].id.v == 20);
}

static void items_are_counted_by_kind(void **state)
{
	struct tables *t = *state;
	struct case_item measure = item_of(3, HARM_CLASS_B, 1);
	int counts[CASE_ITEM_KINDS];
	measure.kind = ITEM_MEASURE;
	open_case(t, 20, author);
	put(t, (case_id){ 20 }, item_of(1, HARM_CLASS_B, 1));
	put(t, (case_id){ 20 }, item_of(2, HARM_CLASS_B, 1));
	put(t, (case_id){ 20 }, measure);
	assert_ok(cases_count_items(t->conn, (case_id){ 20 }, counts));
	assert_true(counts[ITEM_REPORT] == 2 && counts[ITEM_MEASURE] == 1);
	assert_true(counts[ITEM_APPEAL] == 0 && counts[ITEM_COMPLAINT] == 0);
}

static void deeds_of_one_decision_are_undone_together(void **state)
{
	struct tables *t = *state;
	struct case_deed deed = { .in = { 20 },
		                  .by = steward,
		                  .at_ms = 100,
		                  .kind = DEED_KEPT,
		                  .item_kind = ITEM_APPEAL,
		                  .item = 50,
		                  .owner = author,
		                  .before = 2,
		                  .past = { { 4 }, 5, 6, 7, 8, S("before") },
		                  .note = S("why") },
			 *got;
	size_t n;
	for (int64_t i = 1; i <= 3; i++) {
		deed.id = i;
		deed.decision = i < 3 ? 1 : 3;
		assert_ok(cases_insert_deed(t->conn, &deed));
	}
	assert_ok(cases_set_undone(t->conn, (case_id){ 20 }, 1));
	assert_ok(cases_deeds(t->conn, (case_id){ 20 }, 10, t->mem, &got, &n));
	assert_int_equal(n, 3);
	assert_true(got[0].undone && got[1].undone && !got[2].undone);
	assert_true(got[1].id == 2 && got[1].decision == 1 && got[1].by.v == 9);
	assert_true(got[1].at_ms == 100 && got[1].kind == DEED_KEPT && got[1].before == 2);
	assert_true(got[1].item_kind == ITEM_APPEAL && got[1].item == 50 && got[1].owner.v == 1);
	assert_text(got[1].note, "why");
	assert_true(got[1].past.decided_by.v == 4 && got[1].past.decided_at_ms == 5);
	assert_true(got[1].past.starts_at_ms == 6 && got[1].past.ends_at_ms == 7);
	assert_int_equal(got[1].past.due_at_ms, 8);
	assert_text(got[1].past.note, "before");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_case_comes_back_as_saved),
		TABLE_TEST(a_save_on_an_older_version_conflicts),
		TABLE_TEST(a_person_has_one_open_case),
		TABLE_TEST(the_items_that_are_not_done_say_how_it_stands),
		TABLE_TEST(no_kind_crowds_out_another),
		TABLE_TEST(the_queue_is_in_order),
		TABLE_TEST(what_is_said_from_outside_stands_in_front_of_nothing),
		TABLE_TEST(a_claim_changes_no_version),
		TABLE_TEST(cases_with_copies_name_each_other),
		TABLE_TEST(its_subject_and_whose_post_it_is_under_are_parties),
		TABLE_TEST(who_wrote_a_copy_is_a_party),
		TABLE_TEST(a_post_waits_where_something_on_it_does),
		TABLE_TEST(similar_ones_were_decided_on_the_same_rule),
		TABLE_TEST(items_are_counted_by_kind),
		TABLE_TEST(the_pieces_of_a_family_are_listed_once),
		TABLE_TEST(deeds_of_one_decision_are_undone_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
