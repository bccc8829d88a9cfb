/* The row first, then the engine: after a crash between them the start does what was written. */
#include "circle/enact.h"

#include "circle/remember.h"
#include "circle/order.h"
#include "circle/verb.h"
#include "store/policies.h"

#include <string.h>

err enact_unbundle(str bytes, struct policy_source files[ENACT_FILES_MAX], size_t *n)
{
	for (*n = 0; bytes.n > 0; ++*n) {
		size_t line = str_find(bytes, S("\n")), space = str_find(bytes, S(" ")), size = 0;
		if (line == SIZE_MAX || space >= line || *n == ENACT_FILES_MAX)
			return err_input("policy", "this is no policy as it is sent here");
		for (size_t i = 0; i < space; i++) {
			if (bytes.p[i] < '0' || bytes.p[i] > '9' || size > ENACT_SOURCE_MAX_BYTES)
				return err_input("policy", "this is no policy as it is sent here");
			size = size * 10 + (size_t)(bytes.p[i] - '0');
		}
		str rest = str_slice(bytes, line + 1, bytes.n);
		if (size > rest.n)
			return err_input("policy", "the policy came cut");
		files[*n] = (struct policy_source){ str_slice(bytes, space + 1, line),
			                            str_slice(rest, 0, size) };
		bytes = str_slice(rest, size, rest.n);
	}
	return OK;
}

/* `source` empty: the default policy. */
static err open_source(const struct circle *c, str source, struct arena *mem, struct engine **out,
                       struct policy_fault *fault)
{
	struct policy_source files[ENACT_FILES_MAX];
	str bank = str_format(mem, "%s/bank.txt", c->folder);
	struct engine_options options = { .cache = c->folder, .bank = str_to_c(mem, bank) };
	err e;
	TRY(enact_unbundle(source, files, &options.policy_files));
	options.policy = options.policy_files ? files : NULL;
	TRY(engine_open(&options, mem, out, fault));
out:
	return e;
}

static err in_force(const struct circle *c, struct arena *mem, struct stored_policy *out)
{
	struct conn *conn = NULL;
	err e;
	*out = (struct stored_policy){ .source = STR_NONE };
	TRY(store_read(c->store, &conn));
	e = policies_in_force(conn, mem, out);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

err enact_open(struct circle *c, struct arena *mem, struct engine **out, struct policy_fault *fault)
{
	struct stored_policy policy;
	err e;
	TRY(in_force(c, mem, &policy));
	e = open_source(c, policy.source, mem, out, fault);
	if (failed(e) && policy.source.n > 0) {
		/* Written for another version of the program. Judging by the default one is better than not at all. */
		log_event(c->log, LOG_ERROR, "policy.unreadable", LOG_STR("hash", policy.hash),
		          LOG_STR("why", str_of(e.why)));
		e = open_source(c, STR_NONE, mem, out, fault);
	}
out:
	return e;
}

struct enact_job {
	struct circle *c;
	const struct stored_policy *policy; /* NULL: the default one */
	enum policy_state the_other;
};

static err enact_work(struct conn *tx, void *ctx)
{
	const struct enact_job *job = ctx;
	return job->policy ? policies_enact(tx, job->policy, job->the_other)
	                   : policies_enact_default(tx, job->the_other);
}

static err record(void *ctx)
{
	const struct enact_job *job = ctx;
	return verb_write(job->c, enact_work, NULL, ctx);
}

/* Takes the engine. */
static err enact(struct circle *c, struct enact_job job, struct engine **engine, struct arena *mem,
                 struct enacted *out)
{
	err e;
	out->hash = str_dup(mem, policy_hash(engine_policy(*engine)));
	out->was = remember_policy(c, mem);
	TRY(remember_swap(c, engine, record, &job));
	log_event(c->log, LOG_INFO,
	          job.the_other == POLICY_WITHDRAWN ? "policy.rolled-back" : "policy.published",
	          LOG_STR("hash", out->hash), LOG_STR("was", out->was));
out:
	return e;
}

err enact_publish(struct circle *c, str source, int64_t now_ms, struct arena *mem,
                  struct enacted *out, struct policy_fault *fault,
                  struct failed_example **failed_ones, size_t *n_failed)
{
	struct engine *engine = NULL;
	err e;
	*n_failed = 0;
	memset(out, 0, sizeof *out);
	if (!c->memory)
		return err_conflict(NULL, "Nothing is screened here.");
	if (source.n == 0)
		return err_input("policy", "there is no policy");
	TRY(open_source(c, source, mem, &engine, fault));
	(void)engine_try_examples(engine, mem, failed_ones, n_failed);
	if (*n_failed > 0)
		TRY(err_input("policy", "an example does not do what it says"));
	const struct policy *policy = engine_policy(engine);
	struct stored_policy stored = { .hash = str_dup(mem, policy_hash(policy)),
		                        .name = str_dup(mem, policy_name(policy)),
		                        .version = (int)policy_version(policy),
		                        .published_at_ms = now_ms,
		                        .source = source };
	if (str_eq(stored.hash, remember_policy(c, mem)))
		TRY(err_conflict(NULL, "This policy is in force already."));
	TRY(enact(c, (struct enact_job){ c, &stored, POLICY_REPLACED }, &engine, mem, out));
out:
	engine_close(engine);
	return e;
}

static err find_target(struct circle *c, str hash, struct arena *mem, struct stored_policy *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = hash.n > 0 ? policies_find(conn, hash, mem, out) : policies_previous(conn, mem, out);
	if (e.code == ERR_MISSING && hash.n == 0) {
		*out = (struct stored_policy){ .source = STR_NONE };
		e = OK;
	}
out:
	store_read_end(c->store, &conn);
	return e;
}

err enact_rollback(struct circle *c, str hash, int64_t now_ms, struct arena *mem,
                   struct enacted *out)
{
	struct stored_policy current, target;
	struct policy_fault fault = { .line = 0 };
	struct engine *engine = NULL;
	err e;
	memset(out, 0, sizeof *out);
	if (!c->memory)
		return err_conflict(NULL, "Nothing is screened here.");
	TRY(in_force(c, mem, &current));
	if (current.source.n == 0)
		return err_conflict(
			NULL, "The default policy is in force: there is nothing to withdraw.");
	if (str_eq(current.hash, hash))
		return err_conflict(NULL, "This policy is the one in force.");
	TRY(find_target(c, hash, mem, &target));
	TRY(open_source(c, target.source, mem, &engine, &fault));
	target.published_at_ms = now_ms;
	TRY(enact(c, (struct enact_job){ c, target.source.n ? &target : NULL, POLICY_WITHDRAWN },
	          &engine, mem, out));
	TRY(order_lift(c, current.hash, now_ms, &out->lifted));
out:
	engine_close(engine);
	return e;
}
