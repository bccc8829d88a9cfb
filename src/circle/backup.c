#include "circle/backup.h"

#include "circle/audit_root.h"
#include "circle/picture_private.h"

#include "base/file.h"
#include "store/pictures.h"
#include "store/tombstones.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define SAY_FULL_FOLDER "The folder for the backup is not empty."

struct backup {
	struct circle *c;
	const char *to;
	bool (*stopped)(void *ctx);
	void *ctx;
	struct manifest_writer *manifest;
	int last_folder; /* of pictures that was made: they come in order */
};

static err from_errno(void)
{
	const char *why = strerrordesc_np(errno);
	return errno == ENOSPC || errno == EDQUOT ? err_busy(why)
	                                          : err_system(why ? why : "unknown errno");
}

static err join(char path[PATH_BYTES], const char *folder, const char *name)
{
	return snprintf(path, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES
	               ? OK
	               : err_input("destination", "The path is too long.");
}

static err take_folder(const char *path)
{
	DIR *dir;
	bool empty = true;
	err e;
	TRY(file_make_folder(path, 0700));
	dir = opendir(path);
	if (!dir)
		return from_errno();
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		empty &= strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0;
	closedir(dir);
	if (!empty)
		e = err_input("destination", SAY_FULL_FOLDER);
out:
	return e;
}

/* Of a file that lies in the backup already. */
static err add(struct backup *b, const char *name)
{
	unsigned char hash[MANIFEST_HASH_BYTES];
	char path[PATH_BYTES];
	int64_t bytes;
	int fd = -1;
	err e;
	TRY(join(path, b->to, name));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		TRY(from_errno());
	TRY(manifest_copy(fd, -1, INT64_MAX, hash, &bytes));
	TRY(manifest_add(b->manifest, name, bytes, hash));
out:
	if (fd >= 0)
		close(fd);
	return e;
}

/* At most `limit` bytes of a file of the data folder. ERR_MISSING when it is not there. */
static err copy(struct backup *b, const char *name, int64_t limit)
{
	unsigned char hash[MANIFEST_HASH_BYTES];
	char from_path[PATH_BYTES], to_path[PATH_BYTES];
	int from = -1, to = -1;
	int64_t bytes;
	err e;
	TRY(join(from_path, b->c->folder, name));
	TRY(join(to_path, b->to, name));
	from = open(from_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (from < 0) {
		e = errno == ENOENT ? err_missing("nothing to copy") : from_errno();
		goto out;
	}
	to = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		TRY(from_errno());
	TRY(manifest_copy(from, to, limit, hash, &bytes));
	TRY(manifest_add(b->manifest, name, bytes, hash));
out:
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return e;
}

static err link_or_copy(struct backup *b, const char *name)
{
	char from[PATH_BYTES], to[PATH_BYTES];
	err e;
	TRY(join(from, b->c->folder, name));
	TRY(join(to, b->to, name));
	if (link(from, to) == 0)
		return add(b, name);
	TRY(copy(b, name, INT64_MAX));
out:
	return e;
}

static err copy_picture(const unsigned char content[MEDIA_CONTENT_BYTES], void *ctx)
{
	struct backup *b = ctx;
	char folder[PATH_BYTES], name[16];
	err e;
	if (b->stopped && b->stopped(b->ctx))
		return err_busy("stopped");
	if (b->last_folder != content[0]) {
		snprintf(name, sizeof name, "media/%02x", content[0]);
		TRY(join(folder, b->to, name));
		TRY(file_make_folder(folder, 0700));
		b->last_folder = content[0];
	}
	for (int i = 0; i < PICTURE_FILES; i++)
		TRY(link_or_copy(b, picture_files_path(content, i).text));
out:
	return e;
}

static err look_at_log(const struct circle *c, struct tombstones_file *file)
{
	char path[PATH_BYTES];
	err e;
	TRY(join(path, c->folder, "tombstones.log"));
	TRY(tombstones_look(path, file));
out:
	return e;
}

static err sync_all(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err e = fd < 0 || syncfs(fd) < 0 ? from_errno() : OK;
	if (fd >= 0)
		close(fd);
	return e;
}

/* The log is looked at after the snapshot, so it is never behind it. */
static err write_all(struct backup *b, struct conn *conn, struct manifest *about)
{
	struct tombstones_file log;
	struct store_size size;
	char path[PATH_BYTES];
	err e;
	TRY(join(path, b->to, "kith.db"));
	TRY(store_measure(conn, &size)); /* the snapshot begins here */
	TRY(store_copy(conn, path));
	TRY(look_at_log(b->c, &log));
	about->schema = size.schema;
	about->people = size.people;
	about->posts = size.posts;
	about->origin = log.origin;
	about->tombstones = log.last;
	TRY(manifest_begin(b->to, about, &b->manifest));
	TRY(add(b, "kith.db"));
	TRY(copy(b, "tombstones.log", (int64_t)log.bytes));
	TRY(copy(b, AUDIT_KEY_FILE, INT64_MAX));
	e = copy(b, "bank.txt", INT64_MAX);
	if (e.code != ERR_MISSING)
		TRY(e);
	TRY(pictures_each_content(conn, copy_picture, b));
	TRY(sync_all(b->to));
	TRY(manifest_end(&b->manifest, about));
	TRY(sync_all(b->to));
out:
	manifest_drop(&b->manifest);
	return e;
}

err backup_make(struct circle *c, const char *destination, bool (*stopped)(void *ctx), void *ctx,
                struct manifest *out)
{
	struct backup b = {
		.c = c, .to = destination, .stopped = stopped, .ctx = ctx, .last_folder = -1
	};
	struct conn *conn = NULL;
	err e;
	*out = (struct manifest){ .made_at_ms = clock_now(c->clock) };
	TRY(take_folder(destination));
	picture_files_pause(c->album->files);
	e = store_read(c->store, &conn);
	if (!failed(e))
		e = write_all(&b, conn, out);
	store_read_end(c->store, &conn);
	picture_files_resume(c->album->files);
out:
	return e;
}
