#include "circle/export_note.h"

#include "store/groups.h"
#include "store/lists.h"
#include "store/versions.h"

void export_add_urn(struct buf *b, const char *what, int64_t id)
{
	buf_format(b, "\"urn:kith:%s:%lld\"", what, (long long)id);
}

void export_add_words(struct buf *b, const char *name, str words)
{
	buf_format(b, ",\"%s\":", name);
	buf_json(b, words);
}

void export_add_time(struct buf *b, const char *name, int64_t at_ms)
{
	buf_format(b, ",\"%s\":", name);
	buf_json_time(b, at_ms);
}

/* HTML for readers of ActivityStreams; the words as they were written are in `source`. */
static void add_content(struct exporting *x, struct buf *b, str text, str language)
{
	struct buf html;
	buf_init(&html, x->mem, EXPORT_PIECE_MAX_BYTES);
	buf_lit(&html, "<p>");
	for (str rest = text; rest.n > 0;) {
		buf_html(&html, str_cut(&rest, '\n'));
		if (rest.n > 0)
			buf_lit(&html, "<br>");
	}
	buf_lit(&html, "</p>");
	export_add_words(b, "content", buf_str(&html));
	buf_lit(b, ",\"source\":{\"mediaType\":\"text/plain\",\"content\":");
	buf_json(b, text);
	buf_char(b, '}');
	if (language.n > 0)
		export_add_words(b, "kith:language", language);
}

static err add_person(struct exporting *x, struct buf *b, person_id id)
{
	struct person person;
	err e;
	TRY(export_name(x, id, &person));
	buf_lit(b, "{\"type\":\"Person\",\"id\":");
	export_add_urn(b, "person", id.v);
	if (person.handle.n > 0) {
		export_add_words(b, "preferredUsername", person.handle);
		export_add_words(b, "name", person.display_name);
	}
	buf_char(b, '}');
out:
	return e;
}

err export_add_people(struct exporting *x, struct buf *b, const person_id *ids, size_t n)
{
	err e = OK;
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(add_person(x, b, ids[i]));
	}
	buf_char(b, ']');
out:
	return e;
}

static err add_audience(struct exporting *x, struct buf *b, const struct audience *to)
{
	struct group group = { .title = S("") };
	struct list list;
	err e = OK;
	buf_format(b, "{\"kind\":\"%s\",\"tags\":[", audience_word(to->kind));
	for (size_t i = 0; i < to->n_lists; i++) {
		e = lists_find(x->conn, x->me.id, to->lists[i], x->mem, &list);
		if (failed(e) && e.code != ERR_MISSING)
			return e;
		if (failed(e))
			list = (struct list){ .deleted = true };
		buf_add(b, i > 0 ? S(",{\"title\":") : S("{\"title\":"));
		buf_json(b, list.title);
		buf_format(b, ",\"deleted\":%s}", list.deleted ? "true" : "false");
	}
	buf_lit(b, "],\"people\":");
	TRY(export_add_people(x, b, to->people, to->n_people));
	/* Who left keeps their words, and of the group nothing. */
	if (to->kind == AUDIENCE_GROUP && see_group(&x->see, x->me.id, to->group)) {
		e = groups_find(x->conn, to->group, x->mem, &group);
		if (failed(e) && e.code != ERR_MISSING)
			return e;
		export_add_words(b, "group", group.title);
	}
	buf_lit(b, ",\"also\":[");
	for (const struct audience *also = to->also; also != NULL; also = also->also) {
		struct audience one = *also;
		one.also = NULL;
		if (also != to->also)
			buf_char(b, ',');
		TRY(add_audience(x, b, &one));
	}
	buf_lit(b, "]}");
	e = OK;
out:
	return e;
}

static void add_card(struct buf *b, const struct card *card)
{
	if (card->url.n == 0)
		return;
	buf_lit(b, ",\"kith:card\":{\"type\":\"Link\",\"href\":");
	buf_json(b, card->url);
	export_add_words(b, "name", card->title);
	export_add_words(b, "summary", card->about);
	buf_char(b, '}');
}

static void add_picture(struct exporting *x, struct buf *b, const struct media *m)
{
	buf_lit(b, "{\"type\":\"Image\",\"mediaType\":\"image/jpeg\",\"url\":");
	buf_json(b, export_picture_name(x, m->id));
	export_add_words(b, "name", m->about);
	buf_format(b, ",\"width\":%d,\"height\":%d}", m->width, m->height);
}

/* What it said before, of one that was changed. */
static err add_versions(struct exporting *x, struct buf *b, const struct status_ref *ref)
{
	struct version *versions;
	size_t n;
	err e;
	TRY(versions_shown(x->conn, ref, x->mem, &versions, &n));
	if (n == 0)
		return OK;
	buf_lit(b, ",\"kith:versions\":[");
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",{\"published\":") : S("{\"published\":"));
		buf_json_time(b, versions[i].at_ms);
		export_add_words(b, "content", versions[i].text);
		export_add_words(b, "kith:place", versions[i].place);
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

err export_add_comment(struct exporting *x, struct buf *b, const struct comment *c)
{
	bool mine = c->gate.author.v == x->me.id.v;
	err e;
	buf_lit(b, "{\"type\":\"Note\",\"id\":");
	export_add_urn(b, "comment", c->gate.id.v);
	buf_lit(b, ",\"attributedTo\":");
	TRY(add_person(x, b, c->gate.author));
	buf_lit(b, ",\"inReplyTo\":");
	if (c->gate.reply_to.v != 0)
		export_add_urn(b, "comment", c->gate.reply_to.v);
	else
		export_add_urn(b, "post", c->gate.post.v);
	export_add_time(b, "published", c->gate.created_at_ms);
	if (c->edited_at_ms != 0)
		export_add_time(b, "updated", c->edited_at_ms);
	add_content(x, b, c->text, c->language);
	if (mine && c->gate.held_until_ms > x->now_ms)
		buf_lit(b, ",\"kith:held\":true");
	if (mine && c->pending.version.v != 0)
		export_add_words(b, "kith:waiting", c->pending.text);
	buf_char(b, '}');
out:
	return e;
}

static err add_reactions(struct exporting *x, struct buf *b, const struct post *post)
{
	struct comment *comments;
	struct like *likes;
	size_t n_likes, n_comments;
	err e;
	TRY(export_likes(x, post, &likes, &n_likes));
	TRY(export_comments(x, post, &comments, &n_comments));
	buf_format(b, ",\"likes\":{\"type\":\"Collection\",\"totalItems\":%zu,\"items\":[",
	           n_likes);
	for (size_t i = 0; i < n_likes; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(add_person(x, b, likes[i].by));
	}
	buf_format(b, "]},\"replies\":{\"type\":\"Collection\",\"totalItems\":%zu,\"items\":[",
	           n_comments);
	for (size_t i = 0; i < n_comments; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(export_add_comment(x, b, &comments[i]));
	}
	buf_lit(b, "]}");
out:
	return e;
}

err export_add_post(struct exporting *x, struct buf *b, const struct post *post)
{
	const struct post_gate *gate = &post->gate;
	err e;
	buf_lit(b, "{\"type\":\"Note\",\"id\":");
	export_add_urn(b, "post", gate->id.v);
	buf_lit(b, ",\"attributedTo\":");
	export_add_urn(b, "person", x->me.id.v);
	export_add_time(b, "published", gate->created_at_ms);
	if (post->edited_at_ms != 0)
		export_add_time(b, "updated", post->edited_at_ms);
	add_content(x, b, post->text, post->language);
	buf_lit(b, ",\"kith:audience\":");
	TRY(add_audience(x, b, &gate->audience));
	buf_lit(b, ",\"attachment\":[");
	for (size_t i = 0; i < post->n_media; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_picture(x, b, &post->media[i]);
	}
	buf_char(b, ']');
	if (post->place.n > 0) {
		buf_lit(b, ",\"location\":{\"type\":\"Place\",\"name\":");
		buf_json(b, post->place);
		buf_char(b, '}');
	}
	add_card(b, &post->card);
	if (gate->held_until_ms > x->now_ms)
		buf_lit(b, ",\"kith:held\":true");
	if (post->pending.version.v != 0)
		export_add_words(b, "kith:waiting", post->pending.text);
	TRY(add_versions(x, b, &(struct status_ref){ gate->author, gate->id, { 0 } }));
	TRY(add_reactions(x, b, post));
	buf_char(b, '}');
out:
	return e;
}
