/* media.h - a picture somebody brought: what is known of it beside its files.
 *
 * The files lie in `media/` under the hash of what was uploaded (circle/picture.h); nothing here names a path. */
#ifndef KITH_MODEL_MEDIA_H
#define KITH_MODEL_MEDIA_H

#include <stdbool.h>

#include "base/str.h"
#include "model/id.h"

#define MEDIA_CONTENT_BYTES 32
#define PDQ_BYTES 32

/* Not yet used: its uploader's alone, and it expires. */
enum media_use { MEDIA_UNUSED, MEDIA_POST, MEDIA_AVATAR, MEDIA_COVER };
/* Sizes that are kept: longest side at most so many pixels, never larger than the picture itself. */
enum media_size { MEDIA_SMALL, MEDIA_MIDDLE, MEDIA_LARGE };
#define MEDIA_SIZES 3
enum media_format { MEDIA_WEBP, MEDIA_JPEG };
#define MEDIA_FORMATS 2

struct media {
	media_id id;
	person_id owner;
	enum media_use use;
	post_id post; /* with MEDIA_POST: a post of the owner's */
	int position;
	unsigned char content[MEDIA_CONTENT_BYTES];
	int width, height; /* of MEDIA_LARGE, as shown */
	str blurhash;
	str about; /* for those who do not see it; may be empty */
	unsigned char pdq[PDQ_BYTES];
	int pdq_quality; /* 0..100 */
	str qr;          /* payloads, one a line; empty when none was read */
	int64_t created_at_ms;
};

/* Longest side in pixels: 320, 1280, 2560. */
int media_side_px(enum media_size size);
/* "small", "middle", "large"; "webp", "jpeg": as in addresses. */
const char *media_size_word(enum media_size size);
const char *media_format_word(enum media_format format);
bool media_size_of(str word, enum media_size *out);
bool media_format_of(str word, enum media_format *out);

#endif
