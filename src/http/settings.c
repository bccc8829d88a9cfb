/* See server.h: the figures it is run with. */
#include "http/server_private.h"

struct http_settings http_settings_default(const char *listen, struct clock clock)
{
	return (struct http_settings){
		.listen = listen,
		.unix_mode = 0660,
		.loops = 2,
		.write_threads = 64,
		.write_queue = 1024,
		.hash_threads = 2,
		.hash_queue = 64,
		.connections_max = 8192,
		.connections_per_peer = 128,
		.head_max_bytes = 16 * 1024,
		.bodies_max_bytes = 64 * 1024 * 1024,
		.spooled_max = 32,
		.beat_ms = 20000,
		.streams_max = 4096,
		.head_ms = 10000,
		.body_ms = 30000,
		.bytes_per_second = 4096,
		.idle_ms = 60000,
		.clock = clock,
	};
}

/* A fraction of the shortest deadline, so that none is exceeded by much. */
int64_t http_settings_tick_ms(const struct http_settings *set)
{
	int64_t shortest = set->head_ms < set->body_ms ? set->head_ms : set->body_ms;
	if (set->idle_ms < shortest)
		shortest = set->idle_ms;
	return shortest / 4 > 250 ? 250 : shortest / 4 < 10 ? 10 : shortest / 4;
}
