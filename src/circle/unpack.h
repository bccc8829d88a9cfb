/* unpack.h - a foreign zip, read entry by entry in memory (libarchive): nothing in it ever becomes a path.
 *
 * Folders, links and everything else that is no plain file are passed over, as is what nobody wants; the sizes an archive claims are
 * not believed: bytes are counted as they come out. */
#ifndef KITH_CIRCLE_UNPACK_H
#define KITH_CIRCLE_UNPACK_H

#include "base/err.h"
#include "base/str.h"

#define UNPACK_ENTRIES_MAX 100000

struct unpack {
	/* How many bytes of the entry of this name are wanted at most; 0: none of it. `name` is as the archive has it. */
	size_t (*wants)(void *ctx, const char *name);
	/* Its bytes, borrowed for the call. */
	err (*take)(void *ctx, const char *name, str bytes);
	void *ctx;
	int64_t bytes_max; /* of all that is taken */
};

/* ERR_INPUT field "file" for what is no zip, ERR_LIMIT field "file" when it holds too much. */
MUST_CHECK err unpack_each(str zip, const struct unpack *unpack);

#endif
