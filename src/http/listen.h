/* listen.h - opens the listening socket. */
#ifndef KITH_HTTP_LISTEN_H
#define KITH_HTTP_LISTEN_H

#include "base/err.h"
#include "base/str.h"

struct listener {
	int fd; /* non-blocking, listening */
	bool is_unix;
	char address[128]; /* "127.0.0.1:8420", "[::1]:8420" or "unix:PATH", with the real port */
};

/* `where` as in http_settings; addresses are numeric. A socket file nobody answers on is replaced.
 * ERR_CONFLICT: taken; ERR_INPUT: malformed; ERR_SYSTEM. */
MUST_CHECK err listen_open(const char *where, unsigned unix_mode, struct listener *out);
/* Whether `where` is written as an address is, without opening anything: ERR_INPUT says how. */
MUST_CHECK err listen_check(const char *where);
/* Removes the socket file; `fd` is left to whoever has it. */
void listen_forget(const struct listener *listener);

#endif
