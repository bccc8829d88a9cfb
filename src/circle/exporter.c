/* The file says that it is ready and since when; memory knows only of what is asked for and not there yet. */
#include "circle/exporter.h"

#include "circle/export.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define WAITING_MAX 64
#define SAY_MANY "Many archives are being made just now. Please try again in an hour."

struct asked {
	person_id person;
	bool failed, dropped;
};

struct exporter {
	struct circle *c;
	int folder;
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	struct asked asked[WAITING_MAX]; /* the first that did not fail is being made */
	size_t n;
	bool closing;
};

struct name {
	char text[48];
};

static struct name name_of(person_id person, const char *end)
{
	struct name name;
	snprintf(name.text, sizeof name.text, "%lld.%s", (long long)person.v, end);
	return name;
}

/* ---- what is over ---- */

static bool is_over(const struct exporter *x, const char *name, int64_t now_ms)
{
	struct stat st;
	return name[0] != '.' && fstatat(x->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       now_ms - (int64_t)st.st_mtime * 1000 >= EXPORT_KEPT_MS;
}

/* Of a process that ended meanwhile: nobody goes on with it. */
static bool is_half(const struct exporter *x, const char *name, int64_t now_ms)
{
	(void)x, (void)now_ms;
	return str_ends(str_of(name), S(".part"));
}

static void clear(const struct exporter *x,
                  bool (*goes)(const struct exporter *, const char *, int64_t), int64_t now_ms)
{
	int fd = openat(x->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		if (goes(x, d->d_name, now_ms))
			(void)unlinkat(x->folder, d->d_name, 0);
	closedir(dir);
}

/* ---- with the circle ---- */

err exporter_open(struct circle *c, struct exporter **out)
{
	char path[PATH_BYTES];
	struct exporter *x;
	err e;
	if (snprintf(path, sizeof path, "%s/exports", c->folder) >= (int)sizeof path)
		return err_input("data", "the path of the data folder is too long");
	TRY(file_make_folder(path, 0700));
	x = calloc(1, sizeof *x);
	if (!x)
		return err_busy("no memory for archives");
	x->c = c;
	x->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->folder < 0) {
		free(x);
		return err_system("the folder of archives cannot be opened");
	}
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->wake, NULL);
	clear(x, is_half, 0);
	*out = x;
out:
	return e;
}

void exporter_close(struct exporter **exporter)
{
	struct exporter *x = *exporter;
	if (!x)
		return;
	pthread_mutex_lock(&x->lock);
	x->closing = true;
	pthread_cond_signal(&x->wake);
	pthread_mutex_unlock(&x->lock);
	if (x->has_thread)
		pthread_join(x->thread, NULL);
	close(x->folder);
	pthread_cond_destroy(&x->wake);
	pthread_mutex_destroy(&x->lock);
	free(x);
	*exporter = NULL;
}

/* ---- the thread ---- */

/* With the lock. */
static struct asked *find(struct exporter *x, person_id person)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->asked[i].person.v == person.v)
			return &x->asked[i];
	return NULL;
}

static void take_out(struct exporter *x, struct asked *asked)
{
	size_t at = (size_t)(asked - x->asked);
	memmove(asked, asked + 1, (x->n - at - 1) * sizeof *asked);
	x->n--;
}

struct turn {
	struct exporter *x;
	person_id person;
};

static bool given_up(void *ctx)
{
	const struct turn *turn = ctx;
	struct exporter *x = turn->x;
	bool up;
	pthread_mutex_lock(&x->lock);
	const struct asked *asked = find(x, turn->person);
	up = x->closing || asked == NULL || asked->dropped;
	pthread_mutex_unlock(&x->lock);
	return up;
}

static err write_file(struct turn *turn)
{
	struct exporter *x = turn->x;
	struct name beside = name_of(turn->person, "part");
	err e;
	(void)unlinkat(x->folder, beside.text, 0);
	int fd = file_open_beneath(x->folder, beside.text, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return err_system("a file for an archive cannot be made");
	e = export_write(x->c, turn->person, fd, clock_now(x->c->clock), given_up, turn);
	if (!failed(e) && fsync(fd) < 0)
		e = err_system("an archive cannot be synced");
	close(fd);
	return e;
}

/* Under the lock the file gets its name or goes, so that nobody who was forgotten meanwhile has one. */
static void finish(struct turn *turn, err e)
{
	struct exporter *x = turn->x;
	struct name beside = name_of(turn->person, "part"), name = name_of(turn->person, "zip");
	pthread_mutex_lock(&x->lock);
	struct asked *asked = find(x, turn->person);
	bool wanted = asked != NULL && !asked->dropped && !failed(e);
	if (!wanted || renameat(x->folder, beside.text, x->folder, name.text) < 0)
		(void)unlinkat(x->folder, beside.text, 0);
	if (asked != NULL && failed(e) && !asked->dropped && !x->closing)
		asked->failed = true;
	else if (asked != NULL)
		take_out(x, asked);
	pthread_mutex_unlock(&x->lock);
	log_if_failed(x->c->log, "export.failed", e);
}

/* False when it is over. */
static bool next(struct exporter *x, person_id *person)
{
	bool has = false;
	pthread_mutex_lock(&x->lock);
	while (!has && !x->closing) {
		for (size_t i = 0; i < x->n && !has; i++) {
			has = !x->asked[i].failed;
			*person = x->asked[i].person;
		}
		if (!has)
			pthread_cond_wait(&x->wake, &x->lock);
	}
	has = has && !x->closing;
	pthread_mutex_unlock(&x->lock);
	return has;
}

static void *make_all(void *arg)
{
	struct turn turn = { .x = arg };
	while (next(turn.x, &turn.person))
		finish(&turn, write_file(&turn));
	return NULL;
}

/* ---- asking ---- */

/* With the lock. */
static void look(struct exporter *x, person_id me, int64_t now_ms, struct export_status *out)
{
	const struct asked *asked = find(x, me);
	struct stat st;
	*out = (struct export_status){ .state = EXPORT_NONE };
	if (asked != NULL) {
		out->state = asked->failed ? EXPORT_FAILED : EXPORT_MAKING;
		return;
	}
	if (fstatat(x->folder, name_of(me, "zip").text, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	out->made_at_ms = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	out->expires_at_ms = out->made_at_ms + EXPORT_KEPT_MS;
	out->bytes = st.st_size;
	out->state = now_ms < out->expires_at_ms ? EXPORT_READY : EXPORT_NONE;
}

/* With the lock. One that failed makes room for others. */
static err add(struct exporter *x, person_id me)
{
	for (size_t i = 0; x->n == WAITING_MAX && i < x->n; i++)
		if (x->asked[i].failed)
			take_out(x, &x->asked[i]);
	if (x->n == WAITING_MAX) {
		err e = err_busy("too many archives are asked for");
		e.say = SAY_MANY;
		return e;
	}
	x->asked[x->n++] = (struct asked){ .person = me };
	if (!x->has_thread && pthread_create(&x->thread, NULL, make_all, x) != 0) {
		x->n--;
		return err_busy("no thread for archives");
	}
	x->has_thread = true;
	pthread_cond_signal(&x->wake);
	return OK;
}

err exporter_ask(struct exporter *x, person_id me, int64_t now_ms, struct export_status *out)
{
	struct asked *asked;
	err e = OK;
	pthread_mutex_lock(&x->lock);
	asked = find(x, me);
	if (asked != NULL && asked->failed) {
		take_out(x, asked);
		asked = NULL;
	}
	if (asked == NULL)
		e = add(x, me);
	look(x, me, now_ms, out);
	pthread_mutex_unlock(&x->lock);
	return e;
}

void exporter_look(struct exporter *x, person_id me, int64_t now_ms, struct export_status *out)
{
	pthread_mutex_lock(&x->lock);
	look(x, me, now_ms, out);
	pthread_mutex_unlock(&x->lock);
}

err exporter_fetch(struct exporter *x, person_id me, int64_t now_ms, int *fd, size_t *bytes)
{
	struct export_status status;
	struct stat st;
	exporter_look(x, me, now_ms, &status);
	if (status.state != EXPORT_READY)
		return err_missing("no archive is ready");
	*fd = file_open_beneath(x->folder, name_of(me, "zip").text, O_RDONLY, 0);
	if (*fd < 0)
		return err_missing("no archive is ready");
	if (fstat(*fd, &st) < 0) {
		close(*fd);
		return err_system("an archive cannot be read");
	}
	*bytes = (size_t)st.st_size;
	return OK;
}

void exporter_forget(struct exporter *x, person_id person)
{
	pthread_mutex_lock(&x->lock);
	struct asked *asked = find(x, person);
	if (asked != NULL)
		asked->dropped = true;
	if (asked != NULL && asked->failed)
		take_out(x, asked);
	(void)unlinkat(x->folder, name_of(person, "zip").text, 0);
	pthread_mutex_unlock(&x->lock);
}

void exporter_sweep(struct exporter *x, int64_t now_ms) { clear(x, is_over, now_ms); }
