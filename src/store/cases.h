/* cases.h - tables cases, case_items and case_deeds: what waits for the stewards, of whom, and what was done about it.
 *
 * A person has one open case at most. Its origin, harm, clock and priority are reckoned from its items that are not done. */
#ifndef KITH_STORE_CASES_H
#define KITH_STORE_CASES_H

#include "model/case.h"
#include "store/store.h"

/* Gives it its number: so many above the latest. */
MUST_CHECK err cases_insert(struct conn *tx, struct order_case *one, int above);
MUST_CHECK err cases_find(struct conn *conn, case_id id, struct arena *mem, struct order_case *out);
/* The open one of this person. ERR_MISSING when there is none. */
MUST_CHECK err cases_open_of(struct conn *conn, person_id subject, struct arena *mem,
                             struct order_case *out);
/* Open ones of the origins `first` to `last`, in that order: of the house the gravest first, then the earlier day of their clock, then the
 * higher priority; from outside by their clock alone. From behind where `after` stands or stood last; NULL: from the front. */
MUST_CHECK err cases_queue(struct conn *conn, enum case_origin first, enum case_origin last,
                           const struct order_case *after, int limit, struct arena *mem,
                           struct order_case **out, size_t *n);
/* Those that were decided or lapsed, the latest first; `before` 0: from the newest. */
MUST_CHECK err cases_over(struct conn *conn, case_id before, int limit, struct arena *mem,
                          struct order_case **out, size_t *n);
/* Decided ones with a measure of this rule, the latest first. */
MUST_CHECK err cases_similar(struct conn *conn, str rule, case_id but, int limit, struct arena *mem,
                             struct order_case **out, size_t *n);
/* Compare-and-set: all but its number and subject, if its version is still `one->version`, which goes up by one. Else ERR_CONFLICT. */
MUST_CHECK err cases_save(struct conn *tx, struct order_case *one);
/* A claim changes no version: what was looked at is the same. */
MUST_CHECK err cases_claim(struct conn *tx, case_id id, person_id by, int64_t until_ms);
/* Origin, harm, clock and priority of `one` as its items that are not done have them; `waiting` of them. Nothing is written. */
MUST_CHECK err cases_reckon(struct conn *conn, struct order_case *one, size_t *waiting);

/* One that is there already gets the new harm, clock and priority and is not done. */
MUST_CHECK err cases_put_item(struct conn *tx, case_id in, const struct case_item *item);
/* ERR_MISSING when it waits in no case. */
MUST_CHECK err cases_of_item(struct conn *conn, enum case_item_kind kind, int64_t id, case_id *out);
/* Measures that wait in any case. */
MUST_CHECK err cases_waiting_measures(struct conn *conn, int limit, struct arena *mem,
                                      struct case_item **out, size_t *n);
/* By kind, up to `each` of every kind, so that none crowds out another; of one kind those that wait first, oldest first. */
MUST_CHECK err cases_items(struct conn *conn, case_id in, int each, struct arena *mem,
                           struct case_item **out, size_t *n);
MUST_CHECK err cases_set_done(struct conn *tx, case_id in, enum case_item_kind kind, int64_t id,
                              bool done);
/* The gravest of this kind, the first of those. ERR_MISSING when there is none. */
MUST_CHECK err cases_first_item(struct conn *conn, case_id in, enum case_item_kind kind,
                                struct case_item *out);
/* Of one that waits; the case's own is reckoned by who saves it. */
MUST_CHECK err cases_set_priority(struct conn *tx, case_id in, enum case_item_kind kind, int64_t id,
                                  int64_t priority);
/* How many of each kind; CASE_ITEM_KINDS numbers. */
MUST_CHECK err cases_count_items(struct conn *conn, case_id in, int *counts);
/* Whether this person is a party: it is about them, they wrote what it is about, a copy of that or what it stands under, or they reported
 * it. A copy is known by its measure, the first of them by its number. */
MUST_CHECK err cases_is_party(struct conn *conn, case_id in, person_id person, bool *party);
/* All items of `from` are in `to` then, all links and all deeds of it. */
MUST_CHECK err cases_move_items(struct conn *tx, case_id from, case_id to);
/* Other cases with copies of what this one has, the latest first. */
MUST_CHECK err cases_linked(struct conn *conn, case_id id, int limit, struct arena *mem,
                            struct order_case **out, size_t *n);
/* Cases in which something on this post waits: a measure on it, the appeal of one, a report of it. */
MUST_CHECK err cases_waiting_on(struct conn *conn, person_id post_author, post_id post, int limit,
                                struct arena *mem, case_id **out, size_t *n);
/* Pieces with a measure of this family of copies, oldest first. */
MUST_CHECK err cases_family(struct conn *conn, int64_t family, int limit, struct arena *mem,
                            struct status_ref **out, size_t *n);
/* Of which family of copies this piece is; 0: of none that is known. */
MUST_CHECK err cases_family_of(struct conn *conn, const struct status_ref *piece, int64_t *family);

MUST_CHECK err cases_insert_deed(struct conn *tx, const struct case_deed *deed);
/* Oldest first. */
MUST_CHECK err cases_deeds(struct conn *conn, case_id in, int limit, struct arena *mem,
                           struct case_deed **out, size_t *n);
/* All of one decision. */
MUST_CHECK err cases_set_undone(struct conn *tx, case_id in, int64_t decision);

#endif
