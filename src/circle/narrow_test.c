#include "circle/narrow.h"

#include "circle/stage_testing.h"

#include "model/limits.h"

#include <string.h>

static struct stage *s; /* of the test that runs */
static list_id family, work, gone;

/* 2 writes; 3, 4, 5, 6 are friends; 3 and 4 are family, 4 and 5 work, 6 was in a tag that is gone. */
static int set_up(void **state)
{
	static const int members[] = { 3, 4, 4, 5, 6 };
	list_id *tags[] = { &family, &work, &gone };
	(void)state;
	s = stage_new((struct stage_needs){ .people = 8 });
	for (int i = 3; i < 7; i++)
		stage_befriend(s, 2, i);
	for (int i = 0; i < 3; i++) {
		struct list list;
		assert_ok(tag_create(s->c, s->people[2], S("tag"), s->now_ms, &list));
		*tags[i] = list.id;
	}
	for (int i = 0; i < 5; i++)
		assert_ok(tag_add(s->c, s->people[2], *tags[i / 2], &s->people[members[i]], 1));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

/* An audience as a word: "friends", "self", or "only"/"except" with f, w, g for the tags and digits for people. */
static struct audience audience_of(const char *words)
{
	struct audience a = { .kind = AUDIENCE_FRIENDS };
	list_id *lists = ARENA_ARRAY(s->mem, 4, list_id);
	person_id *people = ARENA_ARRAY(s->mem, 8, person_id);
	const char *names = strchr(words, ' ');
	for (int k = AUDIENCE_FRIENDS; k <= AUDIENCE_GROUP; k++)
		if (str_starts(str_of(words), str_of(audience_word((enum audience_kind)k))))
			a.kind = (enum audience_kind)k;
	for (; names && *names; names++) {
		if (*names == 'f')
			lists[a.n_lists++] = family;
		if (*names == 'w')
			lists[a.n_lists++] = work;
		if (*names == 'g')
			lists[a.n_lists++] = gone;
		if (*names >= '0' && *names <= '9')
			people[a.n_people++] = s->people[*names - '0'];
	}
	a.lists = lists;
	a.people = people;
	return a;
}

static str seen_by(struct status_ref ref)
{
	char who[8];
	size_t n = 0;
	for (int i = 2; i < 8; i++)
		if (stage_sees(s, i, ref))
			who[n++] = (char)('0' + i);
	return str_dup(s->mem, (str){ who, n });
}

static struct status_ref post_for(const char *words)
{
	struct audience audience = audience_of(words);
	struct post_draft draft = { .text = S("x"), .audience = audience };
	struct published out;
	assert_ok(publish_post(s->c, s->people[2], &draft, s->now_ms, s->mem, &out));
	return (struct status_ref){ s->people[2], out.post.gate.id, { 0 } };
}

static err narrow(struct status_ref ref, const char *words)
{
	struct audience audience = audience_of(words);
	struct change_draft draft = { .audience = &audience };
	return publish_change(s->c, s->people[2], &ref, &draft, s->now_ms, s->mem);
}

static const struct {
	const char *name, *was, *asked, *seen; /* seen NULL: refused */
} cases[] = {
	{ "friends, to themselves", "friends", "friends", "23456" },
	{ "friends, to a tag", "friends", "only f", "234" },
	{ "friends, to all but a tag", "friends", "except f", "256" },
	{ "friends, to the author", "friends", "self", "2" },
	{ "a tag, to all friends", "only f", "friends", NULL },
	{ "a tag, to another", "only f", "only w", NULL },
	{ "a tag, to it and another", "only f", "only fw", NULL },
	{ "two tags, to one", "only fw", "only f", "234" },
	{ "a tag, to one in it", "only f", "only 3", "23" },
	{ "a tag, to one who is not in it", "only f", "only 5", NULL },
	{ "a tag, to all but somebody", "only f", "except 3", NULL },
	{ "people, to fewer", "only 345", "only 34", "234" },
	{ "people, to a tag that holds them", "only 34", "only f", NULL },
	{ "a tag, to the author", "only f", "self", "2" },
	{ "all but a tag, to all", "except w", "friends", NULL },
	{ "all but a tag, to all but two", "except w", "except fw", "26" },
	{ "all but a tag, to all but another", "except w", "except f", NULL },
	{ "all but a tag, to another tag", "except w", "only f", "23" },
	{ "all but a tag, to that tag", "except w", "only w", NULL },
	{ "all but a tag, to one in it", "except w", "only 4", NULL },
	{ "all but a tag, to one outside", "except w", "only 3", "23" },
	{ "all but somebody, to all but somebody else", "except 3", "except 4", NULL },
	{ "all but somebody, to all but two", "except 3", "except 34", "256" },
	{ "all but somebody, to a tag they are in", "except 3", "only f", "24" },
	{ "the author, to friends", "self", "friends", NULL },
	{ "the author, to somebody", "self", "only 3", NULL },
	{ "the author, to the author", "self", "self", "2" },
	{ "friends, to one who is none", "friends", "only 7", NULL },
};

static void fewer_and_never_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct status_ref ref = post_for(cases[i].was);
		str before = seen_by(ref);
		err e = narrow(ref, cases[i].asked);
		str want = cases[i].seen ? str_of(cases[i].seen) : before;
		if (failed(e) != (cases[i].seen == NULL))
			fail_msg("%s: %s", cases[i].name, failed(e) ? e.why : "taken");
		if (failed(e) && (e.code != ERR_INPUT || strcmp(e.field, "kith_audience") != 0))
			fail_msg("%s blames something else", cases[i].name);
		if (!str_eq(seen_by(ref), want))
			fail_msg("%s: seen by %.*s", cases[i].name, STR_ARG(seen_by(ref)));
	}
}

/* What was left out once stays left out, whatever becomes of tags and whoever comes into them later. */
static void the_old_one_goes_on_counting(void **state)
{
	struct status_ref picked = post_for("only f"), left_out = post_for("except w"),
			  from_gone = post_for("except g");
	(void)state;
	assert_ok(narrow(picked, "only 34"));
	assert_ok(narrow(left_out, "only f"));
	assert_ok(tag_remove(s->c, s->people[2], family, &s->people[3], 1));
	assert_text(seen_by(picked), "24"); /* 3 was let in for being family */
	assert_ok(tag_add(s->c, s->people[2], family, &s->people[5], 1));
	assert_text(seen_by(left_out), "2"); /* 4 and 5 are work */
	assert_ok(tag_delete(s->c, s->people[2], gone));
	assert_text(seen_by(from_gone), "2345");
	assert_ok(narrow(from_gone, "except 3"));
	assert_text(seen_by(from_gone), "245"); /* 6 was in the tag that is gone */
	stage_reopen(s);
	assert_text(seen_by(picked), "24");
	assert_text(seen_by(left_out), "2");
	assert_text(seen_by(from_gone), "245");
	assert_ok(narrow(from_gone, "only 45"));
	assert_text(seen_by(from_gone), "245");
}

static void names_that_are_gone_may_be_said_again(void **state)
{
	struct status_ref ref = post_for("except g6");
	(void)state;
	assert_ok(tag_delete(s->c, s->people[2], gone));
	assert_ok(befriend_end(s->c, s->people[2], s->people[6]));
	assert_ok(narrow(ref, "except 3g6"));
	assert_text(seen_by(ref), "245");
	assert_blames(narrow(ref, "except g36w7"), ERR_INPUT, "kith_audience");
	assert_ok(narrow(ref, "except 34")); /* or not: they stay left out */
	assert_text(seen_by(ref), "25");
}

static void the_author_reads_it_back(void **state)
{
	struct status_ref ref = post_for("except w");
	struct seen_post seen;
	(void)state;
	assert_ok(narrow(ref, "only f"));
	assert_ok(read_post(s->c, s->people[2], &ref, s->now_ms, s->mem, &seen));
	assert_int_equal(seen.post.gate.audience.kind, AUDIENCE_ONLY);
	assert_non_null(seen.post.gate.audience.also);
	assert_int_equal(seen.post.gate.audience.also->kind, AUDIENCE_EXCEPT);
	assert_int_equal(seen.post.gate.audience.also->lists[0].v, work.v);
	assert_ok(read_post(s->c, s->people[3], &ref, s->now_ms, s->mem, &seen));
	assert_null(seen.post.gate.audience.also);
}

/* Each time another tag that is gone by the next. */
static void too_many_are_refused_but_the_author_alone_is_left(void **state)
{
	struct status_ref ref = post_for("except g");
	err e = OK;
	int narrowed = 0;
	(void)state;
	while (!failed(e) && narrowed < 20) {
		struct list list;
		struct audience next = { .kind = AUDIENCE_EXCEPT, .n_lists = 1, .lists = &list.id };
		struct change_draft draft = { .audience = &next };
		assert_ok(tag_delete(s->c, s->people[2], gone));
		assert_ok(tag_create(s->c, s->people[2], S("tag"), s->now_ms, &list));
		gone = list.id;
		e = publish_change(s->c, s->people[2], &ref, &draft, s->now_ms, s->mem);
		narrowed += !failed(e);
	}
	assert_int_equal(narrowed, AUDIENCE_CLAUSES_MAX);
	assert_blames(e, ERR_LIMIT, "kith_audience");
	stage_reopen(s);
	assert_text(seen_by(ref), "2345"); /* 6 is left out by the first of them */
	assert_ok(narrow(ref, "self"));
	assert_text(seen_by(ref), "2");
}

static void only_ones_own_post_is_narrowed(void **state)
{
	struct status_ref ref = post_for("friends");
	struct status_ref comment = stage_comment(s, 3, ref, "mine");
	struct audience self = { .kind = AUDIENCE_SELF };
	struct change_draft draft = { .audience = &self };
	(void)state;
	assert_fails(publish_change(s->c, s->people[3], &ref, &draft, s->now_ms, s->mem),
	             ERR_MISSING);
	assert_blames(publish_change(s->c, s->people[3], &comment, &draft, s->now_ms, s->mem),
	              ERR_INPUT, "kith_audience");
	assert_text(seen_by(ref), "23456");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fewer_and_never_more),
		TEST(the_old_one_goes_on_counting),
		TEST(names_that_are_gone_may_be_said_again),
		TEST(the_author_reads_it_back),
		TEST(too_many_are_refused_but_the_author_alone_is_left),
		TEST(only_ones_own_post_is_narrowed),
	};
	return cmocka_run_group_tests_name("narrow", tests, NULL, NULL);
}
