/* What screening does with the texts of tests/texts, which were written for this: who is held, who is labelled, and why.
 *
 * The kept half of the malicious set is never shown, only counted: whoever reads this output may write rules. */
#include "integrity/accuracy/judge.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINE_MAX_BYTES 65536
#define KINDS_MAX 16
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Honest texts may be neither held nor labelled, but for the label of commerce on sellers; malicious ones should be held, .85 of
 * them at least. The limits stand at what the engine reaches and move one way: malicious.txt and malice_open.txt are what rules
 * were fitted to; malice_kept.txt, by the hand that wrote the open half, and the wilder malice_more.txt are not. */
static const struct file {
	const char *name;
	bool malicious, tagged, shown;
	size_t texts_min, held_max, labelled_max; /* of honest ones */
	double held_min_share;                    /* of malicious ones */
} files[] = {
	{ "honest", false, false, true, 100, 0, 0, 0 },
	{ "sellers", false, false, true, 200, 0, 1, 0 },
	{ "life", false, false, true, 150, 0, 0, 0 },
	{ "honest_more", false, false, true, 300, 2, 1, 0 },
	{ "malicious", true, false, true, 100, 0, 0, 0.95 },
	{ "malice_open", true, true, true, 100, 0, 0, 0.97 },
	{ "malice_more", true, true, true, 300, 0, 0, 0.39 },
	{ "malice_kept", true, true, false, 100, 0, 0, 0.76 },
};

struct share {
	str kind;
	size_t texts, held, labelled;
};

struct shares {
	struct share all, kinds[KINDS_MAX];
	size_t kind_count;
};

static int open_engine(void **state)
{
	struct engine *engine = NULL;
	err e = engine_open_default(&engine);
	*state = engine;
	return failed(e) ? -1 : 0;
}

static int close_engine(void **state)
{
	engine_close(*state);
	return 0;
}

static void count(struct share *s, const struct verdict *v)
{
	s->texts++;
	s->held += v->action == ACTION_HOLD ? 1 : 0;
	s->labelled += v->action == ACTION_LABEL || v->action == ACTION_FOLD ? 1 : 0;
}

static struct share *share_of(struct shares *all, str kind, struct arena *mem)
{
	for (size_t i = 0; i < all->kind_count; i++) {
		if (str_eq(all->kinds[i].kind, kind))
			return &all->kinds[i];
	}
	assert_true(all->kind_count < KINDS_MAX);
	all->kinds[all->kind_count] = (struct share){ .kind = str_dup(mem, kind) };
	return &all->kinds[all->kind_count++];
}

static void show(const struct file *f, str text, const struct verdict *v)
{
	bool wanted = v->action == (f->malicious ? ACTION_HOLD : ACTION_ALLOW);
	if (!f->shown || wanted)
		return;
	print_message("# %s: %s, malice %.2f, score %.3f: %.*s\n", f->name, action_name(v->action),
	              v->malice, v->score, STR_ARG(text));
	for (size_t i = 0; i < v->reason_count; i++)
		print_message("#     %.*s %.2f\n", STR_ARG(v->reasons[i].rule),
		              v->reasons[i].weight);
}

static struct shares judge_file(const struct engine *engine, const struct file *f,
                                struct arena *keep)
{
	struct arena *mem = arena_new(65536);
	struct line_reader *lines;
	struct shares shares = { 0 };
	str line;
	bool cut;
	const char *path = judge_path(
		str_to_c(keep, str_format(keep, "tests/texts/%s.txt", f->name)), keep);
	assert_false(failed(lines_open(path, LINE_MAX_BYTES, &lines)));
	while (lines_next(lines, &line, &cut)) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		str kind = f->tagged ? str_cut(&line, '\t') : S("");
		struct verdict v = judge_post(engine, line, mem);
		count(&shares.all, &v);
		if (f->tagged)
			count(share_of(&shares, kind, keep), &v);
		show(f, line, &v);
		arena_reset(mem);
	}
	assert_false(failed(lines_close(&lines)));
	arena_free(mem);
	return shares;
}

static bool stays(const struct file *f, const struct share *s)
{
	if (s->texts < f->texts_min)
		return false;
	if (f->malicious)
		return (double)s->held >= f->held_min_share * (double)s->texts;
	return s->held <= f->held_max && s->labelled <= f->labelled_max;
}

static void judge_files(const struct engine *engine, bool malicious)
{
	struct arena *mem = arena_new(65536);
	bool good = true;
	for (size_t i = 0; i < COUNT(files); i++) {
		const struct file *f = &files[i];
		if (f->malicious != malicious)
			continue;
		struct shares s = judge_file(engine, f, mem);
		bool kept = stays(f, &s.all);
		print_message("# %s: %zu of %zu held, %zu labelled%s\n", f->name, s.all.held,
		              s.all.texts, s.all.labelled, kept ? "" : ": past its limit");
		for (size_t k = 0; k < s.kind_count; k++)
			print_message("#   %-12.*s %2zu of %2zu held, %zu labelled\n",
			              STR_ARG(s.kinds[k].kind), s.kinds[k].held, s.kinds[k].texts,
			              s.kinds[k].labelled);
		good = good && kept;
	}
	arena_free(mem);
	assert_true(good);
}

static void honest_posts_are_left_alone(void **state) { judge_files(*state, false); }

static void malicious_posts_are_held(void **state) { judge_files(*state, true); }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_posts_are_left_alone),
		cmocka_unit_test(malicious_posts_are_held),
	};
	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
