/* One transaction for all rows, then memory follows on the writer's thread before anybody is answered. */
#include "circle/erase.h"

#include "circle/bearers.h"
#include "circle/exporter.h"
#include "circle/handle.h"
#include "circle/live.h"
#include "circle/order.h"
#include "circle/picture.h"
#include "circle/tickets.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/erasures.h"
#include "store/people.h"

struct erase_job {
	struct circle *c;
	struct arena *mem;
	person_id person;
	int64_t now_ms;
	struct person now;
	struct erasure gone;
};

static err erase_work(struct conn *tx, void *ctx)
{
	struct erase_job *job = ctx;
	err e;
	struct order_changes x = order_changes(job->c, job->mem);
	TRY(order_end_all(&x, tx, job->person, job->now_ms));
	TRY(erasures_do(tx, job->person, job->now_ms, job->mem, &job->gone));
	TRY(people_find(tx, job->person, job->mem, &job->now));
out:
	return e;
}

static void forget_pieces(struct world *world, const struct erasure *gone)
{
	for (size_t i = 0; i < gone->n_pieces; i++) {
		const struct status_ref *ref = &gone->pieces[i];
		if (ref->comment.v != 0)
			world_delete_comment(world, ref->post_author, ref->post, ref->comment);
		else
			(void)world_delete_post(world, ref->post_author, ref->post);
	}
	for (size_t i = 0; i < gone->n_likes; i++)
		world_set_like(world, &gone->likes[i], false);
}

static void forget_ties(struct world *world, const struct erasure *gone, person_id me)
{
	for (size_t i = 0; i < gone->n_friends; i++) {
		world_set_tie(world, me, gone->friends[i], false, 0);
		world_set_tie(world, gone->friends[i], me, false, 0);
	}
	for (size_t i = 0; i < gone->n_blocks; i++) {
		world_set_block(world, me, gone->blocks[i], false);
		world_set_block(world, gone->blocks[i], me, false);
	}
	for (size_t i = 0; i < 2 * gone->n_hides; i++) {
		enum hide_kind kind = i % 2 ? HIDE_MINE : HIDE_THEIRS;
		world_set_hide(world, me, gone->hides[i / 2], kind, false);
		world_set_hide(world, gone->hides[i / 2], me, kind, false);
	}
}

static void forget_company(struct world *world, const struct erasure *gone, person_id me)
{
	for (size_t i = 0; i < gone->n_tags; i++)
		world_set_list_member(world, gone->tags[i].owner, gone->tags[i].list, me, false);
	for (size_t i = 0; i < gone->n_lists; i++)
		world_set_list(world, &(struct list){
					      .id = gone->lists[i], .owner = me, .deleted = true });
	for (size_t i = 0; i < gone->n_groups; i++) {
		world_set_group_member(world, gone->groups[i].id, me, false, 0);
		world_set_group(world, &gone->groups[i]);
	}
	world_set_sifts(world, me, false);
	world_set_limited(world, me, &(struct limited){ 0 });
}

static void erase_after(void *ctx)
{
	struct erase_job *job = ctx;
	struct circle *c = job->c;
	struct picture_change pictures = { .gone = job->gone.media, .n_gone = job->gone.n_media };
	/* First of all: whatever is asked meanwhile, they are not here any more. */
	world_set_person(c->world, &job->now, handle_key(job->mem, job->now.handle));
	forget_pieces(c->world, &job->gone);
	forget_ties(c->world, &job->gone, job->person);
	forget_company(c->world, &job->gone, job->person);
	picture_after(c, &pictures);
	if (c->bearers != NULL)
		bearers_forget_person(c->bearers, job->person, (session_id){ 0 });
	tickets_forget(c->tickets, job->person);
	exporter_forget(c->exporter, job->person);
}

err erase_person(struct circle *c, person_id person, int64_t now_ms)
{
	struct erase_job job = {
		.c = c, .mem = arena_new(64 * 1024), .person = person, .now_ms = now_ms
	};
	err e = store_write_bulk(c->store, (struct store_job){ erase_work, erase_after, &job });
	arena_free(job.mem);
	return e;
}
