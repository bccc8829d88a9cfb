/* Whether a juror is in standing. The interface is summon.h. */
#include "circle/summon.h"

#include "circle/order.h"
#include "circle/world.h"

#include "store/measures.h"
#include "store/order_settings.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define MEASURES_MAX                                                                               \
	200 /* newest of one person: older ones are over, or their points are still there */

static const struct summon_why no_member = {
	"Jurors are active members. Stewards see whose case it is, and decide themselves.",
	"陪审员是正常状态的成员。管事的人知道案子是谁的，由他们自己裁定。"
};
static const struct summon_why too_new = { "Jurors have been in the circle for a while first.",
	                                   "加入圈子满一段时间以后才能当陪审员。" };
static const struct summon_why has_points = {
	"There is a measure against you, or points that have not decayed yet.",
	"你名下有生效的处置，或者还有未消退的记分。"
};
static const struct summon_why often_wrong = {
	"Too many of your answers about cases whose answer is known were wrong.",
	"在已有答案的案例里，你答错得太多。"
};
static const struct summon_why not_willing = { "You have not said that you are willing.",
	                                       "你还没有表示愿意。" };

static err days_needed(struct conn *conn, struct arena *mem, int64_t *out)
{
	str value;
	err e = order_settings_get(conn, JUROR_DAYS_SETTING, mem, &value);
	if (failed(e) || !str_to_i64(value, out) || *out < 0)
		*out = JUROR_DAYS;
	return e;
}

/* Begun by then, and not over then, whatever became of it later. */
static bool limited_at(const struct measure *m, int64_t at_ms)
{
	bool undone = m->state == MEASURE_RELEASED || m->state == MEASURE_OVERTURNED ||
	              m->state == MEASURE_LAPSED || m->state == MEASURE_WITHDRAWN ||
	              m->state == MEASURE_UNANSWERED || m->state == MEASURE_MILDER;
	bool kept = m->state == MEASURE_KEPT && m->decided_at_ms <= at_ms;
	if (m->state == MEASURE_PROPOSED || m->starts_at_ms > at_ms || m->ends_at_ms <= at_ms)
		return false;
	if (undone && m->decided_at_ms != 0 && m->decided_at_ms <= at_ms)
		return false;
	if (m->kind == MEASURE_HOLD)
		return !kept; /* one that was kept has its points */
	return measure_on_person(m->kind) && m->kind != MEASURE_NOTICE;
}

static err is_limited(struct conn *conn, person_id person, int64_t at_ms, struct arena *mem,
                      bool *out)
{
	struct measure *all;
	size_t n;
	err e;
	*out = false;
	TRY(measures_of(conn, person, (measure_id){ 0 }, MEASURES_MAX, mem, &all, &n));
	for (size_t i = 0; i < n && !*out; i++)
		*out = limited_at(&all[i], at_ms);
out:
	return e;
}

static bool is_often_wrong(const struct juror *j)
{
	return j->n_checked >= JUROR_CHECKS_LEAST &&
	       j->n_right * 100 < j->n_checked * JUROR_RIGHT_PERCENT;
}

/* `*since_ms`: here since. */
static bool is_member(const struct circle *c, person_id person, bool again, int64_t *since_ms)
{
	world_lock(c->world);
	const struct person *p = world_person(c->world, person);
	bool member = p != NULL && p->status != PERSON_ERASED &&
	              (again || (p->status == PERSON_ACTIVE && p->role == ROLE_MEMBER));
	*since_ms = p != NULL ? p->created_at_ms : 0;
	world_unlock(c->world);
	return member;
}

static err is_harmed(struct conn *conn, person_id person, int64_t at_ms, struct arena *mem,
                     bool *out)
{
	struct standing standing;
	err e;
	TRY(is_limited(conn, person, at_ms, mem, out));
	TRY(order_standing(conn, person, at_ms, mem, &standing));
	*out |= standing.points > 0;
out:
	return e;
}

err summon_unharmed(struct circle *c, struct conn *conn, person_id person, int64_t at_ms,
                    bool again, struct arena *mem, bool *yes)
{
	int64_t since_ms;
	bool harmed;
	err e;
	TRY(is_harmed(conn, person, at_ms, mem, &harmed));
	*yes = is_member(c, person, again, &since_ms) && !harmed;
out:
	return e;
}

err summon_standing(struct circle *c, struct conn *conn, const struct juror *juror, int64_t at_ms,
                    bool again, struct arena *mem, const struct summon_why **why)
{
	int64_t days, since_ms;
	bool harmed;
	err e;
	*why = NULL;
	TRY(days_needed(conn, mem, &days));
	if (!is_member(c, juror->person, again, &since_ms))
		*why = &no_member;
	else if (juror->until_ms != 0 && juror->until_ms <= at_ms)
		*why = &not_willing;
	else if (since_ms > at_ms - days * DAY_MS)
		*why = &too_new;
	else if (is_often_wrong(juror))
		*why = &often_wrong;
	if (*why != NULL)
		return OK;
	TRY(is_harmed(conn, juror->person, at_ms, mem, &harmed));
	if (harmed)
		*why = &has_points;
out:
	return e;
}
