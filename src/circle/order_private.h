/* order_private.h - what the files of the order share. */
#ifndef KITH_CIRCLE_ORDER_PRIVATE_H
#define KITH_CIRCLE_ORDER_PRIVATE_H

#include "circle/audit.h"
#include "circle/order.h"
#include "model/person.h"

#include <pthread.h>

/* What a measure that began or ended changes beside its row, found inside the transaction. */
struct order_change {
	struct measure measure; /* as it is now */
	bool began;
	/* Of a piece: -1 when it is gone or nothing of it changes. */
	int64_t held_until_ms;
	bool shown; /* a change that waited is what shows now, or shows no more */
	/* Of a person. */
	bool on_person, sealed_or_back; /* `person` has another status than before */
	struct person person;
	struct limited limited;
};

/* The clock as it was last agreed on. */
struct order {
	pthread_mutex_t lock;
	int64_t wall_ms, mono_ms;
	bool parted; /* the two clocks have gone different ways since */
	int64_t parted_mono_ms, parted_by_ms;
	bool doubted; /* so far that it is believed when the keeper says so, or it is set right */
	bool kept;
	int64_t kept_mono_ms; /* when the time was last written down */
};

/* order_time.c */
/* At start: whether the wall clock can be true, by the last time that was written down. `now_ms` becomes the time that is gone by. */
MUST_CHECK err order_time_begin(struct circle *c, struct conn *conn, int64_t *now_ms);
/* The time that is gone by, and what it was remembers. */
int64_t order_time_look(struct circle *c, int64_t now_ms, int64_t mono_ms);
/* Writes it down, every few minutes. */
MUST_CHECK err order_time_keep(struct circle *c, int64_t now_ms, int64_t mono_ms);

/* order_limits.c */
struct limited limited_by(const struct measure *all, size_t n, int64_t now_ms);
/* What is in force on the subject, as the transaction has it; seals or lets back where that is due. */
MUST_CHECK err order_follow_person(struct order_change *change, struct conn *tx, int64_t now_ms,
                                   struct arena *mem);

/* order_record.c */
MUST_CHECK err order_log_begun(struct order_changes *x, struct conn *tx, const char *kind,
                               const struct measure *m, int64_t now_ms);
MUST_CHECK err order_log_moved(struct order_changes *x, struct conn *tx, const char *kind,
                               const struct measure *was, const struct measure *is,
                               enum measure_decider decider, int64_t now_ms);
MUST_CHECK err order_tell(struct order_changes *x, struct conn *tx, const struct measure *m,
                          bool began, int64_t now_ms);
/* A steward is asked about it. */
bool order_waits(const struct measure *m);
MUST_CHECK err order_into_case(struct order_changes *x, struct conn *tx, const struct measure *m,
                               int64_t now_ms);

/* order_end.c: the program tells an author what their kept piece broke; who undoes the one undoes the other. */
MUST_CHECK err order_send_notice(struct order_changes *x, struct conn *tx,
                                 const struct measure *kept, int64_t now_ms);

/* order.c */
struct order_change *order_change(struct order_changes *x, const struct measure *m, bool began);
/* Who makes it is active, a steward or the keeper, and no party to it. */
MUST_CHECK err order_check_steward(struct order_changes *x, struct conn *tx, person_id by,
                                   const struct measure *m);
/* A seal whose time has come. */
MUST_CHECK err order_begin(struct order_changes *x, struct conn *tx, const struct measure *m,
                           int64_t now_ms);

#endif
