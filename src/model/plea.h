/* plea.h - a measure looked at once more, by who did not make it; and those who may be asked to. */
#ifndef KITH_MODEL_PLEA_H
#define KITH_MODEL_PLEA_H

#include <stdbool.h>

#include "base/str.h"
#include "model/id.h"

/* The numbers are stored. */
enum appeal_state {
	APPEAL_OPEN,
	APPEAL_KEPT,
	APPEAL_OVERTURNED,
	APPEAL_LAPSED,
	APPEAL_WITHDRAWN, /* its measure went with what that was on: there was nothing left to decide */
	APPEAL_MILDER, /* the jury gave a milder measure in its place: too hard, and not wrong */
	APPEAL_OVER    /* its measure had ended by its own clock, before this was due */
};
enum appeal_way { APPEAL_BY_STEWARD, APPEAL_BY_JURY, APPEAL_BY_NOBODY };
/* How far the rule of the draw was relaxed for a small circle, as PRODUCT.md section 4 has it. */
enum appeal_step { STEP_SEVEN, STEP_ONE_HOP, STEP_FIVE, STEP_THREE, STEP_STEWARD, STEP_NOBODY };

#define JURY_SEATS 7
#define HASH_BYTES 32
#define CHECK_SALT_BYTES 16

struct appeal {
	person_id subject;
	appeal_id id;
	int64_t number; /* 1, 2, ...: what the draw is seeded with */
	measure_id measure;
	int nth; /* 1, or 2: once more on new facts, of the same measure or of the milder one in its place */
	enum appeal_state state;
	str words; /* the subject's; may be empty */
	int64_t filed_at_ms, due_at_ms;
	enum appeal_way way;
	enum appeal_step step;
	int seats; /* 0 without a jury */
	int64_t root_day;
	unsigned char root[HASH_BYTES];      /* of the log, published before it was filed */
	unsigned char list_hash[HASH_BYTES]; /* of the jurors' public list as it was */
	person_id measure_by;                /* who made the measure: never decides */
	person_id decided_by;                /* 0: a jury, or nobody */
	int64_t decided_at_ms;
	str note;
};

struct juror {
	person_id person;
	str number;                 /* 16 hex digits, random and public */
	int64_t since_ms, until_ms; /* until 0: still willing */
	/* Seats and known cases they were asked for; of the known ones answered, and rightly; asked for and not answered. */
	int n_asked, n_checked, n_right, n_skipped;
};

enum seat_state {
	SEAT_ASKED,
	SEAT_VOTED,
	SEAT_SKIPPED, /* they passed on, or did not come in time */
	SEAT_PASSED_OVER,
	SEAT_CLOSED, /* no longer needed */
	SEAT_LEFT /* they are willing no more, or may not judge it any more: counts for nothing, also against them */
};
enum vote { VOTE_NONE, VOTE_KEEP, VOTE_OVERTURN, VOTE_MILDER };
struct seat {
	appeal_id appeal;
	int place;  /* in the walk of the draw, from 0 */
	int64_t id; /* as its juror knows it; 0: passed over */
	person_id person;
	str number;
	enum seat_state state;
	enum vote vote;
	int64_t asked_at_ms, due_at_ms, voted_at_ms;
	str note; /* to the subject, unsigned */
};

/* A known case: looks like any other to who is asked. */
struct juror_check {
	person_id person;
	int64_t id; /* among those of seats */
	str rule, policy, text;
	str evidence;     /* as that of a measure */
	bool fires;       /* so that "keep" is right, else "overturn" */
	appeal_id appeal; /* of the seat it was asked beside; 0: when they became a juror */
	int seats;        /* there seem to be */
	enum seat_state state;
	enum vote vote;
	int64_t asked_at_ms, due_at_ms, voted_at_ms;
	str note;
	unsigned char
		salt[CHECK_SALT_BYTES]; /* never told: what the others seem to vote hangs on it */
};

const char *appeal_state_word(
	enum appeal_state state); /* open, kept, overturned, lapsed, withdrawn, milder, over */
const char *appeal_way_word(enum appeal_way way); /* steward, jury, nobody */
const char *appeal_step_word(
	enum appeal_step step);        /* seven, one_hop, five, three, steward, nobody */
const char *vote_word(enum vote vote); /* keep, overturn, milder; NULL: none */
bool vote_of(str word, enum vote *out);

#endif
