/* Filters: words a reader does not want to meet (version 2 of Mastodon's, and version 1 to read). */
#include "api/handlers.h"

#include "api/entity.h"
#include "circle/sift.h"
#include "model/limits.h"

#include <assert.h>

#define LIFE_MAX_S (INT64_C(10) * 365 * 86400)

/* --- reading --- */

static err read_contexts(struct call *c, unsigned *contexts)
{
	str *given;
	size_t n;
	err e;
	if (!params_has(c->params, "context"))
		return OK;
	TRY(params_strs(c->params, "context", FILTER_CONTEXTS * 2, c->mem, &given, &n));
	*contexts = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned at = 0;
		while (at < FILTER_CONTEXTS && !str_eq(given[i], str_of(filter_context_word(at))))
			at++;
		if (at == FILTER_CONTEXTS)
			TRY(err_input("context", "A context is home, notifications, public, thread "
			                         "or account."));
		*contexts |= 1u << at;
	}
out:
	return e;
}

static err read_action(struct call *c, bool *hides)
{
	str action;
	err e;
	TRY(params_str(c->params, "filter_action", &action));
	if (action.n == 0)
		return OK;
	*hides = str_eq(action, S("hide"));
	if (!*hides && !str_eq(action, S("warn")) && !str_eq(action, S("blur")))
		e = err_input("filter_action", "A filter warns or hides.");
out:
	return e;
}

/* Absent: as it was. Null or empty: for ever. */
static err read_life(struct call *c, int64_t *expires_at_ms)
{
	static const char field[] = "expires_in";
	int64_t seconds;
	err e;
	if (!params_has(c->params, field) && !params_is_null(c->params, field))
		return OK;
	TRY(params_i64(c->params, field, 0, &seconds));
	if (seconds < 0 || seconds > LIFE_MAX_S)
		TRY(err_input(field, "A filter lasts up to ten years."));
	*expires_at_ms = seconds ? c->now_ms + seconds * 1000 : 0;
out:
	return e;
}

static err read_word(const struct params *p, struct word_change *out)
{
	err e;
	out->keeps_word = !params_has(p, "keyword");
	out->keeps_whole = !params_has(p, "whole_word");
	TRY(params_id(p, "id", &out->id));
	TRY(params_str(p, "keyword", &out->word));
	TRY(params_bool(p, "whole_word", true, &out->whole));
	TRY(params_bool(p, "_destroy", false, &out->drop));
out:
	return e;
}

static err read_words(struct call *c, struct word_change **out, size_t *n)
{
	const struct params **given;
	err e;
	*n = 0;
	*out = NULL;
	if (!params_has(c->params, "keywords_attributes"))
		return OK;
	TRY(params_objects(c->params, "keywords_attributes", FILTER_WORDS_MAX * 2, c->mem, &given,
	                   n));
	*out = ARENA_ARRAY(c->mem, *n, struct word_change);
	for (size_t i = 0; i < *n; i++)
		TRY(read_word(given[i], &(*out)[i]));
out:
	return e;
}

/* --- filters --- */

static err send_filter(struct call *c, const struct filter *filter)
{
	entity_filter(call_json(c), filter);
	return call_send(c);
}

static err put(struct call *c, struct filter *filter)
{
	struct word_change *words;
	struct filter made;
	size_t n;
	str title;
	err e;
	TRY(params_str(c->params, "title", &title));
	if (title.p != NULL)
		filter->title = title;
	TRY(read_contexts(c, &filter->contexts));
	TRY(read_action(c, &filter->hides));
	TRY(read_life(c, &filter->expires_at_ms));
	TRY(read_words(c, &words, &n));
	TRY(sift_put(c->circle, filter, words, n, c->mem, &made));
	TRY(send_filter(c, &made));
out:
	return e;
}

static err path_filter(struct call *c, struct filter *filter)
{
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(sift_find(c->circle, c->me.person, (filter_id){ id }, c->mem, filter));
out:
	return e;
}

err api_filter_all(struct call *c)
{
	struct filter *filters;
	size_t n;
	err e;
	TRY(sift_all(c->circle, c->me.person, c->mem, &filters, &n));
	buf_char(call_json(c), '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(call_json(c), ',');
		entity_filter(call_json(c), &filters[i]);
	}
	buf_char(call_json(c), ']');
	TRY(call_send(c));
out:
	return e;
}

err api_filter_create(struct call *c)
{
	struct filter filter = { .reader = c->me.person };
	return put(c, &filter);
}

err api_filter_show(struct call *c)
{
	struct filter filter;
	err e = path_filter(c, &filter);
	return failed(e) ? e : send_filter(c, &filter);
}

err api_filter_change(struct call *c)
{
	struct filter filter;
	err e = path_filter(c, &filter);
	return failed(e) ? e : put(c, &filter);
}

err api_filter_delete(struct call *c)
{
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(sift_delete(c->circle, c->me.person, (filter_id){ id }));
	TRY(call_send_empty(c));
out:
	return e;
}

/* Single posts are never filtered here. */
err api_filter_statuses(struct call *c)
{
	struct filter filter;
	err e = path_filter(c, &filter);
	return failed(e) ? e : call_send_none(c);
}

/* --- words --- */

static err change_words(struct call *c, const struct filter *filter, struct word_change change,
                        struct filter *made)
{
	return sift_put(c->circle, filter, &change, 1, c->mem, made);
}

err api_filter_words(struct call *c)
{
	struct filter filter;
	err e;
	TRY(path_filter(c, &filter));
	entity_filter_words(call_json(c), &filter);
	TRY(call_send(c));
out:
	return e;
}

err api_filter_add_word(struct call *c)
{
	struct word_change change = { 0 };
	struct filter filter, made;
	err e;
	TRY(path_filter(c, &filter));
	TRY(call_text(c, "keyword", &change.word));
	TRY(params_bool(c->params, "whole_word", true, &change.whole));
	TRY(change_words(c, &filter, change, &made));
	entity_filter_word(call_json(c),
	                   &made.words[made.n_words - 1]); /* by id: the newest is the last */
	TRY(call_send(c));
out:
	return e;
}

static err path_word(struct call *c, struct filter *filter, size_t *index)
{
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(sift_find_word(c->circle, c->me.person, id, c->mem, filter, index));
out:
	return e;
}

err api_filter_show_word(struct call *c)
{
	struct filter filter;
	size_t index;
	err e;
	TRY(path_word(c, &filter, &index));
	entity_filter_word(call_json(c), &filter.words[index]);
	TRY(call_send(c));
out:
	return e;
}

err api_filter_change_word(struct call *c)
{
	struct word_change change = { 0 };
	struct filter filter, made;
	size_t index;
	err e;
	TRY(path_word(c, &filter, &index));
	TRY(read_word(c->params, &change));
	change.id = filter.words[index].id;
	change.drop = false;
	TRY(change_words(c, &filter, change, &made));
	/* Others of its words may have gone since it was looked up. */
	for (index = 0; index < made.n_words && made.words[index].id != change.id;)
		index++;
	assert(index < made.n_words);
	entity_filter_word(call_json(c), &made.words[index]);
	TRY(call_send(c));
out:
	return e;
}

err api_filter_delete_word(struct call *c)
{
	struct filter filter, made;
	size_t index;
	err e;
	TRY(path_word(c, &filter, &index));
	TRY(change_words(c, &filter,
	                 (struct word_change){ .id = filter.words[index].id, .drop = true },
	                 &made));
	TRY(call_send_empty(c));
out:
	return e;
}

/* --- version 1, to read: one a word --- */

err api_filter_old(struct call *c)
{
	struct buf *b = call_json(c);
	struct filter *filters;
	size_t n, first = 1; /* after the bracket */
	err e;
	TRY(sift_all(c->circle, c->me.person, c->mem, &filters, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < filters[i].n_words; k++) {
			if (b->n > first)
				buf_char(b, ',');
			entity_filter_old(b, &filters[i], &filters[i].words[k]);
		}
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}
