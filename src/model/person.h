/* person.h - who is here. */
#ifndef KITH_MODEL_PERSON_H
#define KITH_MODEL_PERSON_H

#include "base/str.h"
#include "model/id.h"

enum person_role { ROLE_MEMBER, ROLE_STEWARD, ROLE_KEEPER };
enum person_status { PERSON_ACTIVE, PERSON_SEALED, PERSON_ERASED };
/* How far back friends see; the author always sees all. */
enum person_range { RANGE_ALL, RANGE_HALF_YEAR, RANGE_MONTH, RANGE_3_DAYS };

struct person {
	person_id id;
	str handle;       /* as written at sign-up; unique after folding (see circle/handle.h) */
	str display_name; /* never empty: the handle when none was given */
	str note;         /* signature line */
	enum person_role role;
	enum person_status status;
	enum person_range range;
	int64_t created_at_ms;
	person_id invited_by; /* 0: made from the shell, or by an invitation of the shell's */
	invite_id invite;     /* by which they came; 0: by none, or before that was written down */
	media_id avatar, cover; /* 0: none */
	str question,
		answer; /* what who asks to be a friend is asked; the answer folded. Both empty: nothing */
	bool demo;                     /* for showing the circle: needs no second factor */
	bool second_factor;            /* one is set (store/factors.h) */
	int64_t second_factor_from_ms; /* from when keeper and steward need one; 0: not begun */
};

/* Milliseconds a range lets friends look back: 3, 30, 183 days; INT64_MAX for everything. */
int64_t range_ms(enum person_range range);
/* "3d", "month", "half-year", "all"; false on anything else. */
bool range_of(str word, enum person_range *out);
const char *range_word(enum person_range range);
/* "member", "steward", "keeper". */
bool role_of(str word, enum person_role *out);
const char *role_word(enum person_role role);

#endif
