#include "circle/hold.h"

#include "base/buf.h"
#include "model/limits.h"
#include "store/measures.h"
#include "store/notices.h"

#include <string.h>

#define EVIDENCE_MAX_BYTES ((size_t)256 * 1024)

/* What a writer can do about it, by the beginning of the heaviest rule; the first that fits. */
static const struct {
	const char *rule, *en, *zh;
} would_pass[] = {
	{ "contact.",
	  "The same words with the contact details written plainly would pass: selling as such is no offence.",
	  "把联系方式照常写明就可以发出：做买卖本身并不违规。" },
	{ "recruit.income", "The same offer without promised earnings would pass.",
	  "不许诺收入的同样内容可以发出。" },
	{ "recruit.",
	  "An offer without head-money, fees for joining or levels below you would pass.",
	  "不谈拉人头、入会费和下级层级的内容可以发出。" },
	{ "induce.", "The same words without a gift for likes or forwards would pass.",
	  "不用礼物换赞、换转发的同样内容可以发出。" },
	{ "fraud.counterfeit",
	  "An offer that says honestly what the goods are and where they come from would pass.",
	  "如实说明货品和来源的内容可以发出。" },
	{ "fraud.gambling", "Words that do not invite anyone to gamble would pass.",
	  "不拉人赌博的内容可以发出。" },
	{ "fraud.", "An offer without advance payments, paid reviews or instant loans would pass.",
	  "不谈垫付、刷单和秒批贷款的内容可以发出。" },
	{ "text.hidden", "The same words without the characters that do not show would pass.",
	  "去掉看不见的字符，同样的话可以发出。" },
	{ "screening.", "Nothing has to be changed: the text will be looked at again.",
	  "不需要修改：这段文字会被重新检查。" },
	{ "order.",
	  "Nothing has to be changed in a text: only the keeper of this circle can lift this.",
	  "与文字无关：只有本圈的管理者可以解除。" },
};
static const char default_en[] =
	"The same in plain words, without the marked parts, would pass: selling as such is no offence.";
static const char default_zh[] = "用平常的话写、去掉标出的部分就可以发出：做买卖本身并不违规。";

static void add_words(struct buf *b, str en, str zh)
{
	buf_lit(b, "{\"en\":");
	buf_json(b, en);
	buf_lit(b, ",\"zh\":");
	buf_json(b, zh);
	buf_lit(b, "}");
}

static void add_would_pass(struct buf *b, str rule)
{
	for (size_t i = 0; i < sizeof would_pass / sizeof would_pass[0]; i++) {
		if (str_starts(rule, str_of(would_pass[i].rule))) {
			add_words(b, str_of(would_pass[i].en), str_of(would_pass[i].zh));
			return;
		}
	}
	add_words(b, str_of(default_en), str_of(default_zh));
}

static void add_reason(struct buf *b, const struct reason *reason)
{
	buf_lit(b, "{\"rule\":");
	buf_json(b, reason->rule);
	buf_lit(b, ",\"text\":");
	add_words(b, reason->en, reason->zh);
	buf_lit(b, ",\"spans\":[");
	for (size_t i = 0; i < reason->span_count; i++)
		buf_format(b, "%s[%u,%u]", i ? "," : "", reason->spans[i].from,
		           reason->spans[i].to);
	buf_lit(b, "]}");
}

/* A record cut in the middle would be no record: reasons that do not fit are left out whole, the lightest first. */
static str evidence_with(const struct verdict *v, size_t reasons, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, EVIDENCE_MAX_BYTES);
	buf_lit(&b, "{\"score\":");
	buf_json_real(&b, v->score);
	buf_lit(&b, ",\"malice\":");
	buf_json_real(&b, v->malice);
	buf_lit(&b, ",\"reasons\":[");
	for (size_t i = 0; i < reasons; i++) {
		if (i > 0)
			buf_char(&b, ',');
		add_reason(&b, &v->reasons[i]);
	}
	buf_lit(&b, "],\"would_pass\":");
	add_would_pass(&b, v->reason_count > 0 ? v->reasons[0].rule : STR_NONE);
	buf_lit(&b, ",\"policy\":");
	buf_json(&b, v->policy_hash);
	buf_lit(&b, ",\"model\":");
	buf_json(&b, v->model_hash);
	buf_lit(&b, "}");
	return b.full ? STR_NONE : buf_str(&b);
}

str hold_evidence(const struct verdict *verdict, struct arena *mem)
{
	str evidence = STR_NONE;
	for (size_t n = verdict->reason_count; evidence.n == 0; n--) {
		evidence = evidence_with(verdict, n, mem);
		if (n == 0)
			break;
	}
	return evidence;
}

static void failed_verdict(struct verdict *v)
{
	static const struct reason reason = {
		.rule = { HOLD_WORDS("screening.failed") },
		.en = { HOLD_WORDS(
			"The check of this text did not work, so it waits. That is our fault, not yours.") },
		.zh = { HOLD_WORDS(
			"这段文字的检查没有成功，所以先等一等。这是我们的问题，不是你的。") },
	};
	*v = (struct verdict){ .action = ACTION_HOLD, .reasons = &reason, .reason_count = 1 };
}

void hold_screen(const struct circle *c, const struct facts *facts, int64_t now_ms,
                 struct arena *mem, struct screening *out)
{
	struct verdict v;
	memset(out, 0, sizeof *out);
	if (c->engine == NULL)
		return;
	err e = screen(c->engine, NULL, facts, mem, &v);
	if (failed(e)) {
		log_if_failed(c->log, "screening.failed", e);
		failed_verdict(&v);
	}
	if (v.action == ACTION_ALLOW)
		return;
	out->acts = true;
	out->measure = (struct measure){
		.kind = v.action == ACTION_HOLD ? MEASURE_HOLD : MEASURE_LABEL,
		.state = MEASURE_ACTIVE,
		.rule = v.reason_count > 0 ? v.reasons[0].rule : S("text"),
		.policy = v.policy_hash,
		.evidence = hold_evidence(&v, mem),
		.starts_at_ms = now_ms,
		.ends_at_ms = v.action == ACTION_HOLD ? now_ms + HOLD_MS : INT64_MAX,
	};
}

err hold_write(struct circle *c, struct conn *tx, const struct screening *screening,
               const struct status_ref *piece, person_id subject, int64_t now_ms,
               struct measure *measure)
{
	struct notice notice;
	err e = OK;
	memset(measure, 0, sizeof *measure);
	if (!screening->acts)
		return OK;
	*measure = screening->measure;
	measure->id = (measure_id){ snowflake_next(c->ids) };
	measure->subject = subject;
	measure->post_author = piece->post_author;
	measure->post = piece->post;
	measure->comment = piece->comment;
	TRY(measures_insert(tx, measure));
	if (measure->kind != MEASURE_HOLD)
		return OK;
	notice = (struct notice){
		.id = { snowflake_next(c->ids) },
		.reader = subject,
		.kind = NOTICE_HELD,
		.post_author = piece->post_author,
		.post = piece->post,
		.comment = piece->comment,
		.measure = measure->id,
		.at_ms = now_ms,
	};
	TRY(notices_insert(tx, &notice));
out:
	return e;
}
