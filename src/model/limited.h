/* limited.h - what a person may not do for a time: reckoned from the measures in force on them, never stored beside them. */
#ifndef KITH_MODEL_LIMITED_H
#define KITH_MODEL_LIMITED_H

#include "model/id.h"

/* Each: until when, and by which measure; 0: not at all. */
struct limit_of {
	int64_t until_ms;
	measure_id by;
};
struct limited {
	struct limit_of fewer, no_friends, freeze, seal;
};

#endif
