#include "circle/audit_receipt.h"

#include "base/encode.h"

#include <string.h>

#define SCRATCH_BYTES 4096

static bool is_open(const struct audit_receipt *receipt, str name)
{
	for (size_t i = 0; i < receipt->n_opened; i++)
		if (str_eq(receipt->opened[i].name, name))
			return true;
	return false;
}

void audit_receipt_open(struct audit_receipt *receipt, str value)
{
	struct audit_parts parts;
	char hidden[AUDIT_HIDDEN_BYTES];
	if (!audit_record_read(receipt->record, &parts))
		return;
	for (size_t i = 0; i < parts.n; i++) {
		const struct audit_line *line = &parts.lines[i];
		if (line->value.n != sizeof hidden || receipt->n_opened == AUDIT_LINES_MAX)
			continue;
		audit_record_hide(receipt->salt, line->name, value, hidden);
		if (memcmp(hidden, line->value.p, sizeof hidden) == 0 &&
		    !is_open(receipt, line->name))
			receipt->opened[receipt->n_opened++] = (struct audit_line){ line->name,
				                                                    value };
	}
}

static bool opens(const struct audit_receipt *receipt, const struct audit_parts *parts)
{
	char hidden[AUDIT_HIDDEN_BYTES];
	for (size_t i = 0; i < receipt->n_opened; i++) {
		const struct audit_line *line = &receipt->opened[i];
		audit_record_hide(receipt->salt, line->name, line->value, hidden);
		if (!str_eq(audit_record_value(parts, line->name), (str){ hidden, sizeof hidden }))
			return false;
	}
	return true;
}

const char *audit_receipt_fault(const struct audit_receipt *receipt)
{
	const struct audit_root *root = &receipt->root;
	struct merkle_hash leaf = merkle_leaf(receipt->record.p, receipt->record.n), top;
	struct audit_parts parts;
	struct arena *mem;
	bool is_signed;
	if (!audit_record_read(receipt->record, &parts))
		return "the record is none";
	memcpy(top.b, root->root, sizeof top.b);
	if (parts.seq < 1 || !merkle_included(&leaf, parts.seq - 1, root->size, receipt->path.path,
	                                      (size_t)receipt->path.n, &top))
		return "the path does not lead from the record to the root";
	mem = arena_new(SCRATCH_BYTES);
	is_signed = audit_root_signed(root, receipt->key, mem);
	arena_free(mem);
	if (!is_signed)
		return "the root is not signed with the key";
	return opens(receipt, &parts) ? NULL : "what is said to be hidden in the record is not";
}

static void add_hex(struct buf *b, const char *name, const void *bytes, size_t n)
{
	str hex = hex_of(b->mem, bytes, n);
	buf_format(b, ",\"%s\":\"%.*s\"", name, STR_ARG(hex));
}

static void add_opened(struct buf *b, const struct audit_receipt *receipt)
{
	buf_lit(b, ",\"opened\":{");
	for (size_t i = 0; i < receipt->n_opened; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_json(b, receipt->opened[i].name);
		buf_char(b, ':');
		buf_json(b, receipt->opened[i].value);
	}
	buf_char(b, '}');
}

void audit_receipt_json(struct buf *b, const struct audit_receipt *receipt)
{
	const struct audit_root *root = &receipt->root;
	struct merkle_hash leaf = merkle_leaf(receipt->record.p, receipt->record.n);
	struct audit_parts parts;
	(void)audit_record_read(receipt->record, &parts);
	buf_format(b, "{\"seq\":%lld,\"record\":", (long long)parts.seq);
	buf_json(b, receipt->record);
	add_hex(b, "salt", receipt->salt, sizeof receipt->salt);
	add_opened(b, receipt);
	add_hex(b, "leaf", leaf.b, sizeof leaf.b);
	buf_lit(b, ",\"path\":[");
	for (int i = 0; i < receipt->path.n; i++) {
		str hex = hex_of(b->mem, receipt->path.path[i].b, MERKLE_BYTES);
		buf_format(b, "%s\"%.*s\"", i > 0 ? "," : "", STR_ARG(hex));
	}
	buf_lit(b, "],\"day\":");
	buf_json(b, audit_day_text(root->day, b->mem));
	buf_lit(b, ",\"at\":");
	buf_json_time(b, root->at_ms);
	buf_format(b, ",\"size\":%lld", (long long)root->size);
	add_hex(b, "root", root->root, sizeof root->root);
	add_hex(b, "head", root->head, sizeof root->head);
	add_hex(b, "signature", root->signature, sizeof root->signature);
	add_hex(b, "key", receipt->key, sizeof receipt->key);
	buf_char(b, '}');
}
