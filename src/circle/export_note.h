/* export_note.h - posts, comments and people as ActivityStreams 2 objects, as far as their owner may see them. Room-private: the
 * archive around them is export.c's. */
#ifndef KITH_CIRCLE_EXPORT_NOTE_H
#define KITH_CIRCLE_EXPORT_NOTE_H

#include "base/buf.h"
#include "circle/export.h"

#define EXPORT_PIECE_MAX_BYTES ((size_t)64 << 20)
#define EXPORT_CONTEXT                                                                             \
	"\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"kith\":\"urn:kith:\"}]"

void export_add_urn(struct buf *b, const char *what, int64_t id);
void export_add_words(struct buf *b, const char *name, str words);
void export_add_time(struct buf *b, const char *name, int64_t at_ms);
MUST_CHECK err export_add_people(struct exporting *x, struct buf *b, const person_id *ids,
                                 size_t n);
MUST_CHECK err export_add_comment(struct exporting *x, struct buf *b, const struct comment *c);
MUST_CHECK err export_add_post(struct exporting *x, struct buf *b, const struct post *post);

#endif
