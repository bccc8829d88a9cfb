/* A piece that says something else. The words are judged as they will stand, outside the transaction; inside it they are put in
 * place of those they were made from, or wait beside them until somebody lets them through. The interface is publish.h. */
#include "circle/publish.h"

#include "circle/address.h"
#include "circle/found.h"
#include "circle/hold.h"
#include "circle/live.h"
#include "circle/narrow.h"
#include "circle/order.h"
#include "circle/publish_private.h"
#include "circle/rearrange.h"
#include "circle/rewrite.h"
#include "circle/verb.h"
#include "circle/wording.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/comments.h"
#include "store/measures.h"
#include "store/posts.h"
#include "store/versions.h"

#include "base/leak.h"

#define SAY_MEANWHILE "It was changed meanwhile. Look again, and then change it."
#define SAY_DECIDED                                                                                \
	"A steward has decided about this: it stays as it is. Write it anew, or delete it."
#define SAY_OFTEN "A piece can be changed at most 50 times."
#define SAY_BESIDE "A comment is its text alone."
#define SAY_PICTURES_WAIT                                                                          \
	"These pictures, or the words for them, would have to wait for a steward, and those of a changed post cannot. Send them in a new one."
#define SAY_EMPTIED                                                                                \
	"The new words wait for a steward, and without its pictures nothing of this post would show. Leave one in it."
#define SAY_POSTS_AUDIENCE "A comment has the audience of its post."

static bool same_words(const struct version *a, const struct version *b)
{
	return str_eq(a->text, b->text) && str_eq(a->place, b->place) &&
	       str_eq(a->card.url, b->card.url) && str_eq(a->card.title, b->card.title) &&
	       str_eq(a->card.about, b->card.about);
}

/* --- the author's change --- */

struct change_job {
	struct circle *c;
	struct arena *mem;
	person_id author;
	struct status_ref ref;
	const struct audience *asked; /* sorted; NULL: as it is */
	struct changing from;         /* what the change was made from */
	struct version next;
	bool words; /* they change */
	struct rearrangement pictures;
	struct picture_change rearranged;
	bool takes_back; /* a change that waits, or was not let through, is given up */
	struct screening screening;
	int64_t now_ms;
	/* What came of it. */
	struct changing now;
	int64_t held_until_ms;
	bool narrowed;
	struct measure measure;
};

static err check_unchanged(const struct change_job *job)
{
	struct version then = rewrite_said(&job->from), now = rewrite_said(&job->now);
	struct pending a = rewrite_pending(&job->from), b = rewrite_pending(&job->now);
	return same_words(&then, &now) && a.version.v == b.version.v && a.state == b.state &&
	                       rearrange_holds(&job->pictures, &job->now.post)
	               ? OK
	               : err_conflict(NULL, SAY_MEANWHILE);
}

/* The first change writes down what was there before; words nobody saw are no part of what was shown. */
static err write_before(struct conn *tx, const struct change_job *job, bool is_held)
{
	const struct changing *x = &job->now;
	struct version first = rewrite_said(x);
	int count;
	err e;
	TRY(versions_count(tx, &x->ref, &count));
	if (count > VERSIONS_MAX)
		return err_limit("status", SAY_OFTEN);
	if (count > 0)
		return is_held ? versions_drop_latest(tx, &x->ref) : OK;
	first.id.v = rewrite_is_comment(x) ? x->ref.comment.v : x->ref.post.v;
	first.at_ms = rewrite_is_comment(x) ? x->comment.gate.created_at_ms
	                                    : x->post.gate.created_at_ms;
	first.state = is_held ? VERSION_DROPPED : VERSION_SHOWN;
	e = versions_insert(tx, &x->ref, &first);
out:
	return e;
}

/* The author's own change ends what was done about the words before it; nobody decided. Its own `after` step shows the rest. */
static err end_measures(struct conn *tx, struct change_job *job)
{
	struct order_changes x = order_changes(job->c, job->mem);
	return order_end_piece(&x, tx, job->author, &job->ref, true, job->now_ms);
}

/* Only one change waits: a newer one, or thinking better of it, ends it. */
static err end_pending(struct conn *tx, struct change_job *job)
{
	const struct order_end end = { .state = MEASURE_WITHDRAWN, .silent = true };
	struct order_changes x = order_changes(job->c, job->mem);
	struct pending pending = rewrite_pending(&job->now);
	struct measure m;
	err e;
	if (pending.state != VERSION_WAITS || pending.version.v == 0)
		return OK;
	TRY(versions_set_state(tx, &job->ref, pending.version, VERSION_DROPPED));
	TRY(measures_find(tx, pending.measure, job->mem, &m));
	if (m.state == MEASURE_ACTIVE)
		TRY(order_end(&x, tx, &m, &end, job->now_ms));
out:
	return e;
}

/* What was done about the piece before ends with what was said; the new verdict takes its place. */
static err judge_again(struct conn *tx, struct change_job *job)
{
	struct changing *x = &job->now;
	err e;
	if (x->post.gate.audience.kind == AUDIENCE_SELF)
		hold_keep_to_author(&job->screening);
	TRY(end_measures(tx, job));
	job->screening.again = true;
	TRY(hold_write(job->c, tx, &job->screening, &x->ref, job->author, job->now_ms,
	               &job->measure));
	job->held_until_ms = measure_held_until(&job->measure);
out:
	return e;
}

static bool shows_something(const struct changing *x)
{
	struct version v = rewrite_said(x);
	return v.text.n > 0 || v.card.url.n > 0 || x->post.n_media > 0;
}

static err change_words(struct conn *tx, struct change_job *job)
{
	struct changing *x = &job->now;
	struct version *next = &job->next;
	struct screening *s = &job->screening;
	bool is_held = order_now(job->c, job->now_ms) < rewrite_held_until(x);
	bool hold = s->acts && s->measure.kind == MEASURE_HOLD, waits = hold && !is_held;
	err e;
	if (rewrite_held_until(x) == INT64_MAX)
		return err_conflict(NULL, SAY_DECIDED);
	if (waits && !shows_something(x))
		return err_input("media_ids", SAY_EMPTIED);
	if (x->post.gate.audience.kind == AUDIENCE_SELF)
		hold_keep_to_author(s);
	TRY(write_before(tx, job, is_held));
	TRY(end_pending(tx, job));
	if (!waits)
		TRY(end_measures(tx, job));
	next->id = (version_id){ snowflake_next(job->c->ids) };
	next->at_ms = job->now_ms;
	next->state = waits && !LEAK("history.unshown") ? VERSION_WAITS : VERSION_SHOWN;
	s->measure.version = waits ? next->id : (version_id){ 0 };
	s->again = true;
	TRY(hold_write(job->c, tx, s, &x->ref, job->author, job->now_ms, &job->measure));
	next->measure = waits ? job->measure.id : (measure_id){ 0 };
	TRY(versions_insert(tx, &x->ref, next));
	TRY(waits ? rewrite_set_pending(tx, x, next->id)
	          : rewrite_put(job->c, tx, x, next, job->now_ms, job->mem));
	job->held_until_ms = hold && !waits ? measure_held_until(&job->measure) : 0;
out:
	return e;
}

/* Pictures cannot wait beside what shows: what is new of them goes through or not at all. */
static err change_pictures(struct conn *tx, struct change_job *job)
{
	struct changing *x = &job->now;
	const struct rearrangement *plan = &job->pictures;
	const struct screening *s = &job->screening;
	bool is_held = order_now(job->c, job->now_ms) < rewrite_held_until(x);
	bool hold = s->acts && s->measure.kind == MEASURE_HOLD;
	err e;
	if (rewrite_held_until(x) == INT64_MAX)
		return err_conflict(NULL, SAY_DECIDED);
	if (plan->shows_new && hold && !is_held)
		return err_input("media_ids", SAY_PICTURES_WAIT);
	TRY(rearrange_write(tx, &x->post, plan, job->now_ms, job->mem, &job->rearranged));
	x->post.media = plan->next;
	x->post.n_media = plan->n_next;
	TRY(found_note(tx, &x->post, job->mem));
	if (!job->words && (plan->shows_new || is_held))
		TRY(judge_again(tx, job));
out:
	return e;
}

static err narrow(struct conn *tx, struct change_job *job, const struct door *door)
{
	struct post_gate *gate = &job->now.post.gate;
	struct audience next;
	err e;
	if (rewrite_is_comment(&job->now))
		return err_input("kith_audience", SAY_POSTS_AUDIENCE);
	TRY(narrow_audience(tx, door, job->author, &gate->audience, job->asked, job->mem, &next));
	gate->audience = next;
	TRY(posts_set_audience(tx, gate));
	job->narrowed = true;
out:
	return e;
}

/* One's own, and where it hangs on another's post, that is still to be seen. */
static err check_mine(const struct change_job *job, const struct door *door)
{
	const struct changing *x = &job->now;
	bool mine = rewrite_author(x).v == job->author.v;
	if (mine && rewrite_is_comment(x))
		mine = see_comment(&door->see, job->author, &x->post.gate, &x->comment.gate,
		                   order_now(job->c, job->now_ms));
	return door_answer(door, mine, "not one's own piece");
}

static err change_work(struct conn *tx, void *ctx)
{
	struct change_job *job = ctx;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->author));
	TRY(rewrite_load(tx, &job->ref, job->mem, &job->now));
	TRY(check_mine(job, &door));
	job->held_until_ms = rewrite_held_until(&job->now);
	if (job->words || job->pictures.changes)
		TRY(order_may(job->c, tx, job->author, ORDER_CHANGE, job->now_ms, job->mem));
	if (job->words || job->takes_back || job->pictures.changes)
		TRY(check_unchanged(job));
	if (job->asked != NULL)
		TRY(narrow(tx, job, &door));
	if (job->pictures.changes)
		TRY(change_pictures(tx, job));
	if (job->words)
		TRY(change_words(tx, job));
	if (job->takes_back) {
		TRY(end_pending(tx, job));
		TRY(rewrite_set_pending(tx, &job->now, (version_id){ 0 }));
	}
out:
	return e;
}

static void change_after(void *ctx)
{
	const struct change_job *job = ctx;
	const struct status_ref *ref = &job->ref;
	struct world *world = job->c->world;
	if (job->narrowed && !LEAK("world.narrowed") &&
	    !world_set_audience(world, ref->post_author, ref->post, &job->now.post.gate.audience))
		live_gone(job->c->live, &job->from.post.gate);
	/* The words before the hold: nobody sees what was held because it is held no more. */
	if ((job->words || job->takes_back || job->pictures.changes) && !LEAK("world.old_words"))
		world_change_piece(world, ref->post);
	if (job->held_until_ms != rewrite_held_until(&job->now))
		world_set_held(world, ref->post_author, ref->post, ref->comment,
		               job->held_until_ms);
	if ((job->words && job->next.state == VERSION_SHOWN) || job->pictures.changes)
		live_changed(job->c->live, ref);
	picture_after(job->c, &job->rearranged);
	hold_after(job->c, &job->screening);
}

/* What it shall say: the author's latest words, be it that they wait, with what the draft gives instead. */
static err merge(struct conn *conn, struct change_job *job, const struct change_draft *draft)
{
	struct version shows = rewrite_said(&job->from), base = shows;
	struct pending pending = rewrite_pending(&job->from);
	err e = OK;
	if (pending.version.v != 0 && pending.state == VERSION_WAITS)
		TRY(versions_find(conn, &job->ref, pending.version, job->mem, &base));
	job->next = (struct version){
		.text = base.text, .language = base.language, .place = base.place, .card = base.card
	};
	if (draft->text != NULL)
		job->next.text = *draft->text;
	if (draft->place != NULL)
		TRY(publish_place(*draft->place, &job->next.place));
	if (draft->card != NULL)
		TRY(publish_card(draft->card, &job->next.card));
	bool given = draft->text != NULL || draft->place != NULL || draft->card != NULL;
	job->takes_back = given && pending.version.v != 0 && same_words(&job->next, &shows);
	job->words = given && !job->takes_back && !same_words(&job->next, &base);
out:
	return e;
}

static err check_words(struct change_job *job, const struct change_draft *draft)
{
	struct publish_words words;
	bool comment = job->ref.comment.v != 0;
	bool else_to_see = !comment && (job->next.card.url.n > 0 || job->from.post.n_media > 0);
	err e;
	if (comment && draft->pictures != NULL)
		return err_input("media_ids", SAY_BESIDE);
	if (comment && (draft->place != NULL || draft->card != NULL))
		return err_input(draft->place != NULL ? "kith_place" : "kith_card", SAY_BESIDE);
	TRY(publish_prepare(&words, job->next.text,
	                    draft->language.p != NULL ? draft->language : job->next.language,
	                    STR_NONE, STR_NONE, comment ? COMMENT_TEXT_MAX : POST_TEXT_MAX,
	                    else_to_see, job->mem));
	job->next.language = words.language;
out:
	return e;
}

/* The post as it will stand is what is judged. Words that wait go on waiting and are not part of it. */
static err plan_pictures(struct conn *conn, struct change_job *job,
                         const struct change_draft *draft)
{
	struct post *post = &job->from.post;
	err e = OK;
	job->pictures = (struct rearrangement){ .had = post->media, .n_had = post->n_media };
	if (draft->pictures == NULL || job->ref.comment.v != 0)
		return OK;
	TRY(rearrange_plan(conn, post, draft->pictures, job->mem, &job->pictures));
	if (!job->words && !job->takes_back)
		job->next = rewrite_said(&job->from);
	post->media = job->pictures.next;
	post->n_media = job->pictures.n_next;
out:
	return e;
}

static void judge(struct change_job *job)
{
	struct facts facts = { .kind = job->ref.comment.v ? FACTS_COMMENT : FACTS_POST,
		               .author = (uint64_t)job->author.v,
		               .at_ms = job->now_ms,
		               .text = job->next.text };
	struct post words = job->from.post;
	if (facts.kind == FACTS_POST) {
		words.text = job->next.text;
		words.place = job->next.place;
		words.card = job->next.card;
		wording_tell(&facts, &words, job->mem);
	}
	hold_screen(job->c, &facts, job->now_ms, job->mem, &job->screening);
}

static err write_change(struct change_job *job)
{
	struct world *world = job->c->world;
	bool both = job->asked != NULL && (job->words || job->pictures.changes);
	err e;
	if (both)
		world_begin_change(world, job->ref.post);
	e = verb_write(job->c, change_work, change_after, job);
	if (both)
		world_end_change(world, job->ref.post);
	return e;
}

err publish_change(struct circle *c, person_id author, const struct status_ref *ref,
                   const struct change_draft *draft, int64_t now_ms, struct arena *mem)
{
	struct change_job *job = ARENA_NEW(mem, struct change_job);
	struct audience asked;
	struct conn *conn = NULL;
	err e;
	*job = (struct change_job){
		.c = c, .mem = mem, .author = author, .ref = *ref, .now_ms = now_ms
	};
	TRY(store_read(c->store, &conn));
	TRY(rewrite_load(conn, ref, mem, &job->from));
	if (rewrite_author(&job->from).v != author.v)
		TRY(err_missing("not one's own piece"));
	TRY(merge(conn, job, draft));
	TRY(plan_pictures(conn, job, draft));
	store_read_end(c->store, &conn);
	if (job->words || draft->pictures != NULL)
		TRY(check_words(job, draft));
	if (draft->audience != NULL) {
		TRY(address_sort(draft->audience, mem, &asked));
		job->asked = &asked;
	}
	if (job->words || job->pictures.changes)
		judge(job);
	if (job->words || job->takes_back || job->pictures.changes || job->asked != NULL)
		TRY(write_change(job));
	if (job->measure.kind == MEASURE_HOLD && job->measure.id.v != 0)
		log_event(c->log, LOG_INFO, "change.held",
		          LOG_I64("id", ref->comment.v ? ref->comment.v : ref->post.v),
		          LOG_STR("rule", job->measure.rule));
out:
	store_read_end(c->store, &conn);
	return e;
}
