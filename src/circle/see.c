/* The predicates of PRODUCT.md section 2. Each clause of the text is a line here. */
#include "circle/see.h"

#include "base/leak.h"

static bool same(person_id a, person_id b) { return a.v == b.v; }

static bool is_active(const struct see_source *s, person_id p)
{
	return s->person(s->ctx, p).active;
}

static bool is_held(int64_t held_until_ms, int64_t now_ms) { return now_ms < held_until_ms; }

static bool block_between(const struct see_source *s, person_id a, person_id b)
{
	return s->block(s->ctx, a, b) || s->block(s->ctx, b, a);
}

/* friends(a,b): tie(a,b) and tie(b,a), no block either way, both active */
bool see_friends(const struct see_source *s, person_id a, person_id b)
{
	if (LEAK("friends.one_side") && (s->tie(s->ctx, a, b) || s->tie(s->ctx, b, a)))
		return true;
	return s->tie(s->ctx, a, b) && s->tie(s->ctx, b, a) && !block_between(s, a, b) &&
	       is_active(s, a) && (is_active(s, b) || LEAK("post.sealed_author"));
}

/* apart(a,b): neither tie */
bool see_apart(const struct see_source *s, person_id a, person_id b)
{
	return !s->tie(s->ctx, a, b) && !s->tie(s->ctx, b, a);
}

static bool is_named(const struct audience *audience, person_id v)
{
	for (size_t i = 0; i < audience->n_people; i++)
		if (same(audience->people[i], v))
			return true;
	return false;
}

/* A deleted tag admits nobody but goes on excluding: deleting never widens. */
static bool is_in_lists(const struct see_source *s, person_id v, person_id author,
                        const struct audience *audience, bool deleted_count)
{
	for (size_t i = 0; i < audience->n_lists; i++) {
		bool deleted = false;
		if (s->in_list(s->ctx, author, audience->lists[i], v, &deleted) &&
		    (deleted_count || !deleted))
			return true;
	}
	return false;
}

/* friends; only these tags/people; all except these tags/people; only me (tag lists evaluated now) */
static bool clause_admits(const struct see_source *s, person_id v, person_id author,
                          const struct audience *audience)
{
	switch (audience->kind) {
	case AUDIENCE_FRIENDS:
		return true;
	case AUDIENCE_ONLY:
		return is_named(audience, v) || is_in_lists(s, v, author, audience, false);
	case AUDIENCE_EXCEPT:
		return !is_named(audience, v) &&
		       !is_in_lists(s, v, author, audience, !LEAK("tag.deleted_widens"));
	case AUDIENCE_SELF:
		return false;
	case AUDIENCE_GROUP:
		return s->in_group(s->ctx, audience->group, v);
	}
	return false;
}

/* A narrowed audience goes on being what it was before as well: all of them admit. */
bool see_admits(const struct see_source *s, person_id v, person_id author,
                const struct audience *audience)
{
	if (same(v, author))
		return true;
	for (const struct audience *clause = audience; clause != NULL;
	     clause = LEAK("narrow.forgets") ? NULL : clause->also)
		if (!clause_admits(s, v, author, clause))
			return false;
	return true;
}

static bool inside_range(enum person_range range, int64_t created_at_ms, int64_t now_ms)
{
	return range == RANGE_ALL || now_ms - created_at_ms <= range_ms(range);
}

static bool is_for_group(const struct post_gate *p) { return p->audience.kind == AUDIENCE_GROUP; }

/* Instead of the friend, hide-list, range and audience clauses: v and author are members of g now, no block between them */
static bool group_admits(const struct see_source *s, person_id v, const struct post_gate *p)
{
	group_id g = p->audience.group;
	return s->in_group(s->ctx, g, v) &&
	       (s->in_group(s->ctx, g, p->author) || LEAK("group.author_left")) &&
	       (!block_between(s, v, p->author) || LEAK("group.block"));
}

/* see(v,p): v active, p not deleted, and v is the author, or p not held, author active, friends(v,author), v not in
 * the author's hide list, p inside the author's range, p's audience admits v */
bool see_post(const struct see_source *s, person_id v, const struct post_gate *p, int64_t now_ms)
{
	if (p->deleted || !is_active(s, v))
		return false;
	if (same(v, p->author))
		return true;
	struct see_person author = s->person(s->ctx, p->author);
	if (is_held(p->held_until_ms, now_ms) || (!author.active && !LEAK("post.sealed_author")))
		return false;
	if (is_for_group(p))
		return group_admits(s, v, p);
	return see_friends(s, v, p->author) &&
	       (!s->hides_mine(s->ctx, p->author, v) || LEAK("hide_mine.ignored")) &&
	       inside_range(author.range, p->created_at_ms, now_ms) &&
	       see_admits(s, v, p->author, &p->audience);
}

/* act(v,p,u), after see(v,p): u active, no block between v and u or between u and author, and v=u, or u=author, or
 * (not apart(u,author) and (v=author or friends(v,u))); in a group instead: u is a member now */
bool see_act_on_seen(const struct see_source *s, person_id v, const struct post_gate *p,
                     person_id u)
{
	bool own = same(v, u) || same(u, p->author);
	/* First what most who acted are refused by, and what is asked of v's own ties: others' lie all over memory. */
	if (!is_for_group(p) && !own && !same(v, p->author) && !see_friends(s, v, u) &&
	    !LEAK("act.strangers"))
		return false;
	if ((!is_active(s, u) && !LEAK("act.sealed")) ||
	    (block_between(s, v, u) && !LEAK("act.block")) || block_between(s, u, p->author))
		return false;
	if (is_for_group(p))
		return s->in_group(s->ctx, p->audience.group, u);
	return own || !see_apart(s, u, p->author) || LEAK("act.ex_friend");
}

bool see_act(const struct see_source *s, person_id v, const struct post_gate *p, person_id u,
             int64_t now_ms)
{
	return see_post(s, v, p, now_ms) && see_act_on_seen(s, v, p, u);
}

/* comment(v,c), after see(v,post): not deleted, and v=c.author, or: c not held, act(v,post,c.author), and if it
 * answers r: v=r or r=author or act(v,post,r) */
bool see_comment_on_seen(const struct see_source *s, person_id v, const struct post_gate *p,
                         const struct comment_gate *c, int64_t now_ms)
{
	if (c->deleted)
		return false;
	if (same(v, c->author))
		return true;
	if ((is_held(c->held_until_ms, now_ms) && !LEAK("comment.held_shown")) ||
	    (!see_act_on_seen(s, v, p, c->author) && !LEAK("comment.commenter")))
		return false;
	person_id r = c->reply_to_author;
	return c->reply_to.v == 0 || same(v, r) || same(r, p->author) ||
	       see_act_on_seen(s, v, p, r) || LEAK("reply.answered");
}

bool see_comment(const struct see_source *s, person_id v, const struct post_gate *p,
                 const struct comment_gate *c, int64_t now_ms)
{
	return see_post(s, v, p, now_ms) && see_comment_on_seen(s, v, p, c, now_ms);
}

/* like(v,p,u): liked (the caller has the row) and act(v,p,u) */
bool see_like(const struct see_source *s, person_id v, const struct post_gate *p, person_id liker,
              int64_t now_ms)
{
	return see_act(s, v, p, liker, now_ms);
}

/* card(v,u): for every active member; not there if blocked either way */
bool see_card(const struct see_source *s, person_id v, person_id u)
{
	return is_active(s, v) && is_active(s, u) &&
	       (!block_between(s, v, u) || LEAK("card.block"));
}

/* profile(v,u): v=u or tie(v,u) */
bool see_profile(const struct see_source *s, person_id v, person_id u)
{
	return same(v, u) || s->tie(s->ctx, v, u) || LEAK("profile.strangers");
}

/* picture(v,m): attached: see(v,post); not yet attached: v is the uploader */
bool see_picture(const struct see_source *s, person_id v, const struct media *m,
                 const struct post_gate *post, int64_t now_ms)
{
	switch (m->use) {
	case MEDIA_UNUSED:
		return (same(v, m->owner) || LEAK("picture.unused")) && is_active(s, v);
	case MEDIA_POST:
		return post != NULL && same(post->author, m->owner) && post->id.v == m->post.v &&
		       see_post(s, v, post,
		                LEAK("picture.held") && is_held(post->held_until_ms, now_ms)
		                        ? post->held_until_ms
		                        : now_ms);
	case MEDIA_AVATAR:
		return see_card(s, v, m->owner);
	case MEDIA_COVER:
		return see_card(s, v, m->owner) && see_profile(s, v, m->owner);
	}
	return false;
}

bool see_group(const struct see_source *s, person_id v, group_id g)
{
	return is_active(s, v) && s->in_group(s->ctx, g, v);
}

/* review(s,o): s steward or keeper, o held or in an open case, s no party to it */
bool see_review(const struct see_source *s, person_id steward, person_id piece_author,
                person_id post_author, int64_t held_until_ms, int64_t now_ms)
{
	struct see_person who = s->person(s->ctx, steward);
	return who.active && (who.role == ROLE_STEWARD || who.role == ROLE_KEEPER) &&
	       is_held(held_until_ms, now_ms) &&
	       ((!same(steward, piece_author) && !same(steward, post_author)) ||
	        LEAK("review.party"));
}
