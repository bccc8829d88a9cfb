/* unpack_fuzz.c - the bytes are a zip, or not: nothing is taken that was not wanted, and never more than was. */
#include <assert.h>
#include <string.h>

#include "circle/unpack.h"

#define MOST ((size_t)64 << 10)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct counted {
	size_t bytes;
};

static size_t wants(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "no.json") == 0 ? 0 : MOST;
}

static err take(void *ctx, const char *name, str bytes)
{
	struct counted *counted = ctx;
	assert(strcmp(name, "no.json") != 0 && bytes.n <= MOST);
	counted->bytes += bytes.n;
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct counted counted = { 0 };
	err e = unpack_each((str){ (const char *)bytes, n },
	                    &(struct unpack){ wants, take, &counted, 4 * (int64_t)MOST });
	assert(counted.bytes <= 4 * MOST);
	assert(!failed(e) || e.field || e.code == ERR_BUSY);
	return 0;
}
