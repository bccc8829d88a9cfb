/* html.h - what people wrote, as the HTML that clients of this API expect, straight into a JSON string.
 *
 * Words stay words: everything is escaped; only http(s) addresses, #tags, names of people the viewer may see and line
 * breaks become markup. An address is shown whole, so that a link cannot hide where it leads. */
#ifndef KITH_API_HTML_H
#define KITH_API_HTML_H

#include "base/buf.h"
#include "model/person.h"

/* A JSON string, quotes included: "<p>…</p>", or "" for no text. `text` is valid UTF-8. `url` is our origin; `mentions`
 * are the people whose "@handle" becomes a link. */
void html_json(struct buf *b, str text, str url, const struct person *mentions, size_t n_mentions);
/* One segment of a path, escaped as RFC 3986 wants it. */
void html_segment(struct buf *b, str segment);

#endif
