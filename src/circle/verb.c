#include "circle/verb.h"

void door_open(struct door *door, struct conn *tx, struct arena *mem)
{
	door->facts = (struct see_store){ .conn = tx, .mem = mem };
	door->see = see_store_source(&door->facts);
}

err door_answer(const struct door *door, bool yes, const char *why)
{
	if (door->facts.broken)
		return err_system("a fact the door needs could not be read");
	return yes ? OK : err_missing(why);
}

err door_writer(const struct door *door, person_id me)
{
	bool active = door->see.person(door->see.ctx, me).active;
	if (door->facts.broken)
		return err_system("a fact the door needs could not be read");
	return active ? OK : err_denied("only active people write");
}

bool door_blocked(const struct door *door, person_id a, person_id b)
{
	return door->see.block(door->see.ctx, a, b) || door->see.block(door->see.ctx, b, a);
}

err door_reaches(const struct door *door, person_id me, person_id other)
{
	bool yes = see_card(&door->see, me, other);
	return door_answer(door, yes, "nobody this person may turn to");
}

err verb_write(struct circle *c, err (*work)(struct conn *tx, void *ctx), void (*after)(void *ctx),
               void *ctx)
{
	return store_write(c->store, (struct store_job){ work, after, ctx });
}
