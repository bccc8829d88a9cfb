/* cite.h - by which rule a steward acts: one of the policy in force, or, for what none of them covers, one that people alone apply.
 *
 * A policy is for what a machine can read. Harassment, or words that are somebody else's, no policy finds: for those there are rules of the
 * circle's own, "order.harassment" and so on, with clauses that begin with o. */
#ifndef KITH_CIRCLE_CITE_H
#define KITH_CIRCLE_CITE_H

#include "circle/circle.h"
#include "model/lead.h"

struct cited {
	str id, clause;
	str policy;           /* its version; "order": a rule of the circle's own */
	str en, zh;           /* to who is concerned */
	str pass_en, pass_zh; /* what would pass; empty: it is no matter of a text */
	enum harm_class harm; /* c: never more than a label */
};
/* Live in the policy in force, or the circle's own; in `mem`. ERR_MISSING for any other. */
MUST_CHECK err cite_find(const struct circle *c, str id, struct arena *mem, struct cited *out);
/* What fits a report or a complaint of this kind, where the steward names no rule. */
void cite_report(const struct circle *c, enum report_category category, struct arena *mem,
                 struct cited *out);
void cite_complaint(const struct circle *c, enum complaint_category category, struct arena *mem,
                    struct cited *out);
/* All that may be named, the policy's first. */
void cite_all(const struct circle *c, struct arena *mem, struct cited **out, size_t *n);
str cite_clause(str rule); /* of the circle's own; empty for any other */
/* As a measure keeps it: one reason, that marks nothing. */
str cite_evidence(const struct cited *cited, struct arena *mem);

#endif
