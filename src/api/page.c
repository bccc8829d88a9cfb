/* See page.h. */
#include "api/page.h"

#include "api/api_private.h"
#include "api/handlers.h"

#include "base/embed.h"
#include "base/encode.h"

#include <sodium.h>
#include <string.h>

#ifdef KITH_PAGE
#include "page_embed.h"
#else
static const struct embedded page_embed[1];
static const size_t page_embed_count = 0;
#endif

#define ETAG_BYTES 12

/* Nobody has a picture of their own yet: a plain shape, so that every app has something to show. */
static const char avatar_svg[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" width=\"96\" height=\"96\">"
	"<rect width=\"96\" height=\"96\" fill=\"#d9cfd4\"/><circle cx=\"48\" cy=\"38\" r=\"17\" "
	"fill=\"#86285a\"/><path d=\"M14 96c2-24 16-34 34-34s32 10 34 34Z\" fill=\"#86285a\"/></svg>";
static const char header_svg[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 200\" width=\"600\" "
	"height=\"200\"><rect width=\"600\" height=\"200\" fill=\"#d9cfd4\"/></svg>";

struct page_file {
	str name;        /* "app.js" */
	str bytes, gzip; /* gzip empty: sent as it is */
	str etag;        /* quoted */
	const char *type;
};

struct page_files {
	struct page_file *files;
	size_t n;
	const struct page_file *index;
};

static const struct {
	const char *end, *type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".webmanifest", "application/manifest+json" },
};

static const char *type_of(str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_ends(name, str_of(types[i].end)))
			return types[i].type;
	return "application/octet-stream";
}

static str etag_of(str bytes, struct arena *mem)
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)bytes.p, bytes.n, NULL, 0);
	return str_format(mem, "\"%.*s\"", STR_ARG(base64url_of(mem, hash, ETAG_BYTES)));
}

static void add_file(struct page_files *files, str name, str bytes, str gzip, struct arena *mem)
{
	files->files[files->n++] = (struct page_file){
		.name = name,
		.bytes = bytes,
		.gzip = gzip,
		.etag = etag_of(bytes, mem),
		.type = type_of(name),
	};
}

static str embedded_bytes(str name)
{
	for (size_t i = 0; i < page_embed_count; i++)
		if (str_eq(str_of(page_embed[i].name), name))
			return (str){ (const char *)page_embed[i].bytes, page_embed[i].n };
	return STR_NONE;
}

static const struct page_file *find_file(const struct page_files *files, str name)
{
	for (size_t i = 0; i < files->n; i++)
		if (str_eq(files->files[i].name, name))
			return &files->files[i];
	return NULL;
}

err page_files_new(struct arena *mem, struct page_files **out)
{
	if (sodium_init() < 0)
		return err_system("libsodium could not be set up");
	struct page_files *files = ARENA_NEW(mem, struct page_files);
	files->files = ARENA_ARRAY(mem, page_embed_count + 2, struct page_file);
	for (size_t i = 0; i < page_embed_count; i++) {
		str name = str_of(page_embed[i].name);
		if (str_ends(name, S(".gz")))
			continue;
		add_file(files, name, embedded_bytes(name),
		         embedded_bytes(str_format(mem, "%.*s.gz", STR_ARG(name))), mem);
	}
	if (!find_file(files, S("avatar.svg")))
		add_file(files, S("avatar.svg"), str_of(avatar_svg), STR_NONE, mem);
	if (!find_file(files, S("header.svg")))
		add_file(files, S("header.svg"), str_of(header_svg), STR_NONE, mem);
	files->index = find_file(files, S("index.html"));
	*out = files;
	return OK;
}

static err send_file(struct call *c, const struct page_file *file)
{
	struct http_reply *reply = c->reply;
	bool packed = file->gzip.n > 0 &&
	              call_lists(http_header(c->request, "Accept-Encoding"), S("gzip"));
	err e;
	/* The page is the same for everyone; what is personal comes by the API. */
	http_reply_literal(reply, "Cache-Control", "no-cache");
	TRY(http_reply_field(reply, "ETag", file->etag));
	if (file->gzip.n > 0)
		http_reply_literal(reply, "Vary", "Accept-Encoding");
	if (call_has_etag(c, file->etag)) {
		reply->status = 304;
		return OK;
	}
	if (packed)
		http_reply_literal(reply, "Content-Encoding", "gzip");
	http_reply_body(reply, 200, file->type, packed ? file->gzip : file->bytes);
out:
	return e;
}

err page_index(struct call *c)
{
	const struct page_file *index = c->api->files->index;
	if (!index)
		return err_missing("built without the page");
	http_reply_literal(c->reply, "Content-Security-Policy", PAGE_CSP);
	http_reply_literal(c->reply, "Referrer-Policy", "no-referrer");
	http_reply_literal(c->reply, "Cross-Origin-Opener-Policy", "same-origin");
	return send_file(c, index);
}

/* Beside the root, since a service worker has power over what lies below its own address and no more. It asks this
 * server alone; what it may ask is said with its own file and not with the page. */
err page_worker(struct call *c)
{
	const struct page_file *file = find_file(c->api->files, S("worker.js"));
	if (!file)
		return err_missing("built without the page");
	http_reply_literal(c->reply, "Content-Security-Policy",
	                   "default-src 'none'; connect-src 'self'");
	return send_file(c, file);
}

err page_asset(struct call *c)
{
	const struct page_file *file = find_file(c->api->files, c->args[0]);
	if (!file || str_ends(file->name, S(".html")))
		return err_missing("no such file");
	/* An SVG opened by itself is a document. */
	http_reply_literal(c->reply, "Content-Security-Policy",
	                   "default-src 'none'; style-src 'unsafe-inline'");
	http_reply_literal(c->reply, "Cross-Origin-Resource-Policy", "cross-origin");
	return send_file(c, file);
}
