/* The door, clause by clause, in a circle of six: An wrote the post, Bo and Cy are friends of hers and of each other,
 * Dee is a friend of Bo alone, Eve knows nobody, Sam is a steward who knows nobody. A row says what is different,
 * asks one question and gives the answer. */
#include "circle/see.h"

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define NOW_MS (INT64_C(1800000000000))

enum who { NOBODY, AN, BO, CY, DEE, EVE, SAM, PEOPLE };
static const char *const names[PEOPLE] = { "nobody", "an", "bo", "cy", "dee", "eve", "sam" };

struct circle_of_six {
	struct see_person person[PEOPLE];
	bool tie[PEOPLE][PEOPLE], block[PEOPLE][PEOPLE], hide[PEOPLE][PEOPLE];
	bool member[3][PEOPLE], dropped[3]; /* An's lists 1 and 2 */
	bool in_group[PEOPLE];              /* the one group there is */
	bool faulty;                        /* no fact can be read */
	struct post_gate post;
	struct comment_gate comment;
	list_id lists[2];
	person_id people[2];
	struct audience before; /* with its names, once it was narrowed */
	list_id lists_before[2];
	person_id people_before[2];
	person_id piece_author;
	int64_t now_ms;
};

static struct see_person of_person(const void *ctx, person_id p)
{
	const struct circle_of_six *c = ctx;
	return c->faulty ? (struct see_person){ 0 } : c->person[p.v];
}
static bool of_tie(const void *ctx, person_id a, person_id b)
{
	const struct circle_of_six *c = ctx;
	return !c->faulty && c->tie[a.v][b.v];
}
static bool of_block(const void *ctx, person_id a, person_id b)
{
	const struct circle_of_six *c = ctx;
	return c->faulty || c->block[a.v][b.v];
}
static bool of_hide(const void *ctx, person_id a, person_id b)
{
	const struct circle_of_six *c = ctx;
	return c->faulty || c->hide[a.v][b.v];
}
static bool of_list(const void *ctx, person_id owner, list_id list, person_id b, bool *deleted)
{
	const struct circle_of_six *c = ctx;
	*deleted = c->faulty || c->dropped[list.v];
	return c->faulty || (owner.v == AN && c->member[list.v][b.v]);
}

static bool of_group(const void *ctx, group_id g, person_id p)
{
	const struct circle_of_six *c = ctx;
	return !c->faulty && g.v == 1 && c->in_group[p.v];
}

static enum who who(const char *name)
{
	for (enum who w = NOBODY; w < PEOPLE; w++)
		if (strcmp(names[w], name) == 0)
			return w;
	fail_msg("nobody is called %s", name);
	return NOBODY;
}

static void befriend(struct circle_of_six *c, enum who a, enum who b)
{
	c->tie[a][b] = c->tie[b][a] = true;
}

static void begin(struct circle_of_six *c)
{
	*c = (struct circle_of_six){ .now_ms = NOW_MS };
	for (enum who w = AN; w < PEOPLE; w++)
		c->person[w].active = true;
	c->person[SAM].role = ROLE_STEWARD;
	befriend(c, AN, BO);
	befriend(c, AN, CY);
	befriend(c, BO, CY);
	befriend(c, BO, DEE);
	c->post = (struct post_gate){ .id = { 100 },
		                      .author = { AN },
		                      .created_at_ms = NOW_MS - DAY_MS };
	c->comment = (struct comment_gate){ .id = { 200 },
		                            .post = { 100 },
		                            .post_author = { AN },
		                            .author = { CY },
		                            .created_at_ms = NOW_MS - DAY_MS };
	c->piece_author.v = AN;
}

/* A change in up to three words. */
static void change(struct circle_of_six *c, const char *verb, const char *x, const char *y)
{
	struct audience *a = &c->post.audience;
	bool about_list = strcmp(verb, "in") == 0 || strcmp(verb, "drop") == 0 ||
	                  strcmp(verb, "list") == 0;
	enum who wx = *x && !about_list && strcmp(verb, "range") != 0 && strcmp(verb, "days") != 0
	                      ? who(x)
	                      : NOBODY;
	enum who wy = *y ? who(y) : NOBODY;
	int digit = about_list || strcmp(verb, "days") == 0 ? (int)strtol(x, NULL, 10) : 0;
	if (strcmp(verb, "befriend") == 0) {
		befriend(c, wx, wy);
	} else if (strcmp(verb, "ended") == 0) { /* x ended the friendship with y */
		c->tie[wx][wy] = false;
	} else if (strcmp(verb, "apart") == 0) {
		c->tie[wx][wy] = c->tie[wy][wx] = false;
	} else if (strcmp(verb, "blocks") == 0) {
		c->block[wx][wy] = true;
	} else if (strcmp(verb, "hides-mine") == 0) {
		c->hide[wx][wy] = true;
	} else if (strcmp(verb, "sealed") == 0) {
		c->person[wx].active = false;
	} else if (strcmp(verb, "range") == 0) {
		assert_true(range_of(str_of(x), &c->person[AN].range));
	} else if (strcmp(verb, "days") == 0) {
		c->post.created_at_ms = NOW_MS - digit * DAY_MS;
	} else if (strcmp(verb, "only") == 0) {
		a->kind = AUDIENCE_ONLY;
	} else if (strcmp(verb, "except") == 0) {
		a->kind = AUDIENCE_EXCEPT;
	} else if (strcmp(verb, "self") == 0) {
		a->kind = AUDIENCE_SELF;
	} else if (strcmp(verb, "group") == 0) { /* for a group of An, Bo, Cy and Eve */
		*a = (struct audience){ .kind = AUDIENCE_GROUP, .group = { 1 } };
		c->in_group[AN] = c->in_group[BO] = c->in_group[CY] = c->in_group[EVE] = true;
	} else if (strcmp(verb, "left") == 0) {
		c->in_group[wx] = false;
	} else if (strcmp(verb, "narrowed") == 0) { /* what was said is what it was before */
		memcpy(c->lists_before, c->lists, sizeof c->lists);
		memcpy(c->people_before, c->people, sizeof c->people);
		c->before = *a;
		c->before.lists = c->lists_before;
		c->before.people = c->people_before;
		*a = (struct audience){ .kind = AUDIENCE_FRIENDS, .also = &c->before };
	} else if (strcmp(verb, "list") == 0) {
		c->lists[a->n_lists++].v = digit;
		a->lists = c->lists;
	} else if (strcmp(verb, "names") == 0) {
		c->people[a->n_people++].v = wx;
		a->people = c->people;
	} else if (strcmp(verb, "in") == 0) {
		c->member[digit][wy] = true;
	} else if (strcmp(verb, "drop") == 0) {
		c->dropped[digit] = true;
	} else if (strcmp(verb, "held") == 0) {
		c->post.held_until_ms = NOW_MS + 1;
	} else if (strcmp(verb, "lapsed") == 0) {
		c->post.held_until_ms = NOW_MS;
	} else if (strcmp(verb, "deleted") == 0) {
		c->post.deleted = true;
	} else if (strcmp(verb, "comment-by") == 0) {
		c->comment.author.v = wx;
	} else if (strcmp(verb, "answers") == 0) {
		c->comment.reply_to.v = 199;
		c->comment.reply_to_author.v = wx;
	} else if (strcmp(verb, "comment-held") == 0) {
		c->comment.held_until_ms = INT64_MAX;
	} else if (strcmp(verb, "comment-deleted") == 0) {
		c->comment.deleted = true;
	} else if (strcmp(verb, "keeper") == 0) {
		c->person[wx].role = ROLE_KEEPER;
	} else if (strcmp(verb, "piece-by") == 0) {
		c->piece_author.v = wx;
	} else if (strcmp(verb, "faulty") == 0) {
		c->faulty = true;
	} else {
		fail_msg("no such change: %s", verb);
	}
}

/* Cuts the next space-separated word into `word`, at most 31 bytes. */
static const char *word_of(str *sentence, char word[32])
{
	str w = str_cut(sentence, ' ');
	assert_true(w.n < 32);
	memset(word, 0, 32);
	if (w.n > 0)
		memcpy(word, w.p, w.n);
	return word;
}

static bool ask(const struct circle_of_six *c, const char *question)
{
	struct see_source s = { c, of_person, of_tie, of_block, of_hide, of_list, of_group };
	str rest = str_of(question);
	char verb[32], x[32], y[32];
	word_of(&rest, verb);
	person_id v = { who(word_of(&rest, x)) };
	person_id u = { *word_of(&rest, y) ? who(y) : NOBODY };
	if (strcmp(verb, "see") == 0)
		return see_post(&s, v, &c->post, c->now_ms);
	if (strcmp(verb, "act") == 0)
		return see_act(&s, v, &c->post, u, c->now_ms);
	if (strcmp(verb, "like") == 0)
		return see_like(&s, v, &c->post, u, c->now_ms);
	if (strcmp(verb, "comment") == 0)
		return see_comment(&s, v, &c->post, &c->comment, c->now_ms);
	if (strcmp(verb, "card") == 0)
		return see_card(&s, v, u);
	if (strcmp(verb, "profile") == 0)
		return see_profile(&s, v, u);
	if (strcmp(verb, "group") == 0)
		return see_group(&s, v, (group_id){ 1 });
	if (strcmp(verb, "friends") == 0)
		return see_friends(&s, v, u);
	if (strcmp(verb, "apart") == 0)
		return see_apart(&s, v, u);
	if (strcmp(verb, "review") == 0)
		return see_review(&s, v, c->piece_author, c->post.author, c->post.held_until_ms,
		                  c->now_ms);
	fail_msg("no such question: %s", verb);
	return false;
}

static const struct {
	const char *name, *given, *question;
	bool want;
} rows[] = {
	/* friends(a,b), apart(a,b) */
	{ "two ties make friends", "", "friends an bo", true },
	{ "A1: one tie alone makes no friends", "ended bo an", "friends an bo", false },
	{ "the other tie alone makes none either", "ended an bo", "friends an bo", false },
	{ "a block undoes friends", "blocks bo an", "friends an bo", false },
	{ "a block undoes friends the other way", "blocks an bo", "friends an bo", false },
	{ "a sealed person has no friends", "sealed bo", "friends an bo", false },
	{ "no friend of a sealed person", "sealed an", "friends an bo", false },
	{ "neither tie is apart", "apart an bo", "apart an bo", true },
	{ "one tie is not apart", "ended an bo", "apart an bo", false },
	{ "the other tie is not apart either", "ended bo an", "apart an bo", false },
	/* see(v,p) */
	{ "a friend sees", "", "see bo", true },
	{ "A2: a stranger does not see what a friend sees", "", "see eve", false },
	{ "a friend's friend does not see", "", "see dee", false },
	{ "the author sees", "", "see an", true },
	{ "A1: a pending friend does not see", "ended bo an", "see bo", false },
	{ "A3: who was unfriended does not see", "ended an bo", "see bo", false },
	{ "A3: whom the author blocks does not see", "blocks an bo", "see bo", false },
	{ "A28: who blocks the author does not see", "blocks bo an", "see bo", false },
	{ "A30: blocking one hides nothing from another", "blocks an bo", "see cy", true },
	{ "a steward sees no more than others", "", "see sam", false },
	{ "a sealed friend does not see", "sealed bo", "see bo", false },
	{ "a sealed author does not see even her own", "sealed an", "see an", false },
	{ "A55: nobody sees what a sealed person wrote", "sealed an", "see bo", false },
	{ "A14: a deleted post is gone for friends", "deleted", "see bo", false },
	{ "A14: a deleted post is gone for its author", "deleted", "see an", false },
	{ "A12: a held post is not for friends", "held", "see bo", false },
	{ "a held post is for its author", "held", "see an", true },
	{ "A42: a held post is not simply for stewards", "held;befriend sam an", "see sam", false },
	{ "a hold ends on its clock", "lapsed", "see bo", true },
	{ "from whom the author hides does not see", "hides-mine an bo", "see bo", false },
	{ "hiding from one hides from no other", "hides-mine an bo", "see cy", true },
	{ "my own hide list hides nothing from me", "hides-mine bo an", "see bo", true },
	{ "A38: four days are outside three", "range 3d;days 4", "see bo", false },
	{ "two days are inside three", "range 3d;days 2", "see bo", true },
	{ "the author sees past her own range", "range 3d;days 4", "see an", true },
	{ "a month is thirty days", "range month;days 31", "see bo", false },
	{ "twenty-nine days are inside a month", "range month;days 29", "see bo", true },
	{ "half a year is 183 days", "range half-year;days 184", "see bo", false },
	{ "182 days are inside half a year", "range half-year;days 182", "see bo", true },
	{ "everything has no end", "range all;days 9999", "see bo", true },
	/* audience */
	{ "A4: only me is for nobody else", "self", "see bo", false },
	{ "only me is for me", "self", "see an", true },
	{ "only these people admits who is named", "only;names bo", "see bo", true },
	{ "only these people admits nobody else", "only;names bo", "see cy", false },
	{ "naming a stranger gives nothing", "only;names eve", "see eve", false },
	{ "only with nobody is left to the author", "only", "see bo", false },
	{ "only a tag admits its members", "only;list 1;in 1 bo", "see bo", true },
	{ "only a tag admits no others", "only;list 1;in 1 bo", "see cy", false },
	{ "a tag is read now: in no list any more", "only;list 1", "see bo", false },
	{ "the second tag counts too", "only;list 1;list 2;in 2 cy", "see cy", true },
	{ "a tag keeps its member after the friendship, without effect",
	  "only;list 1;in 1 bo;ended an bo", "see bo", false },
	{ "a post for only a deleted tag is left to its author", "only;list 1;in 1 bo;drop 1",
	  "see bo", false },
	{ "and to the people named", "only;list 1;in 1 bo;drop 1;names cy", "see cy", true },
	{ "except these people leaves them out", "except;names bo", "see bo", false },
	{ "except these people admits the others", "except;names bo", "see cy", true },
	{ "except a tag leaves its members out", "except;list 1;in 1 bo", "see bo", false },
	{ "except a tag admits the others", "except;list 1;in 1 bo", "see cy", true },
	{ "a deleted tag goes on excluding", "except;list 1;in 1 bo;drop 1", "see bo", false },
	{ "except admits no stranger", "except;names bo", "see eve", false },
	{ "A4: narrowed, who is out is out", "narrowed;only;names cy", "see bo", false },
	{ "narrowed, who is in is in", "narrowed;only;names cy", "see cy", true },
	{ "narrowed, the author sees", "narrowed;self", "see an", true },
	{ "A45: who was left out before stays out though named",
	  "except;names bo;narrowed;only;names bo", "see bo", false },
	{ "who was left out for a tag stays out when the tag is gone",
	  "except;list 1;in 1 bo;drop 1;narrowed;only;names bo", "see bo", false },
	{ "who was let in for a tag is out once they left it", "only;list 1;narrowed;only;names bo",
	  "see bo", false },
	{ "who is in both is in", "only;list 1;in 1 bo;narrowed;except;names cy", "see bo", true },
	{ "who is in the one before alone is out", "only;list 1;in 1 bo;narrowed;except;names bo",
	  "see bo", false },
	{ "a post that was for its author alone stays so", "self;narrowed", "see bo", false },
	/* act(v,p,u), like(v,p,u) */
	{ "a friend's act is seen by a friend of both", "", "act bo cy", true },
	{ "the author sees a friend's act", "", "act an cy", true },
	{ "the author's own act is seen", "", "act bo an", true },
	{ "my own act is seen by me", "", "act bo bo", true },
	{ "no act without the post", "", "act dee bo", false },
	{ "A21: the act of one who is no friend of mine is not seen", "apart bo cy", "act bo cy",
	  false },
	{ "one tie between us is not enough", "ended cy bo", "act bo cy", false },
	{ "the author sees the act of one who ended it", "ended cy an", "act an cy", true },
	{ "one side ended: old acts stay visible", "ended an cy", "act bo cy", true },
	{ "both sides ended: they vanish", "apart an cy", "act bo cy", false },
	{ "both sides ended: for the author too", "apart an cy", "act an cy", false },
	{ "A54: a sealed person's act is hidden at once", "sealed cy", "act bo cy", false },
	{ "a block between us hides it", "blocks cy bo", "act bo cy", false },
	{ "a block by me hides it", "blocks bo cy", "act bo cy", false },
	{ "a block with the author hides it", "blocks cy an", "act bo cy", false },
	{ "a block by the author hides it", "blocks an cy", "act bo cy", false },
	{ "A19: a like is an act", "", "like bo cy", true },
	{ "A19: a hidden liker is not counted", "apart bo cy", "like bo cy", false },
	/* comment(v,c) */
	{ "a friend's comment is seen", "", "comment bo", true },
	{ "the author sees a comment", "", "comment an", true },
	{ "A5: no comment without its post", "self", "comment bo", false },
	{ "A21: a comment by one who is no friend of mine is not seen", "apart bo cy", "comment bo",
	  false },
	{ "A20: a held comment is not seen", "comment-held", "comment bo", false },
	{ "a held comment is not for the post's author", "comment-held", "comment an", false },
	{ "a held comment is for its own author", "comment-held", "comment cy", true },
	{ "A14: a deleted comment is gone", "comment-deleted", "comment bo", false },
	{ "a deleted comment is gone for its own author", "comment-deleted", "comment cy", false },
	{ "my comment is gone for me with the post", "ended an cy", "comment cy", false },
	{ "an answer to the author is seen", "answers an", "comment bo", true },
	{ "an answer to me is seen", "answers bo", "comment bo", true },
	{ "A22: an answer to one I may not see is hidden",
	  "befriend an dee;befriend cy dee;apart bo dee;answers dee", "comment bo", false },
	{ "A22: the author sees an answer to her friend", "befriend an dee;answers dee",
	  "comment an", true },
	{ "my own answer stays mine, whoever it answers", "befriend an dee;answers dee",
	  "comment cy", true },
	{ "an answer to one I may see is seen", "befriend an dee;answers dee", "comment bo", true },
	{ "an answer to one now apart from the author is hidden", "answers dee", "comment bo",
	  false },
	{ "an answer to a sealed person is hidden", "befriend an dee;answers dee;sealed dee",
	  "comment bo", false },
	/* group posts */
	{ "a member sees a post for the group, friend or not", "group", "see eve", true },
	{ "A25: who is not in it does not, friend or not", "group;befriend dee an", "see dee",
	  false },
	{ "A26: who left does not", "group;left eve", "see eve", false },
	{ "A26: a friend who left does not", "group;left bo", "see bo", false },
	{ "the author who left sees it", "group;left an", "see an", true },
	{ "nobody else sees what one who left wrote", "group;left an", "see eve", false },
	{ "A28: members who block each other see nothing", "group;blocks eve an", "see eve",
	  false },
	{ "A28: nor the other way", "group;blocks an eve", "see eve", false },
	{ "hide lists and ranges are for friends", "group;hides-mine an eve;range 3d;days 4",
	  "see eve", true },
	{ "a held post is not for members", "group;held", "see eve", false },
	{ "what a sealed member wrote is gone", "group;sealed an", "see eve", false },
	{ "a sealed member sees nothing", "group;sealed eve", "see eve", false },
	{ "A27: naming one who is not in it admits nobody", "group;names dee", "see dee", false },
	{ "a member's act is seen by members", "group", "act eve cy", true },
	{ "the act of one who left is not", "group;left cy", "act eve cy", false },
	{ "nor by the author, whose friend they are", "group;left cy", "act an cy", false },
	{ "A28: nor one behind a block", "group;blocks cy eve", "act eve cy", false },
	{ "nor one whom the author blocks", "group;blocks an cy", "act eve cy", false },
	{ "a stranger's comment in the group is seen", "group;comment-by eve", "comment bo", true },
	{ "A28: an answer to one behind a block is hidden", "group;answers eve;blocks bo eve",
	  "comment bo", false },
	{ "an answer to one who left is hidden", "group;answers eve;left eve", "comment bo",
	  false },
	{ "a member knows the group", "group", "group eve", true },
	{ "A25: to others there is none", "group", "group dee", false },
	{ "a sealed member knows of none", "group;sealed eve", "group eve", false },
	/* card(v,u), profile(v,u) */
	{ "a card is for every active member", "", "card eve an", true },
	{ "A28: no card of whom I block", "blocks eve an", "card eve an", false },
	{ "A28: no card of who blocks me", "blocks an eve", "card eve an", false },
	{ "no card of a sealed person", "sealed an", "card bo an", false },
	{ "no card for a sealed person", "sealed bo", "card bo an", false },
	{ "no card of nobody", "", "card bo nobody", false },
	{ "a profile is for who counts them as a friend", "ended an bo", "profile bo an", true },
	{ "A39: a profile is not for who ended it", "ended bo an", "profile bo an", false },
	{ "A39: a profile is not for strangers", "", "profile eve an", false },
	{ "my profile is mine", "", "profile eve eve", true },
	/* review(s,o) */
	{ "a steward reviews what is held", "held", "review sam", true },
	{ "A42: a steward reviews only what is held", "", "review sam", false },
	{ "a lapsed hold is no longer reviewed", "lapsed", "review sam", false },
	{ "a member reviews nothing", "held", "review eve", false },
	{ "a keeper reviews what is held", "held;keeper eve", "review eve", true },
	{ "a sealed steward reviews nothing", "held;sealed sam", "review sam", false },
	{ "no steward reviews their own piece", "held;piece-by sam", "review sam", false },
	{ "no keeper reviews a comment on their own post", "held;keeper an;piece-by bo",
	  "review an", false },
	/* A fact that cannot be read */
	{ "C6: without facts nobody sees", "faulty", "see bo", false },
	{ "C6: without facts not even the author", "faulty", "see an", false },
	{ "C6: without facts no exception admits", "faulty;except;list 1", "see bo", false },
	{ "C6: without facts nobody is in a group", "group;faulty", "see bo", false },
	{ "C6: without facts there is no group", "group;faulty", "group an", false },
	{ "C6: without facts there are no cards", "faulty", "card eve an", false },
	{ "C6: without facts there is no review", "faulty;held", "review sam", false },
};

static void every_clause(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct circle_of_six c;
		str given = str_of(rows[i].given);
		begin(&c);
		while (given.n > 0) {
			str sentence = str_cut(&given, ';');
			char verb[32], x[32], y[32];
			word_of(&sentence, verb);
			word_of(&sentence, x);
			word_of(&sentence, y);
			change(&c, verb, x, y);
		}
		if (ask(&c, rows[i].question) != rows[i].want)
			fail_msg("%s: %s must be %s", rows[i].name, rows[i].question,
			         rows[i].want ? "yes" : "no");
	}
}

/* The halves agree with the whole once the post is seen. */
static void halves_agree(void **state)
{
	struct circle_of_six c;
	(void)state;
	begin(&c);
	change(&c, "answers", "bo", "");
	struct see_source s = { &c, of_person, of_tie, of_block, of_hide, of_list, of_group };
	for (enum who v = AN; v < PEOPLE; v++) {
		bool seen = see_post(&s, (person_id){ v }, &c.post, NOW_MS);
		for (enum who u = AN; u < PEOPLE; u++) {
			bool half = see_act_on_seen(&s, (person_id){ v }, &c.post,
			                            (person_id){ u });
			assert_int_equal(
				see_act(&s, (person_id){ v }, &c.post, (person_id){ u }, NOW_MS),
				seen && half);
		}
		bool half = see_comment_on_seen(&s, (person_id){ v }, &c.post, &c.comment, NOW_MS);
		assert_int_equal(see_comment(&s, (person_id){ v }, &c.post, &c.comment, NOW_MS),
		                 seen && half);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_clause),
		cmocka_unit_test(halves_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
