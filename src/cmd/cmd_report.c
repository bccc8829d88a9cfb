/* kith report transparency: what the order did in a month, as it is published; for the keeper also the month that is not over. */
#include "cmd/shell.h"

#include "circle/few.h"
#include "circle/transparency.h"
#include "cmd/options.h"

#include "base/buf.h"

#include <stdio.h>

#define OUT_MAX_BYTES ((size_t)1 << 20)

static void print_count(struct shell *sh, const char *name, int64_t n)
{
	if (n < FEW)
		fprintf(sh->out, "  %s fewer than %d", name, FEW);
	else
		fprintf(sh->out, "  %s %lld", name, (long long)few_sure(n));
}

static void print_hours(struct shell *sh, const struct month_hours *hours)
{
	if (transparency_tells_median(hours))
		fprintf(sh->out, "  median %.0f h", hours->median);
	if (transparency_tells_p90(hours))
		fprintf(sh->out, "  slowest tenth %.0f h", hours->p90);
	fputc('\n', sh->out);
}

static void print_report(struct shell *sh, const struct month_report *r)
{
	int at_once = transparency_at_once(r);
	fprintf(sh->out, "%.*s\n", STR_ARG(r->month));
	if (at_once >= 0)
		fprintf(sh->out, "published at once: %d.%d %%\n", at_once / 10, at_once % 10);
	for (size_t i = 0; i < r->n_rules; i++) {
		const struct month_rule *rule = &r->rules[i];
		fprintf(sh->out, "%-4.*s %-28.*s", STR_ARG(rule->clause), STR_ARG(rule->rule));
		print_count(sh, "caught", rule->caught);
		print_count(sh, "appealed", rule->appealed);
		print_count(sh, "kept", rule->kept);
		print_count(sh, "overturned", rule->overturned);
		print_count(sh, "made milder", rule->milder);
		print_count(sh, "lapsed", rule->lapsed);
		print_hours(sh, &rule->hours);
	}
	for (size_t i = 0; i < r->n_down; i++)
		fprintf(sh->out, "%.*s turned itself down to a label\n", STR_ARG(r->down[i].rule));
	fputs("reports:", sh->out);
	print_count(sh, "right", r->reports.right);
	print_count(sh, "not confirmed", r->reports.not_confirmed);
	print_count(sh, "in bad faith", r->reports.bad_faith);
	print_hours(sh, &r->reports.hours);
	fputs("complaints:", sh->out);
	print_count(sh, "answered in time", r->complaints.in_time);
	print_count(sh, "late", r->complaints.late);
	print_hours(sh, &r->complaints.hours);
	fputs("appeals:", sh->out);
	print_count(sh, "lapsed", r->appeals_lapsed);
	print_count(sh, "withdrawn with what they were about", r->appeals_withdrawn);
	fputc('\n', sh->out);
	fputs("appeals, by stewards:", sh->out);
	print_count(sh, "kept", r->stewards.kept);
	print_count(sh, "overturned", r->stewards.overturned);
	print_count(sh, "made milder", r->stewards.milder);
	print_hours(sh, &r->stewards.hours);
	fputs("appeals, by juries:", sh->out);
	print_count(sh, "kept", r->juries.kept);
	print_count(sh, "overturned", r->juries.overturned);
	print_count(sh, "made milder", r->juries.milder);
	print_count(sh, "skipped", r->skipped);
	print_hours(sh, &r->juries.hours);
}

int verb_report_transparency(struct shell *sh, int argc, char **argv)
{
	const char *month = NULL;
	bool json = false;
	const struct option_row rows[] = { { "month", OPTION_TEXT, &month },
		                           { "json", OPTION_FLAG, &json } };
	const struct options options = {
		"usage: kith report transparency [--month MONTH] [--json] [--data DIR]", rows, 2, 0,
		0
	};
	struct month_report report;
	struct buf b;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	e = transparency_find(sh->circle, month ? str_of(month) : STR_NONE, sh->mem, &report);
	if (e.code == ERR_MISSING && month)
		e = transparency_reckon(sh->circle, str_of(month), clock_now(sh->circle->clock),
		                        sh->mem, &report);
	else if (e.code == ERR_MISSING)
		e = err_input("month",
		              "No month was published yet; --month says which one is meant.");
	TRY(e);
	if (!json) {
		print_report(sh, &report);
		return 0;
	}
	buf_init(&b, sh->mem, OUT_MAX_BYTES);
	buf_char(&b, '{');
	transparency_json(&b, &report);
	buf_lit(&b, "}\n");
	fwrite(b.p, 1, b.n, sh->out);
out:
	return failed(e) ? shell_fail(sh, e) : 0;
}
