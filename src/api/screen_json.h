/* screen_json.h - texts to be judged and verdicts as JSON: one form for `kith screen` and POST /api/kith/v1/screen. */
#ifndef KITH_API_SCREEN_JSON_H
#define KITH_API_SCREEN_JSON_H

#include "base/buf.h"
#include "model/facts.h"
#include "model/verdict.h"

#include <jansson.h>

/* {"id", "text", "author"?, "at"?, "kind"?}. A sentence when it is not that, NULL when it is; `*field` is the member at fault, or
 * NULL. The text borrows `object`. Equal authors give equal numbers; a name and a number are never equal. */
const char *screen_json_facts(const json_t *object, struct facts *facts, const char **field);

/* {"id", "action", "score", "malice", "reasons": [{"rule", "text", "spans"}]}, sentences in the language of the text: Chinese
 * where it has Han characters, else English. The id as it came: string, number or null. */
void screen_json_verdict(struct buf *b, const json_t *id, str text, const struct verdict *v);

#endif
