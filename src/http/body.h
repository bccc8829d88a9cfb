/* body.h - where the bytes of a request's body are until it is answered: in the request's arena, within a budget of all
 * bodies together, or in a nameless file that is read back as a map, so that an upload costs the program no memory. */
#ifndef KITH_HTTP_BODY_H
#define KITH_HTTP_BODY_H

#include "http/metrics.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct body_room; /* of a whole server */

/* At most `memory_max_bytes` in memory and `files_max` files at one time. `folder` (borrowed) is where the files are
 * made, NULL: none may be. */
struct body_room *body_room_new(size_t memory_max_bytes, const char *folder, unsigned files_max,
                                struct metrics *metrics);
void body_room_free(struct body_room *room); /* accepts NULL; all bodies were dropped */

/* One body; all zero: none yet. The fields are this file's. */
struct body {
	char *bytes; /* in the arena, or the map */
	size_t n, cap, max_bytes;
	size_t held_bytes; /* of the memory of all */
	bool is_file;
	int fd;
};

/* ERR_BUSY: all files are taken. `body` is dropped in the end even then. */
MUST_CHECK err body_begin(struct body_room *room, size_t max_bytes, bool to_file,
                          struct body *body);
/* The caller has seen to it that max_bytes is not passed. ERR_BUSY: the memory of all bodies is used up; ERR_LIMIT: the
 * disk is full. */
MUST_CHECK err body_add(struct body_room *room, struct body *body, struct arena *mem,
                        const char *bytes, size_t n);
/* All of it; lives until the drop. */
MUST_CHECK err body_whole(struct body *body, str *bytes);
/* Gives back what it took. */
void body_drop(struct body_room *room, struct body *body);

#endif
