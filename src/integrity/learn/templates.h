/* templates.h - texts of our own for training: sentences with slots, filled at random.
 *
 * Public corpora hold no honest notices, few honest sellers and three languages, so a model of theirs alone flags what it never saw.
 * A folder holds slots.txt and the files that the table in templates.c names; a line is
 *
 *   # a comment, or nothing
 *   $name a|b|c     (slots.txt) the values of {name}; a value may hold slots
 *   = word          lines that follow lie in one fold, and learners that leave it out have seen none of them
 *   a text          with {name}, {one|or the other} or {9999}: four random digits, the first of them not 0 */
#ifndef KITH_INTEGRITY_LEARN_TEMPLATES_H
#define KITH_INTEGRITY_LEARN_TEMPLATES_H

#include "integrity/learn/trainer.h"

/* Every text of the folder, filled, to the trainer. ERR_INPUT: a slot that nobody knows, `*at` names the file and line. */
MUST_CHECK err templates_add(const char *folder, uint64_t seed, struct trainer *t,
                             struct arena *mem, str *at);

#endif
