#include "integrity/behaviour/branch.h"

bool branch_same(const struct branch *a, const struct branch *b)
{
	int64_t apart_ms = a->since_ms > b->since_ms ? a->since_ms - b->since_ms
	                                             : b->since_ms - a->since_ms;
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++)
			if (a->up[i].v == b->up[j].v)
				return true;
	return a->door.v != 0 && a->door.v == b->door.v && apart_ms < BRANCH_WAVE_MS;
}
