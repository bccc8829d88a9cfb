/* tombstones.h - what was taken back, in a file of its own, so that an older database cannot bring it back.
 *
 * A deleted post, an ended friendship, a narrowed audience, a revoked session: each is written down as ids in the transaction that does
 * it, and stands in DIR/tombstones.log, synced, before its caller is answered. Opening a store whose database is older than its log
 * does again what the log knows and the database does not: restoring a backup, or copying a file by hand, undoes none of it.
 * Records are in the order of commits and may be applied twice; of several on one thing the last one counts. No words of anybody's are in
 * them: the names of rules, of those that turned themselves down, are the policy's.
 * What is given again where it was taken back is written down too for friendships, blocks, hides and tags; a like or a group joined
 * anew after the backup is lost like all that is new. */
#ifndef KITH_STORE_TOMBSTONES_H
#define KITH_STORE_TOMBSTONES_H

#include "model/id.h"
#include "store/store.h"

/* The numbers of each stand beside its row in tombstones_apply.c. */
enum tombstone_kind {
	TOMBSTONE_POST,
	TOMBSTONE_COMMENT,
	TOMBSTONE_PICTURE,
	TOMBSTONE_LIKE,
	TOMBSTONE_AUDIENCE,
	TOMBSTONE_TIE,
	TOMBSTONE_REQUEST,
	TOMBSTONE_BLOCK,
	TOMBSTONE_HIDE,
	TOMBSTONE_LIST,
	TOMBSTONE_LIST_MEMBER,
	TOMBSTONE_GROUP,
	TOMBSTONE_GROUP_OWNER,
	TOMBSTONE_GROUP_MEMBER,
	TOMBSTONE_GROUP_WITHDRAWN,
	TOMBSTONE_SESSION,
	TOMBSTONE_PASSWORD,
	TOMBSTONE_INVITE,
	TOMBSTONE_PERSON,
	TOMBSTONE_TOTP,
	TOMBSTONE_PASSKEY,
	TOMBSTONE_RECOVERY,
	TOMBSTONE_MEASURE,
	TOMBSTONE_ERASED,
	TOMBSTONE_BEGUN,
	TOMBSTONE_RULE_DOWN,
	TOMBSTONE_RULE_UP,
	TOMBSTONE_KINDS
};

/* With the rest of the transaction. */
MUST_CHECK err tombstones_add(struct conn *tx, enum tombstone_kind kind, const int64_t *numbers,
                              size_t n);
/* The same of a few numbers in place: TOMBSTONE(tx, TOMBSTONE_TIE, a.v, b.v, 0, 0). */
#define TOMBSTONE(tx, kind, ...)                                                                   \
	tombstones_add((tx), (kind), (const int64_t[]){ __VA_ARGS__ },                             \
	               sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))
/* Runs a statement of this room and, when it changed something, writes down what. */
struct stmt;
MUST_CHECK err tombstones_run(struct conn *tx, struct stmt *stmt, enum tombstone_kind kind,
                              const int64_t *numbers, size_t n);
#define TOMBSTONE_RUN(tx, stmt, kind, ...)                                                         \
	tombstones_run((tx), (stmt), (kind), (const int64_t[]){ __VA_ARGS__ },                     \
	               sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))

/* Of a rule, by its name. */
MUST_CHECK err tombstones_add_rule(struct conn *tx, enum tombstone_kind kind, str rule,
                                   const int64_t *numbers, size_t n);

/* What a log says of itself. */
struct tombstones_file {
	int64_t origin; /* the log and the databases that belong together; 0: none of its lines can be read */
	int64_t last; /* the highest number in it */
	int64_t bad;  /* line of the first fault before the end, 0: none */
	size_t bytes; /* up to the end of its last whole line: more is a line that was broken off */
};
/* ERR_MISSING when there is no such file. */
MUST_CHECK err tombstones_look(const char *path, struct tombstones_file *out);

#endif
