/* A key makes sending twice one piece. Beside it stands a hash of what was sent, so that something else under the same key is
 * told to its author and not lost behind the answer to the first. */
#include "circle/publish_private.h"

#include "circle/publish.h"
#include "circle/secret.h"

#include "store/measures.h"
#include "store/posts.h"

#include <string.h>

#include <sodium.h>

#define RETRY_KEY_MAX_BYTES 200
#define SAY_KEY "The Idempotency-Key has at most 200 bytes."
#define SAY_KEY_USED "The Idempotency-Key was used for something else. Send this with a new one."

err publish_check_key(str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] == '\0')
			return err_input("Idempotency-Key", SAY_KEY);
	return key.n <= RETRY_KEY_MAX_BYTES && utf8_valid(key)
	               ? OK
	               : err_input("Idempotency-Key", SAY_KEY);
}

/* Each part behind its length, so that no two drafts run together into the same bytes. */
static void hash_bytes(crypto_generichash_state *state, str part)
{
	uint64_t n = part.n;
	crypto_generichash_update(state, (const unsigned char *)&n, sizeof n);
	if (n > 0)
		crypto_generichash_update(state, (const unsigned char *)part.p, n);
}

static void hash_ids(crypto_generichash_state *state, const void *ids, size_t n)
{
	hash_bytes(state, (str){ ids, n * sizeof(int64_t) });
}

static void hash_begin(crypto_generichash_state *state, str kind, str text, str language)
{
	crypto_generichash_init(state, NULL, 0, sizeof(secret_hash));
	hash_bytes(state, kind);
	hash_bytes(state, text);
	hash_bytes(state, language);
}

static str hash_end(crypto_generichash_state *state, struct arena *mem)
{
	secret_hash hash;
	crypto_generichash_final(state, hash.b, sizeof hash.b);
	return str_dup(mem, (str){ (const char *)hash.b, sizeof hash.b });
}

void publish_sent_post(const struct post_draft *draft, const struct audience *to, struct arena *mem,
                       struct publish_words *words)
{
	const struct card *card = &draft->card;
	const int64_t kind[] = { draft->direct, to->kind, to->group.v };
	crypto_generichash_state state;
	hash_begin(&state, S("post"), draft->text, draft->language);
	hash_bytes(&state, draft->place);
	hash_bytes(&state, card->url);
	hash_bytes(&state, card->title);
	hash_bytes(&state, card->about);
	hash_ids(&state, kind, sizeof kind / sizeof kind[0]);
	hash_ids(&state, to->lists, to->n_lists);
	hash_ids(&state, to->people, to->n_people);
	hash_ids(&state, draft->media_ids, draft->n_media);
	words->sent = hash_end(&state, mem);
}

void publish_sent_comment(const struct comment_draft *draft, const struct status_ref *to,
                          struct arena *mem, struct publish_words *words)
{
	const int64_t where[] = { to->post_author.v, to->post.v, to->comment.v };
	crypto_generichash_state state;
	hash_begin(&state, S("comment"), draft->text, draft->language);
	hash_ids(&state, where, sizeof where / sizeof where[0]);
	words->sent = hash_end(&state, mem);
}

/* The measure that holds a piece, for the answer to a retry; zeroed when there is none. */
static err find_measure(struct conn *tx, person_id subject, const struct status_ref *ref,
                        struct arena *mem, struct measure *out)
{
	struct measure *all;
	size_t n;
	err e;
	memset(out, 0, sizeof *out);
	TRY(measures_of(tx, subject, (measure_id){ 0 }, 100, mem, &all, &n));
	for (size_t i = 0; i < n; i++) {
		if (all[i].post.v == ref->post.v && all[i].comment.v == ref->comment.v &&
		    all[i].version.v == 0) {
			*out = all[i];
			break;
		}
	}
out:
	return e;
}

err publish_retry(struct conn *tx, person_id author, const struct publish_words *words,
                  bool wants_comment, struct arena *mem, struct status_ref *ref,
                  struct measure *measure, bool *again)
{
	int64_t status_id;
	bool same;
	err e;
	*again = false;
	if (words->retry_key.n == 0)
		return OK;
	e = retries_find(tx, author, words->retry_key, &status_id);
	if (e.code == ERR_MISSING)
		return OK;
	TRY(e);
	TRY(status_refs_find(tx, status_id, ref));
	TRY(retries_same(tx, author, words->retry_key, words->sent, &same));
	if ((ref->comment.v != 0) != wants_comment || !same)
		return err_conflict("Idempotency-Key", SAY_KEY_USED);
	TRY(find_measure(tx, author, ref, mem, measure));
	*again = true;
out:
	return e;
}

err publish_keep_key(struct conn *tx, person_id author, const struct publish_words *words,
                     int64_t status_id, int64_t now_ms)
{
	struct retry retry = { .by = author,
		               .key = words->retry_key,
		               .sent = words->sent,
		               .status_id = status_id,
		               .at_ms = now_ms };
	return words->retry_key.n > 0 ? retries_insert(tx, &retry) : OK;
}
