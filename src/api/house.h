/* house.h - the frame of the pages the server writes by itself: consent.h and plain.c.
 *
 * They work without script, in the look of the page (its sheet), under a policy that allows that sheet, pictures of
 * this server and forms that lead back to it. */
#ifndef KITH_API_HOUSE_H
#define KITH_API_HOUSE_H

#include "api/call.h"
#include "circle/factor.h"

/* Where a code is shown instead of sent: no address. */
#define OUT_OF_BAND S("urn:ietf:wg:oauth:2.0:oob")

/* Whether the reader's browser names Chinese before English; these pages are in one of the two. */
bool house_chinese(const struct call *c);
/* An instant for people and for machines: "2026-12-01 13:18 UTC" in a <time>. */
void house_time(struct buf *b, int64_t at_ms);
/* Words of ours, escaped; as a paragraph; as what is wrong with what was sent (nothing when NULL). */
void house_put(struct buf *b, const char *words);
void house_paragraph(struct buf *b, const char *words);
void house_wrong(struct buf *b, const char *wrong);
/* Begins a page with its heading. `lang` of its words, "en"; `title` is escaped here. */
void house_begin(struct call *c, struct buf *b, str lang, str title);
/* Ends it and makes it the answer. `redirect_uri`: where a form's answer may lead besides this server; STR_NONE for
 * nowhere. ERR_INPUT when the page grew too long. */
MUST_CHECK err house_finish(struct call *c, struct buf *b, int status, str redirect_uri);
/* A sentence of the rooms below in the language of these pages; in English where it has no Chinese. */
const char *house_say(const struct call *c, const char *sentence);
/* What went wrong, as a page. `sentence`: in English, of the server's own; in Chinese one by the status stands for it where it does not
 * name what is at fault. */
void house_fault(struct call *c, int status, const char *sentence);
/* 303: go and read that. `address` is a path of this server or was checked. */
MUST_CHECK err house_redirect(struct call *c, str address);
/* What was written into the one field for a second factor: six digits are a code, a recovery code is longer. */
struct second_proof house_proof(str words);

#endif
