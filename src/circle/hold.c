#include "circle/hold.h"

#include "circle/calendar.h"
#include "circle/order.h"
#include "circle/remember.h"
#include "circle/turndown.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "base/buf.h"
#include "model/limits.h"
#include "store/screenings.h"

#include <string.h>

#define WEEK_MS (INT64_C(7) * 24 * 3600 * 1000)
#define EVIDENCE_MAX_BYTES ((size_t)256 * 1024)

/* What a writer can do about it, where no rule of a policy says so; by the beginning of the rule. */
static const struct {
	const char *rule, *en, *zh;
} would_pass[] = {
	{ "screening.", "Nothing has to be changed: the text will be looked at again.",
	  "不需要修改：这段文字会被重新检查。" },
	{ "order.",
	  "Nothing has to be changed in a text: only the keeper of this circle can lift this.",
	  "与文字无关：只有本圈的管理者可以解除。" },
	{ "",
	  "The same in plain words, without the marked parts, would pass: selling as such is no offence.",
	  "用平常的话写、去掉标出的部分就可以发出：做买卖本身并不违规。" },
};

static void add_words(struct buf *b, str en, str zh)
{
	buf_lit(b, "{\"en\":");
	buf_json(b, en);
	buf_lit(b, ",\"zh\":");
	buf_json(b, zh);
	buf_lit(b, "}");
}

/* Of the heaviest reason. */
static void passes(const struct verdict *v, str *en, str *zh)
{
	const struct reason *first = v->reason_count > 0 ? &v->reasons[0] : NULL;
	size_t i = 0;
	if (first && first->pass_en.n > 0) {
		*en = first->pass_en;
		*zh = first->pass_zh;
		return;
	}
	while (!str_starts(first ? first->rule : STR_NONE, str_of(would_pass[i].rule)))
		i++;
	*en = str_of(would_pass[i].en);
	*zh = str_of(would_pass[i].zh);
}

static void add_reason(struct buf *b, const struct reason *reason)
{
	buf_lit(b, "{\"rule\":");
	buf_json(b, reason->rule);
	buf_lit(b, ",\"clause\":");
	buf_json(b, reason->clause);
	buf_add(b,
	        reason->alone ? S(",\"alone\":true,\"text\":") : S(",\"alone\":false,\"text\":"));
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
	str en, zh;
	buf_init(&b, mem, EVIDENCE_MAX_BYTES);
	buf_lit(&b, "{\"score\":");
	buf_json_real(&b, v->score);
	buf_lit(&b, ",\"malice\":");
	buf_json_real(&b, v->malice);
	buf_lit(&b, ",\"alone\":");
	buf_json(&b, str_of(action_name(v->alone)));
	buf_lit(&b, ",\"reasons\":[");
	for (size_t i = 0; i < reasons; i++) {
		if (i > 0)
			buf_char(&b, ',');
		add_reason(&b, &v->reasons[i]);
	}
	buf_lit(&b, "],\"would_pass\":");
	passes(v, &en, &zh);
	add_words(&b, en, zh);
	if (v->trace.n > 0) {
		buf_lit(&b, ",\"trace\":");
		buf_add(&b, v->trace);
	}
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
	*v = (struct verdict){ .action = ACTION_HOLD,
		               .allowed = ACTION_HOLD,
		               .harm = HARM_CLASS_B,
		               .reasons = &reason,
		               .reason_count = 1 };
}

/* Marked places lie in the text its author sees as the piece: what points beside it is left out, the reason stays. */
static void keep_inside(struct verdict *v, size_t text_bytes, struct arena *mem)
{
	struct reason *reasons = arena_copy(mem, v->reasons, v->reason_count * sizeof(*reasons));
	for (size_t i = 0; i < v->reason_count; i++) {
		struct reason *r = &reasons[i];
		while (r->span_count > 0 && r->spans[r->span_count - 1].to > text_bytes)
			r->span_count--;
	}
	v->reasons = reasons;
}

/* What the circle knows of who wrote it. */
static struct facts gather(const struct circle *c, const struct facts *asked, struct arena *mem)
{
	struct facts facts = *asked;
	facts.traced = true;
	person_id author = { (int64_t)asked->author };
	size_t friends;
	world_lock(c->world);
	const struct person *p = world_person(c->world, author);
	if (p) {
		(void)world_ties(c->world, author, &friends);
		facts.author_since_ms = p->created_at_ms;
		facts.author_friends = (uint32_t)friends + 1;
	}
	world_unlock(c->world);
	turndown_tell(c, mem, &facts);
	return facts;
}

static struct screened record_of(const struct facts *f, const struct verdict *v, int64_t as_of_seq)
{
	struct screened s = {
		.author = { (int64_t)f->author },
		.as_of_seq = as_of_seq,
		.kind = f->kind,
		.author_since_ms = f->author_since_ms,
		.author_friends = f->author_friends,
		.policy = v->policy_hash,
		.model = v->model_hash,
		.action = v->action,
		.score = v->score,
		.malice = v->malice,
		.recollection = v->recollection,
		.readings = v->readings,
		.n_readings = v->reading_count,
		.observation = v->observation,
	};
	s.observation.seq = 0;
	s.observation.at_ms = f->at_ms;
	s.observation.author = f->author;
	return s;
}

/* A fold makes one line of copies by others: what is no copy of somebody else's is labelled at most; so is what annoys and no more. */
static enum measure_kind kind_of(const struct verdict *v)
{
	if (v->harm == HARM_CLASS_C)
		return MEASURE_LABEL;
	if (v->allowed == ACTION_HOLD)
		return MEASURE_HOLD;
	return v->allowed == ACTION_FOLD && v->recollection.copy_depth >= 1 ? MEASURE_FOLD
	                                                                    : MEASURE_LABEL;
}

/* The heaviest; of what is more than labelled the heaviest that may do so. */
static str rule_of(const struct verdict *v, const struct facts *facts)
{
	for (size_t i = 0; i < v->reason_count && v->allowed > ACTION_LABEL; i++) {
		bool down = false;
		for (size_t k = 0; k < facts->n_down; k++)
			down |= str_eq(v->reasons[i].rule, facts->down[k]);
		if (!down)
			return v->reasons[i].rule;
	}
	return v->reason_count > 0 ? v->reasons[0].rule : S("text");
}

/* Five working days without a holiday are a week: what counts when the calendar cannot be read. */
static int64_t forbidden_end(const struct circle *c, int64_t now_ms, struct arena *mem)
{
	struct conn *conn = NULL;
	int64_t end_ms = now_ms + WEEK_MS;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(calendar_after(conn, now_ms, HOLD_FORBIDDEN_WORKING_DAYS, mem, &end_ms));
out:
	store_read_end(c->store, &conn);
	log_if_failed(c->log, "calendar.failed", e);
	return end_ms;
}

static int64_t end_of(const struct circle *c, const struct verdict *v, enum measure_kind kind,
                      int64_t now_ms, struct arena *mem)
{
	if (kind != MEASURE_HOLD)
		return INT64_MAX;
	return v->harm == HARM_CLASS_A ? forbidden_end(c, now_ms, mem) : now_ms + HOLD_MS;
}

/* False when screening itself did not work. */
static bool judge(const struct circle *c, const struct facts *facts, struct arena *mem,
                  struct verdict *v, struct screened *record)
{
	int64_t as_of_seq;
	err e = remember_screen(c, facts, mem, v, &as_of_seq);
	if (failed(e)) {
		log_if_failed(c->log, "screening.failed", e);
		failed_verdict(v);
		return false;
	}
	if (facts->beside_bytes > 0)
		keep_inside(v, facts->text.n - facts->beside_bytes, mem);
	*record = record_of(facts, v, as_of_seq);
	return true;
}

void hold_screen(struct circle *c, const struct facts *asked, int64_t now_ms, struct arena *mem,
                 struct screening *out)
{
	struct verdict v;
	memset(out, 0, sizeof *out);
	if (c->memory == NULL)
		return;
	struct facts facts = gather(c, asked, mem);
	out->judged = judge(c, &facts, mem, &v, &out->record);
	if (v.action == ACTION_ALLOW)
		return;
	out->acts = true;
	enum measure_kind kind = kind_of(&v);
	out->measure = (struct measure){
		.kind = kind,
		.state = MEASURE_ACTIVE,
		.decider = DECIDER_POLICY,
		.harm = v.harm,
		.points = order_points(v.harm, kind != MEASURE_HOLD),
		.family = v.family,
		.rule = rule_of(&v, &facts),
		.policy = v.policy_hash,
		.evidence = hold_evidence(&v, mem),
		.starts_at_ms = now_ms,
		.ends_at_ms = end_of(c, &v, kind, now_ms, mem),
	};
}

/* Words beside pieces: nothing waits, so a hold is a refusal that says why and what would pass, in both languages, a line each. */
err hold_refuse(const struct circle *c, const struct facts *asked, const char *field,
                struct arena *mem, struct screening *out)
{
	struct verdict v;
	str en, zh;
	memset(out, 0, sizeof *out);
	/* A request without a word is still one more request. */
	if (c->memory == NULL ||
	    (asked->text.n == 0 && asked->n_pictures == 0 && asked->kind != FACTS_REQUEST))
		return OK;
	struct facts facts = gather(c, asked, mem);
	out->judged = judge(c, &facts, mem, &v, &out->record);
	if (v.allowed != ACTION_HOLD)
		return OK;
	if (!out->judged)
		return err_busy("words could not be screened");
	passes(&v, &en, &zh);
	const struct reason *r = &v.reasons[0];
	log_event(c->log, LOG_INFO, "words.refused", LOG_STR("field", str_of(field)),
	          LOG_STR("rule", r->rule));
	return err_input(field,
	                 str_to_c(mem, str_format(mem, "%.*s %.*s\n%.*s%.*s", STR_ARG(r->en),
	                                          STR_ARG(en), STR_ARG(r->zh), STR_ARG(zh))));
}

static err write_record(struct circle *c, struct conn *tx, struct screening *screening,
                        const struct status_ref *piece)
{
	struct screened *record = &screening->record;
	err e = OK;
	if (!screening->judged)
		return OK;
	record->piece = *piece;
	if (screening->again)
		TRY(screenings_next_revision(tx, piece, &record->revision));
	TRY(remember_write(c, tx, record));
out:
	return e;
}

err hold_write_words(struct circle *c, struct conn *tx, struct screening *screening,
                     person_id author)
{
	struct status_ref occasion = { .post_author = author };
	if (!screening->judged)
		return OK;
	occasion.post = (post_id){ snowflake_next(c->ids) };
	screening->record.author = author;
	screening->record.observation.author = (uint64_t)author.v;
	return write_record(c, tx, screening, &occasion);
}

void hold_keep_to_author(struct screening *screening)
{
	screening->record.observation.handle = 0;
	screening->record.observation.signature = (struct signature){ 0 };
	screening->record.observation.n_pictures = 0;
}

err hold_write(struct circle *c, struct conn *tx, struct screening *screening,
               const struct status_ref *piece, person_id subject, int64_t now_ms,
               struct measure *measure)
{
	struct arena *mem = NULL;
	struct order_changes x;
	err e;
	memset(measure, 0, sizeof *measure);
	TRY(write_record(c, tx, screening, piece));
	if (!screening->acts)
		goto out;
	*measure = screening->measure;
	measure->subject = subject;
	measure->post_author = piece->post_author;
	measure->post = piece->post;
	measure->comment = piece->comment;
	mem = arena_new(4096);
	x = order_changes(c, mem); /* whoever writes the piece shows it as it is now */
	e = order_impose(&x, tx, measure, now_ms);
out:
	arena_free(mem);
	return e;
}

void hold_after(struct circle *c, const struct screening *screening)
{
	remember_after(c, &screening->record);
	if (!screening->acts)
		return;
	world_change_piece(c->world, screening->record.piece.post);
	world_change_family(c->world, screening->measure.family);
}
