/* throttle.h - how many wrong guesses are let through, without anybody being locked out by somebody else's.
 *
 * A guess from a place that is unknown to the account (no browser somebody signed in with before, no address) takes
 * from two buckets: its address's, and one that all strangers to this account share. A guess from a known place takes
 * from a bucket of that account and that place alone: whatever strangers do, it stays full. An address gets its guesses
 * back more slowly than an account does, so that one address alone cannot keep the strangers' bucket of an account
 * empty. An account is a hash of its handle, whether or not it exists, so that a limit tells nothing.
 *
 * Right guesses give back what they took. Buckets are GCRA (ITU-T I.371), one number each, in tables of a fixed size;
 * time is monotonic. Thread-safe. */
#ifndef KITH_CIRCLE_THROTTLE_H
#define KITH_CIRCLE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

struct throttle;

/* `seed` is secret, so that nobody can aim at a slot. */
struct throttle *throttle_new(uint64_t seed);
void throttle_free(struct throttle *throttle);

enum guess_kind { GUESS_PASSWORD, GUESS_CODE };

/* Who guesses at what. */
struct guess {
	uint64_t account, address;
	uint64_t device; /* a browser known for this account; 0: none */
	bool known;      /* by either */
};
struct guess throttle_guess(struct throttle *throttle, uint64_t account, uint64_t address,
                            uint64_t device, int64_t now_mono_ms);

/* Before a guess is looked at. False: too many were wrong, and `*retry_after_s` (at least 1) says when one may be made. */
bool throttle_begin(struct throttle *throttle, enum guess_kind kind, const struct guess *guess,
                    int64_t now_mono_ms, unsigned *retry_after_s);
/* It was right. */
void throttle_right(struct throttle *throttle, enum guess_kind kind, const struct guess *guess,
                    int64_t now_mono_ms);
/* Somebody came in to this account from this address: it is known for thirty days. */
void throttle_came_in(struct throttle *throttle, uint64_t account, uint64_t address,
                      int64_t now_mono_ms);

#endif
