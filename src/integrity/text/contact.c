/* The folded text as tokens - a Han character with its sound, a run of ASCII, a sign - and three ways to look at them: Chinese
 * services by sound, services with Latin names by skeleton, numbers by their signs. */
#include "integrity/text/contact.h"

#include <string.h>
#include <uchar.h>

#define HANDLE_MIN 5
#define HANDLE_MAX 24
#define NUMBER_MIN 7   /* a telephone or QQ number written in words */
#define HANDLE_REACH 4 /* tokens between a service and its handle: 号 : 是 */
#define SIGN_PLUS 0x2B
#define SIGN_HEART 0x2764

enum token_type { TOKEN_HAN, TOKEN_RUN, TOKEN_SIGN };

struct token {
	enum token_type type;
	uint32_t cp;       /* Han or sign; of a run its first symbol */
	unsigned syllable; /* of a Han character */
	uint32_t g0, g1;   /* glyphs of the folded view */
};

struct tokens {
	const struct view *folded;
	struct token *list;
	size_t n;
	struct contact *out;
	size_t found;
};

static bool in_run(const struct glyph *g)
{
	return (g->class <= FOLD_DIGIT && g->cp < 0x80) || g->cp == '_';
}

static uint32_t sign_of(uint32_t cp)
{
	static const uint32_t hearts[] = { 0x2764,  0x2665,  0x2661,  0x1F49A, 0x1F497,
		                           0x1F496, 0x1F499, 0x1F49B, 0x1F49C, 0x1F493,
		                           0x1F495, 0x1F498, 0x1F5A4, 0x1F90D, 0x1F9E1 };
	if (cp == '+' || cp == 0xFF0B || cp == 0x2795)
		return SIGN_PLUS;
	for (size_t i = 0; i < sizeof hearts / sizeof hearts[0]; i++) {
		if (hearts[i] == cp)
			return SIGN_HEART;
	}
	return cp;
}

static void tokenize(struct tokens *t)
{
	const struct view *f = t->folded;
	for (uint32_t i = 0; i < f->n;) {
		const struct glyph *g = &f->glyphs[i];
		struct token *token = &t->list[t->n];
		uint32_t end = i + 1;
		if (g->class == FOLD_SPACE) {
			i = end;
			continue;
		}
		*token = (struct token){ g->han ? TOKEN_HAN : TOKEN_SIGN, sign_of(g->cp),
			                 g->han ? fold_reading(g->cp) : 0, i, end };
		if (in_run(g)) {
			token->type = TOKEN_RUN;
			while (end < f->n && (in_run(&f->glyphs[end]) ||
			                      (f->glyphs[end].cp == '-' && end + 1 < f->n &&
			                       in_run(&f->glyphs[end + 1]))))
				end++;
			token->g1 = end;
		}
		t->n++;
		i = end;
	}
}

static const struct token *at(const struct tokens *t, size_t i)
{
	static const struct token none = { .type = TOKEN_SIGN };
	return i < t->n ? &t->list[i] : &none;
}

static bool is_one_of(uint32_t cp, const char32_t *set)
{
	while (*set && *set != cp)
		set++;
	return *set != 0;
}

static bool is_han_of(const struct token *x, const char32_t *set)
{
	return x->type == TOKEN_HAN && is_one_of(x->cp, set);
}

static bool sounds(const struct token *x, const char *syllable)
{
	return x->type == TOKEN_HAN && x->syllable &&
	       strcmp(fold_syllable(x->syllable), syllable) == 0;
}

static bool run_is(const struct tokens *t, size_t i, const char *word)
{
	const struct token *x = at(t, i);
	if (x->type != TOKEN_RUN)
		return false;
	for (uint32_t g = x->g0; g < x->g1; g++, word++) {
		if (t->folded->glyphs[g].cp != (unsigned char)*word)
			return false; /* at the word's end too: no glyph is 0 */
	}
	return *word == '\0';
}

static bool run_is_any(const struct tokens *t, size_t i, const char *const *words, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		if (run_is(t, i, words[k]))
			return true;
	}
	return false;
}

/* Something that is not shown, or a sign, stands between two tokens. */
static bool apart(const struct tokens *t, size_t i)
{
	const struct glyph *g = t->folded->glyphs;
	return g[at(t, i + 1)->g0].from > g[at(t, i)->g1 - 1].to;
}

/* ---- handles ---- */

static bool is_numeral(const struct token *x)
{
	return is_han_of(x, U"零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖");
}

/* Digits drawn in a way that no keyboard gives: circled, boxed, of another script. */
static bool is_odd_digit(const struct glyph *g)
{
	bool ascii = g->to - g->from == 1, full_width = g->to - g->from == 3 && !g->styled;
	return g->class == FOLD_DIGIT && !ascii && !full_width;
}

struct handle {
	uint32_t g0, g1; /* glyphs; equal when there is none */
	bool odd;        /* its digits are disguised */
};

/* A run of enough symbols; or digits in pieces; or numerals in words. */
static struct handle handle_at(const struct tokens *t, size_t i)
{
	struct handle h = { 0, 0, false };
	uint32_t symbols = 0, odd = 0;
	size_t k = i;
	if (at(t, i)->type == TOKEN_RUN && at(t, i)->g1 - at(t, i)->g0 >= HANDLE_MIN) {
		k = i + 1;
	} else {
		while (at(t, k)->type == TOKEN_RUN &&
		       t->folded->glyphs[at(t, k)->g0].class == FOLD_DIGIT)
			symbols += t->list[k].g1 - t->list[k].g0, k++;
		for (; is_numeral(at(t, k)); k++)
			symbols++, odd++;
		if (symbols < HANDLE_MIN || (k - i > 1 && symbols < HANDLE_MIN + 1))
			return h;
	}
	h.g0 = t->list[i].g0;
	h.g1 = t->list[k - 1].g1;
	if (h.g1 - h.g0 > HANDLE_MAX * 2)
		h.g1 = h.g0 + HANDLE_MAX * 2;
	for (uint32_t g = h.g0; g < h.g1; g++)
		odd += is_odd_digit(&t->folded->glyphs[g]) ? 1 : 0;
	h.odd = odd >= 3;
	return h;
}

static bool is_filler(const struct token *x)
{
	return x->type == TOKEN_SIGN || is_han_of(x, U"号群裙是找我您请搜账帐微信");
}

static struct handle handle_after(const struct tokens *t, size_t i)
{
	for (size_t reach = 0; reach <= HANDLE_REACH && i < t->n; reach++, i++) {
		struct handle h = handle_at(t, i);
		if (h.g1 > h.g0 || !is_filler(at(t, i)))
			return h;
	}
	return (struct handle){ 0, 0, false };
}

static void keep(struct tokens *t, enum contact_kind kind, size_t first, size_t last,
                 struct handle h)
{
	const struct glyph *g = t->folded->glyphs;
	if (t->found == CONTACTS_MAX)
		return;
	struct contact c = { .kind = h.odd ? CONTACT_DISGUISED : kind,
		             .from = g[t->list[first].g0].from,
		             .to = g[t->list[last].g1 - 1].to };
	if (h.g1 > h.g0) {
		c.handle_from = g[h.g0].from;
		c.handle_to = g[h.g1 - 1].to;
		c.to = c.handle_to > c.to ? c.handle_to : c.to;
	}
	t->out[t->found++] = c;
}

/* ---- Chinese services, by sound ---- */

/* "add", however it is written; 国家 and the like are no "add". Returns tokens taken. */
static size_t ask_at(const struct tokens *t, size_t i)
{
	const struct token *x = at(t, i);
	bool word = is_han_of(x, U"家") && i > 0 &&
	            is_han_of(at(t, i - 1), U"国大人回专店商买卖全老公自一这那你我他");
	bool ask = (x->type == TOKEN_SIGN && x->cp == SIGN_PLUS) || run_is(t, i, "jia") ||
	           (is_han_of(x, U"加佳家嘉伽珈") && !word) || is_han_of(x, U"添");
	if (!ask)
		return 0;
	return is_han_of(at(t, i + 1), U"我个下他她") ? 2 : 1;
}

/* A word for the service that begins at a token. */
struct service {
	size_t tokens; /* 0: none */
	enum contact_kind kind;
	bool sure;  /* may stand without a handle, after "add" */
	bool thing; /* also the name of a thing: needs "add" or a number */
};

#define SOUNDS_WEI U"微薇徽嶶溦葳崴威维卫巍唯喂味危伟蔚炜围"
#define LOOKS_WEI U"薇徽嶶溦葳崴" /* hardly used for anything else */

static struct service weixin_at(const struct tokens *t, size_t i)
{
	static const char *const short_names[] = { "vx", "wx", "v", "vxin", "wxin", "weix" };
	static const char *const letters[] = { "v", "w", "wei" };
	const struct token *x = at(t, i), *next = at(t, i + 1), *third = at(t, i + 2);
	bool wei = is_han_of(x, SOUNDS_WEI), latin = run_is_any(t, i, letters, 3);
	struct service s = { 0, CONTACT_SLANG, true, false };
	if (!wei && !latin && !run_is_any(t, i, short_names, 6)) {
		s.tokens = run_is(t, i, "weixin") ? 1 : 0;
		s.kind = CONTACT_PLAIN;
		return s;
	}
	/* 微信 in two tokens, with a heart or other signs between; the heart may be the second half itself. */
	bool sign = next->type == TOKEN_SIGN && i + 1 < t->n;
	const struct token *half = sign ? third : next;
	bool xin = sounds(half, "xin");
	bool x_letter = sign && (run_is(t, i + 2, "x") || run_is(t, i + 2, "xin"));
	if ((wei || latin) && ((xin && half->g1) || x_letter)) {
		s.tokens = sign ? 3 : 2;
		bool literal = is_han_of(x, U"微") && is_han_of(half, U"信") && !sign &&
		               !apart(t, i);
		s.kind = literal ? CONTACT_PLAIN : CONTACT_DISGUISED;
		return s;
	}
	s.tokens = 1;
	if (((wei || latin) && sign && next->cp == SIGN_HEART) || (wei && run_is(t, i + 1, "x"))) {
		s.tokens = 2;
		s.kind = CONTACT_DISGUISED;
	} else if (wei && !is_han_of(x, U"微")) {
		s.kind = CONTACT_DISGUISED;
		s.sure = is_han_of(x, LOOKS_WEI U"威维卫");
	}
	return s;
}

static struct service other_at(const struct tokens *t, size_t i)
{
	const struct token *x = at(t, i), *next = at(t, i + 1);
	struct service s = { 0, CONTACT_SLANG, false, false };
	bool pair = x->type == TOKEN_HAN && next->type == TOKEN_HAN && i + 1 < t->n;
	if (run_is(t, i, "qq"))
		return (struct service){ 1, CONTACT_PLAIN, false, false };
	if (run_is(t, i, "q") && is_han_of(next, U"群裙号"))
		return (struct service){ 2,
			                 is_han_of(next, U"裙") ? CONTACT_DISGUISED : CONTACT_SLANG,
			                 true, false };
	if (run_is(t, i, "q"))
		return (struct service){ 1, CONTACT_SLANG, false, true };
	if (pair && x->syllable == next->syllable && (sounds(x, "kou") || sounds(x, "qiu")))
		return (struct service){ 2, CONTACT_DISGUISED, true, false };
	if (is_han_of(x, U"扣抠叩") && is_han_of(next, U"群裙号"))
		return (struct service){ 2, CONTACT_DISGUISED, true, false };
	if (x->type == TOKEN_SIGN && x->cp == 0x1F427)
		return (struct service){ 1, CONTACT_DISGUISED, true, false };
	if (pair && ((is_han_of(x, U"企") && is_han_of(next, U"鹅")) ||
	             (is_han_of(x, U"卫") && sounds(next, "xing")) ||
	             (is_han_of(x, U"飞") && is_han_of(next, U"机")) ||
	             (is_han_of(x, U"电") && is_han_of(next, U"报"))))
		return (struct service){ 2, CONTACT_DISGUISED, false, true };
	return s;
}

/* After "add" and a service without a handle: the sentence ends, or goes on with what one does there. */
static bool ends_well(const struct tokens *t, size_t i)
{
	return i >= t->n || at(t, i)->type == TOKEN_SIGN ||
	       is_han_of(at(t, i), U"看我聊咨了领要拿号同备详私");
}

/* 微我, 薇我: "WeChat me", where the clause ends; 稍微我... is another word. */
static bool is_wei_me(const struct tokens *t, size_t i)
{
	bool word = i > 0 && is_han_of(at(t, i - 1), U"稍略些轻细微");
	return !word && is_han_of(at(t, i), LOOKS_WEI U"微") && is_han_of(at(t, i + 1), U"我") &&
	       (i + 2 >= t->n || at(t, i + 2)->type == TOKEN_SIGN);
}

/* Without "add" a handle must follow, and the word must not be a name, a letter or a thing beside it. */
static bool stands_alone(const struct tokens *t, size_t i, const struct service *s, struct handle h)
{
	const struct token *x = at(t, i);
	bool name = s->tokens == 1 && x->type == TOKEN_HAN && !is_han_of(x, LOOKS_WEI);
	bool colon = is_one_of(at(t, i + 1)->cp, U":：");
	bool letter = s->tokens == 1 && x->type == TOKEN_RUN && x->g1 - x->g0 == 1 && !colon;
	bool number = h.g1 > h.g0 && t->folded->glyphs[h.g0].class == FOLD_DIGIT;
	return h.g1 > h.g0 && !name && !letter && (number || !s->thing);
}

static void find_services(struct tokens *t)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t ask = ask_at(t, i);
		struct service s = other_at(t, i + ask);
		s = s.tokens ? s : weixin_at(t, i + ask);
		if (!s.tokens)
			continue;
		size_t end = i + ask + s.tokens;
		struct handle h = handle_after(t, end);
		if (!ask && is_wei_me(t, i))
			keep(t, s.kind, i, end, h);
		else if (ask ? h.g1 > h.g0 || (s.sure && ends_well(t, end))
		             : stands_alone(t, i, &s, h))
			keep(t, s.kind, i, end - 1, h);
		else
			continue;
		i = end - 1;
	}
}

/* ---- services with Latin names, by skeleton ---- */

static const char *const latin_names[] = { "telegram",  "whatsapp", "wechat",
	                                   "instagram", "snapchat", "facebook" };

static bool spells(const struct view *skeleton, size_t i, const char *name, size_t n)
{
	if (i + n > skeleton->n)
		return false;
	for (size_t k = 0; k < n; k++) {
		char c = name[k] == 'l' ? 'i' : name[k];
		if (skeleton->glyphs[i + k].cp != (unsigned char)c)
			return false;
	}
	return true;
}

/* The glyph of the folded text that begins at this byte. Both views ascend. */
static size_t folded_at(const struct view *folded, uint32_t byte)
{
	size_t low = 0, high = folded->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (folded->glyphs[middle].from < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How the name is written: as it is; with spaces, which is bad typing unless they are between all letters; or hidden. */
static bool hides(const struct view *folded, size_t from, size_t to, const char *name, bool *spaced)
{
	size_t letters = 0, spaces = 0;
	bool hidden = false;
	for (size_t i = from; i < to; i++) {
		const struct glyph *g = &folded->glyphs[i];
		if (g->class == FOLD_SPACE) {
			spaces++;
			continue;
		}
		hidden |= g->lookalike || g->cp != (unsigned char)name[letters] ||
		          (i > from && g->from > folded->glyphs[i - 1].to);
		letters += letters + 1 < strlen(name) ? 1 : 0;
	}
	*spaced = spaces > 0 && spaces + 2 < strlen(name);
	return hidden || (spaces > 0 && !*spaced);
}

static size_t token_at(const struct tokens *t, size_t glyph)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (t->list[middle].g1 <= glyph)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void find_latin(struct tokens *t, const struct view *skeleton)
{
	for (size_t i = 0; i < skeleton->n; i++) {
		if (!is_one_of(skeleton->glyphs[i].cp, U"twisf")) /* first letters of the names */
			continue;
		for (size_t k = 0; k < sizeof latin_names / sizeof latin_names[0]; k++) {
			size_t n = strlen(latin_names[k]);
			if (!spells(skeleton, i, latin_names[k], n))
				continue;
			size_t from = folded_at(t->folded, skeleton->glyphs[i].from);
			size_t to = folded_at(t->folded, skeleton->glyphs[i + n - 1].to);
			bool spaced, inside = (from > 0 && in_run(&t->folded->glyphs[from - 1])) ||
			                      (to < t->folded->n && in_run(&t->folded->glyphs[to]));
			bool hidden = hides(t->folded, from, to, latin_names[k], &spaced);
			if (inside || spaced)
				continue;
			size_t first = token_at(t, from), last = token_at(t, to - 1);
			keep(t, hidden ? CONTACT_DISGUISED : CONTACT_PLAIN, first, last,
			     handle_after(t, last + 1));
		}
	}
}

/* ---- numbers in other signs ---- */

/* Digits of the run at `i` with letters or odd signs for some of them: 138o0l38. */
static bool is_odd_number(const struct tokens *t, size_t i)
{
	const struct token *x = at(t, i);
	uint32_t odd = 0, digits = 0;
	for (uint32_t g = x->g0; x->type == TOKEN_RUN && g < x->g1; g++) {
		const struct glyph *symbol = &t->folded->glyphs[g];
		bool letter = symbol->cp == 'o' || symbol->cp == 'l';
		if (symbol->class != FOLD_DIGIT && !letter)
			return false;
		odd += letter || is_odd_digit(symbol) ? 1 : 0;
		digits += letter ? 0 : 1;
	}
	return odd > 0 && digits >= NUMBER_MIN - 2 && x->g1 - x->g0 >= NUMBER_MIN;
}

static void find_numbers(struct tokens *t)
{
	for (size_t i = 0; i < t->n;) {
		size_t end = i;
		while (is_numeral(at(t, end)))
			end++;
		if (end - i >= NUMBER_MIN || is_odd_number(t, i)) {
			end = end > i ? end : i + 1;
			keep(t, CONTACT_DISGUISED, i, end - 1,
			     (struct handle){ t->list[i].g0, t->list[end - 1].g1, true });
		}
		i = end > i ? end : i + 1;
	}
}

size_t contact_find(const struct views *views, struct arena *mem, struct contact out[CONTACTS_MAX])
{
	struct tokens t = { .folded = &views->folded,
		            .list = ARENA_ARRAY(mem, views->folded.n + 1, struct token),
		            .out = out };
	tokenize(&t);
	find_services(&t);
	find_latin(&t, &views->skeleton);
	find_numbers(&t);
	return t.found;
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
