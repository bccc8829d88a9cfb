/* WeChat by its two halves, each as it is, by sound, by shape, or in letters; the others by the tables of contact_words. */
#include "integrity/text/contact_name.h"

#include <string.h>

#define SOUNDS_WEI U"微薇徽嶶溦葳崴威维卫巍唯喂伟蔚炜围危惟魏韦玮苇纬"

static bool sounds(const struct lexeme *x, const char *syllable)
{
	unsigned reading = x->type == LEXEME_HAN ? fold_reading(x->cp) : 0;
	return reading && strcmp(fold_syllable(reading), syllable) == 0;
}

static bool has_role(const struct lexeme *x, enum word_role role)
{
	return x->word && x->word->role == role;
}

/* Bytes that show nothing stand between two lexemes: no space, no sign. */
static bool is_parted(const struct lexemes *l, size_t i)
{
	const struct view *v = l->view;
	uint32_t g = lexemes_at(l, i)->g1;
	return i + 1 < l->n && lexemes_at(l, i + 1)->g0 == g &&
	       v->glyphs[g].from > v->glyphs[g - 1].to;
}

/* ---- WeChat ---- */

static bool is_v(const struct lexeme *x) { return has_role(x, WORD_V) || has_role(x, WORD_WEI); }

/* A second half of the name at `i`: 信 or what sounds so; in letters. */
static bool is_half(const struct lexemes *l, size_t i, bool *letters)
{
	*letters = has_role(lexemes_at(l, i), WORD_XIN);
	return i < l->n && (*letters || sounds(lexemes_at(l, i), "xin"));
}

static struct contact_name wechat(size_t lexemes, enum contact_kind kind, enum word_role role)
{
	return (struct contact_name){ lexemes, CONTACT_WECHAT, kind, role, false, false };
}

/* Two halves at `i`, the second at `k`, with signs or spaces or nothing between. */
static struct contact_name two_halves(const struct lexemes *l, size_t i, size_t k, bool letters)
{
	const struct lexeme *first = lexemes_at(l, i);
	bool between = k > i + 1 || is_parted(l, i), spaced = !lexemes_touch(l, i) && !between;
	bool xin = lexeme_is_of(lexemes_at(l, k), U"信");
	struct contact_name n = wechat(k + 1 - i, CONTACT_DISGUISED, WORD_SURE);
	bool changed = lexemes_changed(l, lexemes_at(l, k)->g0) ||
	               (first->type == LEXEME_HAN && lexemes_changed(l, first->g0));
	if (first->class == CLASS_WEI && xin) {
		bool aligned = lexemes_at(l, k + 1)->class == CLASS_COLON; /* 微 信： on a card */
		n.kind = between || changed   ? CONTACT_DISGUISED
		         : spaced && !aligned ? CONTACT_SLANG
		                              : CONTACT_PLAIN;
		n.literal = n.kind == CONTACT_PLAIN;
	} else if (first->class == CLASS_WEI_SOUND || (first->class == CLASS_WEI && !letters)) {
		n.role = WORD_NAME; /* 威信, 维新, 微新 are words */
	} else if (has_role(first, WORD_V) && xin && !between && !changed) {
		n.kind = CONTACT_SLANG;
	} else if (has_role(first, WORD_V) && (letters ? spaced : !xin)) {
		n.role = WORD_NAME;
		n.letter = letters || lexeme_is_of(lexemes_at(l, k), U"心新"); /* words too */
	}
	return n;
}

static struct contact_name wechat_at(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i), *next = lexemes_at(l, i + 1);
	bool wei = lexeme_is_of(x, SOUNDS_WEI), letters;
	bool run = x->type == LEXEME_RUN;
	if (run ? !x->word && x->g1 - x->g0 != 3
	        : x->class > CLASS_WEI_SOUND && x->class != CLASS_NAMES)
		return (struct contact_name){ 0 };
	if (lexeme_is_of(x, U"信") && lexemes_changed(l, x->g0)) /* 亻言 alone */
		return wechat(1, CONTACT_DISGUISED, WORD_NAME);
	if (!wei && !is_v(x)) {
		bool hyphen = lexemes_spell(l, i, "v-x") || lexemes_spell(l, i, "w-x") ||
		              lexemes_spell(l, i, "v_x") || lexemes_spell(l, i, "w_x");
		return wechat(hyphen ? 1 : 0, CONTACT_DISGUISED, WORD_SURE);
	}
	bool stop = next->class == CLASS_STOP &&
	            !(next->cp == '.' && lexemes_touch(l, i) && lexemes_touch(l, i + 1));
	bool sign = next->type == LEXEME_SIGN && i + 1 < l->n && !stop &&
	            next->class != CLASS_COLON && next->cp != ',' && next->cp != 0xFF0C &&
	            next->cp != 0x3001 && next->cp != '/' && next->cp != ')' && next->cp != '(';
	size_t k = i + (sign ? 2 : 1);
	if (is_half(l, k, &letters) && !(letters && next->class == CLASS_PLUS))
		return two_halves(l, i, k, letters);
	if (sign && next->class == CLASS_HEART)
		return wechat(2, CONTACT_DISGUISED,
		              wei && x->class == CLASS_WEI_SOUND ? WORD_NAME : WORD_SURE);
	struct contact_name n = wechat(1, CONTACT_SLANG, WORD_SURE);
	n.letter = true;
	if (x->class == CLASS_WEI_LOOK) {
		n.kind = CONTACT_DISGUISED;
	} else if (wei && x->class != CLASS_WEI) {
		n.kind = CONTACT_DISGUISED;
		n.role = lexeme_is_of(x, U"威维卫") ? WORD_SURE : WORD_NAME;
	} else if (x->class == CLASS_WEI && lexemes_changed(l, x->g0)) {
		n.kind = CONTACT_DISGUISED;
	} else if (has_role(x, WORD_WEI)) {
		n.role = WORD_NAME;
	}
	return n;
}

/* ---- other services ---- */

struct contact_name contact_name_of(const struct contact_word *w, size_t lexemes)
{
	return (struct contact_name){ lexemes,
		                      (enum contact_service)w->service,
		                      (enum contact_kind)w->kind,
		                      (enum word_role)w->role,
		                      w->value == 1 && w->role == WORD_DIGITS,
		                      false };
}

static struct contact_name symbol_at(const struct lexemes *l, size_t i)
{
	struct contact_name n = { 1, CONTACT_WECHAT, CONTACT_DISGUISED, WORD_THING, false, false };
	switch (lexemes_at(l, i)->cp) {
	case 0x1F427:
		n.service = CONTACT_QQ;
		n.role = WORD_DIGITS;
		return n;
	case 0x1F6F0:
	case 0x1F4E1:
	case 0x1F49A:
		return n;
	case 0x2708:
	case 0x1F6E9:
	case 0x1F6EB:
		n.service = CONTACT_TELEGRAM;
		return n;
	default:
		return (struct contact_name){ 0 };
	}
}

static struct contact_name han_at(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i), *next = lexemes_at(l, i + 1);
	struct contact_name qq = { 2, CONTACT_QQ, CONTACT_DISGUISED, WORD_DIGITS, false, false };
	if (x->class == CLASS_KOU && next->type == LEXEME_HAN &&
	    fold_reading(x->cp) == fold_reading(next->cp) && (sounds(x, "kou") || sounds(x, "qiu")))
		return qq;
	if (lexeme_is_of(x, U"扣抠叩") && lexeme_is_of(next, U"群裙号"))
		return qq;
	if (lexeme_is_of(x, U"卫") && sounds(next, "xing"))
		return wechat(2, CONTACT_DISGUISED, WORD_THING);
	if (x->class == CLASS_ADD)
		return (struct contact_name){ 0 };
	size_t n;
	const struct contact_word *rows = contact_words_han(x->cp, &n);
	for (size_t k = 0; k < n; k++) {
		size_t taken = lexemes_match(l, i, rows[k].text);
		if (taken)
			return contact_name_of(&rows[k], taken);
	}
	return (struct contact_name){ 0 };
}

static struct contact_name run_at(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	bool service = x->word && (x->word->role < WORD_V || x->word->role == WORD_MESSAGE);
	if (!service)
		return (struct contact_name){ 0 };
	struct contact_name n = contact_name_of(x->word, 1);
	if (lexemes_spell(l, i, "q") && lexeme_is_of(lexemes_at(l, i + 1), U"群裙号")) {
		n.lexemes = 2;
		n.letter = false;
		n.kind = lexeme_is_of(lexemes_at(l, i + 1), U"裙") ? CONTACT_DISGUISED
		                                                   : CONTACT_SLANG;
	}
	return n;
}

struct contact_name contact_name_at(const struct lexemes *l, size_t i)
{
	const struct lexeme *x = lexemes_at(l, i);
	struct contact_name n = { 0 };
	if (i >= l->n)
		return n;
	if (x->type == LEXEME_HAN)
		n = han_at(l, i);
	else if (x->type == LEXEME_RUN)
		n = run_at(l, i);
	else if (x->class == CLASS_SYMBOL || x->class == CLASS_HEART)
		n = symbol_at(l, i);
	return n.lexemes || (x->type != LEXEME_HAN && x->type != LEXEME_RUN) ? n : wechat_at(l, i);
}
