/* merkle_fuzz.c - proofs come from anywhere: none may crash, run on, or hold with a bit changed. */
#include <assert.h>
#include <string.h>

#include "base/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define HEAD (2 * sizeof(int64_t) + 2 * MERKLE_BYTES)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct merkle_hash a, b, path[MERKLE_PROOF_MAX];
	int64_t first, size;
	size_t k;
	if (n < HEAD)
		return 0;
	memcpy(&first, bytes, sizeof first);
	memcpy(&size, bytes + sizeof first, sizeof size);
	memcpy(a.b, bytes + 2 * sizeof first, MERKLE_BYTES);
	memcpy(b.b, bytes + 2 * sizeof first + MERKLE_BYTES, MERKLE_BYTES);
	k = (n - HEAD) / MERKLE_BYTES;
	k = k < MERKLE_PROOF_MAX ? k : MERKLE_PROOF_MAX;
	memcpy(path, bytes + HEAD, k * MERKLE_BYTES);
	if (merkle_included(&a, first, size, path, k, &b)) {
		assert(first >= 0 && first < size);
		b.b[0] ^= 1;
		assert(!merkle_included(&a, first, size, path, k, &b));
		b.b[0] ^= 1;
	}
	if (merkle_consistent(first, &a, size, &b, path, k)) {
		assert(first > 0 && first <= size);
		a.b[0] ^= 1;
		assert(!merkle_consistent(first, &a, size, &b, path, k));
	}
	return 0;
}
