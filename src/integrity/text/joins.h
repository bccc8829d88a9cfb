/* joins.h - the joined view: what was taken apart or replaced in the folded text, put back.
 *
 * Split characters (亻弋 for 代), words worth hiding with a look-alike in them (徽信 for 微信), emoji that stand for a word beside
 * text (加💚), and other signs for digits inside a number long enough to call (138o0l38, one to nine in Han). The tables are made by
 * tools/gen-fold: only parts and words that people hardly ever write side by side are in them. */
#ifndef KITH_INTEGRITY_TEXT_JOINS_H
#define KITH_INTEGRITY_TEXT_JOINS_H

#include "integrity/text/views.h"

/* Fills `joined`, `undone` and `joins` from the folded view; without anything to join the glyphs are shared. */
void joins_make(struct views *v, struct arena *mem);

#endif
