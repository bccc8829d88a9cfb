/* contact_link.h - web and mail addresses, with the dot written out or hidden. */
#ifndef KITH_INTEGRITY_TEXT_CONTACT_LINK_H
#define KITH_INTEGRITY_TEXT_CONTACT_LINK_H

#include "integrity/text/lexemes.h"

/* The address that begins at lexeme `i`; returns the lexeme after it, or 0 when there is none. A bare name counts only with an
 * ending that is no word of its own ("tired.me" is two sentences). */
size_t contact_link_at(const struct lexemes *l, size_t i, struct contact *out);

#endif
