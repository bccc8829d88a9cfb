/* entity.h - nouns as the JSON of the Mastodon client API, with kith's own fields beside.
 *
 * Each writer adds one JSON value to `b`, without a comma before it. All that appears was let through the door by
 * circle/read.h for `c->me`. A writer that comes back ERR_MISSING (someone vanished since) has written nothing; the
 * ones for lists leave such an item out. Source: the OpenAPI description of Mastodon 4. */
#ifndef KITH_API_ENTITY_H
#define KITH_API_ENTITY_H

#include "api/call.h"
#include "circle/befriend.h"
#include "model/lead.h"
#include "model/measure.h"

/* People. */
void entity_account(struct call *c, struct buf *b, const struct person *person);
/* The same by id, looked up through the door, written once an answer and copied after. */
MUST_CHECK err entity_account_of(struct call *c, struct buf *b, person_id id);
/* A JSON list of accounts; those gone are left out. */
MUST_CHECK err entity_accounts(struct call *c, struct buf *b, const person_id *ids, size_t n);
MUST_CHECK err entity_accounts_known(struct call *c, struct buf *b, const struct person *people,
                                     size_t n);
/* An account with more fields at its end: `more` is JSON members, e.g. `"kith_word":"..."`. */
void entity_account_with(struct call *c, struct buf *b, const struct person *person, str more);
/* One's own, with `source`, `role` and kith_role, kith_range, kith_sealed, kith_second_factor, kith_demo. */
MUST_CHECK err entity_own_account(struct call *c, struct buf *b, const struct person *person);
void entity_relationship(struct call *c, struct buf *b, const struct relation *relation);
void entity_list(struct call *c, struct buf *b, const struct list *list);
/* {id, title}, or null for none. */
void entity_group(struct buf *b, group_id id, str title);

/* Pictures. */
void entity_media(struct call *c, struct buf *b, const struct media *media);
void entity_media_list(struct call *c, struct buf *b, const struct media *media, size_t n);
/* The address of one size, as JPEG; and {webp, jpeg}, or null for id 0. */
void entity_picture(struct call *c, struct buf *b, media_id id, enum media_size size);
void entity_sources(struct call *c, struct buf *b, media_id id, enum media_size size);

/* Pieces. */
MUST_CHECK err entity_status(struct call *c, struct buf *b, const struct seen_post *post);
MUST_CHECK err entity_comment(struct call *c, struct buf *b, const struct seen_comment *comment);
/* The same with `text` as written: for the author who takes it back. */
MUST_CHECK err entity_status_with_text(struct call *c, struct buf *b, const struct seen_post *post);
MUST_CHECK err entity_comment_with_text(struct call *c, struct buf *b,
                                        const struct seen_comment *comment);
/* JSON lists. */
MUST_CHECK err entity_statuses(struct call *c, struct buf *b, const struct seen_post *posts,
                               size_t n);
MUST_CHECK err entity_comments(struct call *c, struct buf *b, const struct seen_comment *comments,
                               size_t n);
/* A PreviewCard, or null. */
void entity_card(struct buf *b, const struct card *card);
/* Where the card's address leads, shown beside its title: a title may say anything. Of a card with an address. */
str entity_card_host(const struct card *card);
/* StatusSource; and StatusEdit: what a piece said at one time, with the names it names now. */
void entity_source(struct buf *b, int64_t id, str text);
struct edit {
	person_id author;
	const struct version *version;
	const struct media *media; /* of what it says now: pictures have no past */
	size_t n_media;
	size_t n_mentions;
	const struct person *mentions;
};
MUST_CHECK err entity_edit(struct call *c, struct buf *b, const struct edit *edit);

MUST_CHECK err entity_notification(struct call *c, struct buf *b, const struct seen_notice *notice);
/* Mastodon's word for a notice: "favourite", "mention", "follow_request", "follow", "moderation_warning". */
const char *entity_notice_type(enum notice_kind kind);

/* The reader's own filters (api_filter.c), and a JSON list of those that match words of somebody else. */
struct filter;
struct filter_word;
void entity_filter(struct buf *b, const struct filter *filter);
void entity_filter_words(struct buf *b, const struct filter *filter); /* a JSON list */
void entity_filter_word(struct buf *b, const struct filter_word *word);
/* As version 1 has it: one a word. */
void entity_filter_old(struct buf *b, const struct filter *filter, const struct filter_word *word);
void entity_filtered(struct call *c, struct buf *b, str text);

/* Mastodon's Report, of one request: at least one, on `target`. And one of my own, with what became of it. */
MUST_CHECK err entity_report(struct call *c, struct buf *b, const struct report *reports, size_t n,
                             const struct person *target);
MUST_CHECK err entity_own_report(struct call *c, struct buf *b, const struct report *report);
/* The server's rules as a JSON list; and which category a rule stands for, false when there is none. */
void entity_rules(struct buf *b);
bool entity_rule_of(int64_t id, enum report_category *out);

/* A measure on a piece: the statement of reasons, docs/api.md. */
struct seen_measure;
MUST_CHECK err entity_measure(struct call *c, struct buf *b, const struct seen_measure *measure);
/* What is in force on a piece, as JSON members after others: kith_measures and kith_fold. */
MUST_CHECK err entity_order(struct call *c, struct buf *b, const struct seen_order *order);
/* An appeal as its subject sees it; and, for its measure, the members `appeal`, `may_appeal` and `appeal_until`, with a comma before. */
struct seen_appeal;
struct appeal_prospect;
void entity_appeal(struct call *c, struct buf *b, const struct seen_appeal *appeal);
void entity_appeal_prospect(struct call *c, struct buf *b, const struct appeal_prospect *prospect);
/* Of a juror; of what one is asked; what everybody may know of a draw, and numbers, a line each, as a JSON list. */
struct seen_juror;
struct seen_seat;
struct seen_draw;
void entity_juror(struct buf *b, const struct seen_juror *juror);
void entity_seat(struct call *c, struct buf *b, const struct seen_seat *seat);
void entity_draw(struct buf *b, const struct seen_draw *draw);
void entity_numbers(struct buf *b, str list);
/* How the verdict came about, for stewards alone: JSON, or null. */
void entity_trace(struct buf *b, const struct measure *measure);

/* Where somebody stands on the ladder. */
struct standing;
void entity_standing(struct buf *b, const struct standing *standing);

/* Cases, for stewards: docs/api.md. */
struct case_line;
struct case_look;
void entity_case_line(struct call *c, struct buf *b, const struct case_line *line);
MUST_CHECK err entity_case(struct call *c, struct buf *b, const struct case_look *look);

#endif
