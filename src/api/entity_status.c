/* See entity.h. Pieces: posts and comments as statuses. The busiest writer of the server, hence literals as long as
 * they can be and no formatting. */
#include "api/entity.h"

#include "api/html.h"
#include "circle/hashtag.h"

#include "base/leak.h"

/* What the two kinds of status have in common. */
struct piece_view {
	int64_t id;
	person_id author;
	int64_t created_at_ms;
	str text, language, app;
	bool held, liked, hushed;
	bool for_other; /* what is its author's alone stays out */
	int64_t held_until_ms;
	int likes, answers;
	size_t n_mentions;
	const struct person *mentions;
	const struct comment_gate *answer; /* NULL: a post */
	const struct audience *audience;   /* NULL: a comment, which has its post's */
	str place;
	struct card card;
	int64_t edited_at_ms;
	group_id group;
	str group_title;
	size_t n_media;
	const struct media *media;
	const struct pending *pending;
	const struct seen_order *order;
	bool with_text;
};

static struct piece_view view_of_post(const struct seen_post *p)
{
	return (struct piece_view){
		.id = p->post.gate.id.v,
		.author = p->post.gate.author,
		.created_at_ms = p->post.gate.created_at_ms,
		.text = p->post.text,
		.language = p->post.language,
		.app = p->post.app,
		.held = p->held,
		.held_until_ms = p->post.gate.held_until_ms,
		.liked = p->liked,
		.hushed = p->hushed,
		.for_other = p->for_other,
		.likes = p->likes,
		.answers = p->comments,
		.n_mentions = p->n_mentions,
		.mentions = p->mentions,
		.audience = &p->post.gate.audience,
		.place = p->post.place,
		.card = p->post.card,
		.edited_at_ms = p->post.edited_at_ms,
		.pending = &p->post.pending,
		.order = &p->order,
		.group = p->group,
		.group_title = p->group_title,
		.n_media = p->post.n_media,
		.media = p->post.media,
	};
}

static struct piece_view view_of_comment(const struct seen_comment *s)
{
	return (struct piece_view){
		.id = s->comment.gate.id.v,
		.author = s->comment.gate.author,
		.created_at_ms = s->comment.gate.created_at_ms,
		.text = s->comment.text,
		.language = s->comment.language,
		.app = s->comment.app,
		.held = s->held,
		.held_until_ms = s->comment.gate.held_until_ms,
		.answers = s->answers,
		.n_mentions = s->n_mentions,
		.mentions = s->mentions,
		.answer = &s->comment.gate,
		.edited_at_ms = s->comment.edited_at_ms,
		.pending = &s->comment.pending,
		.order = &s->order,
	};
}

static void add_url(struct call *c, struct buf *b, const struct piece_view *v)
{
	buf_char(b, '"');
	buf_add(b, c->url);
	buf_lit(b, "/posts/");
	buf_i64(b, v->answer ? v->answer->post.v : v->id);
	if (v->answer) {
		buf_lit(b, "#c");
		buf_i64(b, v->id);
	}
	buf_char(b, '"');
}

/* Two letters of ISO 639-1, or null: apps send all sorts of tags. */
static void add_language(struct buf *b, str language)
{
	bool plain = language.n >= 2 && (language.n == 2 || language.p[2] == '-');
	for (size_t i = 0; plain && i < 2; i++)
		plain = language.p[i] >= 'a' && language.p[i] <= 'z';
	if (plain)
		buf_json(b, str_slice(language, 0, 2));
	else
		buf_lit(b, "null");
}

static void add_mentions(struct call *c, struct buf *b, const struct piece_view *v)
{
	for (size_t i = 0; i < v->n_mentions; i++) {
		const struct person *p = &v->mentions[i];
		buf_add(b, i ? S(",{\"id\":") : S("{\"id\":"));
		buf_json_id(b, p->id.v);
		buf_lit(b, ",\"username\":");
		buf_json(b, p->handle);
		buf_lit(b, ",\"acct\":");
		buf_json(b, p->handle);
		buf_lit(b, ",\"url\":\"");
		buf_add(b, c->url);
		buf_lit(b, "/people/");
		html_segment(b, p->handle);
		buf_lit(b, "\"}");
	}
}

static void add_tags(struct call *c, struct buf *b, str text)
{
	str tags[HASHTAGS_MAX];
	size_t n = hashtag_all(text, c->mem, tags);
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i ? S(",{\"name\":") : S("{\"name\":"));
		buf_json(b, tags[i]);
		buf_lit(b, ",\"url\":\"");
		buf_add(b, c->url);
		buf_lit(b, "/search?tag=");
		html_segment(b, tags[i]);
		buf_lit(b, "\"}");
	}
}

/* What is written is read back; what a narrowed post still heeds of before stands in `also`. */
static void add_clause(struct buf *b, const struct audience *audience)
{
	buf_lit(b, "{\"kind\":");
	buf_json(b, str_of(audience_word(audience->kind)));
	buf_lit(b, ",\"lists\":[");
	for (size_t i = 0; i < audience->n_lists; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_json_id(b, audience->lists[i].v);
	}
	buf_lit(b, "],\"people\":[");
	for (size_t i = 0; i < audience->n_people; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_json_id(b, audience->people[i].v);
	}
	buf_char(b, ']');
	if (audience->kind == AUDIENCE_GROUP) {
		buf_lit(b, ",\"group\":");
		buf_json_id(b, audience->group.v);
	}
}

static void add_audience(struct buf *b, const struct audience *audience)
{
	add_clause(b, audience);
	for (const struct audience *a = audience->also; a != NULL; a = a->also) {
		buf_add(b, a == audience->also ? S(",\"also\":[") : S(","));
		add_clause(b, a);
		buf_char(b, '}');
	}
	buf_add(b, audience->also != NULL ? S("]}") : S("}"));
}

static void add_answered(struct buf *b, const struct comment_gate *answer)
{
	if (!answer) {
		buf_lit(b,
		        ",\"in_reply_to_id\":null,\"in_reply_to_account_id\":null,\"kith_post_id\":null");
		return;
	}
	buf_lit(b, ",\"in_reply_to_id\":");
	buf_json_id(b, answer->reply_to.v ? answer->reply_to.v : answer->post.v);
	buf_lit(b, ",\"in_reply_to_account_id\":");
	buf_json_id(b, answer->reply_to.v ? answer->reply_to_author.v : answer->post_author.v);
	buf_lit(b, ",\"kith_post_id\":");
	buf_json_id(b, answer->post.v);
}

static void add_text_or_null(struct buf *b, str name, str text)
{
	buf_add(b, name);
	if (text.n > 0)
		buf_json(b, text);
	else
		buf_lit(b, "null");
}

/* A change that waits for somebody, or that they did not let through. */
static void add_pending(struct buf *b, const struct pending *pending)
{
	if (pending == NULL || pending->version.v == 0) {
		buf_lit(b, ",\"kith_pending\":null");
		return;
	}
	buf_lit(b, ",\"kith_pending\":{\"text\":");
	buf_json(b, pending->text);
	buf_add(b, pending->state == VERSION_WAITS ? S(",\"kith_state\":\"held\"")
	                                           : S(",\"kith_state\":\"hidden\""));
	buf_lit(b, ",\"measure_id\":");
	buf_json_id(b, pending->measure.v);
	buf_char(b, '}');
}

/* kith's own members; what its author chose is read back by the author alone. */
static err add_ours(struct call *c, struct buf *b, const struct piece_view *v)
{
	bool mine = v->author.v == c->me.person.v && !v->for_other;
	add_answered(b, v->answer);
	buf_lit(b, ",\"kith_text\":");
	buf_json(b, v->text);
	add_text_or_null(b, S(",\"kith_place\":"), v->place);
	add_pending(b, mine || LEAK("measure.hold") ? v->pending : NULL);
	buf_lit(b, ",\"kith_audience\":");
	if ((mine || LEAK("audience.shown")) && v->audience)
		add_audience(b, v->audience);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"kith_group\":");
	entity_group(b, v->group, v->group_title);
	/* Held waits for somebody; hidden is what they confirmed, and has no end of its own. */
	if (v->held && v->held_until_ms == INT64_MAX)
		buf_lit(b, ",\"kith_state\":\"hidden\"");
	else if (v->held)
		buf_lit(b, ",\"kith_state\":\"held\"");
	else if (mine)
		buf_lit(b, ",\"kith_state\":\"published\"");
	else
		buf_lit(b, ",\"kith_state\":null");
	if (v->with_text) {
		buf_lit(b, ",\"text\":");
		buf_json(b, v->text);
	}
	return entity_order(c, b, v->order);
}

static void add_application(struct buf *b, str app)
{
	if (app.n == 0) {
		buf_lit(b, ",\"application\":null");
		return;
	}
	buf_lit(b, ",\"application\":{\"name\":");
	buf_json(b, app);
	buf_lit(b, ",\"website\":null}");
}

static str visibility_of(const struct audience *audience)
{
	bool people_only = audience && audience->kind == AUDIENCE_ONLY && audience->n_lists == 0;
	return people_only ? S("direct") : S("private");
}

/* What the viewer thinks of it, and how many others they may know of do. */
static void add_reactions(struct call *c, struct buf *b, const struct piece_view *v)
{
	buf_lit(b, ",\"replies_count\":");
	buf_i64(b, v->answers);
	buf_lit(b, ",\"favourites_count\":");
	buf_i64(b, v->likes);
	buf_add(b, v->hushed ? S(",\"muted\":true") : S(",\"muted\":false"));
	buf_add(b, v->liked ? S(",\"favourited\":true") : S(",\"favourited\":false"));
	buf_lit(b, ",\"reblogs_count\":0,\"quotes_count\":0,\"reblogged\":false,"
	           "\"bookmarked\":false,\"pinned\":false,\"reblog\":null,"
	           "\"quote\":null,\"poll\":null,"
	           "\"emojis\":[],\"sensitive\":false,\"spoiler_text\":\"\","
	           "\"media_attachments\":");
	entity_media_list(c, b, v->media, v->n_media);
	buf_lit(b, ",\"filtered\":");
	if (v->author.v == c->me.person.v)
		buf_lit(b, "[]");
	else
		entity_filtered(c, b, v->text);
}

static err add_status(struct call *c, struct buf *b, const struct piece_view *v)
{
	size_t before = b->n;
	err e;
	buf_lit(b, "{\"account\":");
	TRY(entity_account_of(c, b, v->author));
	buf_lit(b, ",\"id\":");
	buf_json_id(b, v->id);
	buf_lit(b, ",\"created_at\":");
	buf_json_time(b, v->created_at_ms);
	buf_lit(b, ",\"uri\":");
	add_url(c, b, v);
	buf_lit(b, ",\"url\":");
	add_url(c, b, v);
	buf_lit(b, ",\"content\":");
	html_json(b, v->text, c->url, v->mentions, v->n_mentions);
	buf_lit(b, ",\"language\":");
	add_language(b, v->language);
	buf_lit(b, ",\"visibility\":\"");
	buf_add(b, visibility_of(v->audience));
	buf_lit(b, "\",\"mentions\":[");
	add_mentions(c, b, v);
	buf_char(b, ']');
	buf_lit(b, ",\"tags\":[");
	add_tags(c, b, v->text);
	buf_lit(b, "],\"edited_at\":");
	if (v->edited_at_ms != 0)
		buf_json_time(b, v->edited_at_ms);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"card\":");
	entity_card(b, &v->card);
	add_application(b, v->app);
	add_reactions(c, b, v);
	TRY(add_ours(c, b, v));
	buf_char(b, '}');
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}

err entity_status(struct call *c, struct buf *b, const struct seen_post *post)
{
	struct piece_view v = view_of_post(post);
	return add_status(c, b, &v);
}

err entity_comment(struct call *c, struct buf *b, const struct seen_comment *comment)
{
	struct piece_view v = view_of_comment(comment);
	return add_status(c, b, &v);
}

err entity_status_with_text(struct call *c, struct buf *b, const struct seen_post *post)
{
	struct piece_view v = view_of_post(post);
	v.with_text = true;
	return add_status(c, b, &v);
}

err entity_comment_with_text(struct call *c, struct buf *b, const struct seen_comment *comment)
{
	struct piece_view v = view_of_comment(comment);
	v.with_text = true;
	return add_status(c, b, &v);
}

/* One more of a list that began at `first`; one whose author is gone takes its comma back. */
static err add_item(struct call *c, struct buf *b, size_t first, const struct piece_view *v)
{
	size_t before = b->n;
	if (b->n > first)
		buf_char(b, ',');
	err e = add_status(c, b, v);
	if (e.code != ERR_MISSING)
		return e;
	call_json_rewind(c, b, before);
	return OK;
}

err entity_statuses(struct call *c, struct buf *b, const struct seen_post *posts, size_t n)
{
	err e = OK;
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		struct piece_view v = view_of_post(&posts[i]);
		TRY(add_item(c, b, first, &v));
	}
	buf_char(b, ']');
out:
	return e;
}

err entity_comments(struct call *c, struct buf *b, const struct seen_comment *comments, size_t n)
{
	err e = OK;
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		struct piece_view v = view_of_comment(&comments[i]);
		TRY(add_item(c, b, first, &v));
	}
	buf_char(b, ']');
out:
	return e;
}

void entity_source(struct buf *b, int64_t id, str text)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, id);
	buf_lit(b, ",\"text\":");
	buf_json(b, text);
	buf_lit(b, ",\"spoiler_text\":\"\"}");
}

err entity_edit(struct call *c, struct buf *b, const struct edit *edit)
{
	const struct version *v = edit->version;
	size_t before = b->n;
	err e;
	buf_lit(b, "{\"account\":");
	TRY(entity_account_of(c, b, edit->author));
	buf_lit(b, ",\"content\":");
	html_json(b, v->text, c->url, edit->mentions, edit->n_mentions);
	buf_lit(b, ",\"created_at\":");
	buf_json_time(b, v->at_ms);
	buf_lit(b, ",\"kith_text\":");
	buf_json(b, v->text);
	add_text_or_null(b, S(",\"kith_place\":"), v->place);
	buf_lit(b, ",\"card\":");
	entity_card(b, &v->card);
	buf_lit(b, ",\"spoiler_text\":\"\",\"sensitive\":false,\"media_attachments\":");
	entity_media_list(c, b, edit->media, edit->n_media);
	buf_lit(b, ",\"emojis\":[],"
	           "\"poll\":null}");
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}
