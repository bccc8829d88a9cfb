#include "integrity/text/contact_handle.h"

#include <string.h>

#define ID_MIN 5
#define ID_MAX 48     /* symbols of one id; a longer run is shown up to here */
#define DOTTED_MAX 24 /* lexemes of an id with dots: m.e.i.9.0.2 */
#define REMARK_MAX 10 /* lexemes in brackets before an id: (take out the dots) */
#define PIECES_MIN 6  /* digits of a number in pieces */
#define HIDDEN_MIN 7  /* digits of a hidden number that stands alone */
#define FILLERS_MAX 5 /* lexemes between a service and its handle: 号 : 是 */
#define PIECES_MAX 16
#define COMPLETE 7 /* a piece of so many digits is a number by itself */
#define MOBILE 11

/* A number as it is read, piece by piece. */
struct number {
	char digits[HANDLE_DIGITS_MAX + 1];
	unsigned n;
	unsigned pieces, sizes[PIECES_MAX];
	unsigned numerals, words, letters, drawn; /* digits that are none on a keyboard */
	unsigned seps;                            /* signs between that nobody puts there */
	bool plus, hyphens;
	size_t end;
};

static int numeral_of(uint32_t cp)
{
	static const struct {
		char32_t cp;
		uint8_t value;
	} rows[] = {
		{ U'零', 0 }, { U'〇', 0 }, { U'一', 1 }, { U'壹', 1 }, { U'幺', 1 }, { U'二', 2 },
		{ U'贰', 2 }, { U'三', 3 }, { U'叁', 3 }, { U'四', 4 }, { U'肆', 4 }, { U'五', 5 },
		{ U'伍', 5 }, { U'六', 6 }, { U'陆', 6 }, { U'七', 7 }, { U'柒', 7 }, { U'八', 8 },
		{ U'捌', 8 }, { U'九', 9 }, { U'玖', 9 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].cp == cp)
			return rows[i].value;
	}
	return -1;
}

/* Letters that pass for digits inside a number. */
static int letter_digit(uint32_t cp) { return cp == 'o' ? 0 : cp == 'l' || cp == 'i' ? 1 : -1; }

/* Digits drawn in a way that no keyboard gives: circled, of another script, on a key. */
static bool is_drawn(const struct lexemes *l, uint32_t g)
{
	const struct glyph *x = &l->view->glyphs[g];
	bool ascii = x->to - x->from == 1, full_width = x->to - x->from == 3 && !x->styled;
	str after = str_slice(l->text, x->to, x->to + 6);
	bool key = str_starts(after, S("\xEF\xB8\x8F\xE2\x83\xA3")) ||
	           str_starts(after, S("\xE2\x83\xA3"));
	return x->class == FOLD_DIGIT && ((!ascii && !full_width) || key);
}

static uint32_t origin_of(const struct lexemes *l, const struct glyph *g)
{
	size_t at = g->from;
	return utf8_next(l->text, &at);
}

/* What a digit of the joined view was in the text. */
static void note_origin(const struct lexemes *l, uint32_t k, struct number *out)
{
	const struct glyph *g = &l->view->glyphs[k];
	uint32_t origin = origin_of(l, g);
	if (numeral_of(origin) >= 0)
		out->numerals++;
	else if (origin < 0x80 && (origin < '0' || origin > '9'))
		out->letters++;
	else
		out->drawn += is_drawn(l, k) || g->styled || g->lookalike;
}

static void put(struct number *x, int digit)
{
	if (x->n < HANDLE_DIGITS_MAX)
		x->digits[x->n++] = (char)('0' + digit);
}

static void end_piece(struct number *x, unsigned before)
{
	if (x->n > before && x->pieces < PIECES_MAX)
		x->sizes[x->pieces++] = x->n - before;
}

/* A run of digits and hyphens; with `letters`, some of them o or l, which needs a digit at both ends. */
static bool is_number_run(const struct lexemes *l, const struct lexeme *x)
{
	const struct glyph *g = l->view->glyphs;
	if (x->type != LEXEME_RUN || x->digits == 0)
		return false;
	if (x->letters == 0)
		return true;
	if (x->digits <= x->letters || g[x->g0].class != FOLD_DIGIT ||
	    g[x->g1 - 1].class != FOLD_DIGIT)
		return false;
	for (uint32_t k = x->g0; k < x->g1; k++) {
		if (g[k].class == FOLD_LETTER && letter_digit(g[k].cp) < 0)
			return false;
	}
	return true;
}

static void take_run(const struct lexemes *l, const struct lexeme *x, struct number *out)
{
	unsigned before = out->n;
	for (uint32_t k = x->g0; k < x->g1 && out->n < HANDLE_DIGITS_MAX; k++) {
		const struct glyph *g = &l->view->glyphs[k];
		if (g->class == FOLD_DIGIT) {
			put(out, (int)(g->cp - '0'));
			note_origin(l, k, out);
		} else if (g->class == FOLD_LETTER) {
			put(out, letter_digit(g->cp));
			out->letters++;
		} else {
			out->hyphens |= g->cp == '-';
			end_piece(out, before);
			before = out->n;
		}
	}
	end_piece(out, before);
}

static bool is_number_word(const struct lexeme *x)
{
	return x->word && x->word->role == WORD_NUMBER;
}

static bool begins_number(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	return is_number_run(l, x) || (x->class == CLASS_NUMERAL && numeral_of(x->cp) >= 0) ||
	       is_number_word(x);
}

/* A sign that may stand inside a number, before another piece. */
static bool is_inside(const struct lexemes *l, size_t i, struct number *out)
{
	const struct lexeme *x = lexemes_at(l, i);
	if (x->type != LEXEME_SIGN || x->class == CLASS_STOP || x->class == CLASS_COLON ||
	    x->class == CLASS_MONEY || x->class == CLASS_PLUS || x->class == CLASS_AT ||
	    !begins_number(l, i + 1))
		return false;
	switch (x->cp) {
	case ',':
	case '/':
	case '%':
	case 0x3001: /* 、 */
	case 0xFF0C:
	case '\'':
	case '"':
	case '<':
	case '>':
	case '#':
	case '&':
	case '|':
	case 0x2019:
	case 0xD7: /* × */
	case '[':
	case ']':
		return false;
	case '-':
	case '.':
	case '(':
	case ')':
	case 0x2013:
	case 0x2014:
		out->hyphens = true;
		return true;
	default:
		out->seps++;
		return true;
	}
}

static bool is_mobile(const char *digits, unsigned n)
{
	return n == MOBILE && digits[0] == '1' && digits[1] >= '3';
}

static void take_numeral(const struct lexeme *x, struct number *out)
{
	if (is_number_word(x)) {
		put(out, x->word->value);
		out->words++;
	} else {
		put(out, numeral_of(x->cp));
		out->numerals++;
	}
}

static struct number number_at(const struct lexemes *l, size_t i)
{
	struct number x = { .end = i };
	if (lexemes_at(l, i)->class == CLASS_PLUS && lexemes_touch(l, i)) {
		x.plus = true;
		i++;
	}
	for (size_t k = i; x.n < HANDLE_DIGITS_MAX && x.pieces < PIECES_MAX;) {
		const struct lexeme *piece = lexemes_at(l, k);
		unsigned before = x.n;
		if (k > i && piece->line && x.n >= COMPLETE)
			break;
		if (!begins_number(l, k))
			break;
		if (piece->type == LEXEME_RUN && !is_number_word(piece))
			take_run(l, piece, &x);
		else
			take_numeral(piece, &x);
		x.end = ++k;
		if (is_mobile(x.digits, x.n) ||
		    (x.n - before >= COMPLETE && (x.pieces > 1 || x.digits[0] != '0')))
			break;
		k += is_inside(l, k, &x) ? 1 : 0;
	}
	return x;
}

/* ---- shapes ---- */

static bool counts(const struct number *x)
{
	unsigned up = 0, down = 0, kinds = 0, seen = 0;
	for (unsigned i = 0; i < x->n; i++) {
		unsigned bit = 1u << (x->digits[i] - '0');
		kinds += seen & bit ? 0 : 1;
		seen |= bit;
		up += i > 0 && (x->digits[i] == x->digits[i - 1] + 1 ||
		                (x->digits[i] == '0' && x->digits[i - 1] == '9'));
		down += i > 0 && x->digits[i] == x->digits[i - 1] - 1;
	}
	return kinds < 3 || up + 2 >= x->n || down + 2 >= x->n;
}

/* 2026-11-24, 20261124; also 2026-11. */
static bool is_date(const struct number *x)
{
	bool century = x->n >= 4 &&
	               (memcmp(x->digits, "19", 2) == 0 || memcmp(x->digits, "20", 2) == 0);
	bool packed = x->n == 8 && x->digits[4] <= '1' && x->digits[6] <= '3';
	bool parts = x->pieces >= 2 && x->sizes[0] == 4 && x->sizes[1] <= 2;
	return century && (packed || parts);
}

static bool is_telephone(const struct number *x)
{
	const char *d = x->digits;
	bool apart = x->pieces > 1 || x->hyphens;
	if (x->plus)
		return x->n >= 8 && x->n <= 15;
	if (is_mobile(d, x->n) ||
	    (x->n == 13 && memcmp(d, "86", 2) == 0 && is_mobile(d + 2, MOBILE)))
		return true;
	if (x->n >= 10 && x->n <= 12 && d[0] == '0' && apart) /* 0571-88886666 */
		return (x->sizes[0] == 3 || x->sizes[0] == 4) &&
		       (x->pieces == 2 ? x->sizes[1] >= 7 : x->pieces == 3);
	if (x->n == 10 && apart && (memcmp(d, "400", 3) == 0 || memcmp(d, "800", 3) == 0))
		return true;
	if (x->n == 10 && x->pieces == 3 && x->hyphens) /* (415) 555-0199 */
		return x->sizes[0] == 3 && x->sizes[1] == 3;
	return (x->n == 11 && memcmp(d, "07", 2) == 0) ||
	       (x->n >= 10 && x->n <= 13 && memcmp(d, "08", 2) == 0);
}

static bool is_odd(const struct number *x)
{
	return x->numerals >= 3 || x->words >= 2 || x->letters > 0 || x->drawn >= 3 || x->seps >= 2;
}

/* What the digits before are the number of, or after: money, people, years. */
static bool is_counted(const struct lexemes *l, size_t end)
{
	const struct lexeme *x = lexemes_at(l, end);
	return lexeme_is_of(
		       x, U"元块人万个名年月日天次折斤米克度分点楼期版岁户件套条亿千百十吨公美") ||
	       x->cp == '%';
}

static bool is_of_something_else(const struct lexemes *l, size_t i)
{
	static const char *const names[] = {
		"单号",     "订单",    "编号",   "尾号", "卡号", "账号", "帐号",    "证号", "证码",
		"校验码",   "激活码",  "提取码", "快递", "运单", "股票", "期号",    "isbn", "order",
		"tracking", "invoice", "code",   "card", "ref",  "no",   "account", "acc"
	};
	for (size_t back = 1; back <= 4 && back <= i; back++) {
		if (lexemes_at(l, i - back)->class == CLASS_STOP)
			return false;
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
			if (lexemes_match(l, i - back, names[k]))
				return true;
		}
	}
	return false;
}

static struct handle of_number(const struct lexemes *l, size_t i, const struct number *x)
{
	return (struct handle){ .g0 = l->list[i].g0,
		                .g1 = l->list[x->end - 1].g1,
		                .end = x->end,
		                .symbols = x->n,
		                .number = true,
		                .odd = is_odd(x),
		                .strong = true };
}

struct handle handle_number_at(const struct lexemes *l, size_t i)
{
	static const struct handle none = { 0 };
	bool plus = lexemes_at(l, i)->class == CLASS_PLUS && lexemes_touch(l, i);
	if (!begins_number(l, i + (plus ? 1 : 0)))
		return none;
	struct number x = number_at(l, i);
	bool hidden = is_odd(&x) && x.n >= HIDDEN_MIN && !counts(&x) && !is_date(&x);
	/* Signs between, and a few numerals or words among digits, are hiding only in the shape of a telephone number. */
	bool whole = x.numerals == x.n || x.words == x.n || x.letters > 0 || x.drawn == x.n;
	if (hidden && !whole)
		hidden = is_mobile(x.digits, x.n) || (x.words >= 2 && x.n >= 9);
	if (hidden && x.letters > 0)
		hidden = x.end == i + 1;
	if (!hidden && (is_odd(&x) || !is_telephone(&x)))
		return none;
	if (is_counted(l, x.end) || is_of_something_else(l, i))
		return none;
	return of_number(l, i, &x);
}

/* ---- ids ---- */

static bool is_noise(const struct lexeme *x)
{
	return x->type == LEXEME_SIGN && x->class != CLASS_STOP && x->class != CLASS_COLON &&
	       x->class != CLASS_DOT && x->class != CLASS_MONEY && x->cp != ',' && x->cp != '/' &&
	       x->cp != 0xFF0C && x->cp != 0x3001 && x->cp != '(' && x->cp != ')' && x->cp != '&';
}

static bool touches_both(const struct lexemes *l, size_t i)
{
	return i > 0 && lexemes_touch(l, i - 1) && lexemes_touch(l, i);
}

/* l i n 8 8, or lin*88: symbols with something between them. */
static struct handle broken_at(const struct lexemes *l, size_t i)
{
	unsigned symbols = 0, digits = 0, singles = 0, signs = 0;
	size_t k = i;
	for (; symbols < ID_MAX; k++) {
		const struct lexeme *x = lexemes_at(l, k);
		if (x->type != LEXEME_RUN) {
			if (k == i || !is_noise(x) || !touches_both(l, k) ||
			    lexemes_at(l, k + 1)->type != LEXEME_RUN)
				break;
			signs++;
			continue;
		}
		bool single = x->g1 - x->g0 == 1;
		if (k > i && lexemes_at(l, k - 1)->type == LEXEME_RUN && !single)
			break;
		if (k > i && singles + 1 < k - i - signs &&
		    lexemes_at(l, k - 1)->type == LEXEME_RUN)
			break;
		symbols += x->g1 - x->g0;
		digits += x->digits;
		singles += single;
	}
	if (symbols < PIECES_MIN || digits == 0 || k - i < 3 || (signs == 0 && singles < k - i))
		return (struct handle){ 0 };
	return (struct handle){ .g0 = l->list[i].g0,
		                .g1 = l->list[k - 1].g1,
		                .end = k,
		                .symbols = symbols,
		                .odd = true,
		                .strong = true };
}

static bool is_domain_end(const struct lexemes *l, size_t i)
{
	return lexemes_spell(l, i, "com") || lexemes_spell(l, i, "cn") ||
	       lexemes_spell(l, i, "net") || lexemes_spell(l, i, "org");
}

static struct handle id_at(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	if (x->type != LEXEME_RUN || x->word)
		return broken_at(l, i);
	size_t end = i + 1;
	while (end < i + DOTTED_MAX && lexemes_at(l, end)->class == CLASS_DOT &&
	       !is_domain_end(l, end + 1)) /* john.doe */
		end += 2;
	const struct glyph *g = l->view->glyphs;
	unsigned drawn = 0;
	struct handle h = { .g0 = x->g0, .g1 = l->list[end - 1].g1, .end = end };
	if (h.g1 - h.g0 < ID_MIN)
		return broken_at(l, i);
	if (h.g1 - h.g0 > ID_MAX)
		h.g1 = h.g0 + ID_MAX;
	bool low_line = false;
	for (uint32_t k = h.g0; k < h.g1; k++) {
		drawn += g[k].styled || g[k].lookalike || is_drawn(l, k);
		low_line |= g[k].cp == '_';
	}
	h.symbols = h.g1 - h.g0;
	h.odd = drawn >= 3 ||
	        (end - i >= 7 && h.symbols < end - i + 2); /* single letters, dots between */
	h.strong = h.odd || (x->digits > 0 && g[x->g0].class == FOLD_LETTER) || low_line;
	return h;
}

struct handle handle_at(const struct lexemes *l, size_t i)
{
	static const struct handle none = { 0 };
	bool plus = lexemes_at(l, i)->class == CLASS_PLUS;
	if (!begins_number(l, i + (plus ? 1 : 0)))
		return id_at(l, i);
	struct number x = number_at(l, i);
	bool single = x.pieces == 1 && x.numerals + x.words == 0;
	if (x.n < (single ? ID_MIN : PIECES_MIN) || is_counted(l, x.end) ||
	    (is_date(&x) && x.hyphens))
		return lexemes_at(l, i)->type == LEXEME_RUN && single ? broken_at(l, i) : none;
	return of_number(l, i, &x);
}

static bool is_filler(const struct lexemes *l, size_t i)
{
	static const char *const words[] = { "id", "is", "no", "number", "me", "on",
		                             "at", "us", "my", "or",     "now" };
	const struct lexeme *x = lexemes_at(l, i);
	if (x->type == LEXEME_SIGN)
		return i < l->n && x->class != CLASS_PLUS;
	if (lexeme_is_of(x, U"号码群裙是找我您请搜账帐微信为叫同"))
		return true;
	for (size_t k = 0; x->type == LEXEME_RUN && k < sizeof words / sizeof words[0]; k++) {
		if (lexemes_spell(l, i, words[k]))
			return true;
	}
	return false;
}

static bool is_mark(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	return x->class == CLASS_COLON || x->class == CLASS_AT || lexemes_spell(l, i, "id") ||
	       lexeme_is_of(x, U"号搜");
}

/* (你品): the lexeme after the bracket closes; `i` itself when none opens there. */
static size_t after_remark(const struct lexemes *l, size_t i)
{
	if (lexemes_at(l, i)->cp != '(')
		return i;
	for (size_t k = i + 1; k < i + REMARK_MAX && k < l->n; k++) {
		if (lexemes_at(l, k)->cp == ')')
			return k + 1;
	}
	return i;
}

struct handle handle_after(const struct lexemes *l, size_t i)
{
	bool marked = false;
	for (size_t fillers = 0; fillers <= FILLERS_MAX && i < l->n; fillers++, i++) {
		size_t closed = after_remark(l, i);
		struct handle h = handle_at(l, i);
		if (h.g1 > h.g0) {
			h.marked = marked;
			h.strong |= marked;
			return h;
		}
		if (closed > i && !handle_at(l, i + 1).symbols)
			i = closed - 1;
		if (!is_filler(l, i))
			break;
		marked |= is_mark(l, i);
	}
	return (struct handle){ 0 };
}

/* ---- one way to write it ---- */

static uint32_t glyph_from(const struct view *v, uint32_t byte)
{
	uint32_t low = 0, high = (uint32_t)v->n;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (v->glyphs[middle].from < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t number_word_at(const struct view *v, uint32_t i, uint32_t end, int *digit)
{
	uint32_t n = 0;
	while (i + n < end && v->glyphs[i + n].cp >= 'a' && v->glyphs[i + n].cp <= 'z')
		n++;
	const struct contact_word *word = contact_words_latin(&v->glyphs[i], n);
	if (!word || word->role != WORD_NUMBER)
		return 0;
	*digit = word->value;
	return n;
}

/* Digits alone, when that is what the bytes are in some writing: digits, numerals, number words, o and l. */
static size_t normal_number(const struct view *v, uint32_t i, uint32_t end, char *out, size_t max)
{
	size_t n = 0, digits = 0, letters = 0;
	while (i < end && n < max) {
		const struct glyph *g = &v->glyphs[i];
		int digit = g->class == FOLD_DIGIT      ? (int)g->cp - '0'
		            : g->han || g->cp == 0x3007 ? numeral_of(g->cp)
		                                        : -1;
		size_t taken = 1;
		if (digit < 0 && g->class == FOLD_LETTER) {
			taken = number_word_at(v, i, end, &digit);
			if (!taken && (digit = letter_digit(g->cp)) < 0)
				return 0;
			letters += taken ? 0 : 1;
			taken = taken ? taken : 1;
		}
		if (digit >= 0) {
			out[n++] = (char)('0' + digit);
			digits++;
		}
		i += (uint32_t)taken;
	}
	return digits > 2 * letters ? n : 0;
}

size_t handle_normal(const struct views *views, uint32_t from, uint32_t to, char *out, size_t max)
{
	const struct view *v = lexemes_view(views);
	uint32_t i = glyph_from(v, from), end = glyph_from(v, to);
	size_t n = normal_number(v, i, end, out, max);
	if (n == MOBILE + 2 && memcmp(out, "861", 3) == 0) {
		memmove(out, out + 2, MOBILE);
		return MOBILE;
	}
	if (n > 0)
		return n;
	for (; i < end && n < max; i++) {
		const struct glyph *g = &v->glyphs[i];
		if (g->cp < 0x80 &&
		    (g->class <= FOLD_DIGIT || g->cp == '_' || g->cp == '-' || g->cp == '.'))
			out[n++] = (char)g->cp;
	}
	return n;
}
