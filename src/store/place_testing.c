#include "store/place_testing.h"

#include "store/appeals.h"
#include "store/audits.h"
#include "store/checks.h"
#include "store/comments.h"
#include "store/groups.h"
#include "store/jurors.h"
#include "store/measures.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/seats.h"
#include "store/ties.h"

#include <stdlib.h>

const person_id anna = { 101 }, ben = { 102 }, cleo = { 103 };

int place_set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	assert_non_null(p);
	make_quick_folder(p->folder);
	p->mem = arena_new(16 * 1024);
	assert_ok(store_open(&(struct store_settings){ .folder = p->folder }, &p->store));
	*state = p;
	return 0;
}

int place_tear_down(void **state)
{
	struct place *p = *state;
	store_close(p->store);
	remove_folder(p->folder);
	arena_free(p->mem);
	free(p);
	return 0;
}

static err add_person(struct conn *tx, person_id id, const char *handle)
{
	struct person person = {
		.id = id, .handle = str_of(handle), .display_name = S("A name"), .role = ROLE_KEEPER
	};
	return people_insert(tx, &person, person.handle, S("a hash"));
}

static err add_group(struct conn *tx, int64_t id, person_id owner, person_id other)
{
	struct group group = { .id = { id }, .owner = owner, .title = S("Club") };
	struct group_member first = { owner, GROUP_MEMBER, owner, 1 };
	struct group_member second = { other, GROUP_MEMBER, owner, 2 };
	err e;
	TRY(groups_insert(tx, &group));
	TRY(group_members_set(tx, group.id, &first));
	if (other.v != 0)
		TRY(group_members_set(tx, group.id, &second));
out:
	return e;
}

err place_life(struct conn *tx, void *ctx)
{
	struct post hers = { .gate = { .id = { 1 }, .author = anna }, .text = S("Hers") };
	struct post bens = { .gate = { .id = { 2 }, .author = ben }, .text = S("Bens") };
	struct comment on_bens = {
		.gate = { .post_author = ben, .post = { 2 }, .id = { 3 }, .author = anna },
		.text = S("Hers too")
	};
	struct comment on_hers = {
		.gate = { .post_author = anna, .post = { 1 }, .id = { 4 }, .author = ben },
		.text = S("Under hers")
	};
	struct audit_salt hers_in_log = { .person = anna, .seq = 1, .concerned = true };
	struct audit_salt bens_in_log = { .person = ben, .seq = 1 };
	(void)ctx;
	err e;
	TRY(audit_salts_insert(tx, &hers_in_log));
	TRY(audit_salts_insert(tx, &bens_in_log));
	TRY(add_person(tx, anna, "anna"));
	TRY(add_person(tx, ben, "ben"));
	TRY(add_person(tx, cleo, "cleo"));
	TRY(posts_insert(tx, &hers));
	TRY(posts_insert(tx, &bens));
	TRY(comments_insert(tx, &on_bens));
	TRY(comments_insert(tx, &on_hers));
	TRY(ties_set(tx, anna, ben, 1));
	TRY(ties_set(tx, cleo, anna, 1));
	TRY(blocks_set(tx, cleo, anna, 1));
	TRY(add_group(tx, 10, anna, ben));
	TRY(add_group(tx, 11, anna, (person_id){ 0 }));
	TRY(add_group(tx, 12, cleo, anna));
out:
	return e;
}

static err measure(struct conn *tx, int64_t id, enum measure_kind kind, enum measure_state state,
                   struct status_ref piece)
{
	struct measure m = { .id = { id },
		             .subject = anna,
		             .kind = kind,
		             .state = state,
		             .post_author = piece.post_author,
		             .post = piece.post,
		             .comment = piece.comment,
		             .rule = S("a.rule"),
		             .evidence = S("{\"words\":1}"),
		             .decision_note = S("a note"),
		             .starts_at_ms = 1,
		             .ends_at_ms = 500,
		             .due_at_ms = state == MEASURE_PROPOSED ? 400 : 0 };
	return measures_insert(tx, &m);
}

err place_measures(struct conn *tx, void *ctx)
{
	const struct status_ref hers = { anna, { 1 }, { 0 } }, under = { ben, { 2 }, { 3 } },
				none = { { 0 }, { 0 }, { 0 } };
	struct person sealed = { .id = anna, .status = PERSON_SEALED, .handle = S("anna") };
	(void)ctx;
	err e;
	TRY(measure(tx, 30, MEASURE_HOLD, MEASURE_ACTIVE, hers));
	TRY(measure(tx, 31, MEASURE_HOLD, MEASURE_KEPT, under));
	TRY(measure(tx, 32, MEASURE_SEAL, MEASURE_KEPT, none));
	TRY(measure(tx, 33, MEASURE_SEAL, MEASURE_PROPOSED, none));
	TRY(measure(tx, 34, MEASURE_FREEZE, MEASURE_LAPSED, none));
	TRY(people_update(tx, &sealed));
out:
	return e;
}

static err appeal(struct conn *tx, int64_t id, person_id subject, int64_t measure)
{
	struct appeal a = { .subject = subject,
		            .id = { id },
		            .measure = { measure },
		            .nth = 1,
		            .words = S("words"),
		            .way = APPEAL_BY_JURY,
		            .seats = 3,
		            .note = S("") };
	return appeals_insert(tx, &a);
}

static err seat(struct conn *tx, int64_t appeal, int place, person_id person, enum seat_state state)
{
	struct seat s = { .appeal = { appeal },
		          .place = place,
		          .id = appeal * 10 + place,
		          .person = person,
		          .number = S("00c0ffee00c0ffee"),
		          .state = state,
		          .vote = state == SEAT_VOTED ? VOTE_KEEP : VOTE_NONE,
		          .note = S("words") };
	return seats_insert(tx, &s);
}

err place_appeals(struct conn *tx, void *ctx)
{
	struct measure bens = { .id = { 40 },
		                .subject = ben,
		                .kind = MEASURE_NOTICE,
		                .rule = S("a.rule"),
		                .ends_at_ms = 500,
		                .due_at_ms = 500 };
	struct juror juror = { .person = anna, .number = S("00c0ffee00c0ffee") };
	struct juror_check known = { .person = anna, .id = 70, .text = S("text"), .note = S("") };
	unsigned char none[HASH_BYTES] = { 0 };
	err e;
	(void)ctx;
	TRY(measures_insert(tx, &bens));
	TRY(juror_lists_put(tx, none, S("00c0ffee00c0ffee\n")));
	TRY(appeal(tx, 50, anna, 31));
	TRY(seat(tx, 50, 0, ben, SEAT_ASKED));
	TRY(appeal(tx, 51, ben, 40));
	TRY(seat(tx, 51, 0, anna, SEAT_VOTED));
	TRY(seat(tx, 51, 1, anna, SEAT_ASKED));
	TRY(jurors_put(tx, &juror));
	TRY(juror_checks_insert(tx, &known));
	known = (struct juror_check){ .person = ben, .id = 71, .appeal = { 50 }, .note = S("") };
	TRY(juror_checks_insert(tx, &known));
out:
	return e;
}

void place_write(struct place *p, err (*work)(struct conn *tx, void *ctx))
{
	assert_ok(store_write(p->store, (struct store_job){ .work = work, .ctx = p }));
}

static void count_fault(void *ctx, const char *what, str about)
{
	int *faults = ctx;
	print_message("%s: %.*s\n", what, STR_ARG(about));
	++*faults;
}

int place_faults(struct place *p)
{
	struct conn *conn;
	int faults = 0;
	assert_ok(store_read(p->store, &conn));
	assert_ok(checks_run(conn, count_fault, &faults));
	store_read_end(p->store, &conn);
	return faults;
}
