/* confine.h - this process gives up all it may do but reckon: the walls of the darkroom.
 *
 * Afterwards it can read and write the descriptors it holds, take memory (none of it executable), make threads, tell the time and end.
 * No file can be opened, named or looked at; no socket, no process, no signal to another, no ioctl, no new descriptor of any kind.
 * What a library may try in good faith (open a file, ask for its limits) is refused with EPERM; anything else unheard of kills. */
#ifndef KITH_MEDIA_CONFINE_H
#define KITH_MEDIA_CONFINE_H

#include "media/media_private.h"

struct confine_limits {
	unsigned cpu_s;
	size_t file_bytes, data_bytes;
};

/* Only while the process has one thread, and for good. Not STEP_NONE: the step that failed, with the process half confined: it must end. */
enum step confine(const struct confine_limits *limits);
/* The second wall alone (Landlock: everything the kernel's version can forbid), for the test that it stands without the others. */
bool confine_files(void);
/* Tries what must not work, in a confined process that is thrown away. It writes one byte to `witness` when files and sockets were refused,
 * and then dies of SIGSYS; both together are the proof, for a process may die of SIGSYS before it is confined, under the filter of somebody
 * else. Exits with STEP_PROOF where a wall is missing. */
_Noreturn void confine_try(int witness);

#endif
