/* What is in force on a piece, as one viewer is told of it, and under which earlier copy it is folded for them.
 *
 * That somebody else wrote the same is told to those alone who may see it: whatever rests on copies is said only where an earlier one
 * passes the door, and then of that one alone. Nothing is counted. */
#include "circle/read_private.h"

#include "model/facts.h"
#include "store/measures_shown.h"
#include "store/posts.h"
#include "store/screenings.h"

#include "base/leak.h"

static bool is_in_force(const struct view *view, const struct piece_measure *m)
{
	return m->starts_at_ms <= view->now_ms && view->now_ms < m->ends_at_ms;
}

static bool is_own(const struct view *view, const struct piece_measure *m)
{
	return m->subject.v == view->v.v && !view->as_other;
}

/* Whether what this viewer is told of it depends on which copies they may see. */
static bool rests_on_copies(const struct view *view, const struct piece_measure *m)
{
	if (m->family == 0 || view->as_other || !is_in_force(view, m))
		return false;
	return m->kind == MEASURE_FOLD ||
	       (m->kind == MEASURE_LABEL && !is_own(view, m) && m->alone.rule.n == 0);
}

/* --- families --- */

static bool find_family(struct view *view, int64_t id, const struct family **family)
{
	*family = world_family(view->c->world, id);
	for (size_t i = view->n_families; i-- > 0 && *family == NULL;) {
		const struct loaded_family *l = &view->families[i];
		if (l->family.id != id)
			continue;
		if (l->stamp == world_family_stamp(view->c->world) ||
		    view->tries > VIEW_FRESH_TRIES)
			*family = &l->family;
		else
			view->tries++;
		break;
	}
	return *family != NULL;
}

static void want_family(struct view *view, int64_t id)
{
	for (size_t i = 0; i < view->n_wanted_families; i++)
		if (view->wanted_families[i].family.id == id)
			return;
	view->wanted_families = view_grown(view->mem, view->wanted_families,
	                                   view->n_wanted_families, &view->wanted_families_cap,
	                                   sizeof(*view->wanted_families));
	view->wanted_families[view->n_wanted_families++] = (struct loaded_family){
		.family.id = id, .stamp = world_family_stamp(view->c->world)
	};
}

/* For which group a post in memory was written. False: it is not there. */
static bool group_known(struct circle *c, const struct status_ref *ref, group_id *group)
{
	world_lock(c->world);
	const struct post_gate *gate = world_gate(c->world, ref->post_author, ref->post);
	if (gate != NULL)
		*group = gate->audience.group;
	world_unlock(c->world);
	return gate != NULL;
}

/* The place of a copy, while there is something there. */
static err add_copy(struct view *view, struct conn *conn, struct copy copy, struct copy *copies,
                    size_t *n)
{
	struct post_gate gate;
	if (group_known(view->c, &copy.ref, &copy.group)) {
		copies[(*n)++] = copy;
		return OK;
	}
	err e = posts_gate(conn, copy.ref.post_author, copy.ref.post, view->mem, &gate);
	if (e.code == ERR_MISSING)
		return OK;
	if (!failed(e) && !gate.deleted) {
		copy.group = gate.audience.group;
		copies[(*n)++] = copy;
	}
	return e;
}

/* A piece that shows something that was judged later says something else by now, or may. */
static err add_first(struct view *view, struct conn *conn, int64_t id, struct copy *copies,
                     size_t *n)
{
	struct screened *first;
	size_t found;
	bool shown;
	err e;
	TRY(screenings_after(conn, id - 1, 1, view->mem, &first, &found));
	if (found == 0 || (first->kind != FACTS_POST && first->kind != FACTS_COMMENT))
		return OK;
	TRY(screenings_still_shown(conn, first, &shown));
	if (!shown)
		return OK;
	TRY(add_copy(view, conn, (struct copy){ .ref = first->piece, .by = first->author }, copies,
	             n));
out:
	return e;
}

static err load_family(struct view *view, struct conn *conn, const struct loaded_family *wanted)
{
	struct loaded_family l = *wanted;
	struct copy *copies = ARENA_ARRAY(view->mem, FAMILY_COPIES_MAX + 1, struct copy);
	struct measure *measures;
	size_t n;
	err e;
	TRY(add_first(view, conn, l.family.id, copies, &l.family.n));
	TRY(measures_shown_of_family(conn, l.family.id, FAMILY_COPIES_MAX - 1, view->mem, &measures,
	                             &n));
	for (size_t i = 0; i < n; i++) {
		const struct measure *m = &measures[i];
		struct copy copy = { .ref = { m->post_author, m->post, m->comment },
			             .by = m->subject,
			             .since = m->id };
		if (measure_in_force(m, view->now_ms))
			TRY(add_copy(view, conn, copy, copies, &l.family.n));
	}
	l.family.copies = copies;
	world_offer_family(view->c->world, &l.family, l.stamp);
	view->families = view_grown(view->mem, view->families, view->n_families,
	                            &view->families_cap, sizeof(l));
	view->families[view->n_families++] = l;
out:
	return e;
}

err view_load_families(struct view *view, struct conn *conn)
{
	err e = OK;
	for (size_t i = 0; i < view->n_wanted_families; i++)
		TRY(load_family(view, conn, &view->wanted_families[i]));
out:
	return e;
}

/* --- the earliest copy --- */

/* The door admits nobody else: the store is not asked about what they could never see. Nor does anything lead to a person whose posts
 * they have hidden. */
static bool could_see(const struct view *view, const struct copy *copy)
{
	if (world_hides_theirs(view->c->world, view->v, copy->by))
		return false;
	return copy->by.v == view->v.v || see_friends(&view->see, view->v, copy->ref.post_author) ||
	       (copy->group.v != 0 && see_group(&view->see, view->v, copy->group));
}

static bool is_earlier(const struct copy *copy, const struct piece_measure *m)
{
	return copy->since.v < m->id.v;
}

/* Who wrote the earliest there is to see wrote it first, for this viewer, however often. */
static const struct copy *by_another(const struct copy *copy, const struct piece_measure *m)
{
	return copy->by.v != m->subject.v ? copy : NULL;
}

/* Of a post: another post. False: asked for. */
static bool find_first_post(struct view *view, const struct family *family,
                            const struct piece_measure *m, const struct copy **first)
{
	bool all = true;
	for (size_t i = 0; i < family->n; i++) {
		const struct copy *copy = &family->copies[i];
		const struct post_gate *gate = NULL;
		if (copy->ref.comment.v != 0 || !is_earlier(copy, m) || !could_see(view, copy))
			continue;
		if (!view_gate(view, copy->ref.post_author, copy->ref.post, &gate)) {
			all = false;
		} else if (gate != NULL && (see_post(&view->see, view->v, gate, view->now_ms) ||
		                            LEAK("fold.first_hidden"))) {
			*first = by_another(copy, m);
			break;
		}
	}
	return all;
}

/* Of a comment: its post, or another comment of it. */
static const struct copy *find_first_here(const struct sight *sight, const struct family *family,
                                          const struct piece_measure *m)
{
	for (size_t i = 0; i < family->n; i++) {
		const struct copy *copy = &family->copies[i];
		if (copy->ref.post.v != sight->gate->id.v || !is_earlier(copy, m))
			continue;
		if (copy->ref.comment.v == 0)
			return by_another(copy, m);
		size_t at = piece_comment(sight->piece, copy->ref.comment);
		if (at != SIZE_MAX && sight->seen[at])
			return by_another(copy, m);
	}
	return NULL;
}

bool view_order_ready(struct view *view, const struct piece *piece)
{
	bool ready = true;
	for (size_t i = 0; i < piece->n_measures; i++) {
		const struct piece_measure *m = &piece->measures[i];
		const struct family *family;
		const struct copy *first = NULL;
		if (!rests_on_copies(view, m))
			continue;
		if (!find_family(view, m->family, &family)) {
			want_family(view, m->family);
			ready = false;
		} else if (m->comment.v == 0) {
			ready &= find_first_post(view, family, m, &first);
		}
	}
	return ready;
}

static const struct copy *first_of(struct view *view, const struct sight *sight,
                                   const struct piece_measure *m)
{
	const struct family *family;
	const struct copy *first = NULL;
	if (!rests_on_copies(view, m) || !find_family(view, m->family, &family))
		return NULL;
	if (m->comment.v != 0)
		return find_first_here(sight, family, m);
	(void)find_first_post(view, family, m, &first);
	return first;
}

bool view_tells(struct view *view, const struct post_gate *gate, const struct piece_measure *m)
{
	const struct family *family;
	const struct piece *piece;
	const struct copy *first = NULL;
	if (is_own(view, m))
		return true;
	if (m->family == 0)
		return false;
	if (!find_family(view, m->family, &family)) {
		want_family(view, m->family);
		return false;
	}
	if (m->comment.v == 0)
		return find_first_post(view, family, m, &first) && first != NULL;
	if (!view_piece(view, gate->author, gate->id, &piece) || piece == NULL)
		return false;
	struct sight sight = view_sight(view, gate, piece);
	return find_first_here(&sight, family, m) != NULL;
}

/* --- what is said --- */

static struct why why_dup(struct arena *mem, const struct why *why)
{
	return (struct why){ .rule = str_dup(mem, why->rule),
		             .clause = str_dup(mem, why->clause),
		             .en = str_dup(mem, why->en),
		             .zh = str_dup(mem, why->zh) };
}

static void say(struct view *view, const struct piece_measure *m, enum measure_kind kind,
                const struct why *why, struct said_measure *said, size_t *n)
{
	said[(*n)++] = (struct said_measure){ .id = is_own(view, m) ? m->id : (measure_id){ 0 },
		                              .kind = kind,
		                              .why = why_dup(view->mem, why),
		                              .policy = str_dup(view->mem, m->policy) };
}

static void say_to_others(struct view *view, const struct piece_measure *m, bool sees_copy,
                          struct said_measure *said, size_t *n)
{
	if (m->kind == MEASURE_HOLD)
		return;
	if (sees_copy || LEAK("fold.told"))
		say(view, m, m->kind, &m->why, said, n);
	if (m->alone.rule.n > 0)
		say(view, m, MEASURE_LABEL, &m->alone, said, n);
}

/* Those of one comment, or of the post, are beside each other. */
static size_t first_on(const struct piece *piece, comment_id comment)
{
	size_t from = 0, to = piece->n_measures;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (piece->measures[mid].comment.v < comment.v)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

struct seen_order view_order(struct view *view, const struct sight *sight, comment_id comment)
{
	const struct piece *piece = sight->piece;
	struct seen_order order = { 0 };
	size_t from = first_on(piece, comment), to = from;
	while (to < piece->n_measures && piece->measures[to].comment.v == comment.v)
		to++;
	if (from == to)
		return order;
	struct said_measure *said = ARENA_ARRAY(view->mem, 3 * (to - from), struct said_measure);
	for (size_t i = from; i < to; i++) {
		const struct piece_measure *m = &piece->measures[i];
		if (!is_in_force(view, m))
			continue;
		const struct copy *first = first_of(view, sight, m);
		if (first != NULL && m->kind == MEASURE_FOLD) {
			order.first = first->ref;
			order.first_by = first->by;
		}
		if (is_own(view, m))
			say(view, m, m->kind, &m->why, said, &order.n);
		else
			say_to_others(view, m, first != NULL, said, &order.n);
	}
	order.said = said;
	return order;
}
