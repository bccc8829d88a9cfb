/* How well screening tells spam from honest texts on a public corpus, in figures that may rise and not fall.
 *
 * Every figure is given twice: with the labels as they are, to compare with other tools, and with the corrections of
 * tests/texts, which leave out what nobody can decide. The corrections were looked for where one engine and the labels
 * disagree most, so a corrected figure says how much the labels hide and is not comparable with another tool's. */
#include "integrity/accuracy/corpus.h"
#include "integrity/accuracy/figures.h"
#include "integrity/accuracy/judge.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SETS_MAX 16

/* As labelled, liblinear (2^20 hashed character 2- to 4-grams, its best C) finds .848 and .956 of the spam at 1 in 1000
 * and 1 in 100: bench/accuracy. The floors stand just under what the embedded weights reach: .905, .970, .9903 and,
 * corrected, .953, .987, .9960; a text in a thousand is chance. */
static const struct {
	double recall_1_in_1000, recall_1_in_100, area;
} floors[2] = { { 0.895, 0.967, 0.989 }, { 0.945, 0.984, 0.995 } };
/* The score is called a probability: on average it is off by .0041, .0071 with corrected labels. */
#define CALIBRATION_ERROR_MAX 0.012
/* Of 20,569 honest texts of dev, as corrected, 8 are held; by reading, six of those are adverts and promotion of gambling. */
#define HONEST_HELD_MAX 9

static const char *const views[2] = { "as labelled", "corrected" };

struct judged {
	double score;
	bool held;
};

struct dev {
	struct arena *mem;
	struct corpus corpus;
	struct judged *judged; /* beside corpus.list */
	struct scored *list;   /* room for one view */
	size_t n;              /* of them in use */
};

/* ---- the corpus, judged once ---- */

static void judge_dev(struct dev *d)
{
	struct engine *engine = NULL;
	struct arena *mem = arena_new(65536);
	assert_false(failed(engine_open_default(&engine)));
	d->judged = ARENA_ARRAY(d->mem, d->corpus.n, struct judged);
	d->list = ARENA_ARRAY(d->mem, d->corpus.n, struct scored);
	for (size_t i = 0; i < d->corpus.n; i++) {
		struct verdict v = judge_post(engine, d->corpus.list[i].text, mem);
		d->judged[i] = (struct judged){ v.score, v.action == ACTION_HOLD };
		arena_reset(mem);
	}
	arena_free(mem);
	engine_close(engine);
}

static int open_dev(void **state)
{
	struct arena *mem = arena_new(65536);
	struct dev *d = ARENA_NEW(mem, struct dev);
	d->mem = mem;
	*state = d;
	const char *path = judge_path(CORPUS_DEV, mem);
	if (!file_exists(path))
		return 0;
	err e = corpus_read(path, judge_path(CORPUS_CORRECTIONS, mem), mem, &d->corpus);
	if (failed(e)) {
		print_message("# %s\n", e.why);
		return -1;
	}
	judge_dev(d);
	return 0;
}

static int close_dev(void **state)
{
	arena_free(((struct dev *)*state)->mem);
	return 0;
}

static struct dev *dev_or_skip(void **state)
{
	struct dev *d = *state;
	if (d->corpus.n == 0) {
		print_message("# ../shared/data is not here: recall on dev is not measured\n");
		skip();
	}
	return d;
}

/* The texts of a set (STR_NONE: of all) under one view, sorted. */
static void take_view(struct dev *d, str set, bool corrected)
{
	d->n = 0;
	for (size_t i = 0; i < d->corpus.n; i++) {
		bool spam;
		if (set.p && !str_eq(d->corpus.list[i].set, set))
			continue;
		if (corpus_label(&d->corpus.list[i], corrected, &spam))
			d->list[d->n++] = (struct scored){ d->judged[i].score, spam };
	}
	figures_sort(d->list, d->n);
}

/* ---- recall ---- */

struct recall {
	size_t ham, spam;
	double tight, loose, area,
		flagged; /* flagged: of the honest, at the threshold of the whole */
};

static struct recall recall_of(struct dev *d, str set, bool corrected, double threshold)
{
	take_view(d, set, corrected);
	size_t spam = figures_spam(d->list, d->n);
	double tight = figures_threshold(d->list, d->n, 1000),
	       loose = figures_threshold(d->list, d->n, 100);
	return (struct recall){ .ham = d->n - spam,
		                .spam = spam,
		                .tight = figures_above(d->list, d->n, true, tight),
		                .loose = figures_above(d->list, d->n, true, loose),
		                .area = figures_precision_area(d->list, d->n),
		                .flagged = figures_above(d->list, d->n, false,
		                                         set.p ? threshold : tight) };
}

static void print_recall(str name, const struct recall *r)
{
	if (r->spam > 0)
		print_message("# %-10.*s %6zu %5zu  %.3f  %.3f  %.4f  %.4f\n", STR_ARG(name),
		              r->ham, r->spam, r->tight, r->loose, r->area, r->flagged);
	else
		print_message("# %-10.*s %6zu %5zu      -      -       -  %.4f\n", STR_ARG(name),
		              r->ham, r->spam, r->flagged);
}

static size_t list_sets(const struct corpus *c, str sets[SETS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < c->n; i++) {
		size_t k = 0;
		while (k < n && !str_eq(sets[k], c->list[i].set))
			k++;
		if (k == n && n < SETS_MAX)
			sets[n++] = c->list[i].set;
	}
	return n;
}

static void recall_on_dev_stays(void **state)
{
	struct dev *d = dev_or_skip(state);
	struct recall all[2];
	str sets[SETS_MAX];
	size_t n = list_sets(&d->corpus, sets);
	for (size_t view = 0; view < 2; view++) {
		all[view] = recall_of(d, STR_NONE, view == 1, 0);
		double threshold = figures_threshold(d->list, d->n, 1000);
		print_message(
			"# dev, %s (threshold of 0.1 %%: %.6f; a set has thresholds of its own; under 1,000\n"
			"# honest texts one of them decides what 0.1 %% is)\n"
			"# set           ham  spam  0.1 %%    1 %%  PR-AUC  ham flagged at 0.1 %%\n",
			views[view], threshold);
		print_recall(S("pooled"), &all[view]);
		for (size_t i = 0; i < n; i++) {
			struct recall one = recall_of(d, sets[i], view == 1, threshold);
			print_recall(sets[i], &one);
		}
	}
	for (size_t view = 0; view < 2; view++) {
		assert_true(all[view].tight >= floors[view].recall_1_in_1000);
		assert_true(all[view].loose >= floors[view].recall_1_in_100);
		assert_true(all[view].area >= floors[view].area);
	}
}

/* ---- what a score means ---- */

static void a_score_is_a_probability(void **state)
{
	struct dev *d = dev_or_skip(state);
	double error[2];
	for (size_t view = 0; view < 2; view++) {
		struct reliability bins[FIGURES_BINS];
		take_view(d, STR_NONE, view == 1);
		error[view] = figures_reliability(d->list, d->n, bins);
		print_message("# reliability on dev, %s: expected calibration error %.4f\n"
		              "# score      texts  predicted  observed\n",
		              views[view], error[view]);
		for (size_t b = 0; b < FIGURES_BINS; b++)
			print_message("# %.1f-%.1f  %8zu      %.3f     %.3f\n",
			              (double)b / FIGURES_BINS, (double)(b + 1) / FIGURES_BINS,
			              bins[b].n, bins[b].predicted, bins[b].observed);
	}
	assert_true(error[0] <= CALIBRATION_ERROR_MAX && error[1] <= CALIBRATION_ERROR_MAX);
}

/* ---- what is held ---- */

static void honest_texts_of_dev_are_not_held(void **state)
{
	struct dev *d = dev_or_skip(state);
	size_t honest_held = 0;
	for (size_t view = 0; view < 2; view++) {
		size_t held[2] = { 0 }, all[2] = { 0 };
		for (size_t i = 0; i < d->corpus.n; i++) {
			bool spam;
			if (!corpus_label(&d->corpus.list[i], view == 1, &spam))
				continue;
			all[spam]++;
			held[spam] += d->judged[i].held ? 1 : 0;
		}
		print_message("# held on dev, %s: %zu of %zu honest, %zu of %zu spam\n",
		              views[view], held[0], all[0], held[1], all[1]);
		honest_held = held[0];
	}
	assert_true(honest_held <= HONEST_HELD_MAX);
}

static void every_correction_names_a_text_of_dev(void **state)
{
	struct dev *d = dev_or_skip(state);
	print_message("# %zu of %zu texts of dev have a corrected label\n", d->corpus.corrected,
	              d->corpus.n);
	assert_true(d->corpus.corrected > 0);
	assert_int_equal(d->corpus.unmatched, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_correction_names_a_text_of_dev),
		cmocka_unit_test(recall_on_dev_stays),
		cmocka_unit_test(a_score_is_a_probability),
		cmocka_unit_test(honest_texts_of_dev_are_not_held),
	};
	return cmocka_run_group_tests(tests, open_dev, close_dev);
}
