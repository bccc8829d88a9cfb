/* See screen_json.h. */
#include "api/screen_json.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

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

void screen_json_verdict(struct buf *b, const json_t *id, str text, const struct verdict *v)
{
	bool zh = is_han_text(text);
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
	buf_lit(b, "]}");
}

static uint64_t author_of(const json_t *author)
{
	if (json_is_string(author))
		return XXH3_64bits_withSeed(json_string_value(author), json_string_length(author),
		                            1) |
		       1;
	return json_is_integer(author) ? (uint64_t)json_integer_value(author) << 1 : 0;
}

const char *screen_json_facts(const json_t *object, struct facts *facts, const char **field)
{
	static const char *const kinds[] = { "post", "comment", "profile", "request" };
	const json_t *text = json_object_get(object, "text"),
		     *kind = json_object_get(object, "kind");
	const json_t *at = json_object_get(object, "at"),
		     *author = json_object_get(object, "author");
	*field = NULL;
	if (!json_is_object(object))
		return "not a JSON object in UTF-8";
	*field = "text";
	if (!json_is_string(text))
		return text ? "text must be a string" : "text is missing";
	*field = "at";
	if (at && !json_is_integer(at) && !json_is_null(at))
		return "at must be milliseconds since 1970";
	*field = "author";
	if (author && !json_is_string(author) && !json_is_integer(author) && !json_is_null(author))
		return "author must be a string or a number";
	*facts = (struct facts){ .kind = FACTS_POST,
		                 .author = author_of(author),
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
	*field = "kind";
	return "kind must be post, comment, profile or request";
}
