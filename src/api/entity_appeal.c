/* See entity.h. Appeals as their subject sees them, seats as their jurors do, and a draw as everybody may. */
#include "api/entity.h"

#include "circle/appeal.h"
#include "circle/audit_root.h"
#include "circle/jury.h"

#include "base/encode.h"

#include <jansson.h>
#include <stdlib.h>

static void add_time_or_null(struct buf *b, str name, int64_t at_ms)
{
	buf_add(b, name);
	if (at_ms == 0)
		buf_lit(b, "null");
	else
		buf_json_time(b, at_ms);
}

static void add_text_or_null(struct buf *b, str name, str text)
{
	buf_add(b, name);
	if (text.n == 0)
		buf_lit(b, "null");
	else
		buf_json(b, text);
}

static void add_word(struct buf *b, str name, const char *word)
{
	buf_add(b, name);
	if (word == NULL)
		buf_lit(b, "null");
	else
		buf_json(b, str_of(word));
}

static void add_number(struct buf *b, str name, int64_t number)
{
	buf_add(b, name);
	buf_i64(b, number);
}

static void add_hash(struct buf *b, str name, const unsigned char hash[HASH_BYTES])
{
	buf_add(b, name);
	buf_json(b, hex_of(b->mem, hash, HASH_BYTES));
}

static void add_votes(struct buf *b, const struct tally *votes)
{
	buf_format(b, "{\"keep\":%d,\"overturn\":%d,\"milder\":%d}", votes->keep, votes->overturn,
	           votes->milder);
}

/* ---- appeals ---- */

static void add_outcome(struct buf *b, const struct seen_appeal *s)
{
	const struct appeal *a = &s->appeal;
	bool shows = a->state != APPEAL_OPEN && a->seats > 0;
	add_time_or_null(b, S(",\"decided_at\":"), a->decided_at_ms);
	add_text_or_null(b, S(",\"note\":"), a->note);
	buf_lit(b, ",\"votes\":");
	if (shows)
		add_votes(b, &s->votes);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"juror_notes\":[");
	for (size_t i = 0; shows && i < s->n_notes; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_json(b, s->notes[i]);
	}
	buf_char(b, ']');
}

void entity_appeal(struct call *c, struct buf *b, const struct seen_appeal *s)
{
	const struct appeal *a = &s->appeal;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, a->id.v);
	buf_lit(b, ",\"measure_id\":");
	buf_json_id(b, a->measure.v);
	buf_lit(b, ",\"number\":");
	buf_json_id(b, a->number);
	add_number(b, S(",\"nth\":"), a->nth);
	add_word(b, S(",\"state\":"), appeal_state_word(a->state));
	buf_lit(b, ",\"words\":");
	buf_json(b, a->words);
	add_time_or_null(b, S(",\"filed_at\":"), a->filed_at_ms);
	add_time_or_null(b, S(",\"due_at\":"), a->due_at_ms);
	add_word(b, S(",\"way\":"), appeal_way_word(a->way));
	add_word(b, S(",\"step\":"), appeal_step_word(a->step));
	add_number(b, S(",\"seats\":"), a->seats);
	add_number(b, S(",\"voted\":"), s->votes.keep + s->votes.overturn + s->votes.milder);
	add_outcome(b, s);
	buf_lit(b, ",\"draw\":");
	if (a->seats > 0)
		buf_json(b, str_format(c->mem, "/api/kith/v1/draws/%lld", (long long)a->id.v));
	else
		buf_lit(b, "null");
	buf_char(b, '}');
}

void entity_appeal_prospect(struct call *c, struct buf *b, const struct appeal_prospect *p)
{
	buf_lit(b, ",\"appeal\":");
	if (p->filed)
		entity_appeal(c, b, &p->appeal);
	else
		buf_lit(b, "null");
	buf_add(b, p->may ? S(",\"may_appeal\":true") : S(",\"may_appeal\":false"));
	add_time_or_null(b, S(",\"appeal_until\":"), p->until_ms);
}

/* ---- jurors ---- */

void entity_juror(struct buf *b, const struct seen_juror *s)
{
	const struct juror *j = &s->juror;
	buf_add(b, s->willing ? S("{\"willing\":true") : S("{\"willing\":false"));
	add_time_or_null(b, S(",\"since\":"), s->willing ? j->since_ms : 0);
	add_text_or_null(b, S(",\"number\":"), j->number);
	add_number(b, S(",\"asked\":"), j->n_asked);
	add_number(b, S(",\"checked\":"), j->n_checked);
	add_number(b, S(",\"right\":"), j->n_right);
	add_number(b, S(",\"skipped\":"), j->n_skipped);
	buf_add(b, s->why == NULL ? S(",\"may\":true,\"why\":") : S(",\"may\":false,\"why\":"));
	if (s->why == NULL) {
		buf_lit(b, "null");
	} else {
		buf_lit(b, "{\"en\":");
		buf_json(b, str_of(s->why->en));
		buf_lit(b, ",\"zh\":");
		buf_json(b, str_of(s->why->zh));
		buf_char(b, '}');
	}
	buf_char(b, '}');
}

/* ---- seats ---- */

static void add_json(struct buf *b, const json_t *value, str otherwise)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	buf_add(b, text ? str_of(text) : otherwise);
	free(text);
}

/* Places in the words as they are shown. */
static void add_spans(struct buf *b, const struct blinded *text, const json_t *spans)
{
	const json_t *span;
	size_t i;
	buf_char(b, '[');
	json_array_foreach(spans, i, span)
	{
		json_int_t from = json_integer_value(json_array_get(span, 0)),
			   to = json_integer_value(json_array_get(span, 1));
		buf_format(b, "%s[%zu,%zu]", i > 0 ? "," : "",
		           blind_from(text, from > 0 ? (size_t)from : 0),
		           blind_to(text, to > 0 ? (size_t)to : 0));
	}
	buf_char(b, ']');
}

static void add_reasons(struct buf *b, const struct seen_seat *s, const json_t *reasons)
{
	const json_t *reason;
	size_t i;
	buf_lit(b, ",\"reasons\":[");
	json_array_foreach(s->has_case ? reasons : NULL, i, reason)
	{
		buf_add(b, i > 0 ? S(",{\"rule\":") : S("{\"rule\":"));
		add_json(b, json_object_get(reason, "rule"), S("\"\""));
		buf_lit(b, ",\"clause\":");
		add_json(b, json_object_get(reason, "clause"), S("\"\""));
		buf_lit(b, ",\"text\":");
		add_json(b, json_object_get(reason, "text"), S("{\"en\":\"\",\"zh\":\"\"}"));
		buf_lit(b, ",\"spans\":");
		add_spans(b, &s->judged.text, json_object_get(reason, "spans"));
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void add_pictures(struct call *c, struct buf *b, const struct seen_seat *s)
{
	buf_lit(b, ",\"pictures\":[");
	for (int i = 1; s->has_case && i <= s->judged.n_pictures; i++) {
		buf_add(b, i > 1 ? S(",{\"url\":") : S("{\"url\":"));
		buf_json(b, str_format(c->mem, "%.*s/api/kith/v1/juries/%lld/pictures/%d",
		                       STR_ARG(c->url), (long long)s->id, i));
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void add_case(struct call *c, struct buf *b, const struct seen_seat *s)
{
	const struct jury_case *k = &s->judged;
	json_t *evidence = json_loadb(k->evidence.p ? k->evidence.p : "", k->evidence.n, 0, NULL);
	const json_t *reasons = json_object_get(evidence, "reasons"),
		     *first = json_array_get(reasons, 0);
	buf_lit(b, ",\"case\":{\"text\":");
	buf_json(b, k->text.text);
	buf_lit(b, ",\"spans\":[]");
	add_pictures(c, b, s);
	buf_lit(b, ",\"audience_count\":null");
	add_reasons(b, s, reasons);
	buf_lit(b, ",\"rule\":{\"id\":");
	buf_json(b, k->rule);
	buf_lit(b, ",\"clause\":");
	add_json(b, json_object_get(first, "clause"), S("\"\""));
	buf_lit(b, ",\"text\":");
	add_json(b, json_object_get(first, "text"), S("{\"en\":\"\",\"zh\":\"\"}"));
	buf_lit(b, ",\"policy\":");
	buf_json(b, k->policy);
	buf_lit(b, "},\"words\":");
	buf_json(b, k->words.text);
	add_text_or_null(b, S(",\"statement\":"), k->statement);
	buf_add(b, k->milder ? S(",\"milder\":true") : S(",\"milder\":false"));
	add_word(b, S(",\"kind\":"), measure_kind_word(k->kind));
	buf_char(b, '}');
	json_decref(evidence);
}

void entity_seat(struct call *c, struct buf *b, const struct seen_seat *s)
{
	static const char *const states[] = {
		[SEAT_ASKED] = "asked",        [SEAT_VOTED] = "voted",   [SEAT_SKIPPED] = "skipped",
		[SEAT_PASSED_OVER] = "closed", [SEAT_CLOSED] = "closed", [SEAT_LEFT] = "closed"
	};
	const struct tally *others = &s->others;
	bool voted = s->state == SEAT_VOTED;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, s->id);
	/* For the juror alone, to call it something: the appeal's own number would tell which case is real. */
	buf_format(b, ",\"number\":\"%lld\"", (long long)(s->id % 1000000));
	add_word(b, S(",\"state\":"), states[s->state]);
	add_time_or_null(b, S(",\"due_at\":"), s->due_at_ms);
	add_number(b, S(",\"seats\":"), s->seats);
	add_number(b, S(",\"voted\":"), others->keep + others->overturn + others->milder + voted);
	add_number(b, S(",\"needed\":"), DRAW_PERCENT);
	add_case(c, b, s);
	add_word(b, S(",\"vote\":"), voted ? vote_word(s->vote) : NULL);
	add_text_or_null(b, S(",\"note\":"), s->note);
	add_time_or_null(b, S(",\"changes_until\":"), s->has_case ? s->changes_until_ms : 0);
	buf_lit(b, ",\"others\":");
	if (s->has_others)
		add_votes(b, others);
	else
		buf_lit(b, "null");
	buf_char(b, '}');
}

/* ---- what everybody may know ---- */

void entity_numbers(struct buf *b, str list)
{
	bool first = true;
	buf_char(b, '[');
	while (list.n > 0) {
		if (!first)
			buf_char(b, ',');
		buf_json(b, str_cut(&list, '\n'));
		first = false;
	}
	buf_char(b, ']');
}

void entity_draw(struct buf *b, const struct seen_draw *d)
{
	static const char *const states[] = {
		[SEAT_ASKED] = "seated",     [SEAT_VOTED] = "seated",
		[SEAT_SKIPPED] = "replaced", [SEAT_PASSED_OVER] = "passed_over",
		[SEAT_CLOSED] = "seated",    [SEAT_LEFT] = "replaced"
	};
	const struct appeal *a = &d->appeal;
	buf_lit(b, "{\"number\":");
	buf_json_id(b, a->number);
	buf_lit(b, ",\"appeal\":");
	buf_json_id(b, a->id.v);
	buf_lit(b, ",\"root_day\":");
	buf_json(b, audit_day_text(a->root_day, b->mem));
	add_hash(b, S(",\"root\":"), a->root);
	add_hash(b, S(",\"list_hash\":"), a->list_hash);
	buf_lit(b, ",\"list\":");
	entity_numbers(b, d->list);
	add_word(b, S(",\"step\":"), appeal_step_word(a->step));
	add_number(b, S(",\"seats\":"), a->seats);
	buf_lit(b, ",\"walk\":[");
	for (size_t i = 0; i < d->n; i++) {
		buf_add(b, i > 0 ? S(",{\"number\":") : S("{\"number\":"));
		buf_json(b, d->walk[i].number);
		add_word(b, S(",\"state\":"), states[d->walk[i].state]);
		buf_char(b, '}');
	}
	buf_lit(b, "]}");
}
