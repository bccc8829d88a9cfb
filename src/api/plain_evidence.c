/* What a rights holder or a named expert was sent: one piece without names, and one answer. Without script, in Chinese or English. */
#include "api/entity.h"
#include "api/handlers.h"

#include "api/house.h"
#include "circle/evidence.h"

#include <unistd.h>

struct words {
	const char *lang, *title, *about, *until, *suspected, *picture;
	const char *so, *is_not, *unsure, *say, *send, *thanks, *answered, *over, *choose;
	const char *categories[REPORT_CATEGORIES];
};

static const struct words english = {
	.lang = "en",
	.title = "Your judgement is asked for",
	.about =
		"Somebody thinks that something is wrong with what is shown below. You were asked because you "
		"can tell. It was written for a few people: please show it to nobody and keep nothing of it.",
	.until = "You can answer once, until ",
	.suspected = "What is suspected:",
	.picture = "A picture of it",
	.so = "It is so",
	.is_not = "It is not so",
	.unsure = "I cannot say",
	.say = "How do you know? (The one who decides reads this.)",
	.send = "Answer",
	.thanks = "Thank you. Your answer is with those who decide.",
	.answered = "This was answered already. Nothing more is to be done.",
	.over = "This link is too old, or the matter was decided meanwhile.",
	.choose = "Please choose one of the three.",
	.categories = { [REPORT_COUNTERFEIT] =
	                        "Counterfeit goods, or goods falsely said to be bought abroad.",
	                [REPORT_LADDER] = "Recruiting people who recruit others.",
	                [REPORT_FRAUD] = "Fraud.",
	                [REPORT_ADVERTISING] = "Advertising that is disguised.",
	                [REPORT_HARASSMENT] = "Harassment.",
	                [REPORT_OTHER] = "Something else." },
};

static const struct words chinese = {
	.lang = "zh-Hans",
	.title = "请您判断",
	.about =
		"有人认为下面的内容有问题。之所以问您，是因为您看得出来。它本来只写给少数人看：请不要给别人看，也不要保存。",
	.until = "只能回答一次，截止时间：",
	.suspected = "怀疑的是：",
	.picture = "其中一张图",
	.so = "是这样",
	.is_not = "不是这样",
	.unsure = "说不准",
	.say = "您是怎么看出来的？（给做决定的人看）",
	.send = "回答",
	.thanks = "谢谢。您的回答已经交给做决定的人。",
	.answered = "这里已经回答过了，不用再做什么。",
	.over = "链接太旧了，或者事情已经有了结论。",
	.choose = "请选其中一项。",
	.categories = { [REPORT_COUNTERFEIT] = "假货，或者假称海外代购。",
	                [REPORT_LADDER] = "拉人头、层级发展。",
	                [REPORT_FRAUD] = "诈骗。",
	                [REPORT_ADVERTISING] = "变相广告。",
	                [REPORT_HARASSMENT] = "骚扰。",
	                [REPORT_OTHER] = "其他。" },
};

static const struct words *words_of(const struct call *c)
{
	return house_chinese(c) ? &chinese : &english;
}

static void add_text(struct buf *b, const struct evidence *it)
{
	size_t at = 0;
	if (it->text.n == 0)
		return;
	buf_lit(b, "<p class=\"text\">");
	for (size_t i = 0; i < it->n_marks; i++) {
		buf_html(b, str_slice(it->text, at, it->marks[i].from));
		buf_lit(b, "<mark>");
		buf_html(b, str_slice(it->text, it->marks[i].from, it->marks[i].to));
		buf_lit(b, "</mark>");
		at = it->marks[i].to;
	}
	buf_html(b, str_slice(it->text, at, it->text.n));
	buf_lit(b, "</p>\n");
}

static void add_pictures(struct call *c, struct buf *b, const struct words *w,
                         const struct evidence *it)
{
	if (it->n_pictures == 0)
		return;
	buf_lit(b, "<ul class=\"stack\">\n");
	for (size_t i = 1; i <= it->n_pictures; i++) {
		buf_lit(b, "<li><img src=\"/evidence/");
		buf_html(b, c->args[0]);
		buf_format(b, "/%zu\" alt=\"", i);
		house_put(b, w->picture);
		buf_lit(b, "\"></li>\n");
	}
	buf_lit(b, "</ul>\n");
}

static void add_choice(struct buf *b, enum case_answer answer, const char *words)
{
	str value = str_of(case_answer_word(answer));
	buf_lit(b, "<p><label><input type=\"radio\" name=\"answer\" required value=\"");
	buf_add(b, value);
	buf_lit(b, "\"> ");
	house_put(b, words);
	buf_lit(b, "</label></p>\n");
}

static void add_form(struct call *c, struct buf *b, const struct words *w, const char *wrong)
{
	buf_lit(b, "<form class=\"sheet panel pad stack\" method=\"post\" action=\"/evidence/");
	buf_html(b, c->args[0]);
	buf_lit(b, "\">\n");
	house_wrong(b, wrong);
	add_choice(b, CASE_IT_IS_SO, w->so);
	add_choice(b, CASE_IT_IS_NOT, w->is_not);
	add_choice(b, CASE_CANNOT_SAY, w->unsure);
	buf_lit(b, "<div class=\"field\"><label for=\"words\">");
	house_put(b, w->say);
	buf_format(b,
	           "</label><textarea class=\"in\" id=\"words\" name=\"words\" rows=\"4\" "
	           "maxlength=\"%d\"></textarea></div>\n<button class=\"btn go full\">",
	           EVIDENCE_WORDS_MAX);
	house_put(b, w->send);
	buf_lit(b, "</button>\n</form>\n");
}

static err send_page(struct call *c, const struct evidence *it, const char *wrong)
{
	const struct words *w = words_of(c);
	struct buf b;
	house_begin(c, &b, str_of(w->lang), str_of(w->title));
	http_reply_literal(c->reply, "X-Robots-Tag", "noindex");
	if (it->state != EVIDENCE_OPEN) {
		house_paragraph(&b, it->state == EVIDENCE_ANSWERED ? w->answered : w->over);
		return house_finish(c, &b, 200, STR_NONE);
	}
	house_paragraph(&b, w->about);
	buf_lit(&b, "<p><b>");
	house_put(&b, w->suspected);
	buf_lit(&b, "</b> ");
	if (it->reported)
		house_put(&b, w->categories[it->category]);
	else
		buf_html(&b, w == &chinese ? it->suspected_zh : it->suspected_en);
	buf_lit(&b, "</p>\n<div class=\"panel pad stack\">\n");
	add_text(&b, it);
	add_pictures(c, &b, w, it);
	buf_lit(&b, "</div>\n<p class=\"meta\">");
	house_put(&b, w->until);
	house_time(&b, it->expires_at_ms);
	buf_lit(&b, "</p>\n");
	add_form(c, &b, w, wrong);
	return house_finish(c, &b, wrong ? 422 : 200, STR_NONE);
}

err plain_evidence_show(struct call *c)
{
	struct evidence it;
	err e;
	TRY(evidence_show(c->circle, c->args[0], c->now_ms, c->mem, &it));
	TRY(send_page(c, &it, NULL));
out:
	return e;
}

static err again(struct call *c, const char *wrong)
{
	struct evidence it;
	err e;
	TRY(evidence_show(c->circle, c->args[0], c->now_ms, c->mem, &it));
	TRY(send_page(c, &it, wrong));
out:
	return e;
}

err plain_evidence_answer(struct call *c)
{
	const struct words *w = words_of(c);
	enum case_answer answer;
	str word, words;
	struct buf b;
	err e;
	TRY(params_str(c->params, "answer", &word));
	TRY(params_str(c->params, "words", &words));
	if (!case_answer_of(word, &answer))
		return again(c, w->choose);
	e = evidence_answer(c->circle, c->args[0], answer, words, c->now_ms);
	if (e.code == ERR_INPUT)
		return again(c, house_say(c, e.say));
	if (e.code == ERR_CONFLICT)
		return again(c, NULL); /* it says by itself that it is over */
	TRY(e);
	house_begin(c, &b, str_of(w->lang), str_of(w->title));
	house_paragraph(&b, w->thanks);
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}

/* Drawn here anew, and never anything but a picture to a browser. It is not kept anywhere: the link may end. */
err plain_evidence_picture(struct call *c)
{
	int64_t nth;
	size_t bytes;
	int fd;
	err e;
	TRY(call_path_id(c, 1, &nth));
	TRY(evidence_picture(c->circle, c->args[0], nth, c->now_ms, &fd, &bytes));
	http_reply_literal(c->reply, "Cache-Control", "no-store");
	http_reply_literal(c->reply, "Content-Security-Policy", "sandbox");
	http_reply_literal(c->reply, "Cross-Origin-Resource-Policy", "same-origin");
	http_reply_literal(c->reply, "Content-Type", "image/jpeg");
	c->reply->status = 200;
	c->reply->file = fd;
	c->reply->file_bytes = bytes;
out:
	return e;
}
