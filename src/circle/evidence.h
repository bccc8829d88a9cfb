/* evidence.h - a link for a rights holder or a named expert: one piece of a case, without anybody's name, and one answer.
 *
 * Who holds the link sees the piece's own text with the marked places, its pictures, and what is suspected; not who wrote it, who
 * reported it, for whom it is, when it was written or what was said of it. It lasts EVIDENCE_MS, and no longer than there is no answer
 * and the piece waits in its case. Every look is written down. */
#ifndef KITH_CIRCLE_EVIDENCE_H
#define KITH_CIRCLE_EVIDENCE_H

#include "circle/docket.h"

#define EVIDENCE_MS (INT64_C(14) * 24 * 3600 * 1000)
#define EVIDENCE_WHOM_MAX 60
#define EVIDENCE_WORDS_MAX 1000
#define EVIDENCE_LINKS_MAX 20 /* of one case */

struct evidence_draft {
	str whom;           /* as the steward calls them; stewards alone read it */
	measure_id measure; /* an item of the case, or its status where it was reported */
	int64_t status;
};
struct evidence_link {
	str secret; /* given once */
	int64_t expires_at_ms;
};
/* ERR_MISSING for a party, and for what does not wait in this case. */
MUST_CHECK err evidence_ask(struct circle *c, person_id steward, case_id in,
                            const struct evidence_draft *draft, int64_t now_ms, struct arena *mem,
                            struct evidence_link *out);

struct evidence_mark {
	size_t from, to; /* bytes of the text */
};
struct evidence {
	enum { EVIDENCE_OPEN, EVIDENCE_ANSWERED, EVIDENCE_OVER } state;
	/* With EVIDENCE_OPEN alone: */
	str text;
	const struct evidence_mark *marks; /* ascending, apart from each other */
	size_t n_marks;
	size_t n_pictures;
	str suspected_en, suspected_zh; /* the rule's sentence; empty where it was reported: */
	bool reported;
	enum report_category category;
	int64_t expires_at_ms;
};
/* ERR_MISSING for a secret that nobody was given. */
MUST_CHECK err evidence_show(struct circle *c, str secret, int64_t now_ms, struct arena *mem,
                             struct evidence *out);
/* The nth picture, from 1: ERR_MISSING as soon as the link shows nothing any more. The caller closes. */
MUST_CHECK err evidence_picture(struct circle *c, str secret, int64_t nth, int64_t now_ms, int *fd,
                                size_t *bytes);
/* Once; becomes an item of the case. ERR_CONFLICT when the link is not open. */
MUST_CHECK err evidence_answer(struct circle *c, str secret, enum case_answer answer, str words,
                               int64_t now_ms);

#endif
