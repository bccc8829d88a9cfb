/* snowflake.h - ids that sort by time: 41 bits of milliseconds, 12 of step, 10 of worker.
 *
 * Milliseconds count from 2020-01-01T00:00:00Z. A new id is always above every id this node has made or seen,
 * so an answer sorts after what it answers, even when the clock steps back. Thread-safe. */
#ifndef KITH_BASE_SNOWFLAKE_H
#define KITH_BASE_SNOWFLAKE_H

#include <stdint.h>

#include "base/seam.h"

#define SNOWFLAKE_EPOCH_MS INT64_C(1577836800000)

struct snowflake;

/* `worker` 0..1023, one per node. */
struct snowflake *snowflake_new(unsigned worker, struct clock clock);
void snowflake_free(struct snowflake *s);
int64_t snowflake_next(struct snowflake *s);
/* An id for an instant in the past (bulk load): carries `at_ms` (or the next millisecond with room), sorts after
 * those given before for the same instant, never repeats one made by this process, leaves the present alone.
 * An earlier process may have made the same one: when the store says so, call again for the next.
 * An instant that is not past gives snowflake_next. */
int64_t snowflake_at(struct snowflake *s, int64_t at_ms);
/* Raises the floor: the next id is above `id`. */
void snowflake_seen(struct snowflake *s, int64_t id);
int64_t snowflake_ms(int64_t id); /* Unix milliseconds carried by an id */
/* Smallest id of an instant: a bound for "older than". Clamped to 0 before the epoch. */
int64_t snowflake_floor(int64_t at_ms);

#endif
