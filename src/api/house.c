/* See house.h. */
#include "api/house.h"

#include <string.h>

/* One post with 500 comments of the longest, each character of them escaped (`&quot;`), is 6 MB. */
#define PAGE_MAX_BYTES ((size_t)8 << 20)

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
