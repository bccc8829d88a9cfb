/* api_testing.h - for tests: a whole circle behind a real server on the loopback, and a client of plain sockets. */
#ifndef KITH_API_API_TESTING_H
#define KITH_API_API_TESTING_H

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"
#include "circle/admit.h"

#include <jansson.h>

#define assert_ok(call)                                                                            \
	do {                                                                                       \
		err assert_ok_e = (call);                                                          \
		if (failed(assert_ok_e))                                                           \
			fail_msg("%s: %s", #call, assert_ok_e.why);                                \
	} while (0)

struct house {
	char folder[64];
	struct arena *mem; /* of the test, all of it */
	struct circle *circle;
	struct api *api;
	struct http_server *server;
	str url;
	int64_t at_ms; /* the clock stands here until a test moves it */
	uint64_t seed;
	json_t *kept; /* every answer's JSON */
};

/* `screen`: with the integrity engine. */
struct house *house_new(bool screen);
void house_free(struct house *h);

/* Someone without a password; "" for no token of theirs. */
person_id house_person(struct house *h, const char *handle, enum person_role role);
/* A token as the shell makes them; `scopes` NULL: all. */
str house_token(struct house *h, person_id person, const char *scopes);
void house_befriend(struct house *h, person_id a, person_id b);
/* Publishes by the verb; gives the id. */
str house_post(struct house *h, person_id author, const char *text);

struct answer {
	int status;
	str head, body;
	json_t *json; /* of the body; NULL when it is none. Lives as long as the house. */
};

/* One request on a connection of its own. `token` as bearer unless empty; `fields`: more header lines, each ended by
 * CRLF; `body` NULL for none. */
struct answer house_ask(struct house *h, const char *method, const char *path, str token,
                        const char *fields, const char *body);
/* With a JSON body. */
struct answer house_send(struct house *h, const char *method, const char *path, str token,
                         const char *json);
struct answer house_get(struct house *h, const char *path, str token);
/* JSON from a browser at our own page, with its cookie. */
struct answer house_page(struct house *h, const char *method, const char *path, str cookie,
                         const char *json);
/* A form from a browser at our own page, with its cookie ("" for none). */
struct answer house_form(struct house *h, const char *path, str cookie, const char *form);

/* A header's value; STR_NONE when absent. */
str answer_field(const struct answer *a, const char *name);
/* A value deep in the JSON: "field", "0.account.id"; fails the test when it is not there. */
const json_t *answer_at(const struct answer *a, const char *path);
str answer_text(const struct answer *a, const char *path);
/* The value of the cookie that is set; STR_NONE when none is. */
str answer_cookie(const struct answer *a);

/* Fails with the body in the message. `given` is taken once: it may be the request itself. */
#define assert_status(given, want)                                                                 \
	do {                                                                                       \
		struct answer assert_status_a = (given);                                           \
		if (assert_status_a.status != (want))                                              \
			fail_msg("%d, not %d: %.*s", assert_status_a.status, (want),               \
			         STR_ARG(assert_status_a.body));                                   \
	} while (0)
#define assert_text(given, path, want)                                                             \
	do {                                                                                       \
		struct answer assert_text_a = (given);                                             \
		str assert_text_s = answer_text(&assert_text_a, (path));                           \
		if (!str_eq(assert_text_s, str_of(want)))                                          \
			fail_msg("%s is \"%.*s\", not \"%s\"", (path), STR_ARG(assert_text_s),     \
			         (want));                                                          \
	} while (0)
#define assert_field_at_fault(given, want_status, want_field)                                      \
	do {                                                                                       \
		struct answer assert_field_a = (given);                                            \
		assert_status(assert_field_a, (want_status));                                      \
		assert_text(assert_field_a, "field", (want_field));                                \
	} while (0)

#endif
