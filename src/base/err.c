/* err.c - names of the error codes. */
#include "base/err.h"

#include <assert.h>

static const char *const names[] = {
	[ERR_NONE] = "none",       [ERR_INPUT] = "input",       [ERR_DENIED] = "denied",
	[ERR_MISSING] = "missing", [ERR_CONFLICT] = "conflict", [ERR_LIMIT] = "limit",
	[ERR_BUSY] = "busy",       [ERR_SYSTEM] = "system",
};

const char *err_name(enum err_code code)
{
	assert((unsigned)code < sizeof names / sizeof names[0]);
	return names[code];
}
