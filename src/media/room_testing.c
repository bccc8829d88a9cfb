#include "media/room_testing.h"

#include "media/draw_testing.h"
#include "media/keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>

void room_testing_begin(int argc, char **argv)
{
	if (keeper_is_called(argc, argv))
		keeper_main();
	if (vips_init(argv[0]) != 0)
		abort();
}

struct darkroom *room_testing_open(void)
{
	struct darkroom *room;
	err e = darkroom_open(NULL, &room);
	if (failed(e))
		fprintf(stderr, "%s\n", e.why);
	return room;
}

err room_testing_develop(struct darkroom *room, str picture, bool sizes, struct arena *mem,
                         struct print *out)
{
	int fd = draw_fd(picture);
	err e = darkroom_develop(room, fd, picture.n, sizes, mem, out);
	close(fd);
	return e;
}

str room_testing_files(const struct print *print)
{
	off_t n = lseek(print->fd, 0, SEEK_END);
	void *p = n > 0 ? mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, print->fd, 0) : MAP_FAILED;
	if (p == MAP_FAILED)
		abort();
	close(print->fd);
	return (str){ p, (size_t)n };
}
