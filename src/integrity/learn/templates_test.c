#include "integrity/learn/templates.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const names[] = { "slots.txt", "notices.txt", "sellers.txt", "malicious.txt",
	                             "foreign.txt" };

static str in_folder(const char *folder, const char *name, struct arena *mem)
{
	return str_format(mem, "%s/%s", folder, name);
}

/* A folder with these slots and notices, and one text in each other file. */
static void make_folder(char *folder, const char *slots, const char *notices, struct arena *mem)
{
	assert_non_null(mkdtemp(folder));
	const char *texts[] = { slots, notices, "a chair\n", "# none\nearn much\n",
		                "= xx\nhola\n" };
	for (size_t i = 0; i < 5; i++) {
		err e = file_write(str_to_c(mem, in_folder(folder, names[i], mem)),
		                   str_of(texts[i]), 0600);
		assert_false(failed(e));
	}
}

static void drop_folder(const char *folder, struct arena *mem)
{
	for (size_t i = 0; i < 5; i++)
		unlink(str_to_c(mem, in_folder(folder, names[i], mem)));
	rmdir(folder);
}

static err add(const char *slots, const char *notices, struct arena *mem, str *at)
{
	char folder[] = "/tmp/kith-templates-XXXXXX";
	struct trainer *t = trainer_new(&(struct trainer_settings){ .seed = 1 });
	make_folder(folder, slots, notices, mem);
	err e = templates_add(folder, 1, t, mem, at);
	drop_folder(folder, mem);
	trainer_free(t);
	return e;
}

static const struct {
	const char *name, *slots, *notices;
	const char *at; /* what the place of the fault ends with, or NULL when there is none */
} cases[] = {
	{ "a text without slots", "$a 1\n", "hello\n", NULL },
	{ "a slot by its name", "$who you|me\n", "hello {who}\n", NULL },
	{ "a choice in place, with a slot inside", "$who you\n", "{hello {who}|bye}\n", NULL },
	{ "slots in slots", "$a {b}|{b} {b}\n$b {99}\n", "it is {a}\n", NULL },
	{ "digits", "", "code {999999}\n", NULL },
	{ "a name nobody knows", "$a 1\n", "fine\nhello {b}\n", "notices.txt line 2" },
	{ "a slot that is open", "", "hello {1|2\n", "notices.txt line 1" },
	{ "a slot that holds itself", "$a {a}\n", "{a}\n", "notices.txt line 1" },
	{ "a slot file with a text in it", "hello\n", "fine\n", "slots.txt line 1" },
};

static void slots_are_filled_or_refused_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		str at = STR_NONE;
		err e = add(cases[i].slots, cases[i].notices, mem, &at);
		if (failed(e) != (cases[i].at != NULL) ||
		    (failed(e) && !str_ends(at, str_of(cases[i].at))))
			fail_msg("%s: %s, %.*s", cases[i].name, e.why ? e.why : "good",
			         STR_ARG(at));
		arena_free(mem);
	}
}

static void a_folder_that_lacks_a_file_is_refused(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct trainer *t = trainer_new(&(struct trainer_settings){ .seed = 1 });
	str at = STR_NONE;
	assert_true(failed(templates_add("/nowhere", 1, t, mem, &at)));
	assert_true(str_ends(at, S("slots.txt line 0")));
	trainer_free(t);
	arena_free(mem);
}

static void the_texts_of_the_project_are_whole(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct trainer *t = trainer_new(&(struct trainer_settings){ .seed = 1 });
	const char *root = getenv("KITH_SOURCE_ROOT");
	str at = STR_NONE,
	    folder = str_format(mem, "%s/src/integrity/learn/templates", root ? root : ".");
	err e = templates_add(str_to_c(mem, folder), 1, t, mem, &at);
	if (failed(e))
		fail_msg("%.*s: %s", STR_ARG(at), e.why);
	trainer_free(t);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_are_filled_or_refused_with_their_place),
		cmocka_unit_test(a_folder_that_lacks_a_file_is_refused),
		cmocka_unit_test(the_texts_of_the_project_are_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
