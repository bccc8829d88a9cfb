/* known.h - cases whose answer is known, made to look like any other: examples of the policy's own live rules.
 *
 * Only examples that speak for themselves: by its own words alone a text that must fire is acted on by that rule, and one that must not
 * is acted on by none, while that rule acts on other words. Whoever judges the second sees it as held under that rule, with words marked
 * that have nothing to do with it. No rule is among them that looks at pictures, copies or a pace: a juror is shown words alone. */
#ifndef KITH_CIRCLE_KNOWN_H
#define KITH_CIRCLE_KNOWN_H

#include "circle/circle.h"
#include "circle/draw.h"

struct known {
	str rule, policy, text;
	str evidence; /* JSON, as that of a measure */
	bool fires;   /* so that "keep" is right, else "overturn" */
};
/* Up to `want`, at chance, each once; fewer where there are no more, none where nothing is screened. Outside of transactions: each is
 * screened. */
void known_pick(const struct circle *c, size_t want, int64_t now_ms, struct arena *mem,
                struct known *out, size_t *n);

/* What others seem to have voted on it by then: nobody else was asked. The same answer at each call, and never fewer votes later; by its salt, so
 * that nobody else can reckon it. */
struct tally known_tally(const struct juror_check *check, int64_t now_ms);

#endif
