#include "integrity/text/contact_link.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LABELS_MAX 8
#define PATH_MAX_LEXEMES 120

/* Endings with which even a dot in words or signs makes an address. */
static const char *const plain_endings[] = { "com", "cn", "net", "org", "cc", "top", "vip", "xyz" };
/* Endings that mean an address wherever they stand, and those that are words too: these need a path, a digit or a hyphen. */
static const char *const sure_endings[] = {
	"com", "cn",  "net",  "org", "cc", "top", "vip", "xyz", "ru",  "id",  "io", "ly",
	"gov", "edu", "info", "uk",  "co", "biz", "tk",  "ml",  "ink", "icu", "sg", "my"
};
static const char *const word_endings[] = { "me",   "shop",  "club", "site", "online", "app",
	                                    "link", "win",   "bet",  "fun",  "pro",    "live",
	                                    "in",   "to",    "tv",   "gl",   "gg",     "us",
	                                    "mobi", "store", "asia", "page", "chat",   "im" };

static const struct {
	const char *host; /* an ending of the host, labels apart */
	uint8_t service;
} hosts[] = {
	{ "t.me", CONTACT_TELEGRAM },         { "telegram.me", CONTACT_TELEGRAM },
	{ "wa.me", CONTACT_WHATSAPP },        { "whatsapp.com", CONTACT_WHATSAPP },
	{ "line.me", CONTACT_LINE },          { "instagram.com", CONTACT_INSTAGRAM },
	{ "facebook.com", CONTACT_FACEBOOK }, { "fb.com", CONTACT_FACEBOOK },
	{ "m.me", CONTACT_FACEBOOK },         { "snapchat.com", CONTACT_SNAPCHAT },
	{ "discord.gg", CONTACT_OTHER },
};

/* How the dots of one address are written. */
struct dots {
	unsigned plain, typo, hidden;
};

static bool is_any(const struct lexemes *l, size_t i, const char *const *words, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		if (lexemes_spell(l, i, words[k]))
			return true;
	}
	return false;
}

static bool is_run(const struct lexemes *l, size_t i)
{
	return lexemes_at(l, i)->type == LEXEME_RUN;
}

static bool is_dot_word(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	return lexeme_is_of(x, U"点") || x->cp == '.' || x->cp == 0x3002 ||
	       lexemes_spell(l, i, "dot");
}

/* Lexemes of the dot at `i`, or 0. */
static size_t dot_at(const struct lexemes *l, size_t i, struct dots *dots)
{
	const struct lexeme *x = lexemes_at(l, i);
	if (i == 0 || i >= l->n)
		return 0;
	bool tight = lexemes_touch(l, i - 1) && lexemes_touch(l, i);
	if (x->class == CLASS_DOT && x->cp == '.') {
		dots->plain++;
		return 1;
	}
	if ((x->cp == 0x3002 || x->cp == 0xFF0C || x->cp == 0xB7) && tight && is_run(l, i + 1)) {
		dots->typo++;
		return 1;
	}
	if (x->cp == '.' && is_run(l, i + 1) && !lexemes_touch(l, i - 1)) { /* abc . com */
		dots->typo++;
		return 1;
	}
	if ((lexeme_is_of(x, U"点") || lexemes_spell(l, i, "dot")) && is_run(l, i + 1)) {
		dots->hidden++;
		return 1;
	}
	bool bracket = x->cp == '(' || x->cp == '[' || x->cp == '{' || x->cp == '<' ||
	               x->cp == 0x3010;
	if (bracket && is_dot_word(l, i + 1) && lexemes_at(l, i + 2)->type == LEXEME_SIGN &&
	    is_run(l, i + 3)) {
		dots->hidden++;
		return 3;
	}
	return 0;
}

/* label(.label)*: returns the lexeme after the last one, which lies in *last; labels in *n. */
static size_t host_at(const struct lexemes *l, size_t i, struct dots *dots, size_t *last, size_t *n)
{
	*n = 0;
	for (size_t k = i; *n < LABELS_MAX && is_run(l, k);) {
		struct dots before = *dots;
		*last = k;
		++*n;
		size_t dot = dot_at(l, k + 1, dots);
		bool apart = lexemes_at(l, k + 1)->class != CLASS_DOT;
		/* "3 . Call us": where the dot is not tight, only an ending may follow */
		if (dot && apart && !is_any(l, k + 1 + dot, sure_endings, COUNT(sure_endings)) &&
		    !is_any(l, k + 1 + dot, word_endings, COUNT(word_endings)) &&
		    (dots->hidden == before.hidden ||
		     dot_at(l, k + 2 + dot, &(struct dots){ 0 }) == 0)) {
			*dots = before;
			dot = 0;
		}
		if (!dot)
			break;
		k += 1 + dot;
	}
	return *n > 0 ? *last + 1 : i;
}

static size_t path_end(const struct lexemes *l, size_t end)
{
	size_t limit = end + PATH_MAX_LEXEMES;
	while (end < l->n && end < limit && lexemes_touch(l, end - 1) &&
	       lexemes_at(l, end)->type != LEXEME_HAN &&
	       lexemes_at(l, end)->type != LEXEME_LETTER && lexemes_at(l, end)->cp < 0x80)
		end++;
	/* what ends a sentence is not part of the address */
	while (end > 0 && lexemes_at(l, end - 1)->type == LEXEME_SIGN &&
	       lexemes_at(l, end - 1)->cp != '/')
		end--;
	return end;
}

static bool has_digit_or_hyphen(const struct lexemes *l, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct lexeme *x = lexemes_at(l, i);
		if (x->type == LEXEME_RUN && x->letters < x->g1 - x->g0)
			return true;
	}
	return false;
}

static bool has_letter(const struct lexemes *l, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (lexemes_at(l, i)->type == LEXEME_RUN && lexemes_at(l, i)->letters > 0)
			return true;
	}
	return false;
}

/* The service of a host: the last two labels, whatever stands between them. */
static uint8_t service_of(const struct lexemes *l, size_t from, size_t last)
{
	size_t before = last;
	while (before > from &&
	       (before == last || !is_run(l, before) || lexemes_spell(l, before, "dot")))
		before--;
	for (size_t k = 0; k < COUNT(hosts); k++) {
		char label[16] = { 0 };
		const char *dot = strchr(hosts[k].host, '.');
		memcpy(label, hosts[k].host, (size_t)(dot - hosts[k].host));
		if (lexemes_spell(l, last, dot + 1) && lexemes_spell(l, before, label))
			return hosts[k].service;
	}
	return CONTACT_LINK;
}

static enum contact_kind kind_of(const struct dots *dots)
{
	return dots->hidden ? CONTACT_DISGUISED : dots->typo ? CONTACT_SLANG : CONTACT_PLAIN;
}

static void fill(const struct lexemes *l, size_t from, size_t to, struct contact *out)
{
	out->from = out->handle_from = l->view->glyphs[l->list[from].g0].from;
	out->to = out->handle_to = l->view->glyphs[l->list[to - 1].g1 - 1].to;
}

/* http://, hxxps://, however the signs are written. Lexemes, or 0. */
static size_t scheme_at(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	bool colon = lexemes_at(l, i + 1)->class == CLASS_COLON;
	if (!x->word || x->word->role != WORD_SCHEME || lexemes_spell(l, i, "www"))
		return 0;
	return colon && lexemes_at(l, i + 2)->cp == '/' && lexemes_at(l, i + 3)->cp == '/' ? 4 : 0;
}

static size_t web_at(const struct lexemes *l, size_t i, struct contact *out)
{
	struct dots dots = { 0 };
	size_t scheme = scheme_at(l, i), last = 0, labels, from = i + scheme;
	bool www = lexemes_spell(l, from, "www");
	size_t end = host_at(l, from, &dots, &last, &labels);
	if (labels < 2)
		return 0;
	bool path = lexemes_at(l, end)->cp == '/' && lexemes_touch(l, end - 1) &&
	            lexemes_touch(l, end);
	bool sure = is_any(l, last, sure_endings, COUNT(sure_endings));
	bool word = is_any(l, last, word_endings, COUNT(word_endings));
	bool tight = dots.hidden + dots.typo == 0;
	sure = tight ? sure : is_any(l, last, plain_endings, COUNT(plain_endings));
	bool is = scheme || (www && (sure || word || labels > 2)) ||
	          (sure && has_letter(l, from, last)) ||
	          (word && (tight || path) && (path || has_digit_or_hyphen(l, from, last)) &&
	           has_letter(l, from, last));
	if (!is ||
	    (!tight && !scheme && lexemes_at(l, from)->g1 - lexemes_at(l, from)->g0 < 2 && !path))
		return 0;
	if (path || scheme)
		end = path_end(l, end);
	fill(l, i, end, out);
	out->kind = lexemes_spell(l, i, "hxxp") || lexemes_spell(l, i, "hxxps") ? CONTACT_DISGUISED
	                                                                        : kind_of(&dots);
	out->service = service_of(l, from, last);
	out->link = true;
	return end;
}

/* @, or what is written for it; *hidden: (at), 艾特. Lexemes, or 0. */
static size_t at_sign(const struct lexemes *l, size_t i, bool *hidden, bool *word)
{
	const struct lexeme *x = lexemes_at(l, i);
	bool bracket = x->cp == '(' || x->cp == '[' || x->cp == '{' || x->cp == 0x3010;
	*hidden = *word = false;
	if (x->class == CLASS_AT)
		return lexemes_touch(l, i) && i > 0 && lexemes_touch(l, i - 1) ? 1 : 0;
	*hidden = true;
	if (bracket && (lexemes_spell(l, i + 1, "at") || lexemes_at(l, i + 1)->class == CLASS_AT))
		return 3;
	if (lexemes_match(l, i, "艾特"))
		return 2;
	*word = true;
	return lexemes_spell(l, i, "at") ? 1 : 0;
}

static size_t mail_at(const struct lexemes *l, size_t i, struct contact *out)
{
	struct dots dots = { 0 };
	bool hidden, word;
	size_t k = i + 1, last = 0, labels;
	while (k < i + 8 && lexemes_at(l, k)->class == CLASS_DOT)
		k += 2;
	size_t at = at_sign(l, k, &hidden, &word);
	if (!at || !is_run(l, k + at))
		return 0;
	size_t end = host_at(l, k + at, &dots, &last, &labels);
	if (labels < 2 || (!is_any(l, last, sure_endings, COUNT(sure_endings)) &&
	                   (word || !is_any(l, last, word_endings, COUNT(word_endings)))))
		return 0;
	if (word && !dots.hidden) /* meet me at amazon.com */
		return 0;
	fill(l, i, end, out);
	out->service = CONTACT_MAIL;
	out->kind = hidden ? CONTACT_DISGUISED : kind_of(&dots);
	out->link = false;
	return end;
}

static bool is_dot_or_bracket(uint32_t cp)
{
	return cp == '.' || cp == 0x3002 || cp == 0xFF0C || cp == 0xB7 || cp == '(' || cp == '[' ||
	       cp == '{' || cp == '<' || cp == 0x3010;
}

size_t contact_link_at(const struct lexemes *l, size_t i, struct contact *out)
{
	const struct lexeme *next = lexemes_at(l, i + 1);
	if (!is_run(l, i) || i + 1 >= l->n)
		return 0;
	bool may = next->class == CLASS_DOT || next->class == CLASS_AT ||
	           next->class == CLASS_COLON || next->word || lexeme_is_of(next, U"点艾") ||
	           lexemes_spell(l, i + 1, "at") ||
	           (next->type == LEXEME_SIGN && is_dot_or_bracket(next->cp));
	if (!may)
		return 0;
	size_t end = mail_at(l, i, out);
	return end ? end : web_at(l, i, out);
}
