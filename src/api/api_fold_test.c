/* Copies by different authors, through the real engine and the door: who sees which one whole, and what a status says of it. */
#include "api/api_testing.h"
#include "circle/befriend.h"
#include "circle/publish.h"
#include "circle/remember.h"

#define SAME "橙子现货，十斤四十八包邮，小区里的接龙下单，周六到货"

static struct house *h;
static person_id writers[4], all_see, two_see;
static str all_token, two_token, writer_tokens[4];
static str posts[4];

/* Four write the same, a minute apart. `all` is a friend of each, `two` of the last two. */
static int set_up(void **state)
{
	static const char *const handles[] = { "lin", "zhou", "chen", "tomas" };
	(void)state;
	h = house_new(true);
	remember_wait(h->circle);
	all_see = house_person(h, "anna", ROLE_MEMBER);
	two_see = house_person(h, "bert", ROLE_MEMBER);
	for (int i = 0; i < 4; i++) {
		writers[i] = house_person(h, handles[i], ROLE_MEMBER);
		writer_tokens[i] = house_token(h, writers[i], NULL);
		house_befriend(h, writers[i], all_see);
		if (i >= 2)
			house_befriend(h, writers[i], two_see);
	}
	for (int i = 0; i < 4; i++) {
		h->at_ms += 60000;
		posts[i] = house_post(h, writers[i], SAME);
	}
	all_token = house_token(h, all_see, NULL);
	two_token = house_token(h, two_see, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static struct answer status(str id, str token)
{
	struct answer a = house_get(
		h, str_to_c(h->mem, str_format(h->mem, "/api/v1/statuses/%.*s", STR_ARG(id))),
		token);
	assert_status(a, 200);
	return a;
}

static void assert_whole(struct answer a, const char *at)
{
	const char *fold = str_to_c(h->mem, str_format(h->mem, "%skith_fold", at));
	const char *measures = str_to_c(h->mem, str_format(h->mem, "%skith_measures", at));
	assert_true(json_is_null(answer_at(&a, fold)));
	assert_int_equal(json_array_size(answer_at(&a, measures)), 0);
}

static void assert_folded(struct answer a, const char *at, str first, const char *handle)
{
	const char *path = str_to_c(h->mem, str_format(h->mem, "%skith_fold.first", at));
	assert_text(a, path, str_to_c(h->mem, first));
	assert_text(a, str_to_c(h->mem, str_format(h->mem, "%skith_fold.account.acct", at)),
	            handle);
	assert_text(a, str_to_c(h->mem, str_format(h->mem, "%skith_measures.0.kind", at)), "fold");
	assert_text(a, str_to_c(h->mem, str_format(h->mem, "%skith_measures.0.rule.id", at)),
	            "copies.agents");
	assert_text(a, str_to_c(h->mem, str_format(h->mem, "%skith_measures.0.rule.clause", at)),
	            "b.4");
}

static void copies_are_folded_under_the_first_that_is_seen(void **state)
{
	(void)state;
	assert_whole(status(posts[0], all_token), "");
	assert_whole(status(posts[1], all_token), ""); /* two are no campaign */
	assert_folded(status(posts[2], all_token), "", posts[0], "lin");
	assert_folded(status(posts[3], all_token), "", posts[0], "lin");
	/* Who does not see the first two sees the third whole, and the fourth under it. */
	assert_whole(status(posts[2], two_token), "");
	assert_folded(status(posts[3], two_token), "", posts[2], "chen");
	struct answer a = status(posts[3], two_token);
	assert_true(str_find(a.body, S("\"lin\"")) == SIZE_MAX);
	assert_true(str_find(a.body, posts[0]) == SIZE_MAX);
	/* Nothing that is its author's: no id, no words marked, no number. */
	assert_null(json_object_get(answer_at(&a, "kith_measures.0"), "id"));
	assert_int_equal(json_object_size(answer_at(&a, "kith_measures.0")), 2);
	assert_int_equal(json_object_size(answer_at(&a, "kith_measures.0.rule")), 4);
	assert_int_equal(json_object_size(answer_at(&a, "kith_fold")), 2);
}

static void it_is_the_same_wherever_it_is_read(void **state)
{
	(void)state;
	struct answer home = house_get(h, "/api/v1/timelines/home", all_token);
	assert_folded(home, "0.", posts[0], "lin");
	assert_folded(home, "1.", posts[0], "lin");
	assert_whole(home, "3.");
	struct answer moments = house_get(h, "/api/kith/v1/moments", two_token);
	assert_folded(moments, "0.status.", posts[2], "chen");
	assert_whole(moments, "1.status.");
	struct answer search = house_get(h, "/api/v2/search?type=statuses&q=%E6%A9%99%E5%AD%90",
	                                 two_token);
	assert_folded(search, "statuses.0.", posts[2], "chen");
	assert_whole(search, "statuses.1.");
	struct answer album = house_get(
		h,
		str_to_c(h->mem, str_format(h->mem, "/api/v1/accounts/%lld/statuses",
	                                    (long long)writers[3].v)),
		all_token);
	assert_folded(album, "0.", posts[0], "lin");
}

static void its_author_is_told_why_with_the_measure(void **state)
{
	(void)state;
	struct answer own = status(posts[3], writer_tokens[3]);
	struct answer mine = house_get(h, "/api/kith/v1/measures", writer_tokens[3]);
	assert_text(own, "kith_measures.0.kind", "fold");
	assert_text(own, "kith_measures.0.id", str_to_c(h->mem, answer_text(&mine, "0.id")));
	assert_text(mine, "0.kind", "fold");
	assert_true(json_is_null(answer_at(&own, "kith_fold"))); /* no friend of the first */
	assert_whole(status(posts[0], writer_tokens[0]), "");
}

static void a_first_that_goes_gives_its_place_to_the_next(void **state)
{
	(void)state;
	assert_folded(status(posts[3], all_token), "", posts[0], "lin");
	assert_status(house_ask(h, "DELETE",
	                        str_to_c(h->mem, str_format(h->mem, "/api/v1/statuses/%.*s",
	                                                    STR_ARG(posts[0]))),
	                        writer_tokens[0], "", NULL),
	              200);
	assert_whole(status(posts[2], all_token), "");
	assert_folded(status(posts[3], all_token), "", posts[2], "chen");
	/* Its author changes the words: the fold ends with them, and it is nobody's copy any more. */
	assert_status(house_send(h, "PUT",
	                         str_to_c(h->mem, str_format(h->mem, "/api/v1/statuses/%.*s",
	                                                     STR_ARG(posts[2]))),
	                         writer_tokens[2], "{\"status\":\"周末去爬山，有人一起吗\"}"),
	              200);
	assert_whole(status(posts[3], all_token), "");
	assert_text(status(posts[3], writer_tokens[3]), "kith_measures.0.kind", "fold");
}

static void the_end_of_a_friendship_ends_what_it_showed(void **state)
{
	(void)state;
	assert_folded(status(posts[3], all_token), "", posts[0], "lin");
	assert_ok(befriend_end(h->circle, writers[0], all_see));
	assert_whole(status(posts[2], all_token), "");
	assert_folded(status(posts[3], all_token), "", posts[2], "chen");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(copies_are_folded_under_the_first_that_is_seen,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_is_the_same_wherever_it_is_read, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(its_author_is_told_why_with_the_measure, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_first_that_goes_gives_its_place_to_the_next,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_end_of_a_friendship_ends_what_it_showed, set_up,
		                                tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
