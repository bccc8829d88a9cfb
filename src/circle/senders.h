/* senders.h - how many complaints come from one address, so that nobody outside uses up what all of them share.
 *
 * A bucket an address (GCRA, ITU-T I.371): a handful at once, then one every two hours. In memory alone, as hashes under a secret of the
 * process, each for no longer than it still counts. Thread-safe. */
#ifndef KITH_CIRCLE_SENDERS_H
#define KITH_CIRCLE_SENDERS_H

#include "base/seam.h"

#include <stdbool.h>
#include <stdint.h>

#define SENDER_BURST 5 /* what one has to say comes in a handful; a list fits into one */
#define SENDER_EACH_MS (INT64_C(2) * 3600 * 1000)
/* More addresses than complaints are taken (COMPLAINTS_A_DAY) in the ten hours after which one counts no more. */
#define SENDERS_MAX 1024

struct senders;

struct senders *senders_new(struct chance chance);
void senders_free(struct senders *senders); /* accepts NULL */

/* Takes one of what this address has (http_peer_key). False: none is left, and `*wait_ms` says when there is one. */
bool senders_take(struct senders *senders, uint64_t address, int64_t now_mono_ms, int64_t *wait_ms);
/* What was taken came to nothing. */
void senders_give_back(struct senders *senders, uint64_t address);
/* Every minute: who has all of theirs again is forgotten. How many are left. */
int senders_forget(struct senders *senders, int64_t now_mono_ms);

#endif
