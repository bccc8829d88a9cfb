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

err api_preference_absent(struct call *c)
{
	(void)c;
	return err_missing("a circle has none of these");
}

/* No push service ever learns when somebody is written to. */
err api_preference_push(struct call *c)
{
	(void)c;
	return err_input("subscription",
	                 "Nothing is sent out of this house: there is no push here.");
}
