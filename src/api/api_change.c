/* Posts and comments that change: what they say now, what they said, and saying something else. */
#include "api/handlers.h"

#include "api/status_call.h"
#include "circle/publish.h"
#include "model/limits.h"

#include <string.h>

/* --- what it says --- */

static err add_source(struct call *c, struct buf *b, const struct seen_post *post)
{
	if (post->post.gate.author.v != c->me.person.v)
		return err_missing("the source is its author's");
	entity_source(b, post->post.gate.id.v, post->post.text);
	return OK;
}

static err add_comment_source(struct call *c, struct buf *b, const struct seen_comment *seen)
{
	if (seen->comment.gate.author.v != c->me.person.v)
		return err_missing("the source is its author's");
	entity_source(b, seen->comment.gate.id.v, seen->comment.text);
	return OK;
}

err api_status_source(struct call *c)
{
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_add(c, &ref, add_source, add_comment_source));
	TRY(call_send(c));
out:
	return e;
}

/* --- what it said --- */

static err add_history(struct call *c, const struct seen_history *h, bool comment)
{
	struct buf *b = call_json(c);
	struct edit edit = {
		.author = comment ? h->comment.comment.gate.author : h->post.post.gate.author,
		.n_mentions = comment ? h->comment.n_mentions : h->post.n_mentions,
		.mentions = comment ? h->comment.mentions : h->post.mentions,
	};
	err e = OK;
	buf_char(b, '[');
	for (size_t i = 0; i < h->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		edit.version = &h->versions[i];
		if (i + 1 == h->n && !comment) {
			edit.media = h->post.post.media;
			edit.n_media = h->post.post.n_media;
		}
		TRY(entity_edit(c, b, &edit));
	}
	buf_char(b, ']');
out:
	return e;
}

err api_status_history(struct call *c)
{
	struct seen_history history;
	struct status_ref ref;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(read_history(c->circle, c->me.person, &ref, c->now_ms, c->mem, &history));
	TRY(add_history(c, &history, ref.comment.v != 0));
	TRY(call_send(c));
out:
	return e;
}

/* --- saying something else --- */

/* NULL where the field is absent; null takes away what `none` says. */
static err given(const struct call *c, const char *name, str *text, const str **out)
{
	err e = params_str(c->params, name, text);
	*out = NULL;
	if (!failed(e) && (text->p != NULL || params_is_null(c->params, name)))
		*out = text;
	return e;
}

/* `media_attributes`: [{id, description}]; without a description it says nothing. */
static err read_abouts(const struct call *c, struct picture_draft *out)
{
	const struct params **objects;
	struct picture_about *abouts;
	size_t n;
	err e;
	TRY(params_objects(c->params, "media_attributes", MEDIA_MAX, c->mem, &objects, &n));
	abouts = ARENA_ARRAY(c->mem, n, struct picture_about);
	for (size_t i = 0; i < n; i++) {
		struct picture_about about;
		TRY(params_id(objects[i], "id", &about.id.v));
		TRY(params_str(objects[i], "description", &about.about));
		if (about.id.v == 0)
			TRY(err_input("media_attributes",
			              "Each of these has the id of a picture."));
		if (about.about.p != NULL)
			abouts[out->n_abouts++] = about;
	}
	out->abouts = abouts;
out:
	return e;
}

static err read_pictures(const struct call *c, struct picture_draft *out)
{
	static const media_id none[1];
	int64_t *ids;
	err e;
	*out = (struct picture_draft){ 0 };
	TRY(params_ids(c->params, "media_ids", MEDIA_MAX, c->mem, &ids, &out->n));
	_Static_assert(sizeof(media_id) == sizeof(int64_t), "media_id wraps an int64_t");
	if (params_has(c->params, "media_ids")) /* an empty list is all of them taken away */
		out->ids = out->n > 0 ? (const media_id *)(const void *)ids : none;
	TRY(read_abouts(c, out));
out:
	return e;
}

static err read_change(const struct call *c, struct change_draft *draft, str *text, str *place,
                       struct card *card, struct picture_draft *pictures, struct audience *audience)
{
	bool has_audience;
	err e;
	TRY(params_str(c->params, "status", text));
	if (text->p != NULL)
		draft->text = text;
	TRY(params_str(c->params, "language", &draft->language));
	TRY(given(c, "kith_place", place, &draft->place));
	TRY(status_card(c, card));
	if (card->url.n > 0 || params_is_null(c->params, "kith_card"))
		draft->card = card;
	TRY(call_audience(c, &has_audience, audience));
	if (has_audience)
		draft->audience = audience;
	TRY(read_pictures(c, pictures));
	if (pictures->ids != NULL || pictures->n_abouts > 0)
		draft->pictures = pictures;
	TRY(status_refuse_foreign(c));
out:
	return e;
}

err api_status_change(struct call *c)
{
	struct change_draft draft = { 0 };
	struct picture_draft pictures;
	struct audience audience;
	struct status_ref ref;
	struct card card;
	str text, place;
	err e;
	TRY(status_of_path(c, &ref));
	TRY(status_check_seen(c, &ref));
	TRY(read_change(c, &draft, &text, &place, &card, &pictures, &audience));
	TRY(publish_change(c->circle, c->me.person, &ref, &draft, c->now_ms, c->mem));
	TRY(status_send(c, &ref));
out:
	return e;
}
