/* Everything a year back is looked through, since what was begun long ago may have been decided in this month. */
#include "circle/transparency_private.h"

#include "circle/audit.h"
#include "circle/calendar.h"
#include "circle/order.h"
#include "circle/remember.h"
#include "circle/verb.h"
#include "store/order_months.h"
#include "store/rules_down.h"

#include "base/encode.h"

#include <sodium.h>

#include <stdlib.h>
#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define BACK_MS (400 * DAY_MS) /* half a year to appeal, and the time it takes */
#define PAGE 1000
#define LEADS_MAX 100000
#define RULES_MAX 400

/* ---- months ---- */

bool transparency_month(str month, int64_t *from_ms, int64_t *to_ms)
{
	char date[11] = "0000-00-01";
	int64_t first, next;
	if (month.n != 7)
		return false;
	memcpy(date, month.p, 7);
	if (!calendar_day(str_of(date), &first))
		return false;
	/* 31 days later it is the next month for sure: back to its first. */
	for (next = first + 28; next < first + 32; next++) {
		struct arena *mem = arena_new(256);
		struct buf b;
		buf_init(&b, mem, 64);
		buf_time(&b, next * DAY_MS);
		bool other = !str_starts(buf_str(&b), month);
		arena_free(mem);
		if (other)
			break;
	}
	*from_ms = first * DAY_MS;
	*to_ms = next * DAY_MS;
	return true;
}

/* The month an instant is in. */
static str month_of(int64_t at_ms, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, 64);
	buf_time(&b, at_ms);
	return str_slice(buf_str(&b), 0, 7);
}

/* ---- reckoning ---- */

struct times {
	int64_t *ms;
	size_t n, cap;
};

struct rule_times {
	struct month_rule *rule;
	struct times times;
};

struct reckoning {
	struct circle *c;
	struct conn *conn;
	struct arena *mem, *scratch;
	int64_t from_ms, to_ms;
	struct month_report *out;
	struct rule_times rules[RULES_MAX];
	size_t n_rules;
	struct times reports, complaints, stewards, juries, appeals;
};

static bool within(const struct reckoning *r, int64_t at_ms)
{
	return at_ms >= r->from_ms && at_ms < r->to_ms;
}

static void take_time(struct reckoning *r, struct times *times, int64_t from_ms, int64_t to_ms)
{
	if (times->n == times->cap) {
		size_t cap = times->cap ? 2 * times->cap : 32;
		times->ms = arena_grow(r->mem, times->ms, times->cap * sizeof *times->ms,
		                       cap * sizeof *times->ms);
		times->cap = cap;
	}
	times->ms[times->n++] = to_ms > from_ms ? to_ms - from_ms : 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The nearest rank. */
static double rank_hours(const struct times *times, size_t percent)
{
	size_t rank = (times->n * percent + 99) / 100;
	return (double)times->ms[rank - 1] / (3600 * 1000);
}

static struct month_hours hours_of(struct times *times)
{
	struct month_hours hours = { .n = (int64_t)times->n };
	if (times->n == 0)
		return hours;
	qsort(times->ms, times->n, sizeof *times->ms, by_number);
	hours.median = rank_hours(times, 50);
	hours.p90 = rank_hours(times, 90);
	return hours;
}

static struct rule_times *rule_of(struct reckoning *r, str rule)
{
	for (size_t i = 0; i < r->n_rules; i++)
		if (str_eq(r->rules[i].rule->rule, rule))
			return &r->rules[i];
	if (r->n_rules == RULES_MAX) /* more than a policy has: the last one stands for them */
		return &r->rules[RULES_MAX - 1];
	struct rule_times *t = &r->rules[r->n_rules++];
	t->rule = ARENA_NEW(r->mem, struct month_rule);
	*t->rule = (struct month_rule){ .rule = str_dup(r->mem, rule) };
	return t;
}

/* A notice that the program sends after a hold was kept is part of that. */
static bool follows(const struct month_measure *m)
{
	return m->kind == MEASURE_NOTICE && m->decider == DECIDER_POLICY;
}

static bool by_somebody(const struct month_measure *m)
{
	return m->state == MEASURE_KEPT || m->state == MEASURE_OVERTURNED ||
	       m->state == MEASURE_MILDER || (m->state == MEASURE_RELEASED && m->decided_by.v != 0);
}

static void take_measure(struct reckoning *r, const struct month_measure *m)
{
	bool decided = by_somebody(m) && within(r, m->decided_at_ms);
	bool lapsed = m->state == MEASURE_LAPSED && m->kind == MEASURE_HOLD &&
	              m->decided_by.v == 0 && within(r, m->ends_at_ms);
	/* What a jury gave is the milder end of what was caught. */
	bool began = within(r, m->starts_at_ms) && m->decider != DECIDER_JURY;
	if (follows(m) || !(decided || lapsed || began))
		return;
	struct rule_times *t = rule_of(r, m->rule);
	t->rule->caught += began ? 1 : 0;
	t->rule->lapsed += lapsed ? 1 : 0;
	t->rule->kept += decided && m->state == MEASURE_KEPT ? 1 : 0;
	t->rule->milder += decided && m->state == MEASURE_MILDER ? 1 : 0;
	t->rule->overturned += decided && m->state != MEASURE_KEPT && m->state != MEASURE_MILDER
	                               ? 1
	                               : 0;
	if (decided)
		take_time(r, &t->times, m->starts_at_ms, m->decided_at_ms);
}

static void take_appeal(struct reckoning *r, const struct month_appeal *a)
{
	bool decided = (a->state == APPEAL_KEPT || a->state == APPEAL_OVERTURNED ||
	                a->state == APPEAL_MILDER) &&
	               within(r, a->decided_at_ms);
	bool jury = a->way == APPEAL_BY_JURY;
	struct month_outcomes *to = jury ? &r->out->juries : &r->out->stewards;
	if (within(r, a->filed_at_ms))
		rule_of(r, a->rule)->rule->appealed++;
	if (a->state == APPEAL_LAPSED && within(r, a->decided_at_ms)) {
		r->out->appeals_lapsed++;
		rule_of(r, a->rule)->rule->lapsed++;
	}
	r->out->appeals_withdrawn += a->state == APPEAL_WITHDRAWN && within(r, a->decided_at_ms)
	                                     ? 1
	                                     : 0;
	if (!decided)
		return;
	to->kept += a->state == APPEAL_KEPT ? 1 : 0;
	to->overturned += a->state == APPEAL_OVERTURNED ? 1 : 0;
	to->milder += a->state == APPEAL_MILDER ? 1 : 0;
	take_time(r, jury ? &r->juries : &r->stewards, a->filed_at_ms, a->decided_at_ms);
	take_time(r, &r->appeals, a->filed_at_ms, a->decided_at_ms);
	r->out->skipped += jury ? a->skipped : 0;
}

/* Ids of things that began then. */
static struct id_range ids_of(const struct reckoning *r, int64_t back_ms, int limit)
{
	int64_t from_ms = r->from_ms > back_ms ? r->from_ms - back_ms : 0;
	/* An id is made a moment before or after what it names. */
	return (struct id_range){ snowflake_floor(from_ms) - 1, snowflake_floor(r->to_ms + DAY_MS),
		                  limit };
}

static err count_measures(struct reckoning *r)
{
	struct id_range range = ids_of(r, BACK_MS, PAGE);
	struct month_measure *page;
	size_t n = PAGE;
	err e = OK;
	while (n == PAGE) {
		TRY(order_months_measures(r->conn, range, r->scratch, &page, &n));
		for (size_t i = 0; i < n; i++)
			take_measure(r, &page[i]);
		range.from = n > 0 ? page[n - 1].id.v : range.from;
		arena_reset(r->scratch);
	}
out:
	return e;
}

static err count_appeals(struct reckoning *r)
{
	struct id_range range = ids_of(r, BACK_MS, PAGE);
	struct month_appeal *page;
	size_t n = PAGE;
	err e = OK;
	while (n == PAGE) {
		TRY(order_months_appeals(r->conn, range, r->scratch, &page, &n));
		for (size_t i = 0; i < n; i++)
			take_appeal(r, &page[i]);
		range.from = n > 0 ? page[n - 1].id.v : range.from;
		arena_reset(r->scratch);
	}
out:
	return e;
}

static err count_leads(struct reckoning *r)
{
	struct month_report *out = r->out;
	struct id_range month = { snowflake_floor(r->from_ms) - 1, snowflake_floor(r->to_ms), 0 };
	struct month_lead *leads;
	size_t n;
	err e;
	TRY(order_months_reported(r->conn, month, &out->reports.received));
	TRY(order_months_reports(r->conn, r->from_ms, r->to_ms, LEADS_MAX, r->scratch, &leads, &n));
	for (size_t i = 0; i < n; i++) {
		out->reports.right += leads[i].state == REPORT_RIGHT ? 1 : 0;
		out->reports.not_confirmed += leads[i].state == REPORT_NOT_CONFIRMED ? 1 : 0;
		out->reports.bad_faith += leads[i].state == REPORT_BAD_FAITH ? 1 : 0;
		take_time(r, &r->reports, leads[i].at_ms, leads[i].decided_at_ms);
	}
	TRY(order_months_complaints(r->conn, ids_of(r, BACK_MS, LEADS_MAX), r->scratch, &leads,
	                            &n));
	for (size_t i = 0; i < n; i++) {
		const struct month_lead *l = &leads[i];
		out->complaints.received += within(r, l->at_ms) ? 1 : 0;
		if (l->state != COMPLAINT_ANSWERED || !within(r, l->decided_at_ms))
			continue;
		bool late = l->decided_at_ms > l->due_at_ms;
		out->complaints.late += late ? 1 : 0;
		out->complaints.in_time += late ? 0 : 1;
		take_time(r, &r->complaints, l->at_ms, l->decided_at_ms);
	}
out:
	return e;
}

static err read_down(struct reckoning *r)
{
	struct rule_down *rows;
	size_t n;
	err e;
	TRY(rules_down_between(r->conn, r->from_ms, r->to_ms, r->mem, &rows, &n));
	r->out->down = ARENA_ARRAY(r->mem, n, struct month_down);
	r->out->n_down = n;
	for (size_t i = 0; i < n; i++)
		r->out->down[i] = (struct month_down){ rows[i].rule, rows[i].at_ms };
out:
	return e;
}

static int by_rule(const void *a, const void *b)
{
	return str_cmp(((const struct month_rule *)a)->rule, ((const struct month_rule *)b)->rule);
}

static void settle(struct reckoning *r)
{
	struct month_report *out = r->out;
	out->rules = ARENA_ARRAY(r->mem, r->n_rules, struct month_rule);
	out->n_rules = r->n_rules;
	for (size_t i = 0; i < r->n_rules; i++) {
		out->rules[i] = *r->rules[i].rule;
		out->rules[i].hours = hours_of(&r->rules[i].times);
	}
	if (out->n_rules > 0)
		qsort(out->rules, out->n_rules, sizeof *out->rules, by_rule);
	out->reports.hours = hours_of(&r->reports);
	out->complaints.hours = hours_of(&r->complaints);
	out->stewards.hours = hours_of(&r->stewards);
	out->juries.hours = hours_of(&r->juries);
	out->appeals = hours_of(&r->appeals);
	transparency_make_sure(out);
}

err transparency_reckon(struct circle *c, str month, int64_t now_ms, struct arena *mem,
                        struct month_report *out)
{
	struct reckoning *r = ARENA_NEW(mem, struct reckoning);
	err e;
	*out = (struct month_report){ .month = str_dup(mem, month), .made_at_ms = now_ms };
	*r = (struct reckoning){ .c = c, .mem = mem, .out = out };
	if (!transparency_month(month, &r->from_ms, &r->to_ms))
		return err_input("month", "A month is written like 2026-05.");
	r->scratch = arena_new((size_t)1 << 18);
	TRY(store_read(c->store, &r->conn));
	TRY(count_measures(r));
	TRY(count_appeals(r));
	TRY(count_leads(r));
	TRY(read_down(r));
	TRY(order_months_pieces(r->conn, r->from_ms, r->to_ms, &out->pieces, &out->held));
	settle(r);
	store_read_end(c->store, &r->conn);
	for (size_t i = 0; i < out->n_rules; i++)
		out->rules[i].clause = remember_clause(c, out->rules[i].rule, mem);
out:
	store_read_end(c->store, &r->conn);
	arena_free(r->scratch);
	return e;
}

/* ---- publishing ---- */

struct publishing {
	struct circle *c;
	const struct month_report *report;
	str body;
	str hash;
	int64_t now_ms;
};

static err publish_work(struct conn *tx, void *ctx)
{
	const struct publishing *p = ctx;
	struct audit_entry entry = { .kind = "transparency",
		                     .fields = { { "month", AUDIT_WORD, 0, p->report->month },
		                                 { "report", AUDIT_WORD, 0, p->hash } },
		                     .n = 2 };
	err e;
	TRY(order_months_put(tx, p->report->month, p->now_ms, p->body));
	TRY(audit_append(p->c, tx, &entry, p->now_ms, NULL));
out:
	return e;
}

static err publish(struct circle *c, str month, int64_t now_ms, struct arena *mem)
{
	unsigned char hash[32];
	struct month_report report;
	struct publishing p = { .c = c, .report = &report, .now_ms = now_ms };
	err e;
	TRY(transparency_reckon(c, month, now_ms, mem, &report));
	p.body = transparency_store(&report, mem);
	crypto_generichash(hash, sizeof hash, (const unsigned char *)p.body.p, p.body.n, NULL, 0);
	p.hash = hex_of(mem, hash, sizeof hash);
	TRY(verb_write(c, publish_work, NULL, &p));
	log_event(c->log, LOG_INFO, "transparency.published", LOG_STR("month", month));
out:
	return e;
}

/* The first month that is to be there, and the latest that is. */
static err read_bounds(struct circle *c, struct arena *mem, str *latest, int64_t *first_ms)
{
	struct conn *conn = NULL;
	measure_id first;
	str *months;
	size_t n;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(order_months_list(conn, 1, mem, &months, &n));
	TRY(order_months_first(conn, &first));
	*latest = n > 0 ? months[0] : STR_NONE;
	*first_ms = first.v ? snowflake_ms(first.v) : INT64_MAX;
out:
	store_read_end(c->store, &conn);
	return e;
}

err transparency_tick(struct circle *c, int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	int64_t first_ms, from_ms, to_ms;
	str latest, missing[TRANSPARENCY_MONTHS];
	size_t n = 0;
	err e;
	now_ms = order_now(c, now_ms);
	TRY(read_bounds(c, mem, &latest, &first_ms));
	/* Backwards from the one before this. */
	str month = month_of(now_ms, mem);
	while (n < TRANSPARENCY_MONTHS && transparency_month(month, &from_ms, &to_ms) &&
	       from_ms > 0) {
		month = month_of(from_ms - 1, mem);
		if (str_cmp(month, latest) <= 0 || from_ms <= first_ms)
			break;
		missing[n++] = month;
	}
	while (n > 0)
		TRY(publish(c, missing[--n], now_ms, mem));
out:
	arena_free(mem);
	return e;
}

err transparency_find(struct circle *c, str month, struct arena *mem, struct month_report *out)
{
	struct conn *conn = NULL;
	str body, *months;
	size_t n;
	err e;
	TRY(store_read(c->store, &conn));
	if (month.n == 0) {
		TRY(order_months_list(conn, 1, mem, &months, &n));
		month = n > 0 ? months[0] : S("none");
	}
	TRY(order_months_find(conn, month, mem, &body));
	TRY(transparency_restore(body, mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

err transparency_months(struct circle *c, struct arena *mem, str **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(order_months_list(conn, 1000, mem, out, n));
out:
	store_read_end(c->store, &conn);
	return e;
}
