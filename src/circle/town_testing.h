/* town_testing.h - a small circle on a real store, for the tests of this room.
 *
 * Facts are written as the verbs write them, one committed job each with its change to the world after it, but without
 * the verbs' rules: a test can make any state. */
#ifndef KITH_CIRCLE_TOWN_TESTING_H
#define KITH_CIRCLE_TOWN_TESTING_H

/* In the order cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "circle/circle.h"
#include "circle/read.h"
#include "circle/world.h"

#define TOWN_PEOPLE 64
#define TOWN_NOW_MS INT64_C(1800000000000)

#define assert_ok(call)                                                                            \
	do {                                                                                       \
		err assert_ok_e = (call);                                                          \
		if (failed(assert_ok_e))                                                           \
			fail_msg("%s: %s", #call, assert_ok_e.why);                                \
	} while (0)
#define assert_fails(call, want) assert_int_equal((call).code, (want))

struct town {
	char folder[64];
	struct circle c;
	struct arena *mem;
	person_id people[TOWN_PEOPLE];
	int n_people;
	int64_t next_id;
	uint64_t seed;
	person_id mention; /* in the next piece; 0 for nobody */
};

/* With `n_people` people called p00, p01, ...; the first is a keeper. */
struct town *town_new(int n_people, uint64_t seed);
void town_free(struct town *t);
/* Closes the store, opens it again and loads the world anew: nothing in memory is left. */
void town_restart(struct town *t);
/* 0..below-1 */
int town_roll(struct town *t, int below);

void town_tie(struct town *t, int a, int b, bool on);
void town_befriend(struct town *t, int a, int b);
void town_block(struct town *t, int a, int b, bool on);
void town_hide(struct town *t, int a, int b, enum hide_kind kind, bool on);
void town_change_person(struct town *t, int p, enum person_status status, enum person_range range);
list_id town_list(struct town *t, int owner);
void town_drop_list(struct town *t, int owner, list_id list);
void town_member(struct town *t, int owner, list_id list, int member, bool on);
group_id town_group(struct town *t, int owner); /* the owner in it */
void town_group_member(struct town *t, group_id group, int member, bool on);

/* `age_ms` before TOWN_NOW_MS; ids ascend in the order of calls. */
struct status_ref town_post(struct town *t, int author, struct audience audience, int64_t age_ms,
                            const char *text);
void town_mention(struct town *t, int mentioned); /* in the next post or comment */
void town_delete_post(struct town *t, struct status_ref post);
/* Answers `to.comment` when set. */
struct status_ref town_comment(struct town *t, int author, struct status_ref to, int to_author,
                               const char *text);
void town_delete_comment(struct town *t, struct status_ref comment);
void town_like(struct town *t, int by, struct status_ref post, bool on);
/* Holds until the instant; 0 releases. */
void town_hold(struct town *t, int subject, struct status_ref piece, int64_t until_ms);
notice_id town_notice(struct town *t, struct notice notice);
void town_request(struct town *t, int from, int to, bool on);

/* Everything `v` is shown by home, moments, threads and likers, as text: two circles that show the same print the same. */
str town_dump(struct town *t, int v, struct page page);

#endif
