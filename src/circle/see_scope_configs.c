/* Families of settings: each predicate with everything it depends on, crossed. */
#include "circle/see_scope_configs.h"

#include <inttypes.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static void print_set(FILE *out, const char *key, unsigned set)
{
	fprintf(out, ",\"%s\":[", key);
	const char *comma = "";
	for (int p = 0; p < PEOPLE; p++) {
		if (!(set >> p & 1))
			continue;
		fprintf(out, "%s%d", comma, p);
		comma = ",";
	}
	fputc(']', out);
}

const char *scope_word(bool b) { return b ? "true" : "false"; }

static void print_before(FILE *out, const struct clause_setting *s)
{
	fprintf(out, ",\"before\":{\"audience\":\"%s\"", audience_word(s->audience));
	if (s->has_list) {
		print_set(out, "list", s->list_members);
		fprintf(out, ",\"list_deleted\":%s", scope_word(s->list_deleted));
	}
	if (s->has_people)
		print_set(out, "people", s->people);
	fputc('}', out);
}

void scope_print(FILE *out, long id, const struct config *c)
{
	fprintf(out, "config {\"id\":%ld,\"family\":\"%s\",\"bits\":%d,\"audience\":\"%s\"", id,
	        c->family, c->bits, audience_word(c->audience));
	if (c->has_list) {
		print_set(out, "list", c->list_members);
		fprintf(out, ",\"list_deleted\":%s", scope_word(c->list_deleted));
	}
	if (c->has_people)
		print_set(out, "people", c->people);
	if (c->audience == AUDIENCE_GROUP)
		print_set(out, "group", c->group_members);
	if (c->narrowed)
		print_before(out, &c->before);
	fprintf(out, ",\"deleted\":%s,\"held\":%s", scope_word(c->deleted), scope_word(c->held));
	print_set(out, "sealed", c->sealed);
	print_set(out, "hides_from", c->hides_from);
	print_set(out, "hides_zero", c->hides_zero);
	fprintf(out, ",\"range\":\"%s\",\"age_ms\":%" PRId64 ",\"comments\":[",
	        range_word(c->range), c->age_ms);
	for (int i = 0; i < 2; i++) {
		const struct comment_setting *s = &c->comments[i];
		fprintf(out, "%s{\"author\":%d,\"answers_first\":%s,\"deleted\":%s,\"held\":%s}",
		        i ? "," : "", s->author, scope_word(s->answers_first),
		        scope_word(s->deleted), scope_word(s->held));
	}
	fputs("]}\n", out);
}

/* The audiences: friends, self, and both kinds with a list, a deleted list or people, of every subset of 1, 2, 3; and
 * four with a list and people together. */
#define AUDIENCES (2 + 2 * 3 * 8 + 4)

static void set_audience(struct config *c, int i)
{
	c->has_list = c->list_deleted = c->has_people = false;
	c->list_members = c->people = 0;
	if (i < 2) {
		c->audience = i == 0 ? AUDIENCE_FRIENDS : AUDIENCE_SELF;
	} else if (i < 2 + 48) {
		unsigned set = (unsigned)(i - 2) % 8 << 1;
		int how = (i - 2) / 8 % 3;
		c->audience = (i - 2) / 24 ? AUDIENCE_EXCEPT : AUDIENCE_ONLY;
		c->has_list = how < 2;
		c->list_deleted = how == 1;
		c->has_people = how == 2;
		*(c->has_people ? &c->people : &c->list_members) = set;
	} else {
		c->audience = (i - 50) / 2 ? AUDIENCE_EXCEPT : AUDIENCE_ONLY;
		c->has_list = c->has_people = true;
		c->list_deleted = (i - 50) % 2;
		c->list_members = 1u << 1;
		c->people = 1u << 2;
	}
}

static const struct {
	enum person_range range;
	int64_t age_ms;
} ages[] = {
	{ RANGE_ALL, 1000 * DAY_MS },          { RANGE_3_DAYS, 3 * DAY_MS - 1 },
	{ RANGE_3_DAYS, 3 * DAY_MS + 1 },      { RANGE_MONTH, 30 * DAY_MS - 1 },
	{ RANGE_MONTH, 30 * DAY_MS + 1 },      { RANGE_HALF_YEAR, 183 * DAY_MS - 1 },
	{ RANGE_HALF_YEAR, 183 * DAY_MS + 1 },
};
#define AGES 7
#define AGES_CROSSED 3 /* all, inside and outside; the others with few other settings */

static void set_age(struct config *c, int i)
{
	c->range = ages[i].range;
	c->age_ms = ages[i].age_ms;
}

static const struct config plain = { .bits = PAIR_BITS,
	                             .comments = { { .author = 1 }, { .author = 2 } } };

/* The post alone: everything it depends on, fully crossed. */
static void each_post(visit_fn visit, void *ctx)
{
	for (int i = 0; i < AUDIENCES * 4 * 16 * 8 * AGES_CROSSED; i++) {
		struct config c = plain;
		int rest = i;
		c.family = "post";
		set_age(&c, rest % AGES_CROSSED);
		rest /= AGES_CROSSED;
		c.hides_from = (unsigned)(rest % 8) << 1;
		rest /= 8;
		c.sealed = (unsigned)(rest % 16);
		rest /= 16;
		c.deleted = rest % 4 & 1;
		c.held = rest % 4 >> 1;
		set_audience(&c, rest / 4);
		visit(ctx, &c, P(POST));
	}
	for (int i = AGES_CROSSED; i < AGES; i++) {
		struct config c = plain;
		c.family = "post";
		set_age(&c, i);
		visit(ctx, &c, P(POST));
	}
	struct config hidden = plain;
	hidden.family = "post";
	hidden.hides_zero = 0xE; /* others' hide lists are their own affair */
	visit(ctx, &hidden, P(POST));
}

/* What people did on it: representatives of each way a post is or is not seen. */
static void each_act(visit_fn visit, void *ctx)
{
	static const int audiences[] = { 0, 1, 2 + 3, 2 + 16 + 2, 2 + 24 + 16 + 4, 2 + 24 + 8 + 1 };
	for (int i = 0; i < 6 * 3 * 16 * 2 * 2; i++) {
		struct config c = plain;
		int rest = i;
		c.family = "act";
		set_age(&c, rest % 2 * 2);
		rest /= 2;
		c.hides_from = (unsigned)(rest % 2) << 1;
		rest /= 2;
		c.sealed = (unsigned)(rest % 16);
		rest /= 16;
		c.deleted = rest % 3 == 1;
		c.held = rest % 3 == 2;
		set_audience(&c, audiences[rest / 3]);
		visit(ctx, &c, P(ACT) | P(LIKE));
	}
}

static void each_comment(visit_fn visit, void *ctx)
{
	static const int authors[][2] = { { 1, 2 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
	for (int i = 0; i < 2 * 3 * 16 * 4 * 4 * 4 * 2; i++) {
		struct config c = plain;
		int rest = i;
		c.family = "comment";
		c.comments[1].answers_first = rest % 2;
		rest /= 2;
		for (int k = 0; k < 2; k++) {
			c.comments[k].deleted = rest % 4 & 1;
			c.comments[k].held = rest % 4 >> 1;
			rest /= 4;
		}
		c.comments[0].author = authors[rest % 4][0];
		c.comments[1].author = authors[rest % 4][1];
		rest /= 4;
		c.sealed = (unsigned)(rest % 16);
		rest /= 16;
		c.deleted = rest % 3 == 1;
		c.held = rest % 3 == 2;
		set_audience(&c, rest / 3 ? 2 + 3 : 0);
		visit(ctx, &c, P(COMMENT));
	}
}

static void each_card(visit_fn visit, void *ctx)
{
	for (unsigned sealed = 0; sealed < 16; sealed++) {
		struct config c = plain;
		c.family = "people";
		c.sealed = sealed;
		visit(ctx, &c, P(CARD) | P(PROFILE));
	}
}

/* Blocks one way only: all of 2^24, for every predicate. */
static void each_directed(visit_fn visit, void *ctx)
{
	for (int i = 0; i < 8; i++) {
		struct config c = plain;
		c.family = "directed";
		c.bits = DIRECTED_BITS;
		c.comments[1].answers_first = i & 1;
		c.sealed = i & 2 ? 1u << 2 : 0;
		if (i & 4) {
			c.comments[0].author = 0;
			c.comments[1].author = 1;
		}
		visit(ctx, &c, ALL_PREDICATES);
	}
}

static const struct config for_group = { .bits = PAIR_BITS,
	                                 .audience = AUDIENCE_GROUP,
	                                 .comments = { { .author = 1 }, { .author = 2 } } };

/* A post for a group, as each_post. Hide lists and ages are crossed to show that they do not matter. */
static void each_group_post(visit_fn visit, void *ctx)
{
	for (int i = 0; i < 16 * 4 * 16 * 8 * AGES_CROSSED; i++) {
		struct config c = for_group;
		int rest = i;
		c.family = "group-post";
		set_age(&c, rest % AGES_CROSSED);
		rest /= AGES_CROSSED;
		c.hides_from = (unsigned)(rest % 8) << 1;
		rest /= 8;
		c.sealed = (unsigned)(rest % 16);
		rest /= 16;
		c.deleted = rest % 4 & 1;
		c.held = rest % 4 >> 1;
		c.group_members = (unsigned)(rest / 4);
		visit(ctx, &c, P(POST));
	}
}

static void each_group_act(visit_fn visit, void *ctx)
{
	for (int i = 0; i < 16 * 3 * 16 * 2; i++) {
		struct config c = for_group;
		int rest = i;
		c.family = "group-act";
		c.hides_from = (unsigned)(rest % 2) << 1;
		rest /= 2;
		c.sealed = (unsigned)(rest % 16);
		rest /= 16;
		c.deleted = rest % 3 == 1;
		c.held = rest % 3 == 2;
		c.group_members = (unsigned)(rest / 3);
		visit(ctx, &c, P(ACT) | P(LIKE));
	}
}

static void each_group_comment(visit_fn visit, void *ctx)
{
	static const int authors[][2] = { { 1, 2 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
	static const unsigned sealed[] = { 0, 1u << 0, 1u << 1, 1u << 2 };
	for (int i = 0; i < 16 * 3 * 4 * 4 * 3 * 2 * 2; i++) {
		struct config c = for_group;
		int rest = i;
		c.family = "group-comment";
		c.comments[1].answers_first = rest % 2;
		rest /= 2;
		c.comments[0].held = rest % 2;
		rest /= 2;
		c.comments[1].deleted = rest % 3 == 1;
		c.comments[1].held = rest % 3 == 2;
		rest /= 3;
		c.comments[0].author = authors[rest % 4][0];
		c.comments[1].author = authors[rest % 4][1];
		rest /= 4;
		c.sealed = sealed[rest % 4];
		rest /= 4;
		c.deleted = rest % 3 == 1;
		c.held = rest % 3 == 2;
		c.group_members = (unsigned)(rest / 3);
		visit(ctx, &c, P(COMMENT));
	}
}

/* Blocks one way only, the author in the group and out of it. */
static void each_group_directed(visit_fn visit, void *ctx)
{
	static const unsigned members[] = { 0x7, 0xE };
	for (int i = 0; i < 2; i++) {
		struct config c = for_group;
		c.family = "group-directed";
		c.bits = DIRECTED_BITS;
		c.comments[1].answers_first = true;
		c.group_members = members[i];
		visit(ctx, &c, P(POST) | P(ACT) | P(LIKE) | P(COMMENT));
	}
}

/* Narrowed: every audience after every audience, also where the program would not let one follow the other. */
static void each_narrowed(visit_fn visit, void *ctx)
{
	for (int i = 0; i < AUDIENCES * AUDIENCES; i++) {
		struct config before = plain, c = plain;
		c.family = "narrowed";
		set_audience(&before, i % AUDIENCES);
		set_audience(&c, i / AUDIENCES);
		c.narrowed = true;
		c.before = (struct clause_setting){ before.audience,     before.has_list,
			                            before.list_deleted, before.has_people,
			                            before.list_members, before.people };
		visit(ctx, &c, P(POST));
	}
}

void scope_each(visit_fn visit, void *ctx)
{
	each_post(visit, ctx);
	each_act(visit, ctx);
	each_comment(visit, ctx);
	each_card(visit, ctx);
	each_directed(visit, ctx);
	each_group_post(visit, ctx);
	each_group_act(visit, ctx);
	each_group_comment(visit, ctx);
	each_group_directed(visit, ctx);
	each_narrowed(visit, ctx);
}
