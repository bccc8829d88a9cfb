#include "circle/picture.h"

#include "circle/admit.h"
#include "circle/stage_testing.h"

#include "media/keeper.h"
#include "model/limits.h"
#include "store/pictures.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 5, .pictures = true });
	stage_befriend(s, 2, 3);
	return 0;
}

static int set_up_screened(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 5, .screen = true, .pictures = true });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static int n_found;

static int count_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)path, (void)st, (void)at;
	n_found += type == FTW_F;
	return 0;
}

/* Files in the folder of pictures. */
static int count_files(void)
{
	char path[128];
	snprintf(path, sizeof path, "%s/media", s->folder);
	n_found = 0;
	assert_int_equal(nftw(path, count_one, 16, FTW_PHYS), 0);
	return n_found;
}

static err bring(int owner, str bytes, str about, struct media *out)
{
	return picture_bring(s->c, s->people[owner], bytes, about, s->now_ms, s->mem, out);
}

static err publish(int author, const char *text, const char *key, const media_id *ids, size_t n,
                   struct published *out)
{
	struct post_draft draft = {
		.text = str_of(text), .retry_key = str_of(key), .media_ids = ids, .n_media = n
	};
	return publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, out);
}

static struct media find(int owner, media_id id)
{
	struct media m;
	assert_ok(picture_find(s->c, s->people[owner], id, s->mem, &m));
	return m;
}

static bool can_open(int v, media_id id)
{
	size_t bytes;
	int fd;
	err e = picture_open(s->c, s->people[v], id, MEDIA_MIDDLE, MEDIA_JPEG, s->now_ms, &fd,
	                     &bytes);
	if (!failed(e))
		close(fd);
	else
		assert_int_equal(e.code, ERR_MISSING);
	return !failed(e);
}

/* ---- bringing ---- */

static void a_picture_brought_lies_about_with_six_files(void **state)
{
	struct media got, again;
	(void)state;
	assert_ok(bring(2, stage_png(s, 400, 300, 1), S("a hill"), &got));
	assert_int_equal(got.use, MEDIA_UNUSED);
	assert_true(got.width == 400 && got.height == 300);
	assert_true(got.blurhash.n > 0);
	assert_int_equal(got.created_at_ms, s->now_ms);
	again = find(2, got.id);
	assert_text(again.about, "a hill");
	assert_memory_equal(again.content, got.content, sizeof got.content);
	assert_int_equal(count_files(), 6);
	struct media none;
	assert_fails(picture_find(s->c, s->people[3], got.id, s->mem, &none), ERR_MISSING);
}

static void what_is_wrong_with_a_file_is_said_and_nothing_stays(void **state)
{
	struct media m;
	char *much = arena_alloc(s->mem, MEDIA_MAX_BYTES + 1);
	str png = stage_png(s, 64, 48, 1);
	(void)state;
	assert_blames(bring(2, STR_NONE, STR_NONE, &m), ERR_INPUT, "file");
	assert_blames(bring(2, S("<svg xmlns='http://www.w3.org/2000/svg'/>"), STR_NONE, &m),
	              ERR_INPUT, "file");
	assert_blames(bring(2, str_slice(png, 0, png.n / 2), STR_NONE, &m), ERR_INPUT, "file");
	assert_blames(bring(2, (str){ much, MEDIA_MAX_BYTES + 1 }, STR_NONE, &m), ERR_LIMIT,
	              "file");
	str words = { memset(much, 'w', ALT_TEXT_MAX + 1), ALT_TEXT_MAX + 1 };
	assert_blames(bring(2, png, words, &m), ERR_LIMIT, "description");
	assert_blames(bring(2, png, S("a\xFF"), &m), ERR_INPUT, "description");
	assert_int_equal(count_files(), 0);
	assert_ok(bring(2, png, str_slice(words, 0, ALT_TEXT_MAX), &m));
}

static void without_a_darkroom_none_is_taken(void **state)
{
	struct darkroom *room = s->c->darkroom;
	struct media m;
	(void)state;
	assert_null(picture_refusal(s->c));
	s->c->darkroom = NULL;
	assert_non_null(picture_refusal(s->c));
	assert_blames(bring(2, stage_png(s, 64, 48, 1), STR_NONE, &m), ERR_INPUT, "file");
	s->c->darkroom = room;
}

/* Rows like this one, as many as may be, but for it: no picture is opened for them. */
static err fill_up(struct conn *tx, void *ctx)
{
	struct media like = *(const struct media *)ctx;
	err e = OK;
	for (int i = 1; i < MEDIA_UNUSED_MAX && !failed(e); i++) {
		like.id.v++;
		e = pictures_insert(tx, &like);
	}
	return e;
}

static void only_so_many_may_lie_about(void **state)
{
	struct media m, first = stage_picture(s, 2, 0);
	struct published out;
	(void)state;
	assert_ok(store_write(s->c->store, (struct store_job){ fill_up, NULL, &first }));
	assert_blames(bring(2, stage_png(s, 64, 48, 99), STR_NONE, &m), ERR_LIMIT, "file");
	stage_picture(s, 3, 99); /* another's are their own */
	assert_ok(publish(2, "", "", &first.id, 1, &out));
	assert_ok(bring(2, stage_png(s, 64, 48, 99), STR_NONE, &m));
}

static void a_sealed_person_brings_none(void **state)
{
	struct media m;
	(void)state;
	assert_ok(stage_seal(s->c, s->people[2], true, s->now_ms));
	assert_fails(bring(2, stage_png(s, 64, 48, 1), STR_NONE, &m), ERR_DENIED);
	assert_int_equal(count_files(), 0);
}

static void words_change_while_it_lies_about(void **state)
{
	struct media m = stage_picture(s, 2, 1), got;
	struct published out;
	(void)state;
	assert_ok(picture_set_about(s->c, s->people[2], m.id, S("a bowl"), s->mem, &got));
	assert_text(got.about, "a bowl");
	assert_fails(picture_set_about(s->c, s->people[3], m.id, S("mine"), s->mem, &got),
	             ERR_MISSING);
	assert_ok(publish(2, "", "", &m.id, 1, &out));
	assert_text(out.post.media[0].about, "a bowl");
	assert_fails(picture_set_about(s->c, s->people[2], m.id, S("an ad"), s->mem, &got),
	             ERR_CONFLICT);
	assert_text(find(2, m.id).about, "a bowl");
}

static void an_unused_one_is_taken_back_and_a_used_one_is_not(void **state)
{
	struct media m = stage_picture(s, 2, 1), used = stage_picture(s, 2, 2), none;
	struct published out;
	(void)state;
	assert_ok(publish(2, "", "", &used.id, 1, &out));
	assert_fails(picture_drop(s->c, s->people[3], m.id), ERR_MISSING);
	assert_ok(picture_drop(s->c, s->people[2], m.id));
	assert_fails(picture_drop(s->c, s->people[2], m.id), ERR_MISSING);
	assert_fails(picture_drop(s->c, s->people[2], used.id), ERR_CONFLICT);
	assert_fails(picture_find(s->c, s->people[2], m.id, s->mem, &none), ERR_MISSING);
	assert_int_equal(count_files(), 6);
}

/* ---- posts ---- */

static void a_post_has_its_pictures_in_the_order_given(void **state)
{
	struct media a = stage_picture(s, 2, 1), b = stage_picture(s, 2, 2);
	const media_id ids[] = { b.id, a.id };
	struct published out;
	struct seen_post seen;
	(void)state;
	assert_ok(publish(2, "", "", ids, 2, &out)); /* pictures alone are enough */
	struct status_ref ref = { s->people[2], out.post.gate.id, { 0 } };
	for (int cold = 0; cold < 2; cold++) {
		assert_ok(read_post(s->c, s->people[3], &ref, s->now_ms, s->mem, &seen));
		assert_int_equal(seen.post.n_media, 2);
		assert_int_equal(seen.post.media[0].id.v, b.id.v);
		assert_int_equal(seen.post.media[1].id.v, a.id.v);
		stage_reopen(s);
	}
}

static void a_wrong_picture_refuses_the_post_and_uses_none(void **state)
{
	media_id many[MEDIA_MAX + 1];
	struct media mine = stage_picture(s, 2, 1), others = stage_picture(s, 3, 2);
	struct media used = stage_picture(s, 2, 3), worn = stage_picture(s, 2, 4);
	struct person me;
	struct published out;
	(void)state;
	assert_ok(publish(2, "", "", &used.id, 1, &out));
	assert_ok(picture_wear(s->c, s->people[2], worn.id, MEDIA_AVATAR, s->now_ms, s->mem, &me));
	const struct {
		const char *name;
		media_id second;
	} rows[] = {
		{ "somebody else's", others.id },
		{ "of another post", used.id },
		{ "worn", worn.id },
		{ "never given", { 12345 } },
		{ "the same again", mine.id },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const media_id ids[] = { mine.id, rows[i].second };
		err e = publish(2, "text", "", ids, 2, &out);
		if (e.code != ERR_INPUT || !e.field || strcmp(e.field, "media_ids") != 0)
			fail_msg("%s", rows[i].name);
		assert_int_equal(find(2, mine.id).use, MEDIA_UNUSED);
	}
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = i == 0 ? mine.id : stage_picture(s, 2, (unsigned)(10 + i)).id;
	assert_blames(publish(2, "", "", many, COUNT(many), &out), ERR_LIMIT, "media_ids");
	assert_ok(publish(2, "", "", many, MEDIA_MAX, &out));
	assert_int_equal(out.post.n_media, MEDIA_MAX);
	assert_blames(publish(2, " ", "", &many[MEDIA_MAX], 1, &out), ERR_INPUT, "status");
}

static void a_retry_gives_the_same_post_with_its_pictures(void **state)
{
	struct media m = stage_picture(s, 2, 1);
	struct published first, second;
	(void)state;
	assert_ok(publish(2, "look", "key-1", &m.id, 1, &first));
	assert_ok(publish(2, "look", "key-1", &m.id, 1, &second));
	assert_int_equal(first.post.gate.id.v, second.post.gate.id.v);
	assert_int_equal(second.post.n_media, 1);
	assert_int_equal(second.post.media[0].id.v, m.id.v);
}

static void of_two_posts_at_once_one_gets_the_picture(struct stage *stage, int i, void *ctx)
{
	struct media *m = ctx;
	struct published out;
	struct post_draft draft = { .text = S("mine"), .media_ids = &m->id, .n_media = 1 };
	struct arena *mem = arena_new(4096);
	(void)i;
	if (!failed(publish_post(stage->c, m->owner, &draft, stage->now_ms, mem, &out)))
		m->position++; /* counted under the writer's order: at most one comes here */
	arena_free(mem);
}

static void a_picture_stands_in_one_post_alone(void **state)
{
	struct media m = stage_picture(s, 2, 1);
	(void)state;
	stage_race(s, 8, of_two_posts_at_once_one_gets_the_picture, &m);
	assert_int_equal(m.position, 1);
}

#define AD STAGE_AD

static err change(const struct published *was, const struct change_draft *draft)
{
	struct status_ref ref = { s->people[2], was->post.gate.id, { 0 } };
	return publish_change(s->c, s->people[2], &ref, draft, s->now_ms, s->mem);
}

static struct post read_own(const struct published *was)
{
	struct status_ref ref = { s->people[2], was->post.gate.id, { 0 } };
	struct seen_post seen;
	assert_ok(read_post(s->c, s->people[2], &ref, s->now_ms, s->mem, &seen));
	return seen.post;
}

struct disguise {
	media_id id;
	pthread_barrier_t under_way;
	bool changes; /* the post that is in `out` */
	err done;
	struct published out;
};

/* The writer is busy long enough for the post to be judged before these words stand. */
static err disguise_work(struct conn *tx, void *ctx)
{
	struct disguise *d = ctx;
	pthread_barrier_wait(&d->under_way);
	usleep(200 * 1000);
	return pictures_set_about(tx, s->people[2], d->id, S(AD));
}

static void publish_or_disguise(struct stage *stage, int i, void *ctx)
{
	struct disguise *d = ctx;
	if (i == 0) {
		sure(!failed(store_write(stage->c->store,
		                         (struct store_job){ disguise_work, NULL, d })));
		return;
	}
	pthread_barrier_wait(&d->under_way);
	str text = S("look");
	if (d->changes)
		d->done = change(&d->out, &(struct change_draft){ .text = &text });
	else
		d->done = publish(2, "look", "", &d->id, 1, &d->out);
}

static void race(struct disguise *d)
{
	assert_int_equal(pthread_barrier_init(&d->under_way, NULL, 2), 0);
	stage_race(s, 2, publish_or_disguise, d);
	pthread_barrier_destroy(&d->under_way);
}

static void words_changed_while_they_are_judged_are_not_published(void **state)
{
	struct disguise d = { .id = stage_picture(s, 2, 1).id };
	(void)state;
	race(&d);
	if (failed(d.done)) {
		assert_int_equal(d.done.code, ERR_CONFLICT);
		assert_ok(publish(2, "look", "", &d.id, 1, &d.out));
	}
	assert_true(d.out.held); /* it is these words that were judged */
}

static void a_text_changes_beside_the_pictures_it_was_judged_with(void **state)
{
	struct disguise d = { .id = stage_picture(s, 2, 1).id, .changes = true };
	(void)state;
	assert_ok(publish(2, "one", "", &d.id, 1, &d.out));
	race(&d);
	if (failed(d.done))
		assert_int_equal(d.done.code, ERR_CONFLICT);
	assert_text(read_own(&d.out).text, "one"); /* refused, or judged with them and waiting */
}

static void a_post_is_not_emptied_while_its_words_wait(void **state)
{
	media_id id = stage_picture(s, 2, 1).id;
	str ad = S(AD), fine = S("look");
	struct picture_draft none = { .ids = &id };
	struct published out;
	(void)state;
	assert_ok(publish(2, "", "", &id, 1, &out));
	assert_blames(change(&out, &(struct change_draft){ .text = &ad, .pictures = &none }),
	              ERR_INPUT, "media_ids");
	assert_int_equal(read_own(&out).n_media, 1);
	assert_ok(change(&out, &(struct change_draft){ .text = &fine, .pictures = &none }));
	assert_int_equal(read_own(&out).n_media, 0);
}

static void a_deleted_post_takes_its_files_along(void **state)
{
	struct media a = stage_picture(s, 2, 1), b = stage_picture(s, 2, 2);
	const media_id ids[] = { a.id, b.id };
	struct published out;
	struct media none;
	(void)state;
	stage_picture(s, 2, 3);
	assert_ok(publish(2, "", "", ids, 2, &out));
	assert_true(can_open(3, a.id));
	assert_int_equal(count_files(), 18);
	struct status_ref ref = { s->people[2], out.post.gate.id, { 0 } };
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_int_equal(count_files(), 6);
	assert_false(can_open(3, a.id));
	assert_false(can_open(2, a.id)); /* gone for its author too */
	assert_fails(picture_find(s->c, s->people[2], a.id, s->mem, &none), ERR_MISSING);
}

static void the_same_bytes_of_two_people_are_two_pictures(void **state)
{
	struct media a = stage_picture(s, 2, 1), b = stage_picture(s, 4, 1);
	struct published out;
	(void)state;
	assert_int_not_equal(a.id.v, b.id.v);
	assert_memory_equal(a.content, b.content, sizeof a.content);
	assert_int_equal(count_files(), 6);
	assert_ok(publish(2, "", "", &a.id, 1, &out));
	struct status_ref ref = { s->people[2], out.post.gate.id, { 0 } };
	assert_true(can_open(2, a.id) && !can_open(2, b.id) && !can_open(4, a.id));
	assert_ok(publish_delete(s->c, s->people[2], &ref, s->now_ms));
	assert_false(can_open(2, a.id));
	assert_true(can_open(4, b.id));
	assert_ok(picture_drop(s->c, s->people[4], b.id));
	assert_int_equal(count_files(), 0);
}

static void brought_and_dropped_over_and_over(struct stage *stage, int i, void *ctx)
{
	struct arena *mem = arena_new(4096);
	const str *bytes = ctx;
	struct media m;
	for (int n = 0; n < 6; n++) {
		err e = picture_bring(stage->c, stage->people[i], *bytes, STR_NONE, stage->now_ms,
		                      mem, &m);
		size_t size;
		int fd;
		assert_false(failed(e));
		assert_false(failed(picture_open(stage->c, stage->people[i], m.id, MEDIA_SMALL,
		                                 MEDIA_WEBP, stage->now_ms, &fd, &size)));
		close(fd);
		if (n < 5)
			assert_false(failed(picture_drop(stage->c, stage->people[i], m.id)));
	}
	arena_free(mem);
}

static void who_brings_what_others_drop_loses_no_file(void **state)
{
	str bytes = stage_png(s, 64, 48, 5);
	(void)state;
	stage_race(s, 4, brought_and_dropped_over_and_over, &bytes);
	assert_int_equal(count_files(), 6);
}

/* ---- worn ---- */

static void a_picture_worn_takes_the_place_of_the_one_before(void **state)
{
	struct media a = stage_picture(s, 2, 1), b = stage_picture(s, 2, 2),
		     c = stage_picture(s, 2, 3);
	struct person me, seen;
	(void)state;
	assert_ok(picture_wear(s->c, s->people[2], a.id, MEDIA_AVATAR, s->now_ms, s->mem, &me));
	assert_ok(picture_wear(s->c, s->people[2], c.id, MEDIA_COVER, s->now_ms, s->mem, &me));
	assert_true(me.avatar.v == a.id.v && me.cover.v == c.id.v);
	assert_ok(picture_wear(s->c, s->people[2], a.id, MEDIA_AVATAR, s->now_ms, s->mem, &me));
	assert_true(can_open(3, a.id));
	assert_ok(picture_wear(s->c, s->people[2], b.id, MEDIA_AVATAR, s->now_ms, s->mem, &me));
	assert_false(can_open(3, a.id));
	assert_true(can_open(3, b.id) && can_open(3, c.id));
	assert_int_equal(count_files(), 12);
	assert_ok(read_card(s->c, s->people[3], s->people[2], s->mem, &seen));
	assert_true(seen.avatar.v == b.id.v && seen.cover.v == c.id.v);
	assert_ok(read_card(s->c, s->people[4], s->people[2], s->mem, &seen));
	assert_true(seen.avatar.v == b.id.v && seen.cover.v == 0); /* the cover is of the profile */
	stage_reopen(s);
	assert_ok(picture_wear(s->c, s->people[2], (media_id){ 0 }, MEDIA_AVATAR, s->now_ms, s->mem,
	                       &me));
	assert_int_equal(me.avatar.v, 0);
	assert_false(can_open(3, b.id));
	assert_int_equal(count_files(), 6);
}

static void only_an_unused_picture_of_ones_own_is_worn(void **state)
{
	struct media others = stage_picture(s, 3, 1), used = stage_picture(s, 2, 2);
	struct media worn = stage_picture(s, 2, 3);
	struct published out;
	struct person me;
	(void)state;
	assert_ok(publish(2, "", "", &used.id, 1, &out));
	assert_ok(picture_wear(s->c, s->people[2], worn.id, MEDIA_AVATAR, s->now_ms, s->mem, &me));
	const media_id wrong[] = { others.id, used.id, worn.id, { 12345 } };
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_blames(picture_wear(s->c, s->people[2], wrong[i], MEDIA_COVER, s->now_ms,
		                           s->mem, &me),
		              ERR_INPUT, "kith_cover_id");
	assert_true(can_open(2, worn.id));
	assert_ok(stage_seal(s->c, s->people[2], true, s->now_ms));
	assert_fails(picture_wear(s->c, s->people[2], (media_id){ 0 }, MEDIA_AVATAR, s->now_ms,
	                          s->mem, &me),
	             ERR_DENIED);
}

/* ---- what is left over ---- */

static void what_nobody_used_in_a_day_goes(void **state)
{
	struct media old = stage_picture(s, 2, 1), used = stage_picture(s, 2, 2), young, none;
	struct published out;
	(void)state;
	assert_ok(publish(2, "", "", &used.id, 1, &out));
	s->now_ms += MEDIA_UNUSED_MS;
	young = stage_picture(s, 2, 3);
	assert_ok(picture_sweep(s->c, s->now_ms));
	assert_int_equal(find(2, old.id).use, MEDIA_UNUSED); /* to the very instant */
	s->now_ms += 1;
	assert_ok(picture_sweep(s->c, s->now_ms));
	assert_fails(picture_find(s->c, s->people[2], old.id, s->mem, &none), ERR_MISSING);
	assert_true(can_open(2, used.id) && can_open(2, young.id));
	assert_int_equal(count_files(), 12);
}

static void the_first_sweep_takes_files_without_a_row(void **state)
{
	struct media kept = stage_picture(s, 2, 1), lost = stage_picture(s, 2, 2);
	(void)state;
	/* As a crash between commit and erasing leaves it: the row is gone, its files are not. */
	char from[160], to[160];
	snprintf(from, sizeof from, "%s/media", s->folder);
	snprintf(to, sizeof to, "%s/kept", s->folder);
	assert_int_equal(rename(from, to), 0);
	assert_ok(picture_drop(s->c, s->people[2], lost.id));
	stage_reopen(s);
	assert_int_equal(rmdir(from), 0);
	assert_int_equal(rename(to, from), 0);
	stage_reopen(s);
	assert_ok(picture_sweep(s->c, s->now_ms));
	assert_int_equal(count_files(), 6);
	assert_true(can_open(2, kept.id));
}

#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define SCREENED_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_screened, tear_down)

int main(int argc, char **argv)
{
	if (keeper_is_called(argc, argv)) /* a test program is its own darkroom */
		keeper_main();
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_picture_brought_lies_about_with_six_files),
		STAGE_TEST(what_is_wrong_with_a_file_is_said_and_nothing_stays),
		STAGE_TEST(without_a_darkroom_none_is_taken),
		STAGE_TEST(only_so_many_may_lie_about),
		STAGE_TEST(a_sealed_person_brings_none),
		STAGE_TEST(words_change_while_it_lies_about),
		STAGE_TEST(an_unused_one_is_taken_back_and_a_used_one_is_not),
		STAGE_TEST(a_post_has_its_pictures_in_the_order_given),
		STAGE_TEST(a_wrong_picture_refuses_the_post_and_uses_none),
		STAGE_TEST(a_retry_gives_the_same_post_with_its_pictures),
		STAGE_TEST(a_picture_stands_in_one_post_alone),
		SCREENED_TEST(words_changed_while_they_are_judged_are_not_published),
		SCREENED_TEST(a_text_changes_beside_the_pictures_it_was_judged_with),
		SCREENED_TEST(a_post_is_not_emptied_while_its_words_wait),
		STAGE_TEST(a_deleted_post_takes_its_files_along),
		STAGE_TEST(the_same_bytes_of_two_people_are_two_pictures),
		STAGE_TEST(who_brings_what_others_drop_loses_no_file),
		STAGE_TEST(a_picture_worn_takes_the_place_of_the_one_before),
		STAGE_TEST(only_an_unused_picture_of_ones_own_is_worn),
		STAGE_TEST(what_nobody_used_in_a_day_goes),
		STAGE_TEST(the_first_sweep_takes_files_without_a_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
