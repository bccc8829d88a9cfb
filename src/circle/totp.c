#include "circle/totp.h"

#include <liboath/oath.h>

#include <sodium.h>

#include <stdlib.h>

#define WINDOW                                                                                     \
	1 /* steps before and after: half a minute to type, and clocks that are a little off */

void totp_secret_new(struct chance chance, unsigned char secret[TOTP_SECRET_BYTES])
{
	chance_fill(chance, secret, TOTP_SECRET_BYTES);
}

str totp_secret_text(const unsigned char secret[TOTP_SECRET_BYTES], struct arena *mem)
{
	char *text = NULL;
	size_t n = 0;
	if (oath_base32_encode((const char *)secret, TOTP_SECRET_BYTES, &text, &n) != OATH_OK)
		abort(); /* there was no memory for 32 bytes */
	str kept = str_dup(mem, (str){ text, n });
	sodium_memzero(text, n);
	free(text);
	return kept;
}

static bool read_digits(str code, char digits[TOTP_DIGITS + 1])
{
	size_t n = 0;
	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] == ' ')
			continue;
		if (n == TOTP_DIGITS || code.p[i] < '0' || code.p[i] > '9')
			return false;
		digits[n++] = code.p[i];
	}
	digits[n] = '\0';
	return n == TOTP_DIGITS;
}

bool totp_check(const unsigned char secret[TOTP_SECRET_BYTES], str code, int64_t now_ms,
                int64_t *step)
{
	char digits[TOTP_DIGITS + 1];
	uint64_t counter = 0;
	if (!read_digits(code, digits) || oath_init() != OATH_OK)
		return false;
	int found = oath_totp_validate3((const char *)secret, TOTP_SECRET_BYTES,
	                                (time_t)(now_ms / 1000), TOTP_STEP_S, 0, WINDOW, NULL,
	                                &counter, digits);
	*step = (int64_t)counter;
	return found >= 0;
}
