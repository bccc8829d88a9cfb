#include "circle/phrase.h"

static bool is_control(uint32_t cp) { return cp < 0x20 || (cp >= 0x7F && cp < 0xA0); }

/* Overrides and isolates would reach past the line into what is shown beside it. */
static bool turns_direction(uint32_t cp)
{
	return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x2028 ||
	       cp == 0x2029;
}

bool phrase_is_blank(uint32_t cp)
{
	return cp <= 0x20 || (cp >= 0x7F && cp <= 0xA0) || cp == 0xAD || cp == 0x115F ||
	       cp == 0x1160 || cp == 0x1680 || cp == 0x180E || (cp >= 0x2000 && cp <= 0x200F) ||
	       (cp >= 0x2028 && cp <= 0x202F) || (cp >= 0x205F && cp <= 0x206F) || cp == 0x2800 ||
	       cp == 0x3000 || cp == 0x3164 || cp == 0xFEFF || cp == 0xFFA0;
}

static bool shows_something(str text)
{
	size_t at = 0;
	while (at < text.n)
		if (!phrase_is_blank(utf8_next(text, &at)))
			return true;
	return false;
}

err phrase_line(str words, size_t min, size_t max, const char *field, const char *say, str *out)
{
	str line = str_trim(words);
	size_t at = 0;
	if (!utf8_valid(line) || utf8_length(line) > max || utf8_length(line) < min)
		return err_input(field, say);
	if (min > 0 && !shows_something(line))
		return err_input(field, say);
	while (at < line.n) {
		uint32_t cp = utf8_next(line, &at);
		if (is_control(cp) || turns_direction(cp))
			return err_input(field,
			                 "It holds characters that cannot be shown in a line.");
	}
	*out = line;
	return OK;
}

err phrase_text(str text, size_t max, const char *field, err empty, err long_one)
{
	if (!utf8_valid(text))
		return err_input(field, "It is not valid UTF-8.");
	if (utf8_length(text) > max)
		return long_one;
	if (!shows_something(text))
		return empty;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\0')
			return err_input(field, "It holds a NUL byte.");
	return OK;
}
