#include "circle/stage_testing.h"

#include "circle/admit.h"
#include "circle/picture.h"
#include "circle/words_testing.h"

#include "base/buf.h"
#include "media/darkroom.h"
#include "store/notices.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static void open_circle(struct stage *s)
{
	assert_ok(circle_open(&(struct circle_settings){ .folder = s->folder,
	                                                 .screen = s->screen,
	                                                 .friends_max = s->friends_max,
	                                                 .worker = 1,
	                                                 .darkroom = s->darkroom,
	                                                 .clock = s->clock,
	                                                 .chance = chance_real() },
	                      &s->c));
}

struct stage *stage_new(struct stage_needs needs)
{
	static const enum person_role roles[] = { ROLE_KEEPER, ROLE_STEWARD };
	const char *tmp = getenv("TMPDIR");
	struct stage *s = calloc(1, sizeof *s);
	assert_non_null(s);
	snprintf(s->folder, sizeof s->folder, "%.40s/kith-stage-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(s->folder));
	words_bring(s->folder);
	s->mem = arena_new(1 << 16);
	s->now_ms = INT64_C(1800000000000);
	s->clock = clock_fixed(&s->now_ms);
	s->screen = needs.screen;
	s->friends_max = needs.friends_max;
	if (needs.pictures)
		assert_ok(darkroom_open(NULL, &s->darkroom));
	open_circle(s);
	for (int i = 0; i < needs.people; i++) {
		struct person person;
		struct account_draft draft = { .handle = str_format(s->mem, "p%02d", i),
			                       .role = i < 2 ? roles[i] : ROLE_MEMBER };
		assert_ok(admit_create(s->c, &draft, s->now_ms, s->mem, &person));
		s->people[i] = person.id;
	}
	return s;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void remove_folder(const char *folder)
{
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void stage_free(struct stage *s)
{
	circle_close(&s->c);
	darkroom_close(&s->darkroom);
	words_keep(s->folder);
	remove_folder(s->folder);
	arena_free(s->mem);
	free(s);
}

void stage_reopen(struct stage *s)
{
	circle_close(&s->c);
	open_circle(s);
}

int64_t stage_wall(const struct stage *s) { return s->now_ms + s->jumped_ms; }

static int64_t wall(void *ctx) { return stage_wall(ctx); }
static int64_t forward(void *ctx) { return ((const struct stage *)ctx)->now_ms; }

void stage_two_clocks(struct stage *s)
{
	s->c->clock = s->clock = (struct clock){ s, wall, forward };
}

void stage_befriend(struct stage *s, int a, int b)
{
	assert_ok(befriend_request(s->c, s->people[a], s->people[b], STR_NONE, s->now_ms, s->mem));
	assert_ok(befriend_accept(s->c, s->people[b], s->people[a], s->now_ms));
}

err stage_seal(struct circle *c, person_id who, bool on, int64_t now_ms)
{
	const struct seal_draft draft = { S("It is in other hands."), true };
	int64_t from_ms;
	return on ? admit_seal(c, who, &draft, now_ms, &from_ms) : admit_unseal(c, who, now_ms);
}

struct status_ref stage_post(struct stage *s, int author, const char *text)
{
	struct published out;
	struct post_draft draft = { .text = str_of(text) };
	assert_ok(publish_post(s->c, s->people[author], &draft, s->now_ms, s->mem, &out));
	return (struct status_ref){ s->people[author], out.post.gate.id, { 0 } };
}

struct status_ref stage_comment(struct stage *s, int author, struct status_ref to, const char *text)
{
	struct commented out;
	struct comment_draft draft = { .text = str_of(text) };
	assert_ok(publish_comment(s->c, s->people[author], &to, &draft, s->now_ms, s->mem, &out));
	return (struct status_ref){ to.post_author, to.post, out.comment.gate.id };
}

bool stage_sees(struct stage *s, int viewer, struct status_ref ref)
{
	struct seen_comment comment;
	struct seen_post post;
	err e = ref.comment.v != 0
	                ? read_comment(s->c, s->people[viewer], &ref, s->now_ms, s->mem, &comment)
	                : read_post(s->c, s->people[viewer], &ref, s->now_ms, s->mem, &post);
	if (failed(e))
		assert_int_equal(e.code, ERR_MISSING);
	return !failed(e);
}

str stage_seen_by(struct stage *s, struct status_ref ref)
{
	char who[8];
	size_t n = 0;
	for (int i = 2; i < 7; i++)
		if (stage_sees(s, i, ref))
			who[n++] = (char)('0' + i);
	return str_dup(s->mem, (str){ who, n });
}

int stage_notices(struct stage *s, int reader, enum notice_kind kind)
{
	struct conn *conn = NULL;
	struct notice *all;
	size_t n;
	int count = 0;
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(notices_of(conn, s->people[reader], (notice_id){ 0 }, (notice_id){ 0 }, false,
	                     1000, s->mem, &all, &n));
	store_read_end(s->c->store, &conn);
	for (size_t i = 0; i < n; i++)
		count += all[i].kind == kind;
	return count;
}

/* ---- pictures ---- */

static void add_u32(struct buf *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(b, (char)(v >> shift & 0xFF));
}

static void add_chunk(struct buf *b, const char *type, str data)
{
	size_t from = b->n + 4;
	add_u32(b, (uint32_t)data.n);
	buf_add(b, str_of(type));
	buf_add(b, data);
	add_u32(b, (uint32_t)crc32(0, (const Bytef *)b->p + from, (uInt)(b->n - from)));
}

/* Source: PNG (Portable Network Graphics) Specification, third edition. */
str stage_png(struct stage *s, int width, int height, unsigned seed)
{
	size_t row = 1 + 3 * (size_t)width, n = row * (size_t)height;
	unsigned char *pixels = arena_alloc(s->mem, n);
	uLongf packed = compressBound(n);
	Bytef *data = arena_alloc(s->mem, packed);
	struct buf b, head;
	for (size_t i = 0; i < n; i++)
		if (i % row != 0) /* which holds the row's filter: none */
			pixels[i] = (unsigned char)(i / row * 3 + i % row / 3 * (seed % 7 + 1) +
			                            seed * 31);
	assert_int_equal(compress(data, &packed, pixels, n), Z_OK);
	buf_init(&head, s->mem, 64);
	add_u32(&head, (uint32_t)width);
	add_u32(&head, (uint32_t)height);
	buf_add(&head, (str){ "\x08\x02\x00\x00\x00", 5 }); /* eight bits, RGB */
	buf_init(&b, s->mem, packed + 1024);
	buf_add(&b, (str){ "\x89PNG\r\n\x1a\n", 8 });
	add_chunk(&b, "IHDR", buf_str(&head));
	add_chunk(&b, "IDAT", (str){ (const char *)data, packed });
	add_chunk(&b, "IEND", STR_NONE);
	return buf_str(&b);
}

struct media stage_picture(struct stage *s, int owner, unsigned seed)
{
	struct media out;
	assert_ok(picture_bring(s->c, s->people[owner], stage_png(s, 64, 48, seed), STR_NONE,
	                        s->now_ms, s->mem, &out));
	return out;
}

struct runner {
	struct stage *s;
	int i;
	void (*each)(struct stage *s, int i, void *ctx);
	void *ctx;
	pthread_barrier_t *start;
	pthread_t thread;
};

static void *run(void *ctx)
{
	struct runner *r = ctx;
	pthread_barrier_wait(r->start);
	r->each(r->s, r->i, r->ctx);
	return NULL;
}

void stage_race(struct stage *s, int n, void (*each)(struct stage *s, int i, void *ctx), void *ctx)
{
	struct runner runners[64];
	pthread_barrier_t start;
	assert_in_range(n, 1, 64);
	assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)n), 0);
	for (int i = 0; i < n; i++) {
		runners[i] = (struct runner){ s, i, each, ctx, &start, 0 };
		assert_int_equal(pthread_create(&runners[i].thread, NULL, run, &runners[i]), 0);
	}
	for (int i = 0; i < n; i++)
		pthread_join(runners[i].thread, NULL);
	pthread_barrier_destroy(&start);
}
