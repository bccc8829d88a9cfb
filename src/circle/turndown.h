/* turndown.h - rules that are overturned too often turn themselves down: they do no more than label until a new version of the
 * policy changes them, or the keeper says that they are right.
 *
 * The record of a rule is the newest thousand of its measures that a person decided, of those begun since the rule was last changed
 * or raised. All by order_now: a clock that jumped would leave a record that begins a year from now. */
#ifndef KITH_CIRCLE_TURNDOWN_H
#define KITH_CIRCLE_TURNDOWN_H

#include "circle/circle.h"
#include "integrity/policy/policy.h"
#include "model/facts.h"
#include "model/id.h"
#include "store/rules_down.h"

#define TURNDOWN_LIMIT_PERCENT 20 /* order_settings "overturn_limit" says another */
#define TURNDOWN_DECIDED_MIN 20

struct turndown;

MUST_CHECK err turndown_open(struct circle *c);
void turndown_close(struct circle *c);

/* Whether it is down. [takes a lock of its own] */
bool turndown_is(const struct circle *c, str rule);
/* facts->down, in `mem`. */
void turndown_tell(const struct circle *c, struct arena *mem, struct facts *facts);

/* A measure of this rule was decided: the next tick looks at its record. Any thread, at any time; a word too many costs one count. */
void turndown_note(struct circle *c, str rule);
/* Turns down what is over the limit; the first one looks at every rule. Cheap when nothing was noted. */
MUST_CHECK err turndown_tick(struct circle *c, int64_t now_ms);

/* The keeper's word. ERR_CONFLICT when the rule is not down. */
MUST_CHECK err turndown_raise(struct circle *c, str rule, person_id by, int64_t now_ms);
/* In the transaction in which `after` takes the place of `before`: rules that it changes begin anew. Once that is committed,
 * turndown_read. */
MUST_CHECK err turndown_changed(struct circle *c, struct conn *tx, const struct policy *before,
                                const struct policy *after, person_id by, int64_t now_ms);
MUST_CHECK err turndown_read(struct circle *c);

#endif
