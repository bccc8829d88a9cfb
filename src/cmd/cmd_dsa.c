/* kith export dsa: statements of reasons for the EU's Transparency Database, one JSON object a line. */
#include "cmd/shell.h"

#include "circle/calendar.h"
#include "circle/statement.h"
#include "cmd/options.h"

#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static err write_line(void *ctx, str line)
{
	struct shell *sh = ctx;
	if (shell_gone(sh))
		return err_busy("the caller left");
	fwrite(line.p, 1, line.n, sh->out);
	return ferror(sh->out) ? err_system("the statements cannot be written") : OK;
}

static bool read_day(struct shell *sh, const char *name, const char *text, int64_t *day)
{
	if (!text || calendar_day(str_of(text), day))
		return true;
	fprintf(sh->err, "kith: --%s is a date like 2026-01-31\n", name);
	return false;
}

int verb_export_dsa(struct shell *sh, int argc, char **argv)
{
	const char *from = NULL, *to = NULL;
	const struct option_row rows[] = { { "from", OPTION_TEXT, &from },
		                           { "to", OPTION_TEXT, &to } };
	const struct options options = {
		"usage: kith export dsa [--from DATE] [--to DATE] [--data DIR]", rows, 2, 0, 0
	};
	int64_t first = 0, last = INT64_MAX / DAY_MS - 1, written = 0;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (!read_day(sh, "from", from, &first) || !read_day(sh, "to", to, &last))
		return 2;
	e = statement_export(sh->circle, first * DAY_MS, (last + 1) * DAY_MS, str_of(sh->url),
	                     write_line, sh, &written);
	return failed(e) ? shell_fail(sh, e) : 0;
}
