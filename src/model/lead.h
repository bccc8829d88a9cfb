/* lead.h - leads, not verdicts: reports by members and complaints from outside. */
#ifndef KITH_MODEL_LEAD_H
#define KITH_MODEL_LEAD_H

#include <stdbool.h>

#include "base/str.h"
#include "model/id.h"
#include "model/measure.h"
#include "model/post.h"

/* The numbers are stored. As JSON: "counterfeit", "ladder", "fraud", "advertising", "harassment", "other". */
enum report_category {
	REPORT_COUNTERFEIT, /* or fake overseas purchasing */
	REPORT_LADDER,
	REPORT_FRAUD,
	REPORT_ADVERTISING, /* disguised */
	REPORT_HARASSMENT,
	REPORT_OTHER,
	REPORT_CATEGORIES
};
enum report_state { REPORT_OPEN, REPORT_RIGHT, REPORT_NOT_CONFIRMED, REPORT_BAD_FAITH };

struct report {
	person_id target;
	report_id id;
	person_id reporter; /* 0: gone */
	enum report_category category;
	enum report_state state;
	struct status_ref piece; /* all 0: the person */
	str text;
	int seen_by; /* how many could see it when it was reported, at least 1 */
	int64_t at_ms;
	int64_t decided_at_ms;
};

const char *report_category_word(enum report_category category);
bool report_category_of(str word, enum report_category *out);
/* "right", "not_confirmed", "bad_faith"; NULL while it is open. */
const char *report_outcome_word(enum report_state state);
bool report_outcome_of(str word, enum report_state *out);
/* In which class a report of this category waits. Somebody looks at each: what is mere annoyance turns out by looking. */
enum harm_class report_harm(enum report_category category);

/* Outcomes of one reporter's last reports: halved together when they come to REPORTER_MEMORY. */
#define REPORTER_MEMORY 100
struct reporter {
	person_id id;
	int n_right, n_wrong, n_bad;
};

/* As JSON: "plagiarism", "counterfeit", "personal-data". */
enum complaint_category {
	COMPLAINT_PLAGIARISM,
	COMPLAINT_COUNTERFEIT,
	COMPLAINT_PERSONAL_DATA,
	COMPLAINT_CATEGORIES
};
enum complaint_state { COMPLAINT_OPEN, COMPLAINT_ANSWERED };

struct complaint {
	complaint_id id;
	enum complaint_category category;
	enum complaint_state state;
	str contact, about, evidence;
	int64_t named; /* the post or comment whose address `about` holds, whether it is here or not; 0: none */
	int64_t at_ms, due_at_ms;
	int64_t late_at_ms; /* when its clock was found to have run out without an answer; 0: not so far */
	str answer;
	int64_t answered_at_ms;
};

const char *complaint_category_word(enum complaint_category category);
bool complaint_category_of(str word, enum complaint_category *out);
enum harm_class complaint_harm(enum complaint_category category);

#endif
