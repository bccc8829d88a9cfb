/* One buffer holds the views side by side; the parts use different letters, so a phrase is only found in its own:
 *
 *   skeleton  Han and Latin letters, digit runs as one letter; no spaces
 *   pinyin    a letter a syllable
 *   words     Latin words and digits of the folded text, one space between, before and after them
 *
 * What Hyperscan looks for is the fixed beginning of each phrase; from there the whole is confirmed on the symbols, which
 * know the bytes of the original. Regular expressions have a database of their own and are confirmed by PCRE2. */
#include "integrity/text/patterns.h"

#include "integrity/text/pattern_entry.h"
#include "integrity/text/pattern_regex.h"
#include "integrity/text/pattern_scan.h"

#include <stdlib.h>
#include <string.h>

#define BY_SOUND_MIN 4 /* three syllables sound like too much else: 白加了, 团队将 */

/* What a literal of the scan stands for: all that says where its entry could be, without a look at the entry. */
struct literal {
	uint32_t entry;
	uint8_t part;
	bool space_after;
};

/* Pairs of syllables, by hash: how any phrase begins, and how it goes on. A text without one pair after the other has no phrase by
 * sound, and its syllables are not scanned. */
#define PAIR_BITS 15
struct pairs {
	uint64_t first[(1 << PAIR_BITS) / 64], second[(1 << PAIR_BITS) / 64];
};

struct patterns {
	struct pattern_entry *entries;
	size_t n;
	uint64_t conduct[POLICY_LISTS_MAX / 64];
	struct literal *literals; /* of the scan */
	struct pairs pairs;
	struct pattern_scan *scan;   /* of the beginnings of phrases; NULL without any */
	struct pattern_regex *regex; /* NULL without any */
};

/* A symbol in the sheet: ASCII as it is, else two bytes. Han is told from digit runs and syllables by the first; what else
 * falls together is told apart when a place is confirmed. */
static unsigned put_letter(char *to, uint32_t cp)
{
	if (cp < 0x80) {
		to[0] = (char)cp;
		return 1;
	}
	uint32_t pair = cp > GLYPH_SYLLABLE      ? 0xA000 + (cp - GLYPH_SYLLABLE)
	                : cp >= GLYPH_FEW_DIGITS ? 0xB000 + (cp - GLYPH_FEW_DIGITS)
	                                         : (cp & 0xFFFF) | 0x8000;
	to[0] = (char)(pair >> 8);
	to[1] = (char)(pair & 0xFF);
	return 2;
}

/* ---- pairs of syllables ---- */

static uint32_t pair_of(uint32_t a, uint32_t b)
{
	return (a * 0x9E3779B1u + b * 0x85EBCA6Bu) >> (32 - PAIR_BITS);
}

static bool has_pair(const uint64_t *set, uint32_t pair) { return set[pair / 64] >> pair % 64 & 1; }

static void put_pair(uint64_t *set, uint32_t pair) { set[pair / 64] |= UINT64_C(1) << pair % 64; }

/* Phrases by sound have at least BY_SOUND_MIN syllables, hence both pairs. */
static bool may_sound(const struct pairs *p, const struct view *pinyin)
{
	const struct glyph *g = pinyin->glyphs;
	for (size_t i = 0; i + BY_SOUND_MIN <= pinyin->n; i++) {
		if (has_pair(p->first, pair_of(g[i].cp, g[i + 1].cp)) &&
		    has_pair(p->second, pair_of(g[i + 2].cp, g[i + 3].cp)))
			return true;
	}
	return false;
}

/* ---- phrases to entries ---- */

static struct pattern_entry *new_entry(struct patterns *p, enum pattern_part part, size_t list,
                                       size_t phrase)
{
	struct pattern_entry *e = &p->entries[p->n++];
	*e = (struct pattern_entry){ .list = (uint16_t)list,
		                     .phrase = (uint16_t)phrase,
		                     .part = (uint8_t)part };
	return e;
}

static bool add_phrase(struct patterns *p, str words, size_t list, size_t phrase, struct arena *mem)
{
	struct views whole;
	views_of(words, mem, &whole);
	bool first = true, plain = true;
	struct pattern_entry *e = new_entry(p, whole.has_han ? PART_HAN : PART_WORDS, list, phrase);
	for (str rest = words; rest.p; first = false) {
		struct views v;
		views_of(str_cut(&rest, '~'), mem, &v);
		struct view spaces = pattern_spaced(&v.folded, mem);
		if (!first)
			pattern_put_symbol(e, PATTERN_GAP);
		pattern_put_view(e, whole.has_han ? &v.skeleton : &spaces);
		plain &= first;
	}
	if (!pattern_choose_anchor(e))
		return false;
	for (size_t i = 0; i < whole.skeleton.n; i++)
		plain &= whole.skeleton.glyphs[i].han;
	if (!whole.has_han || !plain || whole.pinyin.n < BY_SOUND_MIN)
		return true;
	struct pattern_entry *sound = new_entry(p, PART_SOUND, list, phrase);
	pattern_put_view(sound, &whole.pinyin);
	put_pair(p->pairs.first, pair_of(sound->symbols[0], sound->symbols[1]));
	put_pair(p->pairs.second, pair_of(sound->symbols[2], sound->symbols[3]));
	return pattern_choose_anchor(sound);
}

/* ---- entries to what Hyperscan looks for ---- */

/* What stands for a number in an anchor, one literal each. */
static const uint32_t number_symbols[] = {
	GLYPH_FEW_DIGITS,
	GLYPH_SOME_DIGITS,
	GLYPH_MANY_DIGITS,
	0x4E00,
	0x4E8C,
	0x4E09,
	0x56DB,
	0x4E94,
	0x516D,
	0x4E03,
	0x516B,
	0x4E5D,
	0x5341,
	0x767E,
	0x5343,
	0x4E07,
	0x4E24,
	0x51E0,
	0x534A,
	0x4EBF,
};
#define NUMBER_SYMBOLS (sizeof number_symbols / sizeof number_symbols[0])

struct literals {
	const char **texts;
	size_t *lengths;
	struct literal *list;
	size_t n;
};

static void add_literal(struct literals *l, size_t entry, const struct pattern_entry *e,
                        uint32_t number, struct arena *mem)
{
	char *bytes = arena_alloc(mem, PATTERN_ANCHOR_MAX * 2 + 4);
	size_t n = 0;
	bool words = e->part == PART_WORDS;
	if (words && e->anchor_from == 0)
		bytes[n++] = ' ';
	for (unsigned i = e->anchor_from; i < e->anchor_to; i++)
		n += put_letter(bytes + n,
		                e->symbols[i] == PATTERN_NUMBER ? number : e->symbols[i]);
	if (words && e->anchor_to == e->n)
		bytes[n++] = ' ';
	l->texts[l->n] = bytes;
	l->lengths[l->n] = n;
	l->list[l->n++] = (struct literal){ .entry = (uint32_t)entry,
		                            .part = e->part,
		                            .space_after = words && e->anchor_to == e->n };
}

static err make_scan(struct patterns *p, const char *cache, str name, struct arena *mem)
{
	size_t most = 0;
	for (size_t i = 0; i < p->n; i++)
		most += pattern_anchor_has_number(&p->entries[i]) ? NUMBER_SYMBOLS : 1;
	struct literals l = { ARENA_ARRAY(mem, most, const char *), ARENA_ARRAY(mem, most, size_t),
		              calloc(most + 1, sizeof(struct literal)), 0 };
	p->literals = l.list;
	if (!l.list)
		return err_system("no memory for the words of the policy");
	for (size_t i = 0; i < p->n; i++) {
		const struct pattern_entry *e = &p->entries[i];
		size_t times = pattern_anchor_has_number(e) ? NUMBER_SYMBOLS : 1;
		for (size_t k = 0; k < times; k++)
			add_literal(&l, i, e, number_symbols[k], mem);
	}
	struct pattern_list list = {
		.texts = l.texts, .lengths = l.lengths, .n = l.n, .kind = "words", .name = name
	};
	return l.n > 0 ? pattern_scan_new(&list, cache, &p->scan) : OK;
}

err patterns_new(const struct policy *policy, const char *cache, struct arena *mem,
                 struct patterns **out)
{
	size_t n_lists, n_regexes, n = 0;
	const struct policy_words *lists = policy_lists(policy, &n_lists);
	const struct policy_pattern *regexes = policy_patterns(policy, &n_regexes);
	struct patterns *p = calloc(1, sizeof *p);
	err e = OK;
	for (size_t i = 0; i < n_lists; i++)
		n += lists[i].n;
	if (!p || !(p->entries = calloc(n * 2 + 1, sizeof *p->entries))) {
		patterns_free(p);
		return err_system("no memory for the words of the policy");
	}
	for (size_t i = 0; i < n_lists; i++) {
		p->conduct[i / 64] |= (uint64_t)lists[i].conduct << (i % 64);
		for (size_t k = 0; k < lists[i].n; k++) {
			struct arena_mark mark = arena_mark(mem);
			bool good = add_phrase(p, lists[i].phrases[k], i, k, mem);
			arena_rewind(mem, mark);
			if (!good) {
				e = err_input(
					"policy",
					str_to_c(mem, str_format(mem,
				                                 "list %.*s: \"%.*s\" has too "
				                                 "little to look for",
				                                 STR_ARG(lists[i].name),
				                                 STR_ARG(lists[i].phrases[k]))));
				goto out;
			}
		}
	}
	TRY(make_scan(p, cache, policy_hash(policy), mem));
	if (n_regexes > 0)
		TRY(pattern_regex_new(regexes, n_regexes, cache, policy_hash(policy), mem,
		                      &p->regex));
	*out = p;
	p = NULL;
out:
	patterns_free(p);
	return e;
}

void patterns_free(struct patterns *p)
{
	if (!p)
		return;
	pattern_scan_free(p->scan);
	pattern_regex_free(p->regex);
	free(p->entries);
	free(p->literals);
	free(p);
}

/* ---- the search ---- */

/* The views in one buffer: bytes, and where each symbol of each part begins. */
struct sheet {
	const struct view *views[PARTS];
	uint32_t begins[PARTS], ends[PARTS]; /* bytes of the first symbol and after the last */
	uint32_t *
		symbols; /* of each byte, its symbol in its part; of one after a part, how many it has */
	char *bytes;
	uint32_t n;
};

struct search {
	const struct patterns *patterns;
	const struct sheet *sheet;
	str text;
	struct pattern_hit *hits;
	size_t n;
};

static void lay(struct sheet *s, enum pattern_part part, const struct view *v)
{
	uint32_t at = s->n;
	s->views[part] = v;
	s->symbols[at] = 0;
	s->bytes[at++] = ' ';
	s->begins[part] = at;
	for (size_t i = 0; i < v->n; i++) {
		s->symbols[at] = (uint32_t)i;
		s->symbols[at + 1] = (uint32_t)i + 1; /* unless a second byte begins no symbol */
		at += put_letter(s->bytes + at, v->glyphs[i].cp);
	}
	s->ends[part] = at;
	s->symbols[at] = (uint32_t)v->n;
	s->bytes[at] = ' ';
	s->n = at + 1;
}

/* The symbol that begins at or after byte `at` of the sheet; one byte further than a part is still its end. */
static size_t symbol_at(const struct sheet *s, enum pattern_part part, uint32_t at)
{
	if (at < s->begins[part])
		return 0;
	return at < s->ends[part] ? s->symbols[at] : s->views[part]->n;
}

/* ---- what stands between the symbols ---- */

#define PLAIN_SIGNS " \n\t,.;:!?，。、；：！？　…“”\"" /* of sentences: no disguise */
#define CLAUSE_SIGNS "，。；！？\n" /* between two clauses; nobody writes them inside a word */

static bool is_among(str set, str bytes)
{
	for (size_t i = 0; i < bytes.n;) {
		size_t from = i;
		utf8_next(bytes, &i);
		if (str_find(set, str_slice(bytes, from, i)) == SIZE_MAX)
			return false;
	}
	return true;
}

/* Number of places inside [at, end) where a clause ends; one of them splits a phrase, more are noise put in on purpose. */
static unsigned clause_ends(const struct search *s, const struct view *v, size_t at, size_t end)
{
	static const str signs = { CLAUSE_SIGNS, sizeof CLAUSE_SIGNS - 1 };
	unsigned n = 0;
	for (size_t k = at + 1; k < end; k++) {
		str between = str_slice(s->text, v->glyphs[k - 1].to, v->glyphs[k].from);
		n += between.n > 0 && is_among(signs, between) ? 1 : 0;
	}
	return n;
}

/* Something between the symbols that is not part of any of them, or a symbol drawn as another. */
static bool is_disguised(const struct search *s, const struct view *v, size_t at, size_t end,
                         bool words)
{
	static const str plain = { PLAIN_SIGNS, sizeof PLAIN_SIGNS - 1 };
	for (size_t k = at; k < end; k++) {
		const struct glyph *g = &v->glyphs[k];
		bool number = pattern_is_number(v, k) ||
		              (k > at && pattern_is_number(v, k - 1)); /* signs belong to numbers */
		if (g->styled || g->lookalike)
			return true;
		if (!words && k > at && !number && g->from > v->glyphs[k - 1].to &&
		    !is_among(plain, str_slice(s->text, v->glyphs[k - 1].to, g->from)))
			return true;
	}
	return false;
}

/* The anchor of an entry ends before symbol `after`: is the whole phrase there? */
static void confirm(struct search *s, const struct pattern_entry *e, size_t after)
{
	const struct view *v = s->sheet->views[e->part];
	bool words = e->part == PART_WORDS;
	size_t length = (size_t)(e->anchor_to - e->anchor_from);
	if (after < length || s->n == PATTERN_HITS_MAX)
		return;
	size_t at = pattern_begins(e, v, after - length);
	if (at == SIZE_MAX)
		return;
	size_t to = (words && !pattern_is_border(v, at))
	                    ? 0
	                    : pattern_match(e->symbols, e->n, v, at, words);
	if (!to || (!words && !pattern_has_gap(e) && clause_ends(s, v, at, to) == 1))
		return;
	s->hits[s->n++] = (struct pattern_hit){
		.list = e->list,
		.phrase = e->phrase,
		.disguised = e->part == PART_SOUND || is_disguised(s, v, at, to, words),
		.from = v->glyphs[at].from,
		.to = v->glyphs[to - 1].to,
	};
}

/* Hyperscan saw a literal that ends at byte `end` of the sheet. */
static void on_literal(void *ctx, unsigned literal, uint32_t end)
{
	struct search *s = ctx;
	const struct literal *l = &s->patterns->literals[literal];
	if (!s->sheet->views[l->part] || end <= s->sheet->begins[l->part] ||
	    end > s->sheet->ends[l->part] + 1)
		return;
	uint32_t at = l->space_after ? end - 1 : end;
	confirm(s, &s->patterns->entries[l->entry], symbol_at(s->sheet, l->part, at));
}

static int by_list_and_place(const void *a, const void *b)
{
	const struct pattern_hit *x = a, *y = b;
	uint32_t long_x = x->to - x->from, long_y = y->to - y->from;
	if (x->is_pattern != y->is_pattern)
		return x->is_pattern ? 1 : -1;
	if (x->list != y->list)
		return x->list < y->list ? -1 : 1;
	if (long_x != long_y)
		return long_x > long_y ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->disguised != y->disguised) /* as written rather than by sound */
		return x->disguised ? 1 : -1;
	return (x->phrase > y->phrase) - (x->phrase < y->phrase);
}

static bool overlaps(const struct pattern_hit *kept, size_t n, const struct pattern_hit *hit)
{
	for (size_t i = n;
	     i > 0 && kept[i - 1].list == hit->list && kept[i - 1].is_pattern == hit->is_pattern;
	     i--) {
		if (kept[i - 1].from < hit->to && hit->from < kept[i - 1].to)
			return true;
	}
	return false;
}

static size_t tidy(struct pattern_hit *hits, size_t n)
{
	size_t kept = 0;
	if (n > 1)
		qsort(hits, n, sizeof *hits, by_list_and_place);
	for (size_t i = 0; i < n; i++) {
		if (!overlaps(hits, kept, &hits[i]))
			hits[kept++] = hits[i];
	}
	return kept;
}

static bool has_words(const struct view *folded)
{
	for (size_t i = 0; i < folded->n; i++) {
		if (glyph_is_latin(&folded->glyphs[i]))
			return true;
	}
	return false;
}

static void lay_all(struct sheet *s, const struct views *views, bool sounds, struct view *words,
                    struct arena *mem)
{
	*words = has_words(&views->folded) ? pattern_spaced(&views->folded, mem)
	                                   : (struct view){ 0 };
	size_t most = (views->skeleton.n + views->pinyin.n + words->n) * 2 + 2 * PARTS + 2;
	s->bytes = arena_room(mem, most);
	s->symbols = arena_room(mem, most * sizeof *s->symbols);
	if (views->has_han)
		lay(s, PART_HAN, &views->skeleton);
	if (views->has_han && sounds)
		lay(s, PART_SOUND, &views->pinyin);
	if (words->n > 0)
		lay(s, PART_WORDS, words);
}

size_t patterns_find(const struct patterns *p, const struct views *views, struct arena *mem,
                     struct pattern_hit hits[PATTERN_HITS_MAX])
{
	struct view words;
	struct sheet sheet = { 0 };
	struct search s = { p, &sheet, views->text, hits, 0 };
	if (p->scan) {
		lay_all(&sheet, views, may_sound(&p->pairs, &views->pinyin), &words, mem);
		pattern_scan_run(p->scan, (str){ sheet.bytes, sheet.n }, on_literal, &s);
	}
	if (p->regex)
		s.n += pattern_regex_find(p->regex, &views->folded, mem, hits + s.n,
		                          PATTERN_HITS_MAX - s.n);
	return tidy(hits, s.n);
}

size_t patterns_find_slowly(const struct patterns *p, const struct views *views, struct arena *mem,
                            struct pattern_hit hits[PATTERN_HITS_MAX])
{
	struct view words;
	struct sheet sheet = { 0 };
	struct search s = { p, &sheet, views->text, hits, 0 };
	lay_all(&sheet, views, true, &words, mem);
	for (size_t i = 0; i < p->n; i++) {
		const struct pattern_entry *e = &p->entries[i];
		const struct view *v = sheet.views[e->part];
		for (size_t after = 1; v && after <= v->n; after++) {
			if (pattern_anchor_ends(e, v, after))
				confirm(&s, e, after);
		}
	}
	if (p->regex)
		s.n += pattern_regex_find_slowly(p->regex, &views->folded, mem, hits + s.n,
		                                 PATTERN_HITS_MAX - s.n);
	return tidy(hits, s.n);
}

size_t patterns_bytes(const struct patterns *p)
{
	return sizeof *p + p->n * sizeof *p->entries + (p->scan ? pattern_scan_bytes(p->scan) : 0) +
	       (p->regex ? pattern_regex_bytes(p->regex) : 0);
}
