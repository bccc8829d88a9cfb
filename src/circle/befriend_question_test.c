/* A question only a friend can answer: asked, answered, and told to nobody but who asked it. */
#include "circle/befriend.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

#include "model/limits.h"

#include <string.h>

#define AD STAGE_AD

static struct stage *s; /* of the test that runs */

/* 2 is asked; 3 and 4 ask. */
static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 5, .screen = true });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err set_question(const char *question, const char *answer)
{
	str q = str_of(question), a = str_of(answer);
	struct profile_draft draft = { .question = question ? &q : NULL,
		                       .answer = answer ? &a : NULL };
	struct person out;
	return admit_profile(s->c, s->people[2], &draft, s->now_ms, s->mem, &out);
}

static err ask(int who, const char *answer)
{
	return befriend_request_answering(s->c, s->people[who], s->people[2], S("it is me"),
	                                  str_of(answer), s->now_ms, s->mem);
}

/* Of the one request that is open. */
static enum request_answer answered(void)
{
	struct friend_request *requests;
	size_t n;
	assert_ok(befriend_asked_me(s->c, s->people[2], 20, s->mem, &requests, &n));
	assert_int_equal(n, 1);
	return requests[0].answered;
}

static const struct {
	const char *name, *question, *answer, *said;
	enum request_answer want;
} cases[] = {
	{ "nothing is asked", NULL, NULL, "", ANSWER_NOT_ASKED },
	{ "an answer to nothing", NULL, NULL, "tea", ANSWER_NOT_ASKED },
	{ "the answer as it was written", "What do we drink?", "Green tea", "Green tea",
	  ANSWER_RIGHT },
	{ "in capitals and with other spaces", "What do we drink?", "Green tea", " GREEN  TEA",
	  ANSWER_RIGHT },
	{ "in full width", "几号？", "12 号", "１２号", ANSWER_RIGHT },
	{ "another answer", "What do we drink?", "Green tea", "coffee", ANSWER_OPEN },
	{ "the beginning of it", "What do we drink?", "Green tea", "Green", ANSWER_OPEN },
	{ "no answer", "What do we drink?", "Green tea", "", ANSWER_OPEN },
	{ "spaces alone", "What do we drink?", "Green tea", "　 ", ANSWER_OPEN },
};

static void an_answer_is_right_or_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (cases[i].question != NULL)
			assert_ok(set_question(cases[i].question, cases[i].answer));
		assert_ok(ask(3, cases[i].said)); /* the same for the asker, whatever they say */
		if (answered() != cases[i].want)
			fail_msg("%s", cases[i].name);
		assert_ok(befriend_end(s->c, s->people[3], s->people[2]));
	}
}

static void asking_again_keeps_an_answer_or_gives_another(void **state)
{
	(void)state;
	assert_ok(set_question("What do we drink?", "tea"));
	assert_ok(ask(3, "tea"));
	assert_ok(ask(3, ""));
	assert_int_equal(answered(), ANSWER_RIGHT);
	assert_ok(ask(3, "coffee"));
	assert_int_equal(answered(), ANSWER_OPEN);
	assert_ok(ask(3, "tea"));
	stage_reopen(s);
	assert_int_equal(answered(), ANSWER_RIGHT);
}

static void a_question_and_its_answer_come_together(void **state)
{
	char long_question[QUESTION_MAX + 2], long_answer[ANSWER_MAX + 2];
	struct person card;
	(void)state;
	memset(long_question, 'q', sizeof long_question);
	memset(long_answer, 'a', sizeof long_answer);
	long_question[QUESTION_MAX + 1] = long_answer[ANSWER_MAX + 1] = '\0';
	assert_blames(set_question("What?", NULL), ERR_INPUT, "kith_answer");
	assert_blames(set_question("What?", "  "), ERR_INPUT, "kith_answer");
	assert_blames(set_question(NULL, "tea"), ERR_INPUT, "kith_question");
	assert_blames(set_question(long_question, "tea"), ERR_INPUT, "kith_question");
	assert_blames(set_question("What?", long_answer), ERR_LIMIT, "kith_answer");
	assert_blames(set_question(AD, "tea"), ERR_INPUT, "kith_question");
	assert_blames(ask(3, long_answer), ERR_LIMIT, "kith_answer");
	assert_ok(set_question("What?", "tea"));
	assert_ok(set_question("What?", NULL)); /* said again, nothing new */
	assert_ok(set_question(NULL, "milk"));
	assert_ok(ask(3, "milk"));
	assert_int_equal(answered(), ANSWER_RIGHT);
	for (int again = 0; again < 2; again++) {
		assert_ok(read_card(s->c, s->people[3], s->people[2], s->mem, &card));
		assert_text(card.question, "What?");
		assert_int_equal(card.answer.n, 0);
		assert_ok(read_self(s->c, s->people[2], s->mem, &card));
		assert_text(card.question, "What?");
		assert_int_equal(card.answer.n, 0);
		stage_reopen(s);
	}
	assert_ok(set_question("", NULL));
	assert_ok(read_card(s->c, s->people[3], s->people[2], s->mem, &card));
	assert_int_equal(card.question.n, 0);
}

static void accepting_puts_into_tags_in_the_same_step(void **state)
{
	struct list family, others;
	person_id *members;
	size_t n;
	(void)state;
	assert_ok(tag_create(s->c, s->people[2], S("family"), s->now_ms, &family));
	assert_ok(tag_create(s->c, s->people[4], S("not mine"), s->now_ms, &others));
	assert_ok(ask(3, ""));
	list_id wrong[] = { family.id, others.id };
	assert_blames(befriend_accept_into(s->c, s->people[2], s->people[3], wrong, 2, s->now_ms),
	              ERR_INPUT, "kith_lists");
	answered(); /* still open */
	assert_ok(befriend_accept_into(s->c, s->people[2], s->people[3], wrong, 1, s->now_ms));
	for (int again = 0; again < 2; again++) {
		assert_ok(tag_members(s->c, s->people[2], family.id, s->mem, &members, &n));
		assert_int_equal(n, 1);
		assert_int_equal(members[0].v, s->people[3].v);
		stage_reopen(s);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_is_right_or_open),
		TEST(asking_again_keeps_an_answer_or_gives_another),
		TEST(a_question_and_its_answer_come_together),
		TEST(accepting_puts_into_tags_in_the_same_step),
	};
	return cmocka_run_group_tests_name("befriend_question", tests, NULL, NULL);
}
