#include "circle/live_testing.h"

#include "circle/admit.h"
#include "circle/secret.h"

struct stage *ear_stage(void)
{
	struct stage *s = stage_new((struct stage_needs){ .people = 8 });
	stage_befriend(s, 2, 3);
	stage_befriend(s, 2, 4);
	return s;
}

void ear_woken(void *ctx) { ((struct ear *)ctx)->woken++; }
void ear_ended(void *ctx) { ((struct ear *)ctx)->ended++; }

void ear_open_after(struct stage *s, struct ear *ear, int who, int64_t after)
{
	struct session_draft draft = { .person = s->people[who], .kind = SESSION_SHELL };
	struct session session;
	str token;
	assert_ok(admit_session(s->c, &draft, s->now_ms, s->mem, &session, &token));
	*ear = (struct ear){ .stage = s, .who = who, .session = session.id };
	struct live_draft live = { .person = s->people[who],
		                   .session = session.id,
		                   .token = secret_hash_of(token),
		                   .after = after,
		                   .wake = ear_woken,
		                   .end = ear_ended,
		                   .ctx = ear };
	assert_ok(live_open(s->c, &live, &ear->stream));
}

void ear_open(struct stage *s, struct ear *ear, int who) { ear_open_after(s, ear, who, 0); }

enum live_said ear_ask(struct ear *ear)
{
	return live_next(ear->stream, ear->stage->now_ms, ear->stage->mem, &ear->event);
}

const char *ear_heard(struct ear *ear)
{
	static char said[64];
	size_t n = 0;
	for (;;) {
		enum live_said what = ear_ask(ear);
		if (what == LIVE_NOTHING || n + 1 == sizeof said)
			break;
		said[n++] = what == LIVE_EVENT    ? "PCGNRQ"[ear->event.kind]
		            : what == LIVE_MISSED ? 'M'
		                                  : 'O';
		if (what == LIVE_OVER)
			break;
	}
	said[n] = 0;
	return said;
}
