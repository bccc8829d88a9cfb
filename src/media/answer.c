#include "media/answer.h"

#include "media/claim.h"

/* No control bytes but the ends of lines. */
static bool is_quiet_text(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (((unsigned char)text.p[i] < ' ' && text.p[i] != '\n') || text.p[i] == 0x7F)
			return false;
	return utf8_valid(text);
}

static bool file_holds(const struct answer_file *file, enum claim_format format, int side,
                       str bytes)
{
	struct claim claim;
	return claim_read(bytes, &claim) == FAULT_NONE && claim.format == format &&
	       claim.width == file->width && claim.height == file->height && claim.width <= side &&
	       claim.height <= side;
}

static bool files_hold(const struct answer *answer, str all)
{
	static const enum claim_format formats[MEDIA_FORMATS] = {
		[MEDIA_WEBP] = CLAIM_WEBP, [MEDIA_JPEG] = CLAIM_JPEG
	};
	size_t from = 0;
	for (int s = 0; s < MEDIA_SIZES; s++)
		for (int f = 0; f < MEDIA_FORMATS; f++) {
			const struct answer_file *file = &answer->files[s][f];
			int side = media_side_px((enum media_size)s);
			if (file->bytes > all.n - from)
				return false;
			if (!file_holds(file, formats[f], side,
			                str_slice(all, from, from + file->bytes)))
				return false;
			from += file->bytes;
		}
	const struct answer_file *large = &answer->files[MEDIA_LARGE][MEDIA_WEBP];
	return from == all.n && large->width == answer->width && large->height == answer->height;
}

bool answer_holds(const struct answer *answer, bool sizes, str files)
{
	int side = media_side_px(MEDIA_LARGE);
	return answer->width > 0 && answer->width <= side && answer->height > 0 &&
	       answer->height <= side && answer->pdq_quality >= 0 && answer->pdq_quality <= 100 &&
	       answer->qr_bytes <= sizeof answer->qr &&
	       is_quiet_text((str){ answer->qr, answer->qr_bytes }) &&
	       (!sizes || (blurhash_is(answer->blurhash) && files_hold(answer, files)));
}
