/* The report of a month as text: exact for the store, and for everybody without what would tell of single people. */
#include "circle/transparency_private.h"

#include "circle/few.h"

#include <jansson.h>

#include <stdlib.h>

#define AT_ONCE_OF 50 /* fewer pieces, and the share would tell of single ones */

/* ---- for the store ---- */

static void put(json_t *to, const char *name, int64_t n)
{
	json_object_set_new(to, name, json_integer(n));
}

static void put_text(json_t *to, const char *name, str text)
{
	json_object_set_new(to, name, json_stringn(text.p ? text.p : "", text.n));
}

static void put_hours(json_t *to, const struct month_hours *hours)
{
	put(to, "n", hours->n);
	json_object_set_new(to, "median", json_real(hours->median));
	json_object_set_new(to, "p90", json_real(hours->p90));
}

static json_t *rules_of(const struct month_report *r)
{
	json_t *rules = json_array();
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct month_rule *rule = &r->rules[i];
		json_t *one = json_object();
		put_text(one, "rule", rule->rule);
		put_text(one, "clause", rule->clause);
		put(one, "caught", rule->caught);
		put(one, "appealed", rule->appealed);
		put(one, "kept", rule->kept);
		put(one, "overturned", rule->overturned);
		put(one, "milder", rule->milder);
		put(one, "lapsed", rule->lapsed);
		put_hours(one, &rule->hours);
		json_array_append_new(rules, one);
	}
	return rules;
}

static json_t *down_of(const struct month_report *r)
{
	json_t *down = json_array();
	for (size_t i = 0; i < r->n_down; i++) {
		json_t *one = json_object();
		put_text(one, "rule", r->down[i].rule);
		put(one, "at_ms", r->down[i].at_ms);
		json_array_append_new(down, one);
	}
	return down;
}

static json_t *outcomes_of(const struct month_outcomes *o)
{
	json_t *one = json_object();
	put(one, "kept", o->kept);
	put(one, "overturned", o->overturned);
	put(one, "milder", o->milder);
	put_hours(one, &o->hours);
	return one;
}

str transparency_store(const struct month_report *r, struct arena *mem)
{
	json_t *all = json_object(), *reports = json_object(), *complaints = json_object();
	put_text(all, "month", r->month);
	put(all, "made_at_ms", r->made_at_ms);
	put(all, "pieces", r->pieces);
	put(all, "held", r->held);
	json_object_set_new(all, "rules", rules_of(r));
	json_object_set_new(all, "down", down_of(r));
	put(reports, "received", r->reports.received);
	put(reports, "right", r->reports.right);
	put(reports, "not_confirmed", r->reports.not_confirmed);
	put(reports, "bad_faith", r->reports.bad_faith);
	put_hours(reports, &r->reports.hours);
	json_object_set_new(all, "reports", reports);
	put(complaints, "received", r->complaints.received);
	put(complaints, "in_time", r->complaints.in_time);
	put(complaints, "late", r->complaints.late);
	put_hours(complaints, &r->complaints.hours);
	json_object_set_new(all, "complaints", complaints);
	json_object_set_new(all, "stewards", outcomes_of(&r->stewards));
	json_object_set_new(all, "juries", outcomes_of(&r->juries));
	json_t *appeals = json_object();
	put_hours(appeals, &r->appeals);
	json_object_set_new(all, "appeals", appeals);
	put(all, "appeals_lapsed", r->appeals_lapsed);
	put(all, "appeals_withdrawn", r->appeals_withdrawn);
	put(all, "skipped", r->skipped);
	char *text = json_dumps(all, JSON_COMPACT);
	str body = str_dup(mem, str_of(text));
	free(text);
	json_decref(all);
	return body;
}

static int64_t get(const json_t *from, const char *name)
{
	return json_integer_value(json_object_get(from, name));
}

static str get_text(const json_t *from, const char *name, struct arena *mem)
{
	const json_t *value = json_object_get(from, name);
	if (!json_is_string(value))
		return STR_NONE;
	return str_dup(mem, (str){ json_string_value(value), json_string_length(value) });
}

static struct month_hours get_hours(const json_t *from)
{
	return (struct month_hours){ get(from, "n"),
		                     json_number_value(json_object_get(from, "median")),
		                     json_number_value(json_object_get(from, "p90")), 0 };
}

static void read_rules(const json_t *rules, struct arena *mem, struct month_report *out)
{
	out->n_rules = json_array_size(rules);
	out->rules = ARENA_ARRAY(mem, out->n_rules, struct month_rule);
	for (size_t i = 0; i < out->n_rules; i++) {
		const json_t *one = json_array_get(rules, i);
		out->rules[i] = (struct month_rule){ .rule = get_text(one, "rule", mem),
			                             .clause = get_text(one, "clause", mem),
			                             .caught = get(one, "caught"),
			                             .appealed = get(one, "appealed"),
			                             .kept = get(one, "kept"),
			                             .overturned = get(one, "overturned"),
			                             .milder = get(one, "milder"),
			                             .lapsed = get(one, "lapsed"),
			                             .hours = get_hours(one) };
	}
}

static void read_down(const json_t *down, struct arena *mem, struct month_report *out)
{
	out->n_down = json_array_size(down);
	out->down = ARENA_ARRAY(mem, out->n_down, struct month_down);
	for (size_t i = 0; i < out->n_down; i++) {
		const json_t *one = json_array_get(down, i);
		out->down[i] = (struct month_down){ get_text(one, "rule", mem), get(one, "at_ms") };
	}
}

static struct month_outcomes get_outcomes(const json_t *from)
{
	return (struct month_outcomes){ get(from, "kept"), get(from, "overturned"),
		                        get(from, "milder"), get_hours(from) };
}

err transparency_restore(str body, struct arena *mem, struct month_report *out)
{
	json_t *all = json_loadb(body.p ? body.p : "", body.n, 0, NULL);
	const json_t *reports = json_object_get(all, "reports"),
		     *complaints = json_object_get(all, "complaints");
	*out = (struct month_report){ .month = get_text(all, "month", mem),
		                      .made_at_ms = get(all, "made_at_ms"),
		                      .pieces = get(all, "pieces"),
		                      .held = get(all, "held"),
		                      .stewards = get_outcomes(json_object_get(all, "stewards")),
		                      .juries = get_outcomes(json_object_get(all, "juries")),
		                      .appeals = get_hours(json_object_get(all, "appeals")),
		                      .appeals_lapsed = get(all, "appeals_lapsed"),
		                      .appeals_withdrawn = get(all, "appeals_withdrawn"),
		                      .skipped = get(all, "skipped") };
	read_rules(json_object_get(all, "rules"), mem, out);
	read_down(json_object_get(all, "down"), mem, out);
	out->reports.received = get(reports, "received");
	out->reports.right = get(reports, "right");
	out->reports.not_confirmed = get(reports, "not_confirmed");
	out->reports.bad_faith = get(reports, "bad_faith");
	out->reports.hours = get_hours(reports);
	out->complaints.received = get(complaints, "received");
	out->complaints.in_time = get(complaints, "in_time");
	out->complaints.late = get(complaints, "late");
	out->complaints.hours = get_hours(complaints);
	json_decref(all);
	transparency_make_sure(out);
	return out->month.n > 0 ? OK : err_system("a report of a month that is none");
}

/* ---- for everybody ---- */

static int64_t sure_of(int64_t kept, int64_t overturned, int64_t milder)
{
	return few_sure(kept) + few_sure(overturned) + few_sure(milder);
}

void transparency_make_sure(struct month_report *r)
{
	for (size_t i = 0; i < r->n_rules; i++)
		r->rules[i].hours.sure = sure_of(r->rules[i].kept, r->rules[i].overturned,
		                                 r->rules[i].milder);
	r->stewards.hours.sure = sure_of(r->stewards.kept, r->stewards.overturned,
	                                 r->stewards.milder);
	r->juries.hours.sure = sure_of(r->juries.kept, r->juries.overturned, r->juries.milder);
	r->appeals.sure = r->stewards.hours.sure + r->juries.hours.sure;
	r->reports.hours.sure = sure_of(r->reports.right, r->reports.not_confirmed,
	                                r->reports.bad_faith);
	r->complaints.hours.sure = sure_of(r->complaints.in_time, r->complaints.late, 0);
}

bool transparency_tells_median(const struct month_hours *hours)
{
	return hours->sure >= TRANSPARENCY_MEDIAN_OF;
}

bool transparency_tells_p90(const struct month_hours *hours)
{
	return hours->sure >= TRANSPARENCY_P90_OF;
}

int transparency_at_once(const struct month_report *r)
{
	int64_t held = few_sure(r->held) + FEW - 1;
	if (r->pieces < AT_ONCE_OF)
		return -1;
	return held < r->pieces ? (int)((r->pieces - held) * 1000 / r->pieces) : 0;
}

static void add_hours(struct buf *b, const struct month_hours *hours)
{
	buf_lit(b, ",\"median_hours\":");
	if (transparency_tells_median(hours))
		buf_format(b, "%.0f", hours->median);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"p90_hours\":");
	if (transparency_tells_p90(hours))
		buf_format(b, "%.0f", hours->p90);
	else
		buf_lit(b, "null");
}

static void add(struct buf *b, const char *name, int64_t n)
{
	buf_format(b, "\"%s\":", name);
	few_json_sure(b, n);
}

static void add_total(struct buf *b, const char *name, const struct few_total *total)
{
	buf_format(b, "\"%s\":", name);
	few_json_total(b, total);
}

static void add_rules(struct buf *b, const struct month_report *r)
{
	struct few_total caught = { 0 }, appealed = { 0 }, kept = { 0 }, overturned = { 0 },
			 milder = { 0 }, lapsed = { 0 };
	buf_lit(b, ",\"rules\":[");
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct month_rule *rule = &r->rules[i];
		buf_add(b, i > 0 ? S(",{\"rule\":") : S("{\"rule\":"));
		buf_json(b, rule->rule);
		buf_lit(b, ",\"clause\":");
		buf_json(b, rule->clause);
		buf_char(b, ',');
		add(b, "caught", rule->caught);
		buf_char(b, ',');
		add(b, "appealed", rule->appealed);
		buf_char(b, ',');
		add(b, "kept", rule->kept);
		buf_char(b, ',');
		add(b, "overturned", rule->overturned);
		buf_char(b, ',');
		add(b, "milder", rule->milder);
		buf_char(b, ',');
		add(b, "lapsed", rule->lapsed);
		add_hours(b, &rule->hours);
		buf_char(b, '}');
		few_add(&caught, rule->caught);
		few_add(&appealed, rule->appealed);
		few_add(&kept, rule->kept);
		few_add(&overturned, rule->overturned);
		few_add(&milder, rule->milder);
		few_add(&lapsed, rule->lapsed);
	}
	buf_lit(b, "],\"total\":{");
	add_total(b, "caught", &caught);
	buf_char(b, ',');
	add_total(b, "appealed", &appealed);
	buf_char(b, ',');
	add_total(b, "kept", &kept);
	buf_char(b, ',');
	add_total(b, "overturned", &overturned);
	buf_char(b, ',');
	add_total(b, "milder", &milder);
	buf_char(b, ',');
	add_total(b, "lapsed", &lapsed);
	buf_char(b, '}');
}

static void add_day(struct buf *b, int64_t at_ms)
{
	struct buf time;
	buf_init(&time, b->mem, 64);
	buf_time(&time, at_ms);
	buf_json(b, str_slice(buf_str(&time), 0, 10));
}

static void add_down(struct buf *b, const struct month_report *r)
{
	buf_lit(b, ",\"down\":[");
	for (size_t i = 0; i < r->n_down; i++) {
		buf_add(b, i > 0 ? S(",{\"rule\":") : S("{\"rule\":"));
		buf_json(b, r->down[i].rule);
		buf_lit(b, ",\"day\":");
		add_day(b, r->down[i].at_ms);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void add_leads(struct buf *b, const struct month_report *r)
{
	buf_lit(b, ",\"reports\":{\"received\":");
	few_json_sure(b, r->reports.received);
	buf_char(b, ',');
	add(b, "right", r->reports.right);
	buf_char(b, ',');
	add(b, "not_confirmed", r->reports.not_confirmed);
	buf_char(b, ',');
	add(b, "bad_faith", r->reports.bad_faith);
	add_hours(b, &r->reports.hours);
	buf_lit(b, "},\"complaints\":{\"received\":");
	few_json_sure(b, r->complaints.received);
	buf_char(b, ',');
	add(b, "in_time", r->complaints.in_time);
	buf_char(b, ',');
	add(b, "late", r->complaints.late);
	add_hours(b, &r->complaints.hours);
	buf_char(b, '}');
}

static void add_outcomes(struct buf *b, const char *name, const struct month_outcomes *o)
{
	buf_format(b, ",\"%s\":{", name);
	add(b, "kept", o->kept);
	buf_char(b, ',');
	add(b, "overturned", o->overturned);
	buf_char(b, ',');
	add(b, "milder", o->milder);
	add_hours(b, &o->hours);
}

void transparency_json(struct buf *b, const struct month_report *r)
{
	int at_once = transparency_at_once(r);
	buf_lit(b, "\"month\":");
	buf_json(b, r->month);
	buf_lit(b, ",\"made_at\":");
	buf_json_time(b, r->made_at_ms);
	buf_lit(b, ",\"published_at_once_percent\":");
	if (at_once < 0)
		buf_lit(b, "null");
	else
		buf_format(b, "%d.%d", at_once / 10, at_once % 10);
	add_rules(b, r);
	add_down(b, r);
	add_leads(b, r);
	buf_lit(b, ",\"appeals\":{\"lapsed\":");
	few_json_sure(b, r->appeals_lapsed);
	buf_lit(b, ",\"withdrawn\":");
	few_json_sure(b, r->appeals_withdrawn);
	add_hours(b, &r->appeals);
	add_outcomes(b, "by_steward", &r->stewards);
	buf_char(b, '}');
	add_outcomes(b, "by_jury", &r->juries);
	buf_char(b, ',');
	add(b, "skipped", r->skipped);
	buf_lit(b, "}}");
}
