/* darkroom.h - pictures are opened in a process that can do nothing else.
 *
 * Foreign bytes are decoded by large libraries, and those have had holes. So the program starts itself anew (keeper.h), with nothing of
 * the server in its memory, and that process forks a worker for every picture, which confines itself before it sees a byte: Landlock (of
 * the version found), seccomp (no sockets, no processes, no opening of files), rlimits, no environment, no descriptors but its own
 * (confine.h). A wall that cannot be set up is an error, never a warning. One picture at a time, DARKROOM_MS for each; a worker that dies
 * or takes too long costs its picture and nothing else. */
#ifndef KITH_MEDIA_DARKROOM_H
#define KITH_MEDIA_DARKROOM_H

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "model/media.h"

struct darkroom;

#define DARKROOM_MS 10000      /* of processor time */
#define DARKROOM_WALL_MS 20000 /* by the clock, on a machine that has other things to do */
#define QR_MAX_BYTES 4096      /* of all payloads of one picture */

/* Starts the child; `log` is borrowed and may be NULL. ERR_SYSTEM with a sentence in `say` where the machine cannot confine it: the
 * caller refuses uploads and says so at start. The program's main must ask keeper_is_called() first of all. */
MUST_CHECK err darkroom_open(struct log *log, struct darkroom **out);
/* The same in two steps, for a server that has other things to open while the libraries load: darkroom_ready waits and tells, once. */
MUST_CHECK err darkroom_start(struct log *log, struct darkroom **out);
MUST_CHECK err darkroom_ready(struct darkroom *room);
/* Every minute or so: a child without work since the last call is let go, and its memory with it. The next picture calls a new one. */
void darkroom_rest(struct darkroom *room);
void darkroom_close(struct darkroom **room); /* accepts NULL in it; no call is under way */

/* What came of one picture. Metadata is gone, orientation applied, colours in sRGB. */
struct print {
	int width, height;            /* of MEDIA_LARGE */
	unsigned char pdq[PDQ_BYTES]; /* of the stored pixels: before they are turned upright */
	int pdq_quality;
	str blurhash, qr; /* in the caller's arena; qr: payloads, one a line */
	/* The files, one after the other in `fd` (a sealed memfd, the caller's to close). */
	int fd;
	struct print_file {
		int width, height;
		size_t from, bytes;
	} files[MEDIA_SIZES][MEDIA_FORMATS];
};

/* `fd` holds `bytes` bytes from its beginning; borrowed, any seekable file or memfd. Any number of threads may call; they wait in
 * line. ERR_INPUT field "file" with a sentence that says what is wrong with it (not JPEG, PNG or WebP; cut short; over 50 megapixels;
 * moving; could not be read in time); ERR_BUSY when the child cannot be replaced. `sizes` false: only the hash, quality and QR
 * payloads are made, and `fd` is -1. */
MUST_CHECK err darkroom_develop(struct darkroom *room, int fd, size_t bytes, bool sizes,
                                struct arena *mem, struct print *out);

#endif
