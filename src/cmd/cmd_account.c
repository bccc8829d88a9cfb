/* kith account: people, from the shell. */
#include "cmd/shell.h"

#include "circle/erase.h"
#include "circle/factor.h"
#include "circle/found.h"
#include "circle/handle.h"
#include "circle/world.h"
#include "cmd/options.h"

#include "base/buf.h"
#include "model/limits.h"

#include <string.h>
#include <unistd.h>

/* One line from the caller's standard input, without its newline. */
static err read_password(struct shell *sh, str *out)
{
	char *line = arena_alloc(sh->mem, PASSWORD_MAX_BYTES + 2);
	size_t n = 0;
	while (n < PASSWORD_MAX_BYTES + 1 && read(sh->in, line + n, 1) == 1 && line[n] != '\n')
		n++;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	*out = (str){ line, n };
	return n == 0 ? err_input("password", "no password came on standard input") : OK;
}

err shell_person(struct shell *sh, const char *handle, struct person *out)
{
	const struct world *world = sh->circle->world;
	/* "@dsa" is somebody also where "dsa" is a word of the command. */
	str key = handle_key(sh->mem, str_of(handle[0] == '@' ? handle + 1 : handle));
	world_lock(world);
	const struct person *found = world_person_by_key(world, key);
	if (found)
		*out = *found;
	world_unlock(world);
	return found ? OK : err_input("handle", "nobody here has that handle");
}

int verb_account_create(struct shell *sh, int argc, char **argv)
{
	const char *role = "member", *name = NULL;
	bool from_stdin = false, demo = false;
	const struct option_row rows[] = { { "role", OPTION_TEXT, &role },
		                           { "display-name", OPTION_TEXT, &name },
		                           { "demonstration", OPTION_FLAG, &demo },
		                           { "password-stdin", OPTION_FLAG, &from_stdin } };
	const struct options options = {
		"usage: kith account create HANDLE [--role member|steward|keeper] [--display-name N] [--demonstration] --password-stdin",
		rows, 4, 1, 1
	};
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	struct account_draft draft = { .handle = str_of(argv[0]),
		                       .display_name = name ? str_of(name) : STR_NONE,
		                       .demo = demo };
	if (!role_of(str_of(role), &draft.role)) {
		fprintf(sh->err, "kith: --role is member, steward or keeper\n");
		return 2;
	}
	if (!utf8_valid(draft.handle) || !utf8_valid(draft.display_name)) {
		fprintf(sh->err, "kith: the handle and the name must be UTF-8\n");
		return 2;
	}
	struct person person;
	err e = OK;
	if (from_stdin)
		TRY(read_password(sh, &draft.password));
	TRY(admit_create(sh->circle, &draft, clock_now(sh->circle->clock), sh->mem, &person));
	fprintf(sh->out, "%.*s\n", STR_ARG(person.handle));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

static void list_row(struct shell *sh, const struct person *p, bool json)
{
	static const char *const states[] = {
		[PERSON_ACTIVE] = "active", [PERSON_SEALED] = "sealed", [PERSON_ERASED] = "erased"
	};
	if (!json) {
		fprintf(sh->out, "%-24.*s %-8s %-7s %.*s\n", STR_ARG(p->handle), role_word(p->role),
		        states[p->status], STR_ARG(p->display_name));
		return;
	}
	struct buf b;
	buf_init(&b, sh->mem, 16 * 1024);
	buf_lit(&b, "{\"id\":");
	buf_json_id(&b, p->id.v);
	buf_lit(&b, ",\"handle\":");
	buf_json(&b, p->handle);
	buf_lit(&b, ",\"display_name\":");
	buf_json(&b, p->display_name);
	buf_format(&b, ",\"role\":\"%s\",\"status\":\"%s\",\"created_at\":", role_word(p->role),
	           states[p->status]);
	buf_json_time(&b, p->created_at_ms);
	buf_format(&b, ",\"second_factor\":\"%s\",\"demo\":%s}",
	           p->second_factor        ? "set"
	           : factor_is_required(p) ? "due"
	                                   : "none",
	           p->demo ? "true" : "false");
	fprintf(sh->out, "%.*s\n", STR_ARG(buf_str(&b)));
}

int verb_account_list(struct shell *sh, int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	const struct options options = { "usage: kith account list [--json]", rows, 1, 0, 0 };
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	struct person *people;
	size_t count;
	err e = admit_list(sh->circle, sh->mem, &people, &count);
	if (failed(e))
		return shell_fail(sh, e);
	for (size_t i = 0; i < count; i++)
		list_row(sh, &people[i], json);
	return 0;
}

int verb_account_reset(struct shell *sh, int argc, char **argv)
{
	bool factors = false;
	const struct option_row rows[] = { { "factors", OPTION_FLAG, &factors } };
	const struct options options = { "usage: kith account reset HANDLE [--factors]", rows, 1, 1,
		                         1 };
	struct person person;
	str secret;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(shell_person(sh, argv[0], &person));
	if (factors)
		TRY(factor_clear(sh->circle, person.id, sh->mem));
	TRY(admit_reset_create(sh->circle, person.id, clock_now(sh->circle->clock), sh->mem,
	                       &secret));
	fprintf(sh->out, "%s/reset/%.*s\n", sh->url, STR_ARG(secret));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_account_seal(struct shell *sh, int argc, char **argv)
{
	const char *reason = NULL;
	bool seized = false;
	const struct option_row rows[] = { { "reason", OPTION_TEXT, &reason },
		                           { "seized", OPTION_FLAG, &seized } };
	const struct options options = { "usage: kith account seal HANDLE --reason TEXT [--seized]",
		                         rows, 2, 1, 1 };
	struct person person;
	struct buf b;
	int64_t from_ms;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	const struct seal_draft draft = { reason ? str_of(reason) : STR_NONE, seized };
	if (draft.reason.n == 0 || !utf8_valid(draft.reason)) {
		fprintf(sh->err, "kith: say why with --reason: it is told to them word for word\n");
		return 2;
	}
	TRY(shell_person(sh, argv[0], &person));
	TRY(admit_seal(sh->circle, person.id, &draft, clock_now(sh->circle->clock), &from_ms));
	if (from_ms == 0) {
		fprintf(sh->out, "there is a seal already\n");
		return 0;
	}
	buf_init(&b, sh->mem, 64);
	buf_json_time(&b, from_ms);
	str from = buf_str(&b); /* in quotes */
	fprintf(sh->out, "sealed from %.*s on\n", (int)from.n - 2, from.p + 1);
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_account_unseal(struct shell *sh, int argc, char **argv)
{
	const struct options options = { "usage: kith account unseal HANDLE", NULL, 0, 1, 1 };
	struct person person;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(shell_person(sh, argv[0], &person));
	TRY(admit_unseal(sh->circle, person.id, clock_now(sh->circle->clock)));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

/* Without a server nobody sweeps, so it is done here until nothing is left. */
static err sweep_words(struct circle *c)
{
	err e;
	do {
		TRY(found_sweep(c));
	} while (c->tidying);
out:
	return e;
}

int verb_account_erase(struct shell *sh, int argc, char **argv)
{
	static const char usage[] = "usage: kith account erase HANDLE --for-good";
	bool for_good = false;
	const struct option_row rows[] = { { "for-good", OPTION_FLAG, &for_good } };
	const struct options options = { usage, rows, 1, 1, 1 };
	struct person person;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (!for_good) {
		fprintf(sh->err, "kith: there is no way back: say --for-good if that is meant\n");
		return 2;
	}
	TRY(shell_person(sh, argv[0], &person));
	TRY(erase_person(sh->circle, person.id, clock_now(sh->circle->clock)));
	if (sh->peer < 0)
		TRY(sweep_words(sh->circle));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

/* False, and it is said which, when one is no scope. */
static bool are_scopes(struct shell *sh, str words)
{
	unsigned bits;
	while (words.n > 0) {
		str word = str_cut(&words, ' ');
		if (scopes_of(word, &bits))
			continue;
		fprintf(sh->err, "kith: --scopes: there is no scope %.*s\n", STR_ARG(word));
		return false;
	}
	return true;
}

int verb_token_create(struct shell *sh, int argc, char **argv)
{
	const char *scopes = "read write follow push";
	const struct option_row rows[] = { { "scopes", OPTION_TEXT, &scopes } };
	const struct options options = {
		"usage: kith token create HANDLE [--scopes \"read write follow push\"]", rows, 1, 1,
		1
	};
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (!are_scopes(sh, str_of(scopes)))
		return 2;
	struct person person;
	struct session session;
	str token;
	err e;
	TRY(shell_person(sh, argv[0], &person));
	struct session_draft draft = { .person = person.id,
		                       .kind = SESSION_SHELL,
		                       .scope_words = str_of(scopes) };
	TRY(admit_session(sh->circle, &draft, clock_now(sh->circle->clock), sh->mem, &session,
	                  &token));
	fprintf(sh->out, "%.*s\n", STR_ARG(token));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}

int verb_invite_create(struct shell *sh, int argc, char **argv)
{
	int64_t uses = 1, lives_ms = INT64_C(7) * 24 * 3600 * 1000;
	const char *by = NULL;
	const struct option_row rows[] = { { "uses", OPTION_NUMBER, &uses },
		                           { "expires", OPTION_DURATION, &lives_ms },
		                           { "by", OPTION_TEXT, &by } };
	const struct options options = {
		"usage: kith invite create [--uses N] [--expires 7d] [--by HANDLE]", rows, 3, 0, 0
	};
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (uses < 1 || uses > 1000) {
		fprintf(sh->err, "kith: --uses is 1 to 1000\n");
		return 2;
	}
	struct person inviter = { 0 };
	struct invite invite;
	str code;
	err e = OK;
	if (by)
		TRY(shell_person(sh, by, &inviter));
	TRY(admit_invite(sh->circle, inviter.id, (int)uses, lives_ms, clock_now(sh->circle->clock),
	                 sh->mem, &invite, &code));
	fprintf(sh->out, "%s/join/%.*s\n", sh->url, STR_ARG(code));
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}
