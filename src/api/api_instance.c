/* What this server is, for apps that ask before anyone has signed in. Counts are 0: a circle's size is its own
 * business. */
#include "api/handlers.h"

#include "api/api_private.h"
#include "api/entity.h"
#include "model/limits.h"

/* The level of Mastodon's API that is spoken here; apps read the number. */
#define VERSION "4.2.0 (compatible; kith " KITH_VERSION ")"
#define TITLE "kith"
#define DESCRIPTION "A friend circle that stays one. By invitation."
/* Apps want an address; ".invalid" can belong to nobody (RFC 2606). Here a person is asked, not a mailbox. */
#define EMAIL "nobody@kith.invalid"

static void add_configuration(struct buf *b)
{
	buf_lit(b,
	        ",\"configuration\":{\"accounts\":{\"max_featured_tags\":0,\"max_pinned_statuses\":0,"
	        "\"max_profile_fields\":0,\"max_display_name_length\":");
	buf_i64(b, DISPLAY_NAME_MAX);
	buf_lit(b, ",\"max_note_length\":");
	buf_i64(b, NOTE_MAX);
	buf_lit(b, "},\"statuses\":{\"max_characters\":");
	buf_i64(b, POST_TEXT_MAX);
	buf_lit(b, ",\"max_media_attachments\":");
	buf_i64(b, MEDIA_MAX);
	buf_lit(b, ",\"characters_reserved_per_url\":0},"
	           "\"media_attachments\":{\"supported_mime_types\":[\"image/jpeg\",\"image/png\","
	           "\"image/webp\"],\"image_size_limit\":");
	buf_i64(b, (int64_t)MEDIA_MAX_BYTES);
	buf_lit(b, ",\"image_matrix_limit\":");
	buf_i64(b, MEDIA_MAX_PIXELS);
	buf_lit(b, ",\"description_limit\":");
	buf_i64(b, ALT_TEXT_MAX);
	buf_lit(b,
	        ",\"video_size_limit\":0,\"video_frame_rate_limit\":0,\"video_matrix_limit\":0},"
	        "\"polls\":{\"max_options\":0,\"max_characters_per_option\":0,\"min_expiration\":0,"
	        "\"max_expiration\":0}");
}

static void add_url(struct call *c, struct buf *b, str path)
{
	buf_char(b, '"');
	buf_add(b, c->url);
	buf_add(b, path);
	buf_char(b, '"');
}

/* Where streams are: the place is the same, the scheme is the WebSocket's. */
static void add_streaming(struct call *c, struct buf *b)
{
	buf_char(b, '"');
	buf_add(b, c->api->secure ? S("wss://") : S("ws://"));
	buf_add(b, c->api->host);
	buf_char(b, '"');
}

err api_instance_v1(struct call *c)
{
	struct buf *b = call_json(c);
	buf_lit(b, "{\"uri\":");
	buf_json(b, c->api->host);
	buf_lit(b, ",\"title\":\"" TITLE "\",\"short_description\":\"" DESCRIPTION
	           "\",\"description\":\"" DESCRIPTION "\",\"email\":\"" EMAIL
	           "\",\"version\":\"" VERSION
	           "\",\"languages\":[\"en\",\"zh\"],\"registrations\":false,"
	           "\"approval_required\":false,\"invites_enabled\":true,\"contact_account\":null,"
	           "\"stats\":{\"user_count\":0,\"status_count\":0,\"domain_count\":0},"
	           "\"thumbnail\":");
	add_url(c, b, S("/assets/header.svg"));
	buf_lit(b, ",\"urls\":{\"streaming_api\":");
	add_streaming(c, b);
	buf_char(b, '}');
	add_configuration(b);
	buf_lit(b, "},\"rules\":");
	entity_rules(b);
	buf_char(b, '}');
	return call_send(c);
}

err api_instance_v2(struct call *c)
{
	struct buf *b = call_json(c);
	buf_lit(b, "{\"domain\":");
	buf_json(b, c->api->host);
	buf_lit(b, ",\"title\":\"" TITLE "\",\"version\":\"" VERSION "\",\"source_url\":");
	add_url(c, b, S("/"));
	buf_lit(b,
	        ",\"description\":\"" DESCRIPTION "\",\"usage\":{\"users\":{\"active_month\":0}},"
	        "\"thumbnail\":{\"url\":");
	add_url(c, b, S("/assets/header.svg"));
	buf_lit(b,
	        ",\"blurhash\":null,\"versions\":null},\"icon\":[],\"languages\":[\"en\",\"zh\"],"
	        "\"registrations\":{\"enabled\":false,\"approval_required\":false,"
	        "\"reason_required\":false,\"message\":null,\"min_age\":null,\"url\":null},"
	        "\"api_versions\":{\"mastodon\":1},\"contact\":{\"email\":\"" EMAIL
	        "\",\"account\":null},\"rules\":");
	entity_rules(b);
	add_configuration(b);
	buf_lit(b, ",\"translation\":{\"enabled\":false},\"urls\":{\"streaming\":");
	add_streaming(c, b);
	buf_lit(b,
	        ",\"status\":null,\"about\":null,\"privacy_policy\":null,\"terms_of_service\":null}}}");
	return call_send(c);
}

err api_instance_rules(struct call *c)
{
	entity_rules(call_json(c));
	return call_send(c);
}

err api_instance_none(struct call *c) { return call_send_none(c); }

err api_instance_nodeinfo_links(struct call *c)
{
	struct buf *b = call_json(c);
	buf_lit(b,
	        "{\"links\":[{\"rel\":\"http://nodeinfo.diaspora.software/ns/schema/2.0\",\"href\":");
	add_url(c, b, S("/nodeinfo/2.0"));
	buf_lit(b, "}]}");
	return call_send(c);
}

err api_instance_nodeinfo(struct call *c)
{
	struct buf *b = call_json(c);
	buf_lit(b,
	        "{\"version\":\"2.0\",\"software\":{\"name\":\"kith\",\"version\":\"" KITH_VERSION
	        "\"},\"protocols\":[],\"services\":{\"inbound\":[],\"outbound\":[]},"
	        "\"openRegistrations\":false,\"usage\":{\"users\":{}},"
	        /* how libraries of many clients learn which API is spoken */
	        "\"metadata\":{\"upstream\":{\"name\":\"mastodon\"}}}");
	return call_send(c);
}

static err send_ok(struct call *c)
{
	http_reply_json(c->reply, 200, S("{\"status\":\"ok\"}"));
	return OK;
}

err api_instance_healthz(struct call *c) { return send_ok(c); }

/* A server that is draining says 503 to everything before a request gets here. */
err api_instance_readyz(struct call *c)
{
	return atomic_load(&c->api->ready) ? send_ok(c) : err_busy("not ready");
}
