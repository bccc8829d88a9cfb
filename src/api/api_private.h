/* api_private.h - what lives as long as the server, for the files of this room that need more than a call. */
#ifndef KITH_API_API_PRIVATE_H
#define KITH_API_API_PRIVATE_H

#include "api/api.h"
#include "api/route.h"
#include "http/rate.h"

#include <stdatomic.h>

struct page_files; /* page.h */

struct api {
	struct circle *circle;
	struct log *log;
	struct arena *mem; /* written by api_new and api_set_url alone */
	str url;           /* without a slash at the end */
	str host;          /* of the url, with its port: "circle.example" */
	bool secure;       /* https: the cookie says Secure */
	struct router *router;
	const char *const *names; /* by route index */
	struct metrics *metrics;
	struct rate *rate;
	struct page_files *files;
	atomic_bool ready;
};

#endif
