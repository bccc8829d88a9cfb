/* policy_needs.h - inputs without which a condition is false. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_NEEDS_H
#define KITH_INTEGRITY_POLICY_POLICY_NEEDS_H

#include "integrity/policy/policy_code.h"

struct atom {
	uint32_t node;  /* a load, which stands for all equal ones */
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
