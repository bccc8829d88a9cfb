#include "circle/admit.h"

#include "base/file.h"
#include "circle/stage_testing.h"

#include "store/measures.h"

#define PASSWORD S("correct horse")
#define OTHER S("battery staple")

static struct stage *s; /* of the test that runs */

static int set_up(void **state)
{
	(void)state;
	s = stage_new((struct stage_needs){ .people = 3 });
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_free(s);
	return 0;
}

static err create(struct account_draft draft, struct person *out)
{
	return admit_create(s->c, &draft, s->now_ms, s->mem, out);
}

static struct person make(const char *handle)
{
	struct person person;
	assert_ok(create((struct account_draft){ .handle = str_of(handle), .password = PASSWORD },
	                 &person));
	return person;
}

static str token_of(person_id person)
{
	struct session session;
	str token;
	struct session_draft draft = { .person = person, .kind = SESSION_BROWSER };
	assert_ok(admit_session(s->c, &draft, s->now_ms, s->mem, &session, &token));
	return token;
}

static err sign_in(const char *handle, str password, struct person *out)
{
	const struct way_in here = { .address = 7 };
	struct came_in came;
	err e = admit_sign_in(s->c, &here, str_of(handle), password, s->mem, &came);
	*out = came.person;
	return e;
}

static bool is_known(str token)
{
	struct bearer bearer;
	err e = admit_bearer(s->c, token, s->now_ms, &bearer);
	assert_true(!failed(e) || e.code == ERR_MISSING);
	return !failed(e);
}

static void an_account_signs_in_with_its_password_alone(void **state)
{
	struct person lin = make("Lin"), in;
	(void)state;
	assert_text(lin.display_name, "Lin"); /* the handle when none was given */
	assert_ok(sign_in("lin", PASSWORD, &in));
	assert_int_equal(in.id.v, lin.id.v);
	assert_ok(sign_in("ＬＩＮ", PASSWORD, &in));
	err wrong = sign_in("lin", OTHER, &in);
	err nobody = sign_in("nobody.here", PASSWORD, &in);
	err no_password = sign_in("p02", PASSWORD, &in);
	err empty = sign_in("p02", STR_NONE, &in);
	assert_blames(wrong, ERR_INPUT, "password");
	assert_ptr_equal(wrong.say, nobody.say); /* one answer for every kind of wrong */
	assert_ptr_equal(wrong.say, no_password.say);
	assert_ptr_equal(wrong.say, empty.say);
	assert_ok(stage_seal(s->c, lin.id, true, s->now_ms));
	assert_ok(sign_in("lin", PASSWORD, &in)); /* for the reasons and the export */
	assert_int_equal(in.status, PERSON_SEALED);
}

static void a_bad_account_is_refused_by_its_field(void **state)
{
	struct person out;
	(void)state;
	assert_blames(create((struct account_draft){ .handle = S("a b") }, &out), ERR_INPUT,
	              "handle");
	assert_blames(create((struct account_draft){ .handle = S("admin") }, &out), ERR_INPUT,
	              "handle");
	assert_ok(
		create((struct account_draft){ .handle = S("admin"), .role = ROLE_KEEPER }, &out));
	assert_blames(
		create((struct account_draft){ .handle = S("lin"), .password = S("short") }, &out),
		ERR_INPUT, "password");
	assert_blames(
		create((struct account_draft){ .handle = S("lin"), .display_name = S("a\nb") },
	               &out),
		ERR_INPUT, "display_name");
	make("lin");
	assert_blames(create((struct account_draft){ .handle = S("LIN") }, &out), ERR_CONFLICT,
	              "handle");
	stage_reopen(s);
	assert_blames(create((struct account_draft){ .handle = S("Lin") }, &out), ERR_CONFLICT,
	              "handle");
}

static void changing_the_password_ends_the_other_sessions(void **state)
{
	struct person lin = make("lin"), mei = make("mei"), in;
	struct session mine;
	struct session_draft draft = { .person = lin.id, .kind = SESSION_BROWSER };
	str keep, other = token_of(lin.id), unused = token_of(lin.id), theirs = token_of(mei.id);
	(void)state;
	assert_ok(admit_session(s->c, &draft, s->now_ms, s->mem, &mine, &keep));
	assert_true(is_known(keep) && is_known(other) &&
	            is_known(theirs)); /* `unused` stays out of the cache */
	assert_blames(admit_change_password(s->c, lin.id, mine.id, OTHER, OTHER, s->now_ms, s->mem),
	              ERR_INPUT, "current");
	assert_blames(admit_change_password(s->c, lin.id, mine.id, PASSWORD, S("short"), s->now_ms,
	                                    s->mem),
	              ERR_INPUT, "password");
	assert_true(is_known(other));
	assert_ok(admit_change_password(s->c, lin.id, mine.id, PASSWORD, OTHER, s->now_ms, s->mem));
	assert_true(is_known(keep) && is_known(theirs));
	assert_false(is_known(other) || is_known(unused));
	assert_fails(sign_in("lin", PASSWORD, &in), ERR_INPUT);
	assert_ok(sign_in("lin", OTHER, &in));
	stage_reopen(s);
	assert_true(is_known(keep));
	assert_false(is_known(other));
}

static void a_reset_link_works_once_within_its_hour(void **state)
{
	struct person lin = make("lin"), in;
	person_id who;
	str older, secret, session = token_of(lin.id);
	(void)state;
	assert_true(is_known(session));
	assert_ok(admit_reset_create(s->c, lin.id, s->now_ms, s->mem, &older));
	assert_ok(admit_reset_create(s->c, lin.id, s->now_ms, s->mem, &secret));
	assert_blames(admit_reset_use(s->c, older, OTHER, s->now_ms, s->mem, &who), ERR_INPUT,
	              "token");
	assert_blames(admit_reset_use(s->c, S("guess"), OTHER, s->now_ms, s->mem, &who), ERR_INPUT,
	              "token");
	assert_blames(admit_reset_use(s->c, secret, S("short"), s->now_ms, s->mem, &who), ERR_INPUT,
	              "password");
	assert_ok(admit_reset_use(s->c, secret, OTHER, s->now_ms, s->mem, &who));
	assert_int_equal(who.v, lin.id.v);
	assert_false(is_known(session));
	assert_ok(sign_in("lin", OTHER, &in));
	assert_blames(admit_reset_use(s->c, secret, OTHER, s->now_ms, s->mem, &who), ERR_INPUT,
	              "token");
	assert_ok(admit_reset_create(s->c, lin.id, s->now_ms, s->mem, &secret));
	s->now_ms += 3600 * 1000;
	assert_blames(admit_reset_use(s->c, secret, OTHER, s->now_ms, s->mem, &who), ERR_INPUT,
	              "token");
	assert_fails(admit_reset_create(s->c, (person_id){ 42 }, s->now_ms, s->mem, &secret),
	             ERR_MISSING);
}

static void sealing_is_a_measure_with_a_reason_and_an_end(void **state)
{
	struct person lin = make("lin");
	struct bearer bearer;
	struct conn *conn = NULL;
	struct measure *measures;
	size_t n;
	str token = token_of(lin.id);
	(void)state;
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_false(bearer.sealed);
	assert_ok(stage_seal(s->c, lin.id, true, s->now_ms));
	assert_ok(stage_seal(s->c, lin.id, true, s->now_ms)); /* again changes nothing */
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_true(bearer.sealed);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, lin.id, (measure_id){ 0 }, 10, s->mem, &measures, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(n, 1);
	assert_int_equal(measures[0].kind, MEASURE_SEAL);
	assert_true(str_find(measures[0].evidence, S("order.seized")) != SIZE_MAX);
	s->now_ms += 1000;
	assert_ok(stage_seal(s->c, lin.id, false, s->now_ms));
	assert_ok(admit_bearer(s->c, token, s->now_ms, &bearer));
	assert_false(bearer.sealed);
	assert_ok(store_read(s->c->store, &conn));
	assert_ok(measures_of(conn, lin.id, (measure_id){ 0 }, 10, s->mem, &measures, &n));
	store_read_end(s->c->store, &conn);
	assert_int_equal(measures[0].state, MEASURE_RELEASED);
	assert_fails(stage_seal(s->c, (person_id){ 42 }, true, s->now_ms), ERR_MISSING);
}

static void a_profile_changes_what_is_given_and_nothing_else(void **state)
{
	struct person out;
	enum person_range range = RANGE_MONTH;
	str name = S("Aunt Mei"), note = S("honey from our own bees"), empty = STR_NONE,
	    bad = S("a\nb");
	(void)state;
	assert_ok(admit_profile(
		s->c, s->people[2],
		&(struct profile_draft){ .display_name = &name, .note = &note, .range = &range },
		s->now_ms, s->mem, &out));
	assert_ok(admit_profile(s->c, s->people[2], &(struct profile_draft){ 0 }, s->now_ms, s->mem,
	                        &out));
	assert_text(out.display_name, "Aunt Mei");
	assert_text(out.note, "honey from our own bees");
	assert_int_equal(out.range, RANGE_MONTH);
	assert_ok(admit_profile(s->c, s->people[2],
	                        &(struct profile_draft){ .display_name = &empty }, s->now_ms,
	                        s->mem, &out));
	assert_text(out.display_name, "p02");
	assert_blames(admit_profile(s->c, s->people[2],
	                            &(struct profile_draft){ .display_name = &bad }, s->now_ms,
	                            s->mem, &out),
	              ERR_INPUT, "display_name");
	assert_blames(admit_profile(s->c, s->people[2], &(struct profile_draft){ .note = &bad },
	                            s->now_ms, s->mem, &out),
	              ERR_INPUT, "note");
	stage_reopen(s);
	assert_ok(read_self(s->c, s->people[2], s->mem, &out));
	assert_text(out.note, "honey from our own bees");
	assert_ok(stage_seal(s->c, s->people[2], true, s->now_ms));
	assert_fails(admit_profile(s->c, s->people[2],
	                           &(struct profile_draft){ .display_name = &name }, s->now_ms,
	                           s->mem, &out),
	             ERR_DENIED);
}

static void everyone_is_listed(void **state)
{
	struct person *all;
	size_t n;
	(void)state;
	assert_ok(admit_list(s->c, s->mem, &all, &n));
	assert_int_equal(n, 3);
	assert_text(all[0].handle, "p00");
	assert_int_equal(all[0].role, ROLE_KEEPER);
}

static void no_password_and_no_token_lies_in_the_clear(void **state)
{
	struct person lin = make("lin");
	str token = token_of(lin.id);
	static const char *const names[] = { "kith.db", "kith.db-wal" };
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		str bytes;
		err e = file_read(
			str_to_c(s->mem, str_format(s->mem, "%s/%s", s->folder, names[i])), 1 << 26,
			s->mem, &bytes);
		assert_ok(e);
		assert_true(str_find(bytes, PASSWORD) == SIZE_MAX);
		assert_true(str_find(bytes, token) == SIZE_MAX);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_account_signs_in_with_its_password_alone),
		TEST(a_bad_account_is_refused_by_its_field),
		TEST(changing_the_password_ends_the_other_sessions),
		TEST(a_reset_link_works_once_within_its_hour),
		TEST(sealing_is_a_measure_with_a_reason_and_an_end),
		TEST(a_profile_changes_what_is_given_and_nothing_else),
		TEST(everyone_is_listed),
		TEST(no_password_and_no_token_lies_in_the_clear),
	};
	return cmocka_run_group_tests_name("admit_account", tests, NULL, NULL);
}
