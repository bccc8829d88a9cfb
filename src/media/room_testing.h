/* room_testing.h - a darkroom for the tests of a program that is its own keeper. */
#ifndef KITH_MEDIA_ROOM_TESTING_H
#define KITH_MEDIA_ROOM_TESTING_H

#include "media/darkroom.h"

/* First thing in main: where the program was started as a keeper it does not come back; else libvips is ready to draw with. */
void room_testing_begin(int argc, char **argv);
/* NULL where there can be none; says why. */
struct darkroom *room_testing_open(void);
/* darkroom_develop of bytes. */
err room_testing_develop(struct darkroom *room, str picture, bool sizes, struct arena *mem,
                         struct print *out);
/* All files of a print, mapped; takes its descriptor. */
str room_testing_files(const struct print *print);

#endif
