/* How well screening does, in figures that may rise and not fall: the text model on a public corpus, where it is there, and
 * conduct on the texts of tests/texts, which were written for this. */
#include "integrity/screen.h"

#include "base/file.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* On dev liblinear (2^20 hashed character 2- to 4-grams, its best C) finds .848 and .956: bench/accuracy. The floors stand above
 * that less two points, just under what the embedded weights reach: .903 and .963. */
#define RECALL_1_IN_1000_MIN 0.89
#define RECALL_1_IN_100_MIN 0.957
#define MALICIOUS_HELD_MIN 0.94
/* Honest texts of dev that may be held: 5 of 20,638 are, by reading all of them adverts with a wrong label. */
#define DEV_HONEST_HELD_MAX 8

#define DEV "../shared/data/text/dev.jsonl.gz"

struct judged {
	double score;
	bool spam, held;
};

struct figures {
	struct judged *list;
	size_t n, spam;
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

static str path_below(const char *path, struct arena *mem)
{
	const char *root = getenv("KITH_SOURCE_ROOT");
	return str_format(mem, "%s/%s", root ? root : ".", path);
}

static struct verdict judge(const struct engine *engine, str text, struct arena *mem)
{
	struct facts facts = { .kind = FACTS_POST, .text = text };
	struct verdict v;
	err e = screen(engine, &facts, mem, &v);
	if (failed(e))
		fail_msg("%s", e.why);
	return v;
}

/* ---- the corpus ---- */

static void judge_line(const struct engine *engine, str line, struct figures *f, struct arena *mem)
{
	json_t *object = json_loadb(line.p, line.n, 0, NULL);
	const json_t *text = json_object_get(object, "text");
	assert_true(json_is_string(text));
	struct verdict v = judge(engine, (str){ json_string_value(text), json_string_length(text) },
	                         mem);
	bool spam = json_integer_value(json_object_get(object, "label")) == 1;
	if (f->n % 4096 == 0)
		f->list = realloc(f->list, (f->n + 4096) * sizeof *f->list);
	assert_non_null(f->list);
	f->list[f->n++] = (struct judged){ v.score, spam, v.action == ACTION_HOLD };
	f->spam += spam ? 1 : 0;
	json_decref(object);
	arena_reset(mem);
}

static int by_score_down(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;
	return (x->score < y->score) - (x->score > y->score);
}

/* Share of spam above every threshold that flags at most one in `per` honest texts; ties count against us. */
static double recall_at(const struct figures *f, size_t per)
{
	size_t ham = 0, spam = 0, allowed = (f->n - f->spam) / per;
	double threshold = -1;
	for (size_t i = 0; i < f->n && ham <= allowed; i++) {
		ham += f->list[i].spam ? 0 : 1;
		threshold = f->list[i].score;
	}
	for (size_t i = 0; i < f->n && f->list[i].score > threshold; i++)
		spam += f->list[i].spam ? 1 : 0;
	return (double)spam / (double)f->spam;
}

static void recall_on_dev_stays(void **state)
{
	struct arena *mem = arena_new(65536);
	struct line_reader *lines;
	struct figures f = { 0 };
	str line;
	bool cut;
	char *path = str_to_c(mem, path_below(DEV, mem));
	if (!file_exists(path)) {
		arena_free(mem);
		print_message("# the corpus is not here: recall on dev is not measured\n");
		skip();
	}
	err e = lines_open(path, (size_t)1 << 20, &lines);
	assert_false(failed(e));
	while (lines_next(lines, &line, &cut))
		judge_line(*state, line, &f, mem);
	assert_false(failed(lines_close(&lines)));
	size_t ham_held = 0, spam_held = 0;
	for (size_t i = 0; i < f.n; i++) {
		ham_held += f.list[i].held && !f.list[i].spam ? 1 : 0;
		spam_held += f.list[i].held && f.list[i].spam ? 1 : 0;
	}
	qsort(f.list, f.n, sizeof *f.list, by_score_down);
	double tight = recall_at(&f, 1000), loose = recall_at(&f, 100);
	print_message(
		"# dev: recall %.3f at 0.1 %% false positives, %.3f at 1 %%; held %zu of %zu honest, %zu of %zu spam\n",
		tight, loose, ham_held, f.n - f.spam, spam_held, f.spam);
	free(f.list);
	arena_free(mem);
	assert_true(tight >= RECALL_1_IN_1000_MIN && loose >= RECALL_1_IN_100_MIN);
	assert_true(ham_held <= DEV_HONEST_HELD_MAX);
}

/* ---- texts of our own ---- */

struct share {
	size_t texts, held, labelled;
};

/* Judges a file of one text a line; names those whose action is not `want`. */
static struct share judge_file(const struct engine *engine, const char *path, enum action want)
{
	struct arena *mem = arena_new(65536);
	struct line_reader *lines;
	struct share share = { 0 };
	str line;
	bool cut;
	err e = lines_open(str_to_c(mem, path_below(path, mem)), 65536, &lines);
	assert_false(failed(e));
	while (lines_next(lines, &line, &cut)) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		struct verdict v = judge(engine, line, mem);
		share.texts++;
		share.held += v.action == ACTION_HOLD ? 1 : 0;
		share.labelled += v.action == ACTION_LABEL ? 1 : 0;
		if (v.action != want)
			print_message("# %s, malice %.2f: %.*s\n", action_name(v.action), v.malice,
			              STR_ARG(line));
		arena_reset(mem);
	}
	assert_false(failed(lines_close(&lines)));
	arena_free(mem);
	return share;
}

static void honest_posts_are_never_held(void **state)
{
	struct share s = judge_file(*state, "tests/texts/honest.txt", ACTION_ALLOW);
	print_message("# honest posts: %zu of %zu held, %zu labelled\n", s.held, s.texts,
	              s.labelled);
	assert_true(s.texts >= 100);
	assert_int_equal(s.held, 0);
	assert_int_equal(s.labelled, 0);
}

static void malicious_posts_are_held(void **state)
{
	struct share s = judge_file(*state, "tests/texts/malicious.txt", ACTION_HOLD);
	print_message("# malicious posts: %zu of %zu held, %zu labelled\n", s.held, s.texts,
	              s.labelled);
	assert_true(s.texts >= 100);
	assert_true((double)s.held >= MALICIOUS_HELD_MIN * (double)s.texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recall_on_dev_stays),
		cmocka_unit_test(honest_posts_are_never_held),
		cmocka_unit_test(malicious_posts_are_held),
	};
	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
