/* claim.h - what a picture says of itself before anything is decoded: its format, its sides, whether it moves.
 *
 * Reads markers and chunks alone, never pixels, and never past `bytes`. What is refused here costs nothing to refuse: other formats
 * whatever their name, pictures over MEDIA_MAX_PIXELS, files that claim more than they can hold (bombs), moving pictures.
 * Sources: ITU-T T.81 Annex B (JPEG), W3C PNG third edition (acTL), RFC 9649 (WebP). */
#ifndef KITH_MEDIA_CLAIM_H
#define KITH_MEDIA_CLAIM_H

#include "media/media_private.h"

#define CLAIM_SIDE_MAX 30000
#define CLAIM_SCANS_MAX 64 /* of a progressive JPEG */
/* Deflate at its best gives 1032 bytes for one; a file whose pixels outnumber its bytes so far is blank, or a bomb. Under
 * CLAIM_SMALL_PIXELS nothing is asked: a large clean QR code is a tiny file, and whatever this one is, there is memory for it. */
#define CLAIM_PIXELS_PER_BYTE 1024
#define CLAIM_SMALL_PIXELS (INT64_C(16) * 1000 * 1000)

enum claim_format { CLAIM_JPEG, CLAIM_PNG, CLAIM_WEBP };

struct claim {
	enum claim_format format;
	int width, height; /* 1 or more */
};

/* What it says, whatever that is. FAULT_NONE fills `out`. */
enum fault claim_read(str bytes, struct claim *out);
/* Whether a picture of so many bytes may say so. */
enum fault claim_judge(const struct claim *claim, size_t bytes);

#endif
