#include "store/versions.h"

#include "store/store_testing.h"

static const struct status_ref post = { { 1 }, { 10 }, { 0 } };
static const struct status_ref comment = { { 1 }, { 10 }, { 20 } };

static struct version version_of(int64_t id, enum version_state state, const char *text)
{
	return (struct version){ .id = { id },
		                 .state = state,
		                 .at_ms = id * 100,
		                 .language = S("en"),
		                 .text = str_of(text),
		                 .place = S("here"),
		                 .card = { S("https://example.org/"), S("t"), S("a") } };
}

static void put(struct tables *t, const struct status_ref *ref, struct version v)
{
	assert_ok(versions_insert(t->conn, ref, &v));
}

static void what_was_written_comes_back(void **state)
{
	struct tables *t = *state;
	struct version v = version_of(10, VERSION_WAITS, "one"), got;
	v.measure = (measure_id){ 7 };
	put(t, &post, v);
	assert_fails(versions_find(t->conn, &comment, v.id, t->mem, &got), ERR_MISSING);
	assert_ok(versions_find(t->conn, &post, v.id, t->mem, &got));
	assert_text(got.text, "one");
	assert_text(got.place, "here");
	assert_text(got.card.url, "https://example.org/");
	assert_text(got.card.about, "a");
	assert_int_equal(got.state, VERSION_WAITS);
	assert_int_equal(got.at_ms, 1000);
	assert_int_equal(got.measure.v, 7);
	assert_ok(versions_set_state(t->conn, &post, v.id, VERSION_DROPPED));
	assert_ok(versions_set_measure(t->conn, &post, v.id, (measure_id){ 8 }));
	assert_ok(versions_find(t->conn, &post, v.id, t->mem, &got));
	assert_int_equal(got.state, VERSION_DROPPED);
	assert_int_equal(got.measure.v, 8);
}

static void history_is_what_was_shown(void **state)
{
	struct tables *t = *state;
	struct version *shown;
	size_t n;
	int count;
	put(t, &post, version_of(10, VERSION_SHOWN, "one"));
	put(t, &post, version_of(11, VERSION_DROPPED, "two"));
	put(t, &post, version_of(12, VERSION_SHOWN, "three"));
	put(t, &post, version_of(13, VERSION_WAITS, "four"));
	put(t, &comment, version_of(20, VERSION_SHOWN, "of a comment"));
	assert_ok(versions_shown(t->conn, &post, t->mem, &shown, &n));
	assert_int_equal(n, 2);
	assert_text(shown[0].text, "one");
	assert_text(shown[1].text, "three");
	assert_ok(versions_count(t->conn, &post, &count));
	assert_int_equal(count, 4);
	assert_ok(versions_drop_latest(t->conn, &post));
	assert_ok(versions_shown(t->conn, &post, t->mem, &shown, &n));
	assert_int_equal(n, 1);
	assert_ok(versions_delete(t->conn, &comment));
	assert_ok(versions_shown(t->conn, &comment, t->mem, &shown, &n));
	assert_int_equal(n, 0);
	assert_ok(versions_drop_latest(t->conn, &comment)); /* nothing to drop */
}

static const struct {
	const char *name;
	int64_t at_ms;
	bool as_piece;
	const char *want; /* NULL: missing */
} instants[] = {
	{ "before it was written", 999, false, NULL },
	{ "at its beginning", 1000, false, "one" },
	{ "between two changes", 1150, false, "waited" },
	{ "between two changes, as the piece itself", 1150, true, "one" },
	{ "later on", 9999, false, "three" },
	{ "later on, as the piece itself", 9999, true, "three" },
};

static void an_instant_has_its_words(void **state)
{
	struct tables *t = *state;
	struct version waited = version_of(11, VERSION_DROPPED, "waited"), got;
	waited.measure = (measure_id){ 5 };
	put(t, &post, version_of(10, VERSION_SHOWN, "one"));
	put(t, &post, waited);
	put(t, &post, version_of(12, VERSION_SHOWN, "three"));
	for (size_t i = 0; i < COUNT(instants); i++) {
		err e = versions_at(t->conn, &post, instants[i].at_ms, instants[i].as_piece, t->mem,
		                    &got);
		if (failed(e) != (instants[i].want == NULL) ||
		    (!failed(e) && !str_eq(got.text, str_of(instants[i].want))))
			fail_msg("%s", instants[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(what_was_written_comes_back),
		TABLE_TEST(history_is_what_was_shown),
		TABLE_TEST(an_instant_has_its_words),
	};
	return cmocka_run_group_tests_name("versions", tests, NULL, NULL);
}
