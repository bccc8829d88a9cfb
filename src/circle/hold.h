/* hold.h - from a verdict to a measure: the one place where screening takes effect. */
#ifndef KITH_CIRCLE_HOLD_H
#define KITH_CIRCLE_HOLD_H

#include "circle/circle.h"
#include "model/facts.h"
#include "model/measure.h"
#include "model/post.h"
#include "model/screened.h"
#include "model/verdict.h"

/* For static reasons: the members of a `str`. */
#define HOLD_WORDS(literal) "" literal, sizeof(literal) - 1

/* The rule of a hold that was set because screening itself did not work. */
#define HOLD_FAILED_RULE S("screening.failed")

/* What screening asks for, and what is kept of it. */
struct screening {
	bool judged;            /* false: nothing is screened here, or screening failed */
	bool acts;              /* false: the piece appears and there is no measure */
	bool again;             /* set by who judges a piece that was judged before */
	struct measure measure; /* without its ids and its piece */
	struct screened record; /* without its number and its piece */
};

/* Screens, best outside any transaction; who wrote it is looked up. Cannot fail: where the engine does, the piece is held with
 * the rule "screening.failed", which says so. Without an engine nothing is screened. All results in `mem`. */
void hold_screen(struct circle *c, const struct facts *facts, int64_t now_ms, struct arena *mem,
                 struct screening *out);
/* What its author alone will see is compared with nothing that others write: what they are told of copies would tell of it. */
void hold_keep_to_author(struct screening *screening);
/* Writes the record of the judgement and, where it acts, the measure on this piece of `subject`; for a hold it tells them.
 * `*measure` is what was written (zeroed when nothing was); its measure_held_until belongs into the gate. Call before or
 * after the piece is inserted, and hold_after once it is committed. */
MUST_CHECK err hold_write(struct circle *c, struct conn *tx, struct screening *screening,
                          const struct status_ref *piece, person_id subject, int64_t now_ms,
                          struct measure *measure);
/* Words beside pieces (a name, a note, the word of a request) cannot wait: what would be held is ERR_INPUT with the field, the
 * reason and what would pass, in `mem`. ERR_BUSY when screening fails. Empty lines pass unseen. */
MUST_CHECK err hold_refuse(const struct circle *c, const struct facts *facts, const char *field,
                           struct arena *mem, struct screening *out);
/* The record of such words, in the transaction that keeps them. */
MUST_CHECK err hold_write_words(struct circle *c, struct conn *tx, struct screening *screening,
                                person_id author);
/* On the writer's thread, after the commit: what was written is remembered, and shown. */
void hold_after(struct circle *c, const struct screening *screening);
/* The measure's record of why, as JSON: score, malice, what the piece earns alone, reasons with spans (`alone`: the piece by itself has
 * them), what would pass, policy and model. */
str hold_evidence(const struct verdict *verdict, struct arena *mem);

#endif
