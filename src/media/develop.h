/* develop.h - from the bytes of a picture to its files, hashes and codes. Runs in the darkroom alone, after the walls are up.
 *
 * The hash is reckoned over the pixels as they are stored: published lists know neither orientation nor colour profiles. Everything
 * else is made from the picture as people see it. Only pixels pass: what is written holds no metadata at all. */
#ifndef KITH_MEDIA_DEVELOP_H
#define KITH_MEDIA_DEVELOP_H

#include "media/libraries.h"
#include "media/media_private.h"

/* `picture` stays as it is meanwhile. With `sizes` the files go to `files`, one behind the other, from its beginning. Keeps no order
 * in memory: the process ends with the picture. */
enum fault develop(const struct libraries *lib, str picture, bool sizes, int files,
                   struct answer *out);

#endif
