/* A moment: prepared and screened by the caller's thread, then checked and written in one transaction, then shown.
 * The id is given inside the transaction, so that ids follow the order of commits and no page misses one. */
#include "circle/publish.h"

#include "circle/address.h"
#include "circle/explain.h"
#include "circle/found.h"
#include "circle/hold.h"
#include "circle/live.h"
#include "circle/order.h"
#include "circle/phrase.h"
#include "circle/picture.h"
#include "circle/publish_private.h"
#include "circle/verb.h"
#include "circle/wording.h"
#include "circle/world.h"

#include "model/limits.h"
#include "store/comments.h"
#include "store/posts.h"

#include "base/leak.h"

#include <string.h>

#define LANGUAGE_MAX_BYTES 35 /* RFC 5646 section 4.4.1 */
#define APP_NAME_MAX_BYTES 240
#define SAY_LONG "A text has at most 2000 characters."
#define SAY_EMPTY "Write something first."
#define SAY_PLACE "A place has at most 60 characters in one line."
#define SAY_CARD_URL                                                                               \
	"A card has an address that begins with http:// or https://, of at most 2048 bytes."
#define SAY_CARD_TITLE "The title of a card has at most 120 characters in one line."
#define SAY_CARD_ABOUT "The sentence of a card has at most 300 characters in one line."
#define SAY_MEANWHILE "A picture was changed meanwhile. Look again, and then send it."

/* What apps say beside the text is cut or dropped, never a reason to refuse it. */
static str side_word(str word, size_t max, struct arena *mem)
{
	str cut = str_slice(word, 0, max);
	while (cut.n > 0 && !utf8_valid(cut))
		cut.n--;
	return str_dup(mem, cut);
}

err publish_place(str place, str *out)
{
	return phrase_line(place, 0, PLACE_MAX, "kith_place", SAY_PLACE, out);
}

/* http or https, a host that is not dressed up with a name before it, and nothing that shows as something else. */
static bool is_address(str url)
{
	size_t scheme = str_eq_ascii_nocase(str_slice(url, 0, 8), S("https://")) ? 8 : 7;
	size_t at = 0, host = scheme;
	if (url.n > CARD_URL_MAX_BYTES ||
	    (scheme == 7 && !str_eq_ascii_nocase(str_slice(url, 0, 7), S("http://"))))
		return false;
	while (at < url.n) {
		uint32_t cp = utf8_next(url, &at);
		if (phrase_is_blank(cp) || cp == '"' || cp == '<' || cp == '>' || cp == '\\')
			return false;
	}
	while (host < url.n && url.p[host] != '/' && url.p[host] != '?' && url.p[host] != '#')
		if (url.p[host++] == '@')
			return false;
	return host > scheme;
}

err publish_card(const struct card *card, struct card *out)
{
	bool beside = card->title.n > 0 || card->about.n > 0;
	err e;
	*out = (struct card){ 0 };
	if (card->url.n == 0)
		return beside ? err_input("kith_card", SAY_CARD_URL) : OK;
	TRY(phrase_line(card->url, 1, CARD_URL_MAX_BYTES, "kith_card", SAY_CARD_URL, &out->url));
	if (!is_address(out->url))
		return err_input("kith_card", SAY_CARD_URL);
	TRY(phrase_line(card->title, 0, CARD_TITLE_MAX, "kith_card", SAY_CARD_TITLE, &out->title));
	TRY(phrase_line(card->about, 0, CARD_ABOUT_MAX, "kith_card", SAY_CARD_ABOUT, &out->about));
out:
	return e;
}

err publish_prepare(struct publish_words *words, str text, str language, str app, str retry_key,
                    size_t text_max, bool may_be_empty, struct arena *mem)
{
	err e = OK;
	if (text.n > 0 || !may_be_empty)
		TRY(phrase_text(text, text_max, "status", err_input("status", SAY_EMPTY),
		                err_limit("status", SAY_LONG)));
	TRY(publish_check_key(retry_key));
	words->text = text;
	words->language = side_word(language, LANGUAGE_MAX_BYTES, mem);
	words->app = side_word(app, APP_NAME_MAX_BYTES, mem);
	words->retry_key = retry_key;
out:
	return e;
}

err publish_id(struct circle *c, struct conn *tx, int64_t at_ms, int64_t *id)
{
	struct status_ref taken;
	err e = OK;
	if (at_ms == 0) {
		*id = snowflake_next(c->ids);
		return OK;
	}
	/* An id of the past may have been given by an earlier run of the program. */
	do {
		*id = snowflake_at(c->ids, at_ms);
		e = status_refs_find(tx, *id, &taken);
	} while (!failed(e));
	return e.code == ERR_MISSING ? OK : e;
}

err publish_tell(struct circle *c, struct conn *tx, enum notice_kind kind, person_id reader,
                 person_id actor, const struct status_ref *ref, int64_t now_ms)
{
	struct notice notice = {
		.id = { snowflake_next(c->ids) },
		.reader = reader,
		.kind = kind,
		.actor = actor,
		.post_author = ref->post_author,
		.post = ref->post,
		.comment = ref->comment,
		.at_ms = now_ms,
	};
	return verb_tell(c, tx, &notice);
}

struct post_job {
	struct circle *c;
	struct arena *mem;
	person_id author;
	struct publish_words words;
	str place;
	struct card card;
	const media_id *media_ids;
	size_t n_media;
	struct media *judged; /* the pictures, with their words of then */
	size_t n_judged;
	struct picture_change pictures;
	struct audience audience;
	bool direct;
	person_id named[ADDRESS_NAMED_MAX];
	size_t n_named;
	struct screening screening;
	int64_t at_ms, now_ms; /* at_ms 0: now */
	struct published *out;
	bool again; /* this was a retry: nothing is new */
};

/* Who it is for and whom it names, as of this transaction. */
static err address_post(struct conn *tx, struct post_job *job, const struct door *door,
                        struct post *post)
{
	struct audience *audience = &post->gate.audience;
	person_id *mentions;
	err e;
	*audience = job->audience;
	address_mentions(door, job->author, job->direct ? NULL : audience, job->named, job->n_named,
	                 job->mem, &mentions, &post->n_mentions);
	post->mentions = mentions;
	if (job->direct)
		*audience = (struct audience){ AUDIENCE_ONLY, 0,   post->n_mentions, NULL, mentions,
			                       { 0 },         NULL };
	else
		TRY(address_check(tx, job->author, audience, job->mem));
	TRY(door_answer(door, true, NULL));
out:
	return e;
}

static err repeat_post(struct conn *tx, struct post_job *job, const struct status_ref *ref)
{
	err e;
	TRY(posts_find(tx, ref->post_author, ref->post, job->mem, &job->out->post));
	if (job->out->post.gate.deleted)
		return err_conflict("Idempotency-Key", "What was made with it has been deleted.");
	job->out->held = order_now(job->c, job->now_ms) < job->out->post.gate.held_until_ms;
out:
	return e;
}

static err post_work(struct conn *tx, void *ctx)
{
	struct post_job *job = ctx;
	struct published *out = job->out;
	struct post *post = &out->post;
	struct status_ref ref;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->author));
	TRY(publish_retry(tx, job->author, &job->words, false, job->mem, &ref, &out->measure,
	                  &job->again));
	if (job->again)
		return repeat_post(tx, job, &ref);
	TRY(order_may(job->c, tx, job->author, job->at_ms != 0 ? ORDER_PAST_POST : ORDER_POST,
	              job->now_ms, job->mem));
	*post = (struct post){
		.gate = { .author = job->author,
		          .created_at_ms = job->at_ms != 0 ? job->at_ms : job->now_ms },
		.text = job->words.text,
		.language = job->words.language,
		.app = job->words.app,
		.place = job->place,
		.card = job->card,
	};
	TRY(address_post(tx, job, &door, post));
	TRY(publish_id(job->c, tx, job->at_ms, &post->gate.id.v));
	TRY(picture_arrange(tx, job->author, post->gate.id, job->media_ids, job->n_media, job->mem,
	                    &job->pictures));
	post->media = job->pictures.now;
	post->n_media = job->pictures.n_now;
	if (!picture_same(job->judged, job->n_judged, post->media, post->n_media))
		return err_conflict("media_ids", SAY_MEANWHILE);
	TRY(posts_insert(tx, post));
	TRY(found_note(tx, post, job->mem));
	ref = (struct status_ref){ job->author, post->gate.id, { 0 } };
	if (post->gate.audience.kind == AUDIENCE_SELF)
		hold_keep_to_author(&job->screening);
	TRY(hold_write(job->c, tx, &job->screening, &ref, job->author, job->now_ms, &out->measure));
	post->gate.held_until_ms = measure_held_until(&out->measure);
	out->held = order_now(job->c, job->now_ms) < post->gate.held_until_ms;
	/* Of what was written long ago nobody is told today. */
	for (size_t i = 0; i < post->n_mentions && job->at_ms == 0; i++)
		TRY(publish_tell(job->c, tx, NOTICE_MENTION, post->mentions[i], job->author, &ref,
		                 job->now_ms));
	TRY(publish_keep_key(tx, job->author, &job->words, post->gate.id.v, job->now_ms));
out:
	return e;
}

static void post_after(void *ctx)
{
	struct post_job *job = ctx;
	struct world *world = job->c->world;
	struct piece fresh = { .post = job->out->post };
	struct piece_measure said;
	if (job->again)
		return;
	hold_after(job->c, &job->screening);
	picture_after(job->c, &job->pictures);
	world_add_post(world, &job->out->post.gate);
	if (job->out->measure.id.v != 0) {
		explain_measure(&job->out->measure, job->mem, &said);
		fresh.measures = &said;
		fresh.n_measures = 1;
	}
	/* The newest posts are what everyone asks for next, and nobody has said anything of this one yet. Only this
	 * thread moves stamps, so the offer is not refused. */
	world_lock(world);
	uint32_t stamp = world_piece_stamp(world, fresh.post.gate.id);
	world_unlock(world);
	world_offer_piece(world, &fresh, stamp);
}

err publish_post(struct circle *c, person_id author, const struct post_draft *draft, int64_t now_ms,
                 struct arena *mem, struct published *out)
{
	struct post_job *job = ARENA_NEW(mem, struct post_job);
	struct facts facts = { .kind = FACTS_POST,
		               .author = (uint64_t)author.v,
		               .at_ms = draft->at_ms ? draft->at_ms : now_ms };
	struct post words;
	err e;
	*job = (struct post_job){ .c = c,
		                  .mem = mem,
		                  .author = author,
		                  .direct = draft->direct,
		                  .media_ids = draft->media_ids,
		                  .n_media = draft->n_media,
		                  .at_ms = draft->at_ms,
		                  .now_ms = now_ms,
		                  .out = out };
	memset(out, 0, sizeof *out);
	TRY(publish_prepare(&job->words, draft->text, draft->language, draft->app, draft->retry_key,
	                    POST_TEXT_MAX, draft->card.url.n > 0 || draft->n_media > 0, mem));
	TRY(publish_place(draft->place, &job->place));
	TRY(publish_card(&draft->card, &job->card));
	words = (struct post){ .text = draft->text, .place = job->place, .card = job->card };
	TRY(picture_intended(c, author, draft->media_ids, draft->n_media, mem, &job->judged,
	                     &job->n_judged));
	words.media = job->judged;
	words.n_media = job->n_judged;
	wording_tell(&facts, &words, mem);
	if (!draft->direct)
		TRY(address_sort(&draft->audience, mem, &job->audience));
	publish_sent_post(draft, &job->audience, mem, &job->words);
	address_named(c->world, draft->text, mem, job->named, &job->n_named);
	hold_screen(c, &facts, now_ms, mem, &job->screening);
	TRY(verb_write(c, post_work, post_after, job));
	if (!job->again && out->measure.id.v != 0)
		log_event(c->log, LOG_INFO, out->held ? "post.held" : "post.labelled",
		          LOG_I64("id", out->post.gate.id.v), LOG_STR("rule", out->measure.rule));
	if (LEAK("log.words"))
		log_event(c->log, LOG_INFO, "post.written", LOG_STR("text", draft->text));
out:
	return e;
}

struct delete_job {
	struct circle *c;
	struct arena *mem;
	person_id author;
	struct status_ref ref;
	int64_t now_ms;
	struct picture_change pictures;
	struct post_gate gate;       /* as it was */
	struct comment_gate comment; /* the same */
};

/* Nobody decides about what is not there any more; what was decided stays. */
static err end_measures(struct conn *tx, struct delete_job *job)
{
	struct order_changes x = order_changes(job->c, job->mem);
	return order_end_gone(&x, tx, job->author, &job->ref, job->now_ms);
}

/* One's own comment, where the post may still be seen: a comment under a hidden post answers like none at all. */
static err delete_comment(struct conn *tx, struct delete_job *job, const struct door *door)
{
	struct post_gate gate;
	struct comment comment;
	const struct status_ref *ref = &job->ref;
	bool mine;
	err e;
	TRY(posts_gate(tx, ref->post_author, ref->post, job->mem, &gate));
	TRY(comments_find(tx, ref->post_author, ref->post, ref->comment, job->mem, &comment));
	mine = comment.gate.author.v == job->author.v &&
	       see_comment(&door->see, job->author, &gate, &comment.gate,
	                   order_now(job->c, job->now_ms));
	TRY(door_answer(door, mine, "not one's own comment"));
	job->comment = comment.gate;
	TRY(end_measures(tx, job));
	TRY(comments_delete(tx, ref->post_author, ref->post, ref->comment, job->now_ms));
	TRY(retries_forget_sent(tx, job->author, ref->comment.v));
out:
	return e;
}

static err delete_work(struct conn *tx, void *ctx)
{
	struct delete_job *job = ctx;
	struct door door;
	err e;
	door_open(&door, tx, job->mem);
	TRY(door_writer(&door, job->author));
	if (job->ref.comment.v != 0)
		return delete_comment(tx, job, &door);
	if (job->ref.post_author.v != job->author.v)
		return err_missing("not one's own post");
	TRY(posts_gate(tx, job->author, job->ref.post, job->mem, &job->gate));
	TRY(end_measures(tx, job));
	TRY(picture_leave(tx, job->author, job->ref.post, job->mem, &job->pictures));
	TRY(posts_delete(tx, job->author, job->ref.post, job->now_ms));
	TRY(retries_forget_sent(tx, job->author, job->ref.post.v));
out:
	return e;
}

static void delete_after(void *ctx)
{
	const struct delete_job *job = ctx;
	const struct status_ref *ref = &job->ref;
	if (ref->comment.v != 0) {
		if (!LEAK("world.deleted_comment"))
			world_delete_comment(job->c->world, ref->post_author, ref->post,
			                     ref->comment);
		live_comment_gone(job->c->live, &job->comment);
	} else if (!LEAK("world.deleted_post")) {
		if (!world_delete_post(job->c->world, ref->post_author, ref->post))
			live_gone(job->c->live, &job->gate);
	}
	picture_after(job->c, &job->pictures);
}

err publish_delete(struct circle *c, person_id author, const struct status_ref *ref, int64_t now_ms)
{
	struct arena *mem = arena_new(4096);
	struct delete_job job = {
		.c = c, .mem = mem, .author = author, .ref = *ref, .now_ms = now_ms
	};
	err e = verb_write(c, delete_work, delete_after, &job);
	arena_free(mem);
	return e;
}
