/* Looking for people, posts and tags. */
#include "api/handlers.h"

#include "api/entity.h"
#include "api/html.h"
#include "circle/found.h"

#define LIMIT 20
#define LIMIT_MAX 40
#define OFFSET_MAX 200 /* apps page by numbers: what was shown before is found again and left out */

struct wanted {
	str q, type;
	struct page page;
	int64_t offset;
};

static bool is_type(str word)
{
	static const char *const types[] = { "", "accounts", "statuses", "hashtags" };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (str_eq(word, str_of(types[i])))
			return true;
	return false;
}

static err read_wanted(struct call *c, struct wanted *w)
{
	err e;
	TRY(params_str(c->params, "q", &w->q));
	TRY(params_str(c->params, "type", &w->type));
	TRY(call_page(c, LIMIT, LIMIT_MAX, &w->page));
	TRY(params_i64(c->params, "offset", 0, &w->offset));
	w->q = str_trim(w->q);
	if (!is_type(w->type))
		TRY(err_input("type", "A type is accounts, statuses or hashtags."));
	if (w->offset < 0 || w->offset > OFFSET_MAX)
		e = err_input("offset", "An offset is 0 to 200; go on with max_id after that.");
out:
	return e;
}

static bool wants(const struct wanted *w, str type)
{
	return w->q.n > 0 && (w->type.n == 0 || str_eq(w->type, type));
}

static err add_people(struct call *c, const struct wanted *w)
{
	struct person *people = NULL;
	size_t n = 0, skip = (size_t)w->offset;
	str q = call_local_handle(c, w->q);
	err e = OK;
	if (q.n > 0)
		TRY(read_search(c->circle, c->me.person, q, w->page.limit + (int)skip, c->mem,
		                &people, &n));
	skip = skip < n ? skip : n;
	TRY(entity_accounts_known(c, call_json(c), n ? people + skip : NULL, n - skip));
out:
	return e;
}

static err add_posts(struct call *c, const struct wanted *w)
{
	const struct found_question question = { .words = w->q,
		                                 .before = w->page.max_id,
		                                 .limit = w->page.limit + (int)w->offset };
	struct found_page found;
	err e;
	TRY(found_posts(c->circle, c->me.person, &question, c->now_ms, c->mem, &found));
	size_t skip = (size_t)w->offset < found.n ? (size_t)w->offset : found.n;
	TRY(entity_statuses(c, call_json(c), found.posts + skip, found.n - skip));
	if (found.next != 0)
		TRY(call_link_next(c, found.next));
out:
	return e;
}

static err add_tags(struct call *c, const struct wanted *w)
{
	struct buf *b = call_json(c);
	size_t n, skip = (size_t)w->offset;
	str *tags;
	err e;
	TRY(found_tags(c->circle, c->me.person, w->q, w->page.limit + (int)skip, c->now_ms, c->mem,
	               &tags, &n));
	buf_char(b, '[');
	for (size_t i = skip; i < n; i++) {
		buf_add(b, i > skip ? S(",{\"name\":") : S("{\"name\":"));
		buf_json(b, tags[i]);
		buf_lit(b, ",\"url\":\"");
		buf_add(b, c->url);
		buf_lit(b, "/search?tag=");
		html_segment(b, tags[i]);
		buf_lit(b, "\",\"history\":[],\"following\":false,\"id\":");
		buf_json(b, tags[i]);
		buf_char(b, '}');
	}
	buf_char(b, ']');
out:
	return e;
}

err api_search_people(struct call *c)
{
	struct wanted w;
	err e;
	TRY(read_wanted(c, &w));
	TRY(add_people(c, &w));
	TRY(call_send(c));
out:
	return e;
}

err api_search_all(struct call *c)
{
	static const struct {
		str type;
		err (*add)(struct call *c, const struct wanted *w);
	} kinds[] = {
		{ { "accounts", 8 }, add_people },
		{ { "statuses", 8 }, add_posts },
		{ { "hashtags", 8 }, add_tags },
	};
	struct buf *b = call_json(c);
	struct wanted w;
	err e;
	TRY(read_wanted(c, &w));
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		buf_char(b, i ? ',' : '{');
		buf_json(b, kinds[i].type);
		buf_char(b, ':');
		if (wants(&w, kinds[i].type))
			TRY(kinds[i].add(c, &w));
		else
			buf_lit(b, "[]");
	}
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_search_tag(struct call *c)
{
	struct found_question question = { .words = c->args[0], .as_tag = true };
	struct found_page found;
	struct page page;
	err e;
	TRY(call_page(c, LIMIT, LIMIT_MAX, &page));
	question.before = page.max_id;
	question.limit = page.limit;
	TRY(found_posts(c->circle, c->me.person, &question, c->now_ms, c->mem, &found));
	while (found.n > 0 && found.posts[found.n - 1].post.gate.id.v <= page.since_id)
		found.n--;
	TRY(entity_statuses(c, call_json(c), found.posts, found.n));
	if (found.next > page.since_id)
		TRY(call_link_next(c, found.next));
	TRY(call_send(c));
out:
	return e;
}
