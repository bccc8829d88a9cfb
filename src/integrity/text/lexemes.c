/* One loop reads a lexeme; it runs once without keeping any, to see what the text holds, and again for the texts that matter. */
#include "integrity/text/lexemes.h"

#include <string.h>

#define HAN_FIRST 0x4E00
#define HAN_END 0xA000
#define ID_MIN 5
#define LONG_MIN 6
#define STREAK_MIN 3

/* clang-format off */
#define W(c) [c - HAN_FIRST] = CLASS_WEI_SOUND
#define L(c) [c - HAN_FIRST] = CLASS_WEI_LOOK
#define K(c) [c - HAN_FIRST] = CLASS_KOU
#define A(c) [c - HAN_FIRST] = CLASS_ADD
#define M(c) [c - HAN_FIRST] = CLASS_NAMES
#define B(c) [c - HAN_FIRST] = CLASS_BEGINS
#define N(c) [c - HAN_FIRST] = CLASS_NUMERAL
#define U(c) [c - HAN_FIRST] = CLASS_UNIT
static const uint8_t han_classes[HAN_END - HAN_FIRST] = {
	[U'微' - HAN_FIRST] = CLASS_WEI, [U'点' - HAN_FIRST] = CLASS_DOT,
	L(U'薇'), L(U'徽'), L(U'嶶'), L(U'溦'), L(U'葳'), L(U'崴'),
	W(U'威'), W(U'维'), W(U'卫'), W(U'巍'), W(U'唯'), W(U'喂'), W(U'伟'), W(U'蔚'), W(U'炜'), W(U'围'), W(U'危'), W(U'惟'),
	W(U'魏'), W(U'韦'), W(U'玮'), W(U'苇'), W(U'纬'),
	K(U'扣'), K(U'抠'), K(U'叩'), K(U'寇'), K(U'球'), K(U'企'),
	A(U'加'), A(U'添'), A(U'佳'), A(U'家'), A(U'嘉'), A(U'伽'), A(U'珈'), A(U'枷'), M(U'可'), M(U'小'), M(U'座'), M(U'快'), M(U'手'),
	M(U'抖'), M(U'探'), M(U'推'), M(U'某'), M(U'热'), M(U'电'), M(U'纸'), M(U'联'), M(U'脸'), M(U'致'), M(U'钉'), M(U'闲'),
	M(U'陌'), M(U'飞'), M(U'信'),
	B(U'绿'), B(U'私'), B(U'滴'), B(U'赖'),
	N(U'一'), N(U'二'), N(U'三'), N(U'四'), N(U'五'), N(U'六'), N(U'七'), N(U'八'), N(U'九'), N(U'幺'), N(U'两'),
	N(U'壹'), N(U'贰'), N(U'叁'), N(U'肆'), N(U'伍'), N(U'陆'), N(U'柒'), N(U'捌'), N(U'玖'), N(U'零'),
	U(U'十'), U(U'百'), U(U'千'), U(U'万'), U(U'亿'), U(U'拾'), U(U'佰'), U(U'仟'), U(U'几'), U(U'半'), U(U'数'), U(U'位'),
};
#undef W
#undef L
#undef K
#undef A
#undef M
#undef B
#undef N
#undef U

static const uint8_t ascii_classes[128] = {
	['+'] = CLASS_PLUS, ['@'] = CLASS_AT, [':'] = CLASS_COLON, ['='] = CLASS_COLON, ['!'] = CLASS_STOP,
	['?'] = CLASS_STOP, ['.'] = CLASS_STOP, [';'] = CLASS_STOP, ['$'] = CLASS_MONEY,
};
/* clang-format on */

const struct view *lexemes_view(const struct views *views) { return &views->joined; }

static bool in_run(const struct glyph *g)
{
	return g->cp - 'a' < 26 || g->cp - '0' < 10 || g->cp == '_';
}

static uint8_t sign_class(uint32_t cp)
{
	if (cp < 0x80)
		return ascii_classes[cp];
	switch (cp) {
	case 0xFF0B:
	case 0x2795: /* ➕ */
		return CLASS_PLUS;
	case 0x2764:
	case 0x2665:
	case 0x2661:
	case 0x1F493:
	case 0x1F495:
	case 0x1F496:
	case 0x1F497:
	case 0x1F498:
	case 0x1F499:
	case 0x1F49A: /* 💚 */
	case 0x1F49B:
	case 0x1F49C:
	case 0x1F5A4:
	case 0x1F90D:
	case 0x1F9E1:
		return CLASS_HEART;
	case 0x1F427: /* 🐧 */
	case 0x1F6F0: /* 🛰 */
	case 0x1F4E1: /* 📡 */
	case 0x2708:  /* ✈ */
	case 0x1F6E9:
	case 0x1F6EB:
		return CLASS_SYMBOL;
	case 0xFF1A:
	case 0x2192: /* → */
	case 0x27A1:
	case 0x1F449: /* 👉 */
		return CLASS_COLON;
	case 0x3002: /* 。 */
	case 0xFF01:
	case 0xFF1F:
	case 0xFF1B:
		return CLASS_STOP;
	case 0xA5:
	case 0xA3:
	case 0x20AC:
	case 0x20A9:
	case 0x20B9:
	case 0xFFE5:
		return CLASS_MONEY;
	default:
		return CLASS_NONE;
	}
}

/* The word that a run of letters alone is, and its class. */
static void name_letters(const struct view *v, struct lexeme *x)
{
	uint32_t n = x->g1 - x->g0;
	x->word = contact_words_latin(&v->glyphs[x->g0], n);
	x->class = x->word ? CLASS_WORD : n >= LONG_MIN ? CLASS_LONG : CLASS_NONE;
}

static uint32_t read_run(const struct view *v, uint32_t i, struct lexeme *out)
{
	const struct glyph *g = v->glyphs;
	uint32_t end = i, digits = 0, marks = 0;
	for (;; end++, marks++) { /* a hyphen between joins two pieces */
		for (; end < v->n && in_run(&g[end]); end++) {
			digits += g[end].cp <= '9';
			marks += g[end].cp == '_';
		}
		if (end + 1 >= v->n || g[end].cp != '-' || !in_run(&g[end + 1]))
			break;
	}
	uint32_t n = end - i, letters = n - digits - marks;
	out->type = LEXEME_RUN;
	out->digits = (uint8_t)(digits < 255 ? digits : 255);
	out->letters = (uint8_t)(letters < 255 ? letters : 255);
	if (letters == n) {
		out->g1 = end;
		name_letters(v, out);
	} else {
		out->class = n >= ID_MIN ? CLASS_ID : digits ? CLASS_DIGITS : CLASS_NONE;
	}
	return end;
}

/* Latin letters or digits, or brackets, close on both sides. */
static bool is_between(const struct view *v, uint32_t i)
{
	const struct glyph *g = &v->glyphs[i];
	if (i == 0 || i + 1 >= v->n)
		return false;
	return (in_run(&g[-1]) && in_run(&g[1])) || (g[-1].cp == '[' && g[1].cp == ']');
}

/* The lexeme at glyph `i`, which is no space; returns where it ends. */
static uint32_t read_lexeme(const struct view *v, uint32_t i, struct lexeme *out)
{
	const struct glyph *g = &v->glyphs[i];
	uint32_t end = i + 1;
	*out = (struct lexeme){ .cp = g->cp, .g0 = i };
	if (g->han) {
		out->type = LEXEME_HAN;
		if (g->cp - HAN_FIRST < HAN_END - HAN_FIRST)
			out->class = han_classes[g->cp - HAN_FIRST];
		else if (g->cp == 0x3007) /* 〇 */
			out->class = CLASS_NUMERAL;
		if (out->class == CLASS_DOT && !is_between(v, i))
			out->class = CLASS_NONE;
	} else if (in_run(g)) {
		end = read_run(v, i, out);
	} else {
		out->type = g->class <= FOLD_DIGIT ? LEXEME_LETTER : LEXEME_SIGN;
		out->class = g->cp == 0x3007 ? CLASS_NUMERAL : sign_class(g->cp);
		if (out->class == CLASS_STOP && (g->cp == '.' || g->cp == 0x3002) &&
		    is_between(v, i))
			out->class = CLASS_DOT;
		out->type = g->cp == 0x3007 ? LEXEME_HAN : out->type;
	}
	out->g1 = end;
	return end;
}

static bool in_streak(const struct lexeme *x)
{
	return x->class == CLASS_NUMERAL || x->class == CLASS_DIGITS ||
	       (x->type == LEXEME_RUN && x->g1 - x->g0 == 1) ||
	       (x->word && x->word->role == WORD_NUMBER);
}

/* What is seen of a text while it is walked without keeping lexemes. */
struct skim {
	uint64_t classes;
	unsigned streak;
	bool han, long_streak;
};

static void skim_run(struct skim *s, const struct lexeme *x)
{
	bool number_word = x->word && x->word->role == WORD_NUMBER;
	s->classes |= number_word ? 0 : CLASS_BIT(x->class);
	s->streak = in_streak(x) ? s->streak + 1 : 0;
	s->long_streak |= s->streak >= STREAK_MIN;
}

/* The words that most Latin text is made of, letters alone: returns where it ends, or `i` when something else is in it. */
static uint32_t skim_letters(struct skim *s, const struct view *v, uint32_t i)
{
	const struct glyph *g = v->glyphs;
	uint32_t end = i;
	while (end < v->n && g[end].cp - 'a' < 26)
		end++;
	if (end < v->n && (in_run(&g[end]) || g[end].cp == '-'))
		return i;
	struct lexeme x = { .g0 = i, .g1 = end, .type = LEXEME_RUN };
	name_letters(v, &x);
	skim_run(s, &x);
	return end;
}

/* A Han character that is a lexeme whatever stands beside it: most of Chinese text. */
static bool skim_han(struct skim *s, const struct glyph *g)
{
	uint32_t han = g->cp - HAN_FIRST;
	if (!g->han || han >= HAN_END - HAN_FIRST || han_classes[han] == CLASS_DOT)
		return false;
	s->han = true;
	s->classes |= CLASS_BIT(han_classes[han]);
	s->streak = han_classes[han] == CLASS_NUMERAL ? s->streak + 1 : 0;
	s->long_streak |= s->streak >= STREAK_MIN;
	return true;
}

uint64_t lexemes_classes(const struct view *view)
{
	struct skim s = { 0 };
	for (uint32_t i = 0; i < view->n;) {
		const struct glyph *g = &view->glyphs[i];
		if (g->class == FOLD_SPACE || skim_han(&s, g)) {
			i++;
			continue;
		}
		uint32_t end = g->cp - 'a' < 26 ? skim_letters(&s, view, i) : i;
		if (end > i) {
			i = end;
			continue;
		}
		struct lexeme x;
		i = read_lexeme(view, i, &x);
		s.han |= x.type == LEXEME_HAN;
		if (x.type == LEXEME_SIGN)
			s.classes |= CLASS_BIT(x.class); /* a streak goes on over signs */
		else
			skim_run(&s, &x);
	}
	return (s.classes & ~CLASS_BIT(CLASS_NONE)) | (s.han ? CLASS_BIT(CLASS_HAN) : 0) |
	       (s.long_streak ? CLASS_BIT(CLASS_STREAK) : 0);
}

/* 一 and 两 count most things there are; as amounts only money. 几, 半, 数, 位 are no numbers by themselves. */
static bool is_counting(const struct view *v, uint32_t i)
{
	uint32_t cp = v->glyphs[i].cp, next = i + 1 < v->n ? v->glyphs[i + 1].cp : 0;
	switch (cp) {
	case U'一':
	case U'两':
		return next == U'元' || next == U'块';
	case U'几':
	case U'半':
	case U'数':
	case U'位':
		return false;
	default:
		return true;
	}
}

bool lexemes_number_in(const struct views *views)
{
	const struct view *v = lexemes_view(views);
	if (views->digits > 0)
		return true;
	for (uint32_t i = 0; views->has_han && i < v->n; i++) {
		uint32_t han = v->glyphs[i].cp - HAN_FIRST;
		uint8_t class = han < HAN_END - HAN_FIRST ? han_classes[han] : 0;
		if ((class == CLASS_NUMERAL || class == CLASS_UNIT) && is_counting(v, i))
			return true;
	}
	return false;
}

void lexemes_read(const struct views *views, struct arena *mem, struct lexemes *out)
{
	const struct view *v = lexemes_view(views);
	*out = (struct lexemes){ v, views->text,
		                 arena_room(mem, (v->n + 1) * sizeof(struct lexeme)), 0 };
	bool line = true;
	for (uint32_t i = 0; i < v->n;) {
		const struct glyph *g = &v->glyphs[i];
		if (g->class == FOLD_SPACE) {
			line |= g->from < views->text.n && views->text.p[g->from] == '\n';
			i++;
			continue;
		}
		struct lexeme *x = &out->list[out->n++];
		i = read_lexeme(v, i, x);
		x->line = line;
		line = false;
	}
}

const struct lexeme lexeme_none = { .type = LEXEME_SIGN };

bool lexeme_is_of(const struct lexeme *x, const char32_t *set)
{
	while (*set && *set != x->cp)
		set++;
	return x->type == LEXEME_HAN && *set;
}

bool lexeme_is_digits(const struct lexeme *x)
{
	return x->type == LEXEME_RUN && x->digits > 0 && x->letters == 0;
}

/* What follows the word, when the run reads as it: the end of the string, a space or Han; else NULL. */
static const char *after_word(const struct view *v, const struct lexeme *x, const char *word)
{
	if (x->type != LEXEME_RUN)
		return NULL;
	for (uint32_t g = x->g0; g < x->g1; g++, word++) {
		if (v->glyphs[g].cp != (unsigned char)*word)
			return NULL; /* at the word's end too: no glyph of a run is 0 */
	}
	bool ends = *word == '\0' || *word == ' ' || (unsigned char)*word >= 0x80;
	return ends ? word : NULL;
}

bool lexemes_spell(const struct lexemes *l, size_t i, const char *run)
{
	const char *after = i < l->n ? after_word(l->view, &l->list[i], run) : NULL;
	return after && *after == '\0';
}

/* The Han character at the front of valid UTF-8, and where the rest begins. */
static uint32_t take_han(const char **words)
{
	size_t at = 0;
	uint32_t cp = utf8_next((str){ *words, 3 }, &at);
	*words += at;
	return cp;
}

size_t lexemes_match(const struct lexemes *l, size_t i, const char *words)
{
	size_t k = i;
	for (; *words; k++) {
		bool han = (unsigned char)*words >= 0x80;
		if (han && k > i && k < l->n && l->list[k].type == LEXEME_SIGN &&
		    l->list[k].class != CLASS_STOP)
			k++;
		if (k >= l->n)
			return 0;
		const struct lexeme *x = &l->list[k];
		if (han) {
			if (x->type != LEXEME_HAN || take_han(&words) != x->cp)
				return 0;
		} else {
			words = after_word(l->view, x, words);
			if (!words)
				return 0;
			words += *words == ' ';
		}
	}
	return k - i;
}

bool lexemes_touch(const struct lexemes *l, size_t i)
{
	const struct glyph *g = l->view->glyphs;
	return i + 1 < l->n && g[l->list[i + 1].g0].from <= g[l->list[i].g1 - 1].to;
}

size_t lexemes_of_glyph(const struct lexemes *l, uint32_t glyph)
{
	size_t low = 0, high = l->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (l->list[middle].g1 <= glyph)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool lexemes_changed(const struct lexemes *l, uint32_t glyph)
{
	const struct glyph *g = &l->view->glyphs[glyph];
	struct fold_unit units[FOLD_MAX];
	size_t end = g->from;
	unsigned n = fold_code_point(utf8_next(l->text, &end), units);
	for (unsigned i = 0; i < n; i++) {
		if (units[i].cp == g->cp)
			return end != g->to;
	}
	return true;
}
