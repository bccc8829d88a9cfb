/* form.h - parameters of a request, the same whether they came as JSON, as a form or in the query.
 *
 * application/json, application/x-www-form-urlencoded and multipart/form-data all become one tree in
 * the request's arena; the text and files of parts stay where they came and are borrowed. Forms nest by brackets: `ids[]=1&ids[]=2` is a list
 * (`ids[0]=` too), `a[kind]=x` an object. The tree is bounded (depth 16, 32,768 values, 256 names
 * in an object, names of 256 bytes) and all text is UTF-8.
 *
 * Reading: an absent parameter, or JSON null, is not an error: the getter gives its "nothing"
 * value. A wrong type is ERR_INPUT naming the field; text that spells a number or a boolean is
 * accepted as one, since forms have only text. Names given to getters must be literals: the error
 * borrows them. */
#ifndef KITH_HTTP_FORM_H
#define KITH_HTTP_FORM_H

#include "http/message.h"

/* Query and body of a request as one tree; a name in both: the body's. An empty body
 * adds nothing. ERR_INPUT field "Content-Type" (answer 415): a body of another type, or of none;
 * without a field (answer 400): not JSON, not an
 * object, not UTF-8, a name given twice, too deep, too many. */
MUST_CHECK err params_read(const struct http_request *request, const struct params **out);

/* The three parsers alone. */
MUST_CHECK err params_of_json(str bytes, struct arena *mem, const struct params **out);
MUST_CHECK err params_of_form(str bytes, struct arena *mem, const struct params **out);
/* `content_type` is the whole header value, with its boundary. */
MUST_CHECK err params_of_multipart(str bytes, str content_type, struct arena *mem,
                                   const struct params **out);
/* No parameters. */
const struct params *params_none(void);

bool params_has(const struct params *p, const char *name); /* present and not null */
/* JSON null: what may be left as it is, and is to be taken away. */
bool params_is_null(const struct params *p, const char *name);

/* Absent: STR_NONE (p == NULL); present but empty: p != NULL and n == 0. A JSON number or boolean
 * is no text. */
MUST_CHECK err params_str(const struct params *p, const char *name, str *out);
/* true/false, or as text: 1 t true on yes / 0 f false off no (and empty). */
MUST_CHECK err params_bool(const struct params *p, const char *name, bool absent, bool *out);
MUST_CHECK err params_i64(const struct params *p, const char *name, int64_t absent, int64_t *out);
/* An id: a positive decimal, as text or as a JSON integer. Absent: 0. */
MUST_CHECK err params_id(const struct params *p, const char *name, int64_t *out);
/* A file of a multipart form. */
struct params_file {
	str name; /* what the client calls it, for people: UTF-8, may be empty; never a path to open */
	str type;  /* the content type it claims, lower case; may be empty. Never to be believed */
	str bytes; /* borrows the body; p == NULL: no file was sent */
};
/* Absent, or a file field in which nothing was chosen: no file. ERR_INPUT: a field, but not a file. */
MUST_CHECK err params_file(const struct params *p, const char *name, struct params_file *out);
/* A list of ids, or a single one. Over `max` items: ERR_LIMIT naming the field. Absent: NULL and 0.
 */
MUST_CHECK err params_ids(const struct params *p, const char *name, size_t max, struct arena *mem,
                          int64_t **out, size_t *n);
/* A list of texts, or a single one. */
MUST_CHECK err params_strs(const struct params *p, const char *name, size_t max, struct arena *mem,
                           str **out, size_t *n);
/* An object, whose own fields are then read with the same getters. Absent: NULL. */
MUST_CHECK err params_object(const struct params *p, const char *name, const struct params **out);
/* A list of objects (a batch). Absent: NULL and 0. */
MUST_CHECK err params_objects(const struct params *p, const char *name, size_t max,
                              struct arena *mem, const struct params ***out, size_t *n);

#endif
