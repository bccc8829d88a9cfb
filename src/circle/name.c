/* A small fold by ranges: enough for a prefix search over names, and the same on every machine. */
#include "circle/name.h"

/* Letters whose small form lies at a fixed distance, or that alternate capital and small. */
static const struct {
	uint32_t from, to;
	uint32_t add;    /* to every code point of the range */
	bool alternates; /* only `from` and every second one after it is a capital */
} capitals[] = {
	{ 'A', 'Z', 32, false },     { 0xC0, 0xD6, 32, false },   { 0xD8, 0xDE, 32, false },
	{ 0x100, 0x12E, 1, true },   { 0x132, 0x136, 1, true },   { 0x139, 0x147, 1, true },
	{ 0x14A, 0x176, 1, true },   { 0x179, 0x17D, 1, true },   { 0x391, 0x3A9, 32, false },
	{ 0x400, 0x40F, 80, false }, { 0x410, 0x42F, 32, false }, { 0x1E00, 0x1E94, 1, true },
	{ 0x1EA0, 0x1EFE, 1, true },
};

static uint32_t fold_one(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0; /* full-width ASCII */
	if (cp == 0x3000)
		return ' ';
	for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++) {
		if (cp < capitals[i].from || cp > capitals[i].to)
			continue;
		if (!capitals[i].alternates || (cp - capitals[i].from) % 2 == 0)
			return cp + capitals[i].add;
	}
	return cp;
}

str name_fold(struct arena *mem, str name)
{
	/* No fold makes a character longer except U+FFFD for a stray byte: three for one. */
	char *out = ARENA_ARRAY(mem, name.n * 3 + 4, char);
	size_t n = 0, at = 0;
	while (at < name.n)
		n += utf8_put(out + n, fold_one(utf8_next(name, &at)));
	return (str){ out, n };
}
