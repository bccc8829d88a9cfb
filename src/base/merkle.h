/* merkle.h - a hash over a list that only grows, with short proofs: this is in it, and: that list was the beginning of this one.
 *
 * Source: RFC 6962 section 2.1, with BLAKE2b-256 in place of SHA-256; checking proofs as RFC 9162 sections 2.1.3.2 and 2.1.4.2 have it. */
#ifndef KITH_BASE_MERKLE_H
#define KITH_BASE_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MERKLE_BYTES 32
#define MERKLE_LEVELS 62 /* more than any list has */
#define MERKLE_PROOF_MAX (MERKLE_LEVELS + 2)

struct merkle_hash {
	unsigned char b[MERKLE_BYTES];
};

bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b);
struct merkle_hash merkle_leaf(const void *bytes, size_t n);
struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right);

/* The right edge of a tree: all that is needed to grow it. Zeroed, it is the tree over nothing. */
struct merkle_edge {
	int64_t size;
	struct merkle_hash
		whole[MERKLE_LEVELS]; /* roots of the whole subtrees, the largest first */
	int n;
};
/* `*whole` (may be NULL) gets the subtrees of level 1, 2, ... that the leaf makes whole, `*n` how many. */
void merkle_edge_add(struct merkle_edge *edge, const struct merkle_hash *leaf,
                     struct merkle_hash whole[MERKLE_LEVELS], int *n);
struct merkle_hash merkle_edge_root(const struct merkle_edge *edge);

/* Where whole subtrees are kept: of level 0 the leaf `place`, of level k the one over leaves place << k and on. */
struct merkle_source {
	void *ctx;
	err (*node)(void *ctx, int level, int64_t place, struct merkle_hash *out);
};
/* The edge of the tree over the first `size` leaves. */
MUST_CHECK err merkle_edge_of(const struct merkle_source *from, int64_t size,
                              struct merkle_edge *out);
MUST_CHECK err merkle_root(const struct merkle_source *from, int64_t size, struct merkle_hash *out);
struct merkle_proof {
	struct merkle_hash path[MERKLE_PROOF_MAX];
	int n;
};
/* That leaf `index` is in the tree over `size`, from the leaf upwards; index < size. */
MUST_CHECK err merkle_inclusion(const struct merkle_source *from, int64_t index, int64_t size,
                                struct merkle_proof *out);
/* That the tree over `first` leaves is the beginning of the one over `size`; 0 < first <= size. */
MUST_CHECK err merkle_consistency(const struct merkle_source *from, int64_t first, int64_t size,
                                  struct merkle_proof *out);

/* Proofs may come from anywhere: any bytes and numbers give an answer. */
bool merkle_included(const struct merkle_hash *leaf, int64_t index, int64_t size,
                     const struct merkle_hash *path, size_t n, const struct merkle_hash *root);
bool merkle_consistent(int64_t first, const struct merkle_hash *first_root, int64_t size,
                       const struct merkle_hash *root, const struct merkle_hash *path, size_t n);

#endif
