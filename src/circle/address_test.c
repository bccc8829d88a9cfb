#include "circle/address.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

#include "model/limits.h"

#include <string.h>

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	static const char *const handles[] = { "lin", "lin.b", "小雨", "小雨点" };
	(void)state;
	s = stage_new((struct stage_needs){ 0 });
	for (size_t i = 0; i < COUNT(handles); i++) {
		struct person person;
		assert_ok(admit_create(s->c,
		                       &(struct account_draft){ .handle = str_of(handles[i]) },
		                       s->now_ms, s->mem, &person));
		s->people[i] = person.id;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* 1 lin, 2 lin.b, 3 小雨, 4 小雨点 */
static const struct {
	const char *name, *text;
	int want[4];
} names[] = {
	{ "nobody", "just words", { 0 } },
	{ "one", "@lin hello", { 1 } },
	{ "in any case", "@LIN hello", { 1 } },
	{ "the longest handle wins", "@lin.b hello", { 2 } },
	{ "a full stop after it is no part of it", "ask @lin.", { 1 } },
	{ "a comma after it", "@lin, hello", { 1 } },
	{ "Chinese after a Latin handle", "@lin你好", { 1 } },
	{ "Chinese runs on without spaces", "@小雨你好", { 3 } },
	{ "the longest Chinese beginning wins", "@小雨点你好", { 4 } },
	{ "Chinese before the sign", "你好@小雨", { 3 } },
	{ "an address is not a name", "me@lin.example", { 0 } },
	{ "a longer word is somebody else", "@linda hello", { 0 } },
	{ "nobody of that name", "@nobodyhere hello", { 0 } },
	{ "twice is once", "@lin @lin", { 1 } },
	{ "several in order", "@小雨 and @lin", { 3, 1 } },
	{ "a sign alone", "@ @@ @", { 0 } },
	{ "a sign at the end", "hello @", { 0 } },
	{ "brackets around", "(@lin)", { 1 } },
};

static void names_are_found_in_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		person_id found[ADDRESS_NAMED_MAX];
		size_t n, want = 0;
		address_named(s->c->world, str_of(names[i].text), s->mem, found, &n);
		while (want < 4 && names[i].want[want] != 0)
			want++;
		if (n != want)
			fail_msg("%s: %zu", names[i].name, n);
		for (size_t j = 0; j < n; j++)
			if (found[j].v != s->people[names[i].want[j] - 1].v)
				fail_msg("%s", names[i].name);
	}
}

static void a_text_full_of_signs_stays_bounded(void **state)
{
	person_id found[ADDRESS_NAMED_MAX];
	char text[2000];
	size_t n;
	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 2 ? ' ' : '@';
	memcpy(text + sizeof text - 4, "@lin", 4);
	address_named(s->c->world, (str){ text, sizeof text }, s->mem, found, &n);
	assert_int_equal(n, 0); /* past the last sign that is looked at */
}

static void an_audience_is_sorted_and_bounded(void **state)
{
	list_id lists[4 * AUDIENCE_LISTS_MAX + 1];
	person_id people[] = { { 9 }, { 3 }, { 9 }, { 1 } };
	struct audience out;
	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++)
		lists[i] = (list_id){ (int64_t)i };
	struct audience asked = { AUDIENCE_ONLY, 2, 4, lists, people, { 0 }, NULL };
	assert_ok(address_sort(&asked, s->mem, &out));
	assert_int_equal(out.n_people, 3);
	assert_true(out.people[0].v == 1 && out.people[1].v == 3 && out.people[2].v == 9);
	asked.n_lists = AUDIENCE_LISTS_MAX + 1;
	assert_blames(address_sort(&asked, s->mem, &out), ERR_LIMIT, "kith_audience");
	asked.n_lists = COUNT(lists);
	assert_blames(address_sort(&asked, s->mem, &out), ERR_LIMIT, "kith_audience");
	asked = (struct audience){ .kind = AUDIENCE_ONLY };
	assert_blames(address_sort(&asked, s->mem, &out), ERR_INPUT, "kith_audience");
	asked = (struct audience){ AUDIENCE_FRIENDS, 1, 0, lists, NULL, { 0 }, NULL };
	assert_blames(address_sort(&asked, s->mem, &out), ERR_INPUT, "kith_audience");
	asked = (struct audience){ AUDIENCE_SELF, 0, 1, NULL, people, { 0 }, NULL };
	assert_blames(address_sort(&asked, s->mem, &out), ERR_INPUT, "kith_audience");
	asked = (struct audience){ .kind = AUDIENCE_EXCEPT };
	assert_ok(address_sort(&asked, s->mem, &out));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_are_found_in_texts),
		TEST(a_text_full_of_signs_stays_bounded),
		TEST(an_audience_is_sorted_and_bounded),
	};
	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
