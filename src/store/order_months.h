/* order_months.h - what happened in the order in a stretch of time, lean, for the report of a month; and table order_months: the reports as
 * they were published, which never change. */
#ifndef KITH_STORE_ORDER_MONTHS_H
#define KITH_STORE_ORDER_MONTHS_H

#include "model/lead.h"
#include "model/measure.h"
#include "model/plea.h"
#include "store/store.h"

/* Ids carry their time: from and to are those of instants (base/snowflake.h). */
struct id_range {
	int64_t from, to; /* after the first, below the second */
	int limit;
};

struct month_measure {
	measure_id id;
	str rule;
	enum measure_kind kind;
	enum measure_state state;
	enum measure_decider decider;
	int64_t starts_at_ms, ends_at_ms, decided_at_ms;
	person_id decided_by;
};
MUST_CHECK err order_months_measures(struct conn *conn, struct id_range range, struct arena *mem,
                                     struct month_measure **out, size_t *n);

struct month_appeal {
	appeal_id id;
	str rule; /* of its measure */
	enum appeal_state state;
	enum appeal_way way;
	int64_t filed_at_ms, decided_at_ms;
	int skipped; /* seats */
};
MUST_CHECK err order_months_appeals(struct conn *conn, struct id_range range, struct arena *mem,
                                    struct month_appeal **out, size_t *n);

struct month_lead {
	int state;                               /* enum report_state or complaint_state */
	int64_t at_ms, due_at_ms, decided_at_ms; /* due 0: none */
};
/* Reports that were decided in [from_ms, to_ms). */
MUST_CHECK err order_months_reports(struct conn *conn, int64_t from_ms, int64_t to_ms, int limit,
                                    struct arena *mem, struct month_lead **out, size_t *n);
/* How many were made. */
MUST_CHECK err order_months_reported(struct conn *conn, struct id_range range, int64_t *n);
MUST_CHECK err order_months_complaints(struct conn *conn, struct id_range range, struct arena *mem,
                                       struct month_lead **out, size_t *n);

/* Posts and comments that were judged for the first time in [from_ms, to_ms), and how many of them were to be held. */
MUST_CHECK err order_months_pieces(struct conn *conn, int64_t from_ms, int64_t to_ms,
                                   int64_t *pieces, int64_t *held);

/* The first measure there is, 0 for none. */
MUST_CHECK err order_months_first(struct conn *conn, measure_id *out);

/* month: "2026-05". ERR_MISSING when it was not published. */
MUST_CHECK err order_months_put(struct conn *tx, str month, int64_t made_at_ms, str body);
MUST_CHECK err order_months_find(struct conn *conn, str month, struct arena *mem, str *body);
/* Latest first. */
MUST_CHECK err order_months_list(struct conn *conn, int limit, struct arena *mem, str **out,
                                 size_t *n);

#endif
