/* JSON is written as it is read: a post with all that hangs on it is the most that is in memory. */
#include "circle/export.h"

#include "circle/picture_private.h"
#include "circle/world.h"

#include "base/buf.h"
#include "base/leak.h"
#include "model/limits.h"
#include "store/comments.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/pictures.h"
#include "store/posts.h"
#include "store/versions.h"

#include <unistd.h>

#define PIECE_MAX_BYTES ((size_t)64 << 20)
#define PAGE 50
#define COMMENTS_EACH 10000
#define CONTEXT "\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"kith\":\"urn:kith:\"}]"

/* ---- reading ---- */

err export_each_post(struct exporting *x, err (*each)(struct exporting *, struct post *))
{
	post_id before = { 0 };
	struct post *posts;
	size_t n;
	err e;
	do {
		struct arena_mark mark = arena_mark(x->mem);
		TRY(posts_of(x->conn, x->me.id, (post_id){ 0 }, before, PAGE, x->mem, &posts, &n));
		for (size_t i = 0; i < n; i++) {
			if (x->stopped && x->stopped(x->ctx))
				return err_busy("stopped");
			before = posts[i].gate.id;
			TRY(each(x, &posts[i]));
		}
		arena_rewind(x->mem, mark);
	} while (n == PAGE);
out:
	return e;
}

err export_likes(struct exporting *x, const struct post *post, struct like **out, size_t *n)
{
	struct like *all;
	size_t count, seen = 0;
	err e;
	TRY(likes_of(x->conn, x->me.id, post->gate.id, COMMENTS_EACH, x->mem, &all, &count));
	for (size_t i = 0; i < count; i++)
		if (all[i].by.v == x->me.id.v ||
		    see_like(&x->see, x->me.id, &post->gate, all[i].by, x->now_ms))
			all[seen++] = all[i];
	*out = all;
	*n = seen;
out:
	return e;
}

/* What it answers is named only where that is here too: else it stands under the post. */
static void unname_hidden(struct comment *seen, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = 0;
		while (at < n && seen[at].gate.id.v != seen[i].gate.reply_to.v)
			at++;
		if (at == n)
			seen[i].gate.reply_to = (comment_id){ 0 };
	}
}

err export_comments(struct exporting *x, const struct post *post, struct comment **out, size_t *n)
{
	struct comment *all;
	size_t count, seen = 0;
	err e;
	TRY(comments_of(x->conn, x->me.id, post->gate.id, COMMENTS_EACH, x->mem, &all, &count));
	for (size_t i = 0; i < count; i++)
		if (all[i].gate.author.v == x->me.id.v || LEAK("export.comments") ||
		    see_comment(&x->see, x->me.id, &post->gate, &all[i].gate, x->now_ms))
			all[seen++] = all[i];
	unname_hidden(all, seen);
	*out = all;
	*n = seen;
out:
	return e;
}

err export_name(struct exporting *x, person_id id, struct person *out)
{
	*out = (struct person){ .id = id };
	if (id.v != x->me.id.v && !see_card(&x->see, x->me.id, id))
		return OK;
	err e = people_find(x->conn, id, x->mem, out);
	return e.code == ERR_MISSING ? OK : e;
}

str export_picture_name(struct exporting *x, media_id id)
{
	return str_format(x->mem, "media/%lld.jpeg", (long long)id.v);
}

/* ---- parts of JSON ---- */

static void add_urn(struct buf *b, const char *what, int64_t id)
{
	buf_format(b, "\"urn:kith:%s:%lld\"", what, (long long)id);
}

static void add_words(struct buf *b, const char *name, str words)
{
	buf_format(b, ",\"%s\":", name);
	buf_json(b, words);
}

static void add_time(struct buf *b, const char *name, int64_t at_ms)
{
	buf_format(b, ",\"%s\":", name);
	buf_json_time(b, at_ms);
}

/* HTML for readers of ActivityStreams; the words as they were written are in `source`. */
static void add_content(struct exporting *x, struct buf *b, str text, str language)
{
	struct buf html;
	buf_init(&html, x->mem, PIECE_MAX_BYTES);
	buf_lit(&html, "<p>");
	for (str rest = text; rest.n > 0;) {
		buf_html(&html, str_cut(&rest, '\n'));
		if (rest.n > 0)
			buf_lit(&html, "<br>");
	}
	buf_lit(&html, "</p>");
	add_words(b, "content", buf_str(&html));
	buf_lit(b, ",\"source\":{\"mediaType\":\"text/plain\",\"content\":");
	buf_json(b, text);
	buf_char(b, '}');
	if (language.n > 0)
		add_words(b, "kith:language", language);
}

static err add_person(struct exporting *x, struct buf *b, person_id id)
{
	struct person person;
	err e;
	TRY(export_name(x, id, &person));
	buf_lit(b, "{\"type\":\"Person\",\"id\":");
	add_urn(b, "person", id.v);
	if (person.handle.n > 0) {
		add_words(b, "preferredUsername", person.handle);
		add_words(b, "name", person.display_name);
	}
	buf_char(b, '}');
out:
	return e;
}

static err add_people(struct exporting *x, struct buf *b, const person_id *ids, size_t n)
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
	TRY(add_people(x, b, to->people, to->n_people));
	/* Who left keeps their words, and of the group nothing. */
	if (to->kind == AUDIENCE_GROUP && see_group(&x->see, x->me.id, to->group)) {
		e = groups_find(x->conn, to->group, x->mem, &group);
		if (failed(e) && e.code != ERR_MISSING)
			return e;
		add_words(b, "group", group.title);
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
	add_words(b, "name", card->title);
	add_words(b, "summary", card->about);
	buf_char(b, '}');
}

static void add_picture(struct exporting *x, struct buf *b, const struct media *m)
{
	buf_lit(b, "{\"type\":\"Image\",\"mediaType\":\"image/jpeg\",\"url\":");
	buf_json(b, export_picture_name(x, m->id));
	add_words(b, "name", m->about);
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
		add_words(b, "content", versions[i].text);
		add_words(b, "kith:place", versions[i].place);
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

static err add_comment(struct exporting *x, struct buf *b, const struct comment *c)
{
	bool mine = c->gate.author.v == x->me.id.v;
	err e;
	buf_lit(b, "{\"type\":\"Note\",\"id\":");
	add_urn(b, "comment", c->gate.id.v);
	buf_lit(b, ",\"attributedTo\":");
	TRY(add_person(x, b, c->gate.author));
	buf_lit(b, ",\"inReplyTo\":");
	if (c->gate.reply_to.v != 0)
		add_urn(b, "comment", c->gate.reply_to.v);
	else
		add_urn(b, "post", c->gate.post.v);
	add_time(b, "published", c->gate.created_at_ms);
	if (c->edited_at_ms != 0)
		add_time(b, "updated", c->edited_at_ms);
	add_content(x, b, c->text, c->language);
	if (mine && c->gate.held_until_ms > x->now_ms)
		buf_lit(b, ",\"kith:held\":true");
	if (mine && c->pending.version.v != 0)
		add_words(b, "kith:waiting", c->pending.text);
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
		TRY(add_comment(x, b, &comments[i]));
	}
	buf_lit(b, "]}");
out:
	return e;
}

static err add_note(struct exporting *x, struct buf *b, const struct post *post)
{
	const struct post_gate *gate = &post->gate;
	err e;
	buf_lit(b, "{\"type\":\"Note\",\"id\":");
	add_urn(b, "post", gate->id.v);
	buf_lit(b, ",\"attributedTo\":");
	add_urn(b, "person", x->me.id.v);
	add_time(b, "published", gate->created_at_ms);
	if (post->edited_at_ms != 0)
		add_time(b, "updated", post->edited_at_ms);
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
		add_words(b, "kith:waiting", post->pending.text);
	TRY(add_versions(x, b, &(struct status_ref){ gate->author, gate->id, { 0 } }));
	TRY(add_reactions(x, b, post));
	buf_char(b, '}');
out:
	return e;
}

/* ---- entries ---- */

static err send(struct exporting *x, const struct buf *b)
{
	return b->full ? err_limit(NULL, "a piece is too large to export")
	               : parcel_add(x->zip, buf_str(b));
}

/* One entry written whole. */
static err entry(struct exporting *x, const char *name,
                 err (*fill)(struct exporting *x, struct buf *b))
{
	struct arena_mark mark = arena_mark(x->mem);
	struct buf b;
	err e;
	buf_init(&b, x->mem, PIECE_MAX_BYTES);
	buf_lit(&b, "{" CONTEXT);
	TRY(fill(x, &b));
	buf_lit(&b, "}\n");
	TRY(parcel_entry(x->zip, name, true, x->now_ms));
	TRY(send(x, &b));
	arena_rewind(x->mem, mark);
out:
	return e;
}

static err fill_actor(struct exporting *x, struct buf *b)
{
	const struct person *me = &x->me;
	buf_lit(b, ",\"type\":\"Person\",\"id\":");
	add_urn(b, "person", me->id.v);
	add_words(b, "preferredUsername", me->handle);
	add_words(b, "name", me->display_name);
	add_words(b, "summary", me->note);
	add_time(b, "published", me->created_at_ms);
	add_words(b, "kith:range", str_of(range_word(me->range)));
	add_words(b, "kith:question", me->question);
	add_words(b, "kith:answer", me->answer);
	if (me->avatar.v != 0)
		add_words(b, "kith:picture", export_picture_name(x, me->avatar));
	if (me->cover.v != 0)
		add_words(b, "kith:cover", export_picture_name(x, me->cover));
	add_words(b, "outbox", S("outbox.json"));
	add_words(b, "liked", S("likes.json"));
	return OK;
}

static err fill_likes(struct exporting *x, struct buf *b)
{
	struct like *likes;
	size_t n;
	err e;
	TRY(likes_by(x->conn, x->me.id, INT64_MAX, INT32_MAX, x->mem, &likes, &n));
	buf_format(b, ",\"type\":\"OrderedCollection\",\"totalItems\":%zu,\"orderedItems\":[", n);
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",{\"type\":\"Like\",\"object\":")
		                 : S("{\"type\":\"Like\",\"object\":"));
		add_urn(b, "post", likes[i].post.v);
		add_time(b, "published", likes[i].at_ms);
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

enum company { FRIENDS, BLOCKED, HIDDEN_MINE, HIDDEN_THEIRS };

/* As they are in memory: by key in the tables they would have to be looked for. */
static person_id *company(struct exporting *x, enum company which, size_t *n)
{
	const struct world *world = x->c->world;
	const person_id *ids;
	person_id *mine;
	world_lock(world);
	ids = which == FRIENDS       ? world_ties(world, x->me.id, n)
	      : which == BLOCKED     ? world_blocks(world, x->me.id, n)
	      : which == HIDDEN_MINE ? world_hides(world, x->me.id, HIDE_MINE, n)
	                             : world_hides(world, x->me.id, HIDE_THEIRS, n);
	mine = ARENA_ARRAY(x->mem, *n + 1, person_id);
	for (size_t i = 0; i < *n; i++)
		mine[i] = ids[i];
	world_unlock(world);
	return mine;
}

static err fill_people(struct exporting *x, struct buf *b, enum company which)
{
	size_t n;
	person_id *ids = company(x, which, &n);
	buf_format(b, ",\"type\":\"Collection\",\"totalItems\":%zu,\"items\":", n);
	return add_people(x, b, ids, n);
}

static err fill_friends(struct exporting *x, struct buf *b) { return fill_people(x, b, FRIENDS); }
static err fill_blocked(struct exporting *x, struct buf *b) { return fill_people(x, b, BLOCKED); }

/* Who does not see mine, and whose I do not want to see. */
static err fill_hidden(struct exporting *x, struct buf *b)
{
	err e;
	TRY(fill_people(x, b, HIDDEN_MINE));
	buf_lit(b, ",\"kith:theirs\":{\"name\":\"theirs\"");
	TRY(fill_people(x, b, HIDDEN_THEIRS));
	buf_char(b, '}');
out:
	return e;
}

static err fill_tags(struct exporting *x, struct buf *b)
{
	struct list *lists;
	person_id *members;
	size_t n, n_members;
	err e;
	TRY(lists_of(x->conn, x->me.id, x->mem, &lists, &n));
	buf_format(b, ",\"type\":\"Collection\",\"totalItems\":%zu,\"items\":[", n);
	for (size_t i = 0; i < n; i++) {
		TRY(list_members_of(x->conn, x->me.id, lists[i].id, x->mem, &members, &n_members));
		buf_add(b, i > 0 ? S(",{\"type\":\"Collection\",\"name\":")
		                 : S("{\"type\":\"Collection\",\"name\":"));
		buf_json(b, lists[i].title);
		buf_lit(b, ",\"items\":");
		TRY(add_people(x, b, members, n_members));
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

static err fill_groups(struct exporting *x, struct buf *b)
{
	struct group group;
	group_id *ids;
	size_t n;
	err e;
	TRY(groups_of(x->conn, x->me.id, GROUP_MEMBER, INT32_MAX, x->mem, &ids, &n));
	buf_format(b, ",\"type\":\"Collection\",\"totalItems\":%zu,\"items\":[", n);
	for (size_t i = 0; i < n; i++) {
		TRY(groups_find(x->conn, ids[i], x->mem, &group));
		buf_add(b, i > 0 ? S(",{\"type\":\"Group\",\"name\":")
		                 : S("{\"type\":\"Group\",\"name\":"));
		buf_json(b, group.title);
		add_words(b, "summary", group.about);
		add_words(b, "kith:role", group.owner.v == x->me.id.v ? S("owner") : S("member"));
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

/* What the order did to them, with its reasons. */
static err fill_measures(struct exporting *x, struct buf *b)
{
	struct measure *all;
	size_t n;
	err e;
	TRY(measures_of(x->conn, x->me.id, (measure_id){ 0 }, INT32_MAX, x->mem, &all, &n));
	buf_format(b, ",\"type\":\"Collection\",\"totalItems\":%zu,\"items\":[", n);
	for (size_t i = 0; i < n; i++) {
		const struct measure *m = &all[i];
		buf_format(
			b,
			"%s{\"type\":\"kith:Measure\",\"kith:kind\":\"%s\",\"kith:state\":\"%s\"",
			i > 0 ? "," : "", measure_kind_word(m->kind),
			measure_state_word(measure_state_at(m, x->now_ms)));
		add_words(b, "kith:rule", m->rule);
		add_words(b, "kith:policy", m->policy);
		add_words(b, "kith:evidence", m->evidence);
		add_words(b, "kith:note", m->decision_note);
		add_time(b, "published", m->starts_at_ms);
		buf_lit(b, ",\"object\":");
		add_urn(b, m->comment.v ? "comment" : "post",
		        m->comment.v ? m->comment.v : m->post.v);
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

static err write_post(struct exporting *x, struct post *post)
{
	struct arena_mark mark = arena_mark(x->mem);
	struct buf b;
	err e;
	buf_init(&b, x->mem, PIECE_MAX_BYTES);
	buf_lit(&b, ",\n{\"type\":\"Create\",\"actor\":");
	add_urn(&b, "person", x->me.id.v);
	add_time(&b, "published", post->gate.created_at_ms);
	buf_lit(&b, ",\"object\":");
	TRY(add_note(x, &b, post));
	buf_char(&b, '}');
	TRY(send(x, &b));
	arena_rewind(x->mem, mark);
out:
	return e;
}

/* The account comes first, as AS2 has it too, so that every post can begin with a comma. */
static err write_outbox(struct exporting *x)
{
	struct buf b;
	err e;
	buf_init(&b, x->mem, 4096);
	buf_lit(&b, "{" CONTEXT ",\"type\":\"OrderedCollection\",\"orderedItems\":[\n"
	            "{\"type\":\"Create\",\"actor\":");
	add_urn(&b, "person", x->me.id.v);
	add_time(&b, "published", x->me.created_at_ms);
	buf_lit(&b, ",\"object\":{\"type\":\"Person\",\"id\":");
	add_urn(&b, "person", x->me.id.v);
	buf_lit(&b, "}}");
	TRY(parcel_entry(x->zip, "outbox.json", true, x->now_ms));
	TRY(send(x, &b));
	TRY(export_each_post(x, write_post));
	TRY(parcel_add(x->zip, S("\n]}\n")));
out:
	return e;
}

struct own {
	struct exporting *x;
	bool any;
};

static err write_comment(const struct comment *comment, void *ctx)
{
	struct own *own = ctx;
	struct exporting *x = own->x;
	struct arena_mark mark = arena_mark(x->mem);
	struct buf b;
	err e;
	buf_init(&b, x->mem, PIECE_MAX_BYTES);
	if (own->any)
		buf_lit(&b, ",\n");
	own->any = true;
	TRY(add_comment(x, &b, comment));
	TRY(send(x, &b));
	arena_rewind(x->mem, mark);
out:
	return e;
}

static err write_own_comments(struct exporting *x)
{
	struct own own = { .x = x };
	err e;
	TRY(parcel_entry(x->zip, "comments.json", true, x->now_ms));
	TRY(parcel_add(x->zip,
	               S("{" CONTEXT ",\"type\":\"OrderedCollection\",\"orderedItems\":[\n")));
	TRY(comments_by(x->conn, x->me.id, x->mem, write_comment, &own));
	TRY(parcel_add(x->zip, S("\n]}\n")));
out:
	return e;
}

static err write_pictures(struct exporting *x)
{
	struct media *media;
	media_id after = { 0 };
	size_t n;
	err e;
	do {
		struct arena_mark mark = arena_mark(x->mem);
		TRY(pictures_of(x->conn, x->me.id, after, PAGE, x->mem, &media, &n));
		for (size_t i = 0; i < n; i++) {
			size_t bytes;
			int fd = -1;
			after = media[i].id;
			e = picture_files_read(x->c->album->files, media[i].content, MEDIA_LARGE,
			                       MEDIA_JPEG, &fd, &bytes);
			if (e.code == ERR_MISSING)
				continue; /* taken back since the snapshot */
			TRY(e);
			e = parcel_entry(x->zip,
			                 str_to_c(x->mem, export_picture_name(x, media[i].id)),
			                 false, media[i].created_at_ms);
			if (!failed(e))
				e = parcel_add_file(x->zip, fd);
			close(fd);
			TRY(e);
		}
		arena_rewind(x->mem, mark);
	} while (n == PAGE);
	e = OK;
out:
	return e;
}

static const struct {
	const char *name;
	err (*fill)(struct exporting *x, struct buf *b);
} entries[] = {
	{ "actor.json", fill_actor },     { "likes.json", fill_likes },
	{ "friends.json", fill_friends }, { "tags.json", fill_tags },
	{ "groups.json", fill_groups },   { "blocked.json", fill_blocked },
	{ "hidden.json", fill_hidden },   { "measures.json", fill_measures },
};

static err write_all(struct exporting *x)
{
	err e;
	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
		TRY(entry(x, entries[i].name, entries[i].fill));
	TRY(write_outbox(x));
	TRY(write_own_comments(x));
	TRY(export_page(x));
	TRY(write_pictures(x));
	if (x->facts.broken)
		e = err_system("a fact the door needs could not be read");
out:
	return e;
}

err export_write(struct circle *c, person_id person, int fd, int64_t now_ms,
                 bool (*stopped)(void *ctx), void *ctx)
{
	struct exporting x = { .c = c,
		               .mem = arena_new(64 * 1024),
		               .now_ms = now_ms,
		               .stopped = stopped,
		               .ctx = ctx };
	struct arena *door = arena_new(16 * 1024);
	err e;
	TRY(store_read(c->store, &x.conn));
	x.facts = (struct see_store){ .conn = x.conn, .mem = door };
	x.see = see_store_source(&x.facts);
	TRY(people_find(x.conn, person, x.mem, &x.me));
	if (x.me.status == PERSON_ERASED)
		TRY(err_missing("erased"));
	TRY(parcel_begin(fd, &x.zip));
	TRY(write_all(&x));
	TRY(parcel_end(&x.zip));
out:
	parcel_drop(&x.zip);
	store_read_end(c->store, &x.conn);
	arena_free(door);
	arena_free(x.mem);
	return e;
}
