/* complain.h - somebody outside says that something here is not right: a case on the stewards' clock, without an account.
 *
 * Whether what they name is here is told to nobody outside: not by the answer, nor by what it takes. The case is that of whoever wrote
 * what is named, and a steward who looks at it is shown that piece alone, as one that a member reported: its number has to be known to name
 * it, and each look is written down. An answer that is late undoes nothing, since nothing was done: the log says that it is late, and the
 * complainant's page says that we owe it. */
#ifndef KITH_CIRCLE_COMPLAIN_H
#define KITH_CIRCLE_COMPLAIN_H

#include "circle/circle.h"
#include "model/lead.h"

#define COMPLAINT_CONTACT_MAX 200
#define COMPLAINT_ABOUT_MAX 500
#define COMPLAINT_EVIDENCE_MAX 4000
#define COMPLAINT_ANSWER_MAX 2000
/* From everybody. Of one address senders.h takes a handful: dozens of them, for days, would have to work together to shut others out. */
#define COMPLAINTS_OPEN_MAX 2500
#define COMPLAINTS_A_DAY 500
#define COMPLAINT_WORKING_DAYS 5
#define COMPLAINT_FORGET_MS (INT64_C(90) * 86400000) /* after the answer the contact goes */

struct complaint_draft {
	enum complaint_category category;
	str contact, about, evidence;
	bool has_from;
	uint64_t from; /* http_peer_key of who sends it; not kept */
};
struct complaint_filed {
	struct complaint complaint;
	str secret;             /* leads to it from then on, and is kept as a hash alone */
	unsigned retry_after_s; /* with ERR_LIMIT */
	bool of_address;        /* with ERR_LIMIT: too many came from `from`, not from all */
};
/* `ours`: our own origin, for an address of a post in `about`. ERR_INPUT with the field; ERR_LIMIT without one when there are too
 * many from one address, in a day, or open. */
MUST_CHECK err complain_file(struct circle *c, const struct complaint_draft *draft, str ours,
                             int64_t now_ms, struct arena *mem, struct complaint_filed *out);
MUST_CHECK err complain_look(struct circle *c, str secret, struct arena *mem,
                             struct complaint *out);

/* By a steward's decision, inside its transaction; its item in the case is done. ERR_INPUT field "complaints" for words that cannot be
 * an answer; ERR_CONFLICT when it was answered already. */
MUST_CHECK err complain_answer(struct circle *c, struct conn *tx, complaint_id id, str answer,
                               int64_t now_ms);
/* That decision is taken back: it is open again, in case `in`. */
MUST_CHECK err complain_reopen(struct circle *c, struct conn *tx, case_id in, complaint_id id,
                               int64_t now_ms);

/* Every minute: what is late is marked and logged once; contacts of what was answered long ago go, and
 * addresses that count no more. */
MUST_CHECK err complain_sweep(struct circle *c, int64_t now_ms);

#endif
