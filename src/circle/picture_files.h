/* picture_files.h - the files of pictures under DIR/media: `ab/cdef….small.webp`, six for each content.
 *
 * Names are made here from a hash, never from what anybody sent; every path is opened beneath the folder, without following links.
 * Folders are 0700, files 0600. A content that somebody is bringing is held: nothing takes its files away meanwhile. */
#ifndef KITH_CIRCLE_PICTURE_FILES_H
#define KITH_CIRCLE_PICTURE_FILES_H

#include <stdbool.h>

#include "media/darkroom.h"

#define PICTURES_UNDER_WAY                                                                         \
	40 /* brought at one time, of the server's 64 write threads: the others go on writing */
#define PICTURES_OF_ONE 12 /* of those: a whole moment and a picture of oneself; others come too */
#define PICTURES_RESERVE_BYTES                                                                     \
	(INT64_C(128) << 20) /* left free on the disk: what people write needs room too */

struct picture_files;

/* `folder`: the data directory; made where it is not there. `reserve_bytes`: what a picture leaves free on its disk. */
MUST_CHECK err picture_files_open(const char *folder, int64_t reserve_bytes,
                                  struct picture_files **out);
void picture_files_close(struct picture_files **files); /* accepts NULL */

/* ERR_BUSY when too many are under way, of all or of this one person. Each hold is released once. */
MUST_CHECK err picture_files_hold(struct picture_files *files, person_id by,
                                  const unsigned char content[MEDIA_CONTENT_BYTES]);
void picture_files_release(struct picture_files *files, person_id by,
                           const unsigned char content[MEDIA_CONTENT_BYTES]);

/* A nameless file with these bytes, which goes when it is closed. ERR_BUSY with a sentence when the disk is full. */
MUST_CHECK err picture_files_scratch(struct picture_files *files, str bytes, int *fd);
/* Writes all of a held content beside, syncs, renames, syncs the folder: after it they are there, also after a power cut; on error
 * nothing new is left. `unique` is of this call alone. ERR_BUSY with a sentence when the disk is full. */
MUST_CHECK err picture_files_keep(struct picture_files *files,
                                  const unsigned char content[MEDIA_CONTENT_BYTES],
                                  const struct print *print, int64_t unique);
/* For reading; the caller closes. ERR_MISSING when it is not there. */
MUST_CHECK err picture_files_read(struct picture_files *files,
                                  const unsigned char content[MEDIA_CONTENT_BYTES],
                                  enum media_size size, enum media_format format, int *fd,
                                  size_t *bytes);

/* Where a file of a content lies, beneath the data folder: "media/ab/cdef….small.webp". `which`: 0 to PICTURE_FILES - 1. */
#define PICTURE_FILES (MEDIA_SIZES * MEDIA_FORMATS)
struct picture_path {
	char text[320];
};
struct picture_path picture_files_path(const unsigned char content[MEDIA_CONTENT_BYTES], int which);
/* The content of such a path; false unless it is one, letter for letter. */
bool picture_files_of_path(str path, unsigned char content[MEDIA_CONTENT_BYTES]);

/* Until as many times resumed, nothing is taken away: somebody copies what rows named a while ago. What would have gone is found by
 * the next sweep: `missed` says whether there is any, and forgets it. */
void picture_files_pause(struct picture_files *files);
void picture_files_resume(struct picture_files *files);
bool picture_files_missed(struct picture_files *files);

/* Whether anybody's picture has this content, as of now; asked under the lock of the files. An error counts as yes. */
typedef bool picture_named(void *ctx, const unsigned char content[MEDIA_CONTENT_BYTES]);
/* The files of a content go, unless it is held or named. */
void picture_files_erase(struct picture_files *files,
                         const unsigned char content[MEDIA_CONTENT_BYTES], picture_named *named,
                         void *ctx);
/* The same for everything that lies in the folder, and for what a broken-off write left. Files with names that are not made here
 * are left alone. Counts the files that went. */
MUST_CHECK err picture_files_sweep(struct picture_files *files, picture_named *named, void *ctx,
                                   int *gone);

#endif
