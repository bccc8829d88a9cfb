/* Effects: reckoned from what is in force. Reads ask the world, which has limits of the few people with any; a write asks its
 * own transaction, which knows of what was committed a moment ago. */
#include "circle/order_private.h"

#include "circle/handle.h"
#include "circle/live.h"
#include "circle/world.h"

#include "store/comments.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/posts.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
/* In both languages, a line each: apps show it as it is. */
#define REASONS " The reasons, and how to appeal, are under measures.\n"
#define REASONS_ZH "理由和申诉方式见“处理记录”。"
#define SAY_FROZEN                                                                                 \
	"You cannot post or comment for a while." REASONS "你暂时不能发表内容或评论。" REASONS_ZH
#define SAY_FEWER_POSTS                                                                            \
	"For a while you can write three posts a day, and today's are written." REASONS            \
	"你暂时每天最多发表三条动态，今天的已经用完。" REASONS_ZH
#define SAY_FEWER_COMMENTS                                                                         \
	"For a while you can write three comments a day, and today's are written." REASONS         \
	"你暂时每天最多写三条评论，今天的已经用完。" REASONS_ZH
#define SAY_NO_CHANGES                                                                             \
	"You cannot change what you wrote for a while." REASONS                                    \
	"你暂时不能修改写过的内容。" REASONS_ZH
#define SAY_NO_FRIENDS                                                                             \
	"You cannot ask or accept friends for a while." REASONS                                    \
	"你暂时不能添加或接受朋友。" REASONS_ZH

static void lengthen(struct limit_of *limit, const struct measure *m)
{
	if (m->ends_at_ms > limit->until_ms)
		*limit = (struct limit_of){ m->ends_at_ms, m->id };
}

struct limited limited_by(const struct measure *all, size_t n, int64_t now_ms)
{
	struct limited limited = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (!measure_in_force(&all[i], now_ms))
			continue;
		switch (all[i].kind) {
		case MEASURE_FEWER:
			lengthen(&limited.fewer, &all[i]);
			break;
		case MEASURE_NO_FRIENDS:
			lengthen(&limited.no_friends, &all[i]);
			break;
		case MEASURE_FREEZE:
			lengthen(&limited.freeze, &all[i]);
			break;
		case MEASURE_SEAL:
			lengthen(&limited.seal, &all[i]);
			break;
		case MEASURE_HOLD:
		case MEASURE_LABEL:
		case MEASURE_FOLD:
		case MEASURE_NOTICE:
		case MEASURE_KINDS:
			break;
		}
	}
	return limited;
}

static err limits_in(struct conn *conn, person_id person, int64_t now_ms, struct arena *mem,
                     struct limited *out)
{
	struct measure *all;
	size_t n;
	err e = measures_on(conn, person, now_ms, mem, &all, &n);
	if (!failed(e))
		*out = limited_by(all, n, now_ms);
	return e;
}

err order_follow_person(struct order_change *change, struct conn *tx, int64_t now_ms,
                        struct arena *mem)
{
	struct person *p = &change->person;
	bool sealed;
	err e;
	change->on_person = true;
	TRY(limits_in(tx, change->measure.subject, now_ms, mem, &change->limited));
	TRY(people_find(tx, change->measure.subject, mem, p));
	sealed = change->limited.seal.until_ms != 0;
	if (p->status == PERSON_ERASED || (p->status == PERSON_SEALED) == sealed)
		return OK;
	p->status = sealed ? PERSON_SEALED : PERSON_ACTIVE;
	change->sealed_or_back = true;
	TRY(people_update(tx, p));
out:
	return e;
}

static void keep_running(struct limit_of *limit, int64_t now_ms)
{
	if (limit->until_ms <= now_ms)
		*limit = (struct limit_of){ 0 };
}

struct limited order_limits(const struct circle *c, person_id person, int64_t now_ms)
{
	struct limited limited;
	now_ms = order_now(c, now_ms);
	world_lock(c->world);
	limited = world_limited(c->world, person);
	world_unlock(c->world);
	keep_running(&limited.fewer, now_ms);
	keep_running(&limited.no_friends, now_ms);
	keep_running(&limited.freeze, now_ms);
	keep_running(&limited.seal, now_ms);
	return limited;
}

static err refuse(enum err_code code, const char *say) { return (err){ code, say, NULL, say }; }

/* While only fewer are allowed: for how long there is none. The next is when the last three are not all of the last 24 hours any more,
 * or the measure is over. */
static err fewer_wait(struct conn *tx, person_id person, enum order_deed deed,
                      const struct limited *limited, int64_t now_ms, int64_t *wait_ms)
{
	int64_t id = 0, left_ms = limited->fewer.until_ms - now_ms;
	err e = OK;
	*wait_ms = left_ms;
	if (deed == ORDER_PAST_POST)
		return OK;
	if (deed == ORDER_COMMENT) {
		comment_id third;
		TRY(comments_nth_latest(tx, person, FEWER_POSTS_A_DAY, &third));
		id = third.v;
	} else {
		post_id third;
		TRY(posts_nth_latest(tx, person, FEWER_POSTS_A_DAY, &third));
		id = third.v;
	}
	int64_t day_ms = snowflake_ms(id) + DAY_MS + 1 - now_ms;
	if (day_ms > DAY_MS + 1) /* written by a clock that was ahead */
		day_ms = DAY_MS + 1;
	*wait_ms = day_ms <= 0 ? 0 : day_ms < left_ms ? day_ms : left_ms;
out:
	return e;
}

static err check_fewer(struct conn *tx, person_id person, enum order_deed deed,
                       const struct limited *limited, int64_t now_ms)
{
	int64_t wait_ms;
	err e = fewer_wait(tx, person, deed, limited, now_ms, &wait_ms);
	if (!failed(e) && wait_ms > 0)
		e = refuse(ERR_LIMIT, deed == ORDER_COMMENT ? SAY_FEWER_COMMENTS : SAY_FEWER_POSTS);
	return e;
}

err order_may(struct circle *c, struct conn *tx, person_id person, enum order_deed deed,
              int64_t now_ms, struct arena *mem)
{
	bool writes = deed != ORDER_CHANGE && deed != ORDER_BEFRIEND;
	struct limited limited = { 0 };
	err e;
	now_ms = order_now(c, now_ms);
	TRY(limits_in(tx, person, now_ms, mem, &limited));
	if (deed == ORDER_BEFRIEND)
		return limited.no_friends.until_ms ? refuse(ERR_DENIED, SAY_NO_FRIENDS) : OK;
	if (limited.freeze.until_ms)
		return refuse(ERR_DENIED, writes ? SAY_FROZEN : SAY_NO_CHANGES);
	if (writes && limited.fewer.until_ms)
		TRY(check_fewer(tx, person, deed, &limited, now_ms));
out:
	return e;
}

err order_wait(struct circle *c, person_id person, enum order_deed deed, int64_t now_ms,
               int64_t *wait_ms)
{
	struct limited limited = order_limits(c, person, now_ms);
	struct conn *conn = NULL;
	err e = OK;
	*wait_ms = 0;
	if (limited.fewer.until_ms == 0)
		return OK;
	TRY(store_read(c->store, &conn));
	TRY(fewer_wait(conn, person, deed, &limited, order_now(c, now_ms), wait_ms));
out:
	store_read_end(c->store, &conn);
	return e;
}
