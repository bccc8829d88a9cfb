#include "store/filters.h"

#include "store/driver.h"
#include "store/rows.h"

static const char filters_of_reader[] =
	"SELECT filter_id, title, contexts, action, expires_at_ms FROM filters WHERE reader_id = $1 "
	"ORDER BY filter_id LIMIT 1000";
static const char words_of_filter[] =
	"SELECT word_id, word, whole_word FROM filter_words WHERE reader_id = $1 AND filter_id = $2 "
	"ORDER BY word_id LIMIT 1000";
static const char put_filter[] =
	"INSERT INTO filters (reader_id, filter_id, title, contexts, action, expires_at_ms) "
	"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (reader_id, filter_id) DO UPDATE SET "
	"title = excluded.title, contexts = excluded.contexts, action = excluded.action, "
	"expires_at_ms = excluded.expires_at_ms";
static const char delete_filter[] = "DELETE FROM filters WHERE reader_id = $1 AND filter_id = $2";
static const char delete_words[] =
	"DELETE FROM filter_words WHERE reader_id = $1 AND filter_id = $2";
static const char put_word[] =
	"INSERT INTO filter_words (reader_id, filter_id, word_id, word, whole_word) "
	"VALUES ($1, $2, $3, $4, $5) ON CONFLICT (reader_id, filter_id, word_id) DO UPDATE SET "
	"word = excluded.word, whole_word = excluded.whole_word";
static const char delete_word[] =
	"DELETE FROM filter_words WHERE reader_id = $1 AND filter_id = $2 AND word_id = $3";
/* Start-up: all of them, on purpose. */
static const char each_reader[] = "SELECT DISTINCT reader_id FROM filters ORDER BY reader_id";

static struct stmt *of_filter(struct conn *conn, const char *sql, person_id reader, filter_id id)
{
	struct stmt *q = driver_prepare(conn, sql);
	stmt_bind_i64(q, 1, reader.v);
	stmt_bind_i64(q, 2, id.v);
	return q;
}

static err read_words(struct conn *conn, struct arena *mem, struct filter *filter)
{
	struct stmt *q = of_filter(conn, words_of_filter, filter->reader, filter->id);
	struct rows rows = { 0 };
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		*ROWS_NEXT(&rows, mem, struct filter_word) = (struct filter_word){
			stmt_i64(q, 0), stmt_text(q, 1, mem), stmt_int(q, 2) != 0
		};
	}
	filter->words = rows.p;
	filter->n_words = rows.n;
out:
	stmt_done(q);
	return e;
}

err filters_of(struct conn *conn, person_id reader, struct arena *mem, struct filter **out,
               size_t *n)
{
	struct stmt *q = driver_prepare(conn, filters_of_reader);
	struct rows rows = { 0 };
	bool row;
	err e;
	stmt_bind_i64(q, 1, reader.v);
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		struct filter *filter = ROWS_NEXT(&rows, mem, struct filter);
		*filter = (struct filter){ .id = { stmt_i64(q, 0) },
			                   .reader = reader,
			                   .title = stmt_text(q, 1, mem),
			                   .contexts = (unsigned)stmt_int(q, 2),
			                   .hides = stmt_int(q, 3) != 0,
			                   .expires_at_ms = stmt_i64(q, 4) };
		TRY(read_words(conn, mem, filter));
	}
	*out = rows.p;
	*n = rows.n;
out:
	stmt_done(q);
	return e;
}

err filters_put(struct conn *tx, const struct filter *filter)
{
	struct stmt *q = of_filter(tx, put_filter, filter->reader, filter->id);
	stmt_bind_text(q, 3, filter->title);
	stmt_bind_i64(q, 4, filter->contexts);
	stmt_bind_i64(q, 5, filter->hides);
	stmt_bind_i64(q, 6, filter->expires_at_ms);
	return stmt_run(q);
}

err filters_delete(struct conn *tx, person_id reader, filter_id id)
{
	err e;
	TRY(stmt_run(of_filter(tx, delete_words, reader, id)));
	TRY(stmt_run(of_filter(tx, delete_filter, reader, id)));
out:
	return e;
}

err filter_words_put(struct conn *tx, person_id reader, filter_id filter,
                     const struct filter_word *word)
{
	struct stmt *q = of_filter(tx, put_word, reader, filter);
	stmt_bind_i64(q, 3, word->id);
	stmt_bind_text(q, 4, word->word);
	stmt_bind_i64(q, 5, word->whole);
	return stmt_run(q);
}

err filter_words_delete(struct conn *tx, person_id reader, filter_id filter, int64_t word)
{
	struct stmt *q = of_filter(tx, delete_word, reader, filter);
	stmt_bind_i64(q, 3, word);
	return stmt_run(q);
}

err filters_each_reader(struct conn *conn, err (*each)(person_id reader, void *ctx), void *ctx)
{
	struct stmt *q = driver_prepare(conn, each_reader);
	bool row;
	err e;
	for (;;) {
		TRY(stmt_step(q, &row));
		if (!row)
			break;
		TRY(each((person_id){ stmt_i64(q, 0) }, ctx));
	}
out:
	stmt_done(q);
	return e;
}
