#include "store/disk_testing.h"

#include <sqlite3.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define UNDO_MAX 4096
#define FULL_WRITES 6 /* how many writes a full disk refuses before somebody makes room */

struct undo {
	int fd;
	sqlite3_int64 at;
	int n;
	char *old;
};

static struct {
	pthread_mutex_t lock;
	enum harm harm;
	int at, count;
	bool is_done;
	uint32_t coin;
	struct undo undo[UNDO_MAX]; /* writes since their file's last sync */
	int n_undo;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Our own descriptor beside SQLite's, to put old bytes back. */
struct file {
	sqlite3_file base;
	int fd;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;

static struct file *file_of(sqlite3_file *f) { return (struct file *)f; }

static void cut_power(void)
{
	while (disk.n_undo > 0) {
		struct undo *u = &disk.undo[--disk.n_undo];
		disk.coin = disk.coin * 1664525 + 1013904223;
		if (disk.harm == HARM_POWER_SOME && disk.coin >> 31)
			continue;
		if (pwrite(u->fd, u->old, (size_t)u->n, u->at) != u->n)
			abort();
	}
	_exit(EXIT_POWER_CUT);
}

/* Whether this call is the one. */
static bool strikes(bool is_sync)
{
	bool is_power = disk.harm == HARM_POWER || disk.harm == HARM_POWER_SOME;
	int calls = disk.harm == HARM_FULL ? FULL_WRITES : 1;
	if (disk.harm == HARM_NONE || (!is_power && is_sync != (disk.harm == HARM_SYNC)))
		return false;
	disk.count++;
	if (disk.count < disk.at || disk.count >= disk.at + calls)
		return false;
	disk.is_done = true;
	if (is_power)
		cut_power();
	return true;
}

static void remember(struct file *file, int n, sqlite3_int64 at)
{
	struct undo *u;
	if (file->fd < 0 || (disk.harm != HARM_POWER && disk.harm != HARM_POWER_SOME))
		return;
	if (disk.n_undo == UNDO_MAX)
		abort();
	u = &disk.undo[disk.n_undo++];
	*u = (struct undo){ file->fd, at, n, calloc(1, (size_t)n) };
	if (!u->old || pread(file->fd, u->old, (size_t)n, at) < 0)
		abort();
}

static void forget(struct file *file)
{
	int kept = 0;
	for (int i = 0; i < disk.n_undo; i++) {
		if (disk.undo[i].fd == file->fd)
			free(disk.undo[i].old);
		else
			disk.undo[kept++] = disk.undo[i];
	}
	disk.n_undo = kept;
}

static int shim_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	struct file *file = file_of(f);
	int code;
	pthread_mutex_lock(&disk.lock);
	remember(file, n, at);
	if (strikes(false)) {
		(void)file->real->pMethods->xWrite(file->real, bytes, n / 2, at);
		code = disk.harm == HARM_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	} else {
		code = file->real->pMethods->xWrite(file->real, bytes, n, at);
	}
	pthread_mutex_unlock(&disk.lock);
	return code;
}

static int shim_sync(sqlite3_file *f, int flags)
{
	struct file *file = file_of(f);
	int code = SQLITE_IOERR_FSYNC;
	pthread_mutex_lock(&disk.lock);
	if (!strikes(true)) {
		code = file->real->pMethods->xSync(file->real, flags);
		forget(file);
	}
	pthread_mutex_unlock(&disk.lock);
	return code;
}

static int shim_close(sqlite3_file *f)
{
	struct file *file = file_of(f);
	int code = file->real->pMethods->xClose(file->real);
	pthread_mutex_lock(&disk.lock);
	forget(file);
	pthread_mutex_unlock(&disk.lock);
	if (file->fd >= 0)
		close(file->fd);
	return code;
}

static int shim_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return file_of(f)->real->pMethods->xRead(file_of(f)->real, to, n, at);
}
static int shim_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return file_of(f)->real->pMethods->xTruncate(file_of(f)->real, n);
}
static int shim_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return file_of(f)->real->pMethods->xFileSize(file_of(f)->real, n);
}
static int shim_lock(sqlite3_file *f, int level)
{
	return file_of(f)->real->pMethods->xLock(file_of(f)->real, level);
}
static int shim_unlock(sqlite3_file *f, int level)
{
	return file_of(f)->real->pMethods->xUnlock(file_of(f)->real, level);
}
static int shim_reserved(sqlite3_file *f, int *out)
{
	return file_of(f)->real->pMethods->xCheckReservedLock(file_of(f)->real, out);
}
static int shim_control(sqlite3_file *f, int op, void *arg)
{
	return file_of(f)->real->pMethods->xFileControl(file_of(f)->real, op, arg);
}
static int shim_sector(sqlite3_file *f)
{
	return file_of(f)->real->pMethods->xSectorSize(file_of(f)->real);
}
static int shim_device(sqlite3_file *f)
{
	return file_of(f)->real->pMethods->xDeviceCharacteristics(file_of(f)->real);
}
static int shim_shm_map(sqlite3_file *f, int page, int n, int extend, void volatile **out)
{
	return file_of(f)->real->pMethods->xShmMap(file_of(f)->real, page, n, extend, out);
}
static int shim_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return file_of(f)->real->pMethods->xShmLock(file_of(f)->real, offset, n, flags);
}
static void shim_shm_barrier(sqlite3_file *f)
{
	file_of(f)->real->pMethods->xShmBarrier(file_of(f)->real);
}
static int shim_shm_unmap(sqlite3_file *f, int remove)
{
	return file_of(f)->real->pMethods->xShmUnmap(file_of(f)->real, remove);
}

static const sqlite3_io_methods shim_methods = {
	.iVersion = 2,
	.xClose = shim_close,
	.xRead = shim_read,
	.xWrite = shim_write,
	.xTruncate = shim_truncate,
	.xSync = shim_sync,
	.xFileSize = shim_size,
	.xLock = shim_lock,
	.xUnlock = shim_unlock,
	.xCheckReservedLock = shim_reserved,
	.xFileControl = shim_control,
	.xSectorSize = shim_sector,
	.xDeviceCharacteristics = shim_device,
	.xShmMap = shim_shm_map,
	.xShmLock = shim_shm_lock,
	.xShmBarrier = shim_shm_barrier,
	.xShmUnmap = shim_shm_unmap,
};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	struct file *file = file_of(f);
	int code;
	(void)vfs;
	file->real = (sqlite3_file *)(file + 1);
	code = real_vfs->xOpen(real_vfs, name, file->real, flags, out_flags);
	file->fd = code == SQLITE_OK && name ? open(name, O_RDWR | O_CLOEXEC) : -1;
	file->base.pMethods = code == SQLITE_OK ? &shim_methods : NULL;
	return code;
}

void disk_harm(enum harm harm, int at)
{
	static sqlite3_vfs shim;
	disk.harm = harm;
	disk.at = at;
	disk.count = 0;
	disk.is_done = false;
	disk.coin = (uint32_t)at;
	if (real_vfs)
		return;
	real_vfs = sqlite3_vfs_find(NULL);
	shim = *real_vfs;
	shim.zName = "harm";
	shim.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	shim.xOpen = shim_open;
	if (sqlite3_vfs_register(&shim, 1) != SQLITE_OK)
		abort();
}

bool disk_was_harmed(void) { return disk.is_done; }
