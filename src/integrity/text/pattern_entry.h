/* pattern_entry.h - one phrase of a word list as symbols: what of it is looked for, and whether the whole of it stands somewhere. Room-private. */
#ifndef KITH_INTEGRITY_TEXT_PATTERN_ENTRY_H
#define KITH_INTEGRITY_TEXT_PATTERN_ENTRY_H

#include "integrity/text/views.h"

#define PATTERN_SYMBOLS_MAX 40
#define PATTERN_NUMBER 0x110020u /* any number */
#define PATTERN_GAP 0x110021u    /* ~: a few symbols or words */
#define PATTERN_ANCHOR_MAX 8 /* symbols of a phrase that are looked for; the rest is confirmed */

/* Of the sheet that is searched: each phrase stands in one. */
enum pattern_part { PART_HAN, PART_SOUND, PART_WORDS, PARTS };

struct pattern_entry {
	uint16_t list, phrase;
	uint8_t part, n;
	uint8_t anchor_from,
		anchor_to; /* symbols that are looked for; before them at most one number */
	uint32_t symbols[PATTERN_SYMBOLS_MAX];
};

bool pattern_is_number(const struct view *v, size_t i);
bool pattern_is_border(const struct view *v, size_t i); /* between words */
/* Letters and digits of the folded text with one space between words. */
struct view pattern_spaced(const struct view *folded, struct arena *mem);

/* A phrase in the making: its symbols, then what of them is looked for; false when that is too little. */
void pattern_put_symbol(struct pattern_entry *e, uint32_t symbol);
void pattern_put_view(struct pattern_entry *e, const struct view *v);
bool pattern_choose_anchor(struct pattern_entry *e);

bool pattern_anchor_has_number(const struct pattern_entry *e);
bool pattern_has_gap(const struct pattern_entry *e);
/* Whether its anchor ends before symbol `after`. */
bool pattern_anchor_ends(const struct pattern_entry *e, const struct view *v, size_t after);
/* Where the phrase begins whose anchor begins at `at`: numbers before it may be of any length. SIZE_MAX when it cannot. */
size_t pattern_begins(const struct pattern_entry *e, const struct view *v, size_t at);
/* Where the symbols, matched from `at` on, end; 0 when they do not stand there. */
size_t pattern_match(const uint32_t *symbols, size_t n, const struct view *v, size_t at,
                     bool words);

#endif
