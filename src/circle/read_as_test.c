#include "circle/read.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

static struct stage *s; /* of the test that runs */

/* 2 looks; 3, 4 and 5 are friends; 6 is none. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 7, .screen = true });
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

static void post_for(struct audience audience, const char *text)
{
	struct post_draft draft = { .text = str_of(text), .audience = audience };
	struct published out;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
}

/* The texts 2 is shown for `other`'s eyes, newest first; "-" when that is refused. */
static str seen_as(person_id other)
{
	struct seen_post *posts;
	struct person card;
	str all = S("");
	size_t n;
	err e = read_as(s->c, s->people[2], other, (struct page){ 0 }, s->now_ms, s->mem, &card,
	                &posts, &n);
	if (e.code == ERR_MISSING)
		return S("-");
	assert_ok(e);
	for (size_t i = 0; i < n; i++)
		all = str_format(s->mem, "%.*s%.*s", STR_ARG(all), STR_ARG(posts[i].post.text));
	return all;
}

/* What `viewer` is really shown. */
static str album_of_2_for(int viewer)
{
	struct seen_post *posts;
	str all = S("");
	size_t n;
	assert_ok(read_album(s->c, s->people[viewer], s->people[2], (struct page){ 0 }, s->now_ms,
	                     s->mem, &posts, &n));
	for (size_t i = 0; i < n; i++)
		all = str_format(s->mem, "%.*s%.*s", STR_ARG(all), STR_ARG(posts[i].post.text));
	return all;
}

static void it_is_what_they_see(void **state)
{
	struct audience only = { .kind = AUDIENCE_ONLY, .n_people = 1, .people = &s->people[3] };
	struct audience except = { .kind = AUDIENCE_EXCEPT,
		                   .n_people = 1,
		                   .people = &s->people[4] };
	(void)state;
	post_for((struct audience){ .kind = AUDIENCE_FRIENDS }, "a");
	post_for(only, "b");
	post_for(except, "c");
	post_for((struct audience){ .kind = AUDIENCE_SELF }, "d");
	post_for((struct audience){ .kind = AUDIENCE_FRIENDS }, STAGE_AD);
	assert_ok(befriend_hide_mine(s->c, s->people[2], s->people[5], true, s->now_ms));
	static const char *const want[] = { "cba", "a", "" };
	for (int i = 3; i < 6; i++) {
		assert_text(seen_as(s->people[i]), want[i - 3]);
		assert_text(album_of_2_for(i), want[i - 3]);
	}
	enum person_range range = RANGE_3_DAYS;
	struct profile_draft draft = { .range = &range };
	struct person out;
	assert_ok(admit_profile(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	s->now_ms += INT64_C(4) * 86400000;
	assert_text(seen_as(s->people[3]), "");
}

static void it_pages_like_an_album(void **state)
{
	struct status_ref refs[5];
	struct seen_post *posts, *album;
	struct person card;
	size_t n, m;
	(void)state;
	for (int i = 0; i < 5; i++)
		refs[i] = stage_post(s, 2, "x");
	struct page pages[] = { { .max_id = refs[3].post.v, .limit = 2 },
		                { .min_id = refs[0].post.v, .limit = 3 },
		                { .since_id = refs[1].post.v, .limit = 2 } };
	for (size_t i = 0; i < COUNT(pages); i++) {
		assert_ok(read_as(s->c, s->people[2], s->people[3], pages[i], s->now_ms, s->mem,
		                  &card, &posts, &n));
		assert_ok(read_album(s->c, s->people[3], s->people[2], pages[i], s->now_ms, s->mem,
		                     &album, &m));
		assert_int_equal(n, m);
		for (size_t j = 0; j < n; j++)
			assert_int_equal(posts[j].post.gate.id.v, album[j].post.gate.id.v);
	}
}

static void it_tells_nothing_of_the_other_side(void **state)
{
	(void)state;
	post_for((struct audience){ .kind = AUDIENCE_FRIENDS }, "a");
	assert_ok(befriend_end(s->c, s->people[3], s->people[2])); /* 2 is not told */
	assert_text(album_of_2_for(4), "a");
	assert_text(seen_as(s->people[3]), "a");
	assert_text(seen_as(s->people[6]), "-");
	assert_text(seen_as(s->people[2]), "-");
	assert_text(seen_as((person_id){ 99 }), "-");
	assert_ok(befriend_end(s->c, s->people[2], s->people[4]));
	assert_text(seen_as(s->people[4]), "-");
	assert_text(seen_as((person_id){ 0 }), "");
}

static void nothing_others_did_and_nothing_of_ones_own_is_in_it(void **state)
{
	struct seen_post *posts;
	struct person card;
	size_t n;
	str note = S("hello"), words = S("changed");
	struct profile_draft draft = { .note = &note };
	struct change_draft change = { .text = &words };
	struct status_ref ref = stage_post(s, 2, "a");
	(void)state;
	assert_ok(admit_profile(s->c, s->people[2], &draft, s->now_ms, s->mem, &card));
	assert_ok(publish_change(s->c, s->people[2], &ref, &change, s->now_ms, s->mem));
	stage_comment(s, 3, ref, "a comment");
	assert_ok(publish_like(s->c, s->people[4], &ref, s->now_ms));
	assert_ok(read_as(s->c, s->people[2], s->people[5], (struct page){ 0 }, s->now_ms, s->mem,
	                  &card, &posts, &n));
	assert_text(card.note, "hello");
	assert_int_equal(n, 1);
	assert_text(posts[0].post.text, "changed");
	assert_int_equal(posts[0].likes + posts[0].comments, 0);
	assert_true(posts[0].for_other);
	assert_ok(read_as(s->c, s->people[2], (person_id){ 0 }, (struct page){ 0 }, s->now_ms,
	                  s->mem, &card, &posts, &n));
	assert_text(card.note, "");
	assert_int_equal(n, 0);
}

static void a_page_from_below_is_newest_first_too(void **state)
{
	struct seen_post *posts;
	struct person card;
	struct status_ref first = stage_post(s, 2, "a");
	size_t n;
	(void)state;
	stage_post(s, 2, "b");
	stage_post(s, 2, "c");
	assert_ok(read_as(s->c, s->people[2], s->people[5], (struct page){ .min_id = first.post.v },
	                  s->now_ms, s->mem, &card, &posts, &n));
	assert_int_equal(n, 2);
	assert_text(posts[0].post.text, "c");
	assert_text(posts[1].post.text, "b");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_what_they_see),
		TEST(it_pages_like_an_album),
		TEST(it_tells_nothing_of_the_other_side),
		TEST(nothing_others_did_and_nothing_of_ones_own_is_in_it),
		TEST(a_page_from_below_is_newest_first_too),
	};
	return cmocka_run_group_tests_name("read_as", tests, NULL, NULL);
}
