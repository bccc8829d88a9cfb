/* What is down lies in the store; here is a copy that is asked at every verdict. The tick alone writes, so two ticks never count the
 * same record apart. */
#include "circle/turndown.h"

#include "circle/audit.h"
#include "circle/order.h"
#include "circle/remember.h"
#include "circle/verb.h"
#include "integrity/policy/policy_compare.h"
#include "store/measures.h"
#include "store/order_settings.h"
#include "store/people.h"
#include "store/tombstones.h"

#include <stdlib.h>

#define RECORD_MAX 1000 /* measures of a rule that are looked at */
#define NOTED_MAX 64    /* more, and every rule is looked at */

struct turndown {
	pthread_mutex_t lock; /* of what follows */
	struct arena *mem;    /* of `down` */
	str *down;
	size_t n_down;
	struct arena *noted_mem;
	str noted[NOTED_MAX];
	size_t n_noted;
	bool all; /* every rule of the policy is to be looked at */
};

err turndown_open(struct circle *c)
{
	struct turndown *t = calloc(1, sizeof *t);
	if (!t)
		return err_system("no memory for the rules that are down");
	pthread_mutex_init(&t->lock, NULL);
	t->mem = arena_new(1024);
	t->noted_mem = arena_new(1024);
	t->all = true;
	c->turndown = t;
	return turndown_read(c);
}

void turndown_close(struct circle *c)
{
	struct turndown *t = c->turndown;
	if (!t)
		return;
	arena_free(t->mem);
	arena_free(t->noted_mem);
	pthread_mutex_destroy(&t->lock);
	free(t);
	c->turndown = NULL;
}

err turndown_read(struct circle *c)
{
	struct turndown *t = c->turndown;
	struct arena *mem = arena_new(1024);
	struct conn *conn = NULL;
	struct rule_down *rows;
	size_t n;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(rules_down_now(conn, mem, &rows, &n));
	str *down = ARENA_ARRAY(mem, n, str);
	for (size_t i = 0; i < n; i++)
		down[i] = rows[i].rule;
	pthread_mutex_lock(&t->lock);
	struct arena *old = t->mem;
	t->mem = mem;
	t->down = down;
	t->n_down = n;
	pthread_mutex_unlock(&t->lock);
	mem = old;
out:
	store_read_end(c->store, &conn);
	arena_free(mem);
	return e;
}

bool turndown_is(const struct circle *c, str rule)
{
	struct turndown *t = c->turndown;
	bool is = false;
	if (!t)
		return false;
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < t->n_down; i++)
		is |= str_eq(t->down[i], rule);
	pthread_mutex_unlock(&t->lock);
	return is;
}

void turndown_tell(const struct circle *c, struct arena *mem, struct facts *facts)
{
	struct turndown *t = c->turndown;
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	str *down = ARENA_ARRAY(mem, t->n_down, str);
	for (size_t i = 0; i < t->n_down; i++)
		down[i] = str_dup(mem, t->down[i]);
	facts->down = down;
	facts->n_down = t->n_down;
	pthread_mutex_unlock(&t->lock);
}

void turndown_note(struct circle *c, str rule)
{
	struct turndown *t = c->turndown;
	bool known = false;
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < t->n_noted; i++)
		known |= str_eq(t->noted[i], rule);
	if (!known && t->n_noted == NOTED_MAX)
		t->all = true;
	else if (!known)
		t->noted[t->n_noted++] = str_dup(t->noted_mem, rule);
	pthread_mutex_unlock(&t->lock);
}

/* ---- looking at records ---- */

/* What was noted, and no more: a rule that is noted while it is counted is looked at again. */
static void take_noted(struct circle *c, struct arena *mem, str **out, size_t *n)
{
	struct turndown *t = c->turndown;
	bool all;
	pthread_mutex_lock(&t->lock);
	all = t->all;
	t->all = false;
	*out = ARENA_ARRAY(mem, t->n_noted, str);
	*n = t->n_noted;
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = str_dup(mem, t->noted[i]);
	t->n_noted = 0;
	arena_reset(t->noted_mem);
	pthread_mutex_unlock(&t->lock);
	if (all)
		remember_rules(c, mem, out, n);
}

struct look {
	struct circle *c;
	struct arena *mem;
	str rule;
	int64_t now_ms;
	int limit_percent;
	struct outcomes outcomes;
	bool over;
};

static err read_limit(struct conn *conn, struct look *l)
{
	str value;
	int64_t percent;
	err e;
	l->limit_percent = TURNDOWN_LIMIT_PERCENT;
	TRY(order_settings_get(conn, S("overturn_limit"), l->mem, &value));
	if (value.n > 0 && str_to_i64(value, &percent) && percent >= 0 && percent <= 100)
		l->limit_percent = (int)percent;
out:
	return e;
}

static err count(struct conn *conn, struct look *l)
{
	int64_t since_ms;
	err e;
	TRY(read_limit(conn, l));
	TRY(rules_down_since(conn, l->rule, &since_ms));
	TRY(measures_outcomes(conn, l->rule, since_ms, RECORD_MAX, &l->outcomes));
	l->over = l->outcomes.decided >= TURNDOWN_DECIDED_MIN &&
	          100 * l->outcomes.overturned > l->limit_percent * l->outcomes.decided;
out:
	return e;
}

static err tell_keepers(struct circle *c, struct conn *tx, int64_t now_ms, struct arena *mem)
{
	person_id *keepers;
	size_t n;
	err e;
	TRY(people_of_role(tx, ROLE_KEEPER, mem, &keepers, &n));
	for (size_t i = 0; i < n; i++) {
		struct notice notice = { .id = { snowflake_next(c->ids) },
			                 .reader = keepers[i],
			                 .kind = NOTICE_RULE_DOWN,
			                 .at_ms = now_ms };
		TRY(verb_tell(c, tx, &notice));
	}
out:
	return e;
}

static err turn_down(struct conn *tx, void *ctx)
{
	struct look *l = ctx;
	err e;
	TRY(count(tx, l));
	if (!l->over)
		return OK;
	struct rule_down row = { .rule = l->rule,
		                 .at_ms = l->now_ms,
		                 .n_decided = l->outcomes.decided,
		                 .n_overturned = l->outcomes.overturned };
	struct audit_entry entry = {
		.kind = "rule.down",
		.fields = { { "rule", AUDIT_WORD, 0, l->rule },
		            { "decided", AUDIT_NUMBER, l->outcomes.decided, STR_NONE },
		            { "overturned", AUDIT_NUMBER, l->outcomes.overturned, STR_NONE },
		            { "limit", AUDIT_NUMBER, l->limit_percent, STR_NONE } },
		.n = 4,
	};
	TRY(rules_down_insert(tx, &row));
	TRY(audit_append(l->c, tx, &entry, l->now_ms, NULL));
	TRY(tell_keepers(l->c, tx, l->now_ms, l->mem));
out:
	return e;
}

static err look_at(struct look *l)
{
	struct conn *conn = NULL;
	err e;
	if (turndown_is(l->c, l->rule))
		return OK;
	TRY(store_read(l->c->store, &conn));
	TRY(count(conn, l));
	store_read_end(l->c->store, &conn);
	if (!l->over)
		return OK;
	TRY(verb_write(l->c, turn_down, NULL, l));
	TRY(turndown_read(l->c));
	log_event(l->c->log, LOG_WARN, "rule.down", LOG_STR("rule", l->rule),
	          LOG_I64("decided", l->outcomes.decided),
	          LOG_I64("overturned", l->outcomes.overturned));
out:
	store_read_end(l->c->store, &conn);
	return e;
}

err turndown_tick(struct circle *c, int64_t now_ms)
{
	struct turndown *t = c->turndown;
	bool quiet;
	err e = OK;
	if (!t)
		return OK;
	pthread_mutex_lock(&t->lock);
	quiet = t->n_noted == 0 && !t->all;
	pthread_mutex_unlock(&t->lock);
	if (quiet)
		return OK;
	struct arena *mem = arena_new(4096);
	str *rules;
	size_t n;
	now_ms = order_now(c, now_ms);
	take_noted(c, mem, &rules, &n);
	for (size_t i = 0; i < n; i++) {
		struct look l = { .c = c, .mem = mem, .rule = rules[i], .now_ms = now_ms };
		/* What is no rule of the policy does not hold by it: there is nothing to turn down. */
		if (remember_has_rule(c, rules[i]))
			TRY(look_at(&l));
	}
out:
	if (failed(e)) {
		pthread_mutex_lock(&t->lock);
		t->all = true;
		pthread_mutex_unlock(&t->lock);
	}
	arena_free(mem);
	return e;
}

/* ---- up again ---- */

static err log_raised(struct circle *c, struct conn *tx, str rule, person_id by, str policy,
                      int64_t now_ms)
{
	struct audit_entry entry = { .kind = "rule.up",
		                     .fields = { { "rule", AUDIT_WORD, 0, rule },
		                                 { "by", AUDIT_PERSON, by.v, STR_NONE },
		                                 { "policy", AUDIT_WORD, 0, policy } },
		                     .n = 3 };
	return audit_append(c, tx, &entry, now_ms, NULL);
}

struct raise {
	struct circle *c;
	str rule;
	person_id by;
	int64_t now_ms;
};

static err raise_work(struct conn *tx, void *ctx)
{
	const struct raise *r = ctx;
	bool was_down;
	err e;
	TRY(rules_down_raise(tx, r->rule, r->now_ms, &was_down));
	if (!was_down)
		TRY(err_conflict("rule", "This rule is not down."));
	TRY(tombstones_add_rule(tx, TOMBSTONE_RULE_UP, r->rule, &r->now_ms, 1));
	TRY(log_raised(r->c, tx, r->rule, r->by, STR_NONE, r->now_ms));
out:
	return e;
}

err turndown_raise(struct circle *c, str rule, person_id by, int64_t now_ms)
{
	struct raise r = { c, rule, by, order_now(c, now_ms) };
	err e;
	TRY(verb_write(c, raise_work, NULL, &r));
	TRY(turndown_read(c));
	log_event(c->log, LOG_INFO, "rule.up", LOG_STR("rule", rule));
out:
	return e;
}

err turndown_changed(struct circle *c, struct conn *tx, const struct policy *before,
                     const struct policy *after, person_id by, int64_t now_ms)
{
	size_t n;
	const struct policy_rule *rules = policy_rules(after, &n);
	bool was_down;
	err e = OK;
	for (size_t i = 0; i < n; i++) {
		if (rules[i].status != RULE_LIVE ||
		    policy_compare_same_lines(before, after, rules[i].id))
			continue;
		TRY(rules_down_raise(tx, rules[i].id, now_ms, &was_down));
		if (was_down)
			TRY(log_raised(c, tx, rules[i].id, by, policy_hash(after), now_ms));
	}
out:
	return e;
}
