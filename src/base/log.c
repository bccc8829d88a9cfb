/* log.c - events as single lines. */
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

#define LINE_MAX_BYTES 8192
#define VALUE_MAX_BYTES 1024

static const char *const level_names[] = { "debug", "info", "warn", "error" };

struct log {
	int fd;
	enum log_level least;
	struct clock clock;
};

struct log *log_new(int fd, enum log_level least, struct clock clock)
{
	struct log *log = malloc(sizeof *log);
	if (!log)
		abort();
	*log = (struct log){ fd, least, clock };
	return log;
}

void log_free(struct log *log) { free(log); }

static bool is_bare(str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\')
			return false;
	}
	return text.n > 0;
}

static void add_text(struct buf *line, str text)
{
	text = str_slice(text, 0, VALUE_MAX_BYTES);
	if (is_bare(text))
		buf_add(line, text);
	else
		buf_json(line, text);
}

static void add_field(struct buf *line, const struct log_field *field)
{
	buf_char(line, ' ');
	buf_add(line, str_of(field->key));
	buf_char(line, '=');
	switch (field->type) {
	case LOG_FIELD_I64:
		buf_i64(line, field->i64);
		break;
	case LOG_FIELD_REAL:
		buf_json_real(line, field->real);
		break;
	case LOG_FIELD_STR:
		add_text(line, field->text);
		break;
	}
}

void log_fields(struct log *log, enum log_level level, const char *event, size_t n,
                const struct log_field *fields)
{
	if (!log || level < log->least)
		return;
	struct arena *mem = arena_new(2048);
	struct buf line;
	buf_init(&line, mem, LINE_MAX_BYTES);
	buf_lit(&line, "at=");
	buf_time(&line, clock_now(log->clock));
	buf_lit(&line, " level=");
	buf_add(&line, str_of(level_names[level]));
	buf_lit(&line, " event=");
	add_text(&line, str_of(event));
	for (size_t i = 0; i < n; i++) {
		size_t whole = line.n;
		add_field(&line, &fields[i]);
		if (line.full) { /* fields go whole or not at all */
			line.n = whole;
			break;
		}
	}
	if (line.full) {
		line.full = false;
		line.max += 16;
		buf_lit(&line, " cut=true");
	}
	line.max++;
	buf_char(&line, '\n');
	ssize_t done;
	do
		done = write(log->fd, line.p, line.n);
	while (done < 0 && errno == EINTR);
	arena_free(mem);
}

void log_if_failed(struct log *log, const char *event, err e)
{
	if (failed(e))
		log_event(log, LOG_WARN, event, LOG_STR("code", str_of(err_name(e.code))),
		          LOG_STR("why", str_of(e.why)));
}
