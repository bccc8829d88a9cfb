/* See entity.h. Filters: as their owner reads them, and as they match what the owner is given. */
#include "api/entity.h"

#include "circle/sift.h"
#include "model/limits.h"

#include <assert.h>

void entity_filter_word(struct buf *b, const struct filter_word *word)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, word->id);
	buf_lit(b, ",\"keyword\":");
	buf_json(b, word->word);
	buf_add(b, word->whole ? S(",\"whole_word\":true}") : S(",\"whole_word\":false}"));
}

void entity_filter_words(struct buf *b, const struct filter *filter)
{
	buf_char(b, '[');
	for (size_t i = 0; i < filter->n_words; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_filter_word(b, &filter->words[i]);
	}
	buf_char(b, ']');
}

static void add_reach(struct buf *b, const struct filter *filter)
{
	bool first = true;
	buf_lit(b, "\"context\":[");
	for (unsigned i = 0; i < FILTER_CONTEXTS; i++) {
		if (!(filter->contexts >> i & 1))
			continue;
		if (!first)
			buf_char(b, ',');
		first = false;
		buf_json(b, str_of(filter_context_word(i)));
	}
	buf_lit(b, "],\"expires_at\":");
	if (filter->expires_at_ms)
		buf_json_time(b, filter->expires_at_ms);
	else
		buf_lit(b, "null");
}

void entity_filter(struct buf *b, const struct filter *filter)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, filter->id.v);
	buf_lit(b, ",\"title\":");
	buf_json(b, filter->title);
	buf_char(b, ',');
	add_reach(b, filter);
	buf_add(b, filter->hides ? S(",\"filter_action\":\"hide\"")
	                         : S(",\"filter_action\":\"warn\""));
	buf_lit(b, ",\"keywords\":");
	entity_filter_words(b, filter);
	buf_lit(b, ",\"statuses\":[]}");
}

static void add_matches(struct buf *b, const struct filter *filter, uint64_t matched)
{
	bool first = true;
	buf_lit(b, "{\"filter\":");
	entity_filter(b, filter);
	buf_lit(b, ",\"keyword_matches\":[");
	for (size_t k = 0; k < filter->n_words; k++) {
		if (!(matched >> k & 1))
			continue;
		if (!first)
			buf_char(b, ',');
		first = false;
		buf_json(b, filter->words[k].word);
	}
	buf_lit(b, "],\"status_matches\":[]}");
}

void entity_filtered(struct call *c, struct buf *b, str text)
{
	uint64_t matched[FILTERS_MAX];
	size_t first = b->n + 1;
	if (!c->filters_read)
		c->filters_read = !failed(
			sift_all(c->circle, c->me.person, c->mem, &c->filters, &c->n_filters));
	assert(c->n_filters <= FILTERS_MAX);
	if (c->n_filters > 0)
		sift_matches(c->filters, c->n_filters, text, c->now_ms, c->mem, matched);
	buf_char(b, '[');
	for (size_t i = 0; i < c->n_filters; i++) {
		if (matched[i] == 0)
			continue;
		if (b->n > first)
			buf_char(b, ',');
		add_matches(b, &c->filters[i], matched[i]);
	}
	buf_char(b, ']');
}

void entity_filter_old(struct buf *b, const struct filter *filter, const struct filter_word *word)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, word->id);
	buf_lit(b, ",\"phrase\":");
	buf_json(b, word->word);
	buf_char(b, ',');
	add_reach(b, filter);
	buf_add(b, filter->hides ? S(",\"irreversible\":true") : S(",\"irreversible\":false"));
	buf_add(b, word->whole ? S(",\"whole_word\":true}") : S(",\"whole_word\":false}"));
}
