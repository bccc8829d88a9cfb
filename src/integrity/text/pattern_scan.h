/* pattern_scan.h - many short patterns over one buffer in one pass: Hyperscan, with its compiled database kept on disk. */
#ifndef KITH_INTEGRITY_TEXT_PATTERN_SCAN_H
#define KITH_INTEGRITY_TEXT_PATTERN_SCAN_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct pattern_scan; /* immutable; shared by threads */

/* `texts`: byte strings of `lengths`, looked for as they are; without `lengths` regular expressions in UTF-8 and Hyperscan's syntax.
 * A pattern's number is its place. `cache`: folder for the compiled
 * database, or NULL; `name` (hex digits) and `kind` name the file there. A file there that cannot be used is
 * made again; where none can be written the database is compiled at each start. ERR_INPUT for a pattern that Hyperscan does not take:
 * `why` then lives until the next call on this thread. */
struct pattern_list {
	const char *const *texts;
	const size_t *lengths; /* NULL: expressions */
	size_t n;
	const char *kind;
	str name;
};
MUST_CHECK err pattern_scan_new(const struct pattern_list *list, const char *cache,
                                struct pattern_scan **out);
void pattern_scan_free(struct pattern_scan *scan);

/* `found` is called for each place a pattern ends: its number and the offset after its last byte, ascending offsets. */
void pattern_scan_run(const struct pattern_scan *scan, str bytes,
                      void (*found)(void *ctx, unsigned pattern, uint32_t end), void *ctx);
size_t pattern_scan_bytes(const struct pattern_scan *scan);

#endif
