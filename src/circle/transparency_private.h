/* transparency_private.h - the report of a month as it is stored: exact. */
#ifndef KITH_CIRCLE_TRANSPARENCY_PRIVATE_H
#define KITH_CIRCLE_TRANSPARENCY_PRIVATE_H

#include "circle/transparency.h"

str transparency_store(const struct month_report *report, struct arena *mem);
MUST_CHECK err transparency_restore(str body, struct arena *mem, struct month_report *out);

/* What the shown counts say of how many times there are. */
void transparency_make_sure(struct month_report *report);

#endif
