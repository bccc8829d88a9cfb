/* JSON is written as it is read: a post with all that hangs on it is the most that is in memory. */
#include "circle/export.h"

#include "circle/audit_look.h"
#include "circle/explain.h"
#include "circle/export_list.h"
#include "circle/order.h"
#include "circle/picture_private.h"
#include "circle/world.h"

#include "base/buf.h"
#include "base/leak.h"
#include "store/comments.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/pictures.h"
#include "store/posts.h"
#include "store/reports.h"

#include <unistd.h>

#define PAGE 50
#define COMMENTS_EACH 10000

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

/* ---- entries ---- */

/* One entry written whole. */
static err entry(struct exporting *x, const char *name,
                 err (*fill)(struct exporting *x, struct buf *b))
{
	struct arena_mark mark = arena_mark(x->mem);
	struct buf b;
	err e;
	buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
	buf_lit(&b, "{" EXPORT_CONTEXT);
	TRY(fill(x, &b));
	buf_lit(&b, "}\n");
	TRY(parcel_entry(x->zip, name, true, x->now_ms));
	TRY(export_send(x, &b));
	arena_rewind(x->mem, mark);
out:
	return e;
}

static err fill_actor(struct exporting *x, struct buf *b)
{
	const struct person *me = &x->me;
	buf_lit(b, ",\"type\":\"Person\",\"id\":");
	export_add_urn(b, "person", me->id.v);
	export_add_words(b, "preferredUsername", me->handle);
	export_add_words(b, "name", me->display_name);
	export_add_words(b, "summary", me->note);
	export_add_time(b, "published", me->created_at_ms);
	export_add_words(b, "kith:range", str_of(range_word(me->range)));
	export_add_words(b, "kith:question", me->question);
	export_add_words(b, "kith:answer", me->answer);
	if (me->avatar.v != 0)
		export_add_words(b, "kith:picture", export_picture_name(x, me->avatar));
	if (me->cover.v != 0)
		export_add_words(b, "kith:cover", export_picture_name(x, me->cover));
	export_add_words(b, "outbox", S("outbox.json"));
	export_add_words(b, "liked", S("likes.json"));
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
		export_add_urn(b, "post", likes[i].post.v);
		export_add_time(b, "published", likes[i].at_ms);
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
	return export_add_people(x, b, ids, n);
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
		TRY(export_add_people(x, b, members, n_members));
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
		export_add_words(b, "summary", group.about);
		export_add_words(b, "kith:role",
		                 group.owner.v == x->me.id.v ? S("owner") : S("member"));
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

/* What it is on: a piece, or the person. */
static void add_measured(struct buf *b, const struct measure *m)
{
	if (m->comment.v != 0)
		export_add_urn(b, "comment", m->comment.v);
	else if (m->post.v != 0)
		export_add_urn(b, "post", m->post.v);
	else
		export_add_urn(b, "person", m->subject.v);
}

/* What the order did to them, with the reasons they were told, as measures are answered. */
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
		export_add_words(b, "kith:rule", m->rule);
		export_add_words(b, "kith:policy", m->policy);
		buf_lit(b, ",\"kith:evidence\":{");
		explain_to_subject(m, b);
		buf_char(b, '}');
		export_add_words(b, "kith:note", m->decision_note);
		export_add_words(b, "kith:decider", str_of(order_decider_word(m->decider)));
		buf_format(b, ",\"kith:points\":%d", m->points);
		export_add_time(b, "published", m->starts_at_ms);
		if (measure_end(m) != INT64_MAX)
			export_add_time(b, "endTime", measure_end(m));
		buf_lit(b, ",\"object\":");
		add_measured(b, m);
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
	buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
	buf_lit(&b, ",\n{\"type\":\"Create\",\"actor\":");
	export_add_urn(&b, "person", x->me.id.v);
	export_add_time(&b, "published", post->gate.created_at_ms);
	buf_lit(&b, ",\"object\":");
	TRY(export_add_post(x, &b, post));
	buf_char(&b, '}');
	TRY(export_send(x, &b));
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
	buf_lit(&b, "{" EXPORT_CONTEXT ",\"type\":\"OrderedCollection\",\"orderedItems\":[\n"
	            "{\"type\":\"Create\",\"actor\":");
	export_add_urn(&b, "person", x->me.id.v);
	export_add_time(&b, "published", x->me.created_at_ms);
	buf_lit(&b, ",\"object\":{\"type\":\"Person\",\"id\":");
	export_add_urn(&b, "person", x->me.id.v);
	buf_lit(&b, "}}");
	TRY(parcel_entry(x->zip, "outbox.json", true, x->now_ms));
	TRY(export_send(x, &b));
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
	buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
	if (own->any)
		buf_lit(&b, ",\n");
	own->any = true;
	TRY(export_add_comment(x, &b, comment));
	TRY(export_send(x, &b));
	arena_rewind(x->mem, mark);
out:
	return e;
}

static err write_own_comments(struct exporting *x)
{
	struct own own = { .x = x };
	err e;
	TRY(parcel_entry(x->zip, "comments.json", true, x->now_ms));
	TRY(parcel_add(x->zip, S("{" EXPORT_CONTEXT
	                         ",\"type\":\"OrderedCollection\",\"orderedItems\":[\n")));
	TRY(comments_by(x->conn, x->me.id, x->mem, write_comment, &own));
	TRY(parcel_add(x->zip, S("\n]}\n")));
out:
	return e;
}

/* What they reported and what became of it; of whom it is on, an id. */
static void add_report(struct buf *b, const struct report *r)
{
	const char *outcome = report_outcome_word(r->state);
	buf_lit(b, "{\"type\":\"Flag\",\"kith:category\":");
	buf_json(b, str_of(report_category_word(r->category)));
	export_add_words(b, "content", r->text);
	export_add_words(b, "kith:outcome", outcome ? str_of(outcome) : STR_NONE);
	export_add_time(b, "published", r->at_ms);
	buf_lit(b, ",\"object\":[");
	export_add_urn(b, "person", r->target.v);
	if (r->piece.post.v) {
		buf_char(b, ',');
		export_add_urn(b, r->piece.comment.v ? "comment" : "post",
		               r->piece.comment.v ? r->piece.comment.v : r->piece.post.v);
	}
	buf_lit(b, "]}");
}

static err add_own_reports(struct export_list *list)
{
	struct exporting *x = list->x;
	struct report *reports;
	size_t n;
	err e;
	TRY(reports_by(x->conn, x->me.id, (report_id){ list->before }, EXPORT_PAGE, x->mem,
	               &reports, &n));
	for (size_t i = 0; i < n; i++) {
		list->before = reports[i].id.v;
		add_report(export_item(list), &reports[i]);
	}
	list->more = n == EXPORT_PAGE;
out:
	return e;
}

/* As the receipts of each measure are answered: `kith audit receipt verify` reads them. */
static err write_receipts(struct exporting *x)
{
	struct arena_mark mark = arena_mark(x->mem);
	struct audit_receipt *receipts;
	size_t n;
	err e;
	TRY(audit_receipts_in(x->conn, x->me.id, (measure_id){ 0 }, x->mem, &receipts, &n));
	TRY(parcel_entry(x->zip, "receipts.json", true, x->now_ms));
	TRY(parcel_add(x->zip, S("[")));
	for (size_t i = 0; i < n; i++) {
		struct arena_mark one = arena_mark(x->mem);
		struct buf b;
		buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
		buf_add(&b, i > 0 ? S(",\n") : S("\n"));
		audit_receipt_json(&b, &receipts[i]);
		TRY(export_send(x, &b));
		arena_rewind(x->mem, one);
	}
	TRY(parcel_add(x->zip, S("\n]\n")));
	arena_rewind(x->mem, mark);
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
	TRY(export_list(x, "reports.json", STR_NONE, add_own_reports));
	TRY(export_appeals(x));
	TRY(write_receipts(x));
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
		               .now_ms = order_now(c, now_ms),
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
