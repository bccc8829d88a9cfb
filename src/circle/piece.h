/* piece.h - what is shown of a post, read whole from the store: for the cache of pieces, and for whoever fills it. */
#ifndef KITH_CIRCLE_PIECE_H
#define KITH_CIRCLE_PIECE_H

#include "circle/world.h"

struct arena;
struct conn;

/* Fills likes, comments and measures of `piece->post`, which posts_find has found, as world.h has them ordered. All in `mem`. */
MUST_CHECK err piece_read(struct conn *conn, struct arena *mem, struct piece *piece);

#endif
