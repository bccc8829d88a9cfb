/* One reader for every subcommand's options, so that all of them answer --help and mistakes alike. */
#include "cmd/options.h"

#include "base/str.h"

#include <string.h>

struct reading {
	const struct options *options;
	int argc;
	char **argv;
	FILE *err;
};

bool duration_of(const char *text, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {
		{ 's', 1000 }, { 'm', 60 * 1000 }, { 'h', 3600 * 1000 }, { 'd', 24 * 3600 * 1000 }
	};
	str s = str_of(text);
	int64_t n = 0;
	if (s.n < 2 || !str_to_i64(str_slice(s, 0, s.n - 1), &n) || n <= 0 || n > 100000)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (units[i].unit == s.p[s.n - 1]) {
			*ms = n * units[i].ms;
			return true;
		}
	}
	return false;
}

static const struct option_row *row_named(const struct options *options, str name)
{
	for (int i = 0; i < options->n_rows; i++) {
		if (str_eq(name, str_of(options->rows[i].name)))
			return &options->rows[i];
	}
	return NULL;
}

static bool take_value(const struct option_row *row, const char *value)
{
	switch (row->kind) {
	case OPTION_FLAG:
		break;
	case OPTION_TEXT:
		*(const char **)row->target = value;
		return true;
	case OPTION_NUMBER:
		return str_to_i64(str_of(value), row->target);
	case OPTION_DURATION:
		return duration_of(value, row->target);
	}
	return false;
}

/* Reads the option at argv[*at], with its value from "--name=value" or the next word, and moves past it. */
static bool read_option(const struct reading *r, int *at)
{
	str word = str_slice(str_of(r->argv[*at]), 2, SIZE_MAX);
	size_t eq = str_find(word, S("="));
	str name = eq == SIZE_MAX ? word : str_slice(word, 0, eq);
	const struct option_row *row = row_named(r->options, name);
	if (!row) {
		fprintf(r->err, "kith: unknown option --%.*s\n", STR_ARG(name));
		return false;
	}
	if (row->kind == OPTION_FLAG && eq == SIZE_MAX) {
		*(bool *)row->target = true;
		*at += 1;
		return true;
	}
	const char *value = eq == SIZE_MAX ? (*at + 1 < r->argc ? r->argv[*at + 1] : NULL)
	                                   : word.p + eq + 1;
	if (row->kind == OPTION_FLAG || !value || !take_value(row, value)) {
		fprintf(r->err, "kith: --%s %s\n", row->name,
		        row->kind == OPTION_FLAG       ? "takes no value"
		        : !value                       ? "needs a value"
		        : row->kind == OPTION_DURATION ? "needs a duration such as 12h or 7d"
		                                       : "needs a number");
		return false;
	}
	*at += eq == SIZE_MAX ? 2 : 1;
	return true;
}

enum options_result options_read(const struct options *options, int argc, char **argv, FILE *out,
                                 FILE *err, int *n_positional)
{
	struct reading r = { options, argc, argv, err };
	int n = 0;
	bool only_words = false;
	for (int at = 1; at < argc;) {
		const char *word = argv[at];
		if (only_words || strncmp(word, "--", 2) != 0) {
			argv[n++] = argv[at++];
		} else if (word[2] == '\0') {
			only_words = true;
			at++;
		} else if (strcmp(word, "--help") == 0) {
			fputs(options->usage, out);
			return OPTIONS_HELP;
		} else if (!read_option(&r, &at)) {
			return OPTIONS_WRONG;
		}
	}
	if (n < options->positional_min || n > options->positional_max) {
		fprintf(err, "%.*s\n", (int)strcspn(options->usage, "\n"), options->usage);
		return OPTIONS_WRONG;
	}
	*n_positional = n;
	return OPTIONS_GO;
}
