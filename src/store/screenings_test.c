#include "store/screenings.h"

#include "store/store_testing.h"
#include "store/versions.h"

#include <math.h>
#include <string.h>

static const double readings[] = { 0, 3, NAN, 1.0 / 3, -0.0, 1e300 };

static struct screened screened_of(int64_t seq, int64_t at_ms)
{
	struct screened s = {
		.piece = { { 7 }, { 100 + seq }, { 0 } },
		.author = { -5 }, /* ids are 63 bits, handles 64: signs must survive */
		.as_of_seq = seq - 1,
		.kind = FACTS_COMMENT,
		.author_since_ms = 12345,
		.author_friends = 4000000000u,
		.policy = S("00ff"),
		.model = S("ee11"),
		.action = ACTION_HOLD,
		.score = 0.1,
		.malice = 0.7,
		.recollection = { 3, NAN, 1, 5, 2 },
		.readings = readings,
		.n_readings = COUNT(readings),
		.observation = { .seq = seq,
		                 .at_ms = at_ms,
		                 .author = (uint64_t)-5,
		                 .handle = UINT64_MAX - 1,
		                 .filters = UINT64_C(1) << 63 | 1,
		                 .signature = { .shingles = 60000 },
		                 .n_pictures = 2,
		                 .pictures = { { { 1, 2, 255 }, 100, 3 }, { { 9 }, 0, 0 } } },
	};
	for (size_t i = 0; i < SIGNATURE_MINIMA; i++)
		s.observation.signature.minima[i] = (uint8_t)(250 + i);
	for (size_t i = 0; i < SIGNATURE_BANDS; i++)
		s.observation.signature.bands[i] = UINT32_MAX - (uint32_t)i;
	return s;
}

static void assert_same(const struct screened *got, const struct screened *want)
{
	assert_int_equal(got->piece.post.v, want->piece.post.v);
	assert_int_equal(got->author.v, want->author.v);
	assert_int_equal(got->as_of_seq, want->as_of_seq);
	assert_int_equal(got->kind, want->kind);
	assert_int_equal(got->author_since_ms, want->author_since_ms);
	assert_int_equal(got->author_friends, want->author_friends);
	assert_true(str_eq(got->policy, want->policy) && str_eq(got->model, want->model));
	assert_int_equal(got->action, want->action);
	assert_true(got->score == want->score && got->malice == want->malice);
	assert_memory_equal(&got->recollection, &want->recollection, sizeof got->recollection);
	assert_int_equal(got->n_readings, want->n_readings);
	assert_memory_equal(got->readings, want->readings, sizeof readings);
	assert_memory_equal(&got->observation, &want->observation, sizeof got->observation);
}

static void a_screening_comes_back_bit_for_bit(void **state)
{
	struct tables *t = *state;
	struct screened want = screened_of(1, 1000), got;
	memset(&got, 0, sizeof got);
	assert_ok(screenings_insert(t->conn, &want));
	assert_ok(screenings_find(t->conn, &want.piece, t->mem, &got));
	assert_same(&got, &want);
	assert_fails(screenings_insert(t->conn, &want), ERR_CONFLICT);
	want.piece.comment.v = 1;
	assert_fails(screenings_find(t->conn, &want.piece, t->mem, &got), ERR_MISSING);
}

static void no_readings_are_no_readings(void **state)
{
	struct tables *t = *state;
	struct screened want = screened_of(1, 1000), got;
	want.n_readings = 0;
	want.readings = NULL;
	assert_ok(screenings_insert(t->conn, &want));
	assert_ok(screenings_find(t->conn, &want.piece, t->mem, &got));
	assert_int_equal(got.n_readings, 0);
}

static void the_latest_revision_is_found(void **state)
{
	struct tables *t = *state;
	struct screened s = screened_of(1, 1000), got;
	int next;
	assert_ok(screenings_next_revision(t->conn, &s.piece, &next));
	assert_int_equal(next, 0);
	assert_ok(screenings_insert(t->conn, &s));
	assert_ok(screenings_next_revision(t->conn, &s.piece, &next));
	assert_int_equal(next, 1);
	s.revision = next;
	s.observation.seq = 2;
	s.action = ACTION_ALLOW;
	assert_ok(screenings_insert(t->conn, &s));
	assert_ok(screenings_find(t->conn, &s.piece, t->mem, &got));
	assert_true(got.revision == 1 && got.action == ACTION_ALLOW);
}

/* Judged first, then changed: what waits, or was stopped while it waited, was never what the piece said. */
static void only_what_showed_takes_the_place_of_the_first(void **state)
{
	static const struct {
		enum version_state state;
		int64_t at_ms, measure;
		bool shown;
	} changes[] = {
		{ VERSION_WAITS, 2000, 9, true },    { VERSION_DROPPED, 2000, 9, true },
		{ VERSION_SHOWN, 2000, 9, false },   { VERSION_SHOWN, 2000, 0, false },
		{ VERSION_DROPPED, 2000, 0, false }, /* it waited with the whole piece */
		{ VERSION_WAITS, 1999, 9, false },   /* another change: this one has no words */
	};
	struct tables *t = *state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct screened first = screened_of(10 * ((int64_t)i + 1), 1000), later = first;
		struct version v = { .id = { 500 },
			             .state = changes[i].state,
			             .at_ms = changes[i].at_ms,
			             .measure = { changes[i].measure } };
		bool shown;
		assert_ok(screenings_insert(t->conn, &first));
		assert_ok(screenings_still_shown(t->conn, &first, &shown));
		assert_true(shown);
		later.revision = 1;
		later.observation.seq++;
		later.observation.at_ms = 2000;
		assert_ok(screenings_insert(t->conn, &later));
		assert_ok(versions_insert(t->conn, &first.piece, &v));
		assert_ok(screenings_still_shown(t->conn, &first, &shown));
		assert_int_equal(shown, changes[i].shown);
		assert_ok(screenings_still_shown(t->conn, &later, &shown));
		assert_true(shown);
	}
}

static void screenings_come_in_the_order_of_their_numbers(void **state)
{
	static const int64_t at_ms[] = { 900, 100, 500, 950, 300 };
	struct tables *t = *state;
	struct screened *page;
	int64_t seq;
	size_t n;
	assert_ok(screenings_last_seq(t->conn, &seq));
	assert_int_equal(seq, 0);
	for (int64_t i = (int64_t)COUNT(at_ms); i > 0; i--) {
		struct screened s = screened_of(i * 10, at_ms[i - 1]);
		assert_ok(screenings_insert(t->conn, &s));
	}
	assert_ok(screenings_last_seq(t->conn, &seq));
	assert_int_equal(seq, 50);
	assert_ok(screenings_first_since(t->conn, 499, &seq));
	assert_int_equal(seq, 10);
	assert_ok(screenings_first_since(t->conn, 900, &seq));
	assert_int_equal(seq, 40);
	assert_ok(screenings_first_since(t->conn, 950, &seq));
	assert_int_equal(seq, 0);
	assert_ok(screenings_after(t->conn, 10, 30, t->mem, &page, &n));
	assert_int_equal(n, 3);
	assert_true(page[0].observation.seq == 20 && page[2].observation.seq == 40);
	assert_ok(screenings_after(t->conn, 50, 1000, t->mem, &page, &n));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_screening_comes_back_bit_for_bit),
		TABLE_TEST(no_readings_are_no_readings),
		TABLE_TEST(the_latest_revision_is_found),
		TABLE_TEST(only_what_showed_takes_the_place_of_the_first),
		TABLE_TEST(screenings_come_in_the_order_of_their_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
