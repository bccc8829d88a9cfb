/* rules_down.h - tables rules_down and rule_records: which rules turned themselves down, and since when each one's record counts. */
#ifndef KITH_STORE_RULES_DOWN_H
#define KITH_STORE_RULES_DOWN_H

#include "store/store.h"

struct rule_down {
	str rule;
	int64_t at_ms;
	int n_decided, n_overturned;
	int64_t up_at_ms; /* 0: still down */
};

MUST_CHECK err rules_down_insert(struct conn *tx, const struct rule_down *row);
/* Those that are down, by name. */
MUST_CHECK err rules_down_now(struct conn *conn, struct arena *mem, struct rule_down **out,
                              size_t *n);
/* Those that went down in [from_ms, to_ms), in order. */
MUST_CHECK err rules_down_between(struct conn *conn, int64_t from_ms, int64_t to_ms,
                                  struct arena *mem, struct rule_down **out, size_t *n);
/* Up again, if it is down; its record begins anew either way. Where a new version of the policy does it this is no tombstone: without
 * the database that version is lost as well, and of the one before the rule is down. */
MUST_CHECK err rules_down_raise(struct conn *tx, str rule, int64_t now_ms, bool *was_down);
/* What another database knows of both tables, which may be more or less than this one does: the later counts. */
MUST_CHECK err rules_down_take(struct conn *tx, struct conn *from, struct arena *mem);
/* Since when what it did counts; 0: since ever. */
MUST_CHECK err rules_down_since(struct conn *conn, str rule, int64_t *since_ms);

#endif
