/* store_testing.h - what the tests of this room share: a folder that goes away, and tables to work on. */
#ifndef KITH_STORE_TESTING_H
#define KITH_STORE_TESTING_H

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/driver.h"
#include "store/store.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define assert_ok(call)                                                                            \
	do {                                                                                       \
		err assert_ok_e = (call);                                                          \
		if (failed(assert_ok_e))                                                           \
			fail_msg("%s: %s", #call, assert_ok_e.why);                                \
	} while (0)
#define assert_fails(call, want) assert_int_equal((call).code, (want))
#define assert_text(got, want)                                                                     \
	do {                                                                                       \
		str assert_text_got = (got);                                                       \
		if (!str_eq(assert_text_got, str_of(want)))                                        \
			fail_msg("%s is \"%.*s\", not \"%s\"", #got, STR_ARG(assert_text_got),     \
			         (want));                                                          \
	} while (0)

struct tables {
	char folder[64], path[128];
	struct conn *conn; /* in a transaction that is never committed */
	struct arena *mem;
};

/* For cmocka_unit_test_setup_teardown: `*state` is a struct tables. The tear-down also looks at the plan of every
 * statement the test used: one with parameters that walks a whole table fails it. */
int tables_set_up(void **state);
int tables_tear_down(void **state);

/* A new folder on disk; its name goes to `out`, at least 64 bytes. */
void make_folder(char *out);
/* The same in memory where there is such a place, for tests that bring their own faults. */
void make_quick_folder(char *out);
void remove_folder(const char *folder); /* with the files in it */

/* One small post in one write. */
MUST_CHECK err write_post(struct store *store, int64_t author, int64_t id);
bool has_post(struct conn *conn, int64_t author, int64_t id);
size_t count_posts(struct conn *conn, int64_t author);
/* By the engine's own check of the whole file. */
void assert_sound(struct conn *conn);

#define TABLE_TEST(f) cmocka_unit_test_setup_teardown(f, tables_set_up, tables_tear_down)

#endif
