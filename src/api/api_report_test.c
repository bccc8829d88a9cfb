/* Reports over HTTP: allowed, refused, malformed, and what the answer holds. */
#include "api/api_testing.h"

static struct house *h;
static person_id anna, bert, cleo;
static str a_token, b_token, c_token;
static str post;

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
	post = house_post(h, anna, "a post");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

/* `$A` in `json` is Anna's id, `$B` Bert's, `$P` the post's. */
static struct answer report(str token, const char *json)
{
	struct buf b;
	buf_init(&b, h->mem, 4096);
	for (; *json; json++) {
		if (*json != '$')
			buf_char(&b, *json);
		else if (*++json == 'P')
			buf_add(&b, post);
		else
			buf_i64(&b, *json == 'A' ? anna.v : bert.v);
	}
	return house_send(h, "POST", "/api/v1/reports", token, str_to_c(h->mem, buf_str(&b)));
}

static void the_categories(void **state)
{
	static const struct {
		const char *name, *more, *want, *kith;
	} rows[] = {
		{ "none is other", "", "other", "other" },
		{ "spam is advertising", ",\"category\":\"spam\"", "spam", "advertising" },
		{ "legal is no word of ours", ",\"category\":\"legal\"", "other", "other" },
		{ "a rule is its category", ",\"category\":\"violation\",\"rule_ids\":[\"5\"]",
		  "violation", "fraud" },
		{ "of two rules the first", ",\"rule_ids\":[\"1\",\"5\"]", "violation",
		  "harassment" },
		{ "our own word before all", ",\"rule_ids\":[\"1\"],\"kith_category\":\"ladder\"",
		  "violation", "ladder" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		str id = house_post(h, anna, "another");
		str json = str_format(h->mem, "{\"account_id\":\"$A\",\"status_ids\":[\"%.*s\"]%s}",
		                      STR_ARG(id), rows[i].more);
		struct answer a = report(b_token, str_to_c(h->mem, json));
		assert_status(a, 200);
		assert_text(a, "category", rows[i].want);
		assert_text(a, "kith_category", rows[i].kith);
		assert_true(json_is_null(answer_at(&a, "kith_outcome")));
		assert_true(json_is_false(answer_at(&a, "action_taken")));
		assert_text(a, "target_account.username", "anna");
	}
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *name, *json;
		int status;
		const char *field;
	} rows[] = {
		{ "nobody", "{}", 422, "account_id" },
		{ "a word for an id", "{\"account_id\":\"anna\"}", 422, "account_id" },
		{ "oneself", "{\"account_id\":\"$B\"}", 422, "account_id" },
		{ "a list of wrong ids", "{\"account_id\":\"$A\",\"status_ids\":[\"x\"]}", 422,
		  "status_ids" },
		{ "words that are none", "{\"account_id\":\"$A\",\"comment\":{}}", 422, "comment" },
		{ "a category of nobody's", "{\"account_id\":\"$A\",\"category\":\"x\"}", 422,
		  "category" },
		{ "one of ours that is not", "{\"account_id\":\"$A\",\"kith_category\":\"spam\"}",
		  422, "kith_category" },
		{ "a rule that is not", "{\"account_id\":\"$A\",\"rule_ids\":[\"9\"]}", 422,
		  "rule_ids" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer a = report(b_token, rows[i].json);
		if (a.status != rows[i].status)
			fail_msg("%s: %d %.*s", rows[i].name, a.status, STR_ARG(a.body));
		assert_text(a, "field", rows[i].field);
	}
	assert_status(report(STR_NONE, "{\"account_id\":\"$A\"}"), 401);
	assert_status(report(house_token(h, bert, "read"), "{\"account_id\":\"$A\"}"), 403);
}

static void hidden_and_absent_are_the_same_bytes(void **state)
{
	(void)state;
	struct answer hidden = report(c_token, "{\"account_id\":\"$A\",\"status_ids\":[\"$P\"]}");
	struct answer absent = report(c_token, "{\"account_id\":\"$A\",\"status_ids\":[\"4711\"]}");
	struct answer nobody = report(c_token, "{\"account_id\":\"4711\"}");
	assert_status(hidden, 404);
	assert_true(str_eq(hidden.body, absent.body));
	assert_true(str_eq(hidden.body, nobody.body));
	struct answer mine = house_get(h, "/api/kith/v1/reports", c_token);
	assert_true(str_eq(mine.body, S("[]")));
}

static void again_is_the_same_answer(void **state)
{
	(void)state;
	const char *json = "{\"account_id\":\"$A\",\"status_ids\":[\"$P\"],\"comment\":\"hm\"}";
	struct answer first = report(b_token, json);
	h->at_ms += 5000;
	struct answer again = report(b_token, json);
	assert_status(again, 200);
	assert_true(str_eq(first.body, again.body));
}

static void mine_are_mine(void **state)
{
	(void)state;
	struct answer mine = house_get(h, "/api/kith/v1/reports?limit=1", b_token);
	assert_status(mine, 200);
	assert_int_equal(json_array_size(mine.json), 1);
	assert_text(mine, "0.category", "other");
	assert_text(mine, "0.comment", "hm");
	assert_text(mine, "0.target_account.username", "anna");
	assert_text(mine, "0.status_id", str_to_c(h->mem, post));
	assert_true(json_is_null(answer_at(&mine, "0.outcome")));
	assert_true(answer_field(&mine, "Link").n > 0);
	/* Whom it is on hears nothing of it. */
	struct answer theirs = house_get(h, "/api/kith/v1/reports", a_token);
	assert_true(str_eq(theirs.body, S("[]")));
	struct answer told = house_get(h, "/api/v1/notifications?kith=true", a_token);
	assert_int_equal(str_find(told.body, S("reported")), SIZE_MAX);
	assert_status(house_get(h, "/api/kith/v1/reports", STR_NONE), 401);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_categories),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(hidden_and_absent_are_the_same_bytes),
		cmocka_unit_test(again_is_the_same_answer),
		cmocka_unit_test(mine_are_mine),
	};
	return cmocka_run_group_tests_name("api_report", tests, set_up, tear_down);
}
