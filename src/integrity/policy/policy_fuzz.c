/* policy_fuzz.c - any bytes compile or are refused with a place inside the text; what compiles weighs the same both ways. */
#include "integrity/policy/policy.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_fault(const struct policy_fault *fault, str text)
{
	unsigned line = 1;
	size_t at = 0;
	assert(fault->line >= 1 && fault->column >= 1 && fault->sentence.n &&
	       utf8_valid(fault->rendered));
	while (line < fault->line) {
		assert(at < text.n);
		line += text.p[at++] == '\n';
	}
	for (unsigned column = 1; column < fault->column; column++) {
		assert(at < text.n);
		(void)utf8_next(text, &at);
	}
}

static void check_image(const struct policy *policy, struct arena *mem)
{
	double signals[SIGNALS] = { 0 };
	uint16_t counts[POLICY_PATTERNS_MAX] = { 0 };
	struct policy_input in = { .signals = signals, .words = counts, .patterns = counts };
	struct policy_result fast, slow;
	for (uint16_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < POLICY_PATTERNS_MAX; i++)
			counts[i] = k;
		for (size_t i = 0; i < SIGNALS; i++)
			signals[i] = k;
		policy_apply(policy, &in, mem, &fast);
		policy_apply_slowly(policy, &in, mem, &slow);
		assert(fast.action == slow.action && fast.filters == slow.filters);
		assert(memcmp(&fast.malice, &slow.malice, sizeof fast.malice) == 0);
	}
	assert(policy_hash(policy).n == POLICY_HASH_CHARS);
	assert(policy_cost(policy) <= POLICY_COST_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new(65536);
	struct policy_source file = { S("fuzz.policy"), { (const char *)bytes, n } };
	struct policy *policy;
	struct policy_fault fault = { .line = 0 };
	err e = policy_compile(&file, 1, mem, &policy, &fault);
	if (failed(e))
		check_fault(&fault, file.text);
	else
		check_image(policy, mem);
	policy_free(policy);
	arena_free(mem);
	return 0;
}
