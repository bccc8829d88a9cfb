/* picture_private.h - what the files of picture share: the folder, and where pictures lately looked at belong. */
#ifndef KITH_CIRCLE_PICTURE_PRIVATE_H
#define KITH_CIRCLE_PICTURE_PRIVATE_H

#include "circle/picture.h"
#include "circle/picture_files.h"

#include <pthread.h>

#define HINTS 4096 /* a page of the feed asks for some dozens; the rows of a busy evening fit */

struct album {
	struct picture_files *files;
	int64_t swept_at_ms; /* the walk over the files; by the sweeping thread alone */

	pthread_mutex_t lock; /* of all below */
	uint64_t changes;     /* counts rows that got another use or went */
	struct media hints[HINTS];
};

/* What is remembered of a row since nothing changed it; without words. A hint, never a permission: who may see it is asked each time.
 * Readers offer what they read after `changes` had been taken; a change that committed meanwhile refuses the offer. */
uint64_t album_changes(struct album *album);
bool album_find(struct album *album, media_id id, struct media *out);
void album_offer(struct album *album, const struct media *media, uint64_t changes);
/* On the writer's thread, after a commit that changed this row. */
void album_forget(struct album *album, media_id id);

/* Whether a row names this content; `ctx` is the circle. */
bool album_named(void *ctx, const unsigned char content[MEDIA_CONTENT_BYTES]);

#endif
