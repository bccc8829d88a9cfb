/* kith policy publish and rollback: which policy a directory is judged by. */
#include "circle/enact.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/policy_bundle.h"
#include "cmd/shell.h"

#include <unistd.h>

#define FAILED_SHOWN 20

static const char publish_usage[] =
	"usage: kith policy publish FILE [--data DIR]\n"
	"Judges by this policy from the next post on, when it compiles and every example in it does what it says. What was\n"
	"decided before stays. Rehearse it first.\n"
	"example: kith policy publish new.policy --data ./var\n";
static const char rollback_usage[] =
	"usage: kith policy rollback [HASH] [--data DIR]\n"
	"Withdraws the policy in force, goes back to the one before it (or to HASH), and releases everything that the withdrawn\n"
	"one did and that is still in force.\n"
	"example: kith policy rollback --data ./var\n";

/* ---- in the caller's place ---- */

static int go(const char *usage, int argc, char **argv, bool takes_policy)
{
	const char *folder = NULL, *url = NULL;
	const struct option_row rows[] = { { "data", OPTION_TEXT, &folder },
		                           { "url", OPTION_TEXT, &url } };
	const struct options options = { usage, rows, 2, takes_policy ? 1 : 0, 1 };
	char command[] = "policy", data[] = "--data";
	char *words[6] = { command, argv[0] };
	int n, n_words = 2, fd = -1;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct arena *mem = arena_new((size_t)1 << 20);
	if (takes_policy && (fd = policy_bundle_make(argv[0], mem)) < 0) {
		arena_free(mem);
		return 1;
	}
	if (takes_policy)
		words[n_words++] = str_to_c(mem, str_format(mem, "/proc/self/fd/%d", fd));
	else if (n > 0)
		words[n_words++] = argv[0];
	if (folder) {
		words[n_words++] = data;
		words[n_words++] = str_to_c(mem, str_of(folder));
	}
	int code = shell_main(n_words, words);
	if (fd >= 0)
		close(fd);
	arena_free(mem);
	return code;
}

int cmd_policy_publish(int argc, char **argv) { return go(publish_usage, argc, argv, true); }

int cmd_policy_rollback(int argc, char **argv) { return go(rollback_usage, argc, argv, false); }

/* ---- where the directory is ---- */

int verb_policy_publish(struct shell *sh, int argc, char **argv)
{
	const struct options options = { publish_usage, NULL, 0, 1, 1 };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	struct enacted done;
	size_t n_failed = 0;
	str source;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(policy_bundle_read(sh, &source));
	e = enact_publish(sh->circle, source, clock_now(sh->circle->clock), sh->mem, &done, &fault,
	                  &failed_ones, &n_failed);
	if (failed(e) && fault.rendered.n)
		fprintf(sh->err, "%.*s", STR_ARG(fault.rendered));
	for (size_t i = 0; i < n_failed && i < FAILED_SHOWN; i++)
		fprintf(sh->err, "%.*s: %.*s: %.*s\n", STR_ARG(failed_ones[i].where),
		        STR_ARG(failed_ones[i].why), STR_ARG(failed_ones[i].text));
	TRY(e);
	fprintf(sh->out, "%.*s is in force, %.*s is replaced\n", STR_ARG(done.hash),
	        STR_ARG(done.was));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_policy_rollback(struct shell *sh, int argc, char **argv)
{
	const struct options options = { rollback_usage, NULL, 0, 0, 1 };
	struct enacted done;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(enact_rollback(sh->circle, n > 0 ? str_of(argv[0]) : STR_NONE,
	                   clock_now(sh->circle->clock), sh->mem, &done));
	fprintf(sh->out, "%.*s is in force, %.*s is withdrawn and %d of its measures released\n",
	        STR_ARG(done.hash), STR_ARG(done.was), done.lifted);
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}
