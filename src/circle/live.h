/* live.h - what happens, told to those who are looking: one list of events, and streams that read it.
 *
 * An event is ids alone, kept in a ring of the last LIVE_KEPT, in the order of commits. A stream is a place in that list
 * and whoever reads it; nothing is queued for it. What may concern it wakes it, and each event is asked of the door when
 * it is about to be told, as of then: what was committed to the list is a hint, never a permission. So is the replay of
 * what was missed. An event that takes something away goes to those who could see it as it was. The token is asked each
 * time, too, and a stream whose session has ended is over. */
#ifndef KITH_CIRCLE_LIVE_H
#define KITH_CIRCLE_LIVE_H

#include "circle/admit.h"
#include "circle/circle.h"
#include "model/post.h"

#define LIVE_KEPT 4096
#define LIVE_REPLAYED 500
#define LIVE_STREAMS_OF_ONE 32 /* of one person: tabs, phones, apps */

struct live;
struct live_stream;

struct live *live_new(struct circle *c);
void live_free(struct live *live); /* accepts NULL; all streams are closed */

enum live_kind {
	LIVE_POST,    /* a post appeared */
	LIVE_CHANGED, /* words, pictures, likes or comments of a post, its audience: ask again */
	LIVE_GONE,    /* a post is not to be seen any more */
	LIVE_NOTICE, /* something to hear of: read_notice; without an id: it has been heard of elsewhere */
	LIVE_REQUESTS, /* who asks to be my friend is another number now */
	LIVE_CASES /* what waits for stewards is another list now, or somebody is at one of it */
};

struct live_event {
	int64_t id;
	enum live_kind kind;
	struct status_ref ref; /* of the post */
	bool words;            /* LIVE_CHANGED: the post itself says or shows something else */
	bool home; /* the author's posts are in this reader's feed: a friend's not hidden, or one's own */
	notice_id notice;
};

/* --- for whoever streams --- */

struct live_draft {
	person_id person;
	session_id session;
	secret_hash token;
	int64_t after; /* the last event that was told, to go on from there; 0: from now on */
	/* Called from any thread until live_close has come back; they must not call into here. */
	void (*wake)(void *ctx); /* live_next has something to say */
	void (*end)(void *ctx);  /* it will say LIVE_OVER, and that is urgent */
	void *ctx;
};

/* ERR_LIMIT when this person has too many. Ask admit_bearer again afterwards: what ended before does not reach it. */
MUST_CHECK err live_open(struct circle *c, const struct live_draft *draft,
                         struct live_stream **out);
void live_close(struct live_stream *s); /* accepts NULL */
/* The newest event there is: `after` of a stream that is to miss nothing from here on. */
int64_t live_latest(struct circle *c);

enum live_said {
	LIVE_NOTHING, /* until `wake` */
	LIVE_EVENT,
	LIVE_MISSED, /* more than is known or is told at once: read everything anew */
	LIVE_OVER    /* the session, or the person's being here, has ended */
};
/* From one thread at a time. May read the store. */
enum live_said live_next(struct live_stream *s, int64_t now_ms, struct arena *mem,
                         struct live_event *out);
/* Whether it may be told anything still: for who has written down an event, which takes its time, and is about to send it. */
bool live_goes_on(struct live_stream *s, int64_t now_ms);
/* Whether an author is in this tag of v's, as a timeline of the tag would have it. */
bool live_in_list(struct circle *c, person_id v, list_id list, person_id author);

/* --- for the verbs: from `after` steps alone, on the writer's thread; NULL: nobody listens --- */

void live_post(struct live *live, const struct post_gate *gate);
/* `was`: as it could be seen until now. */
void live_gone(struct live *live, const struct post_gate *was);
/* The post itself, or a comment, says or shows something else. */
void live_changed(struct live *live, const struct status_ref *ref);
/* A label or fold of a piece has begun or ended: told to those who are told of it (read.h), else it would tell that there is one. */
struct piece_measure;
void live_measure(struct live *live, const struct status_ref *ref, const struct piece_measure *m);
void live_comment(struct live *live, const struct comment_gate *gate);
void live_comment_gone(struct live *live, const struct comment_gate *was);
void live_like(struct live *live, const struct like *like);
void live_notice(struct live *live, person_id reader, notice_id id);
void live_requests(struct live *live, person_id person);
/* A case began, changed, was claimed or ended: told to stewards and keepers who are no party to it. */
void live_case(struct live *live, case_id id);

/* Streams of this session; or of this person, but for the session `keep`. */
void live_end_session(struct live *live, session_id id);
void live_end_person(struct live *live, person_id person, session_id keep);

#endif
