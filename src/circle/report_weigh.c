/* What reports count together. The facts are those of the store; friendships and invitations are asked of the world, where they lie at hand: it may be
 * behind by what the writer does just now, and nothing but the order of a queue hangs on it. Addresses are not kept anywhere, so a
 * device is a browser somebody signed in with. */
#include "circle/report_private.h"

#include "circle/see_store.h"
#include "circle/world.h"

#include "integrity/behaviour/weigh.h"
#include "model/limits.h"
#include "store/comments.h"
#include "store/factors.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/reports.h"

#include <stdlib.h>
#include <string.h>

#define OPEN_MAX 4096 /* reports on one person that are looked at */
#define SHOWN_MAX 500 /* and shown to the stewards */

/* ---- how many see it ---- */

/* Whom the door may let in at all. [locked] */
static const person_id *candidates(const struct world *world, const struct post_gate *gate,
                                   size_t *n)
{
	return gate->audience.kind == AUDIENCE_GROUP
	               ? world_group_members(world, gate->audience.group, n)
	               : world_ties(world, gate->author, n);
}

static int count_viewers(const struct world *world, const struct post_gate *gate,
                         const struct comment_gate *comment, int64_t now_ms)
{
	int count = 0;
	size_t n;
	world_lock(world);
	struct see_source see = world_source(world);
	const person_id *people = candidates(world, gate, &n);
	for (size_t i = 0; i < n; i++)
		count += people[i].v != gate->author.v &&
		         (comment ? see_comment(&see, people[i], gate, comment, now_ms)
		                  : see_post(&see, people[i], gate, now_ms));
	world_unlock(world);
	return count;
}

static int count_friends(const struct world *world, person_id person)
{
	size_t n;
	world_lock(world);
	(void)world_ties(world, person, &n);
	world_unlock(world);
	return (int)n;
}

err report_seen_by(const struct circle *c, struct conn *conn, const struct report *report,
                   int64_t now_ms, struct arena *mem, int *out)
{
	const struct status_ref *piece = &report->piece;
	struct comment comment;
	struct post_gate gate;
	err e = OK;
	if (piece->post.v == 0) {
		*out = count_friends(c->world, report->target);
	} else {
		TRY(posts_gate(conn, piece->post_author, piece->post, mem, &gate));
		if (piece->comment.v != 0)
			TRY(comments_find(conn, piece->post_author, piece->post, piece->comment,
			                  mem, &comment));
		*out = count_viewers(c->world, &gate, piece->comment.v ? &comment.gate : NULL,
		                     now_ms);
	}
	*out = *out < 1 ? 1 : *out;
out:
	return e;
}

/* ---- what they count ---- */

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static err read_devices(struct conn *conn, struct arena *mem, struct witness *w)
{
	secret_hash *hashes;
	uint64_t *devices;
	err e;
	TRY(devices_of(conn, w->id, DEVICES_MAX, mem, &hashes, &w->n_devices));
	devices = ARENA_ARRAY(mem, w->n_devices, uint64_t);
	for (size_t i = 0; i < w->n_devices; i++)
		memcpy(&devices[i], hashes[i].b, sizeof devices[i]);
	if (w->n_devices > 1)
		qsort(devices, w->n_devices, sizeof *devices, by_number);
	w->devices = devices;
out:
	return e;
}

/* Of who has several, the facts are read once. */
static const struct witness *known(const struct witness *all, size_t n, person_id id)
{
	for (size_t i = n; i > 0; i--)
		if (all[i - 1].id.v == id.v)
			return &all[i - 1];
	return NULL;
}

static err read_witness(struct conn *conn, const struct report *report, const struct witness *same,
                        struct arena *mem, struct witness *w)
{
	struct person person;
	err e = OK;
	if (same != NULL) {
		*w = *same;
	} else {
		*w = (struct witness){ .id = report->reporter };
		TRY(people_find(conn, w->id, mem, &person));
		w->since_ms = person.created_at_ms;
		TRY(reporters_find(conn, w->id, &w->past));
		TRY(read_devices(conn, mem, w));
	}
	w->at_ms = report->at_ms;
	w->seen_by = report->seen_by;
	w->about = report->category;
out:
	return e;
}

static int64_t weigh_in_world(const struct world *world, struct witness *all, size_t n)
{
	int64_t priority;
	world_lock(world);
	for (size_t i = 0; i < n; i++) {
		all[i].friends = world_ties(world, all[i].id, &all[i].n_friends);
		all[i].branch = world_branch(world, all[i].id);
	}
	priority = weigh_witnesses(all, n);
	world_unlock(world);
	return priority;
}

/* One for each report whose reporter is here, in their order. */
static err weigh(const struct circle *c, struct conn *conn, const struct report *reports, size_t n,
                 struct arena *mem, struct witness **out, size_t *n_out, int64_t *priority)
{
	struct witness *all = ARENA_ARRAY(mem, n, struct witness);
	size_t count = 0;
	err e = OK;
	for (size_t i = 0; i < n; i++) {
		const struct witness *same = known(all, count, reports[i].reporter);
		if (reports[i].reporter.v == 0)
			continue;
		TRY(read_witness(conn, &reports[i], same, mem, &all[count]));
		count++;
	}
	*priority = weigh_in_world(c->world, all, count);
	*out = all;
	*n_out = count;
out:
	return e;
}

err report_priority(const struct circle *c, struct conn *conn, person_id target, struct arena *mem,
                    report_id *lead, int64_t *priority)
{
	struct witness *all;
	struct report *reports;
	size_t n, n_all;
	err e;
	TRY(reports_open_on(conn, target, false, OPEN_MAX, mem, &reports, &n));
	*lead = n > 0 ? reports[0].id : (report_id){ 0 };
	TRY(weigh(c, conn, reports, n, mem, &all, &n_all, priority));
out:
	return e;
}

err report_weigh(struct conn *conn, const struct circle *c, person_id target, struct arena *mem,
                 struct weighed_report **out, size_t *n, int64_t *priority)
{
	struct witness *all;
	struct report *reports;
	size_t n_all, at = 0;
	err e;
	*n = 0;
	TRY(reports_open_on(conn, target, true, SHOWN_MAX, mem, &reports, n));
	TRY(weigh(c, conn, reports, *n, mem, &all, &n_all, priority));
	*out = ARENA_ARRAY(mem, *n, struct weighed_report);
	for (size_t i = 0; i < *n; i++) {
		struct weighed_report *one = &(*out)[i];
		one->report = reports[i];
		if (reports[i].reporter.v == 0)
			continue;
		one->weight = all[at].weight;
		one->group = all[at++].group;
		one->report.reporter.v = 0;
	}
out:
	return e;
}
