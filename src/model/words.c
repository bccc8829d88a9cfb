/* Words for the nouns' enumerations, as the API and the shell spell them. */
#include "model/plea.h"
#include "model/audience.h"
#include "model/case.h"
#include "model/filter.h"
#include "model/measure.h"
#include "model/media.h"
#include "model/person.h"
#include "model/lead.h"

#include <stdint.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const range_words[] = { [RANGE_ALL] = "all",
	                                   [RANGE_HALF_YEAR] = "half-year",
	                                   [RANGE_MONTH] = "month",
	                                   [RANGE_3_DAYS] = "3d" };
static const int64_t range_spans[] = { [RANGE_ALL] = INT64_MAX,
	                               [RANGE_HALF_YEAR] = 183 * DAY_MS,
	                               [RANGE_MONTH] = 30 * DAY_MS,
	                               [RANGE_3_DAYS] = 3 * DAY_MS };
static const char *const role_words[] = {
	[ROLE_MEMBER] = "member", [ROLE_STEWARD] = "steward", [ROLE_KEEPER] = "keeper"
};
static const char *const audience_words[] = { [AUDIENCE_FRIENDS] = "friends",
	                                      [AUDIENCE_ONLY] = "only",
	                                      [AUDIENCE_EXCEPT] = "except",
	                                      [AUDIENCE_SELF] = "self",
	                                      [AUDIENCE_GROUP] = "group" };
static const char *const measure_kinds[] = {
	[MEASURE_HOLD] = "hold",
	[MEASURE_LABEL] = "label",
	[MEASURE_SEAL] = "seal",
	[MEASURE_FOLD] = "fold",
	[MEASURE_NOTICE] = "notice",
	[MEASURE_FEWER] = "fewer",
	[MEASURE_NO_FRIENDS] = "no_friends",
	[MEASURE_FREEZE] = "freeze",
};
static const char *const measure_states[] = { [MEASURE_ACTIVE] = "active",
	                                      [MEASURE_RELEASED] = "released",
	                                      [MEASURE_KEPT] = "kept",
	                                      [MEASURE_LAPSED] = "lapsed",
	                                      [MEASURE_OVERTURNED] = "overturned",
	                                      [MEASURE_WITHDRAWN] = "withdrawn",
	                                      [MEASURE_UNANSWERED] = "unanswered",
	                                      [MEASURE_MILDER] = "milder",
	                                      [MEASURE_PROPOSED] = "proposed" };
static const struct {
	const char *word;
	enum harm_class harm;
} report_categories[] = {
	[REPORT_COUNTERFEIT] = { "counterfeit", HARM_CLASS_A },
	[REPORT_LADDER] = { "ladder", HARM_CLASS_B },
	[REPORT_FRAUD] = { "fraud", HARM_CLASS_A },
	[REPORT_ADVERTISING] = { "advertising", HARM_CLASS_B },
	[REPORT_HARASSMENT] = { "harassment", HARM_CLASS_B },
	[REPORT_OTHER] = { "other", HARM_CLASS_B },
};
static const char *const report_outcomes[] = { [REPORT_OPEN] = NULL,
	                                       [REPORT_RIGHT] = "right",
	                                       [REPORT_NOT_CONFIRMED] = "not_confirmed",
	                                       [REPORT_BAD_FAITH] = "bad_faith" };
static const struct {
	const char *word;
	enum harm_class harm;
} complaint_categories[] = {
	[COMPLAINT_PLAGIARISM] = { "plagiarism", HARM_CLASS_B },
	[COMPLAINT_COUNTERFEIT] = { "counterfeit", HARM_CLASS_A },
	[COMPLAINT_PERSONAL_DATA] = { "personal-data", HARM_CLASS_B },
};

static const char *const appeal_states[] = { [APPEAL_OPEN] = "open",
	                                     [APPEAL_KEPT] = "kept",
	                                     [APPEAL_OVERTURNED] = "overturned",
	                                     [APPEAL_LAPSED] = "lapsed",
	                                     [APPEAL_WITHDRAWN] = "withdrawn",
	                                     [APPEAL_MILDER] = "milder",
	                                     [APPEAL_OVER] = "over" };
static const char *const appeal_ways[] = {
	[APPEAL_BY_STEWARD] = "steward", [APPEAL_BY_JURY] = "jury", [APPEAL_BY_NOBODY] = "nobody"
};
static const char *const appeal_steps[] = {
	[STEP_SEVEN] = "seven", [STEP_ONE_HOP] = "one_hop", [STEP_FIVE] = "five",
	[STEP_THREE] = "three", [STEP_STEWARD] = "steward", [STEP_NOBODY] = "nobody"
};
static const char *const votes[] = { [VOTE_NONE] = NULL,
	                             [VOTE_KEEP] = "keep",
	                             [VOTE_OVERTURN] = "overturn",
	                             [VOTE_MILDER] = "milder" };

static const char *const harm_words[] = {
	[HARM_CLASS_A] = "a", [HARM_CLASS_B] = "b", [HARM_CLASS_C] = "c"
};
static const char *const case_states[] = { [CASE_OPEN] = "open",
	                                   [CASE_DECIDED] = "decided",
	                                   [CASE_LAPSED] = "lapsed",
	                                   [CASE_MERGED] = "merged" };
static const char *const deed_kinds[] = {
	[DEED_RELEASED] = "released",
	[DEED_KEPT] = "kept",
	[DEED_LABELLED] = "labelled",
	[DEED_STEP] = "step",
	[DEED_CONFIRMED] = "confirmed",
	[DEED_APPEAL_KEPT] = "appeal_kept",
	[DEED_APPEAL_OVERTURNED] = "appeal_overturned",
	[DEED_REPORT] = "report",
	[DEED_COMPLAINT] = "complaint",
	[DEED_READ] = "read",
	[DEED_BAD_FAITH] = "bad_faith",
	[DEED_HELD] = "held",
};
static const char *const case_answers[] = { [CASE_NO_ANSWER] = NULL,
	                                    [CASE_IT_IS_SO] = "so",
	                                    [CASE_IT_IS_NOT] = "not",
	                                    [CASE_CANNOT_SAY] = "unsure" };

static const char *const size_words[] = {
	[MEDIA_SMALL] = "small", [MEDIA_MIDDLE] = "middle", [MEDIA_LARGE] = "large"
};
static const int size_sides_px[] = {
	[MEDIA_SMALL] = 320, [MEDIA_MIDDLE] = 1280, [MEDIA_LARGE] = 2560
};
static const char *const format_words[] = { [MEDIA_WEBP] = "webp", [MEDIA_JPEG] = "jpeg" };

static bool word_index(str word, const char *const *words, size_t n, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(word, str_of(words[i]))) {
			*out = i;
			return true;
		}
	}
	return false;
}

int64_t range_ms(enum person_range range) { return range_spans[range]; }
const char *range_word(enum person_range range) { return range_words[range]; }
const char *role_word(enum person_role role) { return role_words[role]; }
const char *audience_word(enum audience_kind kind) { return audience_words[kind]; }
const char *measure_kind_word(enum measure_kind kind) { return measure_kinds[kind]; }
const char *measure_state_word(enum measure_state state) { return measure_states[state]; }
const char *appeal_state_word(enum appeal_state state) { return appeal_states[state]; }
const char *appeal_way_word(enum appeal_way way) { return appeal_ways[way]; }
const char *appeal_step_word(enum appeal_step step) { return appeal_steps[step]; }
const char *vote_word(enum vote vote) { return votes[vote]; }
const char *harm_word(enum harm_class harm) { return harm_words[harm]; }
const char *case_state_word(enum case_state state) { return case_states[state]; }
const char *deed_kind_word(enum deed_kind kind) { return deed_kinds[kind]; }
const char *case_answer_word(enum case_answer answer) { return case_answers[answer]; }

bool case_answer_of(str word, enum case_answer *out)
{
	const size_t from = CASE_IT_IS_SO;
	size_t i;
	if (!word_index(word, case_answers + from, COUNT(case_answers) - from, &i))
		return false;
	*out = (enum case_answer)(i + from);
	return true;
}

bool vote_of(str word, enum vote *out)
{
	size_t i;
	if (!word_index(word, votes + VOTE_KEEP, COUNT(votes) - VOTE_KEEP, &i))
		return false;
	*out = (enum vote)(i + VOTE_KEEP);
	return true;
}

bool range_of(str word, enum person_range *out)
{
	size_t i;
	if (!word_index(word, range_words, COUNT(range_words), &i))
		return false;
	*out = (enum person_range)i;
	return true;
}

struct audience audience_dup(struct arena *mem, const struct audience *audience)
{
	struct audience copy = *audience;
	copy.lists = arena_copy(mem, copy.lists, copy.n_lists * sizeof(*copy.lists));
	copy.people = arena_copy(mem, copy.people, copy.n_people * sizeof(*copy.people));
	if (copy.also != NULL) {
		struct audience *also = ARENA_NEW(mem, struct audience);
		*also = audience_dup(mem, copy.also);
		copy.also = also;
	}
	return copy;
}

bool role_of(str word, enum person_role *out)
{
	size_t i;
	if (!word_index(word, role_words, COUNT(role_words), &i))
		return false;
	*out = (enum person_role)i;
	return true;
}

bool measure_on_person(enum measure_kind kind)
{
	return kind == MEASURE_SEAL || kind >= MEASURE_NOTICE;
}

bool measure_in_force(const struct measure *m, int64_t now_ms)
{
	bool stands = m->state == MEASURE_ACTIVE || m->state == MEASURE_KEPT;
	/* A hold that was confirmed has no end of its own any more. */
	bool endless = m->kind == MEASURE_HOLD && m->state == MEASURE_KEPT;
	return stands && now_ms >= m->starts_at_ms && (endless || now_ms < m->ends_at_ms);
}

int64_t measure_held_until(const struct measure *m)
{
	if (m->kind != MEASURE_HOLD)
		return 0;
	switch (m->state) {
	case MEASURE_ACTIVE:
		return m->ends_at_ms;
	case MEASURE_KEPT:
		return INT64_MAX;
	case MEASURE_RELEASED:
	case MEASURE_LAPSED:
	case MEASURE_OVERTURNED:
	case MEASURE_WITHDRAWN:
	case MEASURE_UNANSWERED:
	case MEASURE_MILDER:
	case MEASURE_PROPOSED:
		return 0;
	}
	return 0;
}

int64_t measure_end(const struct measure *m)
{
	switch (m->state) {
	case MEASURE_RELEASED:
	case MEASURE_OVERTURNED:
	case MEASURE_WITHDRAWN:
	case MEASURE_UNANSWERED:
	case MEASURE_MILDER:
		return m->decided_at_ms != 0 ? m->decided_at_ms : m->ends_at_ms;
	case MEASURE_KEPT:
		return m->kind == MEASURE_HOLD ? INT64_MAX : m->ends_at_ms;
	case MEASURE_PROPOSED:
		return m->due_at_ms; /* dropped then, when nobody confirms it */
	case MEASURE_ACTIVE:
	case MEASURE_LAPSED:
		break;
	}
	return m->ends_at_ms;
}

enum measure_state measure_state_at(const struct measure *m, int64_t now_ms)
{
	bool over = false;
	switch (m->state) {
	case MEASURE_ACTIVE:
		over = now_ms >= m->ends_at_ms;
		break;
	case MEASURE_KEPT:
		over = m->kind != MEASURE_HOLD && now_ms >= m->ends_at_ms;
		break;
	case MEASURE_PROPOSED:
		over = now_ms >= m->due_at_ms;
		break;
	case MEASURE_RELEASED:
	case MEASURE_LAPSED:
	case MEASURE_OVERTURNED:
	case MEASURE_WITHDRAWN:
	case MEASURE_UNANSWERED:
	case MEASURE_MILDER:
		break;
	}
	return over ? MEASURE_LAPSED : m->state;
}

int media_side_px(enum media_size size) { return size_sides_px[size]; }
const char *media_size_word(enum media_size size) { return size_words[size]; }
const char *media_format_word(enum media_format format) { return format_words[format]; }

bool media_size_of(str word, enum media_size *out)
{
	size_t i;
	bool known = word_index(word, size_words, COUNT(size_words), &i);
	if (known)
		*out = (enum media_size)i;
	return known;
}

bool media_format_of(str word, enum media_format *out)
{
	size_t i;
	bool known = word_index(word, format_words, COUNT(format_words), &i);
	if (known)
		*out = (enum media_format)i;
	return known;
}

const char *filter_context_word(unsigned index)
{
	static const char *const words[FILTER_CONTEXTS] = { "home", "notifications", "public",
		                                            "thread", "account" };
	return words[index];
}

const char *report_category_word(enum report_category category)
{
	return report_categories[category].word;
}

enum harm_class report_harm(enum report_category category)
{
	return report_categories[category].harm;
}

bool report_category_of(str word, enum report_category *out)
{
	for (size_t i = 0; i < COUNT(report_categories); i++) {
		if (!str_eq(word, str_of(report_categories[i].word)))
			continue;
		*out = (enum report_category)i;
		return true;
	}
	return false;
}

const char *report_outcome_word(enum report_state state) { return report_outcomes[state]; }

bool report_outcome_of(str word, enum report_state *out)
{
	for (size_t i = REPORT_RIGHT; i < COUNT(report_outcomes); i++) {
		if (!str_eq(word, str_of(report_outcomes[i])))
			continue;
		*out = (enum report_state)i;
		return true;
	}
	return false;
}

const char *complaint_category_word(enum complaint_category category)
{
	return complaint_categories[category].word;
}

enum harm_class complaint_harm(enum complaint_category category)
{
	return complaint_categories[category].harm;
}

bool complaint_category_of(str word, enum complaint_category *out)
{
	for (size_t i = 0; i < COUNT(complaint_categories); i++) {
		if (!str_eq(word, str_of(complaint_categories[i].word)))
			continue;
		*out = (enum complaint_category)i;
		return true;
	}
	return false;
}
