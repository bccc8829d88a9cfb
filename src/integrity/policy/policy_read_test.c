/* Files that include files: what comes first, what stays outside, and who is told. */
#include "integrity/policy/policy_read.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct stage {
	char folder[64];
	struct arena *mem;
	const struct policy_source *files;
	size_t n;
	struct policy_fault fault;
};

static int set_up(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
	strcpy(s->folder, "/tmp/kith-policy-XXXXXX");
	s->mem = arena_new(65536);
	*state = s;
	return s && mkdtemp(s->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct stage *s = *state;
	char command[128];
	snprintf(command, sizeof command, "rm -r %s", s->folder);
	int code = system(command);
	arena_free(s->mem);
	free(s);
	return code;
}

static const char *path_of(struct stage *s, const char *name)
{
	return str_to_c(s->mem, str_format(s->mem, "%s/%s", s->folder, name));
}

static void write_file(struct stage *s, const char *name, const char *text)
{
	assert_false(failed(file_write(path_of(s, name), str_of(text), 0600)));
}

static err read_policy(struct stage *s, const char *name)
{
	return policy_read(path_of(s, name), s->mem, &s->files, &s->n, &s->fault);
}

#define LIST(name) "words " name " \"phrase\" matches \"m\" passes \"p\" end\n"

static void test_included_files_come_first_and_once(void **state)
{
	struct stage *s = *state;
	struct policy *policy = NULL;
	assert_false(failed(file_make_folder(path_of(s, "more"), 0700)));
	write_file(
		s, "a.policy",
		"include \"b.policy\" include \"more/c.policy\"\npolicy \"p\" version 1 ladder hold from 0.6 end let x = words(b, c, d)");
	write_file(s, "b.policy", LIST("b"));
	write_file(s, "more/c.policy", "include \"d.policy\"\ninclude \"d.policy\"\n" LIST("c"));
	write_file(s, "more/d.policy", LIST("d"));
	assert_false(failed(read_policy(s, "a.policy")));
	assert_int_equal(s->n, 4);
	assert_true(str_ends(s->files[0].file, S("/b.policy")));
	assert_true(str_ends(s->files[1].file, S("/more/d.policy")));
	assert_true(str_ends(s->files[3].file, S("/a.policy")));
	if (failed(policy_compile(s->files, s->n, s->mem, &policy, &s->fault)))
		fail_msg("%.*s", STR_ARG(s->fault.rendered));
	policy_free(policy);
}

static void test_a_list_may_be_called_include(void **state)
{
	struct stage *s = *state;
	write_file(s, "a.policy", LIST("include"));
	assert_false(failed(read_policy(s, "a.policy")));
	assert_int_equal(s->n, 1);
}

static const struct {
	const char *name, *text;
	unsigned column;
	const char *sentence;
} refused[] = {
	{ "a file that is not there", "include \"none.policy\"", 9,
	  "none.policy: there is no such file" },
	{ "the way up", "include \"../a.policy\"", 9,
	  "../a.policy: an include names a file in this folder or below it" },
	{ "the way up further in", "include \"more/../../a.policy\"", 9,
	  "more/../../a.policy: an include names a file in this folder or below it" },
	{ "from the root", "include \"/etc/passwd\"", 9,
	  "/etc/passwd: an include names a file in this folder or below it" },
	{ "a hidden file", "include \".secret\"", 9,
	  ".secret: an include names a file in this folder or below it" },
	{ "nothing", "include \"\"", 9, ": an include names a file in this folder or below it" },
	{ "itself", "-- me\n  include \"x.policy\"", 11,
	  "x.policy: this file is being read already: it would include itself" },
};

static void test_refused_includes(void **state)
{
	struct stage *s = *state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		write_file(s, "x.policy", refused[i].text);
		err e = read_policy(s, "x.policy");
		if (e.code != ERR_INPUT || s->fault.column != refused[i].column ||
		    !str_eq(s->fault.sentence, str_of(refused[i].sentence)))
			fail_msg("%s: %.*s", refused[i].name, STR_ARG(s->fault.rendered));
	}
}

static void test_a_ring_is_refused_where_it_closes(void **state)
{
	struct stage *s = *state;
	write_file(s, "a.policy", "include \"b.policy\"");
	write_file(s, "b.policy", "\ninclude \"a.policy\"");
	assert_int_equal(read_policy(s, "a.policy").code, ERR_INPUT);
	assert_true(str_ends(s->fault.file, S("/b.policy")));
	assert_int_equal(s->fault.line, 2);
}

static void test_includes_are_four_deep_at_most(void **state)
{
	struct stage *s = *state;
	for (int i = 0; i < 6; i++) {
		char name[32], text[64];
		snprintf(name, sizeof name, "f%d.policy", i);
		snprintf(text, sizeof text, "include \"f%d.policy\"", i + 1);
		write_file(s, name, text);
	}
	write_file(s, "f3.policy", LIST("l"));
	assert_false(failed(read_policy(s, "f0.policy")));
	write_file(s, "f3.policy", "include \"f4.policy\"");
	write_file(s, "f4.policy", LIST("l"));
	assert_int_equal(read_policy(s, "f0.policy").code, ERR_INPUT);
	assert_true(str_find(s->fault.sentence, S("at most 4 deep")) != SIZE_MAX);
}

static void test_the_first_file_itself(void **state)
{
	struct stage *s = *state;
	assert_int_equal(read_policy(s, "none.policy").code, ERR_MISSING);
	assert_int_equal(s->fault.rendered.n, 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_included_files_come_first_and_once),
		CASE(test_a_list_may_be_called_include),
		CASE(test_refused_includes),
		CASE(test_a_ring_is_refused_where_it_closes),
		CASE(test_includes_are_four_deep_at_most),
		CASE(test_the_first_file_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
