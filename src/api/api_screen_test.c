/* Texts of other platforms over HTTP: both forms of a batch, what is refused, and a state for each token. */
#include "api/api_testing.h"
#include "circle/admit.h"

#include <stdio.h>

static struct house *h;
static str token, other_token, member_token;

static str token_for(person_id person, const char *scopes)
{
	struct session session;
	str made;
	struct session_draft draft = { .person = person,
		                       .kind = SESSION_SHELL,
		                       .scope_words = str_of(scopes) };
	assert_ok(admit_session(h->circle, &draft, h->at_ms, h->mem, &session, &made));
	return made;
}

static int set_up(void **state)
{
	(void)state;
	h = house_new(true);
	person_id keeper = house_person(h, "keeper", ROLE_KEEPER);
	token = token_for(keeper, "screen");
	other_token = token_for(keeper, "kith:screen");
	member_token = token_for(keeper, "read write follow push");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

#define PATH "/api/kith/v1/screen"
#define AD "【高仿包包】一比一，招代理一件代发，加薇❤芯：abc12345，扫码进群"
#define COPY "本店新到一批进口奶粉，全场八折优惠包邮，欢迎选购，下单送小礼品"

static void a_batch_is_answered_in_order(void **state)
{
	(void)state;
	struct answer a = house_send(h, "POST", PATH, token,
	                             "{\"items\":[{\"id\":\"a\",\"text\":\"" AD "\"},"
	                             "{\"id\":2,\"text\":\"see you at noon\",\"kind\":\"comment\","
	                             "\"author\":\"lin\",\"at\":1800000000000}]}");
	assert_status(a, 200);
	assert_int_equal(json_array_size(answer_at(&a, "results")), 2);
	assert_text(a, "results.0.id", "a");
	assert_text(a, "results.0.action", "hold");
	assert_true(answer_text(&a, "results.0.reasons.0.rule").n > 0);
	assert_true(json_number_value(answer_at(&a, "results.0.malice")) > 0.5);
	json_int_t to = json_integer_value(answer_at(&a, "results.0.reasons.0.spans.0.1"));
	assert_in_range(to, 1, sizeof(AD) - 1);
	assert_int_equal(json_integer_value(answer_at(&a, "results.1.id")), 2);
	assert_text(a, "results.1.action", "allow");
	assert_status(house_send(h, "POST", PATH, token, "{\"items\":[]}"), 200);
}

static void lines_are_answered_by_lines(void **state)
{
	(void)state;
	struct answer a = house_ask(h, "POST", PATH, token,
	                            "Content-Type: application/x-ndjson\r\n",
	                            "{\"id\":1,\"text\":\"see you at noon\"}\n\n"
	                            "{\"id\":2,\"text\":\"" AD "\"}");
	assert_status(a, 200);
	assert_true(str_starts(answer_field(&a, "Content-Type"), S("application/x-ndjson")));
	str rest = a.body, first = str_cut(&rest, '\n'), second = str_cut(&rest, '\n');
	assert_true(str_starts(first, S("{\"id\":1,\"action\":\"allow\"")));
	assert_true(str_starts(second, S("{\"id\":2,\"action\":\"hold\"")));
	assert_int_equal(rest.n, 0);
}

static void only_tokens_for_it_may_ask(void **state)
{
	(void)state;
	assert_status(house_send(h, "POST", PATH, STR_NONE, "{\"items\":[]}"), 401);
	assert_status(house_send(h, "POST", PATH, member_token, "{\"items\":[]}"), 403);
	assert_status(house_get(h, "/api/v1/timelines/home", token), 403);
}

static void what_is_wrong_is_named_by_its_place(void **state)
{
	static const struct {
		const char *name, *body, *field;
	} rows[] = {
		{ "no JSON", "{\"items\":", "items" },
		{ "no items", "{\"texts\":[]}", "items" },
		{ "an item that is no object", "{\"items\":[{\"text\":\"a\"},3]}", "items[1]" },
		{ "a text that is missing", "{\"items\":[{\"id\":1}]}", "items[0].text" },
		{ "a text that is a number", "{\"items\":[{\"text\":1}]}", "items[0].text" },
		{ "an unknown kind", "{\"items\":[{\"text\":\"a\",\"kind\":\"song\"}]}",
		  "items[0].kind" },
		{ "a time in words", "{\"items\":[{\"text\":\"a\",\"at\":\"now\"}]}",
		  "items[0].at" },
		{ "an author that is a list", "{\"items\":[{\"text\":\"a\",\"author\":[]}]}",
		  "items[0].author" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct answer a = house_send(h, "POST", PATH, token, rows[i].body);
		if (a.status != 422)
			fail_msg("%s: %d", rows[i].name, a.status);
		assert_text(a, "field", rows[i].field);
	}
}

static void a_batch_has_at_most_a_thousand(void **state)
{
	struct buf b;
	(void)state;
	for (int n = 1000; n <= 1001; n++) {
		buf_init(&b, h->mem, 1 << 20);
		buf_lit(&b, "{\"items\":[{\"text\":\"a\"}");
		for (int i = 1; i < n; i++)
			buf_lit(&b, ",{\"text\":\"a\"}");
		buf_lit(&b, "]}");
		assert_status(house_send(h, "POST", PATH, token, str_to_c(h->mem, buf_str(&b))),
		              n == 1000 ? 200 : 413);
	}
}

static str malice_of(str who, const char *author)
{
	str body = str_format(h->mem, "{\"items\":[{\"text\":\"%s\",\"author\":\"%s\"}]}", COPY,
	                      author);
	struct answer a = house_send(h, "POST", PATH, who, str_to_c(h->mem, body));
	assert_status(a, 200);
	return str_dup(h->mem, str_slice(a.body, str_find(a.body, S("\"malice\"")), a.body.n));
}

/* Many authors with one text weigh something, for the token that sent them and for no other. */
static void each_token_has_a_past_of_its_own(void **state)
{
	char author[8];
	(void)state;
	str alone = malice_of(token, "a0");
	for (int i = 1; i < 40; i++) {
		snprintf(author, sizeof author, "a%d", i);
		(void)malice_of(token, author);
	}
	assert_false(str_eq(malice_of(token, "last"), alone));
	assert_true(str_eq(malice_of(other_token, "last"), alone));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_batch_is_answered_in_order),   TEST(lines_are_answered_by_lines),
		TEST(only_tokens_for_it_may_ask),     TEST(what_is_wrong_is_named_by_its_place),
		TEST(a_batch_has_at_most_a_thousand), TEST(each_token_has_a_past_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
