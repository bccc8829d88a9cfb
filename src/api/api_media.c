/* Pictures: sent, described, taken back by whoever sent them, and fetched by those who may see them. */
#include "api/api_media.h"

#include "api/entity.h"
#include "api/handlers.h"
#include "circle/picture.h"
#include "model/limits.h"

#include <unistd.h>

err media_upload(struct call *c, const char *field, str about, struct media *out)
{
	struct params_file file;
	err e;
	TRY(params_file(c->params, field, &file));
	if (!file.bytes.p)
		return err_input(field, "A picture is needed.");
	e = picture_bring(c->circle, c->me.person, file.bytes, about, c->now_ms, c->mem, out);
	/* A circle knows one name for it; the form has its own. */
	if (e.field && str_eq(str_of(e.field), S("file")))
		e.field = field;
	if (file.bytes.n > MEDIA_MAX_BYTES)
		c->fault_status = 413;
out:
	return e;
}

static err send_media(struct call *c, const struct media *media)
{
	entity_media(c, call_json(c), media);
	return call_send(c);
}

err api_media_create(struct call *c)
{
	struct media media;
	str about;
	err e;
	TRY(params_str(c->params, "description", &about));
	TRY(media_upload(c, "file", about, &media));
	TRY(send_media(c, &media));
out:
	return e;
}

err api_media_show(struct call *c)
{
	struct media media;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(picture_find(c->circle, c->me.person, (media_id){ id }, c->mem, &media));
	TRY(send_media(c, &media));
out:
	return e;
}

err api_media_update(struct call *c)
{
	struct media media;
	str about;
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(params_str(c->params, "description", &about));
	if (about.p)
		TRY(picture_set_about(c->circle, c->me.person, (media_id){ id }, about, c->mem,
		                      &media));
	else
		TRY(picture_find(c->circle, c->me.person, (media_id){ id }, c->mem, &media));
	TRY(send_media(c, &media));
out:
	return e;
}

err api_media_delete(struct call *c)
{
	int64_t id;
	err e;
	TRY(call_path_id(c, 0, &id));
	TRY(picture_drop(c->circle, c->me.person, (media_id){ id }));
	TRY(call_send_empty(c));
out:
	return e;
}

/* "small.webp"; anything else is nothing that is here. */
static bool read_name(str name, enum media_size *size, enum media_format *format)
{
	return media_size_of(str_cut(&name, '.'), size) && media_format_of(name, format);
}

/* Content-Length is the server's. What is sent was drawn here anew, and is never anything but a picture to a browser. */
static void send_picture(struct call *c, int fd, size_t bytes, enum media_format format)
{
	static const char *const types[] = {
		[MEDIA_WEBP] = "image/webp", [MEDIA_JPEG] = "image/jpeg"
	};
	c->reply->status = 200;
	http_reply_literal(c->reply, "Content-Type", types[format]);
	c->reply->file = fd;
	c->reply->file_bytes = bytes;
}

err api_media_fetch(struct call *c)
{
	enum media_size size;
	enum media_format format;
	size_t bytes;
	int64_t id;
	int fd;
	err e;
	TRY(call_path_id(c, 0, &id));
	if (!read_name(c->args[1], &size, &format))
		return err_missing("no such size");
	TRY(picture_open(c->circle, c->me.person, (media_id){ id }, size, format, c->now_ms, &fd,
	                 &bytes));
	str etag = str_format(c->mem, "\"%lld-%s-%s\"", (long long)id, media_size_word(size),
	                      media_format_word(format));
	http_reply_literal(c->reply, "Cache-Control", "private, no-cache");
	http_reply_literal(c->reply, "Content-Security-Policy", "sandbox");
	http_reply_literal(c->reply, "Cross-Origin-Resource-Policy", "same-origin");
	(void)failed(http_reply_field(c->reply, "ETag", etag));
	if (call_has_etag(c, etag)) {
		close(fd);
		c->reply->status = 304;
	} else {
		send_picture(c, fd, bytes, format);
	}
out:
	return e;
}
