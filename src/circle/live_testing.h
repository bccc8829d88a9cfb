/* live_testing.h - for tests: people who listen to their streams, and what they heard. */
#ifndef KITH_CIRCLE_LIVE_TESTING_H
#define KITH_CIRCLE_LIVE_TESTING_H

#include "circle/live.h"
#include "circle/stage_testing.h"

/* One who listens. */
struct ear {
	struct stage *stage;
	int who;
	session_id session;
	struct live_stream *stream;
	int woken, ended;
	struct live_event event; /* the last one */
};

/* p02 has the friends p03 and p04, who are not each other's; p05 is nobody's. */
struct stage *ear_stage(void);
/* Callbacks of a stream; `ctx` is the ear. */
void ear_woken(void *ctx);
void ear_ended(void *ctx);
/* With a session of its own. */
void ear_open(struct stage *s, struct ear *ear, int who);
void ear_open_after(struct stage *s, struct ear *ear, int who, int64_t after);
enum live_said ear_ask(struct ear *ear);
/* Everything there is to be told, as letters: Post, Changed, Gone, Notice, Requests, cases of the Queue, Missed, Over.
 * Until the next call. */
const char *ear_heard(struct ear *ear);

#endif
