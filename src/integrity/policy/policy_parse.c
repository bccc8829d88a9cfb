/* policy_parse.c - text to tree, by recursive descent; one function a statement, one table of statements.
 *
 * After a fault the lexer gives nothing but the end, so every function runs out by itself. */
#include "integrity/policy/policy_parse.h"

#include <string.h>

void *array_room(struct arena *mem, void *array, size_t n, size_t size)
{
	if (n == 0)
		return arena_array(mem, 4, size);
	bool full = n >= 4 && (n & (n - 1)) == 0;
	return full ? arena_grow(mem, array, n * size, 2 * n * size) : array;
}

str policy_text(const struct policy *policy, uint32_t at, uint32_t end)
{
	size_t file = 0, base = 0;
	while (file + 1 < policy->n_files && at - base > policy->files[file].text.n)
		base += policy->files[file++].text.n + 1;
	return str_slice(policy->files[file].text, at - base, end - base);
}

/* Whether a space stands between two words of an expression. */
static bool spaced(const struct token *before, const struct token *now)
{
	static const str calls[] = { { "words", 5 }, { "pattern", 7 }, { "known", 5 },
		                     { "in", 2 },    { "count", 5 },   { "distinct", 8 },
		                     { "rate", 4 },  { "last", 4 } };
	if (before->kind == TOKEN_END || str_eq(before->text, S("(")) ||
	    str_eq(now->text, S(")")) || str_eq(now->text, S(",")))
		return false;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (str_eq(now->text, S("(")) && str_eq(before->text, calls[i]))
			return false;
	}
	return true;
}

str policy_one_line(const struct policy *policy, uint32_t at, uint32_t end, struct arena *mem)
{
	struct policy_source source = { .text = policy_text(policy, at, end) };
	struct policy_fault unused;
	struct faults quiet = { .files = &source, .n = 1, .mem = mem, .out = &unused };
	struct lexer lex = { .faults = &quiet, .mem = mem };
	struct token before = { .kind = TOKEN_END };
	struct buf line;
	buf_init(&line, mem, 2 * source.text.n + 1);
	for (struct token t = lexer_next(&lex); t.kind != TOKEN_END; t = lexer_next(&lex)) {
		buf_add(&line, spaced(&before, &t) ? S(" ") : STR_NONE);
		buf_add(&line, t.text);
		before = t;
	}
	return buf_str(&line);
}

/* No condition may be called so: words of expressions, and what begins a statement or a field of a rule. */
bool is_reserved(str name)
{
	static const char *const words[] = {
		"and",
		"or",
		"not",
		"true",
		"false",
		"else",
		"known",
		"in",
		"words",
		"count",
		"pattern",
		"last",
		"rate",
		"distinct",
		"by",
		"within",
		"where",
		"when",
		"others",
		"end",
		"policy",
		"include",
		"let",
		"group",
		"damp",
		"rule",
		"ladder",
		"clause",
		"owner",
		"status",
		"harm",
		"dsa",
		"marks",
		"asks",
		"unknown",
		"en",
		"zh",
		"pass",
		"fires",
		"silent",
		"about",
		"source",
		"matches",
		"passes",
		"regex",
		"evidence",
		"false_positives",
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (str_eq(name, str_of(words[i])))
			return true;
	}
	return false;
}

/* ---- tokens ---- */

void parser_advance(struct parser *p)
{
	if (p->tok.kind != TOKEN_END && !p->in_include) {
		/* Kind and length keep "ab" "c" apart from "a" "bc". */
		buf_format(p->canon, "%d,%zu:", (int)p->tok.kind, p->tok.text.n);
		buf_add(p->canon, p->tok.text);
	}
	p->last_end = p->tok.end;
	p->tok = lexer_next(&p->lex);
}

bool parser_sees(const struct parser *p, const char *word)
{
	return (p->tok.kind == TOKEN_NAME || p->tok.kind == TOKEN_SIGN) &&
	       str_eq(p->tok.text, str_of(word));
}

bool parser_takes(struct parser *p, const char *word)
{
	bool sees = parser_sees(p, word);
	if (sees)
		parser_advance(p);
	return sees;
}

void parser_unexpected(struct parser *p, const char *wanted)
{
	if (p->tok.kind == TOKEN_END)
		fault_at(p->faults, p->tok.at, "the text ends where %s should stand", wanted);
	else if (p->tok.kind == TOKEN_STRING)
		fault_at(p->faults, p->tok.at, "here should stand %s, not a string", wanted);
	else
		fault_at(p->faults, p->tok.at, "here should stand %s, not %.*s", wanted,
		         STR_ARG(str_slice(p->tok.text, 0, 40)));
	p->tok.kind = TOKEN_END;
}

bool parser_wants(struct parser *p, const char *word)
{
	if (parser_takes(p, word))
		return true;
	parser_unexpected(p, word);
	return false;
}

str parser_string(struct parser *p, const char *what)
{
	str text = p->tok.text;
	if (p->tok.kind != TOKEN_STRING) {
		parser_unexpected(p, what);
		return STR_NONE;
	}
	if (str_trim(text).n == 0)
		fault_at(p->faults, p->tok.at, "%s is empty", what);
	parser_advance(p);
	return text;
}

struct name_ref parser_name(struct parser *p, const char *what)
{
	struct name_ref ref = { .name = p->tok.text, .at = p->tok.at };
	if (p->tok.kind != TOKEN_NAME) {
		parser_unexpected(p, what);
		return (struct name_ref){ .name = STR_NONE };
	}
	parser_advance(p);
	return ref;
}

double parser_number(struct parser *p, const char *what, double min, double max)
{
	double value = p->tok.number;
	bool share = p->tok.type == SIGNAL_SHARE;
	if (p->tok.kind != TOKEN_NUMBER || !(p->tok.bare || share)) {
		parser_unexpected(p, "a number");
		return min;
	}
	if (!(value >= min && value <= max))
		fault_at(p->faults, p->tok.at, "%s, not %.*s", what, STR_ARG(p->tok.text));
	parser_advance(p);
	return value >= min && value <= max ? value : min;
}

/* One or more strings. */
void parser_strings(struct parser *p, const char *what, const str **list, size_t *n)
{
	struct arena *mem = p->policy->mem;
	str *all = (str *)(uintptr_t)*list;
	do {
		str text = parser_string(p, what);
		all = array_room(mem, all, *n, sizeof *all);
		all[(*n)++] = text;
	} while (p->tok.kind == TOKEN_STRING);
	*list = all;
}

/* ---- statements ---- */

static void room_for(struct parser *p, size_t n, size_t max, const char *what)
{
	if (n >= max)
		fault_at(p->faults, p->tok.at, "a policy has at most %zu %s", max, what);
}

static void parse_policy(struct parser *p)
{
	struct policy *policy = p->policy;
	uint32_t at = p->tok.at;
	parser_advance(p);
	if (policy->name.n)
		fault_at(p->faults, at, "the policy has a name already: %.*s",
		         STR_ARG(policy->name));
	policy->name = parser_string(p, "the policy's name, in quotes");
	parser_wants(p, "version");
	uint32_t version_at = p->tok.at;
	double version = parser_number(p, "a version is from 1 to 1000000", 1, 1000000);
	policy->version = (unsigned)version;
	if (version != (double)policy->version)
		fault_at(p->faults, version_at, "a version is a whole number");
}

/* What an include names must be among the files before this one: the reader brought it there. */
static void parse_include(struct parser *p)
{
	p->in_include = true;
	parser_advance(p);
	uint32_t at = p->tok.at;
	str name = p->tok.text;
	const struct policy_source *files = p->policy->files;
	if (p->tok.kind != TOKEN_STRING) {
		parser_unexpected(p, "a file name, in quotes");
		return;
	}
	str self = files[p->lex.file].file;
	size_t folder = self.n;
	while (folder > 0 && self.p[folder - 1] != '/')
		folder--;
	bool found = false;
	for (size_t i = 0; i < p->lex.file && !found; i++)
		found = files[i].file.n == folder + name.n &&
		        str_starts(files[i].file, str_slice(self, 0, folder)) &&
		        str_ends(files[i].file, name);
	if (!found)
		fault_at(p->faults, at, "the file %.*s was not given before this one",
		         STR_ARG(str_slice(name, 0, 80)));
	parser_advance(p);
	p->in_include = false;
}

static void parse_phrases(struct parser *p, struct policy_words *list, struct list_more *more)
{
	struct arena *mem = p->policy->mem;
	str *phrases = (str *)(uintptr_t)list->phrases;
	uint32_t *at = (uint32_t *)(uintptr_t)more->phrases_at;
	while (p->tok.kind == TOKEN_STRING) {
		if (list->n == PHRASES_MAX)
			fault_at(p->faults, p->tok.at, "a list has at most %d phrases",
			         PHRASES_MAX);
		phrases = array_room(mem, phrases, list->n, sizeof *phrases);
		at = array_room(mem, at, list->n, sizeof *at);
		at[list->n] = p->tok.at;
		phrases[list->n++] = parser_string(p, "a phrase");
	}
	list->phrases = phrases;
	more->phrases_at = at;
}

static void about_once(struct parser *p, const char *field, str *text)
{
	if (text->n)
		fault_at(p->faults, p->tok.at, "%s is said twice", field);
	parser_advance(p);
	*text = parser_string(p, "a string");
}

static void parse_words(struct parser *p)
{
	struct policy *policy = p->policy;
	struct policy_words list = { 0 };
	struct list_more more = { 0 };
	parser_advance(p);
	room_for(p, policy->n_lists, POLICY_LISTS_MAX, "lists");
	more.at = p->tok.at;
	list.name = parser_name(p, "the name of a list").name;
	list.conduct = parser_takes(p, "conduct");
	while (p->tok.kind != TOKEN_END && !parser_sees(p, "end")) {
		if (parser_sees(p, "about")) {
			about_once(p, "about", &list.about);
		} else if (parser_sees(p, "source")) {
			about_once(p, "source", &list.source);
		} else if (parser_takes(p, "matches")) {
			parser_strings(p, "a text it must find", &list.matches, &list.n_matches);
		} else if (parser_takes(p, "passes")) {
			parser_strings(p, "a text it must not find", &list.passes, &list.n_passes);
		} else if (p->tok.kind == TOKEN_STRING && !list.n_matches && !list.n_passes) {
			parse_phrases(p, &list, &more);
		} else {
			parser_unexpected(p, "a phrase, about, source, matches, passes or end");
		}
	}
	parser_wants(p, "end");
	policy->lists = array_room(policy->mem, policy->lists, policy->n_lists, sizeof list);
	policy->list_more = array_room(policy->mem, policy->list_more, policy->n_lists,
	                               sizeof more);
	policy->list_more[policy->n_lists] = more;
	policy->lists[policy->n_lists++] = list;
}

static void parse_regex(struct parser *p, struct policy_pattern *pattern)
{
	if (pattern->regex.n)
		fault_at(p->faults, p->tok.at, "a pattern has one regex");
	parser_advance(p);
	uint32_t at = p->tok.at;
	size_t wrong = 0;
	pattern->regex = parser_string(p, "a regular expression, in quotes");
	const char *why = pattern->regex.n ? regex_fault(pattern->regex, &wrong) : NULL;
	if (why)
		fault_at(p->faults, at, "%s, near its character %zu", why, wrong + 1);
}

static void parse_pattern(struct parser *p)
{
	struct policy *policy = p->policy;
	struct policy_pattern pattern = { 0 };
	struct list_more more = { 0 };
	parser_advance(p);
	room_for(p, policy->n_patterns, POLICY_PATTERNS_MAX, "patterns");
	more.at = p->tok.at;
	pattern.name = parser_name(p, "the name of a pattern").name;
	while (p->tok.kind != TOKEN_END && !parser_sees(p, "end")) {
		if (parser_sees(p, "about"))
			about_once(p, "about", &pattern.about);
		else if (parser_sees(p, "source"))
			about_once(p, "source", &pattern.source);
		else if (parser_sees(p, "regex"))
			parse_regex(p, &pattern);
		else if (parser_takes(p, "matches"))
			parser_strings(p, "a text it must find", &pattern.matches,
			               &pattern.n_matches);
		else if (parser_takes(p, "passes"))
			parser_strings(p, "a text it must not find", &pattern.passes,
			               &pattern.n_passes);
		else
			parser_unexpected(p, "regex, about, source, matches, passes or end");
	}
	parser_wants(p, "end");
	policy->patterns = array_room(policy->mem, policy->patterns, policy->n_patterns,
	                              sizeof pattern);
	policy->pattern_more = array_room(policy->mem, policy->pattern_more, policy->n_patterns,
	                                  sizeof more);
	policy->pattern_more[policy->n_patterns] = more;
	policy->patterns[policy->n_patterns++] = pattern;
}

static void parse_let(struct parser *p)
{
	struct policy *policy = p->policy;
	struct let let = { 0 };
	parser_advance(p);
	room_for(p, policy->n_lets, LETS_MAX, "named conditions");
	let.at = p->tok.at;
	let.name = parser_name(p, "a name for the condition").name;
	parser_wants(p, "=");
	let.node = parse_expression(p);
	let.end = p->last_end;
	policy->lets = array_room(policy->mem, policy->lets, policy->n_lets, sizeof let);
	policy->lets[policy->n_lets++] = let;
}

static void parse_group(struct parser *p)
{
	struct policy *policy = p->policy;
	struct group group = { 0 };
	parser_advance(p);
	room_for(p, policy->n_groups, GROUPS_MAX, "groups");
	group.at = p->tok.at;
	group.name = parser_name(p, "the name of a group").name;
	parser_wants(p, "cap");
	group.cap = parser_number(p, "a cap is above 0 and at most 1", 1e-6, 1);
	policy->groups = array_room(policy->mem, policy->groups, policy->n_groups, sizeof group);
	policy->groups[policy->n_groups++] = group;
}

static void parse_damp(struct parser *p)
{
	struct policy *policy = p->policy;
	struct damp damp = { .at = p->tok.at };
	parser_advance(p);
	room_for(p, policy->n_damps, DAMPS_MAX, "damps");
	damp.factor = parser_number(p, "a damp is a factor from 0 to 1", 0, 1);
	parser_wants(p, "when");
	damp.node = parse_expression(p);
	damp.end = p->last_end;
	policy->damps = array_room(policy->mem, policy->damps, policy->n_damps, sizeof damp);
	policy->damps[policy->n_damps++] = damp;
}

static void parse_step(struct parser *p)
{
	uint32_t at = p->tok.at;
	struct name_ref step = parser_name(p, "label, fold, hold or end");
	enum action action = ACTION_LABEL;
	double *ladder = p->policy->ladder;
	while (action <= ACTION_HOLD && !str_eq(step.name, str_of(action_name(action))))
		action++;
	if (action > ACTION_HOLD) {
		fault_at(p->faults, at, "a ladder has the steps label, fold and hold, not %.*s",
		         STR_ARG(step.name));
		return;
	}
	parser_wants(p, "from");
	uint32_t number_at = p->tok.at;
	double from = parser_number(p, "a step is above 0 and at most 1", 1e-6, 1);
	if (ladder[action] > 0)
		fault_at(p->faults, at, "%s is said twice", action_name(action));
	for (int k = ACTION_LABEL; k <= ACTION_HOLD; k++) {
		bool wrong = ladder[k] > 0 &&
		             (k < (int)action ? from <= ladder[k] : from >= ladder[k]);
		if (wrong)
			fault_at(p->faults, number_at,
			         "the ladder rises: %s must start %s %s, which starts at %g",
			         action_name(action), k < (int)action ? "above" : "below",
			         action_name((enum action)k), ladder[k]);
	}
	ladder[action] = from;
}

static void parse_ladder(struct parser *p)
{
	if (p->policy->has_ladder)
		fault_at(p->faults, p->tok.at, "a policy has one ladder");
	p->policy->has_ladder = true;
	uint32_t at = p->tok.at;
	parser_advance(p);
	while (p->tok.kind != TOKEN_END && !parser_sees(p, "end"))
		parse_step(p);
	parser_wants(p, "end");
	if (p->policy->ladder[ACTION_LABEL] + p->policy->ladder[ACTION_FOLD] +
	            p->policy->ladder[ACTION_HOLD] <=
	    0)
		fault_at(p->faults, at, "a ladder needs a step");
}

static const struct {
	str word;
	void (*parse)(struct parser *p);
} statements[] = {
	{ { "policy", 6 }, parse_policy }, { { "include", 7 }, parse_include },
	{ { "words", 5 }, parse_words },   { { "pattern", 7 }, parse_pattern },
	{ { "let", 3 }, parse_let },       { { "group", 5 }, parse_group },
	{ { "damp", 4 }, parse_damp },     { { "ladder", 6 }, parse_ladder },
	{ { "rule", 4 }, parse_rule },
};
#define STATEMENTS (sizeof statements / sizeof statements[0])

static void parse_statement(struct parser *p)
{
	str names[STATEMENTS];
	for (size_t i = 0; i < STATEMENTS; i++) {
		names[i] = statements[i].word;
		if (p->tok.kind == TOKEN_NAME && str_eq(p->tok.text, names[i])) {
			statements[i].parse(p);
			return;
		}
	}
	if (p->tok.kind == TOKEN_NAME)
		fault_unknown(p->faults, p->tok.at, "statement", p->tok.text, names, STATEMENTS);
	else
		parser_unexpected(p, "a statement (words, pattern, let, rule, ...)");
	p->tok.kind = TOKEN_END;
}

void policy_parse(struct policy *policy, struct faults *faults, struct buf *canon)
{
	struct parser p = { .policy = policy,
		            .faults = faults,
		            .canon = canon,
		            .lex = { .faults = faults, .mem = policy->mem } };
	policy->nodes = arena_array(policy->mem, 4, sizeof *policy->nodes);
	policy->n_nodes = 1;
	p.tok = lexer_next(&p.lex);
	while (p.tok.kind != TOKEN_END && !faults->failed)
		parse_statement(&p);
}
