/* What a stream is told next: each event is asked of the door for its reader, as of now. The interface is live.h. */
#include "circle/live_private.h"

#include "circle/docket_private.h"
#include "circle/read_private.h"

#include "store/store.h"

#include "base/leak.h"

/* Others want their turn: a stream that has found nothing among so many is woken again. */
#define LOOKS_A_TURN 256

/* --- the door --- */

struct asking {
	const struct live_kept *kept;
	bool told, home;
};

/* A friend's or my own, and not hidden: as read_home.c gathers its authors. */
static bool in_home(const struct view *view, person_id author)
{
	return author.v == view->v.v || (view->see.tie(view->see.ctx, view->v, author) &&
	                                 !world_hides_theirs(view->c->world, view->v, author));
}

/* A like is its giver's; a comment is asked as it stands, and one that is gone as it stood. */
static bool sees_change(struct view *view, const struct post_gate *gate,
                        const struct live_kept *kept)
{
	const struct status_ref *ref = &kept->event.ref;
	const struct piece *piece;
	if (kept->actor.v != 0)
		return see_act_on_seen(&view->see, view->v, gate, kept->actor);
	if (kept->measure.id.v != 0 && !kept->alone && !view_tells(view, gate, &kept->measure))
		return false;
	if (ref->comment.v == 0)
		return true;
	if (kept->comment.id.v != 0)
		return see_comment_on_seen(&view->see, view->v, gate, &kept->comment, view->now_ms);
	if (!view_piece(view, ref->post_author, ref->post, &piece) || piece == NULL)
		return false;
	size_t at = piece_comment(piece, ref->comment);
	return at != SIZE_MAX && see_comment_on_seen(&view->see, view->v, gate,
	                                             &piece->comments[at].gate, view->now_ms);
}

static void look(struct view *view, void *ctx)
{
	struct asking *asking = ctx;
	const struct live_kept *kept = asking->kept;
	const struct status_ref *ref = &kept->event.ref;
	const struct post_gate *gate;
	asking->told = false;
	asking->home = in_home(view, ref->post_author);
	if (!view_gate(view, ref->post_author, ref->post, &gate))
		return;
	bool sees = gate != NULL && see_post(&view->see, view->v, gate, view->now_ms);
	if (kept->event.kind == LIVE_GONE)
		asking->told = !sees && see_post(&view->see, view->v, &kept->was, kept->was_at_ms);
	else
		asking->told = (sees || LEAK("stream.unchecked")) &&
		               (kept->event.kind == LIVE_POST || sees_change(view, gate, kept));
}

/* As the queue would list it. */
static bool sees_case(struct live_stream *s, case_id id, struct arena *mem)
{
	struct circle *c = s->live->c;
	struct conn *conn = NULL;
	struct order_case one;
	err e;
	TRY(docket_check_steward(c, s->draft.person));
	TRY(store_read(c->store, &conn));
	TRY(docket_find(conn, s->draft.person, id, mem, &one));
out:
	store_read_end(c->store, &conn);
	return !failed(e);
}

/* A notice is asked when it is read, by read_notice. */
static bool is_told(struct live_stream *s, const struct live_kept *kept, int64_t now_ms,
                    struct arena *mem, bool *home)
{
	struct asking asking = { .kept = kept };
	if (kept->event.kind == LIVE_NOTICE || kept->event.kind == LIVE_REQUESTS)
		return kept->reader.v == s->draft.person.v;
	if (kept->event.kind == LIVE_CASES)
		return sees_case(s, kept->in, mem);
	struct view view = view_of(s->live->c, s->draft.person, now_ms, mem);
	if (failed(view_run(&view, look, &asking)))
		return false;
	*home = asking.home;
	return asking.told;
}

/* --- the list --- */

/* The next event this stream has to look at. */
static enum live_said take(struct live_stream *s, struct arena *mem, struct live_kept *out,
                           bool *replayed)
{
	struct live *live = s->live;
	enum live_said said = LIVE_EVENT;
	pthread_mutex_lock(&live->lock);
	if (s->over) {
		said = LIVE_OVER;
	} else if (!s->due || (!s->missed && s->at == live->head)) {
		s->due = false;
		said = LIVE_NOTHING;
	} else if (s->missed || s->at < live_oldest(live)) {
		s->at = live->head;
		s->due = s->missed = false;
		said = LIVE_MISSED;
	} else {
		*out = *live_at(live, s->at);
		out->was.audience = audience_dup(mem, &out->was.audience);
		*replayed = s->at++ < s->replay_end;
	}
	pthread_mutex_unlock(&live->lock);
	return said;
}

bool live_goes_on(struct live_stream *s, int64_t now_ms)
{
	struct bearer bearer;
	pthread_mutex_lock(&s->live->lock);
	bool over = s->over;
	pthread_mutex_unlock(&s->live->lock);
	if (LEAK("stream.after_end"))
		return true;
	return !over && !failed(admit_bearer_of(s->live->c, &s->draft.token, now_ms, &bearer)) &&
	       !bearer.sealed && !bearer.factor_due;
}

/* More than LIVE_REPLAYED of what was missed are not worth telling one by one. */
static bool is_too_much(struct live_stream *s, bool replayed)
{
	if (!replayed || ++s->replayed <= LIVE_REPLAYED)
		return false;
	pthread_mutex_lock(&s->live->lock);
	s->at = s->live->head;
	s->due = false;
	pthread_mutex_unlock(&s->live->lock);
	return true;
}

enum live_said live_next(struct live_stream *s, int64_t now_ms, struct arena *mem,
                         struct live_event *out)
{
	struct live_kept kept;
	bool replayed = false, home = false;
	for (int looks = 0; looks < LOOKS_A_TURN; looks++) {
		enum live_said said = take(s, mem, &kept, &replayed);
		if (said == LIVE_NOTHING && looks > 0)
			return said;
		if (said != LIVE_EVENT)
			return said != LIVE_OVER && live_goes_on(s, now_ms) ? said : LIVE_OVER;
		if (!is_told(s, &kept, now_ms, mem, &home))
			continue;
		if (!live_goes_on(s, now_ms))
			return LIVE_OVER;
		if (is_too_much(s, replayed))
			return LIVE_MISSED;
		*out = kept.event;
		out->home = home;
		return LIVE_EVENT;
	}
	s->draft.wake(s->draft.ctx);
	return LIVE_NOTHING;
}

bool live_in_list(struct circle *c, person_id v, list_id list, person_id author)
{
	size_t n = 0;
	bool in = false;
	world_lock(c->world);
	const person_id *members = world_list_members(c->world, v, list, &n);
	for (size_t i = 0; members != NULL && i < n && !in; i++)
		in = members[i].v == author.v;
	world_unlock(c->world);
	return in;
}
