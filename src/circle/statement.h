/* statement.h - a measure as a statement of reasons, in the fields of the EU's Transparency Database (Regulation 2022/2065, articles 17 and
 * 24(5); its API of version 1). The same record that its subject was told, without anybody in it: no name, no id, no word of a piece or
 * of a person, nothing of who reported it.
 *
 * Names of fields, values and their lengths: app/Models/Statement.php and app/Http/Requests/StatementStoreRequest.php of
 * github.com/digital-services-act/transparency-database at 69e80a0b, of 2026-06-24; tests/support/dsa.schema.json agrees with them. Lengths
 * are in characters there, and in bytes here, which is fewer.
 *
 * Small circles are not bound to send it (article 19), so it is written out and sent by whoever has to. */
#ifndef KITH_CIRCLE_STATEMENT_H
#define KITH_CIRCLE_STATEMENT_H

#include "base/buf.h"
#include "circle/circle.h"
#include "integrity/policy/policy.h"
#include "model/measure.h"

#define STATEMENT_FACTS_MAX 5000
#define STATEMENT_EXPLANATION_MAX 2000
#define STATEMENT_TEXT_MAX 500

enum statement_source { SOURCE_VOLUNTARY, SOURCE_ARTICLE_16, SOURCE_TYPE_OTHER_NOTIFICATION };

/* What is known beside the measure itself. */
struct statement_about {
	str puid;                    /* stable, and leads nowhere without the circle's key */
	const struct policy *policy; /* the version it was made under; NULL: unknown, or none */
	str policy_url;              /* empty: none */
	bool pictures;               /* the piece has some */
	int64_t content_at_ms;
	enum statement_source source;
	bool detected; /* the program found what a person then decided about */
};

/* One JSON object on one line, without its end. False for what restricted nobody: a seal that was only proposed. */
bool statement_write(const struct measure *m, const struct statement_about *about, struct buf *b);

/* Every measure that began in [from_ms, to_ms), oldest first, each as one line with its end. `line` is borrowed for the call; its error ends
 * it. `url`: our origin. */
MUST_CHECK err statement_export(struct circle *c, int64_t from_ms, int64_t to_ms, str url,
                                err (*write)(void *ctx, str line), void *ctx, int64_t *n);

#endif
