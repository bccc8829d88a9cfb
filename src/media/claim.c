#include "media/claim.h"

#include "model/limits.h"

#include <string.h>

/* ---- bytes: a read past the end gives zero, and the walk that asked ends by its own bounds ---- */

static uint32_t byte_at(str bytes, size_t at)
{
	return at < bytes.n ? (unsigned char)bytes.p[at] : 0;
}

static uint32_t big16(str bytes, size_t at)
{
	return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

static uint32_t big32(str bytes, size_t at)
{
	return big16(bytes, at) << 16 | big16(bytes, at + 2);
}

static uint32_t little24(str bytes, size_t at)
{
	return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2) << 16;
}

static uint32_t little32(str bytes, size_t at)
{
	return little24(bytes, at) | byte_at(bytes, at + 3) << 24;
}

static bool has_at(str bytes, size_t at, str word)
{
	return at <= bytes.n && str_starts(str_slice(bytes, at, bytes.n), word);
}

struct sides {
	uint32_t width, height;
};

/* ---- JPEG: segments up to the frame header ---- */

/* Baseline, extended and progressive with Huffman codes. Lossless, hierarchical and arithmetic ones come from no camera. */
static bool is_usual_frame(uint32_t marker) { return marker >= 0xC0 && marker <= 0xC2; }

static bool is_frame(uint32_t marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
	       marker != 0xCC;
}

static enum fault read_frame(str bytes, size_t at, struct sides *out)
{
	uint32_t parts = byte_at(bytes, at + 9);
	if (at + 10 > bytes.n)
		return FAULT_CUT;
	if (byte_at(bytes, at + 4) != 8 || (parts != 1 && parts != 3 && parts != 4))
		return FAULT_FORMAT;
	*out = (struct sides){ big16(bytes, at + 7), big16(bytes, at + 5) };
	return FAULT_NONE;
}

static bool stands_alone(uint32_t marker)
{
	return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

/* From a frame on: how many times its pixels are gone over. An encoder needs a dozen; a file that asks for thousands costs as many
 * passes over the whole picture, each in a few bytes. Source: "Two issues with the JPEG standard", libjpeg-turbo 2017. */
static bool has_few_scans(str bytes, size_t at)
{
	int scans = 0;
	while (at + 4 <= bytes.n && scans <= CLAIM_SCANS_MAX) {
		const char *found = memchr(bytes.p + at, 0xFF, bytes.n - at - 1);
		if (!found)
			break;
		at = (size_t)(found - bytes.p);
		uint32_t marker = byte_at(bytes, at + 1);
		if (marker == 0xD9)
			break;
		scans += marker == 0xDA ? 1 : 0;
		/* 0 is a byte of pixels, 0xFF a fill */
		bool skip = marker != 0 && marker != 0xFF && !stands_alone(marker);
		at += marker == 0xFF ? 1 : 2 + (skip ? big16(bytes, at + 2) : 0);
	}
	return scans <= CLAIM_SCANS_MAX;
}

static enum fault read_jpeg(str bytes, struct sides *out)
{
	size_t at = 2;
	while (at + 4 <= bytes.n) {
		uint32_t marker = byte_at(bytes, at + 1);
		if (byte_at(bytes, at) != 0xFF)
			return FAULT_CUT;
		if (marker == 0xFF) { /* fill */
			at++;
			continue;
		}
		if (is_frame(marker) && !is_usual_frame(marker))
			return FAULT_FORMAT;
		if (is_frame(marker))
			return has_few_scans(bytes, at) ? read_frame(bytes, at, out) : FAULT_CLAIM;
		if (marker == 0xD9 || marker == 0xDA) /* the end, or pixels, before any frame */
			return FAULT_CUT;
		uint32_t length = stands_alone(marker) ? 0 : big16(bytes, at + 2);
		if (!stands_alone(marker) && length < 2)
			return FAULT_CUT;
		at += 2 + length;
	}
	return FAULT_CUT;
}

/* ---- PNG: chunks up to the pixels ---- */

#define PNG_SIGNATURE S("\x89PNG\r\n\x1a\n")

static enum fault read_png(str bytes, struct sides *out)
{
	size_t at = PNG_SIGNATURE.n;
	if (big32(bytes, at) != 13 || !has_at(bytes, at + 4, S("IHDR")))
		return FAULT_CUT;
	*out = (struct sides){ big32(bytes, at + 8), big32(bytes, at + 12) };
	while (at + 12 <= bytes.n) {
		size_t length = big32(bytes, at);
		if (has_at(bytes, at + 4, S("IDAT")))
			return FAULT_NONE;
		if (has_at(bytes, at + 4, S("acTL")))
			return FAULT_MOVING;
		if (length > bytes.n - at - 12)
			return FAULT_CUT;
		at += 12 + length;
	}
	return FAULT_CUT;
}

/* ---- WebP: RIFF chunks up to the pixels ---- */

#define WEBP_MOVES 0x02 /* in the flags of VP8X */

/* Nothing where the chunk at `body` is no frame. */
static struct sides webp_frame(str bytes, size_t body, bool lossless)
{
	uint32_t bits = little32(bytes, body + 1);
	if (lossless && byte_at(bytes, body) == 0x2F)
		return (struct sides){ (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1 };
	if (!lossless && has_at(bytes, body + 3, S("\x9d\x01\x2a")))
		return (struct sides){ little24(bytes, body + 6) & 0x3FFF,
			               little24(bytes, body + 8) & 0x3FFF };
	return (struct sides){ 0, 0 };
}

static enum fault read_webp(str bytes, struct sides *out)
{
	size_t at = 12;
	struct sides canvas = { 0, 0 };
	if (little32(bytes, 4) > bytes.n - 8)
		return FAULT_CUT;
	while (at + 8 <= bytes.n) {
		size_t length = little32(bytes, at + 4), body = at + 8;
		bool lossless = has_at(bytes, at, S("VP8L"));
		if (has_at(bytes, at, S("ANIM")) || has_at(bytes, at, S("ANMF")))
			return FAULT_MOVING;
		if (length > bytes.n - body)
			return FAULT_CUT;
		if (lossless || has_at(bytes, at, S("VP8 "))) {
			*out = webp_frame(bytes, body, lossless);
			return canvas.width && (canvas.width != out->width ||
			                        canvas.height != out->height)
			               ? FAULT_CUT
			               : FAULT_NONE;
		}
		if (has_at(bytes, at, S("VP8X"))) {
			if (byte_at(bytes, body) & WEBP_MOVES)
				return FAULT_MOVING;
			canvas = (struct sides){ little24(bytes, body + 4) + 1,
				                 little24(bytes, body + 7) + 1 };
		}
		at = body + length + (length & 1);
	}
	return FAULT_CUT;
}

/* ---- all of them ---- */

enum fault claim_read(str bytes, struct claim *out)
{
	struct sides sides = { 0, 0 };
	enum fault fault = FAULT_FORMAT;
	if (str_starts(bytes, S("\xff\xd8\xff"))) {
		out->format = CLAIM_JPEG;
		fault = read_jpeg(bytes, &sides);
	} else if (str_starts(bytes, PNG_SIGNATURE)) {
		out->format = CLAIM_PNG;
		fault = read_png(bytes, &sides);
	} else if (str_starts(bytes, S("RIFF")) && has_at(bytes, 8, S("WEBP"))) {
		out->format = CLAIM_WEBP;
		fault = read_webp(bytes, &sides);
	}
	if (fault != FAULT_NONE)
		return fault;
	if (sides.width == 0 || sides.height == 0)
		return FAULT_CUT;
	if (sides.width > INT32_MAX || sides.height > INT32_MAX)
		return FAULT_PIXELS;
	out->width = (int)sides.width;
	out->height = (int)sides.height;
	return FAULT_NONE;
}

enum fault claim_judge(const struct claim *claim, size_t bytes)
{
	int64_t pixels = (int64_t)claim->width * claim->height;
	if (pixels > MEDIA_MAX_PIXELS)
		return FAULT_PIXELS;
	if (claim->width > CLAIM_SIDE_MAX || claim->height > CLAIM_SIDE_MAX)
		return FAULT_SIDE;
	if (pixels > CLAIM_SMALL_PIXELS && pixels / CLAIM_PIXELS_PER_BYTE > (int64_t)bytes)
		return FAULT_CLAIM;
	return FAULT_NONE;
}
