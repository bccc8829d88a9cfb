/* A held post: its author reads why, a steward decides, everyone else hears nothing. Through the real engine. */
#include "api/api_testing.h"
#include "circle/publish.h"

static struct house *h;
static person_id anna, bert;
static str a_token, b_token, s_token, s2_token;

/* Says where to be reached in a form that programs do not read, and promises income. */
static const char advert[] =
	"兼职刷单，日赚800元，稳赚不赔，加薇❤信 a b c 1 2 3 4 5，先交押金，拉人头返利";

static int set_up(void **state)
{
	(void)state;
	h = house_new(true);
	anna = house_person(h, "anna", ROLE_MEMBER);
	bert = house_person(h, "bert", ROLE_MEMBER);
	person_id stew = house_person(h, "stew", ROLE_STEWARD),
		  stan = house_person(h, "stan", ROLE_STEWARD);
	house_befriend(h, anna, bert);
	house_befriend(h, anna, stew);
	a_token = house_token(h, anna, NULL);
	b_token = house_token(h, bert, NULL);
	s_token = house_token(h, stew, NULL);
	s2_token = house_token(h, stan, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	house_free(h);
	return 0;
}

static const char *path_of(const char *format, str id)
{
	struct buf b;
	buf_init(&b, h->mem, 500);
	buf_add(&b, str_of(format));
	size_t at = str_find(buf_str(&b), S("ID"));
	return str_to_c(h->mem, str_format(h->mem, "%.*s%.*s%s", (int)at, format, STR_ARG(id),
	                                   format + at + 2));
}

static void a_held_post_says_why_to_its_author_alone(void **state)
{
	(void)state;
	str id = house_post(h, anna, advert);
	struct answer mine = house_get(h, "/api/kith/v1/measures", a_token);
	assert_status(mine, 200);
	assert_int_equal(json_array_size(mine.json), 1);
	assert_text(mine, "0.kind", "hold");
	assert_text(mine, "0.state", "active");
	assert_text(mine, "0.object.type", "post");
	assert_text(mine, "0.object.id", str_to_c(h->mem, id));
	assert_text(mine, "0.object.text", advert);
	assert_true(answer_text(&mine, "0.rule.id").n > 0);
	assert_true(answer_text(&mine, "0.rule.text.en").n > 0);
	assert_true(answer_text(&mine, "0.rule.text.zh").n > 0);
	assert_true(answer_text(&mine, "0.would_pass.en").n > 0);
	assert_true(json_number_value(answer_at(&mine, "0.malice")) > 0);
	assert_true(json_is_null(answer_at(&mine, "0.decided_at")));
	assert_true(json_is_null(answer_at(&mine, "0.decided_by_role")));
	/* Marked bytes lie in the text. */
	json_int_t to = json_integer_value(answer_at(&mine, "0.reasons.0.spans.0.1"));
	assert_in_range(to, 1, sizeof(advert) - 1);

	struct answer own = house_get(h, path_of("/api/kith/v1/statuses/ID/moment", id), a_token);
	assert_text(own, "status.kith_state", "held");
	assert_status(house_get(h, path_of("/api/kith/v1/statuses/ID/moment", id), b_token), 404);
	struct answer others = house_get(h, "/api/kith/v1/measures", b_token);
	assert_true(str_eq(others.body, S("[]")));
}

static str first_case(str token)
{
	struct answer a = house_get(h, "/api/kith/v1/review", token);
	assert_status(a, 200);
	assert_text(a, "0.measure.state", "active");
	assert_text(a, "0.status.kith_state", "held");
	assert_true(json_is_null(answer_at(&a, "0.status.kith_audience")));
	assert_text(a, "0.account.username", "anna");
	return answer_text(&a, "0.measure.id");
}

static void a_steward_releases_it_once(void **state)
{
	(void)state;
	struct answer mine = house_get(h, "/api/kith/v1/measures", a_token);
	str post = answer_text(&mine, "0.object.id"), id = first_case(s_token);
	const char *release = path_of("/api/kith/v1/review/ID/release", id);
	assert_status(house_send(h, "POST", release, a_token, "{}"), 403);
	struct answer done = house_send(h, "POST", release, s_token, "{\"note\":\"fine by me\"}");
	assert_status(done, 200);
	assert_text(done, "state", "released");
	assert_text(done, "decided_by_role", "steward");
	assert_text(done, "note", "fine by me");
	assert_true(str_find(done.body, S("stew\"")) == SIZE_MAX ||
	            str_find(done.body, S("\"stew\"")) == SIZE_MAX);
	assert_status(house_send(h, "POST", release, s2_token, "{}"), 409);
	assert_status(house_get(h, path_of("/api/kith/v1/statuses/ID/moment", post), b_token), 200);
}

static void a_steward_keeps_another(void **state)
{
	(void)state;
	str post = house_post(h, anna, advert);
	const char *keep = path_of("/api/kith/v1/review/ID/keep", first_case(s_token));
	struct answer done = house_send(h, "POST", keep, s_token, "{}");
	assert_status(done, 200);
	assert_text(done, "state", "kept");
	assert_true(json_is_null(answer_at(&done, "ends_at")));
	assert_true(json_is_null(answer_at(&done, "note")));
	struct answer own = house_get(h, path_of("/api/kith/v1/statuses/ID/moment", post), a_token);
	assert_text(own, "status.kith_state", "hidden");
}

static void nobody_decides_on_their_own(void **state)
{
	(void)state;
	struct bearer stew;
	assert_ok(admit_bearer(h->circle, s_token, h->at_ms, &stew));
	house_post(h, stew.person, advert);
	struct answer own = house_get(h, "/api/kith/v1/review", s_token);
	assert_true(str_eq(own.body, S("[]")));
	struct answer theirs = house_get(h, "/api/kith/v1/review", s2_token);
	str id = answer_text(&theirs, "0.measure.id");
	assert_status(
		house_send(h, "POST", path_of("/api/kith/v1/review/ID/release", id), s_token, "{}"),
		404);
	assert_status(house_send(h, "POST", "/api/kith/v1/review/4711/release", s_token, "{}"),
	              404);
	assert_status(house_send(h, "POST", path_of("/api/kith/v1/review/ID/keep", id), s2_token,
	                         "{\"note\":[1]}"),
	              422);
}

static void a_hold_nobody_decides_lapses(void **state)
{
	(void)state;
	str id = house_post(h, anna, advert);
	h->at_ms += INT64_C(49) * 3600 * 1000;
	struct answer mine = house_get(h, "/api/kith/v1/measures", a_token);
	assert_text(mine, "0.state", "lapsed");
	assert_status(house_get(h, path_of("/api/kith/v1/statuses/ID/moment", id), b_token), 200);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_held_post_says_why_to_its_author_alone),
		cmocka_unit_test(a_steward_releases_it_once),
		cmocka_unit_test(a_steward_keeps_another),
		cmocka_unit_test(nobody_decides_on_their_own),
		cmocka_unit_test(a_hold_nobody_decides_lapses),
	};
	return cmocka_run_group_tests_name("api_measure", tests, set_up, tear_down);
}
