/* befriend.h - ask, accept, end, block, hide. Private tags: circle/tag.h, which comes along. */
#ifndef KITH_CIRCLE_BEFRIEND_H
#define KITH_CIRCLE_BEFRIEND_H

#include "circle/circle.h"
#include "circle/tag.h"
#include "model/friendship.h"
#include "model/person.h"

/* What `me` may know of `other`: own side only, so that nobody is told of being unfriended, hidden or blocked. */
struct relation {
	person_id other;
	bool friend_of_mine; /* my tie; Mastodon's following and followed_by */
	bool requested;      /* I asked, still open */
	bool requested_by;   /* they asked, still open */
	bool blocking;       /* I block them */
	bool hiding_theirs;  /* mute */
	bool hiding_mine;
};

/* Request with a word; counts as accepting when they asked first. A repeated request replaces the word.
 * ERR_MISSING when blocked either way or not active. B ended the friendship and A still has the tie: A asking
 * changes nothing, B asking restores it at once. At the cap: the request stays waiting and the answer is
 * ERR_LIMIT, field "friends", whose cap in `say`; nothing is lost. A word that would be held is
 * ERR_INPUT, field "kith_word", with the reason in `mem`. */
MUST_CHECK err befriend_request(struct circle *c, person_id me, person_id other, str word,
                                int64_t now_ms, struct arena *mem);
/* The same with an answer to their question, if they ask one: compared folded, kept with the request as right or open. The asker
 * never learns which, and a wrong one is no refusal. ERR_LIMIT field "kith_answer". */
MUST_CHECK err befriend_request_answering(struct circle *c, person_id me, person_id other, str word,
                                          str answer, int64_t now_ms, struct arena *mem);
/* As answers are compared: case, width and all spaces folded away; may be empty then. ERR_LIMIT field "kith_answer". */
MUST_CHECK err befriend_fold_answer(str answer, struct arena *mem, str *out);
/* ERR_MISSING without an open request; the cap of both sides holds in the same transaction. */
MUST_CHECK err befriend_accept(struct circle *c, person_id me, person_id from, int64_t now_ms);
/* The same, and puts them into these tags of mine in the same step: ERR_INPUT field "kith_lists" when one is not there. At a cap
 * nothing of it happens. */
MUST_CHECK err befriend_accept_into(struct circle *c, person_id me, person_id from,
                                    const list_id *lists, size_t n, int64_t now_ms);
MUST_CHECK err befriend_decline(struct circle *c, person_id me,
                                person_id from); /* ERR_MISSING without an open request of one
                                                    who is there for me, here as in accepting */
/* Ends my side of the friendship and withdraws my request; fine when there is neither. ERR_MISSING for nobody, ERR_INPUT
 * field "id" for oneself, here as everywhere below. */
MUST_CHECK err befriend_end(struct circle *c, person_id me, person_id other);
MUST_CHECK err befriend_block(struct circle *c, person_id me, person_id other,
                              int64_t now_ms); /* clears both ties and requests */
MUST_CHECK err befriend_unblock(struct circle *c, person_id me, person_id other);
/* What I hid I may see to again also of one I block since; of one who blocks me nothing is there. */
MUST_CHECK err befriend_hide_theirs(struct circle *c, person_id me, person_id other, bool on,
                                    int64_t now_ms);
MUST_CHECK err befriend_hide_mine(struct circle *c, person_id me, person_id other, bool on,
                                  int64_t now_ms);

/* ERR_MISSING for nobody, for one who blocks me and for the sealed to whom nothing of mine points; for one I block the
 * relation says so. */
MUST_CHECK err befriend_relation(struct circle *c, person_id me, person_id other,
                                 struct relation *out);
/* My friends (my ties) by id, highest first, those sealed since left out; `before` is the last id of the page before, or
 * 0. People who asked me / whom I asked; whom I block; whose posts I hide. */
MUST_CHECK err befriend_friends(struct circle *c, person_id me, int64_t before, int limit,
                                struct arena *mem, person_id **out, size_t *n);
MUST_CHECK err befriend_asked_me(struct circle *c, person_id me, int limit, struct arena *mem,
                                 struct friend_request **out, size_t *n);
/* Who invited `other` to this server, as far as I may see their card; 0: nobody, or nobody I may know of. */
person_id befriend_inviter(struct circle *c, person_id me, person_id other);
MUST_CHECK err befriend_i_asked(struct circle *c, person_id me, int limit, struct arena *mem,
                                struct friend_request **out, size_t *n);
MUST_CHECK err befriend_blocked(struct circle *c, person_id me, struct arena *mem, person_id **out,
                                size_t *n);
MUST_CHECK err befriend_hidden(struct circle *c, person_id me, struct arena *mem, person_id **out,
                               size_t *n);

#endif
