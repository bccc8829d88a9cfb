#include "integrity/learn/templates.h"

#include "integrity/learn/augment.h"

#include "base/buf.h"
#include "base/file.h"

#include <string.h>

#define LINE_MAX_BYTES 65536
#define SLOTS_MAX 256
#define DEPTH_MAX 6 /* of slots within slots */

static const struct {
	const char *file;
	enum lesson_source source;
	unsigned times; /* each text is filled */
} files[] = {
	{ "notices.txt", LESSON_NOTICE, 20 },
	{ "sellers.txt", LESSON_SELLER, 20 },
	{ "malicious.txt", LESSON_MALICIOUS, 20 },
	{ "foreign.txt", LESSON_FOREIGN, 8 },
};

struct slots {
	struct {
		str name, values;
	} list[SLOTS_MAX];
	size_t n;
	uint64_t random;
	struct arena *mem; /* of names and values */
};

static size_t count(str s, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c ? 1 : 0;
	return n;
}

/* Where `c` stands outside of slots, from `at` on, or the length. */
static size_t outside(str s, size_t at, char c)
{
	for (size_t depth = 0; at < s.n; at++) {
		if (depth == 0 && s.p[at] == c)
			return at;
		if (s.p[at] == '{')
			depth++;
		else if (s.p[at] == '}' && depth > 0)
			depth--;
	}
	return s.n;
}

/* One of a|b|c; a value may hold slots, and those bars of their own. */
static str pick(str values, uint64_t *random)
{
	uint32_t n = 1;
	for (size_t at = 0; (at = outside(values, at, '|')) < values.n; at++)
		n++;
	size_t from = 0;
	for (uint32_t skip = augment_below(random, n); skip > 0; skip--)
		from = outside(values, from, '|') + 1;
	return str_slice(values, from, outside(values, from, '|'));
}

static bool find(const struct slots *s, str name, str *values)
{
	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->list[i].name, name)) {
			*values = s->list[i].values;
			return true;
		}
	}
	return false;
}

static bool fill(struct slots *s, str text, int depth, struct buf *b);

static bool fill_slot(struct slots *s, str name, int depth, struct buf *b)
{
	if (name.n > 0 && count(name, '9') == name.n) {
		for (size_t i = 0; i < name.n; i++)
			buf_char(b, (char)(i == 0 ? '1' + augment_below(&s->random, 9)
			                          : '0' + augment_below(&s->random, 10)));
		return true;
	}
	str values = name;
	if (!count(name, '|') && !find(s, name, &values))
		return false;
	return fill(s, pick(values, &s->random), depth + 1, b);
}

static bool fill(struct slots *s, str text, int depth, struct buf *b)
{
	if (depth > DEPTH_MAX)
		return false;
	for (size_t at = 0; at < text.n; at++) {
		if (text.p[at] != '{') {
			buf_char(b, text.p[at]);
			continue;
		}
		size_t close = outside(text, at + 1, '}');
		if (close == text.n || !fill_slot(s, str_slice(text, at + 1, close), depth, b))
			return false;
		at = close;
	}
	return true;
}

static err take_slot(struct slots *s, str line)
{
	str values = str_slice(line, 1, line.n), name = str_cut(&values, ' ');
	if (s->n == SLOTS_MAX)
		return err_limit("slots", "there are over 256 slots");
	s->list[s->n].name = str_dup(s->mem, name);
	s->list[s->n++].values = str_dup(s->mem, values);
	return OK;
}

static err take_text(struct slots *s, str line, str fold, size_t file, struct trainer *t)
{
	struct arena *mem = arena_new(4096);
	bool good = true;
	for (unsigned i = 0; i < files[file].times && good; i++) {
		struct buf b;
		buf_init(&b, mem, LINE_MAX_BYTES);
		good = fill(s, line, 0, &b);
		if (good)
			trainer_add(t, &(struct lesson){ buf_str(&b), fold, files[file].source,
			                                 files[file].source == LESSON_MALICIOUS });
	}
	arena_free(mem);
	return good ? OK : err_input("slot", "a slot is open, has no values, or holds itself");
}

/* `file` is an index of `files`, or their number for the slots. */
static err read_lines(struct slots *s, const char *path, size_t file, struct trainer *t, str *at)
{
	struct line_reader *lines = NULL;
	str line, fold = STR_NONE;
	bool cut;
	int64_t number = 0;
	err e = lines_open(path, LINE_MAX_BYTES, &lines);
	while (!failed(e) && lines_next(lines, &line, &cut)) {
		number++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (str_starts(line, S("= ")))
			fold = str_dup(s->mem, line);
		else if (file == sizeof files / sizeof files[0])
			e = line.p[0] == '$' ? take_slot(s, line)
			                     : err_input("slots", "a slot begins with $");
		else
			e = take_text(s, line, fold.n > 0 ? fold : line, file, t);
	}
	*at = str_format(s->mem, "%s line %lld", path, (long long)number);
	if (!lines)
		return e;
	err closed = lines_close(&lines);
	return failed(e) ? e : closed;
}

err templates_add(const char *folder, uint64_t seed, struct trainer *t, struct arena *mem, str *at)
{
	struct slots s = { .random = seed, .mem = mem };
	size_t n = sizeof files / sizeof files[0];
	err e = read_lines(&s, str_to_c(mem, str_format(mem, "%s/slots.txt", folder)), n, t, at);
	for (size_t i = 0; i < n && !failed(e); i++)
		e = read_lines(&s, str_to_c(mem, str_format(mem, "%s/%s", folder, files[i].file)),
		               i, t, at);
	return e;
}
