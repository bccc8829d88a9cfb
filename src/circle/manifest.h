/* manifest.h - what a backup consists of: one line a file with its hash, and a last line with the hash of all before it.
 *
 * manifest.txt is written last, so a folder with one is a whole backup:
 *   kith-backup 1 / version … / schema … / made … / people … / posts … / tombstones ORIGIN LAST
 *   file BLAKE2b-256 BYTES PATH
 *   end FILES BLAKE2b-256 */
#ifndef KITH_CIRCLE_MANIFEST_H
#define KITH_CIRCLE_MANIFEST_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

#include <sodium.h>

#define MANIFEST_NAME "manifest.txt"
#define MANIFEST_HASH_BYTES 32U
#define MANIFEST_VERSION 1

struct manifest {
	int64_t schema, made_at_ms, people, posts, origin, tombstones;
	int64_t files, bytes;
};

/* Writing: begun beside, there under its name after end. */
struct manifest_writer;
MUST_CHECK err manifest_begin(const char *folder, const struct manifest *about,
                              struct manifest_writer **out);
MUST_CHECK err manifest_add(struct manifest_writer *w, const char *path, int64_t bytes,
                            const unsigned char hash[MANIFEST_HASH_BYTES]);
MUST_CHECK err manifest_end(struct manifest_writer **w, struct manifest *out);
void manifest_drop(struct manifest_writer **w); /* accepts NULL */

/* Reading: ERR_INPUT unless it is whole and its paths are those of a backup; `each` file in order, stopping at an error. */
struct manifest_file {
	str path;
	int64_t bytes;
	unsigned char hash[MANIFEST_HASH_BYTES];
};
MUST_CHECK err manifest_read(int folder, struct manifest *out,
                             err (*each)(const struct manifest_file *file, void *ctx), void *ctx);

/* Copies an open file to another, at most `limit` bytes, and hashes what it copied. `to` -1: hashes alone. */
MUST_CHECK err manifest_copy(int from, int to, int64_t limit,
                             unsigned char hash[MANIFEST_HASH_BYTES], int64_t *bytes);

#endif
