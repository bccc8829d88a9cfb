#include "integrity/learn/examples.h"

#include "integrity/learn/augment.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *from, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return from;
	*cap = need + need / 2 + 1024;
	void *to = realloc(from, *cap * size);
	if (!to)
		abort();
	return to;
}

void examples_add(struct examples *all, struct example e, const uint32_t *features)
{
	all->list = grown(all->list, &all->cap, all->n + 1, sizeof *all->list);
	all->features = grown(all->features, &all->features_cap, all->n_features + e.n,
	                      sizeof *all->features);
	e.first = all->n_features;
	all->list[all->n++] = e;
	if (e.n > 0)
		memcpy(all->features + e.first, features, e.n * sizeof *features);
	all->n_features += e.n;
}

void examples_free(struct examples *all)
{
	free(all->list);
	free(all->features);
	*all = (struct examples){ 0 };
}

static void shuffle(uint32_t *order, size_t n, uint64_t *random)
{
	for (size_t i = n; i-- > 1;) {
		size_t k = (size_t)(augment_random(random) % (i + 1));
		uint32_t swap = order[i];
		order[i] = order[k];
		order[k] = swap;
	}
}

void examples_teach(const struct examples *all, unsigned epochs, unsigned without_fold,
                    example_step *step, void *learner, uint64_t *random)
{
	uint32_t *order = calloc(all->n + 1, sizeof *order);
	if (!order)
		abort();
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i].fold != without_fold)
			order[n++] = (uint32_t)i;
	}
	for (unsigned epoch = 0; epoch < epochs; epoch++) {
		shuffle(order, n, random);
		for (size_t i = 0; i < n; i++) {
			const struct example *e = &all->list[order[i]];
			step(learner, e, all->features + e->first,
			     ((float)epoch + (float)i / (float)n) / (float)epochs, random);
		}
	}
	free(order);
}
