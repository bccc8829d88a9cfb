/* policy_apply_fuzz.c - whatever policy and whatever input: the fast evaluator is the slow one, bit for bit. */
#include "integrity/policy/policy_testing.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_equal(const struct policy_result *fast, const struct policy_result *slow,
                        size_t rules, size_t evidence)
{
	assert(fast->action == slow->action && fast->filters == slow->filters);
	assert(memcmp(&fast->malice, &slow->malice, sizeof fast->malice) == 0);
	assert(memcmp(&fast->damped, &slow->damped, sizeof fast->damped) == 0);
	assert(memcmp(fast->weights, slow->weights, rules * sizeof *fast->weights) == 0);
	assert(memcmp(fast->states, slow->states, rules) == 0);
	assert(memcmp(fast->evidence, slow->evidence, (evidence + 63) / 64 * 8) == 0);
}

static void check_range(const struct policy_result *r, size_t rules)
{
	assert(r->malice >= 0 && r->malice <= 1 && r->damped >= 0 && r->damped <= 1);
	for (size_t i = 0; i < rules; i++) {
		assert(r->weights[i] >= 0 && r->weights[i] <= 1);
		assert(r->weights[i] == 0 || r->states[i] == STATE_FIRED);
	}
}

static void check_inputs(const struct policy *policy, struct chance *chance, struct arena *mem)
{
	size_t rules, evidence;
	struct tested_input input;
	struct policy_result fast, slow;
	(void)policy_rules(policy, &rules);
	(void)policy_evidence(policy, &evidence);
	for (int i = 0; i < 8; i++) {
		input_from_chance(chance, &input);
		policy_apply(policy, &input.in, mem, &fast);
		policy_apply_slowly(policy, &input.in, mem, &slow);
		check_equal(&fast, &slow, rules, evidence);
		check_range(&fast, rules);
		assert(utf8_valid(policy_trace(policy, &input.in, &fast, mem)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(65536);
	struct chance chance = { bytes, n, 0 };
	struct policy_source file = { S("made.policy"), policy_from_chance(&chance, mem) };
	struct policy *policy;
	struct policy_fault fault;
	err e = policy_compile_drafts(&file, 1, mem, &policy, &fault);
	if (!failed(e)) {
		check_inputs(policy, &chance, mem);
	} else if (str_find(fault.sentence, S("cost")) == SIZE_MAX) {
		fprintf(stderr, "%.*s", STR_ARG(fault.rendered));
		abort();
	}
	policy_free(policy);
	arena_free(mem);
	return 0;
}
