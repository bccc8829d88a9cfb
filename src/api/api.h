/* api.h - the client API and the page, as one app for http/server.h: everything behind a path.
 *
 * Translation only: bytes to nouns, one call of a verb in circle/, nouns to JSON. What a route is, who may call it and
 * what it costs stands in one table (api/route.h). */
#ifndef KITH_API_API_H
#define KITH_API_API_H

#include "circle/circle.h"
#include "http/server.h"

struct api;

struct api_settings {
	str url; /* origin people use, "https://circle.example"; empty: api_set_url before api_set_ready */
	struct log *log; /* borrowed; NULL is silent */
};

/* `circle` is borrowed until api_free. Answers 503 to everything but /healthz until api_set_ready. */
MUST_CHECK err api_new(const struct api_settings *settings, struct circle *circle,
                       struct api **out);
void api_free(struct api *api); /* accepts NULL; after the server was stopped */

struct http_app api_app(struct api *api);
/* What the server counts into, labelled by route; lives as long as the api. */
struct metrics *api_metrics(struct api *api);
/* Once, before api_set_ready(true). */
void api_set_url(struct api *api, str url);
void api_set_ready(struct api *api, bool ready);

#endif
