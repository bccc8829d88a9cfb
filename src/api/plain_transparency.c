/* What the order did, month by month, on a page without script: figures alone, small counts hidden (circle/transparency.h). */
#include "api/handlers.h"

#include "api/house.h"
#include "circle/few.h"
#include "circle/transparency.h"

#include <string.h>

#define MONTHS_PLOTTED 12
#define MONTHS_SHOWN 36

struct words {
	const char *lang, *title, *none, *about, *months[12];
	const char *at_once, *taken, *appealed, *overturned, *milder, *lapsed, *less, *to;
	const char *per_rule, *rule, *caught, *median, *slowest, *hours_about, *scrolls;
	const char *down, *plot, *times, *times_about;
	const char *leads, *received, *right, *not_confirmed, *bad_faith, *reports, *complaints;
	const char *in_time, *late;
	const char *appeals, *by_steward, *by_jury, *kept, *withdrawn, *skipped;
	const char *log, *log_about, *log_link, *rules_link, *other_months;
};

static const struct words english = {
	.lang = "en",
	.title = "What the order did",
	.none = "Nothing was published yet. A month is published when it is over.",
	.about =
		"Made when the month was over, and never changed since. All figures are in fives: 10 is ten to fourteen, and fewer than 5 can be none. "
		"So no single case is told by them, also not to who reckons. A total is what the shown figures leave open.",
	.months = { "January", "February", "March", "April", "May", "June", "July", "August",
	            "September", "October", "November", "December" },
	.at_once = "Published at once",
	.taken = "Measures taken",
	.appealed = "Appealed",
	.overturned = "Overturned",
	.milder = "Made milder",
	.lapsed = "Lapsed",
	.less = "fewer than 5",
	.to = " to ",
	.per_rule = "Per rule",
	.rule = "Rule",
	.caught = "Caught",
	.median = "Hours",
	.slowest = "Slowest tenth",
	.hours_about =
		"Hours: median time from a measure to the final word, where the figures show five at least; the slowest tenth from ten on. Lapsed: nobody decided in time, so "
		"the measure ended by itself.",
	.scrolls = "Table per rule, scrolls sideways on narrow screens",
	.down = "went over its limit of overturned measures and turned itself down to a label",
	.plot = "Caught and overturned",
	.times = "Hours to decide an appeal",
	.times_about = "Median, by month",
	.leads = "Reports and complaints",
	.received = "Received",
	.right = "Right",
	.not_confirmed = "Not confirmed",
	.bad_faith = "In bad faith",
	.reports = "Reports by members",
	.complaints = "Complaints from outside",
	.in_time = "answered in time",
	.late = "answered late",
	.appeals = "Appeals",
	.by_steward = "By a steward",
	.by_jury = "By a jury",
	.kept = "Kept",
	.withdrawn = "Withdrawn with what they were about",
	.skipped = "Seats skipped",
	.log = "The log",
	.log_about = "Each month's report is a record of the log, by its hash.",
	.log_link = "The log's roots",
	.rules_link = "The rules",
	.other_months = "Other months",
};

static const struct words chinese = {
	.lang = "zh-Hans",
	.title = "秩序做了什么",
	.none = "还没有公布过。一个月过完了才公布。",
	.about =
		"月底过后生成，此后没有改过。数字都按五计：10 是十到十四，不到 5 也可能没有，这样谁也算不出单独一件。合计只说已列的数字所允许的范围。",
	.months = { "1 月", "2 月", "3 月", "4 月", "5 月", "6 月", "7 月", "8 月", "9 月", "10 月",
	            "11 月", "12 月" },
	.at_once = "当即发出",
	.taken = "采取的措施",
	.appealed = "申诉",
	.overturned = "推翻",
	.milder = "减轻",
	.lapsed = "过期失效",
	.less = "不到 5",
	.to = " 至 ",
	.per_rule = "按规则",
	.rule = "规则",
	.caught = "查出",
	.median = "小时",
	.slowest = "最慢一成",
	.hours_about =
		"小时：从采取措施到最后裁定的时间，取中位数，满五件才列；最慢一成满十件才列。过期失效：没有人按时裁定，措施自己结束。",
	.scrolls = "按规则的表格，窄屏可左右滚动",
	.down = "被推翻得超过限度，自己降为只做标注",
	.plot = "查出的和被推翻的",
	.times = "裁定一件申诉的小时数",
	.times_about = "每月的中位数",
	.leads = "举报和投诉",
	.received = "收到",
	.right = "属实",
	.not_confirmed = "没有证实",
	.bad_faith = "恶意",
	.reports = "成员的举报",
	.complaints = "外来的投诉",
	.in_time = "按时答复",
	.late = "迟了答复",
	.appeals = "申诉",
	.by_steward = "由管事的人",
	.by_jury = "由陪审",
	.kept = "维持",
	.withdrawn = "随所涉内容撤回",
	.skipped = "没有到的席位",
	.log = "日志",
	.log_about = "每月的报告以哈希记在日志里。",
	.log_link = "日志的根",
	.rules_link = "规则",
	.other_months = "别的月份",
};

static const struct words *words_of(const struct call *c)
{
	return house_chinese(c) ? &chinese : &english;
}

/* "May 2026" */
static void add_month(struct buf *b, const struct words *w, str month, bool in_title)
{
	int64_t number = 1;
	(void)str_to_i64(str_slice(month, 5, 7), &number);
	const char *name = w->months[number >= 1 && number <= 12 ? number - 1 : 0];
	if (w == &chinese)
		buf_format(b, in_title ? "%.4s 年 %s，秩序做了什么" : "%.4s 年 %s", month.p, name);
	else
		buf_format(b, in_title ? "What the order did in %s %.4s" : "%s %.4s", name,
		           month.p);
}

static void add_count(struct buf *b, const struct words *w, int64_t n)
{
	if (n < FEW)
		house_put(b, w->less);
	else
		buf_i64(b, few_sure(n));
}

static void add_total(struct buf *b, const struct words *w, const struct few_total *total)
{
	if (total->to < FEW)
		house_put(b, w->less);
	else {
		buf_i64(b, total->from);
		house_put(b, w->to);
		buf_i64(b, total->to);
	}
}

static void add_fact(struct buf *b, const char *name)
{
	buf_lit(b, "<div><dt class=\"soft\">");
	house_put(b, name);
	buf_lit(b, "</dt><dd class=\"big\">");
}

static void end_fact(struct buf *b) { buf_lit(b, "</dd></div>"); }

static void add_facts(struct buf *b, const struct words *w, const struct month_report *r)
{
	struct few_total caught = { 0 }, appealed = { 0 }, overturned = { 0 }, milder = { 0 },
			 lapsed = { 0 };
	const struct {
		const char *name;
		const struct few_total *total;
	} facts[] = { { w->taken, &caught },
		      { w->appealed, &appealed },
		      { w->overturned, &overturned },
		      { w->milder, &milder },
		      { w->lapsed, &lapsed } };
	int at_once = transparency_at_once(r);
	for (size_t i = 0; i < r->n_rules; i++) {
		few_add(&caught, r->rules[i].caught);
		few_add(&appealed, r->rules[i].appealed);
		few_add(&overturned, r->rules[i].overturned);
		few_add(&milder, r->rules[i].milder);
		few_add(&lapsed, r->rules[i].lapsed);
	}
	buf_lit(b, "<dl class=\"facts sheet panel pad\">");
	if (at_once >= 0) {
		add_fact(b, w->at_once);
		buf_format(b, "%d.%d %%", at_once / 10, at_once % 10);
		end_fact(b);
	}
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		add_fact(b, facts[i].name);
		add_total(b, w, facts[i].total);
		end_fact(b);
	}
	buf_lit(b, "</dl>\n");
}

static void begin_section(struct buf *b, const char *id, const char *title)
{
	buf_format(b, "<section class=\"sheet panel\" aria-labelledby=\"%s\"><h2 id=\"%s\">", id,
	           id);
	house_put(b, title);
	buf_lit(b, "</h2><div class=\"pad stack\">\n");
}

static void end_section(struct buf *b) { buf_lit(b, "</div></section>\n"); }

static void begin_table(struct buf *b, const char *label, const char *first)
{
	buf_lit(b, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
	house_put(b, label);
	buf_lit(b, "\"><table><thead><tr><th scope=\"col\">");
	house_put(b, first);
	buf_lit(b, "</th>");
}

static void add_column(struct buf *b, const char *name)
{
	buf_lit(b, "<th scope=\"col\" class=\"n\">");
	house_put(b, name);
	buf_lit(b, "</th>");
}

static void end_head(struct buf *b) { buf_lit(b, "</tr></thead><tbody>\n"); }

static void end_table(struct buf *b) { buf_lit(b, "</tbody></table></div>\n"); }

static void add_cell(struct buf *b, const struct words *w, int64_t n)
{
	buf_lit(b, "<td class=\"n\">");
	add_count(b, w, n);
	buf_lit(b, "</td>");
}

static void add_hours(struct buf *b, const struct month_hours *hours)
{
	buf_lit(b, "<td class=\"n\">");
	if (transparency_tells_median(hours))
		buf_format(b, "%.0f", hours->median);
	buf_lit(b, "</td><td class=\"n\">");
	if (transparency_tells_p90(hours))
		buf_format(b, "%.0f", hours->p90);
	buf_lit(b, "</td>");
}

static void add_rules(struct buf *b, const struct words *w, const struct month_report *r)
{
	begin_section(b, "rules", w->per_rule);
	begin_table(b, w->scrolls, w->rule);
	add_column(b, w->caught);
	add_column(b, w->appealed);
	add_column(b, w->kept);
	add_column(b, w->overturned);
	add_column(b, w->milder);
	add_column(b, w->lapsed);
	add_column(b, w->median);
	add_column(b, w->slowest);
	end_head(b);
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct month_rule *rule = &r->rules[i];
		buf_lit(b, "<tr><th scope=\"row\">");
		buf_html(b, rule->clause);
		buf_add(b, rule->clause.n ? S(" ") : STR_NONE);
		buf_html(b, rule->rule);
		buf_lit(b, "</th>");
		add_cell(b, w, rule->caught);
		add_cell(b, w, rule->appealed);
		add_cell(b, w, rule->kept);
		add_cell(b, w, rule->overturned);
		add_cell(b, w, rule->milder);
		add_cell(b, w, rule->lapsed);
		add_hours(b, &rule->hours);
		buf_lit(b, "</tr>\n");
	}
	end_table(b);
	buf_lit(b, "<p class=\"small soft\">");
	house_put(b, w->hours_about);
	buf_lit(b, "</p>\n");
	for (size_t i = 0; i < r->n_down; i++) {
		buf_lit(b, "<p class=\"slip fine\"><span class=\"mono\">");
		buf_html(b, r->down[i].rule);
		buf_lit(b, "</span> ");
		house_put(b, w->down);
		buf_lit(b, ".</p>\n");
	}
	end_section(b);
}

/* ---- two pictures of the same figures ---- */

#define BAR_HIDDEN 2.5 /* how long a bar of fewer than five is, whichever it is */
#define BARS_MAX 12

static double bar_of(int64_t n) { return n < FEW ? BAR_HIDDEN : (double)few_sure(n); }

static void add_short(struct buf *b, int64_t n)
{
	if (n < FEW)
		buf_lit(b, "&lt;5");
	else
		buf_i64(b, few_sure(n));
}

static void add_bar_label(struct buf *b, const struct words *w, const struct month_rule *rule)
{
	add_short(b, rule->caught);
	if (rule->overturned >= FEW) {
		buf_lit(b, " · ");
		house_put(b, w->overturned);
		buf_char(b, ' ');
		add_short(b, rule->overturned);
	}
}

static void add_bars(struct buf *b, const struct words *w, const struct month_report *r)
{
	double most = 1;
	size_t n = r->n_rules < BARS_MAX ? r->n_rules : BARS_MAX;
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		most = bar_of(r->rules[i].caught) > most ? bar_of(r->rules[i].caught) : most;
	buf_lit(b, "<figure class=\"sheet panel pad stack\"><figcaption><h2>");
	house_put(b, w->plot);
	buf_format(b,
	           "</h2></figcaption><svg class=\"plot\" viewBox=\"0 0 340 %zu\" role=\"img\" "
	           "aria-label=\"",
	           n * 44 + 4);
	house_put(b, w->plot);
	buf_lit(b, ": ");
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S("; ") : STR_NONE);
		buf_html(b, r->rules[i].rule);
		buf_char(b, ' ');
		add_bar_label(b, w, &r->rules[i]);
	}
	buf_lit(b, "\">\n");
	for (size_t i = 0; i < n; i++) {
		const struct month_rule *rule = &r->rules[i];
		double scale = 330 / most, over = bar_of(rule->overturned);
		over = over > bar_of(rule->caught) ? bar_of(rule->caught) : over;
		buf_format(b, "<text x=\"0\" y=\"%zu\">", i * 44 + 16);
		buf_html(b, rule->rule);
		buf_lit(b, " <tspan class=\"v\">");
		add_bar_label(b, w, rule);
		buf_format(b,
		           "</tspan></text><rect class=\"f1\" x=\"0\" y=\"%zu\" width=\"%.1f\" "
		           "height=\"14\" rx=\"2\"/>",
		           i * 44 + 22, scale * bar_of(rule->caught));
		if (rule->overturned >= FEW)
			buf_format(
				b,
				"<rect class=\"f2\" x=\"0\" y=\"%zu\" width=\"%.1f\" height=\"14\" "
				"rx=\"2\"/>",
				i * 44 + 22, scale * over);
		buf_char(b, '\n');
	}
	buf_lit(b, "</svg></figure>\n");
}

/* Medians of appeals, month by month, oldest first; those of few are left out. */
struct medians {
	double hours[MONTHS_PLOTTED];
	str month[MONTHS_PLOTTED];
	size_t n;
};

static err read_medians(struct call *c, const str *months, size_t n, struct medians *out)
{
	err e = OK;
	out->n = 0;
	for (size_t i = n < MONTHS_PLOTTED ? n : MONTHS_PLOTTED; i-- > 0;) {
		struct month_report r;
		TRY(transparency_find(c->circle, months[i], c->mem, &r));
		if (!transparency_tells_median(&r.appeals))
			continue;
		out->month[out->n] = months[i];
		out->hours[out->n++] = r.appeals.median;
	}
out:
	return e;
}

static void add_line(struct buf *b, const struct words *w, const struct medians *m)
{
	double most = 24;
	if (m->n < 2)
		return;
	for (size_t i = 0; i < m->n; i++)
		most = m->hours[i] > most ? m->hours[i] : most;
	buf_lit(b, "<figure class=\"sheet panel pad stack\"><figcaption><h2>");
	house_put(b, w->times);
	buf_lit(b, "</h2><p class=\"soft\">");
	house_put(b, w->times_about);
	buf_lit(b,
	        "</p></figcaption><svg class=\"plot\" viewBox=\"0 0 340 190\" role=\"img\" aria-label=\"");
	house_put(b, w->times_about);
	for (size_t i = 0; i < m->n; i++) {
		buf_add(b, i > 0 ? S("; ") : S(": "));
		add_month(b, w, m->month[i], false);
		buf_format(b, " %.0f", m->hours[i]);
	}
	buf_lit(b,
	        "\"><path class=\"ax\" d=\"M32 20.5H336M32 167.5H336\"/><path class=\"l1\" d=\"");
	for (size_t i = 0; i < m->n; i++)
		buf_format(b, "%s%.1f %.1f", i ? "L" : "M",
		           36 + 296 * (double)i / (double)(m->n - 1),
		           167.5 - 147 * m->hours[i] / most);
	buf_format(b, "\"/><text x=\"0\" y=\"25\">%.0f</text><text x=\"12\" y=\"171\">0</text>",
	           most);
	buf_format(b,
	           "<text x=\"36\" y=\"186\">%.*s</text><text x=\"336\" y=\"186\" "
	           "text-anchor=\"end\">%.*s</text></svg></figure>\n",
	           STR_ARG(m->month[0]), STR_ARG(m->month[m->n - 1]));
}

/* ---- the rest ---- */

static void add_row(struct buf *b, const char *name)
{
	buf_lit(b, "<tr><th scope=\"row\">");
	house_put(b, name);
	buf_lit(b, "</th>");
}

static void add_leads(struct buf *b, const struct words *w, const struct month_report *r)
{
	const struct {
		const char *name;
		int64_t n;
	} rows[] = { { w->right, r->reports.right },
		     { w->not_confirmed, r->reports.not_confirmed },
		     { w->bad_faith, r->reports.bad_faith },
		     { w->in_time, r->complaints.in_time },
		     { w->late, r->complaints.late } };
	begin_section(b, "leads", w->leads);
	for (size_t from = 0; from < 5; from = from == 0 ? 3 : 5) {
		bool reports = from == 0;
		begin_table(b, reports ? w->reports : w->complaints,
		            reports ? w->reports : w->complaints);
		add_column(b, w->received);
		for (size_t i = from; i < (reports ? 3u : 5u); i++)
			add_column(b, rows[i].name);
		add_column(b, w->median);
		add_column(b, w->slowest);
		end_head(b);
		buf_lit(b, "<tr><th scope=\"row\">");
		add_month(b, w, r->month, false);
		buf_lit(b, "</th>");
		int64_t received = reports ? r->reports.received : r->complaints.received;
		add_cell(b, w, received);
		for (size_t i = from; i < (reports ? 3u : 5u); i++)
			add_cell(b, w, rows[i].n);
		add_hours(b, reports ? &r->reports.hours : &r->complaints.hours);
		buf_lit(b, "</tr>\n");
		end_table(b);
	}
	end_section(b);
}

static void add_appeals(struct buf *b, const struct words *w, const struct month_report *r)
{
	begin_section(b, "appeals", w->appeals);
	begin_table(b, w->appeals, w->appeals);
	add_column(b, w->kept);
	add_column(b, w->overturned);
	add_column(b, w->milder);
	add_column(b, w->median);
	add_column(b, w->slowest);
	end_head(b);
	add_row(b, w->by_steward);
	add_cell(b, w, r->stewards.kept);
	add_cell(b, w, r->stewards.overturned);
	add_cell(b, w, r->stewards.milder);
	add_hours(b, &r->stewards.hours);
	buf_lit(b, "</tr>\n");
	add_row(b, w->by_jury);
	add_cell(b, w, r->juries.kept);
	add_cell(b, w, r->juries.overturned);
	add_cell(b, w, r->juries.milder);
	add_hours(b, &r->juries.hours);
	buf_lit(b, "</tr>\n");
	end_table(b);
	buf_lit(b, "<dl class=\"law num\"><dt>");
	house_put(b, w->withdrawn);
	buf_lit(b, "</dt><dd>");
	add_count(b, w, r->appeals_withdrawn);
	buf_lit(b, "</dd>");
	buf_lit(b, "<dt>");
	house_put(b, w->skipped);
	buf_lit(b, "</dt><dd>");
	add_count(b, w, r->skipped);
	buf_lit(b, "</dd>");
	buf_lit(b, "</dl>\n");
	end_section(b);
}

static void add_foot(struct buf *b, const struct words *w, str this, const str *months, size_t n)
{
	begin_section(b, "log", w->log);
	buf_lit(b, "<p>");
	house_put(b, w->log_about);
	buf_lit(b, "</p><p class=\"line\"><a class=\"btn\" href=\"/audit\">");
	house_put(b, w->log_link);
	buf_lit(b, "</a> <a class=\"btn\" href=\"/policies\">");
	house_put(b, w->rules_link);
	buf_lit(b, "</a></p>\n");
	end_section(b);
	if (n < 2)
		return;
	buf_lit(b, "<nav aria-label=\"");
	house_put(b, w->other_months);
	buf_lit(b, "\"><h2>");
	house_put(b, w->other_months);
	buf_lit(b, "</h2><ul class=\"line\">\n");
	for (size_t i = 0; i < n && i < MONTHS_SHOWN; i++) {
		if (str_eq(months[i], this))
			continue;
		buf_format(b, "<li><a class=\"tag\" href=\"/transparency?month=%.*s\">",
		           STR_ARG(months[i]));
		add_month(b, w, months[i], false);
		buf_lit(b, "</a></li>\n");
	}
	buf_lit(b, "</ul></nav>\n");
}

static str title_of(struct call *c, const struct words *w, str month)
{
	struct buf title;
	buf_init(&title, c->mem, 256);
	add_month(&title, w, month, true);
	return buf_str(&title);
}

err plain_transparency(struct call *c)
{
	const struct words *w = words_of(c);
	struct month_report r;
	struct medians medians;
	str month, *months;
	struct buf b;
	size_t n;
	err e;
	TRY(params_str(c->params, "month", &month));
	TRY(transparency_months(c->circle, c->mem, &months, &n));
	if (n == 0 && month.n == 0) {
		house_begin(c, &b, str_of(w->lang), str_of(w->title));
		buf_lit(&b, "<p>");
		house_put(&b, w->none);
		buf_lit(&b, "</p>\n");
		return house_finish(c, &b, 200, STR_NONE);
	}
	TRY(transparency_find(c->circle, month, c->mem, &r));
	TRY(read_medians(c, months, n, &medians));
	house_begin(c, &b, str_of(w->lang), title_of(c, w, r.month));
	buf_lit(&b, "<p class=\"soft\">");
	house_put(&b, w->about);
	buf_lit(&b, "</p>\n");
	add_facts(&b, w, &r);
	add_rules(&b, w, &r);
	buf_lit(&b, "<div class=\"two\">\n");
	add_bars(&b, w, &r);
	add_line(&b, w, &medians);
	buf_lit(&b, "</div>\n");
	add_leads(&b, w, &r);
	add_appeals(&b, w, &r);
	add_foot(&b, w, r.month, months, n);
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}
