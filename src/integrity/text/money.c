#include "integrity/text/money.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NUMBER_MAX 1e13 /* beyond it nobody means it */

/* What 1,000 of a currency are worth in hundredths of a yuan: rough rates of 2025, kept fixed on purpose. */
enum currency {
	CNY,
	USD,
	EUR,
	GBP,
	HKD,
	TWD,
	AUD,
	CAD,
	SGD,
	NZD,
	JPY,
	KRW,
	IDR,
	INR,
	MYR,
	THB,
	PHP,
	VND,
	RUB,
	CURRENCIES
};
static const int rates[CURRENCIES] = {
	[CNY] = 100000, [USD] = 700000, [EUR] = 800000, [GBP] = 900000, [HKD] = 90000,
	[TWD] = 22000,  [AUD] = 470000, [CAD] = 510000, [SGD] = 540000, [NZD] = 420000,
	[JPY] = 5000,   [KRW] = 500,    [IDR] = 45,     [INR] = 8500,   [MYR] = 160000,
	[THB] = 20000,  [PHP] = 12000,  [VND] = 28,     [RUB] = 8000,
};

struct unit {
	const char *text;
	uint8_t currency;
	uint32_t times;
};

/* After the number. 块 and 刀 are things too and are looked at again. */
static const struct unit units[] = {
	{ "元", CNY, 1 },         { "块", CNY, 1 },           { "圆", CNY, 1 },
	{ "人民币", CNY, 1 },     { "美金", USD, 1 },         { "美元", USD, 1 },
	{ "美刀", USD, 1 },       { "刀", USD, 1 },           { "欧元", EUR, 1 },
	{ "英镑", GBP, 1 },       { "镑", GBP, 1 },           { "日元", JPY, 1 },
	{ "日币", JPY, 1 },       { "円", JPY, 1 },           { "韩元", KRW, 1 },
	{ "韩币", KRW, 1 },       { "港币", HKD, 1 },         { "港元", HKD, 1 },
	{ "港纸", HKD, 1 },       { "新台币", TWD, 1 },       { "台币", TWD, 1 },
	{ "澳元", AUD, 1 },       { "澳币", AUD, 1 },         { "加元", CAD, 1 },
	{ "新币", SGD, 1 },       { "马币", MYR, 1 },         { "泰铢", THB, 1 },
	{ "卢比", INR, 1 },       { "卢布", RUB, 1 },         { "大洋", CNY, 1 },
	{ "yuan", CNY, 1 },       { "rmb", CNY, 1 },          { "cny", CNY, 1 },
	{ "usd", USD, 1 },        { "usdt", USD, 1 },         { "dollars", USD, 1 },
	{ "dollar", USD, 1 },     { "bucks", USD, 1 },        { "quid", GBP, 1 },
	{ "gbp", GBP, 1 },        { "eur", EUR, 1 },          { "euro", EUR, 1 },
	{ "euros", EUR, 1 },      { "yen", JPY, 1 },          { "jpy", JPY, 1 },
	{ "won", KRW, 1 },        { "krw", KRW, 1 },          { "hkd", HKD, 1 },
	{ "ntd", TWD, 1 },        { "twd", TWD, 1 },          { "aud", AUD, 1 },
	{ "cad", CAD, 1 },        { "sgd", SGD, 1 },          { "nzd", NZD, 1 },
	{ "myr", MYR, 1 },        { "ringgit", MYR, 1 },      { "idr", IDR, 1 },
	{ "rupiah", IDR, 1 },     { "ribu", IDR, 1000 },      { "rb", IDR, 1000 },
	{ "juta", IDR, 1000000 }, { "inr", INR, 1 },          { "rs", INR, 1 },
	{ "rupees", INR, 1 },     { "rupee", INR, 1 },        { "lakh", INR, 100000 },
	{ "lakhs", INR, 100000 }, { "crore", INR, 10000000 }, { "php", PHP, 1 },
	{ "peso", PHP, 1 },       { "pesos", PHP, 1 },        { "thb", THB, 1 },
	{ "baht", THB, 1 },       { "vnd", VND, 1 },          { "rub", RUB, 1 },
};

/* Before the number, alone or before a dollar sign. */
static const struct {
	const char *text;
	uint8_t currency;
	bool dollar;
} prefixes[] = {
	{ "rmb", CNY, false }, { "cny", CNY, false }, { "usd", USD, false }, { "gbp", GBP, false },
	{ "eur", EUR, false }, { "hkd", HKD, false }, { "aud", AUD, false }, { "inr", INR, false },
	{ "rs", INR, false },  { "rp", IDR, false },  { "rm", MYR, false },  { "php", PHP, false },
	{ "us", USD, true },   { "hk", HKD, true },   { "nt", TWD, true },   { "a", AUD, true },
	{ "au", AUD, true },   { "s", SGD, true },    { "sg", SGD, true },   { "c", CAD, true },
	{ "ca", CAD, true },   { "nz", NZD, true },
};

static const struct {
	uint32_t sign;
	uint8_t currency;
} signs[] = { { 0xA5, CNY }, { 0xFFE5, CNY }, { '$', USD },   { 0x20AC, EUR },
	      { 0xA3, GBP }, { 0x20A9, KRW }, { 0x20B9, INR } };

/* A number being read. */
struct reading {
	size_t to;
	double number;
	bool scaled;
	uint8_t currency; /* CURRENCIES: none yet */
	uint32_t times;
};

/* ---- the number ---- */

static int numeral(const struct lexeme *x)
{
	static const char32_t digits[] = U"零一二三四五六七八九";
	if (x->type != LEXEME_HAN || x->class != CLASS_NUMERAL)
		return -1;
	if (x->cp == U'两')
		return 2;
	for (int i = 0; i < 10; i++) {
		if (digits[i] == x->cp)
			return i;
	}
	return -1;
}

static double scale_of(const struct lexeme *x)
{
	if (x->type != LEXEME_HAN || x->class != CLASS_UNIT)
		return 0;
	switch (x->cp) {
	case U'十':
		return 10;
	case U'百':
		return 100;
	case U'千':
		return 1000;
	case U'万':
		return 1e4;
	case U'亿':
		return 1e8;
	default:
		return 0;
	}
}

/* 三百五, 一千二, 两万, 几千 (three of them), 十几. A bare 三 or 三五 is a number of things and no amount until a unit follows. */
static size_t han_number(const struct lexemes *l, size_t i, double *number, bool *units_in)
{
	double total = 0, section = 0, digit = -1, last = 1;
	size_t k = i;
	for (;; k++) {
		const struct lexeme *x = lexemes_at(l, k);
		int value = lexeme_is_of(x, U"几数") ? 3 : numeral(x);
		double scale = scale_of(x);
		if (value >= 0 && (k == i || value == 0 || digit < 0)) {
			digit = value == 0 && k > i ? -1 : value;
			last = value == 0 ? 10 : last; /* 一千零五: five, not five hundred */
		} else if (scale >= 1e4) {
			section += digit > 0 ? digit : 0;
			total = (total + (section > 0 ? section : 1)) * scale;
			section = 0;
			digit = -1;
			last = scale;
			*units_in = true;
		} else if (scale > 0) {
			section += (digit >= 0 ? digit : 1) * scale;
			digit = -1;
			last = scale;
			*units_in = true;
		} else {
			break;
		}
	}
	if (digit > 0) /* 三百五 */
		section += digit * (*units_in && last >= 100 ? last / 10 : 1);
	*number = total + section;
	return k;
}

/* Digits of a run from glyph *g on; a comma or dot never is inside a run. */
static double run_digits(const struct view *v, uint32_t *g, uint32_t end, unsigned *n)
{
	double value = 0;
	for (*n = 0; *g < end && v->glyphs[*g].class == FOLD_DIGIT; ++*g, ++*n)
		value = value < NUMBER_MAX ? value * 10 + (v->glyphs[*g].cp - '0') : value;
	return value;
}

static const struct unit *unit_of_letters(const struct view *v, uint32_t g, uint32_t end)
{
	for (size_t k = 0; k < COUNT(units); k++) {
		uint32_t n = (uint32_t)strlen(units[k].text);
		bool same = (unsigned char)units[k].text[0] < 0x80 && n == end - g;
		for (uint32_t c = 0; same && c < n; c++)
			same = v->glyphs[g + c].cp == (unsigned char)units[k].text[c];
		if (same)
			return &units[k];
	}
	return NULL;
}

/* What follows the digits inside one run: k, w, rmb. False: it is no number. */
static bool take_suffix(const struct view *v, uint32_t g, uint32_t end, struct reading *r)
{
	if (g == end)
		return true;
	uint32_t c = v->glyphs[g].cp;
	bool thousand = c == 'k', myriad = c == 'w';
	if (thousand || myriad) {
		r->number *= thousand ? 1000 : 10000;
		r->scaled = true;
		if (++g == end)
			return true;
	}
	const struct unit *u = unit_of_letters(v, g, end);
	if (!u)
		return false;
	r->currency = u->currency;
	r->times = u->times;
	return true;
}

/* 1,200 and 9.9 and 300-500 and 9k, from a run that begins with a digit. */
static bool take_run(const struct lexemes *l, size_t i, struct reading *r)
{
	const struct view *v = l->view;
	const struct lexeme *x = lexemes_at(l, i);
	uint32_t g = x->g0;
	unsigned n;
	r->number = run_digits(v, &g, x->g1, &n);
	r->to = i + 1;
	if (n == 0 || n > 9)
		return false;
	if (g < x->g1 && v->glyphs[g].cp == '-') { /* a range */
		g++;
		double upper = run_digits(v, &g, x->g1, &n);
		if (n == 0 || upper <= r->number)
			return false;
		r->number = upper;
		return take_suffix(v, g, x->g1, r);
	}
	if (g < x->g1)
		return take_suffix(v, g, x->g1, r);
	while (lexemes_at(l, r->to)->cp == ',' && lexemes_touch(l, r->to - 1) &&
	       lexemes_touch(l, r->to) && lexemes_at(l, r->to + 1)->digits == 3 &&
	       lexemes_at(l, r->to + 1)->g1 - lexemes_at(l, r->to + 1)->g0 == 3 && n <= 3 &&
	       r->number < NUMBER_MAX) {
		g = lexemes_at(l, r->to + 1)->g0;
		r->number = r->number * 1000 + run_digits(v, &g, g + 3, &(unsigned){ 0 });
		r->to += 2;
	}
	const struct lexeme *after = lexemes_at(l, r->to + 1);
	if (lexemes_at(l, r->to)->class == CLASS_DOT && after->digits > 0) {
		g = after->g0;
		double part = run_digits(v, &g, after->g1, &n);
		if (n == 0 || n > 4)
			return false;
		for (; n > 0; n--)
			part /= 10;
		r->number += part;
		r->to += 2;
		return take_suffix(v, g, after->g1, r);
	}
	return true;
}

static bool take_number(const struct lexemes *l, size_t i, struct reading *r)
{
	const struct lexeme *x = lexemes_at(l, i);
	*r = (struct reading){ .to = i, .currency = CURRENCIES, .times = 1 };
	bool units_in = false;
	if (x->type == LEXEME_RUN) {
		if (x->digits == 0 || l->view->glyphs[x->g0].class != FOLD_DIGIT ||
		    !take_run(l, i, r))
			return false;
	} else {
		r->to = han_number(l, i, &r->number, &units_in);
		r->scaled = units_in && r->number >= 100;
		return r->to > i && (units_in || numeral(x) >= 0);
	}
	r->to += lexeme_is_of(lexemes_at(l, r->to), U"多") ? 1 : 0; /* 100多万 */
	for (double scale; (scale = scale_of(lexemes_at(l, r->to))) >= 100; r->to++) {
		r->number = r->number < NUMBER_MAX ? r->number * scale : r->number;
		r->scaled = true;
	}
	if ((lexemes_spell(l, r->to, "k") || lexemes_spell(l, r->to, "w")) && !r->scaled) {
		r->number *= lexemes_spell(l, r->to, "k") ? 1000 : 10000;
		r->scaled = true;
		r->to++;
	}
	return true;
}

/* ---- the currency ---- */

/* 块 counts cakes and 元 begins New Year: only where money fits. */
static bool is_money_word(const struct lexemes *l, size_t i, const struct reading *r)
{
	const struct lexeme *x = lexemes_at(l, i), *next = lexemes_at(l, i + 1);
	if (x->cp == U'元')
		return !lexeme_is_of(next, U"旦月宵素件气老帅");
	if (x->cp != U'块' && x->cp != U'刀')
		return true;
	bool closed = i + 1 >= l->n || next->type != LEXEME_HAN || next->line ||
	              lexeme_is_of(next,
	                           U"钱一两三四五六七八九包起的就左多不买卖每搞能吧了以和啊哦呢");
	return r->number >= 10 ? closed || x->cp == U'块' : closed && next->cp != U'刀';
}

static void take_unit(const struct lexemes *l, struct reading *r)
{
	const struct lexeme *unit = lexemes_at(l, r->to);
	bool han = lexeme_is_of(unit, U"元块圆人美刀欧英镑日円韩港新台澳加马泰卢大");
	bool letters = unit->type == LEXEME_RUN && unit->digits == 0 && unit->g1 - unit->g0 <= 7;
	for (size_t k = 0; (han || letters) && k < COUNT(units); k++) {
		if (((unsigned char)units[k].text[0] < 0x80) != letters)
			continue;
		size_t n = lexemes_match(l, r->to, units[k].text);
		if (!n || (n == 1 && !is_money_word(l, r->to, r)))
			continue;
		r->currency = units[k].currency;
		r->times = units[k].times;
		bool yuan = r->currency == CNY && n == 1;
		r->to += n;
		/* 9块9 */
		const struct lexeme *x = lexemes_at(l, r->to);
		uint32_t g = x->g0;
		bool part = yuan && x->type == LEXEME_RUN && x->letters == 0 &&
		            x->g1 - x->g0 <= 2 && lexemes_touch(l, r->to - 1);
		int half = yuan && r->number < 1000 ? numeral(x) : -1;
		unsigned digits;
		if (part && x->digits > 0) {
			double value = run_digits(l->view, &g, x->g1, &digits);
			r->number += value / (digits == 1 ? 10 : 100);
			r->to++;
		} else if (half > 0 && x->cp != U'一' && x->cp != U'两' &&
		           lexemes_at(l, r->to + 1)->type != LEXEME_HAN) {
			r->number += half / 10.0;
			r->to++;
		}
		return;
	}
	for (size_t k = 0; k < COUNT(signs); k++) { /* 20€ */
		if (lexemes_at(l, r->to)->cp == signs[k].sign && lexemes_touch(l, r->to - 1) &&
		    lexemes_at(l, r->to + 1)->digits == 0) {
			r->currency = signs[k].currency;
			r->to++;
			return;
		}
	}
}

/* What stands before a number and names its currency: lexemes of it. */
static size_t prefix_at(const struct lexemes *l, size_t i, uint8_t *currency)
{
	for (size_t k = 0; k < COUNT(signs); k++) {
		if (lexemes_at(l, i)->cp == signs[k].sign) {
			*currency = signs[k].currency;
			return 1;
		}
	}
	if (lexemes_at(l, i)->type != LEXEME_RUN)
		return 0;
	for (size_t k = 0; k < COUNT(prefixes); k++) {
		bool dollar = lexemes_at(l, i + 1)->cp == '$' && lexemes_touch(l, i);
		bool dot = !prefixes[k].dollar && lexemes_at(l, i + 1)->cp == '.';
		if (!lexemes_spell(l, i, prefixes[k].text) || (prefixes[k].dollar && !dollar))
			continue;
		*currency = prefixes[k].currency;
		return prefixes[k].dollar || dot ? 2 : 1;
	}
	return 0;
}

/* 300到500, 300~500: the second is the amount. */
static bool take_upper_end(const struct lexemes *l, struct reading *r)
{
	const struct lexeme *x = lexemes_at(l, r->to);
	struct reading upper;
	bool to = lexeme_is_of(x, U"到至") || x->cp == '~' || x->cp == 0xFF5E || x->cp == 0x2013 ||
	          x->cp == 0x2014 || x->cp == '-';
	size_t skip = to && lexemes_at(l, r->to + 1)->class == CLASS_MONEY ? 2 : 1;
	if (!to || !take_number(l, r->to + skip, &upper) || upper.number <= r->number)
		return false;
	if (r->currency != CURRENCIES && upper.currency == CURRENCIES) {
		upper.currency = r->currency;
		upper.times = r->times;
	}
	*r = upper;
	return true;
}

struct amount money_at(const struct lexemes *l, size_t i)
{
	struct amount none = { .from = i, .to = i };
	uint8_t currency = CURRENCIES;
	struct reading r;
	const struct lexeme *x = lexemes_at(l, i), *next = lexemes_at(l, i + 1);
	bool number = x->digits > 0 || x->class == CLASS_NUMERAL || x->class == CLASS_UNIT;
	bool sign = x->class == CLASS_MONEY ||
	            (x->type == LEXEME_RUN && x->g1 - x->g0 <= 3 &&
	             (next->class == CLASS_MONEY || next->digits > 0 || next->class == CLASS_STOP));
	if (!number && !sign)
		return none;
	size_t prefix = prefix_at(l, i, &currency);
	if (!take_number(l, i + prefix, &r))
		return none;
	if (r.currency == CURRENCIES)
		r.currency = currency;
	if (r.currency == CURRENCIES)
		take_unit(l, &r);
	if (take_upper_end(l, &r) && r.currency == CURRENCIES)
		take_unit(l, &r);
	bool money = r.currency != CURRENCIES;
	double cents = r.number * r.times * rates[money ? r.currency : CNY] / 1000;
	return (struct amount){ .from = i,
		                .to = r.to,
		                .cents = cents < 1e17 ? (int64_t)(cents + 0.5) : (int64_t)1e17,
		                .number = r.number,
		                .money = money,
		                .scaled = r.scaled };
}

bool money_is_per_thing(const struct lexemes *l, size_t i)
{
	static const char32_t things[] = U"盒瓶套箱件斤包份只支条双罐袋桶张块串打枚块位晚次";
	const struct lexeme *x = lexemes_at(l, i);
	bool one = (lexeme_is_of(x, U"一每") && x->type == LEXEME_HAN) || x->cp == '/';
	return one && lexeme_is_of(lexemes_at(l, i + 1), things);
}
