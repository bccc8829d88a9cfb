#include "circle/verb.h"

#include "circle/live.h"

#include "store/notices.h"

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

struct told {
	person_id reader;
	notice_id id;
	case_id in; /* not 0: of a case, not of a notice */
};

/* A job on its way: what was told in it is kept until it is committed. */
struct verb {
	struct circle *c;
	err (*work)(struct conn *tx, void *ctx);
	void (*after)(void *ctx);
	void *ctx;
	struct arena *mem; /* of `told`; made when it is needed */
	struct told *told;
	size_t n, cap;
};

static err work(struct conn *tx, void *ctx)
{
	struct verb *verb = ctx;
	verb->c->writing = verb;
	err e = verb->work(tx, verb->ctx);
	verb->c->writing = NULL;
	return e;
}

static void after(void *ctx)
{
	const struct verb *verb = ctx;
	if (verb->after != NULL)
		verb->after(verb->ctx);
	for (size_t i = 0; i < verb->n; i++) {
		const struct told *told = &verb->told[i];
		if (told->in.v != 0)
			live_case(verb->c->live, told->in);
		else
			live_notice(verb->c->live, told->reader, told->id);
	}
}

err verb_write(struct circle *c, err (*work_)(struct conn *tx, void *ctx),
               void (*after_)(void *ctx), void *ctx)
{
	struct verb verb = { .c = c, .work = work_, .after = after_, .ctx = ctx };
	err e = store_write(c->store, (struct store_job){ work, after, &verb });
	arena_free(verb.mem);
	return e;
}

static void tell_afterwards(struct circle *c, struct told told)
{
	struct verb *verb = c->writing;
	if (verb == NULL || c->live == NULL)
		return;
	if (verb->mem == NULL)
		verb->mem = arena_new(1024);
	if (verb->n == verb->cap) {
		size_t cap = verb->cap ? 2 * verb->cap : 8;
		verb->told = arena_grow(verb->mem, verb->told, verb->cap * sizeof(struct told),
		                        cap * sizeof(struct told));
		verb->cap = cap;
	}
	verb->told[verb->n++] = told;
}

void verb_case(struct circle *c, case_id id)
{
	struct verb *verb = c->writing;
	for (size_t i = 0; verb != NULL && i < verb->n; i++)
		if (verb->told[i].in.v == id.v)
			return;
	tell_afterwards(c, (struct told){ .in = id });
}

err verb_tell(struct circle *c, struct conn *tx, const struct notice *notice)
{
	err e = notices_insert(tx, notice);
	if (!failed(e))
		tell_afterwards(c, (struct told){ .reader = notice->reader, .id = notice->id });
	return e;
}
