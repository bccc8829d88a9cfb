/* str.h - text and bytes as pointer and length, read-only, passed by value, not NUL-terminated.
 *
 * A `str` called `text` is valid UTF-8 (checked once, at the door); one called `bytes` is not promised to be. */
#ifndef KITH_BASE_STR_H
#define KITH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct {
	const char *p;
	size_t n; /* bytes */
} str;

#define S(literal) ((str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE ((str){ 0, 0 })
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

str str_of(const char *c); /* borrows; NULL gives the empty string */
bool str_eq(str a, str b);
int str_cmp(str a, str b); /* bytewise, shorter first */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_eq_ascii_nocase(str a, str b);
/* Byte offset of the first `needle`, or SIZE_MAX. */
size_t str_find(str s, str needle);
str str_slice(str s, size_t from, size_t to); /* clamped to the string */
str str_trim(str s);                          /* ASCII white space off both ends */
/* Cuts `*rest` at the first `sep`: returns the part before, leaves the part after. At the end `*rest` is STR_NONE. */
str str_cut(str *rest, char sep);
str str_dup(struct arena *mem, str s);
char *str_to_c(struct arena *mem, str s); /* NUL-terminated copy */
str str_lower_ascii(struct arena *mem, str s);
/* printf into the arena. */
str str_format(struct arena *mem, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whole-string decimal; false on anything else (sign allowed, overflow refused). */
bool str_to_i64(str s, int64_t *out);

/* UTF-8 as RFC 3629: no surrogates, no overlong forms, at most U+10FFFF. */
bool utf8_valid(str bytes);
/* Code points of valid UTF-8. */
size_t utf8_length(str text);
/* Decodes one code point at byte `*at` and advances it; a malformed byte gives U+FFFD and advances by one. */
uint32_t utf8_next(str bytes, size_t *at);
/* Writes 1..4 bytes of `cp` to `out`, returns how many. */
size_t utf8_put(char out[4], uint32_t cp);

#endif
