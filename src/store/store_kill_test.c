/* Killed while writing, again and again, on the same folder: what store_write acknowledged is there afterwards. A kill
 * keeps what the kernel holds, so this is about order and recovery; power cuts are in store_fault_test.c.
 *
 * KITH_TEST_KILLS says how often, 20 when it does not. */
#include "store/store.h"

#include "store/store_testing.h"

#include "base/seam.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 8
#define ACKS_MAX 200000

struct life {
	struct store *store;
	int pipe;
	int64_t author, first;
};

static void *write_until_killed(void *ctx)
{
	const struct life *me = ctx;
	for (int64_t id = me->first;; id++) {
		int64_t ack[2] = { me->author, id };
		if (failed(write_post(me->store, me->author, id)) ||
		    write(me->pipe, ack, sizeof ack) != sizeof ack)
			_exit(1);
	}
}

static void live(const char *folder, int pipe, int64_t first)
{
	struct store_settings settings = { .folder = folder };
	struct life lives[THREADS];
	pthread_t threads[THREADS];
	struct store *store;
	if (failed(store_open(&settings, &store)))
		_exit(1);
	for (int i = 0; i < THREADS; i++) {
		lives[i] = (struct life){ store, pipe, i + 1, first + i * 100000 };
		if (pthread_create(&threads[i], NULL, write_until_killed, &lives[i]))
			_exit(1);
	}
	pthread_join(threads[0], NULL);
}

struct acks {
	size_t n;
	int64_t row[ACKS_MAX][2];
};

/* Starts a writer, lets it live a while after its first acknowledgement, kills it, and keeps what it acknowledged. */
static void one_life(const char *folder, int64_t first, unsigned live_us, struct acks *acks)
{
	int fds[2], status;
	pid_t child;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		live(folder, fds[1], first);
		_exit(1);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], acks->row[acks->n], sizeof acks->row[0]),
	                 sizeof acks->row[0]);
	acks->n++;
	usleep(live_us);
	kill(child, SIGKILL);
	while (acks->n < ACKS_MAX &&
	       read(fds[0], acks->row[acks->n], sizeof acks->row[0]) == sizeof acks->row[0])
		acks->n++;
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void a_kill_loses_nothing_acknowledged(void **state)
{
	static struct acks acks;
	const char *asked = getenv("KITH_TEST_KILLS");
	int kills = asked ? atoi(asked) : 20;
	char folder[64];
	struct store_settings settings = { .folder = folder };
	uint64_t seed = 7;
	struct chance chance = chance_seeded(&seed);
	struct store *store;
	struct conn *conn;
	(void)state;
	make_folder(folder);
	for (int k = 0; k < kills; k++) {
		uint32_t r;
		chance_fill(chance, &r, sizeof r);
		one_life(folder, (int64_t)(k + 1) * 1000000, r % 30000, &acks);
	}
	assert_true(acks.n > (size_t)kills && acks.n < ACKS_MAX);
	assert_ok(store_open(&settings, &store));
	assert_ok(store_read(store, &conn));
	for (size_t i = 0; i < acks.n; i++)
		if (!has_post(conn, acks.row[i][0], acks.row[i][1]))
			fail_msg("post %lld was acknowledged and is lost",
			         (long long)acks.row[i][1]);
	assert_sound(conn);
	store_read_end(store, &conn);
	store_close(store);
	remove_folder(folder);
	print_message("# %zu acknowledged over %d kills, 0 lost\n", acks.n, kills);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_kill_loses_nothing_acknowledged) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
