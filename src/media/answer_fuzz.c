/* answer_fuzz.c - what holds stays within its bounds, whatever a worker writes. */
#include "media/answer.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct answer answer;
	if (n < sizeof answer)
		return 0;
	memcpy(&answer, bytes, sizeof answer);
	str files = { (const char *)bytes + sizeof answer, n - sizeof answer };
	if (answer_holds(&answer, false, STR_NONE))
		assert(answer.qr_bytes <= QR_MAX_BYTES && answer.width > 0 && answer.height > 0);
	if (!answer_holds(&answer, true, files))
		return 0;
	uint64_t sum = 0;
	for (int s = 0; s < MEDIA_SIZES; s++)
		for (int f = 0; f < MEDIA_FORMATS; f++)
			sum += answer.files[s][f].bytes;
	assert(sum == files.n);
	return 0;
}
