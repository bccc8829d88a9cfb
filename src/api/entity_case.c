/* See entity.h. A case, as a steward sees it: never who reported, and of a piece no more than what is judged. */
#include "api/entity.h"

#include "circle/docket.h"
#include "circle/report.h"

#include "base/leak.h"

#include <jansson.h>
#include <stdlib.h>

/* What a case is about where no rule of a policy says it. */
struct both {
	const char *en, *zh;
};
static const struct both reported[] = {
	[REPORT_COUNTERFEIT] = { "Reported: counterfeit or fake overseas purchasing",
	                         "举报：假货或假代购" },
	[REPORT_LADDER] = { "Reported: recruiting ladder", "举报：拉人头、层级发展" },
	[REPORT_FRAUD] = { "Reported: fraud", "举报：诈骗" },
	[REPORT_ADVERTISING] = { "Reported: disguised advertising", "举报：变相广告" },
	[REPORT_HARASSMENT] = { "Reported: harassment", "举报：骚扰" },
	[REPORT_OTHER] = { "Reported: something else", "举报：其他" },
};
static const struct both complained[] = {
	[COMPLAINT_PLAGIARISM] = { "Complaint from outside: plagiarism", "外部投诉：抄袭" },
	[COMPLAINT_COUNTERFEIT] = { "Complaint from outside: counterfeit", "外部投诉：假货" },
	[COMPLAINT_PERSONAL_DATA] = { "Complaint from outside: personal data",
	                              "外部投诉：个人信息" },
};

static void add_both(struct buf *b, struct both words)
{
	buf_lit(b, "{\"en\":");
	buf_json(b, str_of(words.en));
	buf_lit(b, ",\"zh\":");
	buf_json(b, str_of(words.zh));
	buf_char(b, '}');
}

/* The sentence of the rule of the gravest measure, as it was written down. */
static bool add_rule_sentence(struct buf *b, const struct measure *m)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	const json_t *first = json_array_get(json_object_get(evidence, "reasons"), 0);
	const json_t *words = json_object_get(first, "text");
	char *text = words ? json_dumps(words, JSON_COMPACT) : NULL;
	if (text != NULL)
		buf_add(b, str_of(text));
	free(text);
	json_decref(evidence);
	return text != NULL;
}

static void add_title(struct buf *b, const struct case_line *line)
{
	buf_lit(b, ",\"title\":");
	if (line->gravest != NULL && add_rule_sentence(b, line->gravest))
		return;
	if (line->has_report)
		add_both(b, reported[line->reported]);
	else if (line->has_complaint)
		add_both(b, complained[line->complained]);
	else
		buf_lit(b, "null");
}

static void add_time_or_null(struct buf *b, str name, int64_t at_ms)
{
	buf_add(b, name);
	if (at_ms == 0 || at_ms == INT64_MAX)
		buf_lit(b, "null");
	else
		buf_json_time(b, at_ms);
}

static void add_items(struct buf *b, const int *items)
{
	static const struct {
		const char *name;
		enum case_item_kind kind;
	} kinds[] = { { "{\"measures\":", ITEM_MEASURE },
		      { ",\"reports\":", ITEM_REPORT },
		      { ",\"complaints\":", ITEM_COMPLAINT },
		      { ",\"appeals\":", ITEM_APPEAL },
		      { ",\"answers\":", ITEM_ANSWER } };
	buf_lit(b, ",\"items\":");
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		buf_add(b, str_of(kinds[i].name));
		buf_i64(b, items[kinds[i].kind]);
	}
	buf_char(b, '}');
}

/* Of nobody, of whom who looks may not know and of who has left: null. */
static void add_account_or_null(struct call *c, struct buf *b, const struct person *person)
{
	if (person->handle.n > 0)
		entity_account(c, b, person);
	else
		buf_lit(b, "null");
}

/* Without its last brace. */
static void begin_line(struct call *c, struct buf *b, const struct case_line *line)
{
	const struct order_case *one = &line->one;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, one->id.v);
	buf_lit(b, ",\"number\":");
	buf_json_id(b, one->number);
	buf_lit(b, ",\"state\":");
	buf_json(b, str_of(case_state_word(one->state)));
	buf_add(b,
	        one->origin == CASE_FROM_INSIDE ? S(",\"outside\":false") : S(",\"outside\":true"));
	buf_lit(b, ",\"harm\":");
	buf_json(b, str_of(harm_word(one->harm)));
	add_time_or_null(b, S(",\"opened_at\":"), one->opened_at_ms);
	add_time_or_null(b, S(",\"due_at\":"), one->due_at_ms);
	add_time_or_null(b, S(",\"decided_at\":"), one->decided_at_ms);
	buf_lit(b, ",\"priority\":");
	buf_i64(b, one->priority);
	buf_lit(b, ",\"version\":");
	buf_i64(b, one->version);
	buf_lit(b, ",\"claimed\":");
	if (line->claim == CASE_UNCLAIMED) {
		buf_lit(b, "null");
	} else {
		buf_add(b, line->claim == CASE_CLAIMED_BY_ME ? S("{\"mine\":true,\"until\":")
		                                             : S("{\"mine\":false,\"until\":"));
		buf_json_time(b, one->claimed_until_ms);
		buf_char(b, '}');
	}
	buf_lit(b, ",\"subject\":");
	add_account_or_null(c, b, &line->subject);
	add_items(b, line->items);
	add_title(b, line);
}

void entity_case_line(struct call *c, struct buf *b, const struct case_line *line)
{
	begin_line(c, b, line);
	buf_char(b, '}');
}

/* The piece was let through for this steward; its author's card need not be (a block, say), hence the account first: the status
 * copies it. */
static err add_piece(struct call *c, struct buf *b, const struct seen_measure *s)
{
	err e = OK;
	buf_lit(b, "\"account\":");
	add_account_or_null(c, b, &s->subject);
	buf_lit(b, ",\"status\":");
	if (s->has_comment)
		e = entity_comment(c, b, &s->comment);
	else if (s->has_post)
		e = entity_status(c, b, &s->post);
	else
		buf_lit(b, "null");
	return e;
}

static err add_seen(struct call *c, struct buf *b, const struct seen_measure *s)
{
	err e;
	buf_lit(b, "\"measure\":");
	TRY(entity_measure(c, b, s));
	buf_char(b, ',');
	TRY(add_piece(c, b, s));
	buf_lit(b, ",\"trace\":");
	entity_trace(b, &s->measure);
out:
	return e;
}

static void next(struct buf *b, size_t i)
{
	if (i > 0)
		buf_char(b, ',');
}

static err add_measures(struct call *c, struct buf *b, const struct case_look *look)
{
	err e = OK;
	buf_lit(b, ",\"measures\":[");
	for (size_t i = 0; i < look->n_measures; i++) {
		next(b, i);
		buf_char(b, '{');
		TRY(add_seen(c, b, &look->measures[i]));
		buf_char(b, '}');
	}
	buf_lit(b, "],\"pieces\":[");
	for (size_t i = 0; i < look->n_pieces; i++) {
		next(b, i);
		buf_char(b, '{');
		TRY(add_piece(c, b, &look->pieces[i].seen));
		buf_lit(b, ",\"rule\":");
		buf_json(b, look->pieces[i].fits.id);
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

/* Which of them belong together, and never whose they are. */
static void add_reports(struct buf *b, const struct case_look *look)
{
	buf_lit(b, ",\"reports\":[");
	for (size_t i = 0; i < look->n_reports; i++) {
		const struct weighed_report *one = &look->reports[i];
		const char *outcome = report_outcome_word(one->report.state);
		next(b, i);
		buf_lit(b, "{\"id\":");
		buf_json_id(b, one->report.id.v);
		buf_lit(b, ",\"category\":");
		buf_json(b, str_of(report_category_word(one->report.category)));
		buf_lit(b, ",\"status_id\":");
		if (one->report.piece.comment.v != 0)
			buf_json_id(b, one->report.piece.comment.v);
		else if (one->report.piece.post.v != 0)
			buf_json_id(b, one->report.piece.post.v);
		else
			buf_lit(b, "null");
		buf_lit(b, ",\"weight\":");
		buf_json_real(b, one->weight);
		buf_lit(b, ",\"group\":");
		buf_i64(b, one->group);
		buf_lit(b, ",\"text\":");
		buf_json(b, one->report.text);
		if (LEAK("case.reporter")) {
			buf_lit(b, ",\"by\":");
			buf_json_id(b, one->report.reporter.v);
		}
		add_time_or_null(b, S(",\"at\":"), one->report.at_ms);
		buf_lit(b, ",\"state\":");
		buf_json(b, outcome ? str_of(outcome) : S("open"));
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void add_complaints(struct buf *b, const struct case_look *look)
{
	buf_lit(b, ",\"complaints\":[");
	for (size_t i = 0; i < look->n_complaints; i++) {
		const struct complaint *one = &look->complaints[i];
		next(b, i);
		buf_lit(b, "{\"id\":");
		buf_json_id(b, one->id.v);
		buf_lit(b, ",\"category\":");
		buf_json(b, str_of(complaint_category_word(one->category)));
		buf_lit(b, ",\"about\":");
		buf_json(b, one->about);
		buf_lit(b, ",\"evidence\":");
		buf_json(b, one->evidence);
		add_time_or_null(b, S(",\"at\":"), one->at_ms);
		add_time_or_null(b, S(",\"due_at\":"), one->due_at_ms);
		buf_lit(b, ",\"answer\":");
		if (one->state == COMPLAINT_ANSWERED)
			buf_json(b, one->answer);
		else
			buf_lit(b, "null");
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

/* What its subject says, and which way it goes; how a jury stands is nobody's to know before it is done. */
static err add_appeals(struct call *c, struct buf *b, const struct case_look *look)
{
	err e = OK;
	buf_lit(b, ",\"appeals\":[");
	for (size_t i = 0; i < look->n_appeals; i++) {
		const struct appeal *one = &look->appeals[i].appeal;
		next(b, i);
		buf_lit(b, "{\"appeal\":{\"id\":");
		buf_json_id(b, one->id.v);
		buf_lit(b, ",\"measure_id\":");
		buf_json_id(b, one->measure.v);
		buf_lit(b, ",\"number\":");
		buf_json_id(b, one->number);
		buf_lit(b, ",\"nth\":");
		buf_i64(b, one->nth);
		buf_lit(b, ",\"state\":");
		buf_json(b, str_of(appeal_state_word(one->state)));
		buf_lit(b, ",\"words\":");
		buf_json(b, one->words);
		add_time_or_null(b, S(",\"filed_at\":"), one->filed_at_ms);
		add_time_or_null(b, S(",\"due_at\":"), one->due_at_ms);
		buf_lit(b, ",\"way\":");
		buf_json(b, str_of(appeal_way_word(one->way)));
		buf_lit(b, "},");
		TRY(add_seen(c, b, &look->appeals[i].measure));
		buf_add(b, look->appeals[i].may ? S(",\"may\":true}") : S(",\"may\":false}"));
	}
	buf_char(b, ']');
out:
	return e;
}

static void add_answers(struct buf *b, const struct case_look *look)
{
	buf_lit(b, ",\"answers\":[");
	for (size_t i = 0; i < look->n_answers; i++) {
		const struct case_link *one = &look->answers[i];
		next(b, i);
		buf_lit(b, "{\"whom\":");
		buf_json(b, one->whom);
		buf_lit(b, ",\"answer\":");
		buf_json(b, str_of(case_answer_word(one->answer)));
		buf_lit(b, ",\"words\":");
		buf_json(b, one->words);
		add_time_or_null(b, S(",\"at\":"), one->answered_at_ms);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

void entity_standing(struct buf *b, const struct standing *standing)
{
	buf_lit(b, "{\"points\":");
	buf_i64(b, standing->points);
	buf_lit(b, ",\"offences\":");
	buf_i64(b, standing->offences);
	add_time_or_null(b, S(",\"last_at\":"), standing->last_ms);
	buf_lit(b, ",\"step\":");
	if (standing->offences > 0)
		buf_json(b, str_of(measure_kind_word(standing->step)));
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"ladder\":[");
	for (int i = 0; i < ORDER_STEPS; i++) {
		next(b, (size_t)i);
		buf_json(b, str_of(measure_kind_word(order_ladder(i))));
	}
	buf_char(b, ']');
	add_time_or_null(b, S(",\"decays_at\":"), standing->decays_at_ms);
	buf_char(b, '}');
}

/* What was done to this person before, and of that what is in force. */
static err add_history(struct call *c, struct buf *b, const struct case_look *look)
{
	int64_t now_ms = order_now(c->circle, c->now_ms);
	size_t n = 0;
	err e = OK;
	buf_lit(b, ",\"history\":[");
	for (size_t i = 0; i < look->n_history; i++) {
		next(b, i);
		TRY(entity_measure(c, b, &look->history[i]));
	}
	buf_lit(b, "],\"in_force\":[");
	for (size_t i = 0; i < look->n_history; i++) {
		if (!measure_in_force(&look->history[i].measure, now_ms))
			continue;
		next(b, n++);
		TRY(entity_measure(c, b, &look->history[i]));
	}
	buf_char(b, ']');
out:
	return e;
}

static void add_copies(struct call *c, struct buf *b, const struct case_look *look)
{
	buf_lit(b, ",\"copies\":[");
	for (size_t i = 0; i < look->n_copies; i++) {
		const struct case_copy *one = &look->copies[i];
		next(b, i);
		buf_lit(b, "{\"account\":");
		add_account_or_null(c, b, &one->author);
		add_time_or_null(b, S(",\"at\":"), one->at_ms);
		buf_lit(b, ",\"similarity\":");
		buf_json_real(b, one->similarity);
		buf_lit(b, ",\"depth\":");
		buf_i64(b, one->depth);
		buf_add(b, one->mine ? S(",\"mine\":true}") : S(",\"mine\":false}"));
	}
	buf_char(b, ']');
}

/* The role alone: a steward's name is never given. */
static void add_deeds(struct call *c, struct buf *b, const struct case_look *look)
{
	int64_t now_ms = order_now(c->circle, c->now_ms);
	buf_lit(b, ",\"deeds\":[");
	for (size_t i = 0; i < look->n_deeds; i++) {
		const struct case_deed *one = &look->deeds[i];
		int64_t until_ms = one->at_ms + CASE_UNDO_MS;
		bool may = !one->undone && one->by.v == c->me.person.v && now_ms < until_ms;
		next(b, i);
		buf_lit(b, "{\"id\":");
		buf_json_id(b, one->id);
		buf_lit(b, ",\"decision\":");
		buf_json_id(b, one->decision);
		buf_lit(b, ",\"kind\":");
		buf_json(b, str_of(deed_kind_word(one->kind)));
		add_time_or_null(b, S(",\"at\":"), one->at_ms);
		buf_lit(b, ",\"by_role\":");
		buf_json(b, str_of(order_role_word(c->circle, one->by)));
		buf_lit(b, ",\"note\":");
		buf_json(b, one->note);
		buf_add(b, one->undone ? S(",\"undone\":true") : S(",\"undone\":false"));
		add_time_or_null(b, S(",\"undo_until\":"), may ? until_ms : 0);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void add_others(struct call *c, struct buf *b, const struct case_look *look)
{
	buf_lit(b, ",\"linked\":[");
	for (size_t i = 0; i < look->n_linked; i++) {
		next(b, i);
		buf_lit(b, "{\"id\":");
		buf_json_id(b, look->linked[i].id.v);
		buf_lit(b, ",\"number\":");
		buf_json_id(b, look->linked[i].number);
		buf_char(b, '}');
	}
	buf_lit(b, "],\"similar\":[");
	for (size_t i = 0; i < look->n_similar; i++) {
		next(b, i);
		entity_case_line(c, b, &look->similar[i]);
	}
	buf_char(b, ']');
}

/* By which a steward may act. */
static void add_rules(struct buf *b, const struct case_look *look)
{
	buf_lit(b, ",\"rules\":[");
	for (size_t i = 0; i < look->n_rules; i++) {
		const struct cited *one = &look->rules[i];
		next(b, i);
		buf_lit(b, "{\"id\":");
		buf_json(b, one->id);
		buf_lit(b, ",\"clause\":");
		buf_json(b, one->clause);
		buf_lit(b, ",\"policy\":");
		buf_json(b, one->policy);
		buf_lit(b, ",\"harm\":");
		buf_json(b, str_of(harm_word(one->harm)));
		buf_lit(b, ",\"text\":{\"en\":");
		buf_json(b, one->en);
		buf_lit(b, ",\"zh\":");
		buf_json(b, one->zh);
		buf_lit(b, "}}");
	}
	buf_char(b, ']');
}

err entity_case(struct call *c, struct buf *b, const struct case_look *look)
{
	size_t before = b->n;
	err e;
	begin_line(c, b, &look->line);
	TRY(add_measures(c, b, look));
	add_reports(b, look);
	add_complaints(b, look);
	TRY(add_appeals(c, b, look));
	add_answers(b, look);
	TRY(add_history(c, b, look));
	buf_lit(b, ",\"standing\":");
	if (look->line.one.subject.v != 0)
		entity_standing(b, &look->standing);
	else
		buf_lit(b, "null");
	add_copies(c, b, look);
	add_deeds(c, b, look);
	add_others(c, b, look);
	add_rules(b, look);
	buf_char(b, '}');
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}
