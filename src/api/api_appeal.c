/* Appeals, and what everybody may know of who judges them. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/appeal.h"
#include "circle/jury.h"

#include "base/encode.h"

#define LIMIT 20
#define LIMIT_MAX 80

static err send(struct call *c, const struct seen_appeal *appeal)
{
	entity_appeal(c, call_json(c), appeal);
	return call_send(c);
}

err api_appeal_file(struct call *c)
{
	struct appeal_draft draft;
	struct seen_appeal appeal;
	measure_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(params_str(c->params, "words", &draft.words));
	TRY(params_str(c->params, "facts", &draft.facts));
	TRY(appeal_file(c->circle, c->me.person, id, &draft, c->now_ms, c->mem, &appeal));
	TRY(send(c, &appeal));
out:
	return e;
}

err api_appeal_words(struct call *c)
{
	struct seen_appeal appeal;
	appeal_id id;
	str words;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(call_text(c, "words", &words));
	TRY(appeal_add_words(c->circle, c->me.person, id, words, c->now_ms, c->mem, &appeal));
	TRY(send(c, &appeal));
out:
	return e;
}

err api_appeal_show(struct call *c)
{
	struct seen_appeal appeal;
	appeal_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(appeal_show(c->circle, c->me.person, id, c->mem, &appeal));
	TRY(send(c, &appeal));
out:
	return e;
}

err api_appeal_mine(struct call *c)
{
	struct seen_appeal *appeals;
	struct buf *b = call_json(c);
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(appeal_mine(c->circle, c->me.person, page, c->mem, &appeals, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_appeal(c, b, &appeals[i]);
	}
	buf_char(b, ']');
	if (n == (size_t)page.limit)
		TRY(call_link_next(c, appeals[n - 1].appeal.id.v));
	TRY(call_send(c));
out:
	return e;
}

err api_appeal_draw(struct call *c)
{
	struct seen_draw draw;
	appeal_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(jury_draw(c->circle, id, c->mem, &draw));
	entity_draw(call_json(c), &draw);
	TRY(call_send(c));
out:
	return e;
}

err api_appeal_jurors(struct call *c)
{
	unsigned char hash[HASH_BYTES];
	struct buf *b = call_json(c);
	str list;
	err e;
	TRY(jury_list(c->circle, c->mem, &list, hash));
	buf_lit(b, "{\"list\":");
	entity_numbers(b, list);
	buf_lit(b, ",\"hash\":");
	buf_json(b, hex_of(c->mem, hash, sizeof hash));
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_appeal_waiting(struct call *c)
{
	struct waiting_appeal *all;
	struct buf *b = call_json(c);
	size_t n;
	err e;
	TRY(appeal_waiting(c->circle, c->me.person, c->mem, &all, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",{\"kind\":") : S("{\"kind\":"));
		buf_json(b, str_of(measure_kind_word(all[i].kind)));
		buf_lit(b, ",\"way\":");
		buf_json(b, str_of(appeal_way_word(all[i].way)));
		buf_format(b, ",\"seats\":%d,\"filed_at\":", all[i].seats);
		buf_json_time(b, all[i].filed_at_ms);
		buf_lit(b, ",\"due_at\":");
		buf_json_time(b, all[i].due_at_ms);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}
