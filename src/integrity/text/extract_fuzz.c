/* extract_fuzz.c - of any bytes: what is lifted out lies inside them and in order, and work grows with the length alone: a short input
 * is also tried repeated, where a look without bound shows as a timeout. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "integrity/text/extract.h"

#define REPEATED_BYTES ((size_t)8 * 1024)
#define SHORT_BYTES 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_contacts(const struct contact *contacts, size_t n, size_t n_bytes)
{
	assert(n <= CONTACTS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct contact *c = &contacts[i];
		assert(c->from < c->to && c->to <= n_bytes);
		assert(c->handle_from <= c->handle_to);
		assert(c->handle_from == c->handle_to ||
		       (c->handle_from >= c->from && c->handle_to <= c->to));
		assert(c->kind <= CONTACT_DISGUISED && c->service < CONTACT_SERVICES);
		assert(i == 0 || c->from >= contacts[i - 1].from);
	}
}

static void check(str text)
{
	struct arena *mem = arena_new(4096);
	struct views views;
	struct contact contacts[CONTACTS_MAX];
	struct extract extracts[EXTRACTS_MAX];
	double signals[SIGNALS];
	views_of(text, mem, &views);
	size_t n_contacts = contact_find(&views, mem, contacts);
	size_t n = extract_all(&views, contacts, n_contacts, mem, extracts);
	check_contacts(contacts, n_contacts, text.n);
	assert(n <= EXTRACTS_MAX);
	for (size_t i = 0; i < n; i++) {
		assert(extracts[i].from < extracts[i].to && extracts[i].to <= text.n);
		assert(extracts[i].cents >= 0 && utf8_valid(extracts[i].value));
	}
	extract_signals(extracts, n, contacts, n_contacts, signals);
	for (int s = SIG_CONTACT_PLAIN; s <= SIG_LIKES_ASKED; s++)
		assert(isfinite(signals[s]) && signals[s] >= 0);
	assert(n_contacts > 0 || extract_handle_hash(&views, contacts, n_contacts) == 0);
	arena_free(mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char repeated[REPEATED_BYTES];
	check((str){ (const char *)bytes, n });
	if (n == 0 || n > SHORT_BYTES)
		return 0;
	size_t whole = REPEATED_BYTES / n * n;
	for (size_t i = 0; i < whole; i += n)
		memcpy(repeated + i, bytes, n);
	check((str){ repeated, whole });
	return 0;
}
