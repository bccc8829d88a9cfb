/* contact_words.h - the names of services and the words around them, as data.
 *
 * Latin words in order of their letters; Chinese ones in order of their first character, the longer first. Where a name is a
 * short form or a nickname it says so: those are slang or disguise by themselves.
 * Source: what people write, gathered in ../shared/reference/moments-and-tricks.md §4 and read in the training texts. */
#ifndef KITH_INTEGRITY_TEXT_CONTACT_WORDS_H
#define KITH_INTEGRITY_TEXT_CONTACT_WORDS_H

#include "integrity/text/contact.h"

enum word_role {
	WORD_NONE,
	WORD_NAME,    /* of a service: an id must follow, or "add" stand before */
	WORD_MARKED,  /* also an ordinary word: a colon, an @ or "id" must stand before the id */
	WORD_DIGITS,  /* a service whose ids are digits */
	WORD_THING,   /* the name of a thing: needs "add", or a number */
	WORD_SURE,    /* is used for nothing else: after "add" it needs no id */
	WORD_V,       /* v, w: half of a name, or a letter */
	WORD_WEI,     /* the sound in letters */
	WORD_XIN,     /* the other half */
	WORD_ADD,     /* add, jia */
	WORD_NUMBER,  /* a digit's name */
	WORD_MESSAGE, /* write to me: followed by me, us, for, 4 */
	WORD_ALONE,   /* the same, complete by itself */
	WORD_SCHEME   /* http, www, dot: parts of an address */
};

struct contact_word {
	const char *text; /* folded */
	uint8_t role, service, kind;
	uint8_t value; /* of a digit's name */
};

/* The Latin word of these letters, or NULL, which costs little for most words. */
const struct contact_word *contact_words_latin(const struct glyph *letters, size_t n);

/* Rows of the Chinese words that begin with `first`: a run of the table, `*n` of them. */
const struct contact_word *contact_words_han(uint32_t first, size_t *n);

/* For the tests: the whole Latin table. */
const struct contact_word *contact_words_all(size_t *n);

#endif
