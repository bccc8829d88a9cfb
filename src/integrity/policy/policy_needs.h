/* policy_needs.h - inputs without which a condition is false. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_NEEDS_H
#define KITH_INTEGRITY_POLICY_POLICY_NEEDS_H

#include "integrity/policy/policy_code.h"

/* Every input has a bit: signals, lists, patterns, windows. */
#define INPUT_LISTS 64
#define INPUT_PATTERNS (INPUT_LISTS + POLICY_LISTS_MAX)
#define INPUT_WINDOWS (INPUT_PATTERNS + POLICY_PATTERNS_MAX)
#define INPUT_OTHERS (INPUT_LISTS - 1)
#define INPUTS (INPUT_WINDOWS + WINDOWS_MAX)

/* Some inputs; the atom is there when one of them is not 0. */
struct atom {
	uint64_t inputs[INPUTS / 64];
	unsigned lines; /* how many need it */
};

struct encoder {
	const struct policy *policy;
	struct code *code;
	size_t stack; /* in use while a piece is written */
	struct atom *atoms;
};

/* The atom of a mask that is there least often by what it is; ATOMS_MAX when the mask is empty. */
unsigned rarest_atom(const struct encoder *e, const struct mask *needs);
/* Tables from inputs to atoms. */
void encode_atoms(struct encoder *e);

#endif
