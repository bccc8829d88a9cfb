#include "circle/unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include <stdlib.h>

#define CHUNK_BYTES ((size_t)256 << 10)
#define SAY_NO_ZIP "This is not an archive that can be read."
#define SAY_MUCH "There is more in this archive than can be taken in at once."

/* The whole of the present entry; the caller frees. */
static err read_entry(struct archive *zip, size_t max, char **bytes, size_t *n)
{
	size_t cap = 0;
	*bytes = NULL;
	*n = 0;
	for (;;) {
		if (cap - *n < CHUNK_BYTES) {
			size_t more = cap ? 2 * cap : 2 * CHUNK_BYTES;
			char *grown = realloc(*bytes, more);
			if (!grown)
				return err_busy("no memory for an entry");
			*bytes = grown;
			cap = more;
		}
		la_ssize_t got = archive_read_data(zip, *bytes + *n, CHUNK_BYTES);
		if (got < 0)
			return err_input("file", SAY_NO_ZIP);
		if (got == 0)
			return OK;
		*n += (size_t)got;
		if (*n > max)
			return err_limit("file", SAY_MUCH);
	}
}

static err take_entry(struct archive *zip, const char *name, size_t max,
                      const struct unpack *unpack, int64_t *total)
{
	char *bytes = NULL;
	size_t n;
	err e;
	TRY(read_entry(zip, max, &bytes, &n));
	*total += (int64_t)n;
	if (*total > unpack->bytes_max)
		TRY(err_limit("file", SAY_MUCH));
	TRY(unpack->take(unpack->ctx, name, (str){ bytes, n }));
out:
	free(bytes);
	return e;
}

err unpack_each(str zip_bytes, const struct unpack *unpack)
{
	struct archive *zip = archive_read_new();
	struct archive_entry *entry;
	int64_t total = 0;
	int code = ARCHIVE_OK;
	err e = OK;
	if (!zip)
		return err_busy("no memory for an archive");
	if (archive_read_support_format_zip(zip) != ARCHIVE_OK ||
	    archive_read_open_memory(zip, zip_bytes.p, zip_bytes.n) != ARCHIVE_OK)
		TRY(err_input("file", SAY_NO_ZIP));
	for (int i = 0; (code = archive_read_next_header(zip, &entry)) == ARCHIVE_OK; i++) {
		const char *name = archive_entry_pathname(entry);
		size_t max;
		if (i == UNPACK_ENTRIES_MAX)
			TRY(err_limit("file", SAY_MUCH));
		if (!name || archive_entry_filetype(entry) != AE_IFREG)
			continue;
		max = unpack->wants(unpack->ctx, name);
		if (max > 0)
			TRY(take_entry(zip, name, max, unpack, &total));
	}
	if (code != ARCHIVE_EOF)
		e = err_input("file", SAY_NO_ZIP);
out:
	archive_read_free(zip);
	return e;
}
