/* The whole truth table of the door, in a scope small enough to have one: four people, one post, two comments.
 *
 * Prints, for many settings of everything else, what each predicate answers over every combination of ties and blocks,
 * for a second implementation to compare with, bit by bit: tests/oracle/SCOPE.md says how to read it.
 *
 * A table is not filled by asking 2^18 times. The predicates are pure, so it is enough to follow each path of questions
 * they ask of the source once: what a path did not ask, it does not depend on. `--check` fills a sample of tables the
 * slow way and compares. */
#include "circle/see.h"
#include "circle/see_scope_configs.h"

#include <sodium.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIES 12 /* ordered pairs */
#define NOW_MS INT64_C(1800000000000)
#define DIGEST_BYTES 16

/* Position of the ordered pair (a, b), a != b, among twelve; of the unordered pair among six. */
static const int ordered[PEOPLE][PEOPLE] = {
	{ -1, 0, 1, 2 }, { 3, -1, 4, 5 }, { 6, 7, -1, 8 }, { 9, 10, 11, -1 }
};
static const int unordered[PEOPLE][PEOPLE] = {
	{ -1, 0, 1, 2 }, { 0, -1, 3, 4 }, { 1, 3, -1, 5 }, { 2, 4, 5, -1 }
};

/* One run of a predicate: what it asked, and what it was told. */
struct path {
	const struct config *config;
	bool direct; /* all facts are given in `value` */
	int n, at;
	uint8_t var[DIRECTED_BITS];
	bool told[DIRECTED_BITS];
	uint32_t known, value;
};

/* Predicates are asked through a const source; the path is what they leave behind. */
static bool fact(const void *ctx, int var)
{
	struct path *p = (struct path *)(uintptr_t)ctx;
	uint32_t bit = UINT32_C(1) << var;
	if (p->direct || (p->known & bit))
		return (p->value & bit) != 0;
	if (p->at == p->n) {
		p->var[p->n] = (uint8_t)var;
		p->told[p->n++] = false;
	}
	assert(p->var[p->at] == var);
	p->known |= bit;
	if (p->told[p->at])
		p->value |= bit;
	return p->told[p->at++];
}

static int person_of(person_id p)
{
	assert(p.v >= 1 && p.v <= PEOPLE);
	return (int)p.v - 1;
}

static struct see_person scope_person(const void *ctx, person_id p)
{
	const struct config *c = ((const struct path *)ctx)->config;
	return (struct see_person){ .active = !(c->sealed >> person_of(p) & 1), .range = c->range };
}

static bool scope_tie(const void *ctx, person_id a, person_id b)
{
	return a.v != b.v && fact(ctx, ordered[person_of(a)][person_of(b)]);
}

static bool scope_block(const void *ctx, person_id a, person_id b)
{
	const struct config *c = ((const struct path *)ctx)->config;
	if (a.v == b.v)
		return false;
	return fact(ctx, TIES + (c->bits == DIRECTED_BITS ? ordered
	                                                  : unordered)[person_of(a)][person_of(b)]);
}

static bool scope_hides_mine(const void *ctx, person_id a, person_id b)
{
	const struct config *c = ((const struct path *)ctx)->config;
	if (person_of(a) == 0)
		return c->hides_from >> person_of(b) & 1;
	return person_of(b) == 0 && (c->hides_zero >> person_of(a) & 1);
}

static bool scope_in_list(const void *ctx, person_id owner, list_id list, person_id b,
                          bool *deleted)
{
	const struct config *c = ((const struct path *)ctx)->config;
	bool before = list.v == 2; /* the list of the audience it had before */
	assert(person_of(owner) == 0 && (list.v == 1 || (c->narrowed && before)));
	*deleted = before ? c->before.list_deleted : c->list_deleted;
	return (before ? c->before.list_members : c->list_members) >> person_of(b) & 1;
}

static bool scope_in_group(const void *ctx, group_id g, person_id p)
{
	const struct config *c = ((const struct path *)ctx)->config;
	assert(c->audience == AUDIENCE_GROUP && g.v == 1);
	return c->group_members >> person_of(p) & 1;
}

static const char *const predicate_words[] = {
	"post", "act", "like", "comment", "card", "profile"
};

struct question {
	enum predicate predicate;
	int v, u; /* for comments, u is 0 or 1: which */
};

static person_id id_of(int person) { return (person_id){ person + 1 }; }

static bool ask(struct path *path, struct question q)
{
	static const list_id list = { 1 }, list_before = { 2 };
	const struct config *c = path->config;
	struct see_source s = { path,          scope_person,     scope_tie,
		                scope_block,   scope_hides_mine, scope_in_list,
		                scope_in_group };
	person_id people[PEOPLE], people_before[PEOPLE];
	struct audience before = { .kind = c->before.audience,
		                   .n_lists = c->before.has_list,
		                   .lists = &list_before,
		                   .people = people_before };
	struct post_gate post = { .id = { 100 },
		                  .author = id_of(0),
		                  .created_at_ms = NOW_MS - c->age_ms,
		                  .held_until_ms = c->held ? NOW_MS + 1 : 0,
		                  .deleted = c->deleted,
		                  .audience = { .kind = c->audience,
		                                .n_lists = c->has_list,
		                                .lists = &list,
		                                .people = people,
		                                .group = { 1 },
		                                .also = c->narrowed ? &before : NULL } };
	for (int p = 0; p < PEOPLE; p++) {
		if (c->has_people && (c->people >> p & 1))
			people[post.audience.n_people++] = id_of(p);
		if (c->before.has_people && (c->before.people >> p & 1))
			people_before[before.n_people++] = id_of(p);
	}
	switch (q.predicate) {
	case POST:
		return see_post(&s, id_of(q.v), &post, NOW_MS);
	case ACT:
		return see_act(&s, id_of(q.v), &post, id_of(q.u), NOW_MS);
	case LIKE:
		return see_like(&s, id_of(q.v), &post, id_of(q.u), NOW_MS);
	case CARD:
		return see_card(&s, id_of(q.v), id_of(q.u));
	case PROFILE:
		return see_profile(&s, id_of(q.v), id_of(q.u));
	case COMMENT:
		break;
	}
	const struct comment_setting *set = &c->comments[q.u];
	bool answers = q.u == 1 && set->answers_first;
	struct comment_gate comment = { .id = { 200 + q.u },
		                        .post = post.id,
		                        .post_author = post.author,
		                        .author = id_of(set->author),
		                        .reply_to = { answers ? 200 : 0 },
		                        .reply_to_author = answers ? id_of(c->comments[0].author)
		                                                   : (person_id){ 0 },
		                        .held_until_ms = set->held ? NOW_MS + 1 : 0,
		                        .deleted = set->deleted };
	return see_comment(&s, id_of(q.v), &post, &comment, NOW_MS);
}

/* A path that was answered yes, as the facts it asked and what they were. */
struct cube {
	uint32_t known, value;
};

#define CUBES_MAX 8192

static size_t explore(const struct config *config, struct question q, struct cube cubes[CUBES_MAX])
{
	struct path path = { .config = config };
	size_t n = 0;
	for (;;) {
		path.at = 0;
		path.known = path.value = 0;
		bool yes = ask(&path, q);
		assert(path.at == path.n);
		if (yes) {
			assert(n < CUBES_MAX);
			cubes[n++] = (struct cube){ path.known, path.value };
		}
		while (path.n > 0 && path.told[path.n - 1])
			path.n--;
		if (path.n == 0)
			return n;
		path.told[path.n - 1] = true;
	}
}

/* Bit x of the table is the answer where the facts are the bits of x. */
static void fill(uint64_t *table, int bits, const struct cube *cubes, size_t n)
{
	static const uint64_t low[6] = {
		UINT64_C(0xAAAAAAAAAAAAAAAA), UINT64_C(0xCCCCCCCCCCCCCCCC),
		UINT64_C(0xF0F0F0F0F0F0F0F0), UINT64_C(0xFF00FF00FF00FF00),
		UINT64_C(0xFFFF0000FFFF0000), UINT64_C(0xFFFFFFFF00000000)
	};
	uint32_t words = UINT32_C(1) << (bits - 6);
	memset(table, 0, words * sizeof(*table));
	for (size_t i = 0; i < n; i++) {
		uint64_t in_word = ~UINT64_C(0);
		for (int v = 0; v < 6; v++)
			if (cubes[i].known >> v & 1)
				in_word &= cubes[i].value >> v & 1 ? low[v] : ~low[v];
		uint32_t free = ~(cubes[i].known >> 6) & (words - 1), sub = 0;
		do {
			table[cubes[i].value >> 6 | sub] |= in_word;
			sub = (sub - free) & free;
		} while (sub != 0);
	}
}

/* Equal paths make equal tables, so a table is hashed once. */
#define KNOWN_MAX 65536

struct known {
	unsigned char paths[DIGEST_BYTES], table[DIGEST_BYTES];
};

struct dump {
	FILE *out;
	long id, raw, configs, tables; /* raw: the only config to print, or -1 */
	struct cube *cubes;
	uint64_t *table; /* of DIRECTED_BITS */
	struct known *known;
	size_t n_known;
};

static void digest(unsigned char out[DIGEST_BYTES], const void *bytes, size_t n)
{
	crypto_generichash(out, DIGEST_BYTES, bytes, n, NULL, 0);
}

static const unsigned char *digest_of(struct dump *d, int bits, size_t n)
{
	unsigned char paths[DIGEST_BYTES];
	d->cubes[n] = (struct cube){ (uint32_t)bits, 0 };
	digest(paths, d->cubes, (n + 1) * sizeof(*d->cubes));
	for (size_t i = 0; i < d->n_known; i++)
		if (memcmp(d->known[i].paths, paths, DIGEST_BYTES) == 0)
			return d->known[i].table;
	assert(d->n_known < KNOWN_MAX);
	struct known *k = &d->known[d->n_known++];
	memcpy(k->paths, paths, DIGEST_BYTES);
	fill(d->table, bits, d->cubes, n);
	digest(k->table, d->table, (size_t)1 << (bits - 3));
	return k->table;
}

static void print_hex(FILE *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void print_table(struct dump *d, const struct config *config, struct question q)
{
	size_t n = explore(config, q, d->cubes);
	d->tables++;
	fputc(' ', d->out);
	if (d->raw < 0) {
		print_hex(d->out, digest_of(d, config->bits, n), DIGEST_BYTES);
		return;
	}
	fill(d->table, config->bits, d->cubes, n);
	print_hex(d->out, (const unsigned char *)d->table, (size_t)1 << (config->bits - 3));
}

/* Lines of tables: post once, the others once for each first index; one table a column. */
static void print_predicate(struct dump *d, const struct config *c, enum predicate predicate)
{
	const char *word = predicate_words[predicate];
	int lines = predicate == POST ? 1 : predicate == COMMENT ? 2 : PEOPLE;
	for (int line = 0; line < lines; line++) {
		if (predicate == POST)
			fprintf(d->out, "%s", word);
		else
			fprintf(d->out, "%s %d", word, line);
		for (int column = 0; column < PEOPLE; column++) {
			struct question q = { predicate, line, column };
			if (predicate == POST || predicate == COMMENT)
				q = (struct question){ predicate, column, line };
			print_table(d, c, q);
		}
		fputc('\n', d->out);
	}
}

static void dump_config(void *ctx, const struct config *c, unsigned predicates)
{
	struct dump *d = ctx;
	long id = d->id++;
	if (d->raw >= 0 && d->raw != id)
		return;
	d->configs++;
	scope_print(d->out, id, c);
	for (enum predicate p = POST; p <= PROFILE; p++)
		if (predicates & P(p))
			print_predicate(d, c, p);
}

/* Review asks nothing of ties and blocks: its table is printed row by row. */
static struct see_person review_person(const void *ctx, person_id p)
{
	(void)p;
	return *(const struct see_person *)ctx;
}

static void print_reviews(FILE *out)
{
	static const struct {
		const char *word;
		int64_t until_ms;
	} holds[] = { { "never", 0 },
		      { "lapsed", NOW_MS - 1 },
		      { "now", NOW_MS + 1 },
		      { "kept", INT64_MAX } };
	for (int i = 0; i < 3 * 2 * 4 * 2 * 2; i++) {
		bool own_post = i & 1, own_piece = i >> 1 & 1, active = i >> 2 & 1;
		int hold = i >> 3 & 3;
		struct see_person who = { .active = active, .role = (enum person_role)(i / 32) };
		struct see_source s = { .ctx = &who, .person = review_person };
		bool yes = see_review(&s, id_of(0), id_of(own_piece ? 0 : 1),
		                      id_of(own_post ? 0 : 2), holds[hold].until_ms, NOW_MS);
		fprintf(out,
		        "review {\"role\":\"%s\",\"active\":%s,\"held\":\"%s\",\"own_piece\":%s,\"own_post\":%s} %d\n",
		        role_word(who.role), scope_word(active), holds[hold].word,
		        scope_word(own_piece), scope_word(own_post), yes);
	}
}

/* The slow way, for a sample: ask for every single combination. */
struct check {
	long n, sampled, wrong;
	struct cube *cubes;
	uint64_t *table;
};

static void check_table(struct check *k, const struct config *c, struct question q)
{
	struct path path = { .config = c, .direct = true };
	fill(k->table, c->bits, k->cubes, explore(c, q, k->cubes));
	for (uint32_t x = 0; x < UINT32_C(1) << c->bits; x++) {
		path.value = x;
		k->wrong += ask(&path, q) != (k->table[x >> 6] >> (x & 63) & 1);
	}
	k->sampled++;
}

static void check_config(void *ctx, const struct config *c, unsigned predicates)
{
	struct check *k = ctx;
	long n = k->n++;
	if (n % 1499 != 7 && (c->bits != DIRECTED_BITS || n % 3 != 0))
		return;
	for (enum predicate p = POST; p <= PROFILE; p++) {
		if (!(predicates & P(p)))
			continue;
		/* One of the sixteen (or eight) of each kind, another one each time. */
		check_table(k, c,
		            (struct question){ p, (int)(n % PEOPLE),
		                               (int)(n / PEOPLE % (p == COMMENT ? 2 : PEOPLE)) });
	}
}

static int check_all(struct cube *cubes, uint64_t *table)
{
	struct check k = { .cubes = cubes, .table = table };
	scope_each(check_config, &k);
	printf("1..1\n%s 1 - %ld tables followed path by path are those asked one by one\n",
	       k.wrong == 0 && k.sampled > 0 ? "ok" : "not ok", k.sampled);
	return k.wrong == 0 && k.sampled > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct dump d = { .out = stdout, .raw = -1 };
	int status = 0;
	if (sodium_init() < 0)
		return 1;
	d.cubes = calloc(CUBES_MAX + 1, sizeof(*d.cubes));
	d.table = calloc((size_t)1 << (DIRECTED_BITS - 6), sizeof(*d.table));
	d.known = calloc(KNOWN_MAX, sizeof(*d.known));
	assert(d.cubes && d.table && d.known);
	if (argc == 2 && strcmp(argv[1], "--check") == 0) {
		status = check_all(d.cubes, d.table);
	} else if (argc == 3 && strcmp(argv[1], "--raw") == 0) {
		d.raw = strtol(argv[2], NULL, 10);
		scope_each(dump_config, &d);
	} else if (argc == 1) {
		scope_each(dump_config, &d);
		print_reviews(stdout);
		printf("total configs=%ld tables=%ld\n", d.configs, d.tables);
	} else {
		fprintf(stderr, "see_scope [--check | --raw CONFIG_ID]\n");
		status = 2;
	}
	free(d.cubes);
	free(d.table);
	free(d.known);
	return status;
}
