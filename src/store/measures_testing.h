/* measures_testing.h - measures rewritten behind the program's back, for tests that must notice. */
#ifndef KITH_STORE_MEASURES_TESTING_H
#define KITH_STORE_MEASURES_TESTING_H

#include "model/id.h"
#include "store/store.h"

#define MEASURES_REWRITES 16
/* Gives one column of it another value, each way another column; `name` says which. */
MUST_CHECK err measures_rewrite(struct conn *tx, measure_id id, int way);
const char *measures_rewrite_name(int way);
MUST_CHECK err measures_remove(struct conn *tx, measure_id id);
/* The looks for this measure or case. */
MUST_CHECK err measures_forget_looks(struct conn *tx, int64_t at);

#endif
