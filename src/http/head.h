/* head.h - reads a request's head strictly: what two parsers could understand differently is
 * refused.
 *
 * Pure: works on text the library below has cut into lines, so that every rule can be tested and
 * fuzzed alone. Source: RFC 9112 (3.2 target, 6.3 length) and RFC 9110 (5.3 repeated fields). */
#ifndef KITH_HTTP_HEAD_H
#define KITH_HTTP_HEAD_H

#include "http/message.h"

#define HEAD_FIELDS_MAX 100

struct head {
	str method, target, version;
	struct http_field *fields;
	size_t fields_n;
	struct http_peer peer; /* the socket's */
	bool proxy;            /* the socket is the trusted proxy's: believe X-Forwarded-For */
};

/* How the body will come. */
struct head_framing {
	bool chunked;
	uint64_t bytes; /* when not chunked; 0: no body */
};

/* Why not: an HTTP status and a sentence; status 0 is "fine". Over `close`: where the next request
 * begins is in doubt. */
struct head_fault {
	int status;
	bool close;
	const char *sentence;
};

/* Fills `out` (all but the body) and `framing`. `head` is borrowed by `out`. */
struct head_fault head_read(const struct head *head, struct arena *mem, struct http_request *out,
                            struct head_framing *framing);

/* The answer to a request at fault. */
void head_fault_reply(const struct head_fault *fault, struct http_reply *reply);

#endif
