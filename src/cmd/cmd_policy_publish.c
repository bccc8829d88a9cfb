/* kith policy publish, rollback, withdraw and raise: which policy a directory is judged by. */
#include "circle/enact.h"
#include "circle/turndown.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/policy_bundle.h"
#include "cmd/shell.h"

#include "base/buf.h"

#include <unistd.h>

#define FAILED_SHOWN 20

static const char publish_usage[] =
	"usage: kith policy publish FILE [--urgent] [--data DIR]\n"
	"Publishes this policy, when it compiles and every example in it does what it says. What may be stricter than the policy in\n"
	"force is announced with what it changes and whom it would have hit in the last 30 days, and binds seven days later; what is\n"
	"only looser binds from the next post on. --urgent binds at once and ends by itself after fourteen days, unless the policy is\n"
	"published again without it. What was decided before stays.\n"
	"example: kith policy publish new.policy --data ./var\n";
static const char rollback_usage[] =
	"usage: kith policy rollback [HASH] [--data DIR]\n"
	"Withdraws the policy in force, goes back to the one before it (or to HASH), and releases everything that the withdrawn\n"
	"one did and that is still in force.\n"
	"example: kith policy rollback --data ./var\n";
static const char withdraw_usage[] =
	"usage: kith policy withdraw HASH [--data DIR]\n"
	"A policy that is announced will not bind.\n"
	"example: kith policy withdraw 0123456789abcdef0123456789abcdef --data ./var\n";
static const char raise_usage[] =
	"usage: kith policy raise RULE [--data DIR]\n"
	"A rule that turned itself down to a label, because it was overturned too often, acts in full again. Its record begins anew.\n"
	"example: kith policy raise contact.disguised --data ./var\n";

/* ---- in the caller's place ---- */

static int go(const char *usage, int argc, char **argv, bool takes_policy, int least)
{
	const char *folder = NULL, *url = NULL;
	bool urgent = false;
	const struct option_row rows[] = { { "data", OPTION_TEXT, &folder },
		                           { "url", OPTION_TEXT, &url },
		                           { "urgent", OPTION_FLAG, &urgent } };
	const struct options options = { usage, rows, takes_policy ? 3 : 2, least, 1 };
	char command[] = "policy", data[] = "--data", flag[] = "--urgent";
	char *words[7] = { command, argv[0] };
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
	if (urgent)
		words[n_words++] = flag;
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

int cmd_policy_publish(int argc, char **argv) { return go(publish_usage, argc, argv, true, 1); }

int cmd_policy_rollback(int argc, char **argv) { return go(rollback_usage, argc, argv, false, 0); }

int cmd_policy_withdraw(int argc, char **argv) { return go(withdraw_usage, argc, argv, false, 1); }

int cmd_policy_raise(int argc, char **argv) { return go(raise_usage, argc, argv, false, 1); }

/* ---- where the directory is ---- */

static bool caller_waits(void *ctx) { return !shell_gone(ctx); }

/* "2026-12-08 14:30 UTC" */
static str moment(struct shell *sh, int64_t at_ms)
{
	struct buf b;
	buf_init(&b, sh->mem, 64);
	buf_time(&b, at_ms);
	str whole = buf_str(&b);
	return str_format(sh->mem, "%.*s %.*s UTC", STR_ARG(str_slice(whole, 0, 10)),
	                  STR_ARG(str_slice(whole, 11, 16)));
}

static void say_published(struct shell *sh, const struct enacted *done)
{
	if (done->state == POLICY_ANNOUNCED) {
		fprintf(sh->out,
		        "%.*s is announced and binds on %.*s; until then %.*s is in force\n",
		        STR_ARG(done->hash), STR_ARG(moment(sh, done->binds_at_ms)),
		        STR_ARG(done->was));
		return;
	}
	if (str_eq(done->hash, done->was)) {
		fprintf(sh->out,
		        done->urgent_until_ms ? "%.*s binds for good on %.*s\n"
		                              : "%.*s binds for good since %.*s\n",
		        STR_ARG(done->hash), STR_ARG(moment(sh, done->binds_at_ms)));
		return;
	}
	fprintf(sh->out, "%.*s is in force, %.*s is replaced\n", STR_ARG(done->hash),
	        STR_ARG(done->was));
	if (done->urgent_until_ms)
		fprintf(sh->out, "it is urgent and ends by itself on %.*s\n",
		        STR_ARG(moment(sh, done->urgent_until_ms)));
}

int verb_policy_publish(struct shell *sh, int argc, char **argv)
{
	struct publication ask = { .goes_on = caller_waits, .ctx = sh };
	const struct option_row rows[] = { { "urgent", OPTION_FLAG, &ask.urgent } };
	const struct options options = { publish_usage, rows, 1, 1, 1 };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	struct enacted done;
	size_t n_failed = 0;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(policy_bundle_read(sh, &ask.source));
	e = enact_publish(sh->circle, &ask, clock_now(sh->circle->clock), sh->mem, &done, &fault,
	                  &failed_ones, &n_failed);
	if (failed(e) && fault.rendered.n)
		fprintf(sh->err, "%.*s", STR_ARG(fault.rendered));
	for (size_t i = 0; i < n_failed && i < FAILED_SHOWN; i++)
		fprintf(sh->err, "%.*s: %.*s: %.*s\n", STR_ARG(failed_ones[i].where),
		        STR_ARG(failed_ones[i].why), STR_ARG(failed_ones[i].text));
	TRY(e);
	say_published(sh, &done);
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
	TRY(enact_rollback(sh->circle, n > 0 ? str_of(argv[0]) : STR_NONE, (person_id){ 0 },
	                   clock_now(sh->circle->clock), sh->mem, &done));
	fprintf(sh->out, "%.*s is in force, %.*s is withdrawn and %d of its measures released\n",
	        STR_ARG(done.hash), STR_ARG(done.was), done.lifted);
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_policy_withdraw(struct shell *sh, int argc, char **argv)
{
	const struct options options = { withdraw_usage, NULL, 0, 1, 1 };
	struct enacted_policy policy;
	struct enacted done;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(enact_find(sh->circle, str_of(argv[0]), sh->mem, &policy));
	if (policy.row.state == POLICY_IN_FORCE)
		TRY(err_conflict(NULL, "This policy is in force: that is a rollback."));
	TRY(enact_withdraw(sh->circle, str_of(argv[0]), (person_id){ 0 },
	                   clock_now(sh->circle->clock), sh->mem, &done));
	fprintf(sh->out, "%.*s is withdrawn, %.*s stays in force\n", STR_ARG(done.was),
	        STR_ARG(done.hash));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_policy_raise(struct shell *sh, int argc, char **argv)
{
	const struct options options = { raise_usage, NULL, 0, 1, 1 };
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(turndown_raise(sh->circle, str_of(argv[0]), (person_id){ 0 },
	                   clock_now(sh->circle->clock)));
	fprintf(sh->out, "%s acts in full again\n", argv[0]);
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}
