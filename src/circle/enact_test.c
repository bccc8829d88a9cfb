/* Another policy takes its place while people write: nothing is lost, and each piece is judged by one whole policy. */
#include "circle/enact.h"

#include "circle/order.h"
#include "circle/remember.h"
#include "circle/review.h"
#include "circle/stage_testing.h"
#include "circle/verb.h"
#include "store/audits.h"
#include "store/measures.h"
#include "store/screenings.h"

#include <stdatomic.h>
#include <string.h>

#define TEXT "自家院子里的柿子熟了，一斤八元，要的邻居留言，明天傍晚在楼下等大家"
#define POLICY(name)                                                                                         \
	"policy \"" name "\" version 1\n"                                                                    \
	"ladder label from 0.2 hold from 0.6 end\n"                                                          \
	"words fruit \"柿子熟了\" matches \"院子里的柿子熟了\" passes \"今天吃饺子\" end\n" \
	"rule fruit clause \"b.1\" owner \"stewards\" status live harm marketing "                           \
	"dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT\n"                                                    \
	"  evidence 0.3 when words(fruit) >= 1\n"                                                            \
	"  en \"It names a fruit.\" zh \"它提到了柿子。\" pass en \"Without.\" zh \"不提。\" "     \
	"false_positives \"many\"\n"                                                                         \
	"  fires \"院子里的柿子熟了\" silent \"今天吃饺子\" end\n"

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 8, .screen = true });
	remember_wait(s->c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static str bundle(str text)
{
	return str_format(s->mem, "%zu a.policy\n%.*s", text.n, STR_ARG(text));
}

static err publish_as(str source, bool urgent, struct enacted *out)
{
	struct publication ask = { .source = source, .urgent = urgent, .by = s->people[0] };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	size_t n_failed;
	return enact_publish(s->c, &ask, s->now_ms, s->mem, out, &fault, &failed_ones, &n_failed);
}

static err publish(str source, struct enacted *out) { return publish_as(source, false, out); }

static void pass(int64_t ms)
{
	s->now_ms += ms;
	assert_ok(enact_tick(s->c, s->now_ms));
}

/* Announced, and a week later in force. */
static str bind(str source)
{
	struct enacted out;
	assert_ok(publish(source, &out));
	assert_int_equal(out.state, POLICY_ANNOUNCED);
	pass(ENACT_NOTICE_MS);
	str now = remember_policy(s->c, s->mem);
	assert_true(str_eq(now, out.hash));
	return out.hash;
}

static void a_source_that_came_broken_is_refused(void **state)
{
	static const char *const rows[] = { "x",       "5 a.policy\nabc",
		                            "-1 a\n",  " a\n",
		                            "3\n",     "99999999999999999999 a\nabc",
		                            "a 3\nabc" };
	struct enacted out;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(publish(str_of(rows[i]), &out).code, ERR_INPUT);
	assert_int_equal(publish(STR_NONE, &out).code, ERR_INPUT);
}

static void write_some(struct stage *stage, int i, void *ctx)
{
	struct arena *mem = arena_new(1 << 14);
	const str *sources = ctx;
	if (i < 2) { /* two publish in turn, the others write */
		for (int k = 0; k < 3; k++) {
			struct policy_fault fault = { .line = 0 };
			struct failed_example *failed_ones;
			struct enacted done;
			size_t n_failed;
			struct publication ask = { .source = sources[(k + i) % 2] };
			err e = enact_publish(stage->c, &ask, stage->now_ms + k, mem, &done, &fault,
			                      &failed_ones, &n_failed);
			sure(!failed(e) || e.code == ERR_CONFLICT);
		}
	}
	for (int k = 0; i >= 2 && k < 60; k++) {
		struct published out;
		struct post_draft draft = { .text = S(TEXT) };
		err e = publish_post(stage->c, stage->people[i], &draft, stage->now_ms, mem, &out);
		sure(!failed(e));
	}
	arena_free(mem);
}

static void pieces_written_while_a_policy_is_published_are_all_remembered(void **state)
{
	struct conn *conn = NULL;
	struct screened *page;
	size_t n, judged = 0;
	(void)state;
	str sources[2] = { bundle(S(POLICY("one"))), bundle(S(POLICY("two"))) };
	(void)bind(sources[0]); /* the other has another name and no other rule: it binds at once */
	stage_race(s, 8, write_some, sources);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(screenings_after(conn, 0, 1000, s->mem, &page, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		judged += page[i].kind == FACTS_POST && page[i].policy.n == POLICY_HASH_CHARS ? 1
		                                                                              : 0;
	assert_int_equal(judged, 360);
	struct verdict v;
	int64_t as_of;
	struct facts facts = { .kind = FACTS_POST,
		               .author = (uint64_t)s->people[0].v,
		               .at_ms = s->now_ms,
		               .text = S(TEXT) };
	assert_ok(remember_screen(s->c, &facts, s->mem, &v, &as_of));
	assert_int_equal(as_of, page[n - 1].observation.seq);
	assert_true(v.recollection.copy_authors == 6);
	str in_force = remember_policy(s->c, s->mem);
	stage_reopen(s);
	str again = remember_policy(s->c, s->mem);
	assert_true(str_eq(in_force, again));
}

/* ---- announced, urgent, back ---- */

/* The same policy with another weight and other words. */
#define WEIGHS(name, weight)                                                                                 \
	"policy \"" name "\" version 1\n"                                                                    \
	"ladder label from 0.2 hold from 0.6 end\n"                                                          \
	"words fruit \"柿子熟了\" matches \"院子里的柿子熟了\" passes \"今天吃饺子\" end\n" \
	"rule fruit clause \"b.1\" owner \"stewards\" status live harm marketing "                           \
	"dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT\n"                                                    \
	"  evidence " weight " when words(fruit) >= 1\n"                                                     \
	"  en \"It names a fruit.\" zh \"它提到了柿子。\" pass en \"Without.\" zh \"不提。\" "     \
	"false_positives \"many\"\n"                                                                         \
	"  fires \"院子里的柿子熟了\" silent \"今天吃饺子\" end\n"

static str mild(void) { return bundle(S(WEIGHS("mild", "0.3"))); }
static str strict(void) { return bundle(S(WEIGHS("strict", "0.9"))); }
static str stricter(void) { return bundle(S(WEIGHS("stricter", "0.95"))); }

static bool in_force(str hash)
{
	str now = remember_policy(s->c, s->mem);
	return str_eq(now, hash);
}

static enum policy_state state_of(str hash)
{
	struct enacted_policy found;
	assert_ok(enact_find(s->c, hash, s->mem, &found));
	return found.row.state;
}

static struct measure measure_on(struct status_ref ref)
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

/* The kinds of records about policies, oldest first, without "policy.". */
static err add_kind(void *ctx, const struct audit_step *step)
{
	const struct audit_row *row = step->row;
	if (!row)
		return OK;
	str *kinds = ctx;
	if (str_starts(row->kind, S("policy.")))
		*kinds = str_format(s->mem, "%.*s%s%.*s", STR_ARG(*kinds), kinds->n ? " " : "",
		                    STR_ARG(str_slice(row->kind, 7, row->kind.n)));
	return OK;
}

static str records(void)
{
	struct conn *conn = NULL;
	str kinds = STR_NONE;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(audits_each(conn, 1, add_kind, &kinds));
	store_read_end(s->c->store, &conn);
	return kinds;
}

static void a_stricter_version_waits_seven_days(void **state)
{
	struct enacted out;
	(void)state;
	str before = remember_policy(s->c, s->mem);
	assert_ok(publish(mild(), &out));
	assert_int_equal(out.state, POLICY_ANNOUNCED);
	assert_int_equal(out.binds_at_ms, s->now_ms + ENACT_NOTICE_MS);
	assert_true(in_force(before));
	assert_int_equal(measure_on(stage_post(s, 2, TEXT)).kind, MEASURE_KINDS);
	pass(ENACT_NOTICE_MS - 1);
	assert_true(in_force(before));
	stage_reopen(s); /* what waits is in the store alone */
	remember_wait(s->c);
	assert_ok(enact_tick(s->c, s->now_ms));
	assert_true(in_force(before));
	pass(1);
	assert_true(in_force(out.hash));
	assert_int_equal(state_of(out.hash), POLICY_IN_FORCE);
	assert_int_equal(measure_on(stage_post(s, 3, TEXT)).kind, MEASURE_LABEL);
	assert_text(records(), "announced bound");
	stage_reopen(s);
	assert_true(in_force(out.hash));
}

static void what_only_takes_away_binds_at_once(void **state)
{
	struct enacted out;
	(void)state;
	str first = bind(strict());
	assert_ok(publish(mild(), &out));
	assert_int_equal(out.state, POLICY_IN_FORCE);
	assert_true(in_force(out.hash));
	assert_int_equal(state_of(first), POLICY_REPLACED);
	assert_int_equal(measure_on(stage_post(s, 3, TEXT)).kind, MEASURE_LABEL);
	assert_text(records(), "announced bound bound");
}

static void one_version_at_a_time_is_announced_and_it_can_be_withdrawn(void **state)
{
	struct enacted first, out;
	(void)state;
	str before = remember_policy(s->c, s->mem);
	assert_ok(publish(mild(), &first));
	assert_fails(publish(mild(), &out), ERR_CONFLICT);
	assert_fails(publish(strict(), &out), ERR_CONFLICT);
	assert_fails(enact_rollback(s->c, first.hash, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_ok(enact_withdraw(s->c, first.hash, s->people[0], s->now_ms, s->mem, &out));
	assert_int_equal(state_of(first.hash), POLICY_WITHDRAWN);
	assert_fails(enact_withdraw(s->c, first.hash, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	pass(2 * ENACT_NOTICE_MS);
	assert_true(in_force(before));
	assert_ok(publish(strict(), &out)); /* the place is free */
	assert_text(records(), "announced withdrawn announced");
	assert_fails(enact_withdraw(s->c, S("nothing"), s->people[0], s->now_ms, s->mem, &out),
	             ERR_MISSING);
}

static void an_urgent_version_ends_by_itself_with_what_it_did(void **state)
{
	struct enacted out;
	(void)state;
	stage_befriend(s, 4, 5);
	str before = bind(mild());
	struct status_ref early = stage_post(s, 2, TEXT);
	assert_ok(publish_as(strict(), true, &out));
	assert_int_equal(out.state, POLICY_IN_FORCE);
	assert_int_equal(out.urgent_until_ms, s->now_ms + ENACT_URGENT_MS);
	struct status_ref held = stage_post(s, 3, TEXT);
	assert_int_equal(measure_on(held).kind, MEASURE_HOLD);
	pass(ENACT_URGENT_MS - 1);
	assert_true(in_force(out.hash));
	struct status_ref last = stage_post(s, 4, TEXT);
	assert_int_equal(measure_on(last).state, MEASURE_ACTIVE);
	assert_false(stage_sees(s, 5, last));
	stage_reopen(s);
	remember_wait(s->c);
	pass(1);
	assert_true(in_force(before));
	assert_int_equal(state_of(out.hash), POLICY_WITHDRAWN);
	assert_int_equal(measure_on(last).state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 5, last));
	assert_int_equal(measure_on(early).state, MEASURE_ACTIVE);
	assert_text(records(), "announced bound urgent ended");
	/* Not again by the same way. */
	assert_fails(publish_as(strict(), true, &out), ERR_CONFLICT);
	assert_ok(publish(strict(), &out));
	assert_int_equal(out.state, POLICY_ANNOUNCED);
}

static void one_urgent_version_after_another_shares_the_clock(void **state)
{
	struct enacted first, second;
	(void)state;
	str before = bind(mild());
	assert_ok(publish_as(strict(), true, &first));
	pass(ENACT_URGENT_MS / 2);
	assert_ok(publish_as(stricter(), true, &second));
	assert_int_equal(second.urgent_until_ms, first.urgent_until_ms);
	assert_int_equal(state_of(first.hash), POLICY_WITHDRAWN);
	pass(ENACT_URGENT_MS / 2);
	assert_true(in_force(before)); /* and not the first of the two */
}

static void an_urgent_version_published_with_notice_stays(void **state)
{
	struct enacted urgent, out;
	(void)state;
	(void)bind(mild());
	assert_ok(publish_as(strict(), true, &urgent));
	pass(1000);
	assert_fails(publish_as(strict(), true, &out), ERR_CONFLICT);
	assert_ok(publish(strict(), &out));
	assert_int_equal(out.binds_at_ms, s->now_ms + ENACT_NOTICE_MS);
	assert_fails(publish(strict(), &out), ERR_CONFLICT);
	assert_fails(publish(stricter(), &out), ERR_CONFLICT);
	pass(ENACT_NOTICE_MS);
	pass(ENACT_URGENT_MS);
	pass(ENACT_URGENT_MS);
	assert_true(in_force(urgent.hash));
	assert_text(records(), "announced bound urgent announced bound");
}

/* Published with notice so late that the urgent one ends before: it goes, and comes back. */
static void between_urgent_and_bound_it_does_not_bind(void **state)
{
	struct enacted urgent, out;
	(void)state;
	str before = bind(mild());
	assert_ok(publish_as(strict(), true, &urgent));
	pass(ENACT_URGENT_MS - 1000);
	assert_ok(publish(strict(), &out));
	pass(1000);
	assert_true(in_force(before));
	assert_int_equal(state_of(urgent.hash), POLICY_ANNOUNCED);
	pass(ENACT_NOTICE_MS);
	assert_true(in_force(urgent.hash));
	assert_int_equal(state_of(urgent.hash), POLICY_IN_FORCE);
	pass(2 * ENACT_URGENT_MS);
	assert_true(in_force(urgent.hash));
	assert_text(records(), "announced bound urgent announced ended bound");
}

static void what_is_announced_binds_though_another_is_urgent(void **state)
{
	struct enacted announced, urgent;
	(void)state;
	str before = bind(mild());
	assert_ok(publish(strict(), &announced));
	pass(1000);
	assert_ok(publish_as(stricter(), true, &urgent));
	assert_true(in_force(urgent.hash));
	pass(ENACT_NOTICE_MS);
	assert_true(in_force(announced.hash));
	assert_int_equal(state_of(urgent.hash), POLICY_WITHDRAWN);
	struct enacted out;
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_text(out.hash, str_to_c(s->mem, before));
}

/* An announced one is pulled forward: it binds at once, and for good when its notice is over. */
static void what_is_announced_may_become_urgent(void **state)
{
	struct enacted announced, urgent;
	(void)state;
	(void)bind(mild());
	assert_ok(publish(strict(), &announced));
	pass(1000);
	assert_ok(publish_as(strict(), true, &urgent));
	assert_true(in_force(announced.hash));
	assert_int_equal(urgent.binds_at_ms, announced.binds_at_ms);
	pass(ENACT_NOTICE_MS);
	pass(ENACT_URGENT_MS);
	assert_true(in_force(announced.hash));
}

static void a_rollback_lifts_what_the_version_did_and_says_so(void **state)
{
	struct enacted out;
	(void)state;
	stage_befriend(s, 3, 4);
	str before = bind(mild()), now = bind(strict());
	struct status_ref held = stage_post(s, 3, TEXT);
	assert_false(stage_sees(s, 4, held));
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_int_equal(out.lifted, 1);
	assert_true(in_force(before));
	assert_int_equal(state_of(now), POLICY_WITHDRAWN);
	assert_int_equal(measure_on(held).state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 4, held));
	assert_text(records(), "announced bound announced bound rolled-back");
}

/* A rollback is no way around the notice. */
static void a_rollback_to_what_may_be_stricter_is_an_undo_and_no_more(void **state)
{
	struct enacted out;
	(void)state;
	str old = bind(strict());
	assert_ok(publish(mild(), &out));
	str now = out.hash;
	pass(ENACT_NOTICE_MS - 1);
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_true(in_force(old));
	assert_ok(publish(mild(), &out)); /* and loosened again, for a long time */
	pass(ENACT_NOTICE_MS);
	assert_fails(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_fails(enact_rollback(s->c, old, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
	assert_true(in_force(now));
	/* Of a version that was never in force no more. */
	assert_ok(publish(stricter(), &out));
	str never = out.hash;
	assert_ok(enact_withdraw(s->c, never, s->people[0], s->now_ms, s->mem, &out));
	assert_fails(enact_rollback(s->c, never, s->people[0], s->now_ms, s->mem, &out),
	             ERR_CONFLICT);
}

#define SOUP "今天煮了一锅汤，味道很好，明天再煮一锅给大家喝"
#define SOUP_RULE                                                                                           \
	"words soup \"煮了一锅汤\" matches \"今天煮了一锅汤\" passes \"今天吃饺子\" end\n" \
	"rule soup clause \"b.2\" owner \"stewards\" status live harm marketing "                           \
	"dsa OTHER_VIOLATION_TC / HIDDEN_ADVERTISEMENT\n"                                                   \
	"  evidence 0.9 when words(soup) >= 1\n"                                                            \
	"  en \"It names a soup.\" zh \"它提到了汤。\" pass en \"Without.\" zh \"不提。\" "        \
	"false_positives \"many\"\n"                                                                        \
	"  fires \"今天煮了一锅汤\" silent \"今天吃饺子\" end\n"

/* What the version before would have done as well is done still. */
static void an_urgent_version_that_ends_releases_its_own_alone(void **state)
{
	struct enacted out;
	(void)state;
	(void)bind(strict());
	assert_ok(publish_as(bundle(S(WEIGHS("soup", "0.9") SOUP_RULE)), true, &out));
	pass(ENACT_URGENT_MS - 1);
	struct status_ref fruit = stage_post(s, 2, TEXT), soup = stage_post(s, 3, SOUP),
			  both = stage_post(s, 4, TEXT SOUP);
	assert_int_equal(measure_on(both).kind, MEASURE_HOLD);
	pass(1);
	assert_int_equal(measure_on(fruit).state, MEASURE_ACTIVE);
	assert_int_equal(measure_on(soup).state, MEASURE_RELEASED);
	assert_int_equal(measure_on(both).state, MEASURE_RELEASED); /* it had a part in it */
}

static struct measure notice_to(int who)
{
	struct conn *conn = NULL;
	struct measure *all;
	size_t n;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, s->people[who], (measure_id){ 0 }, 100, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == MEASURE_NOTICE)
			return all[i];
	return (struct measure){ .kind = MEASURE_KINDS };
}

/* Also what a steward confirmed, and what the person got for it. */
static void a_rollback_lifts_what_was_kept_and_what_is_on_persons(void **state)
{
	struct seen_measure seen;
	struct enacted out;
	(void)state;
	stage_befriend(s, 3, 4);
	(void)bind(mild());
	(void)bind(strict());
	struct status_ref held = stage_post(s, 3, TEXT);
	assert_ok(review_decide(s->c, s->people[1], measure_on(held).id, false, S("It is so."),
	                        s->now_ms, s->mem, &seen));
	assert_int_equal(measure_on(held).state, MEASURE_KEPT);
	assert_int_equal(notice_to(3).state, MEASURE_ACTIVE);
	assert_ok(enact_rollback(s->c, STR_NONE, s->people[0], s->now_ms, s->mem, &out));
	assert_int_equal(measure_on(held).state, MEASURE_RELEASED);
	assert_int_equal(notice_to(3).state, MEASURE_RELEASED);
	assert_true(stage_sees(s, 4, held));
	struct conn *conn = NULL;
	struct standing standing;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(order_standing(conn, s->people[3], s->now_ms, s->mem, &standing));
	store_read_end(s->c->store, &conn);
	assert_int_equal(standing.points, 0);
}

/* ---- a clock that jumps ---- */

static struct two_clocks {
	int64_t wall_ms, mono_ms;
} two;

static int64_t wall(void *ctx) { return ((const struct two_clocks *)ctx)->wall_ms; }
static int64_t mono(void *ctx) { return ((const struct two_clocks *)ctx)->mono_ms; }

static void ticks(int64_t wall_by_ms, int64_t mono_by_ms)
{
	two.wall_ms += wall_by_ms;
	two.mono_ms += mono_by_ms;
	assert_ok(order_tick(s->c, two.wall_ms, two.mono_ms));
	assert_ok(enact_tick(s->c, two.wall_ms));
}

static void a_clock_that_jumps_binds_and_ends_nothing_early(void **state)
{
	const int64_t year_ms = INT64_C(365) * 24 * 3600 * 1000, hour_ms = INT64_C(3600) * 1000;
	static const int64_t jumps[] = { 1, -1 };
	struct enacted out;
	(void)state;
	str before = bind(mild());
	two = (struct two_clocks){ s->now_ms, s->now_ms };
	s->c->clock = (struct clock){ &two, wall, mono };
	assert_ok(publish(strict(), &out));
	for (size_t i = 0; i < COUNT(jumps); i++) {
		ticks(jumps[i] * year_ms, 60 * 1000);
		assert_true(in_force(before));
		ticks(-jumps[i] * year_ms, 60 * 1000);
		assert_true(in_force(before));
	}
	/* What is published while the clock is wrong waits as long as anything. */
	assert_ok(enact_withdraw(s->c, out.hash, s->people[0], two.wall_ms, s->mem, &out));
	ticks(year_ms, 1000);
	s->now_ms = two.wall_ms;
	assert_ok(publish(stricter(), &out));
	assert_int_equal(out.binds_at_ms, two.wall_ms - year_ms + 1000 + ENACT_NOTICE_MS);
	ticks(-year_ms, 1000);
	ticks(ENACT_NOTICE_MS - hour_ms, ENACT_NOTICE_MS - hour_ms);
	assert_true(in_force(before));
	ticks(hour_ms + 1000, hour_ms + 1000);
	assert_true(in_force(out.hash));
	s->c->clock = clock_fixed(&s->now_ms);
}

static err leave_unlifted(struct conn *tx, void *ctx)
{
	return policies_lift(tx, *(const str *)ctx, LIFTS_ALL);
}

/* The server ended after the version was withdrawn and before all was released. */
static void what_was_to_be_lifted_is_lifted_after_a_restart(void **state)
{
	(void)state;
	str now = bind(strict());
	struct status_ref held = stage_post(s, 3, TEXT);
	assert_ok(verb_write(s->c, leave_unlifted, NULL, &now));
	stage_reopen(s);
	remember_wait(s->c);
	assert_int_equal(measure_on(held).state, MEASURE_ACTIVE);
	assert_ok(enact_tick(s->c, s->now_ms));
	assert_int_equal(measure_on(held).state, MEASURE_RELEASED);
}

static void what_it_changes_and_whom_it_would_have_hit_is_attached(void **state)
{
	struct enacted_policy found;
	struct enacted out;
	(void)state;
	(void)bind(mild());
	stage_post(s, 2, TEXT);
	stage_post(s, 3, "今天吃饺子");
	assert_ok(publish(strict(), &out));
	assert_ok(enact_find(s->c, out.hash, s->mem, &found));
	assert_text(
		found.row.differences,
		"[{\"kind\":\"changed\",\"what\":\"fruit\",\"en\":\"It weighs 0.9 instead of 0.3 "
		"when words(fruit) >= 1.\",\"zh\":\"当 words(fruit) >= 1 时，分量从 0.3 变为 0.9。\"}]");
	assert_true(str_starts(found.row.rehearsal,
	                       S("{\"days\":30,\"pieces\":2,\"changed\":1,\"cohorts\":[")));
	assert_true(found.row.published_by.v == s->people[0].v);
	assert_int_equal(found.n_files, 1);
	assert_text(found.files[0].file, "a.policy");
}

static void all_versions_are_listed_with_the_default_one(void **state)
{
	struct stored_policy *list;
	struct enacted out;
	size_t n;
	(void)state;
	str standard = remember_policy(s->c, s->mem);
	assert_ok(enact_list(s->c, s->mem, &list, &n));
	assert_int_equal(n, 1);
	assert_text(list[0].hash, str_to_c(s->mem, standard));
	assert_int_equal(list[0].state, POLICY_IN_FORCE);
	(void)bind(mild());
	pass(1000);
	assert_ok(publish(strict(), &out));
	assert_ok(enact_list(s->c, s->mem, &list, &n));
	assert_int_equal(n, 3);
	assert_int_equal(list[0].state, POLICY_ANNOUNCED);
	assert_int_equal(list[1].state, POLICY_IN_FORCE);
	assert_int_equal(list[2].state, POLICY_REPLACED);
	assert_text(list[2].hash, str_to_c(s->mem, standard));
	struct enacted_policy found;
	assert_ok(enact_find(s->c, standard, s->mem, &found));
	assert_true(found.n_files > 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_source_that_came_broken_is_refused),
		TEST(a_stricter_version_waits_seven_days),
		TEST(what_only_takes_away_binds_at_once),
		TEST(one_version_at_a_time_is_announced_and_it_can_be_withdrawn),
		TEST(an_urgent_version_ends_by_itself_with_what_it_did),
		TEST(one_urgent_version_after_another_shares_the_clock),
		TEST(an_urgent_version_published_with_notice_stays),
		TEST(between_urgent_and_bound_it_does_not_bind),
		TEST(what_is_announced_binds_though_another_is_urgent),
		TEST(what_is_announced_may_become_urgent),
		TEST(a_rollback_lifts_what_the_version_did_and_says_so),
		TEST(a_rollback_to_what_may_be_stricter_is_an_undo_and_no_more),
		TEST(an_urgent_version_that_ends_releases_its_own_alone),
		TEST(a_rollback_lifts_what_was_kept_and_what_is_on_persons),
		TEST(a_clock_that_jumps_binds_and_ends_nothing_early),
		TEST(what_was_to_be_lifted_is_lifted_after_a_restart),
		TEST(what_it_changes_and_whom_it_would_have_hit_is_attached),
		TEST(all_versions_are_listed_with_the_default_one),
		TEST(pieces_written_while_a_policy_is_published_are_all_remembered),
	};
	return cmocka_run_group_tests_name("enact", tests, NULL, NULL);
}
