/* convene.h - small private groups: who is in one sees its posts and everyone's reactions; to everyone else there is no such group.
 *
 * The owner counts as owner while active and a member; else the longest-standing active member does, with all of an owner's rights.
 * Two members who block each other stay members, and see neither each other's name in the group nor anything the other says there.
 * An invitation stands while its maker is in the group and the invited person may see their card. A group that ends leaves each
 * post to its author alone. ERR_MISSING, where nothing else is said, for a group one is not in: the same as for none; ERR_DENIED for a
 * member who does what is the owner's. */
#ifndef KITH_CIRCLE_CONVENE_H
#define KITH_CIRCLE_CONVENE_H

#include "circle/circle.h"
#include "model/group.h"

/* Title 1..GROUP_TITLE_MAX on one line, about 0..GROUP_ABOUT_MAX; both are screened: ERR_INPUT names "title" or "about", the words of
 * what would pass in `mem`. ERR_LIMIT field "groups" for who is in GROUPS_MAX already. */
MUST_CHECK err convene_create(struct circle *c, person_id me, str title, str about, int64_t now_ms,
                              struct arena *mem, group_id *out);
/* The owner; NULL: unchanged. */
MUST_CHECK err convene_change(struct circle *c, person_id me, group_id id, const str *title,
                              const str *about, int64_t now_ms, struct arena *mem);
MUST_CHECK err convene_delete(struct circle *c, person_id me, group_id id, int64_t now_ms);
/* Any member, their own friends: ERR_INPUT field "account_id" for anybody else. Fine for who is in it or invited already. ERR_LIMIT field
 * "members" when members and invited ones are GROUP_MEMBERS_MAX. */
MUST_CHECK err convene_invite(struct circle *c, person_id me, group_id id, person_id other,
                              int64_t now_ms);
/* Fine for a member. ERR_LIMIT field "groups" for who is in GROUPS_MAX already. */
MUST_CHECK err convene_accept(struct circle *c, person_id me, group_id id, int64_t now_ms);
/* Leaves or declines; the invitations one has made go too. The owner must have handed over (ERR_INPUT field "owner"); the last one ends
 * the group. */
MUST_CHECK err convene_leave(struct circle *c, person_id me, group_id id, int64_t now_ms);
/* The owner; a member or an invited one, fine for anybody else. ERR_INPUT field "account_id" for oneself. */
MUST_CHECK err convene_remove(struct circle *c, person_id me, group_id id, person_id other,
                              int64_t now_ms);
/* The owner, to a member they see: ERR_INPUT field "account_id" for anybody else. */
MUST_CHECK err convene_hand_over(struct circle *c, person_id me, group_id id, person_id other,
                                 int64_t now_ms);

/* A group as one viewer sees it. */
struct seen_group {
	struct group group;     /* owner: who counts as owner now; 0 behind a block */
	enum group_state state; /* of the viewer: member or invited */
	bool owned;             /* by the viewer */
	person_id invited_by;   /* who invited the viewer, if their card may be seen; else 0 */
	int members;            /* that the viewer sees, themselves among them; 0 for the invited */
};
struct seen_group_member {
	person_id person;
	bool owner;
	int64_t joined_at_ms;
};
/* Members and the invited. */
MUST_CHECK err convene_find(struct circle *c, person_id me, group_id id, struct arena *mem,
                            struct seen_group *out);
/* Mine, newest first, then those I am invited to. */
MUST_CHECK err convene_all(struct circle *c, person_id me, struct arena *mem,
                           struct seen_group **out, size_t *n);
/* Members alone; those the viewer may see, the longest-standing first. */
MUST_CHECK err convene_members(struct circle *c, person_id me, group_id id, struct arena *mem,
                               struct seen_group_member **out, size_t *n);

#endif
