#include "circle/password.h"

#include "model/limits.h"

#include <sodium.h>

#include <string.h>

#define PASSES 2
#define MEMORY_BYTES ((size_t)64 << 20)

/* Of random bytes nobody kept. Not a secret: it only has to cost what a real one costs. */
static const char nobody[] =
	"$argon2id$v=19$m=65536,t=2,p=1$tZ3Md6j+LByOLpSkvanEzA$wDXjmWpksyIRUYz00cK6kQfFvT8e4Bz6VMgNyfiYF6Q";

err password_check(str password, const char *field)
{
	if (password.n > PASSWORD_MAX_BYTES)
		return err_input(field, "A password has at most 1024 bytes.");
	if (!utf8_valid(password))
		return err_input(field, "It is not valid UTF-8.");
	if (utf8_length(password) < PASSWORD_MIN)
		return err_input(field, "A password has at least 8 characters.");
	return OK;
}

err password_hash(str password, struct arena *mem, str *hash)
{
	char made[crypto_pwhash_STRBYTES];
	if (sodium_init() < 0)
		return err_system("libsodium cannot start");
	if (crypto_pwhash_str_alg(made, password.p, password.n, PASSES, MEMORY_BYTES,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_busy("no memory to hash a password");
	*hash = str_dup(mem, str_of(made));
	sodium_memzero(made, sizeof made);
	return OK;
}

bool password_verify(str hash, str password)
{
	char kept[crypto_pwhash_STRBYTES] = { 0 };
	bool real = hash.n > 0 && hash.n < sizeof kept && password.n <= PASSWORD_MAX_BYTES;
	bool right;
	if (sodium_init() < 0)
		return false;
	if (real)
		memcpy(kept, hash.p, hash.n);
	else
		memcpy(kept, nobody, sizeof nobody);
	right = crypto_pwhash_str_verify(kept, password.p ? password.p : "",
	                                 password.n <= PASSWORD_MAX_BYTES ? password.n : 0) == 0;
	sodium_memzero(kept, sizeof kept);
	return right && real;
}
