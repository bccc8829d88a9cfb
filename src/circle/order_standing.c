/* Points are reckoned from what is written down, never kept: an offence that is overturned was none. */
#include "circle/order_private.h"

#include "store/measures.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define CLEAN_MS (60 * DAY_MS) /* without a new one, the sum is halved */
#define AGAIN_MS (30 * DAY_MS) /* and from then on each time */

/* The ladder on a person, mildest first. */
static const struct {
	int points;
	enum measure_kind kind;
} ladder[] = {
	{ 1, MEASURE_NOTICE }, { 3, MEASURE_FEWER }, { 5, MEASURE_NO_FRIENDS },
	{ 8, MEASURE_FREEZE }, { 12, MEASURE_SEAL },
};
#define STEPS (int)(sizeof ladder / sizeof ladder[0])

int order_points(enum harm_class harm, bool small)
{
	static const int points[] = { [HARM_CLASS_A] = 4, [HARM_CLASS_B] = 2, [HARM_CLASS_C] = 0 };
	return small && points[harm] > 0 ? 1 : points[harm];
}

enum measure_kind order_ladder(int step) { return ladder[step].kind; }

/* How often the sum was halved between two instants. */
static int64_t halvings(int64_t from_ms, int64_t to_ms)
{
	int64_t clean_ms = to_ms - from_ms;
	return clean_ms < CLEAN_MS ? 0 : 1 + (clean_ms - CLEAN_MS) / AGAIN_MS;
}

static void decay(struct standing *s, int64_t to_ms)
{
	int64_t n = s->points > 0 ? halvings(s->last_ms, to_ms) : 0;
	s->points = n < 31 ? s->points >> n : 0;
	if (s->points == 0)
		s->offences = 0;
}

struct standing order_reckon(const struct offence *all, size_t n, int64_t now_ms)
{
	struct standing s = { 0 };
	int steps = 0;
	for (size_t i = 0; i < n && all[i].at_ms <= now_ms; i++) {
		decay(&s, all[i].at_ms);
		s.points += all[i].points;
		s.offences++;
		s.last_ms = all[i].at_ms;
	}
	decay(&s, now_ms);
	if (s.offences == 0)
		return (struct standing){ .last_ms = s.last_ms };
	s.decays_at_ms = s.last_ms + CLEAN_MS + halvings(s.last_ms, now_ms) * AGAIN_MS;
	while (steps < STEPS && steps < s.offences && s.points >= ladder[steps].points)
		steps++;
	s.step = ladder[steps - 1].kind;
	return s;
}

err order_standing(struct conn *conn, person_id person, int64_t now_ms, struct arena *mem,
                   struct standing *out)
{
	struct offence *all;
	size_t n;
	err e = measures_offences(conn, person, mem, &all, &n);
	if (!failed(e))
		*out = order_reckon(all, n, now_ms);
	return e;
}

err order_my_standing(struct circle *c, person_id me, int64_t now_ms, struct arena *mem,
                      struct standing *out)
{
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(order_standing(conn, me, order_now(c, now_ms), mem, out));
out:
	store_read_end(c->store, &conn);
	return e;
}
