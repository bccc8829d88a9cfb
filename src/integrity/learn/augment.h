/* augment.h - texts as people restyle and disguise them, for training: honest and malicious alike, so that style by itself
 * is no evidence. */
#ifndef KITH_INTEGRITY_LEARN_AUGMENT_H
#define KITH_INTEGRITY_LEARN_AUGMENT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct augment; /* what it has learnt of the corpus, and the tables it was given */

struct augment *augment_new(void);
void augment_free(struct augment *a);
/* Reads opencc_STCharacters.txt.gz (traditional forms) and chaizi-jt.txt.gz (parts of characters) from a folder. Without them
 * nothing is written in traditional script, split or exchanged for a character that looks alike. */
MUST_CHECK err augment_read(struct augment *a, const char *folder);
/* Counts the characters of one training text: homophones and look-alikes are drawn from common ones. */
void augment_learn(struct augment *a, str text);
/* After the last text and before the first disguise. */
void augment_settle(struct augment *a);

/* Some corpora mask digits as x: true when `text` has such runs, and `*out` has random digits in their place. */
bool augment_digits(str text, uint64_t *random, struct arena *mem, str *out);
/* The text under one or two kinds of disguise that apply to it, at a strength of 10 to 60 % of its characters. */
str augment_disguise(const struct augment *a, str text, uint64_t *random, struct arena *mem);

uint64_t augment_random(uint64_t *state); /* splitmix64 */
uint32_t augment_below(uint64_t *state, uint32_t n);

#endif
