/* town_measure_testing.h - screenings, labels and folds for a small circle (town_testing.h). */
#ifndef KITH_CIRCLE_TOWN_MEASURE_TESTING_H
#define KITH_CIRCLE_TOWN_MEASURE_TESTING_H

#include "circle/town_testing.h"

/* Judged, once more each time: its number, which is that of a family when others copy it. */
int64_t town_screening(struct town *t, int author, struct status_ref piece);
/* A label or fold without end begins on the piece, for the `evidence`. */
measure_id town_measure(struct town *t, int subject, struct status_ref piece,
                        enum measure_kind kind, int64_t family, const char *evidence);
void town_end_measure(struct town *t, measure_id id);

#endif
