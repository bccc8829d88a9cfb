/* policy.h - rules as data: a text is compiled to an immutable image, and the image is applied to the signals of one piece.
 *
 * The language is described in docs/policy.md. It is total (no loops, no recursion), typed with units, and every rule carries its
 * papers. An image is named by the hash of its canonical text and of the version of the evaluator, and may be used by any number of
 * threads. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_H
#define KITH_INTEGRITY_POLICY_POLICY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "integrity/policy/window.h"
#include "integrity/signals.h"
#include "model/verdict.h"

#define POLICY_SOURCE_MAX_BYTES ((size_t)1 << 20)
#define POLICY_RULES_MAX 256
#define POLICY_LISTS_MAX 128
#define POLICY_PATTERNS_MAX 256
#define POLICY_COST_MAX 20000 /* worst case of one evaluation; a policy above it does not compile */
#define POLICY_HASH_CHARS 32

/* What is wrong and where; `line` and `column` from 1, column in code points. */
struct policy_fault {
	str file;
	unsigned line, column;
	str sentence; /* what is wrong, in one sentence */
	str rendered; /* file:line:column: sentence, the line, and a caret under the fault */
};

struct policy_source {
	str file; /* as faults name it */
	str text;
};

enum rule_status { RULE_DRAFT, RULE_SHADOW, RULE_LIVE, RULE_RETIRED };
/* fraud: forbidden goods, fakes, fraud (holds wait five working days); marketing; annoyance: never more than a label. */
enum rule_harm { HARM_FRAUD, HARM_MARKETING, HARM_ANNOYANCE };
/* The class of what a rule of this harm finds. */
static inline enum harm_class rule_harm_class(enum rule_harm harm)
{
	static const enum harm_class classes[] = { [HARM_FRAUD] = HARM_CLASS_A,
		                                   [HARM_MARKETING] = HARM_CLASS_B,
		                                   [HARM_ANNOYANCE] = HARM_CLASS_C };
	return classes[harm];
}

struct policy_words {
	str name;
	str about, source; /* may be empty */
	bool conduct; /* its phrases name conduct, not goods: a disguise on them counts in hidden.words */
	const str *phrases; /* in the notation of text/patterns.h */
	size_t n;
	const str *matches, *passes; /* whole texts that it must hit and must not */
	size_t n_matches, n_passes;
};

struct policy_pattern {
	str name, regex;             /* over the folded text; linear-time forms only */
	str about, source;           /* may be empty */
	const str *matches, *passes; /* whole texts that it must hit and must not */
	size_t n_matches, n_passes;
};

/* One line of evidence; its condition as written, on one line. */
struct policy_evidence {
	double weight;
	str when;
	uint16_t rule; /* its number */
};

struct policy_rule {
	str id, clause, owner, known_false_positives;
	enum rule_status status;
	enum rule_harm harm;
	str dsa_category, dsa_keyword; /* without their prefixes */
	str en, zh;                    /* to the person who wrote the text */
	str pass_en, pass_zh;          /* what would make it pass */
	const str *fires, *silent;
	size_t n_fires, n_silent;
	/* What a reason marks in the text. */
	const uint8_t *marks_lists;
	size_t n_marks_lists;
	const uint8_t *marks_patterns;
	size_t n_marks_patterns;
	uint32_t marks; /* bits: enum policy_mark */
	enum action
		asks; /* ACTION_ALLOW: leaves it to the ladder; ACTION_LABEL or ACTION_FOLD: at least this when it fires */
	str group;    /* whose cap it shares; may be empty */
	size_t first_evidence, n_evidence; /* its lines among policy_evidence() */
};

enum policy_mark { /* marks contact, effort, model, price, fee, income, likes, tier, link */
	           MARK_CONTACT = 1,
	           MARK_EFFORT = 2,
	           MARK_MODEL = 4,
	           MARK_PRICE = 8,
	           MARK_FEE = 16,
	           MARK_INCOME = 32,
	           MARK_LIKES = 64,
	           MARK_TIER = 128,
	           MARK_LINK = 256
};

struct policy;

/* On ERR_INPUT `*fault` says where, in `mem`. The image owns all it needs. Files are compiled as one text in order. */
MUST_CHECK err policy_compile(const struct policy_source *files, size_t n, struct arena *mem,
                              struct policy **out, struct policy_fault *fault);
/* The same image, and drafts are evaluated as if they were in shadow: for trying them. */
MUST_CHECK err policy_compile_drafts(const struct policy_source *files, size_t n, struct arena *mem,
                                     struct policy **out, struct policy_fault *fault);
void policy_free(struct policy *policy);

str policy_name(const struct policy *policy);
unsigned policy_version(const struct policy *policy);
str policy_hash(const struct policy *policy); /* POLICY_HASH_CHARS hex digits */
unsigned policy_cost(const struct policy *policy);
const struct policy_words *policy_lists(const struct policy *policy, size_t *n);
const struct policy_pattern *policy_patterns(const struct policy *policy, size_t *n);
const struct window_spec *policy_windows(const struct policy *policy, size_t *n);
const struct policy_rule *policy_rules(const struct policy *policy, size_t *n);
const struct policy_evidence *policy_evidence(const struct policy *policy, size_t *n);
/* What is allowed and looks like an oversight: names that nothing uses. */
const struct policy_fault *policy_warnings(const struct policy *policy, size_t *n);

/* Everything known of one piece. */
struct policy_input {
	const double *signals;    /* SIGNALS of them */
	const uint16_t *words;    /* one a list: different phrases found */
	const uint16_t *patterns; /* one a pattern: places found */
	const double *readings;   /* one a window, NAN: unknown; NULL: all unknown */
};

enum rule_state { STATE_SILENT, STATE_FIRED, STATE_UNKNOWN };

struct policy_result {
	enum action action;
	double malice; /* 0..1 */
	double damped; /* factor that told all weights down; 1: none, or nothing fired */
	double *weights; /* one a rule; what it weighs, after damping; also of shadow rules, which count for nothing */
	uint8_t *states; /* one a rule: enum rule_state */
	uint64_t *
		evidence; /* bit i: line i of policy_evidence() was true, or unknown in a rule that says `unknown fires` */
	uint64_t filters; /* bit i: this piece is one that window i counts */
};

/* Of one rule the heaviest true evidence line counts; rules of a group combine as 1 - (1-a)(1-b), capped; groups combine the
 * same way. `*out` and what it points to live in `mem`. */
void policy_apply(const struct policy *policy, const struct policy_input *in, struct arena *mem,
                  struct policy_result *out);
/* What `result` would come to if the rules of `down` (one a rule) could do no more than label. Others may still hold what these
 * fire on: nobody is let through for tripping a rule that errs. */
enum action policy_step(const struct policy *policy, double malice);
enum action policy_apply_down(const struct policy *policy, const struct policy_result *result,
                              const bool *down);
/* The same by walking the tree: slow, plain, and bit for bit equal. For tests and fuzzing. */
void policy_apply_slowly(const struct policy *policy, const struct policy_input *in,
                         struct arena *mem, struct policy_result *out);
/* For stewards: each rule that fired or could not be decided, its true evidence lines as written, with the values read. JSON. */
str policy_trace(const struct policy *policy, const struct policy_input *in,
                 const struct policy_result *result, struct arena *mem);

#endif
