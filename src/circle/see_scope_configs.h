/* see_scope_configs.h - the settings the door's truth table is made for, apart from ties and blocks.
 *
 * tests/oracle/SCOPE.md says what they mean; the order is part of the output. */
#ifndef KITH_CIRCLE_SEE_SCOPE_CONFIGS_H
#define KITH_CIRCLE_SEE_SCOPE_CONFIGS_H

#include <stdbool.h>
#include <stdio.h>

#include "model/audience.h"
#include "model/person.h"

#define PEOPLE 4
#define PAIR_BITS 18     /* 12 ties, 6 blocks of pairs */
#define DIRECTED_BITS 24 /* 12 ties, 12 blocks */

struct comment_setting {
	int author;
	bool deleted, held, answers_first;
};

/* What a narrowed post was for before. */
struct clause_setting {
	enum audience_kind audience;
	bool has_list, list_deleted, has_people;
	unsigned list_members, people;
};

/* Everything but ties and blocks. Sets of people are bits. */
struct config {
	const char *family;
	int bits; /* PAIR_BITS or DIRECTED_BITS */
	enum audience_kind audience;
	bool has_list, list_deleted, has_people;
	unsigned list_members, people;
	unsigned group_members; /* of the group it is for, with AUDIENCE_GROUP */
	bool narrowed;
	struct clause_setting before; /* where it was narrowed */
	bool deleted, held;
	unsigned sealed;
	unsigned hides_from; /* 0 hides from these */
	unsigned hides_zero; /* these hide from 0 */
	enum person_range range;
	int64_t age_ms;
	struct comment_setting comments[2];
};

enum predicate { POST, ACT, LIKE, COMMENT, CARD, PROFILE };

#define P(predicate) (1u << (predicate))
#define ALL_PREDICATES (P(POST) | P(ACT) | P(LIKE) | P(COMMENT) | P(CARD) | P(PROFILE))

/* `predicates`: P() bits of what is asked. */
typedef void (*visit_fn)(void *ctx, const struct config *config, unsigned predicates);

/* Every setting, in order. */
void scope_each(visit_fn visit, void *ctx);
/* One line: "config {...}". */
void scope_print(FILE *out, long id, const struct config *config);
const char *scope_word(bool b); /* "true", "false" */

#endif
