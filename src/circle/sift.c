#include "circle/sift.h"

#include "circle/name.h"
#include "circle/phrase.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/filters.h"

#include <string.h>

#define FIELD_WORDS "keywords_attributes"

err sift_all(struct circle *c, person_id me, struct arena *mem, struct filter **out, size_t *n)
{
	struct conn *conn = NULL;
	err e = OK;
	*n = 0;
	world_lock(c->world);
	bool sifts = world_sifts(c->world, me);
	world_unlock(c->world);
	if (!sifts)
		return OK;
	TRY(store_read(c->store, &conn));
	TRY(filters_of(conn, me, mem, out, n));
out:
	store_read_end(c->store, &conn);
	return e;
}

static err pick(const struct filter *all, size_t n, filter_id id, struct filter *out)
{
	for (size_t i = 0; i < n; i++) {
		if (all[i].id.v == id.v) {
			*out = all[i];
			return OK;
		}
	}
	return err_missing("no such filter of this reader");
}

err sift_find(struct circle *c, person_id me, filter_id id, struct arena *mem, struct filter *out)
{
	struct filter *all;
	size_t n;
	err e = sift_all(c, me, mem, &all, &n);
	return failed(e) ? e : pick(n ? all : NULL, n, id, out);
}

err sift_find_word(struct circle *c, person_id me, int64_t word, struct arena *mem,
                   struct filter *out, size_t *index)
{
	struct filter *all;
	size_t n;
	err e = sift_all(c, me, mem, &all, &n);
	for (size_t i = 0; !failed(e) && i < n; i++) {
		for (size_t k = 0; k < all[i].n_words; k++) {
			if (all[i].words[k].id != word)
				continue;
			*out = all[i];
			*index = k;
			return OK;
		}
	}
	return failed(e) ? e : err_missing("no such word of this reader's filters");
}

struct sift_job {
	struct circle *c;
	struct filter filter; /* without its words */
	const struct word_change *changes;
	size_t n;
	struct arena *mem;
	struct filter *out;
	bool sifts; /* afterwards */
};

static err check_word(str word)
{
	if (str_trim(word).n == 0)
		return err_input(FIELD_WORDS, "A filter's word is not empty.");
	return utf8_length(word) > FILTER_WORD_MAX
	               ? err_limit(FIELD_WORDS, "A filter's word has at most 100 characters.")
	               : OK;
}

static err change_word(struct conn *tx, struct sift_job *job, const struct filter *was,
                       const struct word_change *change)
{
	struct filter_word word = { change->id, change->word, change->whole };
	const struct filter_word *there = NULL;
	for (size_t i = 0; i < was->n_words && change->id != 0; i++)
		if (was->words[i].id == change->id)
			there = &was->words[i];
	if (change->id != 0 && there == NULL)
		return err_input(FIELD_WORDS, "A word named here is not in this filter.");
	if (change->drop)
		return change->id ? filter_words_delete(tx, job->filter.reader, job->filter.id,
		                                        change->id)
		                  : OK;
	if (there && change->keeps_word)
		word.word = there->word;
	if (there && change->keeps_whole)
		word.whole = there->whole;
	err e = check_word(word.word);
	if (failed(e))
		return e;
	if (change->id == 0)
		word.id = snowflake_next(job->c->ids);
	return filter_words_put(tx, job->filter.reader, job->filter.id, &word);
}

static err put_work(struct conn *tx, void *ctx)
{
	struct sift_job *job = ctx;
	struct filter was = { 0 }, *all;
	struct door door;
	size_t n;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->filter.reader));
	TRY(filters_of(tx, job->filter.reader, job->mem, &all, &n));
	if (job->filter.id.v != 0) {
		TRY(pick(all, n, job->filter.id, &was));
	} else {
		if (n >= FILTERS_MAX)
			return err_limit("title",
			                 "You have 100 filters, which is all there can be.");
		job->filter.id.v = snowflake_next(job->c->ids);
	}
	TRY(filters_put(tx, &job->filter));
	for (size_t i = 0; i < job->n; i++)
		TRY(change_word(tx, job, &was, &job->changes[i]));
	TRY(filters_of(tx, job->filter.reader, job->mem, &all, &n));
	TRY(pick(all, n, job->filter.id, job->out));
	if (job->out->n_words > FILTER_WORDS_MAX)
		e = err_limit(FIELD_WORDS, "A filter has at most 50 words.");
	job->sifts = true;
out:
	return e;
}

static void put_after(void *ctx)
{
	const struct sift_job *job = ctx;
	world_set_sifts(job->c->world, job->filter.reader, job->sifts);
}

err sift_put(struct circle *c, const struct filter *filter, const struct word_change *changes,
             size_t n, struct arena *mem, struct filter *out)
{
	struct sift_job job = {
		.c = c, .filter = *filter, .changes = changes, .n = n, .mem = mem, .out = out
	};
	err e;
	TRY(phrase_line(filter->title, 1, FILTER_TITLE_MAX, "title",
	                "A filter has a title of at most 100 characters.", &job.filter.title));
	if (filter->contexts == 0)
		return err_input("context", "Say where the filter counts: home, notifications, "
		                            "public, thread or account.");
	TRY(verb_write(c, put_work, put_after, &job));
out:
	return e;
}

static err delete_work(struct conn *tx, void *ctx)
{
	struct sift_job *job = ctx;
	struct filter was, *all;
	size_t n;
	err e;
	TRY(filters_of(tx, job->filter.reader, job->mem, &all, &n));
	TRY(pick(all, n, job->filter.id, &was));
	TRY(filters_delete(tx, job->filter.reader, job->filter.id));
	job->sifts = n > 1;
out:
	return e;
}

err sift_delete(struct circle *c, person_id me, filter_id id)
{
	struct arena *mem = arena_new(4096);
	struct sift_job job = { .c = c, .filter = { .id = id, .reader = me }, .mem = mem };
	err e = verb_write(c, delete_work, put_after, &job);
	arena_free(mem);
	return e;
}

/* A letter or digit of a script that puts spaces between words. */
static bool goes_on(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp < 0x2000);
}

static bool stands_alone(str text, size_t at, size_t n)
{
	size_t first = at, last = at + n, next = at + n;
	uint32_t before = 0, after = 0;
	if (at > 0) {
		do
			first--;
		while (first > 0 && ((unsigned char)text.p[first] & 0xC0) == 0x80);
		size_t from = first;
		before = utf8_next(text, &from);
	}
	if (last < text.n)
		after = utf8_next(text, &next);
	size_t inner = at;
	uint32_t head = utf8_next(text, &inner), tail = head;
	while (inner < last)
		tail = utf8_next(text, &inner);
	return !(goes_on(before) && goes_on(head)) && !(goes_on(after) && goes_on(tail));
}

static bool is_in(str text, str word, bool whole)
{
	for (size_t from = 0; word.n > 0 && from < text.n;) {
		size_t at = str_find(str_slice(text, from, text.n), word);
		if (at == SIZE_MAX)
			return false;
		at += from;
		if (!whole || stands_alone(text, at, word.n))
			return true;
		from = at + 1;
	}
	return false;
}

/* Which bytes stand beside which in a text: by it nearly all words that are not there are told absent. */
struct pairs {
	uint64_t bits[(1 << 16) / 64];
};

static unsigned pair_at(str text, size_t at)
{
	return (unsigned)(unsigned char)text.p[at] << 8 | (unsigned char)text.p[at + 1];
}

static void read_pairs(str text, struct pairs *pairs)
{
	*pairs = (struct pairs){ 0 };
	for (size_t i = 0; i + 1 < text.n; i++) {
		unsigned pair = pair_at(text, i);
		pairs->bits[pair / 64] |= UINT64_C(1) << pair % 64;
	}
}

static bool may_be_in(const struct pairs *pairs, str word)
{
	for (size_t i = 0; i + 1 < word.n; i++) {
		unsigned pair = pair_at(word, i);
		if (!(pairs->bits[pair / 64] >> pair % 64 & 1))
			return false;
	}
	return true;
}

void sift_matches(const struct filter *filters, size_t n, str text, int64_t now_ms,
                  struct arena *mem, uint64_t *matched)
{
	_Static_assert(FILTER_WORDS_MAX <= 64, "a bit for each word");
	struct arena_mark mark = arena_mark(mem);
	str folded = name_fold(mem, text);
	struct pairs pairs;
	read_pairs(folded, &pairs);
	for (size_t i = 0; i < n; i++) {
		const struct filter *f = &filters[i];
		bool over = f->expires_at_ms != 0 && f->expires_at_ms <= now_ms;
		matched[i] = 0;
		for (size_t k = 0; !over && k < f->n_words; k++) {
			str word = name_fold(mem, str_trim(f->words[k].word));
			if (may_be_in(&pairs, word) && is_in(folded, word, f->words[k].whole))
				matched[i] |= UINT64_C(1) << k;
		}
	}
	arena_rewind(mem, mark);
}
