/* policy_fault.h - saying what is wrong in a policy, where, and what may have been meant.
 *
 * A place is a byte offset into all files one after the other, each followed by one imagined byte. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_FAULT_H
#define KITH_INTEGRITY_POLICY_POLICY_FAULT_H

#include "integrity/policy/policy.h"

struct faults {
	const struct policy_source *files;
	size_t n;
	struct arena *mem; /* where sentences go */
	struct policy_fault *out;
	bool failed; /* the first fault is kept, later ones follow from it */
};

void fault_at(struct faults *faults, uint32_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same record for something that is no fault. */
struct policy_fault fault_of(const struct faults *faults, uint32_t at, str sentence);

/* The name nearest to `wrong` in letters changed, added, dropped or swapped; STR_NONE when none is near. */
str nearest_name(str wrong, const str *names, size_t n);
/* "there is no list headz; did you mean heads?" */
void fault_unknown(struct faults *faults, uint32_t at, const char *what, str wrong,
                   const str *names, size_t n);

#endif
