/* policy_tell.h - what a new version changes, in sentences for those who are judged by it, in both languages. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_TELL_H
#define KITH_INTEGRITY_POLICY_POLICY_TELL_H

#include "integrity/policy/policy_diff.h"

struct policy_told {
	enum policy_change_kind kind;
	str what; /* the rule's id, "ladder", "words gift", "pattern x", "condition c", "group g", "damp" */
	str en, zh;
};

/* In the order of policy_diff; name and version of the policy itself are not told. */
const struct policy_told *policy_tell(const struct policy *before, const struct policy *after,
                                      struct arena *mem, size_t *n);

#endif
