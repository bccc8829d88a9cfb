/* Another policy takes its place while people write: nothing is lost, and each piece is judged by one whole policy. */
#include "circle/enact.h"

#include "circle/remember.h"
#include "circle/stage_testing.h"
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

static err publish(str source, struct enacted *out)
{
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones;
	size_t n_failed;
	return enact_publish(s->c, source, s->now_ms, s->mem, out, &fault, &failed_ones, &n_failed);
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
			err e = enact_publish(stage->c, sources[(k + i) % 2], stage->now_ms + k,
			                      mem, &done, &fault, &failed_ones, &n_failed);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_source_that_came_broken_is_refused),
		TEST(pieces_written_while_a_policy_is_published_are_all_remembered),
	};
	return cmocka_run_group_tests_name("enact", tests, NULL, NULL);
}
