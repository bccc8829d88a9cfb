/* How an app should behave for this person, and what a circle has none of. */
#include "api/handlers.h"

err api_preference_show(struct call *c)
{
	buf_lit(call_json(c),
	        "{\"posting:default:visibility\":\"private\",\"posting:default:sensitive\":false,"
	        "\"posting:default:language\":null,\"posting:default:quote_policy\":\"nobody\","
	        "\"reading:expand:media\":\"default\",\"reading:expand:spoilers\":false,"
	        "\"reading:autoplay:gifs\":false}");
	return call_send(c);
}

err api_preference_none(struct call *c) { return call_send_none(c); }
