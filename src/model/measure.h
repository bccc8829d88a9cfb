/* measure.h - everything the order does to a piece or a person, as one dated, reasoned, reversible record.
 *
 * The effect is computed from the record and the clock; nothing else stores "held". Later kinds are new words
 * here, not a second mechanism. */
#ifndef KITH_MODEL_MEASURE_H
#define KITH_MODEL_MEASURE_H

#include <stdbool.h>

#include "base/str.h"
#include "model/id.h"

/* Two ladders. On a piece: label, fold (a copy of what somebody else wrote first, never the first or one's own repeated), hold.
 * On a person: notice, fewer posts, no new friends, freeze, seal. The numbers are stored. */
enum measure_kind {
	MEASURE_HOLD,
	MEASURE_LABEL,
	MEASURE_SEAL,
	MEASURE_FOLD,
	MEASURE_NOTICE,     /* told, and nothing else */
	MEASURE_FEWER,      /* FEWER_POSTS_A_DAY posts and comments each a day */
	MEASURE_NO_FRIENDS, /* no requests, none accepted */
	MEASURE_FREEZE,     /* no posts, comments or changes of them */
	MEASURE_KINDS
};
enum measure_state {
	MEASURE_ACTIVE,   /* in force until ends_at_ms, then lapsed */
	MEASURE_RELEASED, /* a steward or the program undid it */
	MEASURE_KEPT, /* confirmed by a steward or a jury: in force until ends_at_ms; a hold then has none */
	MEASURE_LAPSED,     /* over by its clock; set by order_tick, true from ends_at_ms on */
	MEASURE_OVERTURNED, /* undone by an appeal */
	MEASURE_PROPOSED,   /* a step that waits for a second look; nothing is in force */
	MEASURE_WITHDRAWN, /* what it was on was deleted or changed by who wrote it, or they left: nobody decided, and it counts nowhere */
	MEASURE_UNANSWERED, /* an appeal of it was not answered in time: over since decided_at_ms, and it counts nowhere */
	MEASURE_MILDER /* a jury gave a milder one in its place */
};
enum measure_decider { DECIDER_POLICY, DECIDER_STEWARD, DECIDER_JURY, DECIDER_SHELL };
/* a: forbidden goods, fraud, fakes; b: malicious marketing; c: annoyance. */
enum harm_class { HARM_CLASS_A, HARM_CLASS_B, HARM_CLASS_C };

struct measure {
	measure_id id;
	person_id subject; /* whose piece, or who */
	enum measure_kind kind;
	enum measure_state state;
	person_id
		post_author; /* where the piece lives; all 0 on a person, but for a notice of a piece */
	post_id post;
	comment_id comment; /* 0: the post itself */
	version_id version; /* a change of it that waits; 0: the piece itself */
	str rule;           /* the rule that weighed most, e.g. "text.contact-disguised" */
	str policy;         /* version it belongs to */
	str evidence; /* JSON: {"score","malice","reasons":[...],"would_pass":{"en","zh"},"model"} */
	int64_t starts_at_ms, ends_at_ms; /* INT64_MAX: no end of its own */
	person_id by;                     /* 0: the program */
	person_id decided_by;             /* 0: nobody yet */
	int64_t decided_at_ms;
	str decision_note; /* for the subject; may be empty */
	enum measure_decider decider;
	enum harm_class harm;
	int points;     /* what the offence counts, of whoever decides that it was one */
	case_id in;     /* whose decision began it; 0: none */
	int64_t family; /* of copies: the first one's number among the screenings; 0: none */
	measure_id
		follows; /* the one in whose place a jury gave it, or the kept hold that this notice tells of: one case; 0: none */
	int64_t due_at_ms; /* what the clock does next: it begins, ends, or nobody has confirmed it; 0: nothing */
};

/* Why, as it is said beside the piece. */
struct why {
	str rule, clause, en, zh;
};
/* A hold, label or fold as it is kept beside its piece (circle/world.h). */
struct piece_measure {
	measure_id id;
	person_id subject;
	comment_id comment; /* 0: the post itself */
	enum measure_kind kind;
	int64_t starts_at_ms, ends_at_ms;
	int64_t family;
	struct why
		why; /* the heaviest reason; of a fold, the heaviest that rests on others' pieces */
	struct why
		alone; /* the heaviest that the piece has by itself, where that earns a label; else all empty */
	str policy;
};

bool measure_on_person(enum measure_kind kind);
/* Begun, not over by its clock, and active or kept. */
bool measure_in_force(const struct measure *m, int64_t now_ms);
/* Until when the piece is held by this measure at all, for post_gate.held_until_ms. 0 when it is not. */
int64_t measure_held_until(const struct measure *m);
const char *measure_kind_word(enum measure_kind kind);
/* When it ends, or when it really ended: what was ended before its time ended then, and a hold that was kept ends by no clock.
 * INT64_MAX: never by itself. */
int64_t measure_end(const struct measure *m);
/* The state at `now_ms`: what is past its end has lapsed even before the clock wrote it down. */
enum measure_state measure_state_at(const struct measure *m, int64_t now_ms);
const char *measure_state_word(enum measure_state state);

#endif
