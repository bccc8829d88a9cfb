/* extract.h - what can be lifted out of a text: handles to reach somebody by, long numbers, prices. */
#ifndef KITH_INTEGRITY_TEXT_EXTRACT_H
#define KITH_INTEGRITY_TEXT_EXTRACT_H

#include "integrity/text/contact.h"

enum extract_kind { EXTRACT_HANDLE, EXTRACT_NUMBER, EXTRACT_PRICE };

struct extract {
	enum extract_kind kind;
	str value; /* as it reads once folded; in the arena */
	uint32_t from, to;
};

#define EXTRACTS_MAX 64
/* handle: what stands after a way to get in touch (text/contact.h); number: 5 digits and more, separators dropped; price: an
 * amount beside a sign or word of money. */
size_t extract_all(const struct views *views, const struct contact *contacts, size_t n_contacts,
                   struct arena *mem, struct extract out[EXTRACTS_MAX]);

#endif
