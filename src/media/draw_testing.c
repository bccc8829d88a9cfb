#include "media/draw_testing.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>
#include <zlib.h>

#define PICTURE_MAX_BYTES ((size_t)256 << 20)

/* ---- pixels ---- */

static const uint8_t quarters[4][3] = {
	{ 200, 40, 40 }, { 40, 190, 40 }, { 40, 40, 200 }, { 225, 225, 225 }
};

static uint8_t value_at(const struct drawing *d, int x, int y, int channel)
{
	int quarter = (x * 2 >= d->width ? 1 : 0) + (y * 2 >= d->height ? 2 : 0);
	double wave = 20 * sin(x * 0.11 + channel) * cos(y * 0.07);
	uint8_t value = (uint8_t)(quarters[quarter][channel] + wave);
	return d->paint == PAINT_CMYK ? (uint8_t)(255 - value) : value;
}

static VipsImage *paint(const struct drawing *d)
{
	int colours = d->paint == PAINT_GREY ? 1 : 3;
	int bands = colours + (d->paint == PAINT_CMYK ? 1 : 0) + (d->glass ? 1 : 0);
	size_t n = (size_t)d->width * (size_t)d->height * (size_t)bands;
	uint8_t *pixels = g_malloc0(n), *to = pixels;
	for (int y = 0; y < d->height; y++)
		for (int x = 0; x < d->width; x++, to += bands) {
			for (int c = 0; c < colours; c++)
				to[c] = value_at(d, x, y, c);
			if (d->glass)
				to[bands - 1] = x * 2 < d->width ? 0 : 255;
		}
	VipsImage *image = vips_image_new_from_memory_copy(pixels, n, d->width, d->height, bands,
	                                                   VIPS_FORMAT_UCHAR);
	g_free(pixels);
	image->Type = d->paint == PAINT_CMYK   ? VIPS_INTERPRETATION_CMYK
	              : d->paint == PAINT_GREY ? VIPS_INTERPRETATION_B_W
	                                       : VIPS_INTERPRETATION_sRGB;
	if (d->paint != PAINT_DEEP)
		return image;
	VipsImage *deep = NULL;
	if (vips_colourspace(image, &deep, VIPS_INTERPRETATION_RGB16, NULL) != 0)
		abort();
	g_object_unref(image);
	return deep;
}

static str save(const struct drawing *d, VipsImage *image, struct arena *mem)
{
	void *bytes = NULL;
	size_t n = 0;
	int done = -1;
	switch (d->format) {
	case CLAIM_JPEG:
		done = vips_jpegsave_buffer(image, &bytes, &n, "Q", 92, "interlace", d->layered,
		                            "strip", TRUE, NULL);
		break;
	case CLAIM_PNG:
		done = vips_pngsave_buffer(image, &bytes, &n, "interlace", d->layered, "strip",
		                           TRUE, "compression", 1, NULL);
		break;
	case CLAIM_WEBP:
		done = vips_webpsave_buffer(image, &bytes, &n, "lossless", TRUE, "strip", TRUE,
		                            NULL);
		break;
	}
	if (done != 0)
		abort();
	str out = { arena_copy(mem, bytes, n), n };
	g_free(bytes);
	return out;
}

/* ---- metadata, written by hand ---- */

static void add_big(struct buf *b, uint32_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buf_char(b, (char)(value >> (8 * i) & 0xFF));
}

static void add_little(struct buf *b, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(b, (char)(value >> (8 * i) & 0xFF));
}

/* TIFF, little-endian: a description and an orientation (TIFF 6.0). */
static str exif_of(const struct drawing *d, struct arena *mem)
{
	str words = d->canaries ? S(CANARY "-exif") : S("no secret here");
	struct buf b;
	buf_init(&b, mem, 4096);
	buf_lit(&b, "II*");
	add_little(&b, 0, 1);
	add_little(&b, 8, 4);
	add_little(&b, 2, 2);
	add_little(&b, 0x010E, 2), add_little(&b, 2, 2), add_little(&b, (uint32_t)words.n, 4),
		add_little(&b, 38, 4);
	add_little(&b, 0x0112, 2), add_little(&b, 3, 2), add_little(&b, 1, 4);
	add_little(&b, d->orientation ? (uint32_t)d->orientation : 1, 4);
	add_little(&b, 0, 4);
	buf_add(&b, words);
	return buf_str(&b);
}

/* sRGB, with something behind its last tag. */
static str icc_of(struct arena *mem)
{
	VipsBlob *blob = NULL;
	size_t n;
	if (vips_profile_load("srgb", &blob, NULL) != 0)
		abort();
	const void *profile = vips_blob_get(blob, &n);
	struct buf b;
	buf_init(&b, mem, 65536);
	add_big(&b, (uint32_t)(n + sizeof CANARY "-icc"), 4);
	buf_add(&b, (str){ (const char *)profile + 4, n - 4 });
	buf_add(&b, (str){ CANARY "-icc", sizeof CANARY "-icc" });
	vips_area_unref(VIPS_AREA(blob));
	return buf_str(&b);
}

static void add_segment(struct buf *b, unsigned marker, str head, str body)
{
	add_big(b, 0xFF00 | marker, 2);
	add_big(b, (uint32_t)(head.n + body.n + 2), 2);
	buf_add(b, head);
	buf_add(b, body);
}

static str annotate_jpeg(const struct drawing *d, str jpeg, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, PICTURE_MAX_BYTES);
	buf_add(&b, str_slice(jpeg, 0, 2));
	add_segment(&b, 0xE1, S("Exif\0\0"), exif_of(d, mem));
	if (d->canaries) {
		add_segment(&b, 0xE1, S("http://ns.adobe.com/xap/1.0/\0"),
		            S("<x>" CANARY "-xmp</x>"));
		add_segment(&b, 0xE2, S("ICC_PROFILE\0\1\1"), icc_of(mem));
		add_segment(&b, 0xED, S("Photoshop 3.0\0"), S(CANARY "-iptc"));
		add_segment(&b, 0xFE, S(""), S(CANARY "-comment"));
	}
	buf_add(&b, str_slice(jpeg, 2, jpeg.n));
	if (d->canaries)
		buf_lit(&b, "ftypmp42 " CANARY "-trailer");
	return buf_str(&b);
}

static void add_chunk(struct buf *b, const char *type, str body)
{
	add_big(b, (uint32_t)body.n, 4);
	size_t from = b->n;
	buf_add(b, str_of(type));
	buf_add(b, body);
	add_big(b, (uint32_t)crc32(0, (const Bytef *)b->p + from, (uInt)(b->n - from)), 4);
}

#define PNG_HEAD_BYTES 33 /* signature and IHDR */

str draw_insert_chunk(str png, const char *type, str body, struct arena *mem)
{
	struct buf b;
	buf_init(&b, mem, PICTURE_MAX_BYTES);
	buf_add(&b, str_slice(png, 0, PNG_HEAD_BYTES));
	add_chunk(&b, type, body);
	buf_add(&b, str_slice(png, PNG_HEAD_BYTES, png.n));
	return buf_str(&b);
}

static str deflated(str bytes, struct arena *mem)
{
	uLongf n = compressBound((uLong)bytes.n);
	char *out = arena_alloc(mem, n);
	if (compress((Bytef *)out, &n, (const Bytef *)bytes.p, (uLong)bytes.n) != Z_OK)
		abort();
	return (str){ out, n };
}

static str annotate_png(const struct drawing *d, str png, struct arena *mem)
{
	struct buf icc;
	png = draw_insert_chunk(png, "eXIf", exif_of(d, mem), mem);
	if (!d->canaries)
		return png;
	buf_init(&icc, mem, 65536);
	buf_add(&icc, S("icc\0\0"));
	buf_add(&icc, deflated(icc_of(mem), mem));
	png = draw_insert_chunk(png, "tEXt", S("Comment\0" CANARY "-text"), mem);
	png = draw_insert_chunk(png, "iTXt", S("XML:com.adobe.xmp\0\0\0\0\0<x>" CANARY "-xmp</x>"),
	                        mem);
	png = draw_insert_chunk(png, "iCCP", buf_str(&icc), mem);
	struct buf b;
	buf_init(&b, mem, PICTURE_MAX_BYTES);
	buf_add(&b, png);
	buf_lit(&b, CANARY "-trailer");
	return buf_str(&b);
}

static void add_riff(struct buf *b, str type, str body)
{
	buf_add(b, type);
	add_little(b, (uint32_t)body.n, 4);
	buf_add(b, body);
	if (body.n & 1)
		add_little(b, 0, 1);
}

#define WEBP_ICC 0x20U
#define WEBP_ALPHA 0x10U
#define WEBP_EXIF 0x08U
#define WEBP_XMP 0x04U

/* libvips adds chunks of its own. */
static str pixels_of(str webp)
{
	for (size_t at = 12; at + 8 <= webp.n;) {
		const uint8_t *p = (const uint8_t *)webp.p + at;
		size_t n = 8 + (p[4] | (size_t)p[5] << 8 | (size_t)p[6] << 16);
		if (memcmp(p, "VP8L", 4) == 0)
			return str_slice(webp, at, at + n + (n & 1));
		at += n + (n & 1);
	}
	abort();
}

/* From a file of one chunk to one with a list of features. */
static str annotate_webp(const struct drawing *d, str webp, struct arena *mem)
{
	struct buf head, body, all;
	buf_init(&head, mem, 64);
	add_little(&head,
	           WEBP_EXIF | (d->canaries ? WEBP_ICC | WEBP_XMP : 0) |
	                   (d->glass ? WEBP_ALPHA : 0),
	           4);
	add_little(&head, (uint32_t)d->width - 1, 3);
	add_little(&head, (uint32_t)d->height - 1, 3);
	buf_init(&body, mem, PICTURE_MAX_BYTES);
	buf_lit(&body, "WEBP");
	add_riff(&body, S("VP8X"), buf_str(&head));
	if (d->canaries)
		add_riff(&body, S("ICCP"), icc_of(mem));
	buf_add(&body, pixels_of(webp));
	add_riff(&body, S("EXIF"), exif_of(d, mem));
	if (d->canaries)
		add_riff(&body, S("XMP "), S("<x>" CANARY "-xmp</x>"));
	buf_init(&all, mem, PICTURE_MAX_BYTES);
	buf_lit(&all, "RIFF");
	add_little(&all, (uint32_t)body.n, 4);
	buf_add(&all, buf_str(&body));
	if (d->canaries)
		buf_lit(&all, CANARY "-trailer");
	return buf_str(&all);
}

/* ---- all of it ---- */

str draw(struct drawing d, struct arena *mem)
{
	VipsImage *image = paint(&d);
	str bytes = save(&d, image, mem);
	g_object_unref(image);
	if (!d.orientation && !d.canaries)
		return bytes;
	return d.format == CLAIM_JPEG  ? annotate_jpeg(&d, bytes, mem)
	       : d.format == CLAIM_PNG ? annotate_png(&d, bytes, mem)
	                               : annotate_webp(&d, bytes, mem);
}

str draw_code(const char *const *rows, int n, int px, int quiet, struct arena *mem)
{
	int side = n * px + 2 * quiet;
	uint8_t *pixels = arena_alloc(mem, (size_t)side * (size_t)side);
	struct drawing d = { .format = CLAIM_PNG };
	memset(pixels, 255, (size_t)side * (size_t)side);
	for (int y = 0; y < n * px; y++)
		for (int x = 0; x < n * px; x++)
			if (rows[y / px][x / px] == '#')
				pixels[(y + quiet) * side + x + quiet] = 0;
	VipsImage *image = vips_image_new_from_memory(pixels, (size_t)side * (size_t)side, side,
	                                              side, 1, VIPS_FORMAT_UCHAR);
	image->Type = VIPS_INTERPRETATION_B_W;
	str bytes = save(&d, image, mem);
	g_object_unref(image);
	return bytes;
}

int draw_fd(str bytes)
{
	int fd = memfd_create("drawn", MFD_CLOEXEC);
	if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n)
		abort();
	return fd;
}
