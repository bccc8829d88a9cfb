/* augment.h - texts as people restyle and disguise them, for training: honest and malicious alike, so that style by itself
 * is no evidence. */
#ifndef KITH_INTEGRITY_LEARN_AUGMENT_H
#define KITH_INTEGRITY_LEARN_AUGMENT_H

#include "base/arena.h"
#include "base/str.h"

struct augment; /* what it has learnt of the corpus: which characters sound alike */

struct augment *augment_new(void);
void augment_free(struct augment *a);
/* Counts the characters of one training text: homophones are drawn from common ones. */
void augment_learn(struct augment *a, str text);

/* Some corpora mask digits as x: true when `text` has such runs, and `*out` has random digits in their place. */
bool augment_digits(const struct augment *a, str text, uint64_t *random, struct arena *mem,
                    str *out);
/* The text under one or two kinds of disguise that apply to it, at a strength of 10 to 60 % of its characters. */
str augment_disguise(const struct augment *a, str text, uint64_t *random, struct arena *mem);

uint64_t augment_random(uint64_t *state); /* splitmix64 */

#endif
