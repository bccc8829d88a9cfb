/* Reports: Mastodon's way in, with our categories beside its own; and what became of mine. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/report.h"

#define LIMIT 40
#define LIMIT_MAX 80
#define RULES_MAX 10

/* What Mastodon's apps say without naming a rule. "legal" is no claim of ours: its words are in the comment. */
static const struct {
	const char *word;
	enum report_category category;
} masto[] = {
	{ "spam", REPORT_ADVERTISING },
	{ "legal", REPORT_OTHER },
	{ "violation", REPORT_OTHER },
	{ "other", REPORT_OTHER },
};

static err masto_category(str word, enum report_category *out)
{
	*out = REPORT_OTHER;
	for (size_t i = 0; i < sizeof masto / sizeof masto[0]; i++) {
		if (!str_eq(word, str_of(masto[i].word)))
			continue;
		*out = masto[i].category;
		return OK;
	}
	return word.n > 0 ? err_input("category", "There is no such category.") : OK;
}

/* Our own word, else the first of the rules, else Mastodon's. */
static err read_category(const struct call *c, enum report_category *out)
{
	int64_t *ids;
	str ours, theirs;
	size_t n;
	err e;
	TRY(params_str(c->params, "category", &theirs));
	TRY(masto_category(theirs, out));
	TRY(params_ids(c->params, "rule_ids", RULES_MAX, c->mem, &ids, &n));
	for (size_t i = n; i > 0; i--)
		if (!entity_rule_of(ids[i - 1], out))
			TRY(err_input("rule_ids", "There is no such rule."));
	TRY(params_str(c->params, "kith_category", &ours));
	if (ours.n > 0 && !report_category_of(ours, out))
		e = err_input("kith_category", "There is no such category.");
out:
	return e;
}

/* Of too many in a day: when so many may be made. */
static err say_wait(struct call *c, size_t n, err refused)
{
	int64_t wait_ms;
	err e = refused;
	if (refused.code != ERR_LIMIT || refused.field != NULL)
		return refused;
	TRY(report_wait(c->circle, c->me.person, n, c->now_ms, &wait_ms));
	call_wait(c, wait_ms);
	e = refused;
out:
	return e;
}

err api_report_create(struct call *c)
{
	struct report_draft draft = { .text = STR_NONE };
	struct report *reports;
	struct person target;
	int64_t *statuses;
	size_t n;
	err e;
	TRY(params_id(c->params, "account_id", &draft.target.v));
	if (draft.target.v == 0)
		TRY(err_input("account_id", "This is needed."));
	TRY(params_ids(c->params, "status_ids", REPORT_PIECES_MAX, c->mem, &statuses,
	               &draft.n_statuses));
	draft.statuses = statuses;
	TRY(params_str(c->params, "comment", &draft.text));
	TRY(read_category(c, &draft.category));
	e = report_file(c->circle, c->me.person, &draft, c->now_ms, c->mem, &reports, &n);
	TRY(say_wait(c, draft.n_statuses > 0 ? draft.n_statuses : 1, e));
	TRY(report_card(c->circle, c->me.person, draft.target, c->mem, &target));
	TRY(entity_report(c, call_json(c), reports, n, &target));
	TRY(call_send(c));
out:
	return e;
}

err api_report_mine(struct call *c)
{
	struct report *reports;
	struct buf *b = call_json(c);
	struct page page;
	size_t n;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	TRY(report_mine(c->circle, c->me.person, page, c->mem, &reports, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		TRY(entity_own_report(c, b, &reports[i]));
	}
	buf_char(b, ']');
	if (n > 0)
		TRY(call_link(c, &page, n, reports[0].id.v, reports[n - 1].id.v));
	TRY(call_send(c));
out:
	return e;
}
