/* Going: an archive to take along, one brought from elsewhere, and erasure. */
#include "api/handlers.h"

#include "circle/erase.h"

/* Sessions and streams have ended when the answer goes out. */
err api_account_erase(struct call *c)
{
	str password;
	err e;
	TRY(call_text(c, "password", &password));
	TRY(admit_prove(c->circle, c->me.person, password, c->mem));
	TRY(erase_person(c->circle, c->me.person, c->now_ms));
	TRY(call_clear_cookie(c));
	TRY(call_send_empty(c));
	http_reply_literal(c->reply, "Clear-Site-Data", "\"cache\", \"storage\"");
out:
	return e;
}
