/* report.h - leads, not verdicts: reports by members and complaints from outside. */
#ifndef KITH_MODEL_REPORT_H
#define KITH_MODEL_REPORT_H

#include "base/str.h"
#include "model/id.h"
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
	person_id reporter;
	enum report_category category;
	enum report_state state;
	struct status_ref piece; /* all 0: the person */
	str text;
	int64_t at_ms;
	case_id in;
	int64_t decided_at_ms;
};

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
	int64_t at_ms, due_at_ms;
	case_id in;
	str answer;
	int64_t answered_at_ms;
};

#endif
