/* rate.h - how often one caller may do one thing, in bounded memory.
 *
 * A token bucket for each (route, key) holds a minute's worth of tokens and refills evenly, kept as
 * one number: the instant at which it is full again (GCRA, ITU-T I.371). The table has a fixed
 * size; when a place is needed, the bucket nearest to full goes, because forgetting it gives away
 * least. Thread-safe. */
#ifndef KITH_HTTP_RATE_H
#define KITH_HTTP_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rate;

/* `slots` is rounded up to a power of two (16 bytes each); `seed` is secret, so that nobody can aim
 * at a slot. */
struct rate *rate_new(size_t slots, uint64_t seed);
void rate_free(struct rate *rate);

/* Takes a token of (route, key). `per_minute` 0 means no limit. False: none left, and
 * `*retry_after_s` (1..60) says when there is one. `key` is whatever counts as one caller:
 * http_peer_key, or an account. */
bool rate_take(struct rate *rate, unsigned route, uint64_t key, unsigned per_minute,
               int64_t now_mono_ms, unsigned *retry_after_s);

#endif
