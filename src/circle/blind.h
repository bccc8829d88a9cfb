/* blind.h - a text without who is concerned by it, for those who judge it: names and handles become letters, in the text's own
 * language ("party A", or in Chinese 当事人甲), and whoever else is named with @ becomes "somebody" (某人).
 *
 * A name is found however its letters are dressed up (integrity/text/fold.h), taken apart by spaces and signs, or in pinyin. What a person
 * writes about themselves in other words stays, half a name among it: it is a word of the language as often. Pure. */
#ifndef KITH_CIRCLE_BLIND_H
#define KITH_CIRCLE_BLIND_H

#include "base/str.h"

#define BLIND_PARTIES_MAX 10 /* letters there are; later ones are "somebody" */

/* The first is party A. Handles and names as they are written; either may be empty. */
struct blind_party {
	str handle, name;
};
struct blind_cut {
	size_t from, to; /* of the text that was given */
	size_t at, end;  /* what stands there instead */
};
struct blinded {
	str text;
	const struct blind_cut *cuts; /* ascending */
	size_t n;
};
struct blinded blind_text(str text, const struct blind_party *parties, size_t n, struct arena *mem);
/* Where a place of the text lies in the blinded one; what begins or ends inside a name takes all that stands for it. */
size_t blind_from(const struct blinded *blinded, size_t from);
size_t blind_to(const struct blinded *blinded, size_t to);

#endif
