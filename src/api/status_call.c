#include "api/status_call.h"

err status_of_path(const struct call *c, struct status_ref *ref)
{
	int64_t id;
	err e = call_path_id(c, 0, &id);
	return failed(e) ? e : read_ref(c->circle, id, ref);
}

err status_add(struct call *c, const struct status_ref *ref, post_writer *write_post,
               comment_writer *write_comment)
{
	struct seen_post post;
	struct seen_comment comment;
	err e;
	if (ref->comment.v) {
		TRY(read_comment(c->circle, c->me.person, ref, c->now_ms, c->mem, &comment));
		TRY(write_comment(c, call_json(c), &comment));
	} else {
		TRY(read_post(c->circle, c->me.person, ref, c->now_ms, c->mem, &post));
		TRY(write_post(c, call_json(c), &post));
	}
out:
	return e;
}

err status_check_seen(const struct call *c, const struct status_ref *ref)
{
	struct seen_post post;
	struct seen_comment comment;
	return ref->comment.v
	               ? read_comment(c->circle, c->me.person, ref, c->now_ms, c->mem, &comment)
	               : read_post(c->circle, c->me.person, ref, c->now_ms, c->mem, &post);
}

err status_send(struct call *c, const struct status_ref *ref)
{
	err e = status_add(c, ref, entity_status, entity_comment);
	return failed(e) ? e : call_send(c);
}

err status_card(const struct call *c, struct card *card)
{
	const struct params *object;
	err e;
	*card = (struct card){ 0 };
	TRY(params_object(c->params, "kith_card", &object));
	if (object == NULL)
		return OK;
	TRY(params_str(object, "url", &card->url));
	TRY(params_str(object, "title", &card->title));
	TRY(params_str(object, "about", &card->about));
	if (card->url.n == 0)
		TRY(err_input("kith_card", "A card has an address: url is needed."));
out:
	return e;
}

err status_refuse_foreign(const struct call *c)
{
	static const struct {
		const char *field, *say;
	} rows[] = {
		{ "poll", "There are no polls here." },
		{ "scheduled_at", "A moment is sent now or not at all." },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (params_has(c->params, rows[i].field))
			return err_input(rows[i].field, rows[i].say);
	}
	return OK;
}
