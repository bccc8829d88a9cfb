/* See message.h. Reading a request's fields, and filling a reply without letting a value break out
 * of its line. */
#include "http/message.h"

#include "http/form.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const method_names[HTTP_METHODS] = {
	[HTTP_GET] = "GET",     [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",
	[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS",
};

bool http_is_token(str text)
{
	static const char extra[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		             (c >= 'A' && c <= 'Z');
		if (!alnum && (c == 0 || !strchr(extra, c)))
			return false;
	}
	return text.n > 0;
}

const char *http_method_name(enum http_method method) { return method_names[method]; }

bool http_method_of(str text, enum http_method *method)
{
	for (int i = 0; i < HTTP_METHODS; i++) {
		if (str_eq(text, str_of(method_names[i]))) {
			*method = (enum http_method)i;
			return true;
		}
	}
	*method = HTTP_GET;
	return str_eq(text, S("HEAD"));
}

str http_header(const struct http_request *request, const char *name)
{
	str want = str_of(name);
	for (size_t i = 0; i < request->fields_n; i++)
		if (str_eq_ascii_nocase(request->fields[i].name, want))
			return request->fields[i].value;
	return STR_NONE;
}

str http_cookie(const struct http_request *request, const char *name)
{
	str want = str_of(name), found = STR_NONE;
	for (size_t i = 0; i < request->fields_n; i++) {
		if (!str_eq_ascii_nocase(request->fields[i].name, S("cookie")))
			continue;
		str rest = request->fields[i].value;
		while (rest.n > 0) {
			str value = str_cut(&rest, ';');
			if (str_find(value, S("=")) == SIZE_MAX)
				continue;
			str key = str_trim(str_cut(&value, '='));
			if (!str_eq(key, want))
				continue;
			if (found.p)
				return STR_NONE;
			value = str_trim(value);
			found = value.p ? value : S("");
		}
	}
	return found;
}

/* IPv4 inside IPv6 (RFC 4291, 2.5.5.2). */
static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };

str http_peer_text(const struct http_peer *peer, struct arena *mem)
{
	char text[INET6_ADDRSTRLEN];
	if (!peer->known)
		return S("local");
	if (memcmp(peer->ip, mapped, sizeof(mapped)) == 0)
		inet_ntop(AF_INET, peer->ip + 12, text, sizeof(text));
	else
		inet_ntop(AF_INET6, peer->ip, text, sizeof(text));
	return str_dup(mem, str_of(text));
}

uint64_t http_peer_key(const struct http_peer *peer)
{
	uint64_t high, low;
	memcpy(&high, peer->ip, 8);
	memcpy(&low, peer->ip + 8, 8);
	/* One subscriber holds a whole /64; an IPv4 address has its difference in the low half. */
	return memcmp(peer->ip, mapped, sizeof(mapped)) == 0 ? low : high;
}

bool http_peer_of(str text, struct http_peer *peer)
{
	char c[INET6_ADDRSTRLEN];
	if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = str_slice(text, 1, text.n - 1);
	if (text.n == 0 || text.n >= sizeof(c) || memchr(text.p, 0, text.n))
		return false;
	memcpy(c, text.p, text.n);
	c[text.n] = 0;

	struct http_peer read = { .known = true };
	memcpy(read.ip, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, c, read.ip + 12) != 1 && inet_pton(AF_INET6, c, read.ip) != 1)
		return false;
	*peer = read;
	return true;
}

bool http_peer_of_socket(const struct sockaddr *at, struct http_peer *peer)
{
	*peer = (struct http_peer){ .known = false };
	if (at->sa_family == AF_INET) {
		memcpy(peer->ip, mapped, sizeof(mapped));
		memcpy(peer->ip + 12, &((const struct sockaddr_in *)(const void *)at)->sin_addr, 4);
	} else if (at->sa_family == AF_INET6) {
		memcpy(peer->ip, &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr, 16);
	} else {
		return false;
	}
	return peer->known = true;
}

void http_reply_init(struct http_reply *reply, struct arena *mem)
{
	*reply = (struct http_reply){ .status = 200, .file = -1, .mem = mem };
}

void http_reply_reset(struct http_reply *reply)
{
	if (reply->file >= 0)
		close(reply->file);
	http_reply_init(reply, reply->mem);
}

static bool is_line(str value)
{
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7F)
			return false;
	return true;
}

/* Two owners of one of these would make an answer that two readers cut differently. */
static bool is_the_servers(str name)
{
	static const char *const names[] = { "content-length", "transfer-encoding", "connection",
		                             "keep-alive", "date" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_ascii_nocase(name, str_of(names[i])))
			return true;
	return false;
}

static void append(struct http_reply *reply, str name, str value)
{
	if (reply->fields_n == reply->fields_cap) {
		size_t cap = reply->fields_cap ? 2 * reply->fields_cap : 16;
		struct http_field *more = ARENA_ARRAY(reply->mem, cap, struct http_field);
		if (reply->fields_n > 0)
			memcpy(more, reply->fields, reply->fields_n * sizeof(*more));
		reply->fields = more;
		reply->fields_cap = cap;
	}
	reply->fields[reply->fields_n++] = (struct http_field){ name, value };
}

/* The library below wants C strings, so copies end in NUL. */
static str copy_c(struct arena *mem, str s) { return (str){ str_to_c(mem, s), s.n }; }

err http_reply_field(struct http_reply *reply, const char *name, str value)
{
	str n = str_of(name);
	if (!http_is_token(n) || is_the_servers(n))
		return err_input(NULL, "a header name that may not be set");
	if (!is_line(value))
		return err_input(NULL, "a header value with a control byte");
	append(reply, copy_c(reply->mem, n), copy_c(reply->mem, value));
	return OK;
}

void http_reply_literal(struct http_reply *reply, const char *name, const char *value)
{
	str n = str_of(name), v = str_of(value);
	assert(http_is_token(n) && !is_the_servers(n) && is_line(v));
	append(reply, n, v);
}

void http_reply_body(struct http_reply *reply, int status, const char *type, str body)
{
	reply->status = status;
	reply->body = body;
	http_reply_literal(reply, "Content-Type", type);
}

void http_reply_json(struct http_reply *reply, int status, str json)
{
	http_reply_body(reply, status, "application/json; charset=utf-8", json);
}

/* The same once more in the form of Mastodon's ValidationError, which client libraries read. */
static void add_details(struct buf *b, const char *field, const char *sentence)
{
	buf_lit(b, ",\"details\":{");
	if (field) {
		buf_json(b, str_of(field));
		buf_lit(b, ":[{\"error\":\"ERR_INVALID\",\"description\":");
		buf_json(b, str_of(sentence));
		buf_lit(b, "}]");
	}
	buf_lit(b, "}");
}

void http_reply_error(struct http_reply *reply, int status, const char *field, const char *sentence)
{
	struct buf b;
	buf_init(&b, reply->mem, 4096);
	buf_lit(&b, "{\"error\":");
	buf_json(&b, str_of(sentence));
	buf_lit(&b, ",\"error_description\":");
	buf_json(&b, str_of(sentence));
	if (field) {
		buf_lit(&b, ",\"field\":");
		buf_json(&b, str_of(field));
	}
	if (status == 422)
		add_details(&b, field, sentence);
	buf_lit(&b, "}");
	http_reply_json(reply, status, buf_str(&b));
}

str http_reply_wire(const struct http_reply *reply, const char *phrase, int64_t now_ms,
                    bool head_only)
{
	char date[64];
	struct tm tm;
	time_t t = (time_t)(now_ms / 1000);
	struct buf b;
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&t, &tm));
	buf_init(&b, reply->mem, 16 * 1024 + reply->body.n);
	bool upgrade = reply->stream && reply->stream->websocket;
	buf_format(&b, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: %s\r\n", reply->status, phrase,
	           date, upgrade ? "Upgrade" : "close");
	if (!reply->stream)
		buf_format(&b, "Content-Length: %zu\r\n", reply->body.n);
	for (size_t i = 0; i < reply->fields_n; i++) {
		buf_add(&b, reply->fields[i].name);
		buf_lit(&b, ": ");
		buf_add(&b, reply->fields[i].value);
		buf_lit(&b, "\r\n");
	}
	buf_lit(&b, "\r\n");
	if (!head_only)
		buf_add(&b, reply->body);
	return buf_str(&b);
}
