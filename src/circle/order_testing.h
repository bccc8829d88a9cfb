/* order_testing.h - measures imposed, ended and looked at in one line each, for tests on a stage. */
#ifndef KITH_CIRCLE_ORDER_TESTING_H
#define KITH_CIRCLE_ORDER_TESTING_H

#include "circle/docket.h"
#include "circle/order.h"
#include "circle/publish.h"
#include "circle/stage_testing.h"

#define ORDER_DAY_MS (INT64_C(24) * 3600 * 1000)

/* One write each, with what follows it. `m` comes back as it was written. */
err order_try_impose(struct stage *s, struct measure *m);
err order_try_end(struct stage *s, measure_id id, struct order_end end);
err order_try_restore(struct stage *s, struct measure was);
/* By one of the people with a note, or by a jury (-1). */
err order_decide(struct stage *s, measure_id id, int by, enum measure_state state);
/* By a steward or the keeper on a person, for the kind's own span. */
struct measure order_by(struct stage *s, int by, int subject, enum measure_kind kind);
struct measure order_put(struct stage *s, int by, int subject, enum measure_kind kind);
/* A post as it is screened, and where it is. */
struct published order_publish(struct stage *s, int author, const char *text);
struct status_ref order_ref(const struct published *p);
/* As memory has it. */
enum person_status order_status(struct stage *s, int person);
/* As it is in the store. */
struct measure order_look(struct stage *s, measure_id id);
/* The newest of the subject's; id 0 when there is none. */
struct measure order_newest(struct stage *s, int subject);
struct standing order_stands(struct stage *s, int person);
/* Somebody's advertisement, that waits in their case. */
measure_id order_hold(struct stage *s, int author, struct status_ref *ref);
struct conn *order_reader(struct stage *s);
struct order_case order_case_of(struct stage *s, int subject); /* the open one */
struct order_case order_find_case(struct stage *s, case_id id);
/* Into the case of its subject, as a verb puts it there; the case. */
struct order_case order_add_item(struct stage *s, struct case_entry entry);
void order_settle_item(struct stage *s, enum case_item_kind kind, int64_t id, enum case_state as);
/* How often somebody's look at it was written down: at a measure, or at a case. */
int order_looks(struct stage *s, int64_t at);
/* The decision of the newest deed that was looked at. */
err order_undo(struct stage *s, int steward, const struct case_look *look, struct case_look *out);
/* The clock's work, with both clocks as the stage has them. */
void order_ticks(struct stage *s);

#endif
