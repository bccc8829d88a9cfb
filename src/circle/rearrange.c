#include "circle/rearrange.h"

#include "model/limits.h"
#include "store/pictures.h"
#include "store/posts.h"

#define SAY_NOT_YOURS "One of these is not a picture of yours."
#define SAY_NOT_HERE "One of these is not a picture of this post."

static const struct media *find_in(const struct media *media, size_t n, media_id id)
{
	for (size_t i = 0; i < n; i++)
		if (media[i].id.v == id.v)
			return &media[i];
	return NULL;
}

static err plan_list(struct conn *conn, person_id author, const struct picture_draft *draft,
                     struct arena *mem, struct rearrangement *plan)
{
	err e = OK;
	if (draft->n > MEDIA_MAX)
		return err_limit("media_ids", "A moment has at most 9 pictures.");
	for (size_t i = 0; i < draft->n; i++) {
		const struct media *had = find_in(plan->had, plan->n_had, draft->ids[i]);
		if (had != NULL) {
			plan->next[plan->n_next++] = *had;
			continue;
		}
		e = pictures_find(conn, author, draft->ids[i], mem, &plan->next[plan->n_next++]);
		TRY(e.code == ERR_MISSING ? err_input("media_ids", SAY_NOT_YOURS) : e);
		plan->shows_new = true;
	}
out:
	return e;
}

static err plan_words(const struct picture_draft *draft, struct rearrangement *plan)
{
	for (size_t i = 0; i < draft->n_abouts; i++) {
		const struct picture_about *asked = &draft->abouts[i];
		struct media *m = (struct media *)(uintptr_t)find_in(plan->next, plan->n_next,
		                                                     asked->id);
		if (m == NULL)
			return err_input("media_attributes", SAY_NOT_HERE);
		err e = picture_check_about(asked->about);
		if (failed(e)) {
			e.field = "media_attributes";
			return e;
		}
		plan->shows_new |= asked->about.n > 0 && !str_eq(asked->about, m->about);
		m->about = asked->about;
	}
	return OK;
}

err rearrange_plan(struct conn *conn, const struct post *post, const struct picture_draft *draft,
                   struct arena *mem, struct rearrangement *out)
{
	err e = OK;
	*out = (struct rearrangement){ .had = post->media, .n_had = post->n_media };
	out->next = ARENA_ARRAY(mem, MEDIA_MAX, struct media);
	if (draft->ids != NULL)
		TRY(plan_list(conn, post->gate.author, draft, mem, out));
	for (size_t i = 0; draft->ids == NULL && i < post->n_media; i++)
		out->next[out->n_next++] = post->media[i];
	TRY(plan_words(draft, out));
	out->changes = !picture_same(out->had, out->n_had, out->next, out->n_next);
out:
	return e;
}

bool rearrange_holds(const struct rearrangement *plan, const struct post *post)
{
	return picture_same(plan->had, plan->n_had, post->media, post->n_media);
}

err rearrange_write(struct conn *tx, const struct post *post, const struct rearrangement *plan,
                    int64_t now_ms, struct arena *mem, struct picture_change *out)
{
	person_id author = post->gate.author;
	media_id *ids = ARENA_ARRAY(mem, plan->n_next, media_id);
	err e;
	for (size_t i = 0; i < plan->n_next; i++)
		ids[i] = plan->next[i].id;
	TRY(picture_arrange(tx, author, post->gate.id, ids, plan->n_next, mem, out));
	for (size_t i = 0; i < plan->n_next; i++)
		if (!str_eq(plan->next[i].about, out->now[i].about))
			TRY(pictures_set_about(tx, author, ids[i], plan->next[i].about));
	TRY(posts_set_pictures(tx, author, post->gate.id, plan->n_next, now_ms));
out:
	return e;
}
