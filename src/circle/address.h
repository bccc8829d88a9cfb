/* address.h - whom a text is for: the audience as its author may set it, and the people it names with @. */
#ifndef KITH_CIRCLE_ADDRESS_H
#define KITH_CIRCLE_ADDRESS_H

#include "circle/verb.h"
#include "circle/world.h"
#include "model/audience.h"

/* Most people named in one text that are looked at; the rest stays plain text. */
#define ADDRESS_NAMED_MAX 40

/* `asked` sorted, without doubles, within the limits: ERR_INPUT or ERR_LIMIT field "kith_audience". Takes no locks
 * and reads nothing; whose the ids are is address_check's question. */
MUST_CHECK err address_sort(const struct audience *asked, struct arena *mem, struct audience *out);
/* Inside the transaction: lists must be the author's and living, people must be counted as friends by the author, who must be
 * in the group. The author's own tie decides: whether the other still holds theirs is not told here either. */
MUST_CHECK err address_check(struct conn *tx, person_id author, const struct audience *audience,
                             struct arena *mem);
/* People named as @handle in `text`, in order of appearance, each once. Takes the world's lock. */
void address_named(const struct world *world, str text, struct arena *mem, person_id *out,
                   size_t *n);
/* Of those, at most MENTIONS_MAX whom the author's own side of things lets in, ascending: friends of the author's,
 * inside the audience, not in the author's hide list; for a group its members, unless the author blocks them. Like address_check it tells nothing of the other side; the door
 * decides once more when the mention is read. `audience` NULL: friends alone (direct). */
void address_mentions(const struct door *door, person_id author, const struct audience *audience,
                      const person_id *named, size_t n_named, struct arena *mem, person_id **out,
                      size_t *n);
void address_sort_people(person_id *people, size_t n);

#endif
