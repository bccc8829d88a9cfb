#include "circle/town_measure_testing.h"

#include "model/screened.h"
#include "store/measures.h"
#include "store/screenings.h"

struct row {
	struct town *t;
	struct measure measure;
	struct screened screened;
};

static void write_row(struct row *f, err (*work)(struct conn *, void *), void (*after)(void *))
{
	assert_ok(store_write(f->t->c.store, (struct store_job){ work, after, f }));
}

static err screening_work(struct conn *tx, void *ctx)
{
	struct row *f = ctx;
	struct screened *s = &f->screened;
	err e;
	TRY(screenings_last_seq(tx, &s->observation.seq));
	s->observation.seq++;
	TRY(screenings_next_revision(tx, &s->piece, &s->revision));
	TRY(screenings_insert(tx, s));
out:
	return e;
}

static void screening_after(void *ctx)
{
	struct row *f = ctx;
	world_change_piece(f->t->c.world, f->screened.piece.post);
}

int64_t town_screening(struct town *t, int author, struct status_ref piece)
{
	struct row f = { .t = t };
	f.screened = (struct screened){ .piece = piece,
		                        .author = t->people[author],
		                        .kind = piece.comment.v ? FACTS_COMMENT : FACTS_POST,
		                        .policy = S("test"),
		                        .model = S("test") };
	write_row(&f, screening_work, screening_after);
	return f.screened.observation.seq;
}

static err measure_work(struct conn *tx, void *ctx)
{
	struct row *f = ctx;
	return measures_insert(tx, &f->measure);
}

static void measure_after(void *ctx)
{
	struct row *f = ctx;
	world_change_piece(f->t->c.world, f->measure.post);
	world_change_family(f->t->c.world, f->measure.family);
}

measure_id town_measure(struct town *t, int subject, struct status_ref piece,
                        enum measure_kind kind, int64_t family, const char *evidence)
{
	struct row f = { .t = t };
	f.measure = (struct measure){ .id = { t->next_id += 1 },
		                      .subject = t->people[subject],
		                      .kind = kind,
		                      .post_author = piece.post_author,
		                      .post = piece.post,
		                      .comment = piece.comment,
		                      .rule = S("test"),
		                      .policy = S("p1"),
		                      .evidence = str_of(evidence),
		                      .starts_at_ms = 1,
		                      .ends_at_ms = INT64_MAX,
		                      .family = family };
	write_row(&f, measure_work, measure_after);
	return f.measure.id;
}

static err end_measure_work(struct conn *tx, void *ctx)
{
	struct row *f = ctx;
	struct measure *m = &f->measure;
	err e;
	TRY(measures_find(tx, m->id, f->t->mem, m));
	TRY(measures_settle(tx, m->subject, m->id, MEASURE_RELEASED, (person_id){ 0 },
	                    TOWN_NOW_MS));
out:
	return e;
}

void town_end_measure(struct town *t, measure_id id)
{
	struct row f = { .t = t, .measure.id = id };
	write_row(&f, end_measure_work, measure_after);
}
