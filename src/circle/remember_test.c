/* What is judged is written down with the piece, and what is written down is remembered: now, after a restart, and in the order
 * of commits whoever wrote. */
#include "circle/remember.h"

#include "circle/admit.h"
#include "circle/bulk.h"
#include "circle/stage_testing.h"
#include "store/screenings.h"

#include <math.h>
#include <string.h>

#define TEXT "今天新到一批手工陶碗，釉色都不一样，喜欢的朋友留言，周末可以来店里看"
#define AD STAGE_AD

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

static int64_t last_seq(void)
{
	struct conn *conn = NULL;
	int64_t seq;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(screenings_last_seq(conn, &seq));
	store_read_end(s->c->store, &conn);
	return seq;
}

static struct screened find(struct status_ref ref)
{
	struct conn *conn = NULL;
	struct screened found;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(screenings_find(conn, &ref, s->mem, &found));
	store_read_end(s->c->store, &conn);
	return found;
}

static struct verdict ask(int author, const char *text, int64_t *as_of)
{
	struct verdict v;
	struct facts facts = { .kind = FACTS_POST,
		               .author = (uint64_t)s->people[author].v,
		               .at_ms = s->now_ms,
		               .text = str_of(text) };
	assert_ok(remember_screen(s->c, &facts, s->mem, &v, as_of));
	return v;
}

static void every_piece_leaves_a_record_with_its_facts(void **state)
{
	(void)state;
	stage_befriend(s, 2, 3);
	int64_t before = last_seq();
	struct status_ref post = stage_post(s, 2, TEXT),
			  comment = stage_comment(s, 3, post, "好看");
	struct screened p = find(post), c = find(comment);
	assert_int_equal(p.observation.seq, before + 1);
	assert_int_equal(c.observation.seq, before + 2);
	assert_true(p.kind == FACTS_POST && c.kind == FACTS_COMMENT);
	assert_int_equal(p.author.v, s->people[2].v);
	assert_int_equal(c.author.v, s->people[3].v);
	assert_int_equal(p.as_of_seq, before);
	assert_int_equal(p.author_friends, 2); /* one, and one more so that none is known */
	assert_int_equal(p.author_since_ms, s->now_ms);
	assert_int_equal(p.observation.at_ms, s->now_ms);
	assert_int_equal(p.action, ACTION_ALLOW);
	assert_true(p.policy.n > 0 && p.model.n > 0);
	assert_true(p.observation.signature.shingles > 0);
}

static void what_others_wrote_is_known_at_the_next_piece(void **state)
{
	int64_t as_of;
	(void)state;
	assert_true(ask(2, TEXT, &as_of).recollection.copy_authors == 0);
	stage_post(s, 3, TEXT);
	stage_post(s, 4, TEXT);
	struct verdict v = ask(2, TEXT, &as_of);
	assert_true(v.recollection.copy_authors == 2 && v.recollection.copy_depth == 1);
	assert_int_equal(as_of, last_seq());
	/* Repeating oneself is no copy. */
	assert_true(ask(3, TEXT, &as_of).recollection.copy_depth == 0);
}

/* Else a verdict would tell that somebody wrote the same for nobody's eyes. */
static void what_is_for_its_author_alone_is_compared_with_nothing(void **state)
{
	static const char words[] = "团购秋月梨，一箱五十八，要的周五前报数，周六到门口";
	struct published out;
	struct post_draft draft = { .text = str_of(words), .audience = { .kind = AUDIENCE_SELF } };
	int64_t as_of;
	(void)state;
	assert_ok(publish_post(s->c, s->people[5], &draft, s->now_ms, s->mem, &out));
	struct screened p = find((struct status_ref){ s->people[5], out.post.gate.id, { 0 } });
	assert_int_equal(p.observation.signature.shingles, 0);
	assert_int_equal(p.observation.handle, 0);
	struct status_ref mine = { s->people[5], out.post.gate.id, { 0 } };
	p = find(
		stage_comment(s, 5, mine, words)); /* nobody else reads what is said there either */
	assert_int_equal(p.observation.signature.shingles, 0);
	assert_true(ask(2, words, &as_of).recollection.copy_authors == 0);
	stage_post(s, 4, words);
	assert_true(ask(2, words, &as_of).recollection.copy_authors == 1);
}

static void a_restart_remembers_all_of_it(void **state)
{
	int64_t as_of;
	(void)state;
	for (int i = 2; i < 7; i++)
		stage_post(s, i, i % 2 ? TEXT : AD);
	struct verdict was = ask(7, TEXT, &as_of);
	int64_t was_as_of = as_of;
	stage_reopen(s);
	remember_wait(s->c);
	struct verdict is = ask(7, TEXT, &as_of);
	assert_int_equal(as_of, was_as_of);
	assert_true(is.recollection.copy_authors == was.recollection.copy_authors &&
	            is.recollection.copy_depth == was.recollection.copy_depth);
	assert_int_equal(is.reading_count, was.reading_count);
	assert_memory_equal(is.readings, was.readings, is.reading_count * sizeof(double));
	assert_true(is.malice == was.malice && is.action == was.action);
}

static void what_is_older_than_it_can_matter_is_left_out(void **state)
{
	int64_t as_of;
	(void)state;
	stage_post(s, 3, TEXT);
	s->now_ms += INT64_C(40) * 86400000;
	stage_reopen(s);
	remember_wait(s->c);
	assert_true(ask(2, TEXT, &as_of).recollection.copy_authors == 0);
	struct status_ref ref = stage_post(s, 2, TEXT);
	assert_int_equal(find(ref).observation.seq, last_seq());
}

static void a_deleted_piece_leaves_its_record(void **state)
{
	int64_t as_of;
	(void)state;
	struct status_ref ref = stage_post(s, 3, TEXT);
	assert_ok(publish_delete(s->c, s->people[3], &ref, s->now_ms));
	assert_int_equal(find(ref).author.v, s->people[3].v);
	stage_reopen(s);
	remember_wait(s->c);
	assert_true(ask(2, TEXT, &as_of).recollection.copy_authors == 1);
}

static void words_that_would_be_held_are_refused_with_what_would_pass(void **state)
{
	str ad = S(AD), fine = S("爱做饭，爱爬山");
	struct person out;
	(void)state;
	int64_t before = last_seq();
	assert_blames(admit_profile(s->c, s->people[2], &(struct profile_draft){ .note = &ad },
	                            s->now_ms, s->mem, &out),
	              ERR_INPUT, "note");
	assert_blames(befriend_request(s->c, s->people[2], s->people[3], ad, s->now_ms, s->mem),
	              ERR_INPUT, "kith_word");
	assert_int_equal(last_seq(), before);
	assert_ok(admit_profile(s->c, s->people[2], &(struct profile_draft){ .note = &fine },
	                        s->now_ms, s->mem, &out));
	assert_text(out.note, "爱做饭，爱爬山");
	assert_ok(befriend_request(s->c, s->people[2], s->people[3], S("我是小林"), s->now_ms,
	                           s->mem));
	assert_int_equal(last_seq(), before + 2);
}

static void write_one(struct stage *stage, int i, void *ctx)
{
	struct arena *mem = arena_new(1 << 14);
	(void)ctx;
	for (int k = 0; k < 20; k++) {
		struct published out;
		struct post_draft draft = { .text = S(TEXT) };
		err e = publish_post(stage->c, stage->people[2 + i], &draft, stage->now_ms, mem,
		                     &out);
		sure(!failed(e));
	}
	arena_free(mem);
}

static void many_at_once_are_observed_in_the_order_of_commits(void **state)
{
	int64_t as_of;
	(void)state;
	int64_t before = last_seq();
	stage_race(s, 6, write_one, NULL);
	assert_int_equal(last_seq(), before + 120);
	struct verdict was = ask(0, TEXT, &as_of);
	assert_int_equal(as_of, before + 120);
	assert_true(was.recollection.copy_authors == 6);
	stage_reopen(s);
	remember_wait(s->c);
	struct verdict is = ask(0, TEXT, &as_of);
	assert_memory_equal(is.readings, was.readings, is.reading_count * sizeof(double));
}

static err load(const char *const *authors, size_t n)
{
	struct bulk *b;
	err e = OK;
	bulk_open(s->c, true, s->now_ms, &b);
	for (size_t i = 0; !failed(e) && i < n; i++) {
		struct bulk_row row = { .kind = BULK_POST,
			                .key = str_format(s->mem, "k%zu", i),
			                .author = str_of(authors[i]),
			                .text = S(TEXT),
			                .at_ms = s->now_ms - 1000 + (int64_t)i };
		e = bulk_add(b, &row);
	}
	if (!failed(e))
		e = bulk_commit(b);
	bulk_close(&b);
	return e;
}

static void pieces_of_one_load_know_each_other(void **state)
{
	static const char *const authors[] = { "p02", "p03", "p04", "p05" };
	struct conn *conn = NULL;
	struct screened *page;
	size_t n;
	(void)state;
	int64_t before = last_seq();
	assert_ok(load(authors, COUNT(authors)));
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(screenings_after(conn, before, 100, s->mem, &page, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, COUNT(authors));
	for (size_t i = 0; i < n; i++)
		assert_true(page[i].recollection.copy_authors == (double)i &&
		            page[i].as_of_seq == before + (int64_t)i);
}

/* A tie over the cap makes the batch fail after its posts were judged. */
static void a_load_that_is_not_kept_is_forgotten(void **state)
{
	struct bulk *b;
	int64_t as_of;
	(void)state;
	s->c->friends_max = 0;
	bulk_open(s->c, true, s->now_ms, &b);
	struct bulk_row post = { .kind = BULK_POST,
		                 .key = S("k"),
		                 .author = S("p02"),
		                 .text = S(TEXT),
		                 .at_ms = s->now_ms },
			tie = { .kind = BULK_FRIENDSHIP, .a = S("p02"), .b = S("p03") };
	assert_ok(bulk_add(b, &post));
	assert_ok(bulk_add(b, &tie));
	assert_fails(bulk_commit(b), ERR_LIMIT);
	bulk_close(&b);
	remember_wait(s->c);
	assert_true(ask(3, TEXT, &as_of).recollection.copy_authors == 0);
	stage_post(s, 4, TEXT);
	assert_true(ask(3, TEXT, &as_of).recollection.copy_authors == 1);
}

/* Pieces that come while the past is being made are in it once, and are judged without it. */
static void pieces_written_during_a_rebuild_are_not_lost(void **state)
{
	int64_t as_of;
	(void)state;
	for (int i = 0; i < 5; i++) {
		stage_reopen(s);
		stage_race(s, 6, write_one, NULL);
		remember_wait(s->c);
		assert_true(ask(0, TEXT, &as_of).recollection.copy_authors == 6);
		assert_int_equal(as_of, last_seq());
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_piece_leaves_a_record_with_its_facts),
		TEST(what_others_wrote_is_known_at_the_next_piece),
		TEST(what_is_for_its_author_alone_is_compared_with_nothing),
		TEST(a_restart_remembers_all_of_it),
		TEST(what_is_older_than_it_can_matter_is_left_out),
		TEST(a_deleted_piece_leaves_its_record),
		TEST(words_that_would_be_held_are_refused_with_what_would_pass),
		TEST(many_at_once_are_observed_in_the_order_of_commits),
		TEST(pieces_of_one_load_know_each_other),
		TEST(a_load_that_is_not_kept_is_forgotten),
		TEST(pieces_written_during_a_rebuild_are_not_lost),
	};
	return cmocka_run_group_tests_name("remember", tests, NULL, NULL);
}
