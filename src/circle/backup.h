/* backup.h - the whole circle in a folder, while it goes on.
 *
 * The database as of one instant, every picture it names, what was taken back up to the end (store/tombstones.h), and a manifest
 * written last (circle/manifest.h). Nobody's write waits; while pictures are copied none are taken away. A picture is a second name
 * of the same file where the disk allows it, else a copy. */
#ifndef KITH_CIRCLE_BACKUP_H
#define KITH_CIRCLE_BACKUP_H

#include "circle/circle.h"
#include "circle/manifest.h"

/* `destination`: made when it is not there; ERR_INPUT when something is in it. `stopped` (may be NULL) is asked between files: true
 * ends it with ERR_BUSY. What is half made has no manifest. */
MUST_CHECK err backup_make(struct circle *c, const char *destination, bool (*stopped)(void *ctx),
                           void *ctx, struct manifest *out);

#endif
