/* case.h - a case: what waits for the stewards about one person, and what was decided. */
#ifndef KITH_MODEL_CASE_H
#define KITH_MODEL_CASE_H

#include "base/str.h"
#include "model/id.h"
#include "model/measure.h"

/* The numbers are stored. */
enum case_state { CASE_OPEN, CASE_DECIDED, CASE_LAPSED, CASE_MERGED };
enum case_item_kind { ITEM_MEASURE, ITEM_REPORT, ITEM_COMPLAINT, ITEM_APPEAL, ITEM_ANSWER };

struct order_case {
	case_id id;
	int64_t number;    /* what stewards call it: counted from 1 */
	person_id subject; /* 0: nobody here */
	enum case_state state;
	enum harm_class harm; /* the gravest of its items */
	int64_t opened_at_ms;
	int64_t due_at_ms; /* the earliest clock of its items */
	int64_t priority;  /* thousandths; within a class and a day, higher first */
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
	person_id owner; /* under whom the item's own row lies; 0 of a complaint */
	int64_t family;  /* of copies, as in struct measure */
	int64_t at_ms;
	bool done;
	/* As entered: what the case's own are reckoned from. */
	enum harm_class harm;
	int64_t due_at_ms;
	int64_t priority;
};

#endif
