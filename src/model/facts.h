/* facts.h - what the integrity engine is told about one thing somebody wrote.
 *
 * Facts only, no opinion. A new signal that needs to know more adds a field here, filled where facts are
 * gathered; an unset field (zero) always means "unknown" and is never evidence. */
#ifndef KITH_MODEL_FACTS_H
#define KITH_MODEL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/observation.h"

enum facts_kind { FACTS_POST, FACTS_COMMENT, FACTS_PROFILE, FACTS_REQUEST };

struct facts {
	enum facts_kind kind;
	uint64_t author;     /* equal = the same author, 0 = unknown */
	int64_t at_ms;       /* when it was written; 0 = unknown */
	str text;            /* any bytes: the engine answers for invalid UTF-8 too */
	size_t beside_bytes; /* at the end of `text`: judged with it, never marked */
	const struct shown_picture *pictures; /* at most SHOWN_PICTURES */
	size_t n_pictures;
	int64_t author_since_ms; /* when the author joined */
	uint32_t author_friends; /* plus one, so that none is known: 1 */
	bool traced;             /* a steward will ask why: the verdict gets its trace */
	const str *down;         /* rules that may do no more than label: see verdict.allowed */
	size_t n_down;
};

#endif
