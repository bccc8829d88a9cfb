/* live_private.h - the list of events and the streams, for the two files of live. */
#ifndef KITH_CIRCLE_LIVE_PRIVATE_H
#define KITH_CIRCLE_LIVE_PRIVATE_H

#include "circle/live.h"

#include "model/measure.h"

#include <pthread.h>

#define LIVE_BUCKETS 1024

/* An event, and what the door will need to know of it. */
struct live_kept {
	struct live_event event;
	person_id reader;     /* of LIVE_NOTICE and LIVE_REQUESTS */
	person_id actor;      /* who did it, of a like */
	struct post_gate was; /* of LIVE_GONE */
	int64_t was_at_ms;
	struct comment_gate comment;  /* id 0, or of a comment that is gone */
	struct piece_measure measure; /* id 0, or what began or ended, without its words */
	bool alone;                   /* and whether the piece has it by itself */
	case_id in;                   /* of LIVE_CASES: asked of the store, and not told */
	struct arena *mem;            /* owned: names in `was` */
};

struct live_stream {
	struct live *live;
	struct live_draft draft;
	struct live_stream *next, **link; /* in its bucket */
	uint64_t at;                      /* the event to look at next, when it is due */
	uint64_t replay_end;              /* below it: what happened before it opened */
	unsigned replayed;
	bool due;    /* something may concern it */
	bool missed; /* it was away for too long */
	bool over;
};

struct live {
	struct circle *c;
	pthread_mutex_t lock;                     /* over all below */
	struct live_stream *people[LIVE_BUCKETS]; /* by person */
	size_t streams;
	uint64_t head; /* number of the next event */
	int64_t floor; /* events up to this id are not known */
	struct live_kept ring[LIVE_KEPT];
};

static inline uint64_t live_oldest(const struct live *live)
{
	return live->head > LIVE_KEPT ? live->head - LIVE_KEPT : 0;
}

static inline const struct live_kept *live_at(const struct live *live, uint64_t seq)
{
	return &live->ring[seq % LIVE_KEPT];
}

#endif
