/* media_private.h - what the parent and the child of the darkroom say to each other.
 *
 * One program, three processes: the server (darkroom.c), the keeper it starts anew from its own file, and for each picture a worker
 * that the keeper forks and that confines itself before it sees a byte (keeper.c). The server sends a `struct errand` with three
 * descriptors; the worker writes the files into the one and a `struct answer` into the other and ends; the keeper answers with a `struct
 * word`. Nothing the worker wrote is believed: darkroom.c checks it as it would a stranger's. */
#ifndef KITH_MEDIA_PRIVATE_H
#define KITH_MEDIA_PRIVATE_H

#include "media/blurhash.h"
#include "media/darkroom.h"

#define KEEPER_WORD "darkroom" /* kith darkroom */
#define KEEPER_VARIABLE                                                                            \
	"KITH_DARKROOM" /* set in it, and nothing starts a darkroom where it is set */
#define WIRE_FD                                                                                    \
	3 /* the keeper's end of the socket; nothing else is open but 0, 1, 2 on /dev/null */

/* All files of one picture together: far above what the largest sizes take at the qualities used. */
#define FILES_MAX_BYTES ((size_t)64 << 20)
#define WORKER_DATA_MAX_BYTES ((size_t)1 << 30)

/* What can be wrong with a picture; the sentences are in darkroom.c. */
enum fault {
	FAULT_NONE,
	FAULT_FORMAT, /* not JPEG, PNG or WebP, or a kind of it that nobody takes photographs in */
	FAULT_CUT,    /* damaged or cut short */
	FAULT_PIXELS,
	FAULT_SIDE,
	FAULT_CLAIM, /* claims more pixels than its bytes can hold, or to go over them without end */
	FAULT_MOVING,
	FAULT_SPACE, /* its files do not fit */
	FAULTS
};

/* Steps of setting the darkroom up; the sentences are in darkroom.c. */
enum step {
	STEP_NONE, /* all done */
	STEP_VIPS,
	STEP_ZBAR,
	STEP_ALONE, /* a thread beside the keeper's own: it may not fork */
	STEP_PRIVILEGES,
	STEP_LANDLOCK,
	STEP_LIMITS,
	STEP_SECCOMP,
	STEP_PROOF, /* confined, and yet something forbidden went through */
	STEP_FORK,
	STEPS
};

struct errand {
	uint64_t bytes; /* of the picture */
	bool sizes;
};
enum { ERRAND_PICTURE, ERRAND_FILES, ERRAND_ANSWER, ERRAND_FDS };

/* The keeper's only kind of message: once at its start, then once for each errand. */
struct word {
	uint32_t step;        /* enum step; not STEP_NONE: the darkroom cannot be used */
	bool in_time, unhurt; /* how the worker ended */
	int32_t status;       /* as of waitpid, for the log */
};

struct answer {
	uint32_t fault; /* enum fault; not FAULT_NONE: the rest says nothing */
	int32_t width, height, pdq_quality;
	unsigned char pdq[PDQ_BYTES];
	char blurhash[BLURHASH_BYTES];
	uint32_t qr_bytes;
	char qr[QR_MAX_BYTES];
	struct answer_file {
		int32_t width, height;
		uint64_t bytes; /* one behind the other, in the order of the table */
	} files[MEDIA_SIZES][MEDIA_FORMATS];
};

#endif
