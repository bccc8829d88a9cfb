/* place_testing.h - for tests: a store of its own with three lives in it, of which one is to end. */
#ifndef KITH_STORE_PLACE_TESTING_H
#define KITH_STORE_PLACE_TESTING_H

#include "store/erasures.h"
#include "store/store_testing.h"

/* Not TABLE_TEST: an erasure reads whole tables, on purpose. */
struct place {
	char folder[64];
	struct store *store;
	struct arena *mem;
	struct erasure gone;
};

extern const person_id anna, ben, cleo;

int place_set_up(void **state);
int place_tear_down(void **state);
/* Jobs of store_write. Posts, comments, friends and groups of all three. */
err place_life(struct conn *tx, void *ctx);
/* What was done to anna, and is. */
err place_measures(struct conn *tx, void *ctx);
/* Hers is judged by Ben, and she judges Ben's. */
err place_appeals(struct conn *tx, void *ctx);
/* One write: one of these, or a test's own, whose `ctx` is the place. */
void place_write(struct place *p, err (*work)(struct conn *tx, void *ctx));
/* How many faults the rules of checks.h find. */
int place_faults(struct place *p);

#define PLACE_TEST(f) cmocka_unit_test_setup_teardown(f, place_set_up, place_tear_down)

#endif
