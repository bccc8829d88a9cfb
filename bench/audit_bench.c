/* audit_bench.c - a log of a hundred thousand records: how long it takes to write, to verify, and to prove things about; and ten thousand
 * tamperings of fifteen kinds, each of which must be found.
 *
 *   audit_bench [RECORDS [TAMPERINGS]]      100000 10000
 *
 * The tampered rows are in the database, and what reads them is the pass of `kith audit verify`. A trial does not begin at the first record:
 * what the pass says of rows up to s is decided by rows up to s, so each goes on from the state it had before the first record that was
 * touched, at most 256 records back. Rolled back afterwards, so that the next one finds the log as it was; at the end it is verified whole.
 * What changes half of the log is dear: a hundred are tried of each of these kinds, the other thousands are shared among the rest. Exit 1 when one is not found. */
#include "circle/audit_look.h"
#include "circle/audit_tamper_testing.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEAR 100

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(err e, const char *what)
{
	if (!failed(e))
		return;
	fprintf(stderr, "%s: %s\n", what, e.why ? e.why : "failed");
	exit(1);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st, (void)kind, (void)walk;
	return remove(path);
}

static void verify(struct circle *c, const char *which)
{
	struct audit_verified v;
	struct audit_memory memory = { .key = audit_public_key(c) };
	struct conn *conn = NULL;
	struct merkle_hash root;
	double from = cpu_s(), took;
	must(store_read(c->store, &conn), "read");
	must(audit_verify(conn, &memory, NULL, NULL, &v), "verify");
	took = cpu_s() - from;
	printf("%s: %lld records and %lld roots verified in %.2f s, %.2f µs a record\n", which,
	       (long long)v.records, (long long)v.roots, took, took * 1e6 / (double)v.records);
	memcpy(root.b, v.last.root, sizeof root.b);
	memory.root = &root;
	from = cpu_s();
	must(audit_verify(conn, &memory, NULL, NULL, &v), "verify");
	printf("%s: and against a root of unknown size: %.2f s\n", which, cpu_s() - from);
	store_read_end(c->store, &conn);
	if (v.fault.what || !v.remembered) {
		fprintf(stderr, "%s: the log is not whole: %s\n", which, v.fault.what);
		exit(1);
	}
}

static void prove(struct circle *c)
{
	struct arena *mem = arena_new((size_t)1 << 20);
	struct audit_root *roots;
	struct audit_link link;
	size_t n, done = 0;
	double from;
	must(audit_roots(c, INT64_MAX, 400, mem, &roots, &n), "roots");
	from = cpu_s();
	for (size_t i = 1; i < n; i++, done++)
		must(audit_consistency(c, roots[i].day, roots[0].day, &link), "consistency");
	printf("a proof that a day goes on from another: %.0f µs\n",
	       (cpu_s() - from) * 1e6 / (double)done);
	arena_free(mem);
}

/* These change all rows from some record on. */
static bool is_dear(enum tampering kind)
{
	return kind == TAMPER_DROP_CLOSED || kind == TAMPER_PUT_IN || kind == TAMPER_CUT ||
	       kind >= TAMPER_CUT_CLEAN;
}

static int tries_of(enum tampering kind, int times)
{
	int dear = 0, each = times < 100 * DEAR ? times / 100 : DEAR;
	for (int i = 0; i < TAMPERINGS; i++)
		dear += is_dear((enum tampering)i);
	if (is_dear(kind))
		return each;
	int rest = times - dear * each, cheap = TAMPERINGS - dear;
	return rest / cheap + (kind == TAMPER_EDIT ? rest % cheap : 0);
}

static int tamper(struct tamper *t, int times)
{
	int total = 0, all_found = 0;
	for (int kind = 0; kind < TAMPERINGS; kind++) {
		int tries = tries_of((enum tampering)kind, times), found = 0;
		double from = now_s();
		for (int i = 0; i < tries; i++) {
			struct audit_fault what;
			must(tamper_try(t, (enum tampering)kind, &what), "trial");
			if (what.what)
				found++;
			else
				fprintf(stderr, "%s from record %lld on: not found\n",
				        tampering_name((enum tampering)kind),
				        (long long)tamper_from(t));
		}
		printf("  %-40s %5d of %5d found, %.1f s\n", tampering_name((enum tampering)kind),
		       found, tries, now_s() - from);
		fflush(stdout);
		total += tries;
		all_found += found;
	}
	printf("tampered with %d times: %d found\n", total, all_found);
	return all_found == total ? 0 : 1;
}

int main(int argc, char **argv)
{
	int64_t records = argc > 1 ? atoll(argv[1]) : 100000;
	int times = argc > 2 ? atoi(argv[2]) : 10000, code;
	char folder[64];
	struct circle *c = NULL;
	struct tamper *t = NULL;
	double from;
	snprintf(folder, sizeof folder, "%s/kith-audit-XXXXXX",
	         access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(folder))
		return 1;
	must(circle_open(&(struct circle_settings){ .folder = folder,
	                                            .clock = clock_real(),
	                                            .chance = chance_real() },
	                 &c),
	     "open");
	from = cpu_s();
	must(tamper_open(c, records, 1, &t), "write");
	printf("%lld records written and verified once, %.1f µs each\n",
	       (long long)tamper_records(t), (cpu_s() - from) * 1e6 / (double)tamper_records(t));
	verify(c, "as written");
	prove(c);
	code = tamper(t, times);
	verify(c, "at the end");
	tamper_close(&t);
	circle_close(&c);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return code;
}
