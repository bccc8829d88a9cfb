#include "circle/manifest.h"

#include "circle/audit_root.h"
#include "circle/picture_files.h"

#include "base/encode.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define LINE_BYTES 512
#define CHUNK_BYTES ((size_t)256 << 10)
#define SAY_BROKEN "The backup's manifest is missing, broken off or changed."

struct manifest_writer {
	FILE *file;
	char path[PATH_BYTES], beside[PATH_BYTES];
	crypto_generichash_state hash;
	struct manifest about;
};

static err from_errno(void)
{
	const char *why = strerrordesc_np(errno);
	return errno == ENOSPC || errno == EDQUOT ? err_busy(why)
	                                          : err_system(why ? why : "unknown errno");
}

static void hex(char *out, const unsigned char *hash)
{
	sodium_bin2hex(out, (size_t)(2 * MANIFEST_HASH_BYTES + 1), hash, MANIFEST_HASH_BYTES);
}

__attribute__((format(printf, 2, 3))) static err say(struct manifest_writer *w, const char *format,
                                                     ...)
{
	char line[LINE_BYTES];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof line)
		return err_system("a line of the manifest is too long");
	crypto_generichash_update(&w->hash, (const unsigned char *)line, (unsigned long long)n);
	return fwrite(line, 1, (size_t)n, w->file) == (size_t)n ? OK : from_errno();
}

err manifest_begin(const char *folder, const struct manifest *about, struct manifest_writer **out)
{
	struct manifest_writer *w = calloc(1, sizeof *w);
	int fd;
	err e;
	if (!w)
		return err_system("no memory for a manifest");
	w->about = *about;
	if (snprintf(w->path, sizeof w->path, "%s/" MANIFEST_NAME, folder) >= (int)sizeof w->path ||
	    snprintf(w->beside, sizeof w->beside, "%s/" MANIFEST_NAME ".part", folder) >=
	            (int)sizeof w->beside)
		TRY(err_input("destination", "The path is too long."));
	crypto_generichash_init(&w->hash, NULL, 0, MANIFEST_HASH_BYTES);
	fd = open(w->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	w->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!w->file)
		TRY(from_errno());
	TRY(say(w, "kith-backup %d\nversion %s\nschema %lld\nmade %lld\n", MANIFEST_VERSION,
	        KITH_VERSION, (long long)about->schema, (long long)about->made_at_ms));
	TRY(say(w, "people %lld\nposts %lld\ntombstones %lld %lld\n", (long long)about->people,
	        (long long)about->posts, (long long)about->origin, (long long)about->tombstones));
	*out = w;
	return OK;
out:
	manifest_drop(&w);
	return e;
}

err manifest_add(struct manifest_writer *w, const char *path, int64_t bytes,
                 const unsigned char hash[MANIFEST_HASH_BYTES])
{
	char text[2 * MANIFEST_HASH_BYTES + 1];
	hex(text, hash);
	w->about.files++;
	w->about.bytes += bytes;
	return say(w, "file %s %lld %s\n", text, (long long)bytes, path);
}

err manifest_end(struct manifest_writer **writer, struct manifest *out)
{
	struct manifest_writer *w = *writer;
	unsigned char hash[MANIFEST_HASH_BYTES];
	char text[2 * MANIFEST_HASH_BYTES + 1];
	err e = OK;
	crypto_generichash_final(&w->hash, hash, sizeof hash);
	hex(text, hash);
	if (fprintf(w->file, "end %lld %s\n", (long long)w->about.files, text) < 0 ||
	    fflush(w->file) != 0 || fsync(fileno(w->file)) < 0 || rename(w->beside, w->path) < 0)
		e = from_errno();
	*out = w->about;
	manifest_drop(writer);
	return e;
}

void manifest_drop(struct manifest_writer **w)
{
	if (!*w)
		return;
	if ((*w)->file)
		fclose((*w)->file);
	free(*w);
	*w = NULL;
}

/* ---- reading ---- */

static const struct {
	const char *word;
	size_t at; /* in struct manifest */
} heads[] = {
	{ "schema", offsetof(struct manifest, schema) },
	{ "made", offsetof(struct manifest, made_at_ms) },
	{ "people", offsetof(struct manifest, people) },
	{ "posts", offsetof(struct manifest, posts) },
};

static bool is_path(str path)
{
	unsigned char content[MEDIA_CONTENT_BYTES];
	return str_eq(path, S("kith.db")) || str_eq(path, S("tombstones.log")) ||
	       str_eq(path, S("bank.txt")) || str_eq(path, S(AUDIT_KEY_FILE)) ||
	       picture_files_of_path(path, content);
}

static bool read_file(str rest, struct manifest_file *file)
{
	str hash = str_cut(&rest, ' ');
	str bytes = str_cut(&rest, ' ');
	file->path = rest;
	return hex_to(hash, file->hash, sizeof file->hash) && str_to_i64(bytes, &file->bytes) &&
	       file->bytes >= 0 && is_path(rest);
}

/* One line; `over` when it is the last. */
static err read_line(str line, struct manifest *m, crypto_generichash_state *hash, bool *over,
                     err (*each)(const struct manifest_file *, void *), void *ctx)
{
	struct manifest_file file;
	unsigned char is[MANIFEST_HASH_BYTES], said[MANIFEST_HASH_BYTES];
	int64_t n;
	str rest = line, word = str_cut(&rest, ' ');
	if (str_eq(word, S("end"))) {
		crypto_generichash_final(hash, is, sizeof is);
		*over = true;
		return str_to_i64(str_cut(&rest, ' '), &n) && n == m->files &&
		                       hex_to(rest, said, sizeof said) &&
		                       memcmp(is, said, sizeof is) == 0
		               ? OK
		               : err_input("source", SAY_BROKEN);
	}
	crypto_generichash_update(hash, (const unsigned char *)line.p, line.n);
	crypto_generichash_update(hash, (const unsigned char *)"\n", 1);
	if (str_eq(word, S("file"))) {
		if (!read_file(rest, &file))
			return err_input("source", SAY_BROKEN);
		m->files++;
		m->bytes += file.bytes;
		return each ? each(&file, ctx) : OK;
	}
	if (str_eq(word, S("tombstones")))
		return str_to_i64(str_cut(&rest, ' '), &m->origin) &&
		                       str_to_i64(rest, &m->tombstones)
		               ? OK
		               : err_input("source", SAY_BROKEN);
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (str_eq(word, str_of(heads[i].word)) &&
		    !str_to_i64(rest, (int64_t *)(void *)((char *)m + heads[i].at)))
			return err_input("source", SAY_BROKEN);
	return OK;
}

err manifest_read(int folder, struct manifest *out,
                  err (*each)(const struct manifest_file *file, void *ctx), void *ctx)
{
	int fd = file_open_beneath(folder, MANIFEST_NAME, O_RDONLY, 0);
	struct line_reader *lines = fd < 0 ? NULL : lines_of_fd(fd, LINE_BYTES);
	crypto_generichash_state hash;
	bool over = false, cut, first = true;
	str line;
	err e = OK;
	*out = (struct manifest){ 0 };
	crypto_generichash_init(&hash, NULL, 0, MANIFEST_HASH_BYTES);
	while (lines && !over && lines_next(lines, &line, &cut)) {
		if (cut || (first && !str_eq(line, S("kith-backup 1"))))
			TRY(err_input("source", SAY_BROKEN));
		first = false;
		TRY(read_line(line, out, &hash, &over, each, ctx));
	}
	if (!over)
		e = err_input("source", SAY_BROKEN);
out:
	if (lines && failed(lines_close(&lines)) && !failed(e))
		e = err_system("the manifest cannot be read");
	if (fd >= 0)
		close(fd);
	return e;
}

err manifest_copy(int from, int to, int64_t limit, unsigned char hash[MANIFEST_HASH_BYTES],
                  int64_t *bytes)
{
	crypto_generichash_state state;
	unsigned char *chunk = malloc(CHUNK_BYTES);
	err e = OK;
	*bytes = 0;
	if (!chunk)
		return err_system("no memory for a copy");
	crypto_generichash_init(&state, NULL, 0, MANIFEST_HASH_BYTES);
	while (*bytes < limit) {
		size_t want = limit - *bytes < (int64_t)CHUNK_BYTES ? (size_t)(limit - *bytes)
		                                                    : CHUNK_BYTES;
		ssize_t n = read(from, chunk, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			TRY(from_errno());
		if (n == 0)
			break;
		crypto_generichash_update(&state, chunk, (unsigned long long)n);
		*bytes += n;
		for (ssize_t done = 0, part; to >= 0 && done < n; done += part) {
			part = write(to, chunk + done, (size_t)(n - done));
			if (part < 0)
				TRY(from_errno());
		}
	}
	crypto_generichash_final(&state, hash, MANIFEST_HASH_BYTES);
out:
	free(chunk);
	return e;
}
