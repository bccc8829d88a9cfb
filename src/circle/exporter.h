/* exporter.h - archives people asked for: made one at a time beside everything else, kept for a day, given to their owner alone. */
#ifndef KITH_CIRCLE_EXPORTER_H
#define KITH_CIRCLE_EXPORTER_H

#include "circle/circle.h"
#include "model/id.h"

#define EXPORT_KEPT_MS (INT64_C(24) * 3600 * 1000)

struct exporter;

/* With the circle; no thread runs until somebody asks. */
MUST_CHECK err exporter_open(struct circle *c, struct exporter **out);
void exporter_close(struct exporter **exporter); /* what is being made is given up; accepts NULL */

enum export_state { EXPORT_NONE, EXPORT_MAKING, EXPORT_READY, EXPORT_FAILED };
struct export_status {
	enum export_state state;
	int64_t made_at_ms, expires_at_ms, bytes; /* of one that is ready */
};

/* Begins a new one unless one is being made. ERR_BUSY when too many wait. */
MUST_CHECK err exporter_ask(struct exporter *x, person_id me, int64_t now_ms,
                            struct export_status *out);
void exporter_look(struct exporter *x, person_id me, int64_t now_ms, struct export_status *out);
/* For reading; the caller closes. ERR_MISSING unless one is ready. */
MUST_CHECK err exporter_fetch(struct exporter *x, person_id me, int64_t now_ms, int *fd,
                              size_t *bytes);
/* Everything of this person's goes, what is being made too. */
void exporter_forget(struct exporter *x, person_id person);
/* Those whose day is over go. Run every minute. */
void exporter_sweep(struct exporter *x, int64_t now_ms);

#endif
