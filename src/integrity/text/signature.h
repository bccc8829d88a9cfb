/* signature.h - a small sketch of a text by which near-copies of it are recognised without keeping the text.
 *
 * Shingles are taken over the skeleton, so spaces, case, digits within a number, look-alikes and noise make no difference: a Han
 * character gives itself and the symbol after it, other symbols give four in a row, a shorter run between Han gives itself.
 * Sources: Broder, "On the resemblance and containment of documents", 1997; Li and König, "b-Bit Minwise Hashing", WWW 2010. */
#ifndef KITH_INTEGRITY_TEXT_SIGNATURE_H
#define KITH_INTEGRITY_TEXT_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "integrity/text/views.h"
#include "model/observation.h"

#define SIGNATURE_SYMBOLS_MIN 8 /* fewer of the skeleton: any two greetings would be copies */
#define SIGNATURE_EQUAL_MIN 12  /* of SIGNATURE_MINIMA; docs/decisions/0010 */

/* Hashes of the different shingles, in order of appearance, in `mem`. */
size_t signature_shingles(const struct views *views, struct arena *mem, const uint64_t **hashes);

/* Pure. False, and all zero, where the text is too short to be compared. */
bool signature_of(const struct views *views, struct arena *mem, struct signature *out);

/* What of the two sketches says that their shingle sets overlap by about .7 (Jaccard) or more. Symmetric. */
bool signature_similar(const uint8_t *a, unsigned a_shingles, const uint8_t *b,
                       unsigned b_shingles);

#endif
