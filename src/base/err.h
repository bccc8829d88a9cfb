/* err.h - what went wrong, as a value.
 *
 * A failure says what the caller can do about it (`code`), a sentence for the log (`why`) and, when the
 * fault lies in something a person sent, the field (`field`) and a sentence for that person (`say`).
 * Only `field` and `say` ever leave the server. All four point to static text: an err owns nothing. */
#ifndef KITH_BASE_ERR_H
#define KITH_BASE_ERR_H

#include <stdbool.h>

enum err_code {
	ERR_NONE,
	ERR_INPUT,    /* the request is wrong: 422, names the field */
	ERR_DENIED,   /* this person may not: 403 */
	ERR_MISSING,  /* nothing here that this person can see: 404 */
	ERR_CONFLICT, /* already so, or changed meanwhile: 409 or 422 */
	ERR_LIMIT,    /* a cap, a budget or a size is reached: 422 or 429 */
	ERR_BUSY,     /* try again later: 503 */
	ERR_SYSTEM    /* ours: 500 */
};

typedef struct {
	enum err_code code;
	const char *why;   /* for the log, never for a member */
	const char *field; /* input field at fault, or NULL */
	const char *say;   /* sentence for the member, or NULL for the code's own sentence */
} err;

#define MUST_CHECK __attribute__((warn_unused_result))
#define OK ((err){ .code = ERR_NONE })

static inline bool failed(err e) { return e.code != ERR_NONE; }

/* The person's fault or bad luck: `field` and `say` are shown to them. */
static inline err err_input(const char *field, const char *say)
{
	return (err){ ERR_INPUT, say, field, say };
}
static inline err err_conflict(const char *field, const char *say)
{
	return (err){ ERR_CONFLICT, say, field, say };
}
static inline err err_limit(const char *field, const char *say)
{
	return (err){ ERR_LIMIT, say, field, say };
}
/* Refusals that say nothing: `why` goes to the log alone. */
static inline err err_denied(const char *why) { return (err){ ERR_DENIED, why, 0, 0 }; }
static inline err err_missing(const char *why) { return (err){ ERR_MISSING, why, 0, 0 }; }
static inline err err_busy(const char *why) { return (err){ ERR_BUSY, why, 0, 0 }; }
static inline err err_system(const char *why) { return (err){ ERR_SYSTEM, why, 0, 0 }; }

/* "input", "denied", ... : the code's name for logs and command-line messages. */
const char *err_name(enum err_code code);

/* Runs `call`; on failure keeps the error in `e` and goes to `out`. The only macro that jumps. */
#define TRY(call)                                                                                  \
	do {                                                                                       \
		e = (call);                                                                        \
		if (failed(e))                                                                     \
			goto out;                                                                  \
	} while (0)

#endif
