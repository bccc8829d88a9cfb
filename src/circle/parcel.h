/* parcel.h - a zip as it is written, entry after entry, straight to a file (libarchive). Names are ours. */
#ifndef KITH_CIRCLE_PARCEL_H
#define KITH_CIRCLE_PARCEL_H

#include "base/err.h"
#include "base/str.h"

struct parcel;

/* To an open file, borrowed until the end. */
MUST_CHECK err parcel_begin(int fd, struct parcel **out);
/* The next entry: text is packed, pictures (already small) are stored. The one before ends. */
MUST_CHECK err parcel_entry(struct parcel *w, const char *name, bool packed, int64_t at_ms);
MUST_CHECK err parcel_add(struct parcel *w, str bytes);
/* The whole of an open file, to its end. */
MUST_CHECK err parcel_add_file(struct parcel *w, int fd);
/* Writes the directory of the zip: without it there is none. ERR_BUSY when the disk is full, as above. */
MUST_CHECK err parcel_end(struct parcel **w);
void parcel_drop(struct parcel **w); /* accepts NULL */

#endif
