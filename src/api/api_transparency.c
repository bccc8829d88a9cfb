/* What the order did, month by month, for everybody: figures alone, small counts hidden (circle/transparency.h). */
#include "api/handlers.h"

#include "circle/transparency.h"

err api_transparency(struct call *c)
{
	struct buf *b = call_json(c);
	struct month_report report;
	str month, *months;
	size_t n;
	err e;
	TRY(params_str(c->params, "month", &month));
	TRY(transparency_months(c->circle, c->mem, &months, &n));
	buf_lit(b, "{\"months\":[");
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",") : STR_NONE);
		buf_json(b, months[i]);
	}
	buf_char(b, ']');
	if (n > 0 || month.n > 0) {
		TRY(transparency_find(c->circle, month, c->mem, &report));
		buf_char(b, ',');
		transparency_json(b, &report);
	}
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}
