/* policy_code.h - an image as the fast evaluator wants it: flat instructions and, for each line, what it cannot be true without.
 *
 * Most texts hold no word of any list. An atom is a few inputs (signals, lists, patterns, windows) and is there when one of them
 * is not 0. The mask of a line holds atoms without any of which the line is false for sure - not unknown, false; so a line is
 * looked at only when its rarest atom is there, and reckoned only when all are. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_CODE_H
#define KITH_INTEGRITY_POLICY_POLICY_CODE_H

#include "integrity/policy/policy_ast.h"

#define MASK_WORDS 4
#define ATOMS_MAX                                                                                  \
	(64 * MASK_WORDS) /* further ones are not made: their lines are reckoned more often */

struct mask {
	uint64_t w[MASK_WORDS];
};

enum ins_op {
	INS_PUSH,
	INS_SIGNAL,
	INS_TRUTH, /* a signal that is a condition: 0, 1 or unknown */
	INS_WORDS,
	INS_WORDS_MORE, /* adds a list to the count on top */
	INS_PATTERN,
	INS_WINDOW,
	INS_OTHERS,
	INS_KNOWN,
	INS_NOT,
	/* jumps over the rest of a conjunction that is false already, of a disjunction that is true */
	INS_SKIP_FALSE,
	INS_SKIP_TRUE,
	INS_AND,
	INS_OR,
	INS_ELSE,
	INS_IN_STEP, /* below the choice on top: found so far, and what is looked for */
	INS_IN_END,
	/* two from the stack, in the order of node_op */
	INS_EQ,
	INS_NE,
	INS_LT,
	INS_LE,
	INS_GT,
	INS_GE,
	INS_ADD,
	INS_SUB,
	INS_MUL,
	INS_DIV,
	/* one from the stack, and k */
	INS_EQ_K,
	INS_NE_K,
	INS_LT_K,
	INS_LE_K,
	INS_GT_K,
	INS_GE_K
};

struct ins {
	uint8_t op;
	uint16_t index;
	uint32_t to; /* where a skip goes on, within its piece of code */
	double k;
};

/* One condition. */
struct piece {
	struct mask needs;
	uint32_t from, to; /* instructions */
};

struct line {
	struct piece piece;
	double weight;
	uint32_t number; /* of the evidence line */
	uint16_t rule;
	bool unknown_counts;
};

struct rule_weighs {
	bool live, others;
	uint8_t harm, asks;
	uint16_t group;
};

struct counted {
	struct piece piece;
	uint16_t window;
};

struct damping {
	struct piece piece;
	double factor;
};

/* What is there when this input is not 0. */
struct input_atoms {
	struct mask atoms;
	uint16_t index;
};

struct code {
	struct ins *ins;
	size_t n_ins;
	size_t stack_max;

	size_t n_atoms;
	struct mask *list_atoms;                          /* one a list */
	struct input_atoms *signals, *patterns, *windows; /* those that are in atoms */
	size_t n_signals, n_patterns, n_windows;
	struct mask others_atoms;

	/* By trigger: those without, then atom by atom, then those of the second pass. */
	struct line *lines;
	uint32_t *trigger_from; /* n_atoms + 1: lines of an atom */
	struct mask triggers;   /* atoms with lines */
	size_t n_always, n_first, n_lines;

	struct rule_weighs *rules;
	double *caps; /* of group_number, from 1 */
	size_t n_groups;
	struct damping *damps;
	struct counted *counted; /* windows with a condition */
	size_t n_damps, n_counted;
	uint64_t counted_always; /* windows without */
	double ladder[ACTION_HOLD + 1];
};

/* A step of the ladder is reached up to a rounding error. */
#define LADDER_SLACK 1e-9

void policy_encode(struct policy *policy, struct arena *scratch);
/* What `node` cannot be true without, as inputs; adds atoms as it meets them. */
struct encoder;
struct mask needs_of(struct encoder *e, uint32_t node);

/* ---- values ---- */

/* Conditions are 0, 1 or NAN for unknown; numbers are NAN when unknown. */
static inline bool value_known(double v) { return v == v; }

#endif
