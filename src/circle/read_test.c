/* What a reader has fetched from the store is thrown away when a change commits before it is shown. The look's own
 * hook for reading more stands in for the writer: it comes after the store has been read and before the next look. */
#include "circle/town_testing.h"

#include "circle/read_private.h"

struct meanwhile {
	struct town *t;
	struct status_ref post;
	void (*change)(struct town *t, struct status_ref post);
	int looks;
	bool gone;
	size_t likes, comments, walked;
};

static err change_once(struct view *view, struct conn *conn, void *ctx)
{
	struct meanwhile *m = ctx;
	(void)view;
	(void)conn;
	if (m->looks == 1)
		m->change(m->t, m->post);
	return OK;
}

static void look_at_post(struct view *view, void *ctx)
{
	struct meanwhile *m = ctx;
	const struct post_gate *gate;
	const struct piece *piece;
	view->more_wanted = ++m->looks == 1;
	if (!view_gate(view, m->post.post_author, m->post.post, &gate))
		return;
	m->gone = gate == NULL;
	if (gate == NULL || !view_piece(view, m->post.post_author, m->post.post, &piece))
		return;
	m->likes = piece->n_likes;
	m->comments = piece->n_comments;
}

static void by_deleting(struct town *t, struct status_ref post) { town_delete_post(t, post); }
static void by_liking(struct town *t, struct status_ref post) { town_like(t, 1, post, true); }
static void by_answering(struct town *t, struct status_ref post)
{
	town_comment(t, 1, post, 0, "answer");
}

/* Enough later posts that the first is in no ring. */
static struct meanwhile begin(void (*change)(struct town *, struct status_ref))
{
	struct meanwhile m = { .t = town_new(2, 1), .change = change };
	town_befriend(m.t, 0, 1);
	m.post = town_post(m.t, 0, (struct audience){ 0 }, WORLD_RING_MS + 1, "first");
	for (int i = 0; i < WORLD_RING + 5; i++)
		town_post(m.t, 0, (struct audience){ 0 }, 0, "later");
	return m;
}

static void run(struct meanwhile *m, void (*look)(struct view *, void *))
{
	struct view view = view_of(&m->t->c, m->t->people[1], TOWN_NOW_MS, m->t->mem);
	view.more = change_once;
	assert_ok(view_run(&view, look, m));
}

static void a_piece_read_before_a_change_is_read_again(void **state)
{
	(void)state;
	struct meanwhile m = begin(by_deleting);
	run(&m, look_at_post);
	assert_true(m.gone);
	town_free(m.t);
	m = begin(by_liking);
	run(&m, look_at_post);
	assert_int_equal(m.likes, 1);
	town_free(m.t);
	m = begin(by_answering);
	run(&m, look_at_post);
	assert_int_equal(m.comments, 1);
	town_free(m.t);
}

static void look_by_store(struct view *view, void *ctx)
{
	struct meanwhile *m = ctx;
	const struct post_gate *gate;
	const person_id *authors = &m->t->people[0];
	struct walk walk = walk_of(view, authors, 1, (struct page){ 0 }, false);
	view->more_wanted = ++m->looks == 1;
	m->walked = 0;
	m->gone = true;
	while ((gate = walk_next(&walk)) != NULL) {
		m->walked++;
		m->gone = m->gone && gate->id.v != m->post.post.v;
	}
}

static void a_window_read_before_a_deletion_is_read_again(void **state)
{
	struct meanwhile m = begin(by_deleting);
	(void)state;
	run(&m, look_by_store);
	assert_true(m.gone);
	assert_int_equal(m.walked, WORLD_RING + 5);
	assert_true(m.looks > 2);
	town_free(m.t);
}

/* A post that changes at every look is shown all the same, as it was within this request. */
static err change_always(struct view *view, struct conn *conn, void *ctx)
{
	struct meanwhile *m = ctx;
	(void)view;
	(void)conn;
	town_like(m->t, 1, m->post, m->looks % 2);
	return OK;
}

static void look_restlessly(struct view *view, void *ctx)
{
	look_at_post(view, ctx);
	view->more_wanted = view->n_wanted > 0;
}

static void a_restless_post_is_shown_in_the_end(void **state)
{
	struct meanwhile m = begin(NULL);
	struct view view = view_of(&m.t->c, m.t->people[1], TOWN_NOW_MS, m.t->mem);
	(void)state;
	view.more = change_always;
	assert_ok(view_run(&view, look_restlessly, &m));
	assert_false(m.gone);
	assert_true(m.looks < 20);
	town_free(m.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_piece_read_before_a_change_is_read_again),
		cmocka_unit_test(a_window_read_before_a_deletion_is_read_again),
		cmocka_unit_test(a_restless_post_is_shown_in_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
