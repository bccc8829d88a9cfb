#include "circle/audit_verify.h"

#include "circle/audit_tamper_testing.h"
#include "circle/stage_testing.h"

#include "base/encode.h"
#include "store/audits_testing.h"

#include <string.h>

#define RECORDS 2000
#define EACH                                                                                       \
	20 /* of a kind: 300 in all. bench/audit_bench has ten thousand, of a log of a hundred thousand */

struct desk {
	struct stage *s;
	struct tamper *t;
};

static int set_up(void **state)
{
	struct desk *d = calloc(1, sizeof *d);
	assert_non_null(d);
	d->s = stage_new((struct stage_needs){ .people = 0 });
	assert_ok(tamper_open(d->s->c, RECORDS, 11, &d->t));
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;
	tamper_close(&d->t);
	stage_free(d->s);
	free(d);
	return 0;
}

static struct audit_verified verified(struct desk *d, const struct audit_memory *memory)
{
	struct audit_verified out;
	struct conn *conn = NULL;
	assert_ok(store_read(d->s->c->store, &conn));
	assert_ok(audit_verify(conn, memory, NULL, NULL, &out));
	store_read_end(d->s->c->store, &conn);
	return out;
}

static void a_log_that_nobody_touched_is_whole(void **state)
{
	struct desk *d = *state;
	struct audit_memory memory = { .key = audit_public_key(d->s->c) };
	struct audit_verified v = verified(d, &memory);
	assert_null(v.fault.what);
	assert_true(v.records == tamper_records(d->t) && v.records >= RECORDS);
	assert_true(v.roots > 5 && v.keys == 1 && !v.remembered);
	assert_true(v.last.size == v.records - 1);
}

static void every_tampering_is_found(void **state)
{
	struct desk *d = *state;
	for (int kind = 0; kind < TAMPERINGS; kind++) {
		for (int i = 0; i < EACH; i++) {
			struct audit_fault what;
			assert_ok(tamper_try(d->t, (enum tampering)kind, &what));
			if (!what.what)
				fail_msg("%s, from record %lld on: not found",
				         tampering_name((enum tampering)kind),
				         (long long)tamper_from(d->t));
			/* Never blames what is before it; an edit is named itself. */
			if (what.seq != 0 && what.seq < tamper_from(d->t))
				fail_msg("%s, from record %lld on: %s at %lld",
				         tampering_name((enum tampering)kind),
				         (long long)tamper_from(d->t), what.what,
				         (long long)what.seq);
			if (kind == TAMPER_EDIT || kind == TAMPER_PUT_IN || kind == TAMPER_SWAP)
				assert_true(what.seq == tamper_from(d->t));
		}
	}
	assert_null(verified(d, &(struct audit_memory){ 0 }).fault.what);
}

static err root_of(struct desk *d, int64_t size, struct merkle_hash *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(d->s->c->store, &conn));
	const struct merkle_source source = { conn, audits_node };
	e = merkle_root(&source, size, out);
	store_read_end(d->s->c->store, &conn);
out:
	return e;
}

static void a_root_of_any_beginning_is_remembered(void **state)
{
	struct desk *d = *state;
	static const int64_t sizes[] = { 1, 64, 777, 1920 };
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct merkle_hash root;
		struct audit_memory memory = { .root = &root };
		assert_ok(root_of(d, sizes[i], &root));
		struct audit_verified v = verified(d, &memory);
		assert_true(!v.fault.what && v.remembered);
		memory.size = sizes[i];
		v = verified(d, &memory);
		assert_true(!v.fault.what && v.remembered);
		memory.size = sizes[i] + 1;
		v = verified(d, &memory);
		assert_true(v.fault.what && v.fault.seq == sizes[i] + 1 && !v.remembered);
		memory.size = 0;
		root.b[9] ^= 1;
		v = verified(d, &memory);
		assert_true(v.fault.what && !v.remembered);
	}
}

static void a_key_that_is_remembered_must_be_the_log_s(void **state)
{
	struct desk *d = *state;
	unsigned char other[AUDIT_KEY_BYTES];
	struct audit_memory memory = { .key = other };
	struct audit_verified v;
	memcpy(other, audit_public_key(d->s->c), sizeof other);
	assert_null(verified(d, &memory).fault.what);
	other[0] ^= 1;
	v = verified(d, &memory);
	assert_true(v.fault.what && v.fault.seq == 2);
}

static bool always(void *ctx)
{
	(void)ctx;
	return true;
}

static void it_stops_when_nobody_waits(void **state)
{
	struct desk *d = *state;
	struct audit_verified out;
	struct conn *conn = NULL;
	assert_ok(store_read(d->s->c->store, &conn));
	assert_fails(audit_verify(conn, &(struct audit_memory){ 0 }, always, NULL, &out), ERR_BUSY);
	store_read_end(d->s->c->store, &conn);
}

/* What is none of the trials: before the first record, and a salt too many. */
static err put_before(struct conn *tx, void *ctx)
{
	struct arena *mem = ctx;
	struct audit_row row;
	err e;
	TRY(audits_find(tx, 1, mem, &row));
	row.seq = -3;
	TRY(audits_insert(tx, &row));
out:
	return e;
}

static err add_salt(struct conn *tx, void *ctx)
{
	struct audit_salt salt = { .person = { 77 }, .seq = 3 };
	(void)ctx;
	return audit_salts_insert(tx, &salt);
}

static err take_back(struct conn *tx, void *ctx)
{
	(void)ctx;
	return tamper_delete(tx, -3);
}

static void what_is_put_beside_is_found_too(void **state)
{
	struct desk *d = *state;
	const struct audit_memory nothing = { 0 };
	assert_ok(store_write(d->s->c->store, (struct store_job){ put_before, NULL, d->s->mem }));
	assert_non_null(verified(d, &nothing).fault.what);
	assert_ok(store_write(d->s->c->store, (struct store_job){ take_back, NULL, NULL }));
	assert_null(verified(d, &nothing).fault.what);
	assert_ok(store_write(d->s->c->store, (struct store_job){ add_salt, NULL, NULL }));
	assert_true(verified(d, &nothing).fault.seq == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_that_nobody_touched_is_whole),
		cmocka_unit_test(every_tampering_is_found),
		cmocka_unit_test(a_root_of_any_beginning_is_remembered),
		cmocka_unit_test(a_key_that_is_remembered_must_be_the_log_s),
		cmocka_unit_test(it_stops_when_nobody_waits),
		cmocka_unit_test(what_is_put_beside_is_found_too),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
