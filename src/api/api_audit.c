/* The log of the order: for anybody the roots of its days and that each goes on from the one before; for who is concerned, receipts.
 *
 * Nothing here comes from a record of somebody else: roots and proofs are hashes of records that nobody can guess, and sizes are filled up
 * (circle/audit_root.h). The page works without script, since who looks at it may not want to run ours. */
#include "api/handlers.h"

#include "api/house.h"
#include "circle/audit_look.h"

#include "base/encode.h"

#define ROOTS_AT_ONCE 40

static void add_hex(struct buf *b, const void *bytes, size_t n)
{
	buf_add(b, hex_of(b->mem, bytes, n));
}

/* A hash for people: it may be broken between any sixteen digits. */
static void add_shown(struct buf *b, const void *bytes, size_t n)
{
	str hex = hex_of(b->mem, bytes, n);
	for (size_t at = 0; at < hex.n; at += 16) {
		buf_add(b, at > 0 ? S("<wbr>") : STR_NONE);
		buf_add(b, str_slice(hex, at, at + 16));
	}
}

static void add_root(struct buf *b, const struct audit_root *root)
{
	buf_lit(b, "{\"day\":");
	buf_json(b, audit_day_text(root->day, b->mem));
	buf_lit(b, ",\"at\":");
	buf_json_time(b, root->at_ms);
	buf_lit(b, ",\"size\":");
	buf_i64(b, root->size);
	buf_lit(b, ",\"root\":\"");
	add_hex(b, root->root, sizeof root->root);
	buf_lit(b, "\",\"head\":\"");
	add_hex(b, root->head, sizeof root->head);
	buf_lit(b, "\",\"signature\":\"");
	add_hex(b, root->signature, sizeof root->signature);
	buf_lit(b, "\"}");
}

err api_audit_key(struct call *c)
{
	struct buf *b = call_json(c);
	buf_lit(b, "{\"key\":\"");
	add_hex(b, audit_public_key(c->circle), AUDIT_KEY_BYTES);
	buf_lit(b, "\"}");
	return call_send(c);
}

/* A day, or INT64_MAX where none is given. */
static err read_before(const struct call *c, const char *name, int64_t *before)
{
	str text;
	err e;
	*before = INT64_MAX;
	TRY(params_str(c->params, name, &text));
	if (text.n > 0)
		TRY(audit_day_of(text, name, before));
out:
	return e;
}

err api_audit_roots(struct call *c)
{
	struct buf *b = call_json(c);
	struct audit_root *roots;
	int64_t before;
	size_t n;
	err e;
	TRY(read_before(c, "max_day", &before));
	TRY(audit_roots(c->circle, before, ROOTS_AT_ONCE, c->mem, &roots, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_root(b, &roots[i]);
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

err api_audit_consistency(struct call *c)
{
	struct buf *b = call_json(c);
	struct audit_link link;
	int64_t from, to;
	str text;
	err e;
	TRY(call_text(c, "from", &text));
	TRY(audit_day_of(text, "from", &from));
	TRY(call_text(c, "to", &text));
	TRY(audit_day_of(text, "to", &to));
	TRY(audit_consistency(c->circle, from, to, &link));
	buf_lit(b, "{\"from\":");
	add_root(b, &link.from);
	buf_lit(b, ",\"to\":");
	add_root(b, &link.to);
	buf_lit(b, ",\"proof\":[");
	for (int i = 0; i < link.proof.n; i++) {
		buf_add(b, i > 0 ? S(",\"") : S("\""));
		add_hex(b, link.proof.path[i].b, MERKLE_BYTES);
		buf_char(b, '"');
	}
	buf_lit(b, "]}");
	TRY(call_send(c));
out:
	return e;
}

err api_audit_receipts(struct call *c)
{
	struct buf *b = call_json(c);
	struct audit_receipt *receipts;
	measure_id measure;
	size_t n;
	err e;
	TRY(call_path_id(c, 0, &measure.v));
	TRY(audit_receipts(c->circle, c->me.person, measure, c->mem, &receipts, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		audit_receipt_json(b, &receipts[i]);
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

/* ---- the page ---- */

struct words {
	const char *lang, *title, *what, *key, *keep, *prove, *receipt, *roots, *day, *size, *root;
	const char *earlier, *none;
};

static const struct words english = {
	.lang = "en",
	.title = "The log of the order",
	.what = "Every measure, decision, appeal and change of a policy is a record in a log to which nothing can be done but to add to "
		"it. Each day its root is published here: one number that all records before it go into, signed with the log's key. "
		"The records themselves stay closed: nobody's name and nobody's words can be read out of a root. How many records there "
		"are says nothing either: each day is filled up to a multiple of 64, and among them are many that say nothing.",
	.key = "The log's key (Ed25519)",
	.keep = "Write a root down, or send it to a friend. Whoever has one can have it compared later, by the keeper with "
		"“kith audit verify --root …”, or by themselves: a log in which anything before it was changed, taken out or put in "
		"has another root, whoever did it.",
	.prove =
		"That the log of a day goes on from that of an earlier one can be proved without its records: "
		"/api/kith/v1/audit/consistency?from=DAY&to=DAY (RFC 6962 with BLAKE2b-256).",
	.receipt =
		"Who is concerned by a measure gets a receipt with it: the record, what opens it, and the way from it to the root. "
		"“kith audit receipt verify” holds it against the key above without asking this server.",
	.roots = "Roots",
	.day = "Day (UTC)",
	.size = "Records",
	.root = "Root",
	.earlier = "Earlier days",
	.none = "No earlier days.",
};

static const struct words chinese = {
	.lang = "zh-Hans",
	.title = "秩序日志",
	.what = "每一项措施、决定、申诉和规则的改动，都是日志里的一条记录。日志只能往后添，别的什么都做不了。每天在这里公布它的根："
		"此前的全部记录合成的一个数，用日志的密钥签名。记录本身不公开：从根里读不出任何人的名字，也读不出任何人的话。"
		"记录的条数也说明不了什么：每天都补到 64 的倍数，其中有许多什么都没说。",
	.key = "日志的密钥（Ed25519）",
	.keep = "把一个根抄下来，或者发给朋友。谁手里有一个根，以后就能对照：站长可以用 “kith audit verify --root …”，自己也可以。"
		"在它之前的日志，只要改过、删过、插过一处，不管是谁做的，根就不一样。",
	.prove = "某一天的日志是从更早一天的日志接下来的，不看记录也能证明："
		 "/api/kith/v1/audit/consistency?from=日期&to=日期（RFC 6962，用 BLAKE2b-256）。",
	.receipt = "措施涉及谁，谁就能拿到回执：那条记录、打开它的东西，以及从它到根的路径。"
		   "“kith audit receipt verify” 不用问这台服务器，就能拿它和上面的密钥核对。",
	.roots = "根",
	.day = "日期（UTC）",
	.size = "记录数",
	.root = "根",
	.earlier = "更早的日子",
	.none = "没有更早的日子了。",
};

static void add_cell(struct buf *b, str tag, const char *words)
{
	buf_format(b, "<%.*s>", STR_ARG(tag));
	buf_html(b, str_of(words));
	buf_format(b, "</%.*s>", STR_ARG(str_slice(tag, 0, 2)));
}

static void add_table(struct buf *b, const struct words *w, const struct audit_root *roots,
                      size_t n)
{
	buf_lit(b, "<h2>");
	buf_html(b, str_of(w->roots));
	buf_lit(b, "</h2>\n<table>\n<thead><tr>");
	add_cell(b, S("th scope=\"col\""), w->day);
	add_cell(b, S("th scope=\"col\""), w->size);
	add_cell(b, S("th scope=\"col\""), w->root);
	buf_lit(b, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		buf_format(
			b,
			"<tr><td class=\"num\">%.*s</td><td class=\"num\">%lld</td><td class=\"mono\">",
			STR_ARG(audit_day_text(roots[i].day, b->mem)), (long long)roots[i].size);
		add_shown(b, roots[i].root, sizeof roots[i].root);
		buf_lit(b, "</td></tr>\n");
	}
	buf_lit(b, "</tbody>\n</table>\n");
}

err plain_audit(struct call *c)
{
	const struct words *w = house_chinese(c) ? &chinese : &english;
	struct audit_root *roots;
	int64_t before;
	struct buf b;
	size_t n;
	err e;
	TRY(read_before(c, "before", &before));
	TRY(audit_roots(c->circle, before, ROOTS_AT_ONCE, c->mem, &roots, &n));
	house_begin(c, &b, str_of(w->lang), str_of(w->title));
	house_paragraph(&b, w->what);
	buf_lit(&b, "<h2>");
	buf_html(&b, str_of(w->key));
	buf_lit(&b, "</h2>\n<p class=\"mono\">");
	add_shown(&b, audit_public_key(c->circle), AUDIT_KEY_BYTES);
	buf_lit(&b, "</p>\n");
	house_paragraph(&b, w->keep);
	house_paragraph(&b, w->receipt);
	house_paragraph(&b, w->prove);
	if (n == 0)
		house_paragraph(&b, w->none);
	else
		add_table(&b, w, roots, n);
	if (n == ROOTS_AT_ONCE) {
		buf_format(&b, "<p><a href=\"/audit?before=%.*s\">",
		           STR_ARG(audit_day_text(roots[n - 1].day, c->mem)));
		buf_html(&b, str_of(w->earlier));
		buf_lit(&b, "</a></p>\n");
	}
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}
