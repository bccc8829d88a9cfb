#include "http/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum how { JSON, FORM, PARTS };

#define TYPE S("multipart/form-data; boundary=B")
#define PART(name, value)                                                                          \
	"--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART                                                                                  \
	"--B\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n"           \
	"Content-Type: image/png\r\n\r\n\x89PNG\xff\r\n"
#define END "--B--\r\n"

static err read_as(enum how how, str bytes, struct arena *mem, const struct params **p)
{
	return how == JSON   ? params_of_json(bytes, mem, p)
	       : how == FORM ? params_of_form(bytes, mem, p)
	                     : params_of_multipart(bytes, TYPE, mem, p);
}

/* The tree as text: enough to compare. */
static void print(const struct params *p, const char *const *names, struct arena *mem,
                  struct buf *out)
{
	for (; *names; names++) {
		const struct params *object;
		str text, *texts;
		size_t n;
		if (!params_has(p, *names))
			continue;
		buf_format(out, "%s", *names);
		if (!failed(params_str(p, *names, &text)))
			buf_format(out, "=%.*s ", STR_ARG(text));
		else if (!failed(params_strs(p, *names, 100, mem, &texts, &n)))
			for (size_t i = 0; i < n; i++)
				buf_format(out, "+%.*s ", STR_ARG(texts[i]));
		else if (!failed(params_object(p, *names, &object))) {
			buf_lit(out, "{ ");
			print(object, names, mem, out);
			buf_lit(out, "} ");
		} else
			buf_lit(out, "? ");
	}
}

static void the_three_encodings_mean_the_same(void **state)
{
	static const char *const names[] = { "status", "ids",    "aud", "kind",
		                             "lists",  "avatar", "",    NULL };
	const struct {
		const char *name;
		enum how how;
		str bytes;
		const char *want;
	} cases[] = {
		{ "JSON text", JSON, S("{\"status\":\"hi \\u53cb\"}"), "status=hi \xe5\x8f\x8b " },
		{ "JSON null is absent", JSON, S("{\"status\":null}"), "" },
		{ "JSON list", JSON, S("{\"ids\":[\"1\",\"2\"]}"), "ids+1 +2 " },
		{ "JSON object", JSON, S("{\"aud\":{\"kind\":\"only\",\"lists\":[\"7\"]}}"),
		  "aud{ kind=only lists+7 } " },
		{ "an empty object", JSON, S(" {} "), "" },
		{ "form text", FORM, S("status=hi+%E5%8F%8B"), "status=hi \xe5\x8f\x8b " },
		{ "form without a value", FORM, S("status"), "status= " },
		{ "form with empty pairs", FORM, S("&&status=a&"), "status=a " },
		{ "form '=' in a value", FORM, S("status=a=b"), "status=a=b " },
		{ "form list", FORM, S("ids[]=1&ids[]=2"), "ids+1 +2 " },
		{ "form list, escaped brackets", FORM, S("ids%5B%5D=1&ids%5B%5D=2"), "ids+1 +2 " },
		{ "form list with numbers", FORM, S("ids[0]=1&ids[1]=2"), "ids+1 +2 " },
		{ "form object", FORM, S("aud[kind]=only&aud[lists][]=7"),
		  "aud{ kind=only lists+7 } " },
		{ "a name with an odd bracket stays whole", FORM, S("status[=a"), "" },
		{ "an empty form", FORM, S(""), "" },
		{ "parts", PARTS,
		  S(PART("status", "hi\r\nyou") PART("ids[]", "1") PART("ids[]", "2") END),
		  "status=hi\r\nyou ids+1 +2 " },
		{ "an empty part", PARTS, S(PART("status", "") END), "status= " },
		{ "dashes inside a part", PARTS, S(PART("status", "a--B--") END),
		  "status=a--B-- " },
		{ "a file is no text", PARTS, S(FILE_PART PART("status", "a") END),
		  "status=a avatar? " },
		{ "no parts", PARTS, S(END), "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		const struct params *p;
		struct buf out;
		buf_init(&out, mem, 4096);
		err e = read_as(cases[i].how, cases[i].bytes, mem, &p);
		if (failed(e))
			fail_msg("%s: %s", cases[i].name, e.why);
		print(p, names, mem, &out);
		if (!str_eq(buf_str(&out), str_of(cases[i].want)))
			fail_msg("%s: got '%.*s'", cases[i].name, STR_ARG(buf_str(&out)));
		arena_free(mem);
	}
}

static void what_cannot_be_read_is_refused_without_a_field(void **state)
{
	const struct {
		const char *name;
		enum how how;
		str bytes;
	} cases[] = {
		{ "no JSON", JSON, S("{") },
		{ "JSON with a tail", JSON, S("{} {}") },
		{ "a JSON list", JSON, S("[1]") },
		{ "a JSON text", JSON, S("\"a\"") },
		{ "a trailing comma", JSON, S("{\"a\":1,}") },
		{ "a name twice", JSON, S("{\"a\":1,\"a\":2}") },
		{ "a name twice, deep", JSON, S("{\"b\":{\"a\":1,\"a\":2}}") },
		{ "JSON that is no UTF-8", JSON, S("{\"a\":\"\xff\"}") },
		{ "a lone surrogate", JSON, S("{\"a\":\"\\ud800\"}") },
		{ "NUL in JSON", JSON, S("{\"a\":\"\\u0000\"}") },
		{ "an integer past 64 bits", JSON, S("{\"a\":99999999999999999999}") },
		{ "depth 17", JSON, S("{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}") },
		{ "only brackets", JSON, S("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[") },
		{ "a form name twice", FORM, S("a=1&a=2") },
		{ "a form name in two shapes", FORM, S("a=1&a[]=2") },
		{ "a form name in two other shapes", FORM, S("a[]=1&a[b]=2") },
		{ "a list in a list", FORM, S("a[][]=1") },
		{ "a form nested too deeply", FORM,
		  S("a[b][b][b][b][b][b][b][b][b][b][b][b][b][b][b][b]=1") },
		{ "a broken escape", FORM, S("a=%4") },
		{ "no UTF-8", FORM, S("a=%ff") },
		{ "an overlong form", FORM, S("a=%c0%af") },
		{ "NUL", FORM, S("a=%00") },
		{ "NUL in a name", FORM, S("a%00=1") },
		{ "no boundary at the start", PARTS, S("x") },
		{ "no end", PARTS,
		  S("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1") },
		{ "no name", PARTS, S("--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--") },
		{ "no disposition", PARTS, S("--B\r\n\r\n1\r\n--B--") },
		{ "a part that is no UTF-8", PARTS, S(PART("a", "\xff") END) },
		{ "a part with NUL", PARTS, S(PART("a", "x\0y") END) },
		{ "a part name twice", PARTS, S(PART("a", "1") PART("a", "2") END) },
		{ "a boundary with a tail", PARTS, S("--Bx\r\n\r\n") },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		const struct params *p;
		err e = read_as(cases[i].how, cases[i].bytes, mem, &p);
		if (e.code != ERR_INPUT || e.field)
			fail_msg("%s", cases[i].name);
		arena_free(mem);
	}
}

static void depth_sixteen_is_still_read(void **state)
{
	struct arena *mem = arena_new(4096);
	const struct params *p;
	(void)state;
	assert_false(failed(params_of_json(S("{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"), mem, &p)));
	assert_false(failed(params_of_json(S("{\"a\":\"[[[[[[[[[[[[[[[[[[\\\"[[\"}"), mem, &p)));
	arena_free(mem);
}

static void too_much_is_refused(void **state)
{
	struct arena *mem = arena_new(4096);
	const struct params *p;
	struct buf b;
	(void)state;
	buf_init(&b, mem, 1 << 20);
	for (int i = 0; i < 256; i++)
		buf_format(&b, "n%d=1&", i);
	assert_false(failed(params_of_form(buf_str(&b), mem, &p)));
	buf_lit(&b, "one=more");
	assert_true(failed(params_of_form(buf_str(&b), mem, &p)));

	buf_init(&b, mem, 1 << 20);
	buf_lit(&b, "{\"a\":[0");
	for (int i = 0; i < 32768; i++)
		buf_lit(&b, ",0");
	buf_lit(&b, "]}");
	assert_true(failed(params_of_json(buf_str(&b), mem, &p)));

	buf_init(&b, mem, 1 << 20);
	for (int i = 0; i < 257; i++)
		buf_char(&b, 'n');
	assert_true(failed(params_of_form(buf_str(&b), mem, &p)));
	arena_free(mem);
}

static void a_wrong_type_names_its_field(void **state)
{
	struct arena *mem = arena_new(4096);
	const struct params *p, *object;
	str text, *texts;
	int64_t v, *ids;
	size_t n;
	bool flag;
	(void)state;
	assert_false(failed(params_of_json(
		S("{\"text\":\"a\",\"num\":5,\"real\":1.5,\"list\":[1,\"2\"],\"obj\":{},\"zero\":\"0\"}"),
		mem, &p)));
	const err errors[] = {
		params_str(p, "num", &text),
		params_str(p, "list", &text),
		params_bool(p, "text", false, &flag),
		params_bool(p, "num", false, &flag),
		params_i64(p, "text", 0, &v),
		params_i64(p, "real", 0, &v),
		params_id(p, "zero", &v),
		params_id(p, "obj", &v),
		params_ids(p, "obj", 9, mem, &ids, &n),
		params_strs(p, "list", 9, mem, &texts, &n),
		params_object(p, "list", &object),
	};
	static const char *const fields[] = { "num",  "list", "text", "num",  "text", "real",
		                              "zero", "obj",  "obj",  "list", "list" };
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		assert_int_equal(errors[i].code, ERR_INPUT);
		assert_string_equal(errors[i].field, fields[i]);
		assert_non_null(errors[i].say);
	}
	err e = params_ids(p, "list", 1, mem, &ids, &n);
	assert_int_equal(e.code, ERR_LIMIT);
	assert_string_equal(e.field, "list");
	assert_false(failed(params_ids(p, "list", 2, mem, &ids, &n)));
	assert_int_equal(n, 2);
	assert_int_equal(ids[1], 2);
	arena_free(mem);
}

static void absent_is_no_error(void **state)
{
	struct arena *mem = arena_new(4096);
	const struct params *p, *object, **objects;
	str text, *texts;
	int64_t v, *ids;
	size_t n;
	bool flag;
	(void)state;
	assert_false(failed(params_of_form(S("empty="), mem, &p)));
	assert_false(failed(params_str(p, "none", &text)));
	assert_null(text.p);
	assert_false(failed(params_str(p, "empty", &text)));
	assert_non_null(text.p);
	assert_int_equal(text.n, 0);
	assert_false(failed(params_bool(p, "none", true, &flag)));
	assert_true(flag);
	assert_false(failed(params_bool(p, "empty", true, &flag)));
	assert_false(flag);
	assert_false(failed(params_i64(p, "empty", 20, &v)));
	assert_int_equal(v, 20);
	assert_false(failed(params_id(p, "none", &v)));
	assert_int_equal(v, 0);
	assert_false(failed(params_ids(p, "none", 9, mem, &ids, &n)));
	assert_int_equal(n, 0);
	assert_false(failed(params_strs(p, "none", 9, mem, &texts, &n)));
	assert_int_equal(n, 0);
	assert_false(failed(params_object(p, "none", &object)));
	assert_null(object);
	assert_false(failed(params_objects(p, "none", 9, mem, &objects, &n)));
	assert_int_equal(n, 0);
	arena_free(mem);
}

static void booleans_are_spelled_in_many_ways(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = { { "b=true", true }, { "b=1", true },  { "b=ON", true },
		      { "b=t", true },    { "b=0", false }, { "b=False", false },
		      { "b=off", false }, { "b=f", false }, { "b=", false } };
	struct arena *mem = arena_new(4096);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct params *p;
		bool got;
		assert_false(failed(params_of_form(str_of(cases[i].text), mem, &p)));
		if (failed(params_bool(p, "b", !cases[i].want, &got)) || got != cases[i].want)
			fail_msg("%s", cases[i].text);
	}
	arena_free(mem);
}

static void a_batch_is_a_list_of_objects(void **state)
{
	const str bodies[] = {
		S("{\"items\":[{\"text\":\"a\",\"at\":1},{\"text\":\"b\",\"at\":2}]}"),
		S("items[][text]=a&items[][at]=1&items[][text]=b&items[][at]=2"),
	};
	struct arena *mem = arena_new(4096);
	(void)state;
	for (int how = JSON; how <= FORM; how++) {
		const struct params *p, **items;
		size_t n;
		str text;
		int64_t at;
		assert_false(failed(read_as((enum how)how, bodies[how], mem, &p)));
		assert_false(failed(params_objects(p, "items", 9, mem, &items, &n)));
		assert_int_equal(n, 2);
		assert_false(failed(params_str(items[1], "text", &text)));
		assert_true(str_eq(text, S("b")));
		assert_false(failed(params_i64(items[1], "at", 0, &at)));
		assert_int_equal(at, 2);
	}
	arena_free(mem);
}

static void the_body_wins_over_the_query(void **state)
{
	struct arena *mem = arena_new(4096);
	struct http_field type = { S("Content-Type"), TYPE };
	struct http_request request = { .mem = mem, .fields = &type, .fields_n = 1 };
	const struct params *p;
	str text;
	int64_t *ids;
	size_t n;
	(void)state;
	assert_false(
		failed(params_of_form(S("a=query&b=query&ids[]=1&ids[]=2"), mem, &request.query)));
	request.body = S(PART("a", "body") END);
	request.content_type = S("multipart/form-data");
	assert_false(failed(params_read(&request, &p)));
	assert_false(failed(params_str(p, "a", &text)));
	assert_true(str_eq(text, S("body")));
	assert_false(failed(params_str(p, "b", &text)));
	assert_true(str_eq(text, S("query")));
	assert_false(failed(params_ids(p, "ids", 9, mem, &ids, &n)));
	assert_int_equal(n, 2);

	/* What cannot be read is refused; an empty body has no type. */
	static const char *const unread[] = { "", "text/plain", "application/xml" };
	for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++) {
		request.content_type = str_of(unread[i]);
		err e = params_read(&request, &p);
		assert_int_equal(e.code, ERR_INPUT);
		assert_string_equal(e.field, "Content-Type");
	}
	request.body = STR_NONE;
	assert_false(failed(params_read(&request, &p)));
	assert_false(failed(params_str(p, "a", &text)));
	assert_true(str_eq(text, S("query")));
	request.query = params_none();
	assert_false(failed(params_read(&request, &p)));
	assert_false(params_has(p, "a"));
	arena_free(mem);
}

static void a_file_is_lent_where_it_lies(void **state)
{
	static const struct {
		const char *name, *head, *bytes;
		bool found;
		const char *file, *type;
	} cases[] = {
		{ "a picture", "name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png",
		  "\x89PNG\r\n\xff--B", true, "a.png", "image/png" },
		{ "the type's parameters are dropped",
		  "name=\"file\"; filename=\"a\"\r\ncontent-type: Text/Plain; charset=x", "a", true,
		  "a", "text/plain" },
		{ "no type", "name=file; filename=a.jpg", "a", true, "a.jpg", "" },
		{ "a name with a quote", "name=\"file\"; filename=\"a\\\"b.png\"", "a", true,
		  "a\"b.png", "" },
		{ "a name as extended syntax alone", "name=\"file\"; filename*=UTF-8''a%20b", "a",
		  true, "", "" },
		{ "a name that is not UTF-8", "name=\"file\"; filename=\"\xe9.png\"", "a", true, "",
		  "" },
		{ "a blank line inside", "name=\"file\"; filename=\"a\"", "a\r\n\r\nb", true, "a",
		  "" },
		{ "an empty file", "name=\"file\"; filename=\"a\"", "", true, "a", "" },
		{ "nothing chosen",
		  "name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream", "",
		  false, "", "" },
		{ "an empty field", "name=\"file\"", "", false, "", "" },
		{ "another field", "name=\"other\"; filename=\"a\"", "a", false, "", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *mem = arena_new(4096);
		const struct params *p;
		struct params_file file;
		str body = str_format(
			mem, "--B\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n--B--",
			cases[i].head, cases[i].bytes);
		assert_false(failed(params_of_multipart(body, TYPE, mem, &p)));
		assert_false(failed(params_file(p, "file", &file)));
		if ((file.bytes.p != NULL) != cases[i].found ||
		    !str_eq(file.name, str_of(cases[i].file)) ||
		    !str_eq(file.type, str_of(cases[i].type)))
			fail_msg("%s", cases[i].name);
		if (cases[i].found) {
			assert_true(str_eq(file.bytes, str_of(cases[i].bytes)));
			assert_true(file.bytes.p > body.p && file.bytes.p < body.p + body.n);
		}
		arena_free(mem);
	}
}

static void text_in_place_of_a_file_names_the_field(void **state)
{
	struct arena *mem = arena_new(4096);
	const struct params *p;
	struct params_file file;
	(void)state;
	assert_false(failed(params_of_multipart(S(PART("file", "words") END), TYPE, mem, &p)));
	err e = params_file(p, "file", &file);
	assert_true(e.code == ERR_INPUT && strcmp(e.field, "file") == 0);
	assert_false(failed(params_of_json(S("{\"file\":{}}"), mem, &p)));
	assert_true(failed(params_file(p, "file", &file)));
	assert_false(failed(params_file(params_none(), "file", &file)));
	assert_null(file.bytes.p);
	arena_free(mem);
}

static void heads_of_parts_and_their_number_are_bounded(void **state)
{
	struct arena *mem = arena_new(4096);
	const struct params *p;
	struct buf b;
	(void)state;
	buf_init(&b, mem, 1 << 20);
	for (int i = 0; i < 513; i++)
		buf_lit(&b, "--B\r\nContent-Disposition: form-data; name=\"ids[]\"\r\n\r\n1\r\n");
	buf_lit(&b, "--B--");
	assert_true(failed(params_of_multipart(buf_str(&b), TYPE, mem, &p)));
	b.n = 0;
	buf_lit(&b, "--B\r\nContent-Disposition: form-data; name=\"");
	for (int i = 0; i < 4096; i++)
		buf_char(&b, 'a');
	buf_lit(&b, "\"\r\n\r\n1\r\n--B--");
	assert_true(failed(params_of_multipart(buf_str(&b), TYPE, mem, &p)));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_three_encodings_mean_the_same),
		cmocka_unit_test(what_cannot_be_read_is_refused_without_a_field),
		cmocka_unit_test(a_file_is_lent_where_it_lies),
		cmocka_unit_test(text_in_place_of_a_file_names_the_field),
		cmocka_unit_test(heads_of_parts_and_their_number_are_bounded),
		cmocka_unit_test(depth_sixteen_is_still_read),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(a_wrong_type_names_its_field),
		cmocka_unit_test(absent_is_no_error),
		cmocka_unit_test(booleans_are_spelled_in_many_ways),
		cmocka_unit_test(a_batch_is_a_list_of_objects),
		cmocka_unit_test(the_body_wins_over_the_query),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
