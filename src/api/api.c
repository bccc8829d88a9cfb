/* See api.h. Puts together what lives as long as the server. */
#include "api/api_private.h"

#include "api/dispatch.h"
#include "api/page.h"

#include <stdlib.h>

/* 16 bytes each: callers of the last minute on limited routes, a quarter of a megabyte. */
#define RATE_SLOTS 16384

err api_new(const struct api_settings *settings, struct circle *circle, struct api **out)
{
	uint64_t seed;
	err e;
	struct api *api = calloc(1, sizeof(*api));
	if (!api)
		return err_system("no memory for the api");
	api->circle = circle;
	api->log = settings->log;
	api->mem = arena_new(64 * 1024);
	api->router = router_new(api->mem);
	api->names = route_names(api->mem);
	api->metrics = metrics_new(api->names, routes_n);
	chance_fill(circle->chance, &seed, sizeof(seed));
	api->rate = rate_new(RATE_SLOTS, seed);
	TRY(page_files_new(api->mem, &api->files));
	if (settings->url.n > 0)
		api_set_url(api, settings->url);
	*out = api;
	api = NULL;
out:
	api_free(api);
	return e;
}

void api_free(struct api *api)
{
	if (!api)
		return;
	rate_free(api->rate);
	metrics_free(api->metrics);
	arena_free(api->mem);
	free(api);
}

struct http_app api_app(struct api *api)
{
	return (struct http_app){
		.ctx = api,
		.plan = dispatch_plan,
		.serve = dispatch_serve,
		.finish = dispatch_finish,
	};
}

struct metrics *api_metrics(struct api *api) { return api->metrics; }

void api_set_url(struct api *api, str url)
{
	size_t scheme = str_find(url, S("://"));
	while (str_ends(url, S("/")))
		url = str_slice(url, 0, url.n - 1);
	api->url = str_dup(api->mem, url);
	api->host = scheme == SIZE_MAX ? api->url : str_slice(api->url, scheme + 3, api->url.n);
	api->secure = str_starts(api->url, S("https://"));
}

void api_set_ready(struct api *api, bool ready) { atomic_store(&api->ready, ready); }
