/* A table says what each kind of measure is there, and another what rules are that no policy has. Sentences are the policy's own or the
 * program's; a person's note and the words of a piece are not read at all. */
#include "circle/statement.h"

#include "circle/cite.h"

#include <jansson.h>

#include <string.h>

#define LAST_END_MS INT64_C(2145916800000) /* 2038-01-01: no date from then on is taken */

/* ---- what it did ---- */

static const struct {
	const char *field, *value; /* `field` a list where it begins with '[' */
	const char *other;         /* what "other" is */
	const char *end; /* the field of its end; NULL: nothing was restricted that could end */
} decisions[] = {
	[MEASURE_HOLD] = { "[decision_visibility", "DECISION_VISIBILITY_CONTENT_DISABLED", NULL,
	                   "end_date_visibility_restriction" },
	[MEASURE_LABEL] = { "[decision_visibility", "DECISION_VISIBILITY_CONTENT_LABELLED", NULL,
	                    "end_date_visibility_restriction" },
	[MEASURE_FOLD] = { "[decision_visibility", "DECISION_VISIBILITY_CONTENT_DEMOTED", NULL,
	                   "end_date_visibility_restriction" },
	[MEASURE_NOTICE] = { "[decision_visibility", "DECISION_VISIBILITY_OTHER",
	                     "A notice to the account; nothing was restricted.", NULL },
	[MEASURE_FEWER] = { "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION", NULL,
	                    "end_date_service_restriction" },
	[MEASURE_NO_FRIENDS] = { "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION",
	                         NULL, "end_date_service_restriction" },
	[MEASURE_FREEZE] = { "decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION", NULL,
	                     "end_date_service_restriction" },
	[MEASURE_SEAL] = { "decision_account", "DECISION_ACCOUNT_SUSPENDED", NULL,
	                   "end_date_account_restriction" },
};

static const char *const effects[] = {
	[MEASURE_HOLD] = "The piece was held back from all but its author.",
	[MEASURE_LABEL] = "The piece was labelled.",
	[MEASURE_FOLD] =
		"The piece, a near-copy of another author's, was folded into one line with it.",
	[MEASURE_NOTICE] = "The account got a notice.",
	[MEASURE_FEWER] = "The account may publish fewer pieces a day for a time.",
	[MEASURE_NO_FRIENDS] = "The account may make no new friends for a time.",
	[MEASURE_FREEZE] = "The account may publish nothing for a time.",
	[MEASURE_SEAL] =
		"The account was sealed: it can read the reasons, appeal and take its data along.",
};

/* ---- by which rule ---- */

struct ground {
	str rule, clause, category, keyword, sentence;
};

/* Rules that no policy has, by how they begin. */
static const struct {
	const char *rule, *category, *keyword, *sentence;
} grounds[] = {
	{ "order.counterfeit", "INTELLECTUAL_PROPERTY_INFRINGEMENTS", "TRADEMARK_INFRINGEMENT",
	  "Counterfeit goods, or goods falsely said to be bought abroad." },
	{ "order.ladder", "SCAMS_AND_FRAUD", "PYRAMID_SCHEMES",
	  "Recruiting of people who recruit others." },
	{ "order.fraud", "SCAMS_AND_FRAUD", "OTHER", "Fraud." },
	{ "order.advertising", "OTHER_VIOLATION_TC", "HIDDEN_ADVERTISEMENT",
	  "Advertising in disguise." },
	{ "order.harassment", "CYBER_VIOLENCE", "CYBER_HARASSMENT", "Harassment." },
	{ "order.plagiarism", "INTELLECTUAL_PROPERTY_INFRINGEMENTS", "COPYRIGHT_INFRINGEMENT",
	  "Words or pictures of somebody else, shown as one's own." },
	{ "order.personal-data", "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", "OTHER",
	  "Personal data of somebody who did not want them shown." },
	{ "order.seized", "SCAMS_AND_FRAUD", "IMPERSONATION_ACCOUNT_HIJACKING",
	  "The account was in somebody else's hands, so that it was sealed at once." },
	{ "order.seal", "OTHER_VIOLATION_TC", "OTHER",
	  "The keeper of the circle sealed the account." },
	{ "order.report-abuse", "OTHER_VIOLATION_TC", "OTHER", "Reports made in bad faith." },
	{ "screening.", "OTHER_VIOLATION_TC", "OTHER",
	  "The check of a text did not work, so it waited until it did." },
	{ "", "OTHER_VIOLATION_TC", "OTHER", "Conduct that this circle does not want." },
};

static const struct policy_rule *rule_of(const struct policy *policy, str id)
{
	size_t n = 0;
	const struct policy_rule *rules = policy ? policy_rules(policy, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		if (str_eq(rules[i].id, id))
			return &rules[i];
	return NULL;
}

static struct ground ground_of(const struct measure *m, const struct policy *policy)
{
	const struct policy_rule *rule = rule_of(policy, m->rule);
	size_t i = 0;
	if (rule)
		return (struct ground){ rule->id, rule->clause, rule->dsa_category,
			                rule->dsa_keyword, rule->en };
	while (!str_starts(m->rule, str_of(grounds[i].rule)))
		i++;
	return (struct ground){ m->rule, cite_clause(m->rule), str_of(grounds[i].category),
		                str_of(grounds[i].keyword), str_of(grounds[i].sentence) };
}

/* ---- fields ---- */

/* As much of a text as fits, between two characters. */
static str cut(str text, size_t max)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n && at <= max; (void)utf8_next(text, &at))
		n = at;
	return text.n <= max ? text : str_slice(text, 0, n);
}

static void add_name(struct buf *b, const char *name)
{
	if (b->p[b->n - 1] != '{')
		buf_char(b, ',');
	buf_format(b, "\"%s\":", name);
}

static void add_text(struct buf *b, const char *name, str text, size_t max)
{
	add_name(b, name);
	buf_json(b, cut(text, max));
}

static void add_word(struct buf *b, const char *name, const char *word)
{
	add_text(b, name, str_of(word), STATEMENT_TEXT_MAX);
}

static void add_date(struct buf *b, const char *name, int64_t at_ms)
{
	struct buf time;
	buf_init(&time, b->mem, 64);
	buf_time(&time, at_ms);
	add_text(b, name, str_slice(buf_str(&time), 0, 10), 10);
}

static void add_decision(const struct measure *m, struct buf *b)
{
	const char *field = decisions[m->kind].field;
	bool list = field[0] == '[';
	int64_t end_ms = measure_end(m);
	add_name(b, field + (list ? 1 : 0));
	buf_add(b, list ? S("[") : STR_NONE);
	buf_json(b, str_of(decisions[m->kind].value));
	buf_add(b, list ? S("]") : STR_NONE);
	if (decisions[m->kind].other)
		add_word(b, "decision_visibility_other", decisions[m->kind].other);
	if (end_ms < m->starts_at_ms)
		end_ms = m->starts_at_ms;
	if (decisions[m->kind].end && end_ms < LAST_END_MS)
		add_date(b, decisions[m->kind].end, end_ms);
}

static void add_ground(const struct statement_about *about, const struct ground *g, struct buf *b)
{
	str where = str_format(b->mem, "Rules of this circle, %.*s%.*s%srule %.*s%s%.*s",
	                       g->clause.n ? 7 : 0, "clause ", STR_ARG(g->clause),
	                       g->clause.n ? ", " : "", STR_ARG(g->rule),
	                       about->policy ? ", version " : "",
	                       STR_ARG(about->policy ? policy_hash(about->policy) : STR_NONE));
	add_word(b, "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT");
	if (about->policy_url.n > 0 && about->policy_url.n <= STATEMENT_TEXT_MAX)
		add_text(b, "decision_ground_reference_url", about->policy_url, STATEMENT_TEXT_MAX);
	add_text(b, "incompatible_content_ground", where, STATEMENT_TEXT_MAX);
	add_text(b, "incompatible_content_explanation", g->sentence, STATEMENT_EXPLANATION_MAX);
}

static void add_category(const struct ground *g, struct buf *b)
{
	add_text(b, "category", str_format(b->mem, "STATEMENT_CATEGORY_%.*s", STR_ARG(g->category)),
	         STATEMENT_TEXT_MAX);
	if (g->keyword.n == 0)
		return;
	add_name(b, "category_specification");
	buf_char(b, '[');
	buf_json(b, str_format(b->mem, "KEYWORD_%.*s", STR_ARG(g->keyword)));
	buf_char(b, ']');
	if (str_eq(g->keyword, S("OTHER")))
		add_text(b, "category_specification_other", g->sentence, STATEMENT_TEXT_MAX);
}

static void add_content(const struct measure *m, const struct statement_about *about, struct buf *b)
{
	bool piece = !measure_on_person(m->kind);
	add_name(b, "content_type");
	buf_add(b, !piece            ? S("[\"CONTENT_TYPE_OTHER\"]")
	           : about->pictures ? S("[\"CONTENT_TYPE_TEXT\",\"CONTENT_TYPE_IMAGE\"]")
	                             : S("[\"CONTENT_TYPE_TEXT\"]"));
	if (!piece)
		add_word(b, "content_type_other", "The conduct of an account");
	add_date(b, "content_date",
	         about->content_at_ms < m->starts_at_ms ? about->content_at_ms : m->starts_at_ms);
	add_date(b, "application_date", m->starts_at_ms);
}

/* ---- the facts ---- */

static void add_values(const json_t *values, struct buf *b)
{
	void *at = json_object_iter((json_t *)(uintptr_t)values);
	for (bool first = true; at;
	     at = json_object_iter_next((json_t *)(uintptr_t)values, at), first = false) {
		const json_t *v = json_object_iter_value(at);
		buf_add(b, first ? S(" [") : S(", "));
		buf_format(b, "%s: ", json_object_iter_key(at));
		if (json_is_number(v))
			buf_format(b, "%.6g", json_number_value(v));
		else
			buf_add(b, json_is_true(v)    ? S("true")
			           : json_is_false(v) ? S("false")
			                              : S("unknown"));
	}
	if (json_object_size(values) > 0)
		buf_char(b, ']');
}

static void add_line(const json_t *line, struct buf *b)
{
	const char *when = json_string_value(json_object_get(line, "when"));
	if (!when || !json_is_true(json_object_get(line, "counts")))
		return;
	buf_format(b, " It weighs %.3g where %s",
	           json_number_value(json_object_get(line, "weight")), when);
	add_values(json_object_get(line, "values"), b);
	buf_char(b, '.');
}

/* One rule of the trace, with the sentence that the policy has for it. */
static void add_rule(const json_t *rule, const struct policy *policy, struct buf *b)
{
	const char *id = json_string_value(json_object_get(rule, "rule"));
	const char *state = json_string_value(json_object_get(rule, "state"));
	const char *status = json_string_value(json_object_get(rule, "status"));
	const struct policy_rule *known = id ? rule_of(policy, str_of(id)) : NULL;
	const json_t *line;
	size_t i;
	if (!id || !state || strcmp(state, "fired") != 0 || (status && strcmp(status, "live") != 0))
		return;
	buf_format(b, " Rule %s", id);
	if (known)
		buf_format(b, " (clause %.*s): %.*s", STR_ARG(known->clause), STR_ARG(known->en));
	else
		buf_char(b, '.');
	json_array_foreach(json_object_get(rule, "evidence"), i, line) add_line(line, b);
}

static const char *const deciders[] = {
	[DECIDER_POLICY] = "The program decided it by these rules.",
	[DECIDER_STEWARD] = "A steward of the circle decided it.",
	[DECIDER_JURY] = "A jury of the circle's members decided it.",
	[DECIDER_SHELL] = "The keeper of the circle decided it.",
};

/* What ran out was served, but a hold that ran out was one that nobody had looked at. */
static const char *ending(const struct measure *m)
{
	bool piece = !measure_on_person(m->kind),
	     looked_at = m->kind != MEASURE_HOLD || m->decided_at_ms != 0;
	switch (m->state) {
	case MEASURE_KEPT:
		return " A person confirmed it.";
	case MEASURE_RELEASED:
		return " It was taken back.";
	case MEASURE_OVERTURNED:
		return " It was overturned on appeal.";
	case MEASURE_LAPSED:
		return looked_at ? " It ended when its time was over."
		                 : " It lapsed, since nobody decided in time.";
	case MEASURE_WITHDRAWN:
		return piece ? " It ended when the piece was deleted or changed by a member."
		             : " It ended when the account was given up.";
	case MEASURE_MILDER:
		return " An appeal put a milder measure in its place.";
	case MEASURE_UNANSWERED:
		return " It ended, since an appeal of it was not answered in time.";
	case MEASURE_ACTIVE:
	case MEASURE_PROPOSED:
		break;
	}
	return "";
}

static str facts_of(const struct measure *m, const struct statement_about *about,
                    const struct ground *g, struct arena *mem)
{
	json_t *evidence = json_loadb(m->evidence.p ? m->evidence.p : "", m->evidence.n, 0, NULL);
	const json_t *trace = json_object_get(evidence, "trace");
	const json_t *malice = json_object_get(evidence, "malice"), *rule;
	struct buf b;
	size_t i;
	buf_init(&b, mem, (size_t)1 << 20);
	buf_format(&b, "%s %s%s", effects[m->kind], deciders[m->decider], ending(m));
	if (json_array_size(json_object_get(trace, "rules")) > 0) {
		buf_format(&b, " Its malice was %.3g of 1.", json_number_value(malice));
		json_array_foreach(json_object_get(trace, "rules"), i, rule)
			add_rule(rule, about->policy, &b);
	} else {
		buf_format(&b, " Rule %.*s: %.*s", STR_ARG(g->rule), STR_ARG(g->sentence));
	}
	json_decref(evidence);
	return cut(buf_str(&b), STATEMENT_FACTS_MAX);
}

/* ---- how it came about ---- */

static void add_source(const struct measure *m, const struct statement_about *about, struct buf *b)
{
	static const char *const sources[] = {
		[SOURCE_VOLUNTARY] = "SOURCE_VOLUNTARY",
		[SOURCE_ARTICLE_16] = "SOURCE_ARTICLE_16",
		[SOURCE_TYPE_OTHER_NOTIFICATION] = "SOURCE_TYPE_OTHER_NOTIFICATION",
	};
	bool machine = m->decider == DECIDER_POLICY;
	add_word(b, "source_type", sources[machine ? SOURCE_VOLUNTARY : about->source]);
	add_word(b, "automated_detection", machine || about->detected ? "Yes" : "No");
	add_word(b, "automated_decision",
	         !machine                   ? "AUTOMATED_DECISION_NOT_AUTOMATED"
	         : m->state == MEASURE_KEPT ? "AUTOMATED_DECISION_PARTIALLY"
	                                    : "AUTOMATED_DECISION_FULLY");
}

static void add_territory(struct buf *b)
{
	static const char *const codes[] = { "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE",
		                             "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
		                             "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO",
		                             "PL", "PT", "RO", "SE", "SI", "SK" };
	add_name(b, "territorial_scope");
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		buf_format(b, "%s\"%s\"", i ? "," : "[", codes[i]);
	buf_char(b, ']');
}

bool statement_write(const struct measure *m, const struct statement_about *about, struct buf *b)
{
	struct ground g = ground_of(m, about->policy);
	if (m->state == MEASURE_PROPOSED || m->ends_at_ms <= m->starts_at_ms)
		return false;
	buf_char(b, '{');
	add_text(b, "puid", about->puid, STATEMENT_TEXT_MAX);
	add_decision(m, b);
	add_word(b, "account_type", "ACCOUNT_TYPE_PRIVATE");
	add_ground(about, &g, b);
	add_content(m, about, b);
	add_category(&g, b);
	add_territory(b);
	add_text(b, "decision_facts", facts_of(m, about, &g, b->mem), STATEMENT_FACTS_MAX);
	add_source(m, about, b);
	buf_char(b, '}');
	return true;
}
