/* kith export, kith import: what people take along and bring. */
#include "cmd/shell.h"

#include "circle/export.h"
#include "cmd/options.h"

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
