/* Random small circles, read every way there is: from memory, by the store alone, after a restart, and against a plain
 * walk over every post. All must show the same. */
#include "circle/town_testing.h"

#include <stdlib.h>

#define PEOPLE 7
#define POSTS_MAX 700
#define COMMENTS_MAX 300
#define LIKES_MAX 400
#define GROUPS 2

struct random_town {
	struct town *t;
	bool dealt_post[POSTS_MAX],
		dealt_comment[COMMENTS_MAX]; /* deleted or held: the store does that once */
	struct status_ref posts[POSTS_MAX], comments[COMMENTS_MAX];
	int post_authors[POSTS_MAX], comment_authors[COMMENTS_MAX];
	int n_posts, n_comments;
	list_id lists[PEOPLE][3];
	group_id groups[GROUPS];
	struct {
		int by;
		struct status_ref post;
	} likes[LIKES_MAX];
	int n_likes;
};

static int who(struct random_town *r) { return town_roll(r->t, PEOPLE); }

static struct audience some_audience(struct random_town *r, int author, list_id *lists,
                                     person_id *people)
{
	struct audience a = { .lists = lists, .people = people };
	a.kind = (enum audience_kind)(town_roll(r->t, 3) ? 0 : town_roll(r->t, 5));
	if (a.kind == AUDIENCE_GROUP)
		a.group = r->groups[town_roll(r->t, GROUPS)]; /* in it or, since left, not */
	if (a.kind == AUDIENCE_ONLY || a.kind == AUDIENCE_EXCEPT) {
		if (town_roll(r->t, 2))
			lists[a.n_lists++] = r->lists[author][town_roll(r->t, 3)];
		if (town_roll(r->t, 2))
			people[a.n_people++] = r->t->people[who(r)];
	}
	return a;
}

static void add_post(struct random_town *r)
{
	list_id lists[1];
	person_id people[1];
	/* One author writes half of everything, so that rings overflow. */
	int author = town_roll(r->t, 2) ? 1 : who(r);
	if (r->n_posts == POSTS_MAX)
		return;
	if (town_roll(r->t, 8) == 0)
		town_mention(r->t, who(r));
	r->post_authors[r->n_posts] = author;
	r->posts[r->n_posts++] = town_post(r->t, author, some_audience(r, author, lists, people),
	                                   town_roll(r->t, 40) * INT64_C(86400000), "words");
}

static struct status_ref recent_post(struct random_town *r)
{
	return r->posts[r->n_posts - 1 - town_roll(r->t, r->n_posts < 30 ? r->n_posts : 30)];
}

static void add_comment(struct random_town *r)
{
	int author = who(r), to_author = 0;
	struct status_ref to = recent_post(r);
	if (r->n_comments == COMMENTS_MAX)
		return;
	if (r->n_comments > 0 && town_roll(r->t, 2)) {
		int i = town_roll(r->t, r->n_comments);
		to = r->comments[i];
		to_author = r->comment_authors[i];
	}
	if (town_roll(r->t, 8) == 0)
		town_mention(r->t, who(r));
	r->comment_authors[r->n_comments] = author;
	r->comments[r->n_comments++] = town_comment(r->t, author, to, to_author, "answer");
}

static void change_people(struct random_town *r)
{
	struct town *t = r->t;
	int a = who(r), b = who(r);
	if (a == b)
		return;
	switch (town_roll(t, 10)) {
	case 0:
	case 1:
	case 2:
		town_befriend(t, a, b);
		break;
	case 3:
		town_tie(t, a, b, false);
		break;
	case 4:
		town_block(t, a, b, town_roll(t, 4) == 0);
		break;
	case 5:
		town_hide(t, a, b, town_roll(t, 2) ? HIDE_MINE : HIDE_THEIRS, town_roll(t, 3) == 0);
		break;
	case 6:
		town_change_person(t, a, town_roll(t, 6) ? PERSON_ACTIVE : PERSON_SEALED,
		                   (enum person_range)town_roll(t, 4));
		break;
	case 7:
	case 8:
		town_group_member(t, r->groups[town_roll(t, GROUPS)], a, town_roll(t, 3) > 0);
		break;
	default:
		town_member(t, a, r->lists[a][town_roll(t, 3)], b, town_roll(t, 3) > 0);
		break;
	}
}

/* A new like, or an old one taken back. */
static void change_likes(struct random_town *r)
{
	int i = r->n_likes ? town_roll(r->t, r->n_likes) : 0;
	if (r->n_likes > 0 && (r->n_likes == LIKES_MAX || town_roll(r->t, 3) == 0)) {
		town_like(r->t, r->likes[i].by, r->likes[i].post, false);
		r->likes[i] = r->likes[--r->n_likes];
		return;
	}
	i = r->n_likes++;
	r->likes[i].by = who(r);
	r->likes[i].post = recent_post(r);
	town_like(r->t, r->likes[i].by, r->likes[i].post, true);
}

static void change_pieces(struct random_town *r)
{
	struct town *t = r->t;
	int post = town_roll(t, r->n_posts);
	int comment = r->n_comments ? town_roll(t, r->n_comments) : -1;
	switch (town_roll(t, 9)) {
	case 0:
		if (!r->dealt_post[post])
			town_delete_post(t, r->posts[post]);
		r->dealt_post[post] = true;
		break;
	case 1:
		if (!r->dealt_post[post])
			town_hold(t, r->post_authors[post], r->posts[post],
			          TOWN_NOW_MS + 1 - town_roll(t, 2));
		r->dealt_post[post] = true;
		break;
	case 2:
		if (comment >= 0 && !r->dealt_comment[comment])
			town_hold(t, r->comment_authors[comment], r->comments[comment],
			          TOWN_NOW_MS + 1);
		if (comment >= 0)
			r->dealt_comment[comment] = true;
		break;
	case 3:
		if (comment >= 0 && !r->dealt_comment[comment])
			town_delete_comment(t, r->comments[comment]);
		if (comment >= 0)
			r->dealt_comment[comment] = true;
		break;
	default:
		change_likes(r);
		break;
	}
}

static void grow(struct random_town *r, int changes)
{
	for (int i = 0; i < changes; i++) {
		int kind = town_roll(r->t, 10);
		if (r->n_posts < 20 || kind < 4)
			add_post(r);
		else if (kind < 6)
			add_comment(r);
		else if (kind < 8)
			change_people(r);
		else
			change_pieces(r);
		if (i % 20 == 0) /* fills the caches in the middle of it all */
			town_dump(r->t, who(r), (struct page){ .limit = 10 });
		if (i % 100 == 0)
			arena_reset(r->t->mem);
	}
}

static struct random_town *random_town_new(uint64_t seed)
{
	struct random_town *r = calloc(1, sizeof(*r));
	r->t = town_new(PEOPLE, seed);
	for (int p = 0; p < PEOPLE; p++)
		for (int l = 0; l < 3; l++)
			r->lists[p][l] = town_list(r->t, p);
	for (int g = 0; g < GROUPS; g++)
		r->groups[g] = town_group(r->t, g);
	for (int a = 0; a < PEOPLE; a++)
		for (int b = 0; b < a; b++)
			if (town_roll(r->t, 3))
				town_befriend(r->t, a, b);
	return r;
}

static void random_town_free(struct random_town *r)
{
	town_free(r->t);
	free(r);
}

static void same_posts(const struct seen_post *a, size_t n_a, const struct seen_post *b, size_t n_b)
{
	assert_int_equal(n_a, n_b);
	for (size_t i = 0; i < n_a; i++) {
		assert_int_equal(a[i].post.gate.id.v, b[i].post.gate.id.v);
		assert_int_equal(a[i].likes, b[i].likes);
		assert_int_equal(a[i].comments, b[i].comments);
	}
}

static void same_by_sql(struct town *t, person_id v, struct page page, struct seen_post **out,
                        size_t *n)
{
	struct seen_post *by_sql;
	size_t n_sql;
	assert_ok(read_home(&t->c, v, page, TOWN_NOW_MS, t->mem, out, n));
	assert_ok(read_home_by_sql(&t->c, v, page, TOWN_NOW_MS, t->mem, &by_sql, &n_sql));
	same_posts(*out, *n, by_sql, n_sql);
}

/* What home must be: every post there is, asked one by one. */
static size_t plain_home(struct random_town *r, int v, int64_t *ids)
{
	struct town *t = r->t;
	size_t n = 0;
	for (int i = 0; i < r->n_posts; i++) {
		struct seen_post post;
		bool mine = r->post_authors[i] == v;
		world_lock(t->c.world);
		struct see_source see = world_source(t->c.world);
		/* Of a group's posts, those by my friends. */
		bool hidden = world_hides_theirs(t->c.world, t->people[v],
		                                 r->posts[i].post_author) ||
		              !see.tie(see.ctx, t->people[v], r->posts[i].post_author);
		world_unlock(t->c.world);
		if (failed(read_post(&t->c, t->people[v], &r->posts[i], TOWN_NOW_MS, t->mem,
		                     &post)))
			continue;
		if (mine || !hidden)
			ids[n++] = r->posts[i].post.v;
	}
	return n;
}

static int newest_first(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;
	return (a < b) - (a > b);
}

/* Down by max_id, up by min_id, and the newest since: every page is full until the end and nothing is twice or lost. */
static void page_through(struct town *t, person_id v, int limit, const int64_t *ids, size_t n_ids)
{
	struct seen_post *posts;
	size_t n, at = 0;
	struct page down = { .limit = limit };
	for (;;) {
		same_by_sql(t, v, down, &posts, &n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(posts[i].post.gate.id.v, ids[at++]);
		if (n < (size_t)limit)
			break;
		down.max_id = ids[at - 1];
	}
	assert_int_equal(at, n_ids);
	struct page up = { .limit = limit, .min_id = 1 };
	while (at > 0) {
		same_by_sql(t, v, up, &posts, &n);
		assert_true(n == (size_t)limit || n == at);
		for (size_t i = n; i-- > 0;)
			assert_int_equal(posts[i].post.gate.id.v, ids[--at]);
		if (n > 0)
			up.min_id = posts[0].post.gate.id.v;
	}
	for (size_t i = 0; i < n_ids; i += 7) {
		size_t want = i < (size_t)limit ? i : (size_t)limit;
		same_by_sql(t, v, (struct page){ .limit = limit, .since_id = ids[i] }, &posts, &n);
		assert_int_equal(n, want);
		if (want > 0)
			assert_int_equal(posts[0].post.gate.id.v, ids[0]);
	}
}

/* The same for a group: every post there is, asked one by one, against its timeline in pages. */
static void check_group(struct random_town *r, int v, group_id group, int limit)
{
	struct town *t = r->t;
	struct seen_post *posts, post;
	struct page page = { .limit = limit };
	size_t n = 0, at = 0;
	err e = read_group(&t->c, t->people[v], group, page, TOWN_NOW_MS, t->mem, &posts, &n);
	for (int i = r->n_posts; i-- > 0;) {
		if (failed(read_post(&t->c, t->people[v], &r->posts[i], TOWN_NOW_MS, t->mem,
		                     &post)) ||
		    post.group.v != group.v)
			continue;
		assert_ok(e); /* who sees what is said in it is in it */
		if (at == n) {
			assert_int_equal(n, limit);
			page.max_id = posts[n - 1].post.gate.id.v;
			at = 0;
			e = read_group(&t->c, t->people[v], group, page, TOWN_NOW_MS, t->mem,
			               &posts, &n);
			assert_true(n > 0);
		}
		assert_int_equal(posts[at++].post.gate.id.v, post.post.gate.id.v);
	}
	assert_true(failed(e) ? e.code == ERR_MISSING : at == n);
}

static void check_all(struct random_town *r)
{
	struct town *t = r->t;
	static const int limits[] = { 1, 7, 40 };
	static int64_t ids[POSTS_MAX];
	for (int v = 0; v < PEOPLE; v++) {
		size_t n = plain_home(r, v, ids);
		if (n > 1)
			qsort(ids, n, sizeof(*ids), newest_first);
		for (size_t l = 0; l < 3; l++) {
			page_through(t, t->people[v], limits[l], ids, n);
			for (int g = 0; g < GROUPS; g++)
				check_group(r, v, r->groups[g], limits[l]);
			arena_reset(t->mem);
		}
	}
}

static void home_is_the_same_every_way(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct random_town *r = random_town_new(seed);
		for (int round = 0; round < 2; round++) {
			grow(r, 300);
			check_all(r);
		}
		random_town_free(r);
	}
}

static void a_restart_changes_nothing(void **state)
{
	(void)state;
	for (uint64_t seed = 101; seed <= 106; seed++) {
		struct random_town *r = random_town_new(seed);
		str before[PEOPLE];
		grow(r, 500);
		arena_reset(r->t->mem);
		for (int v = 0; v < PEOPLE; v++)
			before[v] = town_dump(r->t, v, (struct page){ .limit = 60 });
		town_restart(r->t);
		for (int v = 0; v < PEOPLE; v++) {
			str after = town_dump(r->t, v, (struct page){ .limit = 60 });
			if (!str_eq(before[v], after))
				fail_msg("seed %llu viewer %d\n%.*s\n-- after --\n%.*s",
				         (unsigned long long)seed, v, STR_ARG(before[v]),
				         STR_ARG(after));
		}
		random_town_free(r);
	}
}

static void pages_are_full_whatever_is_hidden(void **state)
{
	struct town *t = town_new(3, 5);
	struct seen_post *posts;
	size_t n;
	(void)state;
	town_befriend(t, 0, 1);
	town_befriend(t, 0, 2);
	struct status_ref oldest = town_post(t, 2, (struct audience){ 0 }, 0, "oldest");
	for (int i = 0; i < 500; i++)
		town_post(t, 1, (struct audience){ .kind = AUDIENCE_SELF }, 0, "mine alone");
	struct status_ref newest = town_post(t, 2, (struct audience){ 0 }, 0, "newest");
	assert_ok(read_home(&t->c, t->people[0], (struct page){ .limit = 2 }, TOWN_NOW_MS, t->mem,
	                    &posts, &n));
	assert_int_equal(n, 2);
	assert_int_equal(posts[0].post.gate.id.v, newest.post.v);
	assert_int_equal(posts[1].post.gate.id.v, oldest.post.v);
	town_free(t);
}

static void hiding_theirs_is_for_my_feed_only(void **state)
{
	struct town *t = town_new(2, 5);
	struct seen_post *posts, post;
	size_t n;
	(void)state;
	town_befriend(t, 0, 1);
	struct status_ref ref = town_post(t, 1, (struct audience){ 0 }, 0, "words");
	town_hide(t, 0, 1, HIDE_THEIRS, true);
	assert_ok(read_home(&t->c, t->people[0], (struct page){ 0 }, TOWN_NOW_MS, t->mem, &posts,
	                    &n));
	assert_int_equal(n, 0);
	assert_ok(read_album(&t->c, t->people[0], t->people[1], (struct page){ 0 }, TOWN_NOW_MS,
	                     t->mem, &posts, &n));
	assert_int_equal(n, 1);
	assert_ok(read_post(&t->c, t->people[0], &ref, TOWN_NOW_MS, t->mem, &post));
	town_free(t);
}

static void an_album_shows_what_the_door_shows(void **state)
{
	struct town *t = town_new(4, 5);
	struct seen_post *posts;
	size_t n;
	(void)state;
	town_befriend(t, 0, 1);
	for (int i = 0; i < 50; i++)
		town_post(t, 1,
		          (struct audience){ .kind = i % 2 ? AUDIENCE_SELF : AUDIENCE_FRIENDS }, 0,
		          "words");
	struct page page = { .limit = 40 };
	assert_ok(read_album(&t->c, t->people[1], t->people[1], page, TOWN_NOW_MS, t->mem, &posts,
	                     &n));
	assert_int_equal(n, 40);
	assert_ok(read_album(&t->c, t->people[0], t->people[1], page, TOWN_NOW_MS, t->mem, &posts,
	                     &n));
	assert_int_equal(n, 25);
	/* A stranger: the card is there, the album is empty. */
	assert_ok(read_album(&t->c, t->people[2], t->people[1], page, TOWN_NOW_MS, t->mem, &posts,
	                     &n));
	assert_int_equal(n, 0);
	/* B ended it: A still counts B as a friend and sees an empty album. */
	town_tie(t, 1, 0, false);
	assert_ok(read_album(&t->c, t->people[0], t->people[1], page, TOWN_NOW_MS, t->mem, &posts,
	                     &n));
	assert_int_equal(n, 0);
	town_block(t, 1, 2, true);
	assert_fails(read_album(&t->c, t->people[2], t->people[1], page, TOWN_NOW_MS, t->mem,
	                        &posts, &n),
	             ERR_MISSING);
	assert_fails(read_album(&t->c, t->people[2], (person_id){ 77 }, page, TOWN_NOW_MS, t->mem,
	                        &posts, &n),
	             ERR_MISSING);
	town_free(t);
}

static void a_list_narrows_home_to_its_people(void **state)
{
	struct town *t = town_new(4, 5);
	struct seen_post *posts;
	size_t n;
	(void)state;
	for (int i = 1; i < 4; i++) {
		town_befriend(t, 0, i);
		town_post(t, i, (struct audience){ 0 }, 0, "words");
	}
	town_post(t, 0, (struct audience){ 0 }, 0, "mine");
	list_id list = town_list(t, 0);
	assert_ok(read_list(&t->c, t->people[0], list, (struct page){ 0 }, TOWN_NOW_MS, t->mem,
	                    &posts, &n));
	assert_int_equal(n, 0);
	town_member(t, 0, list, 2, true);
	assert_ok(read_list(&t->c, t->people[0], list, (struct page){ 0 }, TOWN_NOW_MS, t->mem,
	                    &posts, &n));
	assert_int_equal(n, 1);
	assert_int_equal(posts[0].post.gate.author.v, t->people[2].v);
	assert_fails(read_list(&t->c, t->people[1], list, (struct page){ 0 }, TOWN_NOW_MS, t->mem,
	                       &posts, &n),
	             ERR_MISSING);
	town_drop_list(t, 0, list);
	assert_fails(read_list(&t->c, t->people[0], list, (struct page){ 0 }, TOWN_NOW_MS, t->mem,
	                       &posts, &n),
	             ERR_MISSING);
	town_free(t);
}

static void favourites_are_what_i_liked_and_may_still_see(void **state)
{
	struct town *t = town_new(3, 5);
	struct status_ref refs[70];
	struct seen_post *posts;
	size_t n, total = 0;
	(void)state;
	town_befriend(t, 0, 1);
	town_befriend(t, 0, 2);
	for (int i = 0; i < 70; i++) {
		refs[i] = town_post(t, 1 + i % 2, (struct audience){ 0 }, 0, "words");
		town_like(t, 0, refs[i], true);
	}
	town_tie(t, 2, 0, false);
	town_like(t, 0, refs[0], false);
	struct page page = { .limit = 10 };
	do {
		assert_ok(read_favourites(&t->c, t->people[0], page, TOWN_NOW_MS, t->mem, &posts,
		                          &n));
		for (size_t i = 0; i < n; i++)
			assert_int_equal(posts[i].post.gate.id.v,
			                 refs[68 - 2 * (int)total++].post.v);
		if (n > 0)
			page.max_id = posts[n - 1].post.gate.id.v;
	} while (n == 10);
	assert_int_equal(total, 34);
	town_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(home_is_the_same_every_way),
		cmocka_unit_test(a_restart_changes_nothing),
		cmocka_unit_test(pages_are_full_whatever_is_hidden),
		cmocka_unit_test(hiding_theirs_is_for_my_feed_only),
		cmocka_unit_test(an_album_shows_what_the_door_shows),
		cmocka_unit_test(a_list_narrows_home_to_its_people),
		cmocka_unit_test(favourites_are_what_i_liked_and_may_still_see),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
