/* How the order does, and what the keeper has set for it. */
#include "api/handlers.h"

#include "circle/calendar.h"
#include "circle/govern.h"
#include "circle/order.h"

#define DAYS_DEFAULT 90
#define SAY_VERSION "Say which version of the settings you looked at."
#define DAY_MS (INT64_C(24) * 3600 * 1000)

static void add_day(struct call *c, struct buf *b, int64_t day)
{
	struct buf time;
	buf_init(&time, c->mem, 64);
	buf_time(&time, day * DAY_MS);
	buf_json(b, str_slice(buf_str(&time), 0, 10));
}

static void add_rules(struct buf *b, const struct order_figures *f)
{
	buf_lit(b, ",\"rules\":[");
	for (size_t i = 0; i < f->n_rules; i++) {
		const struct rule_count *one = &f->rules[i];
		double rate = one->decided ? (double)one->overturned / (double)one->decided : 0;
		buf_add(b, i > 0 ? S(",{\"rule\":") : S("{\"rule\":"));
		buf_json(b, one->rule);
		buf_lit(b, ",\"caught\":");
		buf_i64(b, one->caught);
		buf_lit(b, ",\"appealed\":");
		buf_i64(b, one->appealed);
		buf_lit(b, ",\"decided\":");
		buf_i64(b, one->decided);
		buf_lit(b, ",\"overturned\":");
		buf_i64(b, one->overturned);
		buf_lit(b, ",\"milder\":");
		buf_i64(b, one->milder);
		buf_lit(b, ",\"rate\":");
		buf_json_real(b, rate);
		buf_add(b, f->down[i] ? S(",\"down\":true}") : S(",\"down\":false}"));
	}
	buf_char(b, ']');
}

err api_govern_figures(struct call *c)
{
	struct buf *b = call_json(c);
	struct order_figures f;
	int64_t days;
	err e;
	TRY(params_i64(c->params, "days", DAYS_DEFAULT, &days));
	TRY(govern_figures(c->circle, c->me.person, days, c->now_ms, c->mem, &f));
	buf_lit(b, "{\"days\":[");
	for (size_t i = 0; i < f.n_days; i++) {
		if (i > 0)
			buf_char(b, ',');
		add_day(c, b, f.first_day + (int64_t)i);
	}
	buf_lit(b, "],\"inflow\":[");
	for (size_t i = 0; i < f.n_days; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_i64(b, f.inflow[i]);
	}
	buf_lit(b, "],\"age\":{\"p50\":");
	buf_json_real(b, f.p50_hours);
	buf_lit(b, ",\"p90\":");
	buf_json_real(b, f.p90_hours);
	buf_char(b, '}');
	add_rules(b, &f);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

static err send_settings(struct call *c, const struct order_rules *rules)
{
	struct order_time is = order_time(c->circle, c->now_ms);
	struct buf *b = call_json(c);
	buf_lit(b, "{\"holidays\":[");
	for (size_t i = 0; i < rules->n_holidays; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_json(b, rules->holidays[i]);
	}
	buf_lit(b, "],\"overturn_limit\":");
	buf_i64(b, rules->overturn_limit);
	buf_lit(b, ",\"juror_days\":");
	buf_i64(b, rules->juror_days);
	buf_lit(b, ",\"version\":");
	buf_i64(b, rules->version);
	buf_lit(b, ",\"clock\":");
	if (is.doubted) {
		buf_lit(b, "{\"order\":");
		buf_json_time(b, is.now_ms);
		buf_lit(b, ",\"wall\":");
		buf_json_time(b, is.wall_ms);
		buf_char(b, '}');
	} else {
		buf_lit(b, "null");
	}
	buf_char(b, '}');
	return call_send(c);
}

err api_govern_settings(struct call *c)
{
	struct order_rules rules;
	err e;
	TRY(govern_rules(c->circle, c->me.person, c->mem, &rules));
	TRY(send_settings(c, &rules));
out:
	return e;
}

/* What is not given stays as it is. */
err api_govern_set(struct call *c)
{
	struct order_rules was, rules, out;
	int64_t limit, days, version;
	str *holidays;
	err e;
	TRY(params_i64(c->params, "version", -1, &version));
	if (version < 0)
		TRY(err_input("version", SAY_VERSION));
	TRY(govern_rules(c->circle, c->me.person, c->mem, &was));
	rules = was;
	rules.version = version;
	if (params_has(c->params, "holidays")) {
		TRY(params_strs(c->params, "holidays", HOLIDAYS_MAX, c->mem, &holidays,
		                &rules.n_holidays));
		rules.holidays = holidays;
	}
	TRY(params_i64(c->params, "overturn_limit", was.overturn_limit, &limit));
	TRY(params_i64(c->params, "juror_days", was.juror_days, &days));
	rules.overturn_limit = limit >= 0 && limit <= 100 ? (int)limit : 0;
	rules.juror_days = days >= 0 && days <= JUROR_DAYS_MAX ? (int)days : -1;
	e = govern_set(c->circle, c->me.person, &rules, c->now_ms, c->mem, &out);
	if (e.code == ERR_CONFLICT)
		c->fault_status =
			409; /* the field that is named is not what is wrong: it is late */
	TRY(e);
	TRY(send_settings(c, &out));
out:
	return e;
}
