#include "circle/wording.h"

#include "circle/stage_testing.h"

static const struct media pictures[] = {
	{ .about = { "a kite", 6 }, .pdq = { 1, 2, 3 }, .pdq_quality = 90 },
	{ .qr = { "https://a.example\nwx:b", 22 }, .pdq_quality = 100 },
	{ .about = { "a cup", 5 } },
};

static void all_words_of_a_post_in_one_text(void **state)
{
	static const struct {
		const char *name;
		struct post post;
		const char *want;
	} rows[] = {
		{ "its own text alone", { .text = { "hello", 5 } }, "hello" },
		{ "a place below it",
		  { .text = { "hello", 5 }, .place = { "by the river", 12 } },
		  "hello\nby the river" },
		{ "a card and what pictures show",
		  { .text = { "look", 4 },
		    .card = { { "https://c.example", 17 }, { "Title", 5 }, { "About", 5 } },
		    .n_media = 3,
		    .media = pictures },
		  "look\nTitle\nAbout\nhttps://c.example\na kite\na cup" },
		{ "pictures without words", { .n_media = 2, .media = pictures }, "a kite" },
	};
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct facts facts = { 0 };
		wording_tell(&facts, &rows[i].post, mem);
		if (!str_eq(facts.text, str_of(rows[i].want)))
			fail_msg("%s: %.*s", rows[i].name, STR_ARG(facts.text));
		assert_int_equal(facts.beside_bytes, facts.text.n - rows[i].post.text.n);
		assert_int_equal(facts.n_pictures, rows[i].post.n_media);
	}
	arena_free(mem);
}

static void pictures_are_told_as_hash_quality_and_codes(void **state)
{
	struct arena *mem = arena_new(4096);
	struct media many[12] = { { .pdq_quality = 1 } };
	struct facts facts = { 0 };
	(void)state;
	wording_tell(&facts, &(struct post){ .n_media = 3, .media = pictures }, mem);
	assert_memory_equal(facts.pictures[0].pdq, pictures[0].pdq, PDQ_BYTES);
	assert_int_equal(facts.pictures[0].quality, 90);
	assert_int_equal(facts.pictures[0].qr, 0);
	assert_int_equal(facts.pictures[1].qr, 2);
	wording_tell(&facts, &(struct post){ .n_media = 12, .media = many }, mem);
	assert_int_equal(facts.n_pictures, SHOWN_PICTURES);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_of_a_post_in_one_text),
		cmocka_unit_test(pictures_are_told_as_hash_quality_and_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
