/* Latin and Han are kept apart so that nobody can be dressed up as somebody else; everything that only looks like
 * one of them (full-width letters, radicals, compatibility forms, Cyrillic) is refused by not being listed. */
#include "circle/handle.h"

#include "model/limits.h"

#define SAY_LETTERS "A handle is made of letters a-z, digits, _ and . inside, or of Han characters."
#define SAY_LENGTH "A handle has 2 to 30 characters."
#define SAY_SCRIPT "A handle keeps to one script: Latin letters or Han characters."
#define SAY_DOT "In a handle the . and _ stand between letters or digits."
#define SAY_DIGITS "A handle needs a letter."
#define SAY_RESERVED "That handle is reserved."

/* Compared without . and _, so that "k.i.t.h" is no way around. */
static const char *const reserved[] = {
	"about",     "admin",    "administrator", "all",       "anonymous", "api",      "assets",
	"everyone",  "friends",  "guild",         "help",      "held",      "here",     "house",
	"invite",    "join",     "jury",          "keeper",    "kith",      "me",       "mod",
	"moderator", "nobody",   "notices",       "oauth",     "official",  "owner",    "people",
	"police",    "posts",    "postmaster",    "reset",     "review",    "root",     "security",
	"service",   "settings", "signin",        "staff",     "steward",   "stewards", "support",
	"system",    "tags",     "team",          "webmaster", "管理员",    "管理員",   "客服",
	"官方",      "系统",     "系統",          "小助手",    "所有人",    "全体成员",
};

static bool is_latin(uint32_t cp) { return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z'); }
static bool is_digit(uint32_t cp) { return cp >= '0' && cp <= '9'; }
static bool is_joint(uint32_t cp) { return cp == '_' || cp == '.'; }

/* Unified ideographs alone: radicals and compatibility forms are other code points of the same look. */
static bool is_han(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x4DBF) || (cp >= 0x4E00 && cp <= 0x9FFF) ||
	       (cp >= 0x20000 && cp <= 0x2A6DF) || (cp >= 0x2A700 && cp <= 0x2EBE0) ||
	       (cp >= 0x30000 && cp <= 0x3134A);
}

bool handle_has(uint32_t cp) { return is_latin(cp) || is_digit(cp) || is_joint(cp) || is_han(cp); }
bool handle_is_han(uint32_t cp) { return is_han(cp); }

static bool is_reserved(str handle)
{
	char plain[HANDLE_MAX * 4];
	size_t n = 0;
	for (size_t i = 0; i < handle.n && n < sizeof plain; i++)
		if (!is_joint((unsigned char)handle.p[i]))
			plain[n++] = handle.p[i];
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (str_eq_ascii_nocase((str){ plain, n }, str_of(reserved[i])))
			return true;
	return false;
}

err handle_check(str handle, bool reserved_allowed)
{
	bool latin = false, han = false, joint_before = true; /* none may come first */
	size_t at = 0;
	if (!utf8_valid(handle))
		return err_input("handle", SAY_LETTERS);
	while (at < handle.n) {
		uint32_t cp = utf8_next(handle, &at);
		if (!handle_has(cp))
			return err_input("handle", SAY_LETTERS);
		if (is_joint(cp) && joint_before)
			return err_input("handle", SAY_DOT);
		joint_before = is_joint(cp);
		latin = latin || is_latin(cp);
		han = han || is_han(cp);
	}
	if (utf8_length(handle) < HANDLE_MIN || utf8_length(handle) > HANDLE_MAX)
		return err_input("handle", SAY_LENGTH);
	if (joint_before)
		return err_input("handle", SAY_DOT);
	if (latin && han)
		return err_input("handle", SAY_SCRIPT);
	if (!latin && !han)
		return err_input("handle", SAY_DIGITS);
	if (!reserved_allowed && is_reserved(handle))
		return err_input("handle", SAY_RESERVED);
	return OK;
}

str handle_key(struct arena *mem, str handle)
{
	/* A stray byte becomes U+FFFD, three for one; no handle that was let in has any. */
	char *out = ARENA_ARRAY(mem, handle.n * 3 + 4, char);
	size_t n = 0, at = 0;
	while (at < handle.n) {
		uint32_t cp = utf8_next(handle, &at);
		if (cp >= 0xFF01 && cp <= 0xFF5E)
			cp -= 0xFEE0; /* typed with a full-width keyboard */
		if (cp >= 'A' && cp <= 'Z')
			cp += 'a' - 'A';
		n += utf8_put(out + n, cp);
	}
	return (str){ out, n };
}
