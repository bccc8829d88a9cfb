/* What somebody appealed, and what they judged of others: their own words and votes, and nothing of whom it was about. */
#include "circle/export_note.h"

#include "store/appeals.h"
#include "store/jurors.h"
#include "store/seats.h"

#define PAGE 100

static err send(struct exporting *x, const struct buf *b)
{
	return b->full ? err_limit(NULL, "a piece is too large to export")
	               : parcel_add(x->zip, buf_str(b));
}

static void add_appeal(struct buf *b, const struct appeal *a)
{
	buf_lit(b, "{\"type\":\"Note\",\"id\":");
	export_add_urn(b, "appeal", a->id.v);
	buf_lit(b, ",\"inReplyTo\":");
	export_add_urn(b, "measure", a->measure.v);
	buf_format(b, ",\"kith:number\":%lld", (long long)a->number);
	export_add_words(b, "content", a->words);
	export_add_words(b, "kith:state", str_of(appeal_state_word(a->state)));
	export_add_words(b, "kith:way", str_of(appeal_way_word(a->way)));
	export_add_words(b, "kith:note", a->note);
	export_add_time(b, "published", a->filed_at_ms);
	export_add_time(b, "kith:due", a->due_at_ms);
	if (a->decided_at_ms != 0)
		export_add_time(b, "kith:decided", a->decided_at_ms);
	buf_char(b, '}');
}

static err write_filed(struct exporting *x)
{
	struct appeal *all;
	appeal_id before = { 0 };
	bool any = false;
	size_t n;
	err e;
	TRY(parcel_entry(x->zip, "appeals.json", true, x->now_ms));
	TRY(parcel_add(x->zip, S("{" EXPORT_CONTEXT
	                         ",\"type\":\"OrderedCollection\",\"orderedItems\":[\n")));
	do {
		struct arena_mark mark = arena_mark(x->mem);
		struct buf b;
		buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
		TRY(appeals_of(x->conn, x->me.id, before, PAGE, x->mem, &all, &n));
		for (size_t i = 0; i < n; i++) {
			if (any)
				buf_lit(&b, ",\n");
			any = true;
			before = all[i].id;
			add_appeal(&b, &all[i]);
		}
		TRY(send(x, &b));
		arena_rewind(x->mem, mark);
	} while (n == PAGE);
	TRY(parcel_add(x->zip, S("\n]}\n")));
out:
	return e;
}

static void add_answer(struct buf *b, enum vote vote, str note, int64_t asked_at_ms,
                       int64_t voted_at_ms)
{
	buf_lit(b, "{\"type\":\"Note\"");
	if (vote != VOTE_NONE)
		export_add_words(b, "kith:vote", str_of(vote_word(vote)));
	export_add_words(b, "content", note);
	export_add_time(b, "kith:asked", asked_at_ms);
	if (voted_at_ms != 0)
		export_add_time(b, "published", voted_at_ms);
	buf_char(b, '}');
}

/* Seats and known cases alike: which was which is told to nobody. */
static err add_answers(struct exporting *x)
{
	struct juror_check *checks;
	struct seat *seats;
	size_t n_checks, n_seats, i = 0, k = 0;
	int64_t before = 0;
	bool any = false, more;
	err e;
	do {
		struct arena_mark mark = arena_mark(x->mem);
		struct buf b;
		size_t written = 0;
		buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
		TRY(seats_with(x->conn, x->me.id, before, PAGE, x->mem, &seats, &n_seats));
		TRY(juror_checks_of(x->conn, x->me.id, before, PAGE, x->mem, &checks, &n_checks));
		for (i = k = 0; written < PAGE && (i < n_seats || k < n_checks); written++) {
			const struct seat *s = i < n_seats ? &seats[i] : NULL;
			const struct juror_check *c = k < n_checks ? &checks[k] : NULL;
			if (any)
				buf_lit(&b, ",\n");
			any = true;
			if (c == NULL || (s != NULL && s->id > c->id)) {
				add_answer(&b, s->vote, s->note, s->asked_at_ms, s->voted_at_ms);
				before = seats[i++].id;
			} else {
				add_answer(&b, c->vote, c->note, c->asked_at_ms, c->voted_at_ms);
				before = checks[k++].id;
			}
		}
		more = written == PAGE;
		TRY(send(x, &b));
		arena_rewind(x->mem, mark);
	} while (more);
out:
	return e;
}

static err write_judged(struct exporting *x)
{
	struct juror juror;
	struct buf b;
	err e = jurors_find(x->conn, x->me.id, x->mem, &juror);
	if (e.code == ERR_MISSING)
		return OK; /* never one */
	TRY(e);
	buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
	buf_lit(&b, "{" EXPORT_CONTEXT ",\"type\":\"OrderedCollection\"");
	export_add_words(&b, "kith:number", juror.number);
	export_add_time(&b, "kith:since", juror.since_ms);
	if (juror.until_ms != 0)
		export_add_time(&b, "kith:until", juror.until_ms);
	buf_lit(&b, ",\"orderedItems\":[\n");
	TRY(parcel_entry(x->zip, "juries.json", true, x->now_ms));
	TRY(send(x, &b));
	TRY(add_answers(x));
	TRY(parcel_add(x->zip, S("\n]}\n")));
out:
	return e;
}

err export_appeals(struct exporting *x)
{
	err e;
	TRY(write_filed(x));
	TRY(write_judged(x));
out:
	return e;
}
