/* seam.h - time and chance enter through here, so that a test can replay any day.
 *
 * `main` takes the real ones and passes them down; tests pass their own. */
#ifndef KITH_BASE_SEAM_H
#define KITH_BASE_SEAM_H

#include <stddef.h>
#include <stdint.h>

struct clock {
	void *ctx;
	int64_t (*now_ms)(void *ctx);  /* Unix milliseconds, UTC: what is stored */
	int64_t (*mono_ms)(void *ctx); /* never goes back: limits and deadlines */
};

struct chance {
	void *ctx;
	void (*fill)(void *ctx, void *bytes, size_t n); /* unpredictable bytes; never fails */
};

struct clock clock_real(void);
struct chance chance_real(void); /* getrandom(2); aborts if the kernel refuses */

/* For tests: a clock that stands at `*at_ms` until the test moves it, and splitmix64 from a seed (not secure). */
struct clock clock_fixed(const int64_t *at_ms);
struct chance chance_seeded(uint64_t *state);

static inline int64_t clock_now(struct clock c) { return c.now_ms(c.ctx); }
static inline int64_t clock_mono(struct clock c) { return c.mono_ms(c.ctx); }
static inline void chance_fill(struct chance c, void *p, size_t n) { c.fill(c.ctx, p, n); }

#endif
