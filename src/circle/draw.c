#include "circle/draw.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/* The steps that have a jury, from the strictest. */
static const struct {
	enum appeal_step step;
	int seats;
	enum draw_distance least;
} steps[] = {
	{ STEP_SEVEN, JURY_SEATS, DRAW_FAR },
	{ STEP_ONE_HOP, JURY_SEATS, DRAW_SECOND },
	{ STEP_FIVE, 5, DRAW_SECOND },
	{ STEP_THREE, 3, DRAW_SECOND },
};
#define STEPS (sizeof steps / sizeof steps[0])

enum draw_distance draw_least(enum appeal_step step)
{
	for (size_t i = 0; i < STEPS; i++)
		if (steps[i].step == step)
			return steps[i].least;
	return DRAW_FAR;
}

static void hash_of(const void *first, size_t first_n, str second, unsigned char out[HASH_BYTES])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
	crypto_generichash_update(&state, first, first_n);
	if (second.n > 0)
		crypto_generichash_update(&state, (const unsigned char *)second.p, second.n);
	crypto_generichash_final(&state, out, HASH_BYTES);
}

str draw_list(const str *numbers, size_t n, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, n * (DRAW_NUMBER_CHARS + 1) + 1);
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, numbers[i]);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

void draw_list_hash(str list, unsigned char out[HASH_BYTES])
{
	hash_of(list.p ? list.p : "", list.n, STR_NONE, out);
}

void draw_seed(const unsigned char root[HASH_BYTES], int64_t number, unsigned char out[HASH_BYTES])
{
	char decimal[24];
	size_t at = sizeof decimal;
	for (uint64_t left = (uint64_t)number; left > 0 || at == sizeof decimal; left /= 10)
		decimal[--at] = (char)('0' + left % 10);
	hash_of(root, HASH_BYTES, (str){ decimal + at, sizeof decimal - at }, out);
}

struct ranked {
	unsigned char key[HASH_BYTES];
	size_t at;
};

static int by_key(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order = memcmp(x->key, y->key, HASH_BYTES);
	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

const size_t *draw_order(const unsigned char seed[HASH_BYTES], const str *numbers, size_t n,
                         struct arena *mem)
{
	size_t *order = ARENA_ARRAY(mem, n, size_t);
	struct ranked *ranked = ARENA_ARRAY(mem, n, struct ranked);
	for (size_t i = 0; i < n; i++) {
		hash_of(seed, HASH_BYTES, numbers[i], ranked[i].key);
		ranked[i].at = i;
	}
	qsort(ranked, n, sizeof *ranked, by_key);
	for (size_t i = 0; i < n; i++)
		order[i] = ranked[i].at;
	return order;
}

int draw_needed(int seats) { return (seats * DRAW_PERCENT + 99) / 100; }

int draw_room(size_t came, size_t all, bool side, int seats)
{
	size_t of = (size_t)seats;
	if (came * 100 >= all * DRAW_PERCENT)
		return seats;
	int room = (int)((came * of + all - 1) / all);
	if (room >= draw_needed(seats))
		room = draw_needed(seats) - 1;
	return room - (side && room > 0);
}

/* On a jury of so many; 0: whatever their invitation. */
static bool may_sit(const struct draw_circle *circle, enum draw_distance least, int seats,
                    const struct draw_seat *seated, size_t n_seated, size_t at)
{
	void *ctx = circle->ctx;
	int together = 0;
	if (circle->distance(ctx, at) < least)
		return false;
	for (size_t i = 0; i < n_seated; i++) {
		if (circle->alike(ctx, seated[i].at, at))
			return false;
		together += !seated[i].left && circle->together(ctx, seated[i].at, at);
	}
	return seats == 0 || together < circle->room(ctx, at, seats);
}

static size_t next(const struct draw_circle *circle, enum draw_distance least, int seats,
                   const struct draw_seat *seated, size_t n_seated, size_t from)
{
	while (from < circle->n && !may_sit(circle, least, seats, seated, n_seated, from))
		from++;
	return from;
}

size_t draw_next(const struct draw_circle *circle, enum appeal_step step,
                 const struct draw_seat *seated, size_t n_seated, size_t from)
{
	for (size_t i = 0; i < STEPS; i++)
		if (steps[i].step == step)
			return next(circle, steps[i].least, steps[i].seats, seated, n_seated, from);
	return circle->n;
}

/* Whether there are `want` who may sit on a jury of so many: the first of them. */
static bool first(const struct draw_circle *circle, enum draw_distance least, int seats,
                  size_t want, struct draw_seat *out)
{
	size_t n = 0, at = 0;
	while (n < want && (at = next(circle, least, seats, out, n, at)) < circle->n)
		out[n++] = (struct draw_seat){ .at = at++ };
	return n == want;
}

void draw_jury(const struct draw_circle *circle, struct arena *mem, struct drawn *out)
{
	struct draw_seat may[2 * JURY_SEATS + 1];
	*out = (struct drawn){ .step = STEP_STEWARD };
	for (size_t s = 0; s < STEPS; s++) {
		size_t seats = (size_t)steps[s].seats;
		if (!first(circle, steps[s].least, 0, 2 * seats + 1, may) ||
		    !first(circle, steps[s].least, steps[s].seats, seats, may))
			continue;
		out->step = steps[s].step;
		out->seats = steps[s].seats;
		out->walked = may[seats - 1].at + 1;
		out->seated = ARENA_ARRAY(mem, out->walked, bool);
		for (size_t i = 0; i < seats; i++)
			out->seated[may[i].at] = true;
		return;
	}
}

bool draw_settled(const struct tally *t, enum vote *out)
{
	int needed = draw_needed(t->seats), against = t->overturn + t->milder;
	*out = VOTE_NONE;
	if (t->seats == 0)
		return true;
	if (t->keep >= needed)
		*out = VOTE_KEEP;
	else if (t->overturn >= needed)
		*out = VOTE_OVERTURN;
	else if (against >= needed && t->overturn + t->left < needed)
		*out = VOTE_MILDER;
	return *out != VOTE_NONE || (t->keep + t->left < needed && against + t->left < needed);
}
