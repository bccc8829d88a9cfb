/* Apps and the OAuth code flow (RFC 6749, RFC 7636, RFC 8252). The interface is admit.h. */
#include "circle/admit.h"

#include "circle/phrase.h"
#include "circle/factor.h"
#include "circle/secret.h"
#include "circle/verb.h"

#include "store/people.h"
#include "store/sessions.h"

#define APP_NAME_MAX 60
#define URI_MAX_BYTES 2000
#define REDIRECTS_MAX 10
#define CODE_LIVES_MS (INT64_C(10) * 60 * 1000)
#define OUT_OF_BAND S("urn:ietf:wg:oauth:2.0:oob")
#define SAY_REDIRECT "A redirect address is an absolute URI without a fragment; at most 10."
#define SAY_CODE                                                                                   \
	"The code is not valid: it is used, expired, or was made for another app or address."

/* Schemes a browser would run or show as ours. */
static bool is_barred(str scheme)
{
	static const char *const barred[] = { "javascript", "data",  "vbscript",    "blob",
		                              "file",       "about", "view-source", "filesystem" };
	for (size_t i = 0; i < sizeof barred / sizeof barred[0]; i++)
		if (str_eq_ascii_nocase(scheme, str_of(barred[i])))
			return true;
	return false;
}

static bool is_scheme(str scheme)
{
	for (size_t i = 0; i < scheme.n; i++) {
		char c = scheme.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter &&
		    (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
			return false;
	}
	return scheme.n > 0;
}

static bool is_redirect(str uri)
{
	str rest = uri;
	str scheme = str_cut(&rest, ':');
	bool web = str_eq_ascii_nocase(scheme, S("http")) ||
	           str_eq_ascii_nocase(scheme, S("https"));
	if (str_eq(uri, OUT_OF_BAND))
		return true;
	if (uri.n > URI_MAX_BYTES || rest.n == 0 || !is_scheme(scheme) || is_barred(scheme))
		return false;
	if (web && (!str_starts(rest, S("//")) || rest.n < 3 || rest.p[2] == '/'))
		return false;
	for (size_t i = 0; i < uri.n; i++)
		if ((unsigned char)uri.p[i] <= ' ' || uri.p[i] == 0x7F || uri.p[i] == '#' ||
		    uri.p[i] == '\\')
			return false;
	return true;
}

static err check_redirects(str uris)
{
	size_t n = 0;
	while (uris.n > 0) {
		str uri = str_cut(&uris, '\n');
		if (!is_redirect(uri) || ++n > REDIRECTS_MAX)
			return err_input("redirect_uris", SAY_REDIRECT);
	}
	return n > 0 ? OK : err_input("redirect_uris", SAY_REDIRECT);
}

static err check_website(str website)
{
	bool web = str_starts(website, S("https://")) || str_starts(website, S("http://"));
	if (website.n == 0 || (web && is_redirect(website)))
		return OK;
	return err_input("website", "A website is an http or https address.");
}

struct app_job {
	struct circle *c;
	struct app app;
	secret_hash secret;
};

static err app_work(struct conn *tx, void *ctx)
{
	struct app_job *job = ctx;
	job->app.id = (app_id){ snowflake_next(job->c->ids) };
	return apps_insert(tx, &job->app, &job->secret);
}

err admit_app(struct circle *c, const struct app_draft *draft, int64_t now_ms, struct arena *mem,
              struct app *out, str *client_secret)
{
	struct app_job job = { .c = c };
	secret_hash unused;
	unsigned bits;
	str name;
	err e;
	TRY(phrase_line(draft->name, 1, APP_NAME_MAX, "client_name",
	                "An app's name has 1 to 60 characters.", &name));
	TRY(check_website(draft->website));
	TRY(check_redirects(draft->redirect_uris));
	if (!scopes_of(draft->scope_words, &bits))
		return err_input("scopes", "A scope is not known here.");
	job.app = (struct app){
		.client_id = secret_new(c->chance, "", SECRET_INVITE_BYTES, mem, &unused),
		.name = str_dup(mem, name),
		.website = str_dup(mem, draft->website),
		.redirect_uris = str_dup(mem, draft->redirect_uris),
		.scope_words = draft->scope_words.n ? str_dup(mem, draft->scope_words) : S("read"),
		.created_at_ms = now_ms,
	};
	*client_secret = secret_new(c->chance, "", SECRET_TOKEN_BYTES, mem, &job.secret);
	TRY(verb_write(c, app_work, NULL, &job));
	*out = job.app;
out:
	return e;
}

static err find_app(struct circle *c, str client_id, struct arena *mem, struct app *out,
                    secret_hash *secret)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(apps_find(conn, client_id, mem, out, secret));
out:
	store_read_end(c->store, &conn);
	return e;
}

err admit_app_find(struct circle *c, str client_id, struct arena *mem, struct app *out)
{
	secret_hash secret;
	return find_app(c, client_id, mem, out, &secret);
}

err admit_app_by_id(struct circle *c, app_id id, struct arena *mem, struct app *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(apps_find_by_id(conn, id, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

err admit_app_check(struct circle *c, str client_id, str client_secret, struct arena *mem,
                    struct app *out)
{
	secret_hash kept, given = secret_hash_of(client_secret);
	err e;
	TRY(find_app(c, client_id, mem, out, &kept));
	if (!secret_equal(&kept, &given))
		e = err_missing("wrong client secret");
out:
	return e;
}

static bool registered(const struct app *app, str redirect_uri)
{
	str uris = app->redirect_uris;
	while (uris.n > 0)
		if (str_eq(str_cut(&uris, '\n'), redirect_uri))
			return true;
	return false;
}

struct code_job {
	struct oauth_code code;
	secret_hash secret;
	struct arena *mem;
};

static err code_work(struct conn *tx, void *ctx)
{
	struct code_job *job = ctx;
	struct person person;
	struct app app;
	unsigned asked, allowed;
	err e;
	TRY(people_find(tx, job->code.person, job->mem, &person));
	if (person.status == PERSON_ERASED)
		return err_missing("erased");
	TRY(apps_find_by_id(tx, job->code.app, job->mem, &app));
	if (!registered(&app, job->code.redirect_uri))
		return err_input("redirect_uri", "The app did not register this address.");
	if (!scopes_of(job->code.scope_words, &asked) || !scopes_of(app.scope_words, &allowed) ||
	    (asked & ~allowed) != 0)
		return err_input("scope", "The app asks for more than it registered.");
	TRY(codes_insert(tx, &job->code, &job->secret));
out:
	return e;
}

err admit_code(struct circle *c, const struct oauth_code *draft, int64_t now_ms, struct arena *mem,
               str *code)
{
	struct code_job job = { .code = *draft, .mem = mem };
	if (draft->challenge.n > 128)
		return err_input("code_challenge", "A code challenge has at most 128 bytes.");
	job.code.expires_at_ms = now_ms + CODE_LIVES_MS;
	*code = secret_new(c->chance, "", SECRET_TOKEN_BYTES, mem, &job.secret);
	return verb_write(c, code_work, NULL, &job);
}

struct code_use_job {
	struct circle *c;
	const struct app *app;
	str redirect_uri, verifier;
	secret_hash code, token;
	struct session session;
	int64_t now_ms;
	struct arena *mem;
	bool wrong; /* the code is gone all the same */
};

/* A verifier without a challenge is refused too: somebody took the challenge out on the way (RFC 9700 section 2.1.1). */
static bool code_fits(const struct code_use_job *job, const struct oauth_code *code)
{
	if (code->app.v != job->app->id.v || !str_eq(code->redirect_uri, job->redirect_uri))
		return false;
	return code->challenge.n > 0 ? secret_proves(job->verifier, code->challenge)
	                             : job->verifier.n == 0;
}

static err code_use_work(struct conn *tx, void *ctx)
{
	struct code_use_job *job = ctx;
	struct oauth_code code;
	err e = codes_take(tx, &job->code, job->now_ms, job->mem, &code);
	job->wrong = e.code == ERR_MISSING || (!failed(e) && !code_fits(job, &code));
	if (job->wrong)
		return OK;
	TRY(e);
	job->session.id = (session_id){ snowflake_next(job->c->ids) };
	job->session.person = code.person;
	job->session.scope_words = code.scope_words.n > 0 ? code.scope_words : S("read");
	if (!scopes_of(job->session.scope_words, &job->session.scopes))
		return err_system("a stored scope is not known any more");
	TRY(sessions_insert(tx, &job->session, &job->token));
out:
	return e;
}

err admit_code_use(struct circle *c, const struct app *app, str code, str redirect_uri,
                   str verifier, str user_agent, int64_t now_ms, struct arena *mem,
                   struct session *out, str *token)
{
	struct code_use_job job = {
		.c = c,
		.app = app,
		.redirect_uri = redirect_uri,
		.verifier = verifier,
		.code = secret_hash_of(code),
		.now_ms = now_ms,
		.mem = mem,
	};
	err e;
	job.session = (struct session){
		.app = app->id,
		.kind = SESSION_APP,
		.user_agent = str_dup(mem, str_slice(user_agent, 0, 300)),
		.created_at_ms = now_ms,
		.last_used_at_ms = now_ms,
	};
	*token = secret_new(c->chance, "kith_", SECRET_TOKEN_BYTES, mem, &job.token);
	TRY(verb_write(c, code_use_work, NULL, &job));
	if (job.wrong)
		return err_input("code", SAY_CODE);
	TRY(factor_count_down(c, job.session.person, now_ms));
	*out = job.session;
out:
	return e;
}
