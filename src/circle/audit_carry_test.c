#include "circle/audit_carry.h"

#include "circle/audit_verify.h"
#include "circle/stage_testing.h"
#include "store/audits_testing.h"
#include "store/policies.h"
#include "store/rules_down.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

/* A circle, a copy of its database as a backup has it, and the store that the copy becomes. */
struct desk {
	struct stage *s;
	char folder[64], now[128], then[128];
	struct store *restored;
	struct audit_carried carried;
	int64_t seq;
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st, (void)kind, (void)walk;
	return remove(path);
}

static int set_up(void **state)
{
	struct desk *d = calloc(1, sizeof *d);
	assert_non_null(d);
	d->s = stage_new((struct stage_needs){ .people = 0 });
	snprintf(d->folder, sizeof d->folder, "/tmp/kith-carry-XXXXXX");
	assert_non_null(mkdtemp(d->folder));
	snprintf(d->now, sizeof d->now, "%s/kith.db", d->s->folder);
	snprintf(d->then, sizeof d->then, "%s/kith.db", d->folder);
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;
	store_close(d->restored);
	stage_free(d->s);
	nftw(d->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(d);
	return 0;
}

static err append_work(struct conn *tx, void *ctx)
{
	struct desk *d = ctx;
	const struct audit_entry entry = { .kind = "a.b", .concerned = { 9 } };
	return audit_append(d->s->c, tx, &entry, d->s->now_ms, &d->seq);
}

static void append(struct desk *d, struct store *store, int n)
{
	for (int i = 0; i < n; i++)
		assert_ok(store_write(store, (struct store_job){ append_work, NULL, d }));
}

static void back_up(struct desk *d)
{
	struct conn *conn = NULL;
	assert_ok(store_read(d->s->c->store, &conn));
	assert_ok(store_copy(conn, d->then));
	store_read_end(d->s->c->store, &conn);
}

static void open_backup(struct desk *d)
{
	assert_ok(store_open(&(struct store_settings){ .folder = d->folder }, &d->restored));
}

static void carry(struct desk *d, const char *before)
{
	struct audit_carry about = { .store = d->restored,
		                     .before = before,
		                     .made_at_ms = 5,
		                     .now_ms = d->s->now_ms,
		                     .chance = chance_real() };
	assert_ok(audit_carry_on(&about, &d->carried));
}

static struct audit_verified verified(struct desk *d, const struct audit_memory *memory)
{
	struct audit_verified out;
	struct conn *conn = NULL;
	assert_ok(store_read(d->restored, &conn));
	assert_ok(audit_verify(conn, memory, NULL, NULL, &out));
	store_read_end(d->restored, &conn);
	return out;
}

static str last_record(struct desk *d)
{
	struct conn *conn = NULL;
	struct audit_row row;
	assert_ok(store_read(d->restored, &conn));
	assert_ok(audits_last(conn, d->s->mem, &row));
	store_read_end(d->restored, &conn);
	return row.record;
}

static void next_day(struct desk *d, struct audit_root *root)
{
	struct conn *conn = NULL;
	d->s->now_ms += AUDIT_DAY_MS;
	assert_ok(audit_day(d->s->c, d->s->now_ms));
	assert_ok(store_read(d->s->c->store, &conn));
	assert_ok(audit_root_before(conn, INT64_MAX, root));
	store_read_end(d->s->c->store, &conn);
}

static const struct audit_memory nothing = { 0 };

static void what_came_since_comes_along(void **state)
{
	struct desk *d = *state;
	struct audit_root root;
	struct merkle_hash remembered;
	append(d, d->s->c->store, 7);
	back_up(d);
	append(d, d->s->c->store, 9);
	next_day(d, &root);
	open_backup(d);
	carry(d, d->now);
	assert_true(d->carried.from == AUDIT_DAY_RECORDS + 8 && !d->carried.fork);
	assert_true(d->carried.n == AUDIT_DAY_RECORDS - 7);
	memcpy(remembered.b, root.root, sizeof remembered.b);
	struct audit_verified v = verified(d, &(struct audit_memory){ .root = &remembered });
	assert_null(v.fault.what);
	assert_true(v.remembered && v.roots == 2 && v.records == root.size + 2);
	assert_true(str_starts(last_record(d), S("log.restored\n")));
	assert_true(str_ends(last_record(d), S("\nmade=5\nsize=72\ncarried=57\n")));
}

static err bind_work(struct conn *tx, void *ctx)
{
	return policies_enact(tx, ctx, POLICY_WITHDRAWN);
}

static void bind(struct desk *d, const char *hash)
{
	struct stored_policy row = { .hash = str_of(hash),
		                     .name = S("p"),
		                     .version = 1,
		                     .binds_at_ms = d->s->now_ms,
		                     .source = S("1 a\nx") };
	assert_ok(store_write(d->s->c->store, (struct store_job){ bind_work, NULL, &row }));
}

static err withdrawn_lifts(struct conn *tx, void *ctx)
{
	return policies_lift(tx, str_of(ctx), LIFTS_ALL);
}

/* A policy that was withdrawn since binds nobody again. */
static void the_policy_in_force_stays_so(void **state)
{
	struct desk *d = *state;
	struct stored_policy row;
	struct conn *conn = NULL;
	char old[] = "aa";
	bind(d, old);
	append(d, d->s->c->store, 1);
	back_up(d);
	bind(d, "bb");
	assert_ok(store_write(d->s->c->store, (struct store_job){ withdrawn_lifts, NULL, old }));
	append(d, d->s->c->store, 1);
	open_backup(d);
	carry(d, d->now);
	assert_ok(store_read(d->restored, &conn));
	assert_ok(policies_in_force(conn, d->s->mem, &row));
	assert_text(row.hash, "bb");
	assert_ok(policies_find(conn, S("aa"), d->s->mem, &row));
	assert_int_equal(row.state, POLICY_WITHDRAWN);
	assert_int_equal(row.lifts, LIFTS_ALL);
	store_read_end(d->restored, &conn);
}

static err down_work(struct conn *tx, void *ctx)
{
	struct rule_down row = {
		.rule = S("a.one"), .at_ms = 10, .n_decided = 20, .n_overturned = 9
	};
	(void)ctx;
	return rules_down_insert(tx, &row);
}

static err raise_work(struct conn *tx, void *ctx)
{
	bool was_down;
	(void)ctx;
	return rules_down_raise(tx, S("a.one"), 20, &was_down);
}

/* One of the policy in force, which came along: a version since has changed it, and its record began anew. */
static void what_is_known_of_its_rules_comes_with_the_policy(void **state)
{
	struct desk *d = *state;
	struct rule_down *down;
	struct conn *conn = NULL;
	int64_t since_ms;
	size_t n;
	assert_ok(store_write(d->s->c->store, (struct store_job){ down_work, NULL, NULL }));
	append(d, d->s->c->store, 1);
	back_up(d);
	assert_ok(store_write(d->s->c->store, (struct store_job){ raise_work, NULL, NULL }));
	append(d, d->s->c->store, 1);
	open_backup(d);
	carry(d, d->now);
	assert_ok(store_read(d->restored, &conn));
	assert_ok(rules_down_now(conn, d->s->mem, &down, &n));
	assert_int_equal(n, 0);
	assert_ok(rules_down_since(conn, S("a.one"), &since_ms));
	assert_int_equal(since_ms, 20);
	store_read_end(d->restored, &conn);
}

static void nothing_came_since(void **state)
{
	struct desk *d = *state;
	append(d, d->s->c->store, 2);
	back_up(d);
	open_backup(d);
	carry(d, d->now);
	assert_true(d->carried.n == 0 && !d->carried.fork);
	assert_null(verified(d, &nothing).fault.what);
}

/* What is set aside may itself be older than the backup. */
static void an_older_one_gives_nothing(void **state)
{
	struct desk *d = *state;
	back_up(d);
	open_backup(d);
	append(d, d->restored, 4);
	carry(d, d->now);
	assert_true(d->carried.n == 0 && !d->carried.fork);
	assert_null(verified(d, &nothing).fault.what);
}

static void without_the_old_one_it_is_written_down(void **state)
{
	struct desk *d = *state;
	struct audit_root root;
	struct merkle_hash remembered;
	back_up(d);
	append(d, d->s->c->store, 9);
	next_day(d, &root);
	open_backup(d);
	carry(d, NULL);
	assert_true(d->carried.n == 0 && !d->carried.fork);
	assert_true(str_ends(last_record(d), S("\nmade=5\nsize=65\ncarried=0\n")));
	assert_null(verified(d, &nothing).fault.what);
	/* Whoever remembers what was published in between sees the fork. */
	memcpy(remembered.b, root.root, sizeof remembered.b);
	assert_non_null(verified(d, &(struct audit_memory){ .root = &remembered }).fault.what);
}

static void one_that_parted_is_a_fork(void **state)
{
	struct desk *d = *state;
	back_up(d);
	append(d, d->s->c->store, 3);
	open_backup(d);
	append(d, d->restored, 2);
	carry(d, d->now);
	assert_true(d->carried.n == 0 && d->carried.fork);
	assert_true(str_find(last_record(d), S("\ncarried=0\nlost-size=68\nlost-head=")) !=
	            SIZE_MAX);
	assert_null(verified(d, &nothing).fault.what);
}

static err spoil(struct conn *tx, void *ctx)
{
	struct desk *d = ctx;
	struct tampered set = { .column = TAMPER_RECORD,
		                .key = d->seq,
		                .bytes = S("a.b\nseq=1\n") };
	return tamper_set(tx, &set);
}

static void what_the_chain_does_not_hold_stays_behind(void **state)
{
	struct desk *d = *state;
	back_up(d);
	append(d, d->s->c->store, 3);
	assert_ok(store_write(d->s->c->store, (struct store_job){ spoil, NULL, d }));
	open_backup(d);
	carry(d, d->now);
	assert_true(d->carried.n == 0 && d->carried.fork);
	assert_null(verified(d, &nothing).fault.what);
}

static void one_that_cannot_be_read_is_none(void **state)
{
	struct desk *d = *state;
	char path[128];
	FILE *file;
	back_up(d);
	open_backup(d);
	snprintf(path, sizeof path, "%s/broken.db", d->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("this is no database, whatever it was", file);
	fclose(file);
	carry(d, path);
	assert_true(d->carried.n == 0 && !d->carried.fork);
	assert_null(verified(d, &nothing).fault.what);
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(what_came_since_comes_along),
		DESK_TEST(the_policy_in_force_stays_so),
		DESK_TEST(what_is_known_of_its_rules_comes_with_the_policy),
		DESK_TEST(nothing_came_since),
		DESK_TEST(an_older_one_gives_nothing),
		DESK_TEST(without_the_old_one_it_is_written_down),
		DESK_TEST(one_that_parted_is_a_fork),
		DESK_TEST(what_the_chain_does_not_hold_stays_behind),
		DESK_TEST(one_that_cannot_be_read_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
