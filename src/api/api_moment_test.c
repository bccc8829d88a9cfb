/* Moments as the page reads them: who sees which, in what shape, page by page. */
#include "api/api_testing.h"
#include "circle/read.h"
#include "circle/publish.h"

static struct house *h;
static person_id anna, bert, cleo;
static str a_token, b_token, c_token;

static int set_up(void **state)
{
	(void)state;
	h = house_new(false);
	anna = house_person(h, "anna", ROLE_MEMBER);
	bert = house_person(h, "bert", ROLE_MEMBER);
	cleo = house_person(h, "cleo", ROLE_MEMBER);
	house_befriend(h, anna, bert);
	a_token = house_token(h, anna, NULL);
	b_token = house_token(h, bert, NULL);
	c_token = house_token(h, cleo, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static const char *moment_path(str id)
{
	return str_to_c(h->mem,
	                str_format(h->mem, "/api/kith/v1/statuses/%.*s/moment", STR_ARG(id)));
}

static struct status_ref ref_of(str id)
{
	struct status_ref ref;
	int64_t number = 0;
	assert_true(str_to_i64(id, &number));
	assert_ok(read_ref(h->circle, number, &ref));
	return ref;
}

static void a_moment_has_its_words_its_likers_and_its_comments(void **state)
{
	(void)state;
	str id = house_post(h, anna, "good \"day\" @bert\n<b>");
	struct status_ref ref = ref_of(id);
	struct comment_draft draft = { .text = S("to you too") };
	struct commented commented;
	assert_ok(publish_like(h->circle, bert, &ref, h->at_ms));
	assert_ok(publish_comment(h->circle, bert, &ref, &draft, h->at_ms, h->mem, &commented));

	struct answer a = house_get(h, moment_path(id), a_token);
	assert_status(a, 200);
	assert_text(a, "status.id", str_to_c(h->mem, id));
	assert_text(a, "status.account.username", "anna");
	assert_text(a, "status.kith_text", "good \"day\" @bert\n<b>");
	assert_true(
		str_starts(answer_text(&a, "status.content"), S("<p>good &quot;day&quot; <span")));
	assert_true(str_ends(answer_text(&a, "status.content"), S("<br>&lt;b&gt;</p>")));
	assert_text(a, "status.mentions.0.acct", "bert");
	assert_text(a, "status.visibility", "private");
	assert_text(a, "status.kith_state", "published");
	assert_text(a, "status.kith_audience.kind", "friends");
	assert_int_equal(json_integer_value(answer_at(&a, "status.favourites_count")), 1);
	assert_int_equal(json_integer_value(answer_at(&a, "status.replies_count")), 1);
	assert_text(a, "likers.0.username", "bert");
	assert_text(a, "comments.0.kith_text", "to you too");
	assert_text(a, "comments.0.in_reply_to_id", str_to_c(h->mem, id));
	assert_text(a, "comments.0.kith_post_id", str_to_c(h->mem, id));
	assert_text(a, "comments.0.account.username", "bert");

	/* What the author chose is the author's alone. */
	struct answer b = house_get(h, moment_path(id), b_token);
	assert_true(json_is_null(answer_at(&b, "status.kith_audience")));
	assert_true(json_is_null(answer_at(&b, "status.kith_state")));
	assert_true(json_is_true(answer_at(&b, "status.favourited")));
}

static void a_stranger_gets_what_nobody_gets(void **state)
{
	(void)state;
	str id = house_post(h, anna, "for friends");
	struct answer hidden = house_get(h, moment_path(id), c_token);
	struct answer absent = house_get(h, moment_path(S("4711")), c_token);
	assert_status(hidden, 404);
	assert_true(str_eq(hidden.body, absent.body));
}

static void a_comment_is_no_moment(void **state)
{
	(void)state;
	str id = house_post(h, anna, "a post");
	struct status_ref ref = ref_of(id);
	struct comment_draft draft = { .text = S("a comment") };
	struct commented commented;
	assert_ok(publish_comment(h->circle, bert, &ref, &draft, h->at_ms, h->mem, &commented));
	str comment = str_format(h->mem, "%lld", (long long)commented.comment.gate.id.v);
	assert_status(house_get(h, moment_path(comment), a_token), 404);
}

static void pages_follow_the_link(void **state)
{
	(void)state;
	person_id dora = house_person(h, "dora", ROLE_MEMBER);
	str token = house_token(h, dora, NULL);
	for (int i = 0; i < 5; i++)
		house_post(h, dora, "one of five");
	struct answer first = house_get(h, "/api/kith/v1/moments?limit=3&x=%20y", token);
	assert_int_equal(json_array_size(first.json), 3);
	str link = answer_field(&first, "Link");
	str want = str_format(
		h->mem, "<%.*s/api/kith/v1/moments?max_id=%.*s&limit=3&x=%%20y>; rel=\"next\"",
		STR_ARG(h->url), STR_ARG(answer_text(&first, "2.status.id")));
	assert_true(str_starts(link, want));
	assert_true(str_ends(link, S("; rel=\"prev\"")));
	str next = str_slice(link, 1 + h->url.n, str_find(link, S(">")));
	struct answer second = house_get(h, str_to_c(h->mem, next), token);
	assert_int_equal(json_array_size(second.json), 2);
	assert_true(str_find(answer_field(&second, "Link"), S("next")) == SIZE_MAX);
	struct answer none = house_get(h, "/api/kith/v1/moments", c_token);
	assert_true(str_eq(none.body, S("[]")));
	assert_null(answer_field(&none, "Link").p);
}

static struct answer count(str token, const char *audience)
{
	str json = str_format(h->mem, "{\"kith_audience\":%s}", audience);
	return house_send(h, "POST", "/api/kith/v1/audience", token, str_to_c(h->mem, json));
}

static void an_audience_is_counted_among_my_own_friends(void **state)
{
	(void)state;
	struct answer all = count(a_token, "{\"kind\":\"friends\"}");
	assert_int_equal(json_integer_value(answer_at(&all, "people")), 1);
	str named = str_format(h->mem, "{\"kind\":\"except\",\"people\":[\"%lld\"],\"lists\":[]}",
	                       (long long)bert.v);
	struct answer none = count(a_token, str_to_c(h->mem, named));
	assert_int_equal(json_integer_value(answer_at(&none, "people")), 0);
	assert_field_at_fault(count(a_token, "{\"kind\":\"everyone\"}"), 422, "kith_audience");
	assert_field_at_fault(count(a_token, "{}"), 422, "kith_audience");
	assert_field_at_fault(count(a_token, "null"), 422, "kith_audience");
	assert_field_at_fault(count(a_token, "{\"kind\":\"only\",\"people\":[\"x\"]}"), 422,
	                      "people");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_has_its_words_its_likers_and_its_comments),
		cmocka_unit_test(a_stranger_gets_what_nobody_gets),
		cmocka_unit_test(a_comment_is_no_moment),
		cmocka_unit_test(pages_follow_the_link),
		cmocka_unit_test(an_audience_is_counted_among_my_own_friends),
	};
	return cmocka_run_group_tests_name("api_moment", tests, set_up, tear_down);
}
