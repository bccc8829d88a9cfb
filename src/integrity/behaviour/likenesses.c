/* The index names hashes by ordinal; who showed the hash of an ordinal lies in an array that forgets by the same rule. */
#include "integrity/behaviour/likenesses.h"

#include "integrity/image/pdq_index.h"

#include <stdlib.h>
#include <string.h>

#define AUTHORS_MAX 32

struct showing {
	uint64_t author;
	int64_t at_ms;
};

struct likenesses {
	struct pdq_index *index;
	struct showing *showings; /* of ordinals from `base` on */
	uint64_t base;
	uint32_t n, cap, max;
	int64_t span_ms;
};

struct likenesses *likenesses_new(uint32_t max, int64_t span_ms)
{
	struct likenesses *l = calloc(1, sizeof *l);
	if (l == NULL)
		return NULL;
	l->index = pdq_index_new(max);
	l->max = max;
	l->span_ms = span_ms;
	if (l->index != NULL)
		return l;
	free(l);
	return NULL;
}

void likenesses_free(struct likenesses *likenesses)
{
	if (likenesses == NULL)
		return;
	pdq_index_free(likenesses->index);
	free(likenesses->showings);
	free(likenesses);
}

static void add_one(struct likenesses *l, const struct observation *o, const unsigned char *pdq)
{
	if (l->n == l->max) { /* as the index does */
		uint32_t gone = l->n / 2;
		l->n -= gone;
		l->base += gone;
		memmove(l->showings, l->showings + gone, l->n * sizeof *l->showings);
	}
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap + l->cap / 2 : 64;
		l->showings = realloc(l->showings, l->cap * sizeof *l->showings);
		if (l->showings == NULL)
			abort();
	}
	pdq_index_add(l->index, pdq, l->base + l->n);
	l->showings[l->n++] = (struct showing){ o->author, o->at_ms };
}

void likenesses_add(struct likenesses *likenesses, const struct observation *o)
{
	for (size_t i = 0; i < o->n_pictures && o->author != 0; i++)
		if (o->pictures[i].quality >= PDQ_QUALITY_MIN)
			add_one(likenesses, o, o->pictures[i].pdq);
}

struct asked {
	const struct likenesses *l;
	uint64_t author;
	int64_t at_ms;
	uint64_t authors[AUTHORS_MAX];
	unsigned n;
};

static bool count_author(uint64_t ordinal, unsigned bits, void *ctx)
{
	struct asked *a = ctx;
	const struct showing *s = &a->l->showings[ordinal - a->l->base];
	(void)bits;
	if (s->author == a->author || s->at_ms > a->at_ms || s->at_ms <= a->at_ms - a->l->span_ms)
		return true;
	for (unsigned i = 0; i < a->n; i++)
		if (a->authors[i] == s->author)
			return true;
	a->authors[a->n++] = s->author;
	return a->n < AUTHORS_MAX;
}

unsigned likenesses_authors(const struct likenesses *likenesses, uint64_t author, int64_t at_ms,
                            const struct shown_picture *pictures, size_t n)
{
	struct asked asked = { .l = likenesses, .author = author, .at_ms = at_ms };
	for (size_t i = 0; i < n && asked.n < AUTHORS_MAX; i++)
		if (pictures[i].quality >= PDQ_QUALITY_MIN)
			pdq_index_find(likenesses->index, pictures[i].pdq, count_author, &asked);
	return asked.n;
}

size_t likenesses_bytes(const struct likenesses *likenesses)
{
	return sizeof *likenesses + pdq_index_bytes(likenesses->index) +
	       likenesses->cap * sizeof(struct showing);
}
