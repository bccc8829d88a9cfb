/* file.c - files as wholes, as maps and as lines. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>

#define READ_BYTES ((size_t)256 << 10)

/* strerrordesc_np returns static text, as an err needs. */
static err from_errno(void)
{
	const char *why = strerrordesc_np(errno);
	return errno == ENOENT ? err_missing(why) : err_system(why ? why : "unknown errno");
}

/* Bytes read, 0 at the end, -1 with errno. */
static ssize_t read_some(int fd, void *to, size_t n)
{
	ssize_t got;
	do
		got = read(fd, to, n);
	while (got < 0 && errno == EINTR);
	return got;
}

err file_read(const char *path, size_t max_bytes, struct arena *mem, str *bytes)
{
	struct stat st;
	char *p = NULL;
	size_t n = 0, cap = 0;
	err e = OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0) {
		e = from_errno();
		goto out;
	}
	if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max_bytes) {
		e = err_limit(NULL, "the file is too large");
		goto out;
	}
	for (;;) {
		if (n == cap) { /* the size is a hint: pipes and /proc have none, files grow */
			size_t want = cap ? cap * 2 : (size_t)st.st_size + 1;
			if (want < 4096)
				want = 4096;
			if (want > max_bytes)
				want = max_bytes + 1; /* one more tells "exactly" from "over" */
			p = arena_grow(mem, p, cap, want);
			cap = want;
		}
		ssize_t got = read_some(fd, p + n, cap - n);
		if (got < 0)
			e = from_errno();
		if (got <= 0)
			break;
		n += (size_t)got;
		if (n > max_bytes) {
			e = err_limit(NULL, "the file is too large");
			break;
		}
	}
out:
	if (fd >= 0)
		close(fd);
	*bytes = failed(e) ? STR_NONE : (str){ p, n };
	return e;
}

static err write_all(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t done = write(fd, bytes.p, bytes.n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return from_errno();
		bytes = str_slice(bytes, (size_t)done, bytes.n);
	}
	return OK;
}

static err sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	if (!slash)
		snprintf(folder, sizeof folder, ".");
	else
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err e = fd < 0 || fsync(fd) < 0 ? from_errno() : OK;
	if (fd >= 0)
		close(fd);
	return e;
}

err file_write(const char *path, str bytes, unsigned mode)
{
	char beside[PATH_MAX];
	int fd = -1;
	err e;
	int length = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
	if (length < 0 || (size_t)length >= sizeof beside)
		return err_system("the path is too long");
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return from_errno();
	TRY(write_all(fd, bytes));
	if (fchmod(fd, (mode_t)mode) < 0 || fsync(fd) < 0 || rename(beside, path) < 0) {
		e = from_errno();
		goto out;
	}
	e = sync_folder_of(path);
	close(fd);
	return e;
out:
	close(fd);
	unlink(beside);
	return e;
}

err file_make_folder(const char *path, unsigned mode)
{
	char part[PATH_MAX];
	struct stat st;
	size_t n = strlen(path);
	if (n == 0 || n >= sizeof part)
		return err_system("the path is empty or too long");
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, (mode_t)mode) < 0 && errno != EEXIST)
			return from_errno();
	}
	if (stat(path, &st) < 0)
		return from_errno();
	return S_ISDIR(st.st_mode) ? OK : err_system("a file stands where a folder should be");
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

err file_map_fd(int fd, str *map)
{
	struct stat st;
	*map = STR_NONE;
	if (fstat(fd, &st) < 0)
		return from_errno();
	if (!S_ISREG(st.st_mode))
		return err_system("not a regular file");
	size_t n = (size_t)st.st_size;
	void *p = n > 0 ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	if (p == MAP_FAILED)
		return from_errno();
	if (n > 0)
		*map = (str){ p, n };
	return OK;
}

err file_map(const char *path, str *map)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	*map = STR_NONE;
	if (fd < 0)
		return from_errno();
	err e = file_map_fd(fd, map);
	close(fd);
	return e;
}

int file_open_beneath(int folder, const char *path, int flags, unsigned mode)
{
	bool makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
	struct open_how how = { .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC | O_NOFOLLOW),
		                .mode = makes ? mode : 0,
		                .resolve = (uint64_t)(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS) };
	int fd;
	do
		fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
	while (fd < 0 && errno == EINTR);
	return fd;
}

void file_unmap(str *map)
{
	if (map->n)
		munmap((void *)(uintptr_t)map->p, map->n);
	*map = STR_NONE;
}

/* Not gzread: on a pipe it waits until its buffer is full, and whoever sends one line and waits for the
 * answer would wait for ever. */
struct line_reader {
	int fd;
	bool own_fd, gzip, started, ended, skipping;
	size_t line_max;
	char *text; /* text[at..end) is unread */
	size_t at, end, cap;
	size_t scanned;        /* no newline in text[at..scanned) */
	unsigned char *packed; /* gzip only */
	z_stream z;
	err e;
};

static struct line_reader *reader_of(int fd, bool own_fd, size_t line_max_bytes)
{
	struct line_reader *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	r->fd = fd;
	r->own_fd = own_fd;
	r->line_max = line_max_bytes;
	r->cap = line_max_bytes + READ_BYTES;
	r->text = malloc(r->cap);
	if (!r->text)
		abort();
	return r;
}

err lines_open(const char *path, size_t line_max_bytes, struct line_reader **out)
{
	bool standard_input = strcmp(path, "-") == 0;
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	*out = NULL;
	if (fd < 0)
		return from_errno();
	*out = reader_of(fd, !standard_input, line_max_bytes);
	return OK;
}

struct line_reader *lines_of_fd(int fd, size_t line_max_bytes)
{
	return reader_of(fd, false, line_max_bytes);
}

static void stop(struct line_reader *r, err e)
{
	r->ended = true;
	r->e = e;
}

static void begin_gzip(struct line_reader *r)
{
	r->gzip = true;
	r->packed = malloc(READ_BYTES);
	if (!r->packed || inflateInit2(&r->z, 15 + 16) != Z_OK)
		abort();
	r->z.next_in = r->packed;
	r->z.avail_in = (uInt)r->end;
	memcpy(r->packed, r->text, r->end);
	r->end = 0;
}

/* The first bytes tell gzip from text. Waits for a second byte only if the first is that of gzip. */
static void start(struct line_reader *r)
{
	r->started = true;
	while (r->end < 2 && (r->end == 0 || r->text[0] == 0x1f)) {
		ssize_t got = read_some(r->fd, r->text + r->end, READ_BYTES - r->end);
		if (got < 0)
			stop(r, from_errno());
		else if (got == 0)
			stop(r, OK);
		if (got <= 0)
			return;
		r->end += (size_t)got;
	}
	if (r->end >= 2 && memcmp(r->text, "\x1f\x8b", 2) == 0)
		begin_gzip(r);
}

static void fill_gzip(struct line_reader *r)
{
	size_t before = r->end;
	while (!r->ended && r->end == before) {
		bool between = r->z.total_in == 0; /* at the start of a member */
		if (r->z.avail_in == 0) {
			ssize_t got = read_some(r->fd, r->packed, READ_BYTES);
			if (got < 0)
				stop(r, from_errno());
			else if (got == 0)
				stop(r,
				     between ? OK : err_input(NULL, "the gzip file is cut short"));
			if (got <= 0)
				return;
			r->z.next_in = r->packed;
			r->z.avail_in = (uInt)got;
		}
		r->z.next_out = (Bytef *)r->text + r->end;
		r->z.avail_out = (uInt)(r->cap - r->end);
		int state = inflate(&r->z, Z_NO_FLUSH);
		r->end = (size_t)((char *)r->z.next_out - r->text);
		if (state == Z_STREAM_END)
			inflateReset(&r->z); /* files may be joined */
		else if (state != Z_OK && state != Z_BUF_ERROR)
			stop(r, err_input(NULL, "the gzip data is damaged"));
	}
}

static void fill(struct line_reader *r)
{
	if (r->at) {
		memmove(r->text, r->text + r->at, r->end - r->at);
		r->end -= r->at;
		r->scanned -= r->at;
		r->at = 0;
	}
	if (!r->started) {
		start(r);
		if (!r->gzip)
			return;
	}
	if (r->gzip) {
		fill_gzip(r);
		return;
	}
	ssize_t got = read_some(r->fd, r->text + r->end, r->cap - r->end);
	if (got > 0)
		r->end += (size_t)got;
	else
		stop(r, got < 0 ? from_errno() : OK);
}

/* Hands out text[at..at+n), cut to the maximum, and goes on at `next`. */
static bool hand_out(struct line_reader *r, size_t n, size_t next, str *line, bool *cut)
{
	*cut = n > r->line_max;
	*line = (str){ r->text + r->at, *cut ? r->line_max : n };
	r->at = r->scanned = next;
	return true;
}

bool lines_next(struct line_reader *r, str *line, bool *cut)
{
	for (;;) {
		char *from = r->text + r->scanned;
		char *newline = memchr(from, '\n', r->end - r->scanned);
		r->scanned = r->end;
		if (newline) {
			size_t k = (size_t)(newline - r->text);
			if (!r->skipping)
				return hand_out(r, k - r->at, k + 1, line, cut);
			r->skipping = false;
			r->at = r->scanned = k + 1;
			continue;
		}
		size_t n = r->end - r->at;
		if (r->skipping || failed(r->e)) { /* half a line of a broken file is no line */
			r->at = r->end;
		} else if (n > r->line_max || (r->ended && n > 0)) {
			r->skipping = !r->ended;
			return hand_out(r, n, r->end, line, cut);
		}
		if (r->ended)
			return false;
		fill(r);
	}
}

err lines_close(struct line_reader **r)
{
	struct line_reader *old = *r;
	if (!old)
		return OK;
	*r = NULL;
	err e = old->e;
	if (old->gzip)
		inflateEnd(&old->z);
	if (old->own_fd)
		close(old->fd);
	free(old->packed);
	free(old->text);
	free(old);
	return e;
}
