/* What a juror gets to see, and what everybody does. The interface is jury.h. */
#include "circle/jury.h"

#include "circle/disclose.h"
#include "circle/jury_private.h"

#include "circle/address.h"
#include "circle/exhibit.h"
#include "circle/order.h"
#include "circle/picture_private.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "store/appeals.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/posts.h"
#include "store/seats.h"

#include "base/leak.h"

#include <string.h>

#define PAGE_DEFAULT 20
#define PAGE_MAX 80

/* ---- of one's own seats ---- */

/* Asked, or voted so lately that it can be changed. */
static bool is_waiting(const struct seen_seat *s, int64_t now_ms)
{
	return (s->state == SEAT_ASKED && now_ms < s->due_at_ms) ||
	       (s->state == SEAT_VOTED && now_ms < s->changes_until_ms);
}

static void see_vote(struct seen_seat *s, int64_t voted_at_ms, int64_t now_ms)
{
	if (s->state == SEAT_ASKED && now_ms >= s->due_at_ms)
		s->state = SEAT_SKIPPED; /* even before it was written down */
	if (s->state == SEAT_VOTED)
		s->changes_until_ms = voted_at_ms + JURY_CHANGE_MS;
	s->has_case = is_waiting(s, now_ms);
	s->has_others = s->state == SEAT_VOTED && !s->has_case;
}

static err see_seat(struct conn *conn, const struct seat *seat, int64_t now_ms, struct arena *mem,
                    struct seen_seat *out, struct appeal *a)
{
	struct seat *all;
	size_t n;
	err e;
	*out = (struct seen_seat){ .id = seat->id,
		                   .state = seat->state,
		                   .asked_at_ms = seat->asked_at_ms,
		                   .due_at_ms = seat->due_at_ms,
		                   .vote = seat->vote,
		                   .note = seat->note };
	TRY(appeals_find(conn, seat->appeal, mem, a));
	out->seats = a->seats;
	see_vote(out, seat->voted_at_ms, now_ms);
	TRY(seats_of(conn, seat->appeal, mem, &all, &n));
	for (size_t i = 0; i < n; i++)
		if (all[i].id == seat->id)
			all[i].state = SEAT_PASSED_OVER; /* the others alone */
	out->others = jury_tally(all, n, a->seats, INT64_MAX);
out:
	return e;
}

static void see_known(const struct juror_check *k, int64_t now_ms, struct seen_seat *out)
{
	*out = (struct seen_seat){ .id = k->id,
		                   .state = k->state,
		                   .asked_at_ms = k->asked_at_ms,
		                   .due_at_ms = k->due_at_ms,
		                   .seats = k->seats,
		                   .vote = k->vote,
		                   .note = k->note };
	see_vote(out, k->voted_at_ms, now_ms);
	out->others = known_tally(k, now_ms);
}

/* ---- what is to be judged ---- */

struct parties {
	struct blind_party all[BLIND_PARTIES_MAX];
	person_id ids[BLIND_PARTIES_MAX];
	size_t n;
};

static void add_party(const struct circle *c, person_id id, struct arena *mem, struct parties *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->ids[i].v == id.v)
			return;
	if (id.v == 0 || p->n == BLIND_PARTIES_MAX)
		return;
	world_lock(c->world);
	const struct person *person = world_person(c->world, id);
	if (person != NULL) {
		p->ids[p->n] = id;
		p->all[p->n++] = (struct blind_party){ str_dup(mem, person->handle),
			                               str_dup(mem, person->display_name) };
	}
	world_unlock(c->world);
}

/* The author first, then the sides, then whom the text names. */
static err read_parties(struct circle *c, struct conn *conn, const struct measure *m, str text,
                        struct arena *mem, struct parties *out)
{
	person_id named[ADDRESS_NAMED_MAX], *sides;
	size_t n;
	err e;
	out->n = 0;
	add_party(c, m->subject, mem, out);
	add_party(c, m->post_author, mem, out);
	TRY(summon_sides(conn, m, INT64_MAX, mem, &sides, &n));
	for (size_t i = 0; i < n; i++)
		add_party(c, sides[i], mem, out);
	address_named(c->world, text, mem, named, &n);
	for (size_t i = 0; i < n; i++)
		add_party(c, named[i], mem, out);
out:
	return e;
}

/* The words alone while they wait to be judged: nobody keeps what was hidden. */
static err fill_words(struct circle *c, struct conn *conn, const struct appeal *a,
                      const struct measure *m, int64_t now_ms, struct arena *mem,
                      struct jury_case *out)
{
	struct seen_measure seen;
	struct parties parties;
	err e;
	TRY(exhibit(c, conn, m, false, now_ms, mem, &seen));
	TRY(read_parties(c, conn, m, seen.text, mem, &parties));
	out->text = blind_text(seen.text, parties.all, parties.n, mem);
	out->words = LEAK("juror.names") ? (struct blinded){ .text = a->words }
	                                 : blind_text(a->words, parties.all, parties.n, mem);
	out->n_pictures = seen.has_post ? (int)seen.post.post.n_media : 0;
	if (measure_on_person(m->kind))
		out->statement = blind_text(m->decision_note, parties.all, parties.n, mem).text;
out:
	return e;
}

static void fill_known(const struct juror_check *k, struct arena *mem, struct seen_seat *out)
{
	out->judged = (struct jury_case){
		.kind = MEASURE_HOLD,
		.rule = k->rule,
		.policy = k->policy,
		.evidence = k->evidence,
		.milder = true,
	};
	if (out->has_case)
		out->judged.text = blind_text(k->text, NULL, 0, mem);
}

struct look_job {
	struct circle *c;
	struct arena *mem;
	person_id me;
	int64_t id, now_ms;
	struct page page;
	struct seen_seat *out;
	size_t n;
};

static err look_at_known(struct conn *tx, const struct look_job *job,
                         const struct juror_check *check, struct seen_seat *out)
{
	see_known(check, job->now_ms, out);
	fill_known(check, job->mem, out);
	return out->has_case ? disclose_look(job->c, tx,
	                                     &(struct access){ job->me, check->id, ACCESS_JUROR,
	                                                       job->now_ms })
	                     : OK;
}

static err look_at_seat(struct conn *tx, const struct look_job *job, const struct seat *seat,
                        struct seen_seat *out)
{
	struct measure m, less;
	struct appeal a;
	err e;
	TRY(see_seat(tx, seat, job->now_ms, job->mem, out, &a));
	out->has_case &= a.state == APPEAL_OPEN && a.way == APPEAL_BY_JURY;
	TRY(measures_find(tx, a.measure, job->mem, &m));
	out->judged = (struct jury_case){
		.kind = m.kind,
		.rule = m.rule,
		.policy = m.policy,
		.evidence = m.evidence,
		.milder = appeal_milder(&m, job->now_ms, &less),
	};
	if (!out->has_case)
		return OK;
	TRY(fill_words(job->c, tx, &a, &m, job->now_ms, job->mem, &out->judged));
	TRY(disclose_look(job->c, tx,
	                  &(struct access){ job->me, a.measure.v, ACCESS_JUROR, job->now_ms }));
out:
	return e;
}

static err check_juror(struct conn *tx, const struct look_job *job)
{
	struct door door;
	door_open(&door, tx, job->mem);
	return door_writer(&door, job->me);
}

/* Into the record first, of a known case as of a real one: a look at one must not take longer. */
static err look_work(struct conn *tx, void *ctx)
{
	struct look_job *job = ctx;
	struct juror_check check;
	struct seat seat;
	err e;
	TRY(check_juror(tx, job));
	e = seats_find(tx, job->me, job->id, job->mem, &seat);
	if (e.code == ERR_MISSING) {
		TRY(juror_checks_find(tx, job->me, job->id, job->mem, &check));
		return look_at_known(tx, job, &check, job->out);
	}
	TRY(e);
	TRY(look_at_seat(tx, job, &seat, job->out));
out:
	return e;
}

err jury_look(struct circle *c, person_id me, int64_t id, int64_t now_ms, struct arena *mem,
              struct seen_seat *out)
{
	struct look_job job = {
		.c = c, .mem = mem, .me = me, .id = id, .now_ms = order_now(c, now_ms), .out = out
	};
	return verb_write(c, look_work, NULL, &job);
}

static err list_work(struct conn *tx, void *ctx)
{
	struct look_job *job = ctx;
	struct juror_check *checks;
	struct seat *seats;
	size_t n_checks, n_seats, i = 0, k = 0;
	int limit = job->page.limit;
	err e;
	TRY(check_juror(tx, job));
	TRY(seats_with(tx, job->me, job->page.max_id, limit, job->mem, &seats, &n_seats));
	TRY(juror_checks_of(tx, job->me, job->page.max_id, limit, job->mem, &checks, &n_checks));
	while (job->n < (size_t)limit && (i < n_seats || k < n_checks)) {
		struct seen_seat *out = &job->out[job->n++];
		if (k == n_checks || (i < n_seats && seats[i].id > checks[k].id))
			TRY(look_at_seat(tx, job, &seats[i++], out));
		else
			TRY(look_at_known(tx, job, &checks[k++], out));
	}
out:
	return e;
}

err jury_seats(struct circle *c, person_id me, struct page page, int64_t now_ms, struct arena *mem,
               struct seen_seat **out, size_t *n)
{
	struct look_job job = {
		.c = c, .mem = mem, .me = me, .page = page, .now_ms = order_now(c, now_ms)
	};
	err e;
	*n = 0;
	if (page.limit < 1 || page.limit > PAGE_MAX)
		job.page.limit = page.limit < 1 ? PAGE_DEFAULT : PAGE_MAX;
	*out = job.out = ARENA_ARRAY(mem, (size_t)job.page.limit, struct seen_seat);
	TRY(verb_write(c, list_work, NULL, &job));
	*n = job.n;
out:
	return e;
}

/* ---- pictures ---- */

struct picture_job {
	struct look_job look;
	struct seen_seat seen;
	int nth;
	struct media media;
};

static err picture_work(struct conn *tx, void *ctx)
{
	struct picture_job *job = ctx;
	struct look_job *look = &job->look;
	struct appeal a;
	struct measure m;
	struct post post;
	struct seat seat;
	err e;
	TRY(look_work(tx, look));
	TRY(seats_find(tx, look->me, look->id, look->mem, &seat));
	TRY(appeals_find(tx, seat.appeal, look->mem, &a));
	TRY(measures_find(tx, a.measure, look->mem, &m));
	if (!look->out->has_case || m.post.v == 0 || m.comment.v != 0)
		TRY(err_missing("no picture to be judged"));
	TRY(posts_find(tx, m.post_author, m.post, look->mem, &post));
	if (post.gate.deleted || job->nth < 1 || (size_t)job->nth > post.n_media)
		TRY(err_missing("no such picture"));
	job->media = post.media[job->nth - 1];
out:
	return e;
}

err jury_picture(struct circle *c, person_id me, int64_t id, int nth, int64_t now_ms, int *fd,
                 size_t *bytes)
{
	struct arena *mem = arena_new(16 * 1024);
	struct picture_job job = {
		.look = { .c = c, .mem = mem, .me = me, .id = id, .now_ms = order_now(c, now_ms) },
		.nth = nth
	};
	err e;
	job.look.out = &job.seen;
	TRY(verb_write(c, picture_work, NULL, &job));
	TRY(picture_files_read(c->album->files, job.media.content, MEDIA_MIDDLE, MEDIA_JPEG, fd,
	                       bytes));
out:
	arena_free(mem);
	return e;
}

/* ---- what everybody may know ---- */

err jury_list(struct circle *c, struct arena *mem, str *list, unsigned char hash[HASH_BYTES])
{
	struct conn *conn = NULL;
	struct juror *all;
	str *numbers;
	size_t n;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(jurors_willing(conn, mem, &all, &n));
	numbers = ARENA_ARRAY(mem, n, str);
	for (size_t i = 0; i < n; i++)
		numbers[i] = all[i].number;
	*list = draw_list(numbers, n, mem);
	draw_list_hash(*list, hash);
out:
	store_read_end(c->store, &conn);
	return e;
}

err jury_draw(struct circle *c, appeal_id id, struct arena *mem, struct seen_draw *out)
{
	struct conn *conn = NULL;
	struct seat *walk;
	err e;
	memset(out, 0, sizeof *out);
	TRY(store_read(c->store, &conn));
	TRY(appeals_find(conn, id, mem, &out->appeal));
	if (out->appeal.seats == 0)
		TRY(err_missing("drawn for nobody"));
	TRY(juror_lists_find(conn, out->appeal.list_hash, mem, &out->list));
	TRY(seats_of(conn, id, mem, &walk, &out->n));
	out->walk = walk;
out:
	store_read_end(c->store, &conn);
	return e;
}
