#include "circle/export_list.h"

err export_send(struct exporting *x, const struct buf *b)
{
	return b->full ? err_limit(NULL, "a piece is too large to export")
	               : parcel_add(x->zip, buf_str(b));
}

struct buf *export_item(struct export_list *list)
{
	if (list->any)
		buf_lit(&list->b, ",\n");
	list->any = true;
	return &list->b;
}

static err begin(struct exporting *x, const char *name, str head)
{
	struct arena_mark mark = arena_mark(x->mem);
	struct buf b;
	err e;
	buf_init(&b, x->mem, EXPORT_PIECE_MAX_BYTES);
	buf_lit(&b, "{" EXPORT_CONTEXT ",\"type\":\"OrderedCollection\"");
	buf_add(&b, head);
	buf_lit(&b, ",\"orderedItems\":[\n");
	TRY(parcel_entry(x->zip, name, true, x->now_ms));
	TRY(export_send(x, &b));
	arena_rewind(x->mem, mark);
out:
	return e;
}

err export_list(struct exporting *x, const char *name, str head,
                err (*page)(struct export_list *list))
{
	struct export_list list = { .x = x };
	err e;
	TRY(begin(x, name, head));
	do {
		struct arena_mark mark = arena_mark(x->mem);
		buf_init(&list.b, x->mem, EXPORT_PIECE_MAX_BYTES);
		TRY(page(&list));
		TRY(export_send(x, &list.b));
		arena_rewind(x->mem, mark);
	} while (list.more);
	TRY(parcel_add(x->zip, S("\n]}\n")));
out:
	return e;
}
