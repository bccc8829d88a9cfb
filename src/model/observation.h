/* observation.h - what is remembered of one screened piece, so that later ones can be compared with it.
 *
 * It holds no text: a piece may be erased and what was counted of it stays countable. Stored with the verdict, in the order of
 * `seq`; the state of the engine is these records and nothing else. */
#ifndef KITH_MODEL_OBSERVATION_H
#define KITH_MODEL_OBSERVATION_H

#include <stdint.h>

#define SIGNATURE_MINIMA 20
#define SIGNATURE_BANDS 4

/* Of the shingles of a text: for each of SIGNATURE_MINIMA hash functions the low byte of the least hash (b-bit minwise hashing),
 * and for each band a hash of two whole minima. `shingles` 0: too short to be compared with anything. */
struct signature {
	uint16_t shingles; /* how many different ones, at most 65535 */
	uint8_t minima[SIGNATURE_MINIMA];
	uint32_t bands[SIGNATURE_BANDS];
};

/* One picture of a piece, as much as is compared. */
#define SHOWN_PICTURES 9
struct shown_picture {
	unsigned char pdq[32]; /* integrity/image/pdq.h */
	uint8_t quality;       /* 0..100 */
	uint8_t qr;            /* payloads read from it */
};

struct observation {
	int64_t seq;      /* order of commit, from 1 */
	int64_t at_ms;    /* event time */
	uint64_t author;  /* 0: unknown */
	uint64_t handle;  /* hash of the first handle in it to reach somebody by; 0: none */
	uint64_t filters; /* bit i: what window i of the policy counts, this piece is one */
	struct signature signature;
	size_t n_pictures;
	struct shown_picture pictures[SHOWN_PICTURES];
};

#endif
