/* See entity.h. What the author pasted about an address. */
#include "api/entity.h"

#include <string.h>

/* Up to the end of the host: behind the scheme, before the path. */
static str origin_of(str url)
{
	size_t to = str_find(url, S("//")) + 2;
	while (to < url.n && url.p[to] != '/' && url.p[to] != '?' && url.p[to] != '#')
		to++;
	return str_slice(url, 0, to);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* An address as RFC 3986 has it: whatever else people paste is escaped byte by byte. */
static void add_address(struct buf *b, str url)
{
	static const char plain[] = "-._~:/?#@!$&'()*+,;=";
	static const char hex[] = "0123456789ABCDEF";
	bool fragment = false;
	buf_char(b, '"');
	for (size_t i = 0; i < url.n; i++) {
		char c = url.p[i];
		bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		              (c >= 'A' && c <= 'Z');
		bool escape = c == '%' && i + 2 < url.n && is_hex(url.p[i + 1]) &&
		              is_hex(url.p[i + 2]);
		bool mark = c != '\0' && strchr(plain, c) != NULL && !(c == '#' && fragment);
		fragment = fragment || c == '#';
		if (letter || escape || mark) {
			buf_char(b, c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, hex[(unsigned char)c >> 4]);
		buf_char(b, hex[c & 15]);
	}
	buf_char(b, '"');
}

str entity_card_host(const struct card *card)
{
	str origin = origin_of(card->url);
	return str_slice(origin, str_find(origin, S("//")) + 2, origin.n);
}

/* A PreviewCard of what the author pasted: nothing was fetched, so there is no picture, and whose page it is nobody looked up. */
void entity_card(struct buf *b, const struct card *card)
{
	if (card->url.n == 0) {
		buf_lit(b, "null");
		return;
	}
	str origin = origin_of(card->url);
	str host = entity_card_host(card);
	buf_lit(b, "{\"type\":\"link\",\"url\":");
	add_address(b, card->url);
	buf_lit(b, ",\"title\":");
	buf_json(b, card->title.n > 0 ? card->title : host);
	buf_lit(b, ",\"description\":");
	buf_json(b, card->about);
	buf_lit(b, ",\"provider_name\":");
	buf_json(b, host);
	buf_lit(b, ",\"provider_url\":");
	add_address(b, origin);
	buf_lit(b, ",\"author_url\":");
	add_address(b, origin);
	buf_lit(b, ",\"embed_url\":");
	add_address(b, card->url);
	buf_lit(b, ",\"author_name\":\"\",\"authors\":[],\"html\":\"\",\"width\":0,\"height\":0,"
	           "\"image\":null,\"image_description\":\"\",\"blurhash\":null,"
	           "\"language\":null,\"published_at\":null}");
}
