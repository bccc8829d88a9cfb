#include "circle/audit_compare.h"

#include "circle/disclose.h"
#include "circle/audit_look.h"
#include "circle/audit_verify.h"
#include "circle/order_testing.h"
#include "store/measures.h"
#include "store/measures_testing.h"

#include <string.h>

static struct stage *s;
static int faults;
static const char *last_fault;

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 6 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static void count(void *ctx, const char *what, str about)
{
	(void)ctx;
	(void)about;
	last_fault = what;
	faults++;
}

static int compared(void)
{
	struct conn *conn = NULL;
	faults = 0;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audit_compare(conn, count, NULL));
	store_read_end(s->c->store, &conn);
	return faults;
}

static void assert_whole(void)
{
	struct audit_verified v;
	struct conn *conn = NULL;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audit_verify(conn, &(struct audit_memory){ .key = audit_public_key(s->c) }, NULL,
	                       NULL, &v));
	store_read_end(s->c->store, &conn);
	if (v.fault.what)
		fail_msg("%s: record %lld", v.fault.what, (long long)v.fault.seq);
}

static const struct order_end released = { .state = MEASURE_RELEASED,
	                                   .decider = DECIDER_STEWARD,
	                                   .note = { "Ein Irrtum.", 11 } };

static struct measure end_one(int subject, enum measure_kind kind)
{
	struct measure m = order_put(s, 1, subject, kind);
	struct order_end end = released;
	end.by = s->people[1];
	assert_ok(order_try_end(s, m.id, end));
	return m;
}

static void whatever_is_done_is_in_the_log(void **state)
{
	struct measure freeze = end_one(2, MEASURE_FREEZE);
	(void)state;
	(void)order_put(s, 1, 3, MEASURE_FEWER);
	(void)order_put(s, 0, 4, MEASURE_NOTICE);
	assert_ok(order_try_restore(s, freeze));
	assert_int_equal(compared(), 0);
	s->now_ms += 400 * ORDER_DAY_MS;
	order_ticks(s);
	s->now_ms += 2 * 3600 * 1000; /* a clock that ran so far ahead is waited for */
	order_ticks(s);
	assert_int_equal(compared(), 0);
	assert_whole();
}

/* What a subject is told of it, word for word, and nothing more. */
static void a_receipt_of_a_real_measure_opens(void **state)
{
	struct measure m = end_one(2, MEASURE_FREEZE);
	struct audit_receipt *r;
	size_t n;
	(void)state;
	s->now_ms += AUDIT_DAY_MS;
	assert_ok(audit_day(s->c, s->now_ms));
	assert_ok(audit_receipts(s->c, s->people[2], m.id, s->mem, &r, &n));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_null(audit_receipt_fault(&r[i]));
		assert_true(str_find(r[i].record, S("\ncase=")) == SIZE_MAX);
	}
	assert_true(str_starts(r[0].record, S("measure.begun\n")));
	assert_true(str_starts(r[1].record, S("measure.released\n")));
	assert_text(r[1].opened[r[1].n_opened - 1].name, "note");
	assert_text(r[1].opened[r[1].n_opened - 1].value, "Ein Irrtum.");
	assert_whole();
}

static err insert_work(struct conn *tx, void *ctx) { return measures_insert(tx, ctx); }

static err move_work(struct conn *tx, void *ctx)
{
	const struct measure *m = ctx;
	struct measure is = *m;
	is.state = MEASURE_OVERTURNED;
	return measures_move(tx, m, &is);
}

static void what_is_done_behind_its_back_is_found(void **state)
{
	struct measure m = order_put(s, 1, 2, MEASURE_FREEZE), hidden = m;
	(void)state;
	s->now_ms += 5;
	hidden.id.v = snowflake_next(s->c->ids);
	assert_ok(store_write(s->c->store, (struct store_job){ insert_work, NULL, &hidden }));
	assert_int_equal(compared(), 1);
	assert_non_null(strstr(last_fault, "does not know"));
	assert_ok(store_write(s->c->store, (struct store_job){ move_work, NULL, &m }));
	assert_int_equal(compared(), 2);
}

struct rewriting {
	measure_id id;
	int way; /* -1: it is removed */
};

static err rewrite_work(struct conn *tx, void *ctx)
{
	const struct rewriting *it = ctx;
	return it->way < 0 ? measures_remove(tx, it->id) : measures_rewrite(tx, it->id, it->way);
}

static void rewrite(measure_id id, int way)
{
	struct rewriting it = { id, way };
	assert_ok(store_write(s->c->store, (struct store_job){ rewrite_work, NULL, &it }));
}

static void whichever_column_is_rewritten_is_found(void **state)
{
	int found = 0;
	(void)state;
	for (int over = 0; over < 2; over++) {
		for (int way = 0; way < MEASURES_REWRITES; way++) {
			struct measure m = over ? end_one(2, MEASURE_FREEZE)
			                        : order_put(s, 1, 3, MEASURE_FREEZE);
			assert_int_equal(compared(), found);
			rewrite(m.id, way);
			if (compared() != ++found)
				fail_msg("nothing was found after %s", measures_rewrite_name(way));
		}
	}
}

static void one_that_was_removed_is_found(void **state)
{
	struct measure m = order_put(s, 1, 2, MEASURE_FREEZE);
	(void)state;
	rewrite(m.id, -1);
	assert_int_equal(compared(), 1);
	assert_non_null(strstr(last_fault, "is gone"));
}

static err look_work(struct conn *tx, void *ctx) { return disclose_look(s->c, tx, ctx); }

static err forget_work(struct conn *tx, void *ctx)
{
	(void)ctx;
	return measures_forget_looks(tx, 41);
}

static void a_look_that_was_removed_is_found(void **state)
{
	struct access look = { s->people[1], 41, ACCESS_STEWARD, s->now_ms };
	(void)state;
	for (int i = 0; i < 3; i++) {
		look.at_ms += i;
		look.reviewer = s->people[i % 2];
		assert_ok(store_write(s->c->store, (struct store_job){ look_work, NULL, &look }));
	}
	assert_int_equal(compared(), 0);
	assert_ok(store_write(s->c->store, (struct store_job){ forget_work, NULL, NULL }));
	assert_int_equal(compared(), 1);
	assert_non_null(strstr(last_fault, "a look"));
}

static err restored_work(struct conn *tx, void *ctx)
{
	const struct audit_entry entry = { .kind = "log.restored" };
	(void)ctx;
	return audit_append(s->c, tx, &entry, s->now_ms, NULL);
}

static void what_a_restore_took_back_is_left_to_the_log(void **state)
{
	struct measure m = order_put(s, 1, 2, MEASURE_FREEZE), back = m;
	(void)state;
	s->now_ms += 5;
	back.id.v = snowflake_next(s->c->ids);
	assert_ok(store_write(s->c->store, (struct store_job){ insert_work, NULL, &back }));
	assert_ok(store_write(s->c->store, (struct store_job){ move_work, NULL, &m }));
	assert_int_equal(compared(), 2);
	s->now_ms += 5;
	assert_ok(store_write(s->c->store, (struct store_job){ restored_work, NULL, NULL }));
	assert_int_equal(compared(), 0);
}

static void what_was_there_before_the_log_is_not_asked_for(void **state)
{
	struct measure old = { .id = { 41 },
		               .subject = s->people[2],
		               .kind = MEASURE_NOTICE,
		               .rule = S("r"),
		               .policy = S("p"),
		               .evidence = S("{}"),
		               .decision_note = S(""),
		               .ends_at_ms = INT64_MAX };
	(void)state;
	assert_ok(store_write(s->c->store, (struct store_job){ insert_work, NULL, &old }));
	assert_int_equal(compared(), 0);
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(whatever_is_done_is_in_the_log),
		STAGE_TEST(a_receipt_of_a_real_measure_opens),
		STAGE_TEST(what_is_done_behind_its_back_is_found),
		STAGE_TEST(whichever_column_is_rewritten_is_found),
		STAGE_TEST(one_that_was_removed_is_found),
		STAGE_TEST(a_look_that_was_removed_is_found),
		STAGE_TEST(what_a_restore_took_back_is_left_to_the_log),
		STAGE_TEST(what_was_there_before_the_log_is_not_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
