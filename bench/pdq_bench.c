/* A picture's hash, and its copies among a million: CPU beside a linear scan of the same hashes, whose answers must be equal. */
#include "integrity/image/pdq_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HASHES 1000000
#define LOOKUPS 2000
#define SCANS 40
#define PICTURES 200
#define SIDE 512

static double cpu_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint64_t state = 11;

static uint64_t next_random(void)
{
	uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* Every tenth is a copy of an earlier one, up to 40 bits away. */
static void draw(unsigned char (*all)[PDQ_BYTES], size_t i)
{
	if (i % 10 == 9) {
		memcpy(all[i], all[next_random() % i], PDQ_BYTES);
		for (uint64_t flips = next_random() % 40; flips > 0; flips--) {
			uint64_t bit = next_random() % 256;
			all[i][bit / 8] ^= (unsigned char)(1U << bit % 8);
		}
		return;
	}
	for (size_t b = 0; b < PDQ_BYTES; b += 8) {
		uint64_t r = next_random();
		memcpy(all[i] + b, &r, 8);
	}
}

static bool count(uint64_t value, unsigned bits, void *ctx)
{
	(void)bits;
	*(uint64_t *)ctx += value + 1;
	return true;
}

static void bench_hash(void)
{
	uint8_t *rgb = malloc(SIDE * SIDE * 3);
	void *scratch = malloc(PDQ_SCRATCH_BYTES);
	unsigned char pdq[PDQ_BYTES];
	for (size_t i = 0; i < SIDE * SIDE * 3; i++)
		rgb[i] = (uint8_t)(next_random() >> 56);
	double begin = cpu_ms();
	for (int i = 0; i < PICTURES; i++)
		pdq_of((struct pixels){ rgb, SIDE, SIDE, 3 }, scratch, pdq);
	printf("PDQ of 512x512 RGB: %.2f ms (budget 1 ms)\n", (cpu_ms() - begin) / PICTURES);
	free(scratch);
	free(rgb);
}

int main(void)
{
	unsigned char(*all)[PDQ_BYTES] = malloc(HASHES * sizeof *all);
	struct pdq_index *index = pdq_index_new(HASHES);
	double begin = cpu_ms();
	if (all == NULL || index == NULL)
		return 1;
	bench_hash();
	for (size_t i = 0; i < HASHES; i++) {
		draw(all, i);
		pdq_index_add(index, all[i], i);
	}
	printf("%d hashes added: %.2f us each, %.0f MB\n", HASHES,
	       (cpu_ms() - begin) * 1e3 / HASHES, (double)pdq_index_bytes(index) / 1e6);
	uint64_t found = 0, scanned = 0, again = 0;
	begin = cpu_ms();
	for (size_t i = 0; i < LOOKUPS; i++)
		pdq_index_find(index, all[i * 499 % HASHES], count, &found);
	double lookup = (cpu_ms() - begin) / LOOKUPS;
	begin = cpu_ms();
	for (size_t i = 0; i < SCANS; i++)
		for (size_t j = 0; j < HASHES; j++)
			if (pdq_distance(all[i * 499 % HASHES], all[j]) <= PDQ_COPY_BITS)
				scanned += j + 1;
	double scan = (cpu_ms() - begin) / SCANS;
	for (size_t i = 0; i < SCANS; i++)
		pdq_index_find(index, all[i * 499 % HASHES], count, &again);
	printf("lookup among %d: %.3f ms (budget 1 ms); linear scan %.2f ms, answers %s\n", HASHES,
	       lookup, scan, again == scanned ? "equal" : "DIFFERENT");
	pdq_index_free(index);
	free(all);
	return again == scanned ? 0 : 1;
}
