/* What the keeper does: publish, go back, withdraw. One at a time, so that what was read of the law is so until it is written. */
#include "circle/enact_private.h"

#include "circle/foresee.h"
#include "circle/order.h"
#include "circle/world.h"
#include "integrity/policy/policy_compare.h"

#include <string.h>

/* The shell, or the keeper. */
static err check_keeper(const struct circle *c, person_id by)
{
	bool may = by.v == 0;
	world_lock(c->world);
	const struct person *p = may ? NULL : world_person(c->world, by);
	if (p)
		may = p->role == ROLE_KEEPER && p->status == PERSON_ACTIVE;
	world_unlock(c->world);
	return may ? OK : err_denied("only the keeper publishes policies");
}

/* All that is known while a version is published. */
struct publishing {
	struct circle *c;
	const struct publication *ask;
	int64_t now_ms;
	struct arena *mem;
	struct enact_law law;
	struct engine *engine;
	struct policy *binds, *in_force; /* as trees; freed with it */
	struct stored_policy next,
		was; /* `was`: the same version as it was known before, if `known` */
	bool known, stricter, urgent;
};

static err find_known(struct publishing *p)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(p->c->store, &conn));
	e = policies_find(conn, p->next.hash, p->mem, &p->was);
	p->known = !failed(e);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(p->c->store, &conn);
	return e;
}

/* Whether what is to be urgent does no more than one that was urgent until its time was over. */
static err refuse_again(struct publishing *p, str hash, const struct policy *policy)
{
	struct stored_policy row;
	struct policy *earlier = NULL;
	struct conn *conn = NULL;
	err e;
	TRY(store_read(p->c->store, &conn));
	TRY(policies_find(conn, hash, p->mem, &row));
	store_read_end(p->c->store, &conn);
	e = enact_compile(row.source, p->mem, &earlier);
	if (e.code == ERR_INPUT)
		return OK; /* this program cannot read it: nothing can be said of it */
	TRY(e);
	if (!policy_compare_stricter(earlier, policy, p->mem))
		e = err_conflict(NULL, "What this does was urgent before: publish it with notice.");
out:
	store_read_end(p->c->store, &conn);
	policy_free(earlier);
	return e;
}

/* One clock for urgent versions that follow one another, also where the keeper took one back in between: else the next would begin the
 * fourteen days anew, and with other spaces in it the same one would. */
static err read_clock(struct publishing *p, const struct policy *policy)
{
	struct stored_policy *rows;
	struct conn *conn = NULL;
	size_t n;
	err e;
	p->next.urgent_until_ms = p->now_ms + ENACT_URGENT_MS;
	TRY(store_read(p->c->store, &conn));
	TRY(policies_list(conn, ENACT_LISTED_MAX, p->mem, &rows, &n));
	store_read_end(p->c->store, &conn);
	for (size_t i = 0; i < n; i++) {
		int64_t until_ms = rows[i].urgent_until_ms;
		if (until_ms > p->now_ms && until_ms < p->next.urgent_until_ms)
			p->next.urgent_until_ms = until_ms;
		else if (until_ms > 0 && until_ms <= p->now_ms)
			TRY(refuse_again(p, rows[i].hash, policy));
	}
out:
	store_read_end(p->c->store, &conn);
	return e;
}

static err prepare(struct publishing *p)
{
	const struct policy *policy = engine_policy(p->engine);
	err e;
	p->next = (struct stored_policy){ .hash = str_dup(p->mem, policy_hash(policy)),
		                          .name = str_dup(p->mem, policy_name(policy)),
		                          .version = (int)policy_version(policy),
		                          .published_at_ms = p->now_ms,
		                          .binds_at_ms = p->now_ms,
		                          .published_by = p->ask->by,
		                          .of_program = p->ask->of_program,
		                          .source = p->ask->source };
	TRY(enact_law(p->c, p->mem, &p->law));
	TRY(find_known(p));
	TRY(enact_compile(p->law.binds.source, p->mem, &p->binds));
	TRY(enact_compile(p->law.in_force.source, p->mem, &p->in_force));
	p->next.differs_from = p->law.binds.hash;
	p->stricter = policy_compare_stricter(p->binds, policy, p->mem);
	p->urgent = p->ask->urgent && p->stricter;
	if (p->urgent)
		TRY(read_clock(p, policy));
	else if (p->stricter)
		p->next.binds_at_ms = p->now_ms + ENACT_NOTICE_MS;
out:
	return e;
}

/* Whether this may be published now, so. */
static err check(const struct publishing *p)
{
	bool in_force = str_eq(p->next.hash, p->law.in_force.hash);
	bool announced = p->law.announced_there && str_eq(p->next.hash, p->law.announced.hash);
	if (in_force &&
	    (p->ask->urgent || !enact_is_urgent(&p->law.in_force) || enact_waits(&p->law.in_force)))
		return err_conflict(NULL, "This policy is in force already.");
	if (announced && !p->urgent)
		return err_conflict(NULL, "This policy is announced already.");
	if (p->urgent && !announced && p->known && enact_is_urgent(&p->was))
		return err_conflict(NULL, "This policy was urgent before: publish it with notice.");
	if (!p->urgent && (p->law.announced_there || (enact_waits(&p->law.in_force) && !in_force)))
		return err_conflict(
			NULL,
			"Another policy is announced: withdraw it first, or wait until it binds.");
	return OK;
}

static err attach(struct publishing *p)
{
	struct rehearsal rehearsal;
	err e;
	p->next.differences = enact_differences(p->binds, engine_policy(p->engine), p->mem);
	TRY(foresee_make(p->c, p->engine, p->now_ms, p->ask->goes_on, p->ask->ctx, p->mem,
	                 &rehearsal));
	p->next.rehearsal = enact_rehearsal(&rehearsal, p->mem);
out:
	return e;
}

/* It judges from the next piece on. */
static err bind(struct publishing *p, int *lifted)
{
	bool was_urgent = enact_is_urgent(&p->law.in_force);
	struct enact_swap swap = {
		.c = p->c,
		.next = &p->next,
		.before = &p->law.in_force,
		.before_becomes = was_urgent ? POLICY_WITHDRAWN : POLICY_REPLACED,
		.lifts = was_urgent ? LIFTS_ITS_OWN : LIFTS_NOTHING,
		.kind = p->urgent ? "policy.urgent" : "policy.bound",
		.by = p->ask->by,
		.now_ms = p->now_ms,
		.policy = engine_policy(p->engine),
		.policy_before = p->in_force,
	};
	return enact_swap(&swap, &p->engine, p->mem, lifted);
}

/* One urgent version after another shares the clock, and what waits beside it goes on waiting. */
static err settle(struct publishing *p, struct enacted *out)
{
	bool in_force = str_eq(p->next.hash, p->law.in_force.hash);
	err e;
	if (in_force) {
		/* It is urgent, and now published with notice as well. */
		struct stored_policy row = p->law.in_force;
		row.published_by = p->ask->by;
		row.differences = p->next.differences;
		row.rehearsal = p->next.rehearsal;
		row.binds_at_ms = p->next.binds_at_ms;
		if (!p->stricter)
			row.urgent_until_ms = 0;
		p->next = row;
		TRY(enact_write(p->c, p->stricter ? "policy.announced" : "policy.bound", &row,
		                p->law.binds.hash, p->ask->by, p->now_ms));
	} else if (p->stricter && !p->urgent) {
		p->next.state = POLICY_ANNOUNCED;
		TRY(enact_write(p->c, "policy.announced", &p->next, p->law.in_force.hash,
		                p->ask->by, p->now_ms));
	} else {
		if (p->urgent && p->law.announced_there &&
		    str_eq(p->next.hash, p->law.announced.hash)) {
			p->next.published_at_ms = p->law.announced.published_at_ms;
			p->next.binds_at_ms = p->law.announced.binds_at_ms;
		}
		TRY(bind(p, &out->lifted));
	}
out:
	return e;
}

static err publish(struct publishing *p, struct enacted *out)
{
	err e;
	TRY(prepare(p));
	TRY(check(p));
	TRY(attach(p));
	TRY(settle(p, out));
	out->hash = p->next.hash;
	out->was = p->law.in_force.hash;
	out->state = p->next.state;
	out->binds_at_ms = p->next.binds_at_ms;
	out->urgent_until_ms = p->next.urgent_until_ms;
out:
	policy_free(p->binds);
	policy_free(p->in_force);
	return e;
}

err enact_publish_held(struct circle *c, const struct publication *publication, int64_t now_ms,
                       struct arena *mem, struct enacted *out, struct policy_fault *fault,
                       struct failed_example **failed_ones, size_t *n_failed)
{
	struct publishing p = { .c = c, .ask = publication, .now_ms = now_ms, .mem = mem };
	err e;
	TRY(check_keeper(c, publication->by));
	TRY(enact_open_source(c, publication->source, mem, &p.engine, fault));
	(void)engine_try_examples(p.engine, mem, failed_ones, n_failed);
	if (*n_failed > 0)
		TRY(err_input("policy", "an example does not do what it says"));
	TRY(publish(&p, out));
out:
	engine_close(p.engine);
	return e;
}

err enact_publish(struct circle *c, const struct publication *publication, int64_t now_ms,
                  struct arena *mem, struct enacted *out, struct policy_fault *fault,
                  struct failed_example **failed_ones, size_t *n_failed)
{
	err e;
	*n_failed = 0;
	memset(out, 0, sizeof *out);
	if (!c->memory)
		return err_conflict(NULL, "Nothing is screened here.");
	if (publication->source.n == 0)
		return err_input("policy", "there is no policy");
	pthread_mutex_lock(&c->enacting);
	e = enact_publish_held(c, publication, order_now(c, now_ms), mem, out, fault, failed_ones,
	                       n_failed);
	pthread_mutex_unlock(&c->enacting);
	return e;
}

/* ---- back ---- */

/* Where none bound before a keeper's own, the program's. */
static err the_one_before(struct circle *c, const struct enact_law *law, struct arena *mem,
                          struct stored_policy *out)
{
	struct conn *conn = NULL;
	err e;
	if (enact_is_urgent(&law->in_force)) {
		*out = law->binds;
		return OK;
	}
	TRY(store_read(c->store, &conn));
	e = policies_previous(conn, mem, out);
	if (e.code == ERR_MISSING && law->in_force.of_program)
		TRY(err_conflict(NULL,
		                 "The default policy is in force: there is nothing to withdraw."));
	if (e.code == ERR_MISSING)
		TRY(enact_program_row(mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}

/* `was_before`: what the one in force was compared with when it was published, so that to go back is to undo that and no more. */
static err find_target(struct circle *c, const struct enact_law *law, str hash, struct arena *mem,
                       struct stored_policy *out, bool *was_before)
{
	struct enacted_policy found;
	err e;
	if (hash.n == 0) {
		TRY(the_one_before(c, law, mem, out));
	} else {
		TRY(enact_find(c, hash, mem, &found));
		*out = found.row;
	}
	*was_before = str_eq(out->hash, law->in_force.differs_from);
	if (out->state == POLICY_ANNOUNCED)
		TRY(err_conflict(NULL, "This policy is announced: it binds at its time."));
out:
	return e;
}

static err roll_back(struct circle *c, str hash, person_id by, int64_t now_ms, struct arena *mem,
                     struct enacted *out)
{
	struct policy_fault fault = { .line = 0 };
	struct policy *current = NULL;
	struct engine *engine = NULL;
	struct stored_policy target;
	struct enact_law law;
	bool was_before;
	err e;
	TRY(enact_law(c, mem, &law));
	if (str_eq(law.in_force.hash, hash))
		TRY(err_conflict(NULL, "This policy is the one in force."));
	TRY(find_target(c, &law, hash, mem, &target, &was_before));
	TRY(enact_open_source(c, target.source, mem, &engine, &fault));
	TRY(enact_compile(law.in_force.source, mem, &current));
	bool fresh = enact_is_urgent(&law.in_force) ||
	             now_ms - law.in_force.binds_at_ms < ENACT_NOTICE_MS;
	if (!(was_before && fresh) && policy_compare_stricter(current, engine_policy(engine), mem))
		TRY(err_conflict(
			NULL,
			"That policy may be stricter: publish it, so that it binds after notice."));
	target.binds_at_ms = now_ms;
	target.urgent_until_ms = 0;
	struct enact_swap swap = { .c = c,
		                   .next = &target,
		                   .before = &law.in_force,
		                   .before_becomes = POLICY_WITHDRAWN,
		                   .lifts = LIFTS_ALL,
		                   .kind = "policy.rolled-back",
		                   .by = by,
		                   .now_ms = now_ms,
		                   .policy = engine_policy(engine),
		                   .policy_before = current };
	TRY(enact_swap(&swap, &engine, mem, &out->lifted));
	out->hash = target.hash;
	out->was = law.in_force.hash;
	out->binds_at_ms = now_ms;
out:
	engine_close(engine);
	policy_free(current);
	return e;
}

static err withdraw(struct circle *c, str hash, person_id by, int64_t now_ms, struct arena *mem,
                    struct enacted *out)
{
	struct enacted_policy found;
	struct enact_law law;
	err e;
	TRY(enact_find(c, hash, mem, &found));
	TRY(enact_law(c, mem, &law));
	if (found.row.state == POLICY_IN_FORCE) {
		TRY(roll_back(c, STR_NONE, by, now_ms, mem, out));
		goto out;
	}
	if (found.row.state != POLICY_ANNOUNCED)
		TRY(err_conflict(NULL, "This policy is neither announced nor in force."));
	found.row.state = POLICY_WITHDRAWN;
	TRY(enact_write(c, "policy.withdrawn", &found.row, law.in_force.hash, by, now_ms));
	out->hash = law.in_force.hash;
	out->was = found.row.hash;
out:
	return e;
}

/* One act of the keeper's on a version that was published. */
static err act(struct circle *c, str hash, person_id by, int64_t now_ms, struct arena *mem,
               struct enacted *out,
               err (*do_it)(struct circle *c, str hash, person_id by, int64_t now_ms,
                            struct arena *mem, struct enacted *out))
{
	err e;
	memset(out, 0, sizeof *out);
	if (!c->memory)
		return err_conflict(NULL, "Nothing is screened here.");
	pthread_mutex_lock(&c->enacting);
	e = check_keeper(c, by);
	if (!failed(e))
		e = do_it(c, hash, by, order_now(c, now_ms), mem, out);
	pthread_mutex_unlock(&c->enacting);
	return e;
}

err enact_rollback(struct circle *c, str hash, person_id by, int64_t now_ms, struct arena *mem,
                   struct enacted *out)
{
	return act(c, hash, by, now_ms, mem, out, roll_back);
}

err enact_withdraw(struct circle *c, str hash, person_id by, int64_t now_ms, struct arena *mem,
                   struct enacted *out)
{
	return act(c, hash, by, now_ms, mem, out, withdraw);
}
