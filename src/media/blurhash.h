/* blurhash.h - a picture as 28 characters: a blur to show until it is there.
 *
 * Source: Wolt, "BlurHash", Algorithm.md (github.com/woltapp/blurhash, MIT); written anew from the description. 4x3 components. */
#ifndef KITH_MEDIA_BLURHASH_H
#define KITH_MEDIA_BLURHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLURHASH_BYTES 28

/* `rgb`: 8-bit sRGB, row after row without gaps; its cost grows with the pixels, so bring a small copy. No NUL at the end. */
void blurhash_of(const uint8_t *rgb, int width, int height, char out[BLURHASH_BYTES]);
/* Only what blurhash_of may write. */
bool blurhash_is(const char text[BLURHASH_BYTES]);

#endif
