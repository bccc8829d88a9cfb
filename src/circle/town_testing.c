#include "circle/town_testing.h"

#include "store/comments.h"
#include "store/groups.h"
#include "store/lists.h"
#include "store/measures.h"
#include "store/notices.h"
#include "store/people.h"
#include "store/posts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One fact on its way through the store: every kind uses the fields it needs. */
struct fact {
	struct town *t;
	person_id a, b;
	bool on;
	enum hide_kind hide;
	struct person person;
	char key[16];
	struct list list;
	struct group group;
	struct post post;
	struct comment comment;
	struct like like;
	struct measure measure;
	int64_t held_until_ms;
	struct notice notice;
};

static void write_fact(struct fact *f, err (*work)(struct conn *, void *), void (*after)(void *))
{
	assert_ok(store_write(f->t->c.store, (struct store_job){ work, after, f }));
}

static void open_all(struct town *t)
{
	assert_ok(store_open(&(struct store_settings){ .folder = t->folder }, &t->c.store));
	assert_ok(world_load(t->c.store, NULL, &t->c.world));
}

static err person_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->on ? people_insert(tx, &f->person, str_of(f->key), STR_NONE)
	             : people_update(tx, &f->person);
}

static void person_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_person(f->t->c.world, &f->person, str_of(f->key));
}

static void set_person(struct town *t, int i, enum person_status status, enum person_range range,
                       bool is_new)
{
	char name[16], note[16];
	struct fact f = { .t = t, .on = is_new };
	snprintf(f.key, sizeof(f.key), "p%02d", i);
	snprintf(name, sizeof(name), "Name %02d", i);
	snprintf(note, sizeof(note), "note %02d", i);
	f.person = (struct person){ .id = t->people[i],
		                    .handle = str_of(f.key),
		                    .display_name = str_of(name),
		                    .note = str_of(note),
		                    .role = i == 0 ? ROLE_KEEPER : ROLE_MEMBER,
		                    .status = status,
		                    .range = range,
		                    .created_at_ms = 1 };
	write_fact(&f, person_work, person_after);
}

struct town *town_new(int n_people, uint64_t seed)
{
	struct town *t = calloc(1, sizeof(*t));
	assert_non_null(t);
	snprintf(t->folder, sizeof(t->folder), "/tmp/kith-town-XXXXXX");
	assert_non_null(mkdtemp(t->folder));
	t->mem = arena_new(1 << 16);
	t->seed = seed;
	t->next_id = 1000;
	open_all(t);
	t->n_people = n_people;
	for (int i = 0; i < n_people; i++) {
		t->people[i].v = t->next_id += 1 + town_roll(t, 5);
		set_person(t, i, PERSON_ACTIVE, RANGE_ALL, true);
	}
	return t;
}

static void remove_folder(const char *folder)
{
	char path[512];
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir)) != NULL;) {
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(folder);
}

void town_free(struct town *t)
{
	store_close(t->c.store);
	world_free(t->c.world);
	arena_free(t->mem);
	remove_folder(t->folder);
	free(t);
}

void town_restart(struct town *t)
{
	store_close(t->c.store);
	world_free(t->c.world);
	open_all(t);
}

int town_roll(struct town *t, int below)
{
	uint64_t out;
	chance_fill(chance_seeded(&t->seed), &out, sizeof(out));
	return (int)(out % (uint64_t)below);
}

static err tie_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->on ? ties_set(tx, f->a, f->b, TOWN_NOW_MS) : ties_clear(tx, f->a, f->b);
}

static void tie_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_tie(f->t->c.world, f->a, f->b, f->on, TOWN_NOW_MS);
}

void town_tie(struct town *t, int a, int b, bool on)
{
	write_fact(&(struct fact){ .t = t, .a = t->people[a], .b = t->people[b], .on = on },
	           tie_work, tie_after);
}

void town_befriend(struct town *t, int a, int b)
{
	town_tie(t, a, b, true);
	town_tie(t, b, a, true);
}

static err block_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->on ? blocks_set(tx, f->a, f->b, TOWN_NOW_MS) : blocks_clear(tx, f->a, f->b);
}

static void block_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_block(f->t->c.world, f->a, f->b, f->on);
}

void town_block(struct town *t, int a, int b, bool on)
{
	write_fact(&(struct fact){ .t = t, .a = t->people[a], .b = t->people[b], .on = on },
	           block_work, block_after);
}

static err hide_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->on ? hides_set(tx, f->a, f->b, f->hide, TOWN_NOW_MS)
	             : hides_clear(tx, f->a, f->b, f->hide);
}

static void hide_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_hide(f->t->c.world, f->a, f->b, f->hide, f->on);
}

void town_hide(struct town *t, int a, int b, enum hide_kind kind, bool on)
{
	struct fact f = { .t = t, .a = t->people[a], .b = t->people[b], .hide = kind, .on = on };
	write_fact(&f, hide_work, hide_after);
}

void town_change_person(struct town *t, int p, enum person_status status, enum person_range range)
{
	set_person(t, p, status, range, false);
}

static err list_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->list.deleted ? lists_delete(tx, f->list.owner, f->list.id)
	                       : lists_insert(tx, &f->list);
}

static void list_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_list(f->t->c.world, &f->list);
}

list_id town_list(struct town *t, int owner)
{
	struct fact f = { .t = t };
	f.list = (struct list){ .id = { ++t->next_id },
		                .owner = t->people[owner],
		                .title = S("tag") };
	write_fact(&f, list_work, list_after);
	return f.list.id;
}

void town_drop_list(struct town *t, int owner, list_id list)
{
	struct fact f = { .t = t,
		          .list = { .id = list, .owner = t->people[owner], .deleted = true } };
	write_fact(&f, list_work, list_after);
}

static err member_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->on ? list_members_add(tx, f->a, f->list.id, f->b)
	             : list_members_remove(tx, f->a, f->list.id, f->b);
}

static void member_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_list_member(f->t->c.world, f->a, f->list.id, f->b, f->on);
}

void town_member(struct town *t, int owner, list_id list, int member, bool on)
{
	struct fact f = {
		.t = t, .a = t->people[owner], .b = t->people[member], .on = on, .list.id = list
	};
	write_fact(&f, member_work, member_after);
}

static err group_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return groups_insert(tx, &f->group);
}

static void group_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_group(f->t->c.world, &f->group);
}

static err in_group_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	struct group_member member = { f->a, GROUP_MEMBER, { 0 }, TOWN_NOW_MS };
	return f->on ? group_members_set(tx, f->group.id, &member)
	             : group_members_remove(tx, f->group.id, f->a);
}

static void in_group_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_group_member(f->t->c.world, f->group.id, f->a, f->on, TOWN_NOW_MS);
}

void town_group_member(struct town *t, group_id group, int member, bool on)
{
	struct fact f = { .t = t, .a = t->people[member], .on = on, .group.id = group };
	write_fact(&f, in_group_work, in_group_after);
}

group_id town_group(struct town *t, int owner)
{
	struct fact f = { .t = t };
	f.group = (struct group){ .id = { ++t->next_id },
		                  .owner = t->people[owner],
		                  .title = S("group"),
		                  .created_at_ms = TOWN_NOW_MS };
	write_fact(&f, group_work, group_after);
	town_group_member(t, f.group.id, owner, true);
	return f.group.id;
}

static err post_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return f->on ? posts_insert(tx, &f->post)
	             : posts_delete(tx, f->post.gate.author, f->post.gate.id, TOWN_NOW_MS);
}

static void post_after(void *ctx)
{
	struct fact *f = ctx;
	if (f->on)
		world_add_post(f->t->c.world, &f->post.gate);
	else
		world_delete_post(f->t->c.world, f->post.gate.author, f->post.gate.id);
}

void town_mention(struct town *t, int who) { t->mention = t->people[who]; }

struct status_ref town_post(struct town *t, int author, struct audience audience, int64_t age_ms,
                            const char *text)
{
	struct fact f = { .t = t, .on = true };
	person_id mention = t->mention;
	t->mention.v = 0;
	f.post = (struct post){ .gate = { .id = { t->next_id += 1 + town_roll(t, 3) },
		                          .author = t->people[author],
		                          .created_at_ms = TOWN_NOW_MS - age_ms,
		                          .audience = audience },
		                .text = str_of(text),
		                .language = S("en"),
		                .n_mentions = mention.v != 0,
		                .mentions = &mention };
	write_fact(&f, post_work, post_after);
	return (struct status_ref){ f.post.gate.author, f.post.gate.id, { 0 } };
}

void town_delete_post(struct town *t, struct status_ref post)
{
	struct fact f = { .t = t, .post.gate = { .id = post.post, .author = post.post_author } };
	write_fact(&f, post_work, post_after);
}

static err comment_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	const struct comment_gate *g = &f->comment.gate;
	if (f->on)
		return comments_insert(tx, &f->comment);
	err e = comments_delete(tx, g->post_author, g->post, g->id, TOWN_NOW_MS);
	return e.code == ERR_MISSING ? OK : e; /* gone with its post already */
}

static void comment_after(void *ctx)
{
	struct fact *f = ctx;
	const struct comment_gate *g = &f->comment.gate;
	if (f->on)
		world_add_comment(f->t->c.world, &f->comment);
	else
		world_delete_comment(f->t->c.world, g->post_author, g->post, g->id);
}

struct status_ref town_comment(struct town *t, int author, struct status_ref to, int to_author,
                               const char *text)
{
	struct fact f = { .t = t, .on = true };
	person_id mention = t->mention;
	t->mention.v = 0;
	f.comment = (struct comment){
		.gate = { .id = { t->next_id += 1 + town_roll(t, 3) },
		          .post = to.post,
		          .post_author = to.post_author,
		          .author = t->people[author],
		          .reply_to = to.comment,
		          .reply_to_author = to.comment.v ? t->people[to_author] : (person_id){ 0 },
		          .created_at_ms = TOWN_NOW_MS },
		.text = str_of(text),
		.n_mentions = mention.v != 0,
		.mentions = &mention
	};
	write_fact(&f, comment_work, comment_after);
	return (struct status_ref){ to.post_author, to.post, f.comment.gate.id };
}

void town_delete_comment(struct town *t, struct status_ref comment)
{
	struct fact f = { .t = t };
	f.comment.gate = (struct comment_gate){ .id = comment.comment,
		                                .post = comment.post,
		                                .post_author = comment.post_author };
	write_fact(&f, comment_work, comment_after);
}

static err like_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	bool is_new;
	return f->on ? likes_set(tx, &f->like, &is_new)
	             : likes_clear(tx, f->like.post_author, f->like.post, f->like.by);
}

static void like_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_like(f->t->c.world, &f->like, f->on);
}

void town_like(struct town *t, int by, struct status_ref post, bool on)
{
	struct fact f = { .t = t, .on = on };
	f.like = (struct like){ post.post, post.post_author, t->people[by],
		                TOWN_NOW_MS + t->next_id };
	write_fact(&f, like_work, like_after);
}

static err hold_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	if (f->on)
		return measures_insert(tx, &f->measure);
	return measures_settle(tx, f->measure.subject, f->measure.id, MEASURE_RELEASED,
	                       f->t->people[0], TOWN_NOW_MS);
}

static void hold_after(void *ctx)
{
	struct fact *f = ctx;
	world_set_held(f->t->c.world, f->measure.post_author, f->measure.post, f->measure.comment,
	               f->held_until_ms);
	world_change_piece(f->t->c.world, f->measure.post);
}

void town_hold(struct town *t, int subject, struct status_ref piece, int64_t until_ms)
{
	struct fact f = { .t = t, .on = until_ms != 0, .held_until_ms = until_ms };
	/* One measure a piece: its id is made from the piece's. */
	int64_t of = piece.comment.v ? piece.comment.v : piece.post.v;
	f.measure = (struct measure){ .id = { of + INT64_C(1000000000) },
		                      .subject = t->people[subject],
		                      .kind = MEASURE_HOLD,
		                      .state = MEASURE_ACTIVE,
		                      .post_author = piece.post_author,
		                      .post = piece.post,
		                      .comment = piece.comment,
		                      .rule = S("test"),
		                      .policy = S("test"),
		                      .evidence = S("{}"),
		                      .starts_at_ms = 1,
		                      .ends_at_ms = until_ms };
	write_fact(&f, hold_work, hold_after);
}

static err notice_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	return notices_insert(tx, &f->notice);
}

notice_id town_notice(struct town *t, struct notice notice)
{
	struct fact f = { .t = t, .notice = notice };
	f.notice.id.v = ++t->next_id;
	write_fact(&f, notice_work, NULL);
	return f.notice.id;
}

static err request_work(struct conn *tx, void *ctx)
{
	struct fact *f = ctx;
	struct friend_request request = { f->a, f->b, S("hello"), TOWN_NOW_MS, ANSWER_NOT_ASKED };
	return f->on ? requests_set(tx, &request) : requests_clear(tx, f->a, f->b);
}

void town_request(struct town *t, int from, int to, bool on)
{
	write_fact(&(struct fact){ .t = t, .a = t->people[from], .b = t->people[to], .on = on },
	           request_work, NULL);
}

static void dump_people(struct buf *b, const struct person *people, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_format(b, " @%.*s[%.*s]", STR_ARG(people[i].handle), STR_ARG(people[i].note));
}

static void dump_order(struct buf *b, const struct seen_order *order)
{
	for (size_t i = 0; i < order->n; i++)
		buf_format(b, " %s %lld '%.*s'", measure_kind_word(order->said[i].kind),
		           (long long)order->said[i].id.v, STR_ARG(order->said[i].why.rule));
	buf_format(b, " first %lld %lld", (long long)order->first.post.v,
	           (long long)order->first.comment.v);
}

static void dump_post(struct buf *b, const struct seen_post *p)
{
	buf_format(
		b,
		"post %lld by %lld '%.*s' held %d liked %d likes %d comments %d lists %zu people %zu group %lld '%.*s'",
		(long long)p->post.gate.id.v, (long long)p->post.gate.author.v,
		STR_ARG(p->post.text), p->held, p->liked, p->likes, p->comments,
		p->post.gate.audience.n_lists, p->post.gate.audience.n_people,
		(long long)p->group.v, STR_ARG(p->group_title));
	dump_people(b, p->mentions, p->n_mentions);
	dump_order(b, &p->order);
}

static void dump_comments(struct buf *b, const struct seen_comment *comments, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct seen_comment *c = &comments[i];
		buf_format(b, "\n  comment %lld by %lld to %lld of %lld '%.*s' held %d answers %d",
		           (long long)c->comment.gate.id.v, (long long)c->comment.gate.author.v,
		           (long long)c->comment.gate.reply_to.v,
		           (long long)c->comment.gate.reply_to_author.v, STR_ARG(c->comment.text),
		           c->held, c->answers);
		dump_people(b, c->mentions, c->n_mentions);
		dump_order(b, &c->order);
	}
}

str town_dump(struct town *t, int v, struct page page)
{
	struct buf b;
	struct seen_moment *moments;
	struct seen_post *posts, post;
	struct seen_comment *thread;
	person_id *likers;
	size_t n, n_moments, n_thread, n_likers;
	person_id me = t->people[v];
	buf_init(&b, t->mem, 16 << 20);
	assert_ok(read_home(&t->c, me, page, TOWN_NOW_MS, t->mem, &posts, &n));
	assert_ok(read_moments(&t->c, me, page, 3, TOWN_NOW_MS, t->mem, &moments, &n_moments));
	assert_int_equal(n, n_moments);
	for (size_t i = 0; i < n; i++) {
		struct status_ref ref = { posts[i].post.gate.author, posts[i].post.gate.id, { 0 } };
		assert_ok(read_thread(&t->c, me, &ref, TOWN_NOW_MS, t->mem, &post, &thread,
		                      &n_thread));
		assert_ok(read_likers(&t->c, me, &ref, TOWN_NOW_MS, t->mem, &likers, &n_likers));
		/* One number for one thing, however it is asked. */
		assert_int_equal(n_thread, posts[i].comments);
		assert_int_equal(n_likers, posts[i].likes);
		assert_int_equal(n_likers, moments[i].n_likers);
		dump_post(&b, &posts[i]);
		buf_lit(&b, "\n  likers");
		for (size_t k = 0; k < n_likers; k++)
			buf_format(&b, " %lld", (long long)likers[k].v);
		dump_comments(&b, thread, n_thread);
		buf_lit(&b, "\n moment ");
		dump_post(&b, &moments[i].post);
		dump_comments(&b, moments[i].comments, moments[i].n_comments);
		buf_char(&b, '\n');
	}
	assert_false(b.full);
	return buf_str(&b);
}
