/* Sessions and their tokens: made, recognised, listed, ended. The interface is admit.h. */
#include "circle/admit.h"

#include "circle/bearers.h"
#include "circle/factor.h"
#include "circle/live.h"
#include "circle/secret.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/people.h"
#include "store/sessions.h"

#define TOKEN_MAX_BYTES 512
#define USER_AGENT_MAX_BYTES 300
#define TOUCH_AFTER_MS (INT64_C(10) * 60 * 1000)
#define TOUCH_MAX 256

/* `name` and its finer forms, as phone apps ask for them: "read:statuses" asks for less than it gets. */
static const struct {
	const char *name;
	unsigned bits;
} scopes[] = {
	{ "read", SCOPE_READ },     { "write", SCOPE_WRITE },     { "follow", SCOPE_FOLLOW },
	{ "push", SCOPE_PUSH },     { "profile", SCOPE_PROFILE }, { "kith:screen", SCOPE_SCREEN },
	{ "screen", SCOPE_SCREEN },
};
static const char *const fine[] = {
	"accounts",      "blocks",  "bookmarks", "conversations", "favourites",
	"filters",       "follows", "lists",     "media",         "mutes",
	"notifications", "reports", "search",    "statuses",      "me",
};

static bool fine_scope(str word, unsigned *bits)
{
	str rest = word;
	str name = str_cut(&rest, ':');
	if (!str_eq(name, S("read")) && !str_eq(name, S("write")))
		return false;
	for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
		if (str_eq(rest, str_of(fine[i]))) {
			*bits |= str_eq(name, S("read")) ? SCOPE_READ : SCOPE_WRITE;
			return true;
		}
	}
	return false;
}

static bool one_scope(str word, unsigned *bits)
{
	for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
		if (str_eq(word, str_of(scopes[i].name))) {
			*bits |= scopes[i].bits;
			return true;
		}
	}
	return fine_scope(word, bits);
}

bool scopes_of(str words, unsigned *bits)
{
	*bits = 0;
	while (words.n > 0) {
		str word = str_cut(&words, ' ');
		if (word.n > 0 && !one_scope(word, bits))
			return false;
	}
	return true;
}

struct session_job {
	struct circle *c;
	struct session session;
	secret_hash token;
	struct arena *mem;
};

static err session_work(struct conn *tx, void *ctx)
{
	struct session_job *job = ctx;
	struct person person;
	err e;
	if (job->session.person.v != 0) { /* 0: the app speaks for itself */
		TRY(people_find(tx, job->session.person, job->mem, &person));
		if (person.status == PERSON_ERASED)
			return err_missing("erased");
		/* Whoever asks for it, and whatever changed since they looked. */
		if (job->session.kind == SESSION_BROWSER && person.second_factor &&
		    job->session.factor == FACTOR_NONE)
			return err_denied("the second factor is missing");
	}
	job->session.id = (session_id){ snowflake_next(job->c->ids) };
	TRY(sessions_insert(tx, &job->session, &job->token));
out:
	return e;
}

err admit_session(struct circle *c, const struct session_draft *draft, int64_t now_ms,
                  struct arena *mem, struct session *out, str *token)
{
	struct session_job job = { .c = c, .mem = mem };
	str words = draft->scope_words;
	err e;
	if (words.n == 0)
		words = draft->kind == SESSION_APP ? S("read")
		                                   : S("read write follow push profile");
	job.session = (struct session){
		.person = draft->person,
		.app = draft->app,
		.kind = draft->kind,
		.scope_words = str_dup(mem, words),
		.user_agent = str_dup(mem, str_slice(draft->user_agent, 0, USER_AGENT_MAX_BYTES)),
		.factor = draft->factor,
		.created_at_ms = now_ms,
		.last_used_at_ms = now_ms,
		.expires_at_ms = draft->expires_at_ms,
	};
	if (!scopes_of(words, &job.session.scopes))
		return err_input("scope", "A scope is not known here.");
	if (draft->person.v == 0 && draft->app.v == 0)
		return err_input("person", "A session belongs to a person or to an app.");
	if (draft->given.n > TOKEN_MAX_BYTES)
		return err_input("token", "A token has at most 512 bytes.");
	if (draft->given.n > 0) {
		*token = str_dup(mem, draft->given);
		job.token = secret_hash_of(*token);
	} else {
		*token = secret_new(c->chance, "kith_", SECRET_TOKEN_BYTES, mem, &job.token);
	}
	TRY(verb_write(c, session_work, NULL, &job));
	if (draft->kind != SESSION_SHELL)
		TRY(factor_count_down(c, draft->person, now_ms));
	*out = job.session;
out:
	return e;
}

/* From the store, and kept for the next time unless something ended meanwhile. */
static err find_session(struct circle *c, const secret_hash *token, int64_t now_ms,
                        struct session *out)
{
	struct arena *mem = arena_new(2048);
	uint64_t stamp = c->bearers != NULL ? bearers_stamp(c->bearers) : 0;
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(sessions_find(conn, token, mem, out));
	out->scope_words = out->user_agent = STR_NONE; /* they go with the arena */
	if (c->bearers != NULL)
		bearers_keep(c->bearers, token, out, now_ms, stamp);
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}

/* Role, seal and factors are read from the world each time: no cache to be late. */
static err bearer_of(struct circle *c, const struct session *s, int64_t now_ms, struct bearer *out)
{
	err e = OK;
	*out = (struct bearer){ .person = s->person,
		                .session = s->id,
		                .app = s->app,
		                .scopes = s->scopes,
		                .kind = s->kind };
	if (s->person.v == 0)
		return OK;
	world_lock(c->world);
	const struct person *p = world_person(c->world, s->person);
	if (p == NULL || p->status == PERSON_ERASED) {
		e = err_missing("nobody holds this token any more");
	} else {
		out->role = p->role;
		out->sealed = p->status == PERSON_SEALED;
		out->factor_due = s->kind != SESSION_SHELL && factor_is_due(p, now_ms);
	}
	world_unlock(c->world);
	return e;
}

err admit_bearer_of(struct circle *c, const secret_hash *token, int64_t now_ms, struct bearer *out)
{
	struct session session;
	if (c->bearers == NULL || !bearers_find(c->bearers, token, now_ms, &session)) {
		err e = find_session(c, token, now_ms, &session);
		if (failed(e))
			return e;
	}
	if (session.expires_at_ms != 0 && session.expires_at_ms <= now_ms)
		return err_missing("the session has expired");
	return bearer_of(c, &session, now_ms, out);
}

err admit_bearer(struct circle *c, str token, int64_t now_ms, struct bearer *out)
{
	if (token.n == 0 || token.n > TOKEN_MAX_BYTES)
		return err_missing("not a token");
	secret_hash hash = secret_hash_of(token);
	return admit_bearer_of(c, &hash, now_ms, out);
}

struct touch_job {
	struct session used[TOUCH_MAX];
	size_t n;
};

static err touch_work(struct conn *tx, void *ctx)
{
	const struct touch_job *job = ctx;
	err e = OK;
	for (size_t i = 0; i < job->n; i++)
		TRY(sessions_touch(tx, job->used[i].person, job->used[i].id,
		                   job->used[i].last_used_at_ms));
out:
	return e;
}

err admit_touch(struct circle *c)
{
	struct arena *mem = arena_new(sizeof(struct touch_job));
	struct touch_job *job = ARENA_NEW(mem, struct touch_job);
	err e = OK;
	if (c->bearers == NULL)
		goto out;
	do {
		job->n = bearers_used(c->bearers, TOUCH_AFTER_MS, job->used, TOUCH_MAX);
		if (job->n > 0)
			TRY(verb_write(c, touch_work, NULL, job));
		for (size_t i = 0; i < job->n; i++)
			if (job->used[i].kind != SESSION_SHELL)
				TRY(factor_count_down(c, job->used[i].person,
				                      job->used[i].last_used_at_ms));
	} while (job->n == TOUCH_MAX);
out:
	arena_free(mem);
	return e;
}

err admit_sessions(struct circle *c, person_id me, struct arena *mem, struct session **out,
                   size_t *n)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(sessions_of(conn, me, mem, out, n));
out:
	store_read_end(c->store, &conn);
	return e;
}

struct revoke_job {
	struct circle *c;
	person_id me;
	session_id id;
};

static err revoke_work(struct conn *tx, void *ctx)
{
	const struct revoke_job *job = ctx;
	return sessions_revoke(tx, job->me, job->id);
}

static void revoke_after(void *ctx)
{
	const struct revoke_job *job = ctx;
	if (job->c->bearers != NULL)
		bearers_forget(job->c->bearers, job->id);
	live_end_session(job->c->live, job->id);
}

err admit_revoke(struct circle *c, person_id me, session_id id)
{
	struct revoke_job job = { c, me, id };
	return verb_write(c, revoke_work, revoke_after, &job);
}

struct others_job {
	struct circle *c;
	person_id me;
	session_id keep;
};

static err others_work(struct conn *tx, void *ctx)
{
	const struct others_job *job = ctx;
	return sessions_revoke_all(tx, job->me, job->keep);
}

static void others_after(void *ctx)
{
	const struct others_job *job = ctx;
	if (job->c->bearers != NULL)
		bearers_forget_person(job->c->bearers, job->me, job->keep);
	live_end_person(job->c->live, job->me, job->keep);
}

err admit_revoke_others(struct circle *c, person_id me, session_id keep)
{
	struct others_job job = { c, me, keep };
	return verb_write(c, others_work, others_after, &job);
}
