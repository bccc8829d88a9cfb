/* Notices are kept as ids: what they say is asked of the door when they are read. 0 is the reader; 1, 2 are friends of
 * hers and of each other; 3 is a stranger. */
#include "circle/town_testing.h"

#define ALL ~0u

struct scene {
	struct town *t;
	struct status_ref post, theirs, comment;
};

static void tell(struct scene *s, enum notice_kind kind, int actor, struct status_ref of)
{
	town_notice(s->t,
	            (struct notice){ .reader = s->t->people[0],
	                             .kind = kind,
	                             .actor = actor < 0 ? (person_id){ 0 } : s->t->people[actor],
	                             .post_author = of.post_author,
	                             .post = of.post,
	                             .comment = of.comment,
	                             .at_ms = TOWN_NOW_MS });
}

static size_t notices(struct scene *s, struct seen_notice **out)
{
	size_t n;
	assert_ok(read_notices(&s->t->c, s->t->people[0], (struct page){ .limit = 40 }, ALL,
	                       TOWN_NOW_MS, s->t->mem, out, &n));
	return n;
}

static struct scene begin(void)
{
	struct scene s = { .t = town_new(4, 1) };
	town_befriend(s.t, 0, 1);
	town_befriend(s.t, 0, 2);
	town_befriend(s.t, 1, 2);
	s.post = town_post(s.t, 0, (struct audience){ 0 }, 0, "mine");
	s.theirs = town_post(s.t, 1, (struct audience){ 0 }, 0, "theirs");
	return s;
}

static void seal_1(struct scene *s) { town_change_person(s->t, 1, PERSON_SEALED, RANGE_ALL); }
static void blocked_by_1(struct scene *s) { town_block(s->t, 1, 0, true); }
static void block_1(struct scene *s) { town_block(s->t, 0, 1, true); }
static void end_both(struct scene *s)
{
	town_tie(s->t, 0, 1, false);
	town_tie(s->t, 1, 0, false);
}
static void they_end(struct scene *s) { town_tie(s->t, 1, 0, false); }
static void delete_mine(struct scene *s) { town_delete_post(s->t, s->post); }
static void delete_comment(struct scene *s) { town_delete_comment(s->t, s->comment); }
static void hold_comment(struct scene *s) { town_hold(s->t, 1, s->comment, TOWN_NOW_MS + 1); }
static void unlike(struct scene *s) { town_like(s->t, 1, s->post, false); }
static void withdraw(struct scene *s) { town_request(s->t, 3, 0, false); }
static void block_3(struct scene *s) { town_block(s->t, 0, 3, true); }
static void seal_3(struct scene *s) { town_change_person(s->t, 3, PERSON_SEALED, RANGE_ALL); }
static void hide_theirs(struct scene *s) { town_hide(s->t, 1, 0, HIDE_MINE, true); }
static void nothing(struct scene *s) { (void)s; }

static void told_like(struct scene *s)
{
	town_like(s->t, 1, s->post, true);
	tell(s, NOTICE_LIKE, 1, s->post);
}
static void told_comment(struct scene *s)
{
	s->comment = town_comment(s->t, 1, s->post, 0, "answer");
	tell(s, NOTICE_COMMENT, 1, s->comment);
}
static void told_reply(struct scene *s)
{
	struct status_ref mine = town_comment(s->t, 0, s->theirs, 0, "answer");
	s->comment = town_comment(s->t, 1, mine, 0, "answer");
	tell(s, NOTICE_REPLY, 1, s->comment);
}
static void told_also(struct scene *s)
{
	s->comment = town_comment(s->t, 2, s->theirs, 0, "answer");
	tell(s, NOTICE_ALSO, 2, s->comment);
}
static void told_mention(struct scene *s) { tell(s, NOTICE_MENTION, 1, s->theirs); }
static void told_request(struct scene *s)
{
	town_request(s->t, 3, 0, true);
	tell(s, NOTICE_REQUEST, 3, (struct status_ref){ 0 });
}
static void told_accepted(struct scene *s)
{
	tell(s, NOTICE_ACCEPTED, 1, (struct status_ref){ 0 });
}
static void told_held(struct scene *s) { tell(s, NOTICE_HELD, -1, s->post); }

static const struct {
	const char *name;
	void (*told)(struct scene *), (*then)(struct scene *);
	size_t want;
} rows[] = {
	{ "a like is told", told_like, nothing, 1 },
	{ "a like taken back is not", told_like, unlike, 0 },
	{ "A15: nor one of a deleted post", told_like, delete_mine, 0 },
	{ "A29: nor by one who blocked me", told_like, blocked_by_1, 0 },
	{ "nor by one I block", told_like, block_1, 0 },
	{ "A54: nor by a sealed person", told_like, seal_1, 0 },
	{ "nor by one now apart", told_like, end_both, 0 },
	{ "one side ended: the like is still told", told_like, they_end, 1 },
	{ "a comment is told", told_comment, nothing, 1 },
	{ "A15: a deleted comment is not", told_comment, delete_comment, 0 },
	{ "a held comment is not", told_comment, hold_comment, 0 },
	{ "A29: a comment by one who blocked me is not", told_comment, blocked_by_1, 0 },
	{ "an answer to me is told", told_reply, nothing, 1 },
	{ "an answer on a post I may no longer see is not", told_reply, hide_theirs, 0 },
	{ "a later comment is told", told_also, nothing, 1 },
	{ "a later comment on a post I may no longer see is not", told_also, they_end, 0 },
	{ "a mention is told", told_mention, nothing, 1 },
	{ "A27: a mention on a post I may not see is not", told_mention, hide_theirs, 0 },
	{ "a request is told", told_request, nothing, 1 },
	{ "a request withdrawn is not", told_request, withdraw, 0 },
	{ "a request by one I block is not", told_request, block_3, 0 },
	{ "a request by a sealed person is not", told_request, seal_3, 0 },
	{ "an acceptance is told", told_accepted, nothing, 1 },
	{ "B ending it is not told: the acceptance stays", told_accepted, they_end, 1 },
	{ "an acceptance I ended is not", told_accepted, end_both, 0 },
	{ "a hold of mine is told", told_held, nothing, 1 },
	{ "a hold of mine is told when the piece is gone", told_held, delete_mine, 1 },
};

static void every_kind_goes_through_the_door(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s = begin();
		struct seen_notice *seen;
		rows[i].told(&s);
		assert_int_equal(notices(&s, &seen), 1); /* also fills what is cached */
		rows[i].then(&s);
		if (notices(&s, &seen) != rows[i].want)
			fail_msg("%s", rows[i].name);
		town_free(s.t);
	}
}

static void a_notice_carries_what_it_speaks_of(void **state)
{
	struct scene s = begin();
	struct seen_notice *seen, one;
	(void)state;
	told_comment(&s);
	told_held(&s);
	assert_int_equal(notices(&s, &seen), 2);
	assert_int_equal(seen[0].notice.kind, NOTICE_HELD);
	assert_int_equal(seen[0].actor.id.v, 0);
	assert_true(seen[0].has_post);
	assert_int_equal(seen[1].actor.id.v, s.t->people[1].v);
	assert_true(seen[1].has_post && seen[1].has_comment);
	assert_true(str_eq(seen[1].comment.comment.text, S("answer")));
	assert_true(str_eq(seen[1].post.post.text, S("mine")));
	assert_ok(read_notice(&s.t->c, s.t->people[0], seen[1].notice.id, TOWN_NOW_MS, s.t->mem,
	                      &one));
	assert_int_equal(one.notice.kind, NOTICE_COMMENT);
	/* Somebody else's is nobody's. */
	assert_fails(read_notice(&s.t->c, s.t->people[1], seen[1].notice.id, TOWN_NOW_MS, s.t->mem,
	                         &one),
	             ERR_MISSING);
	town_block(s.t, 1, 0, true);
	assert_fails(read_notice(&s.t->c, s.t->people[0], seen[1].notice.id, TOWN_NOW_MS, s.t->mem,
	                         &one),
	             ERR_MISSING);
	town_free(s.t);
}

static void pages_are_full_and_lose_nothing(void **state)
{
	struct scene s = begin();
	struct seen_notice *seen;
	int64_t ids[60];
	size_t n, total = 0, at;
	(void)state;
	/* Every fourth of 240 is shown: the others are likes that were taken back. */
	town_like(s.t, 1, s.post, true);
	for (int i = 0; i < 240; i++)
		tell(&s, NOTICE_LIKE, i % 4 ? 2 : 1, s.post);
	struct page page = { .limit = 7 };
	do {
		assert_ok(read_notices(&s.t->c, s.t->people[0], page, ALL, TOWN_NOW_MS, s.t->mem,
		                       &seen, &n));
		for (size_t i = 0; i < n; i++)
			ids[total++] = page.max_id = seen[i].notice.id.v;
	} while (n == 7);
	assert_int_equal(total, 60);
	for (at = 60, page = (struct page){ .limit = 7, .min_id = 1 }; at > 0;) {
		assert_ok(read_notices(&s.t->c, s.t->people[0], page, ALL, TOWN_NOW_MS, s.t->mem,
		                       &seen, &n));
		assert_true(n == 7 || n == at);
		for (size_t i = n; i-- > 0;)
			assert_int_equal(seen[i].notice.id.v, ids[--at]);
		page.min_id = seen[0].notice.id.v;
	}
	page = (struct page){ .limit = 7, .since_id = ids[3] };
	assert_ok(
		read_notices(&s.t->c, s.t->people[0], page, ALL, TOWN_NOW_MS, s.t->mem, &seen, &n));
	assert_int_equal(n, 3);
	assert_ok(read_notices(&s.t->c, s.t->people[0], (struct page){ 0 }, 1u << NOTICE_COMMENT,
	                       TOWN_NOW_MS, s.t->mem, &seen, &n));
	assert_int_equal(n, 0);
	town_free(s.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_goes_through_the_door),
		cmocka_unit_test(a_notice_carries_what_it_speaks_of),
		cmocka_unit_test(pages_are_full_and_lose_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
