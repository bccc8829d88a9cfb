/* One walk over the lexemes. At each: does "add" stand here, does a service, does a number, does an address; and is what follows an
 * id. Every look is of bounded length, so time is linear. */
#include "integrity/text/contact.h"

#include "integrity/text/contact_link.h"
#include "integrity/text/contact_name.h"
#include "integrity/text/contact_handle.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ASK_WORDS_MAX 4 /* lexemes after "add": me on my */
#define CALL_MIN 7      /* digits of a number to call */
#define LONG_NUMBER 8   /* digits that no ordinary word is followed by */

/* A text is worth a walk when something of these is in it. */
#define BEGIN                                                                                      \
	(CLASS_BIT(CLASS_WEI) | CLASS_BIT(CLASS_WEI_LOOK) | CLASS_BIT(CLASS_WEI_SOUND) |           \
	 CLASS_BIT(CLASS_KOU) | CLASS_BIT(CLASS_BEGINS) | CLASS_BIT(CLASS_WORD) |                  \
	 CLASS_BIT(CLASS_ID) | CLASS_BIT(CLASS_SYMBOL) | CLASS_BIT(CLASS_AT) |                     \
	 CLASS_BIT(CLASS_DOT) | CLASS_BIT(CLASS_STREAK))

struct search {
	struct lexemes l;
	bool styles_count; /* a styled letter is odd here: the text is not styled throughout */
	struct contact *out;
	size_t n;
};

static const struct lexeme *at(const struct search *s, size_t i) { return lexemes_at(&s->l, i); }

static bool has_role(const struct lexeme *x, enum word_role role)
{
	return x->word && x->word->role == role;
}

/* Drawn as other characters, or with something hidden inside, in lexemes [from, to). */
static bool is_drawn(const struct search *s, size_t from, size_t to)
{
	const struct view *v = s->l.view;
	for (size_t i = from; i < to && i < s->l.n; i++) {
		const struct lexeme *x = at(s, i);
		bool mixed = false, plain = false;
		for (uint32_t g = x->g0; g < x->g1; g++) {
			const struct glyph *y = &v->glyphs[g];
			mixed |= y->lookalike;
			plain |= !y->lookalike && y->cp < 0x80;
			if (x->type == LEXEME_RUN && y->class == FOLD_LETTER &&
			    lexemes_changed(&s->l, g))
				return true;
			if ((y->styled && s->styles_count) || (mixed && plain))
				return true;
			bool last = g + 1 >= x->g1;
			if (!last && y[1].from > y->to && y->class == FOLD_LETTER)
				return true;
		}
	}
	return false;
}

static void keep(struct search *s, struct contact c)
{
	if (s->n < CONTACTS_MAX)
		s->out[s->n++] = c;
	else if (c.kind == CONTACT_DISGUISED && s->out[CONTACTS_MAX - 1].kind != CONTACT_DISGUISED)
		s->out[CONTACTS_MAX - 1] = c;
}

static void keep_lexemes(struct search *s, const struct contact_name *name, size_t from, size_t to,
                         const struct handle *h)
{
	const struct glyph *g = s->l.view->glyphs;
	struct contact c = { .kind = name->kind,
		             .service = name->service,
		             .from = g[at(s, from)->g0].from,
		             .to = g[at(s, to - 1)->g1 - 1].to };
	if (h->odd || is_drawn(s, from, to))
		c.kind = CONTACT_DISGUISED;
	if (h->g1 > h->g0) {
		c.handle_from = g[h->g0].from;
		c.handle_to = g[h->g1 - 1].to;
		c.from = c.handle_from < c.from ? c.handle_from : c.from;
		c.to = c.handle_to > c.to ? c.handle_to : c.to;
	}
	keep(s, c);
}

/* ---- "add" ---- */

struct ask {
	size_t lexemes; /* 0: none */
	bool sound;     /* written with another character */
	bool doubtful;  /* 家 after a word it may belong to: an id must follow */
};

static struct ask add_sound_at(const struct search *s, size_t i)
{
	bool home = lexeme_is_of(at(s, i), U"家");
	bool open = i == 0 || at(s, i - 1)->type != LEXEME_HAN || at(s, i)->line ||
	            lexeme_is_of(at(s, i - 1), U"要请想来快可先就详询");
	bool sound = lexeme_is_of(at(s, i), U"佳家嘉伽珈枷");
	return (struct ask){ sound ? 1 : 0, sound, home && !open };
}

static struct ask ask_at(const struct search *s, size_t i)
{
	const struct lexeme *x = at(s, i);
	struct ask a = { 0 };
	if (x->class != CLASS_PLUS && x->class != CLASS_ADD && !x->word)
		return a;
	bool more = i > 0 && lexeme_is_of(at(s, i - 1), U"增参附追更施外叠倍强愈累");
	if (x->class == CLASS_PLUS || has_role(x, WORD_ADD) ||
	    (lexeme_is_of(x, U"加添") && !more)) {
		a.lexemes = 1;
	} else {
		a = add_sound_at(s, i);
		if (!a.lexemes)
			return a;
	}
	static const char *const words[] = { "me", "my", "us", "our", "on", "at", "in", "via" };
	for (; a.lexemes < ASK_WORDS_MAX; a.lexemes++) {
		bool word = lexeme_is_of(at(s, i + a.lexemes),
		                         U"我个下他她的一您咱们店主这本新老小号");
		for (size_t k = 0; !word && k < COUNT(words); k++)
			word = lexemes_spell(&s->l, i + a.lexemes, words[k]);
		if (!word)
			break;
	}
	return a;
}

/* ---- is it one ---- */

/* After "add" and a service without an id: the sentence ends, or goes on with what one does there. */
static bool ends_well(const struct search *s, size_t i)
{
	const struct lexeme *x = at(s, i);
	return i >= s->l.n || x->line || x->type == LEXEME_SIGN ||
	       lexeme_is_of(x, U"看我聊咨了领要拿号同备详私进了吧哦呀咯啦");
}

static bool is_number_of(const struct contact_name *n, const struct handle *h)
{
	switch (n->service) {
	case CONTACT_QQ:
		return h->number && h->symbols >= 5 && h->symbols <= 12;
	case CONTACT_PHONE:
		return h->number && h->symbols >= CALL_MIN;
	default:
		return true;
	}
}

/* A character of a person's name before a telephone number: 王薇 138... */
static bool is_in_a_name(const struct search *s, size_t i)
{
	return at(s, i)->type == LEXEME_HAN && i > 0 && !at(s, i)->line &&
	       at(s, i - 1)->type == LEXEME_HAN && lexemes_touch(&s->l, i - 1) &&
	       !lexeme_is_of(at(s, i - 1), U"我的看款详聊私要买下址请找方式和或群");
}

/* Without "add": an id must follow, and the word must be no part of another one. */
static bool stands_alone(const struct search *s, size_t i, const struct contact_name *n,
                         const struct handle *h)
{
	const struct lexeme *x = at(s, i), *after = at(s, i + n->lexemes);
	bool colon = after->class == CLASS_COLON || lexeme_is_of(after, U"号");
	bool ordinary = n->letter && x->type == LEXEME_HAN && x->class != CLASS_WEI_LOOK;
	if (!h->symbols || !is_number_of(n, h))
		return false;
	if (n->letter && (x->type == LEXEME_RUN ? !colon : is_in_a_name(s, i)))
		return false;
	if (ordinary && !(x->class == CLASS_WEI && colon))
		return false;
	switch (n->role) {
	case WORD_MARKED:
		return n->service == CONTACT_PHONE || (h->marked && h->strong) ||
		       (h->number && h->symbols >= LONG_NUMBER);
	case WORD_THING:
		return h->number ? h->marked || h->symbols >= CALL_MIN : h->strong && h->marked;
	case WORD_DIGITS:
		return h->number;
	default:
		return h->strong || (n->literal && h->marked);
	}
}

static bool stands_asked(const struct search *s, size_t end, const struct contact_name *n,
                         const struct handle *h)
{
	if (h->symbols)
		return is_number_of(n, h) &&
		       (h->strong || n->role == WORD_SURE || n->role == WORD_NAME);
	return (n->role == WORD_SURE || (n->role == WORD_NAME && !n->letter) ||
	        (n->role == WORD_DIGITS && n->service == CONTACT_QQ)) &&
	       ends_well(s, end);
}

/* 微我, 薇我: "WeChat me", where the clause ends; 稍微我... is another word. */
static bool is_wei_me(const struct search *s, size_t i)
{
	const struct lexeme *x = at(s, i);
	bool wei = x->class == CLASS_WEI || x->class == CLASS_WEI_LOOK ||
	           lexemes_spell(&s->l, i, "vx") || lexemes_spell(&s->l, i, "wx");
	bool word = i > 0 && lexeme_is_of(at(s, i - 1), U"稍略些轻细微蔷紫");
	return wei && !word && lexeme_is_of(at(s, i + 1), U"我") && ends_well(s, i + 2) &&
	       !lexeme_is_of(at(s, i + 2), U"看要了");
}

/* 微聊, 咨询薇: the name without an id, where the clause ends. */
static size_t ending_at(struct search *s, size_t i)
{
	const struct lexeme *x = at(s, i);
	static const struct handle none = { 0 };
	struct contact_name n = { 1, CONTACT_WECHAT, CONTACT_SLANG, WORD_NAME, false, false };
	bool open = i == 0 || at(s, i - 1)->type != LEXEME_HAN || x->line;
	if (x->class == CLASS_WEI_LOOK && i > 0 && lexeme_is_of(at(s, i - 1), U"询")) {
		n.kind = CONTACT_DISGUISED;
	} else if ((x->class == CLASS_WEI || x->class == CLASS_WEI_LOOK) && open &&
	           lexeme_is_of(at(s, i + 1), U"聊")) {
		n.kind = x->class == CLASS_WEI ? CONTACT_SLANG : CONTACT_DISGUISED;
		n.lexemes = 2;
	} else {
		return 0;
	}
	size_t end = i + n.lexemes;
	if (end < s->l.n && !at(s, end)->line && at(s, end)->type != LEXEME_SIGN)
		return 0;
	keep_lexemes(s, &n, i, end, &none);
	return end;
}

/* 138... 微同号: the number stands before. */
static bool is_same_number(const struct search *s, size_t end)
{
	return lexemes_match(&s->l, end, "同号") || lexemes_match(&s->l, end, "同步") ||
	       (lexeme_is_of(at(s, end), U"同") && at(s, end + 1)->type == LEXEME_SIGN);
}

static size_t message_at(struct search *s, size_t i, const struct contact_name *n)
{
	const struct lexeme *next = at(s, i + n->lexemes);
	static const struct handle none = { 0 };
	bool is;
	if (n->role == WORD_ALONE) {
		bool word = i > 0 && lexeme_is_of(at(s, i - 1), U"自无隐走公偷");
		is = !word && (ends_well(s, i + n->lexemes) || lexeme_is_of(next, U"问价"));
	} else if (n->kind == CONTACT_SLANG) { /* dd */
		is = i > 0 && lexeme_is_of(at(s, i - 1), U"的要可请者直") && ends_well(s, i + 1);
	} else {
		bool time = i > 0 && at(s, i - 1)->digits > 0;
		is = !time &&
		     (lexemes_spell(&s->l, i + 1, "me") || lexemes_spell(&s->l, i + 1, "us") ||
		      lexemes_spell(&s->l, i + 1, "for") ||
		      (lexemes_spell(&s->l, i + 1, "4") && at(s, i + 2)->type == LEXEME_RUN));
	}
	if (!is)
		return 0;
	keep_lexemes(s, n, i, i + n->lexemes, &none);
	return i + n->lexemes;
}

/* The contact by a service's name at `i`: returns the lexeme after it, or 0. */
static size_t service_at(struct search *s, size_t i)
{
	struct ask ask = ask_at(s, i);
	struct contact_name n = contact_name_at(&s->l, i + ask.lexemes);
	if (!n.lexemes && ask.lexemes > 1) { /* 加个 is no more than 加 */
		ask.lexemes = 1;
		n = contact_name_at(&s->l, i + 1);
	}
	if (!n.lexemes)
		return 0;
	if (n.role == WORD_MESSAGE || n.role == WORD_ALONE)
		return ask.lexemes ? 0 : message_at(s, i, &n);
	if (ask.sound && n.literal)
		return 0; /* 大家微信 */
	size_t first = i + ask.lexemes, end = first + n.lexemes;
	struct handle h = handle_after(&s->l, end);
	if (ask.doubtful && (!h.symbols || !h.strong))
		return 0;
	bool me = !ask.lexemes && is_wei_me(s, i);
	bool same = (i > 0 || ask.lexemes) && is_same_number(s, end) && (n.role == WORD_SURE) &&
	            !h.symbols;
	if (ask.sound)
		n.kind = CONTACT_DISGUISED;
	if (!me && !same &&
	    !(ask.lexemes ? stands_asked(s, end, &n, &h) : stands_alone(s, i, &n, &h)))
		return 0;
	keep_lexemes(s, &n, i, me ? end + 1 : end, &h);
	return h.symbols ? h.end : end;
}

/* 信微 before an id: read backwards. */
static size_t backwards_at(struct search *s, size_t i)
{
	if (!lexeme_is_of(at(s, i), U"信") || at(s, i + 1)->class != CLASS_WEI)
		return 0;
	struct handle h = handle_after(&s->l, i + 2);
	struct contact_name n = (struct contact_name){ 2,         CONTACT_WECHAT, CONTACT_DISGUISED,
		                                       WORD_NAME, false,          false };
	if (!h.symbols || !h.strong)
		return 0;
	keep_lexemes(s, &n, i, i + 2, &h);
	return h.end;
}

/* vx12345678, q338120975: the name runs into the number. */
static size_t glued_at(struct search *s, size_t i)
{
	static const struct {
		const char *prefix;
		uint8_t service, kind, min;
	} rows[] = { { "vx", CONTACT_WECHAT, CONTACT_SLANG, 6 },
		     { "wx", CONTACT_WECHAT, CONTACT_SLANG, 6 },
		     { "qq", CONTACT_QQ, CONTACT_PLAIN, 6 },
		     { "tg", CONTACT_TELEGRAM, CONTACT_SLANG, 8 },
		     { "wa", CONTACT_WHATSAPP, CONTACT_SLANG, 9 },
		     { "q", CONTACT_QQ, CONTACT_SLANG, 8 },
		     { "v", CONTACT_WECHAT, CONTACT_SLANG, 11 },
		     { "w", CONTACT_WECHAT, CONTACT_SLANG, 11 } };
	const struct lexeme *x = at(s, i);
	const struct glyph *g = s->l.view->glyphs;
	if (x->type != LEXEME_RUN || x->letters == 0 || x->letters > 2 || x->digits < 6)
		return 0;
	for (size_t k = 0; k < COUNT(rows); k++) {
		uint32_t n = (uint32_t)strlen(rows[k].prefix);
		bool same = x->letters == n && x->digits >= rows[k].min &&
		            x->digits + n == x->g1 - x->g0;
		for (uint32_t c = 0; same && c < n; c++)
			same = g[x->g0 + c].cp == (unsigned char)rows[k].prefix[c];
		if (!same)
			continue;
		struct contact_name name = { 1,
			                     (enum contact_service)rows[k].service,
			                     (enum contact_kind)rows[k].kind,
			                     WORD_SURE,
			                     false,
			                     false };
		struct handle h = {
			.g0 = x->g0 + n, .g1 = x->g1, .end = i + 1, .symbols = x->digits
		};
		keep_lexemes(s, &name, i, i + 1, &h);
		return i + 1;
	}
	return 0;
}

/* ---- names spelled with something for their letters, or between them ---- */

static const struct {
	const char *name;
	uint8_t service;
} spelled[] = { { "telegram", CONTACT_TELEGRAM },   { "whatsapp", CONTACT_WHATSAPP },
	        { "whats", CONTACT_WHATSAPP },      { "wechat", CONTACT_WECHAT },
	        { "instagram", CONTACT_INSTAGRAM }, { "snapchat", CONTACT_SNAPCHAT },
	        { "facebook", CONTACT_FACEBOOK },   { "discord", CONTACT_OTHER },
	        { "kik", CONTACT_OTHER },           { "snap", CONTACT_SNAPCHAT } };

#define LETTER(c) (UINT32_C(1) << ((c) - 'a'))
#define SPELLED_FIRSTS                                                                             \
	(LETTER('t') | LETTER('w') | LETTER('i') | LETTER('s') | LETTER('f') | LETTER('d') |       \
	 LETTER('k'))

static char plain_letter(uint32_t cp)
{
	static const char digits[] = "oizeasgtbq";
	if (cp >= '0' && cp <= '9')
		return digits[cp - '0'];
	return cp == '@'                ? 'a'
	       : cp == '$'              ? 's'
	       : cp == 0x20AC           ? 'e'
	       : cp == '!' || cp == '|' ? 'i'
	                                : (char)(cp < 0x80 ? cp : 0);
}

struct spelling {
	uint32_t end; /* glyph; 0: it is not spelled here */
	unsigned spaces, signs, changed;
	unsigned noise; /* of the signs those that no spelling has: all but a hyphen */
};

static struct spelling spell(const struct view *v, uint32_t g, const char *name)
{
	struct spelling s = { 0 };
	uint32_t between = 0;
	for (const char *c = name; *c; g++) {
		if (g >= v->n || between > 3)
			return (struct spelling){ 0 };
		const struct glyph *x = &v->glyphs[g];
		char letter = plain_letter(x->cp), want = *c == 'l' ? 'i' : *c;
		if (letter == *c || letter == want || (letter == 'l' && want == 'i')) {
			s.changed += x->cp != (unsigned char)*c || x->lookalike;
			c++;
			between = 0;
		} else if (c > name && x->class == FOLD_SPACE) {
			s.spaces += between == 0 || v->glyphs[g - 1].class != FOLD_SPACE;
			between++;
		} else if (c > name && (x->class == FOLD_NOISE || x->cp == '_')) {
			s.signs++;
			s.noise += x->cp != '-';
			between++;
		} else {
			return (struct spelling){ 0 };
		}
	}
	s.end = g;
	return s;
}

static bool begins_spelled(char first)
{
	uint32_t letter = (uint32_t)first - 'a';
	return letter < 26 && (SPELLED_FIRSTS >> letter & 1);
}

static size_t spelled_at(struct search *s, size_t i)
{
	const struct lexeme *x = at(s, i);
	const struct view *v = s->l.view;
	char first = x->type == LEXEME_RUN ? plain_letter(x->cp) : 0;
	if (!begins_spelled(first) || (x->word && x->g1 - x->g0 > 5))
		return 0;
	for (size_t k = 0; k < COUNT(spelled); k++) {
		struct spelling p = spell(v, x->g0, spelled[k].name);
		if (!p.end)
			continue;
		size_t letters = strlen(spelled[k].name);
		bool inside = p.end < v->n && v->glyphs[p.end].cp < 0x80 &&
		              v->glyphs[p.end].class <= FOLD_DIGIT;
		bool brief = letters < 6;             /* also words, or parts of them */
		bool apart = p.spaces + 2 >= letters; /* between all letters, not bad typing */
		bool hidden = p.signs > 1 || p.noise > 0 || p.changed > 0 || apart;
		if (inside || (brief && p.signs + p.spaces + 1 < letters))
			continue;
		size_t end = lexemes_of_glyph(&s->l, p.end - 1) + 1;
		struct handle h = handle_after(&s->l, end);
		if (brief && k != 2 && (!h.symbols || !h.strong))
			continue;
		if (!hidden && (p.spaces + p.signs == 0 || !h.symbols || !h.strong || !h.marked))
			continue;
		struct contact_name n = { 1,
			                  (enum contact_service)spelled[k].service,
			                  hidden ? CONTACT_DISGUISED : CONTACT_PLAIN,
			                  WORD_NAME,
			                  false,
			                  false };
		keep_lexemes(s, &n, i, end, &h);
		return h.symbols ? h.end : end;
	}
	return 0;
}

/* A name as it should be, but drawn: that is a contact even without an id. */
static size_t drawn_at(struct search *s, size_t i)
{
	const struct lexeme *x = at(s, i);
	static const struct handle none = { 0 };
	if (!x->word || x->word->role != WORD_NAME || !is_drawn(s, i, i + 1))
		return 0;
	struct contact_name n = contact_name_of(x->word, 1);
	keep_lexemes(s, &n, i, i + 1, &none);
	return i + 1;
}

static size_t link_at(struct search *s, size_t i)
{
	struct contact c = { 0 };
	size_t end = contact_link_at(&s->l, i, &c);
	if (end)
		keep(s, c);
	return end;
}

static size_t number_at(struct search *s, size_t i)
{
	struct handle h = handle_number_at(&s->l, i);
	struct contact_name n = { 1, CONTACT_PHONE, CONTACT_PLAIN, WORD_DIGITS, false, false };
	if (!h.symbols)
		return 0;
	keep_lexemes(s, &n, i, h.end, &h);
	return h.end;
}

/* The contact that begins at lexeme `i`: returns the lexeme after it, or 0. Most lexemes can begin none. */
static size_t contact_at(struct search *s, size_t i)
{
	static size_t (*const of_han[])(struct search *, size_t) = { service_at, backwards_at,
		                                                     ending_at };
	static size_t (*const of_run[])(struct search *, size_t) = { link_at,    service_at,
		                                                     spelled_at, drawn_at,
		                                                     glued_at,   number_at };
	static size_t (*const of_sign[])(struct search *, size_t) = { service_at, number_at };
	const struct lexeme *x = at(s, i);
	if (x->class == CLASS_NUMERAL)
		return number_at(s, i);
	bool han = x->type == LEXEME_HAN, sign = x->type == LEXEME_SIGN;
	bool asks = x->class == CLASS_PLUS || x->class == CLASS_SYMBOL || x->class == CLASS_HEART;
	if ((han && (x->class == CLASS_NONE || x->class > CLASS_NAMES)) ||
	    x->type == LEXEME_LETTER || (sign && !asks))
		return 0;
	size_t (*const *looks)(struct search *, size_t) = han ? of_han : sign ? of_sign : of_run;
	size_t n = han ? COUNT(of_han) : sign ? COUNT(of_sign) : COUNT(of_run), end = 0;
	for (size_t k = 0; !end && k < n; k++)
		end = looks[k](s, i);
	return end;
}

/* Whoever writes all of a text in bold hides nothing; one bold name in a plain text is for a filter's sake. */
static bool styles_count(const struct view *v)
{
	size_t styled = 0, plain = 0;
	for (size_t i = 0; i < v->n; i++) {
		const struct glyph *g = &v->glyphs[i];
		styled += g->styled;
		plain += !g->styled && g->class == FOLD_LETTER;
	}
	return styled <= 2 * plain;
}

size_t contact_find_in(const struct views *views, struct lexemes *lexemes, struct arena *mem,
                       struct contact out[CONTACTS_MAX])
{
	uint64_t classes = lexemes_classes(lexemes_view(views));
	bool foreign = classes & CLASS_BIT(CLASS_LONG) && classes & CLASS_BIT(CLASS_HAN);
	if (!(classes & BEGIN) && !foreign)
		return 0;
	struct search s = { .out = out, .styles_count = styles_count(lexemes_view(views)) };
	lexemes_read(views, mem, lexemes);
	s.l = *lexemes;
	for (size_t i = 0; i < s.l.n;) {
		size_t end = contact_at(&s, i);
		i = end ? end : i + 1;
	}
	return s.n;
}

size_t contact_find(const struct views *views, struct arena *mem, struct contact out[CONTACTS_MAX])
{
	struct lexemes lexemes = { 0 };
	struct arena_mark mark = arena_mark(mem);
	size_t n = contact_find_in(views, &lexemes, mem, out);
	arena_rewind(mem, mark);
	return n;
}

double contact_effort(const struct contact *contacts, size_t n)
{
	static const double efforts[] = {
		[CONTACT_PLAIN] = 0, [CONTACT_SLANG] = 1, [CONTACT_DISGUISED] = 4
	};
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += efforts[contacts[i].kind];
	return sum;
}

const char *contact_service_name(enum contact_service service)
{
	static const char *const names[CONTACT_SERVICES] = {
		"wechat",    "qq",       "phone",    "telegram", "whatsapp", "line", "signal",
		"instagram", "facebook", "snapchat", "other",    "mail",     "link", "message"
	};
	return names[service];
}
