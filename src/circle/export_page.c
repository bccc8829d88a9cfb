/* The same posts as a page: one file, no script, pictures beside it. It is read on the person's own machine, perhaps in many years. */
#include "circle/export.h"

#include "base/buf.h"

#define PIECE_MAX_BYTES ((size_t)64 << 20)

static const char head[] =
	"<!doctype html>\n<html lang=\"zh\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; "
	"style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
	"<style>\nbody{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#222;"
	"background:#fff}\narticle{border-top:1px solid #bbb;padding:1rem 0}\nimg{max-width:100%;height:auto;display:block;"
	"margin:.5rem 0}\ntime,.to{color:#555;font-size:.875rem}\np{white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0}\n"
	"ul{padding-left:1.2rem}\n@media (prefers-color-scheme:dark){body{color:#ddd;background:#181818}time,.to{color:#aaa}}\n"
	"</style>\n<title>";

static const char *const audiences[] = {
	[AUDIENCE_FRIENDS] = "朋友可见 · friends",
	[AUDIENCE_ONLY] = "部分可见 · only some",
	[AUDIENCE_EXCEPT] = "不给谁看 · all but some",
	[AUDIENCE_SELF] = "仅自己 · only me",
	[AUDIENCE_GROUP] = "群 · a group",
};

static void add_time(struct buf *b, int64_t at_ms)
{
	buf_lit(b, "<time datetime=\"");
	buf_time(b, at_ms);
	buf_lit(b, "\">");
	buf_time(b, at_ms);
	buf_lit(b, "</time>");
}

static err add_name(struct exporting *x, struct buf *b, person_id id)
{
	struct person person;
	err e = export_name(x, id, &person);
	if (!failed(e))
		buf_html(b, person.display_name.n > 0 ? person.display_name : S("?"));
	return e;
}

static void add_pictures(struct exporting *x, struct buf *b, const struct post *post)
{
	for (size_t i = 0; i < post->n_media; i++) {
		buf_lit(b, "<img loading=\"lazy\" src=\"");
		buf_html(b, export_picture_name(x, post->media[i].id));
		buf_lit(b, "\" alt=\"");
		buf_html(b, post->media[i].about);
		buf_lit(b, "\">\n");
	}
}

static err add_reactions(struct exporting *x, struct buf *b, const struct post *post)
{
	struct comment *comments;
	struct like *likes;
	size_t n_likes, n_comments;
	err e;
	TRY(export_likes(x, post, &likes, &n_likes));
	TRY(export_comments(x, post, &comments, &n_comments));
	if (n_likes > 0)
		buf_lit(b, "<p class=\"to\">赞 · likes: ");
	for (size_t i = 0; i < n_likes; i++) {
		if (i > 0)
			buf_lit(b, ", ");
		TRY(add_name(x, b, likes[i].by));
	}
	if (n_likes > 0)
		buf_lit(b, "</p>\n");
	if (n_comments > 0)
		buf_lit(b, "<ul>\n");
	for (size_t i = 0; i < n_comments; i++) {
		buf_lit(b, "<li><b>");
		TRY(add_name(x, b, comments[i].gate.author));
		buf_lit(b, "</b> ");
		add_time(b, comments[i].gate.created_at_ms);
		buf_lit(b, "<p>");
		buf_html(b, comments[i].text);
		buf_lit(b, "</p></li>\n");
	}
	if (n_comments > 0)
		buf_lit(b, "</ul>\n");
out:
	return e;
}

static err add_article(struct exporting *x, struct post *post)
{
	struct arena_mark mark = arena_mark(x->mem);
	struct buf b;
	err e;
	buf_init(&b, x->mem, PIECE_MAX_BYTES);
	buf_lit(&b, "<article>\n");
	add_time(&b, post->gate.created_at_ms);
	buf_format(&b, " <span class=\"to\">%s</span>\n<p>", audiences[post->gate.audience.kind]);
	buf_html(&b, post->text);
	buf_lit(&b, "</p>\n");
	add_pictures(x, &b, post);
	if (post->place.n > 0) {
		buf_lit(&b, "<p class=\"to\">地点 · place: ");
		buf_html(&b, post->place);
		buf_lit(&b, "</p>\n");
	}
	if (post->card.url.n > 0) {
		buf_lit(&b, "<p class=\"to\">链接 · link: ");
		buf_html(&b, post->card.title);
		buf_char(&b, ' ');
		buf_html(&b, post->card.url);
		buf_lit(&b, "</p>\n");
	}
	TRY(add_reactions(x, &b, post));
	buf_lit(&b, "</article>\n");
	TRY(b.full ? err_limit(NULL, "a piece is too large to export")
	           : parcel_add(x->zip, buf_str(&b)));
	arena_rewind(x->mem, mark);
out:
	return e;
}

err export_page(struct exporting *x)
{
	struct buf b;
	err e;
	buf_init(&b, x->mem, 16 * 1024);
	buf_add(&b, str_of(head));
	buf_html(&b, x->me.display_name);
	buf_lit(&b, "</title>\n</head>\n<body>\n<h1>");
	buf_html(&b, x->me.display_name);
	buf_lit(&b, "</h1>\n<p>");
	buf_html(&b, x->me.note);
	buf_lit(&b, "</p>\n<h2>动态 · Moments</h2>\n");
	TRY(parcel_entry(x->zip, "index.html", true, x->now_ms));
	TRY(parcel_add(x->zip, buf_str(&b)));
	TRY(export_each_post(x, add_article));
	TRY(parcel_add(x->zip, S("</body>\n</html>\n")));
out:
	return e;
}
