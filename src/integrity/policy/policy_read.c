/* policy_read.c - follows includes depth first, so that names come before their use. */
#include "integrity/policy/policy_read.h"

#include "integrity/policy/policy_ast.h"
#include "integrity/policy/policy_lex.h"

#include "base/file.h"

struct reading {
	struct arena *mem;
	struct policy_source *files; /* complete ones */
	size_t n, bytes;
	str open[INCLUDE_DEPTH_MAX + 1]; /* those being read, from the outermost */
	size_t depth;
	struct policy_fault *fault;
};

static err read_file(struct reading *r, str path);

static str folder_of(str path)
{
	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	return path;
}

/* Down only: no way up, none from the root, and nothing hidden. */
static bool stays_inside(str name)
{
	bool inside = name.n > 0 && name.p[0] != '/' && str_find(name, S("\\")) == SIZE_MAX;
	while (name.n > 0) {
		str part = str_cut(&name, '/');
		inside = inside && part.n > 0 && part.p[0] != '.';
	}
	return inside;
}

static const char *include_fault(const struct reading *r, str name, str path)
{
	if (!stays_inside(name))
		return "an include names a file in this folder or below it";
	if (r->depth == INCLUDE_DEPTH_MAX)
		return "files include each other at most 4 deep";
	for (size_t i = 0; i < r->depth; i++) {
		if (str_eq(r->open[i], path))
			return "this file is being read already: it would include itself";
	}
	return NULL;
}

static err follow(struct reading *r, struct faults *faults, const struct token *t)
{
	str path = str_format(r->mem, "%.*s%.*s", STR_ARG(folder_of(faults->files->file)),
	                      STR_ARG(t->text));
	const char *why = include_fault(r, t->text, path);
	for (size_t i = 0; i < r->n && !why; i++) {
		if (str_eq(r->files[i].file, path))
			return OK;
	}
	err e = why ? err_input("policy", why) : read_file(r, path);
	/* A fault inside the included file has said where it is. */
	if (failed(e) && !r->fault->rendered.n)
		fault_at(faults, t->at, "%.*s: %s", STR_ARG(str_slice(t->text, 0, 80)),
		         e.code == ERR_MISSING ? "there is no such file" : e.why);
	return failed(e) ? err_input("policy", "an include cannot be followed") : OK;
}

/* Every include of the text. A list or pattern may be called include, and then a string follows too. */
static err follow_all(struct reading *r, const struct policy_source *file)
{
	struct faults faults = { .files = file, .n = 1, .mem = r->mem, .out = r->fault };
	struct policy_fault unused;
	struct faults quiet = { .files = file, .n = 1, .mem = r->mem, .out = &unused };
	struct lexer lex = { .faults = &quiet, .mem = r->mem };
	bool names_follow = false, include = false;
	for (struct token t = lexer_next(&lex); t.kind != TOKEN_END; t = lexer_next(&lex)) {
		if (include && t.kind == TOKEN_STRING) {
			err e = follow(r, &faults, &t);
			if (failed(e))
				return e;
		}
		bool name = t.kind == TOKEN_NAME;
		include = name && !names_follow && str_eq(t.text, S("include"));
		names_follow = name && (str_eq(t.text, S("words")) || str_eq(t.text, S("pattern")));
	}
	return OK;
}

static err read_file(struct reading *r, str path)
{
	struct policy_source file = { .file = path };
	err e = file_read(str_to_c(r->mem, path), POLICY_SOURCE_MAX_BYTES, r->mem, &file.text);
	if (failed(e))
		return e;
	r->bytes += file.text.n;
	if (r->n == FILES_MAX || r->bytes > POLICY_SOURCE_MAX_BYTES)
		return err_limit("policy", "the files of the policy are too many or too long");
	r->open[r->depth++] = path;
	e = follow_all(r, &file);
	r->depth--;
	if (failed(e))
		return e;
	r->files = array_room(r->mem, r->files, r->n, sizeof file);
	r->files[r->n++] = file;
	return OK;
}

err policy_read(const char *path, struct arena *mem, const struct policy_source **files, size_t *n,
                struct policy_fault *fault)
{
	struct reading r = { .mem = mem, .fault = fault };
	*fault = (struct policy_fault){ .line = 0 };
	err e = read_file(&r, str_dup(mem, str_of(path)));
	*files = r.files;
	*n = r.n;
	return e;
}
