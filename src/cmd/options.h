/* options.h - the command line of one subcommand, read from a table. */
#ifndef KITH_CMD_OPTIONS_H
#define KITH_CMD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
	OPTION_FLAG,    /* bool */
	OPTION_TEXT,    /* const char *, borrowed from argv */
	OPTION_NUMBER,  /* int64_t */
	OPTION_DURATION /* int64_t milliseconds, from "90s", "30m", "12h", "7d" */
};

struct option_row {
	const char *name; /* without the dashes */
	enum option_kind kind;
	void *target; /* keeps its value when the option is not given */
};

struct options {
	const char *usage; /* printed for --help; its first line is the usage line */
	const struct option_row *rows;
	int n_rows;
	int positional_min, positional_max;
};

enum options_result {
	OPTIONS_GO,
	OPTIONS_HELP, /* --help was asked and printed to `out`: exit 0 */
	OPTIONS_WRONG /* one line is on `err`: exit 2 */
};

/* Reads argv[1..]; options and positionals may mix, "--" ends options. Positionals are moved, in order, to the
 * front of argv and `*n_positional` counts them: argv[0 .. n-1]. */
enum options_result options_read(const struct options *options, int argc, char **argv, FILE *out,
                                 FILE *err, int *n_positional);

/* "7d" to milliseconds; false on anything else, zero and negative included. */
bool duration_of(const char *text, int64_t *ms);

#endif
