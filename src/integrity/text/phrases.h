/* phrases.h - the words that conduct is recognised by, as data: groups of phrases in Chinese and English.
 *
 * A phrase with Han characters is looked for in the skeleton, so that spaces, noise and styles inside it change nothing;
 * one of four Han characters or more also by sound. Any other phrase is looked for between word borders of the folded
 * text. In a phrase 9 stands for any number, in digits or Han numerals, and ~ for a few symbols or words; ~ may not be among its
 * first two symbols. */
#ifndef KITH_INTEGRITY_TEXT_PHRASES_H
#define KITH_INTEGRITY_TEXT_PHRASES_H

#include "integrity/text/views.h"

enum phrase_group {
	/* honest by themselves */
	PHRASE_ASK,    /* come to me: write, scan, follow the link, join the group */
	PHRASE_OFFER,  /* something is for sale */
	PHRASE_LUXURY, /* what is counterfeited: brands, bags, watches, shoes */
	PHRASE_JOIN,   /* become one of us */
	PHRASE_AGENT,  /* agents, distributors, members, teams */
	PHRASE_EASY,   /* work for everybody: at home, with a telephone */
	PHRASE_MONEY,  /* loans, shares, coins, platforms */
	PHRASE_TELL,   /* the writer warns or tells of it: damps the rest */
	PHRASE_MOVED,  /* an account was closed: come to another place */
	/* conduct, more or less */
	PHRASE_CLAIM,  /* cures and results that nobody can promise; goods that nobody may sell */
	PHRASE_HEADS,  /* paid for bringing people */
	PHRASE_FEE,    /* pay to join, to be paid, to be sent something */
	PHRASE_INCOME, /* promised earnings */
	PHRASE_SPREAD, /* likes, forwards, friends asked for */
	PHRASE_PROOF,  /* so many of them, with a screenshot */
	PHRASE_REWARD, /* in exchange for something */
	PHRASE_FAKE,   /* counterfeit talk */
	PHRASE_LIKE_REAL, /* talk that fits counterfeits and honest things alike */
	PHRASE_GAMBLE,
	PHRASE_BET,    /* the same, in words that people also tell of */
	PHRASE_SURE,   /* winnings that are certain */
	PHRASE_SCHEME, /* brushing, loans without questions, insider tips, phishing */
	PHRASE_PAPERS, /* certificates and documents */
	PHRASE_GROUPS
};

struct phrase {
	enum phrase_group group;
	const char *words; /* one or more phrases, separated by | */
};
extern const struct phrase phrase_table[];
extern const size_t phrase_table_count;

/* A phrase found: bytes of the original; `disguised` when something was hidden, drawn or put between inside it, or it is
 * there by its sound alone. */
struct phrase_hit {
	uint16_t phrase; /* number of the phrase, equal for equal phrases */
	uint8_t group;
	bool disguised;
	uint32_t from, to;
};

struct phrase_book; /* the table, folded and indexed; immutable */

struct phrase_book *phrase_book_new(void);
void phrase_book_free(struct phrase_book *book);

#define PHRASE_HITS_MAX 256 /* one text says enough with these */
/* All phrases in the text, in order of place within each view; of one group those that overlap count once, the longest
 * first. Returns how many. */
size_t phrase_find(const struct phrase_book *book, const struct views *views, struct arena *mem,
                   struct phrase_hit hits[PHRASE_HITS_MAX]);

#endif
