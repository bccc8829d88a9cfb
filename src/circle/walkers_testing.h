/* walkers_testing.h - a group on a stage, for tests: p02 founds it, all others are p02's friends and each other's strangers. */
#ifndef KITH_CIRCLE_WALKERS_TESTING_H
#define KITH_CIRCLE_WALKERS_TESTING_H

#include "circle/convene.h"
#include "circle/stage_testing.h"

#define AN 2
#define BO 3
#define CAI 4
#define DEE 5
#define WALKERS_PEOPLE 12

extern struct stage *s; /* of the test that runs */
extern group_id walkers;

int walkers_set_up(void **state);
int walkers_tear_down(void **state);
err walkers_invite(int by, int whom);
err walkers_accept(int who);
err walkers_leave(int who);
err walkers_remove_member(int by, int whom);
err walkers_hand_over(int by, int whom);
void walkers_join(int who);
err walkers_find(int who, struct seen_group *out);
size_t walkers_count_members(int who);
size_t walkers_count_groups(int who);
struct status_ref walkers_post(int author, const char *text);
size_t walkers_count_timeline(int who);
size_t walkers_count_notices(int who, unsigned kinds);

#endif
