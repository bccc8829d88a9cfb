/* All measures of a stretch of time, with what their statements need of other tables. Read page by page, each page from a snapshot of its
 * own, so that a long export keeps nobody waiting. */
#include "circle/statement.h"

#include "circle/enact.h"
#include "circle/verb.h"
#include "store/cases.h"
#include "store/measures.h"
#include "store/order_settings.h"
#include "store/policies.h"
#include "store/screenings.h"

#include "base/encode.h"

#include <sodium.h>

#define PAGE 500
#define LINE_MAX_BYTES ((size_t)64 * 1024)
#define KEY_SETTING S("statement-key")
#define KEY_BYTES 32
#define PUID_BYTES 16
#define VERSIONS_KEPT 8

struct compiled {
	str hash;
	struct policy *policy; /* NULL: it is not known, or does not compile any more */
};

struct exporting {
	struct circle *c;
	struct conn *conn;
	struct arena *mem, *scratch;
	unsigned char key[KEY_BYTES];
	str url;
	int64_t from_ms, to_ms;
	struct compiled versions[VERSIONS_KEPT];
	size_t n_versions;
	err (*write)(void *ctx, str line);
	void *ctx;
	int64_t n;
};

/* ---- the circle's key ---- */

static err make_key(struct conn *tx, void *ctx)
{
	struct exporting *x = ctx;
	str hex;
	err e;
	TRY(order_settings_get(tx, KEY_SETTING, x->mem, &hex));
	if (hex.n == 0) {
		chance_fill(x->c->chance, x->key, sizeof x->key);
		hex = hex_of(x->mem, x->key, sizeof x->key);
		TRY(order_settings_put(tx, KEY_SETTING, hex));
	}
	if (!hex_to(hex, x->key, sizeof x->key))
		TRY(err_system("the key of statements is no key"));
out:
	return e;
}

/* A measure's id carries its time and could be tried out: under a key that stays here it cannot. */
static str puid_of(const struct exporting *x, measure_id id)
{
	unsigned char bytes[8], hash[PUID_BYTES];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)((uint64_t)id.v >> (8 * i));
	crypto_generichash(hash, sizeof hash, bytes, sizeof bytes, x->key, sizeof x->key);
	return str_format(x->scratch, "kith-%.*s", STR_ARG(hex_of(x->scratch, hash, sizeof hash)));
}

/* ---- what belongs to one ---- */

static const struct policy *policy_of(struct exporting *x, str hash)
{
	struct enacted_policy *found = ARENA_NEW(x->scratch, struct enacted_policy);
	struct policy_fault fault = { .line = 0 };
	struct policy *policy = NULL;
	for (size_t i = 0; i < x->n_versions; i++)
		if (str_eq(x->versions[i].hash, hash))
			return x->versions[i].policy;
	err e = enact_find(x->c, hash, x->scratch, found);
	if (!failed(e))
		e = policy_compile(found->files, found->n_files, x->scratch, &policy, &fault);
	if (failed(e))
		policy = NULL; /* then it is told without the rule's own sentence */
	if (x->n_versions == VERSIONS_KEPT)
		policy_free(x->versions[--x->n_versions].policy);
	x->versions[x->n_versions++] = (struct compiled){ str_dup(x->mem, hash), policy };
	return policy;
}

static err read_content(struct exporting *x, const struct measure *m, struct statement_about *about)
{
	struct status_ref ref = { m->post_author, m->post, m->comment };
	struct screened screened;
	about->content_at_ms = m->starts_at_ms;
	if (m->post.v == 0)
		return OK;
	about->content_at_ms = snowflake_ms(m->comment.v ? m->comment.v : m->post.v);
	err e = screenings_find(x->conn, &ref, x->scratch, &screened);
	if (!failed(e))
		about->pictures = screened.observation.n_pictures > 0;
	return e.code == ERR_MISSING ? OK : e;
}

static err read_source(struct exporting *x, const struct measure *m, struct statement_about *about)
{
	int counts[CASE_ITEM_KINDS] = { 0 };
	err e;
	if (m->in.v == 0 || m->decider == DECIDER_POLICY)
		return OK;
	TRY(cases_count_items(x->conn, m->in, counts));
	about->source = counts[ITEM_COMPLAINT] > 0 ? SOURCE_ARTICLE_16
	                : counts[ITEM_REPORT] > 0  ? SOURCE_TYPE_OTHER_NOTIFICATION
	                                           : SOURCE_VOLUNTARY;
	about->detected = counts[ITEM_MEASURE] > 0;
out:
	return e;
}

static err write_one(struct exporting *x, const struct measure *m)
{
	struct statement_about about = { .puid = puid_of(x, m->id),
		                         .policy = policy_of(x, m->policy) };
	struct buf b;
	err e;
	TRY(read_content(x, m, &about));
	TRY(read_source(x, m, &about));
	if (about.policy)
		about.policy_url = str_format(x->scratch, "%.*s/policies?version=%.*s",
		                              STR_ARG(x->url), STR_ARG(m->policy));
	buf_init(&b, x->scratch, LINE_MAX_BYTES);
	if (!statement_write(m, &about, &b))
		return OK;
	buf_char(&b, '\n');
	if (b.full)
		TRY(err_system("a statement is longer than its fields"));
	TRY(x->write(x->ctx, buf_str(&b)));
	x->n++;
out:
	return e;
}

static err write_page(struct exporting *x, measure_id *after, bool *more)
{
	struct measure *page;
	size_t n;
	err e;
	TRY(store_read(x->c->store, &x->conn));
	TRY(measures_after(x->conn, *after, PAGE, x->scratch, &page, &n));
	for (size_t i = 0; i < n; i++) {
		*after = page[i].id;
		if (page[i].starts_at_ms >= x->from_ms && page[i].starts_at_ms < x->to_ms)
			TRY(write_one(x, &page[i]));
	}
	*more = n == PAGE;
out:
	store_read_end(x->c->store, &x->conn);
	return e;
}

err statement_export(struct circle *c, int64_t from_ms, int64_t to_ms, str url,
                     err (*write)(void *ctx, str line), void *ctx, int64_t *n)
{
	struct exporting x = { .c = c,
		               .mem = arena_new(4096),
		               .scratch = arena_new((size_t)1 << 20),
		               .url = url,
		               .from_ms = from_ms,
		               .to_ms = to_ms,
		               .write = write,
		               .ctx = ctx };
	measure_id after = { 0 };
	bool more = true;
	err e;
	TRY(verb_write(c, make_key, NULL, &x));
	while (more) {
		TRY(write_page(&x, &after, &more));
		arena_reset(x.scratch);
	}
out:
	*n = x.n;
	for (size_t i = 0; i < x.n_versions; i++)
		policy_free(x.versions[i].policy);
	sodium_memzero(x.key, sizeof x.key);
	arena_free(x.scratch);
	arena_free(x.mem);
	return e;
}
