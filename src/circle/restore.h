/* restore.h - a backup becomes the data folder again, without bringing back what was taken back since. */
#ifndef KITH_CIRCLE_RESTORE_H
#define KITH_CIRCLE_RESTORE_H

#include "base/log.h"
#include "base/seam.h"
#include "circle/audit_carry.h"
#include "circle/manifest.h"

struct restore_plan {
	const char *source, *folder;
	const char *tombstones; /* a later copy of tombstones.log kept elsewhere; NULL: none */
	struct log *log;
	struct clock clock;
	struct chance chance;
};

struct restored {
	struct manifest manifest;
	int64_t tombstones; /* how far the log goes that was used */
	char fault[256];    /* the file that is not what the manifest says; empty: none */
	struct audit_carried
		carried;      /* of the log that cannot lie: what was written since the backup */
	char set_aside[4096]; /* where what was there before lies now; empty: nothing was */
};

/* No server may run on the folder (ERR_BUSY). Every file is held against its hash and copied beside, then all change places; broken
 * off in between, the folder opens to nobody until a restore is done. The latest log of what was taken back is used: of the folder,
 * the backup and `tombstones`. ERR_INPUT with `fault` for a changed backup, ERR_CONFLICT when the folder holds another circle. */
MUST_CHECK err restore_from(const struct restore_plan *plan, struct restored *out);

#endif
