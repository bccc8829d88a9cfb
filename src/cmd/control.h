/* control.h - the server's control socket: DIR/control.sock, mode 0600.
 *
 * A request is one message: the words of a command, each ended by NUL, with three file descriptors (SCM_RIGHTS):
 * standard input, output and error of the caller. The answer is one byte: the exit code. */
#ifndef KITH_CMD_CONTROL_H
#define KITH_CMD_CONTROL_H

#include "base/err.h"
#include "circle/circle.h"

struct control;

/* Server: listens and runs each command in a thread of its own (at most 4 at a time; more wait). */
MUST_CHECK err control_start(const char *folder, const char *url, struct circle *circle,
                             struct control **out);
void control_stop(struct control **control); /* waits for commands that run; removes the socket */

/* Caller: -1 when no server listens in `folder`; else the exit code. */
int control_call(const char *folder, int argc, char **argv, int in);

#endif
