/* The steps keep the order of the reference's float32 arithmetic, so that equal pixels give equal bits: luminance, a tent filter of
 * two box passes each way, 64x64 samples, a cosine transform of which 16x16 stay, and one bit for each above the median. */
#include "integrity/image/pdq.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REDUCED 512 /* pixels a side at most */
#define SIDE 64
#define FREQS 16
#define SIDE_MIN 5
#define TENT_PASSES 2
#define QUALITY_DIVISOR 90

/* --- luminance --- */

/* Either side over 512: both become 512, by the nearest pixel at or before, shape ignored. */
static void read_luma(struct pixels from, int rows, int columns, float *luma)
{
	int at[REDUCED]; /* in bytes of a row */
	for (int j = 0; j < columns; j++)
		at[j] = (int)((int64_t)j * from.width / columns) * from.channels;
	for (int i = 0; i < rows; i++, luma += columns) {
		const uint8_t *row = from.p + (size_t)((int64_t)i * from.height / rows) *
		                                      (size_t)from.width * (size_t)from.channels;
		for (int j = 0; j < columns; j++) {
			const uint8_t *p = row + at[j];
			luma[j] = from.channels == 1
			                  ? p[0]
			                  : 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
		}
	}
}

/* --- blur --- */

/* A running mean over `window` rows, shorter at both ends, of all columns side by side: they do not meet, so the compiler may take
 * several at once, and each column's sum goes up and down in the reference's order. */
static void box(const float *in, float *out, int rows, int columns, int window)
{
	float sum[REDUCED] = { 0 };
	int half = (window + 2) / 2, left = 0, right = 0, at = 0, size = 0;
	for (; size < half - 1; size++, right++)
		for (int j = 0; j < columns; j++)
			sum[j] += in[right * columns + j];
	for (int i = 0; i < window - half + 1; i++, right++, at++) {
		size++;
		for (int j = 0; j < columns; j++) {
			sum[j] += in[right * columns + j];
			out[at * columns + j] = sum[j] / (float)size;
		}
	}
	for (int i = 0; i < rows - window; i++, left++, right++, at++)
		for (int j = 0; j < columns; j++) {
			float more = sum[j] + in[right * columns + j];
			sum[j] = more - in[left * columns + j];
			out[at * columns + j] = sum[j] / (float)size;
		}
	for (int i = 0; i < half - 1; i++, left++, at++) {
		size--;
		for (int j = 0; j < columns; j++) {
			sum[j] -= in[left * columns + j];
			out[at * columns + j] = sum[j] / (float)size;
		}
	}
}

#define TILE 8

static void transpose_part(const float *in, float *out, int rows, int columns, int r0, int c0)
{
	for (int r = r0; r < rows && r < r0 + TILE; r++)
		for (int c = c0; c < columns && c < c0 + TILE; c++)
			out[c * rows + r] = in[r * columns + c];
}

static void transpose(const float *in, float *out, int rows, int columns)
{
	for (int r = 0; r < rows; r += TILE)
		for (int c = 0; c < columns; c += TILE) {
			if (r + TILE > rows || c + TILE > columns) {
				transpose_part(in, out, rows, columns, r, c);
				continue;
			}
			for (int i = 0; i < TILE; i++)
				for (int j = 0; j < TILE; j++)
					out[(c + i) * rows + r + j] = in[(r + j) * columns + c + i];
		}
}

static int window_of(int side) { return (side + 2 * SIDE - 1) / (2 * SIDE); }

/* In place; `other` is as large. Along rows, then along columns, twice. */
static void blur(float *luma, float *other, int rows, int columns)
{
	for (int pass = 0; pass < TENT_PASSES; pass++) {
		transpose(luma, other, rows, columns);
		box(other, luma, columns, rows, window_of(columns));
		transpose(luma, other, columns, rows);
		box(other, luma, rows, columns, window_of(rows));
	}
}

static void sample(const float *luma, int rows, int columns, float out[SIDE][SIDE])
{
	for (int i = 0; i < SIDE; i++) {
		int row = (int)((i + 0.5) * rows / SIDE);
		for (int j = 0; j < SIDE; j++)
			out[i][j] =
				luma[(ptrdiff_t)row * columns + (int)((j + 0.5) * columns / SIDE)];
	}
}

/* --- quality: how much there is to see --- */

static int step_between(float u, float v)
{
	int d = (int)((u - v) * 100 / 255);
	return d < 0 ? -d : d;
}

static int quality_of(float a[SIDE][SIDE])
{
	int sum = 0;
	for (int i = 0; i < SIDE - 1; i++)
		for (int j = 0; j < SIDE; j++)
			sum += step_between(a[i][j], a[i + 1][j]);
	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE - 1; j++)
			sum += step_between(a[i][j], a[i][j + 1]);
	int quality = sum / QUALITY_DIVISOR;
	return quality < 100 ? quality : 100;
}

/* --- transform --- */

/* Without its constant row. 4 KiB made anew for each picture: a tenth of the blur's time, and no state. */
static void cosines(float d[FREQS][SIDE])
{
	const double scale = sqrt(2.0 / SIDE);
	for (int i = 0; i < FREQS; i++)
		for (int j = 0; j < SIDE; j++)
			d[i][j] = (float)(scale * cos(M_PI / 2 / SIDE * (i + 1) * (2 * j + 1)));
}

/* D A Dt. */
static void transform(float a[SIDE][SIDE], float out[FREQS * FREQS])
{
	float d[FREQS][SIDE], half[FREQS][SIDE];
	cosines(d);
	memset(half, 0, sizeof half);
	for (int i = 0; i < FREQS;
	     i++) /* each sum in the order of k, sixty-four of them side by side */
		for (int k = 0; k < SIDE; k++)
			for (int j = 0; j < SIDE; j++)
				half[i][j] += d[i][k] * a[k][j];
	for (int i = 0; i < FREQS; i++)
		for (int j = 0; j < FREQS; j++) {
			float sum = 0;
			for (int k = 0; k < SIDE; k++)
				sum += half[i][k] * d[j][k];
			out[i * FREQS + j] = sum;
		}
}

static int cmp_float(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The lower of the two in the middle. */
static float median_of(const float values[FREQS * FREQS])
{
	float sorted[FREQS * FREQS];
	memcpy(sorted, values, sizeof sorted);
	qsort(sorted, FREQS * FREQS, sizeof *sorted, cmp_float);
	return sorted[FREQS * FREQS / 2 - 1];
}

int pdq_of(struct pixels pixels, void *scratch, unsigned char pdq[PDQ_BYTES])
{
	bool over = pixels.width > REDUCED || pixels.height > REDUCED;
	int rows = over ? REDUCED : pixels.height, columns = over ? REDUCED : pixels.width;
	float *luma = scratch, taps[SIDE][SIDE], freqs[FREQS * FREQS];
	memset(pdq, 0, PDQ_BYTES);
	if (pixels.width < SIDE_MIN || pixels.height < SIDE_MIN)
		return 0;
	read_luma(pixels, rows, columns, luma);
	if (rows == SIDE && columns == SIDE) {
		memcpy(taps, luma, sizeof taps);
	} else {
		blur(luma, luma + REDUCED * REDUCED, rows, columns);
		sample(luma, rows, columns, taps);
	}
	transform(taps, freqs);
	float median = median_of(freqs);
	for (int bit = 0; bit < FREQS * FREQS; bit++)
		if (freqs[bit] > median)
			pdq[PDQ_BYTES - 1 - bit / 8] |= (unsigned char)(1U << bit % 8);
	return quality_of(taps);
}

/* --- the hash as such --- */

unsigned pdq_distance(const unsigned char a[PDQ_BYTES], const unsigned char b[PDQ_BYTES])
{
	uint64_t x[4], y[4];
	unsigned bits = 0;
	memcpy(x, a, sizeof x);
	memcpy(y, b, sizeof y);
	for (int i = 0; i < 4; i++)
		bits += (unsigned)__builtin_popcountll(x[i] ^ y[i]);
	return bits;
}
