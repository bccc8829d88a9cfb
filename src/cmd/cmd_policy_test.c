/* kith policy test: a policy's own examples through the whole engine. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/policy/policy_read.h"
#include "integrity/screen.h"

#include "base/buf.h"

#include <stdio.h>

static const char usage[] =
	"usage: kith policy test [--json] FILE\n"
	"Runs every example of a policy through the whole engine: the texts its lists and patterns must find and must not, and\n"
	"the texts its rules fire on and are silent on. Exit code 1 when one of them does not do what it says.\n"
	"example: kith policy test policy/default.policy\n";

static void print_failed(const struct failed_example *wrong, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%.*s: %.*s\n  \"%.*s\"\n", STR_ARG(wrong[i].where), STR_ARG(wrong[i].why),
		       STR_ARG(wrong[i].text));
}

static void print_json(const struct failed_example *wrong, size_t n, size_t of, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, (size_t)64 << 20);
	buf_format(&b, "{\"examples\":%zu,\"failed\":[", of);
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, i ? S(",{\"where\":") : S("{\"where\":"));
		buf_json(&b, wrong[i].where);
		buf_lit(&b, ",\"text\":");
		buf_json(&b, wrong[i].text);
		buf_lit(&b, ",\"why\":");
		buf_json(&b, wrong[i].why);
		buf_char(&b, '}');
	}
	buf_lit(&b, "]}");
	printf("%.*s\n", STR_ARG(buf_str(&b)));
}

static err try_file(const char *path, bool json, struct arena *mem, bool *good)
{
	struct engine_options options = { 0 };
	struct policy_fault fault = { 0 };
	struct engine *engine = NULL;
	struct failed_example *wrong;
	size_t n_wrong, n;
	err e;
	TRY(policy_read(path, mem, &options.policy, &options.policy_files, &fault));
	TRY(engine_open(&options, mem, &engine, &fault));
	n = engine_try_examples(engine, mem, &wrong, &n_wrong);
	*good = n_wrong == 0;
	if (json)
		print_json(wrong, n_wrong, n, mem);
	else
		print_failed(wrong, n_wrong);
	if (!json)
		printf("%s: %zu of %zu examples do what they say\n", path, n - n_wrong, n);
out:
	if (failed(e) && fault.rendered.n > 0)
		fprintf(stderr, "%.*s", STR_ARG(fault.rendered));
	else if (failed(e))
		fprintf(stderr, "kith: %s: %s\n", path, e.why);
	engine_close(engine);
	return e;
}

int cmd_policy_test(int argc, char **argv)
{
	bool json = false, good = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	const struct options options = { usage, rows, 1, 1, 1 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct arena *mem = arena_new((size_t)1 << 20);
	err e = try_file(argv[0], json, mem, &good);
	arena_free(mem);
	return failed(e) || !good ? 1 : 0;
}
