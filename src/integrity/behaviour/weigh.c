#include "integrity/behaviour/weigh.h"

#include <assert.h>

#define PRIOR_RIGHT 2.0
#define PRIOR_WRONG                                                                                \
	2.0 /* four reports outweigh it: one outcome moves a newcomer from 0.5 to 0.6 or 0.4 */
#define BAD_FAITH_COUNTS 3
#define YOUNGEST_SHARE 0.25 /* of who came today */
#define VIEWERS_PRIOR                                                                              \
	20.0 /* lest one report of a thing that one person sees is all there is to know */

/* How grave what is said is; within a class of harm too. */
static const double grave[] = {
	[REPORT_COUNTERFEIT] = 4, [REPORT_LADDER] = 2,     [REPORT_FRAUD] = 4,
	[REPORT_ADVERTISING] = 2, [REPORT_HARASSMENT] = 3, [REPORT_OTHER] = 1,
};

double witness_accuracy(const struct reporter *past)
{
	double wrong = past->n_wrong + BAD_FAITH_COUNTS * past->n_bad;
	return (past->n_right + PRIOR_RIGHT) / (past->n_right + wrong + PRIOR_RIGHT + PRIOR_WRONG);
}

static int64_t age_ms(const struct witness *w)
{
	return w->at_ms > w->since_ms ? w->at_ms - w->since_ms : 0;
}

static bool young(const struct witness *w) { return age_ms(w) < WITNESS_YOUNG_MS; }

double witness_weight(const struct witness *w)
{
	double age_share = young(w) ? (double)age_ms(w) / WITNESS_YOUNG_MS : 1;
	double youth = YOUNGEST_SHARE + (1 - YOUNGEST_SHARE) * age_share;
	double viewers = w->seen_by < 1 ? 1 : w->seen_by;
	return witness_accuracy(&w->past) * youth * VIEWERS_PRIOR / (VIEWERS_PRIOR + viewers);
}

static bool share_device(const struct witness *a, const struct witness *b)
{
	size_t i = 0, j = 0;
	while (i < a->n_devices && j < b->n_devices) {
		if (a->devices[i] == b->devices[j])
			return true;
		if (a->devices[i] < b->devices[j])
			i++;
		else
			j++;
	}
	return false;
}

static bool counts(const struct witness *w, person_id other)
{
	size_t from = 0, to = w->n_friends;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (w->friends[middle].v < other.v)
			from = middle + 1;
		else
			to = middle;
	}
	return from < w->n_friends && w->friends[from].v == other.v;
}

static bool burst(const struct witness *a, const struct witness *b)
{
	int64_t apart = a->at_ms > b->at_ms ? a->at_ms - b->at_ms : b->at_ms - a->at_ms;
	return apart <= WITNESS_BURST_MS && young(a) && young(b);
}

bool witness_linked(const struct witness *a, const struct witness *b)
{
	return a->id.v == b->id.v || branch_same(&a->branch, &b->branch) || burst(a, b) ||
	       share_device(a, b) || (counts(a, b->id) && counts(b, a->id));
}

/* ---- all of them ---- */

/* Of those that are weighed: who stands above whom, its own place at the top. */
struct groups {
	struct witness *of[WITNESSES_MAX];
	size_t above[WITNESSES_MAX];
	size_t n;
};

static size_t top_of(struct groups *g, size_t i)
{
	while (g->above[i] != i)
		i = g->above[i] = g->above[g->above[i]];
	return i;
}

/* What it would count alone. */
static double counted(const struct witness *w) { return w->weight * grave[w->about]; }

static bool weightier(const struct witness *a, const struct witness *b)
{
	if (counted(a) != counted(b))
		return counted(a) > counted(b);
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms;
	return a->id.v < b->id.v;
}

/* Into its place by weight, where there is room for it. */
static void take(struct groups *g, struct witness *w)
{
	size_t i = g->n;
	if (g->n < WITNESSES_MAX)
		g->n++;
	else if (weightier(g->of[--i], w))
		return;
	for (; i > 0 && weightier(w, g->of[i - 1]); i--)
		g->of[i] = g->of[i - 1];
	g->of[i] = w;
}

static void join(struct groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		g->above[i] = i;
	for (size_t i = 0; i < g->n; i++) {
		for (size_t j = 0; j < i; j++) {
			size_t a = top_of(g, i), b = top_of(g, j);
			if (a != b && witness_linked(g->of[i], g->of[j]))
				g->above[a > b ? a : b] = a > b ? b : a;
		}
	}
}

/* They lie by what they count, so that the one at the top of a group is its weightiest. */
static double sum(struct groups *g)
{
	double all = 0;
	int next = 0;
	for (size_t i = 0; i < g->n; i++) {
		size_t top = top_of(g, i);
		if (top == i) {
			g->of[i]->group = ++next;
			all += counted(g->of[i]);
		} else {
			g->of[i]->group = g->of[top]->group;
		}
	}
	return all;
}

int64_t weigh_witnesses(struct witness *all, size_t n)
{
	struct groups g = { .n = 0 };
	double most = WITNESS_SUM_MAX * grave[REPORT_FRAUD], got;
	for (size_t i = 0; i < n; i++) {
		all[i].group = 0;
		all[i].weight = witness_weight(&all[i]);
		take(&g, &all[i]);
	}
	join(&g);
	got = sum(&g);
	assert(got >= 0);
	return (int64_t)(1000 * (got < most ? got : most) + 0.5);
}
