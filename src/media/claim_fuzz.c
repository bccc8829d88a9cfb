/* claim_fuzz.c - whatever it reads, a claim has sides, and says the same of the same bytes with something behind them. */
#include "media/claim.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct claim claim, again;
	struct arena *mem = arena_new(4096);
	char *longer = arena_alloc(mem, n + 16);
	enum fault fault = claim_read((str){ (const char *)bytes, n }, &claim);
	assert(fault < FAULTS);
	memcpy(longer, bytes, n);
	if (fault == FAULT_NONE) {
		assert(claim.width > 0 && claim.height > 0);
		assert(claim_judge(&claim, n) < FAULTS);
		assert(claim_read((str){ longer, n + 16 }, &again) == FAULT_NONE);
		assert(again.format == claim.format && again.width == claim.width &&
		       again.height == claim.height);
	}
	arena_free(mem);
	return 0;
}
