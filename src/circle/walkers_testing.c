#include "circle/walkers_testing.h"

struct stage *s;
group_id walkers;

int walkers_set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = WALKERS_PEOPLE });
	for (int i = BO; i < WALKERS_PEOPLE; i++)
		stage_befriend(s, AN, i);
	assert_ok(convene_create(s->c, s->people[AN], S("Walkers"), S("Sundays at nine"), s->now_ms,
	                         s->mem, &walkers));
	return 0;
}

int walkers_tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

err walkers_invite(int by, int whom)
{
	return convene_invite(s->c, s->people[by], walkers, s->people[whom], ++s->now_ms);
}

err walkers_accept(int who) { return convene_accept(s->c, s->people[who], walkers, ++s->now_ms); }
err walkers_leave(int who) { return convene_leave(s->c, s->people[who], walkers, ++s->now_ms); }

err walkers_remove_member(int by, int whom)
{
	return convene_remove(s->c, s->people[by], walkers, s->people[whom], ++s->now_ms);
}

err walkers_hand_over(int by, int whom)
{
	return convene_hand_over(s->c, s->people[by], walkers, s->people[whom], ++s->now_ms);
}

void walkers_join(int who)
{
	assert_ok(walkers_invite(AN, who));
	assert_ok(walkers_accept(who));
}

err walkers_find(int who, struct seen_group *out)
{
	return convene_find(s->c, s->people[who], walkers, s->mem, out);
}

size_t walkers_count_members(int who)
{
	struct seen_group_member *members;
	size_t n;
	assert_ok(convene_members(s->c, s->people[who], walkers, s->mem, &members, &n));
	return n;
}

size_t walkers_count_groups(int who)
{
	struct seen_group *all;
	size_t n;
	assert_ok(convene_all(s->c, s->people[who], s->mem, &all, &n));
	return n;
}

struct status_ref walkers_post(int author, const char *text)
{
	struct published out;
	struct post_draft draft = { .text = str_of(text),
		                    .audience = { .kind = AUDIENCE_GROUP, .group = walkers } };
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	return (struct status_ref){ s->people[author], out.post.gate.id, { 0 } };
}

size_t walkers_count_timeline(int who)
{
	struct seen_post *posts;
	size_t n;
	assert_ok(read_group(s->c, s->people[who], walkers, (struct page){ 0 }, s->now_ms, s->mem,
	                     &posts, &n));
	return n;
}

size_t walkers_count_notices(int who, unsigned kinds)
{
	struct seen_notice *notices;
	size_t n;
	assert_ok(read_notices(s->c, s->people[who], (struct page){ 0 }, kinds, s->now_ms, s->mem,
	                       &notices, &n));
	return n;
}
