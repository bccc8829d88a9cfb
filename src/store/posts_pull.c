/* The feed by SQL: the cold start, the deep pages, and what the in-memory feed is tested against.
 *
 * The join asks each author for a short range; the worst of the `limit` ids kept so far bounds every later range, so
 * most authors cost one probe and no row. The scan walks all posts in order and looks each author up: about
 * limit * (all authors) / n_authors rows when those authors post like others do. Which is cheaper depends on how many
 * others there are, which nobody here knows. So the scan goes first and gives up when it has cost as much as the join
 * would: at most about twice the better one. Measured with 200,000 posts of 1,000 authors: 150 friends 1.1 ms by join, 0.04 ms
 * by scan. */
#include "store/posts.h"

#include "store/driver.h"

#include <string.h>

#define SCAN_AUTHORS_MIN 16 /* fewer are soon asked */
#define ROWS_A_PROBE 40     /* rows walked in the time of one probe: 0.15 to 0.2 us against 8 us */
#define SCAN_ROWS_MAX 50000

static const char newest_of_author[] =
	"SELECT post_id FROM posts WHERE author_id = $1 AND post_id > $2 AND post_id < $3 "
	"AND deleted_at_ms = 0 ORDER BY post_id DESC LIMIT $4";
static const char oldest_of_author[] =
	"SELECT post_id FROM posts WHERE author_id = $1 AND post_id > $2 AND post_id < $3 "
	"AND deleted_at_ms = 0 ORDER BY post_id ASC LIMIT $4";
/* Over all shards, by design: one node's way to answer for thousands of friends. */
static const char newest_of_all[] =
	"SELECT post_id, author_id FROM posts WHERE post_id > $1 AND post_id < $2 "
	"AND deleted_at_ms = 0 ORDER BY post_id DESC LIMIT $3";
static const char oldest_of_all[] =
	"SELECT post_id, author_id FROM posts WHERE post_id > $1 AND post_id < $2 "
	"AND deleted_at_ms = 0 ORDER BY post_id ASC LIMIT $3";

struct found {
	int64_t post, author;
};

/* The best so far, in the order of the answer. */
struct page {
	struct post_window window;
	struct found *items;
	size_t n, limit;
};

static bool comes_before(const struct page *page, int64_t a, int64_t b)
{
	return page->window.oldest_first ? a < b : a > b;
}

/* False when the page is full of better ones. */
static bool keep(struct page *page, struct found one)
{
	size_t at = page->n;
	if (page->n == page->limit && !comes_before(page, one.post, page->items[page->n - 1].post))
		return false;
	while (at > 0 && comes_before(page, one.post, page->items[at - 1].post))
		at--;
	if (page->n < page->limit)
		page->n++;
	memmove(page->items + at + 1, page->items + at, (page->n - 1 - at) * sizeof *page->items);
	page->items[at] = one;
	return true;
}

static err join_author(struct conn *conn, person_id author, struct page *page)
{
	bool oldest = page->window.oldest_first, full = page->n == page->limit;
	int64_t worst = full ? page->items[page->n - 1].post : 0;
	struct stmt *q = driver_prepare(conn, oldest ? oldest_of_author : newest_of_author);
	bool row;
	err e;
	stmt_bind_i64(q, 1, author.v);
	stmt_bind_i64(q, 2, full && !oldest ? worst : page->window.after.v);
	stmt_bind_i64(q, 3, full && oldest ? worst : page->window.before.v);
	stmt_bind_i64(q, 4, (int64_t)page->limit);
	do {
		TRY(stmt_step(q, &row));
	} while (row && keep(page, (struct found){ stmt_i64(q, 0), author.v }));
out:
	stmt_done(q);
	return e;
}

static err join_authors(struct conn *conn, const person_id *authors, size_t n, struct page *page)
{
	err e = OK;
	page->n = 0;
	for (size_t i = 0; i < n; i++)
		TRY(join_author(conn, authors[i], page));
out:
	return e;
}

static bool contains(const person_id *authors, size_t n, int64_t author)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (authors[mid].v < author)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && authors[low].v == author;
}

/* `*whole` false: gave up before the page was full. */
static err scan_all(struct conn *conn, const person_id *authors, size_t n, struct page *page,
                    bool *whole)
{
	struct stmt *q = driver_prepare(conn,
	                                page->window.oldest_first ? oldest_of_all : newest_of_all);
	size_t rows = 0, most = n * ROWS_A_PROBE < SCAN_ROWS_MAX ? n * ROWS_A_PROBE : SCAN_ROWS_MAX;
	bool row;
	err e;
	stmt_bind_i64(q, 1, page->window.after.v);
	stmt_bind_i64(q, 2, page->window.before.v);
	stmt_bind_i64(q, 3, (int64_t)most);
	while (page->n < page->limit) {
		struct found one;
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		rows++;
		one = (struct found){ stmt_i64(q, 0), stmt_i64(q, 1) };
		if (contains(authors, n, one.author))
			page->items[page->n++] = one;
	}
	*whole = page->n == page->limit || rows < most;
out:
	stmt_done(q);
	return e;
}

err posts_pull(struct conn *conn, const person_id *authors, size_t n_authors,
               struct post_window window, struct arena *mem, struct post_gate **out, size_t *n)
{
	struct page page = { .window = window,
		             .limit = window.limit > 0 ? (size_t)window.limit : 0 };
	bool whole = false;
	err e = OK;
	*n = 0;
	*out = NULL;
	if (!page.limit)
		return OK;
	if (!page.window.before.v)
		page.window.before.v = INT64_MAX;
	page.items = ARENA_ARRAY(mem, page.limit, struct found);
	if (n_authors >= SCAN_AUTHORS_MIN)
		TRY(scan_all(conn, authors, n_authors, &page, &whole));
	if (!whole)
		TRY(join_authors(conn, authors, n_authors, &page));
	*out = ARENA_ARRAY(mem, page.n, struct post_gate);
	for (size_t i = 0; i < page.n; i++)
		TRY(posts_gate(conn, (person_id){ page.items[i].author },
		               (post_id){ page.items[i].post }, mem, *out + i));
	*n = page.n;
out:
	return e;
}
