/* log.h - one line of key=value an event; no text of posts, no tokens, no names.
 *
 * at=2026-11-24T18:12:41.000Z level=info event=post.held id=123 rule=text.malice
 * Values with spaces, quotes or control bytes are quoted and escaped, so one event is one line whatever it says. */
#ifndef KITH_BASE_LOG_H
#define KITH_BASE_LOG_H

#include "base/err.h"
#include "base/seam.h"
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log;

struct log_field {
	const char *key;
	enum { LOG_FIELD_I64, LOG_FIELD_STR, LOG_FIELD_REAL } type;
	int64_t i64;
	str text;
	double real;
};

#define LOG_I64(k, v) ((struct log_field){ .key = (k), .type = LOG_FIELD_I64, .i64 = (v) })
#define LOG_STR(k, v) ((struct log_field){ .key = (k), .type = LOG_FIELD_STR, .text = (v) })
#define LOG_REAL(k, v) ((struct log_field){ .key = (k), .type = LOG_FIELD_REAL, .real = (v) })

/* Writes to `fd` (borrowed), nothing below `least`. Each line is one write(2): threads never mix. */
struct log *log_new(int fd, enum log_level least, struct clock clock);
void log_free(struct log *log);
/* A NULL log is silent. */
void log_fields(struct log *log, enum log_level level, const char *event, size_t n,
                const struct log_field *fields);
#define log_event(log, level, event, ...)                                                          \
	log_fields((log), (level), (event),                                                        \
	           sizeof((struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field),         \
	           (struct log_field[]){ __VA_ARGS__ })
/* For a failure that truly may be ignored. */
void log_if_failed(struct log *log, const char *event, err e);

#endif
