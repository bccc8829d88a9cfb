/* See body.h. The file has no name from its first moment on (O_TMPFILE): a server that is killed leaves nothing behind.
 * Writing goes to the kernel's cache, so the event loop may do it. */
#include "http/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FIRST_BYTES 4096

struct body_room {
	size_t memory_max_bytes;
	const char *folder;
	unsigned files_max;
	struct metrics *metrics;
	atomic_size_t held_bytes;
	atomic_uint files;
};

struct body_room *body_room_new(size_t memory_max_bytes, const char *folder, unsigned files_max,
                                struct metrics *metrics)
{
	struct body_room *room = calloc(1, sizeof(*room));
	if (!room)
		abort();
	room->memory_max_bytes = memory_max_bytes;
	room->folder = folder;
	room->files_max = folder ? files_max : 0;
	room->metrics = metrics;
	return room;
}

void body_room_free(struct body_room *room) { free(room); }

/* A disk, a quota or a limit of the process that is used up are one thing to the sender. */
static err disk_fault(const char *why)
{
	err full = { ERR_LIMIT, "the disk is full", NULL,
		     "The server's disk is full. Nothing was kept." };
	bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
	return is_full ? full : err_system(why);
}

err body_begin(struct body_room *room, size_t max_bytes, bool to_file, struct body *body)
{
	*body = (struct body){ .max_bytes = max_bytes };
	if (!to_file)
		return OK;
	if (atomic_fetch_add(&room->files, 1) >= room->files_max) {
		atomic_fetch_sub(&room->files, 1);
		return err_busy("all places for bodies in files are taken");
	}
	body->fd = open(room->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (body->fd < 0) {
		atomic_fetch_sub(&room->files, 1);
		return disk_fault("a file for a body could not be made");
	}
	body->is_file = true;
	return OK;
}

static err write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return disk_fault("a body could not be written");
		bytes += done;
		n -= (size_t)done;
	}
	return OK;
}

/* Room for `n` more bytes; false when the memory of all is used up. */
static bool grow(struct body_room *room, struct body *body, struct arena *mem, size_t n)
{
	if (body->n + n <= body->cap)
		return true;
	size_t cap = body->cap ? 2 * body->cap : FIRST_BYTES;
	while (cap < body->n + n)
		cap *= 2;
	if (cap > body->max_bytes)
		cap = body->max_bytes;
	if (atomic_fetch_add(&room->held_bytes, cap) + cap > room->memory_max_bytes) {
		atomic_fetch_sub(&room->held_bytes, cap);
		return false;
	}
	body->held_bytes += cap;
	metrics_add(room->metrics, METRICS_BODY_BYTES, (int64_t)cap);
	char *bytes = arena_alloc(mem, cap);
	if (body->n > 0)
		memcpy(bytes, body->bytes, body->n);
	body->bytes = bytes;
	body->cap = cap;
	return true;
}

err body_add(struct body_room *room, struct body *body, struct arena *mem, const char *bytes,
             size_t n)
{
	err e = OK;
	if (body->is_file)
		TRY(write_all(body->fd, bytes, n));
	else if (!grow(room, body, mem, n))
		TRY(err_busy("the memory for bodies is used up"));
	else
		memcpy(body->bytes + body->n, bytes, n);
	body->n += n;
out:
	return e;
}

err body_whole(struct body *body, str *bytes)
{
	if (body->is_file && body->n > 0 && !body->bytes) {
		void *map = mmap(NULL, body->n, PROT_READ, MAP_PRIVATE, body->fd, 0);
		if (map == MAP_FAILED)
			return err_system("a body could not be mapped");
		body->bytes = map;
	}
	*bytes = (str){ body->bytes, body->n };
	return OK;
}

void body_drop(struct body_room *room, struct body *body)
{
	if (body->is_file) {
		if (body->bytes)
			munmap(body->bytes, body->n);
		close(body->fd);
		atomic_fetch_sub(&room->files, 1);
	}
	if (body->held_bytes > 0) {
		atomic_fetch_sub(&room->held_bytes, body->held_bytes);
		metrics_add(room->metrics, METRICS_BODY_BYTES, -(int64_t)body->held_bytes);
	}
	*body = (struct body){ .bytes = NULL };
}
