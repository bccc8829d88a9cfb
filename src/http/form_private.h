/* form_private.h - the tree of parameters, for the parsers that fill it. No other room includes
 * this. */
#ifndef KITH_HTTP_FORM_PRIVATE_H
#define KITH_HTTP_FORM_PRIVATE_H

#include "http/form.h"

enum param_kind {
	PARAM_NULL,
	PARAM_BOOL,
	PARAM_I64,
	PARAM_REAL,
	PARAM_TEXT,
	PARAM_LIST,
	PARAM_OBJECT,
	PARAM_FILE
};

struct params {
	enum param_kind kind;
	bool flag;
	int64_t i64;
	str name; /* in its object */
	str text;
	const struct params_file *file;
	struct params *first, *last, *next; /* children of a list or an object */
	size_t count;
};

#define PARAMS_DEPTH_MAX 16
#define PARAMS_VALUES_MAX 32768
#define PARAMS_NAMES_MAX 256 /* in one object: looked up one by one */
#define PARAMS_NAME_MAX_BYTES 256
#define PARAMS_PART_HEAD_MAX_BYTES 4096
#define PARAMS_PARTS_MAX 512 /* each may make the arena grow by its head a few times */

/* Without a field: the whole is unreadable, which the caller answers with 400. */
static inline err params_unreadable(const char *why) { return err_input(NULL, why); }

/* %HH decoded once into `mem`; false on a broken escape. */
bool params_unescape(str raw, bool plus_is_space, struct arena *mem, str *text);

/* A tree being filled. */
struct params_tree {
	struct arena *mem;
	struct params *root;
	size_t values;
};

struct params_tree params_tree_new(struct arena *mem);
/* A new child of `parent`, at its end; `name` for an object's. ERR_INPUT: too many, or the name is
 * taken or too long. */
MUST_CHECK err params_tree_add(struct params_tree *tree, struct params *parent, str name,
                               enum param_kind kind, struct params **child);
/* Puts one field of a form where its name says: `a`, `a[]`, `a[b]`, `a[][b]`. `text` must be valid
 * UTF-8. */
MUST_CHECK err params_tree_put(struct params_tree *tree, str name, str text);
/* The same for a file, which the tree borrows. */
MUST_CHECK err params_tree_put_file(struct params_tree *tree, str name,
                                    const struct params_file *file);

/* Reads `bytes` by their media type; `content_type` is the whole header value. ERR_INPUT
 * field "Content-Type" for another type, or none. */
MUST_CHECK err params_fill(struct params_tree *tree, str media_type, str content_type, str bytes);

#endif
