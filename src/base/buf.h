/* buf.h - text under construction, in an arena, up to a maximum given when it is made.
 *
 * Past the maximum nothing more is added and `full` stays true, so a writer checks once at the end.
 * Also the JSON writer: the caller places commas and braces, `buf_json` quotes and escapes. */
#ifndef KITH_BASE_BUF_H
#define KITH_BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
	struct arena *mem; /* borrowed for the buf's life */
	char *p;
	size_t n, cap, max;
	bool full;
};

void buf_init(struct buf *b, struct arena *mem, size_t max_bytes);
str buf_str(const struct buf *b); /* borrows the buf's memory */
void buf_add(struct buf *b, str s);
void buf_char(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t v);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with quotes (RFC 8259); invalid UTF-8 becomes U+FFFD, so the answer is always valid JSON. */
void buf_json(struct buf *b, str text);
/* A JSON string holding a decimal: ids in answers. */
void buf_json_id(struct buf *b, int64_t id);
/* A JSON number: shortest of up to 6 decimals; never NaN (writes 0). */
void buf_json_real(struct buf *b, double v);
/* "2026-11-24T18:12:41.000Z" with quotes: ISO 8601, UTC, milliseconds. */
void buf_json_time(struct buf *b, int64_t at_ms);
/* The same without quotes. Instants outside the years 0000 to 9999 give the nearest one inside. */
void buf_time(struct buf *b, int64_t at_ms);
/* Text as HTML with & < > " ' escaped. */
void buf_html(struct buf *b, str text);

#define buf_lit(b, literal) buf_add((b), S(literal))

#endif
