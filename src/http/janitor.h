/* janitor.h - keeps the list of connections: how many of one address, and until when each may take
 * its time.
 *
 * A thread of its own looks over all connections several times a second and shuts down those past
 * their deadline. The library's own timeouts only see idleness: a byte every few seconds keeps a
 * connection for ever. Deadlines do not move.
 *
 * It also closes gently: a connection that is dropped while its client still sends would be reset,
 * and the client would lose the answer that says why. Such a socket is read empty for up to two
 * seconds more (as nginx's lingering_close). */
#ifndef KITH_HTTP_JANITOR_H
#define KITH_HTTP_JANITOR_H

#include "http/metrics.h"
#include "http/message.h"

#include "base/seam.h"

#include <stdatomic.h>

/* What a connection is doing, and so which deadline it is under. */
enum phase {
	PHASE_HEAD,
	PHASE_BODY,
	PHASE_REPLY,
	PHASE_IDLE,
	PHASE_WORK /* the server's own time: no deadline */
};

/* One connection; part of the server's record of it. Fields are the janitor's. */
struct watched {
	struct watched *next, **link; /* in its bucket */
	int fd;
	bool counted;
	uint64_t peer_key;
	_Atomic int64_t due; /* deadline * 8 + phase */
};

struct janitor;

/* Looks every `tick_ms`. At most `per_peer` of the `places` counted connections may have are one peer's, and less once
 * half are taken: in proportion to what is left, so that those who hold many cannot keep out who holds none. */
MUST_CHECK err janitor_open(struct clock clock, int64_t tick_ms, unsigned places, unsigned per_peer,
                            struct metrics *metrics, struct janitor **out);
/* All connections must have left. Accepts NULL. */
void janitor_close(struct janitor *j);

/* May another connection of this peer come in? */
bool janitor_admits(struct janitor *j, uint64_t peer_key);
/* `counted`: it takes one of its peer's places. */
void janitor_watch(struct janitor *j, struct watched *w, int fd, uint64_t peer_key, bool counted);
/* Before the fd is closed. With `linger`, the janitor keeps a duplicate of it and reads that empty.
 */
void janitor_leave(struct janitor *j, struct watched *w, bool linger);

/* Lock-free; called at every change of phase. */
void janitor_due(struct watched *w, enum phase phase, int64_t at_mono_ms);
enum phase janitor_phase(const struct watched *w);
/* Shuts down every idle connection now. */
void janitor_dismiss_idle(struct janitor *j);

#endif
