#include "circle/publish.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

#include "model/limits.h"

#include <stdatomic.h>
#include <string.h>

static struct stage *s; /* of the test that runs */

/* 2 writes; 3, 4, 5 are friends; 6 is a stranger. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7 });
	for (int i = 3; i < 6; i++)
		stage_befriend(s, 2, i);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err publish(struct post_draft draft, struct published *out)
{
	return publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, out);
}

static struct status_ref write_for(struct audience audience, const char *text)
{
	struct published out;
	assert_ok(publish((struct post_draft){ .text = str_of(text), .audience = audience }, &out));
	return (struct status_ref){ s->people[2], out.post.gate.id, { 0 } };
}

/* Who of 2..6 sees it, as "2345". */
static list_id tag_with(int member)
{
	struct list list;
	assert_ok(tag_create(s->c, s->people[2], S("tag"), s->now_ms, &list));
	assert_ok(tag_add(s->c, s->people[2], list.id, &s->people[member], 1));
	return list.id;
}

static void each_audience_shows_it_to_its_people(void **state)
{
	list_id tag = tag_with(3);
	struct audience only = { AUDIENCE_ONLY, 1, 1, &tag, &s->people[4], { 0 }, NULL };
	struct audience except = { AUDIENCE_EXCEPT, 1, 0, &tag, NULL, { 0 }, NULL };
	struct status_ref refs[4];
	static const char *const want[] = { "2345", "234", "245", "2" };
	(void)state;
	refs[0] = write_for((struct audience){ .kind = AUDIENCE_FRIENDS }, "for friends");
	refs[1] = write_for(only, "for two");
	refs[2] = write_for(except, "not for one");
	refs[3] = write_for((struct audience){ .kind = AUDIENCE_SELF }, "for me");
	for (size_t i = 0; i < COUNT(refs); i++)
		assert_text(stage_seen_by(s, refs[i]), want[i]);
	stage_reopen(s);
	for (size_t i = 0; i < COUNT(refs); i++)
		assert_text(stage_seen_by(s, refs[i]), want[i]);
}

static void an_audience_names_ones_own_tags_and_friends(void **state)
{
	struct list foreign;
	struct published out;
	list_id gone = tag_with(3), none = { 99 };
	(void)state;
	assert_ok(tag_create(s->c, s->people[3], S("theirs"), s->now_ms, &foreign));
	assert_ok(tag_delete(s->c, s->people[2], gone));
	const struct audience wrong[] = {
		{ AUDIENCE_ONLY, 1, 0, &foreign.id, NULL, { 0 }, NULL },
		{ AUDIENCE_ONLY, 1, 0, &gone, NULL, { 0 }, NULL },
		{ AUDIENCE_EXCEPT, 1, 0, &none, NULL, { 0 }, NULL },
		{ AUDIENCE_ONLY, 0, 1, NULL, &s->people[6], { 0 }, NULL },
		{ AUDIENCE_EXCEPT, 0, 1, NULL, &s->people[6], { 0 }, NULL },
		{ AUDIENCE_ONLY, 0, 0, NULL, NULL, { 0 }, NULL },
		{ AUDIENCE_FRIENDS, 0, 1, NULL, &s->people[3], { 0 }, NULL },
	};
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_blames(
			publish((struct post_draft){ .text = S("x"), .audience = wrong[i] }, &out),
			ERR_INPUT, "kith_audience");
}

static void naming_one_who_left_tells_nothing(void **state)
{
	struct audience only = { AUDIENCE_ONLY, 0, 1, NULL, &s->people[3], { 0 }, NULL };
	struct published out;
	(void)state;
	assert_ok(befriend_end(s->c, s->people[3], s->people[2]));
	assert_ok(publish((struct post_draft){ .text = S("hello @p03"), .audience = only }, &out));
	assert_int_equal(out.post.n_mentions, 1); /* as if 3 were still there */
	assert_text(stage_seen_by(s, (struct status_ref){ s->people[2], out.post.gate.id, { 0 } }),
	            "2");
}

static void texts_have_limits(void **state)
{
	char most[POST_TEXT_MAX * 3 + 3];
	struct published out;
	(void)state;
	for (size_t i = 0; i < POST_TEXT_MAX + 1; i++)
		memcpy(most + 3 * i, "好", 3);
	assert_ok(publish((struct post_draft){ .text = { most, POST_TEXT_MAX * 3 } }, &out));
	assert_blames(publish((struct post_draft){ .text = { most, sizeof most } }, &out),
	              ERR_LIMIT, "status");
	assert_blames(publish((struct post_draft){ .text = STR_NONE }, &out), ERR_INPUT, "status");
	assert_blames(publish((struct post_draft){ .text = S(" \n") }, &out), ERR_INPUT, "status");
	assert_blames(publish((struct post_draft){ .text = S("a\xff") }, &out), ERR_INPUT,
	              "status");
	assert_blames(
		publish((struct post_draft){ .text = S("x"), .retry_key = { most, 201 } }, &out),
		ERR_INPUT, "Idempotency-Key");
	assert_ok(publish((struct post_draft){ .text = S("x"),
	                                       .language = { most, 100 },
	                                       .app = { most, 400 } },
	                  &out));
	assert_true(out.post.language.n <= 35 && utf8_valid(out.post.language));
}

#define LONG_TITLE                                                                                 \
	"0123456789012345678901234567890123456789012345678901234567890"                            \
	"0123456789012345678901234567890123456789012345678901234567890"

static const struct {
	const char *name, *place, *url, *title, *about, *field; /* field NULL: it is taken */
} besides[] = {
	{ "nothing beside the text", "", "", "", "", NULL },
	{ "a place in any script", "外婆家的院子", "", "", "", NULL },
	{ "a place is one line", "here\nthere", "", "", "", "kith_place" },
	{ "a place that turns the line around", "here \xe2\x80\xae", "", "", "", "kith_place" },
	{ "a place of 61 characters",
	  "0123456789012345678901234567890123456789012345678901234567890", "", "", "",
	  "kith_place" },
	{ "an address alone", "", "https://example.org/a?b=c#d", "", "", NULL },
	{ "an address with title and sentence", "", "http://例子.example/汤", "汤", "怎么煮",
	  NULL },
	{ "a title without an address", "", "", "Soup", "", "kith_card" },
	{ "an address of another kind", "", "javascript:alert(1)", "", "", "kith_card" },
	{ "a scheme alone", "", "https://", "", "", "kith_card" },
	{ "a space in it", "", "https://example.org/a b", "", "", "kith_card" },
	{ "a name before the host", "", "https://bank.example@evil.example/", "", "", "kith_card" },
	{ "a sign that shows nothing", "", "https://example.org/\xe2\x80\x8b", "", "",
	  "kith_card" },
	{ "a quotation mark", "", "https://example.org/\"x", "", "", "kith_card" },
	{ "a title that is too long", "", "https://example.org/", LONG_TITLE, "", "kith_card" },
};

static void what_stands_beside_the_text_has_its_form(void **state)
{
	struct published out;
	struct seen_post seen;
	(void)state;
	for (size_t i = 0; i < COUNT(besides); i++) {
		struct card card = { str_of(besides[i].url), str_of(besides[i].title),
			             str_of(besides[i].about) };
		err e = publish((struct post_draft){ .text = S("x"),
		                                     .place = str_of(besides[i].place),
		                                     .card = card },
		                &out);
		if (failed(e) != (besides[i].field != NULL) ||
		    (failed(e) && strcmp(e.field, besides[i].field) != 0))
			fail_msg("%s", besides[i].name);
		if (failed(e))
			continue;
		struct status_ref ref = { s->people[2], out.post.gate.id, { 0 } };
		assert_ok(read_post(s->c, s->people[3], &ref, s->now_ms, s->mem, &seen));
		assert_text(seen.post.place, besides[i].place);
		assert_text(seen.post.card.url, besides[i].url);
		assert_text(seen.post.card.about, besides[i].about);
	}
}

static void a_card_may_stand_alone(void **state)
{
	struct card card = { .url = S("https://example.org/") };
	struct published out;
	(void)state;
	assert_ok(publish((struct post_draft){ .card = card }, &out));
	assert_text(out.post.text, "");
	assert_blames(publish((struct post_draft){ .place = S("here") }, &out), ERR_INPUT,
	              "status");
}

static void mentions_count_inside_the_audience(void **state)
{
	struct published out;
	struct audience only = { AUDIENCE_ONLY, 0, 1, NULL, &s->people[3], { 0 }, NULL };
	(void)state;
	assert_ok(publish(
		(struct post_draft){ .text = S("@p03 @p04 @p06 @p02 @p03"), .audience = only },
		&out));
	assert_int_equal(out.post.n_mentions, 1);
	assert_int_equal(out.post.mentions[0].v, s->people[3].v);
	assert_int_equal(stage_notices(s, 3, NOTICE_MENTION), 1);
	assert_int_equal(stage_notices(s, 4, NOTICE_MENTION), 0);
	assert_int_equal(stage_notices(s, 6, NOTICE_MENTION), 0);
	assert_int_equal(stage_notices(s, 2, NOTICE_MENTION), 0);
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[4], true, s->now_ms));
	assert_ok(publish((struct post_draft){ .text = S("@p04") }, &out));
	assert_int_equal(out.post.n_mentions, 0);
}

static void direct_is_for_the_friends_mentioned(void **state)
{
	struct published out;
	(void)state;
	assert_ok(publish((struct post_draft){ .text = S("@p04 and @p06"), .direct = true }, &out));
	assert_text(stage_seen_by(s, (struct status_ref){ s->people[2], out.post.gate.id, { 0 } }),
	            "24");
	assert_int_equal(out.post.gate.audience.kind, AUDIENCE_ONLY);
	assert_int_equal(out.post.gate.audience.n_people, 1);
	assert_ok(publish((struct post_draft){ .text = S("nobody"), .direct = true }, &out));
	assert_text(stage_seen_by(s, (struct status_ref){ s->people[2], out.post.gate.id, { 0 } }),
	            "2");
}

static void a_retry_gives_the_first_post(void **state)
{
	struct post_draft draft = { .text = S("once"), .retry_key = S("key-1") };
	struct published first, again;
	struct commented comment;
	(void)state;
	assert_ok(publish(draft, &first));
	assert_ok(publish(draft, &again));
	assert_int_equal(first.post.gate.id.v, again.post.gate.id.v);
	assert_text(again.post.text, "once");
	struct status_ref ref = { s->people[2], first.post.gate.id, { 0 } };
	struct comment_draft other = { .text = S("x"), .retry_key = S("key-1") };
	assert_fails(publish_comment(s->c, s->people[2], &ref, &other, s->now_ms, s->mem, &comment),
	             ERR_CONFLICT);
	assert_ok(publish_post(s->c, s->people[3], &draft, s->now_ms, s->mem,
	                       &again)); /* another's key */
	assert_int_not_equal(first.post.gate.id.v, again.post.gate.id.v);
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_fails(publish(draft, &again), ERR_CONFLICT);
}

static void other_words_under_a_used_key_are_told_and_not_lost(void **state)
{
	struct audience alone = { .kind = AUDIENCE_SELF };
	const struct {
		const char *name;
		struct post_draft draft;
	} others[] = {
		{ "other words", { .text = S("twice"), .retry_key = S("key") } },
		{ "another audience",
		  { .text = S("once"), .audience = alone, .retry_key = S("key") } },
		{ "for those named", { .text = S("once"), .direct = true, .retry_key = S("key") } },
		{ "a place", { .text = S("once"), .place = S("here"), .retry_key = S("key") } },
		{ "a language", { .text = S("once"), .language = S("en"), .retry_key = S("key") } },
	};
	struct status_ref ref = write_for((struct audience){ .kind = AUDIENCE_FRIENDS }, "first");
	struct status_ref next = write_for((struct audience){ .kind = AUDIENCE_FRIENDS }, "next");
	struct comment_draft say = { .text = S("hi"), .retry_key = S("said") };
	struct published out;
	struct commented made;
	(void)state;
	assert_ok(publish((struct post_draft){ .text = S("once"), .retry_key = S("key") }, &out));
	for (size_t i = 0; i < COUNT(others); i++) {
		err e = publish(others[i].draft, &out);
		if (e.code != ERR_CONFLICT || !e.field)
			fail_msg("%s: %d", others[i].name, (int)e.code);
		assert_string_equal(e.field, "Idempotency-Key");
	}
	assert_ok(publish_comment(s->c, s->people[3], &ref, &say, s->now_ms, s->mem, &made));
	assert_ok(publish_comment(s->c, s->people[3], &ref, &say, s->now_ms, s->mem, &made));
	assert_fails(publish_comment(s->c, s->people[3], &next, &say, s->now_ms, s->mem, &made),
	             ERR_CONFLICT);
	say.text = S("ho");
	assert_fails(publish_comment(s->c, s->people[3], &ref, &say, s->now_ms, s->mem, &made),
	             ERR_CONFLICT);
}

static void publish_same(struct stage *stage, int i, void *ctx)
{
	struct arena *mem = arena_new(4096);
	struct post_draft draft = { .text = S("once"), .retry_key = S("same") };
	struct published out;
	int64_t *ids = ctx;
	sure(!failed(publish_post(stage->c, stage->people[2], &draft, stage->now_ms, mem, &out)));
	ids[i] = out.post.gate.id.v;
	arena_free(mem);
}

static void retries_at_once_make_one_post(void **state)
{
	int64_t ids[16];
	struct seen_post *home;
	size_t n;
	(void)state;
	stage_race(s, 16, publish_same, ids);
	for (size_t i = 1; i < COUNT(ids); i++)
		assert_int_equal(ids[i], ids[0]);
	assert_ok(read_home(s->c, s->people[3], (struct page){ .limit = 40 }, s->now_ms, s->mem,
	                    &home, &n));
	assert_int_equal(n, 1);
}

static void only_ones_own_is_deleted_and_then_it_is_gone(void **state)
{
	struct status_ref post = stage_post(s, 2, "hello");
	struct status_ref comment = stage_comment(s, 3, post, "hi");
	(void)state;
	assert_fails(publish_delete(s->c, s->people[3], &post, s->now_ms), ERR_MISSING);
	assert_fails(publish_delete(s->c, s->people[2], &comment, s->now_ms), ERR_MISSING);
	assert_fails(publish_delete(s->c, s->people[4], &comment, s->now_ms), ERR_MISSING);
	assert_ok(publish_delete(s->c, s->people[3], &comment, s->now_ms));
	assert_false(stage_sees(s, 3, comment) || stage_sees(s, 2, comment));
	assert_fails(publish_delete(s->c, s->people[3], &comment, s->now_ms), ERR_MISSING);
	comment = stage_comment(s, 3, post, "again");
	assert_ok(publish_delete(s->c, s->people[2], &post, s->now_ms));
	assert_text(stage_seen_by(s, post), "");
	assert_fails(publish_delete(s->c, s->people[2], &post, s->now_ms), ERR_MISSING);
	assert_fails(publish_delete(s->c, s->people[3], &comment, s->now_ms), ERR_MISSING);
	stage_reopen(s);
	assert_text(stage_seen_by(s, post), "");
}

static void the_sealed_do_not_write(void **state)
{
	struct published out;
	struct status_ref post = stage_post(s, 2, "before");
	(void)state;
	assert_ok(stage_seal(s->c, s->people[2], true, s->now_ms));
	assert_fails(publish((struct post_draft){ .text = S("x") }, &out), ERR_DENIED);
	assert_fails(publish_delete(s->c, s->people[2], &post, s->now_ms), ERR_DENIED);
	assert_text(stage_seen_by(s, post), "");
	assert_ok(stage_seal(s->c, s->people[2], false, s->now_ms));
	assert_text(stage_seen_by(s, post), "2345");
}

static void the_past_gets_ids_of_the_past(void **state)
{
	struct published old, now;
	(void)state;
	assert_ok(publish((struct post_draft){ .text = S("now") }, &now));
	assert_ok(publish((struct post_draft){ .text = S("old"), .at_ms = s->now_ms - 86400000 },
	                  &old));
	assert_true(old.post.gate.id.v < now.post.gate.id.v);
	assert_int_equal(old.post.gate.created_at_ms, s->now_ms - 86400000);
	stage_reopen(s); /* an id of the past may be taken by an earlier run */
	for (int i = 0; i < 5; i++)
		assert_ok(publish(
			(struct post_draft){ .text = S("older"), .at_ms = s->now_ms - 86400000 },
			&old));
}

struct busy {
	atomic_int written, refused;
};

static void post_or_seal(struct stage *stage, int i, void *ctx)
{
	struct busy *busy = ctx;
	struct arena *mem = arena_new(4096);
	for (int round = 0; round < 40; round++) {
		struct published out;
		struct post_draft draft = { .text = S("busy") };
		err e = i == 0 ? stage_seal(stage->c, stage->people[2], round % 2 == 0,
		                            stage->now_ms)
		               : publish_post(stage->c, stage->people[2], &draft, stage->now_ms,
		                              mem, &out);
		if (i > 0)
			atomic_fetch_add(failed(e) ? &busy->refused : &busy->written, 1);
		sure(!failed(e) || e.code == ERR_DENIED);
	}
	arena_free(mem);
}

/* Sealing takes effect between posts, never inside one: all that was acknowledged is there once it is lifted. */
static void sealing_while_posting_never_mixes(void **state)
{
	struct busy busy = { 0 };
	struct seen_post *album;
	size_t n;
	(void)state;
	stage_race(s, 5, post_or_seal, &busy);
	assert_int_equal(busy.written + busy.refused, 160);
	assert_ok(stage_seal(s->c, s->people[2], false, s->now_ms));
	assert_ok(read_album(s->c, s->people[3], s->people[2], (struct page){ .limit = 500 },
	                     s->now_ms, s->mem, &album, &n));
	assert_int_equal(n, busy.written);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_audience_shows_it_to_its_people),
		TEST(an_audience_names_ones_own_tags_and_friends),
		TEST(naming_one_who_left_tells_nothing),
		TEST(texts_have_limits),
		TEST(what_stands_beside_the_text_has_its_form),
		TEST(a_card_may_stand_alone),
		TEST(mentions_count_inside_the_audience),
		TEST(direct_is_for_the_friends_mentioned),
		TEST(a_retry_gives_the_first_post),
		TEST(retries_at_once_make_one_post),
		TEST(other_words_under_a_used_key_are_told_and_not_lost),
		TEST(only_ones_own_is_deleted_and_then_it_is_gone),
		TEST(the_sealed_do_not_write),
		TEST(the_past_gets_ids_of_the_past),
		TEST(sealing_while_posting_never_mixes),
	};
	return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
