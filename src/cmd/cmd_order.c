/* kith order: which time deadlines are asked against, and that the clock is right. */
#include "cmd/shell.h"

#include "circle/order.h"
#include "cmd/options.h"

#include "base/buf.h"

static str time_text(struct shell *sh, int64_t ms)
{
	struct buf b;
	buf_init(&b, sh->mem, 64);
	buf_time(&b, ms);
	return buf_str(&b);
}

int verb_order_clock(struct shell *sh, int argc, char **argv)
{
	bool right = false;
	const struct option_row rows[] = { { "is-right", OPTION_FLAG, &right } };
	const struct options options = { "usage: kith order clock [--is-right] [--data DIR]", rows,
		                         1, 0, 0 };
	struct order_time is;
	int n;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (right) {
		err e = order_believe(sh->circle, clock_now(sh->circle->clock));
		if (failed(e))
			return shell_fail(sh, e);
	}
	is = order_time(sh->circle, clock_now(sh->circle->clock));
	fprintf(sh->out, "clock  %.*s\norder  %.*s%s\n", STR_ARG(time_text(sh, is.wall_ms)),
	        STR_ARG(time_text(sh, is.now_ms)),
	        is.doubted
	                ? "  the clock is not believed; if it is right: kith order clock --is-right"
	                : "");
	return 0;
}
