/* narrow.h - an audience made smaller: what may take the place of what, and what of the old one still counts.
 *
 * Narrowing only ever adds a condition: whom the audience before would not admit, now or later, the new one does not either. That is
 * kept by `also` (model/audience.h) wherever the new words alone do not say it. docs/decisions/0019. */
#ifndef KITH_CIRCLE_NARROW_H
#define KITH_CIRCLE_NARROW_H

#include "circle/verb.h"
#include "model/audience.h"

/* Inside the transaction: `asked` (sorted, as address_sort leaves it) instead of `was`; `out` borrows from both. ERR_INPUT field
 * "kith_audience" when it would let somebody in who was left out, or names what is not the author's; ERR_LIMIT when too many
 * earlier audiences would have to be heeded. */
MUST_CHECK err narrow_audience(struct conn *tx, const struct door *door, person_id author,
                               const struct audience *was, const struct audience *asked,
                               struct arena *mem, struct audience *out);
/* Whether `inner` admits nobody whom `outer` does not, whoever comes into the tags they name. Earlier ones are left aside. */
bool narrow_is_inside(const struct audience *inner, const struct audience *outer);

#endif
