/* Near-copies first, since their cluster is a key of windows; then one tally a window. */
#include "integrity/behaviour/past.h"

#include "integrity/behaviour/copies.h"
#include "integrity/behaviour/likenesses.h"
#include "integrity/behaviour/tallies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COPIES_MS_DEFAULT (INT64_C(7) * 86400000)
#define PICTURES_MAX_DEFAULT 1000000

struct past {
	struct window_spec windows[WINDOWS_MAX];
	size_t n;
	struct copies *copies;
	struct likenesses *likenesses;
	struct tallies *tallies;
	int64_t seq;
};

/* The values that windows may go by. 0: unknown. */
struct keys {
	uint64_t of[KEY_SIMILAR + 1];
};

struct past *past_new(const struct window_spec *windows, size_t n, struct past_limits limits)
{
	struct past *p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->n = n < WINDOWS_MAX ? n : WINDOWS_MAX;
	if (n > 0)
		memcpy(p->windows, windows, p->n * sizeof *windows);
	int64_t span_ms = limits.copies_ms > 0 ? limits.copies_ms : COPIES_MS_DEFAULT;
	p->copies = copies_new(limits.copies_max, span_ms);
	p->likenesses = likenesses_new(
		limits.pictures_max ? limits.pictures_max : PICTURES_MAX_DEFAULT, span_ms);
	p->tallies = tallies_new(windows, p->n, limits.keys_max);
	if (p->copies && p->likenesses && p->tallies)
		return p;
	past_free(p);
	return NULL;
}

void past_free(struct past *past)
{
	if (!past)
		return;
	copies_free(past->copies);
	likenesses_free(past->likenesses);
	tallies_free(past->tallies);
	free(past);
}

/* Memory of all windows at once: the waits for it overlap. */
static void expect(const struct past *past, const struct keys *keys, uint64_t filters)
{
	for (unsigned step = 0; step < 2; step++) {
		for (size_t i = 0; i < past->n; i++) {
			if (filters >> i & 1)
				tallies_expect(past->tallies, i, keys->of[past->windows[i].key],
				               step);
		}
	}
}

void past_read(const struct past *past, const struct past_question *q, double *readings,
               struct copy_reading *copies)
{
	copies_find(past->copies, q, copies);
	copies->picture_authors = likenesses_authors(past->likenesses, q->author, q->at_ms,
	                                             q->pictures, q->n_pictures);
	struct keys keys = { { [KEY_AUTHOR] = q->author,
		               [KEY_HANDLE] = q->handle,
		               [KEY_SIMILAR] = copies->similar } };
	bool comparable = q->signature && q->signature->shingles > 0;
	const struct tally *tallies[WINDOWS_MAX];
	expect(past, &keys, UINT64_MAX);
	for (size_t i = 0; i < past->n; i++)
		tallies[i] = tallies_find(past->tallies, i, keys.of[past->windows[i].key]);
	for (size_t i = 0; i < past->n; i++) {
		const struct window_spec *w = &past->windows[i];
		/* what resembles nothing has a key, that nobody has seen */
		bool known = keys.of[w->key] != 0 || (w->key == KEY_SIMILAR && comparable);
		readings[i] = known && q->at_ms != 0
		                      ? tallies_read(past->tallies, i, tallies[i], q->at_ms)
		                      : NAN;
	}
}

void past_observe(struct past *past, const struct observation *o)
{
	past->seq = o->seq;
	if (o->at_ms == 0)
		return;
	struct copy_reading copies;
	copies_add(past->copies, o, &copies);
	likenesses_add(past->likenesses, o);
	uint64_t similar = copies.similar != 0         ? copies.similar
	                   : o->signature.shingles > 0 ? (uint64_t)o->seq
	                                               : 0;
	struct keys keys = {
		{ [KEY_AUTHOR] = o->author, [KEY_HANDLE] = o->handle, [KEY_SIMILAR] = similar }
	};
	for (size_t i = 0; i < past->n; i++) {
		const struct window_spec *w = &past->windows[i];
		uint64_t key = keys.of[w->key], value = keys.of[w->field];
		if (!(o->filters >> i & 1) || key == 0 || (w->op == WINDOW_DISTINCT && value == 0))
			continue;
		tallies_add(past->tallies, i, key, value, o->at_ms);
	}
}

int64_t past_seq(const struct past *past) { return past->seq; }

size_t past_bytes(const struct past *past)
{
	return sizeof *past + copies_bytes(past->copies) + likenesses_bytes(past->likenesses) +
	       tallies_bytes(past->tallies);
}
