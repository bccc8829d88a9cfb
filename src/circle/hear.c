#include "circle/hear.h"

#include "circle/verb.h"

struct hearing {
	person_id me;
	notice_id id;
	str timeline;
	int64_t last_read_id, now_ms;
	struct marker *marker;
};

static err dismiss(struct conn *tx, void *ctx)
{
	const struct hearing *h = ctx;
	return notices_dismiss(tx, h->me, h->id);
}

err hear_dismiss(struct circle *c, person_id me, notice_id id)
{
	struct hearing h = { .me = me, .id = id };
	return verb_write(c, dismiss, NULL, &h);
}

static err clear(struct conn *tx, void *ctx)
{
	const struct hearing *h = ctx;
	return notices_clear(tx, h->me);
}

err hear_clear(struct circle *c, person_id me)
{
	struct hearing h = { .me = me };
	return verb_write(c, clear, NULL, &h);
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

static err set_marker(struct conn *tx, void *ctx)
{
	const struct hearing *h = ctx;
	return markers_set(tx, h->me, h->timeline, h->last_read_id, h->now_ms, h->marker);
}

err hear_set_marker(struct circle *c, person_id me, str timeline, int64_t last_read_id,
                    int64_t now_ms, struct marker *out)
{
	struct hearing h = { .me = me,
		             .timeline = timeline,
		             .last_read_id = last_read_id,
		             .now_ms = now_ms,
		             .marker = out };
	return verb_write(c, set_marker, NULL, &h);
}
