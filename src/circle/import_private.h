/* import_private.h - what the two files of import share: an archive read, and its pictures laid ready. */
#ifndef KITH_CIRCLE_IMPORT_PRIVATE_H
#define KITH_CIRCLE_IMPORT_PRIVATE_H

#include "circle/import.h"

#include <jansson.h>

struct import_picture {
	str name;
	int64_t from; /* in the scratch file */
	size_t bytes; /* 0: not in the archive */
};

struct import_archive {
	json_t *outbox, *actor, *friends, *tags, *hidden; /* NULL: not in it */
	size_t n_values;                                  /* of all of these */
	struct import_picture *pictures;                  /* those that anything names, by name */
	size_t n_pictures, cap;
	int scratch;
	int64_t scratch_bytes;
	struct arena *mem;
};

/* Both accept what is only half open. `folder`: where the nameless file for pictures lies. */
MUST_CHECK err import_open(str zip, const char *folder, struct import_archive *out);
void import_close(struct import_archive *archive);
/* ERR_MISSING when it is not in there. */
MUST_CHECK err import_picture(const struct import_archive *archive, const char *name,
                              struct arena *mem, str *bytes);
/* A member that is a string, or empty. */
str import_text(const json_t *object, const char *name);
/* The object's post, or NULL: one entry of the outbox. */
const json_t *import_note(const json_t *create);

#endif
