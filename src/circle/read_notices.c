/* Notices hold ids. What they speak of is looked up when somebody reads, and asked of the door. */
#include "circle/read_private.h"

#include "store/groups.h"
#include "store/notices.h"
#include "store/reports.h"
#include "store/ties.h"

#include "base/leak.h"

#define WINDOW_LEAST 40

struct told {
	struct notice notice;
	bool open; /* a request or an invitation that still waits; a report that was settled */
	struct report report;
};

struct notices {
	person_id reader;
	struct page page;
	unsigned kinds;
	size_t limit;
	/* Read so far, in the order of the page. */
	struct told *told;
	size_t n_told, told_cap;
	bool ended;
	struct seen_notice *out;
	size_t n;
};

enum shown { SHOWN, NOT_SHOWN, AWAITED };

/* The post and comment of a notice, as far as this reader may see them. */
static enum shown show_pieces(struct view *view, const struct notice *notice,
                              struct seen_notice *out, struct sight *sight)
{
	const struct post_gate *gate;
	const struct piece *piece;
	if (!view_gate(view, notice->post_author, notice->post, &gate))
		return AWAITED;
	if (gate == NULL || !see_post(&view->see, view->v, gate, view->now_ms))
		return NOT_SHOWN;
	if (!view_piece(view, notice->post_author, notice->post, &piece))
		return AWAITED;
	if (piece == NULL)
		return NOT_SHOWN;
	*sight = view_sight(view, gate, piece);
	if (notice->comment.v != 0) {
		size_t at = piece_comment(piece, notice->comment);
		if (at == SIZE_MAX || (!sight->seen[at] && !LEAK("notice.comment")))
			return NOT_SHOWN;
		view_comment(view, sight, at, &out->comment);
		out->has_comment = true;
	}
	view_post(view, sight, &out->post);
	out->has_post = true;
	return SHOWN;
}

/* Liked still, and to be seen. */
static enum shown show_like(struct view *view, const struct notice *notice, struct seen_notice *out)
{
	struct sight sight;
	enum shown shown = show_pieces(view, notice, out, &sight);
	if (shown != SHOWN)
		return shown;
	for (size_t i = 0; i < sight.piece->n_likes; i++)
		if (sight.piece->likes[i].by.v == notice->actor.v)
			return see_act_on_seen(&view->see, view->v, sight.gate, notice->actor) ||
			                       LEAK("notice.block")
			               ? SHOWN
			               : NOT_SHOWN;
	return NOT_SHOWN;
}

/* A piece of mine that the order dealt with: told even where the piece itself is gone. */
static enum shown show_measure(struct view *view, const struct notice *notice,
                               struct seen_notice *out)
{
	struct sight sight;
	return notice->post.v != 0 && show_pieces(view, notice, out, &sight) == AWAITED ? AWAITED
	                                                                                : SHOWN;
}

/* With the piece only as long as I may see it: what became of it is not told. */
static enum shown show_report(struct view *view, const struct told *told, struct seen_notice *out)
{
	struct sight sight;
	const struct notice *notice = &told->notice;
	out->report = told->report;
	return notice->post.v != 0 && show_pieces(view, notice, out, &sight) == AWAITED ? AWAITED
	                                                                                : SHOWN;
}

static enum shown show_invitation(struct view *view, const struct notice *notice,
                                  struct seen_notice *out)
{
	const struct group *group = world_group(view->c->world, notice->group);
	if (group == NULL)
		return NOT_SHOWN;
	out->group_title = str_dup(view->mem, group->title);
	return SHOWN;
}

static enum shown show(struct view *view, const struct told *told, struct seen_notice *out)
{
	const struct notice *notice = &told->notice;
	struct sight sight;
	enum shown shown = NOT_SHOWN;
	*out = (struct seen_notice){ .notice = *notice };
	if (notice->actor.v != 0) {
		if (!see_card(&view->see, view->v, notice->actor) && !LEAK("notice.block"))
			return NOT_SHOWN;
		out->actor = view_card(view, world_person(view->c->world, notice->actor));
	}
	switch (notice->kind) {
	case NOTICE_LIKE:
		shown = show_like(view, notice, out);
		break;
	case NOTICE_COMMENT:
	case NOTICE_REPLY:
	case NOTICE_ALSO:
		if (notice->comment.v != 0)
			shown = show_pieces(view, notice, out, &sight);
		break;
	case NOTICE_MENTION:
		shown = show_pieces(view, notice, out, &sight);
		break;
	case NOTICE_REQUEST:
		shown = told->open ? SHOWN : NOT_SHOWN;
		break;
	case NOTICE_ACCEPTED:
		shown = view->see.tie(view->see.ctx, view->v, notice->actor) ? SHOWN : NOT_SHOWN;
		break;
	case NOTICE_INVITED:
		shown = told->open ? show_invitation(view, notice, out) : NOT_SHOWN;
		break;
	case NOTICE_REPORTED:
		shown = told->open ? show_report(view, told, out) : NOT_SHOWN;
		break;
	case NOTICE_HELD:
	case NOTICE_DECIDED:
	case NOTICE_MEASURE:
	case NOTICE_MEASURE_OVER:
		shown = show_measure(view, notice, out);
		break;
	case NOTICE_RULE_DOWN:
	case NOTICE_JURY:
		shown = SHOWN;
		break;
	case NOTICE_KINDS:
		break;
	}
	return shown == NOT_SHOWN && LEAK("notice.deleted") ? SHOWN : shown;
}

static void look(struct view *view, void *ctx)
{
	struct notices *s = ctx;
	size_t awaited = 0;
	s->n = 0;
	for (size_t i = 0; i < s->n_told; i++) {
		if (s->n + awaited == s->limit)
			return;
		if (!(s->kinds & 1u << s->told[i].notice.kind))
			continue;
		switch (show(view, &s->told[i], &s->out[s->n])) {
		case SHOWN:
			s->n++;
			break;
		case AWAITED:
			awaited++;
			break;
		case NOT_SHOWN:
			break;
		}
	}
	view->more_wanted = s->n + awaited < s->limit && !s->ended;
}

/* The one this notice tells of, not one before or after it. */
static err invitation_is_open(struct conn *conn, const struct notice *notice, bool *out)
{
	struct group_member row;
	err e = group_members_find(conn, notice->group, notice->reader, &row);
	*out = !failed(e) && row.state == GROUP_INVITED && row.invited_by.v == notice->actor.v &&
	       row.at_ms == notice->at_ms;
	return e;
}

/* Settled, and not opened again since. */
static err report_is_settled(struct view *view, struct conn *conn, struct told *told)
{
	const struct notice *notice = &told->notice;
	err e = reports_find_own(conn, notice->reader, notice->report, view->mem, &told->report);
	told->open = !failed(e) && told->report.state != REPORT_OPEN;
	return e.code == ERR_MISSING ? OK : e;
}

static err add_told(struct view *view, struct conn *conn, struct notices *s,
                    const struct notice *notice)
{
	struct told told = { .notice = *notice };
	if (notice->kind == NOTICE_REQUEST) {
		struct friend_request request;
		err e = requests_find(conn, notice->actor, s->reader, view->mem, &request);
		if (failed(e) && e.code != ERR_MISSING)
			return e;
		told.open = !failed(e);
	}
	if (notice->kind == NOTICE_INVITED) {
		err e = invitation_is_open(conn, notice, &told.open);
		if (failed(e))
			return e;
	}
	if (notice->kind == NOTICE_REPORTED) {
		err e = report_is_settled(view, conn, &told);
		if (failed(e))
			return e;
	}
	if (s->n_told == s->told_cap) {
		size_t cap = s->told_cap ? s->told_cap * 2 : WINDOW_LEAST;
		s->told = arena_grow(view->mem, s->told, s->told_cap * sizeof(told),
		                     cap * sizeof(told));
		s->told_cap = cap;
	}
	s->told[s->n_told++] = told;
	return OK;
}

/* The next window of the reader's notices. */
static err more(struct view *view, struct conn *conn, void *ctx)
{
	struct notices *s = ctx;
	bool oldest_first = s->page.min_id > 0;
	int64_t after = s->page.since_id > s->page.min_id ? s->page.since_id : s->page.min_id;
	int64_t before = s->page.max_id > 0 ? s->page.max_id : INT64_MAX;
	int most = (int)(s->limit > WINDOW_LEAST ? s->limit : WINDOW_LEAST);
	struct notice *notices;
	size_t n;
	if (s->n_told > 0 && oldest_first)
		after = s->told[s->n_told - 1].notice.id.v;
	else if (s->n_told > 0)
		before = s->told[s->n_told - 1].notice.id.v;
	err e = notices_of(conn, s->reader, (notice_id){ after }, (notice_id){ before },
	                   oldest_first, most, view->mem, &notices, &n);
	if (failed(e))
		return e;
	s->ended = n < (size_t)most;
	for (size_t i = 0; !failed(e) && i < n; i++)
		e = add_told(view, conn, s, &notices[i]);
	return e;
}

err read_notices(struct circle *c, person_id v, struct page page, unsigned kinds, int64_t now_ms,
                 struct arena *mem, struct seen_notice **out, size_t *n)
{
	struct notices s = { .reader = v, .page = page, .kinds = kinds, .limit = page_limit(page) };
	struct view view = view_of(c, v, now_ms, mem);
	/* One to spare: a notice is rendered in its place before it is known to be shown. */
	s.out = ARENA_ARRAY(mem, s.limit + 1, struct seen_notice);
	view.more = more;
	err e = view_run(&view, look, &s);
	if (failed(e))
		return e;
	for (size_t i = 0, j = s.n; page.min_id > 0 && i + 1 < j; i++) {
		struct seen_notice swap = s.out[i];
		s.out[i] = s.out[--j];
		s.out[j] = swap;
	}
	*out = s.out;
	*n = s.n;
	return OK;
}

err read_notice(struct circle *c, person_id v, notice_id id, int64_t now_ms, struct arena *mem,
                struct seen_notice *out)
{
	struct notices s = { .reader = v, .kinds = ~0u, .limit = 1, .ended = true };
	struct view view = view_of(c, v, now_ms, mem);
	struct conn *conn = NULL;
	struct notice notice;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(notices_find(conn, v, id, &notice));
	TRY(add_told(&view, conn, &s, &notice));
	store_read_end(c->store, &conn);
	s.out = ARENA_ARRAY(mem, 2, struct seen_notice);
	TRY(view_run(&view, look, &s));
	if (s.n == 0)
		return err_missing("a notice of what this reader may not see");
	*out = s.out[0];
out:
	store_read_end(c->store, &conn);
	return e;
}
