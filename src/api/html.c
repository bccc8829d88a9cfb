/* See html.h. One pass: bytes that mean nothing are copied in runs. */
#include "api/html.h"

#include "circle/hashtag.h"

#include <string.h>

/* Bytes at which something may begin: markup, JSON's own, an address, a name. */
static bool stops(unsigned char c)
{
	return c < 0x20 || c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == '\\' ||
	       c == '@' || c == '#' || c == 0xEF || c == 'h' || c == 'H';
}

static bool is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c >= 0x80;
}

static bool is_ascii_word(unsigned char c) { return is_word(c) && c < 0x80; }

static void add_byte(struct buf *b, char c)
{
	switch (c) {
	case '&':
		buf_lit(b, "&amp;");
		break;
	case '<':
		buf_lit(b, "&lt;");
		break;
	case '>':
		buf_lit(b, "&gt;");
		break;
	case '"':
		buf_lit(b, "&quot;");
		break;
	case '\'':
		buf_lit(b, "&#39;");
		break;
	case '\\':
		buf_lit(b, "\\\\");
		break;
	case '\n':
		buf_lit(b, "<br>");
		break;
	case '\t':
		buf_lit(b, "\\t");
		break;
	default:
		/* Control bytes mean nothing in HTML; a carriage return goes with its newline. */
		if ((unsigned char)c >= 0x20)
			buf_char(b, c);
	}
}

static void add_words(struct buf *b, str text)
{
	for (size_t i = 0; i < text.n; i++)
		add_byte(b, text.p[i]);
}

/* Bytes of the address at the start of `rest`; 0: none. Ends at the first byte that no address has, so that Chinese
 * may go on without a space; a sentence's own punctuation is left to it. */
static size_t address_length(str rest)
{
	static const char inside[] = "-._~:/?#[]@!$&'()*+,;=%";
	size_t scheme = str_eq_ascii_nocase(str_slice(rest, 0, 8), S("https://")) ? 8 : 7;
	if (scheme == 7 && !str_eq_ascii_nocase(str_slice(rest, 0, 7), S("http://")))
		return 0;
	size_t n = scheme;
	while (n < rest.n && (is_ascii_word((unsigned char)rest.p[n]) ||
	                      (rest.p[n] && strchr(inside, rest.p[n]))))
		n++;
	while (n > scheme && strchr(".,;:!?'", rest.p[n - 1]))
		n--;
	if (n > scheme && rest.p[n - 1] == ')' && !memchr(rest.p, '(', n))
		n--;
	return n > scheme && is_ascii_word((unsigned char)rest.p[scheme]) ? n : 0;
}

static void add_address(struct buf *b, str address)
{
	buf_lit(b, "<a href=\\\"");
	add_words(b, address);
	buf_lit(b, "\\\" target=\\\"_blank\\\" rel=\\\"nofollow noopener noreferrer\\\">");
	add_words(b, address);
	buf_lit(b, "</a>");
}

/* Whether a handle would not end here: dots are inside handles alone. */
static bool goes_on(str rest)
{
	size_t at = rest.n > 0 && rest.p[0] == '.';
	return rest.n > at && is_ascii_word((unsigned char)rest.p[at]);
}

/* The person named at the start of `rest`, which begins with '@'; the longest handle wins. */
static const struct person *named(str rest, const struct person *people, size_t n)
{
	const struct person *best = NULL;
	for (size_t i = 0; i < n; i++) {
		str handle = people[i].handle;
		if (handle.n == 0 || rest.n < handle.n + 1 ||
		    (best && best->handle.n >= handle.n) ||
		    !str_eq_ascii_nocase(str_slice(rest, 1, 1 + handle.n), handle))
			continue;
		bool ascii = is_ascii_word((unsigned char)handle.p[handle.n - 1]);
		if (!ascii || !goes_on(str_slice(rest, 1 + handle.n, rest.n)))
			best = &people[i];
	}
	return best;
}

static void add_name(struct buf *b, str url, const struct person *person)
{
	buf_lit(b, "<span class=\\\"h-card\\\"><a href=\\\"");
	buf_add(b, url);
	buf_lit(b, "/people/");
	html_segment(b, person->handle);
	buf_lit(b, "\\\" class=\\\"u-url mention\\\">@<span>");
	add_words(b, person->handle);
	buf_lit(b, "</span></a></span>");
}

static void add_tag(struct buf *b, str url, str sign, str tag)
{
	buf_lit(b, "<a href=\\\"");
	buf_add(b, url);
	buf_lit(b, "/search?tag=");
	html_segment(b, tag);
	buf_lit(b, "\\\" class=\\\"mention hashtag\\\" rel=\\\"tag\\\">");
	buf_add(b, sign);
	buf_lit(b, "<span>");
	buf_add(b, tag);
	buf_lit(b, "</span></a>");
}

/* The tags of a text, one after the other. */
struct tags {
	size_t at;
	str next;
	bool has;
};

static void find_tag(struct tags *tags, str text)
{
	tags->has = hashtag_next(text, &tags->at, &tags->next);
}

/* The tag whose sign stands at byte `i`, with the bytes it took; 0: none. */
static size_t add_tag_at(struct buf *b, str text, size_t i, str url, struct tags *tags)
{
	size_t sign = text.p[i] == '#' ? 1 : 3;
	while (tags->has && tags->next.p < text.p + i + sign)
		find_tag(tags, text);
	if (!tags->has || tags->next.p != text.p + i + sign)
		return 0;
	add_tag(b, url, str_slice(text, i, i + sign), tags->next);
	return sign + tags->next.n;
}

/* Markup that begins at byte `i`; the bytes it took, or 0. */
static size_t add_markup(struct buf *b, str text, size_t i, str url, const struct person *mentions,
                         size_t n_mentions, struct tags *tags)
{
	str rest = str_slice(text, i, text.n);
	unsigned char before = i > 0 ? (unsigned char)text.p[i - 1] : ' ';
	if (text.p[i] == '@' && !is_ascii_word(before)) {
		const struct person *person = named(rest, mentions, n_mentions);
		if (person) {
			add_name(b, url, person);
			return 1 + person->handle.n;
		}
	} else if ((text.p[i] | 0x20) == 'h' && !is_ascii_word(before)) {
		size_t n = address_length(rest);
		if (n > 0)
			add_address(b, str_slice(rest, 0, n));
		return n;
	} else if (text.p[i] == '#' || (unsigned char)text.p[i] == 0xEF) {
		return add_tag_at(b, text, i, url, tags);
	}
	return 0;
}

void html_json(struct buf *b, str text, str url, const struct person *mentions, size_t n_mentions)
{
	size_t from = 0, i = 0;
	struct tags tags = { 0 };
	if (text.n == 0) {
		buf_lit(b, "\"\"");
		return;
	}
	buf_lit(b, "\"<p>");
	find_tag(&tags, text);
	while (i < text.n) {
		if (!stops((unsigned char)text.p[i])) {
			i++;
			continue;
		}
		buf_add(b, (str){ text.p + from, i - from });
		size_t taken = add_markup(b, text, i, url, mentions, n_mentions, &tags);
		if (taken == 0) {
			add_byte(b, text.p[i]);
			taken = 1;
		}
		from = i += taken;
	}
	buf_add(b, (str){ text.p + from, text.n - from });
	buf_lit(b, "</p>\"");
}

void html_segment(struct buf *b, str segment)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < segment.n; i++) {
		unsigned char c = (unsigned char)segment.p[i];
		if (is_ascii_word(c) || c == '-' || c == '.' || c == '~') {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, hex[c >> 4]);
		buf_char(b, hex[c & 15]);
	}
}
