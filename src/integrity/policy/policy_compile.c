/* policy_compile.c - from text to image. The image lives in an arena of its own; what only the way there needs is thrown away. */
#include "integrity/policy/policy_ast.h"
#include "integrity/policy/policy_code.h"

#include "base/buf.h"

#include <stdlib.h>

#define IMAGE_BYTES ((size_t)64 * 1024)
#define SCRATCH_BYTES ((size_t)256 * 1024)
/* A token is at least a byte and takes its kind, length and two signs beside. */
#define CANON_MAX_BYTES (POLICY_SOURCE_MAX_BYTES * 8)

static err refused(const struct faults *faults)
{
	return faults->failed ? err_input("policy", "the policy does not compile") : OK;
}

/* The byte where a text that is not UTF-8 stops being it. */
static size_t first_malformed(str bytes)
{
	const str replacement = S("\xef\xbf\xbd");
	size_t from = 0, at = 0;
	while (at < bytes.n) {
		from = at;
		if (utf8_next(bytes, &at) == 0xfffd &&
		    !str_eq(str_slice(bytes, from, at), replacement))
			break;
	}
	return from;
}

static void check_texts(struct faults *faults)
{
	size_t total = 0, base = 0;
	for (size_t i = 0; i < faults->n; i++)
		total += faults->files[i].text.n;
	if (faults->n == 0 || faults->n > FILES_MAX)
		fault_at(faults, 0, "a policy is made of 1 to %d files", FILES_MAX);
	if (total > POLICY_SOURCE_MAX_BYTES)
		fault_at(faults, 0, "the text is %zu bytes long, and at most %zu is allowed", total,
		         POLICY_SOURCE_MAX_BYTES);
	for (size_t i = 0; i < faults->n && !faults->failed; i++) {
		str text = faults->files[i].text;
		if (!utf8_valid(text))
			fault_at(faults, (uint32_t)(base + first_malformed(text)),
			         "this is not UTF-8");
		base += text.n + 1;
	}
}

static struct policy *image_new(const struct policy_source *files, size_t n, bool drafts)
{
	struct arena *mem = arena_new(IMAGE_BYTES);
	struct policy *policy = ARENA_NEW(mem, struct policy);
	struct policy_source *copies = ARENA_ARRAY(mem, n, struct policy_source);
	for (size_t i = 0; i < n; i++) {
		copies[i].file = str_dup(mem, files[i].file);
		copies[i].text = str_dup(mem, files[i].text);
	}
	policy->mem = mem;
	policy->files = copies;
	policy->n_files = n;
	policy->drafts = drafts;
	return policy;
}

static void set_specs(struct policy *policy)
{
	policy->specs = ARENA_ARRAY(policy->mem, policy->n_windows, struct window_spec);
	for (size_t i = 0; i < policy->n_windows; i++)
		policy->specs[i] = policy->windows[i].spec;
}

static err compile(const struct policy_source *files, size_t n, bool drafts, struct arena *mem,
                   struct policy **out, struct policy_fault *fault)
{
	struct faults faults = { .files = files, .n = n, .mem = mem, .out = fault };
	struct arena *scratch = NULL;
	struct policy *policy = NULL;
	struct buf canon;
	err e;
	*out = NULL;
	check_texts(&faults);
	TRY(refused(&faults));
	scratch = arena_new(SCRATCH_BYTES);
	policy = image_new(files, n, drafts);
	faults.files = policy->files;
	buf_init(&canon, scratch, CANON_MAX_BYTES);
	policy_parse(policy, &faults, &canon);
	TRY(refused(&faults));
	policy_check(policy, &faults, scratch);
	TRY(refused(&faults));
	set_specs(policy);
	policy_name_hash(policy, &canon);
	policy_encode(policy, scratch);
	*out = policy;
	policy = NULL;
out:
	policy_free(policy);
	arena_free(scratch);
	return e;
}

err policy_compile(const struct policy_source *files, size_t n, struct arena *mem,
                   struct policy **out, struct policy_fault *fault)
{
	return compile(files, n, false, mem, out, fault);
}

err policy_compile_drafts(const struct policy_source *files, size_t n, struct arena *mem,
                          struct policy **out, struct policy_fault *fault)
{
	return compile(files, n, true, mem, out, fault);
}

void policy_free(struct policy *policy)
{
	if (policy)
		arena_free(policy->mem);
}

str policy_name(const struct policy *policy) { return policy->name; }
unsigned policy_version(const struct policy *policy) { return policy->version; }
str policy_hash(const struct policy *policy) { return str_of(policy->hash); }
unsigned policy_cost(const struct policy *policy) { return policy->cost; }

const struct policy_words *policy_lists(const struct policy *policy, size_t *n)
{
	*n = policy->n_lists;
	return policy->lists;
}

const struct policy_pattern *policy_patterns(const struct policy *policy, size_t *n)
{
	*n = policy->n_patterns;
	return policy->patterns;
}

const struct window_spec *policy_windows(const struct policy *policy, size_t *n)
{
	*n = policy->n_windows;
	return policy->specs;
}

const struct policy_rule *policy_rules(const struct policy *policy, size_t *n)
{
	*n = policy->n_rules;
	return policy->rules;
}

const struct policy_evidence *policy_evidence(const struct policy *policy, size_t *n)
{
	*n = policy->n_evidence;
	return policy->evidence;
}

const struct policy_fault *policy_warnings(const struct policy *policy, size_t *n)
{
	*n = policy->n_warnings;
	return policy->warnings;
}
