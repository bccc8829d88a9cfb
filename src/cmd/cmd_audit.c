/* kith audit: is the log whole, what was published of it, is a receipt true. */
#include "cmd/shell.h"

#include "circle/audit_look.h"
#include "circle/audit_verify.h"
#include "cmd/commands.h"
#include "cmd/options.h"

#include "base/encode.h"
#include "base/file.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define RECEIPTS_MAX_BYTES ((size_t)16 << 20)
#define ROOTS_AT_ONCE 400

static bool caller_left(void *ctx) { return shell_gone(ctx); }

static int wrong_hex(FILE *to, const char *option)
{
	fprintf(to, "kith: --%s is 64 hexadecimal digits\n", option);
	return 2;
}

/* ---- verify ---- */

static void say_day(struct shell *sh, int64_t day)
{
	if (day >= 0)
		fprintf(sh->out, ", root of %.*s", STR_ARG(audit_day_text(day, sh->mem)));
}

static void say_verified(struct shell *sh, const struct audit_verified *v, bool asked)
{
	const struct audit_fault *fault = &v->fault;
	if (fault->what) {
		fprintf(sh->out, "the log is not what was written: %s", fault->what);
		if (fault->seq > 0)
			fprintf(sh->out, ": record %" PRId64, fault->seq);
		say_day(sh, fault->day);
		fputc('\n', sh->out);
		return;
	}
	fprintf(sh->out,
	        "the log is whole: %" PRId64 " records, %" PRId64 " roots, the last of %.*s\n",
	        v->records, v->roots, STR_ARG(audit_day_text(v->last.day, sh->mem)));
	fprintf(sh->out, "root %.*s over %" PRId64 " records\n",
	        STR_ARG(hex_of(sh->mem, v->last.root, sizeof v->last.root)), v->last.size);
	if (asked)
		fprintf(sh->out, "the root that was given is that of a beginning of it\n");
	if (v->keys > 1)
		fprintf(sh->out,
		        "its key was changed %" PRId64 " times, the last time with record %" PRId64
		        "\n",
		        v->keys - 1, v->key_since);
}

static void say_verified_json(struct shell *sh, const struct audit_verified *v)
{
	struct buf b;
	str hex = hex_of(sh->mem, v->last.root, sizeof v->last.root);
	buf_init(&b, sh->mem, 4096);
	buf_format(&b,
	           "{\"whole\":%s,\"records\":%" PRId64 ",\"roots\":%" PRId64 ",\"keys\":%" PRId64,
	           v->fault.what ? "false" : "true", v->records, v->roots, v->keys);
	buf_lit(&b, ",\"last\":");
	if (v->roots > 0)
		buf_format(&b, "{\"day\":\"%.*s\",\"size\":%" PRId64 ",\"root\":\"%.*s\"}",
		           STR_ARG(audit_day_text(v->last.day, sh->mem)), v->last.size,
		           STR_ARG(hex));
	else
		buf_lit(&b, "null");
	buf_lit(&b, ",\"fault\":");
	if (v->fault.what) {
		buf_lit(&b, "{\"what\":");
		buf_json(&b, str_of(v->fault.what));
		buf_format(&b, ",\"record\":%" PRId64 ",\"day\":", v->fault.seq);
		if (v->fault.day >= 0)
			buf_json(&b, audit_day_text(v->fault.day, sh->mem));
		else
			buf_lit(&b, "null");
		buf_char(&b, '}');
	} else {
		buf_lit(&b, "null");
	}
	buf_lit(&b, "}\n");
	fprintf(sh->out, "%.*s", STR_ARG(buf_str(&b)));
}

int verb_audit_verify(struct shell *sh, int argc, char **argv)
{
	const char *root_hex = NULL, *key_hex = NULL;
	bool json = false;
	struct merkle_hash root;
	unsigned char key[AUDIT_KEY_BYTES];
	struct audit_memory memory = { .key = audit_public_key(sh->circle) };
	const struct option_row rows[] = { { "root", OPTION_TEXT, &root_hex },
		                           { "size", OPTION_NUMBER, &memory.size },
		                           { "key", OPTION_TEXT, &key_hex },
		                           { "json", OPTION_FLAG, &json } };
	const struct options options = {
		"usage: kith audit verify [--root HEX [--size N]] [--key HEX] [--json] [--data DIR]",
		rows, 4, 0, 0
	};
	struct audit_verified v;
	struct conn *conn = NULL;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (root_hex && !hex_to(str_of(root_hex), root.b, sizeof root.b))
		return wrong_hex(sh->err, "root");
	if (key_hex && !hex_to(str_of(key_hex), key, sizeof key))
		return wrong_hex(sh->err, "key");
	memory.root = root_hex ? &root : NULL;
	memory.key = key_hex ? key : memory.key;
	TRY(store_read(sh->circle->store, &conn));
	TRY(audit_verify(conn, &memory, caller_left, sh, &v));
	if (json)
		say_verified_json(sh, &v);
	else
		say_verified(sh, &v, root_hex != NULL);
out:
	store_read_end(sh->circle->store, &conn);
	if (failed(e))
		return shell_fail(sh, e);
	return v.fault.what ? 1 : 0;
}

/* ---- roots ---- */

static void say_root(struct shell *sh, const struct audit_root *root, bool json)
{
	struct arena_mark mark = arena_mark(sh->mem);
	str day = audit_day_text(root->day, sh->mem);
	str hex = hex_of(sh->mem, root->root, sizeof root->root);
	str signature = hex_of(sh->mem, root->signature, sizeof root->signature);
	str head = hex_of(sh->mem, root->head, sizeof root->head);
	struct buf b;
	if (!json) {
		fprintf(sh->out, "%.*s %10" PRId64 " %.*s\n", STR_ARG(day), root->size,
		        STR_ARG(hex));
	} else {
		buf_init(&b, sh->mem, 2048);
		buf_time(&b, root->at_ms);
		fprintf(sh->out,
		        "{\"day\":\"%.*s\",\"at\":\"%.*s\",\"size\":%" PRId64
		        ",\"root\":\"%.*s\",\"head\":\"%.*s\",\"signature\":\"%.*s\"}\n",
		        STR_ARG(day), STR_ARG(buf_str(&b)), root->size, STR_ARG(hex), STR_ARG(head),
		        STR_ARG(signature));
	}
	arena_rewind(sh->mem, mark);
}

int verb_audit_roots(struct shell *sh, int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { "json", OPTION_FLAG, &json } };
	const struct options options = { "usage: kith audit roots [--json] [--data DIR]", rows, 1,
		                         0, 0 };
	struct arena *mem = arena_new(1 << 16);
	struct audit_root *roots;
	int64_t before = INT64_MAX;
	size_t found;
	int n;
	err e = OK;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO) {
		arena_free(mem);
		return 2;
	}
	if (!json)
		fprintf(sh->out, "key %.*s\n",
		        STR_ARG(hex_of(sh->mem, audit_public_key(sh->circle), AUDIT_KEY_BYTES)));
	do {
		arena_reset(mem);
		TRY(audit_roots(sh->circle, before, ROOTS_AT_ONCE, mem, &roots, &found));
		for (size_t i = 0; i < found; i++)
			say_root(sh, &roots[i], json);
		before = found > 0 ? roots[found - 1].day : before;
	} while (found == ROOTS_AT_ONCE && !shell_gone(sh));
out:
	arena_free(mem);
	return failed(e) ? shell_fail(sh, e) : 0;
}

/* ---- a receipt, without a circle ---- */

static str text_of(const json_t *from, const char *name)
{
	const json_t *value = json_object_get(from, name);
	return json_is_string(value) ? (str){ json_string_value(value), json_string_length(value) }
	                             : STR_NONE;
}

static bool hex_at(const json_t *from, const char *name, void *out, size_t n)
{
	return hex_to(text_of(from, name), out, n);
}

/* "2026-05-17T00:00:31.000Z", as buf_time writes it. */
static bool time_at(const json_t *from, const char *name, struct arena *mem, int64_t *at_ms)
{
	str text = text_of(from, name);
	int64_t day, h = 0, m = 0, s = 0, ms = 0;
	struct buf b;
	if (text.n != 24 || failed(audit_day_of(str_slice(text, 0, 10), name, &day)) ||
	    !str_to_i64(str_slice(text, 11, 13), &h) || !str_to_i64(str_slice(text, 14, 16), &m) ||
	    !str_to_i64(str_slice(text, 17, 19), &s) || !str_to_i64(str_slice(text, 20, 23), &ms))
		return false;
	*at_ms = day * AUDIT_DAY_MS + ((h * 60 + m) * 60 + s) * 1000 + ms;
	buf_init(&b, mem, 64);
	buf_time(&b, *at_ms);
	return str_eq(buf_str(&b), text);
}

static bool read_path(const json_t *from, struct merkle_proof *path)
{
	const json_t *list = json_object_get(from, "path");
	size_t n = json_array_size(list);
	if (!json_is_array(list) || n > MERKLE_PROOF_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(list, i);
		if (!json_is_string(one) ||
		    !hex_to((str){ json_string_value(one), json_string_length(one) },
		            path->path[i].b, MERKLE_BYTES))
			return false;
	}
	path->n = (int)n;
	return true;
}

static bool read_opened(json_t *from, struct audit_receipt *receipt)
{
	json_t *opened = json_object_get(from, "opened"), *value;
	const char *name;
	if (json_object_size(opened) > AUDIT_LINES_MAX)
		return false;
	json_object_foreach(opened, name, value)
	{
		if (!json_is_string(value))
			return false;
		receipt->opened[receipt->n_opened++] = (struct audit_line){
			str_of(name), { json_string_value(value), json_string_length(value) }
		};
	}
	return true;
}

static bool read_receipt(json_t *from, struct arena *mem, struct audit_receipt *out)
{
	struct merkle_hash leaf, is;
	struct audit_parts parts;
	*out = (struct audit_receipt){ .record = text_of(from, "record") };
	out->root.size = json_integer_value(json_object_get(from, "size"));
	is = merkle_leaf(out->record.p, out->record.n);
	return hex_at(from, "salt", out->salt, sizeof out->salt) &&
	       hex_at(from, "leaf", leaf.b, sizeof leaf.b) && merkle_equal(&leaf, &is) &&
	       hex_at(from, "root", out->root.root, sizeof out->root.root) &&
	       hex_at(from, "head", out->root.head, sizeof out->root.head) &&
	       hex_at(from, "signature", out->root.signature, sizeof out->root.signature) &&
	       hex_at(from, "key", out->key, sizeof out->key) && read_path(from, &out->path) &&
	       read_opened(from, out) && time_at(from, "at", mem, &out->root.at_ms) &&
	       !failed(audit_day_of(text_of(from, "day"), "day", &out->root.day)) &&
	       audit_record_read(out->record, &parts) &&
	       parts.seq == json_integer_value(json_object_get(from, "seq"));
}

static void say_receipt(const struct audit_receipt *receipt, struct arena *mem)
{
	struct audit_parts parts;
	(void)audit_record_read(receipt->record, &parts);
	printf("record %" PRId64 " of the log, %.*s, is under the root of %.*s\n", parts.seq,
	       STR_ARG(parts.kind), STR_ARG(audit_day_text(receipt->root.day, mem)));
	printf("  root %.*s, signed with %.*s\n",
	       STR_ARG(hex_of(mem, receipt->root.root, sizeof receipt->root.root)),
	       STR_ARG(hex_of(mem, receipt->key, sizeof receipt->key)));
	for (size_t i = 3; i < parts.n; i++) {
		const struct audit_line *line = &parts.lines[i];
		str shown = line->value;
		for (size_t k = 0; k < receipt->n_opened; k++)
			if (str_eq(receipt->opened[k].name, line->name))
				shown = receipt->opened[k].value;
		printf("  %.*s: %.*s\n", STR_ARG(line->name), STR_ARG(shown));
	}
}

static int check_receipt(json_t *from, const unsigned char *key, struct arena *mem)
{
	struct audit_receipt receipt;
	const char *fault = read_receipt(from, mem, &receipt) ? audit_receipt_fault(&receipt)
	                                                      : "it is none, or was changed";
	if (!fault && key && memcmp(key, receipt.key, sizeof receipt.key) != 0)
		fault = "it is signed with another key";
	if (fault) {
		fprintf(stderr, "kith: the receipt does not hold: %s\n", fault);
		return 1;
	}
	say_receipt(&receipt, mem);
	return 0;
}

static const char receipt_usage[] =
	"usage: kith audit receipt verify FILE [--key HEX]\n"
	"Is a record in the log, and what does it say? FILE is an answer of GET /api/kith/v1/measures/:id/receipts, or receipts.json of\n"
	"an export. It needs no server and no data folder. --key is the log's public key as you remember it: without it a receipt is\n"
	"held against the key that it names itself. Compare the root with the one on the circle's page /audit, or on any copy of it.\n"
	"example: kith audit receipt verify receipts.json --key 5dd3f401...\n";

static int cmd_receipt(int argc, char **argv)
{
	const char *key_hex = NULL;
	const struct option_row rows[] = { { "key", OPTION_TEXT, &key_hex } };
	const struct options options = { receipt_usage, rows, 1, 2, 2 };
	unsigned char key[AUDIT_KEY_BYTES];
	struct arena *mem;
	json_t *json = NULL;
	int n, code = 0;
	str text;
	switch (options_read(&options, argc, argv, stdout, stderr, &n)) {
	case OPTIONS_HELP:
		return 0;
	case OPTIONS_WRONG:
		return 2;
	case OPTIONS_GO:
		break;
	}
	if (strcmp(argv[0], "verify") != 0) {
		fprintf(stderr, "%.*s\n", (int)strcspn(receipt_usage, "\n"), receipt_usage);
		return 2;
	}
	if (key_hex && !hex_to(str_of(key_hex), key, sizeof key))
		return wrong_hex(stderr, "key");
	mem = arena_new(1 << 16);
	err e = file_read(argv[1], RECEIPTS_MAX_BYTES, mem, &text);
	if (!failed(e) && !(json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL)))
		e = err_input(NULL, "this is no JSON");
	if (failed(e)) {
		fprintf(stderr, "kith: %s: %s\n", argv[1], e.say ? e.say : e.why);
		code = 1;
	} else if (json_is_array(json)) {
		if (json_array_size(json) == 0)
			printf("no receipt is in it\n");
		for (size_t i = 0; i < json_array_size(json); i++)
			code |= check_receipt(json_array_get(json, i), key_hex ? key : NULL, mem);
	} else {
		code = check_receipt(json, key_hex ? key : NULL, mem);
	}
	json_decref(json);
	arena_free(mem);
	return code;
}

int cmd_audit(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "receipt") == 0)
		return cmd_receipt(argc - 1, argv + 1);
	int code = shell_main(argc, argv);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		printf("%.*s\nexample: kith audit verify --root 33b0a5bc...\n",
		       (int)strcspn(receipt_usage, "\n"), receipt_usage);
	return code;
}
