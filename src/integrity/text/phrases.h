/* phrases.h - the words that conduct is recognised by, as data: groups of phrases in Chinese and English.
 *
 * A phrase with Han characters is looked for in the skeleton, so that spaces, noise and styles inside it change nothing;
 * any other phrase is looked for between word borders of the folded text. */
#ifndef KITH_INTEGRITY_TEXT_PHRASES_H
#define KITH_INTEGRITY_TEXT_PHRASES_H

#include "integrity/text/views.h"

enum phrase_group {
	PHRASE_CONTACT,       /* a way to reach somebody, named plainly: honest by itself */
	PHRASE_CONTACT_SLANG, /* the same, spelled so that a filter misses it */
	PHRASE_MOVE,          /* come and talk elsewhere: honest by itself */
	PHRASE_RECRUIT,       /* agents, levels, head-money */
	PHRASE_FEE,           /* pay to join */
	PHRASE_INCOME,        /* promised earnings */
	PHRASE_SPREAD,        /* likes, forwards, screenshots asked for */
	PHRASE_REWARD,        /* ... in exchange for something */
	PHRASE_FAKE,          /* counterfeit talk */
	PHRASE_BRAND,         /* brands that are counterfeited: honest by itself */
	PHRASE_GAMBLE,
	PHRASE_FRAUD,   /* brushing, advance fees, prizes, forged papers */
	PHRASE_WARNING, /* talk about such things, to warn of them */
	PHRASE_GROUPS
};

struct phrase {
	enum phrase_group group;
	const char *words;
};
extern const struct phrase phrase_table[];
extern const size_t phrase_table_count;

/* A phrase found: bytes of the original; `disguised` when something was hidden, drawn or put between inside it. */
struct phrase_hit {
	uint16_t phrase; /* index in phrase_table */
	uint8_t group;
	bool disguised;
	uint32_t from, to;
};

struct phrase_book; /* the table, folded and indexed; immutable */

struct phrase_book *phrase_book_new(void);
void phrase_book_free(struct phrase_book *book);

#define PHRASE_HITS_MAX 256 /* one text says enough with these */
/* All phrases in the text, in order of place within each view, longest first at one place. Returns how many. */
size_t phrase_find(const struct phrase_book *book, const struct views *views, struct arena *mem,
                   struct phrase_hit hits[PHRASE_HITS_MAX]);

#endif
