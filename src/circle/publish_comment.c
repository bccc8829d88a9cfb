/* A comment: what is answered must be visible to the writer at the moment of writing, in the same transaction. Who is
 * told is decided here, what they are shown of it when they read it. The interface is publish.h. */
#include "circle/publish.h"

#include "circle/address.h"
#include "circle/hold.h"
#include "circle/order.h"
#include "circle/publish_private.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/comments.h"
#include "store/hushes.h"
#include "store/posts.h"

#include <string.h>

#define ALSO_MAX 200 /* others who took part and hear of a new comment */

struct comment_job {
	struct circle *c;
	struct arena *mem;
	person_id author;
	struct status_ref to;
	struct publish_words words;
	person_id named[ADDRESS_NAMED_MAX];
	size_t n_named;
	struct screening screening;
	int64_t at_ms, now_ms; /* at_ms 0: now */
	struct commented *out;
	bool again;
};

/* write: comment on p: see(v,p); answer to c: also comment(v,c). */
static err check_target(struct conn *tx, struct comment_job *job, const struct door *door)
{
	struct comment_gate *gate = &job->out->comment.gate;
	int64_t now_ms = order_now(job->c, job->now_ms);
	struct comment answered;
	bool sees;
	err e;
	TRY(posts_gate(tx, job->to.post_author, job->to.post, job->mem, &job->out->post));
	sees = see_post(&door->see, job->author, &job->out->post, now_ms);
	TRY(door_answer(door, sees, "may not see the post"));
	if (job->to.comment.v == 0)
		return OK;
	TRY(comments_find(tx, job->to.post_author, job->to.post, job->to.comment, job->mem,
	                  &answered));
	sees = see_comment(&door->see, job->author, &job->out->post, &answered.gate, now_ms);
	TRY(door_answer(door, sees, "may not see the comment"));
	gate->reply_to = answered.gate.id;
	gate->reply_to_author = answered.gate.author;
out:
	return e;
}

void publish_mentions(const struct door *door, const struct post_gate *post,
                      const struct comment_gate *comment, const person_id *named, size_t n_named,
                      int64_t now_ms, struct arena *mem, person_id **out, size_t *n)
{
	struct comment_gate gate = *comment;
	gate.held_until_ms = 0;
	*out = ARENA_ARRAY(mem, MENTIONS_MAX, person_id);
	*n = 0;
	for (size_t i = 0; i < n_named && *n < MENTIONS_MAX; i++)
		if (named[i].v != gate.author.v &&
		    see_comment(&door->see, named[i], post, &gate, now_ms))
			(*out)[(*n)++] = named[i];
	address_sort_people(*out, *n);
}

/* Readers already told of this comment: one notice a reader, the strongest reason first. */
struct told {
	person_id readers[ALSO_MAX + MENTIONS_MAX + 2];
	size_t n;
};

static err tell_once(struct conn *tx, struct comment_job *job, struct told *told,
                     enum notice_kind kind, person_id reader)
{
	const struct comment_gate *gate = &job->out->comment.gate;
	struct status_ref ref = { gate->post_author, gate->post, gate->id };
	if (reader.v == 0 || reader.v == job->author.v ||
	    told->n == sizeof told->readers / sizeof told->readers[0])
		return OK;
	for (size_t i = 0; i < told->n; i++)
		if (told->readers[i].v == reader.v)
			return OK;
	if (kind == NOTICE_COMMENT || kind == NOTICE_ALSO) { /* may have been switched off */
		bool hushed;
		err e = hushes_has(tx, reader, gate->post, &hushed);
		if (failed(e) || hushed)
			return e;
	}
	told->readers[told->n++] = reader;
	return publish_tell(job->c, tx, kind, reader, job->author, &ref, job->now_ms);
}

static err tell(struct conn *tx, struct comment_job *job, const struct comment *earlier, size_t n)
{
	const struct comment *comment = &job->out->comment;
	struct told told = { .n = 0 };
	err e;
	TRY(tell_once(tx, job, &told, NOTICE_REPLY, comment->gate.reply_to_author));
	TRY(tell_once(tx, job, &told, NOTICE_COMMENT, comment->gate.post_author));
	for (size_t i = 0; i < comment->n_mentions; i++)
		TRY(tell_once(tx, job, &told, NOTICE_MENTION, comment->mentions[i]));
	for (size_t i = 0; i < n; i++)
		TRY(tell_once(tx, job, &told, NOTICE_ALSO, earlier[i].gate.author));
out:
	return e;
}

static err write_comment(struct conn *tx, struct comment_job *job)
{
	struct commented *out = job->out;
	struct comment_gate *gate = &out->comment.gate;
	struct comment *earlier = NULL;
	struct status_ref ref;
	size_t n = 0;
	err e;
	TRY(comments_of(tx, job->to.post_author, job->to.post, ALSO_MAX, job->mem, &earlier, &n));
	TRY(publish_id(job->c, tx, job->at_ms, &gate->id.v));
	TRY(comments_insert(tx, &out->comment));
	ref = (struct status_ref){ gate->post_author, gate->post, gate->id };
	if (out->post.audience.kind == AUDIENCE_SELF)
		hold_keep_to_author(&job->screening);
	TRY(hold_write(job->c, tx, &job->screening, &ref, job->author, job->now_ms, &out->measure));
	gate->held_until_ms = measure_held_until(&out->measure);
	out->held = order_now(job->c, job->now_ms) < gate->held_until_ms;
	TRY(tell(tx, job, earlier, n));
	TRY(publish_keep_key(tx, job->author, &job->words, gate->id.v, job->now_ms));
out:
	return e;
}

static err repeat_comment(struct conn *tx, struct comment_job *job, const struct status_ref *ref)
{
	struct commented *out = job->out;
	int64_t now_ms = order_now(job->c, job->now_ms);
	bool sees;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(posts_gate(tx, ref->post_author, ref->post, job->mem, &out->post));
	TRY(comments_find(tx, ref->post_author, ref->post, ref->comment, job->mem, &out->comment));
	sees = see_comment(&door.see, job->author, &out->post, &out->comment.gate, now_ms);
	TRY(door_answer(&door, sees, "may not see it any more"));
	out->held = now_ms < out->comment.gate.held_until_ms;
out:
	return e;
}

static err comment_work(struct conn *tx, void *ctx)
{
	struct comment_job *job = ctx;
	struct commented *out = job->out;
	person_id *mentions;
	struct status_ref ref;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->author));
	TRY(publish_retry(tx, job->author, &job->words, true, job->mem, &ref, &out->measure,
	                  &job->again));
	if (job->again)
		return repeat_comment(tx, job, &ref);
	out->comment = (struct comment){
		.gate = { .post = job->to.post,
		          .post_author = job->to.post_author,
		          .author = job->author,
		          .created_at_ms = job->at_ms != 0 ? job->at_ms : job->now_ms },
		.text = job->words.text,
		.language = job->words.language,
		.app = job->words.app,
	};
	TRY(check_target(tx, job, &door));
	TRY(order_may(job->c, tx, job->author, ORDER_COMMENT, job->now_ms, job->mem));
	publish_mentions(&door, &out->post, &out->comment.gate, job->named, job->n_named,
	                 job->now_ms, job->mem, &mentions, &out->comment.n_mentions);
	out->comment.mentions = mentions;
	TRY(door_answer(&door, true, NULL));
	TRY(write_comment(tx, job));
out:
	return e;
}

static void comment_after(void *ctx)
{
	struct comment_job *job = ctx;
	if (job->again)
		return;
	hold_after(job->c, &job->screening);
	world_add_comment(job->c->world, &job->out->comment);
}

err publish_comment(struct circle *c, person_id author, const struct status_ref *to,
                    const struct comment_draft *draft, int64_t now_ms, struct arena *mem,
                    struct commented *out)
{
	struct comment_job *job = ARENA_NEW(mem, struct comment_job);
	struct facts facts = { .kind = FACTS_COMMENT,
		               .author = (uint64_t)author.v,
		               .at_ms = draft->at_ms ? draft->at_ms : now_ms,
		               .text = draft->text };
	err e;
	*job = (struct comment_job){ .c = c,
		                     .mem = mem,
		                     .author = author,
		                     .to = *to,
		                     .at_ms = draft->at_ms,
		                     .now_ms = now_ms,
		                     .out = out };
	memset(out, 0, sizeof *out);
	TRY(publish_prepare(&job->words, draft->text, draft->language, draft->app, draft->retry_key,
	                    COMMENT_TEXT_MAX, false, mem));
	publish_sent_comment(draft, to, mem, &job->words);
	address_named(c->world, draft->text, mem, job->named, &job->n_named);
	hold_screen(c, &facts, now_ms, mem, &job->screening);
	TRY(verb_write(c, comment_work, comment_after, job));
	if (!job->again && out->measure.id.v != 0)
		log_event(c->log, LOG_INFO, out->held ? "comment.held" : "comment.labelled",
		          LOG_I64("id", out->comment.gate.id.v),
		          LOG_STR("rule", out->measure.rule));
out:
	return e;
}
