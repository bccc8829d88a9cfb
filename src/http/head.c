/* See head.h. Each rule is one small function that says no with a status; head_read asks them in
 * turn. */
#include "http/head.h"

#include "http/form_private.h"

#include <string.h>

#define FINE ((struct head_fault){ .status = 0 })

static struct head_fault bad(const char *sentence)
{
	return (struct head_fault){ 400, true, sentence };
}

/* The framing is clear, so the connection may go on once the body is read past. */
static struct head_fault refused(int status, const char *sentence)
{
	return (struct head_fault){ status, false, sentence };
}

/* Fields that mean one thing only: a second one is an attempt to mean another. */
static bool is_single(str name)
{
	static const char *const names[] = { "host",         "content-length",  "transfer-encoding",
		                             "content-type", "authorization",   "origin",
		                             "expect",       "content-encoding" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_ascii_nocase(name, str_of(names[i])))
			return true;
	return false;
}

static struct head_fault check_fields(const struct head *head)
{
	if (head->fields_n > HEAD_FIELDS_MAX)
		return (struct head_fault){ 431, true, "Too many header fields." };
	for (size_t i = 0; i < head->fields_n; i++) {
		str name = head->fields[i].name, value = head->fields[i].value;
		if (!http_is_token(name))
			return bad("A header name is malformed.");
		for (size_t k = 0; k < value.n; k++) {
			unsigned char c = (unsigned char)value.p[k];
			if ((c < 0x20 && c != '\t') || c == 0x7F)
				return bad("A header value has a control byte.");
		}
		if (!is_single(name))
			continue;
		for (size_t k = 0; k < i; k++)
			if (str_eq_ascii_nocase(head->fields[k].name, name))
				return bad("A header comes twice that may come once.");
	}
	return FINE;
}

static struct head_fault read_framing(const struct http_request *request, bool one_one,
                                      struct head_framing *framing)
{
	str length = http_header(request, "content-length");
	str encoding = http_header(request, "transfer-encoding");
	*framing = (struct head_framing){ .chunked = false };
	if (encoding.p) {
		if (length.p || !one_one || !str_eq_ascii_nocase(encoding, S("chunked")))
			return bad("The body's length is in doubt.");
		framing->chunked = true;
	} else if (length.p) {
		if (length.n == 0 || length.n > 18) /* 18 digits always fit */
			return bad("Content-Length is no number.");
		for (size_t i = 0; i < length.n; i++) {
			if (length.p[i] < '0' || length.p[i] > '9')
				return bad("Content-Length is no number.");
			framing->bytes = framing->bytes * 10 + (uint64_t)(length.p[i] - '0');
		}
	}
	return FINE;
}

/* What decodes to a separator or a control byte would be read in two ways further in. */
static bool decode_path(str raw, struct arena *mem, str *path)
{
	if (str_find(raw, S("%2F")) != SIZE_MAX || str_find(raw, S("%2f")) != SIZE_MAX)
		return false;
	if (!params_unescape(raw, false, mem, path))
		return false;
	for (size_t i = 0; i < path->n; i++) {
		unsigned char c = (unsigned char)path->p[i];
		if (c < 0x20 || c == 0x7F || c == '\\')
			return false;
	}
	return utf8_valid(*path);
}

static struct head_fault read_target(const struct head *head, struct http_request *out)
{
	str target = head->target;
	if (target.n == 0 || target.p[0] != '/')
		return bad("The request target is not a path.");
	for (size_t i = 0; i < target.n; i++)
		if (target.p[i] <= 0x20 || target.p[i] >= 0x7F || target.p[i] == '#')
			return bad("The request target is malformed.");
	str rest = target;
	str raw_path = str_cut(&rest, '?');
	out->query_text = rest;
	if (!decode_path(raw_path, out->mem, &out->path))
		return bad("The path is malformed.");
	out->query = params_none();
	if (rest.n > 0 && failed(params_of_form(rest, out->mem, &out->query)))
		return bad("The query is malformed.");
	return FINE;
}

static struct head_fault check_host(const struct http_request *request, bool one_one)
{
	str host = http_header(request, "host");
	if (one_one && host.n == 0)
		return bad("Host is missing.");
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		             (c >= 'A' && c <= 'Z');
		if (!alnum && (c == 0 || !strchr(".-_:[]", c)))
			return bad("Host is malformed.");
	}
	return FINE;
}

/* The last address is the one our own proxy added; those before it are what the caller claimed. */
static struct http_peer read_peer(const struct head *head)
{
	struct http_peer peer = head->peer;
	if (!head->proxy)
		return peer;
	for (size_t i = head->fields_n; i-- > 0;) {
		if (!str_eq_ascii_nocase(head->fields[i].name, S("x-forwarded-for")))
			continue;
		str last = STR_NONE;
		for (str rest = head->fields[i].value; rest.p;)
			last = str_cut(&rest, ',');
		(void)http_peer_of(str_trim(last), &peer); /* no address: the socket's stays */
		break;
	}
	return peer;
}

static struct head_fault check_rest(const struct head *head, const struct http_request *request)
{
	str encoding = http_header(request, "content-encoding"),
	    expect = http_header(request, "expect");
	enum http_method method;
	if (!http_method_of(head->method, &method))
		return refused(405, "This method is not known here.");
	/* Nothing is unpacked: a small body stays small. */
	if (encoding.n > 0 && !str_eq_ascii_nocase(encoding, S("identity")))
		return refused(415, "Bodies must come unpacked.");
	if (expect.n > 0 && !str_eq_ascii_nocase(expect, S("100-continue")))
		return refused(417, "This expectation is not known here.");
	return FINE;
}

static str read_content_type(const struct http_request *request)
{
	str value = http_header(request, "content-type");
	return str_lower_ascii(request->mem, str_trim(str_cut(&value, ';')));
}

struct head_fault head_read(const struct head *head, struct arena *mem, struct http_request *out,
                            struct head_framing *framing)
{
	bool one_one = str_eq(head->version, S("HTTP/1.1"));
	*out = (struct http_request){ .mem = mem, .query = params_none() };
	out->peer = head->peer;
	out->fields = head->fields;
	out->fields_n = head->fields_n;
	*framing = (struct head_framing){ .chunked = false };
	if (!one_one && !str_eq(head->version, S("HTTP/1.0")))
		return (struct head_fault){ 505, true, "HTTP/1.1 is spoken here." };

	struct head_fault fault = check_fields(head);
	if (fault.status == 0)
		fault = read_framing(out, one_one, framing);
	if (fault.status == 0)
		fault = check_host(out, one_one);
	if (fault.status == 0)
		fault = read_target(head, out);
	if (fault.status != 0)
		return fault;
	out->peer = read_peer(head);
	out->body_fd = -1;
	out->content_type = read_content_type(out);
	(void)http_method_of(head->method, &out->method); /* an unknown one is refused next */
	return check_rest(head, out);
}

void head_fault_reply(const struct head_fault *fault, struct http_reply *reply)
{
	http_reply_error(reply, fault->status, NULL, fault->sentence);
	if (fault->status == 503)
		http_reply_literal(reply, "Retry-After", "1");
	if (fault->status == 405)
		http_reply_literal(reply, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
	if (fault->status == 426) {
		http_reply_literal(reply, "Upgrade", "websocket");
		http_reply_literal(reply, "Sec-WebSocket-Version", "13");
	}
	reply->close = fault->close;
}
