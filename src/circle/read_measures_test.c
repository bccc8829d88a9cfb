/* What a viewer is told of labels, folds and holds, and what not: whoever cannot see an earlier copy must not learn that there is one. */
#include "circle/town_measure_testing.h"

#include <stdlib.h>

#define LABEL                                                                                               \
	"{\"alone\":\"label\",\"reasons\":[{\"rule\":\"recruit.ladder\",\"clause\":\"b.3\",\"alone\":true," \
	"\"text\":{\"en\":\"It recruits.\",\"zh\":\"招人。\"}}]}"
#define COPIES                                                                                              \
	"{\"alone\":\"allow\",\"reasons\":[{\"rule\":\"copies.agents\",\"clause\":\"b.4\",\"alone\":false," \
	"\"text\":{\"en\":\"Several.\",\"zh\":\"好几个人。\"}}]}"
#define BOTH                                                                                                      \
	"{\"alone\":\"label\",\"reasons\":[{\"rule\":\"copies.agents\",\"alone\":false,"                          \
	"\"text\":{\"en\":\"Several.\",\"zh\":\"好几个人。\"}},{\"rule\":\"recruit.ladder\",\"alone\":true," \
	"\"text\":{\"en\":\"It recruits.\",\"zh\":\"招人。\"}}]}"

static const struct audience friends = { .kind = AUDIENCE_FRIENDS };

static struct seen_post see(struct town *t, int v, struct status_ref ref)
{
	struct seen_post post;
	assert_ok(read_post(&t->c, t->people[v], &ref, TOWN_NOW_MS, t->mem, &post));
	return post;
}

/* As it comes in home, which must be as it comes alone. */
static struct seen_order order(struct town *t, int v, struct status_ref ref)
{
	struct seen_post *posts, one = see(t, v, ref);
	struct page page = { .limit = 1, .max_id = ref.post.v + 1 };
	size_t n;
	assert_ok(read_home(&t->c, t->people[v], page, TOWN_NOW_MS, t->mem, &posts, &n));
	if (n == 1 && posts[0].post.gate.id.v == ref.post.v) {
		assert_int_equal(posts[0].order.n, one.order.n);
		assert_int_equal(posts[0].order.first.post.v, one.order.first.post.v);
	}
	return one.order;
}

static void expect_first(struct town *t, int v, struct status_ref ref, struct status_ref first)
{
	struct seen_order o = order(t, v, ref);
	assert_int_equal(o.first.post.v, first.post.v);
	assert_int_equal(o.first_by.v, first.post_author.v);
	assert_int_equal(o.n, 1);
	assert_int_equal(o.said[0].kind, MEASURE_FOLD);
	assert_int_equal(o.said[0].id.v, 0);
	assert_true(str_eq(o.said[0].why.rule, S("copies.agents")));
}

static void expect_nothing(struct town *t, int v, struct status_ref ref)
{
	struct seen_order o = order(t, v, ref);
	assert_int_equal(o.n, 0);
	assert_int_equal(o.first.post.v, 0);
	assert_int_equal(o.first.post_author.v, 0);
	assert_int_equal(o.first_by.v, 0);
}

static const struct status_ref none;

/* 1, 2 and 3 write the same, in this order; 0 is a friend of all, 4 of 2 and 3, 5 of 3 alone. */
struct campaign {
	struct town *t;
	struct status_ref first, second, third;
	measure_id fold_second, fold_third;
	int64_t family;
};

static struct campaign campaign(const char *evidence)
{
	struct campaign c = { .t = town_new(8, 1) };
	for (int p = 1; p <= 3; p++)
		town_befriend(c.t, 0, p);
	town_befriend(c.t, 4, 2);
	town_befriend(c.t, 4, 3);
	town_befriend(c.t, 5, 3);
	c.first = town_post(c.t, 1, friends, 3000, "same");
	c.family = town_screening(c.t, 1, c.first);
	c.second = town_post(c.t, 2, friends, 2000, "same");
	c.fold_second = town_measure(c.t, 2, c.second, MEASURE_FOLD, c.family, evidence);
	c.third = town_post(c.t, 3, friends, 1000, "same");
	c.fold_third = town_measure(c.t, 3, c.third, MEASURE_FOLD, c.family, evidence);
	return c;
}

static void a_label_of_its_words_reaches_all_who_see_it(void **state)
{
	struct town *t = town_new(3, 1);
	(void)state;
	town_befriend(t, 0, 1);
	struct status_ref post = town_post(t, 1, friends, 0, "words");
	expect_nothing(t, 0, post); /* the cache holds it without */
	measure_id id = town_measure(t, 1, post, MEASURE_LABEL, 0, LABEL);
	struct seen_order theirs = order(t, 0, post), mine = order(t, 1, post);
	assert_int_equal(theirs.n, 1);
	assert_int_equal(theirs.said[0].kind, MEASURE_LABEL);
	assert_int_equal(theirs.said[0].id.v, 0);
	assert_true(str_eq(theirs.said[0].why.rule, S("recruit.ladder")));
	assert_true(str_eq(theirs.said[0].why.clause, S("b.3")));
	assert_true(str_eq(theirs.said[0].why.en, S("It recruits.")));
	assert_true(str_eq(theirs.said[0].why.zh, S("招人。")));
	assert_true(str_eq(theirs.said[0].policy, S("p1")));
	assert_int_equal(mine.n, 1);
	assert_int_equal(mine.said[0].id.v, id.v);
	town_end_measure(t, id);
	expect_nothing(t, 0, post);
	expect_nothing(t, 1, post);
	town_free(t);
}

static void a_hold_is_its_authors_alone(void **state)
{
	struct town *t = town_new(2, 1);
	(void)state;
	town_befriend(t, 0, 1);
	struct status_ref post = town_post(t, 1, friends, 0, "words");
	struct status_ref comment = town_comment(t, 1, town_post(t, 0, friends, 0, "post"), 0, "c");
	town_hold(t, 1, post, TOWN_NOW_MS + 1000);
	struct seen_order mine = order(t, 1, post);
	assert_int_equal(mine.n, 1);
	assert_int_equal(mine.said[0].kind, MEASURE_HOLD);
	assert_true(mine.said[0].id.v != 0);
	/* Past its end it is over, swept or not; then others see the post and nothing of it. */
	struct seen_post later;
	for (int v = 0; v < 2; v++) {
		assert_ok(
			read_post(&t->c, t->people[v], &post, TOWN_NOW_MS + 1000, t->mem, &later));
		assert_int_equal(later.order.n, 0);
	}
	town_hold(t, 1, comment, TOWN_NOW_MS + 1000);
	struct seen_comment seen;
	assert_ok(read_comment(&t->c, t->people[1], &comment, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.n, 1);
	assert_fails(read_comment(&t->c, t->people[0], &comment, TOWN_NOW_MS, t->mem, &seen),
	             ERR_MISSING);
	town_free(t);
}

static void a_copy_is_folded_under_the_earliest_its_viewer_sees(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	expect_nothing(c.t, 0, c.first);
	expect_first(c.t, 0, c.second, c.first);
	expect_first(c.t, 0, c.third, c.first);
	/* Who does not see the first sees the second whole, and learns nothing. */
	expect_nothing(c.t, 4, c.second);
	expect_first(c.t, 4, c.third, c.second);
	expect_nothing(c.t, 5, c.third);
	town_restart(c.t);
	expect_first(c.t, 0, c.third, c.first);
	expect_nothing(c.t, 4, c.second);
	expect_nothing(c.t, 5, c.third);
	town_free(c.t);
}

static void its_author_is_told_of_the_fold_and_not_of_the_first(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	struct seen_order o = order(c.t, 3, c.third);
	assert_int_equal(o.n, 1);
	assert_int_equal(o.said[0].kind, MEASURE_FOLD);
	assert_int_equal(o.said[0].id.v, c.fold_third.v);
	assert_int_equal(o.first.post.v, 0);
	town_befriend(c.t, 3, 1);
	o = order(c.t, 3, c.third);
	assert_int_equal(o.n, 1);
	assert_int_equal(o.first.post.v, c.first.post.v);
	town_free(c.t);
}

static void what_the_words_earn_themselves_is_told_to_all(void **state)
{
	struct campaign c = campaign(BOTH);
	(void)state;
	/* As it would be if nobody had written the same. */
	struct seen_order alone = order(c.t, 5, c.third), with = order(c.t, 0, c.third);
	assert_int_equal(alone.n, 1);
	assert_int_equal(alone.said[0].kind, MEASURE_LABEL);
	assert_true(str_eq(alone.said[0].why.rule, S("recruit.ladder")));
	assert_int_equal(alone.first.post.v, 0);
	assert_int_equal(with.n, 2);
	assert_int_equal(with.said[0].kind, MEASURE_FOLD);
	assert_int_equal(with.said[1].kind, MEASURE_LABEL);
	assert_int_equal(with.first.post.v, c.first.post.v);
	town_free(c.t);
}

static void a_label_for_copies_is_told_to_who_sees_an_earlier_one(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	town_end_measure(c.t, c.fold_third);
	expect_nothing(c.t, 0, c.third);
	measure_id label = town_measure(c.t, 3, c.third, MEASURE_LABEL, c.family, COPIES);
	struct seen_order o = order(c.t, 0, c.third);
	assert_int_equal(o.n, 1);
	assert_int_equal(o.said[0].kind, MEASURE_LABEL);
	assert_int_equal(o.first.post.v, 0); /* a label folds nothing */
	expect_nothing(c.t, 5, c.third);
	assert_int_equal(order(c.t, 3, c.third).said[0].id.v, label.v);
	town_free(c.t);
}

/* Each takes the first away from viewer 0, who then sees the second whole and the third under it. */
static void first_deleted(struct campaign *c) { town_delete_post(c->t, c->first); }
static void first_held(struct campaign *c) { town_hold(c->t, 1, c->first, TOWN_NOW_MS + 1); }
static void first_unfriended(struct campaign *c) { town_tie(c->t, 1, 0, false); }
static void first_unfriending(struct campaign *c) { town_tie(c->t, 0, 1, false); }
static void first_blocks(struct campaign *c) { town_block(c->t, 1, 0, true); }
static void first_hides(struct campaign *c) { town_hide(c->t, 1, 0, HIDE_MINE, true); }
static void first_is_hidden(struct campaign *c) { town_hide(c->t, 0, 1, HIDE_THEIRS, true); }
static void first_sealed(struct campaign *c)
{
	town_change_person(c->t, 1, PERSON_SEALED, RANGE_ALL);
}
static void first_says_something_else(struct campaign *c) { town_screening(c->t, 1, c->first); }

static const struct {
	const char *name;
	void (*change)(struct campaign *c);
} losses[] = {
	{ "deleted", first_deleted },
	{ "held", first_held },
	{ "its author ended the friendship", first_unfriended },
	{ "the viewer ended it", first_unfriending },
	{ "its author blocks", first_blocks },
	{ "its author hides theirs", first_hides },
	{ "the viewer hides its author", first_is_hidden },
	{ "its author is sealed", first_sealed },
	{ "it was changed", first_says_something_else },
};

static void when_the_first_goes_the_next_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		struct campaign c = campaign(COPIES);
		print_message("# %s\n", losses[i].name);
		expect_first(c.t, 0, c.third, c.first);
		losses[i].change(&c);
		expect_nothing(c.t, 0, c.second);
		expect_first(c.t, 0, c.third, c.second);
		town_restart(c.t);
		expect_nothing(c.t, 0, c.second);
		expect_first(c.t, 0, c.third, c.second);
		town_free(c.t);
	}
}

static void what_is_folded_no_longer_is_no_copy(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	expect_first(c.t, 4, c.third, c.second);
	town_end_measure(c.t, c.fold_second);
	expect_nothing(c.t, 4, c.third);
	expect_nothing(c.t, 0, c.second);
	expect_first(c.t, 0, c.third, c.first);
	town_free(c.t);
}

static void a_new_fold_counts_for_those_after_it(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	expect_nothing(c.t, 5, c.third); /* the family is at hand, with two folds */
	town_befriend(c.t, 5, 6);
	struct status_ref fourth = town_post(c.t, 6, friends, 500, "same");
	town_measure(c.t, 6, fourth, MEASURE_FOLD, c.family, COPIES);
	expect_first(c.t, 5, fourth, c.third);
	town_free(c.t);
}

static void nobody_is_folded_under_themselves(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	struct status_ref again = town_post(c.t, 3, friends, 500, "same");
	town_measure(c.t, 3, again, MEASURE_FOLD, c.family, COPIES);
	expect_nothing(c.t, 5, again);
	expect_first(c.t, 4, again, c.second);
	expect_first(c.t, 0, again, c.first);
	/* Nor under who copied them, as far as its reader can tell. */
	town_befriend(c.t, 6, 2);
	town_befriend(c.t, 6, 3);
	town_end_measure(c.t, c.fold_second);
	struct status_ref later = town_post(c.t, 2, friends, 400, "same");
	town_measure(c.t, 2, later, MEASURE_FOLD, c.family, COPIES);
	struct status_ref last = town_post(c.t, 3, friends, 300, "same");
	town_measure(c.t, 3, last, MEASURE_FOLD, c.family, COPIES);
	expect_first(c.t, 6, later, c.third);
	expect_nothing(c.t, 6, last);
	town_free(c.t);
}

static void a_group_is_no_way_to_learn_of_a_first(void **state)
{
	struct town *t = town_new(5, 1);
	(void)state;
	/* 1 wrote it in a group that 0 is in; 2 copied it for friends, 0 and 3 among them. */
	group_id group = town_group(t, 1);
	town_group_member(t, group, 0, true);
	town_befriend(t, 2, 0);
	town_befriend(t, 2, 3);
	struct status_ref first = town_post(
		t, 1, (struct audience){ .kind = AUDIENCE_GROUP, .group = group }, 0, "same");
	int64_t family = town_screening(t, 1, first);
	struct status_ref copy = town_post(t, 2, friends, 0, "same");
	town_measure(t, 2, copy, MEASURE_FOLD, family, COPIES);
	expect_first(t, 0, copy, first);
	expect_nothing(t, 3, copy);
	town_group_member(t, group, 0, false);
	expect_nothing(t, 0, copy);
	/* The other way round: a copy in a group, read there. */
	struct seen_post *posts;
	size_t n;
	town_befriend(t, 0, 4);
	struct status_ref other = town_post(t, 4, friends, 0, "other");
	int64_t others = town_screening(t, 4, other);
	town_group_member(t, group, 0, true);
	struct status_ref inside = town_post(
		t, 1, (struct audience){ .kind = AUDIENCE_GROUP, .group = group }, 0, "other");
	town_measure(t, 1, inside, MEASURE_FOLD, others, COPIES);
	assert_ok(read_group(&t->c, t->people[0], group, (struct page){ 0 }, TOWN_NOW_MS, t->mem,
	                     &posts, &n));
	assert_int_equal(posts[0].post.gate.id.v, inside.post.v);
	assert_int_equal(posts[0].order.first.post.v, other.post.v);
	town_free(t);
}

static void a_first_that_left_memory_is_found(void **state)
{
	struct campaign c = campaign(COPIES);
	(void)state;
	for (int i = 0; i < WORLD_RING_MAX + 1; i++)
		town_post(c.t, 1, friends, 0, "something else");
	expect_first(c.t, 0, c.third, c.first);
	expect_first(c.t, 4, c.third, c.second);
	town_delete_post(c.t, c.first);
	expect_first(c.t, 0, c.third, c.second);
	town_free(c.t);
}

static void of_many_copies_the_earliest_are_looked_through(void **state)
{
	struct town *t = town_new(4, 1);
	struct status_ref copy = none, before = none;
	(void)state;
	town_befriend(t, 0, 1);
	town_befriend(t, 0, 2);
	struct status_ref first = town_post(t, 3, friends, 0, "same");
	int64_t family = town_screening(t, 3, first);
	for (int i = 0; i < FAMILY_COPIES_MAX + 4; i++) {
		before = copy;
		copy = town_post(t, 1 + i % 2, friends, 0, "same");
		town_measure(t, 1 + i % 2, copy, MEASURE_FOLD, family, COPIES);
		if (i == 0)
			expect_nothing(t, 0, copy);
	}
	struct seen_order o = order(t, 0, copy);
	assert_true(o.first.post.v != 0 && o.first_by.v == before.post_author.v);
	town_free(t);
}

static void a_comment_is_folded_under_its_own_post_alone(void **state)
{
	struct town *t = town_new(5, 1);
	struct seen_comment seen;
	(void)state;
	for (int p = 1; p <= 3; p++)
		town_befriend(t, 0, p);
	town_befriend(t, 1, 2);
	town_befriend(t, 2, 3);
	struct status_ref post = town_post(t, 0, friends, 0, "post");
	struct status_ref elsewhere = town_post(t, 1, friends, 0, "same");
	int64_t far = town_screening(t, 1, elsewhere);
	struct status_ref a = town_comment(t, 1, post, 0, "same thing");
	int64_t near = town_screening(t, 1, a);
	struct status_ref b = town_comment(t, 2, post, 0, "same thing");
	measure_id fold = town_measure(t, 2, b, MEASURE_FOLD, near, COPIES);
	struct status_ref c = town_comment(t, 3, post, 0, "same");
	town_measure(t, 3, c, MEASURE_FOLD, far, COPIES);
	assert_ok(read_comment(&t->c, t->people[0], &b, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.n, 1);
	assert_int_equal(seen.order.first.comment.v, a.comment.v);
	assert_int_equal(seen.order.first_by.v, t->people[1].v);
	assert_ok(read_comment(&t->c, t->people[0], &c, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.n, 0); /* its copy is no comment here */
	/* 3 sees the comment of 2, and not that of 1. */
	assert_ok(read_comment(&t->c, t->people[3], &b, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.n, 0);
	assert_ok(read_comment(&t->c, t->people[2], &b, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.said[0].id.v, fold.v);
	/* What is on the post is not on its comments, nor the other way round. */
	town_measure(t, 0, post, MEASURE_LABEL, 0, LABEL);
	assert_int_equal(order(t, 1, post).n, 1);
	assert_ok(read_comment(&t->c, t->people[0], &a, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.n, 0);
	town_delete_comment(t, a);
	assert_ok(read_comment(&t->c, t->people[0], &b, TOWN_NOW_MS, t->mem, &seen));
	assert_int_equal(seen.order.n, 0);
	town_free(t);
}

static void as_another_would_see_it_rests_on_nothing_i_see(void **state)
{
	struct campaign c = campaign(BOTH);
	struct person card;
	struct seen_post *posts;
	size_t n;
	(void)state;
	town_befriend(c.t, 3, 1); /* 3 sees the first; whether 5 does is not 3's to learn */
	assert_ok(read_as(&c.t->c, c.t->people[3], c.t->people[5], (struct page){ 0 }, TOWN_NOW_MS,
	                  c.t->mem, &card, &posts, &n));
	assert_int_equal(n, 1);
	assert_int_equal(posts[0].order.n, 1);
	assert_int_equal(posts[0].order.said[0].kind, MEASURE_LABEL);
	assert_int_equal(posts[0].order.said[0].id.v, 0);
	assert_int_equal(posts[0].order.first.post.v, 0);
	town_free(c.t);
}

/* --- random circles --- */

#define PEOPLE 7
#define FAMILIES 4
#define COPIES_OF_ONE 12

struct random_copy {
	struct status_ref ref;
	int author;
	measure_id fold; /* 0: the first, or ended */
};

struct random_town {
	struct town *t;
	int64_t families[FAMILIES];
	struct random_copy copies[FAMILIES][COPIES_OF_ONE]; /* [0]: the first */
	int n[FAMILIES];
	bool changed[FAMILIES]; /* the first says something else */
};

static bool sees(struct random_town *r, int v, struct status_ref ref)
{
	struct seen_post post;
	return !failed(read_post(&r->t->c, r->t->people[v], &ref, TOWN_NOW_MS, r->t->mem, &post));
}

static bool hides(struct random_town *r, int v, int author)
{
	world_lock(r->t->c.world);
	bool yes = world_hides_theirs(r->t->c.world, r->t->people[v], r->t->people[author]);
	world_unlock(r->t->c.world);
	return yes;
}

/* The rule, said plainly: every copy before it, asked one by one. */
static struct status_ref plain_first(struct random_town *r, int v, int family, int i)
{
	for (int k = 0; k < i; k++) {
		const struct random_copy *copy = &r->copies[family][k];
		bool counts = k == 0 ? !r->changed[family] : copy->fold.v != 0;
		if (counts && !hides(r, v, copy->author) && sees(r, v, copy->ref))
			return copy->author != r->copies[family][i].author ? copy->ref : none;
	}
	return none;
}

static void check_copy(struct random_town *r, int v, int family, int i)
{
	const struct random_copy *copy = &r->copies[family][i];
	if (!sees(r, v, copy->ref))
		return;
	struct seen_order o = order(r->t, v, copy->ref);
	struct status_ref first = copy->fold.v ? plain_first(r, v, family, i) : none;
	bool told = first.post.v != 0 || (copy->fold.v && copy->author == v);
	assert_int_equal(o.first.post.v, first.post.v);
	assert_int_equal(o.n, told);
}

static void check_all(struct random_town *r)
{
	for (int v = 0; v < PEOPLE; v++)
		for (int f = 0; f < FAMILIES; f++)
			for (int i = 0; i < r->n[f]; i++)
				check_copy(r, v, f, i);
	arena_reset(r->t->mem);
}

static void add_copy(struct random_town *r, int f)
{
	struct town *t = r->t;
	struct random_copy *copy = &r->copies[f][r->n[f]];
	if (r->n[f] == COPIES_OF_ONE)
		return;
	copy->author = town_roll(t, PEOPLE);
	struct audience a = { .kind = town_roll(t, 4) ? AUDIENCE_FRIENDS : AUDIENCE_SELF };
	copy->ref = town_post(t, copy->author, a, town_roll(t, 40) * INT64_C(86400000), "same");
	if (r->n[f]++ == 0)
		r->families[f] = town_screening(t, copy->author, copy->ref);
	else
		copy->fold = town_measure(t, copy->author, copy->ref, MEASURE_FOLD, r->families[f],
		                          COPIES);
}

static void change_copies(struct random_town *r)
{
	struct town *t = r->t;
	int f = town_roll(t, FAMILIES), i = r->n[f] ? town_roll(t, r->n[f]) : 0;
	struct random_copy *copy = &r->copies[f][i];
	if (r->n[f] == 0 || town_roll(t, 3)) {
		add_copy(r, f);
	} else if (i == 0) {
		town_screening(t, copy->author, copy->ref);
		r->changed[f] = true;
	} else if (copy->fold.v != 0) {
		town_end_measure(t, copy->fold);
		copy->fold.v = 0;
	}
}

static void change_people(struct random_town *r)
{
	struct town *t = r->t;
	int a = town_roll(t, PEOPLE), b = town_roll(t, PEOPLE);
	if (a == b)
		return;
	switch (town_roll(t, 6)) {
	case 0:
		town_tie(t, a, b, false);
		break;
	case 1:
		town_block(t, a, b, town_roll(t, 4) == 0);
		break;
	case 2:
		town_hide(t, a, b, town_roll(t, 2) ? HIDE_MINE : HIDE_THEIRS, town_roll(t, 3) == 0);
		break;
	case 3:
		town_change_person(t, a, town_roll(t, 6) ? PERSON_ACTIVE : PERSON_SEALED,
		                   (enum person_range)town_roll(t, 4));
		break;
	default:
		town_befriend(t, a, b);
		break;
	}
}

static void folds_are_what_the_rule_says(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct random_town *r = calloc(1, sizeof *r);
		r->t = town_new(PEOPLE, seed);
		for (int a = 0; a < PEOPLE; a++)
			for (int b = 0; b < a; b++)
				if (town_roll(r->t, 3))
					town_befriend(r->t, a, b);
		for (int i = 0; i < 120; i++) {
			if (town_roll(r->t, 2))
				change_copies(r);
			else
				change_people(r);
			if (i % 10 == 0)
				check_all(r);
		}
		check_all(r);
		town_restart(r->t);
		check_all(r);
		town_free(r->t);
		free(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_of_its_words_reaches_all_who_see_it),
		cmocka_unit_test(a_hold_is_its_authors_alone),
		cmocka_unit_test(a_copy_is_folded_under_the_earliest_its_viewer_sees),
		cmocka_unit_test(its_author_is_told_of_the_fold_and_not_of_the_first),
		cmocka_unit_test(what_the_words_earn_themselves_is_told_to_all),
		cmocka_unit_test(a_label_for_copies_is_told_to_who_sees_an_earlier_one),
		cmocka_unit_test(when_the_first_goes_the_next_is_whole),
		cmocka_unit_test(what_is_folded_no_longer_is_no_copy),
		cmocka_unit_test(a_new_fold_counts_for_those_after_it),
		cmocka_unit_test(nobody_is_folded_under_themselves),
		cmocka_unit_test(a_group_is_no_way_to_learn_of_a_first),
		cmocka_unit_test(a_first_that_left_memory_is_found),
		cmocka_unit_test(of_many_copies_the_earliest_are_looked_through),
		cmocka_unit_test(a_comment_is_folded_under_its_own_post_alone),
		cmocka_unit_test(as_another_would_see_it_rests_on_nothing_i_see),
		cmocka_unit_test(folds_are_what_the_rule_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
