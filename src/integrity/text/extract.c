#include "integrity/text/extract.h"

#include "integrity/text/contact_handle.h"
#include "integrity/text/promise.h"

#include "base/buf.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NUMBER_MIN 5
#define VALUE_MAX_BYTES 512
#define HANDLE_MAX_BYTES 64

struct search {
	const struct view *view;
	struct arena *mem;
	struct extract *out;
	size_t n;
};

static const struct glyph *at(const struct search *s, size_t i) { return &s->view->glyphs[i]; }

/* The first glyph from byte `from` on. Glyphs ascend. */
static size_t glyph_at(const struct view *v, uint32_t from)
{
	size_t low = 0, high = v->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (v->glyphs[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Glyphs [from, to) as text; digits alone when `digits`. */
static str text_of(const struct search *s, size_t from, size_t to, bool digits)
{
	struct buf b;
	buf_init(&b, s->mem, VALUE_MAX_BYTES);
	for (size_t i = from; i < to && !b.full; i++) {
		char bytes[4];
		if (!digits || at(s, i)->class == FOLD_DIGIT)
			buf_add(&b, (str){ bytes, utf8_put(bytes, at(s, i)->cp) });
	}
	return buf_str(&b);
}

/* Adds glyphs [from, to); NULL when there is no room. */
static struct extract *add(struct search *s, enum extract_kind kind, size_t from, size_t to)
{
	if (s->n == EXTRACTS_MAX || to <= from)
		return NULL;
	struct extract *x = &s->out[s->n++];
	*x = (struct extract){ .kind = kind,
		               .value = text_of(s, from, to, kind == EXTRACT_NUMBER),
		               .from = at(s, from)->from,
		               .to = at(s, to - 1)->to };
	return x;
}

static void add_contact(struct search *s, const struct contact *c)
{
	size_t from = glyph_at(s->view, c->handle_from), to = glyph_at(s->view, c->handle_to);
	struct extract *x = add(s, c->link ? EXTRACT_LINK : EXTRACT_HANDLE, from, to);
	if (x)
		x->service = c->service;
}

static void find_numbers(struct search *s)
{
	for (size_t i = 0; i < s->view->n;) {
		size_t digits = 0, end = i;
		if (at(s, i)->class != FOLD_DIGIT) {
			i++;
			continue;
		}
		for (size_t k = i; k < s->view->n && k - end <= 1; k++) {
			if (at(s, k)->class == FOLD_DIGIT) {
				digits++;
				end = k + 1;
			} else if (at(s, k)->class == FOLD_LETTER) {
				break;
			}
		}
		if (digits >= NUMBER_MIN)
			add(s, EXTRACT_NUMBER, i, end);
		i = end;
	}
}

static void add_promise(struct search *s, const struct promise *p)
{
	static const enum extract_kind kinds[] = { [PROMISED_PRICE] = EXTRACT_PRICE,
		                                   [PROMISED_FEE] = EXTRACT_FEE,
		                                   [PROMISED_INCOME] = EXTRACT_INCOME,
		                                   [PROMISED_TIER] = EXTRACT_TIER,
		                                   [PROMISED_LIKES] = EXTRACT_LIKES };
	struct extract *x = add(s, kinds[p->kind], p->g0, p->g1);
	if (!x)
		return;
	x->cents = p->cents;
	x->count = p->count;
}

size_t extract_all_in(const struct views *views, struct lexemes *lexemes,
                      const struct contact *contacts, size_t n_contacts, struct arena *mem,
                      struct extract out[EXTRACTS_MAX])
{
	struct search s = { lexemes_view(views), mem, out, 0 };
	if (n_contacts == 0 && !lexemes_number_in(views))
		return 0;
	struct promise *promises = arena_room(mem, PROMISES_MAX * sizeof *promises);
	if (!lexemes->list)
		lexemes_read(views, mem, lexemes);
	struct arena_mark mark = arena_mark(mem);
	size_t n = promise_find(lexemes, contacts, n_contacts, mem, promises);
	arena_rewind(mem, mark);
	for (size_t i = 0; i < n_contacts; i++)
		add_contact(&s, &contacts[i]);
	for (size_t i = 0; i < n; i++)
		add_promise(&s, &promises[i]);
	find_numbers(&s);
	return s.n;
}

size_t extract_all(const struct views *views, const struct contact *contacts, size_t n_contacts,
                   struct arena *mem, struct extract out[EXTRACTS_MAX])
{
	struct lexemes lexemes = { 0 };
	return extract_all_in(views, &lexemes, contacts, n_contacts, mem, out);
}

/* ---- signals ---- */

static void count_contacts(const struct contact *contacts, size_t n, double signals[SIGNALS])
{
	static const enum signal kinds[] = { [CONTACT_PLAIN] = SIG_CONTACT_PLAIN,
		                             [CONTACT_SLANG] = SIG_CONTACT_SLANG,
		                             [CONTACT_DISGUISED] = SIG_CONTACT_DISGUISED };
	for (size_t i = 0; i < n; i++) {
		const struct contact *c = &contacts[i];
		bool address = c->service == CONTACT_LINK;
		if (!address || c->kind == CONTACT_DISGUISED)
			signals[kinds[c->kind]] += 1;
		signals[SIG_LINKS] += c->link ? 1 : 0;
		signals[SIG_CONTACT_HANDLES] += c->handle_to > c->handle_from && !address ? 1 : 0;
	}
}

static void raise(double *signal, double value)
{
	if (value > *signal)
		*signal = value;
}

void extract_signals(const struct extract *extracts, size_t n, const struct contact *contacts,
                     size_t n_contacts, double signals[SIGNALS])
{
	for (int s = SIG_CONTACT_PLAIN; s <= SIG_LIKES_ASKED; s++)
		signals[s] = 0;
	count_contacts(contacts, n_contacts, signals);
	for (size_t i = 0; i < n; i++) {
		const struct extract *x = &extracts[i];
		signals[SIG_PRICES] += x->kind == EXTRACT_PRICE;
		signals[SIG_FEES] += x->kind == EXTRACT_FEE;
		signals[SIG_INCOMES] += x->kind == EXTRACT_INCOME;
		signals[SIG_TIERS] += x->kind == EXTRACT_TIER;
		if (x->kind == EXTRACT_FEE)
			raise(&signals[SIG_FEE_MONEY], (double)x->cents);
		if (x->kind == EXTRACT_INCOME)
			raise(&signals[SIG_INCOME_MONEY], (double)x->cents);
		if (x->kind == EXTRACT_LIKES)
			raise(&signals[SIG_LIKES_ASKED], x->count);
	}
}

uint64_t extract_handle_hash(const struct views *views, const struct contact *contacts,
                             size_t n_contacts)
{
	for (size_t i = 0; i < n_contacts; i++) {
		const struct contact *c = &contacts[i];
		char bytes[HANDLE_MAX_BYTES];
		if (c->handle_to <= c->handle_from || c->link)
			continue;
		size_t n = handle_normal(views, c->handle_from, c->handle_to, bytes, sizeof bytes);
		uint64_t hash = XXH3_64bits(bytes, n);
		if (n > 0)
			return hash ? hash : 1;
	}
	return 0;
}
