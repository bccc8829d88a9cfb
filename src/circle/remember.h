/* remember.h - what the engine knows of earlier pieces while the circle runs: one past, read by all who write, changed only
 * after a commit and in the order of commits.
 *
 * The store has every observation, so the past is made again from there: at start in the background, while pieces are judged
 * with a past that is unknown, which is never evidence against anybody. */
#ifndef KITH_CIRCLE_REMEMBER_H
#define KITH_CIRCLE_REMEMBER_H

#include "circle/circle.h"
#include "integrity/behaviour/past.h"
#include "model/facts.h"
#include "model/screened.h"
#include "model/verdict.h"

struct memory;

/* Takes the engine; reads the store until stop. */
MUST_CHECK err remember_open(struct circle *c, struct engine **engine);
void remember_stop(struct circle *c);  /* before the store closes */
void remember_close(struct circle *c); /* after it: its last commits are still observed */
/* What was observed before its commit, and then was not committed, is forgotten: the past is made again from the store. */
void remember_again(struct circle *c);
/* Until what the store knows is remembered: for bulk loads and tests. */
void remember_wait(struct circle *c);

/* The engine's answer with the past as it is; `*as_of_seq` is the last piece it knew, -1 when it knew none. */
MUST_CHECK err remember_screen(const struct circle *c, const struct facts *facts, struct arena *mem,
                               struct verdict *verdict, int64_t *as_of_seq);
/* In the transaction of the piece, on the writer's thread: gives the number of commit and writes the row. */
MUST_CHECK err remember_write(struct circle *c, struct conn *tx, struct screened *screened);
/* After its commit, on the writer's thread; or within a bulk's transaction, which calls remember_again when it fails. Nothing for
 * what was not written. */
void remember_after(struct circle *c, const struct screened *screened);

/* Judges by another engine from the next piece on: takes it, makes the past for its windows while others go on, and lets both take
 * their place at once. `record` writes down that it is so, before; who swaps at the same time waits his turn. */
MUST_CHECK err remember_swap(struct circle *c, struct engine **engine, err (*record)(void *ctx),
                             void *ctx);
/* What it keeps of earlier pieces, in bytes; 0 while it is being made. */
size_t remember_bytes(const struct circle *c);
/* Hash of the policy that is judged by now, in `mem`. */
str remember_policy(const struct circle *c, struct arena *mem);

/* Rules of that policy that are live, and whether this is one. */
void remember_rules(const struct circle *c, struct arena *mem, str **out, size_t *n);
bool remember_has_rule(const struct circle *c, str rule);
/* Of a rule of that policy, in `mem`; empty for any other. */
str remember_clause(const struct circle *c, str rule, struct arena *mem);
/* Calls `look` with the policy that is judged by now; what it keeps it copies. Nothing when nothing is screened. */
void remember_look(const struct circle *c, void (*look)(const struct policy *policy, void *ctx),
                   void *ctx);

/* A past that is the caller's, used by one thread at a time: judged beside it, and made anew, empty, where it is NULL or was made for
 * another engine. */
struct aside {
	struct past *past;
	uint64_t engine; /* which one it was made for */
};
MUST_CHECK err remember_aside(const struct circle *c, struct aside *aside,
                              struct past_limits limits, const struct facts *facts,
                              struct arena *mem, struct verdict *verdict);

/* For those who make a past of their own from the store: an empty one, how far back a piece can matter to it, the words of a piece
 * (empty when they are gone, or were beside a piece), and an observation made to fit another policy than it was written under. */
struct past *remember_past(const struct engine *engine);
int64_t remember_span_ms(const struct engine *engine);
MUST_CHECK err remember_text(struct conn *conn, const struct screened *screened, struct arena *mem,
                             str *text);
MUST_CHECK err remember_fit(const struct engine *engine, struct conn *conn,
                            struct screened *screened, struct arena *mem);

#endif
