/* see.h - the one door: who may see what, decided at every read.
 *
 * The predicates of PRODUCT.md section 2, word for word, and nothing else. Pure: facts come through a
 * `struct see_source`, so the same predicates run over memory (reads), over a transaction (writes) and over an
 * enumeration of every small world (test). A fact that cannot be read makes the answer "no": a source that fails
 * says inactive, no tie, a block, hidden, no member, and `in_list` true with `*deleted` true, which no audience admits. */
#ifndef KITH_CIRCLE_SEE_H
#define KITH_CIRCLE_SEE_H

#include <stdbool.h>

#include "model/media.h"
#include "model/person.h"
#include "model/post.h"

struct see_person {
	bool active; /* exists and neither sealed nor erased */
	enum person_role role;
	enum person_range range;
};

struct see_source {
	const void *ctx;
	struct see_person (*person)(const void *ctx, person_id p);
	bool (*tie)(const void *ctx, person_id a, person_id b);   /* a counts b as a friend */
	bool (*block)(const void *ctx, person_id a, person_id b); /* a blocks b */
	bool (*hides_mine)(const void *ctx, person_id a,
	                   person_id b); /* a does not let b see a's posts */
	/* b is a member of owner's list now, or was when a deleted list was deleted; `*deleted` says which. */
	bool (*in_list)(const void *ctx, person_id owner, list_id list, person_id b, bool *deleted);
	/* p is a member of the group now, and the group is there; an invitation is not enough. */
	bool (*in_group)(const void *ctx, group_id g, person_id p);
};

bool see_friends(const struct see_source *s, person_id a, person_id b);
bool see_apart(const struct see_source *s, person_id a, person_id b);
bool see_post(const struct see_source *s, person_id v, const struct post_gate *p, int64_t now_ms);
/* May v see what u did on p? */
bool see_act(const struct see_source *s, person_id v, const struct post_gate *p, person_id u,
             int64_t now_ms);
bool see_comment(const struct see_source *s, person_id v, const struct post_gate *p,
                 const struct comment_gate *c, int64_t now_ms);
/* The halves of see_act and see_comment after see_post(v, p) has been answered yes: for loops over one post. */
bool see_act_on_seen(const struct see_source *s, person_id v, const struct post_gate *p,
                     person_id u);
bool see_comment_on_seen(const struct see_source *s, person_id v, const struct post_gate *p,
                         const struct comment_gate *c, int64_t now_ms);
bool see_like(const struct see_source *s, person_id v, const struct post_gate *p, person_id liker,
              int64_t now_ms);
bool see_card(const struct see_source *s, person_id v, person_id u);
/* Beyond the card, of one whose card v may see: signature and album. */
bool see_profile(const struct see_source *s, person_id v, person_id u);
/* Steward or keeper, active, the piece held now, and no party to it (author of piece or post). The caller writes the access row. */
bool see_review(const struct see_source *s, person_id steward, person_id piece_author,
                person_id post_author, int64_t held_until_ms, int64_t now_ms);
/* Not yet used: the uploader; a post's: see_post, `post` being its gate (NULL when it could not be found); the owner's picture: who
 * may see the card; the cover: who may see the profile too. */
bool see_picture(const struct see_source *s, person_id v, const struct media *m,
                 const struct post_gate *post, int64_t now_ms);
/* Members alone; to everyone else there is no such group. */
bool see_group(const struct see_source *s, person_id v, group_id g);
/* Audience alone: does it admit v, lists and members evaluated now? The author is always admitted. */
bool see_admits(const struct see_source *s, person_id v, person_id author,
                const struct audience *audience);

#endif
