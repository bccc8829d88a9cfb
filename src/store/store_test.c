#include "store/store.h"

#include "store/factors.h"
#include "store/notices.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/sessions.h"
#include "store/store_testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 32
#define EACH 25
#define READERS 80 /* the pool's size */

struct place {
	char folder[64];
	struct store *store;
};

static void open_store(struct place *place)
{
	struct store_settings settings = { .folder = place->folder };
	assert_ok(store_open(&settings, &place->store));
}

static int set_up(void **state)
{
	static struct place place;
	make_folder(place.folder);
	open_store(&place);
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	store_close(place->store);
	remove_folder(place->folder);
	return 0;
}

static void what_was_written_is_there_after_reopening(void **state)
{
	struct place *place = *state;
	struct conn *conn;
	for (int64_t i = 1; i <= 5; i++)
		assert_ok(write_post(place->store, 1, i));
	store_close(place->store);
	open_store(place);
	assert_ok(store_read(place->store, &conn));
	assert_int_equal(count_posts(conn, 1), 5);
	assert_sound(conn);
	store_read_end(place->store, &conn);
	assert_null(conn);
}

static void a_folder_is_made_for_its_owner_alone(void **state)
{
	struct place *place = *state;
	char folder[128];
	struct store_settings settings = { .folder = folder };
	struct store *store;
	struct stat st;
	snprintf(folder, sizeof folder, "%s/new", place->folder);
	assert_ok(store_open(&settings, &store));
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	store_close(store);
	remove_folder(folder);
}

static void two_never_open_the_same_folder(void **state)
{
	struct place *place = *state;
	struct store_settings settings = { .folder = place->folder };
	struct store *second = NULL;
	pid_t child;
	int status;
	assert_fails(store_open(&settings, &second), ERR_BUSY);
	child = fork();
	if (child == 0)
		_exit((int)store_open(&settings, &second).code);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == ERR_BUSY);
	store_close(place->store);
	assert_ok(store_open(&settings, &second));
	place->store = second;
}

static void what_cannot_be_opened_says_so(void **state)
{
	struct place *place = *state;
	struct store_settings no_folder = { .folder = "/dev/null/x" };
	struct store *store = NULL;
	char path[128];
	FILE *f;
	struct store_settings damaged = { .folder = place->folder };
	assert_true(failed(store_open(&no_folder, &store)));
	store_close(place->store);
	snprintf(path, sizeof path, "%s/kith.db", place->folder);
	f = fopen(path, "w");
	for (int i = 0; i < 2000; i++)
		fputs("this is not a database\n", f);
	fclose(f);
	assert_fails(store_open(&damaged, &store), ERR_SYSTEM);
	unlink(path);
	open_store(place);
	store_close(NULL);
}

/* --- writing --- */

struct step {
	int64_t author, id;
	bool fails_after_writing, breaks_constraint;
	struct order *order;
};

struct order {
	int64_t ids[THREADS * EACH];
	size_t n;
};

static err insert_step(struct conn *tx, void *ctx)
{
	const struct step *step = ctx;
	struct post post = { .gate = { .id = { step->id }, .author = { step->author } },
		             .text = S("x") };
	err e;
	TRY(posts_insert(tx, &post));
	if (step->breaks_constraint)
		TRY(posts_insert(tx, &post));
	if (step->fails_after_writing)
		e = err_limit("cap", "The cap is reached.");
out:
	return e;
}

static void note_order(void *ctx)
{
	const struct step *step = ctx;
	step->order->ids[step->order->n++] = step->id; /* on the writer thread alone: no lock */
}

struct worker {
	struct store *store;
	int64_t author;
	struct order *order;
	int acknowledged, refused;
};

static void *work(void *ctx)
{
	struct worker *w = ctx;
	for (int i = 0; i < EACH; i++) {
		struct step step = { .author = w->author,
			             .id = w->author * 1000 + i,
			             .order = w->order };
		err e;
		step.fails_after_writing = i % 5 == 3;
		step.breaks_constraint = i % 5 == 4;
		e = store_write(w->store, (struct store_job){ insert_step, note_order, &step });
		if (!failed(e))
			w->acknowledged++;
		else if (e.code == (step.breaks_constraint ? ERR_CONFLICT : ERR_LIMIT))
			w->refused++;
	}
	return NULL;
}

/* All acknowledged posts are there, none of the refused, `after` ran once for each of the acknowledged. */
static void many_threads_write_and_failures_stay_alone(void **state)
{
	struct place *place = *state;
	static struct order order;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	struct conn *conn;
	order.n = 0;
	for (int i = 0; i < THREADS; i++) {
		workers[i] =
			(struct worker){ .store = place->store, .author = i + 1, .order = &order };
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_ok(store_read(place->store, &conn));
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(workers[i].acknowledged, EACH * 3 / 5);
		assert_int_equal(workers[i].refused, EACH * 2 / 5);
		assert_int_equal(count_posts(conn, workers[i].author), workers[i].acknowledged);
	}
	store_read_end(place->store, &conn);
	assert_int_equal(order.n, THREADS * EACH * 3 / 5);
	for (int64_t a = 1; a <= THREADS; a++) { /* each thread's own in its order */
		int64_t last = 0;
		for (size_t i = 0; i < order.n; i++)
			if (order.ids[i] / 1000 == a) {
				assert_true(order.ids[i] > last);
				last = order.ids[i];
			}
	}
}

struct numbered {
	_Atomic int *next;
	int *seen;
	size_t *n;
	int mine;
};

static err draw(struct conn *tx, void *ctx)
{
	struct numbered *job = ctx;
	(void)tx;
	job->mine = atomic_fetch_add(job->next, 1);
	return OK;
}

static void keep_number(void *ctx)
{
	struct numbered *job = ctx;
	job->seen[(*job->n)++] = job->mine;
}

static void *draw_many(void *ctx)
{
	struct {
		struct store *store;
		struct numbered job;
	} *mine = ctx;
	for (int i = 0; i < 50; i++) {
		struct numbered job = mine->job;
		assert_false(failed(
			store_write(mine->store, (struct store_job){ draw, keep_number, &job })));
	}
	return NULL;
}

static void after_runs_in_the_order_of_work(void **state)
{
	struct place *place = *state;
	_Atomic int next = 0;
	int seen[8 * 50];
	size_t n = 0;
	struct {
		struct store *store;
		struct numbered job;
	} shared = { place->store, { &next, seen, &n, 0 } };
	pthread_t threads[8];
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, draw_many, &shared), 0);
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(n, COUNT(seen));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(seen[i], i);
}

struct check {
	struct store *store;
	int64_t id;
	bool was_visible;
};

static err insert_check(struct conn *tx, void *ctx)
{
	struct check *check = ctx;
	struct step step = { .author = 1, .id = check->id };
	return insert_step(tx, &step);
}

static void look(void *ctx)
{
	struct check *check = ctx;
	struct conn *conn;
	if (failed(store_read(check->store, &conn)))
		return;
	check->was_visible = has_post(conn, 1, check->id);
	store_read_end(check->store, &conn);
}

static void after_runs_when_readers_can_see_the_write(void **state)
{
	struct place *place = *state;
	struct check check = { place->store, 7, false };
	assert_ok(store_write(place->store, (struct store_job){ insert_check, look, &check }));
	assert_true(check.was_visible);
}

static err insert_thousand(struct conn *tx, void *ctx)
{
	bool *fails = ctx;
	err e = OK;
	for (int64_t i = 1; i <= 1000; i++) {
		struct step step = { .author = 2, .id = i };
		TRY(insert_step(tx, &step));
	}
	if (*fails)
		e = err_input("line", "bad");
out:
	return e;
}

static void a_bulk_write_is_kept_whole_or_not_at_all(void **state)
{
	struct place *place = *state;
	struct conn *conn;
	bool fails = true;
	assert_fails(
		store_write_bulk(place->store, (struct store_job){ insert_thousand, NULL, &fails }),
		ERR_INPUT);
	assert_ok(store_read(place->store, &conn));
	assert_int_equal(count_posts(conn, 2), 0);
	store_read_end(place->store, &conn);
	fails = false;
	assert_ok(store_write_bulk(place->store,
	                           (struct store_job){ insert_thousand, NULL, &fails }));
	assert_ok(store_read(place->store, &conn));
	assert_int_equal(count_posts(conn, 2), 1000);
	store_read_end(place->store, &conn);
}

static void *bulk_write(void *ctx)
{
	bool fails = false;
	assert_false(
		failed(store_write_bulk(ctx, (struct store_job){ insert_thousand, NULL, &fails })));
	return NULL;
}

static void bulk_and_single_writes_go_side_by_side(void **state)
{
	struct place *place = *state;
	pthread_t thread;
	struct conn *conn;
	assert_int_equal(pthread_create(&thread, NULL, bulk_write, place->store), 0);
	for (int64_t i = 1; i <= 20; i++)
		assert_ok(write_post(place->store, 1, 5000 + i));
	pthread_join(thread, NULL);
	assert_ok(store_read(place->store, &conn));
	assert_int_equal(count_posts(conn, 1), 20);
	assert_int_equal(count_posts(conn, 2), 1000);
	store_read_end(place->store, &conn);
}

/* --- reading --- */

static void a_snapshot_stays_until_it_is_given_back(void **state)
{
	struct place *place = *state;
	struct conn *conn;
	assert_ok(write_post(place->store, 1, 1));
	assert_ok(store_read(place->store, &conn));
	assert_int_equal(count_posts(conn, 1), 1);
	assert_ok(write_post(place->store, 1, 2));
	assert_int_equal(count_posts(conn, 1), 1);
	store_read_end(place->store, &conn);
	assert_ok(store_read(place->store, &conn));
	assert_int_equal(count_posts(conn, 1), 2);
	store_read_end(place->store, &conn);
}

static void *read_one(void *ctx)
{
	struct place *place = ctx;
	struct conn *conn = NULL;
	bool ok = !failed(store_read(place->store, &conn)) && count_posts(conn, 1) == 1;
	store_read_end(place->store, &conn);
	return ok ? ctx : NULL;
}

static void a_reader_too_many_waits_for_one_to_come_back(void **state)
{
	struct place *place = *state;
	struct conn *conns[READERS];
	pthread_t thread;
	void *result;
	assert_ok(write_post(place->store, 1, 1));
	for (size_t i = 0; i < READERS; i++)
		assert_ok(store_read(place->store, &conns[i]));
	assert_int_equal(pthread_create(&thread, NULL, read_one, place), 0);
	usleep(20000);
	store_read_end(place->store, &conns[0]);
	pthread_join(thread, &result);
	assert_ptr_equal(result, place);
	for (size_t i = 1; i < READERS; i++)
		store_read_end(place->store, &conns[i]);
}

static void a_reader_cannot_write(void **state)
{
	struct place *place = *state;
	struct conn *conn;
	struct step step = { .author = 1, .id = 1 };
	assert_ok(store_read(place->store, &conn));
	assert_true(failed(insert_step(conn, &step)));
	store_read_end(place->store, &conn);
}

static void without_a_writer_writes_are_refused(void **state)
{
	struct place *place = *state;
	struct store_settings settings = { .folder = place->folder, .readers_only_warm = true };
	struct conn *conn;
	store_close(place->store);
	assert_ok(store_open(&settings, &place->store));
	assert_fails(write_post(place->store, 1, 1), ERR_DENIED);
	assert_ok(store_read(place->store, &conn));
	store_read_end(place->store, &conn);
}

static err insert_kinds(struct conn *tx, void *ctx)
{
	struct person person = { .id = { 100 }, .handle = S("a"), .display_name = S("a") };
	struct notice notice = { .id = { 300 }, .reader = { 100 } };
	struct invite invite = { .id = { 200 }, .by = { 100 } };
	struct passkey passkey = {
		.id = { 350 }, .person = { 100 }, .credential = S("c"), .public_key = S("k")
	};
	secret_hash code = { { 0 } };
	err e;
	(void)ctx;
	TRY(people_insert(tx, &person, S("a"), STR_NONE));
	TRY(invites_insert(tx, &invite, &code));
	TRY(notices_insert(tx, &notice));
	TRY(passkeys_insert(tx, &passkey, &code));
out:
	return e;
}

static void the_highest_id_is_known_whatever_bears_it(void **state)
{
	struct place *place = *state;
	struct conn *conn;
	int64_t highest;
	assert_ok(store_read(place->store, &conn));
	assert_ok(store_highest_id(conn, &highest));
	assert_int_equal(highest, 0);
	store_read_end(place->store, &conn);
	assert_ok(store_write(place->store, (struct store_job){ .work = insert_kinds }));
	assert_ok(store_read(place->store, &conn));
	assert_ok(store_highest_id(conn, &highest));
	assert_int_equal(highest, 350);
	store_read_end(place->store, &conn);
	assert_ok(write_post(place->store, 100, 400));
	assert_ok(store_read(place->store, &conn));
	assert_ok(store_highest_id(conn, &highest));
	assert_int_equal(highest, 400);
	store_read_end(place->store, &conn);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_was_written_is_there_after_reopening),
		STORE_TEST(a_folder_is_made_for_its_owner_alone),
		STORE_TEST(two_never_open_the_same_folder),
		STORE_TEST(what_cannot_be_opened_says_so),
		STORE_TEST(many_threads_write_and_failures_stay_alone),
		STORE_TEST(after_runs_in_the_order_of_work),
		STORE_TEST(after_runs_when_readers_can_see_the_write),
		STORE_TEST(a_bulk_write_is_kept_whole_or_not_at_all),
		STORE_TEST(bulk_and_single_writes_go_side_by_side),
		STORE_TEST(a_snapshot_stays_until_it_is_given_back),
		STORE_TEST(a_reader_too_many_waits_for_one_to_come_back),
		STORE_TEST(a_reader_cannot_write),
		STORE_TEST(without_a_writer_writes_are_refused),
		STORE_TEST(the_highest_id_is_known_whatever_bears_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
