/* Two small readers: JSON lines, and a table of tabs. */
#include "integrity/accuracy/corpus.h"

#include "base/file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES ((size_t)1 << 20)

struct fix {
	str id;
	enum correction correction;
};

struct fixes {
	struct fix *list;
	size_t n, cap;
};

static int by_id(const void *a, const void *b)
{
	const struct fix *x = a, *y = b;
	return str_cmp(x->id, y->id);
}

static err fix_of_line(str line, struct arena *mem, struct fixes *fixes)
{
	static const struct {
		const char *name;
		enum correction correction;
	} names[] = { { "0", CORRECTION_HONEST },
		      { "1", CORRECTION_SPAM },
		      { "drop", CORRECTION_DROP } };
	str id = str_cut(&line, '\t'), label = str_cut(&line, '\t');
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!str_eq(label, str_of(names[i].name)) || id.n == 0 || line.n == 0)
			continue;
		if (fixes->n == fixes->cap) {
			size_t cap = fixes->cap ? 2 * fixes->cap : 512;
			fixes->list = arena_grow(mem, fixes->list, fixes->cap * sizeof *fixes->list,
			                         cap * sizeof *fixes->list);
			fixes->cap = cap;
		}
		fixes->list[fixes->n++] = (struct fix){ str_dup(mem, id), names[i].correction };
		return OK;
	}
	return err_input("corrections", "a correction is not id, 0, 1 or drop, reason");
}

/* Runs `step` on every line of a file until one fails. */
static err each_line(const char *path, struct arena *mem,
                     err (*step)(str line, struct arena *mem, void *context), void *context)
{
	struct line_reader *lines = NULL;
	str line;
	bool cut;
	err e = lines_open(path, LINE_MAX_BYTES, &lines);
	if (failed(e))
		return e;
	while (!failed(e) && lines_next(lines, &line, &cut))
		e = step(line, mem, context);
	err closed = lines_close(&lines);
	return failed(e) ? e : closed;
}

static err fix_line(str line, struct arena *mem, void *context)
{
	return line.n == 0 || line.p[0] == '#' ? OK : fix_of_line(line, mem, context);
}

static str member(const json_t *object, const char *name, struct arena *mem)
{
	const json_t *value = json_object_get(object, name);
	return json_is_string(value)
	               ? str_dup(mem, (str){ json_string_value(value), json_string_length(value) })
	               : STR_NONE;
}

struct reading {
	struct corpus *corpus;
	size_t cap;
};

static err text_line(str line, struct arena *mem, void *context)
{
	struct reading *r = context;
	struct corpus *c = r->corpus;
	json_t *object = json_loadb(line.p, line.n, 0, NULL);
	const json_t *label = json_object_get(object, "label");
	struct corpus_text t = { .id = member(object, "id", mem),
		                 .set = member(object, "set", mem),
		                 .lang = member(object, "lang", mem),
		                 .text = member(object, "text", mem),
		                 .spam = json_integer_value(label) == 1 };
	bool whole = json_is_integer(label) && t.id.n > 0 && t.set.n > 0 && t.text.p;
	json_decref(object);
	if (!whole)
		return err_input("corpus", "a line of the corpus has no id, set, text and label");
	if (c->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 4096;
		c->list = arena_grow(mem, c->list, r->cap * sizeof *c->list, cap * sizeof *c->list);
		r->cap = cap;
	}
	c->list[c->n++] = t;
	return OK;
}

err corpus_read(const char *path, const char *corrections, struct arena *mem, struct corpus *out)
{
	struct fixes fixes = { 0 };
	*out = (struct corpus){ 0 };
	err e;
	TRY(each_line(path, mem, text_line, &(struct reading){ .corpus = out }));
	TRY(each_line(corrections, mem, fix_line, &fixes));
	if (fixes.n > 1)
		qsort(fixes.list, fixes.n, sizeof *fixes.list, by_id);
	for (size_t i = 0; i < out->n && fixes.n > 0; i++) {
		struct fix key = { .id = out->list[i].id };
		const struct fix *fix = bsearch(&key, fixes.list, fixes.n, sizeof *fixes.list,
		                                by_id);
		if (!fix)
			continue;
		out->list[i].correction = fix->correction;
		out->corrected++;
	}
	out->unmatched = fixes.n - out->corrected;
out:
	return e;
}

bool corpus_label(const struct corpus_text *text, bool corrected, bool *spam)
{
	enum correction c = corrected ? text->correction : CORRECTION_NONE;
	*spam = c == CORRECTION_NONE ? text->spam : c == CORRECTION_SPAM;
	return c != CORRECTION_DROP;
}
