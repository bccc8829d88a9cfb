/* Likes. The interface is publish.h. */
#include "circle/publish.h"

#include "circle/order.h"
#include "circle/publish_private.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/comments.h"
#include "store/notices.h"
#include "store/posts.h"

struct like_job {
	struct circle *c;
	struct arena *mem;
	struct like like;
	comment_id comment;
	int64_t now_ms;
	bool on;
};

/* write: like on p: see(v,p). That a comment cannot be liked is said to those alone who may see it. */
static err check_target(struct conn *tx, struct like_job *job)
{
	const struct like *like = &job->like;
	struct post_gate gate;
	struct comment comment;
	struct door door;
	bool sees;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, like->by));
	TRY(posts_gate(tx, like->post_author, like->post, job->mem, &gate));
	sees = see_post(&door.see, like->by, &gate, order_now(job->c, job->now_ms));
	TRY(door_answer(&door, sees, "may not see the post"));
	if (job->comment.v == 0)
		return OK;
	TRY(comments_find(tx, like->post_author, like->post, job->comment, job->mem, &comment));
	sees = see_comment(&door.see, like->by, &gate, &comment.gate,
	                   order_now(job->c, job->now_ms));
	TRY(door_answer(&door, sees, "may not see the comment"));
	e = err_input("id", "A comment cannot be liked.");
out:
	return e;
}

/* The author is told once: taking a like back and giving it again rings no bell. */
static err tell(struct conn *tx, struct like_job *job)
{
	const struct like *like = &job->like;
	struct status_ref ref = { like->post_author, like->post, { 0 } };
	bool told;
	err e;
	if (like->by.v == like->post_author.v)
		return OK;
	TRY(notices_has(tx, like->post_author, NOTICE_LIKE, like->by, &ref, &told));
	if (!told)
		e = publish_tell(job->c, tx, NOTICE_LIKE, like->post_author, like->by, &ref,
		                 job->now_ms);
out:
	return e;
}

static err like_work(struct conn *tx, void *ctx)
{
	struct like_job *job = ctx;
	const struct like *like = &job->like;
	bool is_new;
	err e;
	TRY(check_target(tx, job));
	if (!job->on)
		return likes_clear(tx, like->post_author, like->post, like->by);
	TRY(likes_set(tx, like, &is_new));
	if (is_new)
		TRY(tell(tx, job));
out:
	return e;
}

static void like_after(void *ctx)
{
	const struct like_job *job = ctx;
	world_set_like(job->c->world, &job->like, job->on);
}

static err set_like(struct circle *c, person_id by, const struct status_ref *ref, int64_t now_ms,
                    bool on)
{
	struct arena *mem = arena_new(4096);
	struct like_job job = {
		.c = c, .mem = mem, .comment = ref->comment, .now_ms = now_ms, .on = on
	};
	job.like = (struct like){ ref->post, ref->post_author, by, now_ms };
	err e = verb_write(c, like_work, like_after, &job);
	arena_free(mem);
	return e;
}

err publish_like(struct circle *c, person_id by, const struct status_ref *ref, int64_t now_ms)
{
	return set_like(c, by, ref, now_ms, true);
}

err publish_unlike(struct circle *c, person_id by, const struct status_ref *ref, int64_t now_ms)
{
	return set_like(c, by, ref, now_ms, false);
}
