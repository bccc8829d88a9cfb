/* The pipeline on one page: views, signals, policy, verdict. */
#include "integrity/integrity_private.h"

#include "integrity/text/lexemes.h"
#include "integrity/text/signature.h"

#include <math.h>
#include <string.h>

/* ---- signals ---- */

static void count_words(const struct engine *e, struct look *l)
{
	size_t n_lists;
	const struct policy_words *lists = policy_lists(e->policy, &n_lists);
	memset(l->words, 0, n_lists * sizeof l->words[0]);
	memset(l->patterns, 0, sizeof l->patterns);
	for (size_t i = 0; i < l->n_hits; i++) {
		const struct pattern_hit *h = &l->hits[i];
		if (h->is_pattern) {
			l->patterns[h->list]++;
			continue;
		}
		bool again = false;
		for (size_t k = i; k > 0 && !again && l->hits[k - 1].list == h->list; k--)
			again = l->hits[k - 1].phrase == h->phrase;
		l->words[h->list] = (uint16_t)(l->words[h->list] + (again ? 0 : 1));
		l->signals[SIG_HIDDEN_WORDS] += h->disguised && lists[h->list].conduct ? 1 : 0;
	}
}

static double author_age(const struct facts *f)
{
	return f->author_since_ms == 0 || f->at_ms == 0 || f->at_ms < f->author_since_ms
	               ? (double)NAN
	               : (double)(f->at_ms - f->author_since_ms);
}

static void set_signals(struct look *l)
{
	double *s = l->signals;
	const struct facts *f = l->facts;
	s[SIG_IS_POST] = f->kind == FACTS_POST;
	s[SIG_IS_COMMENT] = f->kind == FACTS_COMMENT;
	s[SIG_IS_PROFILE] = f->kind == FACTS_PROFILE;
	s[SIG_IS_REQUEST] = f->kind == FACTS_REQUEST;
	s[SIG_LETTERS] = (double)l->views.skeleton.n;
	s[SIG_EFFORT] = views_effort(&l->views);
	s[SIG_SCORE] = l->judged.known ? l->judged.probability : (double)NAN;
	s[SIG_RESEMBLES] = l->judged.resembles;
	s[SIG_ADVERTISES] = l->judged.advertises;
	s[SIG_CONDUCT_LIKELY] = l->kinds.likely;
	s[SIG_CONDUCT_SURE] = l->kinds.sure;
	memcpy(&s[SIG_LIKE_LADDER], l->kinds.shares, sizeof l->kinds.shares);
	s[SIG_AUTHOR_AGE] = author_age(f);
	s[SIG_AUTHOR_FRIENDS] = f->author_friends == 0 ? (double)NAN : f->author_friends - 1;
	s[SIG_PICTURES] = (double)f->n_pictures;
	for (size_t i = 0; i < f->n_pictures; i++)
		s[SIG_PICTURE_QR] += f->pictures[i].qr > 0;
	extract_signals(l->extracts, l->n_extracts, l->contacts, l->n_contacts, s);
}

/* Everything about the text that does not depend on the past. */
static void look_at(const struct engine *e, const struct facts *facts, struct arena *mem,
                    struct look *l)
{
	struct contact *contacts = arena_room(mem, CONTACTS_MAX * sizeof *contacts);
	struct extract *extracts = arena_room(mem, EXTRACTS_MAX * sizeof *extracts);
	struct pattern_hit *hits = arena_room(mem, PATTERN_HITS_MAX * sizeof *hits);
	struct lexemes lexemes = { 0 };
	memset(l->signals, 0, sizeof l->signals);
	l->facts = facts;
	views_of(facts->text, mem, &l->views);
	features_of(&l->views, mem, &l->features);
	model_judge(&e->model, &l->views, &l->features, &l->judged);
	kinds_judge(&e->kinds, &l->features, &l->kinds);
	l->contacts = contacts;
	l->n_contacts = contact_find_in(&l->views, &lexemes, mem, contacts);
	l->extracts = extracts;
	l->n_extracts = extract_all_in(&l->views, &lexemes, contacts, l->n_contacts, mem, extracts);
	l->hits = hits;
	l->n_hits = patterns_find(e->patterns, &l->views, mem, hits);
	set_signals(l);
	count_words(e, l);
}

/* ---- policy ---- */

static const struct recalled nothing = { .before = { .copy_authors = (double)NAN,
	                                             .copy_depth = (double)NAN,
	                                             .copy_first = (double)NAN,
	                                             .picture_authors = (double)NAN } };

static void set_recollection(double *signals, const struct recollection *before)
{
	signals[SIG_COPY_AUTHORS] = before->copy_authors;
	signals[SIG_COPY_DEPTH] = before->copy_depth;
	signals[SIG_COPY_FIRST] = before->copy_first;
	signals[SIG_PICTURE_COPIES] = before->picture_authors;
	signals[SIG_PICTURE_BANK] = before->picture_bank;
}

/* The same piece by nobody known, with no past. */
static void apply_alone(const struct engine *e, const struct look *l, struct arena *mem,
                        struct policy_result *result)
{
	double signals[SIGNALS];
	struct recollection before = nothing.before;
	before.picture_bank = l->signals[SIG_PICTURE_BANK];
	memcpy(signals, l->signals, sizeof signals);
	set_recollection(signals, &before);
	signals[SIG_AUTHOR_AGE] = signals[SIG_AUTHOR_FRIENDS] = (double)NAN;
	const struct policy_input input = { signals, l->words, l->patterns, NULL };
	policy_apply(e->policy, &input, mem, result);
}

static enum action allowed(const struct engine *e, const struct facts *facts,
                           const struct policy_result *result, struct arena *mem)
{
	size_t n;
	const struct policy_rule *rules = policy_rules(e->policy, &n);
	if (facts->n_down == 0 || result->action <= ACTION_LABEL)
		return result->action;
	bool *down = ARENA_ARRAY(mem, n, bool);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < facts->n_down; k++)
			down[i] |= str_eq(rules[i].id, facts->down[k]);
	return policy_apply_down(e->policy, result, down);
}

static void judge(const struct engine *e, struct look *l, const struct recalled *known,
                  struct arena *mem, struct verdict *verdict)
{
	size_t n_windows;
	struct policy_result result, alone;
	policy_windows(e->policy, &n_windows);
	l->readings = known->reading_count == n_windows ? known->readings : NULL;
	set_recollection(l->signals, &known->before);
	const struct policy_input input = { l->signals, l->words, l->patterns, l->readings };
	policy_apply(e->policy, &input, mem, &result);
	*verdict = (struct verdict){
		.action = result.action,
		.harm = HARM_CLASS_B,
		.allowed = allowed(e, l->facts, &result, mem),
		.score = l->judged.probability,
		.malice = result.malice,
		.readings = known->readings,
		.reading_count = known->reading_count,
		.recollection = known->before,
		.policy_hash = policy_hash(e->policy),
		.model_hash = str_of(e->model_hash),
	};
	verdict->observation.filters = result.filters;
	alone = result;
	if (result.action != ACTION_ALLOW)
		apply_alone(e, l, mem, &alone);
	verdict->alone = alone.action < result.action ? alone.action : result.action;
	reasons_give(e, l, &result, &alone, mem, verdict);
	if (l->facts->traced && verdict->action != ACTION_ALLOW)
		verdict->trace = policy_trace(e->policy, &input, &result, mem);
}

static void note_observation(const struct look *l, struct arena *mem, struct observation *o)
{
	o->at_ms = l->facts->at_ms;
	o->author = l->facts->author;
	o->handle = extract_handle_hash(&l->views, l->contacts, l->n_contacts);
	if (o->author != 0)
		signature_of(&l->views, mem, &o->signature);
	o->n_pictures = l->facts->n_pictures;
	if (o->n_pictures > 0)
		memcpy(o->pictures, l->facts->pictures, o->n_pictures * sizeof *o->pictures);
}

/* Pictures that are like one of the bank. */
static bool is_banked(uint64_t value, unsigned bits, void *ctx)
{
	(void)value, (void)bits;
	*(bool *)ctx = true;
	return false;
}

static double count_banked(const struct engine *engine, const struct facts *facts)
{
	double n = 0;
	for (size_t i = 0; i < facts->n_pictures && engine->bank != NULL; i++) {
		bool banked = false;
		if (facts->pictures[i].quality >= PDQ_QUALITY_MIN)
			pdq_index_find(engine->bank, facts->pictures[i].pdq, is_banked, &banked);
		n += banked;
	}
	return n;
}

static bool facts_fit(const struct facts *facts)
{
	return facts->text.n <= SCREEN_TEXT_MAX_BYTES && facts->n_pictures <= SHOWN_PICTURES;
}

static err too_long(void)
{
	return err_limit("text", "the text is over 2 MiB, or there are more than nine pictures");
}

err screen(const struct engine *engine, const struct past *past, const struct facts *facts,
           struct arena *mem, struct verdict *verdict)
{
	struct look l;
	struct observation observation = { 0 };
	struct recalled known = nothing;
	int64_t family = 0;
	if (!facts_fit(facts))
		return too_long();
	look_at(engine, facts, mem, &l);
	note_observation(&l, mem, &observation);
	known.before.picture_bank = count_banked(engine, facts);
	if (past) {
		size_t n;
		struct copy_reading copies;
		policy_windows(engine->policy, &n);
		double *readings = ARENA_ARRAY(mem, n + 1, double);
		const struct past_question q = { facts->at_ms,       observation.author,
			                         observation.handle, &observation.signature,
			                         facts->pictures,    facts->n_pictures };
		past_read(past, &q, readings, &copies);
		known.readings = readings;
		known.reading_count = n;
		if (facts->author != 0) {
			family = copies.first_seq;
			known.before.copy_authors = copies.authors;
			known.before.copy_depth = copies.depth;
			known.before.copy_first = copies.similar != 0 &&
			                          copies.first_author == facts->author;
			known.before.picture_authors = copies.picture_authors;
		}
	}
	judge(engine, &l, &known, mem, verdict);
	verdict->family = family;
	observation.filters = verdict->observation.filters;
	verdict->observation = observation;
	return OK;
}

err screen_again(const struct engine *engine, const struct recalled *recalled,
                 const struct facts *facts, struct arena *mem, struct verdict *verdict)
{
	struct look l;
	if (!facts_fit(facts))
		return too_long();
	look_at(engine, facts, mem, &l);
	judge(engine, &l, recalled, mem, verdict);
	uint64_t filters = verdict->observation.filters;
	note_observation(&l, mem, &verdict->observation);
	verdict->observation.filters = filters;
	return OK;
}
