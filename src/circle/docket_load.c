/* The docket follows the measures, not the other way round: where the two have parted, it is put right. */
#include "circle/docket_private.h"

#include "circle/order_private.h"
#include "circle/verb.h"

#include "store/cases.h"
#include "store/measures.h"

#define WAITING_MAX 10000

struct load_job {
	struct circle *c;
	struct arena *mem;
	int64_t now_ms;
};

static err gather(struct load_job *job, struct conn *tx)
{
	struct order_changes x = order_changes(job->c, job->mem);
	struct measure *waiting;
	case_id in;
	size_t n;
	err e;
	TRY(measures_waiting(tx, job->now_ms, WAITING_MAX, job->mem, &waiting, &n));
	for (size_t i = 0; i < n; i++) {
		e = cases_of_item(tx, ITEM_MEASURE, waiting[i].id.v, &in);
		if (e.code == ERR_MISSING)
			e = order_into_case(&x, tx, &waiting[i], job->now_ms);
		TRY(e);
	}
out:
	return e;
}

static err settle(struct load_job *job, struct conn *tx)
{
	struct case_item *items;
	struct measure m;
	size_t n;
	err e;
	TRY(cases_waiting_measures(tx, WAITING_MAX, job->mem, &items, &n));
	for (size_t i = 0; i < n; i++) {
		e = measures_find(tx, (measure_id){ items[i].id }, job->mem, &m);
		if (!failed(e) && order_waits(&m))
			continue;
		if (failed(e) && e.code != ERR_MISSING)
			goto out;
		TRY(docket_settle(job->c, tx, ITEM_MEASURE, items[i].id, CASE_DECIDED, job->now_ms,
		                  job->mem));
	}
	e = OK;
out:
	return e;
}

static err load_work(struct conn *tx, void *ctx)
{
	struct load_job *job = ctx;
	err e;
	TRY(settle(job, tx));
	TRY(gather(job, tx));
out:
	return e;
}

err docket_load(struct circle *c, int64_t now_ms)
{
	struct load_job job = { c, arena_new(64 * 1024), now_ms };
	err e = verb_write(c, load_work, NULL, &job);
	arena_free(job.mem);
	return e;
}
