/* kith export, kith import: what people take along and bring. */
#include "cmd/shell.h"

#include "circle/export.h"
#include "circle/import.h"
#include "cmd/options.h"
#include "media/darkroom.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool caller_left(void *ctx) { return shell_gone(ctx); }

int verb_export(struct shell *sh, int argc, char **argv)
{
	const struct options options = { "usage: kith export HANDLE DEST.zip [--data DIR]", NULL, 0,
		                         2, 2 };
	struct person person;
	int n, fd = -1;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(shell_person(sh, argv[0], &person));
	fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		fprintf(sh->err, "kith: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	e = export_write(sh->circle, person.id, fd, clock_now(sh->circle->clock), caller_left, sh);
	if (!failed(e) && fsync(fd) < 0)
		e = err_system("the archive cannot be synced");
	close(fd);
	if (failed(e))
		unlink(argv[1]);
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_import(struct shell *sh, int argc, char **argv)
{
	const char *as = NULL;
	const struct option_row rows[] = { { "as", OPTION_TEXT, &as } };
	const struct options options = { "usage: kith import --as HANDLE SRC.zip [--data DIR]",
		                         rows, 1, 1, 1 };
	struct circle *circle = sh->circle;
	struct darkroom *room = NULL;
	struct import_report done;
	struct person person;
	str zip = STR_NONE;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (!as) {
		fprintf(sh->err, "kith: --as says whose the archive becomes\n");
		return 2;
	}
	TRY(shell_person(sh, as, &person));
	if (!circle->darkroom && sh->peer < 0) {
		TRY(darkroom_open(circle->log, &room));
		circle->darkroom = room;
	}
	TRY(file_map_fd(sh->in, &zip));
	TRY(import_take(circle, person.id, zip, clock_now(circle->clock), caller_left, sh, &done));
	fprintf(sh->out,
	        "%d posts (%d of them for oneself alone now), %d pictures, %d tags, %d people asked; %d left out\n",
	        done.posts, done.alone, done.pictures, done.tags, done.asked, done.skipped);
out:
	file_unmap(&zip);
	if (room)
		circle->darkroom = NULL;
	darkroom_close(&room);
	return failed(e) ? shell_fail(sh, e) : 0;
}
