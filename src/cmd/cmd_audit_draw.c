/* kith audit draw: who was asked to judge an appeal, reckoned again with the database in hand. */
#include "cmd/shell.h"

#include "circle/audit_root.h"
#include "circle/redraw.h"
#include "cmd/options.h"

#include "base/encode.h"

#include <inttypes.h>
#include <stdlib.h>

static void say(struct shell *sh, const struct redrawn *r)
{
	const struct appeal *a = &r->appeal;
	fprintf(sh->out, "appeal %" PRId64 ": step %s, %d seats, drawn from %zu who were willing\n",
	        a->number, appeal_step_word(a->step), a->seats, r->willing);
	if (a->seats == 0)
		return;
	fprintf(sh->out, "root of %.*s: %.*s\n", STR_ARG(audit_day_text(a->root_day, sh->mem)),
	        STR_ARG(hex_of(sh->mem, a->root, sizeof a->root)));
	fprintf(sh->out, "walked %zu: seated %zu, replaced %zu, passed over %zu\n", r->walked,
	        r->seated, r->replaced, r->passed_over);
	if (r->unexplained > 0)
		fprintf(sh->out,
		        "of those passed over %zu for something that left no trace (a friendship that ended, a block, a role)\n",
		        r->unexplained);
	if (!r->step_again)
		fprintf(sh->out, "another step comes out of what is still known\n");
	for (size_t i = 0; i < r->n_faults; i++) {
		fprintf(sh->out, "WRONG: %s", r->faults[i]);
		if (r->places[i] >= 0)
			fprintf(sh->out, ": place %d", r->places[i]);
		fputc('\n', sh->out);
	}
	if (r->n_faults == 0)
		fprintf(sh->out, "the draw is right\n");
}

int verb_audit_draw(struct shell *sh, int argc, char **argv)
{
	const struct options options = { "usage: kith audit draw APPEAL [--data DIR]", NULL, 0, 1,
		                         1 };
	struct redrawn redrawn;
	int64_t appeal;
	int n;
	err e;
	if (options_read(&options, argc, argv, sh->out, sh->err, &n) != OPTIONS_GO)
		return 2;
	if (!str_to_i64(str_of(argv[0]), &appeal) || appeal <= 0) {
		fprintf(sh->err, "kith: an appeal has a number\n");
		return 2;
	}
	e = redraw(sh->circle, appeal, sh->mem, &redrawn);
	if (e.code == ERR_MISSING)
		e = err_input(NULL, "There is no such appeal.");
	if (failed(e))
		return shell_fail(sh, e);
	say(sh, &redrawn);
	return redrawn.n_faults > 0 ? 1 : 0;
}
