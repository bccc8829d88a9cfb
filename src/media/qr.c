#include "media/qr.h"

#include <string.h>

static bool is_known(const struct qr_found *found, str line)
{
	str rest = { found->text, found->n };
	while (rest.n > 0)
		if (str_eq(str_cut(&rest, '\n'), line))
			return true;
	return false;
}

static void keep(struct qr_found *found, const char *data, size_t n)
{
	char line[QR_MAX_BYTES];
	size_t gap = found->n > 0 ? 1 : 0;
	if (n == 0 || n + gap > sizeof found->text - found->n || !utf8_valid((str){ data, n }))
		return;
	for (size_t i = 0; i < n; i++)
		line[i] = (unsigned char)data[i] < ' ' || data[i] == 0x7F ? ' ' : data[i];
	if (is_known(found, (str){ line, n }))
		return;
	if (gap)
		found->text[found->n++] = '\n';
	memcpy(found->text + found->n, line, n);
	found->n += n;
}

void qr_scan(const struct libraries *lib, const uint8_t *grey, int width, int height, bool inverted,
             struct qr_found *found)
{
	zbar_image_scanner_t *scanner = lib->zbar_image_scanner_create();
	zbar_image_t *image = lib->zbar_image_create();
	if (!scanner || !image)
		return;
	lib->zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	lib->zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	lib->zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_TEST_INVERTED, inverted);
	lib->zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	lib->zbar_image_set_size(image, (unsigned)width, (unsigned)height);
	lib->zbar_image_set_data(image, grey, (size_t)width * (size_t)height, NULL);
	lib->zbar_scan_image(scanner, image);
	const zbar_symbol_t *symbol = lib->zbar_image_first_symbol(image);
	for (; symbol; symbol = lib->zbar_symbol_next(symbol))
		if (lib->zbar_symbol_get_type(symbol) == ZBAR_QRCODE)
			keep(found, lib->zbar_symbol_get_data(symbol),
			     lib->zbar_symbol_get_data_length(symbol));
}
