/* What somebody appealed, and what they judged of others, and who looked at what is theirs: their own words and votes, and nothing of whom it was about. */
#include "circle/export_list.h"

#include "circle/disclose.h"
#include "store/accesses.h"
#include "store/appeals.h"
#include "store/jurors.h"
#include "store/seats.h"

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

static err add_filed(struct export_list *list)
{
	struct exporting *x = list->x;
	struct appeal *all;
	size_t n;
	err e;
	TRY(appeals_of(x->conn, x->me.id, (appeal_id){ list->before }, EXPORT_PAGE, x->mem, &all,
	               &n));
	for (size_t i = 0; i < n; i++) {
		list->before = all[i].id.v;
		add_appeal(export_item(list), &all[i]);
	}
	list->more = n == EXPORT_PAGE;
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
static err add_answers(struct export_list *list)
{
	struct exporting *x = list->x;
	struct juror_check *checks;
	struct seat *seats;
	size_t n_checks, n_seats, i = 0, k = 0;
	err e;
	TRY(seats_with(x->conn, x->me.id, list->before, EXPORT_PAGE, x->mem, &seats, &n_seats));
	TRY(juror_checks_of(x->conn, x->me.id, list->before, EXPORT_PAGE, x->mem, &checks,
	                    &n_checks));
	while (i + k < EXPORT_PAGE && (i < n_seats || k < n_checks)) {
		const struct seat *s = i < n_seats ? &seats[i] : NULL;
		const struct juror_check *c = k < n_checks ? &checks[k] : NULL;
		struct buf *b = export_item(list);
		if (c == NULL || (s != NULL && s->id > c->id)) {
			add_answer(b, s->vote, s->note, s->asked_at_ms, s->voted_at_ms);
			list->before = seats[i++].id;
		} else {
			add_answer(b, c->vote, c->note, c->asked_at_ms, c->voted_at_ms);
			list->before = checks[k++].id;
		}
	}
	list->more = i + k == EXPORT_PAGE;
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
	export_add_words(&b, "kith:number", juror.number);
	export_add_time(&b, "kith:since", juror.since_ms);
	if (juror.until_ms != 0)
		export_add_time(&b, "kith:until", juror.until_ms);
	TRY(export_list(x, "juries.json", buf_str(&b), add_answers));
out:
	return e;
}

static err add_accesses(struct export_list *list)
{
	struct exporting *x = list->x;
	struct access_seen *all;
	size_t n;
	err e;
	TRY(accesses_of(x->conn, x->me.id, ACCESSES_MAX, x->mem, &all, &n));
	for (size_t i = 0; i < n; i++) {
		struct buf *b = export_item(list);
		buf_lit(b, "{\"type\":\"View\"");
		export_add_words(b, "kith:role", str_of(disclose_role_word(all[i].role)));
		if (all[i].measure.v != 0) {
			buf_lit(b, ",\"object\":");
			export_add_urn(b, "measure", all[i].measure.v);
		}
		export_add_time(b, "published", all[i].day * ACCESS_DAY_MS);
		buf_char(b, '}');
	}
	list->more = false;
out:
	return e;
}

err export_appeals(struct exporting *x)
{
	err e;
	TRY(export_list(x, "appeals.json", STR_NONE, add_filed));
	TRY(export_list(x, "accesses.json", STR_NONE, add_accesses));
	TRY(write_judged(x));
out:
	return e;
}
