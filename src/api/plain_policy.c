/* The rules for everybody who is judged by them, without script: what binds, what is announced and what it changes, what is urgent and
 * until when. In Chinese or English, as the browser asks. */
#include "api/handlers.h"

#include "api/house.h"
#include "circle/enact.h"
#include "circle/few.h"
#include "circle/foresee.h"
#include "circle/proscribe.h"
#include "circle/turndown.h"

struct words {
	const char *lang, *title, *about, *version, *hash, *published, *binds, *since, *urgent,
		*until;
	const char *states[POLICY_ANNOUNCED + 1];
	const char *changes, *no_changes, *parts, *kinds[CHANGE_CHANGED + 1];
	const char *rehearsal, *rehearsal_about, *for_members, *group, *pieces, *people, *was,
		*will, *less;
	const char *cohorts[COHORTS], *steps[ACTION_HOLD + 1];
	const char *bank, *bank_about, *bank_waiting;
	const char *for_me, *down, *down_about, *all, *source, *standard;
};

static const struct words english = {
	.lang = "en",
	.title = "Rules",
	.about =
		"By these rules the program looks at what is written here. A version that may be stricter for anybody is announced seven days "
		"before it binds, with what it changes and whom it would have hit; what only takes away binds at once. An urgent version binds at "
		"once and ends by itself after fourteen days, unless it is announced like any other meanwhile. Every such act is a record of the "
		"log.",
	.version = "version",
	.hash = "Hash",
	.published = "Published",
	.binds = "Binds on",
	.since = "Binds since",
	.urgent = "urgent",
	.until = "Urgent until",
	.states = { "in force", "replaced", "withdrawn", "announced" },
	.changes = "What it changes",
	.no_changes = "Nothing that is told in words.",
	.parts = "Words, patterns and conditions that rules are made of",
	.kinds = { "New", "Gone", "Changed" },
	.rehearsal = "Whom it would have hit",
	.rehearsal_about =
		"Posts and comments of the last 30 days, judged again under it, each with what was known then. Rounded down to fives.",
	.for_members = "Members who are signed in see whom it would have hit.",
	.group = "Members",
	.pieces = "Pieces",
	.people = "People hit",
	.was = "was",
	.will = "would be",
	.less = "fewer than 5",
	.cohorts = { "whose pieces resemble advertising", "new in the last 30 days",
	             "here for a year or more", "all others" },
	.steps = { "let through", "labelled", "folded", "held" },
	.for_me = "What would change for me",
	.down = "Rules that only label",
	.down_about = "They were overturned too often.",
	.bank = "Pictures that are held",
	.bank_about =
		"The keeper holds pictures that are like one of a list of their own. Which, is not told; when it changes, the log has it. Entries: ",
	.bank_waiting = "Announced, and bind with the first start after this: ",
	.all = "All versions",
	.source = "The whole text",
	.standard = "comes with the program",
};

static const struct words chinese = {
	.lang = "zh-Hans",
	.title = "规则",
	.about =
		"程序按这些规则看大家写的东西。对谁可能更严的版本，提前七天公布再生效，同时说明改了什么、会影响到谁；只放宽的，"
		"当即生效。紧急版本当即生效，十四天后自己失效，除非在此期间照常公布。每一次都是日志里的一条记录。",
	.version = "版本",
	.hash = "哈希",
	.published = "公布",
	.binds = "生效",
	.since = "生效自",
	.urgent = "紧急",
	.until = "紧急到",
	.states = { "生效中", "已替换", "已撤回", "已公布" },
	.changes = "改了什么",
	.no_changes = "没有要说明的。",
	.parts = "规则所用的词、模式和条件",
	.kinds = { "新增", "取消", "改动" },
	.rehearsal = "会影响到谁",
	.rehearsal_about =
		"最近 30 天的帖子和评论，按它重新判断，每一条都只用当时已知的情况。数字按五取整，只舍不入。",
	.for_members = "登录的成员能看到会影响到谁。",
	.group = "成员",
	.pieces = "条数",
	.people = "涉及人数",
	.was = "原来",
	.will = "将会",
	.less = "不到 5",
	.cohorts = { "内容像广告的", "30 天内新来的", "来了一年以上的", "其余的" },
	.steps = { "放行", "标注", "折叠", "待审" },
	.for_me = "对我会有什么变化",
	.down = "只做标注的规则",
	.down_about = "它们被推翻得太多。",
	.bank = "会被留下的图片",
	.bank_about =
		"圈主有一份图片清单，跟其中一张相像的会被留下。是哪些，不公开；清单一改，记录里就有。条数：",
	.bank_waiting = "已预告，在这以后第一次启动时生效：",
	.all = "全部版本",
	.source = "全文",
	.standard = "随程序附带",
};

static const struct words *words_of(const struct call *c)
{
	return house_chinese(c) ? &chinese : &english;
}

static bool is_chinese(const struct words *w) { return w == &chinese; }

static void add_term(struct buf *b, const char *name, int64_t at_ms)
{
	if (at_ms <= 0)
		return;
	buf_lit(b, "<dt>");
	house_put(b, name);
	buf_lit(b, "</dt><dd>");
	house_time(b, at_ms);
	buf_lit(b, "</dd>");
}

static void add_head(struct buf *b, const struct words *w, const struct stored_policy *row,
                     bool link)
{
	static const char *const shades[] = { "good", "soft", "soft", "wait" };
	buf_lit(b, "<p class=\"line\">");
	if (link)
		buf_format(b, "<a class=\"b\" href=\"/policies?version=%.*s\">",
		           STR_ARG(row->hash));
	buf_html(b, row->name);
	buf_lit(b, ", ");
	house_put(b, w->version);
	buf_format(b, " %d%s <span class=\"tag %s\">", row->version, link ? "</a>" : "",
	           shades[row->state]);
	house_put(b, w->states[row->state]);
	buf_lit(b, "</span>");
	if (row->urgent_until_ms > 0 && row->state != POLICY_WITHDRAWN) {
		buf_lit(b, " <span class=\"tag wait\">");
		house_put(b, w->urgent);
		buf_lit(b, "</span>");
	}
	buf_lit(b, "</p>\n<dl class=\"law num\">");
	add_term(b, w->published, row->published_at_ms);
	add_term(b, row->state == POLICY_ANNOUNCED ? w->binds : w->since, row->binds_at_ms);
	add_term(b, w->until, row->urgent_until_ms);
	buf_lit(b, "<dt>");
	house_put(b, w->hash);
	buf_lit(b, "</dt><dd class=\"mono\">");
	buf_html(b, row->hash);
	if (row->of_program) {
		buf_lit(b, "</dd><dt></dt><dd>");
		house_put(b, w->standard);
	}
	buf_lit(b, "</dd></dl>\n");
}

static void add_down(struct call *c, struct buf *b, const struct words *w)
{
	struct facts facts = { .n_down = 0 };
	turndown_tell(c->circle, c->mem, &facts);
	if (facts.n_down == 0)
		return;
	buf_lit(b, "<div class=\"slip fine\"><p class=\"b\">");
	house_put(b, w->down);
	buf_lit(b, "</p>\n<p class=\"mono\">");
	for (size_t i = 0; i < facts.n_down; i++) {
		buf_add(b, i > 0 ? S(", ") : STR_NONE);
		buf_html(b, facts.down[i]);
	}
	buf_lit(b, "</p>\n<p>");
	house_put(b, w->down_about);
	buf_lit(b, "</p></div>\n");
}

/* What holds pictures beside the rules. */
static err add_bank(struct call *c, struct buf *b, const struct words *w)
{
	struct proscribed is;
	err e;
	TRY(proscribe_look(c->circle, c->mem, &is));
	if (is.entries == 0)
		return OK;
	buf_lit(b, "<div class=\"slip fine\"><p class=\"b\">");
	house_put(b, w->bank);
	buf_lit(b, "</p>\n<p>");
	house_put(b, w->bank_about);
	buf_i64(b, is.entries);
	buf_lit(b, "</p>\n<p class=\"mono\">");
	buf_html(b, is.hash);
	buf_lit(b, "</p>");
	if (is.waiting > 0) {
		buf_lit(b, "\n<p>");
		house_put(b, w->bank_waiting);
		buf_i64(b, is.waiting);
		buf_lit(b, ", ");
		house_time(b, is.binds_at_ms);
		buf_lit(b, "</p>");
	}
	buf_lit(b, "</div>\n");
out:
	return e;
}

/* What rules are made of: of interest to who reads rules. */
static bool is_part(const struct policy_told *told)
{
	static const char *const parts[] = { "words ", "pattern ", "condition ", "group " };
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (str_starts(told->what, str_of(parts[i])))
			return true;
	return false;
}

static void add_told(struct buf *b, const struct words *w, const struct policy_told *told, size_t n,
                     bool parts)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += is_part(&told[i]) == parts ? 1 : 0;
	if (count == 0)
		return;
	if (parts) {
		buf_lit(b, "<details><summary>");
		house_put(b, w->parts);
		buf_format(b, " (%zu)</summary>\n", count);
	}
	buf_lit(b, "<ul class=\"stack\">\n");
	for (size_t i = 0; i < n; i++) {
		if (is_part(&told[i]) != parts)
			continue;
		buf_lit(b, "<li><p class=\"line\"><span class=\"tag soft\">");
		house_put(b, w->kinds[told[i].kind]);
		buf_lit(b, "</span> <span class=\"mono\">");
		buf_html(b, told[i].what);
		buf_lit(b, "</span></p><p>");
		buf_html(b, is_chinese(w) ? told[i].zh : told[i].en);
		buf_lit(b, "</p></li>\n");
	}
	buf_lit(b, "</ul>\n");
	buf_add(b, parts ? S("</details>\n") : STR_NONE);
}

static void add_changes(struct buf *b, const struct words *w, const struct stored_policy *row)
{
	const struct policy_told *told;
	size_t n;
	enact_told(row->differences, b->mem, &told, &n);
	buf_lit(b, "<h2>");
	house_put(b, w->changes);
	buf_lit(b, "</h2>\n");
	if (n == 0) {
		buf_lit(b, "<p>");
		house_put(b, w->no_changes);
		buf_lit(b, "</p>\n");
		return;
	}
	add_told(b, w, told, n, false);
	add_told(b, w, told, n, true);
}

static void add_count(struct buf *b, const struct words *w, size_t n)
{
	buf_lit(b, "<td class=\"n\">");
	if (few_hides((int64_t)n))
		house_put(b, w->less);
	else
		few_json_about(b, (int64_t)n);
	buf_lit(b, "</td>");
}

static void add_column(struct buf *b, const char *first, const char *second)
{
	buf_lit(b, "<th scope=\"col\" class=\"n\">");
	house_put(b, first);
	if (second) {
		buf_char(b, ' ');
		house_put(b, second);
	}
	buf_lit(b, "</th>");
}

static void add_rehearsal(const struct call *c, struct buf *b, const struct words *w, str stored)
{
	struct rehearsal r;
	if (!enact_rehearsed(stored, &r))
		return;
	buf_lit(b, "<h2>");
	house_put(b, w->rehearsal);
	buf_lit(b, "</h2>\n<p class=\"soft\">");
	if (c->me.person.v == 0) {
		house_put(b, w->for_members);
		buf_lit(b, "</p>\n");
		return;
	}
	house_put(b, w->rehearsal_about);
	buf_lit(b, "</p>\n<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
	house_put(b, w->rehearsal);
	buf_lit(b, "\"><table><thead><tr><th scope=\"col\">");
	house_put(b, w->group);
	buf_lit(b, "</th>");
	add_column(b, w->pieces, NULL);
	add_column(b, w->people, NULL);
	for (int a = ACTION_LABEL; a <= ACTION_HOLD; a++) {
		add_column(b, w->was, w->steps[a]);
		add_column(b, w->will, w->steps[a]);
	}
	buf_lit(b, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < COHORTS; i++) {
		buf_lit(b, "<tr><th scope=\"row\">");
		house_put(b, w->cohorts[i]);
		buf_lit(b, "</th>");
		add_count(b, w, r.cohorts[i].pieces);
		add_count(b, w, r.cohorts[i].hit_people);
		for (int a = ACTION_LABEL; a <= ACTION_HOLD; a++) {
			add_count(b, w, r.cohorts[i].was[a]);
			add_count(b, w, r.cohorts[i].is[a]);
		}
		buf_lit(b, "</tr>\n");
	}
	buf_lit(b, "</tbody></table></div>\n");
}

static void add_for_me(struct buf *b, const struct words *w, const struct stored_policy *row)
{
	if (row->state != POLICY_ANNOUNCED)
		return;
	buf_format(b, "<p><a class=\"btn\" href=\"/rules?version=%.*s\">", STR_ARG(row->hash));
	house_put(b, w->for_me);
	buf_lit(b, "</a></p>\n");
}

static void add_whole(const struct call *c, struct buf *b, const struct words *w,
                      const struct stored_policy *row)
{
	add_changes(b, w, row);
	add_for_me(b, w, row);
	add_rehearsal(c, b, w, row->rehearsal);
}

static err page_of(struct call *c, str hash)
{
	struct enacted_policy *policy = ARENA_NEW(c->mem, struct enacted_policy);
	const struct words *w = words_of(c);
	struct buf b;
	err e;
	TRY(enact_find(c->circle, hash, c->mem, policy));
	house_begin(c, &b, str_of(w->lang), str_of(w->title));
	buf_lit(&b, "<section class=\"sheet panel pad stack wide\">\n");
	add_head(&b, w, &policy->row, false);
	if (policy->row.state == POLICY_IN_FORCE)
		add_down(c, &b, w);
	if (policy->row.published_at_ms > 0)
		add_whole(c, &b, w, &policy->row);
	buf_lit(&b, "</section>\n<p><a href=\"/policies\">");
	house_put(&b, w->all);
	buf_lit(&b, "</a></p>\n<details class=\"sheet\"><summary class=\"line pad b\">");
	house_put(&b, w->source);
	buf_lit(&b, "</summary>\n");
	for (size_t i = 0; i < policy->n_files; i++) {
		buf_lit(&b, "<pre class=\"source\" tabindex=\"0\">");
		buf_html(&b, policy->files[i].text);
		buf_lit(&b, "</pre>\n");
	}
	buf_lit(&b, "</details>\n");
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}

static bool is_pending(const struct stored_policy *row)
{
	return row->state == POLICY_ANNOUNCED ||
	       (row->state == POLICY_IN_FORCE && row->urgent_until_ms > 0);
}

err plain_policies(struct call *c)
{
	const struct words *w = words_of(c);
	struct stored_policy *rows, *pending;
	size_t n, n_pending;
	struct buf b;
	str hash;
	err e;
	TRY(params_str(c->params, "version", &hash));
	if (hash.n > 0)
		return page_of(c, hash);
	TRY(enact_list(c->circle, c->mem, &rows, &n));
	TRY(enact_pending(c->circle, c->mem, &pending, &n_pending));
	house_begin(c, &b, str_of(w->lang), str_of(w->title));
	buf_lit(&b, "<p>");
	house_put(&b, w->about);
	buf_lit(&b, "</p>\n");
	TRY(add_bank(c, &b, w));
	for (size_t i = 0; i < n_pending; i++) {
		buf_lit(&b, "<section class=\"sheet panel pad stack wide\">\n");
		add_head(&b, w, &pending[i], true);
		add_whole(c, &b, w, &pending[i]);
		buf_lit(&b, "</section>\n");
	}
	add_down(c, &b, w);
	buf_lit(&b, "<section class=\"sheet\"><ul class=\"rows\">\n");
	for (size_t i = 0; i < n; i++) {
		if (is_pending(&rows[i]))
			continue;
		buf_lit(&b, "<li class=\"row\"><div class=\"stack\">");
		add_head(&b, w, &rows[i], true);
		buf_lit(&b, "</div></li>\n");
	}
	buf_lit(&b, "</ul></section>\n");
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}
