/* kith screen: texts in, verdicts out, line for line; the engine alone, for anybody's platform. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/screen.h"

#include "base/buf.h"
#include "base/file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)4 << 20)
#define OUT_BYTES ((size_t)64 * 1024)
/* Times of single texts by tenths of a microsecond; what takes over 10 ms counts as that. */
#define TENTHS 100000

static const char usage[] =
	"usage: kith screen [--model FILE] [--stats]\n"
	"Reads JSON lines {\"id\", \"text\", \"author\"?, \"at\"?, \"kind\"?: post, comment, profile or request} from standard input and\n"
	"writes one verdict a line, in order: {\"id\", \"action\", \"score\", \"malice\", \"reasons\": [{\"rule\", \"text\", \"spans\"}]}. Spans are byte\n"
	"offsets into the text. A bad line gives {\"line\": N, \"error\": ...} and the rest goes on. --stats ends with one line on\n"
	"standard error. Needs no data directory.\n"
	"example: echo '{\"id\": 1, \"text\": \"hello\"}' | kith screen\n";

struct stream {
	struct engine *engine;
	struct arena *mem;
	struct buf out;
	struct arena *out_mem;
	int64_t line, messages, bytes;
	double engine_cpu_s;
	uint32_t *tenths; /* NULL without --stats */
};

static double cpu_s(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool flush_out(struct stream *s)
{
	str bytes = buf_str(&s->out);
	bool written = fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n;
	arena_reset(s->out_mem);
	buf_init(&s->out, s->out_mem, (size_t)1 << 30);
	return written;
}

static void write_error(struct stream *s, const char *what)
{
	buf_lit(&s->out, "{\"line\":");
	buf_i64(&s->out, s->line);
	buf_lit(&s->out, ",\"error\":");
	buf_json(&s->out, str_of(what));
	buf_lit(&s->out, "}\n");
}

static bool is_han_text(str text)
{
	for (size_t i = 0; i + 2 < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0xE4 && (unsigned char)text.p[i] <= 0xE9)
			return true;
	}
	return false;
}

static void write_reason(struct buf *b, const struct reason *r, bool zh)
{
	buf_lit(b, "{\"rule\":");
	buf_json(b, r->rule);
	buf_lit(b, ",\"text\":");
	buf_json(b, zh ? r->zh : r->en);
	buf_lit(b, ",\"spans\":[");
	for (size_t i = 0; i < r->span_count; i++) {
		buf_add(b, i ? S(",[") : S("["));
		buf_i64(b, r->spans[i].from);
		buf_char(b, ',');
		buf_i64(b, r->spans[i].to);
		buf_char(b, ']');
	}
	buf_lit(b, "]}");
}

/* The id comes back as it came: string, number or null. */
static void write_id(struct buf *b, const json_t *id)
{
	if (json_is_string(id))
		buf_json(b, (str){ json_string_value(id), json_string_length(id) });
	else if (json_is_integer(id))
		buf_i64(b, json_integer_value(id));
	else if (json_is_real(id))
		buf_json_real(b, json_real_value(id));
	else
		buf_lit(b, "null");
}

static void write_verdict(struct stream *s, const json_t *id, const struct verdict *v, bool zh)
{
	struct buf *b = &s->out;
	buf_lit(b, "{\"id\":");
	write_id(b, id);
	buf_lit(b, ",\"action\":");
	buf_json(b, str_of(action_name(v->action)));
	buf_lit(b, ",\"score\":");
	buf_json_real(b, v->score);
	buf_lit(b, ",\"malice\":");
	buf_json_real(b, v->malice);
	buf_lit(b, ",\"reasons\":[");
	for (size_t i = 0; i < v->reason_count; i++) {
		if (i)
			buf_char(b, ',');
		write_reason(b, &v->reasons[i], zh);
	}
	buf_lit(b, "]}\n");
}

/* What the line says; an error is a sentence for the answer. */
static const char *facts_of(const json_t *object, struct facts *facts)
{
	static const char *const kinds[] = { "post", "comment", "profile", "request" };
	const json_t *text = json_object_get(object, "text"),
		     *kind = json_object_get(object, "kind");
	const json_t *at = json_object_get(object, "at"),
		     *author = json_object_get(object, "author");
	if (!json_is_object(object))
		return "not a JSON object in UTF-8";
	if (!json_is_string(text))
		return text ? "text must be a string" : "text is missing";
	if (at && !json_is_integer(at) && !json_is_null(at))
		return "at must be milliseconds since 1970";
	if (author && !json_is_string(author) && !json_is_integer(author) && !json_is_null(author))
		return "author must be a string or a number";
	*facts = (struct facts){ .kind = FACTS_POST,
		                 .at_ms = json_integer_value(at),
		                 .text = { json_string_value(text), json_string_length(text) } };
	if (!kind || json_is_null(kind))
		return NULL;
	for (size_t i = 0; json_is_string(kind) && i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i], json_string_value(kind)) == 0) {
			facts->kind = (enum facts_kind)i;
			return NULL;
		}
	}
	return "kind must be post, comment, profile or request";
}

static void judge(struct stream *s, const json_t *object)
{
	struct facts facts;
	struct verdict verdict;
	const char *wrong = facts_of(object, &facts);
	if (wrong) {
		write_error(s, wrong);
		return;
	}
	double before = s->tenths ? cpu_s(CLOCK_THREAD_CPUTIME_ID) : 0;
	err e = screen(s->engine, &facts, s->mem, &verdict);
	if (s->tenths) {
		double took = cpu_s(CLOCK_THREAD_CPUTIME_ID) - before;
		size_t slot = (size_t)(took * 1e7);
		s->engine_cpu_s += took;
		s->tenths[slot < TENTHS ? slot : TENTHS - 1]++;
	}
	if (failed(e)) {
		write_error(s, e.why);
		return;
	}
	write_verdict(s, json_object_get(object, "id"), &verdict, is_han_text(facts.text));
	s->messages++;
	s->bytes += (int64_t)facts.text.n;
}

static double percentile_us(const struct stream *s, double share)
{
	int64_t before = 0, want = (int64_t)(share * (double)s->messages);
	for (size_t i = 0; i < TENTHS; i++) {
		before += s->tenths[i];
		if (before > want)
			return (double)(i + 1) / 10;
	}
	return 0;
}

static void print_stats(const struct stream *s)
{
	struct rusage usage_now;
	getrusage(RUSAGE_SELF, &usage_now);
	fprintf(stderr,
	        "{\"messages\":%lld,\"mb\":%.3f,\"cpu_s\":%.3f,\"engine_cpu_s\":%.3f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"peak_mb\":%.1f}\n",
	        (long long)s->messages, (double)s->bytes / 1e6, cpu_s(CLOCK_PROCESS_CPUTIME_ID),
	        s->engine_cpu_s, percentile_us(s, 0.5), percentile_us(s, 0.99),
	        (double)usage_now.ru_maxrss / 1024);
}

static err run(struct stream *s)
{
	struct line_reader *lines;
	str line;
	bool cut;
	err e = lines_open("-", LINE_MAX_BYTES, &lines);
	if (failed(e))
		return e;
	bool written = true;
	while (written && lines_next(lines, &line, &cut)) {
		s->line++;
		json_t *object = cut ? NULL
		                     : json_loadb(line.p, line.n,
		                                  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
		if (cut)
			write_error(s, "the line is over 4 MiB");
		else
			judge(s, object);
		json_decref(object);
		arena_reset(s->mem);
		if (s->out.n >= OUT_BYTES)
			written = flush_out(s);
	}
	written = flush_out(s) && fflush(stdout) == 0 && written;
	e = lines_close(&lines);
	return failed(e) ? e : written ? OK : err_system("standard output cannot be written");
}

int cmd_screen(int argc, char **argv)
{
	const char *model = NULL;
	bool stats = false;
	const struct option_row rows[] = { { "model", OPTION_TEXT, &model },
		                           { "stats", OPTION_FLAG, &stats } };
	const struct options options = { usage, rows, 2, 0, 0 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct stream s = { .mem = arena_new((size_t)256 * 1024),
		            .out_mem = arena_new(2 * OUT_BYTES) };
	buf_init(&s.out, s.out_mem, (size_t)1 << 30);
	err e = model ? engine_open(model, &s.engine) : engine_open_default(&s.engine);
	if (!failed(e) && stats && !(s.tenths = calloc(TENTHS, sizeof *s.tenths)))
		e = err_system("no memory");
	if (!failed(e))
		e = run(&s);
	if (failed(e))
		fprintf(stderr, "kith: %s\n", e.why);
	else if (stats)
		print_stats(&s);
	engine_close(s.engine);
	free(s.tenths);
	arena_free(s.mem);
	arena_free(s.out_mem);
	return failed(e) ? 1 : 0;
}
