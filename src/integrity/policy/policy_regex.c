/* policy_regex.c - lets through the regular expressions whose time grows with the text alone.
 *
 * Refused: back-references, look-around, recursion, conditions, and an unbounded repeat inside another repeat, which a
 * backtracking matcher may try in exponentially many ways. */
#include "integrity/policy/policy_ast.h"

#include <string.h>

#define GROUP_DEPTH_MAX 16
#define REPEAT_MAX 1000
/* Escapes that are a class, a border or a character; other letters and digits after a backslash refer or recurse. */
#define ESCAPES "dDwWsSbBnrtxpPhR"

struct regex_reader {
	str regex;
	size_t at;
	const char *why;
	unsigned depth;
};

static char now(const struct regex_reader *r)
{
	return r->at < r->regex.n ? r->regex.p[r->at] : '\0';
}

static void refuse(struct regex_reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
}

static void read_escape(struct regex_reader *r)
{
	char c = ++r->at < r->regex.n ? r->regex.p[r->at] : '\0';
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	if (!c)
		refuse(r, "the regex ends in a backslash");
	else if (c >= '1' && c <= '9')
		refuse(r, "a regex may not refer back");
	else if (letter && !strchr(ESCAPES, c))
		refuse(r, "the regex has an escape that is not allowed");
	else
		r->at++;
	if (c == 'x' || c == 'p' || c == 'P') {
		if (now(r) == '{') {
			while (now(r) && now(r) != '}')
				r->at++;
			r->at += now(r) == '}';
		}
	}
}

static void read_class(struct regex_reader *r)
{
	r->at++;
	r->at += now(r) == '^';
	r->at += now(r) == ']';
	while (now(r) && now(r) != ']' && !r->why) {
		if (now(r) == '\\')
			read_escape(r);
		else if (now(r) == '[' && str_starts(str_slice(r->regex, r->at, SIZE_MAX), S("[:")))
			r->at +=
				2; /* [:alpha:] ends with :], whose bracket must not end the class */
		else if (str_starts(str_slice(r->regex, r->at, SIZE_MAX), S(":]")))
			r->at += 2;
		else
			r->at++;
	}
	if (!now(r))
		refuse(r, "a [ of the regex is not closed");
	r->at++;
}

/* Reads {2,5}; false when the brace is a plain character. */
static bool read_braces(struct regex_reader *r, bool *unbounded)
{
	size_t i = r->at + 1;
	unsigned numbers[2] = { 0, 0 }, n = 0;
	bool digit = false;
	for (; i < r->regex.n && r->regex.p[i] != '}'; i++) {
		char c = r->regex.p[i];
		if (c == ',' && n == 0 && digit) {
			n = 1;
			digit = false;
		} else if (c >= '0' && c <= '9' && numbers[n] <= REPEAT_MAX) {
			numbers[n] = numbers[n] * 10 + (unsigned)(c - '0');
			digit = true;
		} else {
			return false;
		}
	}
	if (i == r->regex.n || (n == 0 && !digit))
		return false;
	if (numbers[0] > REPEAT_MAX || numbers[1] > REPEAT_MAX)
		refuse(r, "a regex repeats at most 1000 times");
	*unbounded = n == 1 && !digit;
	r->at = i + 1;
	return true;
}

/* What repeats the piece before, if anything does. */
static bool read_repeat(struct regex_reader *r, bool *unbounded)
{
	char c = now(r);
	*unbounded = c == '*' || c == '+';
	if (c == '*' || c == '+' || c == '?')
		r->at++;
	else if (c != '{' || !read_braces(r, unbounded))
		return false;
	if (now(r) == '?' || now(r) == '+')
		r->at++;
	return true;
}

static bool read_alternatives(struct regex_reader *r);

/* ( ... ) and says whether something in it repeats without bound. */
static bool read_group(struct regex_reader *r)
{
	size_t from = r->at++;
	if (now(r) == '?') {
		char c = ++r->at < r->regex.n ? r->regex.p[r->at] : '\0';
		if (c != ':' && c != 'i') {
			refuse(r, "of groups with (? only (?: is allowed");
			return false;
		}
		while (now(r) && now(r) != ':' && now(r) != ')')
			r->at++;
		r->at += now(r) == ':';
	} else if (now(r) == '*') {
		refuse(r, "a regex has no verbs");
	}
	if (++r->depth > GROUP_DEPTH_MAX)
		refuse(r, "groups of a regex nest too deeply");
	bool unbounded = !r->why && read_alternatives(r);
	r->depth--;
	if (!r->why && now(r) != ')') {
		r->at = from;
		refuse(r, "a ( of the regex is not closed");
	}
	r->at++;
	return unbounded;
}

static bool read_piece(struct regex_reader *r)
{
	bool inside = false, repeat = false;
	switch (now(r)) {
	case '(':
		inside = read_group(r);
		break;
	case '[':
		read_class(r);
		break;
	case '\\':
		read_escape(r);
		break;
	case '*':
	case '+':
	case '?':
		refuse(r, "nothing stands before this repeat");
		break;
	default:
		r->at++;
	}
	while (!r->why && read_repeat(r, &repeat)) {
		if (inside)
			refuse(r, "an unbounded repeat inside a repeat is not linear");
		inside |= repeat;
	}
	return inside;
}

static bool read_alternatives(struct regex_reader *r)
{
	bool unbounded = false;
	while (r->at < r->regex.n && now(r) != ')' && !r->why)
		unbounded |= now(r) == '|' ? (r->at++, false) : read_piece(r);
	return unbounded;
}

const char *regex_fault(str regex, size_t *at)
{
	struct regex_reader r = { .regex = regex };
	if (memchr(regex.p, 0, regex.n))
		return "a regex has no zero bytes";
	(void)read_alternatives(&r);
	if (!r.why && r.at < regex.n)
		refuse(&r, "a ) of the regex closes nothing");
	*at = r.at < regex.n ? r.at : regex.n;
	return r.why;
}
