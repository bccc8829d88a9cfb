/* kith backup, kith restore, kith check: the keeper's copy of everything, and whether all is whole. */
#include "cmd/shell.h"

#include "circle/backup.h"
#include "circle/check.h"
#include "circle/restore.h"
#include "cmd/commands.h"
#include "cmd/options.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

static bool caller_left(void *ctx) { return shell_gone(ctx); }

int verb_backup(struct shell *sh, int argc, char **argv)
{
	const struct options options = { "usage: kith backup DEST [--data DIR]", NULL, 0, 1, 1 };
	struct manifest made;
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	err e = backup_make(sh->circle, argv[0], caller_left, sh, &made);
	if (failed(e))
		return shell_fail(sh, e);
	fprintf(sh->out,
	        "%s: %" PRId64 " people, %" PRId64 " posts, %" PRId64 " files, %" PRId64 " bytes\n",
	        argv[0], made.people, made.posts, made.files, made.bytes);
	return 0;
}

struct saying {
	struct shell *sh;
	bool json;
};

static void say_fault(void *ctx, const char *what, str about)
{
	const struct saying *to = ctx;
	struct buf b;
	buf_init(&b, to->sh->mem, 4096);
	if (!to->json) {
		fprintf(to->sh->out, "%s%s%.*s\n", what, about.n > 0 ? ": " : "", STR_ARG(about));
		return;
	}
	buf_lit(&b, "{\"fault\":");
	buf_json(&b, str_of(what));
	buf_lit(&b, ",\"about\":");
	buf_json(&b, about);
	buf_lit(&b, "}");
	fprintf(to->sh->out, "%.*s\n", STR_ARG(buf_str(&b)));
}

int verb_check(struct shell *sh, int argc, char **argv)
{
	struct saying to = { .sh = sh };
	const struct option_row rows[] = { { "json", OPTION_FLAG, &to.json } };
	const struct options options = { "usage: kith check [--json] [--data DIR]", rows, 1, 0, 0 };
	int64_t faults;
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	err e = check_all(sh->circle, say_fault, &to, &faults);
	if (failed(e))
		return shell_fail(sh, e);
	if (faults == 0)
		fputs(to.json ? "{\"faults\":0}\n" : "nothing is wrong\n", sh->out);
	return faults == 0 ? 0 : 1;
}

static const char restore_usage[] =
	"usage: kith restore SRC [--data DIR] [--tombstones FILE]\n"
	"Makes the backup in SRC the data folder; no server may run there. Every file is held against its hash first. What was\n"
	"deleted, narrowed, ended, blocked, left, revoked or sealed after the backup stays so: the log of it is taken from DIR as\n"
	"it was, from the backup, or from FILE, whichever goes furthest. What was there before lies in DIR/before-restore-...\n"
	"afterwards: delete it once you are sure. Who changed their password since needs a reset link.\n"
	"example: kith restore /mnt/backups/kith-2026-11-30 --data /var/lib/kith\n";

int cmd_restore(int argc, char **argv)
{
	const char *env = getenv("KITH_DATA");
	struct restore_plan plan = { .folder = env && *env ? env : "./var",
		                     .clock = clock_real(),
		                     .chance = chance_real() };
	const struct option_row rows[] = { { "data", OPTION_TEXT, &plan.folder },
		                           { "tombstones", OPTION_TEXT, &plan.tombstones } };
	const struct options options = { restore_usage, rows, 2, 1, 1 };
	struct restored done;
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	plan.source = argv[0];
	plan.log = log_new(STDERR_FILENO, LOG_ERROR, plan.clock);
	err e = restore_from(&plan, &done);
	log_free(plan.log);
	if (failed(e)) {
		fprintf(stderr, "kith: %s%s%s\n", done.fault, done.fault[0] ? ": " : "",
		        e.say ? e.say : e.why);
		return 1;
	}
	printf("%s: %" PRId64 " people, %" PRId64
	       " posts; what was taken back up to record %" PRId64 " stays so\n",
	       plan.folder, done.manifest.people, done.manifest.posts, done.tombstones);
	if (done.carried.fork)
		printf("the log of the order as it was does not go on from the backup's: its records since are lost, and the log says so\n");
	if (done.set_aside[0])
		printf("what was there before: %s\n", done.set_aside);
	return 0;
}
