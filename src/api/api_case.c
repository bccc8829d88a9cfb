/* The stewards' console: what waits, one case whole, who is at it, and whom else is asked. */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/docket.h"
#include "circle/evidence.h"

#include <limits.h>

#define LIMIT 40
#define LIMIT_MAX 80
#define SAY_STATE "A state is \"open\" or \"decided\"."
#define SAY_FROM "Open cases come from \"inside\" or \"outside\"."

static err read_state(const struct call *c, enum case_state *state)
{
	str word;
	err e;
	TRY(params_str(c->params, "state", &word));
	if (word.p != NULL && !str_eq(word, S("open")) && !str_eq(word, S("decided")))
		return err_input("state", SAY_STATE);
	*state = str_eq(word, S("decided")) ? CASE_DECIDED : CASE_OPEN;
out:
	return e;
}

static err read_side(const struct call *c, enum case_side *side)
{
	str word;
	err e;
	TRY(params_str(c->params, "from", &word));
	if (word.p != NULL && !str_eq(word, S("inside")) && !str_eq(word, S("outside")))
		return err_input("from", SAY_FROM);
	*side = str_eq(word, S("inside"))    ? CASES_INSIDE
	        : str_eq(word, S("outside")) ? CASES_OUTSIDE
	                                     : CASES_ALL;
out:
	return e;
}

err api_case_queue(struct call *c)
{
	struct case_line *lines;
	struct buf *b = call_json(c);
	struct queue_part part;
	size_t n;
	err e;
	TRY(read_state(c, &part.state));
	TRY(read_side(c, &part.side));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &part.page));
	TRY(docket_queue(c->circle, c->me.person, &part, c->now_ms, c->mem, &lines, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_case_line(c, b, &lines[i]);
	}
	buf_char(b, ']');
	if (n == (size_t)part.page.limit)
		TRY(call_link_next(c, lines[n - 1].one.id.v));
	TRY(call_send(c));
out:
	return e;
}

err api_case_show(struct call *c)
{
	struct case_look look;
	case_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(docket_look(c->circle, c->me.person, id, c->now_ms, c->mem, &look));
	TRY(entity_case(c, call_json(c), &look));
	TRY(call_send(c));
out:
	return e;
}

static err claim(struct call *c, bool on)
{
	struct case_line line;
	case_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY((on ? docket_claim : docket_unclaim)(c->circle, c->me.person, id, c->now_ms, c->mem,
	                                         &line));
	entity_case_line(c, call_json(c), &line);
	TRY(call_send(c));
out:
	return e;
}

err api_case_claim(struct call *c) { return claim(c, true); }

err api_case_unclaim(struct call *c) { return claim(c, false); }

/* ---- deciding ---- */

#define LIST_MAX 1000
#define SAY_MEASURES "Each is {\"id\", \"do\": \"release\", \"keep\" or \"label\"}."
#define SAY_APPEALS "Each is {\"id\", \"do\": \"keep\" or \"overturn\"}."
#define SAY_PIECES "Each is {\"id\", \"do\": \"label\" or \"hold\", \"rule\"?}."
#define SAY_PERSON                                                                                 \
	"A step is {\"kind\": notice, fewer, no_friends, freeze or seal, \"days\"?, \"rule\"?}."
#define SAY_REPORTS "Reports are \"right\" or \"not_confirmed\"; bad faith names its own."
#define SAY_BAD_FAITH "It is {\"reports\": [id], \"note\"}."
#define SAY_VERSION "Say which version of the case you looked at."
#define SAY_DEED "Say which deed."

/* The word of `name` among `words`; `say` is for another one. */
static err read_word(const struct params *p, const char *name, const char *field,
                     const char *const *words, size_t n, const char *say, size_t *out)
{
	str word;
	err e;
	TRY(params_str(p, name, &word));
	for (size_t i = 0; i < n; i++) {
		if (str_eq(word, str_of(words[i]))) {
			*out = i;
			return OK;
		}
	}
	e = err_input(field, say);
out:
	return e;
}

static err read_rulings(struct call *c, struct case_decision *d)
{
	static const char *const words[] = {
		[RULING_RELEASE] = "release", [RULING_KEEP] = "keep", [RULING_LABEL] = "label"
	};
	const struct params **all;
	struct case_ruling *rulings;
	size_t how;
	err e;
	TRY(params_objects(c->params, "measures", LIST_MAX, c->mem, &all, &d->n_rulings));
	rulings = ARENA_ARRAY(c->mem, d->n_rulings, struct case_ruling);
	for (size_t i = 0; i < d->n_rulings; i++) {
		TRY(params_id(all[i], "id", &rulings[i].id.v));
		TRY(read_word(all[i], "do", "measures", words, 3, SAY_MEASURES, &how));
		rulings[i].how = (enum case_ruling_how)how;
	}
	d->rulings = rulings;
out:
	return e;
}

/* `label` and `hold`: to fold is the program's. */
static err read_acts(struct call *c, struct case_decision *d)
{
	static const char *const words[] = { "label", "hold" };
	const struct params **all;
	struct case_act *acts;
	size_t how;
	err e;
	TRY(params_objects(c->params, "pieces", LIST_MAX, c->mem, &all, &d->n_acts));
	acts = ARENA_ARRAY(c->mem, d->n_acts, struct case_act);
	for (size_t i = 0; i < d->n_acts; i++) {
		TRY(params_id(all[i], "id", &acts[i].status));
		TRY(read_word(all[i], "do", "pieces", words, 2, SAY_PIECES, &how));
		TRY(params_str(all[i], "rule", &acts[i].rule));
		acts[i].hold = how == 1;
	}
	d->acts = acts;
out:
	return e;
}

static err read_verdicts(struct call *c, struct case_decision *d)
{
	static const char *const words[] = { "keep", "overturn" };
	const struct params **all;
	struct case_verdict *verdicts;
	size_t how;
	err e;
	TRY(params_objects(c->params, "appeals", LIST_MAX, c->mem, &all, &d->n_verdicts));
	verdicts = ARENA_ARRAY(c->mem, d->n_verdicts, struct case_verdict);
	for (size_t i = 0; i < d->n_verdicts; i++) {
		TRY(params_id(all[i], "id", &verdicts[i].id.v));
		TRY(read_word(all[i], "do", "appeals", words, 2, SAY_APPEALS, &how));
		verdicts[i].overturn = how == 1;
	}
	d->verdicts = verdicts;
out:
	return e;
}

static err read_replies(struct call *c, struct case_decision *d)
{
	const struct params **all;
	struct case_reply *replies;
	err e;
	TRY(params_objects(c->params, "complaints", LIST_MAX, c->mem, &all, &d->n_replies));
	replies = ARENA_ARRAY(c->mem, d->n_replies, struct case_reply);
	for (size_t i = 0; i < d->n_replies; i++) {
		TRY(params_id(all[i], "id", &replies[i].id.v));
		TRY(params_str(all[i], "answer", &replies[i].answer));
	}
	d->replies = replies;
out:
	return e;
}

static err read_step(struct call *c, struct case_decision *d)
{
	static const enum measure_kind kinds[] = { MEASURE_NOTICE, MEASURE_FEWER,
		                                   MEASURE_NO_FRIENDS, MEASURE_FREEZE,
		                                   MEASURE_SEAL };
	enum { N = sizeof kinds / sizeof kinds[0] };
	const char *words[N];
	const struct params *person;
	int64_t days;
	size_t which;
	err e;
	TRY(params_object(c->params, "person", &person));
	if (person == NULL)
		return OK;
	for (size_t i = 0; i < N; i++)
		words[i] = measure_kind_word(kinds[i]);
	TRY(read_word(person, "kind", "person", words, N, SAY_PERSON, &which));
	TRY(params_i64(person, "days", 0, &days));
	if (days < 0 || days > INT_MAX)
		return err_input("person", SAY_PERSON);
	TRY(params_str(person, "rule", &d->rule));
	d->has_step = true;
	d->step = kinds[which];
	d->days = (int)days;
out:
	return e;
}

static err read_bad_faith(struct call *c, struct case_decision *d)
{
	const struct params *bad;
	report_id *reports;
	int64_t *ids;
	err e;
	TRY(params_object(c->params, "bad_faith", &bad));
	if (bad == NULL)
		return OK;
	TRY(params_ids(bad, "reports", LIST_MAX, c->mem, &ids, &d->n_bad));
	if (d->n_bad == 0)
		return err_input("bad_faith", SAY_BAD_FAITH);
	TRY(params_str(bad, "note", &d->bad_note));
	reports = ARENA_ARRAY(c->mem, d->n_bad, report_id);
	for (size_t i = 0; i < d->n_bad; i++)
		reports[i].v = ids[i];
	d->bad = reports;
out:
	return e;
}

static err read_reports(struct call *c, struct case_decision *d)
{
	str finding;
	err e;
	TRY(params_str(c->params, "reports", &finding));
	if (finding.p != NULL &&
	    (!report_outcome_of(finding, &d->finding) || d->finding == REPORT_BAD_FAITH))
		return err_input("reports", SAY_REPORTS);
	TRY(read_bad_faith(c, d));
out:
	return e;
}

static err read_decision(struct call *c, struct case_decision *d)
{
	int64_t version, *confirmed;
	measure_id *seals;
	err e;
	TRY(params_i64(c->params, "version", -1, &version));
	if (version < 0 || version > INT_MAX)
		return err_input("version", SAY_VERSION);
	d->version = (int)version;
	TRY(params_str(c->params, "note", &d->note));
	TRY(read_rulings(c, d));
	TRY(read_acts(c, d));
	TRY(read_step(c, d));
	TRY(read_verdicts(c, d));
	TRY(read_replies(c, d));
	TRY(read_reports(c, d));
	TRY(params_ids(c->params, "confirm", LIST_MAX, c->mem, &confirmed, &d->n_confirmed));
	seals = ARENA_ARRAY(c->mem, d->n_confirmed, measure_id);
	for (size_t i = 0; i < d->n_confirmed; i++)
		seals[i].v = confirmed[i];
	d->confirmed = seals;
out:
	return e;
}

err api_case_decide(struct call *c)
{
	struct case_decision decision = { .finding = REPORT_OPEN };
	struct case_look look;
	case_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(read_decision(c, &decision));
	TRY(docket_decide(c->circle, c->me.person, id, &decision, c->now_ms, c->mem, &look));
	TRY(entity_case(c, call_json(c), &look));
	TRY(call_send(c));
out:
	return e;
}

err api_case_undo(struct call *c)
{
	struct case_look look;
	int64_t deed;
	case_id id;
	err e;
	TRY(call_path_id(c, 0, &id.v));
	TRY(params_id(c->params, "deed", &deed));
	if (deed == 0)
		return err_input("deed", SAY_DEED);
	TRY(docket_undo(c->circle, c->me.person, id, deed, c->now_ms, c->mem, &look));
	TRY(entity_case(c, call_json(c), &look));
	TRY(call_send(c));
out:
	return e;
}

err api_case_ask(struct call *c)
{
	struct evidence_draft draft = { .status = 0 };
	struct evidence_link link;
	struct buf *b = call_json(c);
	case_id in;
	err e;
	TRY(call_path_id(c, 0, &in.v));
	TRY(params_str(c->params, "whom", &draft.whom));
	TRY(params_id(c->params, "measure_id", &draft.measure.v));
	TRY(params_id(c->params, "status_id", &draft.status));
	TRY(evidence_ask(c->circle, c->me.person, in, &draft, c->now_ms, c->mem, &link));
	buf_lit(b, "{\"url\":");
	buf_json(b,
	         str_format(c->mem, "%.*s/evidence/%.*s", STR_ARG(c->url), STR_ARG(link.secret)));
	buf_lit(b, ",\"expires_at\":");
	buf_json_time(b, link.expires_at_ms);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}
