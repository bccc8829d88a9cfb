/* A stream from its beginning to its end: what was missed before, how many there may be, and nothing after the end of a session. */
#include "circle/live.h"

#include "circle/live_testing.h"
#include "circle/secret.h"

static void the_end_of_a_session_ends_its_streams(void **state)
{
	struct stage *s = ear_stage();
	struct ear one, other;
	(void)state;
	ear_open(s, &one, 3);
	ear_open(s, &other, 3);
	stage_post(s, 2, "told to neither after this");
	assert_ok(admit_revoke(s->c, s->people[3], one.session));
	assert_int_equal(one.ended, 1);
	assert_int_equal(other.ended, 0);
	assert_string_equal(ear_heard(&one), "O");
	assert_string_equal(ear_heard(&other), "P");
	assert_ok(admit_revoke_others(s->c, s->people[3], (session_id){ 0 }));
	assert_int_equal(other.ended, 1);
	assert_string_equal(ear_heard(&other), "O");
	live_close(one.stream);
	live_close(other.stream);
	stage_free(s);
}

static void seals_and_blocks_end_streams(void **state)
{
	struct stage *s = ear_stage();
	struct ear author, friend, other;
	(void)state;
	ear_open(s, &author, 2);
	ear_open(s, &friend, 3);
	ear_open(s, &other, 4);
	assert_ok(befriend_block(s->c, s->people[2], s->people[3], s->now_ms));
	assert_string_equal(ear_heard(&author), "O");
	assert_string_equal(ear_heard(&friend), "O");
	assert_string_equal(ear_heard(&other), "");
	assert_ok(stage_seal(s->c, s->people[4], true, s->now_ms));
	assert_int_equal(other.ended, 1);
	assert_string_equal(ear_heard(&other), "O");
	live_close(author.stream);
	live_close(friend.stream);
	live_close(other.stream);
	stage_free(s);
}

static void an_expired_session_hears_nothing(void **state)
{
	struct stage *s = ear_stage();
	struct session_draft draft = { .person = s->people[3],
		                       .kind = SESSION_SHELL,
		                       .expires_at_ms = s->now_ms + 1000 };
	struct session session;
	struct ear ear = { .stage = s, .who = 3 };
	str token;
	(void)state;
	assert_ok(admit_session(s->c, &draft, s->now_ms, s->mem, &session, &token));
	struct live_draft live = { .person = s->people[3],
		                   .session = session.id,
		                   .token = secret_hash_of(token),
		                   .wake = ear_woken,
		                   .end = ear_ended,
		                   .ctx = &ear };
	assert_ok(live_open(s->c, &live, &ear.stream));
	stage_post(s, 2, "too late");
	s->now_ms += 1000;
	assert_string_equal(ear_heard(&ear), "O");
	live_close(ear.stream);
	stage_free(s);
}

static void what_was_missed_is_told_as_it_stands_now(void **state)
{
	struct stage *s = ear_stage();
	struct ear ear;
	(void)state;
	ear_open(s, &ear, 3);
	stage_post(s, 2, "first");
	assert_string_equal(ear_heard(&ear), "P");
	int64_t last = ear.event.id;
	live_close(ear.stream);

	struct status_ref second = stage_post(s, 2, "second");
	struct status_ref third = stage_post(s, 2, "third");
	assert_ok(publish_delete(s->c, s->people[2], &second, s->now_ms));
	ear_open_after(s, &ear, 3, last);
	assert_string_equal(ear_heard(&ear),
	                    "PG"); /* the second is not told any more, but that it went */
	live_close(ear.stream);

	assert_ok(befriend_end(s->c, s->people[2], s->people[3]));
	ear_open_after(s, &ear, 3, last);
	assert_string_equal(ear_heard(&ear), "");
	(void)third;
	live_close(ear.stream);
	stage_free(s);
}

static void too_much_that_was_missed_is_read_anew(void **state)
{
	struct stage *s = ear_stage();
	struct ear ear;
	(void)state;
	ear_open(s, &ear, 3);
	stage_post(s, 2, "first");
	assert_string_equal(ear_heard(&ear), "P");
	int64_t last = ear.event.id;
	for (int i = 0; i < LIVE_KEPT + 10; i++) /* and it does not ask meanwhile */
		live_requests(s->c->live, s->people[3]);
	assert_string_equal(ear_heard(&ear), "M");
	live_requests(s->c->live, s->people[3]);
	assert_string_equal(ear_heard(&ear), "R");
	int64_t then = ear.event.id;
	live_close(ear.stream);

	ear_open_after(s, &ear, 3, last);
	assert_string_equal(ear_heard(&ear), "M");
	live_close(ear.stream);

	for (int i = 0; i < LIVE_REPLAYED + 1; i++)
		live_requests(s->c->live, s->people[3]);
	ear_open_after(s, &ear, 3, then);
	int told = 0;
	while (ear_ask(&ear) == LIVE_EVENT)
		told++;
	assert_int_equal(told, LIVE_REPLAYED);
	assert_int_equal(ear_ask(&ear), LIVE_NOTHING);
	live_close(ear.stream);

	ear_open_after(s, &ear, 3, 1); /* of a server that is no more */
	assert_string_equal(ear_heard(&ear), "M");
	live_close(ear.stream);
	ear_open_after(s, &ear, 3, INT64_MAX);
	assert_string_equal(ear_heard(&ear), "");
	live_close(ear.stream);
	stage_free(s);
}

static void others_events_do_not_count_as_missed(void **state)
{
	struct stage *s = ear_stage();
	struct ear ear;
	(void)state;
	ear_open(s, &ear, 3);
	for (int i = 0; i < 2 * LIVE_KEPT; i++)
		live_requests(s->c->live, s->people[5]);
	stage_post(s, 2, "at last");
	assert_string_equal(ear_heard(&ear), "P");
	live_close(ear.stream);
	stage_free(s);
}

static void one_person_has_so_many_streams(void **state)
{
	struct stage *s = ear_stage();
	struct ear ears[LIVE_STREAMS_OF_ONE], last;
	struct live_draft draft = {
		.person = s->people[3], .wake = ear_woken, .end = ear_ended, .ctx = &last
	};
	(void)state;
	for (int i = 0; i < LIVE_STREAMS_OF_ONE; i++)
		ear_open(s, &ears[i], 3);
	assert_fails(live_open(s->c, &draft, &last.stream), ERR_LIMIT);
	live_close(ears[0].stream);
	assert_ok(live_open(s->c, &draft, &last.stream));
	live_close(last.stream);
	for (int i = 1; i < LIVE_STREAMS_OF_ONE; i++)
		live_close(ears[i].stream);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_a_session_ends_its_streams),
		cmocka_unit_test(seals_and_blocks_end_streams),
		cmocka_unit_test(an_expired_session_hears_nothing),
		cmocka_unit_test(what_was_missed_is_told_as_it_stands_now),
		cmocka_unit_test(too_much_that_was_missed_is_read_anew),
		cmocka_unit_test(others_events_do_not_count_as_missed),
		cmocka_unit_test(one_person_has_so_many_streams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
