/* See call.h. */
#include "api/call.h"

#include "api/api_private.h"
#include "model/limits.h"

/* A browser stays signed in this long after signing in. */
#define BROWSER_DAYS 180
#define DEVICE_DAYS 400 /* browsers keep no cookie longer */
#define DEVICE_MAX_BYTES 64
/* Of what a client calls itself, this much is kept. */
#define AGENT_MAX_BYTES 300
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* --- reading --- */

err call_path_id(const struct call *c, int index, int64_t *id)
{
	str text = c->args[index];
	bool plain = text.n > 0 && text.p[0] >= '1' && text.p[0] <= '9';
	return plain && str_to_i64(text, id) ? OK : err_missing("not an id");
}

err call_text(const struct call *c, const char *name, str *text)
{
	err e = params_str(c->params, name, text);
	if (!failed(e) && text->n == 0)
		return err_input(name, "This is needed.");
	return e;
}

err call_page(const struct call *c, int limit, int limit_max, struct page *page)
{
	int64_t asked;
	err e;
	*page = (struct page){ .limit = limit };
	TRY(params_id(c->params, "max_id", &page->max_id));
	TRY(params_id(c->params, "since_id", &page->since_id));
	TRY(params_id(c->params, "min_id", &page->min_id));
	TRY(params_i64(c->params, "limit", limit, &asked));
	if (asked < 1)
		TRY(err_input("limit", "The limit is at least 1."));
	page->limit = asked > limit_max ? limit_max : (int)asked;
out:
	return e;
}

static bool audience_kind_of(str word, enum audience_kind *kind)
{
	for (int k = AUDIENCE_FRIENDS; k <= AUDIENCE_GROUP; k++) {
		*kind = (enum audience_kind)k;
		if (str_eq(word, str_of(audience_word(*kind))))
			return true;
	}
	return false;
}

err call_audience(const struct call *c, bool *given, struct audience *audience)
{
	static const char field[] = "kith_audience";
	const struct params *object;
	int64_t *lists, *people;
	str word;
	err e;
	*audience = (struct audience){ .kind = AUDIENCE_FRIENDS };
	TRY(params_object(c->params, field, &object));
	*given = object != NULL;
	if (!object)
		goto out;
	TRY(params_str(object, "kind", &word));
	if (!audience_kind_of(word, &audience->kind))
		TRY(err_input(field, "The kind is friends, only, except, self or group."));
	TRY(params_id(object, "group", &audience->group.v));
	TRY(params_ids(object, "lists", AUDIENCE_LISTS_MAX, c->mem, &lists, &audience->n_lists));
	TRY(params_ids(object, "people", AUDIENCE_PEOPLE_MAX, c->mem, &people,
	               &audience->n_people));
	/* Ids are an int64_t in a struct of its own. */
	_Static_assert(sizeof(list_id) == sizeof(int64_t), "list_id wraps an int64_t");
	_Static_assert(sizeof(person_id) == sizeof(int64_t), "person_id wraps an int64_t");
	audience->lists = (const list_id *)(const void *)lists;
	audience->people = (const person_id *)(const void *)people;
out:
	return e;
}

bool call_lists(str header, str token)
{
	while (header.n > 0) {
		str item = str_cut(&header, ',');
		str name = str_trim(str_cut(&item, ';'));
		str weight = str_trim(item);
		if (str_starts(name, S("W/")))
			name = str_slice(name, 2, name.n);
		if (str_eq_ascii_nocase(name, token) || str_eq(name, S("*")))
			return !str_eq(weight, S("q=0")) && !str_starts(weight, S("q=0.0"));
	}
	return false;
}

bool call_has_etag(const struct call *c, str etag)
{
	return call_lists(http_header(c->request, "If-None-Match"), etag);
}

/* --- answering --- */

struct buf *call_json(struct call *c)
{
	if (!c->json.mem)
		buf_init(&c->json, c->mem, CALL_JSON_MAX_BYTES);
	return &c->json;
}

void call_json_rewind(struct call *c, struct buf *b, size_t n)
{
	b->n = n;
	while (b == &c->json && c->n_fragments > 0 && c->fragments[c->n_fragments - 1].from >= n)
		c->n_fragments--;
}

err call_send(struct call *c)
{
	if (c->json.full)
		return err_system("an answer outgrew its bound");
	http_reply_json(c->reply, 200, buf_str(&c->json));
	return OK;
}

err call_send_empty(struct call *c)
{
	http_reply_json(c->reply, 200, S("{}"));
	return OK;
}

err call_send_none(struct call *c)
{
	http_reply_json(c->reply, 200, S("[]"));
	return OK;
}

/* The rest of the query is kept: limit, types[], q. An offset has led to the cursor and must not be counted again. */
static void add_kept_query(const struct call *c, struct buf *b)
{
	for (str rest = c->request->query_text; rest.n > 0;) {
		str pair = str_cut(&rest, '&'), value = pair;
		str name = str_cut(&value, '=');
		if (pair.n == 0 || str_eq(name, S("max_id")) || str_eq(name, S("since_id")) ||
		    str_eq(name, S("min_id")) || str_eq(name, S("offset")))
			continue;
		buf_char(b, '&');
		buf_add(b, pair);
	}
}

static void add_link(const struct call *c, struct buf *b, str cursor, int64_t id, str rel)
{
	if (b->n > 0)
		buf_lit(b, ", ");
	buf_char(b, '<');
	buf_add(b, c->url);
	buf_add(b, c->request->path);
	buf_char(b, '?');
	buf_add(b, cursor);
	buf_char(b, '=');
	buf_i64(b, id);
	add_kept_query(c, b);
	buf_lit(b, ">; rel=\"");
	buf_add(b, rel);
	buf_char(b, '"');
}

err call_link(struct call *c, const struct page *page, size_t n, int64_t first_id, int64_t last_id)
{
	struct buf b;
	if (n == 0)
		return OK;
	buf_init(&b, c->mem, 64 * 1024);
	if (n >= (size_t)page->limit)
		add_link(c, &b, S("max_id"), last_id, S("next"));
	add_link(c, &b, S("min_id"), first_id, S("prev"));
	return http_reply_field(c->reply, "Link", buf_str(&b));
}

err call_link_next(struct call *c, int64_t below_id)
{
	struct buf b;
	buf_init(&b, c->mem, 64 * 1024);
	add_link(c, &b, S("max_id"), below_id, S("next"));
	return http_reply_field(c->reply, "Link", buf_str(&b));
}

str call_local_handle(const struct call *c, str acct)
{
	if (str_starts(acct, S("@")))
		acct = str_slice(acct, 1, acct.n);
	size_t at = str_find(acct, S("@"));
	if (at == SIZE_MAX)
		return acct;
	str host = str_slice(c->url, str_find(c->url, S("://")) + 3, c->url.n);
	return str_eq_ascii_nocase(str_slice(acct, at + 1, acct.n), host) ? str_slice(acct, 0, at)
	                                                                  : acct;
}

/* --- cookies and tokens --- */

static err set_cookie(struct call *c, const char *name, str value, int64_t max_age_s)
{
	str cookie = str_format(c->mem,
	                        "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; "
	                        "SameSite=Lax%s",
	                        name, STR_ARG(value), (long long)max_age_s,
	                        c->api->secure ? "; Secure" : "");
	return http_reply_field(c->reply, "Set-Cookie", cookie);
}

str call_user_agent(const struct call *c)
{
	str agent = str_slice(http_header(c->request, "User-Agent"), 0, AGENT_MAX_BYTES);
	while (agent.n > 0 && !utf8_valid(agent))
		agent.n--;
	return agent;
}

struct way_in call_way_in(const struct call *c)
{
	str device = http_cookie(c->request, CALL_DEVICE_COOKIE);
	return (struct way_in){ .address = http_peer_key(&c->request->peer),
		                .device = device.n <= DEVICE_MAX_BYTES ? device : STR_NONE };
}

err call_know(struct call *c, person_id person)
{
	struct way_in from = call_way_in(c);
	str device;
	err e;
	TRY(admit_known(c->circle, person, &from, c->now_ms, c->mem, &device));
	TRY(set_cookie(c, CALL_DEVICE_COOKIE, device, DEVICE_DAYS * DAY_MS / 1000));
out:
	return e;
}

err call_sign_in(struct call *c, person_id person, enum session_factor factor)
{
	struct session session;
	str token;
	err e;
	struct session_draft draft = {
		.person = person,
		.kind = SESSION_BROWSER,
		.scope_words = S("read write follow push profile"),
		.user_agent = call_user_agent(c),
		.factor = factor,
		.expires_at_ms = c->now_ms + BROWSER_DAYS * DAY_MS,
	};
	TRY(admit_session(c->circle, &draft, c->now_ms, c->mem, &session, &token));
	/* The old one would live on in nobody's hands. */
	if (c->by_cookie && c->me.session.v != 0)
		log_if_failed(c->api->log, "session.rotate",
		              admit_revoke(c->circle, c->me.person, c->me.session));
	TRY(set_cookie(c, CALL_COOKIE, token, BROWSER_DAYS * DAY_MS / 1000));
	TRY(call_know(c, person));
	c->me = (struct bearer){ .person = person, .session = session.id, .kind = SESSION_BROWSER };
out:
	return e;
}

err call_clear_cookie(struct call *c) { return set_cookie(c, CALL_COOKIE, STR_NONE, 0); }

void call_wait(struct call *c, int64_t wait_ms)
{
	c->retry_after_s = wait_ms > 0 ? (unsigned)((wait_ms + 999) / 1000) : 1;
}
