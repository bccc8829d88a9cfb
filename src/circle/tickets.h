/* tickets.h - what was handed out and is waited for: tickets of half a sign-in, and the challenges passkeys sign.
 *
 * In memory alone, for TICKET_MS, each good once; a restart asks people to begin again. Bounded: every kind has places
 * of its own in sets, and who asks for many (`crowd`: an address, or a person) crowds out no other set. Keys are hashes
 * of random bytes. Thread-safe. */
#ifndef KITH_CIRCLE_TICKETS_H
#define KITH_CIRCLE_TICKETS_H

#include "circle/throttle.h"
#include "model/proof.h"
#include "model/session.h"

#define TICKET_MS (INT64_C(5) * 60 * 1000)
#define TICKET_TRIES 5
#define CHALLENGE_BYTES 32

enum ticket_kind {
	TICKET_SECOND,        /* the password was right; by the ticket */
	TICKET_PASSKEY_ALONE, /* nobody has said who they are; by the challenge */
	TICKET_PASSKEY_NEW    /* for one session that adds a passkey; by the challenge */
};
#define TICKET_KINDS 3

struct ticket {
	enum ticket_kind kind;
	person_id person;
	session_id session;                       /* TICKET_PASSKEY_NEW */
	struct guess guess;                       /* TICKET_SECOND: from where the password came */
	unsigned char challenge[CHALLENGE_BYTES]; /* for a passkey */
};

struct tickets;

/* `seed` is secret, so that nobody can aim at a set. */
struct tickets *tickets_new(uint64_t seed);
void tickets_free(struct tickets *tickets);

void tickets_put(struct tickets *tickets, const secret_hash *key, uint64_t crowd,
                 const struct ticket *what, int64_t now_mono_ms);
/* Takes one of its TICKET_TRIES. False: unknown, expired, or all of them used. */
bool tickets_try(struct tickets *tickets, enum ticket_kind kind, const secret_hash *key,
                 int64_t now_mono_ms, struct ticket *out);
/* Uses it up: true for one caller alone. */
bool tickets_take(struct tickets *tickets, enum ticket_kind kind, const secret_hash *key,
                  int64_t now_mono_ms, struct ticket *out);
/* All of a person's: their password or their factors changed. */
void tickets_forget(struct tickets *tickets, person_id person);

#endif
