/* policy_lex.c - reads tokens on demand, so that a long text costs no more than what is kept of it. */
#include "integrity/policy/policy_lex.h"

#include <string.h>

#define DIGITS_MAX 15 /* so many digits are exact in a double, whichever machine reads them */

static bool is_small(char c) { return c >= 'a' && c <= 'z'; }
static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name(char c) { return is_small(c) || is_digit(c) || c == '_' || c == '.'; }
static bool is_capitals(char c) { return is_capital(c) || is_digit(c) || c == '_'; }

static char char_at(str text, size_t at) { return at < text.n ? text.p[at] : '\0'; }

static uint32_t place(const struct lexer *lex, size_t at) { return lex->base + (uint32_t)at; }

static void skip_blank(struct lexer *lex, str text)
{
	while (lex->at < text.n) {
		char c = text.p[lex->at];
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			lex->at++;
		} else if (c == '-' && char_at(text, lex->at + 1) == '-') {
			while (lex->at < text.n && text.p[lex->at] != '\n')
				lex->at++;
		} else {
			return;
		}
	}
}

static void lex_word(struct lexer *lex, str text, struct token *t, bool (*part)(char))
{
	size_t from = lex->at;
	while (lex->at < text.n && part(text.p[lex->at]))
		lex->at++;
	t->text = str_slice(text, from, lex->at);
	if (t->text.n > NAME_MAX_BYTES)
		fault_at(lex->faults, t->at, "a name has at most %d letters", NAME_MAX_BYTES);
	else if (t->text.p[t->text.n - 1] == '.' || str_find(t->text, S("..")) != SIZE_MAX)
		fault_at(lex->faults, t->at, "a name has letters on both sides of a dot");
}

static const struct unit {
	str name;
	enum signal_type type;
	double times, over;
} units[] = {
	{ { "ms", 2 }, SIGNAL_DURATION, 1, 1 },       { { "s", 1 }, SIGNAL_DURATION, 1000, 1 },
	{ { "min", 3 }, SIGNAL_DURATION, 60000, 1 },  { { "h", 1 }, SIGNAL_DURATION, 3600000, 1 },
	{ { "d", 1 }, SIGNAL_DURATION, 86400000, 1 }, { { "yuan", 4 }, SIGNAL_MONEY, 100, 1 },
	{ { "usd", 3 }, SIGNAL_MONEY, 700, 1 }, /* the rough rate that signals use */
	{ { "%", 1 }, SIGNAL_SHARE, 1, 100 },
};
#define UNITS (sizeof units / sizeof units[0])

static const struct unit *lex_unit(struct lexer *lex, str text)
{
	size_t from = lex->at;
	if (char_at(text, from) == '%')
		lex->at++;
	else
		while (is_small(char_at(text, lex->at)) || is_capital(char_at(text, lex->at)))
			lex->at++;
	str name = str_slice(text, from, lex->at);
	str names[UNITS];
	for (size_t i = 0; i < UNITS; i++) {
		if (str_eq(units[i].name, name))
			return &units[i];
		names[i] = units[i].name;
	}
	if (name.n)
		fault_unknown(lex->faults, place(lex, from), "unit", name, names, UNITS);
	return NULL;
}

/* Whole digits over a power of ten, both exact: the quotient is the nearest double. */
static void lex_number(struct lexer *lex, str text, struct token *t)
{
	double whole = 0, over = 1;
	int digits = 0;
	bool point = false;
	size_t from = lex->at;
	for (;; lex->at++) {
		char c = char_at(text, lex->at);
		if (is_digit(c)) {
			whole = whole * 10 + (c - '0');
			over *= point ? 10 : 1;
			digits += whole > 0;
		} else if (c == '.' && !point && is_digit(char_at(text, lex->at + 1))) {
			point = true;
		} else {
			break;
		}
		if (digits > DIGITS_MAX || lex->at - from > 2 * DIGITS_MAX) {
			fault_at(lex->faults, t->at, "a number has at most %d digits", DIGITS_MAX);
			return;
		}
	}
	const struct unit *unit = lex_unit(lex, text);
	t->bare = !unit;
	t->type = unit ? unit->type : SIGNAL_COUNT;
	t->number = unit ? whole * unit->times / (over * unit->over) : whole / over;
	t->text = str_slice(text, from, lex->at);
}

static char escaped(char c) { return c == 'n' ? '\n' : c == '"' || c == '\\' ? c : '\0'; }

static void lex_string(struct lexer *lex, str text, struct token *t)
{
	size_t from = ++lex->at;
	bool escapes = false;
	for (; char_at(text, lex->at) != '"'; lex->at++) {
		if (lex->at >= text.n || (unsigned char)text.p[lex->at] < 0x20) {
			fault_at(
				lex->faults, t->at,
				"this string is not closed on its line (write \\n for a new line)");
			return;
		}
		if (text.p[lex->at] == '\\') {
			escapes = true;
			if (!escaped(char_at(text, ++lex->at))) {
				fault_at(lex->faults, place(lex, lex->at - 1),
				         "a string knows the escapes \\\" \\\\ and \\n only");
				return;
			}
		}
	}
	t->text = str_slice(text, from, lex->at++);
	if (escapes) {
		char *made = arena_alloc(lex->mem, t->text.n);
		size_t n = 0;
		for (size_t i = 0; i < t->text.n; i++)
			made[n++] = t->text.p[i] == '\\' ? escaped(t->text.p[++i]) : t->text.p[i];
		t->text = (str){ made, n };
	}
	if (t->text.n > STRING_MAX_BYTES)
		fault_at(lex->faults, t->at, "a string has at most %d bytes", STRING_MAX_BYTES);
}

static void lex_sign(struct lexer *lex, str text, struct token *t)
{
	static const str signs[] = { { "!=", 2 }, { "<=", 2 }, { ">=", 2 }, { "=", 1 }, { "<", 1 },
		                     { ">", 1 },  { "+", 1 },  { "-", 1 },  { "*", 1 }, { "/", 1 },
		                     { "(", 1 },  { ")", 1 },  { ",", 1 } };
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		if (str_starts(str_slice(text, lex->at, text.n), signs[i])) {
			t->text = signs[i];
			lex->at += signs[i].n;
			return;
		}
	}
	size_t end = lex->at;
	(void)utf8_next(text, &end);
	unsigned char c = (unsigned char)text.p[lex->at];
	if (c < 0x20 || c == 0x7f)
		fault_at(lex->faults, t->at, "a control character has no place here");
	else
		fault_at(lex->faults, t->at, "%.*s has no meaning here; text stands in \"quotes\"",
		         STR_ARG(str_slice(text, lex->at, end)));
	lex->at = end;
}

static void lex_token(struct lexer *lex, str text, struct token *t)
{
	char c = text.p[lex->at];
	if (is_small(c)) {
		t->kind = TOKEN_NAME;
		lex_word(lex, text, t, is_name);
	} else if (is_capital(c)) {
		t->kind = TOKEN_CAPITALS;
		lex_word(lex, text, t, is_capitals);
	} else if (is_digit(c)) {
		t->kind = TOKEN_NUMBER;
		lex_number(lex, text, t);
	} else if (c == '"') {
		t->kind = TOKEN_STRING;
		lex_string(lex, text, t);
	} else {
		t->kind = TOKEN_SIGN;
		lex_sign(lex, text, t);
	}
}

struct token lexer_next(struct lexer *lex)
{
	struct faults *faults = lex->faults;
	while (lex->file < faults->n) {
		str text = faults->files[lex->file].text;
		skip_blank(lex, text);
		if (lex->at < text.n)
			break;
		if (lex->file + 1 == faults->n)
			return (struct token){ .kind = TOKEN_END,
				               .at = place(lex, text.n),
				               .end = place(lex, text.n) };
		lex->base += (uint32_t)text.n + 1;
		lex->at = 0;
		lex->file++;
	}
	struct token t = { .kind = TOKEN_END };
	if (lex->file == faults->n || faults->failed)
		return t;
	t.at = place(lex, lex->at);
	lex_token(lex, faults->files[lex->file].text, &t);
	t.end = place(lex, lex->at);
	if (faults->failed)
		t.kind = TOKEN_END;
	return t;
}
