/* The circle without script: a plain sign-in, the newest posts, and one post with what is said of it.
 *
 * For browsers where the page of web/ does not run. What is shown passes the same door as everything else
 * (circle/read.h); writing is left to the page and to apps. In Chinese or English, as the browser asks. */
#include "api/entity.h"
#include "api/handlers.h"

#include "api/house.h"
#include "circle/factor.h"
#include "model/media.h"

#define LIMIT 20
#define COMMENTS_SHOWN 10
#define COMMENTS_WHOLE 500

struct words {
	const char *lang, *sign_in, *about, *handle, *password, *second, *code, *sealed, *complaint;
	const char *circle, *none, *earlier, *liked_by, *replies, *colon, *picture, *whole, *back;
	const char *sign_out, *post;
};

static const struct words english = {
	.lang = "en",
	.sign_in = "Sign in",
	.about = "Without script you can read here. Writing needs the page itself, or an app.",
	.handle = "Handle",
	.password = "Password",
	.second = "Your password was right; one step more.",
	.code = "Code of your app, or a recovery code",
	.sealed = "This account is sealed.",
	.complaint = "A complaint, without an account",
	.circle = "Circle",
	.none = "Nothing here yet.",
	.earlier = "Earlier posts",
	.liked_by = "Liked by ",
	.replies = " replies ",
	.colon = ": ",
	.picture = "A picture",
	.whole = "The post and all comments",
	.back = "Back to the circle",
	.sign_out = "Sign out",
	.post = "Post",
};

static const struct words chinese = {
	.lang = "zh-Hans",
	.sign_in = "登录",
	.about = "没有脚本也能在这里读。要写，得用本页或应用。",
	.handle = "用户名",
	.password = "密码",
	.second = "密码对了，还有一步。",
	.code = "应用里的验证码，或者恢复码",
	.sealed = "这个帐号封存了。",
	.complaint = "没有帐号也可以投诉",
	.circle = "友圈",
	.none = "这里还没有东西。",
	.earlier = "更早的帖子",
	.liked_by = "赞过的朋友：",
	.replies = " 回复 ",
	.colon = "：",
	.picture = "一张图",
	.whole = "整条帖子和全部评论",
	.back = "回到友圈",
	.sign_out = "退出登录",
	.post = "帖子",
};

static const struct words *words_of(const struct call *c)
{
	return house_chinese(c) ? &chinese : &english;
}

/* --- signing in --- */

/* Where to go after: a plain page, and nothing else that somebody might put into the address. */
static str next_of(str next)
{
	bool plain = str_eq(next, S("/plain")) || str_starts(next, S("/plain/posts/"));
	return plain ? next : S("/plain");
}

static void add_field(struct buf *b, str name, const char *label, str more)
{
	buf_lit(b, "<div class=\"field\"><label for=\"");
	buf_add(b, name);
	buf_lit(b, "\">");
	house_put(b, label);
	buf_lit(b, "</label><input class=\"in\" id=\"");
	buf_add(b, name);
	buf_lit(b, "\" name=\"");
	buf_add(b, name);
	buf_lit(b, "\" autocapitalize=\"none\" required ");
	buf_add(b, more);
	buf_lit(b, "></div>\n");
}

static void begin_form(struct buf *b, str action, str next, const char *wrong)
{
	buf_lit(b, "<form class=\"sheet panel pad stack\" method=\"post\" action=\"");
	buf_add(b, action);
	buf_lit(b, "\">\n<input type=\"hidden\" name=\"next\" value=\"");
	buf_html(b, next);
	buf_lit(b, "\">\n");
	house_wrong(b, wrong);
}

static void end_form(struct buf *b, const char *button)
{
	buf_lit(b, "<button class=\"btn go full\">");
	house_put(b, button);
	buf_lit(b, "</button>\n</form>\n");
}

static err sign_in_page(struct call *c, str next, const char *wrong)
{
	const struct words *w = words_of(c);
	struct buf b;
	house_begin(c, &b, str_of(w->lang), str_of(w->sign_in));
	buf_lit(&b, "<p class=\"soft\">");
	house_put(&b, w->about);
	buf_lit(&b, "</p>\n");
	begin_form(&b, S("/plain/sign-in"), next, wrong);
	add_field(&b, S("handle"), w->handle, S("autocomplete=\"username\""));
	add_field(&b, S("password"), w->password,
	          S("type=\"password\" autocomplete=\"current-password\""));
	end_form(&b, w->sign_in);
	buf_lit(&b, "<p><a href=\"/complaint\">");
	house_put(&b, w->complaint);
	buf_lit(&b, "</a></p>\n");
	return house_finish(c, &b, wrong ? 422 : 200, STR_NONE);
}

static err second_page(struct call *c, str next, str ticket, const char *wrong)
{
	const struct words *w = words_of(c);
	struct buf b;
	house_begin(c, &b, str_of(w->lang), str_of(w->sign_in));
	buf_lit(&b, "<p>");
	house_put(&b, w->second);
	buf_lit(&b, "</p>\n");
	begin_form(&b, S("/plain/sign-in/second"), next, wrong);
	buf_lit(&b, "<input type=\"hidden\" name=\"ticket\" value=\"");
	buf_html(&b, ticket);
	buf_lit(&b, "\">\n");
	add_field(&b, S("code"), w->code, S("autocomplete=\"one-time-code\" spellcheck=\"false\""));
	end_form(&b, w->sign_in);
	return house_finish(c, &b, wrong ? 422 : 200, STR_NONE);
}

err plain_sign_in_form(struct call *c)
{
	str next;
	err e;
	TRY(params_str(c->params, "next", &next));
	TRY(sign_in_page(c, next_of(next), NULL));
out:
	return e;
}

err plain_sign_in(struct call *c)
{
	struct way_in from = call_way_in(c);
	struct came_in came = { .retry_after_s = 0 };
	struct second_ask second;
	str handle, password, next;
	err e;
	TRY(params_str(c->params, "next", &next));
	TRY(params_str(c->params, "handle", &handle));
	TRY(params_str(c->params, "password", &password));
	e = admit_sign_in(c->circle, &from, handle, password, c->mem, &came);
	if (e.code == ERR_INPUT)
		return sign_in_page(c, next_of(next), house_say(c, e.say));
	TRY(e);
	if (came.person.status == PERSON_SEALED)
		return sign_in_page(c, next_of(next), words_of(c)->sealed);
	if (came.person.second_factor) {
		TRY(second_ask(c->circle, &came, c->mem, &second));
		TRY(second_page(c, next_of(next), second.ticket, NULL));
		goto out;
	}
	TRY(call_sign_in(c, came.person.id, FACTOR_NONE));
	TRY(house_redirect(c, next_of(next)));
out:
	c->retry_after_s = came.retry_after_s;
	return e;
}

err plain_second(struct call *c)
{
	struct came_in came = { .retry_after_s = 0 };
	str ticket, code, next;
	err e;
	TRY(params_str(c->params, "next", &next));
	TRY(params_str(c->params, "ticket", &ticket));
	TRY(params_str(c->params, "code", &code));
	struct second_proof proof = house_proof(code);
	e = second_answer(c->circle, ticket, &proof, c->now_ms, c->mem, &came);
	if (e.code == ERR_INPUT && str_eq(str_of(e.field), S("ticket")))
		return sign_in_page(c, next_of(next), house_say(c, e.say));
	if (e.code == ERR_INPUT)
		return second_page(c, next_of(next), ticket, house_say(c, e.say));
	TRY(e);
	TRY(call_sign_in(c, came.person.id, came.factor));
	TRY(house_redirect(c, next_of(next)));
out:
	c->retry_after_s = came.retry_after_s;
	return e;
}

err plain_sign_out(struct call *c)
{
	err e;
	TRY(admit_revoke(c->circle, c->me.person, c->me.session));
	TRY(call_clear_cookie(c));
	TRY(house_redirect(c, S("/plain/sign-in")));
	http_reply_literal(c->reply, "Clear-Site-Data", "\"cache\"");
out:
	return e;
}

/* --- reading --- */

/* The name of somebody whose deed is shown; ERR_MISSING when they vanished since. */
static err add_name(struct call *c, struct buf *b, person_id id)
{
	struct person person;
	err e;
	TRY(read_card(c->circle, c->me.person, id, c->mem, &person));
	buf_lit(b, "<b class=\"name\">");
	buf_html(b, person.display_name.n > 0 ? person.display_name : person.handle);
	buf_lit(b, "</b>");
out:
	return e;
}

static void add_text(struct buf *b, str text, str tag)
{
	if (text.n == 0)
		return;
	buf_char(b, '<');
	buf_add(b, tag);
	buf_lit(b, " class=\"text\">");
	buf_html(b, text);
	buf_lit(b, "</");
	buf_add(b, tag);
	buf_char(b, '>');
}

static void add_pictures(struct call *c, struct buf *b, const struct post *post)
{
	const struct words *w = words_of(c);
	if (post->n_media == 0)
		return;
	buf_format(b, "<ul class=\"pics\" data-n=\"%zu\">", post->n_media);
	for (size_t i = 0; i < post->n_media; i++) {
		const struct media *m = &post->media[i];
		buf_format(b, "<li><a href=\"/media/%lld/large.jpeg\"><img loading=\"lazy\" ",
		           (long long)m->id.v);
		buf_format(b, "width=\"%d\" height=\"%d\" src=\"/media/%lld/small.jpeg\" alt=\"",
		           m->width, m->height, (long long)m->id.v);
		buf_html(b, m->about.n > 0 ? m->about : str_of(w->picture));
		buf_lit(b, "\"></a></li>");
	}
	buf_lit(b, "</ul>\n");
}

/* After an item of a list: takes back what was begun when somebody it names vanished since. */
static err settle(struct buf *b, size_t before, err e)
{
	if (e.code != ERR_MISSING)
		return e;
	b->n = before;
	return OK;
}

static err add_likers(struct call *c, struct buf *b, const struct seen_moment *m)
{
	size_t before = b->n, shown = 0;
	err e = OK;
	buf_lit(b, "<p class=\"likes\"><span>");
	house_put(b, words_of(c)->liked_by);
	for (size_t i = 0; i < m->n_likers; i++) {
		size_t here = b->n;
		if (shown > 0)
			buf_lit(b, ", ");
		TRY(settle(b, here, add_name(c, b, m->likers[i])));
		/* Nothing but a comma is no name. */
		if (b->n > here + 2)
			shown++;
		else
			b->n = here;
	}
	buf_lit(b, "</span></p>\n");
	if (shown == 0)
		b->n = before;
out:
	return e;
}

static err add_comment(struct call *c, struct buf *b, const struct comment *it)
{
	const struct words *w = words_of(c);
	err e;
	buf_lit(b, "<li id=\"c");
	buf_i64(b, it->gate.id.v);
	buf_lit(b, "\">");
	TRY(add_name(c, b, it->gate.author));
	if (it->gate.reply_to.v != 0) {
		house_put(b, w->replies);
		TRY(add_name(c, b, it->gate.reply_to_author));
	}
	house_put(b, w->colon);
	buf_lit(b, "<span class=\"breaks\">");
	buf_html(b, it->text);
	buf_lit(b, "</span></li>\n");
out:
	return e;
}

static err add_reactions(struct call *c, struct buf *b, const struct seen_moment *m)
{
	err e = OK;
	if (m->n_likers == 0 && m->n_comments == 0)
		return OK;
	buf_lit(b, "<div class=\"react\">\n");
	TRY(add_likers(c, b, m));
	if (m->n_comments > 0)
		buf_lit(b, "<ul>\n");
	for (size_t i = 0; i < m->n_comments; i++) {
		size_t before = b->n;
		TRY(settle(b, before, add_comment(c, b, &m->comments[i].comment)));
	}
	if (m->n_comments > 0)
		buf_lit(b, "</ul>\n");
	buf_lit(b, "</div>\n");
out:
	return e;
}

static err add_moment(struct call *c, struct buf *b, const struct seen_moment *m, bool whole)
{
	const struct post *post = &m->post.post;
	err e;
	buf_lit(b, "<article class=\"post bare\"><span></span><div>\n<p>");
	TRY(add_name(c, b, post->gate.author));
	buf_lit(b, "</p>\n");
	add_text(b, post->text, S("p"));
	add_pictures(c, b, post);
	if (post->card.url.n > 0) {
		buf_lit(b, "<p><a rel=\"noopener noreferrer nofollow\" href=\"");
		buf_html(b, post->card.url);
		buf_lit(b, "\">");
		buf_html(b, post->card.title);
		buf_char(b, ' ');
		buf_html(b, entity_card_host(&post->card));
		buf_lit(b, "</a></p>\n");
	}
	add_text(b, post->place, S("p"));
	buf_lit(b, "<p class=\"meta\">");
	house_time(b, post->gate.created_at_ms);
	if (!whole) {
		buf_lit(b, " <a href=\"/plain/posts/");
		buf_i64(b, post->gate.id.v);
		buf_lit(b, "\">");
		house_put(b, words_of(c)->whole);
		buf_lit(b, "</a>");
	}
	buf_lit(b, "</p>\n");
	TRY(add_reactions(c, b, m));
	buf_lit(b, "</div></article>\n");
out:
	return e;
}

static void add_foot(struct call *c, struct buf *b, int64_t earlier, bool back)
{
	const struct words *w = words_of(c);
	buf_lit(b, "<div class=\"line\">");
	if (earlier != 0) {
		buf_lit(b, "<a class=\"btn\" href=\"/plain?max_id=");
		buf_i64(b, earlier);
		buf_lit(b, "\">");
		house_put(b, w->earlier);
		buf_lit(b, "</a>");
	}
	if (back) {
		buf_lit(b, "<a class=\"btn\" href=\"/plain\">");
		house_put(b, w->back);
		buf_lit(b, "</a>");
	}
	buf_lit(b, "<form method=\"post\" action=\"/plain/sign-out\"><button class=\"btn\">");
	house_put(b, w->sign_out);
	buf_lit(b, "</button></form></div>\n");
}

err plain_home(struct call *c)
{
	const struct words *w = words_of(c);
	struct seen_moment *moments;
	struct page page;
	struct buf b;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT, &page));
	TRY(read_moments(c->circle, c->me.person, page, COMMENTS_SHOWN, c->now_ms, c->mem, &moments,
	                 &n));
	house_begin(c, &b, str_of(w->lang), str_of(w->circle));
	for (size_t i = 0; i < n; i++) {
		size_t before = b.n;
		TRY(settle(&b, before, add_moment(c, &b, &moments[i], false)));
	}
	if (n == 0) {
		buf_lit(&b, "<p class=\"soft\">");
		house_put(&b, w->none);
		buf_lit(&b, "</p>\n");
	}
	add_foot(c, &b, n == (size_t)page.limit ? moments[n - 1].post.post.gate.id.v : 0,
	         page.max_id != 0);
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}

err plain_post(struct call *c)
{
	const struct words *w = words_of(c);
	struct seen_moment moment;
	struct status_ref ref;
	struct buf b;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(read_ref(c->circle, id, &ref));
	TRY(read_moment(c->circle, c->me.person, &ref, COMMENTS_WHOLE, c->now_ms, c->mem, &moment));
	house_begin(c, &b, str_of(w->lang), str_of(w->post));
	TRY(add_moment(c, &b, &moment, true));
	add_foot(c, &b, 0, true);
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}
