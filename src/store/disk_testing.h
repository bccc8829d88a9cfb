/* disk_testing.h - a disk that fails on demand, as a VFS below SQLite.
 *
 * It counts what reaches the disk and does the damage at the call asked for. One a process: trials run in children. */
#ifndef KITH_STORE_DISK_TESTING_H
#define KITH_STORE_DISK_TESTING_H

#include <stdbool.h>

enum harm {
	HARM_NONE,
	HARM_SYNC,      /* the n-th sync fails */
	HARM_WRITE,     /* the n-th write fails half done */
	HARM_FULL,      /* the n-th write and some more find no room, half done */
	HARM_POWER,     /* at the n-th write or sync the power goes: nothing unsynced survives */
	HARM_POWER_SOME /* the same, but any part of the unsynced may have survived */
};

#define EXIT_POWER_CUT 90

/* From now on files are opened through it. `at` counts calls from now, from 1. */
void disk_harm(enum harm harm, int at);
/* Whether the call was reached. */
bool disk_was_harmed(void);

#endif
