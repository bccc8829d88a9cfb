/* See metrics.h. Relaxed atomics all through: the numbers are read by people and graphs, not by the
 * program. */
#include "http/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* From a cached read (0.1 ms) to a password (0.1 s) to trouble (10 s). */
static const int64_t bounds_us[] = { 100,    250,    500,     1000,    2500,
	                             5000,   10000,  25000,   50000,   100000,
	                             250000, 500000, 1000000, 2500000, 10000000 };
#define BOUNDS (sizeof(bounds_us) / sizeof(bounds_us[0]))
#define CLASSES 5 /* 1xx to 5xx */

static const char *const gauge_names[METRICS_GAUGES] = {
	[METRICS_CONNECTIONS] = "kith_http_connections",
	[METRICS_IN_FLIGHT] = "kith_http_in_flight",
	[METRICS_WRITE_QUEUE] = "kith_http_write_queue",
	[METRICS_HASH_QUEUE] = "kith_http_hash_queue",
	[METRICS_BODY_BYTES] = "kith_http_body_bytes",
	[METRICS_STREAMS] = "kith_http_streams",
	[METRICS_PAST_BYTES] = "kith_memory_past_bytes",
	[METRICS_PIECES_BYTES] = "kith_memory_pieces_bytes",
};

static const char *const refusal_names[METRICS_REFUSALS] = {
	[METRICS_SLOW_HEAD] = "slow_head",     [METRICS_SLOW_BODY] = "slow_body",
	[METRICS_SLOW_READER] = "slow_reader", [METRICS_IDLE] = "idle",
	[METRICS_PEER_FULL] = "peer_full",     [METRICS_QUEUE_FULL] = "queue_full",
	[METRICS_BODY_SIZE] = "body_size",     [METRICS_MALFORMED] = "malformed",
};

struct route_counts {
	char *name;
	_Atomic uint64_t classes[CLASSES];
	_Atomic uint64_t buckets[BOUNDS + 1];
	_Atomic uint64_t sum_us;
};

struct metrics {
	size_t routes_n; /* the last one counts what matched no route */
	_Atomic int64_t gauges[METRICS_GAUGES];
	_Atomic uint64_t refusals[METRICS_REFUSALS];
	struct route_counts routes[];
};

struct metrics *metrics_new(const char *const *route_names, size_t routes_n)
{
	struct metrics *m = calloc(1, sizeof(*m) + (routes_n + 1) * sizeof(struct route_counts));
	if (!m)
		abort();
	m->routes_n = routes_n + 1;
	for (size_t i = 0; i <= routes_n; i++)
		if (!(m->routes[i].name = strdup(i < routes_n ? route_names[i] : "none")))
			abort();
	return m;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->routes_n; i++)
		free(m->routes[i].name);
	free(m);
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void metrics_request(struct metrics *m, unsigned route_index, int status, int64_t took_us)
{
	if (!m)
		return;
	struct route_counts *r =
		&m->routes[route_index < m->routes_n ? route_index : m->routes_n - 1];
	int class = status / 100 - 1;
	size_t bucket = 0;
	while (bucket < BOUNDS && took_us > bounds_us[bucket])
		bucket++;
	add(&r->classes[class < 0 ? 0 : class >= CLASSES ? CLASSES - 1 : class], 1);
	add(&r->buckets[bucket], 1);
	add(&r->sum_us, (uint64_t)(took_us > 0 ? took_us : 0));
}

void metrics_add(struct metrics *m, enum metrics_gauge gauge, int64_t delta)
{
	if (m)
		atomic_fetch_add_explicit(&m->gauges[gauge], delta, memory_order_relaxed);
}

void metrics_set(struct metrics *m, enum metrics_gauge gauge, int64_t value)
{
	if (m)
		atomic_store_explicit(&m->gauges[gauge], value, memory_order_relaxed);
}

void metrics_refused(struct metrics *m, enum metrics_refusal why)
{
	if (m)
		add(&m->refusals[why], 1);
}

static uint64_t load(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static uint64_t answered(const struct route_counts *r)
{
	uint64_t n = 0;
	for (int i = 0; i < CLASSES; i++)
		n += load(&r->classes[i]);
	return n;
}

uint64_t metrics_requests(const struct metrics *m)
{
	uint64_t n = 0;
	for (size_t i = 0; m && i < m->routes_n; i++)
		n += answered(&m->routes[i]);
	return n;
}

int64_t metrics_value(const struct metrics *m, enum metrics_gauge gauge)
{
	return m ? atomic_load_explicit(&m->gauges[gauge], memory_order_relaxed) : 0;
}

static void render_requests(const struct metrics *m, struct buf *out)
{
	buf_lit(out,
	        "# HELP kith_http_requests_total Requests answered, by route and class of status.\n"
	        "# TYPE kith_http_requests_total counter\n");
	for (size_t i = 0; i < m->routes_n; i++) {
		const struct route_counts *r = &m->routes[i];
		for (int class = 0; class < CLASSES; class ++)
			if (load(&r->classes[class]) > 0)
				buf_format(
					out,
					"kith_http_requests_total{route=\"%s\",status=\"%dxx\"} %llu\n",
					r->name, class + 1,
					(unsigned long long)load(&r->classes[class]));
	}
}

static void render_times(const struct metrics *m, struct buf *out)
{
	buf_lit(out,
	        "# HELP kith_http_request_seconds From the end of the head to the answer sent.\n"
	        "# TYPE kith_http_request_seconds histogram\n");
	for (size_t i = 0; i < m->routes_n; i++) {
		const struct route_counts *r = &m->routes[i];
		uint64_t below = 0;
		if (answered(r) == 0)
			continue;
		for (size_t b = 0; b <= BOUNDS; b++) {
			below += load(&r->buckets[b]);
			buf_format(out, "kith_http_request_seconds_bucket{route=\"%s\",le=\"",
			           r->name);
			if (b < BOUNDS)
				buf_format(out, "%g", (double)bounds_us[b] / 1e6);
			else
				buf_lit(out, "+Inf");
			buf_format(out, "\"} %llu\n", (unsigned long long)below);
		}
		buf_format(out, "kith_http_request_seconds_sum{route=\"%s\"} %.6f\n", r->name,
		           (double)load(&r->sum_us) / 1e6);
		buf_format(out, "kith_http_request_seconds_count{route=\"%s\"} %llu\n", r->name,
		           (unsigned long long)below);
	}
}

void metrics_render(const struct metrics *m, struct buf *out)
{
	render_requests(m, out);
	render_times(m, out);
	for (int i = 0; i < METRICS_GAUGES; i++)
		buf_format(out, "# TYPE %s gauge\n%s %lld\n", gauge_names[i], gauge_names[i],
		           (long long)metrics_value(m, (enum metrics_gauge)i));
	buf_lit(out,
	        "# HELP kith_http_refused_total Turned away before a handler saw it, by reason.\n"
	        "# TYPE kith_http_refused_total counter\n");
	for (int i = 0; i < METRICS_REFUSALS; i++)
		buf_format(out, "kith_http_refused_total{reason=\"%s\"} %llu\n", refusal_names[i],
		           (unsigned long long)load(&m->refusals[i]));
}
