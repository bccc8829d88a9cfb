/* See consent.h. */
#include "api/consent.h"

#include "api/house.h"
#include "api/html.h"

#define ADDRESS_MAX_BYTES ((size_t)64 * 1024)

/* The fields that travel through the forms. */
static const struct {
	const char *name;
	size_t at;
} fields[] = {
	{ "client_id", offsetof(struct consent_ask, client_id) },
	{ "redirect_uri", offsetof(struct consent_ask, redirect_uri) },
	{ "scope", offsetof(struct consent_ask, scope) },
	{ "state", offsetof(struct consent_ask, state) },
	{ "response_type", offsetof(struct consent_ask, response_type) },
	{ "code_challenge", offsetof(struct consent_ask, challenge) },
	{ "code_challenge_method", offsetof(struct consent_ask, challenge_method) },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static str *field_of(struct consent_ask *ask, size_t i)
{
	return (str *)(void *)((char *)ask + fields[i].at);
}

err consent_read(const struct call *c, struct consent_ask *ask)
{
	err e = OK;
	*ask = (struct consent_ask){ .client_id = STR_NONE };
	for (size_t i = 0; i < FIELDS; i++)
		TRY(params_str(c->params, fields[i].name, field_of(ask, i)));
	TRY(params_bool(c->params, "force_login", false, &ask->force_login));
	if (ask->scope.n == 0)
		ask->scope = S("read");
out:
	return e;
}

str consent_address(struct call *c, const struct consent_ask *ask)
{
	struct consent_ask copy = *ask;
	struct buf b;
	buf_init(&b, c->mem, ADDRESS_MAX_BYTES);
	buf_lit(&b, "/oauth/authorize");
	for (size_t i = 0; i < FIELDS; i++) {
		str value = *field_of(&copy, i);
		if (value.n == 0)
			continue;
		buf_char(&b, i == 0 ? '?' : '&');
		buf_add(&b, str_of(fields[i].name));
		buf_char(&b, '=');
		html_segment(&b, value);
	}
	return buf_str(&b);
}

static void add_hidden(struct buf *b, const struct consent_ask *ask)
{
	struct consent_ask copy = *ask;
	for (size_t i = 0; i < FIELDS; i++) {
		str value = *field_of(&copy, i);
		if (value.n == 0)
			continue;
		buf_lit(b, "<input type=\"hidden\" name=\"");
		buf_add(b, str_of(fields[i].name));
		buf_lit(b, "\" value=\"");
		buf_html(b, value);
		buf_lit(b, "\">\n");
	}
}

static void add_app(struct buf *b, const struct app *app)
{
	buf_lit(b, "<strong>");
	buf_html(b, app->name);
	buf_lit(b, "</strong>");
}

/* Where the answer goes: said in words, since any app may call itself anything. */
static void add_destination(struct buf *b, str redirect_uri)
{
	if (str_eq(redirect_uri, OUT_OF_BAND)) {
		buf_lit(b,
		        "<p class=\"soft\">It gets a code that you copy into it yourself.</p>\n");
		return;
	}
	buf_lit(b, "<p class=\"soft\">The answer goes to <span class=\"mono\">");
	buf_html(b, redirect_uri);
	buf_lit(b, "</span></p>\n");
}

/* --- the pages --- */

/* The end of an input, and what was wrong with it. */
static void add_wrong(struct buf *b, const char *wrong)
{
	buf_add(b, wrong ? S(" aria-invalid=\"true\" aria-describedby=\"wrong\">") : S(">"));
	if (!wrong)
		return;
	buf_lit(b, "<p class=\"err\" id=\"wrong\" role=\"alert\"><span>");
	buf_html(b, str_of(wrong));
	buf_lit(b, "</span></p>");
}

err consent_sign_in_page(struct call *c, const struct consent_ask *ask, const struct app *app,
                         str handle, const char *wrong)
{
	struct buf b;
	house_begin(c, &b, S("en"), S("Sign in"));
	buf_lit(&b, "<p>");
	add_app(&b, app);
	buf_lit(&b, " asks to be let in. Sign in first; you decide on the next page.</p>\n"
	            "<form class=\"sheet panel pad stack\" method=\"post\" "
	            "action=\"/oauth/sign-in\">\n");
	add_hidden(&b, ask);
	buf_lit(&b,
	        "<div class=\"field\"><label for=\"handle\">Handle</label><input class=\"in\" "
	        "id=\"handle\" name=\"handle\" autocomplete=\"username\" autocapitalize=\"none\" "
	        "required value=\"");
	buf_html(&b, handle);
	buf_lit(&b,
	        "\"></div>\n<div class=\"field\"><label for=\"password\">Password</label><input "
	        "class=\"in\" id=\"password\" name=\"password\" type=\"password\" "
	        "autocomplete=\"current-password\" required");
	add_wrong(&b, wrong);
	buf_lit(&b, "</div>\n<button class=\"btn go full\">Sign in</button>\n</form>\n");
	return house_finish(c, &b, wrong ? 422 : 200, STR_NONE);
}

err consent_second_page(struct call *c, const struct consent_ask *ask, const struct app *app,
                        str ticket, const char *wrong)
{
	struct buf b;
	house_begin(c, &b, S("en"), S("Sign in"));
	buf_lit(&b, "<p>");
	add_app(&b, app);
	buf_lit(&b, " asks to be let in. Your password was right; one step more.</p>\n"
	            "<form class=\"sheet panel pad stack\" method=\"post\" "
	            "action=\"/oauth/sign-in/second\">\n");
	add_hidden(&b, ask);
	buf_lit(&b, "<input type=\"hidden\" name=\"ticket\" value=\"");
	buf_html(&b, ticket);
	buf_lit(&b, "\">\n<div class=\"field\"><label for=\"code\">Code of your app, or a recovery "
	            "code</label><input class=\"in\" id=\"code\" name=\"code\" "
	            "autocomplete=\"one-time-code\" autocapitalize=\"none\" spellcheck=\"false\" "
	            "required");
	add_wrong(&b, wrong);
	buf_lit(&b,
	        "</div>\n<button class=\"btn go full\">Go on</button>\n</form>\n"
	        "<p class=\"soft\">With a passkey: <a href=\"/sign-in\">sign in to the circle</a> "
	        "with it in this browser, then start again in the app.</p>\n");
	return house_finish(c, &b, wrong ? 422 : 200, STR_NONE);
}

static const struct {
	unsigned scope;
	const char *words;
} grants[] = {
	{ SCOPE_READ, "read what you can read: your feed, comments, friends, tags and notices" },
	{ SCOPE_WRITE, "write as you: post, comment, like, delete, change your profile" },
	{ SCOPE_FOLLOW, "ask for friends, accept, end friendships and block, as you" },
	{ SCOPE_PUSH, "receive notices for you" },
	{ SCOPE_PROFILE, "see your handle and name" },
	{ SCOPE_SCREEN, "send texts to be screened" },
};

static void add_grants(struct buf *b, unsigned scopes)
{
	buf_lit(b, "<ul>\n");
	for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
		if (!(scopes & grants[i].scope))
			continue;
		buf_lit(b, "<li>");
		buf_add(b, str_of(grants[i].words));
		buf_lit(b, "</li>\n");
	}
	buf_lit(b, "</ul>\n");
}

static void add_button(struct buf *b, str looks, str decision, str words)
{
	buf_lit(b, "<button class=\"btn ");
	buf_add(b, looks);
	buf_lit(b, " full\" name=\"decision\" value=\"");
	buf_add(b, decision);
	buf_lit(b, "\">");
	buf_add(b, words);
	buf_lit(b, "</button>\n");
}

err consent_ask_page(struct call *c, const struct consent_ask *ask, const struct app *app,
                     const struct person *me, unsigned scopes)
{
	struct buf b;
	house_begin(c, &b, S("en"), S("Let this app in?"));
	buf_lit(&b, "<form class=\"sheet panel pad stack\" method=\"post\" "
	            "action=\"/oauth/authorize\">\n<p>");
	add_app(&b, app);
	buf_lit(&b, " asks to act for <strong>");
	buf_html(&b, me->display_name);
	buf_lit(&b, "</strong> (<span class=\"mono\">@");
	buf_html(&b, me->handle);
	buf_lit(&b, "</span>). It would be able to:</p>\n");
	add_grants(&b, scopes);
	add_destination(&b, ask->redirect_uri);
	add_hidden(&b, ask);
	add_button(&b, S("go"), S("allow"), S("Let it in"));
	add_button(&b, S(""), S("deny"), S("Turn it away"));
	add_button(&b, S("quiet"), S("other"), S("I am someone else"));
	buf_lit(&b,
	        "</form>\n<p class=\"soft\">You can end this at any time under Settings.</p>\n");
	return house_finish(c, &b, 200, ask->redirect_uri);
}

err consent_code_page(struct call *c, const struct app *app, str code)
{
	struct buf b;
	house_begin(c, &b, S("en"), S("Your code"));
	buf_lit(&b, "<p>Copy this into ");
	add_app(&b, app);
	buf_lit(&b, ". It works once, within ten minutes.</p>\n<p class=\"sheet panel pad\"><code "
	            "class=\"mono\">");
	buf_html(&b, code);
	buf_lit(&b, "</code></p>\n");
	return house_finish(c, &b, 200, STR_NONE);
}
