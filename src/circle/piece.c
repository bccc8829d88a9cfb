#include "circle/piece.h"

#include "circle/explain.h"
#include "store/comments.h"
#include "store/measures_shown.h"
#include "store/posts.h"

#include <stdlib.h>

/* More than anybody's circle writes under one post, or than is in force on it: the store wants a bound. */
#define ROWS_MAX 20000

static int cmp_like(const void *pa, const void *pb)
{
	const struct like *a = pa, *b = pb;
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return (a->by.v > b->by.v) - (a->by.v < b->by.v);
}

static int cmp_comment(const void *pa, const void *pb)
{
	const struct comment *a = pa, *b = pb;
	return (a->gate.id.v > b->gate.id.v) - (a->gate.id.v < b->gate.id.v);
}

static err read_measures(struct conn *conn, struct arena *mem, struct piece *piece)
{
	const struct post_gate *gate = &piece->post.gate;
	struct measure *measures;
	size_t n;
	err e;
	TRY(measures_shown_on(conn, gate->author, gate->id, ROWS_MAX, mem, &measures, &n));
	struct piece_measure *kept = ARENA_ARRAY(mem, n, struct piece_measure);
	for (size_t i = 0; i < n; i++)
		explain_measure(&measures[i], mem, &kept[i]);
	piece->measures = kept;
	piece->n_measures = n;
out:
	return e;
}

err piece_read(struct conn *conn, struct arena *mem, struct piece *piece)
{
	const struct post_gate *gate = &piece->post.gate;
	struct like *likes;
	struct comment *comments;
	err e;
	TRY(likes_of(conn, gate->author, gate->id, ROWS_MAX, mem, &likes, &piece->n_likes));
	TRY(comments_of(conn, gate->author, gate->id, ROWS_MAX, mem, &comments,
	                &piece->n_comments));
	TRY(read_measures(conn, mem, piece));
	if (piece->n_likes > 1)
		qsort(likes, piece->n_likes, sizeof(*likes), cmp_like);
	if (piece->n_comments > 1)
		qsort(comments, piece->n_comments, sizeof(*comments), cmp_comment);
	piece->likes = likes;
	piece->comments = comments;
out:
	return e;
}
