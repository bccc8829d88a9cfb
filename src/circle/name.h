/* name.h - display names as people type them when they look for somebody. */
#ifndef KITH_CIRCLE_NAME_H
#define KITH_CIRCLE_NAME_H

#include "base/str.h"

/* Case and width folded, for comparing: Latin, Greek and Cyrillic letters, full-width forms, the ideographic
 * space. Needs no locale. Not an identity: handles have their own key (circle/handle.h). */
str name_fold(struct arena *mem, str name);

#endif
