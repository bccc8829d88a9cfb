/* policy_read.h - a policy from disk, with the files it includes. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_READ_H
#define KITH_INTEGRITY_POLICY_POLICY_READ_H

#include "integrity/policy/policy.h"

#define INCLUDE_DEPTH_MAX 4

/* The file at `path` and what it includes, each once and before the file that includes it, ready to compile. Includes are looked
 * for beside the file that names them and never outside its folder. On ERR_INPUT `*fault` says where, in `mem`; ERR_MISSING,
 * ERR_LIMIT and ERR_SYSTEM are about `path` itself. */
MUST_CHECK err policy_read(const char *path, struct arena *mem, const struct policy_source **files,
                           size_t *n, struct policy_fault *fault);

#endif
