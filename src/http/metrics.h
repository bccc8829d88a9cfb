/* metrics.h - what the server counts, in Prometheus text.
 *
 * Counts and times only, never a name or an id. Lock-free counters; a render may see one request in
 * one counter and not yet in another. */
#ifndef KITH_HTTP_METRICS_H
#define KITH_HTTP_METRICS_H

#include "base/buf.h"

struct metrics;

enum metrics_gauge {
	METRICS_CONNECTIONS,
	METRICS_IN_FLIGHT,
	METRICS_WRITE_QUEUE,
	METRICS_HASH_QUEUE,
	METRICS_BODY_BYTES,
	METRICS_STREAMS,
	METRICS_PAST_BYTES,  /* what the engine keeps of earlier pieces */
	METRICS_PIECES_BYTES /* what is kept of the posts that are read */
};
#define METRICS_GAUGES 8
/* Why a connection or request was turned away before the app saw it whole. */
enum metrics_refusal {
	METRICS_SLOW_HEAD,
	METRICS_SLOW_BODY,
	METRICS_SLOW_READER,
	METRICS_IDLE,
	METRICS_PEER_FULL,
	METRICS_QUEUE_FULL,
	METRICS_BODY_SIZE,
	METRICS_MALFORMED
};
#define METRICS_REFUSALS 8

/* `route_names` (copied) are the label values, by route index: "POST /api/v1/statuses". */
struct metrics *metrics_new(const char *const *route_names, size_t routes_n);
void metrics_free(struct metrics *m);

/* All but render accept NULL and do nothing. */
/* An answered request; a route index of routes_n or more counts as route "none". */
void metrics_request(struct metrics *m, unsigned route_index, int status, int64_t took_us);
void metrics_add(struct metrics *m, enum metrics_gauge gauge, int64_t delta);
void metrics_set(struct metrics *m, enum metrics_gauge gauge, int64_t value);
void metrics_refused(struct metrics *m, enum metrics_refusal why);
/* Requests answered so far, for tests and the control socket. */
uint64_t metrics_requests(const struct metrics *m);
int64_t metrics_value(const struct metrics *m, enum metrics_gauge gauge);

/* Prometheus text format 0.0.4, content type "text/plain; version=0.0.4". */
void metrics_render(const struct metrics *m, struct buf *out);

#endif
