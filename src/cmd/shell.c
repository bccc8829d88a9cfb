/* One way for every command that needs the circle: take --data and --url out of its words, then run it in the server
 * that owns the directory, or open the directory here. */
#include "cmd/shell.h"

#include "cmd/control.h"
#include "cmd/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORDS_MAX 64

/* What a person gave for the directory itself, and the words left for the verb. */
struct place {
	const char *folder, *url;
	bool no_screen;
	int argc;
	char *argv[WORDS_MAX + 1];
};

int shell_fail(struct shell *sh, err e)
{
	fprintf(sh->err, "kith: %s\n", e.say ? e.say : e.why);
	return 1;
}

bool shell_gone(const struct shell *sh)
{
	char byte;
	return sh->peer >= 0 && recv(sh->peer, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static const struct shell_command *command_of(int argc, char **argv)
{
	for (const struct shell_command *row = shell_commands; row->command; row++) {
		if (argc > 0 && strcmp(row->command, argv[0]) == 0 &&
		    (!row->verb || (argc > 1 && strcmp(row->verb, argv[1]) == 0)))
			return row;
	}
	return NULL;
}

static void print_verbs(const char *command, FILE *to)
{
	for (const struct shell_command *row = shell_commands; row->command; row++) {
		if (strcmp(row->command, command) == 0)
			fprintf(to, "%.*s\n", (int)strcspn(row->usage, "\n"), row->usage);
	}
}

/* The lines of usage of all verbs, and the example of the first. */
static void print_help(const char *command)
{
	const struct shell_command *row = shell_commands;
	print_verbs(command, stdout);
	while (row->command && strcmp(row->command, command) != 0)
		row++;
	const char *example = row->command ? strstr(row->usage, "example: ") : NULL;
	if (example)
		fputs(example, stdout);
}

int shell_dispatch(struct shell *sh, int argc, char **argv)
{
	const struct shell_command *row = command_of(argc, argv);
	if (!row) {
		fprintf(sh->err, "kith: unknown command\n");
		return 2;
	}
	int skip = row->verb ? 1 : 0;
	return row->run(sh, argc - skip, argv + skip);
}

/* Takes `--name VALUE` or `--name=VALUE` out of the words; true when argv[*at] was it. False value: nothing followed. */
static bool take_option(char **argv, int argc, int *at, const char *name, const char **value)
{
	size_t n = strlen(name);
	if (strncmp(argv[*at], name, n) != 0)
		return false;
	if (argv[*at][n] == '=') {
		*value = argv[*at] + n + 1;
		return true;
	}
	if (argv[*at][n] != '\0')
		return false;
	*value = *at + 1 < argc ? argv[++*at] : NULL;
	return true;
}

static bool take_place(const struct shell_command *row, int argc, char **argv, struct place *place)
{
	const char *env = getenv("KITH_DATA");
	*place = (struct place){ .folder = env && *env ? env : "./var",
		                 .url = "http://127.0.0.1:8420" };
	for (int at = 0; at < argc; at++) {
		const char **value = NULL;
		if (take_option(argv, argc, &at, "--data", &place->folder))
			value = &place->folder;
		else if (take_option(argv, argc, &at, "--url", &place->url))
			value = &place->url;
		if (value && !*value) {
			fprintf(stderr, "kith: --data and --url need a value\n");
			return false;
		}
		if (value)
			continue;
		if (row->no_screen && strcmp(argv[at], "--no-screen") == 0)
			place->no_screen =
				true; /* the word stays: a running server must hear it too */
		if (place->argc >= WORDS_MAX) {
			fprintf(stderr, "kith: too many words on the command line\n");
			return false;
		}
		place->argv[place->argc++] = argv[at];
	}
	return true;
}

/* The place a command writes to is its last word; the server stands elsewhere. */
static bool from_here(const struct shell_command *row, struct place *place)
{
	static char path[8192];
	char here[4096];
	int last = place->argc - 1;
	if (last < (row->verb ? 2 : 1) || place->argv[last][0] == '-' ||
	    place->argv[last][0] == '/')
		return true;
	if (!getcwd(here, sizeof here) ||
	    snprintf(path, sizeof path, "%s/%s", here, place->argv[last]) >= (int)sizeof path) {
		fprintf(stderr, "kith: %s: the path cannot be made absolute\n", place->argv[last]);
		return false;
	}
	place->argv[last] = path;
	return true;
}

/* The file a command reads is opened here, in the caller's place and with the caller's rights. */
static bool open_input(const struct shell_command *row, struct place *place, int *in)
{
	*in = STDIN_FILENO;
	if (row->takes == TAKES_PLACE)
		return from_here(row, place);
	if (row->takes != TAKES_FILE)
		return true;
	for (int i = row->verb ? 2 : 1; i < place->argc; i++) {
		char *word = place->argv[i];
		/* The options of such commands that take a value, which is no file. */
		if (strcmp(word, "--from") == 0 || strcmp(word, "--as") == 0)
			i++;
		if (word[0] == '-')
			continue;
		*in = open(word, O_RDONLY | O_CLOEXEC);
		if (*in < 0) {
			fprintf(stderr, "kith: %s: %s\n", word, strerror(errno));
			return false;
		}
		static char standard_input[] = "-";
		place->argv[i] = standard_input;
		return true;
	}
	return true;
}

static int run_here(struct place *place, int in)
{
	struct clock clock = clock_real();
	struct log *log = log_new(STDERR_FILENO, LOG_WARN, clock);
	struct circle_settings settings = { .folder = place->folder,
		                            .screen = !place->no_screen,
		                            .clock = clock,
		                            .chance = chance_real(),
		                            .log = log };
	struct shell sh = { .url = place->url, .in = in, .out = stdout, .err = stderr, .peer = -1 };
	err e = circle_open(&settings, &sh.circle);
	if (failed(e)) {
		log_free(log);
		fprintf(stderr, "kith: %s: %s\n", place->folder, e.say ? e.say : e.why);
		return 1;
	}
	sh.mem = arena_new(64 * 1024);
	int code = shell_dispatch(&sh, place->argc, place->argv);
	arena_free(sh.mem);
	circle_close(&sh.circle);
	log_free(log);
	return code;
}

int shell_main(int argc, char **argv)
{
	const struct shell_command *row = command_of(argc, argv);
	if (!row) {
		bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
		if (help)
			print_help(argv[0]);
		else
			print_verbs(argv[0], stderr);
		return help ? 0 : 2;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(row->usage, stdout);
			return 0;
		}
	}
	struct place place;
	int in;
	if (!take_place(row, argc, argv, &place))
		return 2;
	if (!open_input(row, &place, &in))
		return 1;
	int code = control_call(place.folder, place.argc, place.argv, in);
	if (code < 0)
		code = run_here(&place, in);
	if (in != STDIN_FILENO)
		close(in);
	return code;
}
