/* window.h - what a policy asks of the past: an operation over the pieces of one key in a stretch of event time. */
#ifndef KITH_INTEGRITY_POLICY_WINDOW_H
#define KITH_INTEGRITY_POLICY_WINDOW_H

#include <stdint.h>

/* count: pieces; distinct: different values of `field` among them; rate: pieces an hour over the window; last: milliseconds since
 * the latest. None of them counts the piece that is being screened. */
enum window_op { WINDOW_COUNT, WINDOW_DISTINCT, WINDOW_RATE, WINDOW_LAST };
/* similar: the near-copies of this piece, whoever wrote them. */
enum window_key { KEY_NONE, KEY_AUTHOR, KEY_HANDLE, KEY_SIMILAR };

#define WINDOWS_MAX 64 /* a policy has at most so many: one bit each in an observation */
#define WINDOW_MAX_MS (INT64_C(30) * 86400000)

struct window_spec {
	enum window_op op;
	enum window_key key;   /* never KEY_NONE: "by" is asked for */
	enum window_key field; /* of WINDOW_DISTINCT, else KEY_NONE */
	int64_t window_ms;     /* 1 .. WINDOW_MAX_MS */
};

#endif
