/* How screening holds when texts are disguised, and when honest ones are merely restyled.
 *
 * Paired: the same messages clean and disguised, under one threshold fixed on clean dev at 0.1 % false positives.
 * Every SPAM_STEP-th spam message and every HONEST_STEP-th honest one is taken, so that a run with sanitizers stays
 * under half a minute; KITH_ACCURACY_FULL=1 takes them all. */
#include "integrity/accuracy/corpus.h"
#include "integrity/accuracy/evasion.h"
#include "integrity/accuracy/figures.h"
#include "integrity/accuracy/judge.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define TABLES "../shared/data/tables"
#define SEED 20261124
#define SPAM_STEP 6
#define HONEST_STEP 10

static const unsigned strengths[] = { 10, 30, 50 };
#define STRENGTHS COUNT(strengths)
#define AT_30 1
#define AT_50 2

/* Messages a kind applies to, and how many of them are flagged clean and at each strength. */
struct tally {
	size_t n, clean, flagged[STRENGTHS];
};

struct table {
	const struct engine *engine;
	const struct evasion *evasion;
	double threshold;
	struct tally spam[3][EVASION_KINDS]; /* by enum evasion_half */
	struct tally chinese[EVASION_KINDS], honest[EVASION_KINDS];
};

/* ---- the corpus ---- */

static uint64_t seed_of(str id)
{
	uint64_t hash = SEED;
	for (size_t i = 0; i < id.n; i++)
		hash = (hash ^ (uint8_t)id.p[i]) * 1099511628211u;
	return hash;
}

static void add_tally(struct tally *to, const struct tally *one)
{
	to->n += one->n;
	to->clean += one->clean;
	for (size_t s = 0; s < STRENGTHS; s++)
		to->flagged[s] += one->flagged[s];
}

/* One message under one kind; n is 0 where the kind does not apply. */
static struct tally judge_disguised(const struct table *t, const struct corpus_text *text,
                                    bool clean, enum evasion_kind kind, enum evasion_half half,
                                    struct arena *mem)
{
	struct tally one = { 0 };
	str disguised;
	for (size_t s = 0; s < STRENGTHS; s++) {
		arena_reset(mem);
		if (!evasion_apply(t->evasion, kind, strengths[s], half, seed_of(text->id),
		                   text->text, mem, &disguised))
			return one;
		one.n = 1;
		one.clean = clean ? 1 : 0;
		one.flagged[s] = judge_post(t->engine, disguised, mem).score > t->threshold;
	}
	return one;
}

static void judge_text(struct table *t, const struct corpus_text *text, double score,
                       struct arena *mem)
{
	bool clean = score > t->threshold;
	for (enum evasion_kind kind = 0; kind < EVASION_KINDS; kind++) {
		struct tally one = judge_disguised(t, text, clean, kind, EVASION_BOTH, mem);
		if (!text->spam) {
			add_tally(&t->honest[kind], &one);
			continue;
		}
		add_tally(&t->spam[EVASION_BOTH][kind], &one);
		if (str_eq(text->lang, S("zh")))
			add_tally(&t->chinese[kind], &one);
		for (enum evasion_half half = EVASION_MARKED; half <= EVASION_UNMARKED; half++) {
			one = judge_disguised(t, text, clean, kind, half, mem);
			add_tally(&t->spam[half][kind], &one);
		}
	}
}

static double *score_all(const struct engine *engine, const struct corpus *c, double *threshold)
{
	struct arena *mem = arena_new(65536);
	double *scores = calloc(c->n, sizeof *scores);
	struct scored *list = calloc(c->n, sizeof *list);
	assert_true(scores && list);
	for (size_t i = 0; i < c->n; i++) {
		scores[i] = judge_post(engine, c->list[i].text, mem).score;
		list[i] = (struct scored){ scores[i], c->list[i].spam };
		arena_reset(mem);
	}
	figures_sort(list, c->n);
	*threshold = figures_threshold(list, c->n, 1000);
	free(list);
	arena_free(mem);
	return scores;
}

static void judge_corpus(struct table *t, const struct corpus *c, const double *scores)
{
	struct arena *mem = arena_new(65536);
	size_t seen[2] = { 0 }, steps[2] = { HONEST_STEP, SPAM_STEP };
	for (size_t i = 0; i < c->n; i++) {
		size_t spam = c->list[i].spam ? 1 : 0;
		if (judge_everything() || seen[spam]++ % steps[spam] == 0)
			judge_text(t, &c->list[i], scores[i], mem);
	}
	arena_free(mem);
}

/* ---- the table ---- */

static double share(size_t part, size_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

static double kept(const struct tally *t, size_t strength)
{
	return share(t->flagged[strength], t->clean);
}

/* Sums over kinds: a bit of `kinds` each. */
static struct tally sum(const struct tally *list, unsigned kinds)
{
	struct tally all = { 0 };
	for (enum evasion_kind kind = 0; kind < EVASION_KINDS; kind++) {
		if (kinds >> kind & 1)
			add_tally(&all, &list[kind]);
	}
	return all;
}

static void print_kept(const struct tally *t, size_t strength)
{
	if (t->clean > 0)
		print_message("  %5.3f", kept(t, strength));
	else
		print_message("      -");
}

static void print_spam(const struct table *t, const char *name, unsigned kinds)
{
	struct tally all = sum(t->spam[EVASION_BOTH], kinds), chinese = sum(t->chinese, kinds),
		     marked = sum(t->spam[EVASION_MARKED], kinds),
		     unmarked = sum(t->spam[EVASION_UNMARKED], kinds);
	print_message("# %-13s %6zu  %5.3f  %5.3f %5.3f %5.3f ", name, all.n,
	              share(all.clean, all.n), share(all.flagged[0], all.n),
	              share(all.flagged[AT_30], all.n), share(all.flagged[AT_50], all.n));
	print_kept(&all, AT_30);
	print_kept(&all, AT_50);
	print_kept(&chinese, AT_30);
	print_kept(&marked, AT_30);
	print_kept(&unmarked, AT_30);
	print_message("\n");
}

static void print_honest(const char *name, const struct tally *t)
{
	print_message("# %-13s %6zu %7.4f %7.4f %7.4f %7.4f\n", name, t->n, share(t->clean, t->n),
	              share(t->flagged[0], t->n), share(t->flagged[AT_30], t->n),
	              share(t->flagged[AT_50], t->n));
}

#define BIT(kind) (1u << (kind))
#define ALL_KINDS (BIT(EVASION_KINDS) - 1)
/* What a table can undo; punctuation inside words and leet are in neither group: half of it is how people write. */
#define REVERSIBLE                                                                                 \
	(BIT(EVASION_ZERO_WIDTH) | BIT(EVASION_EMOJI) | BIT(EVASION_SPACE) |                       \
	 BIT(EVASION_FULL_WIDTH) | BIT(EVASION_MATH) | BIT(EVASION_TRADITIONAL))
#define HARD                                                                                       \
	(BIT(EVASION_HOMOPHONE) | BIT(EVASION_PINYIN) | BIT(EVASION_SIMILAR) | BIT(EVASION_SPLIT))

static void print_table(const struct table *t)
{
	static const struct {
		const char *name;
		unsigned kinds;
	} groups[] = { { "reversible", REVERSIBLE }, { "hard", HARD }, { "all kinds", ALL_KINDS } };
	print_message(
		"# disguised dev spam, recall at the threshold of 0.1 %% on clean dev (%.6f)\n",
		t->threshold);
	print_message(
		"#                      recall                    kept of the clean recall\n"
		"#                                                             zh  marked  other\n"
		"# kind           texts  clean   10 %%  30 %%  50 %%    30 %%   50 %%   30 %%   30 %%   "
		"30 %%\n");
	for (enum evasion_kind k = 0; k < EVASION_KINDS; k++)
		print_spam(t, evasion_name(k), BIT(k));
	for (size_t g = 0; g < COUNT(groups); g++)
		print_spam(t, groups[g].name, groups[g].kinds);
	print_message("# restyled honest dev, share flagged\n"
	              "# kind            texts   clean    10 %%    30 %%    50 %%\n");
	for (enum evasion_kind k = 0; k < EVASION_KINDS; k++)
		print_honest(evasion_name(k), &t->honest[k]);
	struct tally all = sum(t->honest, ALL_KINDS);
	print_honest("all kinds", &all);
}

/* ---- floors ---- */

/* Just under what the engine reaches on all of dev: .899 and .887 over all kinds, .906 with marked pairs, 1.003 and
 * .941 kept; .0015 of the honest flagged, .0009 of them unrestyled. The sample is coarser than two points. */
#define ALL_30_MIN 0.88
#define ALL_50_MIN 0.865
#define MARKED_ALL_30_MIN 0.885
#define REVERSIBLE_KEPT_30_MIN 0.98
#define HARD_KEPT_30_MIN 0.91
#define HONEST_30_MAX 0.003

static void check_floors(const struct table *t)
{
	struct tally all = sum(t->spam[EVASION_BOTH], ALL_KINDS),
		     marked = sum(t->spam[EVASION_MARKED], ALL_KINDS),
		     reversible = sum(t->spam[EVASION_BOTH], REVERSIBLE),
		     hard = sum(t->spam[EVASION_BOTH], HARD), honest = sum(t->honest, ALL_KINDS);
	assert_true(share(all.flagged[AT_30], all.n) >= ALL_30_MIN);
	assert_true(share(all.flagged[AT_50], all.n) >= ALL_50_MIN);
	assert_true(share(marked.flagged[AT_30], marked.n) >= MARKED_ALL_30_MIN);
	assert_true(kept(&reversible, AT_30) >= REVERSIBLE_KEPT_30_MIN);
	assert_true(kept(&hard, AT_30) >= HARD_KEPT_30_MIN);
	assert_true(share(honest.flagged[AT_30], honest.n) <= HONEST_30_MAX);
}

static void disguise_costs_little_recall(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct corpus c;
	struct engine *engine = NULL;
	struct evasion *evasion = NULL;
	const char *dev = judge_path(CORPUS_DEV, mem), *tables = judge_path(TABLES, mem);
	if (!file_exists(dev) || !file_exists(tables)) {
		arena_free(mem);
		print_message("# ../shared/data is not here: disguised texts are not measured\n");
		skip();
	}
	assert_false(failed(corpus_read(dev, judge_path(CORPUS_CORRECTIONS, mem), mem, &c)));
	assert_false(failed(engine_open_default(&engine)));
	assert_false(failed(evasion_open(tables, &evasion)));
	for (size_t i = 0; i < c.n; i++)
		evasion_count(evasion, c.list[i].text);
	evasion_settle(evasion);
	struct table t = { .engine = engine, .evasion = evasion };
	double *scores = score_all(engine, &c, &t.threshold);
	judge_corpus(&t, &c, scores);
	print_table(&t);
	free(scores);
	evasion_close(evasion);
	engine_close(engine);
	arena_free(mem);
	check_floors(&t);
}

/* ---- the generator, on small tables of our own ---- */

static const struct {
	const char *name, *content;
} small_tables[] = {
	{ "pinyin_all", "# note\nU+5FAE: wēi  # 微\nU+5A01: wēi  # 威\nU+4FE1: xìn,shēn  # 信\n"
	                "U+5973: nǚ,rǔ  # 女\n" },
	{ "chaizi-jt", "休\t人 木\t亻 木\n沐\t水 木\t氵 木\n信\t亻 言\n" },
	{ "chaizi-ft", "休\t人 木\n" },
	{ "confusables",
	  "# note\n\n0430 ;\t0061 ;\tMA\t# ( а → a )\n0451 ;\t0065 0308 ;\tMA\t# two\n" },
	{ "opencc_STCharacters", "# note\n伞\t傘\n台\t台 臺 檯\n" },
};

static struct evasion *small_evasion(void)
{
	char folder[] = "/tmp/kith-evasion-XXXXXX";
	struct arena *mem = arena_new(4096);
	struct evasion *e = NULL;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < COUNT(small_tables); i++) {
		const char *path = str_to_c(
			mem, str_format(mem, "%s/%s.txt.gz", folder, small_tables[i].name));
		assert_false(failed(file_write(path, str_of(small_tables[i].content), 0600)));
	}
	assert_false(failed(evasion_open(folder, &e)));
	for (size_t i = 0; i < COUNT(small_tables); i++) {
		const char *path = str_to_c(
			mem, str_format(mem, "%s/%s.txt.gz", folder, small_tables[i].name));
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
	arena_free(mem);
	for (int i = 0; i < 5; i++)
		evasion_count(e, S("微威信休沐"));
	evasion_settle(e);
	return e;
}

static void every_kind_writes_what_its_table_says(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum evasion_kind kind;
		const char *text, *want;
	} cases[] = {
		{ "width turns ASCII into its wide form", EVASION_FULL_WIDTH, "v1!", "ｖ１！" },
		{ "a homophone is another character of the same sound", EVASION_HOMOPHONE, "微微微",
		  "威威威" },
		{ "a reading loses its tone and its dots", EVASION_PINYIN, "微女信", "weinvxin" },
		{ "a similar glyph shares its telling part", EVASION_SIMILAR, "沐沐沐", "休休休" },
		{ "a look-alike comes from another script", EVASION_HOMOGLYPH, "aaa", "ааа" },
		{ "traditional script writes more strokes", EVASION_TRADITIONAL, "伞伞伞",
		  "傘傘傘" },
		{ "a split character shows its parts", EVASION_SPLIT, "信信信", "亻言亻言亻言" },
	};
	struct evasion *e = small_evasion();
	struct arena *mem = arena_new(4096);
	str out;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool applies = evasion_apply(e, cases[i].kind, 100, EVASION_BOTH, 1,
		                             str_of(cases[i].text), mem, &out);
		if (!applies || !str_eq(out, str_of(cases[i].want)))
			fail_msg("%s: %.*s", cases[i].name, applies ? (int)out.n : 0, out.p);
	}
	arena_free(mem);
	evasion_close(e);
}

static void a_kind_that_has_nothing_to_change_does_not_apply(void **state)
{
	(void)state;
	struct evasion *e = small_evasion();
	struct arena *mem = arena_new(4096);
	str out;
	assert_false(evasion_apply(e, EVASION_SPLIT, 50, EVASION_BOTH, 1, S("no Han"), mem, &out));
	assert_false(
		evasion_apply(e, EVASION_HOMOPHONE, 50, EVASION_BOTH, 1, S("微微"), mem, &out));
	assert_false(evasion_apply(e, EVASION_SPACE, 50, EVASION_BOTH, 1, S("a b c d"), mem, &out));
	assert_false(evasion_apply(e, EVASION_SPACE, 50, EVASION_BOTH, 1, S(""), mem, &out));
	arena_free(mem);
	evasion_close(e);
}

static void chance_is_the_same_for_the_same_seed(void **state)
{
	(void)state;
	struct evasion *e = small_evasion();
	struct arena *mem = arena_new(4096);
	str a, b, c, text = S("the same words are disguised in the same way");
	for (enum evasion_kind kind = 0; kind <= EVASION_SPACE; kind++) {
		assert_true(evasion_apply(e, kind, 30, EVASION_BOTH, 7, text, mem, &a));
		assert_true(evasion_apply(e, kind, 30, EVASION_BOTH, 7, text, mem, &b));
		assert_true(evasion_apply(e, kind, 30, EVASION_BOTH, 8, text, mem, &c));
		assert_true(str_eq(a, b));
		assert_false(str_eq(a, c));
		assert_true(a.n > text.n);
	}
	arena_free(mem);
	evasion_close(e);
}

static void marked_pairs_alone_are_used_when_asked(void **state)
{
	(void)state;
	struct evasion *e = small_evasion();
	struct arena *mem = arena_new(4096);
	str out, text = S("abcdefghijklmnopqrstuvwxyz");
	size_t marked = evasion_pairs(e, EVASION_FULL_WIDTH, EVASION_MARKED), changed = 0;
	assert_true(marked > 0 && marked < evasion_pairs(e, EVASION_FULL_WIDTH, EVASION_BOTH));
	assert_true(evasion_apply(e, EVASION_FULL_WIDTH, 100, EVASION_MARKED, 1, text, mem, &out));
	for (size_t at = 0, i = 0; at < out.n; i++) {
		size_t from = at;
		uint32_t cp = utf8_next(out, &at);
		if (cp == (uint8_t)text.p[i])
			continue;
		changed++;
		assert_true(evasion_is_marked((uint8_t)text.p[i], str_slice(out, from, at)));
	}
	assert_true(changed > 0 && changed < text.n);
	arena_free(mem);
	evasion_close(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_writes_what_its_table_says),
		cmocka_unit_test(a_kind_that_has_nothing_to_change_does_not_apply),
		cmocka_unit_test(chance_is_the_same_for_the_same_seed),
		cmocka_unit_test(marked_pairs_alone_are_used_when_asked),
		cmocka_unit_test(disguise_costs_little_recall),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
