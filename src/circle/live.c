/* The list and its streams. The interface is live.h; live_next.c asks the door.
 *
 * Two locks, never taken the other way round: the world's, to find who might be concerned, then the one here, over the
 * ring and the streams. `wake` and `end` are called under it, so that live_close ends them. */
#include "circle/live_private.h"

#include "circle/world.h"

#include "base/leak.h"

#include <stdlib.h>

/* Bulk load brings posts of years: they are no news. */
#define FRESH_MS (INT64_C(10) * 60 * 1000)

struct live *live_new(struct circle *c)
{
	struct live *live = calloc(1, sizeof *live);
	if (live == NULL)
		abort();
	pthread_mutex_init(&live->lock, NULL);
	live->c = c;
	live->floor = snowflake_next(c->ids);
	return live;
}

static void let_go(struct live_kept *kept)
{
	arena_free(kept->mem);
	kept->mem = NULL;
}

void live_free(struct live *live)
{
	if (live == NULL)
		return;
	for (size_t i = 0; i < LIVE_KEPT; i++)
		let_go(&live->ring[i]);
	pthread_mutex_destroy(&live->lock);
	free(live);
}

/* --- streams --- */

static struct live_stream **bucket_of(struct live *live, person_id person)
{
	return &live->people[(uint64_t)person.v * UINT64_C(0x9E3779B97F4A7C15) >> 54];
}

static unsigned count_of(struct live *live, person_id person)
{
	unsigned n = 0;
	for (const struct live_stream *s = *bucket_of(live, person); s != NULL; s = s->next)
		n += s->draft.person.v == person.v;
	return n;
}

/* Where the list goes on after what was told last. */
static void place(struct live *live, struct live_stream *s)
{
	s->at = s->replay_end = live->head;
	if (s->draft.after == 0)
		return;
	s->missed = s->draft.after < live->floor;
	while (s->at > live_oldest(live) && live_at(live, s->at - 1)->event.id > s->draft.after)
		s->at--;
	s->due = s->missed || s->at < live->head;
}

err live_open(struct circle *c, const struct live_draft *draft, struct live_stream **out)
{
	struct live *live = c->live;
	struct live_stream *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	*s = (struct live_stream){ .live = live, .draft = *draft };
	pthread_mutex_lock(&live->lock);
	bool room = count_of(live, draft->person) < LIVE_STREAMS_OF_ONE;
	if (room) {
		s->link = bucket_of(live, draft->person);
		s->next = *s->link;
		if (s->next != NULL)
			s->next->link = &s->next;
		*s->link = s;
		place(live, s);
		live->streams++;
	}
	pthread_mutex_unlock(&live->lock);
	if (!room) {
		free(s);
		return err_limit(NULL, "You have too many streams open.");
	}
	*out = s;
	return OK;
}

void live_close(struct live_stream *s)
{
	if (s == NULL)
		return;
	struct live *live = s->live;
	pthread_mutex_lock(&live->lock);
	*s->link = s->next;
	if (s->next != NULL)
		s->next->link = s->link;
	live->streams--;
	pthread_mutex_unlock(&live->lock);
	free(s);
}

int64_t live_latest(struct circle *c)
{
	struct live *live = c->live;
	pthread_mutex_lock(&live->lock);
	int64_t id = live->head > 0 ? live_at(live, live->head - 1)->event.id : live->floor;
	pthread_mutex_unlock(&live->lock);
	return id;
}

/* --- events --- */

/* [locked] */
static void mark(struct live *live, person_id person, uint64_t seq)
{
	for (struct live_stream *s = *bucket_of(live, person); s != NULL; s = s->next) {
		if (s->draft.person.v != person.v)
			continue;
		if (!s->due) {
			s->due = true;
			s->at = seq;
		}
		s->draft.wake(s->draft.ctx);
	}
}

/* Puts the event in the list. [locked] */
static uint64_t keep(struct live *live, const struct live_kept *kept)
{
	struct live_kept *place = &live->ring[live->head % LIVE_KEPT];
	if (live->head >= LIVE_KEPT)
		live->floor = place->event.id;
	let_go(place);
	*place = *kept;
	place->event.id = snowflake_next(live->c->ids);
	return live->head++;
}

/* To all who might see a post of this author for this audience: the door will ask of each. */
static void tell_readers(struct live *live, const struct live_kept *kept, group_id group)
{
	const struct world *world = live->c->world;
	person_id author = kept->event.ref.post_author;
	size_t n = 0;
	world_lock(world);
	const person_id *readers = group.v != 0 ? world_group_members(world, group, &n)
	                                        : world_ties(world, author, &n);
	pthread_mutex_lock(&live->lock);
	uint64_t seq = keep(live, kept);
	for (size_t i = 0; live->streams > 0 && i < n; i++)
		mark(live, readers[i], seq);
	mark(live, author, seq);
	pthread_mutex_unlock(&live->lock);
	world_unlock(world);
}

static void tell_one(struct live *live, const struct live_kept *kept)
{
	pthread_mutex_lock(&live->lock);
	mark(live, kept->reader, keep(live, kept));
	pthread_mutex_unlock(&live->lock);
}

/* Of a post that is in its author's ring, or of one too old for that: then of nobody's, and its readers are the author's friends. */
static group_id group_of(const struct live *live, const struct status_ref *ref)
{
	world_lock(live->c->world);
	const struct post_gate *gate = world_gate(live->c->world, ref->post_author, ref->post);
	group_id group = gate != NULL ? gate->audience.group : (group_id){ 0 };
	world_unlock(live->c->world);
	return group;
}

static bool is_fresh(const struct live *live, int64_t at_ms)
{
	return at_ms + FRESH_MS > clock_now(live->c->clock);
}

void live_post(struct live *live, const struct post_gate *gate)
{
	if (live == NULL || !is_fresh(live, gate->created_at_ms))
		return;
	struct live_kept kept = { .event = { .kind = LIVE_POST,
		                             .ref = { gate->author, gate->id, { 0 } } } };
	tell_readers(live, &kept, gate->audience.group);
}

void live_gone(struct live *live, const struct post_gate *was)
{
	if (live == NULL)
		return;
	struct live_kept kept = { .event = { .kind = LIVE_GONE,
		                             .ref = { was->author, was->id, { 0 } } },
		                  .was = *was,
		                  .was_at_ms = clock_now(live->c->clock),
		                  .mem = arena_new(512) };
	kept.was.audience = audience_dup(kept.mem, &was->audience);
	tell_readers(live, &kept, was->audience.group);
}

void live_changed(struct live *live, const struct status_ref *ref)
{
	if (live == NULL)
		return;
	struct live_kept kept = {
		.event = { .kind = LIVE_CHANGED, .ref = *ref, .words = ref->comment.v == 0 }
	};
	tell_readers(live, &kept, group_of(live, ref));
}

void live_measure(struct live *live, const struct status_ref *ref, const struct piece_measure *m)
{
	if (live == NULL)
		return;
	struct live_kept kept = {
		.event = { .kind = LIVE_CHANGED, .ref = *ref, .words = ref->comment.v == 0 },
		.measure = { .id = m->id,
		             .subject = m->subject,
		             .comment = m->comment,
		             .kind = m->kind,
		             .family = m->family },
		.alone = m->alone.rule.n > 0,
	};
	tell_readers(live, &kept, group_of(live, ref));
}

void live_comment(struct live *live, const struct comment_gate *gate)
{
	struct status_ref ref = { gate->post_author, gate->post, gate->id };
	if (live != NULL && is_fresh(live, gate->created_at_ms))
		live_changed(live, &ref);
}

void live_comment_gone(struct live *live, const struct comment_gate *was)
{
	if (live == NULL)
		return;
	struct live_kept kept = { .event = { .kind = LIVE_CHANGED,
		                             .ref = { was->post_author, was->post, was->id } },
		                  .comment = *was };
	tell_readers(live, &kept, group_of(live, &kept.event.ref));
}

void live_like(struct live *live, const struct like *like)
{
	if (live == NULL || !is_fresh(live, like->at_ms))
		return;
	struct live_kept kept = { .event = { .kind = LIVE_CHANGED,
		                             .ref = { like->post_author, like->post, { 0 } } },
		                  .actor = like->by };
	tell_readers(live, &kept, group_of(live, &kept.event.ref));
}

void live_notice(struct live *live, person_id reader, notice_id id)
{
	if (live != NULL)
		tell_one(live, &(struct live_kept){ .event = { .kind = LIVE_NOTICE, .notice = id },
		                                    .reader = reader });
}

void live_requests(struct live *live, person_id person)
{
	if (live != NULL)
		tell_one(live, &(struct live_kept){ .event = { .kind = LIVE_REQUESTS },
		                                    .reader = person });
}

/* [both locked] */
static bool is_officer(const struct live *live, person_id person)
{
	const struct person *p = world_person(live->c->world, person);
	return p != NULL && p->status == PERSON_ACTIVE && p->role != ROLE_MEMBER;
}

/* They are few, and not listed anywhere: those are asked who stream. */
void live_case(struct live *live, case_id id)
{
	if (live == NULL)
		return;
	struct live_kept kept = { .event = { .kind = LIVE_CASES }, .in = id };
	world_lock(live->c->world);
	pthread_mutex_lock(&live->lock);
	uint64_t seq = keep(live, &kept);
	for (size_t i = 0; live->streams > 0 && i < LIVE_BUCKETS; i++)
		for (const struct live_stream *s = live->people[i]; s != NULL; s = s->next)
			if (is_officer(live, s->draft.person))
				mark(live, s->draft.person, seq);
	pthread_mutex_unlock(&live->lock);
	world_unlock(live->c->world);
}

/* --- ends --- */

/* [locked] */
static void end(struct live_stream *s)
{
	if (LEAK("stream.after_end"))
		return;
	s->over = true;
	s->draft.end(s->draft.ctx);
}

void live_end_session(struct live *live, session_id id)
{
	if (live == NULL)
		return;
	pthread_mutex_lock(&live->lock);
	for (size_t i = 0; i < LIVE_BUCKETS; i++)
		for (struct live_stream *s = live->people[i]; s != NULL; s = s->next)
			if (s->draft.session.v == id.v)
				end(s);
	pthread_mutex_unlock(&live->lock);
}

void live_end_person(struct live *live, person_id person, session_id keep_id)
{
	if (live == NULL)
		return;
	pthread_mutex_lock(&live->lock);
	for (struct live_stream *s = *bucket_of(live, person); s != NULL; s = s->next)
		if (s->draft.person.v == person.v &&
		    (keep_id.v == 0 || s->draft.session.v != keep_id.v))
			end(s);
	pthread_mutex_unlock(&live->lock);
}
