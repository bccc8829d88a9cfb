#include "circle/publish.h"

#include "circle/order_testing.h"
#include "circle/review.h"
#include "circle/stage_testing.h"

#include "model/limits.h"
#include "store/measures.h"

#include <string.h>

#define AD STAGE_AD
#define AD_TOO "手表现货，招代理一件代发，月入过万，加薇❤芯：abc12345，扫码进群！"

static struct stage *s; /* of the test that runs */

/* 2 writes; 3 and 4 are friends; 1 is a steward; 5 is a stranger. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6, .screen = true });
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 4);
	stage_befriend(s, 3, 4);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err change(int who, struct status_ref ref, const char *text)
{
	str words = str_of(text);
	struct change_draft draft = { .text = &words };
	s->now_ms += 1000;
	return publish_change(s->c, s->people[who], &ref, &draft, s->now_ms, s->mem);
}

/* What `who` reads there, "-" when nothing. */
static str text_for(int who, struct status_ref ref)
{
	struct seen_post post;
	struct seen_comment comment;
	err e = ref.comment.v
	                ? read_comment(s->c, s->people[who], &ref, s->now_ms, s->mem, &comment)
	                : read_post(s->c, s->people[who], &ref, s->now_ms, s->mem, &post);
	if (e.code == ERR_MISSING)
		return S("-");
	assert_ok(e);
	return ref.comment.v ? comment.comment.text : post.post.text;
}

static struct pending pending_of(int who, struct status_ref ref)
{
	struct seen_post post;
	struct seen_comment comment;
	if (ref.comment.v) {
		assert_ok(read_comment(s->c, s->people[who], &ref, s->now_ms, s->mem, &comment));
		return comment.comment.pending;
	}
	assert_ok(read_post(s->c, s->people[who], &ref, s->now_ms, s->mem, &post));
	return post.post.pending;
}

/* The history as `who` may read it, its texts joined by "|". */
static str history_for(int who, struct status_ref ref)
{
	struct seen_history history;
	str all = S("");
	err e = read_history(s->c, s->people[who], &ref, s->now_ms, s->mem, &history);
	if (e.code == ERR_MISSING)
		return S("-");
	assert_ok(e);
	for (size_t i = 0; i < history.n; i++)
		all = str_format(s->mem, "%.*s%s%.*s", STR_ARG(all), i ? "|" : "",
		                 STR_ARG(history.versions[i].text));
	return all;
}

static err decide(measure_id id, bool release)
{
	struct seen_measure out;
	return review_decide(s->c, s->people[1], id, release, STR_NONE, s->now_ms, s->mem, &out);
}

static enum measure_state state_of(measure_id id)
{
	struct seen_measure *mine;
	size_t n;
	assert_ok(review_mine(s->c, s->people[2], (struct page){ .limit = 80 }, s->now_ms, s->mem,
	                      &mine, &n));
	for (size_t i = 0; i < n; i++)
		if (mine[i].measure.id.v == id.v)
			return mine[i].measure.state;
	fail_msg("no such measure");
	return MEASURE_ACTIVE;
}

/* Everything below holds for a post and for a comment on it. */
static struct status_ref post_of(const char *text) { return stage_post(s, 2, text); }

static struct status_ref comment_of(const char *text)
{
	return stage_comment(s, 2, stage_post(s, 3, "a post of another's"), text);
}

typedef struct status_ref maker(const char *text);
static maker *const makers[] = { post_of, comment_of };

static void a_change_shows_at_once_and_its_history_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_text(history_for(3, ref), "one");
		assert_ok(change(2, ref, "two"));
		assert_ok(change(2, ref, "three"));
		assert_ok(change(2, ref, "three")); /* nothing new */
		for (int again = 0; again < 2; again++) {
			assert_text(text_for(3, ref), "three");
			assert_text(history_for(3, ref), "one|two|three");
			stage_reopen(s);
		}
		assert_text(history_for(5, ref), "-");
	}
}

static void only_ones_own_is_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_fails(change(3, ref, "mine"), ERR_MISSING);
		assert_fails(change(5, ref, "mine"), ERR_MISSING);
		assert_blames(change(2, ref, " "), ERR_INPUT, "status");
		assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
		assert_fails(change(2, ref, "two"), ERR_MISSING);
	}
}

static void what_would_be_held_waits_beside_what_shows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, AD));
		assert_text(text_for(3, ref), "one");
		assert_text(text_for(2, ref), "one");
		assert_text(history_for(2, ref), "one");
		struct pending waits = pending_of(2, ref);
		assert_text(waits.text, AD);
		assert_int_equal(waits.state, VERSION_WAITS);
		assert_int_equal(state_of(waits.measure), MEASURE_ACTIVE);
		assert_int_equal(pending_of(3, ref).version.v, 0);
		stage_reopen(s);
		assert_text(text_for(3, ref), "one");
		assert_text(pending_of(2, ref).text, AD);
	}
	assert_int_equal(stage_notices(s, 2, NOTICE_HELD), COUNT(makers));
}

static void a_steward_sees_the_change_and_lets_it_through(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		struct seen_measure *waiting;
		size_t n;
		assert_ok(change(2, ref, AD));
		measure_id held = pending_of(2, ref).measure;
		assert_ok(review_queue(s->c, s->people[1], 20, s->now_ms, s->mem, &waiting, &n));
		assert_int_equal(n, 1);
		assert_text(waiting[0].text, AD);
		assert_ok(decide(held, true));
		assert_text(text_for(3, ref), AD);
		assert_text(history_for(3, ref), "one|" AD);
		assert_int_equal(pending_of(2, ref).version.v, 0);
		assert_fails(decide(held, false), ERR_MISSING);
		stage_reopen(s);
		assert_text(text_for(3, ref), AD);
	}
	assert_int_equal(stage_notices(s, 2, NOTICE_DECIDED), COUNT(makers));
}

static void kept_it_is_never_shown_and_its_author_knows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, AD));
		assert_ok(decide(pending_of(2, ref).measure, false));
		s->now_ms += 2 * HOLD_MS;
		assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
		assert_text(text_for(3, ref), "one");
		assert_int_equal(pending_of(2, ref).state, VERSION_DROPPED);
		assert_text(pending_of(2, ref).text, AD);
		assert_ok(change(2, ref, "two"));
		assert_int_equal(pending_of(2, ref).version.v, 0);
		assert_text(history_for(3, ref), "one|two");
	}
}

static void undecided_it_shows_when_the_clock_has_run_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, AD));
		measure_id held = pending_of(2, ref).measure;
		s->now_ms += HOLD_MS + 1;
		assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
		assert_int_equal(state_of(held), MEASURE_LAPSED);
		assert_text(text_for(3, ref), AD);
		assert_text(history_for(3, ref), "one|" AD);
	}
}

static void a_newer_change_takes_the_place_of_one_that_waits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, AD));
		measure_id first = pending_of(2, ref).measure;
		assert_ok(change(2, ref, AD)); /* the same: it goes on waiting */
		assert_int_equal(pending_of(2, ref).measure.v, first.v);
		assert_ok(change(2, ref, AD_TOO));
		measure_id second = pending_of(2, ref).measure;
		assert_true(second.v > first.v);
		assert_int_equal(state_of(first), MEASURE_WITHDRAWN);
		assert_fails(decide(first, true), ERR_MISSING);
		assert_ok(change(2, ref, "two"));
		assert_int_equal(state_of(second), MEASURE_WITHDRAWN);
		assert_text(text_for(3, ref), "two");
		assert_ok(change(2, ref, AD));
		assert_ok(change(2, ref, "two")); /* taken back */
		assert_int_equal(pending_of(2, ref).version.v, 0);
		assert_text(history_for(3, ref), "one|two");
	}
}

static void what_is_held_itself_is_judged_anew(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i](AD);
		struct seen_measure *mine;
		size_t n;
		assert_text(text_for(3, ref), "-");
		assert_ok(change(2, ref, AD_TOO));
		assert_text(text_for(3, ref), "-");
		assert_int_equal(pending_of(2, ref).version.v, 0);
		assert_ok(review_mine(s->c, s->people[2], (struct page){ 0 }, s->now_ms, s->mem,
		                      &mine, &n));
		/* Each speaks of its own words. */
		assert_text(mine[0].text, AD_TOO);
		assert_int_equal(mine[0].measure.state, MEASURE_ACTIVE);
		assert_text(mine[1].text, AD);
		assert_int_equal(mine[1].measure.state, MEASURE_WITHDRAWN);
		assert_ok(change(2, ref, "one"));
		assert_text(text_for(3, ref), "one");
		assert_int_equal(state_of(mine[0].measure.id), MEASURE_WITHDRAWN);
		assert_text(history_for(3, ref), "one"); /* nobody saw the others */
		stage_reopen(s);
		assert_text(text_for(3, ref), "one");
		assert_text(history_for(3, ref), "one");
	}
}

static void what_a_steward_confirmed_is_not_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i](AD);
		struct seen_measure *mine;
		size_t n;
		assert_ok(review_mine(s->c, s->people[2], (struct page){ 0 }, s->now_ms, s->mem,
		                      &mine, &n));
		assert_ok(decide(mine[0].measure.id, false));
		assert_fails(change(2, ref, "one"), ERR_CONFLICT);
		assert_text(text_for(3, ref), "-");
	}
}

/* On the piece itself, as somebody else than the writer may bring about. */
static measure_id hold_piece(struct status_ref ref)
{
	struct measure m = { .subject = s->people[2],
		             .kind = MEASURE_HOLD,
		             .post_author = ref.post_author,
		             .post = ref.post,
		             .comment = ref.comment,
		             .rule = S("test"),
		             .evidence = S("{}"),
		             .starts_at_ms = s->now_ms,
		             .ends_at_ms = s->now_ms + HOLD_MS,
		             .harm = HARM_CLASS_B };
	assert_ok(order_try_impose(s, &m));
	return m.id;
}

static void a_hold_on_the_piece_and_one_on_its_change_go_their_own_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, AD));
		measure_id on_change = pending_of(2, ref).measure, on_piece = hold_piece(ref);
		assert_text(text_for(3, ref), "-");
		assert_ok(decide(on_change, true));
		assert_text(text_for(3, ref),
		            "-"); /* the change stands, and is held with the piece */
		assert_text(text_for(2, ref), AD);
		assert_int_equal(state_of(on_piece), MEASURE_ACTIVE);
		assert_ok(decide(on_piece, true));
		assert_text(text_for(3, ref), AD);
		stage_reopen(s);
		assert_text(text_for(3, ref), AD);
	}
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, AD));
		measure_id on_change = pending_of(2, ref).measure, on_piece = hold_piece(ref);
		assert_ok(decide(on_piece, true));
		assert_text(text_for(3, ref), "one"); /* the change goes on waiting */
		assert_int_equal(state_of(on_change), MEASURE_ACTIVE);
		hold_piece(ref);
		assert_ok(change(2, ref, "two")); /* ends both */
		assert_text(text_for(3, ref), "two");
		assert_int_equal(state_of(on_change), MEASURE_WITHDRAWN);
		assert_int_equal(pending_of(2, ref).version.v, 0);
	}
}

static void deleting_takes_what_waits_along(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		struct status_ref ref = makers[i]("one");
		struct seen_measure *waiting;
		size_t n;
		assert_ok(change(2, ref, AD));
		measure_id held = pending_of(2, ref).measure;
		assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
		assert_ok(review_queue(s->c, s->people[1], 20, s->now_ms, s->mem, &waiting, &n));
		assert_int_equal(n, 0);
		assert_fails(decide(held, true), ERR_MISSING);
		s->now_ms += HOLD_MS + 1;
		assert_ok(order_tick(s->c, s->now_ms, s->now_ms));
		assert_text(text_for(2, ref), "-");
	}
}

static void who_is_named_newly_is_told_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(makers); i++) {
		int before = stage_notices(s, 4, NOTICE_MENTION);
		struct status_ref ref = makers[i]("one");
		assert_ok(change(2, ref, "one, @p04 and @p05"));
		assert_int_equal(stage_notices(s, 4, NOTICE_MENTION), before + 1);
		assert_ok(change(2, ref, "two"));
		assert_ok(change(2, ref, "two, @p04"));
		assert_int_equal(stage_notices(s, 4, NOTICE_MENTION), before + 1);
	}
	assert_int_equal(stage_notices(s, 5, NOTICE_MENTION), 0);
	/* One who was named at first heard of the comment because the post is theirs. */
	struct status_ref comment = comment_of("look, @p03");
	assert_ok(change(2, comment, "look here, @p03"));
	assert_int_equal(stage_notices(s, 3, NOTICE_MENTION), 0);
}

static void who_is_named_in_a_change_that_waits_is_told_when_it_shows(void **state)
{
	struct status_ref ref = post_of("one");
	(void)state;
	assert_ok(change(2, ref, AD " @p04"));
	assert_int_equal(stage_notices(s, 4, NOTICE_MENTION), 0);
	assert_ok(decide(pending_of(2, ref).measure, true));
	assert_int_equal(stage_notices(s, 4, NOTICE_MENTION), 1);
}

static void place_and_card_change_alone(void **state)
{
	struct status_ref ref = post_of("one");
	str place = S("here"), none = S("");
	struct card card = { S("https://example.org/"), S("t"), STR_NONE }, no_card = { 0 };
	struct card advertisement = { S("https://example.org/"), S(AD), STR_NONE };
	struct change_draft drafts[] = { { .place = &place, .card = &card }, { .place = &none } };
	struct seen_post seen;
	(void)state;
	for (size_t i = 0; i < COUNT(drafts); i++)
		assert_ok(
			publish_change(s->c, s->people[2], &ref, &drafts[i], ++s->now_ms, s->mem));
	assert_ok(read_post(s->c, s->people[3], &ref, s->now_ms, s->mem, &seen));
	assert_text(seen.post.text, "one");
	assert_text(seen.post.place, "");
	assert_text(seen.post.card.title, "t");
	struct change_draft worse = { .card = &advertisement }, gone = { .card = &no_card };
	assert_ok(publish_change(s->c, s->people[2], &ref, &worse, ++s->now_ms, s->mem));
	assert_int_equal(pending_of(2, ref).state, VERSION_WAITS);
	assert_ok(publish_change(s->c, s->people[2], &ref, &gone, ++s->now_ms, s->mem));
	assert_ok(read_post(s->c, s->people[3], &ref, s->now_ms, s->mem, &seen));
	assert_text(seen.post.card.url, "");
	assert_int_equal(seen.post.pending.version.v, 0);
}

static void a_piece_is_changed_so_many_times(void **state)
{
	struct status_ref ref = post_of("one");
	(void)state;
	for (int i = 0; i < VERSIONS_MAX; i++)
		assert_ok(change(2, ref, i % 2 ? "one" : "two"));
	assert_blames(change(2, ref, "two"), ERR_LIMIT, "status");
	assert_text(text_for(3, ref), "one");
}

struct racing {
	struct status_ref ref;
};

/* Half of them put an advertisement beside it, half something harmless. */
static void change_at_once(struct stage *stage, int i, void *ctx)
{
	const struct racing *racing = ctx;
	struct arena *mem = arena_new(4096);
	str words = i % 2 ? S(AD) : str_format(mem, "number %d", i);
	struct change_draft draft = { .text = &words };
	for (int tries = 0; tries < 10; tries++) {
		err e = publish_change(stage->c, stage->people[2], &racing->ref, &draft,
		                       stage->now_ms, mem);
		sure(!failed(e) || e.code == ERR_CONFLICT);
		if (!failed(e))
			break;
	}
	arena_free(mem);
}

static void changes_at_once_leave_one_waiting_at_most(void **state)
{
	struct racing racing = { post_of("one") };
	struct seen_measure *mine;
	size_t n, open = 0;
	(void)state;
	stage_race(s, 8, change_at_once, &racing);
	assert_ok(review_mine(s->c, s->people[2], (struct page){ .limit = 80 }, s->now_ms, s->mem,
	                      &mine, &n));
	for (size_t i = 0; i < n; i++)
		open += mine[i].measure.state == MEASURE_ACTIVE;
	assert_int_equal(open, pending_of(2, racing.ref).state == VERSION_WAITS);
	assert_true(str_find(text_for(3, racing.ref), S("abc12345")) == SIZE_MAX);
	str shown = str_dup(s->mem, text_for(3, racing.ref));
	stage_reopen(s);
	assert_true(str_eq(text_for(3, racing.ref), shown));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* What was confirmed of the old words is no word about the new ones; what is deleted keeps what was found. */
static void a_kept_label_goes_with_its_words(void **state)
{
	struct status_ref ref = stage_post(s, 2, "a walk"), other = stage_post(s, 2, "a swim");
	struct measure m = order_by(s, 1, 2, MEASURE_LABEL), left = m;
	(void)state;
	m.post_author = left.post_author = ref.post_author;
	m.post = ref.post;
	left.post = other.post;
	m.ends_at_ms = left.ends_at_ms = INT64_MAX;
	assert_ok(order_try_impose(s, &m));
	assert_ok(order_try_impose(s, &left));
	assert_ok(order_decide(s, m.id, 0, MEASURE_KEPT));
	assert_ok(order_decide(s, left.id, 0, MEASURE_KEPT));
	assert_ok(change(2, ref, "a longer walk"));
	assert_ok(publish_delete(s->c, s->people[2], &other, s->now_ms));
	assert_int_equal(order_look(s, m.id).state, MEASURE_WITHDRAWN);
	assert_int_equal(order_look(s, left.id).state, MEASURE_KEPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_kept_label_goes_with_its_words),
		TEST(a_change_shows_at_once_and_its_history_is_kept),
		TEST(only_ones_own_is_changed),
		TEST(what_would_be_held_waits_beside_what_shows),
		TEST(a_steward_sees_the_change_and_lets_it_through),
		TEST(kept_it_is_never_shown_and_its_author_knows),
		TEST(undecided_it_shows_when_the_clock_has_run_out),
		TEST(a_newer_change_takes_the_place_of_one_that_waits),
		TEST(what_is_held_itself_is_judged_anew),
		TEST(what_a_steward_confirmed_is_not_changed),
		TEST(a_hold_on_the_piece_and_one_on_its_change_go_their_own_ways),
		TEST(deleting_takes_what_waits_along),
		TEST(who_is_named_newly_is_told_once),
		TEST(who_is_named_in_a_change_that_waits_is_told_when_it_shows),
		TEST(place_and_card_change_alone),
		TEST(a_piece_is_changed_so_many_times),
		TEST(changes_at_once_leave_one_waiting_at_most),
	};
	return cmocka_run_group_tests_name("publish_change", tests, NULL, NULL);
}
