/* The rules as public acts: their versions, what each changes in words, whom it would have hit, and what it would change for who asks.
 *
 * All but the last two is for everybody. Whom a version would have hit is for members: how large a circle is is its own business; and
 * small counts are not told apart (circle/few.h). */
#include "api/entity.h"
#include "api/handlers.h"

#include "circle/enact.h"
#include "circle/few.h"
#include "circle/foresee.h"
#include "circle/turndown.h"

#define BUSY_S 5 /* what is reckoned for the first time since a start takes seconds */

static const char *const states[] = { [POLICY_IN_FORCE] = "in_force",
	                              [POLICY_REPLACED] = "replaced",
	                              [POLICY_WITHDRAWN] = "withdrawn",
	                              [POLICY_ANNOUNCED] = "announced" };

static void add_time(struct buf *b, const char *name, int64_t at_ms)
{
	buf_format(b, ",\"%s\":", name);
	if (at_ms > 0)
		buf_json_time(b, at_ms);
	else
		buf_lit(b, "null");
}

/* Without its closing brace. */
static void add_line(const struct call *c, struct buf *b, const struct stored_policy *row)
{
	struct facts facts = { .n_down = 0 };
	if (row->state == POLICY_IN_FORCE)
		turndown_tell(c->circle, c->mem, &facts);
	buf_lit(b, "{\"hash\":");
	buf_json(b, row->hash);
	buf_lit(b, ",\"name\":");
	buf_json(b, row->name);
	buf_format(b, ",\"version\":\"%d\",\"state\":\"%s\"", row->version, states[row->state]);
	add_time(b, "published_at", row->published_at_ms);
	add_time(b, "binds_at", row->binds_at_ms);
	buf_add(b, row->urgent_until_ms > 0 ? S(",\"urgent\":true") : S(",\"urgent\":false"));
	add_time(b, "urgent_until", row->urgent_until_ms);
	buf_lit(b, ",\"down\":[");
	for (size_t i = 0; i < facts.n_down; i++) {
		buf_add(b, i > 0 ? S(",") : STR_NONE);
		buf_json(b, facts.down[i]);
	}
	buf_char(b, ']');
}

err api_policy_list(struct call *c)
{
	struct buf *b = call_json(c);
	struct stored_policy *rows;
	size_t n;
	err e;
	TRY(enact_list(c->circle, c->mem, &rows, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",") : STR_NONE);
		add_line(c, b, &rows[i]);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}

/* One text, as it would be compiled: where there are several files, each under a comment with its name. */
static void add_source(struct buf *b, const struct enacted_policy *policy)
{
	struct buf whole;
	buf_init(&whole, b->mem, ENACT_SOURCE_MAX_BYTES + 64 * 1024);
	for (size_t i = 0; i < policy->n_files; i++) {
		if (policy->n_files > 1)
			buf_format(&whole, "%s-- %.*s\n", i > 0 ? "\n" : "",
			           STR_ARG(policy->files[i].file));
		buf_add(&whole, policy->files[i].text);
	}
	buf_lit(b, ",\"source\":");
	buf_json(b, buf_str(&whole));
}

static void add_actions(struct buf *b, const char *prefix, const size_t *counts)
{
	for (int a = ACTION_LABEL; a <= ACTION_HOLD; a++) {
		buf_format(b, ",\"%s_%s\":", prefix, action_name((enum action)a));
		few_json_about(b, (int64_t)counts[a]);
	}
}

static void add_rehearsal(const struct call *c, struct buf *b, str stored)
{
	struct rehearsal r;
	buf_lit(b, ",\"rehearsal\":");
	if (c->me.person.v == 0 || !enact_rehearsed(stored, &r)) {
		buf_lit(b, "null");
		return;
	}
	buf_format(b, "{\"days\":%d,\"pieces\":", FORESEE_DAYS);
	few_json_about(b, (int64_t)r.pieces);
	buf_lit(b, ",\"changed\":");
	few_json_about(b, (int64_t)r.changed_all);
	for (size_t i = 0; i < COHORTS; i++) {
		const struct cohort_row *row = &r.cohorts[i];
		buf_format(b, ",\"%s\":{\"pieces\":", cohort_word((enum cohort)i));
		few_json_about(b, (int64_t)row->pieces);
		buf_lit(b, ",\"people\":");
		few_json_about(b, (int64_t)row->hit_people);
		add_actions(b, "was", row->was);
		add_actions(b, "will", row->is);
		buf_char(b, '}');
	}
	buf_char(b, '}');
}

static err send_one(struct call *c, str hash)
{
	struct enacted_policy *policy = ARENA_NEW(c->mem, struct enacted_policy);
	struct buf *b = call_json(c);
	err e;
	TRY(enact_find(c->circle, hash, c->mem, policy));
	add_line(c, b, &policy->row);
	buf_lit(b, ",\"differs_from\":");
	if (policy->row.differs_from.n > 0)
		buf_json(b, policy->row.differs_from);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"diff\":");
	buf_add(b, policy->row.differences.n > 0 ? policy->row.differences : S("[]"));
	add_rehearsal(c, b, policy->row.rehearsal);
	add_source(b, policy);
	buf_char(b, '}');
	TRY(call_send(c));
out:
	return e;
}

err api_policy_show(struct call *c) { return send_one(c, c->args[0]); }

static void add_foreseen(struct buf *b, const struct foreseen *it)
{
	const struct status_ref *ref = &it->piece;
	buf_lit(b, "{\"status_id\":");
	buf_json_id(b, ref->comment.v ? ref->comment.v : ref->post.v);
	buf_lit(b, ",\"text\":");
	buf_json(b, it->text);
	buf_format(b, ",\"was\":\"%s\",\"will\":\"%s\",\"rule\":", action_name(it->was),
	           action_name(it->will));
	buf_json(b, it->rule);
	buf_lit(b, ",\"text_reason\":{\"en\":");
	buf_json(b, it->en);
	buf_lit(b, ",\"zh\":");
	buf_json(b, it->zh);
	buf_lit(b, "}}");
}

err api_policy_mine(struct call *c)
{
	struct buf *b = call_json(c);
	struct foreseen_mine mine;
	err e;
	TRY(foresee_mine(c->circle, c->args[0], c->me.person, c->now_ms, c->mem, &mine));
	buf_format(b, "{\"days\":%d,\"pieces\":%zu,\"as_of\":", FORESEE_DAYS, mine.pieces);
	buf_json_time(b, mine.as_of_ms);
	buf_lit(b, ",\"changed\":[");
	for (size_t i = 0; i < mine.n; i++) {
		buf_add(b, i > 0 ? S(",") : STR_NONE);
		add_foreseen(b, &mine.changed[i]);
	}
	buf_lit(b, "]}");
	TRY(call_send(c));
out:
	if (e.code == ERR_BUSY)
		c->retry_after_s = BUSY_S;
	return e;
}

/* ---- the keeper ---- */

/* A fault becomes the sentence that is said of the field. */
static err explain(const struct call *c, err e, const struct policy_fault *fault,
                   const struct failed_example *failed_ones, size_t n_failed)
{
	if (e.code != ERR_INPUT)
		return e;
	str say = str_of(e.say), text = n_failed > 0 ? failed_ones[0].text : STR_NONE;
	if (fault->sentence.n > 0)
		say = str_format(c->mem, "%.*s:%u:%u: %.*s", STR_ARG(fault->file), fault->line,
		                 fault->column, STR_ARG(fault->sentence));
	else if (n_failed > 0)
		say = str_format(c->mem, "%.*s: %.*s: %.*s", STR_ARG(failed_ones[0].where),
		                 STR_ARG(failed_ones[0].why), STR_ARG(str_cut(&text, '\n')));
	return err_input("source", str_to_c(c->mem, say));
}

err api_policy_publish(struct call *c)
{
	struct publication ask = { .by = c->me.person };
	struct policy_fault fault = { .line = 0 };
	struct failed_example *failed_ones = NULL;
	struct enacted done;
	size_t n_failed = 0;
	str source;
	err e;
	TRY(call_text(c, "source", &source));
	TRY(params_bool(c->params, "urgent", false, &ask.urgent));
	if (source.n > POLICY_SOURCE_MAX_BYTES)
		TRY(err_limit("source", "A policy has at most 1 MiB."));
	ask.source = str_format(c->mem, "%zu policy\n%.*s", source.n, STR_ARG(source));
	e = enact_publish(c->circle, &ask, c->now_ms, c->mem, &done, &fault, &failed_ones,
	                  &n_failed);
	TRY(explain(c, e, &fault, failed_ones, n_failed));
	TRY(send_one(c, done.hash));
out:
	return e;
}

err api_policy_withdraw(struct call *c)
{
	struct buf *b = call_json(c);
	struct enacted done;
	err e;
	TRY(enact_withdraw(c->circle, c->args[0], c->me.person, c->now_ms, c->mem, &done));
	buf_lit(b, "{\"hash\":");
	buf_json(b, done.was);
	buf_lit(b, ",\"in_force\":");
	buf_json(b, done.hash);
	buf_format(b, ",\"lifted\":%d}", done.lifted);
	TRY(call_send(c));
out:
	return e;
}

/* ---- for Mastodon's apps ---- */

static void add_announcement(const struct call *c, struct buf *b, const struct stored_policy *row)
{
	bool urgent = row->state == POLICY_IN_FORCE;
	struct buf html, day;
	buf_init(&html, c->mem, 8192);
	buf_init(&day, c->mem, 64);
	buf_time(&day, urgent ? row->urgent_until_ms : row->binds_at_ms);
	str date = str_slice(buf_str(&day), 0, 10);
	if (urgent)
		buf_format(
			&html,
			"<p>Urgent rules are in force until %.*s.</p><p>紧急规则有效到 %.*s。</p>",
			STR_ARG(date), STR_ARG(date));
	else
		buf_format(&html,
		           "<p>New rules bind from %.*s on.</p><p>新规则从 %.*s 起生效。</p>",
		           STR_ARG(date), STR_ARG(date));
	buf_lit(&html, "<p><a href=\"");
	buf_html(&html, c->url);
	buf_format(&html, "/policies?version=%.*s\">/policies</a></p>", STR_ARG(row->hash));
	buf_lit(b, "{\"id\":");
	buf_json(b, row->hash);
	buf_lit(b, ",\"content\":");
	buf_json(b, buf_str(&html));
	buf_lit(b, ",\"starts_at\":null,\"ends_at\":");
	buf_json_time(b, urgent ? row->urgent_until_ms : row->binds_at_ms);
	buf_lit(b, ",\"all_day\":false,\"published_at\":");
	buf_json_time(b, row->published_at_ms);
	buf_lit(b, ",\"updated_at\":");
	buf_json_time(b, row->published_at_ms);
	buf_lit(b, ",\"mentions\":[],\"statuses\":[],\"tags\":[],\"emojis\":[],\"reactions\":[]}");
}

err api_policy_announcements(struct call *c)
{
	struct buf *b = call_json(c);
	struct stored_policy *rows;
	size_t n;
	err e;
	TRY(enact_pending(c->circle, c->mem, &rows, &n));
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i > 0 ? S(",") : STR_NONE);
		add_announcement(c, b, &rows[i]);
	}
	buf_char(b, ']');
	TRY(call_send(c));
out:
	return e;
}
