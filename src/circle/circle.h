/* circle.h - what every verb needs: the store, the world in memory, the engine, time and chance.
 *
 * Made once by `kith serve` (or a shell command that opens the store itself) and passed down. Verbs are
 * thread-safe; each call borrows the caller's arena. `now_ms` is an argument, so a test can replay any day. */
#ifndef KITH_CIRCLE_CIRCLE_H
#define KITH_CIRCLE_CIRCLE_H

#include "base/log.h"
#include "base/seam.h"
#include "base/snowflake.h"
#include "integrity/screen.h"
#include "store/store.h"

#include <pthread.h>

struct log_key;  /* circle/audit_root.h: what the log is signed with */
struct album;    /* circle/picture.h: the pictures and their files */
struct exporter; /* circle/exporter.h: archives people take along */
struct bearers;  /* circle/bearers.h: who holds which token */
struct tickets;  /* circle/tickets.h: half sign-ins and challenges */
struct order;    /* circle/order.h: the clock it goes by */
struct live;     /* circle/live.h: who is looking, and what they are told */
struct darkroom; /* media/darkroom.h: where pictures are opened */
struct throttle; /* circle/throttle.h: how many wrong guesses there were */
struct senders;  /* circle/senders.h: how many complaints came from where */
struct foresee;  /* circle/foresee.h: what an announced policy would do */
struct turndown; /* circle/turndown.h: rules that do no more than label */
struct memory;   /* circle/remember.h: the engine and what it knows of earlier pieces */
struct world; /* circle/world.h: people, ties, blocks, hides, tags, rings of newest posts, reactions */

struct circle {
	const char *folder; /* borrowed from the settings: for what can be made again */
	struct store *store;
	struct world *world;
	struct live *live;       /* NULL: nobody is told */
	struct order *order;     /* NULL: the clock is believed */
	struct verb *writing;    /* the writer's thread alone: circle/verb.c */
	struct bearers *bearers; /* NULL: the store is asked each time */
	struct tickets *tickets;
	struct throttle *throttle;
	struct senders *senders;
	struct foresee *foresee;     /* NULL: nothing is foreseen */
	struct turndown *turndown;   /* NULL: no rule is down */
	struct memory *memory;       /* NULL: nothing is screened */
	struct platforms *platforms; /* circle/assess.h; NULL with it */
	struct log_key *log_key;
	struct album *album;
	struct exporter *exporter;
	struct darkroom *darkroom; /* borrowed; NULL: pictures are refused */
	struct snowflake *ids;
	struct clock clock;
	struct chance chance;
	struct log *log;
	pthread_mutex_t importing; /* one archive at a time: circle/import.h */
	pthread_mutex_t checking;  /* one check at a time: circle/check.h */
	pthread_mutex_t enacting;  /* one act on the policy at a time: circle/enact.h */
	bool offered;              /* with it held: what came with the program was published */
	int friends_max;
	/* The sweep alone: the search index is tidied as of so many retractions, plus one; and whether it goes on. */
	uint64_t tidied_at;
	bool tidying;
};

struct circle_settings {
	const char *folder; /* borrowed for the circle's life */
	bool screen;
	int friends_max;           /* 0: FRIENDS_MAX_DEFAULT */
	unsigned worker;           /* 0..1023 for ids */
	struct darkroom *darkroom; /* borrowed for the circle's life; NULL: none */
	struct clock clock;
	struct chance chance;
	struct log *log;
};

/* Opens the store, loads the world, opens the engine, and begins to remember (circle/remember.h). Fails with one clear line in `why`. */
MUST_CHECK err circle_open(const struct circle_settings *settings, struct circle **out);
void circle_close(struct circle **circle);

#endif
