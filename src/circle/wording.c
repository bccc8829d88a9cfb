#include "circle/wording.h"

#include "base/buf.h"

#include <string.h>

static void add_below(struct buf *b, str words)
{
	if (words.n > 0 && b->n > 0)
		buf_char(b, '\n');
	buf_add(b, words);
}

str wording_of_post(const struct post *post, struct arena *mem)
{
	const str beside[] = { post->place, post->card.title, post->card.about, post->card.url };
	const size_t n_beside = sizeof beside / sizeof beside[0];
	size_t below = 0;
	struct buf b;
	for (size_t i = 0; i < n_beside; i++)
		below += beside[i].n;
	for (size_t i = 0; i < post->n_media; i++)
		below += post->media[i].about.n;
	if (below == 0)
		return post->text;
	buf_init(&b, mem, post->text.n + below + n_beside + post->n_media);
	add_below(&b, post->text);
	for (size_t i = 0; i < n_beside; i++)
		add_below(&b, beside[i]);
	for (size_t i = 0; i < post->n_media; i++)
		add_below(&b, post->media[i].about);
	return buf_str(&b);
}

static uint8_t payloads_of(str qr)
{
	unsigned n = 0;
	while (qr.n > 0)
		n += str_cut(&qr, '\n').n > 0;
	return (uint8_t)(n < UINT8_MAX ? n : UINT8_MAX);
}

static void tell_pictures(struct facts *facts, const struct post *post, struct arena *mem)
{
	size_t n = post->n_media < SHOWN_PICTURES ? post->n_media : SHOWN_PICTURES;
	struct shown_picture *shown = ARENA_ARRAY(mem, n, struct shown_picture);
	for (size_t i = 0; i < n; i++) {
		const struct media *m = &post->media[i];
		memcpy(shown[i].pdq, m->pdq, sizeof shown[i].pdq);
		shown[i].quality = (uint8_t)m->pdq_quality;
		shown[i].qr = payloads_of(m->qr);
	}
	facts->pictures = shown;
	facts->n_pictures = n;
}

void wording_tell(struct facts *facts, const struct post *post, struct arena *mem)
{
	facts->text = wording_of_post(post, mem);
	facts->beside_bytes = facts->text.n - post->text.n;
	if (post->n_media > 0)
		tell_pictures(facts, post, mem);
}
