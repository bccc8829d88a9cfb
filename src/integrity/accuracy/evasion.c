/* Every kind is a table of pairs, sorted by what is replaced; one function applies any of them. */
#include "integrity/accuracy/evasion.h"

#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define USED_MIN 3     /* characters seen less often are not what people type for another */
#define TELLING_MAX 40 /* a part that more characters have says little about how one looks */
#define PARTS_MAX 3    /* characters of more parts are not split by hand */
#define COUNTED 0xA000 /* code points counted: up to the end of the unified ideographs */
#define SYLLABLE_MAX_BYTES 8
#define TO_MAX_BYTES 14
#define LINE_MAX_BYTES 4096

struct pair {
	uint32_t from; /* 0: put between two letters */
	uint8_t n, marked;
	char to[TO_MAX_BYTES];
};

struct pairs {
	struct pair *list;
	size_t n, cap;
};

struct part {
	uint32_t whole, part;
	uint8_t at; /* which of the parts it is */
};

struct evasion {
	struct arena *mem;
	struct pairs kinds[EVASION_KINDS];
	uint32_t *used; /* [COUNTED] how often a character was counted */
	char (*syllable)
		[SYLLABLE_MAX_BYTES]; /* [COUNTED] first reading without its tone, "" unknown */
	struct part *parts;           /* of characters that have two */
	size_t part_count, part_cap;
};

static const char *const names[EVASION_KINDS] = { "zero width", "emoji",       "punctuation",
	                                          "space",      "full width",  "maths letters",
	                                          "homoglyph",  "traditional", "homophone",
	                                          "pinyin",     "similar",     "split",
	                                          "leet" };

const char *evasion_name(enum evasion_kind kind) { return names[kind]; }

/* ---- chance ---- */

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u; /* splitmix64 */
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static uint32_t below(uint64_t *state, size_t n)
{
	return (uint32_t)((next_random(state) >> 32) % (uint64_t)n);
}

/* ---- pairs ---- */

static uint32_t fnv(uint32_t hash, str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		hash = (hash ^ (uint8_t)bytes.p[i]) * 16777619u;
	return hash;
}

bool evasion_is_marked(uint32_t from, str to)
{
	char utf8[4];
	str first = { utf8, from ? utf8_put(utf8, from) : 0 };
	return (fnv(fnv(fnv(2166136261u, first), S(">")), to) >> 16 & 1) != 0;
}

static void add(struct evasion *e, enum evasion_kind kind, uint32_t from, str to)
{
	struct pairs *all = &e->kinds[kind];
	if (to.n == 0 || to.n > TO_MAX_BYTES)
		return;
	if (all->n == all->cap) {
		size_t cap = all->cap ? 2 * all->cap : 256;
		all->list = arena_grow(e->mem, all->list, all->cap * sizeof *all->list,
		                       cap * sizeof *all->list);
		all->cap = cap;
	}
	struct pair *p = &all->list[all->n++];
	*p = (struct pair){ .from = from,
		            .n = (uint8_t)to.n,
		            .marked = evasion_is_marked(from, to) };
	memcpy(p->to, to.p, to.n);
}

static void add_cp(struct evasion *e, enum evasion_kind kind, uint32_t from, uint32_t to)
{
	char utf8[4];
	add(e, kind, from, (str){ utf8, utf8_put(utf8, to) });
}

static int by_from_and_to(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return str_cmp((str){ x->to, x->n }, (str){ y->to, y->n });
}

static void settle(struct pairs *all)
{
	if (all->n == 0)
		return;
	qsort(all->list, all->n, sizeof *all->list, by_from_and_to);
	size_t kept = 1;
	for (size_t i = 1; i < all->n; i++) {
		if (by_from_and_to(&all->list[i], &all->list[kept - 1]) != 0)
			all->list[kept++] = all->list[i];
	}
	all->n = kept;
}

static bool is_in(const struct pair *p, enum evasion_half half)
{
	return half == EVASION_BOTH || (p->marked != 0) == (half == EVASION_MARKED);
}

size_t evasion_pairs(const struct evasion *e, enum evasion_kind kind, enum evasion_half half)
{
	const struct pairs *all = &e->kinds[kind];
	size_t n = 0;
	for (size_t i = 0; i < all->n; i++)
		n += is_in(&all->list[i], half) ? 1 : 0;
	return n;
}

/* ---- pairs that need no table ---- */

static void add_each(struct evasion *e, enum evasion_kind kind, uint32_t from, const char *words)
{
	str rest = str_of(words);
	while (rest.n > 0)
		add(e, kind, from, str_cut(&rest, ' '));
}

static void add_inserted(struct evasion *e)
{
	static const uint32_t invisible[] = { 0xAD,   0x200B, 0x200C, 0x200D,
		                              0x2060, 0x2063, 0xFEFF, 0x180E };
	for (size_t i = 0; i < sizeof invisible / sizeof invisible[0]; i++)
		add_cp(e, EVASION_ZERO_WIDTH, 0, invisible[i]);
	add_each(
		e, EVASION_EMOJI, 0,
		"😀 😂 🔥 ✨ 🌟 🎉 👍 🙏 🌹 🍀 ⭐ ☀ 🎵 🐱 🐶 🍎 🍉 🌈 🎈 💎 👇 👉 🌸 🍓 ☕ 🎁 🐼 🦋 ⚡ 🌙");
	add_each(e, EVASION_PUNCTUATION, 0,
	         ". , - _ * ~ ^ | / + = ' ` # · • 。 、 ， ； … ～ ／ ＊ ｜ ☆ ★ ◆ ■ 丶");
	static const uint32_t spaces[] = { 0x20, 0x3000, 0xA0, 0x2009 };
	for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
		add_cp(e, EVASION_SPACE, 0, spaces[i]);
}

/* First letter of each mathematical alphabet, upper case; the holes of the script, fraktur and double-struck ones
 * stay holes: people copy what their page of fonts gives them, which has the letterlike symbols there. */
static void add_math(struct evasion *e)
{
	static const uint32_t upper[] = { 0x1D400, 0x1D434, 0x1D468, 0x1D4D0, 0x1D56C,
		                          0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C, 0x1D670 };
	static const uint32_t digits[] = { 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6 };
	for (uint32_t i = 0; i < 26; i++) {
		for (size_t s = 0; s < sizeof upper / sizeof upper[0]; s++) {
			if (upper[s] == 0x1D434 && i == 7)
				continue; /* U+1D44E + 7, the italic h, is not assigned */
			add_cp(e, EVASION_MATH, 'A' + i, upper[s] + i);
			add_cp(e, EVASION_MATH, 'a' + i, upper[s] + 26 + i);
		}
	}
	for (uint32_t i = 0; i < 10; i++) {
		for (size_t s = 0; s < sizeof digits / sizeof digits[0]; s++)
			add_cp(e, EVASION_MATH, '0' + i, digits[s] + i);
	}
}

static void add_letters(struct evasion *e)
{
	for (uint32_t c = 0x21; c <= 0x7E; c++)
		add_cp(e, EVASION_FULL_WIDTH, c, c + 0xFEE0);
	static const struct {
		char letters[3];
		const char *to;
	} leet[] = { { "aA", "4 @" },   { "bB", "8 6" }, { "eE", "3 €" }, { "gG", "9 6" },
		     { "iI", "1 ! |" }, { "lL", "1 |" }, { "oO", "0" },   { "sS", "5 $" },
		     { "tT", "7 +" },   { "zZ", "2" } };
	for (size_t i = 0; i < sizeof leet / sizeof leet[0]; i++) {
		for (const char *c = leet[i].letters; *c; c++)
			add_each(e, EVASION_LEET, (uint32_t)*c, leet[i].to);
	}
}

/* ---- tables ---- */

static bool is_han(uint32_t cp)
{
	return (cp >= 0x4E00 && cp < COUNTED) || (cp >= 0x3400 && cp < 0x4DC0);
}

static err read_table(struct evasion *e, const char *folder, const char *name,
                      void (*take)(struct evasion *e, str line))
{
	struct line_reader *lines = NULL;
	str line;
	bool cut;
	char *path = str_to_c(e->mem, str_format(e->mem, "%s/%s.txt.gz", folder, name));
	if (!file_exists(path))
		return err_missing("a table of the evasion generator is not there");
	err bad = lines_open(path, LINE_MAX_BYTES, &lines);
	if (failed(bad))
		return bad;
	while (lines_next(lines, &line, &cut)) {
		if (line.n > 0 && line.p[0] != '#')
			take(e, line);
	}
	return lines_close(&lines);
}

/* 0 where there is no number. */
static uint32_t hex(str s)
{
	uint32_t value = 0;
	s = str_trim(s);
	for (size_t i = 0; i < s.n && i < 6; i++) {
		int c = s.p[i] | 0x20;
		bool digit = c >= '0' && c <= '9';
		if (!digit && (c < 'a' || c > 'f'))
			return 0;
		value = value << 4 | (uint32_t)(digit ? c - '0' : c - 'a' + 10);
	}
	return value;
}

/* A vowel under its accent, as a letter. Marks that stand alone are dropped. */
static char without_accent(uint32_t cp)
{
	static const struct {
		char plain;
		const char *accented;
	} vowels[] = { { 'a', "āáǎà" }, { 'e', "ēéěèêếềẽê̄" }, { 'i', "īíǐì" }, { 'o', "ōóǒò" },
		       { 'u', "ūúǔù" }, { 'v', "ǖǘǚǜü" },     { 'n', "ńňǹ" },  { 'm', "ḿ" } };
	if (cp < 0x80)
		return (char)cp;
	for (size_t i = 0; i < sizeof vowels / sizeof vowels[0]; i++) {
		str all = str_of(vowels[i].accented);
		for (size_t at = 0; at < all.n;) {
			if (utf8_next(all, &at) == cp)
				return vowels[i].plain;
		}
	}
	return 0;
}

/* "U+3007: líng,yuán  # 〇" */
static void take_reading(struct evasion *e, str line)
{
	str code = str_cut(&line, ':'), reading = str_trim(line);
	uint32_t cp = code.n > 2 ? hex(str_slice(code, 2, code.n)) : 0;
	if (!is_han(cp))
		return;
	char *to = e->syllable[cp];
	size_t n = 0, at = 0;
	while (at < reading.n && n + 1 < SYLLABLE_MAX_BYTES) {
		uint32_t next = utf8_next(reading, &at);
		if (next == ',' || next == ' ' || next == '#')
			break;
		char plain = without_accent(next);
		if (plain >= 'a' && plain <= 'z')
			to[n++] = plain;
	}
	to[n] = '\0';
}

static void take_part(struct evasion *e, uint32_t whole, uint32_t part, uint8_t at)
{
	if (e->part_count == e->part_cap) {
		size_t cap = e->part_cap ? 2 * e->part_cap : 4096;
		e->parts = arena_grow(e->mem, e->parts, e->part_cap * sizeof *e->parts,
		                      cap * sizeof *e->parts);
		e->part_cap = cap;
	}
	e->parts[e->part_count++] = (struct part){ whole, part, at };
}

/* One way to write a character in parts: "亻 木". */
static void take_way(struct evasion *e, uint32_t whole, str way)
{
	uint32_t parts[PARTS_MAX];
	char joined[4 * PARTS_MAX];
	size_t n = 0, bytes = 0, at = 0;
	while (at < way.n) {
		uint32_t cp = utf8_next(way, &at);
		if (cp == ' ')
			continue;
		bool written = is_han(cp) || (cp >= 0x2E80 && cp < 0x2FE0);
		if (n == PARTS_MAX || !written)
			return;
		parts[n++] = cp;
		bytes += utf8_put(joined + bytes, cp);
	}
	if (n < 2)
		return;
	add(e, EVASION_SPLIT, whole, (str){ joined, bytes });
	for (size_t i = 0; i < n && n == 2; i++)
		take_part(e, whole, parts[i], (uint8_t)i);
}

/* "休	人 木	亻 木" */
static void take_parts(struct evasion *e, str line)
{
	size_t at = 0;
	str first = str_cut(&line, '\t');
	uint32_t whole = first.n > 0 ? utf8_next(first, &at) : 0;
	while (is_han(whole) && line.n > 0)
		take_way(e, whole, str_cut(&line, '\t'));
}

/* "伞	傘": simplified, its traditional forms */
static void take_traditional(struct evasion *e, str line)
{
	size_t at = 0;
	str first = str_cut(&line, '\t');
	uint32_t from = first.n > 0 ? utf8_next(first, &at) : 0;
	while (line.n > 0) {
		str to = str_cut(&line, ' ');
		if (!str_eq(first, to))
			add(e, EVASION_TRADITIONAL, from, to);
	}
}

/* "0430 ;	0061 ;	MA	# ...": a letter of another script and the ASCII one it is like; l is the prototype of 1, I and |. */
static void take_confusable(struct evasion *e, str line)
{
	str source = str_cut(&line, ';'), target = str_trim(str_cut(&line, ';'));
	uint32_t like = hex(source), proto = str_eq(target, S("0072 006E")) ? 'm' : hex(target);
	bool one = str_find(target, S(" ")) == SIZE_MAX || proto == 'm';
	bool letter = like >= 0x80 &&
	              like < 0x2000; /* past these: letterlike symbols, width, maths */
	if (!one || !letter || proto >= 0x80 || proto <= 0x20)
		return;
	const char *also = proto == 'l' ? "1I" : proto == 'O' ? "0" : "";
	add_cp(e, EVASION_HOMOGLYPH, proto, like);
	for (; *also; also++)
		add_cp(e, EVASION_HOMOGLYPH, (uint32_t)*also, like);
}

err evasion_open(const char *folder, struct evasion **out)
{
	static const struct {
		const char *name;
		void (*take)(struct evasion *e, str line);
	} tables[] = { { "pinyin_all", take_reading },
		       { "chaizi-jt", take_parts },
		       { "chaizi-ft", take_parts },
		       { "confusables", take_confusable },
		       { "opencc_STCharacters", take_traditional } };
	struct arena *mem = arena_new((size_t)1 << 20);
	struct evasion *e = ARENA_NEW(mem, struct evasion);
	e->mem = mem;
	e->used = ARENA_ARRAY(mem, COUNTED, uint32_t);
	e->syllable = arena_array(mem, COUNTED, sizeof *e->syllable);
	*out = NULL;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		err bad = read_table(e, folder, tables[i].name, tables[i].take);
		if (failed(bad)) {
			evasion_close(e);
			return bad;
		}
	}
	add_inserted(e);
	add_math(e);
	add_letters(e);
	*out = e;
	return OK;
}

void evasion_close(struct evasion *e)
{
	if (e)
		arena_free(e->mem);
}

/* ---- characters in use ---- */

void evasion_count(struct evasion *e, str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (cp < COUNTED)
			e->used[cp]++;
	}
}

static bool in_use(const struct evasion *e, uint32_t cp) { return e->used[cp] >= USED_MIN; }

struct reading {
	uint32_t cp;
	const char *syllable;
};

static int by_syllable(const void *a, const void *b)
{
	const struct reading *x = a, *y = b;
	int order = strcmp(x->syllable, y->syllable);
	return order ? order : (x->cp > y->cp) - (x->cp < y->cp);
}

static void add_homophones(struct evasion *e)
{
	struct reading *list = ARENA_ARRAY(e->mem, COUNTED, struct reading);
	size_t n = 0, end;
	for (uint32_t cp = 0x3400; cp < COUNTED; cp++) {
		if (e->syllable[cp][0] == '\0')
			continue;
		add(e, EVASION_PINYIN, cp, str_of(e->syllable[cp]));
		if (in_use(e, cp))
			list[n++] = (struct reading){ cp, e->syllable[cp] };
	}
	if (n > 0)
		qsort(list, n, sizeof *list, by_syllable);
	for (size_t from = 0; from < n; from = end) {
		for (end = from; end < n && strcmp(list[end].syllable, list[from].syllable) == 0;
		     end++)
			;
		for (size_t i = from; i < end; i++) {
			for (size_t k = from; k < end; k++) {
				if (i != k)
					add_cp(e, EVASION_HOMOPHONE, list[i].cp, list[k].cp);
			}
		}
	}
}

static int by_part(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->whole > y->whole) - (x->whole < y->whole);
}

/* Characters in use that have the same telling part in the same place. */
static void add_similar(struct evasion *e)
{
	size_t end;
	if (e->part_count > 0)
		qsort(e->parts, e->part_count, sizeof *e->parts, by_part);
	for (size_t from = 0; from < e->part_count; from = end) {
		const struct part *p = e->parts;
		for (end = from;
		     end < e->part_count && p[end].part == p[from].part && p[end].at == p[from].at;
		     end++)
			;
		/* Twice, as both tables of parts name most characters. */
		for (size_t i = from; i < end && end - from <= 2 * TELLING_MAX; i++) {
			for (size_t k = from; k < end; k++) {
				if (p[i].whole != p[k].whole && in_use(e, p[i].whole) &&
				    in_use(e, p[k].whole))
					add_cp(e, EVASION_SIMILAR, p[i].whole, p[k].whole);
			}
		}
	}
}

void evasion_settle(struct evasion *e)
{
	add_homophones(e);
	add_similar(e);
	for (size_t kind = 0; kind < EVASION_KINDS; kind++)
		settle(&e->kinds[kind]);
}

/* ---- disguise ---- */

static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z');
	if (cp < 0xC0 || (cp >= 0x2000 && cp < 0x2E80) || (cp >= 0x3000 && cp < 0x3040))
		return false;
	return cp < 0xFE00 || (cp >= 0xFF10 && cp < 0xFFF0) || (cp >= 0x1D400 && cp < 0x1D800) ||
	       (cp >= 0x20000 && cp < 0x32000);
}

/* The pairs for one code point: a run of the sorted list. */
static struct pairs pairs_of(const struct pairs *all, uint32_t from)
{
	size_t low = 0, high = all->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (all->list[mid].from < from)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low; high < all->n && all->list[high].from == from; high++)
		;
	return (struct pairs){ .list = all->list + low, .n = high - low };
}

/* One of the pairs, starting at `first` and going round until one may be used; NULL when none may. */
static const struct pair *choose(struct pairs run, enum evasion_half half, size_t first)
{
	for (size_t i = 0; i < run.n; i++) {
		const struct pair *p = &run.list[(first + i) % run.n];
		if (is_in(p, half))
			return p;
	}
	return NULL;
}

struct place {
	size_t at, next;         /* bytes of the code point in the text */
	const struct pair *pair; /* NULL: stays */
};

/* Every code point with the pair that would change it. Maths letters keep to one alphabet a text. */
static size_t find_places(const struct pairs *all, bool inserts, bool one_style,
                          enum evasion_half half, uint64_t *random, str text, struct place *places)
{
	size_t n = 0, style = below(random, 10);
	for (size_t at = 0; at < text.n; n++) {
		struct place *p = &places[n];
		p->at = at;
		uint32_t cp = utf8_next(text, &at);
		p->next = at;
		size_t after = at;
		bool inside = is_letter(cp) && at < text.n && is_letter(utf8_next(text, &after));
		struct pairs run = pairs_of(all, inserts ? 0 : cp);
		if (run.n == 0 || (inserts && !inside))
			continue;
		p->pair = choose(run, half, one_style ? style : below(random, run.n));
	}
	return n;
}

static void write_place(struct buf *b, str text, const struct place *p, bool changed)
{
	if (!changed || p->pair->from == 0)
		buf_add(b, str_slice(text, p->at, p->next));
	if (changed)
		buf_add(b, (str){ p->pair->to, p->pair->n });
}

bool evasion_apply(const struct evasion *e, enum evasion_kind kind, unsigned percent,
                   enum evasion_half half, uint64_t seed, str text, struct arena *mem, str *out)
{
	bool inserts = kind <= EVASION_SPACE;
	uint64_t random = seed ^ ((uint64_t)kind << 56 | (uint64_t)percent << 48);
	struct place *places = ARENA_ARRAY(mem, text.n + 1, struct place);
	size_t open = 0, n = find_places(&e->kinds[kind], inserts, kind == EVASION_MATH, half,
	                                 &random, text, places);
	for (size_t i = 0; i < n; i++)
		open += places[i].pair ? 1 : 0;
	if (open < EVASION_PLACES_MIN)
		return false;
	struct buf b;
	buf_init(&b, mem, text.n * (TO_MAX_BYTES + 1) + 1);
	size_t sure = below(&random, open); /* changed whatever chance says */
	for (size_t i = 0, seen = 0; i < n; i++) {
		bool changed = false;
		if (places[i].pair) {
			bool chance = below(&random, 100) < percent;
			changed = seen++ == sure || chance;
		}
		write_place(&b, text, &places[i], changed);
	}
	*out = buf_str(&b);
	return true;
}
