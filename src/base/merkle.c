#include "base/merkle.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#define LEAF 0x00
#define NODE 0x01

bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return memcmp(a->b, b->b, MERKLE_BYTES) == 0;
}

struct merkle_hash merkle_leaf(const void *bytes, size_t n)
{
	static const unsigned char prefix = LEAF;
	struct merkle_hash out;
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, MERKLE_BYTES);
	crypto_generichash_update(&state, &prefix, 1);
	crypto_generichash_update(&state, bytes, n);
	crypto_generichash_final(&state, out.b, MERKLE_BYTES);
	return out;
}

struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right)
{
	unsigned char both[1 + 2 * MERKLE_BYTES] = { NODE };
	struct merkle_hash out;
	memcpy(both + 1, left->b, MERKLE_BYTES);
	memcpy(both + 1 + MERKLE_BYTES, right->b, MERKLE_BYTES);
	crypto_generichash(out.b, MERKLE_BYTES, both, sizeof both, NULL, 0);
	return out;
}

/* ---- growing ---- */

void merkle_edge_add(struct merkle_edge *edge, const struct merkle_hash *leaf,
                     struct merkle_hash whole[MERKLE_LEVELS], int *n)
{
	struct merkle_hash top = *leaf;
	int made = 0;
	for (int64_t place = edge->size; place & 1; place >>= 1) {
		top = merkle_node(&edge->whole[--edge->n], &top);
		if (whole)
			whole[made] = top;
		made++;
	}
	assert(edge->n < MERKLE_LEVELS);
	edge->whole[edge->n++] = top;
	edge->size++;
	if (n)
		*n = made;
}

struct merkle_hash merkle_edge_root(const struct merkle_edge *edge)
{
	struct merkle_hash root;
	if (edge->n == 0) {
		crypto_generichash(root.b, MERKLE_BYTES, NULL, 0, NULL, 0);
		return root;
	}
	root = edge->whole[edge->n - 1];
	for (int i = edge->n - 1; i-- > 0;)
		root = merkle_node(&edge->whole[i], &root);
	return root;
}

/* The whole subtrees over leaves from `start` on, `size` of them: `start` is where the recursion of RFC 6962 would begin. */
static err edge_from(const struct merkle_source *from, int64_t start, int64_t size,
                     struct merkle_edge *out)
{
	err e = OK;
	out->size = size;
	out->n = 0;
	for (int level = MERKLE_LEVELS - 1; level >= 0; level--) {
		if (!(size >> level & 1))
			continue;
		TRY(from->node(from->ctx, level, start >> level, &out->whole[out->n]));
		out->n++;
		start += INT64_C(1) << level;
	}
out:
	return e;
}

err merkle_edge_of(const struct merkle_source *from, int64_t size, struct merkle_edge *out)
{
	return edge_from(from, 0, size, out);
}

static err root_from(const struct merkle_source *from, int64_t start, int64_t size,
                     struct merkle_hash *out)
{
	struct merkle_edge edge;
	err e = edge_from(from, start, size, &edge);
	if (!failed(e))
		*out = merkle_edge_root(&edge);
	return e;
}

err merkle_root(const struct merkle_source *from, int64_t size, struct merkle_hash *out)
{
	return root_from(from, 0, size, out);
}

/* ---- proofs ---- */

/* The largest power of two below `size`, which is at least 2. */
static int64_t split_of(int64_t size)
{
	int64_t k = 1;
	while (k < size - k)
		k <<= 1;
	return k;
}

/* They are found from the root downwards and told from the leaf upwards. */
static void turn_round(struct merkle_proof *proof)
{
	for (int i = 0, j = proof->n - 1; i < j; i++, j--) {
		struct merkle_hash kept = proof->path[i];
		proof->path[i] = proof->path[j];
		proof->path[j] = kept;
	}
}

err merkle_inclusion(const struct merkle_source *from, int64_t index, int64_t size,
                     struct merkle_proof *out)
{
	int64_t start = 0;
	err e = OK;
	assert(index >= 0 && index < size);
	out->n = 0;
	while (size > 1) {
		int64_t k = split_of(size);
		bool left = index - start < k;
		TRY(root_from(from, left ? start + k : start, left ? size - k : k,
		              &out->path[out->n]));
		out->n++;
		start += left ? 0 : k;
		size = left ? k : size - k;
	}
	turn_round(out);
out:
	return e;
}

err merkle_consistency(const struct merkle_source *from, int64_t first, int64_t size,
                       struct merkle_proof *out)
{
	int64_t start = 0;
	bool known =
		true; /* the tree we stand in is the whole first one: its root need not be told */
	err e = OK;
	assert(first > 0 && first <= size);
	out->n = 0;
	while (first < size) {
		int64_t k = split_of(size);
		bool left = first <= k;
		TRY(root_from(from, left ? start + k : start, left ? size - k : k,
		              &out->path[out->n]));
		out->n++;
		if (!left) {
			start += k;
			first -= k;
			known = false;
		}
		size = left ? k : size - k;
	}
	if (!known) {
		TRY(root_from(from, start, size, &out->path[out->n]));
		out->n++;
	}
	turn_round(out);
out:
	return e;
}

/* ---- checking them ---- */

bool merkle_included(const struct merkle_hash *leaf, int64_t index, int64_t size,
                     const struct merkle_hash *path, size_t n, const struct merkle_hash *root)
{
	struct merkle_hash top = *leaf;
	if (index < 0 || index >= size)
		return false;
	int64_t place = index, last = size - 1;
	for (size_t i = 0; i < n; i++) {
		if (last == 0)
			return false;
		if ((place & 1) || place == last) {
			top = merkle_node(&path[i], &top);
			while (!(place & 1) && place != 0) {
				place >>= 1;
				last >>= 1;
			}
		} else {
			top = merkle_node(&top, &path[i]);
		}
		place >>= 1;
		last >>= 1;
	}
	return last == 0 && merkle_equal(&top, root);
}

bool merkle_consistent(int64_t first, const struct merkle_hash *first_root, int64_t size,
                       const struct merkle_hash *root, const struct merkle_hash *path, size_t n)
{
	struct merkle_hash old, new;
	size_t i = 0;
	if (first <= 0 || first > size)
		return false;
	if (first == size)
		return n == 0 && merkle_equal(first_root, root);
	int64_t place = first - 1, last = size - 1;
	while (place & 1) {
		place >>= 1;
		last >>= 1;
	}
	/* A first tree that is whole begins with its own root, which was not told. */
	if (place == 0) {
		old = *first_root;
	} else if (n == 0) {
		return false;
	} else {
		old = path[i++];
	}
	new = old;
	for (; i < n; i++) {
		if (last == 0)
			return false;
		if ((place & 1) || place == last) {
			old = merkle_node(&path[i], &old);
			new = merkle_node(&path[i], &new);
			while (!(place & 1) && place != 0) {
				place >>= 1;
				last >>= 1;
			}
		} else {
			new = merkle_node(&new, &path[i]);
		}
		place >>= 1;
		last >>= 1;
	}
	return last == 0 && merkle_equal(&old, first_root) && merkle_equal(&new, root);
}
