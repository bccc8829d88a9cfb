/* shell.h - commands that work on a data directory: account, token, invite, load.
 *
 * Where a server runs on the directory it is the one writer: the command's words and its three standard files go
 * to it through DIR/control.sock and the same function runs there. Else the command opens the directory itself. */
#ifndef KITH_CMD_SHELL_H
#define KITH_CMD_SHELL_H

#include "circle/circle.h"
#include "model/person.h"

#include <stdio.h>

struct shell {
	struct circle *circle;
	const char *url; /* origin for links */
	int in;          /* the caller's standard input, or the file named on its command line */
	FILE *out, *err;
	int peer; /* control connection, -1 when the command runs by itself */
	struct arena *mem;
};

/* One verb of a command: `argv[0]` is its last word. Returns the exit code. */
typedef int (*shell_verb)(struct shell *sh, int argc, char **argv);

/* What its positional names: a file is opened in the caller's place and given as `in` ("-": standard input); a place is made absolute
 * there, since the server stands elsewhere. */
enum shell_takes { TAKES_WORDS, TAKES_FILE, TAKES_PLACE };

/* A command with its verbs, e.g. "account create". */
struct shell_command {
	const char *command, *verb; /* verb NULL: the command has none */
	shell_verb run;
	enum shell_takes takes;
	bool no_screen; /* may be given --no-screen: the engine is not needed */
	const char *usage;
};

/* The table of all of them, ended by a NULL command. */
extern const struct shell_command shell_commands[];

/* Runs argv = {"account", "create", ...}: finds the row, takes --data and --url out, and runs it here or in the server. */
int shell_main(int argc, char **argv);
/* In the server: runs a command that came through the socket. */
int shell_dispatch(struct shell *sh, int argc, char **argv);
/* Prints `kith: <sentence>` for an error and returns 1. */
int shell_fail(struct shell *sh, err e);
/* Whose handle this is, with or without an @ before it: ERR_INPUT when it is nobody's here. */
MUST_CHECK err shell_person(struct shell *sh, const char *handle, struct person *out);
/* The caller went away (interrupted, closed): a long command stops between batches. */
bool shell_gone(const struct shell *sh);

int verb_account_create(struct shell *sh, int argc, char **argv);
int verb_account_list(struct shell *sh, int argc, char **argv);
int verb_account_erase(struct shell *sh, int argc, char **argv);
int verb_account_reset(struct shell *sh, int argc, char **argv);
int verb_account_seal(struct shell *sh, int argc, char **argv);
int verb_account_unseal(struct shell *sh, int argc, char **argv);
int verb_token_create(struct shell *sh, int argc, char **argv);
int verb_invite_create(struct shell *sh, int argc, char **argv);
int verb_audit_verify(struct shell *sh, int argc, char **argv);
int verb_audit_draw(struct shell *sh, int argc, char **argv);
int verb_audit_roots(struct shell *sh, int argc, char **argv);
int verb_backup(struct shell *sh, int argc, char **argv);
int verb_check(struct shell *sh, int argc, char **argv);
int verb_export(struct shell *sh, int argc, char **argv);
int verb_export_dsa(struct shell *sh, int argc, char **argv);
int verb_import(struct shell *sh, int argc, char **argv);
int verb_load(struct shell *sh, int argc, char **argv);
int verb_order_clock(struct shell *sh, int argc, char **argv);
int verb_report_transparency(struct shell *sh, int argc, char **argv);
int verb_policy_publish(struct shell *sh, int argc, char **argv);
int verb_policy_rollback(struct shell *sh, int argc, char **argv);
int verb_policy_withdraw(struct shell *sh, int argc, char **argv);
int verb_policy_raise(struct shell *sh, int argc, char **argv);
int verb_policy_rehearse(struct shell *sh, int argc, char **argv);

#endif
