/* Accounts: making them, profile, sealing. Hashing is done before the transaction, everything that must hold when the
 * row is written is asked inside it. The interface is admit.h. */
#include "circle/admit.h"

#include "circle/befriend.h"
#include "circle/handle.h"
#include "circle/hold.h"
#include "circle/order.h"
#include "circle/password.h"
#include "circle/phrase.h"
#include "circle/secret.h"
#include "circle/verb.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/sessions.h"

#define SAY_NAME "A name has 1 to 60 characters in one line."
#define SAY_NOTE "A signature has at most 500 characters in one line."
#define SAY_QUESTION "A question has at most 120 characters in one line."
#define SAY_ANSWER_NEEDED "Say the answer that a friend would give."
#define SAY_QUESTION_NEEDED "There is no question that this would answer."
#define SEAL_REASON_MAX 500 /* as a steward's */
#define SAY_REASON "say why in 1 to 500 characters: it is told to them word for word."
#define SAY_INVITE "This invitation is not valid any more."

struct account_job {
	struct circle *c;
	struct arena *mem;
	struct person person;
	str key, hash;
	const secret_hash *invite; /* NULL: made from the shell */
	struct screening named;
	int64_t now_ms;
};

/* The invitation of somebody who has been sealed since is as good as none. */
static err use_invite(struct conn *tx, struct account_job *job)
{
	struct invite invite;
	struct person by;
	err e;
	TRY(invites_use(tx, job->invite, job->now_ms, &invite));
	job->person.invited_by = invite.by;
	job->person.invite = invite.id;
	if (invite.by.v == 0)
		return OK;
	TRY(people_find(tx, invite.by, job->mem, &by));
	if (by.status != PERSON_ACTIVE)
		e = err_missing("the inviter is not active");
out:
	return e.code == ERR_MISSING ? err_input("invite", SAY_INVITE) : e;
}

static err create_work(struct conn *tx, void *ctx)
{
	struct account_job *job = ctx;
	err e;
	if (job->invite != NULL)
		TRY(use_invite(tx, job));
	job->person.id = (person_id){ snowflake_next(job->c->ids) };
	TRY(people_insert(tx, &job->person, job->key, job->hash));
	TRY(hold_write_words(job->c, tx, &job->named, job->person.id));
out:
	return e;
}

static void create_after(void *ctx)
{
	struct account_job *job = ctx;
	world_set_person(job->c->world, &job->person, job->key);
	hold_after(job->c, &job->named);
}

/* Words of a profile: what would be held is refused, and nothing is changed. */
static err screen_line(struct circle *c, person_id author, str line, const char *field,
                       int64_t now_ms, struct arena *mem, struct screening *out)
{
	struct facts facts = {
		.kind = FACTS_PROFILE, .author = (uint64_t)author.v, .at_ms = now_ms, .text = line
	};
	return hold_refuse(c, &facts, field, mem, out);
}

static bool is_taken(struct circle *c, str key)
{
	world_lock(c->world);
	bool taken = world_person_by_key(c->world, key) != NULL;
	world_unlock(c->world);
	return taken;
}

static err create(struct account_job *job, const struct account_draft *draft, struct person *out)
{
	struct person *p = &job->person;
	err e;
	TRY(handle_check(draft->handle, draft->role != ROLE_MEMBER));
	TRY(phrase_line(draft->display_name, 0, DISPLAY_NAME_MAX, "display_name", SAY_NAME,
	                &p->display_name));
	if (job->invite != NULL)
		TRY(screen_line(job->c, (person_id){ 0 }, p->display_name, "display_name",
		                job->now_ms, job->mem, &job->named));
	if (draft->password.n > 0)
		TRY(password_check(draft->password, "password"));
	p->handle = draft->handle;
	if (p->display_name.n == 0)
		p->display_name = draft->handle;
	p->role = draft->role;
	p->invited_by = draft->invited_by;
	p->demo = draft->demo;
	p->created_at_ms = job->now_ms;
	job->key = handle_key(job->mem, draft->handle);
	if (is_taken(job->c,
	             job->key)) /* before a tenth of a second of hashing; the insert decides */
		return err_conflict("handle", "That name is taken.");
	if (draft->password.n > 0)
		TRY(password_hash(draft->password, job->mem, &job->hash));
	TRY(verb_write(job->c, create_work, create_after, job));
	*out = *p;
	out->handle = str_dup(job->mem, p->handle);
	out->display_name = str_dup(job->mem, p->display_name);
out:
	return e;
}

err admit_create(struct circle *c, const struct account_draft *draft, int64_t now_ms,
                 struct arena *mem, struct person *out)
{
	struct account_job job = { .c = c, .mem = mem, .now_ms = now_ms };
	return create(&job, draft, out);
}

err admit_sign_up(struct circle *c, str invite_code, const struct account_draft *draft,
                  int64_t now_ms, struct arena *mem, struct person *out)
{
	secret_hash invite = secret_hash_of(invite_code);
	struct account_job job = { .c = c, .mem = mem, .now_ms = now_ms, .invite = &invite };
	struct account_draft member = *draft;
	struct invite looked;
	str by;
	err e = admit_invite_look(c, invite_code, now_ms, mem, &looked, &by);
	if (e.code == ERR_MISSING)
		return err_input("invite", SAY_INVITE);
	if (failed(e))
		return e;
	if (draft->password.n == 0)
		return err_input("password", "A password has at least 8 characters.");
	member.role = ROLE_MEMBER; /* whatever was asked for */
	member.invited_by = (person_id){ 0 };
	return create(&job, &member, out);
}

static struct person copy_person(const struct person *p, struct arena *mem)
{
	struct person copy = *p;
	copy.handle = str_dup(mem, p->handle);
	copy.display_name = str_dup(mem, p->display_name);
	copy.note = str_dup(mem, p->note);
	copy.question = str_dup(mem, p->question);
	copy.answer = STR_NONE;
	return copy;
}

struct person_job {
	struct circle *c;
	person_id id;
	struct profile_draft profile;
	int64_t now_ms;
	struct arena *mem;
	struct person person; /* as it is after */
	struct screening named, noted, asked;
};

static void person_after(void *ctx)
{
	struct person_job *job = ctx;
	world_set_person(job->c->world, &job->person, handle_key(job->mem, job->person.handle));
	hold_after(job->c, &job->named);
	hold_after(job->c, &job->noted);
	hold_after(job->c, &job->asked);
}

/* A question without an answer could be answered by nobody, and the other way round it would be asked by none. */
static err set_question(struct person *p, const struct profile_draft *profile)
{
	if (profile->question != NULL && profile->question->n == 0) {
		p->question = p->answer = STR_NONE;
		return OK;
	}
	if (profile->question != NULL && profile->answer == NULL &&
	    !str_eq(*profile->question, p->question))
		return err_input("kith_answer", SAY_ANSWER_NEEDED);
	if (profile->question != NULL)
		p->question = *profile->question;
	if (profile->answer != NULL && p->question.n == 0)
		return err_input("kith_question", SAY_QUESTION_NEEDED);
	if (profile->answer != NULL)
		p->answer = *profile->answer;
	return OK;
}

static err profile_work(struct conn *tx, void *ctx)
{
	struct person_job *job = ctx;
	struct person *p = &job->person;
	err e;
	TRY(people_find(tx, job->id, job->mem, p));
	if (p->status != PERSON_ACTIVE)
		return err_denied("only active people change their profile");
	const struct profile_draft *profile = &job->profile;
	if (profile->display_name != NULL)
		p->display_name = profile->display_name->n > 0 ? *profile->display_name : p->handle;
	if (profile->note != NULL)
		p->note = *profile->note;
	if (profile->range != NULL)
		p->range = *profile->range;
	TRY(set_question(p, profile));
	TRY(people_update(tx, p));
	TRY(hold_write_words(job->c, tx, &job->named, job->id));
	TRY(hold_write_words(job->c, tx, &job->noted, job->id));
	TRY(hold_write_words(job->c, tx, &job->asked, job->id));
out:
	return e;
}

err admit_profile(struct circle *c, person_id me, const struct profile_draft *draft, int64_t now_ms,
                  struct arena *mem, struct person *out)
{
	struct person_job job = { .c = c, .id = me, .now_ms = now_ms, .mem = mem };
	struct profile_draft *profile = &job.profile;
	str name, note, question, answer;
	err e;
	profile->range = draft->range;
	if (draft->display_name != NULL) {
		TRY(phrase_line(*draft->display_name, 0, DISPLAY_NAME_MAX, "display_name", SAY_NAME,
		                &name));
		TRY(screen_line(c, me, name, "display_name", now_ms, mem, &job.named));
		profile->display_name = &name;
	}
	if (draft->note != NULL) {
		TRY(phrase_line(*draft->note, 0, NOTE_MAX, "note", SAY_NOTE, &note));
		TRY(screen_line(c, me, note, "note", now_ms, mem, &job.noted));
		profile->note = &note;
	}
	if (draft->question != NULL) {
		TRY(phrase_line(*draft->question, 0, QUESTION_MAX, "kith_question", SAY_QUESTION,
		                &question));
		TRY(screen_line(c, me, question, "kith_question", now_ms, mem, &job.asked));
		profile->question = &question;
	}
	if (draft->answer != NULL) {
		TRY(befriend_fold_answer(*draft->answer, mem, &answer));
		profile->answer = answer.n > 0 ? &answer : NULL;
	}
	TRY(verb_write(c, profile_work, person_after, &job));
	*out = copy_person(&job.person, mem);
out:
	return e;
}

struct seal_job {
	struct order_changes x;
	person_id person;
	const struct seal_draft *draft; /* NULL: lifts them */
	str reason;
	int64_t now_ms, from_ms;
};

static bool is_seal(const struct measure *m, int64_t now_ms)
{
	enum measure_state state = measure_state_at(m, now_ms);
	return m->kind == MEASURE_SEAL &&
	       (state == MEASURE_ACTIVE || state == MEASURE_KEPT || state == MEASURE_PROPOSED);
}

/* Every seal there is, also one that begins later or waits for a second look. */
static err lift_seals(struct conn *tx, struct seal_job *job)
{
	const struct order_end end = { .state = MEASURE_RELEASED, .decider = DECIDER_SHELL };
	struct measure *all;
	size_t n;
	err e;
	TRY(measures_on(tx, job->person, job->now_ms, job->x.mem, &all, &n));
	for (size_t i = 0; i < n; i++)
		if (is_seal(&all[i], job->now_ms))
			TRY(order_end(&job->x, tx, &all[i], &end, job->now_ms));
	TRY(order_settle(&job->x, tx, job->person, job->now_ms));
out:
	return e;
}

/* The shell's own that has not begun; a steward's that waits for another one is theirs to confirm. */
static err is_announced(struct conn *tx, struct seal_job *job, bool *out)
{
	struct measure *all;
	size_t n;
	err e;
	*out = false;
	TRY(measures_on(tx, job->person, job->now_ms, job->x.mem, &all, &n));
	for (size_t i = 0; i < n; i++)
		*out |= all[i].decider == DECIDER_SHELL && is_seal(&all[i], job->now_ms);
out:
	return e;
}

static err put_seal(struct conn *tx, struct seal_job *job)
{
	static const struct reason whys[] = {
		{ .rule = { HOLD_WORDS("order.seal") },
		  .clause = { HOLD_WORDS("o.9") },
		  .en = { HOLD_WORDS(
			  "The keeper of this circle seals this account. It takes effect "
			  "after a day, and can be appealed at once.") },
		  .zh = { HOLD_WORDS("本圈的管理者封存这个账号，一天后生效，现在就可以申诉。") } },
		{ .rule = { HOLD_WORDS("order.seized") },
		  .clause = { HOLD_WORDS("o.10") },
		  .en = { HOLD_WORDS("The keeper of this circle has sealed this account at once, "
		                     "since it is in somebody else's hands.") },
		  .zh = { HOLD_WORDS("这个账号落入他人手中，本圈的管理者已立即封存。") } },
	};
	const struct reason *why = &whys[job->draft->seized];
	const struct verdict verdict = { .reasons = why, .reason_count = 1 };
	struct measure seal = {
		.subject = job->person,
		.kind = MEASURE_SEAL,
		.rule = why->rule,
		.policy = S("order"),
		.evidence = hold_evidence(&verdict, job->x.mem),
		.starts_at_ms = job->now_ms + (job->draft->seized ? 0 : SECOND_LOOK_MS),
		.decider = DECIDER_SHELL,
		.decision_note = job->reason,
		.harm = HARM_CLASS_B,
	};
	err e = order_impose(&job->x, tx, &seal, job->now_ms);
	job->from_ms = seal.starts_at_ms;
	return e;
}

static err seal_work(struct conn *tx, void *ctx)
{
	struct seal_job *job = ctx;
	struct person person;
	bool announced = false;
	err e;
	TRY(people_find(tx, job->person, job->x.mem, &person));
	if (person.status == PERSON_ERASED)
		return err_missing("erased");
	if (job->draft == NULL)
		return lift_seals(tx, job);
	if (!job->draft->seized)
		TRY(is_announced(tx, job, &announced));
	if (person.status != PERSON_SEALED && !announced)
		TRY(put_seal(tx, job));
out:
	return e;
}

static void seal_after(void *ctx)
{
	struct seal_job *job = ctx;
	order_after(&job->x);
}

err admit_seal(struct circle *c, person_id person, const struct seal_draft *draft, int64_t now_ms,
               int64_t *from_ms)
{
	struct arena *mem = arena_new(4096);
	struct seal_job job = {
		.x = order_changes(c, mem), .person = person, .draft = draft, .now_ms = now_ms
	};
	err e;
	TRY(phrase_line(draft->reason, 1, SEAL_REASON_MAX, "reason", SAY_REASON, &job.reason));
	TRY(verb_write(c, seal_work, seal_after, &job));
	*from_ms = job.from_ms;
out:
	arena_free(mem);
	return e;
}

err admit_unseal(struct circle *c, person_id person, int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	struct seal_job job = { .x = order_changes(c, mem), .person = person, .now_ms = now_ms };
	err e = verb_write(c, seal_work, seal_after, &job);
	arena_free(mem);
	return e;
}

struct people {
	struct arena *mem;
	struct person *all;
	size_t n, cap;
};

static err add_person(const struct person *person, str handle_key_, void *ctx)
{
	struct people *people = ctx;
	(void)handle_key_;
	if (people->n == people->cap) {
		size_t cap = people->cap ? people->cap * 2 : 64;
		people->all = arena_grow(people->mem, people->all,
		                         people->cap * sizeof *people->all,
		                         cap * sizeof *people->all);
		people->cap = cap;
	}
	people->all[people->n++] = copy_person(person, people->mem);
	return OK;
}

err admit_list(struct circle *c, struct arena *mem, struct person **out, size_t *n)
{
	struct people people = { .mem = mem };
	struct conn *conn = NULL;
	err e;
	TRY(store_read(c->store, &conn));
	TRY(people_each(conn, add_person, &people));
	*out = people.all;
	*n = people.n;
out:
	store_read_end(c->store, &conn);
	return e;
}
