/* The row first, then the engine: after a crash between them the start does what was written, and the sweep releases what was to be. */
#include "circle/enact_private.h"

#include "circle/audit.h"
#include "circle/proscribe.h"
#include "circle/remember.h"
#include "circle/turndown.h"
#include "circle/verb.h"
#include "integrity/policy/policy_compare.h"

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

err enact_open_source(const struct circle *c, str source, struct arena *mem, struct engine **out,
                      struct policy_fault *fault)
{
	struct policy_source files[ENACT_FILES_MAX];
	str bank = str_format(mem, "%s/" PROSCRIBE_BOUND, c->folder);
	struct engine_options options = { .cache = c->folder, .bank = str_to_c(mem, bank) };
	err e;
	TRY(enact_unbundle(source, files, &options.policy_files));
	options.policy = files;
	TRY(engine_open(&options, mem, out, fault));
out:
	return e;
}

err enact_compile(str source, struct arena *mem, struct policy **out)
{
	struct policy_source files[ENACT_FILES_MAX];
	struct policy_fault fault = { .line = 0 };
	size_t n;
	err e;
	TRY(enact_unbundle(source, files, &n));
	TRY(policy_compile(files, n, mem, out, &fault));
out:
	return e;
}

/* Where nothing was ever judged here, the program's would be in force. */
static err row_or_ours(err found, struct arena *mem, struct stored_policy *out)
{
	return found.code == ERR_MISSING ? enact_program_row(mem, out) : found;
}

bool enact_is_urgent(const struct stored_policy *row) { return row->urgent_until_ms > 0; }

bool enact_waits(const struct stored_policy *row)
{
	return row->state == POLICY_ANNOUNCED ||
	       (row->state == POLICY_IN_FORCE && enact_is_urgent(row) &&
	        row->binds_at_ms > row->published_at_ms);
}

err enact_law(const struct circle *c, struct arena *mem, struct enact_law *out)
{
	struct conn *conn = NULL;
	err e;
	memset(out, 0, sizeof *out);
	TRY(store_read(c->store, &conn));
	TRY(row_or_ours(policies_in_force(conn, mem, &out->in_force), mem, &out->in_force));
	out->binds = out->in_force;
	if (enact_is_urgent(&out->in_force))
		TRY(row_or_ours(policies_find(conn, out->in_force.differs_from, mem, &out->binds),
		                mem, &out->binds));
	e = policies_announced(conn, mem, &out->announced);
	out->announced_there = !failed(e);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

err enact_open(struct circle *c, struct arena *mem, struct engine **out, struct policy_fault *fault)
{
	struct enact_law law;
	err e;
	TRY(enact_law(c, mem, &law));
	TRY(enact_open_source(c, law.in_force.source, mem, out, fault));
out:
	return e;
}

/* The program's own is found as well where it was never written down. */
static err find_row(struct circle *c, str hash, struct arena *mem, struct stored_policy *out)
{
	struct stored_policy in_force;
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = policies_find(conn, hash, mem, out);
	if (e.code == ERR_MISSING) {
		TRY(enact_program_row(mem, out));
		if (!str_eq(out->hash, hash))
			TRY(err_missing("no such policy"));
		e = policies_in_force(conn, mem, &in_force);
		out->state = failed(e) ? POLICY_IN_FORCE : POLICY_REPLACED;
		if (e.code == ERR_MISSING)
			e = OK;
	}
out:
	store_read_end(c->store, &conn);
	return e;
}

err enact_engine(struct circle *c, str hash, struct arena *mem, struct engine **out,
                 struct policy_fault *fault)
{
	struct stored_policy row;
	err e;
	TRY(find_row(c, hash, mem, &row));
	TRY(enact_open_source(c, row.source, mem, out, fault));
out:
	return e;
}

err enact_down_under(struct circle *c, const struct policy *next, struct arena *mem,
                     const str **down, size_t *n)
{
	struct facts facts = { .n_down = 0 };
	struct policy *now = NULL;
	struct enact_law law;
	str *kept;
	err e;
	TRY(enact_law(c, mem, &law));
	TRY(enact_compile(law.in_force.source, mem, &now));
	turndown_tell(c, mem, &facts);
	kept = ARENA_ARRAY(mem, facts.n_down, str);
	*n = 0;
	for (size_t i = 0; i < facts.n_down; i++)
		if (policy_compare_same_lines(now, next, facts.down[i]))
			kept[(*n)++] = facts.down[i];
	*down = kept;
out:
	policy_free(now);
	return e;
}

/* ---- acts ---- */

err enact_record(struct circle *c, struct conn *tx, const char *kind,
                 const struct stored_policy *row, str was, person_id by, int64_t now_ms)
{
	struct audit_entry entry = {
		.kind = kind,
		.fields = { { "policy", AUDIT_WORD, 0, row->hash },
		            { "version", AUDIT_NUMBER, row->version, STR_NONE },
		            { "was", AUDIT_WORD, 0, was },
		            { "by", AUDIT_PERSON, by.v, STR_NONE },
		            { "binds", AUDIT_NUMBER, row->binds_at_ms, STR_NONE },
		            { "urgent-until", AUDIT_NUMBER, row->urgent_until_ms, STR_NONE } },
		.n = 6,
	};
	return audit_append(c, tx, &entry, now_ms, NULL);
}

struct write_job {
	struct circle *c;
	const char *kind;
	const struct stored_policy *row;
	str was;
	person_id by;
	int64_t now_ms;
};

static err write_work(struct conn *tx, void *ctx)
{
	const struct write_job *job = ctx;
	err e;
	if (job->row->state == POLICY_IN_FORCE)
		TRY(policies_enact(tx, job->row, POLICY_REPLACED));
	else
		TRY(policies_put(tx, job->row));
	TRY(enact_record(job->c, tx, job->kind, job->row, job->was, job->by, job->now_ms));
out:
	return e;
}

err enact_write(struct circle *c, const char *kind, const struct stored_policy *row, str was,
                person_id by, int64_t now_ms)
{
	struct write_job job = { c, kind, row, was, by, now_ms };
	err e = verb_write(c, write_work, NULL, &job);
	if (!failed(e))
		log_event(c->log, LOG_INFO, kind, LOG_STR("hash", row->hash), LOG_STR("was", was));
	return e;
}

static err swap_work(struct conn *tx, void *ctx)
{
	const struct enact_swap *swap = ctx;
	err e;
	TRY(policies_enact(tx, swap->next, swap->before_becomes));
	if (swap->lifts != LIFTS_NOTHING)
		TRY(policies_lift(tx, swap->before->hash, swap->lifts));
	TRY(turndown_changed(swap->c, tx, swap->policy_before, swap->policy, swap->by,
	                     swap->now_ms));
	TRY(enact_record(swap->c, tx, swap->kind, swap->next, swap->before->hash, swap->by,
	                 swap->now_ms));
out:
	return e;
}

static err swap_record(void *ctx)
{
	const struct enact_swap *swap = ctx;
	return verb_write(swap->c, swap_work, NULL, ctx);
}

err enact_swap(const struct enact_swap *swap, struct engine **engine, struct arena *mem,
               int *lifted)
{
	struct enact_swap job = *swap;
	err e;
	(void)mem;
	TRY(remember_swap(swap->c, engine, swap_record, &job));
	log_event(swap->c->log, LOG_INFO, swap->kind, LOG_STR("hash", swap->next->hash),
	          LOG_STR("was", swap->before->hash));
	TRY(turndown_read(swap->c));
	TRY(enact_lift(swap->c, swap->now_ms, lifted));
out:
	return e;
}

/* ---- shown ---- */

err enact_find(struct circle *c, str hash, struct arena *mem, struct enacted_policy *out)
{
	err e;
	TRY(find_row(c, hash, mem, &out->row));
	TRY(enact_unbundle(out->row.source, out->files, &out->n_files));
out:
	return e;
}

err enact_pending(struct circle *c, struct arena *mem, struct stored_policy **out, size_t *n)
{
	struct conn *conn = NULL;
	err e;
	*out = ARENA_ARRAY(mem, ENACT_PENDING_MAX, struct stored_policy);
	*n = 0;
	TRY(store_read(c->store, &conn));
	e = policies_announced(conn, mem, &(*out)[*n]);
	if (!failed(e))
		++*n;
	else if (e.code != ERR_MISSING)
		goto out;
	e = policies_in_force(conn, mem, &(*out)[*n]);
	if (!failed(e))
		*n += enact_is_urgent(&(*out)[*n]) ? 1 : 0;
	else if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

err enact_list(struct circle *c, struct arena *mem, struct stored_policy **out, size_t *n)
{
	struct stored_policy *rows;
	struct conn *conn = NULL;
	bool in_force = false;
	size_t found;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(policies_list(conn, ENACT_LISTED_MAX, mem, &rows, &found));
	for (size_t i = 0; i < found; i++)
		in_force |= rows[i].state == POLICY_IN_FORCE;
	*out = ARENA_ARRAY(mem, found + 1, struct stored_policy);
	*n = found;
	if (found > 0)
		memcpy(*out, rows, found * sizeof *rows);
	if (!in_force)
		TRY(enact_program_row(mem, &(*out)[(*n)++]));
out:
	store_read_end(c->store, &conn);
	return e;
}
