/* handle.h - names people can be told apart by.
 *
 * A handle is letters a-z, digits, `_` and `.` inside, or Han characters; one script only, so that no letter can pass
 * for another's. The key folds case and width, so "Lin" and "lin" are one. Reserved words (admin, keeper, steward, kith, ...)
 * are refused for members. */
#ifndef KITH_CIRCLE_HANDLE_H
#define KITH_CIRCLE_HANDLE_H

#include "base/err.h"
#include "base/str.h"

/* ERR_INPUT field "handle" with a sentence that says what is wrong. */
MUST_CHECK err handle_check(str handle, bool reserved_allowed);
str handle_key(struct arena *mem, str handle);

/* Characters a handle may hold at all, and those of the Han kind: for finding @handles in a text. */
bool handle_has(uint32_t cp);
bool handle_is_han(uint32_t cp);

#endif
