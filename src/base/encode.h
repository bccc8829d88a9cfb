/* encode.h - bytes as hex and as base64url without padding (RFC 4648 section 5). */
#ifndef KITH_BASE_ENCODE_H
#define KITH_BASE_ENCODE_H

#include "base/str.h"

str hex_of(struct arena *mem, const void *bytes, size_t n); /* lower case */
bool hex_to(str text, void *out, size_t n);                 /* exactly n bytes */
str base64url_of(struct arena *mem, const void *bytes, size_t n);
bool base64url_to(str text, void *out, size_t n); /* exactly n bytes, canonical form only */

#endif
