/* kith: one program. The table of its commands, and nothing else. */
#include "cmd/commands.h"
#include "cmd/shell.h"
#include "media/keeper.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "serve", cmd_serve, "run the circle on this machine" },
	{ "account", shell_main, "create, list, reset, seal, unseal and erase accounts" },
	{ "token", shell_main, "make an access token" },
	{ "invite", shell_main, "make an invitation link" },
	{ "load", shell_main, "load people, friendships and moments from JSON lines" },
	{ "backup", shell_main, "write the whole circle into a folder, while it goes on" },
	{ "check", shell_main, "is the data folder whole" },
	{ "order", shell_main, "which time the order goes by" },
	{ "audit", cmd_audit, "is the log of the order whole, its roots, is a receipt true" },
	{ "export", shell_main, "write everything of one person's into a zip" },
	{ "import", shell_main, "take in an archive of another kith" },
	{ "report", shell_main, "what the order did in a month" },
	{ "restore", cmd_restore, "make a backup the data folder again" },
	{ "screen", cmd_screen, "judge texts: JSON lines in, verdicts out" },
	{ "views", cmd_views, "show every view of a text" },
	{ "hash", cmd_hash, "hash pictures and read their QR codes" },
	{ "policy", cmd_policy, "check, test, compare, rehearse and publish policies" },
	{ "train", cmd_train, "train the text model" },
	{ "train-kinds", cmd_train_kinds, "train the model of kinds of malice" },
};

const struct shell_command shell_commands[] = {
	{ "account", "create", verb_account_create, TAKES_WORDS, false,
	  "usage: kith account create HANDLE [--role member|steward|keeper] [--display-name N] [--demonstration]\n"
	  "                           --password-stdin [--data DIR]\n"
	  "Makes an account; the password is the first line of standard input. Without --password-stdin nobody can sign in\n"
	  "until `kith account reset` gives them a link. An account for --demonstration is labelled as one and, keeper or\n"
	  "steward, never asked to set up a second factor: not for a circle where people live.\n"
	  "example: echo 'a long sentence' | kith account create lin --display-name 林巧 --password-stdin\n" },
	{ "account", "list", verb_account_list, TAKES_WORDS, false,
	  "usage: kith account list [--json] [--data DIR]\n"
	  "One line a person: handle, role, state, name; with --json also whether a second factor is set, or due.\n"
	  "example: kith account list --json\n" },
	{ "account", "reset", verb_account_reset, TAKES_WORDS, false,
	  "usage: kith account reset HANDLE [--factors] [--url ORIGIN] [--data DIR]\n"
	  "Prints a one-time link to set a new password; it lives one hour and ends every session when used. The link alone\n"
	  "lets nobody past a second factor. --factors takes away code app, passkeys, recovery codes and known browsers at\n"
	  "once: for somebody who lost them, once you are sure who is asking.\n"
	  "example: kith account reset lin --factors\n" },
	{ "account", "erase", verb_account_erase, TAKES_WORDS, false,
	  "usage: kith account erase HANDLE --for-good [--data DIR]\n"
	  "Everything of the person's goes, here and in a later restore: posts, comments, pictures, friendships, ways in. Their\n"
	  "handle stays taken. There is no way back; older backups still hold it until you delete them.\n"
	  "example: kith account erase lin --for-good\n" },
	{ "account", "seal", verb_account_seal, TAKES_WORDS, false,
	  "usage: kith account seal HANDLE --reason TEXT [--seized] [--data DIR]\n"
	  "Seals an account a day from now: it can sign in to read the reasons and appeal, and is seen by nobody. The reason\n"
	  "is told to them word for word. With --seized at once: the account is in somebody else's hands.\n"
	  "example: kith account seal farm07 --reason \"one of sixteen accounts of one person\"\n" },
	{ "account", "unseal", verb_account_unseal, TAKES_WORDS, false,
	  "usage: kith account unseal HANDLE [--data DIR]\n"
	  "Lifts a seal: everything is as before.\n"
	  "example: kith account unseal lin\n" },
	{ "token", "create", verb_token_create, TAKES_WORDS, false,
	  "usage: kith token create HANDLE [--scopes \"read write follow push\"] [--data DIR]\n"
	  "Prints an access token, alone on standard output. It is shown once: only its hash is kept. The scope `screen` is for\n"
	  "texts of another platform (POST /api/kith/v1/screen).\n"
	  "example: TOKEN=$(kith token create lin --scopes read)\n" },
	{ "invite", "create", verb_invite_create, TAKES_WORDS, false,
	  "usage: kith invite create [--uses N] [--expires 7d] [--by HANDLE] [--url ORIGIN] [--data DIR]\n"
	  "Prints an invitation link.\n"
	  "example: kith invite create --uses 5 --expires 30d\n" },
	{ "load", NULL, verb_load, TAKES_FILE, true,
	  "usage: kith load [--no-screen] [--no-pictures] [--recent] FILE.jsonl [--data DIR]\n"
	  "Loads JSON lines (person, friendship, list, group, post, comment, like), 1,000 to a transaction; posts and comments\n"
	  "are screened. A bad line stops the load: its batch is not kept and the line to go on from is named (--from N).\n"
	  "A post's \"pictures\" are files beside FILE or below it; --no-pictures leaves\n"
	  "them out. --recent moves all times so that the latest is now. FILE may be gzip; - is standard input.\n"
	  "example: kith load --data var-demo demo/circle.jsonl\n" },
	{ "backup", NULL, verb_backup, TAKES_PLACE, false,
	  "usage: kith backup DEST [--data DIR]\n"
	  "Writes the whole circle into a new folder while it goes on: database, pictures, what was taken back, and a manifest\n"
	  "with a hash of every file. Pictures are second names of the same files where DEST is on the same disk. Where a server\n"
	  "runs it writes the backup, so DEST must be a place it may write to.\n"
	  "example: kith backup /mnt/backups/kith-$(date +%F)\n" },
	{ "check", NULL, verb_check, TAKES_WORDS, false,
	  "usage: kith check [--json] [--data DIR]\n"
	  "Is the data folder whole? Database pages, every row against the rows it belongs to, the search index, the files of\n"
	  "pictures, the log of what was taken back. One line a fault and exit 1; a server may run meanwhile. It needs as much\n"
	  "room on the disk as the database has, for a while. With --json a fault is {\"fault\", \"about\"}, and where nothing is\n"
	  "wrong the one line is {\"faults\":0}.\n"
	  "example: kith check --data /var/lib/kith\n" },
	{ "order", "clock", verb_order_clock, TAKES_WORDS, false,
	  "usage: kith order clock [--is-right] [--data DIR]\n"
	  "Which time deadlines are asked against. A clock that is more than 30 days off, or at start behind the last time that was written\n"
	  "down, is not believed, or all that waits would lapse: time goes on from there. Put the clock right, or say that it --is-right, as\n"
	  "after two months in which the circle was switched off: what ran out meanwhile then lapses. There is no way back.\n"
	  "example: kith order clock --is-right\n" },
	{ "audit", "verify", verb_audit_verify, TAKES_WORDS, false,
	  "usage: kith audit verify [--root HEX [--size N]] [--key HEX] [--json] [--data DIR]\n"
	  "Is the log of the order what was written? Chain, tree, salts and every published root with its signature are reckoned again; the\n"
	  "first thing that is wrong is named, and the exit code is 1. Who can write the whole database and has DIR/audit.key can write\n"
	  "a log that is whole again: give a root that you remember, of any day, and it is found. So does the root (and size) of a receipt,\n"
	  "whoever has it. Records since the last root, until midnight, are remembered by nothing yet. --key is the log's public key as\n"
	  "you remember it; without it, the one of DIR/audit.key.\n"
	  "example: kith audit verify --root 33b0a5bc97065a37c357a57211a154438f33090244a2ab3fe540ed9becd71f59\n" },
	{ "audit", "draw", verb_audit_draw, TAKES_WORDS, false,
	  "usage: kith audit draw APPEAL [--data DIR]\n"
	  "Who was asked to judge an appeal, by its number: list, root and ranking are reckoned again, as anybody can (GET\n"
	  "/api/kith/v1/draws/ID), and with the database also who might sit and who might not. Exit code 1 when something is wrong.\n"
	  "example: kith audit draw 12\n" },
	{ "audit", "roots", verb_audit_roots, TAKES_WORDS, false,
	  "usage: kith audit roots [--json] [--data DIR]\n"
	  "The log's public key, and of each day its root and over how many records it is: to be kept where the server cannot reach.\n"
	  "example: kith audit roots >> /mnt/elsewhere/roots.txt\n" },
	{ "export", "dsa", verb_export_dsa, TAKES_WORDS, false,
	  "usage: kith export dsa [--from DATE] [--to DATE] [--url ORIGIN] [--data DIR]\n"
	  "Statements of reasons of the measures that began on these days, in the fields of the EU's Transparency Database, one JSON\n"
	  "object a line. Nobody is named in them: not whom they are about, nor who reported.\n"
	  "example: kith export dsa --from 2026-01-01 --to 2026-01-31\n" },
	{ "export", NULL, verb_export, TAKES_PLACE, false,
	  "usage: kith export HANDLE DEST.zip [--data DIR]\n"
	  "Everything of one person's: ActivityStreams 2 as JSON, their pictures, and a page to open without a server. What others\n"
	  "wrote under their posts is in it as far as they may see it now. DEST must not be there yet. HANDLE may begin with an @:\n"
	  "whoever is called dsa is @dsa here.\n"
	  "example: kith export lin /home/lin/kith.zip\n" },
	{ "report", "transparency", verb_report_transparency, TAKES_WORDS, false,
	  "usage: kith report transparency [--month 2026-05] [--json] [--data DIR]\n"
	  "What the order did in a month, as it is published when the month is over; without --month the latest. A month that is not\n"
	  "over is reckoned as it is so far. One to four are never told apart.\n"
	  "example: kith report transparency --json\n" },
	{ "import", NULL, verb_import, TAKES_FILE, false,
	  "usage: kith import --as HANDLE SRC.zip [--data DIR]\n"
	  "Posts, pictures, tags and profile of an archive become HANDLE's; friends who are here are asked. Nothing is shown to more\n"
	  "people than before: what cannot be rebuilt as narrow is for its author alone. A second time adds nothing.\n"
	  "example: kith import --as lin kith.zip\n" },
	/* These come through cmd_policy, which reads the policy. */
	{ "policy", "publish", verb_policy_publish, TAKES_FILE, false,
	  "usage: kith policy publish FILE [--urgent] [--data DIR]\n" },
	{ "policy", "rollback", verb_policy_rollback, TAKES_WORDS, false,
	  "usage: kith policy rollback [HASH] [--data DIR]\n" },
	{ "policy", "withdraw", verb_policy_withdraw, TAKES_WORDS, false,
	  "usage: kith policy withdraw HASH [--data DIR]\n" },
	{ "policy", "raise", verb_policy_raise, TAKES_WORDS, false,
	  "usage: kith policy raise RULE [--data DIR]\n" },
	{ "policy", "rehearse", verb_policy_rehearse, TAKES_FILE, false,
	  "usage: kith policy rehearse [--last N] [--json] [FILE] [--data DIR]\n" },
	{ NULL, NULL, NULL, TAKES_WORDS, false, NULL },
};

static void print_commands(FILE *to)
{
	fputs("usage: kith COMMAND [...]\n\n", to);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		fprintf(to, "  %-11s %s\n", commands[i].name, commands[i].summary);
	fputs("\nkith COMMAND --help tells more.\nexample: kith account create --help\n", to);
}

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv)) /* first of all: nothing may be open in it */
		keeper_main();
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		print_commands(stdout);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("kith " KITH_VERSION);
		return 0;
	}
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	if (argc > 1)
		fprintf(stderr, "kith: there is no command %s\n", argv[1]);
	print_commands(stderr);
	return 2;
}
