/* See form.h. The tree, the names of form fields, and the typed getters; form_read.c has the three
 * parsers. */
#include "http/form_private.h"

#include <string.h>

static const struct params none = { .kind = PARAM_OBJECT };

const struct params *params_none(void) { return &none; }

static struct params *find(const struct params *object, str name)
{
	for (struct params *child = object->first; child; child = child->next)
		if (str_eq(child->name, name))
			return child;
	return NULL;
}

struct params_tree params_tree_new(struct arena *mem)
{
	struct params_tree tree = { .mem = mem, .root = ARENA_NEW(mem, struct params) };
	tree.root->kind = PARAM_OBJECT;
	return tree;
}

err params_tree_add(struct params_tree *tree, struct params *parent, str name, enum param_kind kind,
                    struct params **child)
{
	if (++tree->values > PARAMS_VALUES_MAX)
		return params_unreadable("There are too many parameters.");
	if (parent->kind == PARAM_OBJECT) {
		if (parent->count == PARAMS_NAMES_MAX)
			return params_unreadable("There are too many parameters.");
		if (name.n > PARAMS_NAME_MAX_BYTES)
			return params_unreadable("A parameter's name is too long.");
		if (find(parent, name))
			return params_unreadable("A parameter is given twice.");
	}
	struct params *node = ARENA_NEW(tree->mem, struct params);
	node->kind = kind;
	node->name = name;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	*child = node;
	return OK;
}

/* The child `name` of an object, made when absent; one that is there must be of the same kind. */
static err reach(struct params_tree *tree, struct params *object, str name, enum param_kind kind,
                 struct params **out)
{
	*out = find(object, name);
	if (!*out)
		return params_tree_add(tree, object, name, kind, out);
	return (*out)->kind == kind ? OK : params_unreadable("A parameter is given in two shapes.");
}

static bool is_index(str segment)
{
	for (size_t i = 0; i < segment.n; i++)
		if (segment.p[i] < '0' || segment.p[i] > '9')
			return false;
	return true; /* the empty one too: `a[]` */
}

/* Cuts "a[b][]" into { "a", "b", "" }; a name that is not of this form stays whole. 0: too deep. */
static size_t split_name(str name, str segments[PARAMS_DEPTH_MAX])
{
	size_t open = str_find(name, S("["));
	segments[0] = name;
	if (open == SIZE_MAX || open == 0 || name.p[name.n - 1] != ']')
		return 1;
	size_t n = 1;
	for (size_t at = open; at < name.n;) {
		const char *close = memchr(name.p + at, ']', name.n - at);
		if (name.p[at] != '[' || !close)
			return 1;
		if (n == PARAMS_DEPTH_MAX - 1)
			return 0;
		size_t end = (size_t)(close - name.p);
		segments[n++] = str_slice(name, at + 1, end);
		at = end + 1;
	}
	segments[0] = str_slice(name, 0, open);
	return n;
}

/* `list[][name]`: the object under way, or a new one when that has `name` already (as Rails reads
 * it). */
static err reach_item(struct params_tree *tree, struct params *list, str name, bool last_segment,
                      struct params **item)
{
	struct params *under_way = list->last;
	if (under_way && under_way->kind != PARAM_OBJECT)
		return params_unreadable("A parameter is given in two shapes.");
	if (under_way && !(last_segment && find(under_way, name))) {
		*item = under_way;
		return OK;
	}
	return params_tree_add(tree, list, STR_NONE, PARAM_OBJECT, item);
}

/* Walks (and makes) the way to where the last segment goes; `*key` is its name there, or nothing in
 * a list. */
static err walk(struct params_tree *tree, const str *segments, size_t n, struct params **at,
                str *key)
{
	err e = OK;
	*at = tree->root;
	*key = segments[0];
	for (size_t i = 1; i < n; i++) {
		if (!is_index(segments[i])) {
			TRY(reach(tree, *at, *key, PARAM_OBJECT, at));
			*key = segments[i];
			continue;
		}
		TRY(reach(tree, *at, *key, PARAM_LIST, at));
		*key = STR_NONE;
		if (++i == n)
			break;
		*key = segments[i];
		if (is_index(*key))
			return params_unreadable("A list within a list is not read from a form.");
		TRY(reach_item(tree, *at, *key, i + 1 == n, at));
	}
out:
	return e;
}

static err put(struct params_tree *tree, str name, enum param_kind kind, struct params **leaf)
{
	str segments[PARAMS_DEPTH_MAX];
	size_t n = split_name(name, segments);
	struct params *at;
	str key;
	err e;
	if (n == 0)
		return params_unreadable("Parameters are nested too deeply.");
	TRY(walk(tree, segments, n, &at, &key));
	if (at->kind == PARAM_LIST && at->last && at->last->kind == PARAM_OBJECT)
		return params_unreadable("A parameter is given in two shapes.");
	e = params_tree_add(tree, at, key, kind, leaf);
out:
	return e;
}

err params_tree_put(struct params_tree *tree, str name, str text)
{
	struct params *leaf;
	err e;
	TRY(put(tree, name, PARAM_TEXT, &leaf));
	leaf->text = text;
out:
	return e;
}

err params_tree_put_file(struct params_tree *tree, str name, const struct params_file *file)
{
	struct params *leaf;
	err e;
	TRY(put(tree, name, PARAM_FILE, &leaf));
	leaf->file = file;
out:
	return e;
}

err params_read(const struct http_request *request, const struct params **out)
{
	struct params_tree tree = params_tree_new(request->mem);
	err e = OK;
	if (request->body.n == 0 && request->query == &none) {
		*out = &none;
		return OK;
	}
	if (request->body.n > 0)
		TRY(params_fill(&tree, request->content_type, http_header(request, "content-type"),
		                request->body));
	for (const struct params *p = request->query->first; p; p = p->next) {
		struct params *copy;
		if (find(tree.root, p->name))
			continue;
		TRY(params_tree_add(&tree, tree.root, p->name, p->kind, &copy));
		struct params *next = copy->next;
		*copy = *p; /* children are shared: nobody writes to them any more */
		copy->next = next;
	}
	*out = tree.root;
out:
	return e;
}

/* NULL when absent or null. */
static const struct params *get(const struct params *p, const char *name)
{
	const struct params *child = find(p, str_of(name));
	return child && child->kind != PARAM_NULL ? child : NULL;
}

bool params_has(const struct params *p, const char *name) { return get(p, name) != NULL; }

bool params_is_null(const struct params *p, const char *name)
{
	const struct params *child = find(p, str_of(name));
	return child && child->kind == PARAM_NULL;
}

static bool as_text(const struct params *node, str *out)
{
	*out = node->text;
	return node->kind == PARAM_TEXT;
}

static bool as_i64(const struct params *node, int64_t *out)
{
	*out = node->i64;
	return node->kind == PARAM_I64 || (node->kind == PARAM_TEXT && str_to_i64(node->text, out));
}

static bool as_id(const struct params *node, int64_t *out) { return as_i64(node, out) && *out > 0; }

static bool as_bool(const struct params *node, bool *out)
{
	static const char *const yes[] = { "1", "t", "true", "on", "yes" };
	static const char *const no[] = { "0", "f", "false", "off", "no", "" };
	*out = node->kind == PARAM_BOOL ? node->flag : node->i64 != 0;
	if (node->kind == PARAM_BOOL)
		return true;
	if (node->kind == PARAM_I64)
		return node->i64 == 0 || node->i64 == 1;
	if (node->kind != PARAM_TEXT)
		return false;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (str_eq_ascii_nocase(node->text, str_of(yes[i])))
			return *out = true;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (str_eq_ascii_nocase(node->text, str_of(no[i])))
			return true;
	return false;
}

/* A form sends an empty text where JSON leaves a name out. */
static bool is_blank(const struct params *node)
{
	return !node || (node->kind == PARAM_TEXT && node->text.n == 0);
}

err params_str(const struct params *p, const char *name, str *out)
{
	const struct params *node = get(p, name);
	*out = STR_NONE;
	if (node && !as_text(node, out))
		return err_input(name, "This must be text.");
	return OK;
}

err params_bool(const struct params *p, const char *name, bool absent, bool *out)
{
	const struct params *node = get(p, name);
	*out = absent;
	if (node && !as_bool(node, out))
		return err_input(name, "This must be true or false.");
	return OK;
}

err params_i64(const struct params *p, const char *name, int64_t absent, int64_t *out)
{
	const struct params *node = get(p, name);
	*out = absent;
	if (!is_blank(node) && !as_i64(node, out))
		return err_input(name, "This must be a whole number.");
	return OK;
}

err params_id(const struct params *p, const char *name, int64_t *out)
{
	const struct params *node = get(p, name);
	*out = 0;
	if (!is_blank(node) && !as_id(node, out))
		return err_input(name, "This must be an id.");
	return OK;
}

err params_file(const struct params *p, const char *name, struct params_file *out)
{
	const struct params *node = get(p, name);
	*out = (struct params_file){ .bytes = STR_NONE };
	if (is_blank(node))
		return OK;
	if (node->kind != PARAM_FILE)
		return err_input(name, "This must be a file.");
	/* What a browser sends for a field in which nothing was chosen. */
	if (node->file->name.n > 0 || node->file->bytes.n > 0)
		*out = *node->file;
	return OK;
}

/* The items of a list; a single value is a list of one. */
static err items(const struct params *p, const char *name, size_t max, const struct params **first,
                 size_t *n)
{
	const struct params *node = get(p, name);
	*first = node;
	*n = node ? 1 : 0;
	if (node && node->kind == PARAM_LIST) {
		*first = node->first;
		*n = node->count;
	}
	if (*n > max)
		return err_limit(name, "This list is too long.");
	return OK;
}

err params_ids(const struct params *p, const char *name, size_t max, struct arena *mem,
               int64_t **out, size_t *n)
{
	const struct params *item;
	err e;
	*out = NULL;
	TRY(items(p, name, max, &item, n));
	if (*n > 0)
		*out = ARENA_ARRAY(mem, *n, int64_t);
	for (size_t i = 0; i < *n; i++, item = item->next)
		if (!as_id(item, &(*out)[i]))
			TRY(err_input(name, "This must be a list of ids."));
out:
	return e;
}

err params_strs(const struct params *p, const char *name, size_t max, struct arena *mem, str **out,
                size_t *n)
{
	const struct params *item;
	err e;
	*out = NULL;
	TRY(items(p, name, max, &item, n));
	if (*n > 0)
		*out = ARENA_ARRAY(mem, *n, str);
	for (size_t i = 0; i < *n; i++, item = item->next)
		if (!as_text(item, &(*out)[i]))
			TRY(err_input(name, "This must be a list of texts."));
out:
	return e;
}

err params_object(const struct params *p, const char *name, const struct params **out)
{
	*out = get(p, name);
	if (*out && (*out)->kind != PARAM_OBJECT)
		return err_input(name, "This must be an object.");
	return OK;
}

err params_objects(const struct params *p, const char *name, size_t max, struct arena *mem,
                   const struct params ***out, size_t *n)
{
	const struct params *item;
	err e;
	*out = NULL;
	TRY(items(p, name, max, &item, n));
	if (*n > 0)
		*out = ARENA_ARRAY(mem, *n, const struct params *);
	for (size_t i = 0; i < *n; i++, item = item->next) {
		if (item->kind != PARAM_OBJECT)
			TRY(err_input(name, "This must be a list of objects."));
		(*out)[i] = item;
	}
out:
	return e;
}

str http_query(const struct http_request *request, const char *name)
{
	const struct params *node = get(request->query, name);
	return node && node->kind == PARAM_TEXT ? node->text : STR_NONE;
}
