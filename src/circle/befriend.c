/* Ties, requests and blocks: each verb is one transaction that asks, decides and writes, so that no cap is overrun and
 * no block is overtaken. A refusal at the cap still keeps what was asked: it is an answer, not an error of the job. */
#include "circle/befriend.h"

#include "circle/hold.h"
#include "circle/live.h"
#include "circle/name.h"
#include "circle/order.h"
#include "circle/phrase.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/lists.h"
#include "store/people.h"
#include "store/ties.h"
#include "store/tombstones.h"

#include "base/leak.h"

#define SAY_SELF "That is yourself."
#define SAY_WORD "A word has at most 200 characters in one line."
#define SAY_ANSWER "An answer has at most 60 characters."
#define SAY_LIST "One of these tags is not yours or does not exist any more."
#define SAY_MY_CAP "Your circle is full: the request waits until you have room."
#define SAY_THEIR_CAP "Their circle is full: the request waits until they have room."
#define SAY_OPEN "You have too many open requests: withdraw some first."

struct tie_job {
	struct circle *c;
	struct arena *mem;
	person_id me, other;
	str word, answer;
	struct screening screening; /* of a request */
	const list_id *lists;       /* of mine, for the one I accept */
	size_t n_lists;
	int64_t now_ms;
	const char *full;        /* whose cap is reached; NULL: there is room */
	bool ties_me, ties_them; /* set by the job: mine to them, theirs to me */
	bool unties_me, unties_them;
	bool blocks, unblocks;
	bool answers, withdraws; /* a request of theirs, of mine, is no more */
};

static void tie_after(void *ctx)
{
	const struct tie_job *job = ctx;
	struct world *world = job->c->world;
	if (job->ties_me || (job->unties_me && !LEAK("world.unfriend")))
		world_set_tie(world, job->me, job->other, job->ties_me, job->now_ms);
	if (job->ties_them || job->unties_them)
		world_set_tie(world, job->other, job->me, job->ties_them, job->now_ms);
	if ((job->blocks && !LEAK("world.blocked")) || job->unblocks)
		world_set_block(world, job->me, job->other, job->blocks);
	for (size_t i = 0; job->ties_me && i < job->n_lists; i++)
		world_set_list_member(world, job->me, job->lists[i], job->other, true);
	hold_after(job->c, &job->screening);
	if (job->answers)
		live_requests(job->c->live, job->me);
	if (job->withdraws)
		live_requests(job->c->live, job->other);
}

static err run(struct circle *c, err (*work)(struct conn *, void *), struct tie_job *job)
{
	err e;
	if (job->me.v == job->other.v)
		return err_input("id", SAY_SELF);
	job->c = c;
	job->mem = arena_new(4096);
	e = verb_write(c, work, tie_after, job);
	arena_free(job->mem);
	if (!failed(e) && job->full != NULL)
		e = err_limit("friends", job->full);
	return e;
}

static err tell(struct conn *tx, const struct tie_job *job, enum notice_kind kind)
{
	struct notice notice = {
		.id = { snowflake_next(job->c->ids) },
		.reader = job->other,
		.kind = kind,
		.actor = job->me,
		.at_ms = job->now_ms,
	};
	return verb_tell(job->c, tx, &notice);
}

static err has_room(struct conn *tx, const struct tie_job *job, person_id a, person_id b,
                    bool *room)
{
	bool tied;
	int count = 0;
	err e;
	TRY(ties_has(tx, a, b, &tied));
	TRY(ties_count(tx, a, &count));
	*room = tied || count < job->c->friends_max;
out:
	return e;
}

/* Whose cap stands in the way, if any: mine is named first. */
static err look_for_room(struct conn *tx, struct tie_job *job)
{
	bool mine, theirs;
	err e;
	TRY(has_room(tx, job, job->me, job->other, &mine));
	TRY(has_room(tx, job, job->other, job->me, &theirs));
	if (!mine)
		job->full = SAY_MY_CAP;
	else if (!theirs)
		job->full = SAY_THEIR_CAP;
out:
	return e;
}

static err clear_requests(struct conn *tx, const struct tie_job *job)
{
	err e;
	TRY(requests_clear(tx, job->me, job->other));
	TRY(requests_clear(tx, job->other, job->me));
out:
	return e;
}

static err put_into_lists(struct conn *tx, const struct tie_job *job)
{
	struct list list;
	err e = OK;
	for (size_t i = 0; i < job->n_lists; i++) {
		e = lists_find(tx, job->me, job->lists[i], job->mem, &list);
		if (e.code == ERR_MISSING || (!failed(e) && list.deleted))
			e = err_input("kith_lists", SAY_LIST);
		TRY(e);
		TRY(list_members_add(tx, job->me, job->lists[i], job->other));
	}
out:
	return e;
}

/* One that was ended before is not to be found ended in a database brought back from a backup. */
static err tie(struct conn *tx, person_id a, person_id b, int64_t at_ms)
{
	err e;
	TRY(ties_set(tx, a, b, at_ms));
	TRY(TOMBSTONE(tx, TOMBSTONE_TIE, a.v, b.v, 1, at_ms));
out:
	return e;
}

/* Both ties, when both have room; otherwise their request goes on waiting. */
static err accept(struct conn *tx, struct tie_job *job)
{
	err e;
	TRY(look_for_room(tx, job));
	if (job->full != NULL)
		return OK;
	TRY(tie(tx, job->me, job->other, job->now_ms));
	TRY(tie(tx, job->other, job->me, job->now_ms));
	TRY(clear_requests(tx, job));
	TRY(tell(tx, job, NOTICE_ACCEPTED));
	TRY(put_into_lists(tx, job));
	job->ties_me = job->ties_them = job->answers = true;
out:
	return e;
}

/* I had ended it, they still count me: my word alone brings it back, and nobody is told that it was gone. At my cap
 * nothing has to wait, since their tie is their standing yes. */
static err restore(struct conn *tx, struct tie_job *job)
{
	bool room;
	err e;
	TRY(has_room(tx, job, job->me, job->other, &room));
	if (!room) {
		job->full = SAY_MY_CAP;
		return OK;
	}
	TRY(tie(tx, job->me, job->other, job->now_ms));
	TRY(clear_requests(tx, job));
	job->ties_me = true;
out:
	return e;
}

static err has_asked(struct conn *tx, const struct tie_job *job, person_id from, person_id to,
                     bool *asked)
{
	struct friend_request request;
	err e = requests_find(tx, from, to, job->mem, &request);
	*asked = !failed(e);
	return e.code == ERR_MISSING ? OK : e;
}

/* Asked again without an answer, it stays as it was. */
static err judge_answer(struct conn *tx, const struct tie_job *job, bool again,
                        enum request_answer *answered)
{
	struct person other;
	err e;
	TRY(people_find(tx, job->other, job->mem, &other));
	if (other.question.n == 0)
		*answered = ANSWER_NOT_ASKED;
	else if (job->answer.n > 0)
		*answered = str_eq(job->answer, other.answer) ? ANSWER_RIGHT : ANSWER_OPEN;
	else if (!again || *answered == ANSWER_NOT_ASKED)
		*answered = ANSWER_OPEN;
out:
	return e;
}

static err ask(struct conn *tx, struct tie_job *job)
{
	struct friend_request request = { .answered = ANSWER_NOT_ASKED };
	bool again;
	int open = 0;
	err e = requests_find(tx, job->me, job->other, job->mem, &request);
	again = !failed(e);
	if (e.code != ERR_MISSING)
		TRY(e);
	request.from = job->me;
	request.to = job->other;
	request.word = job->word;
	request.created_at_ms = job->now_ms;
	TRY(judge_answer(tx, job, again, &request.answered));
	TRY(requests_count_from(tx, job->me, &open));
	if (!again && open >= REQUESTS_OPEN_MAX)
		return err_limit("requests", SAY_OPEN);
	if (LEAK("request.accepted"))
		return accept(tx, job);
	TRY(requests_set(tx, &request));
	TRY(hold_write_words(job->c, tx, &job->screening, job->me));
	if (!again)
		TRY(tell(tx, job, NOTICE_REQUEST));
	TRY(look_for_room(tx, job));
out:
	return e;
}

static err request_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	struct door door;
	bool mine, theirs, asked;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(door_reaches(&door, job->me, job->other));
	TRY(ties_has(tx, job->me, job->other, &mine));
	if (mine)
		return OK; /* whether they still count me is not for me to learn */
	TRY(order_may(job->c, tx, job->me, ORDER_BEFRIEND, job->now_ms, job->mem));
	TRY(ties_has(tx, job->other, job->me, &theirs));
	if (theirs)
		return restore(tx, job);
	TRY(has_asked(tx, job, job->other, job->me, &asked));
	TRY(asked ? accept(tx, job) : ask(tx, job));
out:
	return e;
}

err befriend_fold_answer(str answer, struct arena *mem, str *out)
{
	str folded = name_fold(mem, answer);
	char *kept = ARENA_ARRAY(mem, folded.n + 1, char);
	size_t at = 0, n = 0;
	if (!utf8_valid(answer) || utf8_length(answer) > ANSWER_MAX)
		return err_limit("kith_answer", SAY_ANSWER);
	while (at < folded.n) {
		uint32_t cp = utf8_next(folded, &at);
		if (!phrase_is_blank(cp))
			n += utf8_put(kept + n, cp);
	}
	*out = (str){ kept, n };
	return OK;
}

err befriend_request_answering(struct circle *c, person_id me, person_id other, str word,
                               str answer, int64_t now_ms, struct arena *mem)
{
	struct tie_job job = { .me = me, .other = other, .now_ms = now_ms };
	struct facts facts = { .kind = FACTS_REQUEST, .author = (uint64_t)me.v, .at_ms = now_ms };
	err e;
	TRY(phrase_line(word, 0, WORD_MAX, "kith_word", SAY_WORD, &job.word));
	TRY(befriend_fold_answer(answer, mem, &job.answer));
	facts.text = job.word;
	TRY(hold_refuse(c, &facts, "kith_word", mem, &job.screening));
	TRY(run(c, request_work, &job));
out:
	return e;
}

err befriend_request(struct circle *c, person_id me, person_id other, str word, int64_t now_ms,
                     struct arena *mem)
{
	return befriend_request_answering(c, me, other, word, STR_NONE, now_ms, mem);
}

static err accept_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	struct door door;
	bool asked;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(order_may(job->c, tx, job->me, ORDER_BEFRIEND, job->now_ms, job->mem));
	TRY(door_reaches(&door, job->me, job->other));
	TRY(has_asked(tx, job, job->other, job->me, &asked));
	TRY(asked ? accept(tx, job) : err_missing("no open request"));
out:
	return e;
}

err befriend_accept_into(struct circle *c, person_id me, person_id from, const list_id *lists,
                         size_t n, int64_t now_ms)
{
	struct tie_job job = {
		.me = me, .other = from, .lists = lists, .n_lists = n, .now_ms = now_ms
	};
	return run(c, accept_work, &job);
}

err befriend_accept(struct circle *c, person_id me, person_id from, int64_t now_ms)
{
	return befriend_accept_into(c, me, from, NULL, 0, now_ms);
}

static err decline_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	struct door door;
	bool asked;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(door_reaches(&door, job->me,
	                 job->other)); /* what the sealed asked is shown to nobody */
	TRY(has_asked(tx, job, job->other, job->me, &asked));
	TRY(asked ? requests_clear(tx, job->other, job->me) : err_missing("no open request"));
	job->answers = true;
out:
	return e;
}

err befriend_decline(struct circle *c, person_id me, person_id from)
{
	struct tie_job job = { .me = me, .other = from };
	return run(c, decline_work, &job);
}

/* Where I have something of my own to end, it ends whoever the other is now; else they must be there for me. */
static err end_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	struct door door;
	bool mine, asked;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(ties_has(tx, job->me, job->other, &mine));
	TRY(has_asked(tx, job, job->me, job->other, &asked));
	if (!mine && !asked)
		return door_reaches(&door, job->me, job->other);
	TRY(ties_clear(tx, job->me, job->other));
	TRY(requests_clear(tx, job->me, job->other));
	job->withdraws = asked;
	job->unties_me = true;
out:
	return e;
}

err befriend_end(struct circle *c, person_id me, person_id other)
{
	struct tie_job job = { .me = me, .other = other };
	return run(c, end_work, &job);
}

/* One who blocks me is not there for me, not even to be blocked. */
static err block_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	struct person other;
	struct door door;
	bool blocked;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(people_find(tx, job->other, job->mem, &other));
	TRY(blocks_has(tx, job->other, job->me, &blocked));
	if (blocked || other.status == PERSON_ERASED)
		return err_missing("nobody this person may turn to");
	TRY(blocks_set(tx, job->me, job->other, job->now_ms));
	TRY(ties_clear(tx, job->me, job->other));
	TRY(ties_clear(tx, job->other, job->me));
	TRY(clear_requests(tx, job));
	job->unties_me = job->unties_them = job->blocks = true;
out:
	return e;
}

err befriend_block(struct circle *c, person_id me, person_id other, int64_t now_ms)
{
	struct tie_job job = { .me = me, .other = other, .now_ms = now_ms };
	return run(c, block_work, &job);
}

static err unblock_work(struct conn *tx, void *ctx)
{
	struct tie_job *job = ctx;
	struct door door;
	bool mine;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(blocks_has(tx, job->me, job->other, &mine));
	if (!mine)
		return door_reaches(&door, job->me, job->other);
	TRY(blocks_clear(tx, job->me, job->other));
	job->unblocks = true;
out:
	return e;
}

err befriend_unblock(struct circle *c, person_id me, person_id other)
{
	struct tie_job job = { .me = me, .other = other };
	return run(c, unblock_work, &job);
}

struct hide_job {
	struct circle *c;
	struct arena *mem;
	person_id me, other;
	enum hide_kind kind;
	bool on;
	int64_t now_ms;
};

static err hide_work(struct conn *tx, void *ctx)
{
	struct hide_job *job = ctx;
	struct door door;
	bool mine, hidden;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->me));
	TRY(ties_has(tx, job->me, job->other, &mine));
	TRY(hides_has(tx, job->me, job->other, job->kind, &hidden));
	TRY(door_answer(&door, !door.see.block(door.see.ctx, job->other, job->me), "blocks me"));
	if (!mine && !hidden)
		TRY(door_reaches(&door, job->me, job->other));
	if (job->on)
		TRY(hides_set(tx, job->me, job->other, job->kind, job->now_ms));
	else
		TRY(hides_clear(tx, job->me, job->other, job->kind));
out:
	return e;
}

static void hide_after(void *ctx)
{
	const struct hide_job *job = ctx;
	world_set_hide(job->c->world, job->me, job->other, job->kind, job->on);
}

static err hide(struct circle *c, person_id me, person_id other, enum hide_kind kind, bool on,
                int64_t now_ms)
{
	struct hide_job job = { c, NULL, me, other, kind, on, now_ms };
	err e;
	if (me.v == other.v)
		return err_input("id", SAY_SELF);
	job.mem = arena_new(2048);
	e = verb_write(c, hide_work, hide_after, &job);
	arena_free(job.mem);
	return e;
}

err befriend_hide_theirs(struct circle *c, person_id me, person_id other, bool on, int64_t now_ms)
{
	return hide(c, me, other, HIDE_THEIRS, on, now_ms);
}

err befriend_hide_mine(struct circle *c, person_id me, person_id other, bool on, int64_t now_ms)
{
	return hide(c, me, other, HIDE_MINE, on, now_ms);
}
