/* qr.h - what QR codes in a picture say. Runs in the darkroom alone. */
#ifndef KITH_MEDIA_QR_H
#define KITH_MEDIA_QR_H

#include "media/libraries.h"
#include "media/media_private.h"

/* Payloads, one a line; room for QR_MAX_BYTES. A reader misses codes that a phone reads: nothing found means unknown, never "none". */
struct qr_found {
	char text[QR_MAX_BYTES];
	size_t n;
};

/* Adds the payloads in `grey` (row after row, no gaps) that `found` does not hold yet. What is no UTF-8, or does not fit, is left out;
 * line ends within one become spaces. `inverted`: light codes on dark ground too, at twice the time where there is none. */
void qr_scan(const struct libraries *lib, const uint8_t *grey, int width, int height, bool inverted,
             struct qr_found *found);

#endif
