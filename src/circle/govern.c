#include "circle/govern.h"

#include "circle/audit.h"
#include "circle/calendar.h"
#include "circle/docket_private.h"
#include "circle/summon.h"
#include "circle/turndown.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "base/buf.h"
#include "store/order_settings.h"

#include <stdlib.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define OVERTURN_LIMIT_SETTING S("overturn_limit")
#define VERSION_SETTING S("version")
#define WAITING_MAX 100000
#define RULES_MAX 1000
#define OF_RULE_MAX 5000 /* measures of one rule that are counted: more say no more about it */

#define SAY_HOLIDAYS "Holidays are at most 400 dates like 2026-01-01."
#define SAY_LIMIT "The limit is 1 to 100 per cent."
#define SAY_JURORS "Jurors wait 0 to 3650 days."
#define SAY_VERSION "These settings were saved by somebody else since you looked at them."
#define SAY_DAYS "Figures are of 1 to 366 days."

/* ---- what is set ---- */

static err read_number(struct conn *conn, str name, int otherwise, struct arena *mem, int *out)
{
	str value;
	int64_t number;
	err e = order_settings_get(conn, name, mem, &value);
	*out = otherwise;
	if (!failed(e) && value.n > 0 && str_to_i64(value, &number) && number >= 0 &&
	    number <= JUROR_DAYS_MAX)
		*out = (int)number;
	return e;
}

static err read_version(struct conn *conn, struct arena *mem, int64_t *out)
{
	str value;
	err e = order_settings_get(conn, VERSION_SETTING, mem, &value);
	*out = 0;
	if (!failed(e) && value.n > 0 && !str_to_i64(value, out))
		e = err_system("the version of the settings is no number");
	return e;
}

static err read_holidays(struct conn *conn, struct arena *mem, struct order_rules *out)
{
	str *all = ARENA_ARRAY(mem, HOLIDAYS_MAX, str);
	str value;
	int64_t day;
	err e;
	TRY(order_settings_get(conn, CALENDAR_SETTING, mem, &value));
	out->holidays = all;
	out->n_holidays = 0;
	while (value.p != NULL && out->n_holidays < HOLIDAYS_MAX) {
		str date = str_cut(&value, ' ');
		if (calendar_day(date, &day))
			all[out->n_holidays++] = date;
	}
out:
	return e;
}

err govern_rules(struct circle *c, person_id steward, struct arena *mem, struct order_rules *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(docket_check_steward(c, steward));
	TRY(store_read(c->store, &conn));
	TRY(read_holidays(conn, mem, out));
	TRY(read_number(conn, OVERTURN_LIMIT_SETTING, TURNDOWN_LIMIT_PERCENT, mem,
	                &out->overturn_limit));
	TRY(read_number(conn, JUROR_DAYS_SETTING, JUROR_DAYS, mem, &out->juror_days));
	TRY(read_version(conn, mem, &out->version));
out:
	store_read_end(c->store, &conn);
	return e;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

/* Ascending, each once. */
static err sort_holidays(const struct order_rules *rules, struct arena *mem,
                         struct order_rules *out)
{
	str *all;
	int64_t day;
	size_t n = 0;
	if (rules->n_holidays > HOLIDAYS_MAX)
		return err_input("holidays", SAY_HOLIDAYS);
	all = ARENA_ARRAY(mem, rules->n_holidays, str);
	for (size_t i = 0; i < rules->n_holidays; i++) {
		if (!calendar_day(rules->holidays[i], &day))
			return err_input("holidays", SAY_HOLIDAYS);
		all[i] = rules->holidays[i];
	}
	if (rules->n_holidays > 0)
		qsort(all, rules->n_holidays, sizeof *all, by_text);
	for (size_t i = 0; i < rules->n_holidays; i++)
		if (n == 0 || !str_eq(all[n - 1], all[i]))
			all[n++] = all[i];
	out->holidays = all;
	out->n_holidays = n;
	return OK;
}

struct set_job {
	struct circle *c;
	person_id keeper;
	struct order_rules *rules;
	int64_t looked_at; /* version */
	str holidays;
	struct arena *mem;
	int64_t now_ms;
};

static err put_number(struct conn *tx, str name, int64_t number, struct arena *mem)
{
	return order_settings_put(tx, name, str_format(mem, "%lld", (long long)number));
}

static err next_version(struct conn *tx, const struct set_job *job)
{
	int64_t version;
	err e;
	TRY(read_version(tx, job->mem, &version));
	if (version != job->looked_at)
		TRY(err_conflict("version", SAY_VERSION));
	job->rules->version = version + 1;
	TRY(put_number(tx, VERSION_SETTING, version + 1, job->mem));
out:
	return e;
}

static err set_work(struct conn *tx, void *ctx)
{
	const struct set_job *job = ctx;
	struct audit_entry entry = {
		.kind = "settings",
		.fields = { { "by", AUDIT_PERSON, job->keeper.v, STR_NONE },
		            { "holidays", AUDIT_WORD, 0, job->holidays },
		            { "overturn-limit", AUDIT_NUMBER, job->rules->overturn_limit,
		              STR_NONE },
		            { "juror-days", AUDIT_NUMBER, job->rules->juror_days, STR_NONE } },
		.n = 4,
	};
	struct see_person who;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	who = door.see.person(door.see.ctx, job->keeper);
	TRY(door_answer(&door, true, NULL));
	if (!who.active || who.role != ROLE_KEEPER)
		return err_denied("only the keeper sets this");
	TRY(next_version(tx, job));
	TRY(order_settings_put(tx, CALENDAR_SETTING, job->holidays));
	TRY(put_number(tx, OVERTURN_LIMIT_SETTING, job->rules->overturn_limit, job->mem));
	TRY(put_number(tx, JUROR_DAYS_SETTING, job->rules->juror_days, job->mem));
	TRY(audit_append(job->c, tx, &entry, job->now_ms, NULL));
out:
	return e;
}

err govern_set(struct circle *c, person_id keeper, const struct order_rules *rules, int64_t now_ms,
               struct arena *mem, struct order_rules *out)
{
	struct set_job job = { c, keeper, out, rules->version, STR_NONE, mem, now_ms };
	struct buf b;
	err e;
	if (rules->overturn_limit < 1 || rules->overturn_limit > 100)
		return err_input("overturn_limit", SAY_LIMIT);
	if (rules->juror_days < 0 || rules->juror_days > JUROR_DAYS_MAX)
		return err_input("juror_days", SAY_JURORS);
	*out = *rules;
	TRY(sort_holidays(rules, mem, out));
	buf_init(&b, mem, HOLIDAYS_MAX * 11 + 1);
	for (size_t i = 0; i < out->n_holidays; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		buf_add(&b, out->holidays[i]);
	}
	job.holidays = buf_str(&b);
	TRY(verb_write(c, set_work, NULL, &job));
out:
	return e;
}

/* ---- how it does ---- */

static err count_inflow(struct conn *conn, person_id steward, struct arena *mem,
                        struct order_figures *out)
{
	struct day_count *days;
	size_t n;
	err e;
	TRY(order_counts_opened(conn, out->first_day * DAY_MS, steward, mem, &days, &n));
	out->inflow = ARENA_ARRAY(mem, out->n_days, int64_t);
	for (size_t i = 0; i < n; i++) {
		int64_t at = days[i].day - out->first_day;
		if (at >= 0 && at < (int64_t)out->n_days)
			out->inflow[at] = days[i].n;
	}
out:
	return e;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* The nearest rank: the least age that so many per cent are no older than. */
static double rank_hours(const int64_t *opened_at_ms, size_t n, int percent, int64_t now_ms)
{
	size_t rank = (n * (size_t)percent + 99) / 100;
	int64_t age_ms;
	if (n == 0)
		return 0;
	age_ms = now_ms - opened_at_ms[n - rank]; /* ascending: the youngest is last */
	return age_ms > 0 ? (double)age_ms / (3600 * 1000) : 0;
}

static err count_waiting(struct conn *conn, person_id steward, int64_t now_ms, struct arena *mem,
                         struct order_figures *out)
{
	int64_t *opened;
	size_t n;
	err e;
	TRY(order_counts_waiting(conn, steward, WAITING_MAX, mem, &opened, &n));
	if (n > 0)
		qsort(opened, n, sizeof *opened, by_number);
	out->p50_hours = rank_hours(opened, n, 50, now_ms);
	out->p90_hours = rank_hours(opened, n, 90, now_ms);
out:
	return e;
}

err govern_figures(struct circle *c, person_id steward, int64_t days, int64_t now_ms,
                   struct arena *mem, struct order_figures *out)
{
	struct conn *conn = NULL;
	err e;
	if (days < 1 || days > FIGURES_DAYS_MAX)
		return err_input("days", SAY_DAYS);
	*out = (struct order_figures){ .first_day = now_ms / DAY_MS - days + 1,
		                       .n_days = (size_t)days };
	TRY(docket_check_steward(c, steward));
	TRY(store_read(c->store, &conn));
	TRY(count_inflow(conn, steward, mem, out));
	TRY(count_waiting(conn, steward, now_ms, mem, out));
	TRY(order_counts_rules(conn, out->first_day * DAY_MS, OF_RULE_MAX, RULES_MAX, mem,
	                       &out->rules, &out->n_rules));
	out->down = ARENA_ARRAY(mem, out->n_rules, bool);
	for (size_t i = 0; i < out->n_rules; i++)
		out->down[i] = turndown_is(c, out->rules[i].rule);
out:
	store_read_end(c->store, &conn);
	return e;
}
