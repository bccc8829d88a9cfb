/* kith train: labelled JSON lines to a file of weights. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/learn/templates.h"
#include "integrity/learn/trainer.h"

#include "base/file.h"

#include <jansson.h>
#include <stdlib.h>

#define LINE_MAX_BYTES ((size_t)1 << 20)

static const char usage[] =
	"usage: kith train [--out FILE] [--seed N] [--templates FOLDER] [--tables FOLDER] [--plain] FILE.jsonl...\n"
	"Trains the text model on lines {\"text\", \"label\": 1 = spam, 0 = not, \"group\"?: name of a group of near copies}.\n"
	"Files may be gzip. The same files and seed give the same bytes. Writes text.kmodel unless --out says where.\n"
	"  --templates  texts of our own with slots: src/integrity/learn/templates\n"
	"  --tables     opencc_STCharacters.txt.gz and chaizi-jt.txt.gz, for disguises of Han characters\n"
	"  --plain      without disguised copies\n"
	"example: kith train --out model/text.kmodel train.jsonl.gz\n";

static err add_line(struct trainer *t, str line)
{
	json_t *object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *text = json_object_get(object, "text"),
		     *label = json_object_get(object, "label");
	const json_t *group = json_object_get(object, "group");
	bool good = json_is_string(text) && json_is_integer(label) &&
	            (json_integer_value(label) | 1) == 1;
	if (good) {
		str words = { json_string_value(text), json_string_length(text) };
		str fold = json_is_string(group)
		                   ? (str){ json_string_value(group), json_string_length(group) }
		                   : words;
		trainer_add(t, &(struct lesson){ words, fold, LESSON_CORPUS,
		                                 json_integer_value(label) == 1 });
	}
	json_decref(object);
	return good ? OK : err_input("line", "needs a text and a label of 0 or 1");
}

static err add_file(struct trainer *t, const char *path)
{
	struct line_reader *lines = NULL;
	str line;
	bool cut;
	int64_t number = 0;
	err e = lines_open(path, LINE_MAX_BYTES, &lines);
	while (!failed(e) && lines_next(lines, &line, &cut)) {
		number++;
		e = cut ? err_limit("line", "is over 1 MiB") : add_line(t, line);
		if (failed(e))
			fprintf(stderr, "kith: %s line %lld: %s\n", path, (long long)number, e.why);
	}
	if (!lines) {
		fprintf(stderr, "kith: %s: %s\n", path, e.why);
		return e;
	}
	err closed = lines_close(&lines);
	if (failed(closed))
		fprintf(stderr, "kith: %s: %s\n", path, closed.why);
	return failed(e) ? e : closed;
}

static void print_figures(const char *path, const struct trainer_figures *f)
{
	static const char *const names[LESSON_SOURCES] = { "corpus", "notices", "sellers",
		                                           "malicious", "foreign" };
	printf("%s: %llu texts, %llu spam, %llu copies; out of fold: recall %.3f at 0.1 %%, %.3f at 1 %% false positives\n",
	       path, (unsigned long long)f->texts, (unsigned long long)f->spam,
	       (unsigned long long)f->copies, f->recall_1_in_1000, f->recall_1_in_100);
	for (int i = 1; i < LESSON_SOURCES; i++) {
		if (f->of_source[i] > 0)
			printf("  %s: %.3f resemble spam, %.3f advertise, of %llu\n", names[i],
			       (double)f->resemble[i] / (double)f->of_source[i],
			       (double)f->advertise[i] / (double)f->of_source[i],
			       (unsigned long long)f->of_source[i]);
	}
}

static err finish(struct trainer *t, const char *path)
{
	struct arena *mem = arena_new((size_t)1 << 20);
	struct trainer_figures f;
	str file;
	err e = trainer_finish(t, mem, &file, &f);
	if (!failed(e))
		e = file_write(path, file, 0644);
	if (failed(e))
		fprintf(stderr, "kith: %s\n", e.why);
	else
		print_figures(path, &f);
	arena_free(mem);
	return e;
}

static err add_templates(struct trainer *t, const char *folder, uint64_t seed)
{
	struct arena *mem = arena_new(4096);
	str at;
	err e = templates_add(folder, seed, t, mem, &at);
	if (failed(e))
		fprintf(stderr, "kith: %.*s: %s\n", STR_ARG(at), e.why);
	arena_free(mem);
	return e;
}

int cmd_train(int argc, char **argv)
{
	const char *path = "text.kmodel", *templates = NULL, *tables = NULL;
	int64_t seed = 1;
	bool plain = false;
	const struct option_row rows[] = { { "out", OPTION_TEXT, &path },
		                           { "seed", OPTION_NUMBER, &seed },
		                           { "templates", OPTION_TEXT, &templates },
		                           { "tables", OPTION_TEXT, &tables },
		                           { "plain", OPTION_FLAG, &plain } };
	const struct options options = { usage, rows, 5, 1, 1000 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	struct trainer *t = trainer_new(
		&(struct trainer_settings){ (uint64_t)seed, tables, plain });
	err e = OK;
	for (int i = 0; i < n && !failed(e); i++)
		e = add_file(t, argv[i]);
	if (!failed(e) && templates)
		e = add_templates(t, templates, (uint64_t)seed);
	if (!failed(e))
		e = finish(t, path);
	trainer_free(t);
	return failed(e) ? 1 : 0;
}
