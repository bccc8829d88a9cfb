/* See form.h. The three parsers: JSON (through jansson), urlencoded text, multipart. */
#include "http/form_private.h"

#include <jansson.h>
#include <string.h>

#define SAY_TYPE                                                                                   \
	"A body is application/json, application/x-www-form-urlencoded or multipart/form-data."

/* Depth and values from the outside, so that jansson (which recurses and allocates) only sees what
 * is bounded. */
static err measure_json(str bytes)
{
	size_t depth = 0, values = 0;
	bool quoted = false;
	for (size_t i = 0; i < bytes.n; i++) {
		char c = bytes.p[i];
		if (quoted && c == '\\') {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (quoted) {
			continue;
		} else if (c == '[' || c == '{') {
			values++;
			if (++depth > PARAMS_DEPTH_MAX)
				return params_unreadable("The JSON is nested too deeply.");
		} else if (c == ']' || c == '}') {
			depth -= depth > 0;
		} else if (c == ',') {
			values++;
		}
		if (values > PARAMS_VALUES_MAX)
			return params_unreadable("There are too many parameters.");
	}
	return OK;
}

static err add_json(struct params_tree *tree, struct params *parent, str name, json_t *value);

static err add_children(struct params_tree *tree, struct params *node, json_t *value)
{
	err e = OK;
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value) && !failed(e); i++)
			e = add_json(tree, node, STR_NONE, json_array_get(value, i));
		return e;
	}
	for (void *it = json_object_iter(value); it && !failed(e);
	     it = json_object_iter_next(value, it)) {
		str name = str_dup(tree->mem, str_of(json_object_iter_key(it)));
		e = add_json(tree, node, name, json_object_iter_value(it));
	}
	return e;
}

static enum param_kind kind_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return PARAM_OBJECT;
	case JSON_ARRAY:
		return PARAM_LIST;
	case JSON_STRING:
		return PARAM_TEXT;
	case JSON_INTEGER:
		return PARAM_I64;
	case JSON_REAL:
		return PARAM_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return PARAM_BOOL;
	case JSON_NULL:
		break;
	}
	return PARAM_NULL;
}

static err add_json(struct params_tree *tree, struct params *parent, str name, json_t *value)
{
	struct params *node;
	err e;
	TRY(params_tree_add(tree, parent, name, kind_of(value), &node));
	node->flag = json_is_true(value);
	node->i64 = json_is_integer(value) ? json_integer_value(value) : 0;
	if (json_is_string(value))
		node->text = str_dup(tree->mem,
		                     (str){ json_string_value(value), json_string_length(value) });
	if (json_is_array(value) || json_is_object(value))
		TRY(add_children(tree, node, value));
out:
	return e;
}

/* Adds the names of a JSON object to `tree`. */
static err fill_json(struct params_tree *tree, str bytes)
{
	json_error_t where;
	json_t *json = NULL;
	err e;
	TRY(measure_json(bytes));
	json = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &where);
	if (!json)
		TRY(params_unreadable(json_error_code(&where) == json_error_invalid_utf8
		                              ? "The JSON is not UTF-8."
		                      : json_error_code(&where) == json_error_duplicate_key
		                              ? "The JSON has a name twice."
		                              : "This is not JSON."));
	if (!json_is_object(json))
		TRY(params_unreadable("The JSON is not an object."));
	TRY(add_children(tree, tree->root, json));
out:
	json_decref(json);
	return e;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool params_unescape(str raw, bool plus_is_space, struct arena *mem, str *text)
{
	char *out = arena_alloc(mem, raw.n);
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];
		if (c == '+' && plus_is_space) {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(raw.p[i + 2]) : -1;
			if (low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		out[n++] = c;
	}
	*text = (str){ out, n };
	return true;
}

static err check_text(str text)
{
	if ((text.n > 0 && memchr(text.p, 0, text.n)) || !utf8_valid(text))
		return params_unreadable("The form is not UTF-8.");
	return OK;
}

static err decode_urlencoded(str *text, struct arena *mem)
{
	if (!params_unescape(*text, true, mem, text))
		return params_unreadable("The form has a broken escape.");
	return check_text(*text);
}

static err fill_form(struct params_tree *tree, str bytes)
{
	err e = OK;
	for (str rest = bytes; rest.n > 0;) {
		str value = str_cut(&rest, '&'), name = str_cut(&value, '=');
		if (name.n == 0 && value.n == 0)
			continue;
		TRY(decode_urlencoded(&name, tree->mem));
		TRY(decode_urlencoded(&value, tree->mem));
		TRY(params_tree_put(tree, name, value));
	}
out:
	return e;
}

/* A parameter of a header value such as `form-data; name="a"`: quoted or bare. STR_NONE when
 * absent. */
static str parameter(str value, str name, struct arena *mem)
{
	char *text = arena_alloc(mem, value.n);
	(void)str_cut(&value, ';');
	while (value.n > 0) {
		str key = str_trim(str_cut(&value, '='));
		size_t n = 0, at = 0;
		value = str_trim(value);
		if (value.n > 0 && value.p[0] == '"') {
			for (at = 1; at < value.n && value.p[at] != '"'; at++) {
				bool escaped = value.p[at] == '\\' && at + 1 < value.n &&
				               (value.p[at + 1] == '"' || value.p[at + 1] == '\\');
				at += escaped;
				text[n++] = value.p[at];
			}
		} else {
			for (; at < value.n && value.p[at] != ';'; at++)
				text[n++] = value.p[at];
		}
		if (str_eq_ascii_nocase(key, name))
			return (str){ text, n };
		value = str_slice(value, at, value.n);
		(void)str_cut(&value, ';');
	}
	return STR_NONE;
}

/* What the headers of a part say. */
struct part {
	str disposition, type;
};

static struct part read_part_head(str head)
{
	struct part part = { .type = STR_NONE };
	while (head.n > 0) {
		str value = str_cut(&head, '\n');
		str name = str_trim(str_cut(&value, ':'));
		if (str_eq_ascii_nocase(name, S("content-disposition")))
			part.disposition = str_trim(value);
		else if (str_eq_ascii_nocase(name, S("content-type")))
			part.type = str_trim(str_cut(&value, ';'));
	}
	return part;
}

/* A name in another encoding, and a type with bytes no type has, are as good as none. */
static struct params_file *new_file(struct arena *mem, str name, str type, str bytes)
{
	struct params_file *file = ARENA_NEW(mem, struct params_file);
	file->name = failed(check_text(name)) ? S("") : name;
	file->type = failed(check_text(type)) ? S("") : str_lower_ascii(mem, type);
	file->bytes = bytes;
	return file;
}

/* One part, from its headers on. */
static err put_part(struct params_tree *tree, str bytes)
{
	/* A head is looked for where heads are: a file may hold a blank line a gigabyte on. */
	str start = str_slice(bytes, 0, PARAMS_PART_HEAD_MAX_BYTES);
	size_t blank = str_find(start, S("\r\n\r\n"));
	err e;
	if (blank == SIZE_MAX)
		return params_unreadable("A part of the form has no end of headers.");
	struct part part = read_part_head(str_slice(bytes, 0, blank));
	str text = str_slice(bytes, blank + 4, bytes.n);
	str name = parameter(part.disposition, S("name"), tree->mem);
	if (!str_starts(part.disposition, S("form-data")) || name.n == 0)
		return params_unreadable("A part of the form has no name.");
	str file = parameter(part.disposition, S("filename"), tree->mem);
	if (!file.p && parameter(part.disposition, S("filename*"), tree->mem).p)
		file = S("");
	TRY(check_text(name));
	if (file.p)
		return params_tree_put_file(tree, name, new_file(tree->mem, file, part.type, text));
	TRY(check_text(text));
	e = params_tree_put(tree, name, text);
out:
	return e;
}

/* RFC 7578, without a preamble: no client writes one. */
static err fill_multipart(struct params_tree *tree, str bytes, str content_type)
{
	str boundary = parameter(content_type, S("boundary"), tree->mem);
	if (boundary.n == 0 || boundary.n > 70)
		return params_unreadable("The form names no boundary.");
	str between = str_format(tree->mem, "\r\n--%.*s", STR_ARG(boundary));
	str first = str_slice(between, 2, between.n);
	if (!str_starts(bytes, first))
		return params_unreadable("The form does not begin with its boundary.");
	str rest = str_slice(bytes, first.n, bytes.n);
	err e = OK;
	for (int parts = 0; !str_starts(rest, S("--")); parts++) {
		if (parts == PARAMS_PARTS_MAX)
			return params_unreadable("There are too many parameters.");
		if (!str_starts(rest, S("\r\n")))
			return params_unreadable("A boundary of the form is malformed.");
		size_t end = str_find(rest, between);
		if (end == SIZE_MAX)
			return params_unreadable("The form has no end.");
		TRY(put_part(tree, str_slice(rest, 2, end)));
		rest = str_slice(rest, end + between.n, rest.n);
	}
out:
	return e;
}

err params_fill(struct params_tree *tree, str media_type, str content_type, str bytes)
{
	if (str_eq(media_type, S("application/json")))
		return fill_json(tree, bytes);
	if (str_eq(media_type, S("application/x-www-form-urlencoded")))
		return fill_form(tree, bytes);
	if (str_eq(media_type, S("multipart/form-data")))
		return fill_multipart(tree, bytes, content_type);
	return err_input("Content-Type", SAY_TYPE);
}

err params_of_json(str bytes, struct arena *mem, const struct params **out)
{
	struct params_tree tree = params_tree_new(mem);
	*out = tree.root;
	return fill_json(&tree, bytes);
}

err params_of_form(str bytes, struct arena *mem, const struct params **out)
{
	struct params_tree tree = params_tree_new(mem);
	*out = tree.root;
	return fill_form(&tree, bytes);
}

err params_of_multipart(str bytes, str content_type, struct arena *mem, const struct params **out)
{
	struct params_tree tree = params_tree_new(mem);
	*out = tree.root;
	return fill_multipart(&tree, bytes, content_type);
}
