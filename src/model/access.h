/* access.h - that somebody looked at what others may not see, because a case let them. */
#ifndef KITH_MODEL_ACCESS_H
#define KITH_MODEL_ACCESS_H

#include "model/id.h"

enum access_role { ACCESS_STEWARD, ACCESS_JUROR, ACCESS_EXPERT, ACCESS_ROLES };

struct access {
	person_id reviewer; /* 0: nobody here, an expert behind a link */
	int64_t at; /* the measure or the case that let them; of a juror's known case its check */
	enum access_role role;
	int64_t at_ms;
};

/* What whose piece it was may read: on which day (since 1970, UTC), in which role, for which measure. */
struct access_seen {
	int64_t day;
	enum access_role role;
	measure_id measure; /* 0: a case about them that is over */
};

#endif
