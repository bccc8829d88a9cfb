/* hold.h - from a verdict to a measure: the one place where screening takes effect. */
#ifndef KITH_CIRCLE_HOLD_H
#define KITH_CIRCLE_HOLD_H

#include "circle/circle.h"
#include "model/facts.h"
#include "model/measure.h"
#include "model/post.h"
#include "model/verdict.h"

/* For static reasons: the members of a `str`. */
#define HOLD_WORDS(literal) "" literal, sizeof(literal) - 1

/* The rule of a hold that was set because screening itself did not work. */
#define HOLD_FAILED_RULE S("screening.failed")

/* What screening asks for; `measure` has everything but its ids and its piece. */
struct screening {
	bool acts; /* false: the piece appears and nothing is written */
	struct measure measure;
};

/* Screens outside any transaction. Cannot fail: where the engine does, the piece is held with the rule
 * "screening.failed", which says so. Without an engine nothing is screened. All results in `mem`. */
void hold_screen(const struct circle *c, const struct facts *facts, int64_t now_ms,
                 struct arena *mem, struct screening *out);
/* Writes the measure on this piece of `subject` and, for a hold, tells them. `*measure` is what was written (zeroed
 * when nothing was); its measure_held_until belongs into the gate. Call before or after the piece is inserted. */
MUST_CHECK err hold_write(struct circle *c, struct conn *tx, const struct screening *screening,
                          const struct status_ref *piece, person_id subject, int64_t now_ms,
                          struct measure *measure);
/* The measure's record of why, as JSON: score, malice, reasons with spans, what would pass, policy and model. */
str hold_evidence(const struct verdict *verdict, struct arena *mem);

#endif
