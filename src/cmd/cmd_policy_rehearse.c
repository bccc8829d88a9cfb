/* kith policy rehearse: the stored past under a policy. The policy is read in the caller's place, with the files it includes, and
 * goes to whoever owns the directory as one bundle: for each file a line "BYTES NAME" and its bytes. */
#include "circle/rehearse.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/shell.h"
#include "integrity/policy/policy_read.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILES_MAX 64
#define BUNDLE_MAX_BYTES ((size_t)4 << 20)
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

static bool write_bundle(const struct policy_source *files, size_t n, int fd)
{
	bool good = true;
	for (size_t i = 0; good && i < n; i++) {
		good = dprintf(fd, "%zu %.*s\n", files[i].text.n, STR_ARG(files[i].file)) > 0;
		for (size_t at = 0; good && at < files[i].text.n;) {
			ssize_t wrote = write(fd, files[i].text.p + at, files[i].text.n - at);
			good = wrote > 0;
			at += good ? (size_t)wrote : 0;
		}
	}
	return good;
}

/* An open file with the bundle, or -1 when stderr says why not. */
static int bundle_of(const char *path, struct arena *mem)
{
	const struct policy_source *files = NULL;
	struct policy_fault fault = { .line = 0 };
	size_t n = 0;
	err e = policy_read(path, mem, &files, &n, &fault);
	if (failed(e) && fault.rendered.n)
		fprintf(stderr, "%.*s", STR_ARG(fault.rendered));
	else if (failed(e))
		fprintf(stderr, "kith: %s: %s\n", path, e.why);
	if (failed(e))
		return -1;
	int fd = memfd_create("policy", MFD_CLOEXEC);
	if (fd >= 0 && write_bundle(files, n, fd))
		return fd;
	fprintf(stderr, "kith: no memory for the policy\n");
	if (fd >= 0)
		close(fd);
	return -1;
}

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
	if (n > 0 && (fd = bundle_of(argv[0], mem)) < 0) {
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

static err read_all(int in, struct arena *mem, str *out)
{
	char *bytes = arena_alloc(mem, BUNDLE_MAX_BYTES + 1);
	size_t n = 0;
	for (ssize_t got = 1; got > 0 && n <= BUNDLE_MAX_BYTES; n += got > 0 ? (size_t)got : 0)
		got = read(in, bytes + n, BUNDLE_MAX_BYTES + 1 - n);
	*out = (str){ bytes, n };
	return n > BUNDLE_MAX_BYTES ? err_limit("policy", "the policy is over 4 MiB") : OK;
}

static err unbundle(str bytes, struct policy_source *files, size_t *n)
{
	for (*n = 0; bytes.n > 0; ++*n) {
		size_t line = str_find(bytes, S("\n")), space = str_find(bytes, S(" "));
		if (line == SIZE_MAX || space >= line || *n == FILES_MAX)
			return err_input("policy",
			                 "this is no policy that kith policy rehearse sent");
		size_t size = 0;
		for (size_t i = 0; i < space && bytes.p[i] >= '0' && bytes.p[i] <= '9'; i++)
			size = size * 10 + (size_t)(bytes.p[i] - '0');
		str rest = str_slice(bytes, line + 1, bytes.n);
		if (size > rest.n)
			return err_input("policy", "the policy came cut");
		files[*n] = (struct policy_source){ str_slice(bytes, space + 1, line),
			                            str_slice(rest, 0, size) };
		bytes = str_slice(rest, size, rest.n);
	}
	return OK;
}

static err open_engine(struct shell *sh, bool in_force, struct engine **out)
{
	struct policy_source files[FILES_MAX];
	struct policy_fault fault = { .line = 0 };
	struct engine_options options = { 0 };
	str bytes;
	err e = OK;
	if (!in_force) {
		TRY(read_all(sh->in, sh->mem, &bytes));
		TRY(unbundle(bytes, files, &options.policy_files));
		options.policy = files;
	}
	e = engine_open(&options, sh->mem, out, &fault);
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
	TRY(rehearse(sh->circle, engine, last, EXAMPLES, caller_waits, sh, sh->mem, &r));
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
