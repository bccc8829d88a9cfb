/* tallies.h - what the windows of a policy count, a compact tally for each (window, key).
 *
 * Counting is exact for the newest TALLY_STAMPS pieces of a key; older ones are counted by sixteenths of the window, and one that
 * the window has left in part counts whole. Different values are exact up to TALLY_VALUES, each by its latest piece; with more,
 * those seen last stay, so a reading stops there. A piece may come late by event time: up to the length of the
 * window (an hour at least, 15 days at most) it is put where it belongs.
 *
 * Keys are limited: the one observed longest ago goes first. Keys of near-copies have half of the places to themselves, since
 * each new text is one. */
#ifndef KITH_INTEGRITY_BEHAVIOUR_TALLIES_H
#define KITH_INTEGRITY_BEHAVIOUR_TALLIES_H

#include <stddef.h>
#include <stdint.h>

#include "integrity/policy/window.h"

#define TALLY_KEYS_DEFAULT 200000u
#define TALLY_STAMPS 64
#define TALLY_VALUES 64
#define TALLY_PARTS 16

struct tallies;
struct tally;

/* NULL when there is no memory. */
struct tallies *tallies_new(const struct window_spec *windows, size_t n, uint32_t keys_max);
void tallies_free(struct tallies *t);
/* A piece of `key` (never 0) at `at_ms`; `value` only of WINDOW_DISTINCT, never 0. */
void tallies_add(struct tallies *t, size_t window, uint64_t key, uint64_t value, int64_t at_ms);
/* What is known of a key, until the next tallies_add; NULL for nothing. */
const struct tally *tallies_find(const struct tallies *t, size_t window, uint64_t key);
/* Of the pieces in (at_ms - window_ms, at_ms]. Of nothing 0, of WINDOW_LAST NAN. */
double tallies_read(const struct tallies *t, size_t window, const struct tally *tally,
                    int64_t at_ms);
/* Has the memory that tallies_find will wait for brought nearer: step 0 for all windows, then step 1 for all. */
void tallies_expect(const struct tallies *t, size_t window, uint64_t key, unsigned step);
size_t tallies_bytes(const struct tallies *t);

#endif
