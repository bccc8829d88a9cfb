/* policy_testing.h - policies and inputs made from bytes, for trying one evaluator against the other. */
#ifndef KITH_INTEGRITY_POLICY_POLICY_TESTING_H
#define KITH_INTEGRITY_POLICY_POLICY_TESTING_H

#include "integrity/policy/policy.h"

/* Bytes as decisions; zeros once they are used up. */
struct chance {
	const uint8_t *bytes;
	size_t n, at;
};
unsigned chance_below(struct chance *chance, unsigned n);

/* A well-formed policy. */
str policy_from_chance(struct chance *chance, struct arena *mem);

/* Compiled; a fault ends the program with what it says. */
struct policy *policy_of_text(const char *text, struct arena *mem);

#define TESTED_LISTS 5
#define TESTED_PATTERNS 2
struct tested_input {
	double signals[SIGNALS];
	uint16_t words[TESTED_LISTS], patterns[TESTED_PATTERNS];
	double readings[WINDOWS_MAX];
	struct policy_input in;
};
/* Every kind of value: zeros of both signs, unknown, infinite, huge, negative. */
void input_from_chance(struct chance *chance, struct tested_input *input);

#endif
