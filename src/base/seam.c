/* seam.c - the real clock and chance, and the ones tests use. */
#include "base/seam.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_now(void *ctx)
{
	(void)ctx;
	return read_ms(CLOCK_REALTIME);
}

static int64_t real_mono(void *ctx)
{
	(void)ctx;
	return read_ms(CLOCK_MONOTONIC);
}

struct clock clock_real(void) { return (struct clock){ NULL, real_now, real_mono }; }

static void real_fill(void *ctx, void *bytes, size_t n)
{
	(void)ctx;
	for (char *p = bytes; n;) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		p += got;
		n -= (size_t)got;
	}
}

struct chance chance_real(void) { return (struct chance){ NULL, real_fill }; }

static int64_t fixed_now(void *ctx) { return *(const int64_t *)ctx; }

struct clock clock_fixed(const int64_t *at_ms)
{
	return (struct clock){ (void *)(uintptr_t)at_ms, fixed_now, fixed_now };
}

/* Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static void seeded_fill(void *ctx, void *bytes, size_t n)
{
	for (char *p = bytes; n;) {
		uint64_t word = splitmix64(ctx);
		size_t some = n < sizeof word ? n : sizeof word;
		memcpy(p, &word, some);
		p += some;
		n -= some;
	}
}

struct chance chance_seeded(uint64_t *state) { return (struct chance){ state, seeded_fill }; }
