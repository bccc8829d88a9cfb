#include "media/develop.h"

#include "integrity/image/pdq.h"
#include "media/claim.h"
#include "media/qr.h"

#include <string.h>
#include <unistd.h>

#define HASHED_PX 512   /* reduced-512: pdq.h */
#define BLUR_PX 48      /* a blurhash shows three waves at most */
#define QR_NEAR_PX 2560 /* codes that are a small part of a large picture */
#define QR_FAR_PX 900   /* codes that fill it: fewer pixels, less noise */
#define QR_MARGIN_PX 16 /* readers want a quiet zone, and pictures are cut close */

#define WEBP_QUALITY 78
#define WEBP_EFFORT 2 /* half the time of 4, a twentieth more bytes */
#define JPEG_QUALITY 82

struct bench {
	const struct libraries *lib;
	str picture;
	struct claim claim;
};

/* Every libvips call gives 0 or -1: a picture that cannot be read is cut or damaged, whatever the library says. */
#define NEED(call)                                                                                 \
	do {                                                                                       \
		if ((call) != 0)                                                                   \
			return FAULT_CUT;                                                          \
	} while (0)

/* ---- the hash: stored pixels, one row at a time ---- */

static enum fault load(const struct bench *b, VipsImage **out)
{
	const struct libraries *lib = b->lib;
	void *p =
		(void *)(uintptr_t)b->picture.p; /* libvips wants it writable and does not write */
	switch (b->claim.format) {
	case CLAIM_JPEG:
		NEED(lib->vips_jpegload_buffer(p, b->picture.n, out, "access",
		                               VIPS_ACCESS_SEQUENTIAL, "fail_on",
		                               VIPS_FAIL_ON_ERROR, NULL));
		break;
	case CLAIM_PNG:
		NEED(lib->vips_pngload_buffer(p, b->picture.n, out, "access",
		                              VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
		                              NULL));
		break;
	case CLAIM_WEBP:
		NEED(lib->vips_webpload_buffer(p, b->picture.n, out, "access",
		                               VIPS_ACCESS_SEQUENTIAL, "fail_on",
		                               VIPS_FAIL_ON_ERROR, NULL));
		break;
	}
	return (*out)->Xsize == b->claim.width && (*out)->Ysize == b->claim.height ? FAULT_NONE
	                                                                           : FAULT_CUT;
}

/* Takes the place of `*image`, which is let go. */
static enum fault replace(const struct bench *b, VipsImage **image, int done, VipsImage *next)
{
	if (done != 0)
		return FAULT_CUT;
	b->lib->g_object_unref(*image);
	*image = next;
	return FAULT_NONE;
}

/* 8-bit grey or sRGB, transparency kept. */
static enum fault make_plain(const struct bench *b, VipsImage **image)
{
	const struct libraries *lib = b->lib;
	VipsInterpretation was = (*image)->Type;
	bool grey = was == VIPS_INTERPRETATION_B_W || was == VIPS_INTERPRETATION_GREY16;
	VipsImage *next = NULL;
	int done = lib->vips_colourspace(
		*image, &next, grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL);
	enum fault fault = replace(b, image, done, next);
	if (fault != FAULT_NONE)
		return fault;
	done = lib->vips_cast(*image, &next, VIPS_FORMAT_UCHAR, NULL);
	return replace(b, image, done, next);
}

/* On white where it is transparent. vips_flatten takes the last band for transparency, whatever it is. */
static enum fault flatten(const struct bench *b, VipsImage *image, VipsImage **out)
{
	const struct libraries *lib = b->lib;
	VipsImage *flat = NULL;
	if (lib->vips_image_hasalpha(image)) {
		VipsArrayDouble *white = lib->vips_array_double_newv(1, 255.0);
		NEED(lib->vips_flatten(image, &flat, "background", white, NULL));
	}
	NEED(lib->vips_cast(flat ? flat : image, out, VIPS_FORMAT_UCHAR, NULL));
	if (flat)
		lib->g_object_unref(flat);
	return (*out)->Bands == 1 || (*out)->Bands == 3 ? FAULT_NONE : FAULT_CUT;
}

/* The nearest at or before, as in pdq_of. */
static int nearest(int i, int side, int reduced) { return (int)((int64_t)i * side / reduced); }

/* Row by row, so that of a large picture a part alone is in memory; down to the last, so that a cut one is noticed. */
static enum fault sample(const struct bench *b, VipsImage *image, struct pixels *out)
{
	bool reduced = image->Xsize > HASHED_PX || image->Ysize > HASHED_PX;
	int width = reduced ? HASHED_PX : image->Xsize, height = reduced ? HASHED_PX : image->Ysize;
	int bands = image->Bands;
	static uint8_t pixels[HASHED_PX * HASHED_PX * 3]; /* one picture a process */
	uint8_t *to = pixels;
	VipsRegion *region = b->lib->vips_region_new(image);
	for (int y = 0, row = 0; y < image->Ysize; y++) {
		VipsRect line = { 0, y, image->Xsize, 1 };
		bool last = y + 1 == image->Ysize;
		if (!last && (row == height || nearest(row, image->Ysize, height) != y))
			continue;
		NEED(b->lib->vips_region_prepare(region, &line));
		const VipsPel *from = region->data + (int64_t)(y - region->valid.top) * region->bpl;
		/* once, or more often where a low picture becomes 512 high */
		for (; row < height && nearest(row, image->Ysize, height) == y; row++)
			for (int x = 0; x < width; x++, to += bands)
				memcpy(to, from + nearest(x, image->Xsize, width) * bands,
				       (size_t)bands);
	}
	b->lib->g_object_unref(region);
	*out = (struct pixels){ pixels, width, height, bands };
	return FAULT_NONE;
}

static enum fault hash(const struct bench *b, struct answer *out)
{
	static float scratch[PDQ_SCRATCH_BYTES / sizeof(float)];
	VipsImage *image = NULL, *flat = NULL;
	struct pixels pixels;
	enum fault fault = load(b, &image);
	if (fault == FAULT_NONE)
		fault = make_plain(b, &image);
	if (fault == FAULT_NONE)
		fault = flatten(b, image, &flat);
	if (fault == FAULT_NONE)
		fault = sample(b, flat, &pixels);
	if (fault != FAULT_NONE)
		return fault;
	out->pdq_quality = pdq_of(pixels, scratch, out->pdq);
	b->lib->g_object_unref(flat);
	b->lib->g_object_unref(image);
	return FAULT_NONE;
}

/* ---- the picture as people see it ---- */

/* The pixels and nothing else: what else the image knew ends here. Takes the place of `*image`. */
static enum fault settle(const struct bench *b, VipsImage **image)
{
	const struct libraries *lib = b->lib;
	const VipsImage *was = *image;
	size_t n;
	void *pixels = lib->vips_image_write_to_memory(*image, &n);
	if (!pixels)
		return FAULT_CUT;
	VipsImage *next = lib->vips_image_new_from_memory(pixels, n, was->Xsize, was->Ysize,
	                                                  was->Bands, VIPS_FORMAT_UCHAR);
	if (next)
		next->Type = was->Type;
	return replace(b, image, next ? 0 : -1, next);
}

/* Turned upright, in sRGB, no larger than MEDIA_LARGE, in memory. */
static enum fault see(const struct bench *b, VipsImage **out)
{
	const struct libraries *lib = b->lib;
	int side = media_side_px(MEDIA_LARGE);
	void *p = (void *)(uintptr_t)b->picture.p;
	VipsImage *image = NULL;
	NEED(lib->vips_thumbnail_buffer(p, b->picture.n, &image, side, "height", side, "size",
	                                VIPS_SIZE_DOWN, "export_profile", "srgb", "fail_on",
	                                VIPS_FAIL_ON_ERROR, NULL));
	enum fault fault = make_plain(b, &image);
	if (fault == FAULT_NONE)
		fault = settle(b, &image);
	*out = image;
	return fault;
}

static enum fault scan_at(const struct bench *b, VipsImage *grey, double scale, bool inverted,
                          struct qr_found *found)
{
	const struct libraries *lib = b->lib;
	VipsImage *scaled = NULL, *framed = NULL;
	size_t bytes;
	NEED(lib->vips_resize(grey, &scaled, scale, "kernel",
	                      scale > 1 ? VIPS_KERNEL_NEAREST : VIPS_KERNEL_LINEAR, NULL));
	NEED(lib->vips_embed(scaled, &framed, QR_MARGIN_PX, QR_MARGIN_PX,
	                     scaled->Xsize + 2 * QR_MARGIN_PX, scaled->Ysize + 2 * QR_MARGIN_PX,
	                     "extend", VIPS_EXTEND_WHITE, NULL));
	void *pixels = lib->vips_image_write_to_memory(framed, &bytes);
	if (!pixels)
		return FAULT_CUT;
	qr_scan(lib, pixels, framed->Xsize, framed->Ysize, inverted, found);
	lib->g_free(pixels);
	lib->g_object_unref(framed);
	lib->g_object_unref(scaled);
	return FAULT_NONE;
}

static enum fault read_codes(const struct bench *b, VipsImage *flat, struct answer *out)
{
	struct qr_found found = { .n = 0 };
	VipsImage *grey = NULL;
	NEED(b->lib->vips_colourspace(flat, &grey, VIPS_INTERPRETATION_B_W, NULL));
	double side = grey->Xsize > grey->Ysize ? grey->Xsize : grey->Ysize;
	enum fault fault = scan_at(b, grey, 1, false, &found);
	if (fault == FAULT_NONE)
		fault = scan_at(b, grey, side > QR_FAR_PX ? QR_FAR_PX / side : 2, true, &found);
	memcpy(out->qr, found.text, found.n);
	out->qr_bytes = (uint32_t)found.n;
	b->lib->g_object_unref(grey);
	return fault;
}

/* From the smallest size: nothing more can be seen in it. */
static enum fault blur(const struct bench *b, VipsImage *small, struct answer *out)
{
	const struct libraries *lib = b->lib;
	VipsImage *flat = NULL, *tiny = NULL, *colour = NULL;
	size_t bytes;
	enum fault fault = flatten(b, small, &flat);
	if (fault != FAULT_NONE)
		return fault;
	NEED(lib->vips_thumbnail_image(flat, &tiny, BLUR_PX, "height", BLUR_PX, "size",
	                               VIPS_SIZE_DOWN, NULL));
	NEED(lib->vips_colourspace(tiny, &colour, VIPS_INTERPRETATION_sRGB, NULL));
	uint8_t *rgb = lib->vips_image_write_to_memory(colour, &bytes);
	if (!rgb || bytes != (size_t)colour->Xsize * (size_t)colour->Ysize * 3)
		return FAULT_CUT;
	blurhash_of(rgb, colour->Xsize, colour->Ysize, out->blurhash);
	lib->g_free(rgb);
	return FAULT_NONE;
}

/* ---- its files ---- */

static enum fault put(const void *bytes, size_t n, int files)
{
	const char *p = bytes;
	while (n > 0) {
		ssize_t wrote = write(files, p, n);
		if (wrote <= 0)
			return FAULT_SPACE;
		p += wrote;
		n -= (size_t)wrote;
	}
	return FAULT_NONE;
}

static size_t riff_bytes(const uint8_t *at)
{
	size_t n = at[4] | (size_t)at[5] << 8 | (size_t)at[6] << 16 | (size_t)at[7] << 24;
	return 8 + n + (n & 1);
}

#define WEBP_ALPHA 0x10

/* libvips writes an EXIF block into every WebP. What stays of it: pixels, transparency, and the list of features with no other in it.
 * In place; the new length. */
static size_t bare_webp(uint8_t *p, size_t n)
{
	size_t to = 12, from = 12;
	while (from + 8 <= n && riff_bytes(p + from) <= n - from) {
		size_t bytes = riff_bytes(p + from);
		bool pixels = memcmp(p + from, "VP8", 3) == 0 || memcmp(p + from, "ALPH", 4) == 0;
		if (memcmp(p + from, "VP8X", 4) == 0)
			p[from + 8] &= WEBP_ALPHA;
		if (pixels) {
			memmove(p + to, p + from, bytes);
			to += bytes;
		}
		from += bytes;
	}
	for (int i = 0; i < 4; i++)
		p[4 + i] = (uint8_t)((to - 8) >> (8 * i));
	return to;
}

static enum fault write_file(const struct bench *b, VipsImage *image, enum media_format format,
                             int files, struct answer_file *out)
{
	const struct libraries *lib = b->lib;
	void *bytes = NULL;
	size_t n = 0;
	if (format == MEDIA_WEBP) {
		NEED(lib->vips_webpsave_buffer(image, &bytes, &n, "Q", WEBP_QUALITY, "effort",
		                               WEBP_EFFORT, "strip", TRUE, NULL));
		n = bare_webp(bytes, n);
	} else {
		VipsImage *flat = NULL;
		enum fault fault = flatten(b, image, &flat);
		if (fault != FAULT_NONE)
			return fault;
		NEED(lib->vips_jpegsave_buffer(flat, &bytes, &n, "Q", JPEG_QUALITY,
		                               "optimize_coding", TRUE, "strip", TRUE, NULL));
		lib->g_object_unref(flat);
	}
	*out = (struct answer_file){ image->Xsize, image->Ysize, n };
	enum fault fault = put(bytes, n, files);
	lib->g_free(bytes);
	return fault;
}

/* Each size from the one above it: the largest is read once. */
static enum fault write_files(const struct bench *b, VipsImage *large, int files,
                              struct answer *out)
{
	const struct libraries *lib = b->lib;
	VipsImage *sizes[MEDIA_SIZES] = { 0 };
	enum fault fault = FAULT_NONE;
	sizes[MEDIA_LARGE] = large;
	for (int s = MEDIA_LARGE - 1; s >= 0; s--) {
		int side = media_side_px((enum media_size)s);
		NEED(lib->vips_thumbnail_image(sizes[s + 1], &sizes[s], side, "height", side,
		                               "size", VIPS_SIZE_DOWN, NULL));
		fault = make_plain(b, &sizes[s]);
		if (fault == FAULT_NONE)
			fault = settle(b, &sizes[s]);
		if (fault != FAULT_NONE)
			return fault;
	}
	fault = blur(b, sizes[MEDIA_SMALL], out);
	for (int s = 0; s < MEDIA_SIZES; s++)
		for (int f = 0; f < MEDIA_FORMATS && fault == FAULT_NONE; f++)
			fault = write_file(b, sizes[s], (enum media_format)f, files,
			                   &out->files[s][f]);
	return fault;
}

enum fault develop(const struct libraries *lib, str picture, bool sizes, int files,
                   struct answer *out)
{
	struct bench b = { .lib = lib, .picture = picture };
	VipsImage *seen = NULL, *flat = NULL;
	enum fault fault = claim_read(picture, &b.claim);
	if (fault == FAULT_NONE)
		fault = claim_judge(&b.claim, picture.n);
	if (fault == FAULT_NONE)
		fault = hash(&b, out);
	if (fault == FAULT_NONE)
		fault = see(&b, &seen);
	if (fault == FAULT_NONE)
		fault = flatten(&b, seen, &flat);
	if (fault == FAULT_NONE)
		fault = read_codes(&b, flat, out);
	if (fault != FAULT_NONE)
		return fault;
	out->width = seen->Xsize;
	out->height = seen->Ysize;
	return sizes ? write_files(&b, seen, files, out) : FAULT_NONE;
}
