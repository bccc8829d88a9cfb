/* policy_bundle.h - a policy on its way from the caller's place, with the files it includes, to whoever owns the directory. */
#ifndef KITH_CMD_POLICY_BUNDLE_H
#define KITH_CMD_POLICY_BUNDLE_H

#include "cmd/shell.h"

/* An open file with the bundle (circle/enact.h) of the policy at `path`, or -1 when stderr says why not. */
int policy_bundle_make(const char *path, struct arena *mem);
/* What came as the command's input. */
MUST_CHECK err policy_bundle_read(struct shell *sh, str *out);

#endif
