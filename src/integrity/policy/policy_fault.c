/* policy_fault.c - a fault is shown with its line and a caret, so that it can be mended without counting columns. */
#include "integrity/policy/policy_fault.h"

#include "integrity/policy/policy_lex.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SENTENCE_MAX_BYTES 600
#define RENDERED_MAX_BYTES 8192
/* Of a long line only so many code points are shown, and so many of them before the fault. */
#define SHOWN_MAX 120
#define SHOWN_BEFORE 60

/* Cells a code point takes on a terminal. Source: Unicode 15, EastAsianWidth.txt (W and F), in coarse blocks. */
static unsigned cells_of(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
		unsigned cells;
	} blocks[] = {
		{ 0x0300, 0x036f, 0 },   { 0x1100, 0x115f, 2 },   { 0x200b, 0x200f, 0 },
		{ 0x2e80, 0x303e, 2 },   { 0x3041, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },   { 0xfe00, 0xfe0f, 0 },   { 0xfe30, 0xfe6f, 2 },
		{ 0xff01, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 },
	};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		if (cp >= blocks[i].from && cp <= blocks[i].to)
			return blocks[i].cells;
	}
	return 1;
}

/* What a terminal may be shown: no control characters but the tab. */
static void put_shown(struct buf *b, uint32_t cp)
{
	char bytes[4];
	bool control = (cp < 0x20 && cp != '\t') || (cp >= 0x7f && cp < 0xa0) ||
	               (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
	size_t n = utf8_put(bytes, control ? '?' : cp);
	buf_add(b, (str){ bytes, n });
}

static void put_blank(struct buf *b, uint32_t cp)
{
	for (unsigned i = 0; i < cells_of(cp); i++)
		buf_char(b, cp == '\t' ? '\t' : ' ');
}

/* The line, cut to what fits, and the caret below. */
static void render_line(struct buf *b, str line, unsigned column)
{
	struct buf caret;
	unsigned from = column > SHOWN_BEFORE ? column - SHOWN_BEFORE : 1, now = 1;
	buf_init(&caret, b->mem, RENDERED_MAX_BYTES);
	if (from > 1) {
		buf_lit(b, "… ");
		buf_lit(&caret, "  ");
	}
	for (size_t at = 0; at < line.n && now < from + SHOWN_MAX; now++) {
		uint32_t cp = utf8_next(line, &at);
		if (now < from)
			continue;
		put_shown(b, cp);
		if (now < column)
			put_blank(&caret, cp);
	}
	buf_char(b, '\n');
	buf_add(b, buf_str(&caret));
	buf_lit(b, "^\n");
}

struct policy_fault fault_of(const struct faults *faults, uint32_t at, str sentence)
{
	size_t file = 0, offset = at;
	while (file + 1 < faults->n && offset > faults->files[file].text.n)
		offset -= faults->files[file++].text.n + 1;
	str text = faults->n ? faults->files[file].text : STR_NONE;
	str name = faults->n ? faults->files[file].file : S("policy");
	offset = offset < text.n ? offset : text.n;
	struct policy_fault fault = { .file = str_dup(faults->mem, name), .line = 1, .column = 1 };
	size_t start = 0, end = offset;
	for (size_t i = 0; i < offset; i++) {
		if (text.p[i] == '\n') {
			fault.line++;
			start = i + 1;
		}
	}
	for (size_t i = start; i < offset; fault.column++)
		(void)utf8_next(text, &i);
	while (end < text.n && text.p[end] != '\n')
		end++;
	struct buf b;
	buf_init(&b, faults->mem, RENDERED_MAX_BYTES);
	fault.sentence = sentence;
	buf_format(&b, "%.*s:%u:%u: %.*s\n", STR_ARG(name), fault.line, fault.column,
	           STR_ARG(sentence));
	render_line(&b, str_slice(text, start, end), fault.column);
	fault.rendered = buf_str(&b);
	return fault;
}

void fault_at(struct faults *faults, uint32_t at, const char *format, ...)
{
	if (faults->failed)
		return;
	faults->failed = true;
	char *sentence = arena_alloc(faults->mem, SENTENCE_MAX_BYTES);
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, SENTENCE_MAX_BYTES, format, args);
	va_end(args);
	*faults->out = fault_of(faults, at, str_of(sentence));
}

/* Optimal string alignment distance over bytes; names are short and ASCII. */
static unsigned distance(str a, str b)
{
	unsigned rows[3][NAME_MAX_BYTES + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];
	for (size_t k = 0; k <= b.n; k++)
		above[k] = (unsigned)k;
	for (size_t i = 1; i <= a.n; i++) {
		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.n; k++) {
			unsigned best = above[k - 1] + (a.p[i - 1] != b.p[k - 1]);
			if (above[k] + 1 < best)
				best = above[k] + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] &&
			    a.p[i - 2] == b.p[k - 1] && before[k - 2] + 1 < best)
				best = before[k - 2] + 1;
			row[k] = best;
		}
		unsigned *oldest = before;
		before = above;
		above = row;
		row = oldest;
	}
	return above[b.n];
}

str nearest_name(str wrong, const str *names, size_t n)
{
	str best = STR_NONE;
	unsigned least = wrong.n <= 3 ? 1 : wrong.n <= 8 ? 2 : 3;
	if (wrong.n > NAME_MAX_BYTES)
		return best;
	for (size_t i = 0; i < n; i++) {
		if (names[i].n > NAME_MAX_BYTES)
			continue;
		unsigned d = distance(wrong, names[i]);
		if (d < least + (best.n == 0)) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

void fault_unknown(struct faults *faults, uint32_t at, const char *what, str wrong,
                   const str *names, size_t n)
{
	str near = nearest_name(wrong, names, n);
	if (near.n)
		fault_at(faults, at, "there is no %s %.*s; did you mean %.*s?", what,
		         STR_ARG(wrong), STR_ARG(near));
	else
		fault_at(faults, at, "there is no %s %.*s", what, STR_ARG(wrong));
}
