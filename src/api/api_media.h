/* api_media.h - a picture out of a form, for every route that takes one. */
#ifndef KITH_API_API_MEDIA_H
#define KITH_API_API_MEDIA_H

#include "api/call.h"
#include "model/media.h"

/* The file in `field`, brought as an unused picture of who is calling. ERR_INPUT, ERR_LIMIT naming the field; 413 when it is too large. */
MUST_CHECK err media_upload(struct call *c, const char *field, str about, struct media *out);

#endif
