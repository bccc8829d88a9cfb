#include "media/blurhash.h"

#include <math.h>
#include <string.h>

#define ACROSS 4
#define DOWN 3
#define COMPONENTS (ACROSS * DOWN)

static const char digits[] =
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

struct colour {
	double part[3]; /* linear light, 0..1; of a component -1..1 */
};

static double linear_of(uint8_t value)
{
	double v = value / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static int srgb_of(double linear)
{
	double v = fmin(fmax(linear, 0), 1);
	v = v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
	return (int)(v * 255 + 0.5);
}

static struct colour component_of(const uint8_t *rgb, int width, int height, int across, int down,
                                  const double linear[256])
{
	struct colour sum = { { 0, 0, 0 } };
	for (int y = 0; y < height; y++) {
		double row = cos(M_PI * down * y / height);
		for (int x = 0; x < width; x++, rgb += 3) {
			double wave = row * cos(M_PI * across * x / width);
			for (int c = 0; c < 3; c++)
				sum.part[c] += wave * linear[rgb[c]];
		}
	}
	double share = (across || down ? 2.0 : 1.0) / ((double)width * height);
	for (int c = 0; c < 3; c++)
		sum.part[c] *= share;
	return sum;
}

static char *put(char *to, int value, int places)
{
	for (int i = places - 1; i >= 0; i--, value /= 83)
		to[i] = digits[value % 83];
	return to + places;
}

/* -1..1 to 0..18, finer near zero. */
static int step_of(double value, double most)
{
	double v = value / most;
	v = copysign(sqrt(fabs(v)), v);
	return (int)fmin(fmax(floor(v * 9 + 9.5), 0), 18);
}

void blurhash_of(const uint8_t *rgb, int width, int height, char out[BLURHASH_BYTES])
{
	struct colour all[COMPONENTS];
	double linear[256], most = 0;
	for (int i = 0; i < 256; i++)
		linear[i] = linear_of((uint8_t)i);
	for (int i = 0; i < COMPONENTS; i++) {
		all[i] = component_of(rgb, width, height, i % ACROSS, i / ACROSS, linear);
		for (int c = 0; c < 3 && i > 0; c++)
			most = fmax(most, fabs(all[i].part[c]));
	}
	int step = (int)fmin(fmax(floor(most * 166 - 0.5), 0), 82);
	double scale = (step + 1) / 166.0;
	const double *mean = all[0].part;
	out = put(out, ACROSS - 1 + (DOWN - 1) * 9, 1);
	out = put(out, step, 1);
	out = put(out, srgb_of(mean[0]) << 16 | srgb_of(mean[1]) << 8 | srgb_of(mean[2]), 4);
	for (int i = 1; i < COMPONENTS; i++) {
		const double *p = all[i].part;
		out = put(out,
		          (step_of(p[0], scale) * 19 + step_of(p[1], scale)) * 19 +
		                  step_of(p[2], scale),
		          2);
	}
}

bool blurhash_is(const char text[BLURHASH_BYTES])
{
	for (int i = 0; i < BLURHASH_BYTES; i++)
		if (text[i] == 0 || !strchr(digits, text[i]))
			return false;
	return text[0] == digits[ACROSS - 1 + (DOWN - 1) * 9];
}
