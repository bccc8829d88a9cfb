#include "circle/blind.h"

#include "circle/handle.h"

#include "base/buf.h"
#include "integrity/text/fold.h"
#include "model/limits.h"

#include <string.h>

#define NAME_MIN 2    /* characters: shorter ones stand in every other word */
#define SPELLED_MIN 3 /* letters of a name that is spelled out */
#define GAP_MAX 3     /* spaces and signs between two of them */
#define SOUND_MAX 64  /* bytes of a name in pinyin */

static const char *const zh_letters[BLIND_PARTIES_MAX] = { "甲", "乙", "丙", "丁", "戊",
	                                                   "己", "庚", "辛", "壬", "癸" };

static uint32_t fold(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

/* Letters and digits of alphabets that put spaces between words. */
static bool is_of_word(uint32_t cp)
{
	cp = fold(cp);
	return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || cp == '_' ||
	       (cp >= 0xC0 && cp < 0x0600);
}

/* A text as it is taken: wide, styled, accented, traditional and look-alike characters as the plain ones, and those nobody sees not at all. */
struct reader {
	str text;
	size_t at;
	struct fold_unit units[FOLD_MAX]; /* of the character before `at` */
	unsigned n, i;
};

/* NULL: the end. Until the next call. */
static const struct fold_unit *next_unit(struct reader *r)
{
	while (r->i == r->n) {
		if (r->at >= r->text.n)
			return NULL;
		uint32_t cp = utf8_next(r->text, &r->at);
		r->i = 0;
		r->n = cp < FOLD_PLANES_END ? fold_code_point(cp, r->units) : 1;
		if (cp >= FOLD_PLANES_END)
			r->units[0] = (struct fold_unit){ .cp = cp };
		else if (r->n == 1 && r->units[0].class == FOLD_DELETED)
			r->n = 0;
	}
	return &r->units[r->i++];
}

/* The next that is neither a space nor a sign; `gap`: whether there were some before it. */
static const struct fold_unit *next_sign(struct reader *r, bool *gap)
{
	const struct fold_unit *u = next_unit(r);
	unsigned n = 0;
	for (; u != NULL && (u->class == FOLD_SPACE || u->class == FOLD_NOISE); n++)
		u = next_unit(r);
	*gap = n > 0;
	return n <= GAP_MAX ? u : NULL;
}

/* Bytes of `text` at `at` that read as `name`; 0: they do not. Where the name has a space or a sign any or none may stand; between its
 * Han any may; and between its letters, where they are spelled out: between all of them. */
static size_t reads(str text, size_t at, str name, bool spelled)
{
	struct reader there = { .text = text, .at = at }, wanted = { .text = name };
	const struct fold_unit *want, *got;
	bool own_gap, gap, han = false;
	unsigned signs = 0;
	for (; (want = next_sign(&wanted, &own_gap)) != NULL; signs++) {
		got = next_sign(&there, &gap);
		if (got == NULL || got->cp != want->cp)
			return 0;
		bool joint = signs > 0 && (own_gap || (han && got->han));
		if (spelled ? signs > 0 && !gap : gap && !joint)
			return 0;
		han = got->han;
	}
	return signs >= (spelled ? SPELLED_MIN : 1) && there.i == there.n ? there.at - at : 0;
}

/* The same, where it stands as a word of its own. */
static size_t reads_word(str text, size_t at, uint32_t before, str name)
{
	size_t n = reads(text, at, name, false), first = 0;
	if (n == 0)
		n = reads(text, at, name, true);
	size_t next = at + n;
	if (n == 0 || utf8_length(name) < NAME_MIN)
		return 0;
	if (is_of_word(utf8_next(name, &first)) && is_of_word(before))
		return 0;
	first = 0;
	uint32_t last = 0;
	while (first < name.n)
		last = utf8_next(name, &first);
	return is_of_word(last) && next < text.n && is_of_word(utf8_next(text, &next)) ? 0 : n;
}

static size_t handle_run(str text, size_t at)
{
	size_t end = at, chars = 0;
	while (end < text.n && chars++ < HANDLE_MAX) {
		size_t next = end;
		if (!handle_has(fold(utf8_next(text, &next))))
			break;
		end = next;
	}
	return end - at;
}

/* A Chinese name as it sounds, a space between syllables; empty for one that has other letters, or one syllable. */
static str sound_of(str name, struct arena *mem)
{
	char *to = arena_alloc(mem, SOUND_MAX);
	size_t n = 0, at = 0, syllables = 0;
	while (at < name.n) {
		unsigned reading = fold_reading(utf8_next(name, &at));
		const char *letters = reading > 0 ? fold_syllable(reading) : NULL;
		if (letters == NULL || n + strlen(letters) + 1 > SOUND_MAX)
			return S("");
		if (syllables++ > 0)
			to[n++] = ' ';
		memcpy(to + n, letters, strlen(letters));
		n += strlen(letters);
	}
	return syllables >= NAME_MIN ? (str){ to, n } : S("");
}

struct names {
	const struct blind_party *parties;
	str *sounds; /* of each */
	size_t n;
};

static struct names names_of(const struct blind_party *parties, size_t n, struct arena *mem)
{
	struct names names = { parties, ARENA_ARRAY(mem, n, str), n };
	for (size_t i = 0; i < n; i++)
		names.sounds[i] = sound_of(parties[i].name, mem);
	return names;
}

struct found {
	size_t n;     /* bytes; 0: nothing stands here */
	size_t party; /* or any number above the last: somebody */
};

static void keep_longer(struct found *found, size_t n, size_t party)
{
	if (n > found->n)
		*found = (struct found){ n, party };
}

/* The longest name at `at`. */
static struct found find(str text, size_t at, uint32_t before, const struct names *names)
{
	struct found found = { 0, 0 };
	size_t after = at;
	uint32_t cp = utf8_next(text, &after);
	bool is_at = (cp == '@' || cp == 0xFF20) && !is_of_word(before); /* and no mail address */
	for (size_t i = 0; i < names->n; i++) {
		const struct blind_party *party = &names->parties[i];
		if (is_at && party->handle.n > 0) {
			size_t run = reads(text, after, party->handle, false);
			keep_longer(&found, run > 0 ? after - at + run : 0, i);
		}
		keep_longer(&found, reads_word(text, at, before, party->name), i);
		keep_longer(&found, reads_word(text, at, before, party->handle), i);
		keep_longer(&found, reads_word(text, at, before, names->sounds[i]), i);
	}
	if (is_at && found.n == 0) {
		size_t run = handle_run(text, after);
		if (run > 0)
			keep_longer(&found, after - at + run, SIZE_MAX);
	}
	return found;
}

static bool is_chinese(str text)
{
	size_t at = 0;
	while (at < text.n)
		if (handle_is_han(utf8_next(text, &at)))
			return true;
	return false;
}

static void add_letter(struct buf *b, size_t party, bool zh)
{
	if (party >= BLIND_PARTIES_MAX)
		buf_add(b, zh ? S("某人") : S("somebody"));
	else if (zh)
		buf_format(b, "当事人%s", zh_letters[party]);
	else
		buf_format(b, "party %c", (char)('A' + party));
}

struct blinded blind_text(str text, const struct blind_party *parties, size_t n, struct arena *mem)
{
	const struct names names = names_of(parties, n, mem);
	bool zh = is_chinese(text);
	struct blind_cut *cuts = NULL;
	size_t n_cuts = 0, cap = 0, at = 0;
	uint32_t before = 0;
	struct buf b;
	/* Two bytes at least become twelve at most. */
	buf_init(&b, mem, text.n * 6 + 16);
	while (at < text.n) {
		struct found found = find(text, at, before, &names);
		size_t next = at;
		before = utf8_next(text, &next);
		if (found.n == 0) {
			buf_add(&b, str_slice(text, at, next));
			at = next;
			continue;
		}
		if (n_cuts == cap) {
			size_t more = cap ? 2 * cap : 8;
			cuts = arena_grow(mem, cuts, cap * sizeof *cuts, more * sizeof *cuts);
			cap = more;
		}
		struct blind_cut *cut = &cuts[n_cuts++];
		*cut = (struct blind_cut){ .from = at, .to = at + found.n, .at = b.n };
		add_letter(&b, found.party, zh);
		cut->end = b.n;
		at += found.n;
		before = 'x';
	}
	return (struct blinded){ buf_str(&b), cuts, n_cuts };
}

/* The last cut that begins at or before `at`. */
static const struct blind_cut *cut_before(const struct blinded *blinded, size_t at)
{
	const struct blind_cut *last = NULL;
	for (size_t i = 0; i < blinded->n && blinded->cuts[i].from <= at; i++)
		last = &blinded->cuts[i];
	return last;
}

size_t blind_from(const struct blinded *blinded, size_t from)
{
	const struct blind_cut *cut = cut_before(blinded, from);
	if (cut == NULL)
		return from;
	return from < cut->to ? cut->at : cut->end + (from - cut->to);
}

size_t blind_to(const struct blinded *blinded, size_t to)
{
	const struct blind_cut *cut = to > 0 ? cut_before(blinded, to - 1) : NULL;
	if (cut == NULL)
		return to;
	return to <= cut->to ? cut->end : cut->end + (to - cut->to);
}
