/* case.h - a case: what waits for the stewards about one person, and what was decided. */
#ifndef KITH_MODEL_CASE_H
#define KITH_MODEL_CASE_H

#include "base/str.h"
#include "model/id.h"
#include "model/measure.h"
#include "model/post.h"

/* The numbers are stored. */
enum case_state { CASE_OPEN, CASE_DECIDED, CASE_LAPSED, CASE_MERGED };
enum case_item_kind {
	ITEM_MEASURE,
	ITEM_REPORT,
	ITEM_COMPLAINT,
	ITEM_APPEAL,
	ITEM_ANSWER,
	CASE_ITEM_KINDS
};

/* Where it stands in the queue: whoever is outside can send complaints without end, so none of theirs comes before a case of the house, and
 * those that concern nobody here before none. The numbers are stored. */
enum case_origin {
	CASE_FROM_INSIDE,
	CASE_FROM_OUTSIDE, /* nothing but complaints waits in it */
	CASE_OF_NOBODY,    /* and it is about nobody here */
};

struct order_case {
	case_id id;
	int64_t number;    /* what stewards call it: counted from 1 */
	person_id subject; /* 0: nobody here */
	enum case_state state;
	enum case_origin origin;
	enum harm_class
		harm; /* the gravest of its items; of complaints only where nothing else waits */
	int64_t opened_at_ms;
	int64_t due_at_ms; /* the earliest clock of its items */
	int64_t priority;  /* thousandths; within a class and a day of the clock, higher first */
	int version;       /* goes up with every change: what a decision was made on */
	person_id claimed_by;
	int64_t claimed_until_ms;
	person_id decided_by;
	int64_t decided_at_ms;
	str note;
};

struct case_item {
	enum case_item_kind kind;
	int64_t id;
	person_id
		owner; /* under whom the item's own row lies; of a complaint under whom what it names does, 0: nobody */
	int64_t family; /* of copies, as in struct measure */
	int64_t at_ms;
	bool done;
	/* As entered: what the case's own are reckoned from. */
	enum harm_class harm;
	int64_t due_at_ms;
	int64_t priority;
};

/* What a decision did to one item. */
enum deed_kind {
	DEED_RELEASED,
	DEED_KEPT,
	DEED_LABELLED, /* a label was begun, where something stronger was released or nothing was */
	DEED_STEP,     /* a measure on the person was begun */
	DEED_CONFIRMED,
	DEED_APPEAL_KEPT,
	DEED_APPEAL_OVERTURNED,
	DEED_REPORT,
	DEED_COMPLAINT,
	DEED_READ,      /* an expert's answer was taken note of */
	DEED_BAD_FAITH, /* reports were made in it; with a reason of its own, for who made them */
	DEED_HELD,      /* a hold was begun, of what had none */
	DEED_KINDS
};
/* How a measure stood before a deed moved it, but for its state. */
struct deed_past {
	person_id decided_by;
	int64_t decided_at_ms, starts_at_ms, ends_at_ms, due_at_ms;
	str note;
};
struct case_deed {
	case_id in;
	int64_t id, decision; /* the first deed of the same decision */
	person_id by;
	int64_t at_ms;
	enum deed_kind kind;
	enum case_item_kind item_kind;
	int64_t item;
	person_id owner;       /* as of an item */
	int before;            /* the state of the item's own row; of what was begun nothing */
	struct deed_past past; /* of a measure, or of the one appealed; all 0 of anything else */
	bool undone;
	str note;
};
const char *case_state_word(enum case_state state);
const char *harm_word(enum harm_class harm); /* "a", "b", "c" */
const char *deed_kind_word(enum deed_kind kind);

/* A link for a rights holder or a named expert. */
enum case_answer { CASE_NO_ANSWER, CASE_IT_IS_SO, CASE_IT_IS_NOT, CASE_CANNOT_SAY };
struct case_link {
	int64_t id;
	case_id in;
	person_id subject;
	measure_id measure; /* 0: a piece that was reported */
	struct status_ref piece;
	str whom; /* as the steward who made it calls them */
	person_id made_by;
	int64_t made_at_ms, expires_at_ms;
	enum case_answer answer;
	str words;
	int64_t answered_at_ms;
};
const char *case_answer_word(enum case_answer answer); /* "so", "not", "unsure"; NULL: none */
bool case_answer_of(str word, enum case_answer *out);

#endif
