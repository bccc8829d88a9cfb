/* policy_hash.c - the name of an image: what it says, how it is reckoned, and what the signals it reads are called. */
#include "integrity/policy/policy_ast.h"

#include "base/buf.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdio.h>

/* Goes up whenever the same text would weigh differently. */
#define EVALUATOR_VERSION 1

#define TABLE_MAX_BYTES 65536

void policy_name_hash(struct policy *policy, const struct buf *canon)
{
	struct buf table;
	buf_init(&table, canon->mem, TABLE_MAX_BYTES);
	buf_format(&table, "evaluator %d\n", EVALUATOR_VERSION);
	for (size_t i = 0; i < SIGNALS; i++)
		buf_format(&table, "%s %d %d\n", signal_rows[i].name, (int)signal_rows[i].type,
		           signal_rows[i].may_be_unknown);
	XXH128_hash_t tables = XXH3_128bits(table.p, table.n);
	XXH128_hash_t hash = XXH3_128bits_withSeed(canon->p, canon->n,
	                                           tables.low64 ^ tables.high64);
	snprintf(policy->hash, sizeof policy->hash, "%016llx%016llx",
	         (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}
