/* One lock over holds and removals: whoever takes files away has made sure, under it, that nobody brings that content and no row
 * names it; whoever brings it holds it from before the files are written until its row is committed. */
#include "circle/picture_files.h"

#include "base/encode.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define HEX (2 * MEDIA_CONTENT_BYTES)
#define FILES PICTURE_FILES /* of one content: by size, then by format */
#define SAY_FULL                                                                                   \
	"There is no room for pictures here just now. Nothing was kept; please try again later."
#define SAY_MANY "Many pictures are on their way just now. Please try again in a moment."

struct file_name {
	char text[HEX + 64];
};

struct picture_files {
	int root;
	int64_t reserve_bytes;
	pthread_mutex_t lock; /* of all below, and of removals */
	struct hold {
		person_id by;
		unsigned char content[MEDIA_CONTENT_BYTES];
	} holds[PICTURES_UNDER_WAY];
	size_t n_holds;
	int paused;
	bool missed;
};

static err busy(const char *why, const char *say)
{
	err e = err_busy(why);
	e.say = say;
	return e;
}

static err from_errno(void)
{
	const char *why = strerrordesc_np(errno);
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return busy(why, SAY_FULL);
	return errno == ENOENT ? err_missing(why) : err_system(why ? why : "unknown errno");
}

/* ---- names ---- */

static void add_hex(char *to, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digits[bytes[i] >> 4];
		to[2 * i + 1] = digits[bytes[i] & 15];
	}
	to[2 * n] = '\0';
}

static struct file_name folder_name(const unsigned char *content)
{
	struct file_name name;
	add_hex(name.text, content, 1);
	return name;
}

/* Within its folder. `unique` 0: the name it is found under; else the one it is written beside as. */
static struct file_name file_name(const unsigned char *content, int which, int64_t unique)
{
	const char *size = media_size_word((enum media_size)(which / MEDIA_FORMATS));
	const char *format = media_format_word((enum media_format)(which % MEDIA_FORMATS));
	struct file_name name;
	char rest[HEX + 1];
	add_hex(rest, content + 1, MEDIA_CONTENT_BYTES - 1);
	if (unique)
		snprintf(name.text, sizeof name.text, "%s.%s.%s.%llx", rest, size, format,
		         (unsigned long long)unique);
	else
		snprintf(name.text, sizeof name.text, "%s.%s.%s", rest, size, format);
	return name;
}

/* The content a name stands for, and whether it is one that is written beside. False: not a name of ours. */
static bool read_name(const char *folder, const char *name, unsigned char *content, bool *beside)
{
	str rest = str_of(name);
	enum media_size size;
	enum media_format format;
	if (strlen(folder) != 2 || !hex_to(str_of(folder), content, 1) || rest.n < HEX - 2 ||
	    !hex_to(str_slice(rest, 0, HEX - 2), content + 1, MEDIA_CONTENT_BYTES - 1))
		return false;
	rest = str_slice(rest, HEX - 2, rest.n);
	if (str_cut(&rest, '.').n > 0 || !media_size_of(str_cut(&rest, '.'), &size) ||
	    !media_format_of(str_cut(&rest, '.'), &format))
		return false;
	*beside = rest.n > 0;
	return true;
}

struct picture_path picture_files_path(const unsigned char content[MEDIA_CONTENT_BYTES], int which)
{
	struct picture_path path;
	snprintf(path.text, sizeof path.text, "media/%s/%s", folder_name(content).text,
	         file_name(content, which, 0).text);
	return path;
}

bool picture_files_of_path(str path, unsigned char content[MEDIA_CONTENT_BYTES])
{
	struct picture_path name = { 0 };
	char folder[3] = { 0 };
	bool beside;
	if (path.n >= sizeof name.text || path.n < 10 || !str_starts(path, S("media/")) ||
	    path.p[8] != '/')
		return false;
	memcpy(folder, path.p + 6, 2);
	memcpy(name.text, path.p + 9, path.n - 9);
	if (!read_name(folder, name.text, content, &beside) || beside)
		return false;
	for (int i = 0; i < FILES; i++)
		if (str_eq(path, str_of(picture_files_path(content, i).text)))
			return true;
	return false;
}

/* ---- the folder ---- */

err picture_files_open(const char *folder, int64_t reserve_bytes, struct picture_files **out)
{
	char path[PATH_BYTES];
	struct picture_files *files;
	err e;
	if (snprintf(path, sizeof path, "%s/media", folder) >= (int)sizeof path)
		return err_input("data", "the path of the data folder is too long");
	TRY(file_make_folder(path, 0700));
	files = calloc(1, sizeof *files);
	if (!files)
		return err_system("no memory for the files of pictures");
	files->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (files->root < 0) {
		e = from_errno();
		free(files);
		return e;
	}
	files->reserve_bytes = reserve_bytes;
	pthread_mutex_init(&files->lock, NULL);
	*out = files;
out:
	return e;
}

void picture_files_close(struct picture_files **files)
{
	if (!*files)
		return;
	close((*files)->root);
	pthread_mutex_destroy(&(*files)->lock);
	free(*files);
	*files = NULL;
}

/* ---- holds ---- */

static bool is_held(const struct picture_files *files, const unsigned char *content)
{
	for (size_t i = 0; i < files->n_holds; i++)
		if (memcmp(files->holds[i].content, content, MEDIA_CONTENT_BYTES) == 0)
			return true;
	return false;
}

err picture_files_hold(struct picture_files *files, person_id by,
                       const unsigned char content[MEDIA_CONTENT_BYTES])
{
	size_t of_one = 0;
	bool room;
	pthread_mutex_lock(&files->lock);
	for (size_t i = 0; i < files->n_holds; i++)
		of_one += files->holds[i].by.v == by.v;
	room = files->n_holds < PICTURES_UNDER_WAY && of_one < PICTURES_OF_ONE;
	if (room) {
		struct hold *hold = &files->holds[files->n_holds++];
		hold->by = by;
		memcpy(hold->content, content, MEDIA_CONTENT_BYTES);
	}
	pthread_mutex_unlock(&files->lock);
	return room ? OK : busy("too many pictures under way", SAY_MANY);
}

void picture_files_release(struct picture_files *files, person_id by,
                           const unsigned char content[MEDIA_CONTENT_BYTES])
{
	size_t i = 0;
	pthread_mutex_lock(&files->lock);
	while (i < files->n_holds &&
	       !(files->holds[i].by.v == by.v &&
	         memcmp(files->holds[i].content, content, MEDIA_CONTENT_BYTES) == 0))
		i++;
	if (i < files->n_holds)
		files->holds[i] = files->holds[--files->n_holds];
	pthread_mutex_unlock(&files->lock);
}

/* ---- writing ---- */

static err has_room(const struct picture_files *files, int64_t bytes)
{
	struct statvfs disk;
	if (fstatvfs(files->root, &disk) < 0)
		return from_errno();
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize - bytes >= files->reserve_bytes
	               ? OK
	               : busy("less than the reserve is free on the disk", SAY_FULL);
}

err picture_files_scratch(struct picture_files *files, str bytes, int *fd)
{
	err e;
	*fd = -1;
	TRY(has_room(files, (int64_t)bytes.n));
	*fd = file_open_beneath(files->root, ".", O_TMPFILE | O_RDWR, 0600);
	while (*fd >= 0 && bytes.n > 0) {
		ssize_t done = write(*fd, bytes.p, bytes.n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			break;
		bytes = str_slice(bytes, (size_t)done, bytes.n);
	}
	if (*fd < 0 || bytes.n > 0)
		e = from_errno();
out:
	if (failed(e) && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return e;
}

/* The folder of a content, made where it is not there and then for good. */
static err open_folder(const struct picture_files *files, const unsigned char *content, bool make,
                       int *out)
{
	struct file_name name = folder_name(content);
	bool made = make && mkdirat(files->root, name.text, 0700) == 0;
	if (make && !made && errno != EEXIST)
		return from_errno();
	if (made && fsync(files->root) < 0)
		return from_errno();
	*out = file_open_beneath(files->root, name.text, O_RDONLY | O_DIRECTORY, 0);
	return *out < 0 ? from_errno() : OK;
}

static err copy_out(int from, const struct print_file *file, int to)
{
	off_t at = (off_t)file->from;
	size_t left = file->bytes;
	while (left > 0) {
		ssize_t done = sendfile(to, from, &at, left);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return from_errno();
		if (done == 0)
			return err_system("a developed picture is shorter than it says");
		left -= (size_t)done;
	}
	return fsync(to) < 0 ? from_errno() : OK;
}

static err write_beside(int folder, const struct print *print, int which, const char *name)
{
	const struct print_file *file = &print->files[which / MEDIA_FORMATS][which % MEDIA_FORMATS];
	int fd = file_open_beneath(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return from_errno();
	err e = copy_out(print->fd, file, fd);
	if (close(fd) < 0 && !failed(e))
		e = from_errno();
	return e;
}

err picture_files_keep(struct picture_files *files,
                       const unsigned char content[MEDIA_CONTENT_BYTES], const struct print *print,
                       int64_t unique)
{
	int64_t bytes = 0;
	int folder = -1;
	err e;
	for (int i = 0; i < FILES; i++)
		bytes += (int64_t)print->files[i / MEDIA_FORMATS][i % MEDIA_FORMATS].bytes;
	TRY(has_room(files, bytes));
	TRY(open_folder(files, content, true, &folder));
	for (int i = 0; i < FILES; i++)
		TRY(write_beside(folder, print, i, file_name(content, i, unique).text));
	/* All are on the disk: from here on only a broken disk can fail. */
	for (int i = 0; i < FILES && !failed(e); i++)
		if (renameat(folder, file_name(content, i, unique).text, folder,
		             file_name(content, i, 0).text) < 0)
			e = from_errno();
	if (!failed(e) && fsync(folder) < 0)
		e = from_errno();
out:
	for (int i = 0; failed(e) && folder >= 0 && i < FILES; i++)
		(void)unlinkat(folder, file_name(content, i, unique).text, 0);
	if (folder >= 0)
		close(folder);
	return e;
}

/* ---- reading ---- */

err picture_files_read(struct picture_files *files,
                       const unsigned char content[MEDIA_CONTENT_BYTES], enum media_size size,
                       enum media_format format, int *fd, size_t *bytes)
{
	struct stat st;
	char path[2 * sizeof(struct file_name)];
	snprintf(path, sizeof path, "%s/%s", folder_name(content).text,
	         file_name(content, (int)size * MEDIA_FORMATS + (int)format, 0).text);
	*fd = file_open_beneath(files->root, path, O_RDONLY | O_NONBLOCK, 0);
	if (*fd < 0)
		return from_errno();
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*bytes = (size_t)st.st_size;
		return OK;
	}
	close(*fd);
	*fd = -1;
	return err_system("something else lies where a picture should be");
}

/* ---- taking away ---- */

void picture_files_pause(struct picture_files *files)
{
	pthread_mutex_lock(&files->lock);
	files->paused++;
	pthread_mutex_unlock(&files->lock);
}

void picture_files_resume(struct picture_files *files)
{
	pthread_mutex_lock(&files->lock);
	files->paused--;
	pthread_mutex_unlock(&files->lock);
}

bool picture_files_missed(struct picture_files *files)
{
	bool missed;
	pthread_mutex_lock(&files->lock);
	missed = files->missed && files->paused == 0;
	if (missed)
		files->missed = false;
	pthread_mutex_unlock(&files->lock);
	return missed;
}

/* With the lock. */
static bool may_go(struct picture_files *files, const unsigned char *content, bool beside,
                   picture_named *named, void *ctx)
{
	if (is_held(files, content) || (!beside && named(ctx, content)))
		return false;
	files->missed |= files->paused > 0;
	return files->paused == 0;
}

void picture_files_erase(struct picture_files *files,
                         const unsigned char content[MEDIA_CONTENT_BYTES], picture_named *named,
                         void *ctx)
{
	int folder;
	pthread_mutex_lock(&files->lock);
	if (may_go(files, content, false, named, ctx) &&
	    !failed(open_folder(files, content, false, &folder))) {
		for (int i = 0; i < FILES; i++)
			(void)unlinkat(folder, file_name(content, i, 0).text, 0);
		close(folder);
	}
	pthread_mutex_unlock(&files->lock);
}

/* Asked anew under the lock for each file: a row may have come since the last. */
static bool sweep_file(struct picture_files *files, int folder, const char *folder_text,
                       const char *name, picture_named *named, void *ctx)
{
	unsigned char content[MEDIA_CONTENT_BYTES];
	bool beside, goes;
	if (!read_name(folder_text, name, content, &beside))
		return false;
	pthread_mutex_lock(&files->lock);
	goes = may_go(files, content, beside, named, ctx) && unlinkat(folder, name, 0) == 0;
	pthread_mutex_unlock(&files->lock);
	return goes;
}

static err sweep_folder(struct picture_files *files, const char *text, picture_named *named,
                        void *ctx, int *gone)
{
	int fd = file_open_beneath(files->root, text, O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir && fd >= 0)
		close(fd);
	if (!dir)
		return errno == ENOTDIR || errno == ELOOP ? OK : from_errno();
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		*gone += sweep_file(files, fd, text, d->d_name, named, ctx);
	closedir(dir);
	return OK;
}

err picture_files_sweep(struct picture_files *files, picture_named *named, void *ctx, int *gone)
{
	err e = OK;
	int fd = file_open_beneath(files->root, ".", O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	*gone = 0;
	if (!dir)
		return from_errno();
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		if (strlen(d->d_name) == 2 && strcmp(d->d_name, "..") != 0)
			TRY(sweep_folder(files, d->d_name, named, ctx, gone));
out:
	closedir(dir);
	return e;
}
