#include "integrity/text/extract.h"

#include "base/buf.h"

#define NUMBER_MIN 5

struct search {
	const struct view *folded;
	struct arena *mem;
	struct extract *out;
	size_t n;
};

static const struct glyph *at(const struct search *s, size_t i) { return &s->folded->glyphs[i]; }

/* Adds [from, to) of the folded text; digits alone when `digits`. */
static void add(struct search *s, enum extract_kind kind, size_t from, size_t to, bool digits)
{
	struct buf b;
	buf_init(&b, s->mem, 256);
	for (size_t i = from; i < to; i++) {
		char bytes[4];
		if (!digits || at(s, i)->class == FOLD_DIGIT)
			buf_add(&b, (str){ bytes, utf8_put(bytes, at(s, i)->cp) });
	}
	if (s->n < EXTRACTS_MAX && !b.full)
		s->out[s->n++] = (struct extract){ kind, buf_str(&b), at(s, from)->from,
			                           at(s, to - 1)->to };
}

static void add_handle(struct search *s, const struct contact *c)
{
	size_t from = 0, n = s->folded->n;
	while (from < n && at(s, from)->from < c->handle_from)
		from++;
	size_t to = from;
	while (to < n && at(s, to)->from < c->handle_to)
		to++;
	if (to > from)
		add(s, EXTRACT_HANDLE, from, to, false);
}

static void find_numbers(struct search *s)
{
	for (size_t i = 0; i < s->folded->n;) {
		size_t digits = 0, end = i;
		for (size_t k = i; k < s->folded->n && k - end <= 1; k++) {
			if (at(s, k)->class == FOLD_DIGIT) {
				digits++;
				end = k + 1;
			} else if (at(s, k)->class == FOLD_LETTER) {
				break;
			}
		}
		if (digits >= NUMBER_MIN)
			add(s, EXTRACT_NUMBER, i, end, true);
		i = end > i ? end : i + 1;
	}
}

static bool money(uint32_t cp, bool before)
{
	static const uint32_t signs[] = { 0xA5, '$', 0x20AC, 0xA3, 0xFFE5 },
			      words[] = { 0x5143, 0x5757, 0x7C73 };
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		if (signs[i] == cp)
			return true;
	}
	for (size_t i = 0; !before && i < sizeof words / sizeof words[0]; i++) {
		if (words[i] == cp)
			return true;
	}
	return false;
}

static void find_prices(struct search *s)
{
	size_t n = s->folded->n;
	for (size_t i = 0; i < n;) {
		if (at(s, i)->class != FOLD_DIGIT) {
			i++;
			continue;
		}
		size_t end = i;
		while (end < n &&
		       (at(s, end)->class == FOLD_DIGIT || (at(s, end)->cp == '.' && end + 1 < n &&
		                                            at(s, end + 1)->class == FOLD_DIGIT)))
			end++;
		bool before = i > 0 && money(at(s, i - 1)->cp, true),
		     after = end < n && money(at(s, end)->cp, false);
		if (before || after)
			add(s, EXTRACT_PRICE, before ? i - 1 : i, after ? end + 1 : end, false);
		i = end;
	}
}

size_t extract_all(const struct views *views, const struct contact *contacts, size_t n_contacts,
                   struct arena *mem, struct extract out[EXTRACTS_MAX])
{
	struct search s = { &views->folded, mem, out, 0 };
	for (size_t i = 0; i < n_contacts; i++)
		add_handle(&s, &contacts[i]);
	find_numbers(&s);
	find_prices(&s);
	return s.n;
}
