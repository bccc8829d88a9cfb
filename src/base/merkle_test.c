/* Against RFC 6962 as it is written there: three recursive functions over a list of leaves. */
#include "base/merkle.h"

#include "base/arena.h"
#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#define MOST 600
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct merkle_hash leaves[MOST];
/* What an edge said was whole, by level and place. */
static struct merkle_hash kept[10][MOST];

static int64_t power_below(int64_t n)
{
	int64_t k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

static struct merkle_hash mth(int64_t from, int64_t n)
{
	struct merkle_hash left, right;
	if (n == 1)
		return leaves[from];
	left = mth(from, power_below(n));
	right = mth(from + power_below(n), n - power_below(n));
	return merkle_node(&left, &right);
}

static void path(int64_t m, int64_t from, int64_t n, struct merkle_proof *out)
{
	int64_t k;
	if (n == 1)
		return;
	k = power_below(n);
	if (m < k) {
		path(m, from, k, out);
		out->path[out->n++] = mth(from + k, n - k);
	} else {
		path(m - k, from + k, n - k, out);
		out->path[out->n++] = mth(from, k);
	}
}

static void subproof(int64_t m, int64_t from, int64_t n, bool known, struct merkle_proof *out)
{
	int64_t k;
	if (m == n) {
		if (!known)
			out->path[out->n++] = mth(from, n);
		return;
	}
	k = power_below(n);
	if (m <= k) {
		subproof(m, from, k, known, out);
		out->path[out->n++] = mth(from + k, n - k);
	} else {
		subproof(m - k, from + k, n - k, false, out);
		out->path[out->n++] = mth(from, k);
	}
}

static err node(void *ctx, int level, int64_t place, struct merkle_hash *out)
{
	(void)ctx;
	assert_in_range(level, 0, 9);
	assert_true(((place + 1) << level) <= MOST);
	*out = kept[level][place];
	return OK;
}

static const struct merkle_source source = { NULL, node };

static int grow(void **state)
{
	struct merkle_edge edge = { 0 };
	(void)state;
	assert_true(sodium_init() >= 0);
	for (uint32_t i = 0; i < MOST; i++) {
		struct merkle_hash whole[MERKLE_LEVELS];
		int n;
		leaves[i] = merkle_leaf(&i, sizeof i);
		merkle_edge_add(&edge, &leaves[i], whole, &n);
		kept[0][i] = leaves[i];
		for (int level = 1; level <= n; level++)
			kept[level][((i + 1) >> level) - 1] = whole[level - 1];
	}
	return 0;
}

static void an_edge_has_the_root_of_each_size(void **state)
{
	struct merkle_edge edge = { 0 }, found;
	struct merkle_hash root, want;
	(void)state;
	for (int64_t n = 1; n <= MOST; n++) {
		merkle_edge_add(&edge, &leaves[n - 1], NULL, NULL);
		want = mth(0, n);
		root = merkle_edge_root(&edge);
		assert_memory_equal(root.b, want.b, MERKLE_BYTES);
		assert_false(failed(merkle_root(&source, n, &root)));
		assert_memory_equal(root.b, want.b, MERKLE_BYTES);
		assert_false(failed(merkle_edge_of(&source, n, &found)));
		assert_int_equal(found.n, edge.n);
		assert_true(found.size == n);
		assert_memory_equal(found.whole, edge.whole,
		                    (size_t)edge.n * sizeof(struct merkle_hash));
	}
}

static void assert_same(const struct merkle_proof *got, const struct merkle_proof *want)
{
	assert_int_equal(got->n, want->n);
	assert_memory_equal(got->path, want->path, (size_t)got->n * sizeof(struct merkle_hash));
}

static void a_path_is_that_of_the_rfc_and_holds_for_its_place_alone(void **state)
{
	(void)state;
	for (int64_t n = 1; n <= MOST; n += n < 70 ? 1 : 53) {
		struct merkle_hash root = mth(0, n);
		for (int64_t m = 0; m < n; m += n < 70 ? 1 : 7) {
			struct merkle_proof want = { 0 }, got;
			path(m, 0, n, &want);
			assert_false(failed(merkle_inclusion(&source, m, n, &got)));
			assert_same(&got, &want);
			size_t k = (size_t)got.n;
			assert_true(merkle_included(&leaves[m], m, n, got.path, k, &root));
			assert_false(
				merkle_included(&leaves[(m + 1) % MOST], m, n, got.path, k, &root));
			assert_false(
				merkle_included(&leaves[m], (m + 1) % n, n, got.path, k, &root) &&
				n > 1);
			assert_false(merkle_included(&leaves[m], m, n, got.path, k + 1, &root));
			assert_false(k > 0 &&
			             merkle_included(&leaves[m], m, n, got.path, k - 1, &root));
			for (size_t i = 0; i < k; i++) {
				got.path[i].b[i % MERKLE_BYTES] ^= 1;
				assert_false(merkle_included(&leaves[m], m, n, got.path, k, &root));
				got.path[i].b[i % MERKLE_BYTES] ^= 1;
			}
		}
	}
}

static void one_size_is_proved_to_begin_another(void **state)
{
	(void)state;
	for (int64_t n = 1; n <= MOST; n += n < 66 ? 1 : 67) {
		struct merkle_hash root = mth(0, n);
		for (int64_t m = 1; m <= n; m += n < 66 ? 1 : 5) {
			struct merkle_hash first = mth(0, m), other = mth(0, m);
			struct merkle_proof want = { 0 }, got;
			subproof(m, 0, n, true, &want);
			assert_false(failed(merkle_consistency(&source, m, n, &got)));
			assert_same(&got, &want);
			size_t k = (size_t)got.n;
			assert_true(merkle_consistent(m, &first, n, &root, got.path, k));
			other.b[3] ^= 4;
			assert_false(merkle_consistent(m, &other, n, &root, got.path, k));
			assert_false(merkle_consistent(m, &first, n, &other, got.path, k));
			assert_false(merkle_consistent(m, &first, n, &root, got.path, k + 1));
			for (size_t i = 0; i < k; i++) {
				got.path[i].b[(i * 5) % MERKLE_BYTES] ^= 16;
				assert_false(merkle_consistent(m, &first, n, &root, got.path, k));
				got.path[i].b[(i * 5) % MERKLE_BYTES] ^= 16;
			}
		}
	}
}

/* The inputs of the vectors that implementations of RFC 6962 share, hashed with BLAKE2b-256 by Python's hashlib. */
static void the_vectors_agree_with_another_implementation(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} inputs[] = { { "", 0 },
		       { "\x00", 1 },
		       { "\x10", 1 },
		       { "\x20\x21", 2 },
		       { "\x30\x31", 2 },
		       { "\x40\x41\x42\x43", 4 },
		       { "\x50\x51\x52\x53\x54\x55\x56\x57", 8 },
		       { "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16 } };
	static const char *const roots[] = {
		"0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
		"03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314",
		"607844f4b0299f5c45d63dd035de1f8d697711c7f092b8fa82325f670f6d386a",
		"6ee5d7ded74104b2316b73f9843e14d16d9c5f553a39cbd7da7c3c8238fe0b0e",
		"dad1013557a71536d36ab10db2ea4847bed7ded78aa9d2682ffc0e221e758444",
		"a69507075082f2f7bd0e3e23bd31d7082c4c78ce98d87d897f7990eecf7d6ec5",
		"76840409bd8cc8be20c053d9569472d0bbea7b4f483cd5ae0624ef253c64f227",
		"ae8349a901b95ac305157e4ff4f5cf486653fed085ea4dd59a59c9375682933e",
		"59cc7108743d34853ea37ea07558da3407712c7f0fdb76e59753eb243e0c438e"
	};
	struct arena *mem = arena_new(4096);
	struct merkle_edge edge = { 0 };
	struct merkle_hash root;
	(void)state;
	for (size_t i = 0; i <= COUNT(inputs); i++) {
		root = merkle_edge_root(&edge);
		str hex = hex_of(mem, root.b, MERKLE_BYTES);
		assert_true(str_eq(hex, str_of(roots[i])));
		if (i < COUNT(inputs)) {
			struct merkle_hash leaf = merkle_leaf(inputs[i].bytes, inputs[i].n);
			merkle_edge_add(&edge, &leaf, NULL, NULL);
		}
	}
	arena_free(mem);
}

static void nonsense_is_no_proof(void **state)
{
	struct merkle_hash h = leaves[0], root = leaves[0];
	(void)state;
	assert_true(merkle_included(&h, 0, 1, NULL, 0, &root));
	assert_false(merkle_included(&h, 0, 0, NULL, 0, &root));
	assert_false(merkle_included(&h, -1, 1, NULL, 0, &root));
	assert_false(merkle_included(&h, 1, 1, NULL, 0, &root));
	assert_false(merkle_included(&h, INT64_MAX - 1, INT64_MAX, NULL, 0, &root));
	assert_true(merkle_consistent(5, &h, 5, &root, NULL, 0));
	assert_false(merkle_consistent(0, &h, 5, &root, NULL, 0));
	assert_false(merkle_consistent(-3, &h, 5, &root, NULL, 0));
	assert_false(merkle_consistent(6, &h, 5, &root, NULL, 0));
	assert_false(merkle_consistent(4, &h, 5, &root, NULL, 0));
	assert_false(merkle_consistent(3, &h, INT64_MAX, &root, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edge_has_the_root_of_each_size),
		cmocka_unit_test(a_path_is_that_of_the_rfc_and_holds_for_its_place_alone),
		cmocka_unit_test(one_size_is_proved_to_begin_another),
		cmocka_unit_test(the_vectors_agree_with_another_implementation),
		cmocka_unit_test(nonsense_is_no_proof),
	};
	return cmocka_run_group_tests(tests, grow, NULL);
}
