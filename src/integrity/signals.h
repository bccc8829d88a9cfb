/* signals.h - everything a policy may ask about a piece: one table of names, types and ranges.
 *
 * A value is a double; NAN is "unknown", and only where the table says so. */
#ifndef KITH_INTEGRITY_SIGNALS_H
#define KITH_INTEGRITY_SIGNALS_H

#include <stdbool.h>

/* Units: a policy that compares hours with counts does not compile. Money is in hundredths of a yuan, other currencies at a
 * fixed rough rate (text/extract.h); a duration is in milliseconds. */
enum signal_type { SIGNAL_BOOL, SIGNAL_COUNT, SIGNAL_SHARE, SIGNAL_DURATION, SIGNAL_MONEY };

enum signal {
	/* what it is */
	SIG_IS_POST,
	SIG_IS_COMMENT,
	SIG_IS_PROFILE,
	SIG_IS_REQUEST,
	SIG_LETTERS, /* letters and Han characters */
	/* text/views.h */
	SIG_EFFORT,       /* disguise effort of the whole text */
	SIG_HIDDEN_WORDS, /* phrases of lists marked `conduct` that show only after undoing a disguise */
	/* text/contact.h */
	SIG_CONTACT_PLAIN,
	SIG_CONTACT_SLANG,
	SIG_CONTACT_DISGUISED,
	SIG_CONTACT_HANDLES, /* handles of any kind */
	SIG_LINKS,
	/* text/extract.h */
	SIG_PRICES,
	SIG_FEES,         /* amounts to be paid to join, to be paid, to be sent something */
	SIG_FEE_MONEY,    /* the largest of them */
	SIG_INCOMES,      /* earnings promised */
	SIG_INCOME_MONEY, /* the largest of them, a month */
	SIG_TIERS,        /* levels of agents named with a price or a discount */
	SIG_LIKES_ASKED,  /* likes, forwards or friends asked for, the largest number */
	/* text/model.h */
	SIG_SCORE, /* calibrated probability of what corpora call spam; unknown when the model abstains */
	SIG_RESEMBLES,  /* among the one in a thousand */
	SIG_ADVERTISES, /* among the one in a hundred */
	/* text/kinds.h */
	SIG_CONDUCT_LIKELY, /* among the one in a thousand of honest texts */
	SIG_CONDUCT_SURE,   /* among the one in ten thousand */
	SIG_LIKE_LADDER, /* in the order of enum post_kind: which kind it is like; 0 unless conduct.likely */
	SIG_LIKE_COUNTERFEIT,
	SIG_LIKE_OVERSEAS,
	SIG_LIKE_INDUCE,
	SIG_LIKE_CONTACT,
	SIG_LIKE_FRAUD,
	SIG_LIKE_GAMBLING,
	SIG_LIKE_PAPERS,
	SIG_LIKE_COPIES,
	SIG_LIKE_CURE,
	SIG_LIKE_MOVE,
	/* behaviour/past.h; unknown without an author and while the past is being rebuilt */
	SIG_COPY_AUTHORS, /* other authors of near-copies */
	SIG_COPY_DEPTH,
	SIG_COPY_FIRST, /* near-copies exist and the first is this author's */
	/* image/ */
	SIG_PICTURES,
	SIG_PICTURE_QR,
	SIG_PICTURE_BANK,
	SIG_PICTURE_COPIES, /* behaviour/likenesses.h; unknown where near-copies are */
	/* the author; unknown on other platforms that do not say */
	SIG_AUTHOR_AGE,
	SIG_AUTHOR_FRIENDS,
	SIGNALS
};

struct signal_row {
	const char *name; /* as a policy writes it */
	enum signal_type type;
	bool may_be_unknown;
	unsigned cost; /* in the unit of policy/cost: a load is 1 */
	const char *about;
};
extern const struct signal_row signal_rows[SIGNALS];

#endif
