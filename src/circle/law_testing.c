/* See law_testing.h. */
#include "circle/law_testing.h"

#include "circle/remember.h"
#include "store/audits.h"
#include "store/measures.h"

str law_bundle(struct stage *s, str text)
{
	return str_format(s->mem, "%zu a.policy\n%.*s", text.n, STR_ARG(text));
}

str law_mild(struct stage *s) { return law_bundle(s, S(LAW_WEIGHS("mild", "0.3"))); }
str law_strict(struct stage *s) { return law_bundle(s, S(LAW_WEIGHS("strict", "0.9"))); }
str law_stricter(struct stage *s) { return law_bundle(s, S(LAW_WEIGHS("stricter", "0.95"))); }

err law_publish_as(struct stage *s, str source, bool urgent, struct enacted *out)
{
	struct publication ask = { .source = source, .urgent = urgent, .by = s->people[0] };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	size_t n_failed;
	return enact_publish(s->c, &ask, stage_wall(s), s->mem, out, &fault, &failed_ones,
	                     &n_failed);
}

err law_publish(struct stage *s, str source, struct enacted *out)
{
	return law_publish_as(s, source, false, out);
}

void law_pass(struct stage *s, int64_t ms)
{
	s->now_ms += ms;
	assert_ok(enact_tick(s->c, stage_wall(s)));
}

str law_bind(struct stage *s, str source)
{
	struct enacted out;
	assert_ok(law_publish(s, source, &out));
	assert_int_equal(out.state, POLICY_ANNOUNCED);
	law_pass(s, ENACT_NOTICE_MS);
	assert_true(law_in_force(s, out.hash));
	return out.hash;
}

bool law_in_force(struct stage *s, str hash)
{
	str now = remember_policy(s->c, s->mem);
	return str_eq(now, hash);
}

enum policy_state law_state(struct stage *s, str hash)
{
	struct enacted_policy found;
	assert_ok(enact_find(s->c, hash, s->mem, &found));
	return found.row.state;
}

struct measure law_measure(struct stage *s, struct status_ref ref)
{
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, ref.post_author, (measure_id){ 0 }, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		if (!measure_on_person(all[i].kind) && all[i].post.v == ref.post.v &&
		    all[i].comment.v == ref.comment.v)
			return all[i];
	return (struct measure){ .kind = MEASURE_KINDS };
}

struct kinds {
	struct arena *mem;
	str all;
	int seen;
};

static err add_kind(void *ctx, const struct audit_step *step)
{
	const struct audit_row *row = step->row;
	struct kinds *kinds = ctx;
	if (row && str_starts(row->kind, S("policy.")) && kinds->seen++ > 0)
		kinds->all = str_format(kinds->mem, "%.*s%s%.*s", STR_ARG(kinds->all),
		                        kinds->all.n ? " " : "",
		                        STR_ARG(str_slice(row->kind, 7, row->kind.n)));
	return OK;
}

str law_records(struct stage *s)
{
	struct conn *conn = NULL;
	struct kinds kinds = { .mem = s->mem };
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_each(conn, 1, add_kind, &kinds));
	store_read_end(s->c->store, &conn);
	return kinds.all;
}
