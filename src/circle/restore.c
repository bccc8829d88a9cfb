/* In the folder itself, since it may be a disk of its own: all is made ready in `restoring`, what is there goes aside, what is new
 * takes its place, and `restoring` goes last. While it is there no store opens the folder. */
#include "circle/restore.h"

#include "circle/audit_carry.h"
#include "circle/audit_root.h"

#include "base/file.h"
#include "store/store.h"
#include "store/tombstones.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define LOG_NAME "tombstones.log"
#define SAY_CHANGED "A file of the backup is not what its manifest says."
#define SAY_OTHER                                                                                  \
	"The data folder holds another circle than this backup. Restore into an empty folder."
#define SAY_OTHER_LOG "The log of what was taken back belongs to another circle than this backup."

struct restore {
	const struct restore_plan *plan;
	struct restored *out;
	int source, folder, staging, lock;
	bool was_half; /* a restore before this one was broken off: the mark of it stays until one is done */
	char staging_path[PATH_BYTES];
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
	               : err_input("data", "The path is too long.");
}

static int open_folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st, (void)kind, (void)walk;
	return remove(path);
}

/* What it had not written down yet when it ended, it writes down now; one that does not open any more is taken as it is. */
static err finish_old(const struct restore_plan *plan)
{
	char path[PATH_BYTES];
	struct store *store = NULL;
	err e;
	TRY(join(path, plan->folder, "kith.db"));
	if (!file_exists(path))
		return OK;
	e = store_open(&(struct store_settings){ .folder = plan->folder, .log = plan->log },
	               &store);
	store_close(failed(e) ? NULL : store);
	if (e.code != ERR_BUSY)
		e = OK;
out:
	return e;
}

static err lock(struct restore *r)
{
	char path[PATH_BYTES];
	err e;
	TRY(join(path, r->plan->folder, "kith.lock"));
	r->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (r->lock < 0)
		TRY(from_errno());
	if (flock(r->lock, LOCK_EX | LOCK_NB) < 0)
		e = err_busy("the data folder is open in another kith; stop it first");
out:
	return e;
}

/* ---- which log ---- */

/* The better of the two: the one that goes further. */
static err consider(struct restore *r, const char *path, const char *say, char best[PATH_BYTES],
                    bool *has)
{
	struct tombstones_file file;
	err e = tombstones_look(path, &file);
	if (e.code == ERR_MISSING || (!failed(e) && file.bytes == 0))
		return OK;
	TRY(e);
	if (file.origin != r->out->manifest.origin)
		return err_conflict("data", say);
	if (*has && file.last <= r->out->tombstones)
		return OK;
	r->out->tombstones = file.last;
	*has = true;
	snprintf(best, PATH_BYTES, "%s", path);
out:
	return e;
}

/* A restore that was broken off may have the only one left. It lies beside from here on, out of the way of all that follows. */
static err choose_log(struct restore *r)
{
	const struct restore_plan *plan = r->plan;
	unsigned char hash[MANIFEST_HASH_BYTES];
	char path[PATH_BYTES], best[PATH_BYTES], kept[PATH_BYTES];
	int64_t bytes;
	int from = -1, to = -1;
	bool has = false;
	err e;
	TRY(join(path, plan->folder, LOG_NAME));
	TRY(consider(r, path, SAY_OTHER, best, &has));
	TRY(join(kept, plan->folder, LOG_NAME ".kept"));
	TRY(consider(r, kept, SAY_OTHER, best, &has));
	if (plan->tombstones)
		TRY(consider(r, plan->tombstones, SAY_OTHER_LOG, best, &has));
	TRY(join(path, plan->source, LOG_NAME));
	TRY(consider(r, path, SAY_OTHER_LOG, best, &has));
	if (!has)
		TRY(err_input("source", "The backup has no log of what was taken back."));
	if (strcmp(best, kept) == 0)
		return OK;
	TRY(join(path, plan->folder, LOG_NAME ".part"));
	from = open(best, O_RDONLY | O_CLOEXEC);
	to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (from < 0 || to < 0)
		TRY(from_errno());
	TRY(manifest_copy(from, to, INT64_MAX, hash, &bytes));
	if (fsync(to) < 0 || rename(path, kept) < 0 || fsync(r->folder) < 0)
		e = from_errno();
out:
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return e;
}

/* ---- making ready ---- */

static err make_ready(struct restore *r)
{
	err e;
	TRY(join(r->staging_path, r->plan->folder, STORE_RESTORING));
	r->was_half = file_exists(r->staging_path);
	if (r->was_half && nftw(r->staging_path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0)
		TRY(from_errno());
	if (mkdir(r->staging_path, 0700) < 0)
		TRY(from_errno());
	r->staging = open_folder(r->staging_path);
	if (r->staging < 0)
		e = from_errno();
out:
	return e;
}

static err copy_in(const struct manifest_file *file, void *ctx)
{
	struct restore *r = ctx;
	unsigned char hash[MANIFEST_HASH_BYTES];
	char name[256];
	int from = -1, to = -1;
	int64_t bytes = 0;
	struct stat st;
	bool same = false;
	err e = OK;
	snprintf(name, sizeof name, "%.*s", STR_ARG(file->path));
	if (str_starts(file->path, S("media/"))) {
		char folder[16];
		snprintf(folder, sizeof folder, "%.8s", name);
		if ((mkdirat(r->staging, "media", 0700) < 0 && errno != EEXIST) ||
		    (mkdirat(r->staging, folder, 0700) < 0 && errno != EEXIST))
			TRY(from_errno());
	}
	from = file_open_beneath(r->source, name, O_RDONLY | O_NONBLOCK, 0);
	if (from >= 0 && fstat(from, &st) == 0 && S_ISREG(st.st_mode)) {
		to = file_open_beneath(r->staging, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (to < 0)
			TRY(from_errno());
		TRY(manifest_copy(from, to, file->bytes + 1, hash, &bytes));
		same = bytes == file->bytes && memcmp(hash, file->hash, sizeof hash) == 0;
	}
	if (!same) {
		snprintf(r->out->fault, sizeof r->out->fault, "%s", name);
		e = err_input("source", SAY_CHANGED);
	}
out:
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return e;
}

/* Nothing has changed places yet. */
static void give_up(struct restore *r)
{
	(void)nftw(r->staging_path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (r->was_half)
		(void)mkdir(r->staging_path, 0700);
}

/* ---- changing places ---- */

static const char *const parts[] = { "kith.db-wal", "kith.db-shm", "kith.db", "media", "bank.txt" };
#define PARTS (sizeof parts / sizeof parts[0])

static err set_aside(struct restore *r)
{
	char name[64];
	int aside = -1;
	err e = OK;
	snprintf(name, sizeof name, "before-restore-%lld", (long long)clock_now(r->plan->clock));
	for (size_t i = 0; i < PARTS; i++) {
		if (faccessat(r->folder, parts[i], F_OK, 0) < 0)
			continue;
		if (aside < 0) {
			if (mkdirat(r->folder, name, 0700) < 0)
				TRY(from_errno());
			aside = openat(r->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			snprintf(r->out->set_aside, sizeof r->out->set_aside, "%s/%s",
			         r->plan->folder, name);
		}
		if (aside < 0 || renameat(r->folder, parts[i], aside, parts[i]) < 0)
			TRY(from_errno());
	}
	if (aside >= 0 && (fsync(aside) < 0 || fsync(r->folder) < 0))
		e = from_errno();
out:
	if (aside >= 0)
		close(aside);
	return e;
}

static err put_in_place(struct restore *r)
{
	if (renameat(r->folder, LOG_NAME ".kept", r->folder, LOG_NAME) < 0)
		return from_errno();
	(void)unlinkat(r->staging, LOG_NAME, 0); /* the one that goes further is in place */
	/* The key that the log is signed with now, where there is one: the backup's may be older. */
	if (faccessat(r->folder, AUDIT_KEY_FILE, F_OK, 0) == 0)
		(void)unlinkat(r->staging, AUDIT_KEY_FILE, 0);
	else if (renameat(r->staging, AUDIT_KEY_FILE, r->folder, AUDIT_KEY_FILE) < 0 &&
	         errno != ENOENT)
		return from_errno();
	for (size_t i = 0; i < PARTS; i++)
		if (renameat(r->staging, parts[i], r->folder, parts[i]) < 0 && errno != ENOENT)
			return from_errno();
	if (fsync(r->folder) < 0 || rmdir(r->staging_path) < 0 || fsync(r->folder) < 0)
		return from_errno();
	return OK;
}

/* Opening does again what the log of what was taken back knows; the other log goes on from where it was. */
static err bring_forward(struct restore *r)
{
	const struct restore_plan *plan = r->plan;
	char before[PATH_BYTES];
	struct store *store = NULL;
	struct audit_carry carry = { .made_at_ms = r->out->manifest.made_at_ms,
		                     .now_ms = clock_now(plan->clock),
		                     .chance = plan->chance,
		                     .log = plan->log };
	err e;
	TRY(store_open(&(struct store_settings){ .folder = plan->folder, .log = plan->log },
	               &store));
	if (r->out->set_aside[0]) {
		TRY(join(before, r->out->set_aside, "kith.db"));
		carry.before = file_exists(before) ? before : NULL;
	}
	carry.store = store;
	TRY(audit_carry_on(&carry, &r->out->carried));
out:
	store_close(store);
	return e;
}

static void close_all(struct restore *r)
{
	const int all[] = { r->source, r->folder, r->staging, r->lock };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i] >= 0)
			close(all[i]);
}

err restore_from(const struct restore_plan *plan, struct restored *out)
{
	struct restore r = {
		.plan = plan, .out = out, .source = -1, .folder = -1, .staging = -1, .lock = -1
	};
	struct manifest again;
	err e;
	*out = (struct restored){ 0 };
	r.source = open_folder(plan->source);
	if (r.source < 0)
		TRY(err_input("source", "There is no such folder."));
	TRY(manifest_read(r.source, &out->manifest, NULL, NULL));
	TRY(file_make_folder(plan->folder, 0700));
	r.folder = open_folder(plan->folder);
	if (r.folder < 0)
		TRY(from_errno());
	TRY(finish_old(plan));
	TRY(lock(&r));
	TRY(choose_log(&r));
	TRY(make_ready(&r));
	e = manifest_read(r.source, &again, copy_in, &r);
	if (!failed(e) && syncfs(r.staging) < 0)
		e = from_errno();
	if (failed(e)) {
		give_up(&r);
		goto out;
	}
	TRY(set_aside(&r));
	TRY(put_in_place(&r));
	close(r.lock);
	r.lock = -1;
	TRY(bring_forward(&r));
out:
	close_all(&r);
	return e;
}
