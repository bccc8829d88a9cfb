/* Puts the parts together in the order they need one another, and takes them apart in the other. */
#include "circle/circle.h"

#include "circle/assess.h"
#include "circle/audit_root.h"
#include "circle/bearers.h"
#include "circle/check.h"
#include "circle/enact.h"
#include "circle/docket.h"
#include "circle/exporter.h"
#include "circle/foresee.h"
#include "circle/live.h"
#include "circle/order.h"
#include "circle/senders.h"
#include "circle/tickets.h"
#include "circle/turndown.h"
#include "circle/picture.h"
#include "circle/proscribe.h"
#include "circle/remember.h"
#include "circle/world.h"

#include "model/limits.h"

#include <sodium.h>

#include <stdlib.h>

static err open_store(const struct circle_settings *settings, struct circle *c)
{
	struct conn *conn = NULL;
	int64_t highest;
	err e;
	TRY(store_open(&(struct store_settings){ .folder = settings->folder, .log = settings->log },
	               &c->store));
	TRY(store_read(c->store, &conn));
	TRY(store_highest_id(conn, &highest));
	snowflake_seen(c->ids, highest);
out:
	if (c->store != NULL)
		store_read_end(c->store, &conn);
	return e;
}

static err open_engine(struct circle *c)
{
	struct arena *mem = arena_new((size_t)1 << 20);
	struct engine *engine = NULL;
	err e;
	TRY(proscribe_open(c, order_now(c, clock_now(c->clock))));
	if (failed(enact_start(c, order_now(c, clock_now(c->clock)), mem, &engine)))
		TRY(err_system("no policy opens")); /* its `why` is in the arena */
	TRY(remember_open(c, &engine));
	TRY(foresee_open(c));
	if (!(c->platforms = assess_open()))
		TRY(err_system("no memory for texts of others"));
out:
	engine_close(engine);
	arena_free(mem);
	return e;
}

err circle_open(const struct circle_settings *settings, struct circle **out)
{
	struct circle *c = calloc(1, sizeof(*c));
	uint64_t seed;
	err e;
	if (c == NULL)
		return err_system("no memory for the circle");
	pthread_mutex_init(&c->importing, NULL);
	pthread_mutex_init(&c->checking, NULL);
	pthread_mutex_init(&c->enacting, NULL);
	if (sodium_init() < 0) {
		e = err_system("libsodium cannot start");
		goto out;
	}
	c->folder = settings->folder;
	c->clock = settings->clock;
	c->chance = settings->chance;
	c->log = settings->log;
	c->friends_max = settings->friends_max ? settings->friends_max : FRIENDS_MAX_DEFAULT;
	c->ids = snowflake_new(settings->worker, settings->clock);
	c->darkroom = settings->darkroom;
	TRY(open_store(settings, c));
	TRY(audit_open(c, clock_now(c->clock)));
	check_forget(c);
	TRY(album_open(c->folder, &c->album));
	TRY(exporter_open(c, &c->exporter));
	TRY(world_load(c->store, c->log, &c->world));
	c->order = order_new();
	TRY(order_load(c, clock_now(c->clock)));
	TRY(docket_load(c, order_now(c, clock_now(c->clock))));
	c->live = live_new(c);
	world_tell(c->world, c->live);
	c->bearers = bearers_new();
	chance_fill(c->chance, &seed, sizeof seed);
	c->tickets = tickets_new(seed);
	c->throttle = throttle_new(seed);
	c->senders = senders_new(c->chance);
	TRY(turndown_open(c));
	if (settings->screen)
		TRY(open_engine(c));
	*out = c;
	c = NULL;
out:
	circle_close(&c);
	return e;
}

void circle_close(struct circle **circle)
{
	struct circle *c = *circle;
	if (c == NULL)
		return;
	exporter_close(&c->exporter); /* it reads the store */
	foresee_stop(c);
	remember_stop(c);
	store_close(c->store); /* before what its writer thread still changes */
	audit_close(c);
	remember_close(c);
	album_close(&c->album);
	assess_close(c->platforms);
	bearers_free(c->bearers);
	tickets_free(c->tickets);
	throttle_free(c->throttle);
	senders_free(c->senders);
	foresee_close(c);
	turndown_close(c);
	live_free(c->live);
	order_free(c->order);
	world_free(c->world);
	snowflake_free(c->ids);
	pthread_mutex_destroy(&c->importing);
	pthread_mutex_destroy(&c->checking);
	pthread_mutex_destroy(&c->enacting);
	free(c);
	*circle = NULL;
}
