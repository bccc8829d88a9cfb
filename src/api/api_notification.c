/* What a person should hear of, and how far they have read. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/hear.h"

#include <string.h>

#define LIMIT 40
#define LIMIT_MAX 80
#define UNREAD_MAX 100
#define TYPES_MAX 32

/* Notice kinds whose Mastodon word is among `types`. */
static unsigned kinds_of(const str *types, size_t n)
{
	unsigned kinds = 0;
	for (unsigned kind = 0; kind < NOTICE_KINDS; kind++) {
		for (size_t i = 0; i < n; i++) {
			if (str_eq(types[i], str_of(entity_notice_type((enum notice_kind)kind))))
				kinds |= 1u << kind;
		}
	}
	return kinds;
}

/* An app of Mastodon's would show an invitation to a group as a request to be friends, and what became of a report as a report: only
 * who asks with `kith` gets them. */
static err drop_ours(const struct call *c, unsigned *kinds)
{
	bool kith;
	err e = params_bool(c->params, "kith", false, &kith);
	if (!failed(e) && !kith)
		*kinds &= ~NOTICES_OF_KITH;
	return e;
}

static err wanted_kinds(const struct call *c, unsigned *kinds)
{
	str *types, *excluded;
	size_t n, n_excluded;
	err e;
	TRY(params_strs(c->params, "types", TYPES_MAX, c->mem, &types, &n));
	TRY(params_strs(c->params, "exclude_types", TYPES_MAX, c->mem, &excluded, &n_excluded));
	*kinds = n > 0 ? kinds_of(types, n) : (1u << NOTICE_KINDS) - 1;
	*kinds &= ~kinds_of(excluded, n_excluded);
	TRY(drop_ours(c, kinds));
out:
	return e;
}

static err add_notices(struct call *c, const struct seen_notice *notices, size_t n)
{
	struct buf *b = call_json(c);
	err e = OK;
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		size_t before = b->n;
		if (b->n > first)
			buf_char(b, ',');
		e = entity_notification(c, b, &notices[i]);
		if (e.code == ERR_MISSING) {
			call_json_rewind(c, b, before);
			e = OK;
		}
		TRY(e);
	}
	buf_char(b, ']');
out:
	return e;
}

err api_notification_list(struct call *c)
{
	struct seen_notice *notices;
	struct page page;
	unsigned kinds;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(wanted_kinds(c, &kinds));
	TRY(read_notices(c->circle, c->me.person, page, kinds, c->now_ms, c->mem, &notices, &n));
	TRY(add_notices(c, notices, n));
	if (n > 0)
		TRY(call_link(c, &page, n, notices[0].notice.id.v, notices[n - 1].notice.id.v));
	TRY(call_send(c));
out:
	return e;
}

err api_notification_show(struct call *c)
{
	struct seen_notice notice;
	unsigned kinds = ~0u;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(drop_ours(c, &kinds));
	TRY(read_notice(c->circle, c->me.person, (notice_id){ id }, c->now_ms, c->mem, &notice));
	if (!(kinds & 1u << notice.notice.kind))
		TRY(err_missing("not asked for"));
	TRY(entity_notification(c, call_json(c), &notice));
	TRY(call_send(c));
out:
	return e;
}

err api_notification_clear(struct call *c)
{
	err e = hear_clear(c->circle, c->me.person);
	return failed(e) ? e : call_send_empty(c);
}

err api_notification_dismiss(struct call *c)
{
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(hear_dismiss(c->circle, c->me.person, (notice_id){ id }));
	TRY(call_send_empty(c));
out:
	return e;
}

err api_notification_unread(struct call *c)
{
	unsigned kinds;
	size_t n;
	err e;
	TRY(wanted_kinds(c, &kinds));
	TRY(hear_unread(c->circle, c->me.person, kinds, UNREAD_MAX, c->now_ms, c->mem, &n));
	buf_format(call_json(c), "{\"count\":%zu}", n);
	TRY(call_send(c));
out:
	return e;
}

/* --- markers --- */

static const char *const timelines[] = { "home", "notifications" };
#define TIMELINES (sizeof timelines / sizeof timelines[0])

static void add_marker(struct buf *b, const char *timeline, const struct marker *marker)
{
	if (b->n > 1)
		buf_char(b, ',');
	buf_format(b, "\"%s\":{\"last_read_id\":", timeline);
	buf_json_id(b, marker->last_read_id);
	buf_format(b, ",\"version\":%d,\"updated_at\":", marker->version);
	buf_json_time(b, marker->updated_at_ms);
	buf_char(b, '}');
}

err api_notification_markers(struct call *c)
{
	struct marker marker;
	str *asked;
	size_t n;
	err e;
	TRY(params_strs(c->params, "timeline", TYPES_MAX, c->mem, &asked, &n));
	buf_char(call_json(c), '{');
	for (size_t t = 0; t < TIMELINES; t++) {
		bool wanted = n == 0;
		for (size_t i = 0; i < n; i++)
			wanted |= str_eq(asked[i], str_of(timelines[t]));
		e = wanted ? hear_marker(c->circle, c->me.person, str_of(timelines[t]), &marker)
		           : err_missing("not asked");
		if (e.code == ERR_MISSING)
			continue;
		TRY(e);
		add_marker(call_json(c), timelines[t], &marker);
	}
	buf_char(call_json(c), '}');
	TRY(call_send(c));
out:
	return e;
}

err api_notification_set_markers(struct call *c)
{
	err e = OK;
	buf_char(call_json(c), '{');
	for (size_t t = 0; t < TIMELINES; t++) {
		const struct params *object;
		struct marker marker;
		int64_t id;
		TRY(params_object(c->params, timelines[t], &object));
		if (!object)
			continue;
		TRY(params_id(object, "last_read_id", &id));
		if (!id)
			TRY(err_input("last_read_id", "This is needed."));
		TRY(hear_set_marker(c->circle, c->me.person, str_of(timelines[t]), id, c->now_ms,
		                    &marker));
		add_marker(call_json(c), timelines[t], &marker);
	}
	buf_char(call_json(c), '}');
	TRY(call_send(c));
out:
	return e;
}
