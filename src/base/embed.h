/* embed.h - files made part of the program by tools/embed.py.
 *
 * In meson: a custom_target that runs embed.py with `--table NAME` gives `extern const struct embedded NAME[]`
 * and `extern const size_t NAME_count`; the entries are sorted by name. */
#ifndef KITH_BASE_EMBED_H
#define KITH_BASE_EMBED_H

#include <stddef.h>

struct embedded {
	const char *name; /* path below the root given to embed.py, with forward slashes */
	const unsigned char *bytes; /* followed by a NUL that `n` does not count */
	size_t n;
};

#endif
