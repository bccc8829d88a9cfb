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
	"Reads texts, one a line, from standard input and writes one JSON object a line: the views raw, folded, skeleton and pinyin,\n"
	"the disguise effort with its parts, and the handles, numbers and prices found, with byte offsets.\n"
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
	write_view(&b, "skeleton", view_text(&v.skeleton, mem));
	write_view(&b, "pinyin", str_trim(view_text(&v.pinyin, mem)));
	buf_lit(&b, ",\"effort\":");
	buf_json_real(&b, views_effort(&v) + contact_effort(contacts, n_contacts));
	buf_format(&b, ",\"undone\":{\"styled\":%u,\"hidden\":%u,\"mixed\":%u,\"leet\":%u}",
	           v.styled, v.hidden, v.mixed, v.leet);
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
