#include "circle/hear.h"

#include "circle/live.h"
#include "circle/order.h"
#include "circle/read.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/hushes.h"
#include "store/posts.h"

struct hearing {
	struct circle *c;
	person_id me;
	notice_id id;
	str timeline;
	int64_t last_read_id, now_ms;
	struct marker *marker;
};

/* What is unread is another number now, on every screen of theirs. */
static void heard(void *ctx)
{
	const struct hearing *h = ctx;
	live_notice(h->c->live, h->me, (notice_id){ 0 });
}

static err dismiss(struct conn *tx, void *ctx)
{
	const struct hearing *h = ctx;
	return notices_dismiss(tx, h->me, h->id);
}

err hear_dismiss(struct circle *c, person_id me, notice_id id)
{
	struct hearing h = { .c = c, .me = me, .id = id };
	return verb_write(c, dismiss, heard, &h);
}

static err clear(struct conn *tx, void *ctx)
{
	const struct hearing *h = ctx;
	return notices_clear(tx, h->me);
}

err hear_clear(struct circle *c, person_id me)
{
	struct hearing h = { .c = c, .me = me };
	return verb_write(c, clear, heard, &h);
}

err hear_marker(struct circle *c, person_id me, str timeline, struct marker *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(markers_find(conn, me, timeline, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

err hear_unread(struct circle *c, person_id me, unsigned kinds, int most, int64_t now_ms,
                struct arena *mem, size_t *n)
{
	struct page page = { .limit = most };
	struct seen_notice *notices;
	struct marker marker;
	err e = hear_marker(c, me, S("notifications"), &marker);
	if (e.code == ERR_MISSING)
		marker.last_read_id = 0;
	else
		TRY(e);
	page.since_id = marker.last_read_id;
	TRY(read_notices(c, me, page, kinds, now_ms, mem, &notices, n));
out:
	return e;
}

static err set_marker(struct conn *tx, void *ctx)
{
	const struct hearing *h = ctx;
	return markers_set(tx, h->me, h->timeline, h->last_read_id, h->now_ms, h->marker);
}

err hear_set_marker(struct circle *c, person_id me, str timeline, int64_t last_read_id,
                    int64_t now_ms, struct marker *out)
{
	struct hearing h = { .c = c,
		             .me = me,
		             .timeline = timeline,
		             .last_read_id = last_read_id,
		             .now_ms = now_ms,
		             .marker = out };
	return verb_write(c, set_marker, heard, &h);
}

struct hushing {
	struct circle *c;
	struct arena *mem;
	person_id me;
	struct status_ref ref;
	bool on;
	int64_t now_ms;
};

static err hush_work(struct conn *tx, void *ctx)
{
	const struct hushing *h = ctx;
	struct post_gate gate;
	struct door door;
	err e;
	door_open(&door, tx, h->mem);
	TRY(door_writer(&door, h->me));
	TRY(posts_gate(tx, h->ref.post_author, h->ref.post, h->mem, &gate));
	TRY(door_answer(&door, see_post(&door.see, h->me, &gate, order_now(h->c, h->now_ms)),
	                "may not see the post"));
	TRY(h->on ? hushes_set(tx, h->me, h->ref.post_author, h->ref.post, h->now_ms)
	          : hushes_clear(tx, h->me, h->ref.post));
out:
	return e;
}

static void hush_after(void *ctx)
{
	const struct hushing *h = ctx;
	world_set_hush(h->c->world, h->me, h->ref.post, h->on);
}

static err hush(struct circle *c, person_id me, const struct status_ref *ref, bool on,
                int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	struct hushing h = { c, mem, me, *ref, on, now_ms };
	err e = verb_write(c, hush_work, hush_after, &h);
	arena_free(mem);
	return e;
}

err hear_hush(struct circle *c, person_id me, const struct status_ref *ref, int64_t now_ms)
{
	return hush(c, me, ref, true, now_ms);
}

err hear_unhush(struct circle *c, person_id me, const struct status_ref *ref, int64_t now_ms)
{
	return hush(c, me, ref, false, now_ms);
}
