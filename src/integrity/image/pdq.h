/* pdq.h - PDQ, a 256-bit hash that moves little when a picture changes little.
 *
 * The family that first brings a picture of more than 512 pixels a side to exactly 512x512 by nearest neighbour ("reduced-512").
 * Pure: equal pixels give equal hashes on every machine. Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
 * Algorithm", Facebook 2019; facebook/ThreatExchange, pdq/. */
#ifndef KITH_INTEGRITY_IMAGE_PDQ_H
#define KITH_INTEGRITY_IMAGE_PDQ_H

#include <stddef.h>
#include <stdint.h>

#include "model/media.h"

/* At this distance or nearer two pictures are copies of one; below this quality a hash says nothing and matches nothing. */
#define PDQ_COPY_BITS 31
#define PDQ_QUALITY_MIN 50

/* 8-bit pixels, row after row without gaps: `channels` 1 (grey) or 3 (RGB). */
struct pixels {
	const uint8_t *p;
	int width, height, channels;
};

/* A buffer of this many bytes is all the memory it takes. */
#define PDQ_SCRATCH_BYTES (2 * 512 * 512 * sizeof(float))
/* `pdq` (32 bytes, word 15 first: their hex is the form hashes are published in) and its quality 0..100. Under 5 pixels a side: zeros,
 * quality 0. */
int pdq_of(struct pixels pixels, void *scratch, unsigned char pdq[PDQ_BYTES]);
/* Bits that differ, 0 to 256. */
unsigned pdq_distance(const unsigned char a[PDQ_BYTES], const unsigned char b[PDQ_BYTES]);

#endif
