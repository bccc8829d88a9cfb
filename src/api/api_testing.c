/* See api_testing.h. */
#include "api/api_testing.h"

#include "circle/befriend.h"
#include "circle/words_testing.h"
#include "circle/publish.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX_BYTES ((size_t)4 << 20)
#define NOON_MS INT64_C(1800000000000)

struct house *house_new(bool screen)
{
	struct arena *mem = arena_new(65536);
	struct house *h = ARENA_NEW(mem, struct house);
	h->mem = mem;
	h->at_ms = NOON_MS;
	h->seed = 7;
	h->kept = json_array();
	snprintf(h->folder, sizeof(h->folder), "/tmp/kith-api-XXXXXX");
	assert_non_null(mkdtemp(h->folder));
	words_bring(h->folder);
	struct clock clock = clock_fixed(&h->at_ms);
	struct circle_settings settings = {
		.folder = h->folder,
		.screen = screen,
		.clock = clock,
		.chance = chance_seeded(&h->seed),
	};
	assert_ok(circle_open(&settings, &h->circle));
	assert_ok(api_new(&(struct api_settings){ .log = NULL }, h->circle, &h->api));
	struct http_settings http = http_settings_default("127.0.0.1:0", clock_real());
	http.write_threads = 4;
	http.metrics = api_metrics(h->api);
	assert_ok(http_server_start(&http, api_app(h->api), &h->server));
	h->url = str_format(mem, "http://%.*s", STR_ARG(http_server_address(h->server)));
	api_set_url(h->api, h->url);
	api_set_ready(h->api, true);
	return h;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void remove_folder(const char *folder)
{
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void house_free(struct house *h)
{
	http_server_stop(h->server);
	api_free(h->api);
	circle_close(&h->circle);
	words_keep(h->folder);
	remove_folder(h->folder);
	json_decref(h->kept);
	arena_free(h->mem);
}

person_id house_person(struct house *h, const char *handle, enum person_role role)
{
	struct account_draft draft = { .handle = str_of(handle), .role = role };
	struct person person;
	assert_ok(admit_create(h->circle, &draft, h->at_ms, h->mem, &person));
	return person.id;
}

str house_token(struct house *h, person_id person, const char *scopes)
{
	struct session_draft draft = {
		.person = person,
		.kind = scopes ? SESSION_APP : SESSION_SHELL,
		.scope_words = scopes ? str_of(scopes) : S("read write follow push profile"),
	};
	struct session session;
	str token;
	assert_ok(admit_session(h->circle, &draft, h->at_ms, h->mem, &session, &token));
	return token;
}

void house_befriend(struct house *h, person_id a, person_id b)
{
	assert_ok(befriend_request(h->circle, a, b, STR_NONE, h->at_ms, h->mem));
	assert_ok(befriend_accept(h->circle, b, a, h->at_ms));
}

str house_post(struct house *h, person_id author, const char *text)
{
	struct post_draft draft = { .text = str_of(text) };
	struct published out;
	assert_ok(publish_post(h->circle, author, &draft, h->at_ms, h->mem, &out));
	return str_format(h->mem, "%lld", (long long)out.post.gate.id.v);
}

/* --- the client --- */

static int dial(const struct house *h)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	str port = http_server_address(h->server);
	(void)str_cut(&port, ':');
	int64_t number = 0;
	assert_true(str_to_i64(port, &number));
	at.sin_port = htons((uint16_t)number);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	struct timeval limit = { .tv_sec = 30 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, (const struct sockaddr *)(const void *)&at, sizeof(at)), 0);
	return fd;
}

static str exchange(struct house *h, str request)
{
	char *bytes = arena_alloc(h->mem, ANSWER_MAX_BYTES);
	size_t n = 0;
	int fd = dial(h);
	/* A refusal may come before the whole body is sent. */
	for (size_t sent = 0; sent < request.n;) {
		ssize_t some = send(fd, request.p + sent, request.n - sent, MSG_NOSIGNAL);
		if (some <= 0)
			break;
		sent += (size_t)some;
	}
	for (ssize_t got; n < ANSWER_MAX_BYTES; n += (size_t)got)
		if ((got = recv(fd, bytes + n, ANSWER_MAX_BYTES - n, 0)) <= 0)
			break;
	close(fd);
	return (str){ bytes, n };
}

struct answer house_ask(struct house *h, const char *method, const char *path, str token,
                        const char *fields, const char *body)
{
	struct answer answer = { 0 };
	struct buf b;
	buf_init(&b, h->mem, (size_t)16 << 20);
	buf_format(&b, "%s %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n%s", method, path,
	           fields ? fields : "");
	if (token.n > 0)
		buf_format(&b, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
	if (body)
		buf_format(&b, "Content-Length: %zu\r\n", strlen(body));
	buf_lit(&b, "\r\n");
	buf_add(&b, str_of(body));
	str all = exchange(h, buf_str(&b));
	size_t blank = str_find(all, S("\r\n\r\n"));
	int64_t status = 0;
	assert_true(blank != SIZE_MAX && str_to_i64(str_slice(all, 9, 12), &status));
	answer.status = (int)status;
	answer.head = str_slice(all, 0, blank + 2);
	answer.body = str_slice(all, blank + 4, all.n);
	answer.json = json_loadb(answer.body.p, answer.body.n, JSON_DECODE_ANY, NULL);
	if (answer.json)
		json_array_append_new(h->kept, answer.json);
	return answer;
}

struct answer house_send(struct house *h, const char *method, const char *path, str token,
                         const char *json)
{
	return house_ask(h, method, path, token, "Content-Type: application/json\r\n", json);
}

struct answer house_get(struct house *h, const char *path, str token)
{
	return house_ask(h, "GET", path, token, NULL, NULL);
}

struct answer house_page(struct house *h, const char *method, const char *path, str cookie,
                         const char *json)
{
	str fields = str_format(h->mem,
	                        "Content-Type: application/json\r\nOrigin: %.*s\r\n"
	                        "Cookie: kith_session=%.*s\r\n",
	                        STR_ARG(h->url), STR_ARG(cookie));
	return house_ask(h, method, path, STR_NONE, str_to_c(h->mem, fields), json);
}

struct answer house_form(struct house *h, const char *path, str cookie, const char *form)
{
	str fields = str_format(h->mem,
	                        "Content-Type: application/x-www-form-urlencoded\r\n"
	                        "Origin: %.*s\r\nCookie: kith_session=%.*s\r\n",
	                        STR_ARG(h->url), STR_ARG(cookie));
	return house_ask(h, "POST", path, STR_NONE, str_to_c(h->mem, fields), form);
}

str answer_field(const struct answer *a, const char *name)
{
	for (str rest = a->head; rest.n > 0;) {
		str value = str_cut(&rest, '\n');
		str key = str_cut(&value, ':');
		if (str_eq_ascii_nocase(key, str_of(name)))
			return str_trim(value);
	}
	return STR_NONE;
}

const json_t *answer_at(const struct answer *a, const char *path)
{
	const json_t *at = a->json;
	for (str rest = str_of(path); rest.n > 0 && at;) {
		char name[64];
		str step = str_cut(&rest, '.');
		int64_t index;
		snprintf(name, sizeof(name), "%.*s", STR_ARG(step));
		at = str_to_i64(step, &index) ? json_array_get(at, (size_t)index)
		                              : json_object_get(at, name);
	}
	if (!at)
		fail_msg("no %s in %.*s", path, STR_ARG(a->body));
	return at;
}

str answer_text(const struct answer *a, const char *path)
{
	const json_t *at = answer_at(a, path);
	return (str){ json_string_value(at), json_string_length(at) };
}

str answer_cookie(const struct answer *a)
{
	str value = answer_field(a, "Set-Cookie");
	str name = str_cut(&value, '=');
	return str_eq(name, S("kith_session")) ? str_cut(&value, ';') : STR_NONE;
}
