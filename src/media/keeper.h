/* keeper.h - the darkroom's own process: `kith darkroom`, started by darkroom_open and by nobody else.
 *
 * The program starts itself anew, so that nothing of the server is in its memory: no keys, no words, no descriptors. It loads the
 * libraries, proves on a process of its own that the walls hold, and then forks a worker for each picture, already warm. A worker sees
 * one picture and ends, whatever it made of it: what one picture could do to it never meets another. */
#ifndef KITH_MEDIA_KEEPER_H
#define KITH_MEDIA_KEEPER_H

#include <stdbool.h>

/* First thing in main, before anything is opened: true in a process that darkroom_open started. */
bool keeper_is_called(int argc, char **argv);
/* Its main, which does not come back. */
_Noreturn void keeper_main(void);

#endif
