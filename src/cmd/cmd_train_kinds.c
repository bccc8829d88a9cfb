/* kith train-kinds: posts written for training, and honest texts, to a model of kinds. */
#include "cmd/commands.h"
#include "cmd/options.h"
#include "integrity/learn/kinds_trainer.h"

#include "base/file.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES ((size_t)1 << 20)
#define FILES_MAX 256

static const char usage[] =
	"usage: kith train-kinds --posts FOLDER [--out FILE] [--seed N] [--tables FOLDER] FILE.jsonl...\n"
	"Trains the model that tells kinds of malicious marketing, from posts and from honest texts.\n"
	"  --posts   folder of .txt files with lines of a kind, a tab and a post; `honest` is a kind too\n"
	"  --tables  as for kith train\n"
	"FILE.jsonl: lines {\"text\", \"label\", \"group\"?}; those of label 0 are the honest ones. The same files and seed give the\n"
	"same bytes. Writes kinds.kmodel unless --out says where.\n"
	"example: kith train-kinds --posts src/integrity/learn/posts --out model/kinds.kmodel train.jsonl.gz\n";

static err say(const char *path, int64_t line, err e)
{
	fprintf(stderr, "kith: %s line %lld: %s\n", path, (long long)line, e.why);
	return e;
}

static err add_honest(struct kinds_trainer *t, str line)
{
	json_t *object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *text = json_object_get(object, "text"),
		     *label = json_object_get(object, "label"),
		     *group = json_object_get(object, "group");
	bool good = json_is_string(text) && json_is_integer(label);
	if (good && json_integer_value(label) == 0) {
		str words = { json_string_value(text), json_string_length(text) };
		kinds_trainer_add_honest(t, words,
		                         json_is_string(group) ? (str){ json_string_value(group),
		                                                        json_string_length(group) }
		                                               : words);
	}
	json_decref(object);
	return good ? OK : err_input("line", "needs a text and a label");
}

static err add_post(struct kinds_trainer *t, str line)
{
	if (line.n == 0 || line.p[0] == '#')
		return OK;
	str text = line, name = str_cut(&text, '\t');
	if (!text.p || text.n == 0)
		return err_input("line", "needs a kind, a tab and a post");
	for (unsigned kind = 0; kind < POST_KINDS; kind++) {
		if (str_eq(name, str_of(post_kind_name((enum post_kind)kind)))) {
			kinds_trainer_add_post(t, text, kind);
			return OK;
		}
	}
	if (!str_eq(name, S("honest")))
		return err_input("line", "this kind is not known");
	kinds_trainer_add_post(t, text, POST_KINDS);
	return OK;
}

static err add_file(struct kinds_trainer *t, const char *path,
                    err (*add)(struct kinds_trainer *t, str line))
{
	struct line_reader *lines = NULL;
	str line;
	bool cut;
	int64_t number = 0;
	err e = lines_open(path, LINE_MAX_BYTES, &lines);
	if (failed(e))
		return say(path, 0, e);
	while (!failed(e) && lines_next(lines, &line, &cut)) {
		number++;
		e = cut ? err_limit("line", "is over 1 MiB") : add(t, line);
	}
	if (failed(e))
		say(path, number, e);
	err closed = lines_close(&lines);
	return failed(e) ? e : closed;
}

static int is_posts(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);
	return n > 4 && strcmp(entry->d_name + n - 4, ".txt") == 0;
}

/* Files in order of name, whatever order the folder has them in. */
static err add_posts(struct kinds_trainer *t, const char *folder)
{
	struct dirent **entries = NULL;
	struct arena *mem = arena_new(4096);
	int n = scandir(folder, &entries, is_posts, alphasort);
	err e = n > 0 ? OK : err_missing("no .txt files there");
	if (failed(e))
		say(folder, 0, e);
	for (int i = 0; i < n; i++) {
		if (!failed(e))
			e = add_file(
				t,
				str_to_c(mem, str_format(mem, "%s/%s", folder, entries[i]->d_name)),
				add_post);
		free(entries[i]);
	}
	free(entries);
	arena_free(mem);
	return e;
}

static void print_figures(const char *path, const struct kinds_trainer_figures *f)
{
	printf("%s: %llu honest texts; out of fold:\n", path, (unsigned long long)f->honest);
	for (unsigned kind = 0; kind <= POST_KINDS; kind++)
		printf("  %-12s %5llu posts, likely %.3f, sure %.3f\n",
		       kind < POST_KINDS ? post_kind_name((enum post_kind)kind) : "honest",
		       (unsigned long long)f->posts[kind],
		       (double)f->likely[kind] / (double)f->posts[kind],
		       (double)f->sure[kind] / (double)f->posts[kind]);
	printf("  %llu of the likely ones are of the kind they are most like\n",
	       (unsigned long long)f->right);
}

static err finish(struct kinds_trainer *t, const char *path)
{
	struct arena *mem = arena_new((size_t)1 << 20);
	struct kinds_trainer_figures f;
	str file;
	err e = kinds_trainer_finish(t, mem, &file, &f);
	if (!failed(e))
		e = file_write(path, file, 0644);
	if (failed(e))
		fprintf(stderr, "kith: %s\n", e.why);
	else
		print_figures(path, &f);
	arena_free(mem);
	return e;
}

int cmd_train_kinds(int argc, char **argv)
{
	const char *path = "kinds.kmodel", *posts = NULL, *tables = NULL;
	int64_t seed = 1;
	const struct option_row rows[] = { { "posts", OPTION_TEXT, &posts },
		                           { "out", OPTION_TEXT, &path },
		                           { "seed", OPTION_NUMBER, &seed },
		                           { "tables", OPTION_TEXT, &tables } };
	const struct options options = { usage, rows, 4, 1, 1000 };
	int n;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	if (!posts) {
		fprintf(stderr, "kith: --posts is missing\n%s", usage);
		return 2;
	}
	struct kinds_trainer *t = kinds_trainer_new((uint64_t)seed, tables);
	err e = add_posts(t, posts);
	for (int i = 0; i < n && !failed(e); i++)
		e = add_file(t, argv[i], add_honest);
	if (!failed(e))
		e = finish(t, path);
	kinds_trainer_free(t);
	return failed(e) ? 1 : 0;
}
