/* See house.h. */
#include "api/house.h"

#include "api/sentences.h"

#include <string.h>

/* One post with 500 comments of the longest, each character of them escaped (`&quot;`), is 6 MB. */
#define PAGE_MAX_BYTES ((size_t)8 << 20)

bool house_chinese(const struct call *c)
{
	str rest = http_header(c->request, "Accept-Language");
	while (rest.n > 0) {
		str language = str_slice(str_trim(str_cut(&rest, ',')), 0, 2);
		if (str_eq_ascii_nocase(language, S("zh")))
			return true;
		if (str_eq_ascii_nocase(language, S("en")))
			return false;
	}
	return false;
}

void house_time(struct buf *b, int64_t at_ms)
{
	struct buf time;
	buf_init(&time, b->mem, 64);
	buf_time(&time, at_ms);
	str whole = buf_str(&time);
	buf_format(b, "<time datetime=\"%.*s\">%.*s %.*s UTC</time>", STR_ARG(whole),
	           STR_ARG(str_slice(whole, 0, 10)), STR_ARG(str_slice(whole, 11, 16)));
}

void house_put(struct buf *b, const char *words) { buf_html(b, str_of(words)); }

void house_paragraph(struct buf *b, const char *words)
{
	buf_lit(b, "<p>");
	house_put(b, words);
	buf_lit(b, "</p>\n");
}

void house_wrong(struct buf *b, const char *wrong)
{
	if (!wrong)
		return;
	buf_lit(b, "<p class=\"err\" role=\"alert\"><span>");
	house_put(b, wrong);
	buf_lit(b, "</span></p>\n");
}

void house_begin(struct call *c, struct buf *b, str lang, str title)
{
	buf_init(b, c->mem, PAGE_MAX_BYTES);
	buf_lit(b, "<!doctype html>\n<html lang=\"");
	buf_add(b, lang);
	buf_lit(b, "\">\n<head>\n<meta charset=\"utf-8\">\n"
	           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, "
	           "viewport-fit=cover\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
	           "<title>");
	buf_html(b, title);
	buf_lit(b, " · kith</title>\n<link rel=\"stylesheet\" href=\"/assets/app.css\">\n"
	           "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n</head>\n"
	           "<body class=\"frame wide\">\n<header class=\"bar\"><a class=\"mark\" "
	           "href=\"/\">kith</a></header>\n<main id=\"main\">\n"
	           "<div class=\"pad stack wide\">\n<h1>");
	buf_html(b, title);
	buf_lit(b, "</h1>\n");
}

/* Where the form may end up: browsers hold the redirect that follows a form to form-action too. */
static void add_target(struct buf *b, str redirect_uri)
{
	str rest = redirect_uri;
	str scheme = str_cut(&rest, ':');
	bool web = str_eq_ascii_nocase(scheme, S("https")) ||
	           str_eq_ascii_nocase(scheme, S("http"));
	if (str_eq(redirect_uri, OUT_OF_BAND))
		return;
	buf_char(b, ' ');
	buf_add(b, scheme);
	buf_char(b, ':');
	/* A source cannot name an IPv6 address (CSP 3, host-char): the scheme has to do. */
	if (!web || str_starts(rest, S("//[")))
		return;
	/* "//host:port" and no further; a byte that would end the source ends it here too. */
	for (size_t i = 0; i < rest.n && (i < 2 || !strchr("/?#;,@ ", rest.p[i])); i++)
		buf_char(b, rest.p[i]);
}

err house_finish(struct call *c, struct buf *b, int status, str redirect_uri)
{
	struct buf csp;
	buf_init(&csp, c->mem, 8192);
	buf_lit(b, "</div>\n</main>\n</body>\n</html>\n");
	if (b->full)
		return err_input("state", "This is too long.");
	http_reply_body(c->reply, status, "text/html; charset=utf-8", buf_str(b));
	buf_lit(&csp, "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
	              "frame-ancestors 'none'; form-action 'self'");
	if (redirect_uri.n > 0)
		add_target(&csp, redirect_uri);
	http_reply_literal(c->reply, "Cache-Control", "no-store");
	/* Not no-referrer: a form's Origin would be "null" then, and the form would be refused. */
	http_reply_literal(c->reply, "Referrer-Policy", "same-origin");
	return http_reply_field(c->reply, "Content-Security-Policy", buf_str(&csp));
}

static const char *chinese_of(int status)
{
	switch (status) {
	case 401:
		return "您已经退出登录了。请回到刚才的地方，从头再来。";
	case 403:
		return "不允许这样做。";
	case 404:
		return "这里没有您看得到的东西。";
	case 409:
		return "这里刚刚变了。";
	case 429:
		return "太频繁了，请稍等一会儿。";
	case 503:
		return "一下子太多了，请再试一次。";
	default:
		return status < 500 ? "有一处不对。" : "我们这边出错了。";
	}
}

const char *house_say(const struct call *c, const char *sentence)
{
	const char *chinese = house_chinese(c) ? sentences_chinese(sentence) : NULL;
	return chinese ? chinese : sentence;
}

void house_fault(struct call *c, int status, const char *sentence)
{
	static const char signed_out[] =
		"You are not signed in any more. Go back to where you came from and start again.";
	bool zh = house_chinese(c), absent = status == 404, names = status == 400 || status == 422;
	struct buf b;
	if (zh)
		house_begin(c, &b, S("zh-Hans"), absent ? S("这里没有") : S("没有成功"));
	else
		house_begin(c, &b, S("en"), absent ? S("Nothing here") : S("That did not work"));
	buf_lit(&b, "<p class=\"sheet panel pad\" role=\"alert\">");
	if (zh)
		house_put(&b, names ? house_say(c, sentence) : chinese_of(status));
	else
		house_put(&b, status == 401 ? signed_out : sentence);
	buf_lit(&b, "</p>\n<p><a class=\"btn\" href=\"/\">");
	buf_add(&b, zh ? S("回到友圈") : S("Back to the circle"));
	buf_lit(&b, "</a></p>\n");
	if (status == 401)
		buf_lit(&b,
		        "<p><a lang=\"en\" href=\"/plain/sign-in\">Sign in without script</a> · <a "
		        "lang=\"zh-Hans\" href=\"/plain/sign-in\">不用脚本登录</a></p>\n");
	if (failed(house_finish(c, &b, status, STR_NONE)))
		http_reply_error(c->reply, status, NULL, sentence);
}

err house_redirect(struct call *c, str address)
{
	c->reply->status = 303;
	return http_reply_field(c->reply, "Location", address);
}

struct second_proof house_proof(str words)
{
	str said = str_trim(words);
	enum second_kind kind = said.n > 8 ? SECOND_RECOVERY : SECOND_CODE;
	return (struct second_proof){ .kind = kind, .words = said };
}
