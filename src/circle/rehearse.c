/* All records of the stretch lie in memory, sorted by what was known when each was judged; then two fingers go up: everything
 * that was judged after k pieces is judged, then piece k+1 is observed. */
#include "circle/rehearse.h"

#include "circle/remember.h"
#include "integrity/policy/policy.h"
#include "store/screenings.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 2000
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define NEW_MS (30 * DAY_MS)
#define ELDER_MS (365 * DAY_MS)
#define SELLER_PIECES 3
#define SELLER_TENTHS 3
#define RESEMBLES 0.5

static const char *const cohort_words[] = { [COHORT_SELLERS] = "sellers",
	                                    [COHORT_NEW] = "new members",
	                                    [COHORT_ELDERS] = "elders",
	                                    [COHORT_OTHERS] = "others" };

const char *cohort_word(enum cohort cohort) { return cohort_words[cohort]; }

/* One piece of the stretch. */
struct part {
	struct screened was;
	int64_t known; /* as_of_seq, never more than the number before its own */
	bool has_text;
	enum action is;
	size_t writer;
};

struct writer {
	int64_t id;
	size_t pieces, resembling;
	bool hit[COHORTS]; /* counted among hit_people already */
};

struct rehearsing {
	struct circle *c;
	const struct engine *engine;
	struct past *past;
	struct conn *conn;
	struct arena *mem, *scratch;
	struct part *parts; /* by number of commit */
	size_t n;
	struct writer *writers; /* by id */
	size_t n_writers;
	size_t observed; /* how many of the parts */
	struct changed_piece *changed;
	const struct rehearse_ask *ask;
	struct rehearsal *out;
};

/* ---- reading ---- */

static err still_wanted(const struct rehearsing *r)
{
	const struct rehearse_ask *ask = r->ask;
	return ask->goes_on && !ask->goes_on(ask->ctx) ? err_busy("the rehearsal was given up")
	                                               : OK;
}

/* Those before the stretch are remembered as they were. */
static err warm_up(struct rehearsing *r, int64_t from, int64_t until)
{
	err e = OK;
	for (int64_t seq = from; seq < until; seq += PAGE) {
		struct screened *page;
		size_t n;
		TRY(still_wanted(r));
		int64_t left = until - seq;
		TRY(screenings_after(r->conn, seq, left < PAGE ? (int)left : PAGE, r->scratch,
		                     &page, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(remember_fit(r->engine, r->conn, &page[i], r->scratch));
			past_observe(r->past, &page[i].observation);
		}
		arena_reset(r->scratch);
	}
out:
	return e;
}

static err read_parts(struct rehearsing *r, int64_t from, int64_t until)
{
	err e = OK;
	r->parts = ARENA_ARRAY(r->mem, (size_t)(until - from), struct part);
	for (int64_t seq = from; seq < until; seq += PAGE) {
		struct screened *page;
		size_t n;
		TRY(still_wanted(r));
		TRY(screenings_after(r->conn, seq, PAGE, r->mem, &page, &n));
		for (size_t i = 0; i < n && page[i].observation.seq <= until; i++) {
			struct part *p = &r->parts[r->n++];
			int64_t before = page[i].observation.seq - 1;
			p->was = page[i];
			p->known = page[i].as_of_seq < before ? page[i].as_of_seq : before;
		}
	}
out:
	return e;
}

/* ---- who wrote ---- */

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct writer *)a)->id, y = ((const struct writer *)b)->id;
	return (x > y) - (x < y);
}

static void count_writers(struct rehearsing *r)
{
	struct writer *w = ARENA_ARRAY(r->mem, r->n, struct writer);
	for (size_t i = 0; i < r->n; i++)
		w[i] = (struct writer){ .id = r->parts[i].was.author.v,
			                .pieces = 1,
			                .resembling = r->parts[i].was.score >= RESEMBLES };
	qsort(w, r->n, sizeof *w, by_id);
	for (size_t i = 0; i < r->n; i++) {
		struct writer *last = r->n_writers ? &w[r->n_writers - 1] : NULL;
		if (last && last->id == w[i].id) {
			last->pieces++;
			last->resembling += w[i].resembling;
		} else {
			w[r->n_writers++] = w[i];
		}
	}
	r->writers = w;
	for (size_t i = 0; i < r->n; i++) {
		const struct writer key = { .id = r->parts[i].was.author.v };
		const struct writer *found = bsearch(&key, w, r->n_writers, sizeof *w, by_id);
		r->parts[i].writer = (size_t)(found - w);
	}
}

static enum cohort cohort_of(const struct rehearsing *r, const struct part *p)
{
	const struct writer *w = &r->writers[p->writer];
	int64_t age_ms = p->was.observation.at_ms - p->was.author_since_ms;
	if (w->pieces >= SELLER_PIECES && 10 * w->resembling >= SELLER_TENTHS * w->pieces)
		return COHORT_SELLERS;
	if (p->was.author_since_ms == 0)
		return COHORT_OTHERS;
	return age_ms < NEW_MS ? COHORT_NEW : age_ms >= ELDER_MS ? COHORT_ELDERS : COHORT_OTHERS;
}

/* ---- judging ---- */

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static err judge(struct rehearsing *r, struct part *p, str text, struct verdict *v)
{
	const struct screened *was = &p->was;
	struct facts facts = { .kind = was->kind,
		               .author = was->observation.author,
		               .at_ms = was->observation.at_ms,
		               .text = text,
		               .pictures = was->observation.pictures,
		               .n_pictures = was->observation.n_pictures,
		               .author_since_ms = was->author_since_ms,
		               .author_friends = was->author_friends,
		               .down = r->ask->down,
		               .n_down = r->ask->n_down };
	struct recalled recalled = { was->as_of_seq < 0 ? NULL : was->readings, was->n_readings,
		                     was->recollection };
	bool same = str_eq(was->policy, policy_hash(engine_policy(r->engine))) &&
	            str_eq(was->model, engine_model_hash(r->engine));
	err e = same ? screen_again(r->engine, &recalled, &facts, r->scratch, v)
	             : screen(r->engine, was->as_of_seq < 0 ? NULL : r->past, &facts, r->scratch,
	                      v);
	if (failed(e) || !same)
		return e;
	r->out->same_image++;
	r->out->equal += v->action == was->action && same_bits(v->score, was->score) &&
	                                 same_bits(v->malice, was->malice)
	                         ? 1
	                         : 0;
	return OK;
}

static void count_piece(struct rehearsing *r, struct part *p, const struct verdict *v)
{
	enum cohort cohort = cohort_of(r, p);
	struct cohort_row *row = &r->out->cohorts[cohort];
	struct writer *w = &r->writers[p->writer];
	row->pieces++;
	row->was[p->was.action]++;
	row->is[v->allowed]++;
	if (v->allowed != ACTION_ALLOW && !w->hit[cohort]) {
		w->hit[cohort] = true;
		row->hit_people++;
	}
	if (r->ask->each)
		r->ask->each(r->ask->ctx, &(struct rehearsed){ &p->was, v });
	if (v->allowed == p->was.action)
		return;
	if (r->out->changed_all++ < r->ask->examples)
		r->changed[r->out->n_changed++] = (struct changed_piece){
			.piece = p->was.piece,
			.author = p->was.author,
			.was = p->was.action,
			.is = v->allowed,
			.was_malice = p->was.malice,
			.is_malice = v->malice,
			.rule = v->reason_count ? str_dup(r->mem, v->reasons[0].rule) : STR_NONE,
		};
}

static err judge_part(struct rehearsing *r, struct part *p)
{
	struct verdict v;
	str text;
	err e;
	TRY(remember_text(r->conn, &p->was, r->scratch, &text));
	r->out->pieces++;
	if (text.n == 0) {
		r->out->no_text++;
		TRY(remember_fit(r->engine, r->conn, &p->was, r->scratch));
		return OK;
	}
	TRY(judge(r, p, text, &v));
	count_piece(r, p, &v);
	p->was.observation.filters = v.observation.filters;
out:
	return e;
}

static int by_known(const void *a, const void *b)
{
	const struct part *x = *(struct part *const *)a, *y = *(struct part *const *)b;
	if (x->known != y->known)
		return x->known < y->known ? -1 : 1;
	return x->was.observation.seq < y->was.observation.seq ? -1 : 1;
}

static err judge_all(struct rehearsing *r)
{
	struct part **order = ARENA_ARRAY(r->mem, r->n, struct part *);
	err e = OK;
	for (size_t i = 0; i < r->n; i++)
		order[i] = &r->parts[i];
	qsort(order, r->n, sizeof *order, by_known);
	for (size_t i = 0; i < r->n; i++) {
		while (r->observed < r->n &&
		       r->parts[r->observed].was.observation.seq <= order[i]->known)
			past_observe(r->past, &r->parts[r->observed++].was.observation);
		if (i % PAGE == 0)
			TRY(still_wanted(r));
		TRY(judge_part(r, order[i]));
		arena_reset(r->scratch);
	}
out:
	return e;
}

static err run(struct rehearsing *r, int64_t last)
{
	int64_t first = 0, highest, from;
	err e;
	TRY(store_read(r->c->store, &r->conn));
	TRY(screenings_last_seq(r->conn, &highest));
	from = highest > last ? highest - last : 0;
	TRY(read_parts(r, from, highest));
	if (r->n > 0 && from > 0) {
		int64_t since_ms = r->parts[0].was.observation.at_ms - remember_span_ms(r->engine);
		TRY(screenings_first_since(r->conn, since_ms, &first));
		TRY(warm_up(r, first > 0 ? first - 1 : 0, from));
	}
	count_writers(r);
	TRY(judge_all(r));
out:
	store_read_end(r->c->store, &r->conn);
	return e;
}

err rehearse(struct circle *c, const struct rehearse_ask *ask, struct arena *mem,
             struct rehearsal *out)
{
	struct rehearsing r = { .c = c,
		                .engine = ask->engine,
		                .past = remember_past(ask->engine),
		                .mem = mem,
		                .scratch = arena_new((size_t)1 << 20),
		                .changed = ARENA_ARRAY(mem, ask->examples, struct changed_piece),
		                .ask = ask,
		                .out = out };
	err e = r.past ? OK : err_system("no memory for the past");
	*out = (struct rehearsal){ .changed = r.changed };
	if (!failed(e))
		e = run(&r, ask->last < REHEARSE_MAX ? ask->last : REHEARSE_MAX);
	past_free(r.past);
	arena_free(r.scratch);
	return e;
}
