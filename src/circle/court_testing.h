/* court_testing.h - a measure on somebody, and people who judge it, on the stage of the tests of the verbs. */
#ifndef KITH_CIRCLE_COURT_TESTING_H
#define KITH_CIRCLE_COURT_TESTING_H

#include "circle/stage_testing.h"

#include "circle/appeal.h"
#include "circle/jury.h"

#define COURT_DAY_MS (INT64_C(24) * 3600 * 1000)
#define COURT_RULE "contact.disguised"
#define COURT_TEXT "加薇❤信 p02abc"

#define COURT_FAR_MS (30 * COURT_DAY_MS)
#define COURT_FIRST 4
#define COURT_JURORS 36

/* A keeper, a steward, two friends, and strangers who have all been here for long: from COURT_FIRST on they may be jurors. */
struct stage *court_open(bool screen, bool pictures);

/* A post by this person, held by the policy for so long; its measure. */
measure_id court_hold(struct stage *s, int author, int64_t for_ms, struct status_ref *post);
measure_id court_hold_post(struct stage *s, int author, struct status_ref post, int64_t for_ms);
/* On the person, by a steward. */
measure_id court_impose(struct stage *s, int subject, enum measure_kind kind, int steward);
/* A steward keeps or releases it. */
void court_end(struct stage *s, measure_id id, enum measure_state state, int steward);

/* People from..from+n-1 are jurors of long standing from now on. */
void court_jurors(struct stage *s, int from, int n);
/* Files it; gives its id. */
struct appeal court_file(struct stage *s, int subject, measure_id id);
struct appeal court_appeal(struct stage *s, appeal_id id);
struct seat *court_walk(struct stage *s, appeal_id id, size_t *n);
/* Whoever was asked and has not answered: the first `n` of them vote so. Gives how many did. */
int court_vote(struct stage *s, appeal_id id, int n, enum vote vote);
/* An appeal of p02 before seven of those strangers. */
struct appeal court_trial(struct stage *s, measure_id *id, struct status_ref *post);
size_t court_in_state(struct stage *s, appeal_id id, enum seat_state state);
struct seat court_seat(struct stage *s, appeal_id id, enum seat_state state, size_t nth);
err court_vote_as(struct stage *s, const struct seat *seat, enum vote what, struct seen_seat *out);
/* The clock goes on, and everything that is due is done. */
void court_wait(struct stage *s, int64_t ms);
/* Index of a person of the stage; -1: somebody else. */
int court_who(const struct stage *s, person_id person);
/* Records of this kind in the log. */
int court_records(struct stage *s, const char *kind);

#endif
