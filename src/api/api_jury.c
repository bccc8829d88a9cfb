/* Being a juror: whether one is willing, what one is asked, and one's votes. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/jury.h"
#include "model/limits.h"

#define LIMIT 20
#define LIMIT_MAX 80
#define SAY_VOTE "Say keep, overturn or milder."

static err send_juror(struct call *c, const struct seen_juror *juror)
{
	entity_juror(call_json(c), juror);
	return call_send(c);
}

static err send_seat(struct call *c, const struct seen_seat *seat)
{
	entity_seat(c, call_json(c), seat);
	return call_send(c);
}

err api_jury_me(struct call *c)
{
	struct seen_juror juror;
	err e;
	TRY(jury_me(c->circle, c->me.person, c->now_ms, c->mem, &juror));
	TRY(send_juror(c, &juror));
out:
	return e;
}

err api_jury_set_willing(struct call *c)
{
	struct seen_juror juror;
	bool willing;
	err e;
	if (!params_has(c->params, "willing"))
		return err_input("willing", "This is needed.");
	TRY(params_bool(c->params, "willing", false, &willing));
	TRY(jury_set_willing(c->circle, c->me.person, willing, c->now_ms, c->mem, &juror));
	TRY(send_juror(c, &juror));
out:
	return e;
}

err api_jury_seats(struct call *c)
{
	struct seen_seat *seats;
	struct buf *b = call_json(c);
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(jury_seats(c->circle, c->me.person, page, c->now_ms, c->mem, &seats, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_seat(c, b, &seats[i]);
	}
	buf_char(b, ']');
	if (n == (size_t)page.limit)
		TRY(call_link_next(c, seats[n - 1].id));
	TRY(call_send(c));
out:
	return e;
}

err api_jury_look(struct call *c)
{
	struct seen_seat seat;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(jury_look(c->circle, c->me.person, id, c->now_ms, c->mem, &seat));
	TRY(send_seat(c, &seat));
out:
	return e;
}

err api_jury_vote(struct call *c)
{
	struct seen_seat seat;
	enum vote vote;
	str word, note;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(call_text(c, "vote", &word));
	TRY(call_text(c, "note", &note));
	if (!vote_of(word, &vote))
		return err_input("vote", SAY_VOTE);
	TRY(jury_vote(c->circle, c->me.person, id, vote, note, c->now_ms, c->mem, &seat));
	TRY(send_seat(c, &seat));
out:
	return e;
}

err api_jury_skip(struct call *c)
{
	struct seen_seat seat;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(jury_skip(c->circle, c->me.person, id, c->now_ms, c->mem, &seat));
	TRY(send_seat(c, &seat));
out:
	return e;
}

err api_jury_picture(struct call *c)
{
	int64_t id, nth;
	size_t bytes;
	int fd;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(call_path_id(c, 1, &nth));
	if (nth > MEDIA_MAX)
		return err_missing("no such picture");
	TRY(jury_picture(c->circle, c->me.person, id, (int)nth, c->now_ms, &fd, &bytes));
	http_reply_literal(c->reply, "Cache-Control", "no-store"); /* the seat may end */
	http_reply_literal(c->reply, "Content-Security-Policy", "sandbox");
	http_reply_literal(c->reply, "Cross-Origin-Resource-Policy", "same-origin");
	http_reply_literal(c->reply, "Content-Type", "image/jpeg");
	c->reply->status = 200;
	c->reply->file = fd;
	c->reply->file_bytes = bytes;
out:
	return e;
}
