#include "circle/docket.h"

#include "circle/befriend.h"
#include "circle/erase.h"
#include "circle/order_testing.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"

#include "store/appeals.h"
#include "store/case_links.h"
#include "store/cases.h"

#define AD STAGE_AD

static struct stage *s; /* of the test that runs */

/* 0 keeper, 1 steward; 2 and 3 are friends, and 1 is one of 2. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6, .screen = true });
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static case_id add(person_id subject, enum case_item_kind kind, int64_t id)
{
	return order_add_item(s, (struct case_entry){ .subject = subject,
	                                              .harm = HARM_CLASS_A,
	                                              .due_at_ms = s->now_ms + 5000,
	                                              .item = { .kind = kind,
	                                                        .id = id,
	                                                        .owner = subject,
	                                                        .at_ms = s->now_ms } })
	        .id;
}

/* An advertisement for these people, that is held and waits in a case. */
static case_id hold(int author, struct audience audience, measure_id *id)
{
	struct published out;
	struct post_draft draft = { .text = S(AD " @p03"), .audience = audience };
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	assert_true(out.held);
	*id = out.measure.id;
	return add(s->people[author], ITEM_MEASURE, out.measure.id.v);
}

static size_t queue(int steward, enum case_state state, struct case_line **out)
{
	size_t n;
	assert_ok(docket_queue(s->c, s->people[steward], &(struct queue_part){ .state = state },
	                       s->now_ms, s->mem, out, &n));
	return n;
}

static err look(int steward, case_id id, struct case_look *out)
{
	return docket_look(s->c, s->people[steward], id, s->now_ms, s->mem, out);
}

static void a_list_shows_nothing_that_was_written(void **state)
{
	struct case_line *lines;
	measure_id id;
	case_id in = hold(2, (struct audience){ 0 }, &id);
	(void)state;
	assert_int_equal(queue(1, CASE_OPEN, &lines), 1);
	assert_int_equal(lines[0].one.id.v, in.v);
	assert_text(lines[0].subject.handle, "p02");
	assert_int_equal(lines[0].items[ITEM_MEASURE], 1);
	assert_int_equal(lines[0].gravest->id.v, id.v);
	assert_int_equal(order_looks(s, in.v), 0);
	assert_int_equal(order_looks(s, id.v), 0);
	assert_int_equal(queue(1, CASE_DECIDED, &lines), 0);
}

static void every_look_is_written_down_before_anything_is_shown(void **state)
{
	struct case_look seen;
	measure_id id;
	case_id in = hold(2, (struct audience){ 0 }, &id);
	(void)state;
	assert_ok(look(1, in, &seen));
	assert_true(seen.n_measures == 1 && seen.measures[0].has_post);
	assert_text(seen.measures[0].text, AD " @p03");
	assert_int_equal(order_looks(s, in.v), 1);
	assert_int_equal(order_looks(s, id.v), 1);
	assert_ok(look(0, in, &seen));
	assert_int_equal(order_looks(s, in.v), 2);
	assert_fails(look(3, in, &seen), ERR_DENIED);
	assert_fails(look(1, (case_id){ 42 }, &seen), ERR_MISSING);
	assert_int_equal(order_looks(s, in.v), 2);
}

static void a_steward_sees_the_piece_and_no_more_of_it(void **state)
{
	struct audience only = { AUDIENCE_ONLY, 0, 1, NULL, &s->people[3], { 0 }, NULL };
	struct case_look seen;
	measure_id id;
	case_id in = hold(2, only, &id);
	const struct seen_post *post;
	(void)state;
	assert_ok(look(0, in, &seen));
	post = &seen.measures[0].post;
	assert_true(post->post.gate.audience.kind == AUDIENCE_FRIENDS);
	assert_int_equal(post->post.gate.audience.n_people, 0);
	assert_int_equal(post->post.n_mentions, 0);
	assert_int_equal(post->n_mentions, 0);
	assert_true(post->likes == 0 && post->comments == 0);
	assert_int_equal(seen.line.subject.note.n, 0);
	assert_int_equal(seen.measures[0].subject.note.n, 0);
	/* What was done to them before is told without the words it was about. */
	assert_int_equal(seen.n_history, 1);
	assert_false(seen.history[0].has_post);
	assert_int_equal(seen.history[0].text.n, 0);
}

static void who_wrote_a_copy_is_named_where_the_steward_sees_their_card(void **state)
{
	struct published first;
	struct post_draft draft = { .text = S(AD) };
	struct case_look seen;
	measure_id id;
	case_id in;
	(void)state;
	assert_ok(publish_post(s->c, s->people[4], &draft, s->now_ms, s->mem, &first));
	in = hold(2, (struct audience){ 0 }, &id);
	assert_ok(look(1, in, &seen));
	assert_int_equal(seen.n_copies, 2);
	assert_text(seen.copies[0].author.handle, "p04");
	assert_ok(befriend_block(s->c, s->people[4], s->people[1], s->now_ms));
	assert_ok(befriend_block(s->c, s->people[2], s->people[1], s->now_ms));
	assert_ok(look(1, in, &seen));
	assert_int_equal(seen.n_copies, 2);
	assert_int_equal(seen.copies[0].author.id.v, 0);
	assert_int_equal(seen.copies[0].author.handle.n, 0);
	/* Whose case it is a steward has to know. */
	assert_true(seen.copies[1].mine);
	assert_text(seen.copies[1].author.handle, "p02");
	assert_ok(look(0, in, &seen));
	assert_text(seen.copies[0].author.handle, "p04");
}

static void a_case_of_who_left_names_nobody(void **state)
{
	struct case_line *lines;
	struct case_look seen;
	measure_id id;
	case_id in = hold(2, (struct audience){ 0 }, &id);
	(void)state;
	assert_ok(erase_person(s->c, s->people[2], s->now_ms));
	assert_int_equal(queue(1, CASE_DECIDED, &lines), 1);
	assert_int_equal(lines[0].subject.handle.n, 0);
	assert_int_equal(lines[0].subject.display_name.n, 0);
	assert_ok(look(1, in, &seen));
	assert_int_equal(seen.line.subject.handle.n, 0);
}

static void parties_have_no_such_case(void **state)
{
	struct case_line *lines;
	struct case_look seen;
	measure_id id;
	case_id own = hold(1, (struct audience){ 0 }, &id);
	(void)state;
	assert_int_equal(queue(1, CASE_OPEN, &lines), 0);
	assert_fails(look(1, own, &seen), ERR_MISSING);
	assert_fails(
		docket_claim(s->c, s->people[1], own, s->now_ms, s->mem, &(struct case_line){ 0 }),
		ERR_MISSING);
	assert_int_equal(order_looks(s, own.v), 0);
	assert_int_equal(queue(0, CASE_OPEN, &lines), 1);
	assert_ok(look(0, own, &seen));
}

static void a_piece_is_shown_while_it_waits_or_is_held(void **state)
{
	struct case_line *lines;
	struct case_look seen;
	measure_id id;
	case_id in = hold(2, (struct audience){ 0 }, &id);
	(void)state;
	order_settle_item(s, ITEM_MEASURE, id.v, CASE_LAPSED);
	assert_ok(look(1, in, &seen));
	assert_true(seen.line.one.state == CASE_LAPSED &&
	            seen.measures[0].has_post); /* held still */
	s->now_ms += INT64_C(60) * 24 * 3600 * 1000;
	assert_ok(look(1, in, &seen));
	assert_true(seen.n_measures == 1 && !seen.measures[0].has_post);
	assert_int_equal(seen.measures[0].text.n, 0);
	assert_int_equal(order_looks(s, id.v), 1); /* of the piece; the second look saw none */
	assert_int_equal(order_looks(s, in.v), 2);
	assert_int_equal(queue(1, CASE_OPEN, &lines), 0);
	assert_int_equal(queue(1, CASE_DECIDED, &lines), 1);
	assert_fails(docket_claim(s->c, s->people[1], in, s->now_ms, s->mem, lines), ERR_CONFLICT);
}

static err merge_work(struct conn *tx, void *ctx)
{
	struct order_case one;
	err e;
	TRY(cases_find(tx, *(const case_id *)ctx, s->mem, &one));
	one.state = CASE_MERGED;
	TRY(cases_save(tx, &one));
out:
	return e;
}

static void what_is_part_of_another_is_nowhere(void **state)
{
	struct case_line *lines;
	struct case_look seen;
	measure_id id;
	case_id in = hold(2, (struct audience){ 0 }, &id);
	(void)state;
	assert_ok(verb_write(s->c, merge_work, NULL, &in));
	assert_fails(look(1, in, &seen), ERR_MISSING);
	assert_int_equal(queue(1, CASE_OPEN, &lines) + queue(1, CASE_DECIDED, &lines), 0);
}

static void a_claim_is_seen_by_others_and_ends(void **state)
{
	struct case_line line, *lines;
	measure_id id;
	case_id in = hold(2, (struct audience){ 0 }, &id);
	(void)state;
	assert_ok(docket_claim(s->c, s->people[1], in, s->now_ms, s->mem, &line));
	assert_int_equal(line.claim, CASE_CLAIMED_BY_ME);
	assert_int_equal(line.one.claimed_until_ms, s->now_ms + CASE_CLAIM_MS);
	assert_int_equal(queue(0, CASE_OPEN, &lines), 1);
	assert_int_equal(lines[0].claim, CASE_CLAIMED);
	assert_int_equal(lines[0].one.version, line.one.version);
	assert_fails(docket_claim(s->c, s->people[0], in, s->now_ms, s->mem, &line), ERR_CONFLICT);
	assert_fails(docket_unclaim(s->c, s->people[0], in, s->now_ms, s->mem, &line),
	             ERR_CONFLICT);
	assert_fails(docket_claim(s->c, s->people[3], in, s->now_ms, s->mem, &line), ERR_DENIED);
	assert_ok(docket_unclaim(s->c, s->people[1], in, s->now_ms, s->mem, &line));
	assert_int_equal(line.claim, CASE_UNCLAIMED);
	assert_ok(docket_claim(s->c, s->people[0], in, s->now_ms, s->mem, &line));
	s->now_ms += CASE_CLAIM_MS;
	assert_int_equal(queue(1, CASE_OPEN, &lines), 1);
	assert_int_equal(lines[0].claim, CASE_UNCLAIMED);
	assert_ok(docket_claim(s->c, s->people[1], in, s->now_ms, s->mem, &line));
}

/* An appeal as it came out, written down as it is. */
static err appeal_work(struct conn *tx, void *ctx)
{
	struct appeal *a = ctx;
	const enum appeal_state state = a->state;
	err e;
	a->state = APPEAL_OPEN;
	a->id = (appeal_id){ snowflake_next(s->c->ids) };
	a->words = a->note = S("said to the jury");
	TRY(appeals_insert(tx, a));
	a->state = state;
	if (state != APPEAL_OPEN)
		TRY(appeals_set_state(tx, a, APPEAL_OPEN));
out:
	return e;
}

static measure_id limit(void) { return order_put(s, 0, 2, MEASURE_NO_FRIENDS).id; }

/* Whoever decides: open ones of the person, and what came of those on what waited here; each measure's latest, the newest first. */
static void appeals_that_no_steward_decides_are_shown_for_their_clock(void **state)
{
	static const struct {
		enum appeal_way way;
		enum appeal_state first, second; /* second OPEN: there is none */
		bool item, shown;
	} rows[] = {
		{ APPEAL_BY_JURY, APPEAL_KEPT, APPEAL_OPEN, true, true },
		{ APPEAL_BY_JURY, APPEAL_OPEN, APPEAL_OPEN, false, true },
		{ APPEAL_BY_NOBODY, APPEAL_KEPT, APPEAL_LAPSED, true, true },
		{ APPEAL_BY_JURY, APPEAL_KEPT, APPEAL_OPEN, false, false },
		{ APPEAL_BY_STEWARD, APPEAL_OPEN, APPEAL_OPEN, false, false },
	};
	struct case_look look;
	measure_id ids[COUNT(rows)], none;
	case_id in = { 0 };
	size_t at = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].item)
			in = hold(2, (struct audience){ .kind = AUDIENCE_FRIENDS }, &ids[i]);
		else
			ids[i] = limit();
		for (int nth = 1; nth <= (rows[i].second != APPEAL_OPEN ? 2 : 1); nth++) {
			struct appeal a = { .subject = s->people[2],
				            .measure = ids[i],
				            .nth = nth,
				            .state = nth == 1 ? rows[i].first : rows[i].second,
				            .way = rows[i].way };
			assert_ok(verb_write(s->c, appeal_work, NULL, &a));
		}
	}
	none = limit();
	assert_ok(docket_look(s->c, s->people[0], in, s->now_ms, s->mem, &look));
	for (size_t i = COUNT(rows); i-- > 0;) {
		if (!rows[i].shown)
			continue;
		assert_true(at < look.n_appeals);
		const struct case_appeal *one = &look.appeals[at++];
		assert_true(one->appeal.measure.v == ids[i].v);
		assert_true(one->measure.measure.id.v == ids[i].v);
		assert_int_equal(one->appeal.state,
		                 rows[i].second != APPEAL_OPEN ? rows[i].second : rows[i].first);
		assert_int_equal(one->appeal.words.n, 0);
	}
	assert_int_equal(look.n_appeals, at);
	assert_int_equal(look.history[0].measure.id.v, none.v);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_list_shows_nothing_that_was_written),
		STAGE_TEST(every_look_is_written_down_before_anything_is_shown),
		STAGE_TEST(a_steward_sees_the_piece_and_no_more_of_it),
		STAGE_TEST(who_wrote_a_copy_is_named_where_the_steward_sees_their_card),
		STAGE_TEST(a_case_of_who_left_names_nobody),
		STAGE_TEST(parties_have_no_such_case),
		STAGE_TEST(a_piece_is_shown_while_it_waits_or_is_held),
		STAGE_TEST(what_is_part_of_another_is_nowhere),
		STAGE_TEST(a_claim_is_seen_by_others_and_ends),
		STAGE_TEST(appeals_that_no_steward_decides_are_shown_for_their_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
