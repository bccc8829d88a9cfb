/* kith policy rehearse: the stored past under a policy. The policy is read in the caller's place, with the files it includes, and
 * goes to whoever owns the directory as one bundle (circle/enact.h). */
#include "circle/enact.h"
#include "circle/rehearse.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/policy_bundle.h"
#include "cmd/shell.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUT_MAX_BYTES ((size_t)16 << 20)
#define LAST_DEFAULT 100000
#define EXAMPLES 20

static const char usage[] =
	"usage: kith policy rehearse [--last N] [--json] [FILE] [--data DIR]\n"
	"Judges the newest N stored posts and comments (100000) again, each with the past as it was then, and says whom it\n"
	"would have hit and what would have come out differently. Nothing is changed. Without FILE: the policy in force, whose\n"
	"own verdicts must come out again bit for bit; where one does not, the exit code is 1.\n"
	"example: kith policy rehearse new.policy --data ./var\n";

/* ---- in the caller's place ---- */

int cmd_policy_rehearse(int argc, char **argv)
{
	int64_t last = LAST_DEFAULT;
	bool json = false;
	const char *folder = NULL, *url = NULL;
	const struct option_row rows[] = { { "last", OPTION_NUMBER, &last },
		                           { "json", OPTION_FLAG, &json },
		                           { "data", OPTION_TEXT, &folder },
		                           { "url", OPTION_TEXT, &url } };
	const struct options options = { usage, rows, 4, 0, 1 };
	int n, fd = -1;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct arena *mem = arena_new((size_t)1 << 20);
	if (n > 0 && (fd = policy_bundle_make(argv[0], mem)) < 0) {
		arena_free(mem);
		return 1;
	}
	char command[] = "policy", verb[] = "rehearse", as_json[] = "--json", data[] = "--data";
	char *words[8] = { command, verb,
		           str_to_c(mem, str_format(mem, "--last=%lld", (long long)last)) };
	int n_words = 3;
	if (json)
		words[n_words++] = as_json;
	if (fd >= 0)
		words[n_words++] = str_to_c(mem, str_format(mem, "/proc/self/fd/%d", fd));
	if (folder) {
		words[n_words++] = data;
		words[n_words++] = str_to_c(mem, str_of(folder));
	}
	int code = shell_main(n_words, words);
	if (fd >= 0)
		close(fd);
	arena_free(mem);
	return code;
}

/* ---- where the directory is ---- */

static err open_engine(struct shell *sh, bool in_force, struct engine **out)
{
	struct policy_source files[ENACT_FILES_MAX];
	struct policy_fault fault = { .line = 0 };
	struct engine_options options = { .policy = files };
	str bytes;
	err e = OK;
	if (in_force) {
		e = enact_open(sh->circle, sh->mem, out, &fault);
	} else {
		TRY(policy_bundle_read(sh, &bytes));
		TRY(enact_unbundle(bytes, files, &options.policy_files));
		e = engine_open(&options, sh->mem, out, &fault);
	}
	if (failed(e) && fault.rendered.n)
		fprintf(sh->err, "%.*s", STR_ARG(fault.rendered));
out:
	return e;
}

static void add_actions(struct buf *b, const size_t *counts, bool json)
{
	for (int a = ACTION_ALLOW; a <= ACTION_HOLD; a++)
		buf_format(b, json ? "%s\"%s\":%zu" : "%s%s %zu",
		           a && json ? ","
		           : a       ? ", "
		                     : "",
		           action_name((enum action)a), counts[a]);
}

static void add_piece(struct buf *b, const struct changed_piece *p, bool json)
{
	int64_t id = p->piece.comment.v ? p->piece.comment.v : p->piece.post.v;
	if (!json) {
		buf_format(b, "  %lld: %s %.3f, now %s %.3f %.*s\n", (long long)id,
		           action_name(p->was), p->was_malice, action_name(p->is), p->is_malice,
		           STR_ARG(p->rule));
		return;
	}
	buf_lit(b, "{\"id\":");
	buf_json_id(b, id);
	buf_lit(b, ",\"author\":");
	buf_json_id(b, p->author.v);
	buf_format(b, ",\"was\":\"%s\",\"is\":\"%s\",\"was_malice\":", action_name(p->was),
	           action_name(p->is));
	buf_json_real(b, p->was_malice);
	buf_lit(b, ",\"is_malice\":");
	buf_json_real(b, p->is_malice);
	buf_lit(b, ",\"rule\":");
	buf_json(b, p->rule);
	buf_lit(b, "}");
}

static void add_text(struct buf *b, const struct rehearsal *r)
{
	buf_format(b, "%zu pieces, %zu of them without a text to judge\n", r->pieces, r->no_text);
	for (size_t i = 0; i < COHORTS; i++) {
		const struct cohort_row *row = &r->cohorts[i];
		buf_format(b, "%-12s %7zu pieces, %zu people hit\n  was: ",
		           cohort_word((enum cohort)i), row->pieces, row->hit_people);
		add_actions(b, row->was, false);
		buf_lit(b, "\n  now: ");
		add_actions(b, row->is, false);
		buf_lit(b, "\n");
	}
	buf_format(b, "%zu come out differently%s\n", r->changed_all,
	           r->n_changed < r->changed_all ? "; the first of them:" : "");
	for (size_t i = 0; i < r->n_changed; i++)
		add_piece(b, &r->changed[i], false);
	buf_format(b, "%zu of %zu verdicts of this very policy came out again bit for bit\n",
	           r->equal, r->same_image);
}

static void add_json(struct buf *b, str policy, const struct rehearsal *r)
{
	buf_lit(b, "{\"policy\":");
	buf_json(b, policy);
	buf_format(b,
	           ",\"pieces\":%zu,\"no_text\":%zu,\"same_image\":%zu,\"equal\":%zu,\"cohorts\":[",
	           r->pieces, r->no_text, r->same_image, r->equal);
	for (size_t i = 0; i < COHORTS; i++) {
		const struct cohort_row *row = &r->cohorts[i];
		buf_format(b, "%s{\"name\":\"%s\",\"pieces\":%zu,\"hit_people\":%zu,\"was\":{",
		           i ? "," : "", cohort_word((enum cohort)i), row->pieces, row->hit_people);
		add_actions(b, row->was, true);
		buf_lit(b, "},\"is\":{");
		add_actions(b, row->is, true);
		buf_lit(b, "}}");
	}
	buf_format(b, "],\"changed\":%zu,\"examples\":[", r->changed_all);
	for (size_t i = 0; i < r->n_changed; i++) {
		buf_add(b, i ? S(",") : STR_NONE);
		add_piece(b, &r->changed[i], true);
	}
	buf_lit(b, "]}\n");
}

static bool caller_waits(void *ctx) { return !shell_gone(ctx); }

int verb_policy_rehearse(struct shell *sh, int argc, char **argv)
{
	int64_t last = LAST_DEFAULT;
	bool json = false;
	const struct option_row rows[] = { { "last", OPTION_NUMBER, &last },
		                           { "json", OPTION_FLAG, &json } };
	const struct options options = { usage, rows, 2, 0, 1 };
	struct engine *engine = NULL;
	struct rehearsal r;
	struct buf b;
	int n, code = 0;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	TRY(open_engine(sh, n == 0, &engine));
	TRY(rehearse(sh->circle,
	             &(struct rehearse_ask){ .engine = engine,
	                                     .last = last,
	                                     .examples = EXAMPLES,
	                                     .goes_on = caller_waits,
	                                     .ctx = sh },
	             sh->mem, &r));
	buf_init(&b, sh->mem, OUT_MAX_BYTES);
	if (json)
		add_json(&b, policy_hash(engine_policy(engine)), &r);
	else
		add_text(&b, &r);
	fwrite(b.p, 1, b.n, sh->out);
	code = r.equal < r.same_image ? 1 : 0;
out:
	engine_close(engine);
	return failed(e) ? shell_fail(sh, e) : code;
}
