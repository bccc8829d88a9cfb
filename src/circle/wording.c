#include "circle/wording.h"

#include "base/buf.h"

static void add_below(struct buf *b, str words)
{
	if (words.n > 0 && b->n > 0)
		buf_char(b, '\n');
	buf_add(b, words);
}

str wording_of_post(const struct post *post, struct arena *mem)
{
	size_t below = 0;
	struct buf b;
	for (size_t i = 0; i < post->n_media; i++)
		below += post->media[i].about.n;
	if (below == 0)
		return post->text;
	buf_init(&b, mem, post->text.n + below + post->n_media);
	add_below(&b, post->text);
	for (size_t i = 0; i < post->n_media; i++)
		add_below(&b, post->media[i].about);
	return buf_str(&b);
}
