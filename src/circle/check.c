#include "circle/check.h"

#include "circle/audit_compare.h"
#include "circle/audit_verify.h"
#include "circle/picture_private.h"

#include "base/file.h"
#include "store/pictures.h"
#include "store/tombstones.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define SAY_BUSY "Another check runs. Please try again later."
/* The sweep has been by for sure: what no row names after this long is not on its way any more. */
#define LEFT_OVER_MS (INT64_C(26) * 3600 * 1000)

struct check {
	struct circle *c;
	checks_fault fault;
	void *ctx;
	int64_t faults;
};

static void found(void *ctx, const char *what, str about)
{
	struct check *check = ctx;
	check->faults++;
	check->fault(check->ctx, what, about);
}

static err join(char path[PATH_BYTES], const char *folder, const char *name)
{
	return snprintf(path, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES
	               ? OK
	               : err_input("data", "The path is too long.");
}

/* ---- files of pictures ---- */

/* As WebP and JPEG begin. */
static bool begins_well(int fd, enum media_format format)
{
	char head[12];
	if (pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head)
		return false;
	return format == MEDIA_WEBP
	               ? memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WEBP", 4) == 0
	               : memcmp(head, "\xff\xd8\xff", 3) == 0;
}

static err check_content(const unsigned char content[MEDIA_CONTENT_BYTES], void *ctx)
{
	struct check *check = ctx;
	for (int i = 0; i < PICTURE_FILES; i++) {
		enum media_format format = (enum media_format)(i % MEDIA_FORMATS);
		size_t bytes = 0;
		int fd = -1;
		err e = picture_files_read(check->c->album->files, content,
		                           (enum media_size)(i / MEDIA_FORMATS), format, &fd,
		                           &bytes);
		if (failed(e))
			found(check, "a picture's file is missing",
			      str_of(picture_files_path(content, i).text));
		else if (!begins_well(fd, format))
			found(check, "a picture's file is damaged",
			      str_of(picture_files_path(content, i).text));
		if (fd >= 0)
			close(fd);
	}
	return OK;
}

/* A name of ours whose content no row has; anything else in there is not ours to judge. */
static void check_file(struct check *check, struct conn *conn, const char *folder, const char *name)
{
	unsigned char content[MEDIA_CONTENT_BYTES];
	char path[PATH_BYTES];
	struct stat st;
	bool has = true;
	if (snprintf(path, sizeof path, "media/%s/%s", folder, name) >= (int)sizeof path ||
	    !picture_files_of_path(str_of(path), content) ||
	    failed(pictures_has_content(conn, content, &has)) || has)
		return;
	char whole[PATH_BYTES];
	if (failed(join(whole, check->c->folder, path)) || lstat(whole, &st) < 0 ||
	    clock_now(check->c->clock) - (int64_t)st.st_mtime * 1000 < LEFT_OVER_MS)
		return;
	found(check, "a file that no picture names", str_of(path));
}

static void check_folder(struct check *check, struct conn *conn, const char *name)
{
	char path[PATH_BYTES];
	DIR *dir = NULL;
	if (snprintf(path, sizeof path, "%s/media/%s", check->c->folder, name) < (int)sizeof path)
		dir = opendir(path);
	if (!dir)
		return;
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		check_file(check, conn, name, d->d_name);
	closedir(dir);
}

static err check_leftovers(struct check *check, struct conn *conn)
{
	char path[PATH_BYTES];
	DIR *dir;
	err e;
	TRY(join(path, check->c->folder, "media"));
	dir = opendir(path);
	if (!dir)
		return err_system("the folder of pictures cannot be read");
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		if (strlen(d->d_name) == 2 && strcmp(d->d_name, "..") != 0)
			check_folder(check, conn, d->d_name);
	closedir(dir);
out:
	return e;
}

/* ---- what was taken back ---- */

static err check_log(struct check *check, struct conn *conn)
{
	struct arena *mem = arena_new(256);
	char path[PATH_BYTES];
	struct tombstones_file log;
	int64_t origin, last;
	err e;
	/* The database first: what it has, the log has by the time it is read. */
	TRY(checks_tombstones(conn, &origin, &last));
	TRY(join(path, check->c->folder, "tombstones.log"));
	TRY(tombstones_look(path, &log));
	if (log.bad)
		found(check, "a damaged line in tombstones.log",
		      str_format(mem, "line %lld", (long long)log.bad));
	if (log.origin != origin)
		found(check, "tombstones.log belongs to another database", STR_NONE);
	if (log.last < last)
		found(check, "tombstones.log is behind the database",
		      str_format(mem, "%lld of %lld", (long long)log.last, (long long)last));
out:
	arena_free(mem);
	return e;
}

/* ---- the log of the order ---- */

static err check_audit(struct check *check, struct conn *conn)
{
	struct arena *mem = arena_new(256);
	struct audit_memory memory = { .key = audit_public_key(check->c) };
	struct audit_verified v;
	err e;
	TRY(audit_verify(conn, &memory, NULL, NULL, &v));
	if (v.fault.what)
		found(check, "the log of the order is not what was written",
		      str_format(mem, "%s, record %lld", v.fault.what, (long long)v.fault.seq));
	TRY(audit_compare(conn, found, check));
out:
	arena_free(mem);
	return e;
}

/* ---- the search index, on a copy ---- */

static err copy_path(const struct circle *c, char path[PATH_BYTES])
{
	return join(path, c->folder, "check.db");
}

static void drop_copy(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char part[PATH_BYTES + 16];
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(part, sizeof part, "%s%s", path, ends[i]);
		unlink(part);
	}
}

static err check_words(struct check *check, struct conn *conn)
{
	char path[PATH_BYTES];
	err e;
	TRY(copy_path(check->c, path));
	drop_copy(path);
	e = store_copy(conn, path);
	if (!failed(e))
		e = checks_words(path, found, check);
	drop_copy(path);
out:
	return e;
}

err check_all(struct circle *c, checks_fault fault, void *ctx, int64_t *faults)
{
	struct check check = { .c = c, .fault = fault, .ctx = ctx };
	struct conn *conn = NULL;
	err e;
	*faults = 0;
	if (pthread_mutex_trylock(&c->checking) != 0) {
		e = err_busy("another check runs");
		e.say = SAY_BUSY;
		return e;
	}
	picture_files_pause(c->album->files);
	TRY(store_read(c->store, &conn));
	TRY(checks_run(conn, found, &check));
	TRY(pictures_each_content(conn, check_content, &check));
	TRY(check_leftovers(&check, conn));
	TRY(check_log(&check, conn));
	TRY(check_audit(&check, conn));
	TRY(check_words(&check, conn));
out:
	store_read_end(c->store, &conn);
	picture_files_resume(c->album->files);
	pthread_mutex_unlock(&c->checking);
	*faults = check.faults;
	return e;
}

void check_forget(const struct circle *c)
{
	char path[PATH_BYTES];
	if (!failed(copy_path(c, path)))
		drop_copy(path);
}
