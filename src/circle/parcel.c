#include "circle/parcel.h"

#include <archive.h>
#include <archive_entry.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)64 << 10)

struct parcel {
	struct archive *zip;
	struct archive_entry *entry;
};

static err failure_of(struct archive *zip)
{
	int code = archive_errno(zip);
	if (code == ENOSPC || code == EDQUOT)
		return err_busy("no room for the archive");
	return err_system("the archive cannot be written");
}

err parcel_begin(int fd, struct parcel **out)
{
	struct parcel *w = calloc(1, sizeof *w);
	if (w) {
		w->zip = archive_write_new();
		w->entry = archive_entry_new();
	}
	if (!w || !w->zip || !w->entry) {
		parcel_drop(&w);
		return err_busy("no memory for an archive");
	}
	if (archive_write_set_format_zip(w->zip) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(w->zip, 1) != ARCHIVE_OK ||
	    archive_write_open_fd(w->zip, fd) != ARCHIVE_OK) {
		err e = failure_of(w->zip);
		parcel_drop(&w);
		return e;
	}
	*out = w;
	return OK;
}

err parcel_entry(struct parcel *w, const char *name, bool packed, int64_t at_ms)
{
	archive_entry_clear(w->entry);
	archive_entry_set_pathname(w->entry, name);
	archive_entry_set_filetype(w->entry, AE_IFREG);
	archive_entry_set_perm(w->entry, 0600);
	archive_entry_set_mtime(w->entry, at_ms / 1000, 0);
	if (packed)
		archive_write_zip_set_compression_deflate(w->zip);
	else
		archive_write_zip_set_compression_store(w->zip);
	return archive_write_header(w->zip, w->entry) == ARCHIVE_OK ? OK : failure_of(w->zip);
}

err parcel_add(struct parcel *w, str bytes)
{
	if (bytes.n == 0)
		return OK;
	return archive_write_data(w->zip, bytes.p, bytes.n) == (la_ssize_t)bytes.n
	               ? OK
	               : failure_of(w->zip);
}

err parcel_add_file(struct parcel *w, int fd)
{
	char chunk[CHUNK_BYTES];
	err e = OK;
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_system("a file for the archive cannot be read");
		if (n == 0)
			return OK;
		TRY(parcel_add(w, (str){ chunk, (size_t)n }));
	}
out:
	return e;
}

err parcel_end(struct parcel **w)
{
	err e = archive_write_close((*w)->zip) == ARCHIVE_OK ? OK : failure_of((*w)->zip);
	parcel_drop(w);
	return e;
}

void parcel_drop(struct parcel **w)
{
	if (!*w)
		return;
	if ((*w)->zip)
		archive_write_free((*w)->zip);
	if ((*w)->entry)
		archive_entry_free((*w)->entry);
	free(*w);
	*w = NULL;
}
