/* Group commit.
 *
 * The writer never waits for company: it takes what is there, and what arrives while it works, and commits. Under load
 * a group is whatever came during the last sync. Each job stands in a savepoint, so one that fails leaves the others
 * alone. Nobody is answered before the commit returned.
 *
 * When the engine gives up a whole transaction (a full disk), every job of the group is refused, also those that had
 * worked; none of their callers has been told anything yet. When what is on the disk can no longer be known, the
 * process ends: whoever waits sees a lost connection, and asks again after the restart.
 *
 * What a group took back goes to the log of tombstones between its commit and its answers. When the disk is full there,
 * the rows in the database stand for it until there is room. */
#include "store/writer.h"

#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define GROUP_JOBS_MAX 100
#define GROUP_NS_MAX INT64_C(5000000)
#define EXIT_BROKEN 70 /* EX_SOFTWARE of sysexits.h */

/* 16 MiB of log between checkpoints: hot pages are written back once, not at every commit. It is done between
 * groups, where at least nobody's commit contains it. */
#define CHECKPOINT_PAGES 4000
/* A log that readers kept from being cut is cut by waiting for them. */
#define SHRINK_PAGES (4 * CHECKPOINT_PAGES)
/* And if that fails for long, somebody should know: 256 MiB. */
#define ALARM_PAGES 65536
#define IDLE_MS 1000
#define IDLE_PAGES 1000

static const char savepoint[] = "SAVEPOINT job";
static const char keep[] = "RELEASE SAVEPOINT job";
static const char undo[] = "ROLLBACK TO SAVEPOINT job";

/* One caller, on its own stack until `answered`. */
struct ticket {
	struct store_job job;
	bool alone;
	err result;
	struct ticket *next;
	_Atomic uint32_t answered;
};

struct writer {
	struct conn *conn;
	struct tombstone_log *tombstones;
	struct log *log;
	pthread_t thread;
	int64_t checkpointed_pages;
	bool took_back; /* since the log was last cut: what it was lies in there too */

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t arrived;
	struct ticket *first, **end;
	bool is_waiting, is_closing;
};

static int64_t mono_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void answer(struct ticket *t)
{
	uint32_t *word = (uint32_t *)&t->answered;
	atomic_store_explicit(&t->answered, 1, memory_order_release);
	/* The ticket may be gone by now; waking an address nobody sleeps on does nothing. */
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void wait_for_answer(struct ticket *t)
{
	while (!atomic_load_explicit(&t->answered, memory_order_acquire))
		syscall(SYS_futex, (uint32_t *)&t->answered, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

err writer_do(struct writer *w, struct store_job job, bool alone)
{
	struct ticket ticket = { .job = job, .alone = alone };
	bool wake, refused;
	assert(!pthread_equal(pthread_self(), w->thread)); /* it would wait for itself */
	pthread_mutex_lock(&w->lock);
	refused = w->is_closing;
	wake = w->is_waiting && !refused;
	if (!refused) {
		*w->end = &ticket;
		w->end = &ticket.next;
		w->is_waiting = false;
	}
	pthread_mutex_unlock(&w->lock);
	if (refused)
		return err_busy("the store is closing");
	if (wake)
		pthread_cond_signal(&w->arrived);
	wait_for_answer(&ticket);
	return ticket.result;
}

/* The next ticket; one that wants to be alone only `to_begin` a group. NULL when there is none. */
static struct ticket *take(struct writer *w, bool to_begin)
{
	struct ticket *t;
	pthread_mutex_lock(&w->lock);
	t = w->first;
	if (t && t->alone && !to_begin)
		t = NULL;
	if (t) {
		w->first = t->next;
		if (!w->first)
			w->end = &w->first;
		t->next = NULL;
	}
	pthread_mutex_unlock(&w->lock);
	return t;
}

/* False when nothing came for IDLE_MS and the log is worth moving. */
static bool wait_for_work(struct writer *w, bool *is_over)
{
	bool has_log = driver_log_pages(w->conn) > (w->took_back ? 0 : IDLE_PAGES);
	bool timed_out = false;
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += IDLE_MS / 1000;
	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->is_closing && !timed_out) {
		w->is_waiting = true;
		if (has_log)
			timed_out = pthread_cond_timedwait(&w->arrived, &w->lock, &until) ==
			            ETIMEDOUT;
		else
			pthread_cond_wait(&w->arrived, &w->lock);
	}
	w->is_waiting = false;
	*is_over = !w->first && w->is_closing;
	timed_out = !w->first && !w->is_closing;
	pthread_mutex_unlock(&w->lock);
	return !timed_out;
}

static void end_if_broken(struct writer *w)
{
	const char *why = driver_broken(w->conn);
	if (!why)
		return;
	log_event(w->log, LOG_ERROR, "store.broken", LOG_STR("why", str_of(why)));
	_exit(EXIT_BROKEN);
}

/* Fails when the transaction is lost for all. */
static err run_job(struct writer *w, struct ticket *t)
{
	err e = driver_exec(w->conn, savepoint);
	if (!failed(e)) {
		t->result = t->job.work(w->conn, t->job.ctx);
		if (!driver_in_transaction(w->conn))
			e = failed(t->result) ? t->result
			                      : err_busy("the transaction was given up");
		else if (failed(t->result))
			e = driver_exec(w->conn, undo);
		if (!failed(e))
			e = driver_exec(w->conn, keep);
	}
	end_if_broken(w);
	return e;
}

static err run_jobs(struct writer *w, struct ticket *first)
{
	int64_t until_ns = mono_ns() + GROUP_NS_MAX;
	struct ticket *last = first;
	err e = run_job(w, first);
	for (int n = 1; !failed(e) && n < GROUP_JOBS_MAX && !last->alone && mono_ns() < until_ns;
	     n++) {
		struct ticket *t = take(w, false);
		if (!t)
			break;
		last->next = t;
		last = t;
		e = run_job(w, t);
	}
	return e;
}

static void answer_all(struct ticket *first, err e)
{
	struct ticket *next;
	for (struct ticket *t = first; t; t = t->next) {
		if (failed(e) && !failed(t->result))
			t->result = e;
		if (!failed(t->result) && t->job.after)
			t->job.after(t->job.ctx);
	}
	for (struct ticket *t = first; t; t = next) {
		next = t->next;
		answer(t);
	}
}

static void write_down(struct writer *w)
{
	bool any = false;
	err e = tombstone_log_append(w->tombstones, w->conn, &any);
	w->took_back |= any;
	end_if_broken(w);
	log_if_failed(w->log, "store.tombstones", e);
	if (failed(e) && e.code != ERR_BUSY)
		_exit(EXIT_BROKEN);
}

static void run_group(struct writer *w)
{
	struct ticket *first = take(w, true);
	err e;
	if (!first)
		return;
	TRY(driver_begin(w->conn));
	TRY(tombstone_log_trim(w->tombstones, w->conn));
	TRY(run_jobs(w, first));
	TRY(driver_commit(w->conn));
	write_down(w);
out:
	driver_rollback(w->conn);
	end_if_broken(w);
	if (failed(e)) {
		log_if_failed(w->log, "store.group", e);
		/* Not the group's jobs' own fault, whatever it was: they may try again. */
		e = err_busy(e.why);
	}
	answer_all(first, e);
}

static void checkpoint(struct writer *w, bool shrink)
{
	log_if_failed(w->log, "store.checkpoint", driver_checkpoint(w->conn, shrink));
	end_if_broken(w);
	w->checkpointed_pages = driver_log_pages(w->conn);
	if (driver_log_pages(w->conn) == 0)
		w->took_back = false;
}

/* After a checkpoint the count goes on until the log starts anew, then falls. */
static void checkpoint_if_due(struct writer *w)
{
	int64_t pages = driver_log_pages(w->conn);
	if (pages < w->checkpointed_pages)
		w->checkpointed_pages = 0;
	if (pages - w->checkpointed_pages < CHECKPOINT_PAGES)
		return;
	if (pages >= ALARM_PAGES)
		log_event(w->log, LOG_WARN, "store.log-grows", LOG_I64("pages", pages));
	checkpoint(w, pages >= SHRINK_PAGES);
}

static void *write_all(void *ctx)
{
	struct writer *w = ctx;
	bool is_over = false;
	while (!is_over) {
		if (!wait_for_work(w, &is_over)) {
			checkpoint(w, true);
			continue;
		}
		run_group(w);
		checkpoint_if_due(w);
	}
	return NULL;
}

err writer_start(struct conn *conn, struct tombstone_log *tombstones, struct log *log,
                 struct writer **out)
{
	struct writer *w = calloc(1, sizeof *w);
	pthread_condattr_t monotonic;
	if (!w)
		return err_busy("no memory for the writer");
	w->conn = conn;
	w->tombstones = tombstones;
	w->log = log;
	w->end = &w->first;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->arrived, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&w->thread, NULL, write_all, w)) {
		pthread_cond_destroy(&w->arrived);
		pthread_mutex_destroy(&w->lock);
		free(w);
		return err_busy("no thread for the writer");
	}
	pthread_setname_np(w->thread, "kith-writer");
	*out = w;
	return OK;
}

void writer_stop(struct writer **writer)
{
	struct writer *w = *writer;
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->is_closing = true;
	pthread_mutex_unlock(&w->lock);
	pthread_cond_signal(&w->arrived);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->arrived);
	pthread_mutex_destroy(&w->lock);
	free(w);
	*writer = NULL;
}
