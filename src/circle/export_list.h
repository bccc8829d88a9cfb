/* export_list.h - a collection of the archive, written page by page. Room-private. */
#ifndef KITH_CIRCLE_EXPORT_LIST_H
#define KITH_CIRCLE_EXPORT_LIST_H

#include "circle/export_note.h"

#define EXPORT_PAGE 100 /* rows read at once */

MUST_CHECK err export_send(struct exporting *x, const struct buf *b);

struct export_list {
	struct exporting *x;
	struct buf b;   /* of this page */
	int64_t before; /* the page begins below this id; 0: with the newest */
	bool more;      /* there may be another page */
	bool any;
};
/* What the next item is written to. */
struct buf *export_item(struct export_list *list);
/* An entry of its own: an OrderedCollection with `head` (",\"name\":...", may be empty) before its items, which `page` adds, EXPORT_PAGE at
 * most, and then says in `before` and `more` how it goes on. */
MUST_CHECK err export_list(struct exporting *x, const char *name, str head,
                           err (*page)(struct export_list *list));

#endif
