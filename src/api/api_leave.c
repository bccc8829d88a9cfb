/* Going: an archive to take along, one brought from elsewhere, and erasure. */
#include "api/handlers.h"

#include "circle/erase.h"
#include "circle/exporter.h"
#include "circle/import.h"

/* Sessions and streams have ended when the answer goes out. */
err api_account_erase(struct call *c)
{
	str password;
	err e;
	TRY(call_text(c, "password", &password));
	TRY(admit_prove(c->circle, c->me.person, password, c->mem));
	TRY(erase_person(c->circle, c->me.person, c->now_ms));
	TRY(call_clear_cookie(c));
	TRY(call_send_empty(c));
	http_reply_literal(c->reply, "Clear-Site-Data", "\"cache\", \"storage\"");
out:
	return e;
}

/* ---- an archive to take along ---- */

static err send_status(struct call *c, const struct export_status *status)
{
	static const char *const states[] = { [EXPORT_NONE] = "none",
		                              [EXPORT_MAKING] = "making",
		                              [EXPORT_READY] = "ready",
		                              [EXPORT_FAILED] = "failed" };
	struct buf *b = call_json(c);
	buf_format(b, "{\"state\":\"%s\"", states[status->state]);
	if (status->state == EXPORT_READY) {
		buf_lit(b, ",\"made_at\":");
		buf_json_time(b, status->made_at_ms);
		buf_lit(b, ",\"expires_at\":");
		buf_json_time(b, status->expires_at_ms);
		buf_lit(b, ",\"bytes\":");
		buf_i64(b, status->bytes);
	}
	buf_char(b, '}');
	return call_send(c);
}

err api_export_ask(struct call *c)
{
	struct export_status status;
	err e;
	TRY(exporter_ask(c->circle->exporter, c->me.person, c->now_ms, &status));
	TRY(send_status(c, &status));
out:
	return e;
}

err api_export_look(struct call *c)
{
	struct export_status status;
	exporter_look(c->circle->exporter, c->me.person, c->now_ms, &status);
	return send_status(c, &status);
}

err api_export_fetch(struct call *c)
{
	size_t bytes;
	int fd;
	err e;
	TRY(exporter_fetch(c->circle->exporter, c->me.person, c->now_ms, &fd, &bytes));
	c->reply->status = 200;
	http_reply_literal(c->reply, "Content-Type", "application/zip");
	http_reply_literal(c->reply, "Content-Disposition", "attachment; filename=\"kith.zip\"");
	c->reply->file = fd;
	c->reply->file_bytes = bytes;
out:
	return e;
}

/* ---- one brought from elsewhere ---- */

err api_import(struct call *c)
{
	struct params_file file;
	struct import_report done;
	err e;
	TRY(params_file(c->params, "file", &file));
	if (!file.bytes.p)
		return err_input("file", "An archive is needed.");
	TRY(import_take(c->circle, c->me.person, file.bytes, c->now_ms, NULL, NULL, &done));
	buf_format(
		call_json(c),
		"{\"posts\":%d,\"pictures\":%d,\"tags\":%d,\"asked\":%d,\"alone\":%d,\"skipped\":%d}",
		done.posts, done.pictures, done.tags, done.asked, done.alone, done.skipped);
	TRY(call_send(c));
out:
	return e;
}
