/* kith policy: the life of a policy, one function a verb; the table of verbs is at the end. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/policy/policy_diff.h"
#include "integrity/policy/policy_read.h"

#include "base/buf.h"

#include <string.h>

#define OUT_MAX_BYTES ((size_t)64 << 20)
#define SHOWN_BYTES 160

/* 0 to go on, else the exit code and one more. */
static int read_options(const struct options *options, int argc, char **argv, int *n)
{
	switch (options_read(options, argc, argv, stdout, stderr, n)) {
	case OPTIONS_HELP:
		return 1;
	case OPTIONS_WRONG:
		return 3;
	case OPTIONS_GO:
		break;
	}
	return 0;
}

/* The policy at `path`, or NULL when stderr says what is wrong with it. */
static struct policy *open_policy(const char *path, struct arena *mem)
{
	const struct policy_source *files = NULL;
	struct policy *policy = NULL;
	struct policy_fault fault = { .line = 0 };
	size_t n = 0;
	err e = policy_read(path, mem, &files, &n, &fault);
	if (!failed(e))
		e = policy_compile(files, n, mem, &policy, &fault);
	if (failed(e) && fault.rendered.n)
		fprintf(stderr, "%.*s", STR_ARG(fault.rendered));
	else if (failed(e))
		fprintf(stderr, "kith: %s: %s\n", path, e.why);
	return failed(e) ? NULL : policy;
}

/* ---- check ---- */

static const char check_usage[] =
	"usage: kith policy check [--json] FILE...\n"
	"Compiles each policy, with the files it includes, and says its name, version and hash and what it is made of. Names\n"
	"that nothing uses are shown on standard error. A fault is shown with its line and a caret; then the exit code is 1.\n"
	"example: kith policy check policy/default.policy\n";

struct made_of {
	size_t rules, live, lists, phrases, patterns, evidence, windows;
};

static struct made_of count_parts(const struct policy *policy)
{
	struct made_of m = { 0 };
	const struct policy_rule *rules = policy_rules(policy, &m.rules);
	const struct policy_words *lists = policy_lists(policy, &m.lists);
	(void)policy_patterns(policy, &m.patterns);
	(void)policy_evidence(policy, &m.evidence);
	(void)policy_windows(policy, &m.windows);
	for (size_t i = 0; i < m.rules; i++)
		m.live += rules[i].status == RULE_LIVE ? 1 : 0;
	for (size_t i = 0; i < m.lists; i++)
		m.phrases += lists[i].n;
	return m;
}

static void print_parts(const char *path, const struct policy *policy, bool json, struct arena *mem)
{
	struct made_of m = count_parts(policy);
	struct buf b;
	if (!json) {
		printf("%s: %.*s, version %u, %.*s\n", path, STR_ARG(policy_name(policy)),
		       policy_version(policy), STR_ARG(policy_hash(policy)));
		printf("  %zu rules (%zu live) with %zu lines of evidence, %zu lists with %zu phrases, %zu patterns, %zu windows\n",
		       m.rules, m.live, m.evidence, m.lists, m.phrases, m.patterns, m.windows);
		printf("  cost %u of %d\n", policy_cost(policy), POLICY_COST_MAX);
		return;
	}
	buf_init(&b, mem, OUT_MAX_BYTES);
	buf_lit(&b, "{\"file\":");
	buf_json(&b, str_of(path));
	buf_lit(&b, ",\"name\":");
	buf_json(&b, policy_name(policy));
	buf_format(&b, ",\"version\":%u,\"hash\":\"%.*s\"", policy_version(policy),
	           STR_ARG(policy_hash(policy)));
	buf_format(&b, ",\"rules\":%zu,\"live\":%zu,\"evidence\":%zu", m.rules, m.live, m.evidence);
	buf_format(&b,
	           ",\"lists\":%zu,\"phrases\":%zu,\"patterns\":%zu,\"windows\":%zu,\"cost\":%u}",
	           m.lists, m.phrases, m.patterns, m.windows, policy_cost(policy));
	printf("%.*s\n", STR_ARG(buf_str(&b)));
}

static bool check_one(const char *path, bool json)
{
	struct arena *mem = arena_new((size_t)1 << 20);
	struct policy *policy = open_policy(path, mem);
	bool good = policy != NULL;
	if (good) {
		size_t n;
		const struct policy_fault *warnings = policy_warnings(policy, &n);
		for (size_t i = 0; i < n; i++)
			fprintf(stderr, "note: %.*s", STR_ARG(warnings[i].rendered));
		print_parts(path, policy, json, mem);
	}
	policy_free(policy);
	arena_free(mem);
	return good;
}

static int verb_check(int argc, char **argv)
{
	bool json = false, good = true;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	const struct options options = { check_usage, rows, 1, 1, 1000 };
	int n, stop = read_options(&options, argc, argv, &n);
	if (stop)
		return stop - 1;
	for (int i = 0; i < n; i++)
		good = check_one(argv[i], json) && good;
	return good ? 0 : 1;
}

/* ---- diff ---- */

static const char diff_usage[] =
	"usage: kith policy diff [--json] BEFORE AFTER\n"
	"Says what the second policy changes: rules, lists, patterns, conditions, groups, damps and the ladder, field by field.\n"
	"Comments, spacing and order are no change.\n"
	"example: kith policy diff policy/default.policy mine.policy\n";

static const char *const change_names[] = { "added", "removed", "changed" };

/* Cut between two characters. */
static str shown(str text, struct arena *mem)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n && at <= SHOWN_BYTES; (void)utf8_next(text, &at))
		n = at;
	return text.n <= SHOWN_BYTES ? text
	                             : str_format(mem, "%.*s…", STR_ARG(str_slice(text, 0, n)));
}

static void add_text(struct buf *b, const struct policy_change *change)
{
	buf_format(b, "%s %.*s %.*s\n", change_names[change->kind], STR_ARG(change->what),
	           STR_ARG(change->name));
	for (size_t i = 0; i < change->n; i++) {
		const struct policy_detail *d = &change->details[i];
		str before = shown(d->before, b->mem), after = shown(d->after, b->mem);
		buf_format(b, "  %s %.*s: ",
		           d->before.n && d->after.n ? "~"
		           : d->after.n              ? "+"
		                                     : "-",
		           STR_ARG(d->field));
		buf_add(b, before);
		buf_add(b, before.n && after.n ? S(" -> ") : STR_NONE);
		buf_add(b, after);
		buf_lit(b, "\n");
	}
}

static void add_json(struct buf *b, const struct policy_change *change, bool first)
{
	buf_format(b, "%s{\"change\":\"%s\",\"what\":", first ? "" : ",",
	           change_names[change->kind]);
	buf_json(b, change->what);
	buf_lit(b, ",\"name\":");
	buf_json(b, change->name);
	buf_lit(b, ",\"details\":[");
	for (size_t i = 0; i < change->n; i++) {
		const struct policy_detail *d = &change->details[i];
		buf_add(b, i ? S(",{\"field\":") : S("{\"field\":"));
		buf_json(b, d->field);
		if (d->before.n) {
			buf_lit(b, ",\"before\":");
			buf_json(b, d->before);
		}
		if (d->after.n) {
			buf_lit(b, ",\"after\":");
			buf_json(b, d->after);
		}
		buf_char(b, '}');
	}
	buf_lit(b, "]}");
}

static void print_diff(const struct policy *before, const struct policy *after, bool json,
                       struct arena *mem)
{
	size_t n;
	const struct policy_change *changes = policy_diff(before, after, mem, &n);
	struct buf b;
	buf_init(&b, mem, OUT_MAX_BYTES);
	buf_add(&b, json ? S("[") : STR_NONE);
	for (size_t i = 0; i < n; i++) {
		if (json)
			add_json(&b, &changes[i], i == 0);
		else
			add_text(&b, &changes[i]);
	}
	buf_add(&b, json ? S("]\n") : n == 0 ? S("they say the same\n") : STR_NONE);
	fwrite(b.p, 1, b.n, stdout);
}

static int verb_diff(int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	const struct options options = { diff_usage, rows, 1, 2, 2 };
	int n, stop = read_options(&options, argc, argv, &n);
	if (stop)
		return stop - 1;
	struct arena *mem = arena_new((size_t)1 << 20);
	struct policy *before = open_policy(argv[0], mem);
	struct policy *after = before ? open_policy(argv[1], mem) : NULL;
	bool good = before && after;
	if (good)
		print_diff(before, after, json, mem);
	policy_free(before);
	policy_free(after);
	arena_free(mem);
	return good ? 0 : 1;
}

/* ---- verbs ---- */

static const struct {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
	const char *summary;
} verbs[] = {
	{ "check", verb_check, "compile policies and say what they are made of" },
	{ "test", cmd_policy_test, "run the examples of a policy" },
	{ "diff", verb_diff, "say what a new version changes" },
	{ "rehearse", cmd_policy_rehearse, "judge the stored past again: whom would it have hit?" },
	{ "publish", cmd_policy_publish, "announce it, or judge by it from now on" },
	{ "rollback", cmd_policy_rollback, "go back to the one before, with all it did lifted" },
	{ "withdraw", cmd_policy_withdraw, "one that is announced will not bind" },
	{ "raise", cmd_policy_raise, "a rule that turned itself down acts in full again" },
};

static void print_verbs(FILE *to)
{
	fputs("usage: kith policy VERB [...]\n\n", to);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		fprintf(to, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
	fputs("\nkith policy VERB --help tells more.\nexample: kith policy check policy/default.policy\n",
	      to);
}

int cmd_policy(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_verbs(stdout);
		return 0;
	}
	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(verbs[i].name, argv[1]) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	}
	if (argc > 1)
		fprintf(stderr, "kith: policy has no verb %s\n", argv[1]);
	print_verbs(stderr);
	return 2;
}
