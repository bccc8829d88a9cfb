/* scripts.h - whether a text is in a script that the text model was trained on.
 *
 * Latin and Han are. A text most of whose letters are of others is not judged by its words: a model flags what it never saw by
 * chance. A word that mixes Latin letters with others' is a disguised Latin word, not a language. Japanese is told by its kana:
 * the Han characters beside them are then Japanese too. */
#ifndef KITH_INTEGRITY_TEXT_SCRIPTS_H
#define KITH_INTEGRITY_TEXT_SCRIPTS_H

#include "base/str.h"

/* True for a text without letters. One look at each byte unless there are letters of other scripts. */
bool scripts_known(str text);

#endif
