/* What streams are told: what the door admits at that moment. */
#include "circle/live.h"

#include "circle/docket.h"
#include "circle/live_testing.h"
#include "circle/tag.h"
#include "circle/verb.h"

#include "model/measure.h"
#include "model/screened.h"
#include "store/screenings.h"

static void posts_are_told_to_those_who_may_see_them(void **state)
{
	struct stage *s = ear_stage();
	struct ear author, friend, stranger;
	(void)state;
	ear_open(s, &author, 2);
	ear_open(s, &friend, 3);
	ear_open(s, &stranger, 5);
	struct status_ref post = stage_post(s, 2, "good morning");
	assert_int_equal(friend.woken, 1);
	assert_string_equal(ear_heard(&author), "P");
	assert_string_equal(ear_heard(&friend), "P");
	assert_int_equal(friend.event.ref.post.v, post.post.v);
	assert_true(friend.event.home);
	assert_string_equal(ear_heard(&stranger), "");
	assert_string_equal(ear_heard(&friend), ""); /* once */

	assert_ok(befriend_hide_theirs(s->c, s->people[3], s->people[2], true, s->now_ms));
	stage_post(s, 2, "again");
	assert_string_equal(ear_heard(&friend), "P");
	assert_false(friend.event.home);
	live_close(author.stream);
	live_close(friend.stream);
	live_close(stranger.stream);
	stage_free(s);
}

static void what_happened_between_the_post_and_the_telling_counts(void **state)
{
	struct stage *s = ear_stage();
	struct ear ear, other;
	(void)state;
	ear_open(s, &ear, 3);
	ear_open(s, &other, 4);
	stage_post(s, 2, "for friends");
	assert_ok(befriend_end(s->c, s->people[2], s->people[3]));
	assert_string_equal(ear_heard(&ear), "");
	assert_string_equal(ear_heard(&other), "P");
	live_close(ear.stream);
	live_close(other.stream);
	stage_free(s);
}

static void reactions_are_told_to_those_who_may_see_them(void **state)
{
	struct stage *s = ear_stage();
	struct ear author, giver, other;
	(void)state;
	struct status_ref post = stage_post(s, 2, "a post");
	ear_open(s, &author, 2);
	ear_open(s, &giver, 3);
	ear_open(s, &other, 4);
	assert_ok(publish_like(s->c, s->people[3], &post, s->now_ms));
	assert_string_equal(ear_heard(&author), "CN"); /* and a notice */
	assert_string_equal(ear_heard(&giver), "C");
	assert_string_equal(ear_heard(&other), "");
	struct status_ref comment = stage_comment(s, 3, post, "what p04 may not see");
	assert_string_equal(ear_heard(&author), "CN");
	assert_string_equal(ear_heard(&other), "");
	stage_befriend(s, 3, 4);
	(void)ear_heard(&other);
	(void)ear_heard(&giver);
	assert_ok(publish_delete(s->c, s->people[3], &comment, s->now_ms));
	assert_string_equal(ear_heard(&other), "C");
	assert_string_equal(ear_heard(&author), "C");
	assert_false(author.event.words);
	live_close(author.stream);
	live_close(giver.stream);
	live_close(other.stream);
	stage_free(s);
}

static struct status_ref post_without(struct stage *s, int author, int without)
{
	struct audience audience = { .kind = AUDIENCE_EXCEPT,
		                     .n_people = 1,
		                     .people = &s->people[without] };
	struct post_draft draft = { .text = S("not for all"), .audience = audience };
	struct published out;
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	return (struct status_ref){ out.post.gate.author, out.post.gate.id, { 0 } };
}

static void what_is_gone_is_told_to_those_who_could_see_it(void **state)
{
	struct stage *s = ear_stage();
	struct ear author, in, out;
	(void)state;
	ear_open(s, &author, 2);
	ear_open(s, &in, 3);
	ear_open(s, &out, 4);
	struct status_ref post = post_without(s, 2, 4);
	assert_string_equal(ear_heard(&in), "P");
	assert_string_equal(ear_heard(&out), "");
	assert_ok(publish_delete(s->c, s->people[2], &post, s->now_ms));
	assert_string_equal(ear_heard(&in), "G");
	assert_int_equal(in.event.ref.post.v, post.post.v);
	assert_string_equal(ear_heard(&out), "");
	assert_string_equal(ear_heard(&author), "G"); /* did not ask before */

	post = stage_post(s, 2, "for both");
	assert_string_equal(ear_heard(&in), "P");
	assert_string_equal(ear_heard(&out), "P");
	struct audience narrower = { .kind = AUDIENCE_EXCEPT,
		                     .n_people = 1,
		                     .people = &s->people[4] };
	struct change_draft change = { .audience = &narrower };
	assert_ok(publish_change(s->c, s->people[2], &post, &change, s->now_ms, s->mem));
	assert_string_equal(ear_heard(&out), "G");
	assert_string_equal(ear_heard(&in), "");
	live_close(author.stream);
	live_close(in.stream);
	live_close(out.stream);
	stage_free(s);
}

static void holds_take_away_and_releases_bring(void **state)
{
	struct stage *s = ear_stage();
	struct ear author, friend;
	(void)state;
	struct status_ref post = stage_post(s, 2, "a post");
	struct status_ref comment = stage_comment(s, 2, post, "and a word");
	ear_open(s, &author, 2);
	ear_open(s, &friend, 3);
	assert_true(stage_sees(s, 3, post)); /* and it is in the cache */
	world_set_held(s->c->world, post.post_author, post.post, (comment_id){ 0 },
	               s->now_ms + 1000);
	assert_string_equal(ear_heard(&friend), "G");
	assert_string_equal(ear_heard(&author), ""); /* sees it still */
	world_set_held(s->c->world, post.post_author, post.post, (comment_id){ 0 }, 0);
	assert_string_equal(ear_heard(&friend), "P");
	(void)ear_heard(&author);
	world_set_held(s->c->world, post.post_author, post.post, comment.comment, s->now_ms + 1000);
	assert_string_equal(ear_heard(&friend), "C");
	assert_ok(publish_like(s->c, s->people[2], &post, s->now_ms)); /* something else goes on */
	assert_string_equal(ear_heard(&friend), "C");
	world_set_held(s->c->world, post.post_author, post.post, comment.comment, 0);
	assert_string_equal(ear_heard(&friend), "C");
	live_close(author.stream);
	live_close(friend.stream);
	stage_free(s);
}

static err screen_first(struct conn *tx, void *ctx)
{
	struct screened first = { .piece = *(struct status_ref *)ctx,
		                  .author = ((struct status_ref *)ctx)->post_author,
		                  .policy = S("p"),
		                  .model = S("m"),
		                  .observation.seq = 1 };
	return screenings_insert(tx, &first);
}

/* p02 and p03 write the same, p03 later. p04 sees both; p05 sees what p03 wrote, alone. */
static void measures_are_told_to_those_who_are_told_of_them(void **state)
{
	struct stage *s = ear_stage();
	struct ear author, friend, other;
	(void)state;
	stage_befriend(s, 3, 4);
	stage_befriend(s, 3, 5);
	struct status_ref first = stage_post(s, 2, "same"), copy = stage_post(s, 3, "same");
	assert_ok(store_write(s->c->store, (struct store_job){ screen_first, NULL, &first }));
	struct piece_measure fold = { .id = { copy.post.v + 1 },
		                      .subject = s->people[3],
		                      .kind = MEASURE_FOLD,
		                      .family = 1 };
	ear_open(s, &author, 3);
	ear_open(s, &friend, 4);
	ear_open(s, &other, 5);
	live_measure(s->c->live, &copy, &fold);
	assert_string_equal(ear_heard(&author), "C");
	assert_string_equal(ear_heard(&friend), "C");
	assert_string_equal(ear_heard(&other), ""); /* else it would tell of the other one */
	fold.alone.rule = S("recruit.ladder");
	live_measure(s->c->live, &copy, &fold);
	assert_string_equal(ear_heard(&other), "C");
	(void)ear_heard(&friend);
	/* What rests on something else that others did is the author's. */
	fold = (struct piece_measure){ .id = fold.id,
		                       .subject = s->people[3],
		                       .kind = MEASURE_LABEL };
	live_measure(s->c->live, &copy, &fold);
	assert_string_equal(ear_heard(&friend), "");
	assert_string_equal(ear_heard(&author), "CC");
	/* A comment, with what is seen of its post. */
	struct status_ref a = stage_comment(s, 2, first, "words"),
			  b = stage_comment(s, 4, first, "words");
	(void)ear_heard(&friend);
	fold = (struct piece_measure){ .id = { b.comment.v + 1 },
		                       .subject = s->people[4],
		                       .comment = b.comment,
		                       .kind = MEASURE_FOLD,
		                       .family = 1 };
	(void)a;
	(void)ear_heard(&author);
	live_measure(s->c->live, &b, &fold);
	assert_string_equal(ear_heard(&friend), "C");
	assert_string_equal(ear_heard(&author), "C");
	live_close(author.stream);
	live_close(friend.stream);
	live_close(other.stream);
	stage_free(s);
}

static void changes_of_words_are_told(void **state)
{
	struct stage *s = ear_stage();
	struct ear friend, stranger;
	str words = S("other words");
	struct change_draft change = { .text = &words };
	(void)state;
	struct status_ref post = stage_post(s, 2, "a post");
	struct status_ref comment = stage_comment(s, 3, post, "a word");
	ear_open(s, &friend, 3);
	ear_open(s, &stranger, 4);
	assert_ok(publish_change(s->c, s->people[2], &post, &change, s->now_ms, s->mem));
	assert_string_equal(ear_heard(&friend), "C");
	assert_true(friend.event.words);
	assert_string_equal(ear_heard(&stranger), "C");
	assert_ok(publish_change(s->c, s->people[3], &comment, &change, s->now_ms, s->mem));
	assert_string_equal(ear_heard(&friend), "C");
	assert_false(friend.event.words);
	assert_string_equal(ear_heard(&stranger),
	                    ""); /* the comment's author is none of their friends */
	live_close(friend.stream);
	live_close(stranger.stream);
	stage_free(s);
}

static void notices_and_requests_are_their_readers(void **state)
{
	struct stage *s = ear_stage();
	struct ear asked, asking;
	struct seen_notice notice;
	(void)state;
	ear_open(s, &asked, 5);
	ear_open(s, &asking, 6);
	assert_ok(befriend_request(s->c, s->people[6], s->people[5], S("it is me"), s->now_ms,
	                           s->mem));
	assert_string_equal(ear_heard(&asked), "N");
	assert_ok(read_notice(s->c, s->people[5], asked.event.notice, s->now_ms, s->mem, &notice));
	assert_int_equal(notice.notice.kind, NOTICE_REQUEST);
	assert_string_equal(ear_heard(&asking), "");
	assert_ok(befriend_end(s->c, s->people[6], s->people[5])); /* withdrawn */
	assert_string_equal(ear_heard(&asked), "R");
	stage_befriend(s, 6, 5);
	assert_string_equal(ear_heard(&asked), "NR");
	assert_string_equal(ear_heard(&asking), "N"); /* accepted */
	assert_ok(befriend_end(s->c, s->people[5], s->people[6]));
	assert_string_equal(ear_heard(&asking), ""); /* nobody is told of that */
	live_close(asked.stream);
	live_close(asking.stream);
	stage_free(s);
}

struct queue_job {
	struct stage *s;
	person_id subject, owner;
	int64_t id;
	struct order_case out;
};

static err queue_work(struct conn *tx, void *ctx)
{
	struct queue_job *job = ctx;
	const struct case_entry entry = {
		.subject = job->subject,
		.harm = HARM_CLASS_B,
		.due_at_ms = INT64_MAX,
		.item = { .kind = ITEM_REPORT, .id = job->id, .owner = job->owner }
	};
	err e;
	for (int i = 0; i < 2; i++) /* more than once in one write is heard of once */
		TRY(docket_add(job->s->c, tx, &entry, job->s->now_ms, job->s->mem, &job->out));
out:
	return e;
}

static case_id queue(struct stage *s, int subject, int owner, int64_t id)
{
	struct queue_job job = {
		.s = s, .subject = s->people[subject], .owner = s->people[owner], .id = id
	};
	assert_ok(verb_write(s->c, queue_work, NULL, &job));
	return job.out.id;
}

static void what_waits_is_told_to_stewards_who_are_no_party(void **state)
{
	struct stage *s = ear_stage();
	struct ear keeper, steward, member;
	struct case_line line;
	(void)state;
	ear_open(s, &keeper, 0);
	ear_open(s, &steward, 1);
	ear_open(s, &member, 2);
	case_id one = queue(s, 3, 3, 1);
	assert_string_equal(ear_heard(&keeper), "Q");
	assert_string_equal(ear_heard(&steward), "Q");
	assert_int_equal(member.woken, 0);
	assert_string_equal(ear_heard(&member), "");
	assert_ok(docket_claim(s->c, s->people[0], one, s->now_ms, s->mem, &line));
	assert_string_equal(ear_heard(&steward), "Q");
	assert_ok(docket_unclaim(s->c, s->people[0], one, s->now_ms, s->mem, &line));
	assert_string_equal(ear_heard(&steward), "Q");
	(void)ear_heard(&keeper);

	queue(s, 1, 1, 2); /* about the steward */
	assert_string_equal(ear_heard(&keeper), "Q");
	assert_string_equal(ear_heard(&steward), "");
	assert_string_equal(ear_heard(&member), "");

	/* Asked when it is told: by then the steward is a party. */
	queue(s, 3, 3, 3);
	queue(s, 3, 1, 4);
	assert_string_equal(ear_heard(&keeper), "QQ");
	assert_string_equal(ear_heard(&steward), "");
	live_close(keeper.stream);
	live_close(steward.stream);
	live_close(member.stream);
	stage_free(s);
}

static void what_others_try_in_vain_is_not_told(void **state)
{
	struct stage *s = ear_stage();
	struct ear ear;
	(void)state;
	ear_open(s, &ear, 2);
	struct status_ref post = stage_post(s, 2, "a post");
	(void)ear_heard(&ear);
	assert_fails(publish_like(s->c, s->people[5], &post, s->now_ms), ERR_MISSING);
	assert_fails(publish_delete(s->c, s->people[3], &post, s->now_ms), ERR_MISSING);
	assert_string_equal(ear_heard(&ear), "");
	live_close(ear.stream);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_are_told_to_those_who_may_see_them),
		cmocka_unit_test(what_happened_between_the_post_and_the_telling_counts),
		cmocka_unit_test(reactions_are_told_to_those_who_may_see_them),
		cmocka_unit_test(what_is_gone_is_told_to_those_who_could_see_it),
		cmocka_unit_test(holds_take_away_and_releases_bring),
		cmocka_unit_test(measures_are_told_to_those_who_are_told_of_them),
		cmocka_unit_test(changes_of_words_are_told),
		cmocka_unit_test(notices_and_requests_are_their_readers),
		cmocka_unit_test(what_waits_is_told_to_stewards_who_are_no_party),
		cmocka_unit_test(what_others_try_in_vain_is_not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
