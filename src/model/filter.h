/* filter.h - words a reader does not want to meet: their own affair, told to nobody. */
#ifndef KITH_MODEL_FILTER_H
#define KITH_MODEL_FILTER_H

#include <stdbool.h>

#include "base/str.h"
#include "model/id.h"

/* Where a filter counts, as apps name the places; the server says what matches, and the app does what it was told. */
enum filter_context {
	FILTER_HOME = 1,
	FILTER_NOTIFICATIONS = 2,
	FILTER_PUBLIC = 4,
	FILTER_THREAD = 8,
	FILTER_ACCOUNT = 16
};
#define FILTER_CONTEXTS 5

struct filter_word {
	int64_t id;
	str word;
	bool whole; /* letters may not go on at its ends; Chinese has no such ends */
};

struct filter {
	filter_id id;
	person_id reader;
	str title;
	unsigned contexts;     /* enum filter_context bits */
	bool hides;            /* else it warns */
	int64_t expires_at_ms; /* 0: never */
	size_t n_words;
	const struct filter_word *words; /* by id */
};

/* "home", "notifications", "public", "thread", "account", in the order of their bits. */
const char *filter_context_word(unsigned index);

#endif
