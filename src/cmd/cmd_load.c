/* kith load: JSON lines to rows, 1,000 to a transaction. The words of a bad line are the person's to mend, so every
 * refusal names the line, the field and what is wrong, and says from which line to go on. */
#include "cmd/shell.h"

#include "circle/bulk.h"
#include "cmd/load_pictures.h"
#include "cmd/options.h"
#include "media/darkroom.h"

#include "base/file.h"
#include "model/limits.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES (64 * 1024)
#define BATCH 1000
#define NAMES_MAX 5000

struct load {
	struct shell *sh;
	struct bulk *bulk;
	struct arena *line_mem;
	int64_t line, from, shift_ms;
	int64_t kept_line; /* the last line that is committed */
	bool recent, no_pictures;
	struct darkroom *darkroom; /* of this command; NULL where the server has one */
};

static const char *const kinds[] = {
	[BULK_PERSON] = "person", [BULK_FRIENDSHIP] = "friendship",
	[BULK_LIST] = "list",     [BULK_GROUP] = "group",
	[BULK_POST] = "post",     [BULK_COMMENT] = "comment",
	[BULK_LIKE] = "like",
};

enum need { REQUIRED = 1, OPTIONAL = 2 };

/* Which text fields a kind of row has. */
static const struct field_row {
	const char *name;
	size_t at; /* of a str in struct bulk_row */
	enum need need[BULK_LIKE + 1];
} fields[] = {
	{ "handle", offsetof(struct bulk_row, handle), { [BULK_PERSON] = REQUIRED } },
	{ "display_name", offsetof(struct bulk_row, display_name), { [BULK_PERSON] = OPTIONAL } },
	{ "token", offsetof(struct bulk_row, token), { [BULK_PERSON] = OPTIONAL } },
	{ "role", offsetof(struct bulk_row, role), { [BULK_PERSON] = OPTIONAL } },
	{ "a", offsetof(struct bulk_row, a), { [BULK_FRIENDSHIP] = REQUIRED } },
	{ "b", offsetof(struct bulk_row, b), { [BULK_FRIENDSHIP] = REQUIRED } },
	{ "owner",
	  offsetof(struct bulk_row, owner),
	  { [BULK_LIST] = REQUIRED, [BULK_GROUP] = REQUIRED } },
	{ "title",
	  offsetof(struct bulk_row, title),
	  { [BULK_LIST] = REQUIRED, [BULK_GROUP] = REQUIRED } },
	{ "about", offsetof(struct bulk_row, about), { [BULK_GROUP] = OPTIONAL } },
	{ "key",
	  offsetof(struct bulk_row, key),
	  { [BULK_POST] = REQUIRED, [BULK_COMMENT] = REQUIRED } },
	{ "post",
	  offsetof(struct bulk_row, post),
	  { [BULK_COMMENT] = REQUIRED, [BULK_LIKE] = REQUIRED } },
	{ "author",
	  offsetof(struct bulk_row, author),
	  { [BULK_POST] = REQUIRED, [BULK_COMMENT] = REQUIRED, [BULK_LIKE] = REQUIRED } },
	{ "text",
	  offsetof(struct bulk_row, text),
	  { [BULK_POST] = REQUIRED, [BULK_COMMENT] = REQUIRED } },
	{ "reply_to", offsetof(struct bulk_row, reply_to), { [BULK_COMMENT] = OPTIONAL } },
};

static err read_texts(const json_t *object, struct bulk_row *row)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		enum need need = fields[i].need[row->kind];
		const json_t *value = json_object_get(object, fields[i].name);
		if (need == 0 || (need == OPTIONAL && (!value || json_is_null(value))))
			continue;
		if (!json_is_string(value))
			return err_input(fields[i].name, value ? "must be a string" : "is missing");
		*(str *)((char *)row + fields[i].at) = (str){ json_string_value(value),
			                                      json_string_length(value) };
	}
	return OK;
}

static err read_names(const json_t *array, const char *field, struct arena *mem, const str **out,
                      size_t *n)
{
	if (!array || json_is_null(array))
		return OK;
	if (!json_is_array(array) || json_array_size(array) > NAMES_MAX)
		return err_input(field, "must be a list of at most 5,000 names");
	str *names = ARENA_ARRAY(mem, json_array_size(array), str);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *name = json_array_get(array, i);
		if (!json_is_string(name))
			return err_input(field, "must hold strings alone");
		names[i] = (str){ json_string_value(name), json_string_length(name) };
	}
	*out = names;
	*n = json_array_size(array);
	return OK;
}

static err read_audience(const json_t *audience, struct arena *mem, struct bulk_row *row)
{
	if (!audience || json_is_null(audience))
		return OK;
	const char *kind = json_string_value(json_object_get(audience, "kind"));
	const json_t *group = json_object_get(audience, "group");
	for (int k = AUDIENCE_FRIENDS; kind && k <= AUDIENCE_GROUP; k++) {
		if (strcmp(kind, audience_word((enum audience_kind)k)) != 0)
			continue;
		row->audience = (enum audience_kind)k;
		row->group = (str){ json_string_value(group), json_string_length(group) };
		err e = read_names(json_object_get(audience, "lists"), "audience", mem, &row->lists,
		                   &row->n_lists);
		return failed(e) ? e
		                 : read_names(json_object_get(audience, "people"), "audience", mem,
		                              &row->people, &row->n_people);
	}
	return err_input("audience", "needs a kind: friends, only, except, self or group");
}

static err read_time(const json_t *at, const struct load *load, struct bulk_row *row)
{
	bool needed = row->kind >= BULK_POST;
	if (!at || json_is_null(at))
		return needed ? err_input("at", "is missing: milliseconds since 1970") : OK;
	if (!json_is_integer(at) || json_integer_value(at) < 0)
		return err_input("at", "must be milliseconds since 1970");
	row->at_ms = json_integer_value(at) + load->shift_ms;
	return OK;
}

static err read_flag(const json_t *value, const char *field, bool *out)
{
	if (value && !json_is_boolean(value) && !json_is_null(value))
		return err_input(field, "is true or false");
	*out = json_is_true(value);
	return OK;
}

static err read_row(const json_t *object, const struct load *load, struct bulk_row *row)
{
	const char *type = json_string_value(json_object_get(object, "type"));
	size_t k = 0;
	while (type && k < sizeof kinds / sizeof kinds[0] && strcmp(kinds[k], type) != 0)
		k++;
	if (!type || k == sizeof kinds / sizeof kinds[0])
		return err_input("type",
		                 "must be person, friendship, list, group, post, comment or like");
	row->kind = (enum bulk_kind)k;
	err e;
	TRY(read_texts(object, row));
	TRY(read_time(json_object_get(object, "at"), load, row));
	if (row->kind == BULK_PERSON)
		TRY(read_flag(json_object_get(object, "demo"), "demo", &row->demo));
	if (row->kind == BULK_LIST || row->kind == BULK_GROUP)
		TRY(read_names(json_object_get(object, "members"), "members", load->line_mem,
		               &row->people, &row->n_people));
	if (row->kind == BULK_POST)
		TRY(read_audience(json_object_get(object, "audience"), load->line_mem, row));
out:
	return e;
}

/* All up to `line` is in the store from here on. */
static err commit(struct load *load, int64_t line)
{
	err e = bulk_commit(load->bulk);
	if (failed(e))
		return e;
	load->kept_line = line;
	if (isatty(fileno(load->sh->err)))
		fprintf(load->sh->err, "\r%lld lines", (long long)line);
	return OK;
}

/* Pictures are opened by the server, or by a darkroom of this command's own; and they are brought by somebody who is there. */
static err before_pictures(struct load *load)
{
	struct circle *circle = load->sh->circle;
	err e;
	if (!circle->darkroom && load->sh->peer < 0) {
		TRY(darkroom_open(circle->log, &load->darkroom));
		circle->darkroom = load->darkroom;
	}
	TRY(commit(load, load->line - 1));
out:
	return e;
}

static err add_line(struct load *load, str line)
{
	json_error_t fault;
	json_t *object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &fault);
	struct load_pictures pictures = { .n = 0 };
	struct bulk_row row = { 0 };
	err e;
	if (!json_is_object(object))
		TRY(err_input("line", "is not a JSON object in UTF-8"));
	TRY(read_row(object, load, &row));
	if (row.kind == BULK_POST && !load->no_pictures)
		TRY(load_pictures_open(json_object_get(object, "pictures"), load->sh->in,
		                       &pictures));
	row.pictures = pictures.list;
	row.n_pictures = pictures.n;
	if (row.n_pictures > 0)
		TRY(before_pictures(load));
	TRY(bulk_add(load->bulk, &row));
out:
	load_pictures_close(&pictures);
	json_decref(object);
	arena_reset(load->line_mem);
	return e;
}

/* The first line of a batch that was not kept is where to go on. */
static int stopped(const struct load *load, err e)
{
	FILE *to = load->sh->err;
	fprintf(to, "kith: line %lld: %s%s%s\n", (long long)load->line, e.field ? e.field : "",
	        e.field ? " " : "", e.say ? e.say : e.why);
	fprintf(to,
	        "kith: nothing from line %lld on was kept; mend it and go on with --from %lld\n",
	        (long long)load->kept_line + 1, (long long)load->kept_line + 1);
	return 1;
}

static int run(struct load *load, struct line_reader *lines)
{
	str line;
	bool cut;
	err e = OK;
	while (!failed(e) && lines_next(lines, &line, &cut)) {
		load->line++;
		if (load->line < load->from) {
			load->kept_line = load->line;
			continue;
		}
		if (cut)
			e = err_limit("line", "is over 64 KiB");
		else if (str_trim(line).n > 0)
			e = add_line(load, line);
		if (!failed(e) && (load->line - load->kept_line) >= BATCH)
			e = shell_gone(load->sh) ? err_busy("the caller went away")
			                         : commit(load, load->line);
	}
	return failed(e) || failed(e = commit(load, load->line)) ? stopped(load, e) : 0;
}

/* --recent: how far to move all times so that the latest of the file is now. Reads the file once; it must be one. */
static err measure_shift(struct load *load, int64_t now_ms)
{
	struct line_reader *lines = lines_of_fd(load->sh->in, LINE_MAX_BYTES);
	int64_t latest = 0;
	str line;
	bool cut;
	while (lines_next(lines, &line, &cut)) {
		json_t *object = json_loadb(line.p, line.n, 0, NULL);
		int64_t at = json_integer_value(json_object_get(object, "at"));
		latest = at > latest ? at : latest;
		json_decref(object);
	}
	err e = lines_close(&lines);
	if (!failed(e) && lseek(load->sh->in, 0, SEEK_SET) != 0)
		e = err_input("--recent", "needs a file that can be read twice");
	load->shift_ms = latest > 0 ? now_ms - latest : 0;
	return e;
}

int verb_load(struct shell *sh, int argc, char **argv)
{
	struct load load = { .sh = sh, .from = 1 };
	bool no_screen = false;
	const struct option_row rows[] = { { "from", OPTION_NUMBER, &load.from },
		                           { "recent", OPTION_FLAG, &load.recent },
		                           { "no-pictures", OPTION_FLAG, &load.no_pictures },
		                           { "no-screen", OPTION_FLAG, &no_screen } };
	const struct options options = {
		"usage: kith load [--no-screen] [--no-pictures] [--recent] [--from LINE] FILE.jsonl",
		rows, 4, 1, 1
	};
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	int64_t now_ms = clock_now(sh->circle->clock);
	err e = load.recent ? measure_shift(&load, now_ms) : OK;
	if (failed(e))
		return shell_fail(sh, e);
	load.line_mem = arena_new(64 * 1024);
	bulk_open(sh->circle, !no_screen, now_ms, &load.bulk);
	struct line_reader *lines = lines_of_fd(sh->in, LINE_MAX_BYTES);
	int code = run(&load, lines);
	e = lines_close(&lines);
	bulk_close(&load.bulk);
	if (load.darkroom)
		sh->circle->darkroom = NULL;
	darkroom_close(&load.darkroom);
	arena_free(load.line_mem);
	if (failed(e))
		return shell_fail(sh, e);
	if (code == 0)
		fprintf(sh->out, "loaded %lld lines\n", (long long)(load.line - load.from + 1));
	return code;
}
