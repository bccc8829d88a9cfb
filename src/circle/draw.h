/* draw.h - who sits on a jury: a ranking that anyone can reckon again, and a walk along it.
 *
 *     list   the numbers of all who are willing, ascending, each followed by a line feed
 *     seed = BLAKE2b-256(root, number of the appeal in decimal)       root: of the log, published before the appeal was filed
 *     rank = ascending by BLAKE2b-256(seed, number of the juror)
 *
 * The list is walked from the front, and each one is seated or passed over; nobody is pulled forward. Who is seated is no party, no
 * friend within the hops, of another invitation branch and device than either side, and of another one than those seated before; and of
 * those who came by one invitation no more sit than its share of the circle gives room for.
 * Pure. tests/draw.py reckons the same from what is public. */
#ifndef KITH_CIRCLE_DRAW_H
#define KITH_CIRCLE_DRAW_H

#include "base/arena.h"
#include "base/str.h"
#include "model/plea.h"

#define DRAW_NUMBER_CHARS 16 /* hex digits of a juror's number */
#define DRAW_PERCENT 60      /* of the seats have to say the same */

str draw_list(const str *numbers, size_t n, struct arena *mem);
void draw_list_hash(str list, unsigned char out[HASH_BYTES]);
void draw_seed(const unsigned char root[HASH_BYTES], int64_t number, unsigned char out[HASH_BYTES]);
/* Places in `numbers`, the first to be asked first. */
const size_t *draw_order(const unsigned char seed[HASH_BYTES], const str *numbers, size_t n,
                         struct arena *mem);

/* How far somebody is from the nearest side. */
enum draw_distance {
	DRAW_BARRED, /* a side, or wrote a copy; of the same branch or device as a side; not in standing */
	DRAW_FRIEND, /* in standing or not: no step seats one */
	DRAW_SECOND, /* a friend's friend */
	DRAW_FAR
};
/* All of one draw, in its order. All is asked of few, so that who is far down need not be looked at. `alike`: of one branch or device,
 * so that one of them may sit; `i` sits already. `together`: they came by one invitation, and `room` is how many of so many seats may
 * be taken by those who came by the same one as `i` (draw_room). */
struct draw_circle {
	size_t n;
	enum draw_distance (*distance)(void *ctx, size_t i);
	bool (*alike)(void *ctx, size_t i, size_t j);
	bool (*together)(void *ctx, size_t i, size_t j);
	int (*room)(void *ctx, size_t i, int seats);
	void *ctx;
};
/* Of `seats`, what is for those who came by one invitation, where `came` of `all` accounts did: their share, rounded up, and never as
 * many as decide; a side that came by it takes one of them. All of the seats where 60 in 100 came by it: that is how one comes here. */
int draw_room(size_t came, size_t all, bool side, int seats);
struct drawn {
	enum appeal_step step; /* STEP_STEWARD: too few for any jury */
	int seats;
	size_t walked; /* from the front */
	bool *seated;  /* of those walked */
};
/* How far from every side somebody on a jury of this step has to be. */
enum draw_distance draw_least(enum appeal_step step);
/* Fewer than 2n+1 who may sit on a jury of n, whatever their invitations, or too few for n seats with the room those give, relax the rule
 * by a step: seven seats at two hops, at one hop, five, three. */
void draw_jury(const struct draw_circle *circle, struct arena *mem, struct drawn *out);
/* Walks on from place `from`, where those in `seated` sit or sat: the place of the next who may sit at this step, or n. Who left takes
 * no room of their invitation's any more; nobody who is alike comes after them all the same. */
struct draw_seat {
	size_t at;
	bool left;
};
size_t draw_next(const struct draw_circle *circle, enum appeal_step step,
                 const struct draw_seat *seated, size_t n_seated, size_t from);

/* Votes that decide, of so many seats. */
int draw_needed(int seats);
/* What so many seats have said, of which `left` may still vote. False: it is not settled yet. `*out` is VOTE_NONE when nothing can
 * have enough any more. Who would overturn a measure also wants it milder, where there are too few of them alone. */
struct tally {
	int seats, keep, overturn, milder, left;
};
bool draw_settled(const struct tally *tally, enum vote *out);

#endif
