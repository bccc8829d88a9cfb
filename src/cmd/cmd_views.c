/* kith views: what the engine reads in a text, view by view, for those who want to know why. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/text/contact.h"
#include "integrity/text/extract.h"

#include "base/buf.h"
#include "base/file.h"

#define LINE_MAX_BYTES ((size_t)2 << 20)

static const char usage[] =
	"usage: kith views\n"
	"Reads texts, one a line, from standard input and writes one JSON object a line: the views raw, folded, joined, skeleton and\n"
	"pinyin, the disguise effort with its parts and its trace (what was read as what, in how many steps), and the handles, numbers\n"
	"and prices found, with byte offsets. The effort is that of the signal `effort`, and 4 more for each disguised contact, 1 for slang.\n"
	"example: echo '加薇❤信 abc12345' | kith views\n";

static void write_extracts(struct buf *b, const char *name, enum extract_kind kind,
                           const struct extract *list, size_t n)
{
	bool first = true;
	buf_format(b, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		if (list[i].kind != kind)
			continue;
		buf_add(b, first ? S("{\"value\":") : S(",{\"value\":"));
		buf_json(b, list[i].value);
		buf_format(b, ",\"span\":[%u,%u]}", list[i].from, list[i].to);
		first = false;
	}
	buf_lit(b, "]");
}

/* ---- the trace: steps that touch, with the word around them, as one line ---- */

/* Joined glyphs [first, end) and the steps [step, steps_end) that lie among them. */
struct reading {
	size_t first, end, step, steps_end;
};

static bool is_letter(const struct view *j, size_t i)
{
	return i < j->n && j->glyphs[i].class <= FOLD_DIGIT;
}

/* A look-alike or a sign is shown with a Han character on each side, anything else with its Latin word. */
static void widen(const struct view *j, enum effort_kind kind, struct reading *r)
{
	bool pair = kind == EFFORT_RESPELT || kind == EFFORT_NOISE || kind == EFFORT_HIDDEN;
	if (pair && r->first > 0 && j->glyphs[r->first - 1].han)
		r->first--;
	if (pair && r->end < j->n && j->glyphs[r->end].han)
		r->end++;
	if (kind >= EFFORT_SPLIT)
		return;
	while (r->first > 0 && is_letter(j, r->first - 1) && !j->glyphs[r->first - 1].han)
		r->first--;
	while (is_letter(j, r->end) && !j->glyphs[r->end].han)
		r->end++;
}

/* `from`: a joined glyph at or before the step's. */
static struct reading reading_of(const struct view *j, const struct effort_step *s, size_t from)
{
	struct reading r = { from, 0, 0, 0 };
	while (r.first < j->n && j->glyphs[r.first].to <= s->from)
		r.first++;
	r.end = r.first;
	while (r.end < j->n && j->glyphs[r.end].from < s->to)
		r.end++;
	widen(j, s->kind, &r);
	r.first -= r.first == r.end && r.first > 0 ? 1 : 0;
	return r;
}

static str read_as(const struct views *v, const struct reading *r, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, (r->end - r->first) * 4 + 1);
	for (size_t i = r->first; i < r->end; i++) {
		char bytes[4];
		uint32_t leet = view_leet(&v->joined, i);
		if (!v->undone || v->undone[i] != EFFORT_NOISE)
			buf_add(&b, (str){ bytes,
			                   utf8_put(bytes, leet ? leet : v->joined.glyphs[i].cp) });
	}
	return buf_str(&b);
}

static void write_steps(struct buf *b, const struct effort_step *steps, size_t n)
{
	buf_lit(b, ",\"steps\":[");
	for (size_t i = 0; i < n; i++) {
		char bytes[4];
		str as = { bytes, steps[i].cp ? utf8_put(bytes, steps[i].cp) : 0 };
		buf_format(b, "%s{\"kind\":\"%s\",\"span\":[%u,%u],\"as\":", i ? "," : "",
		           effort_names[steps[i].kind], steps[i].from, steps[i].to);
		buf_json(b, as);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void write_reading(struct buf *b, const struct views *v, const struct reading *r,
                          const struct effort_step *steps, struct arena *mem)
{
	size_t n = r->steps_end - r->step;
	uint32_t from = v->joined.glyphs[r->first].from, to = v->joined.glyphs[r->end - 1].to;
	/* What was hidden at the very end stands behind the last glyph. */
	to = steps[r->steps_end - 1].to > to ? steps[r->steps_end - 1].to : to;
	str text = str_slice(v->text, from, to), as = read_as(v, r, mem);
	buf_lit(b, "{\"line\":");
	buf_json(b, str_format(mem, "%.*s → %.*s: %zu %s", STR_ARG(text), STR_ARG(as), n,
	                       n == 1 ? "step" : "steps"));
	buf_format(b, ",\"span\":[%u,%u]", from, to);
	write_steps(b, steps + r->step, n);
	buf_char(b, '}');
}

static void write_trace(struct buf *b, const struct views *v, struct arena *mem)
{
	struct effort_trace trace;
	struct reading open = { 0, 0, 0, 0 };
	bool first = true;
	views_trace(v, mem, &trace);
	buf_lit(b, ",\"trace\":[");
	for (size_t i = 0; i <= trace.n; i++) {
		struct reading r = { SIZE_MAX, SIZE_MAX, i, i + 1 };
		if (i < trace.n) {
			r = reading_of(&v->joined, &trace.steps[i], open.first);
			r.step = i;
			r.steps_end = i + 1;
		}
		if (i > 0 && r.first <= open.end) {
			open.end = r.end > open.end ? r.end : open.end;
			open.steps_end = r.steps_end;
			continue;
		}
		if (i > 0) {
			buf_add(b, first ? STR_NONE : S(","));
			write_reading(b, v, &open, trace.steps, mem);
			first = false;
		}
		open = r;
	}
	buf_char(b, ']');
}

static void write_view(struct buf *b, const char *name, str text)
{
	buf_format(b, "%s\"%s\":", b->n > 1 ? "," : "", name);
	buf_json(b, text);
}

static void write_views(str line, struct arena *mem)
{
	struct views v;
	struct contact contacts[CONTACTS_MAX];
	struct extract extracts[EXTRACTS_MAX];
	struct buf b;
	views_of(line, mem, &v);
	size_t n_contacts = contact_find(&v, mem, contacts);
	size_t n = extract_all(&v, contacts, n_contacts, mem, extracts);
	buf_init(&b, mem, (size_t)1 << 30);
	buf_char(&b, '{');
	write_view(&b, "raw", line);
	write_view(&b, "folded", view_text(&v.folded, mem));
	write_view(&b, "joined", view_text(&v.joined, mem));
	write_view(&b, "skeleton", view_text(&v.skeleton, mem));
	write_view(&b, "pinyin", str_trim(view_text(&v.pinyin, mem)));
	buf_lit(&b, ",\"effort\":");
	buf_json_real(&b, views_effort(&v) + contact_effort(contacts, n_contacts));
	buf_format(
		&b,
		",\"undone\":{\"styled\":%u,\"hidden\":%u,\"mixed\":%u,\"leet\":%u,\"joins\":%u}",
		v.styled, v.hidden, v.mixed, v.leet, v.joins);
	write_trace(&b, &v, mem);
	write_extracts(&b, "handles", EXTRACT_HANDLE, extracts, n);
	write_extracts(&b, "numbers", EXTRACT_NUMBER, extracts, n);
	write_extracts(&b, "prices", EXTRACT_PRICE, extracts, n);
	buf_lit(&b, "}\n");
	fwrite(b.p, 1, b.n, stdout);
}

int cmd_views(int argc, char **argv)
{
	const struct options options = { usage, NULL, 0, 0, 0 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct line_reader *lines;
	err e = lines_open("-", LINE_MAX_BYTES, &lines);
	if (!failed(e)) {
		struct arena *mem = arena_new((size_t)256 * 1024);
		str line;
		bool cut;
		while (lines_next(lines, &line, &cut)) {
			write_views(line, mem);
			arena_reset(mem);
		}
		arena_free(mem);
		e = lines_close(&lines);
	}
	if (failed(e))
		fprintf(stderr, "kith: %s\n", e.why);
	return failed(e) ? 1 : 0;
}
