#include "integrity/text/contact_words.h"

#include "base/str.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LATIN_MAX 12 /* letters of the longest */

#define NAME(text, service, kind)                                                                  \
	{                                                                                          \
		text, WORD_NAME, CONTACT_##service, CONTACT_##kind, 0                              \
	}
#define MARKED(text, service, kind)                                                                \
	{                                                                                          \
		text, WORD_MARKED, CONTACT_##service, CONTACT_##kind, 0                            \
	}
#define DIGITS(text, service, kind)                                                                \
	{                                                                                          \
		text, WORD_DIGITS, CONTACT_##service, CONTACT_##kind, 0                            \
	}
#define THING(text, service, kind)                                                                 \
	{                                                                                          \
		text, WORD_THING, CONTACT_##service, CONTACT_##kind, 0                             \
	}
#define SURE(text, service, kind)                                                                  \
	{                                                                                          \
		text, WORD_SURE, CONTACT_##service, CONTACT_##kind, 0                              \
	}
#define NUMBER(text, value)                                                                        \
	{                                                                                          \
		text, WORD_NUMBER, CONTACT_PHONE, CONTACT_DISGUISED, value                         \
	}
#define MESSAGE(text, kind)                                                                        \
	{                                                                                          \
		text, WORD_MESSAGE, CONTACT_MESSAGE, CONTACT_##kind, 0                             \
	}
#define ALONE(text, kind)                                                                          \
	{                                                                                          \
		text, WORD_ALONE, CONTACT_MESSAGE, CONTACT_##kind, 0                               \
	}
#define OTHER(text, role)                                                                          \
	{                                                                                          \
		text, role, CONTACT_WECHAT, CONTACT_PLAIN, 0                                       \
	}

/* clang-format off */
static const struct contact_word latin[] = {
	OTHER("add", WORD_ADD),
	MARKED("call", PHONE, PLAIN),
	MARKED("cell", PHONE, PLAIN),
	MARKED("contact", PHONE, PLAIN),
	MESSAGE("dd", SLANG),
	MARKED("discord", OTHER, PLAIN),
	MESSAGE("dm", PLAIN),
	OTHER("dot", WORD_SCHEME),
	MARKED("douyin", OTHER, PLAIN),
	NUMBER("eight", 8),
	NAME("facebook", FACEBOOK, PLAIN),
	MARKED("fb", FACEBOOK, SLANG),
	NUMBER("five", 5),
	NUMBER("four", 4),
	MARKED("hotline", PHONE, PLAIN),
	MARKED("hp", PHONE, PLAIN),
	OTHER("http", WORD_SCHEME),
	OTHER("https", WORD_SCHEME),
	OTHER("hxxp", WORD_SCHEME),
	OTHER("hxxps", WORD_SCHEME),
	MARKED("ig", INSTAGRAM, SLANG),
	MESSAGE("inbox", PLAIN),
	MARKED("insta", INSTAGRAM, SLANG),
	NAME("instagram", INSTAGRAM, PLAIN),
	OTHER("jia", WORD_ADD),
	MARKED("kakao", OTHER, PLAIN),
	MARKED("kakaotalk", OTHER, PLAIN),
	MARKED("kik", OTHER, PLAIN),
	MARKED("line", LINE, PLAIN),
	MESSAGE("message", PLAIN),
	MARKED("messenger", FACEBOOK, PLAIN),
	MARKED("mobile", PHONE, PLAIN),
	MESSAGE("msg", PLAIN),
	NUMBER("nine", 9),
	NUMBER("oh", 0),
	NUMBER("one", 1),
	MARKED("phone", PHONE, PLAIN),
	MESSAGE("pm", PLAIN),
	{ "q", WORD_DIGITS, CONTACT_QQ, CONTACT_SLANG, 1 },
	DIGITS("qq", QQ, PLAIN),
	MARKED("sc", SNAPCHAT, SLANG),
	NUMBER("seven", 7),
	MARKED("signal", SIGNAL, PLAIN),
	NUMBER("six", 6),
	NAME("skype", OTHER, PLAIN),
	MARKED("sms", PHONE, PLAIN),
	MARKED("snap", SNAPCHAT, SLANG),
	NAME("snapchat", SNAPCHAT, PLAIN),
	MARKED("tel", PHONE, PLAIN),
	MARKED("tele", TELEGRAM, SLANG),
	NAME("telegram", TELEGRAM, PLAIN),
	MARKED("text", PHONE, PLAIN),
	MARKED("tg", TELEGRAM, SLANG),
	NUMBER("three", 3),
	MARKED("threema", OTHER, PLAIN),
	MARKED("tiktok", OTHER, PLAIN),
	MARKED("twitter", OTHER, PLAIN),
	NUMBER("two", 2),
	OTHER("v", WORD_V),
	MARKED("viber", OTHER, PLAIN),
	SURE("vx", WECHAT, SLANG),
	SURE("vxin", WECHAT, SLANG),
	OTHER("w", WORD_V),
	MARKED("wa", WHATSAPP, SLANG),
	NAME("watsapp", WHATSAPP, PLAIN),
	SURE("wechat", WECHAT, PLAIN),
	SURE("weechat", WECHAT, DISGUISED),
	OTHER("wei", WORD_WEI),
	SURE("weix", WECHAT, SLANG),
	SURE("weixin", WECHAT, PLAIN),
	NAME("whatsap", WHATSAPP, PLAIN),
	NAME("whatsapp", WHATSAPP, PLAIN),
	MARKED("wickr", OTHER, PLAIN),
	MARKED("wsp", WHATSAPP, SLANG),
	OTHER("www", WORD_SCHEME),
	SURE("wx", WECHAT, SLANG),
	SURE("wxid", WECHAT, SLANG),
	SURE("wxin", WECHAT, SLANG),
	OTHER("x", WORD_XIN),
	OTHER("xin", WORD_XIN),
	MARKED("zalo", OTHER, PLAIN),
	NUMBER("zero", 0),
};

static const struct contact_word han[] = {
	DIGITS("企鹅", QQ, DISGUISED),
	THING("卫星", WECHAT, DISGUISED),
	ALONE("可私", PLAIN),
	MARKED("小红书", OTHER, PLAIN),
	MARKED("小红薯", OTHER, SLANG),
	MARKED("座机", PHONE, PLAIN),
	MARKED("微博", OTHER, PLAIN),
	MARKED("快手", OTHER, PLAIN),
	MARKED("手机", PHONE, PLAIN),
	MARKED("抖音", OTHER, PLAIN),
	MARKED("探探", OTHER, PLAIN),
	MARKED("推特", OTHER, PLAIN),
	MARKED("某音", OTHER, SLANG),
	ALONE("滴滴我", SLANG),
	MARKED("热线", PHONE, PLAIN),
	THING("电报", TELEGRAM, SLANG),
	MARKED("电话", PHONE, PLAIN),
	ALONE("私信我", PLAIN),
	ALONE("私聊我", PLAIN),
	ALONE("私我", PLAIN),
	THING("纸飞机", TELEGRAM, DISGUISED),
	SURE("绿色软件", WECHAT, DISGUISED),
	SURE("绿色泡泡", WECHAT, DISGUISED),
	SURE("绿泡泡", WECHAT, DISGUISED),
	MARKED("联系方式", PHONE, PLAIN),
	MARKED("脸书", FACEBOOK, PLAIN),
	MARKED("致电", PHONE, PLAIN),
	THING("赖", LINE, SLANG),
	MARKED("钉钉", OTHER, PLAIN),
	MARKED("闲鱼", OTHER, PLAIN),
	MARKED("陌陌", OTHER, PLAIN),
	THING("飞机", TELEGRAM, DISGUISED),
};

/* Second letters of the words above by their first one, and third ones; bit 26: the word ends before. A test holds the tables
 * together. */
#define B(letter) (UINT32_C(1) << ((letter) - 'a'))
#define ONLY (UINT32_C(1) << 26)
static const uint32_t second_letters[26] = {
	['a' - 'a'] = B('d'),
	['c' - 'a'] = B('a') | B('e') | B('o'),
	['d' - 'a'] = B('d') | B('i') | B('m') | B('o'),
	['e' - 'a'] = B('i'),
	['f' - 'a'] = B('a') | B('b') | B('i') | B('o'),
	['h' - 'a'] = B('o') | B('p') | B('t') | B('x'),
	['i' - 'a'] = B('g') | B('n'),
	['j' - 'a'] = B('i'),
	['k' - 'a'] = B('a') | B('i'),
	['l' - 'a'] = B('i'),
	['m' - 'a'] = B('e') | B('o') | B('s'),
	['n' - 'a'] = B('i'),
	['o' - 'a'] = B('h') | B('n'),
	['p' - 'a'] = B('h') | B('m'),
	['q' - 'a'] = B('q') | ONLY,
	['s' - 'a'] = B('c') | B('e') | B('i') | B('k') | B('m') | B('n'),
	['t' - 'a'] = B('e') | B('g') | B('h') | B('i') | B('w'),
	['v' - 'a'] = B('i') | B('x') | ONLY,
	['w' - 'a'] = B('a') | B('e') | B('h') | B('i') | B('s') | B('w') | B('x') | ONLY,
	['x' - 'a'] = B('i') | ONLY,
	['z' - 'a'] = B('a') | B('e'),
};
static const uint32_t third_letters[26] = {
	['a' - 'a'] = B('d'),
	['c' - 'a'] = B('l') | B('n'),
	['d' - 'a'] = B('s') | B('t') | B('u') | ONLY,
	['e' - 'a'] = B('g'),
	['f' - 'a'] = B('c') | B('u') | B('v') | ONLY,
	['h' - 'a'] = B('t') | B('x') | ONLY,
	['i' - 'a'] = B('b') | B('s') | ONLY,
	['j' - 'a'] = B('a'),
	['k' - 'a'] = B('k'),
	['l' - 'a'] = B('n'),
	['m' - 'a'] = B('b') | B('g') | B('s'),
	['n' - 'a'] = B('n'),
	['o' - 'a'] = B('e') | ONLY,
	['p' - 'a'] = B('o') | ONLY,
	['q' - 'a'] = ONLY,
	['s' - 'a'] = B('a') | B('g') | B('s') | B('v') | B('x') | B('y') | ONLY,
	['t' - 'a'] = B('i') | B('k') | B('l') | B('o') | B('r') | B('x') | ONLY,
	['v' - 'a'] = B('b') | B('i') | ONLY,
	['w' - 'a'] = B('a') | B('c') | B('e') | B('i') | B('p') | B('t') | B('w') | ONLY,
	['x' - 'a'] = B('n'),
	['z' - 'a'] = B('l') | B('r'),
};
/* clang-format on */

static uint32_t bit_of(const struct glyph *letters, size_t n, size_t i)
{
	uint32_t letter = i < n ? letters[i].cp - 'a' : 26;
	return letter <= 26 ? UINT32_C(1) << letter : 0;
}

/* Most words are told from all of the table by their first three letters. */
static bool may_begin(const struct glyph *letters, size_t n)
{
	uint32_t first = letters[0].cp - 'a';
	return first < 26 && second_letters[first] & bit_of(letters, n, 1) &&
	       (n == 1 || third_letters[first] & bit_of(letters, n, 2));
}

static int compare(const char *word, const struct glyph *letters, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t c = (unsigned char)word[i];
		if (c != letters[i].cp)
			return c < letters[i].cp ? -1 : 1;
	}
	return word[n] != '\0';
}

const struct contact_word *contact_words_latin(const struct glyph *letters, size_t n)
{
	if (n == 0 || n > LATIN_MAX || !may_begin(letters, n))
		return NULL;
	size_t low = 0, high = COUNT(latin);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(latin[middle].text, letters, n);
		if (order == 0)
			return &latin[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static uint32_t first_of(const char *text)
{
	size_t at = 0;
	return utf8_next(str_of(text), &at);
}

const struct contact_word *contact_words_han(uint32_t first, size_t *n)
{
	size_t low = 0, high = COUNT(han);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (first_of(han[middle].text) < first)
			low = middle + 1;
		else
			high = middle;
	}
	*n = 0;
	while (low + *n < COUNT(han) && first_of(han[low + *n].text) == first)
		++*n;
	return &han[low];
}

const struct contact_word *contact_words_all(size_t *n)
{
	*n = COUNT(latin);
	return latin;
}
