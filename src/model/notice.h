/* notice.h - something a person should hear of. Holds ids alone and is rendered when read, through the door. */
#ifndef KITH_MODEL_NOTICE_H
#define KITH_MODEL_NOTICE_H

#include "model/id.h"

enum notice_kind {
	NOTICE_LIKE,    /* `actor` liked my post */
	NOTICE_COMMENT, /* `actor` commented on my post */
	NOTICE_REPLY,   /* `actor` answered my comment */
	NOTICE_ALSO,    /* `actor` commented on a post I took part in */
	NOTICE_MENTION,
	NOTICE_REQUEST,   /* `actor` asks to be my friend */
	NOTICE_ACCEPTED,  /* `actor` and I are friends now */
	NOTICE_HELD,      /* a piece of mine was held: see measures */
	NOTICE_DECIDED,   /* a hold on a piece of mine was released, kept or lapsed */
	NOTICE_INVITED,   /* `actor` invites me to `group` */
	NOTICE_REPORTED,  /* what became of `report`, which I made */
	NOTICE_RULE_DOWN, /* to keepers: a rule turned itself down; which is told at /policies */
	NOTICE_JURY,      /* I am asked to judge `seat` */
	NOTICE_MEASURE, /* anything else was done to me or a piece of mine, or a steward asks for it */
	NOTICE_MEASURE_OVER,
	NOTICE_KINDS
};
/* Mastodon's apps would take these for something else: who does not ask for them is not told. */
#define NOTICES_OF_KITH                                                                            \
	(1u << NOTICE_INVITED | 1u << NOTICE_REPORTED | 1u << NOTICE_RULE_DOWN | 1u << NOTICE_JURY)

struct notice {
	notice_id id;
	person_id reader;
	enum notice_kind kind;
	person_id actor; /* 0: the house */
	person_id post_author;
	post_id post;
	comment_id comment;
	measure_id measure;
	group_id group;   /* of NOTICE_INVITED, else 0 */
	report_id report; /* of NOTICE_REPORTED, else 0 */
	int64_t seat;     /* of NOTICE_JURY, else 0: as its juror knows it */
	int64_t at_ms;
};

#endif
