#include "circle/stage_testing.h"

#include "circle/admit.h"

#include "store/notices.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void open_circle(struct stage *s)
{
	assert_ok(circle_open(&(struct circle_settings){ .folder = s->folder,
	                                                 .screen = s->screen,
	                                                 .friends_max = s->friends_max,
	                                                 .worker = 1,
	                                                 .clock = clock_fixed(&s->now_ms),
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
	s->mem = arena_new(1 << 16);
	s->now_ms = INT64_C(1800000000000);
	s->screen = needs.screen;
	s->friends_max = needs.friends_max;
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

static void remove_folder(const char *folder)
{
	char path[512];
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir)) != NULL;) {
		snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(folder);
}

void stage_free(struct stage *s)
{
	circle_close(&s->c);
	remove_folder(s->folder);
	arena_free(s->mem);
	free(s);
}

void stage_reopen(struct stage *s)
{
	circle_close(&s->c);
	open_circle(s);
}

void stage_befriend(struct stage *s, int a, int b)
{
	assert_ok(befriend_request(s->c, s->people[a], s->people[b], STR_NONE, s->now_ms, s->mem));
	assert_ok(befriend_accept(s->c, s->people[b], s->people[a], s->now_ms));
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
