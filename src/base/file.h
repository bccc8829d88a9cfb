/* file.h - whole files in and out, and read-only maps. */
#ifndef KITH_BASE_FILE_H
#define KITH_BASE_FILE_H

#include "base/err.h"
#include "base/str.h"

/* The whole file, up to `max_bytes` (more is ERR_LIMIT; absent is ERR_MISSING). */
MUST_CHECK err file_read(const char *path, size_t max_bytes, struct arena *mem, str *bytes);
/* Writes beside, fsyncs, renames over, fsyncs the folder: the old or the new content, never a half. */
MUST_CHECK err file_write(const char *path, str bytes, unsigned mode);
/* Parents are made too; an existing folder is fine and keeps its mode. */
MUST_CHECK err file_make_folder(const char *path, unsigned mode);
bool file_exists(const char *path);

/* A private read-only map; `*map` is STR_NONE for an empty file. */
MUST_CHECK err file_map(const char *path, str *map);
void file_unmap(str *map);
/* The same of an open regular file, borrowed for the call. */
MUST_CHECK err file_map_fd(int fd, str *map);

/* openat2(2): beneath the folder, never through a link of any kind, close-on-exec. A descriptor, or -1 with errno. `mode` counts where
 * a file is made. */
int file_open_beneath(int folder, const char *path, int flags, unsigned mode);

/* Lines of a file or of standard input (path "-"), gunzipped when the content is gzip. */
struct line_reader;
MUST_CHECK err lines_open(const char *path, size_t line_max_bytes, struct line_reader **out);
/* The same from an open file, borrowed until close. */
struct line_reader *lines_of_fd(int fd, size_t line_max_bytes);
/* The next line without its newline, borrowed until the next call. False at the end.
 * A line over the maximum comes cut, with `*cut` true; the rest of it is skipped. */
bool lines_next(struct line_reader *r, str *line, bool *cut);
MUST_CHECK err lines_close(struct line_reader **r); /* a read or gunzip error shows here */

#endif
