/* Complaints from outside: a form for whoever has no account here, and the page that says what became of theirs. Without script, in
 * Chinese or English. */
#include "api/handlers.h"

#include "api/house.h"
#include "circle/complain.h"
#include "circle/order.h"

struct words {
	const char *lang, *title, *about_this, *category, *contact, *contact_more, *about,
		*about_more;
	const char *evidence, *evidence_more, *send, *choose, *wrong_contact, *wrong_about,
		*wrong_evidence;
	const char *full, *sender, *received, *keep, *state, *open, *answered, *late, *filed, *due,
		*answer;
	const char *categories[COMPLAINT_CATEGORIES];
};

static const struct words english = {
	.lang = "en",
	.title = "Complaint",
	.about_this =
		"For whoever has no account here. Somebody who is responsible looks at it and answers within five "
		"working days. What is written here is written for friends alone: you will not be shown any of it, and not "
		"be told whether something is here.",
	.category = "What is the matter?",
	.contact = "How we reach you",
	.contact_more = "An address or a number. It is deleted 90 days after the answer.",
	.about = "What it is about",
	.about_more = "Who or what; the address of the post, if you have it.",
	.evidence = "What shows that it is so",
	.evidence_more =
		"Your original, your trade mark, your data, and how you came to know of it. It is judged by this alone.",
	.send = "Send",
	.choose = "Please choose one of the three.",
	.wrong_contact = "How can we reach you? One line of at most 200 characters.",
	.wrong_about = "What is it about? At most 500 characters.",
	.wrong_evidence = "What shows that it is so? At most 4,000 characters.",
	.full = "So many complaints came that we can take no more just now. Please try again tomorrow.",
	.sender =
		"Five complaints came from your address one upon another. One more can be sent every two hours.",
	.received = "We have your complaint.",
	.keep = "Keep this address: the answer will stand there, and nothing else leads to it.",
	.state = "Your complaint",
	.open = "Nobody has answered yet.",
	.answered = "It has been answered.",
	.late = "The five working days are over, and there is no answer. We owe it to you; it is still being waited for, and our "
		"log says that it is late.",
	.filed = "Received:",
	.due = "To be answered by:",
	.answer = "Answer:",
	.categories = { [COMPLAINT_PLAGIARISM] = "It is mine and was taken from me (plagiarism)",
	                [COMPLAINT_COUNTERFEIT] = "Counterfeit goods are offered",
	                [COMPLAINT_PERSONAL_DATA] = "Personal data of mine are shown" },
};

static const struct words chinese = {
	.lang = "zh-Hans",
	.title = "投诉",
	.about_this =
		"给没有帐号的人用。有人负责看，五个工作日内答复。这里写的东西只给朋友看：不会给您看任何内容，也不会告诉您某样东西在不在这里。",
	.category = "是什么事？",
	.contact = "怎样联系您",
	.contact_more = "地址或号码。答复之后 90 天删除。",
	.about = "关于什么",
	.about_more = "什么人、什么东西；知道帖子地址的话也写上。",
	.evidence = "凭什么这么说",
	.evidence_more = "您的原作、商标、个人信息，以及您是怎么知道的。只凭这些判断。",
	.send = "提交",
	.choose = "请选其中一项。",
	.wrong_contact = "怎样联系您？一行，最多 200 字。",
	.wrong_about = "关于什么？最多 500 字。",
	.wrong_evidence = "凭什么这么说？最多 4,000 字。",
	.full = "投诉太多，现在收不下了。请明天再试。",
	.sender = "从您的地址接连来了五条投诉。以后每两个小时可以再送一条。",
	.received = "投诉已经收到。",
	.keep = "请留好这个地址：答复会写在那里，没有别的路通到它。",
	.state = "您的投诉",
	.open = "还没有人答复。",
	.answered = "已经答复。",
	.late = "五个工作日已经过了，还没有答复。这是我们欠您的；它还在等人办，我们的日志里也写着迟了。",
	.filed = "收到：",
	.due = "应在此前答复：",
	.answer = "答复：",
	.categories = { [COMPLAINT_PLAGIARISM] = "是我的东西，被人拿走了（抄袭）",
	                [COMPLAINT_COUNTERFEIT] = "有人卖假货",
	                [COMPLAINT_PERSONAL_DATA] = "我的个人信息被公开了" },
};

static const struct words *words_of(const struct call *c)
{
	return house_chinese(c) ? &chinese : &english;
}

/* ---- the form ---- */

/* As it was sent, to be put right. */
struct sent {
	str category, contact, about, evidence;
};

static void add_label(struct buf *b, const char *name, const char *label)
{
	buf_format(b, "<div class=\"field\"><label for=\"%s\">", name);
	house_put(b, label);
	buf_lit(b, "</label>");
}

static void add_hint(struct buf *b, const char *hint)
{
	buf_lit(b, "<p class=\"soft small\">");
	house_put(b, hint);
	buf_lit(b, "</p></div>\n");
}

static void add_categories(struct buf *b, const struct words *w, str chosen)
{
	add_label(b, "category", w->category);
	buf_lit(b, "<select class=\"in\" id=\"category\" name=\"category\" required>"
	           "<option value=\"\"></option>");
	for (int i = 0; i < COMPLAINT_CATEGORIES; i++) {
		str word = str_of(complaint_category_word((enum complaint_category)i));
		buf_lit(b, "<option value=\"");
		buf_add(b, word);
		buf_add(b, str_eq(word, chosen) ? S("\" selected>") : S("\">"));
		house_put(b, w->categories[i]);
		buf_lit(b, "</option>");
	}
	buf_lit(b, "</select></div>\n");
}

static void add_area(struct buf *b, const char *name, const char *label, const char *hint, int rows,
                     int max, str words)
{
	add_label(b, name, label);
	buf_format(b,
	           "<textarea class=\"in\" id=\"%s\" name=\"%s\" rows=\"%d\" maxlength=\"%d\" "
	           "required>\n",
	           name, name, rows, max);
	buf_html(b, words);
	buf_lit(b, "</textarea>");
	add_hint(b, hint);
}

static err send_form(struct call *c, const struct sent *sent, const char *wrong, int status)
{
	const struct words *w = words_of(c);
	struct buf b;
	house_begin(c, &b, str_of(w->lang), str_of(w->title));
	buf_lit(&b, "<p class=\"soft\">");
	house_put(&b, w->about_this);
	buf_lit(&b, "</p>\n<form class=\"sheet panel pad stack\" method=\"post\" "
	            "action=\"/complaint\">\n");
	house_wrong(&b, wrong);
	add_categories(&b, w, sent->category);
	add_area(&b, "about", w->about, w->about_more, 3, COMPLAINT_ABOUT_MAX, sent->about);
	add_area(&b, "evidence", w->evidence, w->evidence_more, 8, COMPLAINT_EVIDENCE_MAX,
	         sent->evidence);
	add_label(&b, "contact", w->contact);
	buf_format(&b,
	           "<input class=\"in\" id=\"contact\" name=\"contact\" required maxlength=\"%d\" "
	           "value=\"",
	           COMPLAINT_CONTACT_MAX);
	buf_html(&b, sent->contact);
	buf_lit(&b, "\">");
	add_hint(&b, w->contact_more);
	buf_lit(&b, "<button class=\"btn go full\">");
	house_put(&b, w->send);
	buf_lit(&b, "</button>\n</form>\n");
	return house_finish(c, &b, status, STR_NONE);
}

err plain_complaint_form(struct call *c)
{
	struct sent none = { .contact = STR_NONE };
	return send_form(c, &none, NULL, 200);
}

/* ---- what came of it ---- */

static void add_time(struct buf *b, const char *label, int64_t at_ms)
{
	buf_lit(b, "<p class=\"meta\">");
	house_put(b, label);
	buf_char(b, ' ');
	house_time(b, at_ms);
	buf_lit(b, "</p>\n");
}

static err send_received(struct call *c, const struct complaint *complaint, str secret)
{
	const struct words *w = words_of(c);
	struct buf b;
	house_begin(c, &b, str_of(w->lang), str_of(w->received));
	house_paragraph(&b, w->keep);
	buf_lit(&b, "<p class=\"sheet panel pad\"><a href=\"/complaint/");
	buf_html(&b, secret);
	buf_lit(&b, "\">");
	buf_html(&b, c->url);
	buf_lit(&b, "/complaint/");
	buf_html(&b, secret);
	buf_lit(&b, "</a></p>\n");
	add_time(&b, w->due, complaint->due_at_ms);
	http_reply_literal(c->reply, "X-Robots-Tag", "noindex");
	return house_finish(c, &b, 200, STR_NONE);
}

/* Which sentence of ours stands for the fault. */
static const char *wrong_of(const struct words *w, err e)
{
	str field = str_of(e.field);
	return str_eq(field, S("contact")) ? w->wrong_contact
	       : str_eq(field, S("about")) ? w->wrong_about
	                                   : w->wrong_evidence;
}

err plain_complaint_send(struct call *c)
{
	const struct words *w = words_of(c);
	struct complaint_draft draft;
	struct complaint_filed filed;
	struct sent sent;
	err e;
	TRY(params_str(c->params, "category", &sent.category));
	TRY(params_str(c->params, "contact", &sent.contact));
	TRY(params_str(c->params, "about", &sent.about));
	TRY(params_str(c->params, "evidence", &sent.evidence));
	if (!complaint_category_of(sent.category, &draft.category))
		return send_form(c, &sent, w->choose, 422);
	draft.contact = sent.contact;
	draft.about = sent.about;
	draft.evidence = sent.evidence;
	draft.from = http_peer_key(&c->request->peer);
	draft.has_from = c->request->peer.known;
	e = complain_file(c->circle, &draft, c->url, c->now_ms, c->mem, &filed);
	if (e.code == ERR_INPUT)
		return send_form(c, &sent, wrong_of(w, e), 422);
	if (e.code == ERR_LIMIT) {
		TRY(http_reply_field(c->reply, "Retry-After",
		                     str_format(c->mem, "%u", filed.retry_after_s)));
		return send_form(c, &sent, filed.of_address ? w->sender : w->full, 429);
	}
	TRY(e);
	TRY(send_received(c, &filed.complaint, filed.secret));
out:
	return e;
}

err plain_complaint_show(struct call *c)
{
	const struct words *w = words_of(c);
	struct complaint is;
	struct buf b;
	err e;
	TRY(complain_look(c->circle, c->args[0], c->mem, &is));
	house_begin(c, &b, str_of(w->lang), str_of(w->state));
	http_reply_literal(c->reply, "X-Robots-Tag", "noindex");
	buf_lit(&b, "<p><b>");
	house_put(&b, w->categories[is.category]);
	buf_lit(&b, "</b></p>\n<p class=\"text\">");
	buf_html(&b, is.about);
	buf_lit(&b, "</p>\n");
	house_paragraph(&b, is.state == COMPLAINT_ANSWERED                   ? w->answered
	                    : order_now(c->circle, c->now_ms) > is.due_at_ms ? w->late
	                                                                     : w->open);
	add_time(&b, w->filed, is.at_ms);
	if (is.state == COMPLAINT_ANSWERED) {
		add_time(&b, w->answer, is.answered_at_ms);
		buf_lit(&b, "<p class=\"sheet panel pad text\">");
		buf_html(&b, is.answer);
		buf_lit(&b, "</p>\n");
	} else {
		add_time(&b, w->due, is.due_at_ms);
	}
	TRY(house_finish(c, &b, 200, STR_NONE));
out:
	return e;
}
