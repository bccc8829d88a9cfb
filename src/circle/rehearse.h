/* rehearse.h - the stored past judged again under a policy: whom would it have hit?
 *
 * Pieces are read in the order of their commits, each with the past rewound to what was known when it was judged. A piece that
 * was judged by the very same policy and weights is judged from what it read then, and must come out bit for bit as it did. */
#ifndef KITH_CIRCLE_REHEARSE_H
#define KITH_CIRCLE_REHEARSE_H

#include "circle/circle.h"
#include "model/screened.h"

#define REHEARSE_MAX 1000000 /* pieces of one rehearsal */

/* A person belongs to one: the first that fits. */
enum cohort {
	COHORT_SELLERS, /* at least 3 pieces, and 3 in 10 of them resemble advertising (score from .5) */
	COHORT_NEW,    /* joined less than 30 days before the piece */
	COHORT_ELDERS, /* joined a year before it or more */
	COHORT_OTHERS,
	COHORTS
};

struct cohort_row {
	size_t pieces, hit_people;
	size_t was[ACTION_HOLD + 1],
		is[ACTION_HOLD + 1]; /* pieces by action: as stored, as judged now */
};

struct changed_piece {
	struct status_ref piece;
	person_id author;
	enum action was, is;
	double was_malice, is_malice;
	str rule; /* the heaviest now; may be empty */
};

struct rehearsal {
	size_t pieces;     /* looked at */
	size_t no_text;    /* of them erased, or a profile or request: counted in nothing below */
	size_t same_image; /* judged by this very policy and weights before */
	size_t equal;      /* of those equal bit for bit: all, or something is wrong */
	struct cohort_row cohorts[COHORTS];
	const struct changed_piece
		*changed; /* other action than it was, by commit; at most `examples` */
	size_t n_changed; /* shown */
	size_t changed_all;
};

const char *cohort_word(enum cohort cohort);

/* One piece as it was judged, and as it is. Texts live until the next. */
struct rehearsed {
	const struct screened *was;
	const struct verdict *is;
};

struct rehearse_ask {
	const struct engine *engine; /* not the circle's own */
	int64_t last; /* the newest so many pieces are judged, those before them only remembered */
	const str *down; /* rules that do no more than label */
	size_t n_down;
	size_t examples;
	void (*each)(void *ctx,
	             const struct rehearsed *
	                     piece); /* every piece with a text, in the order judged; may be NULL */
	bool (*goes_on)(
		void *ctx); /* asked between pages, false ends it with ERR_BUSY; may be NULL */
	void *ctx;
};

/* Nothing of the circle is changed or locked. `is` of a piece is what it comes to with the rules that are down. */
MUST_CHECK err rehearse(struct circle *c, const struct rehearse_ask *ask, struct arena *mem,
                        struct rehearsal *out);

#endif
