/* Figures come from the same door as verdicts. */
#include "integrity/accuracy/judge.h"

#include <stdio.h>
#include <stdlib.h>

struct verdict judge_post(const struct engine *engine, str text, struct arena *mem)
{
	struct facts facts = { .kind = FACTS_POST, .text = text };
	struct verdict v;
	err e = screen(engine, NULL, &facts, mem, &v);
	if (failed(e)) {
		fprintf(stderr, "judge: %s: %.*s\n", e.why, STR_ARG(text));
		abort();
	}
	return v;
}

char *judge_path(const char *path, struct arena *mem)
{
	const char *root = getenv("KITH_SOURCE_ROOT");
	return str_to_c(mem, str_format(mem, "%s/%s", root ? root : ".", path));
}

bool judge_everything(void)
{
	const char *full = getenv("KITH_ACCURACY_FULL");
	return full != NULL && full[0] != '\0' && full[0] != '0';
}
