/* The policy that came with the program. What binds is written down whole, also where it is the program's: another program, with
 * another policy of its own, begins under the one that was in force, and offers its own as anybody else's is published. */
#include "circle/enact_private.h"

#include "base/buf.h"

/* Made once by who needs it: it compiles the policy for its hash. */
err enact_program_row(struct arena *mem, struct stored_policy *out)
{
	struct policy_source files[ENACT_FILES_MAX];
	size_t n = engine_default_policy(files, ENACT_FILES_MAX);
	struct policy_fault fault = { .line = 0 };
	struct policy *policy = NULL;
	struct buf b;
	err e;
	TRY(policy_compile(files, n, mem, &policy, &fault));
	buf_init(&b, mem, ENACT_SOURCE_MAX_BYTES);
	for (size_t i = 0; i < n; i++) {
		buf_format(&b, "%zu %.*s\n", files[i].text.n, STR_ARG(files[i].file));
		buf_add(&b, files[i].text);
	}
	*out = (struct stored_policy){ .hash = str_dup(mem, policy_hash(policy)),
		                       .name = str_dup(mem, policy_name(policy)),
		                       .version = (int)policy_version(policy),
		                       .of_program = true,
		                       .source = buf_str(&b) };
out:
	policy_free(policy);
	return e;
}

/* From now on the program's, with the record that says since when. Nothing that others did is released: nobody took it back. */
static err bind_ours(struct circle *c, const struct stored_policy *before, int64_t now_ms,
                     struct arena *mem)
{
	struct stored_policy row;
	err e;
	TRY(enact_program_row(mem, &row));
	row.state = POLICY_IN_FORCE;
	row.binds_at_ms = now_ms;
	TRY(enact_write(c, "policy.bound", &row, before ? before->hash : STR_NONE, (person_id){ 0 },
	                now_ms));
out:
	return e;
}

static err find_in_force(struct circle *c, struct arena *mem, struct stored_policy *out,
                         bool *there)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = policies_in_force(conn, mem, out);
	*there = !failed(e);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

err enact_start(struct circle *c, int64_t now_ms, struct arena *mem, struct engine **out)
{
	struct policy_fault fault = { .line = 0 };
	struct stored_policy row;
	bool there;
	err e;
	TRY(find_in_force(c, mem, &row, &there));
	if (!there)
		TRY(bind_ours(c, NULL, now_ms, mem));
	e = enact_open(c, mem, out, &fault);
	if (e.code == ERR_INPUT && there) {
		/* Written for another program, which this one cannot read. Judging by its own is better than not at all; and it is said. */
		log_event(c->log, LOG_ERROR, "policy.unreadable", LOG_STR("hash", row.hash),
		          LOG_STR("why", str_of(e.why)));
		TRY(bind_ours(c, &row, now_ms, mem));
		e = enact_open(c, mem, out, &fault);
	}
out:
	return e;
}

static err is_known(struct circle *c, str hash, struct arena *mem, bool *known)
{
	struct stored_policy row;
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	e = policies_find(conn, hash, mem, &row);
	*known = !failed(e);
	if (e.code == ERR_MISSING)
		e = OK;
out:
	store_read_end(c->store, &conn);
	return e;
}

/* Beside what the keeper wrote, or while anything else waits or is urgent, it is not offered; nor one that was here before, since
 * whoever withdrew it, or went back from it, meant that. */
err enact_offer(struct circle *c, const struct enact_law *law, int64_t now_ms, struct arena *mem)
{
	struct publication ask = { .of_program = true };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	struct stored_policy row;
	struct enacted done;
	size_t n_failed;
	bool known;
	err e;
	if (c->offered || !law->in_force.of_program || enact_is_urgent(&law->in_force) ||
	    law->announced_there)
		return OK;
	TRY(enact_program_row(mem, &row));
	TRY(is_known(c, row.hash, mem, &known));
	if (!known) {
		ask.source = row.source;
		e = enact_publish_held(c, &ask, now_ms, mem, &done, &fault, &failed_ones,
		                       &n_failed);
	}
	/* What is wrong with it is wrong until another program comes. */
	c->offered = !failed(e) || e.code == ERR_INPUT;
out:
	return e;
}
