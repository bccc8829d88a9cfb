/* policy_ast.h - a policy as a tree. The parser makes it, the checker settles names, types, costs and windows in it, and both
 * evaluators, the trace and the comparison read it.
 *
 * Nodes are numbered from 1; children hang on `child` and are chained by `next`. Nothing changes after the check. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_AST_H
#define KITH_INTEGRITY_POLICY_POLICY_AST_H

#include "integrity/policy/policy_fault.h"

#define DEPTH_MAX 64      /* of an expression, named conditions written out */
#define NODES_MAX 65535   /* in all expressions together */
#define PHRASES_MAX 4096  /* of one list */
#define PHRASE_MAX 40     /* symbols of one phrase */
#define EVIDENCE_MAX 4096 /* lines of all rules together */
#define GROUPS_MAX 32
#define DAMPS_MAX 32
#define LETS_MAX 512
#define FILES_MAX 64

enum node_op {
	NODE_NONE,
	NODE_NUMBER,
	NODE_TRUTH, /* value 0 or 1 */
	/* what is read; index says which */
	NODE_SIGNAL,
	NODE_LET,
	NODE_WORDS,
	NODE_PATTERN,
	NODE_WINDOW,
	NODE_OTHERS,
	/* children */
	NODE_KNOWN,
	NODE_IN, /* the first child is one of the others */
	NODE_ELSE,
	NODE_NOT,
	NODE_AND, /* two and more */
	NODE_OR,
	NODE_EQ,
	NODE_NE,
	NODE_LT,
	NODE_LE,
	NODE_GT,
	NODE_GE,
	NODE_ADD,
	NODE_SUB,
	NODE_MUL,
	NODE_DIV
};

struct name_ref {
	str name;
	uint32_t at;
	uint16_t index;
};

/* What is known for sure where an expression stands: signals and windows, one bit each. */
struct known_facts {
	uint64_t signals, windows;
};

struct node {
	enum node_op op;
	enum signal_type type;
	bool bare;        /* a number without a unit, which may be a share */
	bool others;      /* needs the second pass */
	bool windows;     /* reads the past */
	uint16_t index;   /* of the signal, let, pattern or window */
	uint16_t depth;   /* 1: no children; after the check with named conditions written out */
	uint32_t at, end; /* place in the text */
	uint32_t child, next;
	uint32_t cost;
	double value;
	str name;               /* NODE_SIGNAL before the check: also a let */
	struct name_ref *lists; /* NODE_WORDS */
	size_t n_lists;
};

struct let {
	str name;
	uint32_t at, end, node;
	bool used;
};

struct group {
	str name;
	uint32_t at;
	double cap;
	bool used;
};

struct damp {
	double factor;
	uint32_t at, end, node;
};

struct window {
	struct window_spec spec;
	uint32_t where; /* node, 0: every piece */
};

enum unknown_says { UNKNOWN_UNSAID, UNKNOWN_SILENT, UNKNOWN_FIRES };

/* Beside a policy_rule, what only this folder needs. */
struct rule_more {
	uint32_t at;
	struct name_ref group;
	struct name_ref *marks_lists, *marks_patterns; /* before the check */
	uint32_t unknown_at, asks_at;
	enum unknown_says unknown;
	uint16_t group_number; /* 0: none */
	bool others;
	uint32_t fields; /* bits of what was said */
};

struct list_more {
	uint32_t at;
	bool used;
	const uint32_t *phrases_at;
};

struct policy {
	struct arena *mem;
	const struct policy_source *files; /* copies */
	size_t n_files;
	str name;
	unsigned version;
	bool drafts; /* evaluated too, as if in shadow */
	char hash[POLICY_HASH_CHARS + 1];

	struct node *nodes; /* nodes[0] is none */
	struct policy_words *lists;
	struct list_more *list_more;
	struct policy_pattern *patterns;
	struct list_more *pattern_more;
	struct let *lets;
	struct group *groups; /* of group_number n: groups[n - 1] */
	struct damp *damps;
	double ladder[ACTION_HOLD + 1]; /* from which malice on; 0: no such step */
	bool has_ladder;
	struct policy_rule *rules;
	struct rule_more *more; /* one a rule */
	struct policy_evidence *evidence;
	uint32_t *evidence_node; /* one an evidence line */
	struct window *
		written; /* windows as the parser met them; NODE_WINDOW points here before the check */
	struct window *windows;    /* the different ones */
	struct window_spec *specs; /* of the windows, as others want them */
	struct policy_fault *warnings;
	size_t n_nodes, n_lists, n_patterns, n_lets, n_groups, n_damps, n_rules, n_evidence,
		n_written, n_windows, n_warnings;
	unsigned cost;

	struct code *code; /* policy_code.h */
};

/* `array` of `n` elements with room for one more; the caller counts it. */
void *array_room(struct arena *mem, void *array, size_t n, size_t size);

/* The text from place `at` to `end`, as written; both in one file. */
str policy_text(const struct policy *policy, uint32_t at, uint32_t end);

/* The same on one line, evenly spaced, without comments; of expressions, which hold no strings. */
str policy_one_line(const struct policy *policy, uint32_t at, uint32_t end, struct arena *mem);

/* Fills `policy`, whose `mem`, `files` and `n_files` are set; faults say whether it could be read. `canon` gets the text without
 * comments and spacing. */
struct buf;
void policy_parse(struct policy *policy, struct faults *faults, struct buf *canon);

bool is_reserved(str name);

/* Settles everything the parser could not know. */
void policy_check(struct policy *policy, struct faults *faults, struct arena *scratch);
/* One expression: names, types, costs, windows. Gives false after a fault. */
struct checker {
	struct policy *policy;
	struct faults *faults;
	bool in_where, may_others;
};
bool check_expression(struct checker *c, uint32_t node, const char *wants_bool_for);
/* Whether it can be unknown though `facts` are known. */
bool may_be_unknown(const struct policy *policy, uint32_t node, struct known_facts facts);

void policy_name_hash(struct policy *policy, const struct buf *canon);
/* Live and shadow rules, and drafts where they are tried. */
static inline bool policy_evaluates(const struct policy *policy, size_t rule)
{
	enum rule_status status = policy->rules[rule].status;
	return status == RULE_LIVE || status == RULE_SHADOW ||
	       (status == RULE_DRAFT && policy->drafts);
}

/* What an expression comes to: a number, 0 or 1, or NAN. */
double policy_value(const struct policy *policy, const struct policy_input *in, uint32_t node,
                    double others);
/* What `others` is when the rules weigh `raw` before damping. */
double policy_others(const struct policy *policy, const double *raw);

/* NULL, or why this regular expression is refused and at which byte of it. */
const char *regex_fault(str regex, size_t *at);

/* Values of the DSA Transparency Database, without their prefixes. */
const str *dsa_categories(size_t *n);
const str *dsa_keywords(size_t *n);

#endif
