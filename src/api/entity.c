/* See entity.h. People: accounts, relationships, tags, notices. */
#include "api/entity.h"

#include "api/html.h"
#include "circle/factor.h"
#include "model/limits.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static void add_person_url(struct call *c, struct buf *b, str handle)
{
	buf_char(b, '"');
	buf_add(b, c->url);
	buf_lit(b, "/people/");
	html_segment(b, handle);
	buf_char(b, '"');
}

/* One picture under several names; the house's own where there is none. */
static void add_picture(struct call *c, struct buf *b, str names, media_id id, str house)
{
	str rest = names;
	while (rest.n > 0) {
		buf_lit(b, ",\"");
		buf_add(b, str_cut(&rest, ' '));
		buf_lit(b, "\":");
		if (id.v) {
			entity_picture(c, b, id, MEDIA_MIDDLE);
			continue;
		}
		buf_char(b, '"');
		buf_add(b, c->url);
		buf_add(b, house);
		buf_char(b, '"');
	}
}

struct counts {
	int64_t friends, posts;
};

/* All of an Account but its closing brace. The day of arrival, not the minute, as in Mastodon. */
static void add_account(struct call *c, struct buf *b, const struct person *p, struct counts counts)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, p->id.v);
	buf_lit(b, ",\"username\":");
	buf_json(b, p->handle);
	buf_lit(b, ",\"acct\":");
	buf_json(b, p->handle);
	buf_lit(b, ",\"display_name\":");
	buf_json(b, p->display_name);
	buf_lit(b, ",\"locked\":true,\"bot\":false,\"discoverable\":false,\"indexable\":false,"
	           "\"group\":false,\"created_at\":");
	buf_json_time(b, p->created_at_ms - p->created_at_ms % DAY_MS);
	buf_lit(b, ",\"note\":");
	html_json(b, p->note, c->url, NULL, 0);
	buf_lit(b, ",\"url\":");
	add_person_url(c, b, p->handle);
	buf_lit(b, ",\"uri\":");
	add_person_url(c, b, p->handle);
	add_picture(c, b, S("avatar avatar_static"), p->avatar, S("/assets/avatar.svg"));
	add_picture(c, b, S("header header_static"), p->cover, S("/assets/header.svg"));
	buf_lit(b, ",\"kith_avatar\":");
	entity_sources(c, b, p->avatar, MEDIA_SMALL);
	buf_lit(b, ",\"kith_cover\":");
	entity_sources(c, b, p->cover, MEDIA_MIDDLE);
	buf_lit(b, ",\"followers_count\":");
	buf_i64(b, counts.friends);
	buf_lit(b, ",\"following_count\":");
	buf_i64(b, counts.friends);
	buf_lit(b, ",\"statuses_count\":");
	buf_i64(b, counts.posts);
	buf_lit(b, ",\"last_status_at\":null,\"hide_collections\":true,"
	           "\"noindex\":true,\"emojis\":[],\"roles\":[],\"fields\":[],\"kith_question\":");
	if (p->question.n > 0)
		buf_json(b, p->question);
	else
		buf_lit(b, "null");
}

void entity_account_with(struct call *c, struct buf *b, const struct person *person, str more)
{
	add_account(c, b, person, (struct counts){ 0, 0 });
	if (more.n > 0) {
		buf_char(b, ',');
		buf_add(b, more);
	}
	buf_char(b, '}');
}

static const struct call_fragment *find_fragment(const struct call *c, int64_t id)
{
	for (size_t i = 0; i < c->n_fragments; i++)
		if (c->fragments[i].id == id)
			return &c->fragments[i];
	return NULL;
}

/* The same account comes many times in one answer: as author, liker, commenter. */
void entity_account(struct call *c, struct buf *b, const struct person *person)
{
	size_t from = b->n;
	bool keep = b == &c->json;
	const struct call_fragment *kept = keep ? find_fragment(c, person->id.v) : NULL;
	if (kept) {
		buf_add(b, (str){ b->p + kept->from, kept->n });
		return;
	}
	entity_account_with(c, b, person, STR_NONE);
	/* A full table gives up its last place: the newest is asked for next. */
	if (keep && c->n_fragments == CALL_FRAGMENTS)
		c->n_fragments--;
	if (keep)
		c->fragments[c->n_fragments++] = (struct call_fragment){ person->id.v, from,
			                                                 b->n - from };
}

err entity_account_of(struct call *c, struct buf *b, person_id id)
{
	struct person person;
	const struct call_fragment *kept = b == &c->json ? find_fragment(c, id.v) : NULL;
	err e = OK;
	if (kept) {
		buf_add(b, (str){ b->p + kept->from, kept->n });
		return OK;
	}
	TRY(read_card(c->circle, c->me.person, id, c->mem, &person));
	entity_account(c, b, &person);
out:
	return e;
}

/* After an item of a list: takes back the comma when the item turned out to be gone. */
static err settle_item(struct call *c, struct buf *b, size_t before, err e)
{
	if (e.code != ERR_MISSING)
		return e;
	call_json_rewind(c, b, before);
	return OK;
}

err entity_accounts(struct call *c, struct buf *b, const person_id *ids, size_t n)
{
	err e = OK;
	buf_char(b, '[');
	size_t first = b->n;
	for (size_t i = 0; i < n; i++) {
		size_t before = b->n;
		if (b->n > first)
			buf_char(b, ',');
		TRY(settle_item(c, b, before, entity_account_of(c, b, ids[i])));
	}
	buf_char(b, ']');
out:
	return e;
}

err entity_accounts_known(struct call *c, struct buf *b, const struct person *people, size_t n)
{
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_account(c, b, &people[i]);
	}
	buf_char(b, ']');
	return OK;
}

/* --- one's own --- */

static void add_source(struct buf *b, const struct person *p, size_t requests)
{
	buf_lit(b,
	        ",\"source\":{\"privacy\":\"private\",\"sensitive\":false,\"language\":null,\"note\":");
	buf_json(b, p->note);
	buf_lit(b, ",\"fields\":[],\"follow_requests_count\":");
	buf_i64(b, (int64_t)requests);
	buf_lit(b, ",\"hide_collections\":true,\"discoverable\":false,\"indexable\":false,"
	           "\"attribution_domains\":[],\"quote_policy\":\"nobody\"}");
}

/* Mastodon's role: what its apps show of a moderator. Its permissions are not ours, hence none. */
static void add_role(struct buf *b, const struct person *p)
{
	str word = str_of(role_word(p->role));
	buf_lit(b, ",\"role\":{\"id\":\"");
	buf_i64(b, p->role);
	buf_lit(b, "\",\"name\":");
	buf_json(b, p->role == ROLE_MEMBER ? STR_NONE : word);
	buf_lit(b, ",\"color\":\"\",\"permissions\":\"0\",\"highlighted\":false}");
	buf_lit(b, ",\"kith_role\":");
	buf_json(b, word);
}

static void add_second_factor(struct buf *b, const struct person *p)
{
	bool required = factor_is_required(p);
	buf_lit(b, ",\"kith_second_factor\":");
	buf_json(b, p->second_factor ? S("set") : required ? S("due") : S("none"));
	buf_lit(b, ",\"kith_second_factor_from\":");
	if (required && p->second_factor_from_ms != 0)
		buf_json_time(b, p->second_factor_from_ms);
	else
		buf_lit(b, "null");
	buf_add(b, p->demo ? S(",\"kith_demo\":true") : S(",\"kith_demo\":false"));
}

err entity_own_account(struct call *c, struct buf *b, const struct person *person)
{
	struct friend_request *requests = NULL;
	person_id *friends = NULL;
	size_t n_requests = 0, n_friends = 0;
	int64_t n_posts = 0;
	bool sealed = person->status == PERSON_SEALED;
	err e = OK;
	if (!sealed) {
		TRY(befriend_asked_me(c->circle, person->id, REQUESTS_OPEN_MAX, c->mem, &requests,
		                      &n_requests));
		TRY(befriend_friends(c->circle, person->id, 0, c->circle->friends_max, c->mem,
		                     &friends, &n_friends));
		TRY(read_own_posts(c->circle, person->id, &n_posts));
	}
	add_account(c, b, person, (struct counts){ (int64_t)n_friends, n_posts });
	add_source(b, person, n_requests);
	add_role(b, person);
	buf_lit(b, ",\"kith_range\":");
	buf_json(b, str_of(range_word(person->range)));
	buf_lit(b, ",\"kith_sealed\":");
	buf_add(b, sealed ? S("true") : S("false"));
	add_second_factor(b, person);
	buf_char(b, '}');
out:
	return e;
}

/* --- between two people --- */

static void add_flag(struct buf *b, str name, bool on)
{
	buf_lit(b, ",\"");
	buf_add(b, name);
	buf_add(b, on ? S("\":true") : S("\":false"));
}

/* `following` and `followed_by` are my side of the friendship, both: nobody is told of being unfriended. */
void entity_relationship(struct call *c, struct buf *b, const struct relation *r)
{
	(void)c;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, r->other.v);
	add_flag(b, S("following"), r->friend_of_mine);
	add_flag(b, S("followed_by"), r->friend_of_mine);
	add_flag(b, S("requested"), r->requested);
	add_flag(b, S("requested_by"), r->requested_by);
	add_flag(b, S("blocking"), r->blocking);
	add_flag(b, S("muting"), r->hiding_theirs);
	add_flag(b, S("kith_hide_mine"), r->hiding_mine);
	buf_lit(b,
	        ",\"blocked_by\":false,\"muting_notifications\":false,\"muting_expires_at\":null,"
	        "\"showing_reblogs\":false,\"notifying\":false,\"languages\":null,"
	        "\"domain_blocking\":false,\"endorsed\":false,\"note\":\"\"}");
}

void entity_list(struct call *c, struct buf *b, const struct list *list)
{
	(void)c;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, list->id.v);
	buf_lit(b, ",\"title\":");
	buf_json(b, list->title);
	buf_lit(b, ",\"replies_policy\":\"none\",\"exclusive\":false}");
}

void entity_group(struct buf *b, group_id id, str title)
{
	if (id.v == 0) {
		buf_lit(b, "null");
		return;
	}
	buf_lit(b, "{\"id\":");
	buf_json_id(b, id.v);
	buf_lit(b, ",\"title\":");
	buf_json(b, title);
	buf_char(b, '}');
}

/* --- notices --- */

static const struct {
	const char *type, *word;
} notices[] = {
	[NOTICE_LIKE] = { "favourite", "like" },
	[NOTICE_COMMENT] = { "mention", "comment" },
	[NOTICE_REPLY] = { "mention", "reply" },
	[NOTICE_ALSO] = { "mention", "also" },
	[NOTICE_MENTION] = { "mention", "mention" },
	[NOTICE_REQUEST] = { "follow_request", "request" },
	[NOTICE_ACCEPTED] = { "follow", "accepted" },
	[NOTICE_HELD] = { "moderation_warning", "held" },
	[NOTICE_DECIDED] = { "moderation_warning", "decided" },
	[NOTICE_INVITED] = { "follow_request", "invited" },
	[NOTICE_MEASURE] = { "moderation_warning", "measure" },
	[NOTICE_MEASURE_OVER] = { "moderation_warning", "measure_over" },
	[NOTICE_REPORTED] = { "admin.report", "reported" },
	[NOTICE_RULE_DOWN] = { "admin.report", "rule_down" },
	[NOTICE_JURY] = { "admin.report", "jury" },
};

const char *entity_notice_type(enum notice_kind kind) { return notices[kind].type; }

static err add_notice_status(struct call *c, struct buf *b, const struct seen_notice *n)
{
	if (n->has_comment)
		return entity_comment(c, b, &n->comment);
	if (n->has_post)
		return entity_status(c, b, &n->post);
	buf_lit(b, "null");
	return OK;
}

/* What became of it, and nothing of what was done to whom. */
static void add_notice_report(struct buf *b, const struct seen_notice *n)
{
	if (n->notice.kind != NOTICE_REPORTED) {
		buf_lit(b, "null");
		return;
	}
	buf_lit(b, "{\"id\":");
	buf_json_id(b, n->report.id.v);
	buf_lit(b, ",\"category\":");
	buf_json(b, str_of(report_category_word(n->report.category)));
	buf_lit(b, ",\"outcome\":");
	buf_json(b, str_of(report_outcome_word(n->report.state)));
	buf_char(b, '}');
}

err entity_notification(struct call *c, struct buf *b, const struct seen_notice *n)
{
	const struct notice *notice = &n->notice;
	size_t before = b->n;
	err e;
	buf_lit(b, "{\"id\":");
	buf_json_id(b, notice->id.v);
	buf_lit(b, ",\"type\":");
	buf_json(b, str_of(notices[notice->kind].type));
	buf_lit(b, ",\"kith_kind\":");
	buf_json(b, str_of(notices[notice->kind].word));
	buf_lit(b, ",\"kith_measure_id\":");
	if (notice->measure.v)
		buf_json_id(b, notice->measure.v);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"kith_group\":");
	entity_group(b, notice->group, n->group_title);
	buf_lit(b, ",\"kith_report\":");
	add_notice_report(b, n);
	buf_lit(b, ",\"kith_seat\":");
	if (notice->seat != 0)
		buf_json_id(b, notice->seat);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"group_key\":\"ungrouped-");
	buf_i64(b, notice->id.v);
	buf_lit(b, "\",\"created_at\":");
	buf_json_time(b, notice->at_ms);
	buf_lit(b, ",\"account\":");
	/* The house has no account: what it says comes under the reader's own name, as in Mastodon. */
	TRY(entity_account_of(c, b, notice->actor.v ? notice->actor : notice->reader));
	buf_lit(b, ",\"status\":");
	TRY(add_notice_status(c, b, n));
	buf_char(b, '}');
out:
	if (failed(e))
		call_json_rewind(c, b, before);
	return e;
}
