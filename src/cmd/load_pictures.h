/* load_pictures.h - the picture files that a line of `kith load` names: beside the load file or below it, and nowhere else. */
#ifndef KITH_CMD_LOAD_PICTURES_H
#define KITH_CMD_LOAD_PICTURES_H

#include "circle/bulk.h"
#include "model/limits.h"

#include <jansson.h>

struct load_pictures {
	struct bulk_picture
		list[MEDIA_MAX]; /* bytes: maps of the files; words: borrowed from the line */
	size_t n;
};

/* `names`: a list of names, or of {"file", "description"}; NULL or null is none. `load_fd` is the open load file. ERR_INPUT names
 * "pictures". Close also after an error. */
MUST_CHECK err load_pictures_open(const json_t *names, int load_fd, struct load_pictures *out);
void load_pictures_close(struct load_pictures *pictures);

#endif
