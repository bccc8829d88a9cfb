/* kith screen: texts in, verdicts out, line for line; the engine alone, for anybody's platform. */
#include "api/screen_json.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/policy/policy_read.h"
#include "integrity/screen.h"

#include "base/buf.h"
#include "base/file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)4 << 20)
#define OUT_BYTES ((size_t)64 * 1024)
/* Times of single texts by tenths of a microsecond; what takes over 10 ms counts as that. */
#define TENTHS 100000
/* Lines are read, judged and written by so many: then the clock of the processor, a call to the system, is asked once for all. */
#define BATCH 256
#define BATCH_BYTES ((size_t)1 << 20)

static const char usage[] =
	"usage: kith screen [--policy FILE] [--model FILE] [--stats]\n"
	"Reads JSON lines {\"id\", \"text\", \"author\"?, \"at\"?, \"kind\"?: post, comment, profile or request} from standard input and\n"
	"writes one verdict a line, in order: {\"id\", \"action\", \"score\", \"malice\", \"reasons\": [{\"rule\", \"text\", \"spans\"}]}. Spans are byte\n"
	"offsets into the text. Near-copies and windows see what this run has read, where lines name an author. A bad line gives\n"
	"{\"line\": N, \"error\": ...} and the rest goes on. --stats ends with one line on standard error. Needs no data directory.\n"
	"example: echo '{\"id\": 1, \"text\": \"hello\"}' | kith screen\n";

struct item {
	int64_t line;
	json_t *object;    /* owned */
	const char *wrong; /* a sentence for the answer; then nothing below is set */
	struct facts facts;
	struct verdict verdict;
};

struct stream {
	struct engine *engine;
	struct past *past;
	struct arena *mem;  /* of one text: small enough to stay in the processor's cache */
	struct arena *kept; /* of one batch */
	struct item items[BATCH];
	size_t n, item_bytes;
	struct buf out;
	struct arena *out_mem;
	int64_t line, seq, messages, bytes;
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

static void write_error(struct stream *s, int64_t line, const char *what)
{
	buf_lit(&s->out, "{\"line\":");
	buf_i64(&s->out, line);
	buf_lit(&s->out, ",\"error\":");
	buf_json(&s->out, str_of(what));
	buf_lit(&s->out, "}\n");
}

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void count_time(struct stream *s, int64_t ns)
{
	size_t slot = (size_t)(ns / 100);
	s->tenths[slot < TENTHS ? slot : TENTHS - 1]++;
}

/* What is written of a verdict, out of the memory of its text; sentences are the policy's. */
static void keep(struct stream *s, struct verdict *v)
{
	struct reason *reasons = arena_copy(s->kept, v->reasons,
	                                    v->reason_count * sizeof *v->reasons);
	for (size_t i = 0; i < v->reason_count; i++)
		reasons[i].spans = arena_copy(s->kept, reasons[i].spans,
		                              reasons[i].span_count * sizeof *reasons[i].spans);
	v->reasons = reasons;
}

/* Judges all items in order: what one author writes is known to the next. */
static void judge(struct stream *s)
{
	double before = s->tenths ? cpu_s(CLOCK_THREAD_CPUTIME_ID) : 0;
	int64_t began = s->tenths ? now_ns() : 0;
	for (size_t i = 0; i < s->n; i++) {
		struct item *item = &s->items[i];
		if (item->wrong)
			continue;
		err e = screen(s->engine, s->past, &item->facts, s->mem, &item->verdict);
		if (failed(e)) {
			item->wrong = e.why;
		} else if (item->facts.author != 0) {
			item->verdict.observation.seq = ++s->seq;
			past_observe(s->past, &item->verdict.observation);
		}
		if (!failed(e) && item->verdict.reason_count > 0)
			keep(s, &item->verdict);
		arena_reset(s->mem);
		if (s->tenths) {
			int64_t ended = now_ns();
			count_time(s, ended - began);
			began = ended;
		}
	}
	if (s->tenths)
		s->engine_cpu_s += cpu_s(CLOCK_THREAD_CPUTIME_ID) - before;
}

static void write_items(struct stream *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct item *item = &s->items[i];
		if (item->wrong) {
			write_error(s, item->line, item->wrong);
		} else {
			screen_json_verdict(&s->out, json_object_get(item->object, "id"),
			                    item->facts.text, &item->verdict);
			buf_char(&s->out, '\n');
			s->messages++;
			s->bytes += (int64_t)item->facts.text.n;
		}
		json_decref(item->object);
	}
	s->n = s->item_bytes = 0;
	arena_reset(s->kept);
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

static void take_line(struct stream *s, str line, bool cut)
{
	struct item *item = &s->items[s->n++];
	const char *field;
	*item = (struct item){ .line = ++s->line };
	s->item_bytes += line.n;
	if (cut) {
		item->wrong = "the line is over 4 MiB";
		return;
	}
	item->object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	item->wrong = screen_json_facts(item->object, &item->facts, &field);
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
		take_line(s, line, cut);
		if (s->n == BATCH || s->item_bytes >= BATCH_BYTES) {
			judge(s);
			write_items(s);
		}
		if (s->out.n >= OUT_BYTES)
			written = flush_out(s);
	}
	judge(s);
	write_items(s);
	written = flush_out(s) && fflush(stdout) == 0 && written;
	e = lines_close(&lines);
	return failed(e) ? e : written ? OK : err_system("standard output cannot be written");
}

/* Folder of compiled words: $XDG_CACHE_HOME/kith or ~/.cache/kith, made where it can be; else NULL. */
static const char *cache_folder(struct arena *mem)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	if ((!cache || !*cache) && (!home || !*home))
		return NULL;
	str above = cache && *cache ? str_of(cache) : str_format(mem, "%s/.cache", home);
	const char *folder = str_to_c(mem, str_format(mem, "%.*s/kith", STR_ARG(above)));
	mkdir(str_to_c(mem, above), 0700);
	mkdir(folder, 0700);
	return access(folder, W_OK) == 0 ? folder : NULL;
}

static err open_stream(struct stream *s, const char *policy, const char *model, struct arena *mem)
{
	struct engine_options options = { .model_path = model, .cache = cache_folder(mem) };
	struct policy_fault fault = { 0 };
	err e = OK;
	if (policy)
		TRY(policy_read(policy, mem, &options.policy, &options.policy_files, &fault));
	TRY(engine_open(&options, mem, &s->engine, &fault));
	s->past = engine_past(s->engine, (struct past_limits){ 0 });
	if (!s->past)
		TRY(err_system("no memory for what was read before"));
out:
	if (failed(e) && fault.rendered.n > 0)
		fprintf(stderr, "%.*s\n", STR_ARG(fault.rendered));
	return e;
}

int cmd_screen(int argc, char **argv)
{
	const char *model = NULL, *policy = NULL;
	bool stats = false;
	const struct option_row rows[] = { { "policy", OPTION_TEXT, &policy },
		                           { "model", OPTION_TEXT, &model },
		                           { "stats", OPTION_FLAG, &stats } };
	const struct options options = { usage, rows, 3, 0, 0 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct arena *opening = arena_new((size_t)1 << 20);
	struct stream *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	s->mem = arena_new((size_t)256 * 1024);
	s->kept = arena_new((size_t)64 * 1024);
	s->out_mem = arena_new(2 * OUT_BYTES);
	buf_init(&s->out, s->out_mem, (size_t)1 << 30);
	err e = open_stream(s, policy, model, opening);
	if (!failed(e) && stats && !(s->tenths = calloc(TENTHS, sizeof *s->tenths)))
		e = err_system("no memory");
	if (!failed(e))
		e = run(s);
	if (failed(e))
		fprintf(stderr, "kith: %s\n", e.why);
	else if (stats)
		print_stats(s);
	past_free(s->past);
	engine_close(s->engine);
	free(s->tenths);
	arena_free(s->mem);
	arena_free(s->kept);
	arena_free(s->out_mem);
	arena_free(opening);
	free(s);
	return failed(e) ? 1 : 0;
}
