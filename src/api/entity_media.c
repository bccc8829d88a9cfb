/* See entity.h. Pictures: where they are fetched, in which sizes, what they are said to show. */
#include "api/entity.h"

/* Sides of a kept size: never larger than the picture itself, never nothing. */
struct sides {
	int width, height;
};

static int scaled(int side, int most, int longest)
{
	int px = (int)(((int64_t)side * most + longest / 2) / longest);
	return px > 0 ? px : 1;
}

static struct sides sides_of(const struct media *m, enum media_size size)
{
	int longest = m->width > m->height ? m->width : m->height, most = media_side_px(size);
	if (longest <= most)
		return (struct sides){ m->width, m->height };
	return (struct sides){ scaled(m->width, most, longest), scaled(m->height, most, longest) };
}

static void add_address(struct call *c, struct buf *b, media_id id, enum media_size size,
                        enum media_format format)
{
	buf_char(b, '"');
	buf_add(b, c->url);
	buf_lit(b, "/media/");
	buf_i64(b, id.v);
	buf_char(b, '/');
	buf_add(b, str_of(media_size_word(size)));
	buf_char(b, '.');
	buf_add(b, str_of(media_format_word(format)));
	buf_char(b, '"');
}

void entity_picture(struct call *c, struct buf *b, media_id id, enum media_size size)
{
	add_address(c, b, id, size, MEDIA_JPEG);
}

void entity_sources(struct call *c, struct buf *b, media_id id, enum media_size size)
{
	if (id.v == 0) {
		buf_lit(b, "null");
		return;
	}
	buf_lit(b, "{\"webp\":");
	add_address(c, b, id, size, MEDIA_WEBP);
	buf_lit(b, ",\"jpeg\":");
	add_address(c, b, id, size, MEDIA_JPEG);
	buf_char(b, '}');
}

static void add_details(struct buf *b, struct sides s)
{
	buf_lit(b, "{\"width\":");
	buf_i64(b, s.width);
	buf_lit(b, ",\"height\":");
	buf_i64(b, s.height);
	buf_lit(b, ",\"size\":\"");
	buf_i64(b, s.width);
	buf_char(b, 'x');
	buf_i64(b, s.height);
	buf_lit(b, "\",\"aspect\":");
	buf_json_real(b, s.height ? (double)s.width / s.height : 0);
	buf_char(b, '}');
}

static void add_kept_sizes(struct call *c, struct buf *b, const struct media *m)
{
	for (enum media_size size = MEDIA_SMALL; size < MEDIA_SIZES; size++) {
		struct sides s = sides_of(m, size);
		buf_add(b, size == MEDIA_SMALL ? S("{\"") : S(",\""));
		buf_add(b, str_of(media_size_word(size)));
		buf_lit(b, "\":{\"webp\":");
		add_address(c, b, m->id, size, MEDIA_WEBP);
		buf_lit(b, ",\"jpeg\":");
		add_address(c, b, m->id, size, MEDIA_JPEG);
		buf_lit(b, ",\"width\":");
		buf_i64(b, s.width);
		buf_lit(b, ",\"height\":");
		buf_i64(b, s.height);
		buf_char(b, '}');
	}
	buf_char(b, '}');
}

void entity_media(struct call *c, struct buf *b, const struct media *m)
{
	buf_lit(b, "{\"id\":");
	buf_json_id(b, m->id.v);
	buf_lit(b, ",\"type\":\"image\",\"url\":");
	add_address(c, b, m->id, MEDIA_LARGE, MEDIA_JPEG);
	buf_lit(b, ",\"preview_url\":");
	add_address(c, b, m->id, MEDIA_SMALL, MEDIA_JPEG);
	buf_lit(b, ",\"remote_url\":null,\"preview_remote_url\":null,\"text_url\":null,"
	           "\"description\":");
	if (m->about.n > 0)
		buf_json(b, m->about);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"blurhash\":");
	if (m->blurhash.n > 0)
		buf_json(b, m->blurhash);
	else
		buf_lit(b, "null");
	buf_lit(b, ",\"meta\":{\"original\":");
	add_details(b, sides_of(m, MEDIA_LARGE));
	buf_lit(b, ",\"small\":");
	add_details(b, sides_of(m, MEDIA_SMALL));
	buf_lit(b, "},\"kith_sources\":");
	add_kept_sizes(c, b, m);
	buf_char(b, '}');
}

void entity_media_list(struct call *c, struct buf *b, const struct media *media, size_t n)
{
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		entity_media(c, b, &media[i]);
	}
	buf_char(b, ']');
}
