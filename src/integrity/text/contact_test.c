#include "integrity/text/contact.h"

#include "integrity/text/contact_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What is hidden, or written out of habit: the first contact found. */
static const struct {
	const char *name, *text;
	enum contact_kind kind;
	enum contact_service service;
	const char *handle;
} sought[] = {
#define P CONTACT_PLAIN
#define S_ CONTACT_SLANG
#define D CONTACT_DISGUISED
	/* plain */
	{ "plain WeChat with an id", "加我微信 lin_88 聊", P, CONTACT_WECHAT, "lin_88" },
	{ "without add", "微信 lin8899", P, CONTACT_WECHAT, "lin8899" },
	{ "with a colon", "微信：linxiaobao", P, CONTACT_WECHAT, "linxiaobao" },
	{ "with the word number", "微信号 linxiaobao", P, CONTACT_WECHAT, "linxiaobao" },
	{ "traditional", "加我微信號：lin8899", P, CONTACT_WECHAT, "lin8899" },
	{ "add, without an id", "要的加我微信", P, CONTACT_WECHAT, "" },
	{ "in English", "WeChat: abc_123", P, CONTACT_WECHAT, "abc_123" },
	{ "full width is a habit", "ＷｅＣｈａｔ lin_88", P, CONTACT_WECHAT, "lin_88" },
	{ "aligned on a card", "微 信：lin8899", P, CONTACT_WECHAT, "lin8899" },
	{ "in letters", "加weixin lin8899", P, CONTACT_WECHAT, "lin8899" },
	{ "plain QQ", "QQ 123456789", P, CONTACT_QQ, "123456789" },
	{ "QQ with number", "QQ号：123456789", P, CONTACT_QQ, "123456789" },
	{ "QQ group", "加QQ群 12345678", P, CONTACT_QQ, "12345678" },
	{ "QQ runs into the number", "联系qq123456789", P, CONTACT_QQ, "123456789" },
	{ "plain WhatsApp", "WhatsApp: +61 412 555 019", P, CONTACT_WHATSAPP, "+61 412 555 019" },
	{ "WhatsApp as two words", "whats app: +61 412 555 019", P, CONTACT_WHATSAPP,
	  "+61 412 555 019" },
	{ "WhatsApp with a hyphen", "Whats-App: +61 412 555 019", P, CONTACT_WHATSAPP,
	  "+61 412 555 019" },
	{ "plain Telegram", "Telegram @lin_flowers", P, CONTACT_TELEGRAM, "lin_flowers" },
	{ "add me on", "add me on telegram", P, CONTACT_TELEGRAM, "" },
	{ "line with id", "LINE ID: lin8899", P, CONTACT_LINE, "lin8899" },
	{ "line with a colon", "Line：linbakery", P, CONTACT_LINE, "linbakery" },
	{ "Signal with a number", "Signal: +44 7700 900123", P, CONTACT_SIGNAL, "+44 7700 900123" },
	{ "Instagram", "Instagram: lin.bakes", P, CONTACT_INSTAGRAM, "lin.bakes" },
	{ "ig is slang", "IG: lin_bakes", S_, CONTACT_INSTAGRAM, "lin_bakes" },
	{ "insta is slang", "insta @linbakes", S_, CONTACT_INSTAGRAM, "linbakes" },
	{ "Facebook", "Facebook: linbakery", P, CONTACT_FACEBOOK, "linbakery" },
	{ "snap is slang", "snap: lin_8899", S_, CONTACT_SNAPCHAT, "lin_8899" },
	{ "another platform with an id", "抖音号：lin8899", P, CONTACT_OTHER, "lin8899" },
	{ "another one", "小红书搜 lin8899", P, CONTACT_OTHER, "lin8899" },
	{ "a mobile with its word", "电话 13812345670", P, CONTACT_PHONE, "13812345670" },
	{ "a mobile with spaces", "手机：138 1234 5670", P, CONTACT_PHONE, "138 1234 5670" },
	{ "a mobile with hyphens", "订座请打 138-1234-5670", P, CONTACT_PHONE, "138-1234-5670" },
	{ "a mobile alone", "13812345670 随时打", P, CONTACT_PHONE, "13812345670" },
	{ "with the country", "+86 138 1234 5670", P, CONTACT_PHONE, "+86 138 1234 5670" },
	{ "a landline", "座机0571-88886666", P, CONTACT_PHONE, "0571-88886666" },
	{ "a landline alone", "店里 0571-88886666", P, CONTACT_PHONE, "0571-88886666" },
	{ "a service number", "客服 400-820-1234", P, CONTACT_PHONE, "400-820-1234" },
	{ "an American number", "text me at (415) 555-0199", P, CONTACT_PHONE, "415) 555-0199" },
	{ "a British number", "call 07700 900123", P, CONTACT_PHONE, "07700 900123" },
	{ "a person with wei in the name", "联系人：王薇 13812345670", P, CONTACT_PHONE,
	  "13812345670" },
	{ "a mail address", "写信到 lin.88@example.com", P, CONTACT_MAIL, "lin.88@example.com" },
	{ "a web address", "see https://example.org/a?b=1.", P, CONTACT_LINK,
	  "https://example.org/a?b=1" },
	{ "a bare one", "店在 www.example.com 上", P, CONTACT_LINK, "www.example.com" },
	{ "a link to a service", "t.me/lin8899", P, CONTACT_TELEGRAM, "t.me/lin8899" },
	{ "another", "https://wa.me/61412555019", P, CONTACT_WHATSAPP,
	  "https://wa.me/61412555019" },
	{ "at is no sign of a mail", "meet me at example.com", P, CONTACT_LINK, "example.com" },
	{ "write to me here", "喜欢的私信我", P, CONTACT_MESSAGE, "" },
	{ "the same in English", "DM me for prices", P, CONTACT_MESSAGE, "" },
	{ "the same, shorter", "pm 4 price", P, CONTACT_MESSAGE, "" },

	/* slang */
	{ "vx", "vx: lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "wx", "wx lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "VX with add", "加VX看款", S_, CONTACT_WECHAT, "" },
	{ "vx runs into the number", "vx13812345670", S_, CONTACT_WECHAT, "13812345670" },
	{ "V信", "V信：lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "V with a plus", "➕V lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "a plus sign", "+v lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "加V看", "加V看", S_, CONTACT_WECHAT, "" },
	{ "add, a little one", "加个v lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "加微", "加微 lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "add me, half a name", "加我微 lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "half a name with a colon", "微：lin8899", S_, CONTACT_WECHAT, "lin8899" },
	{ "Q and a number", "加Q 338120975", S_, CONTACT_QQ, "338120975" },
	{ "Q group", "Q群 338120975", S_, CONTACT_QQ, "338120975" },
	{ "tg", "tg: @lin8899", S_, CONTACT_TELEGRAM, "lin8899" },
	{ "wa with a number", "WA 081234567890", S_, CONTACT_WHATSAPP, "081234567890" },
	{ "talk there", "不议价，微聊", S_, CONTACT_WECHAT, "" },
	{ "dd", "想要的dd", S_, CONTACT_MESSAGE, "" },
	{ "LINE in Taiwan", "加赖 lin8899", S_, CONTACT_LINE, "lin8899" },

	/* disguised: by sound */
	{ "a homophone", "佳薇 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "all by sound", "家威心 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "威信 as a name", "威信：lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "威信 to add", "加威信看货", D, CONTACT_WECHAT, "" },
	{ "薇信", "薇信 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "维信", "维信lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "嶶信", "嶶信：lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "薇锌", "薇锌 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "嘉V", "嘉V lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "家微", "家微 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "家微 after a word", "要的家人家微：lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "V芯", "要的V芯 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "letters for one half", "加wei信 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "jia in letters", "jia薇 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "wee chat", "weechat: lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "add, without an id", "加薇看款", D, CONTACT_WECHAT, "" },
	{ "the clause ends with it", "要的薇我", D, CONTACT_WECHAT, "" },
	{ "QQ by sound, number in words", "扣扣：三五七九一二四六八", D, CONTACT_QQ,
	  "三五七九一二四六八" },
	{ "QQ by another sound", "球球 338120975", D, CONTACT_QQ, "338120975" },
	{ "another character for QQ", "加抠抠 338120975", D, CONTACT_QQ, "338120975" },
	{ "a group by another word", "q裙 7 8 4 5 1 2", D, CONTACT_QQ, "7 8 4 5 1 2" },
	{ "a goose", "企鹅号 338120975", D, CONTACT_QQ, "338120975" },
	{ "a satellite to add", "加我卫星：ff8823", D, CONTACT_WECHAT, "ff8823" },
	{ "a green bubble", "加绿泡泡 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "an aeroplane to talk by", "飞机：@lin8899", D, CONTACT_TELEGRAM, "lin8899" },

	/* by shape */
	{ "a look-alike character", "徽信 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a character in parts", "加薇亻言 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "the plain one in parts", "加微亻言 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "circled letters", "ⓥⓧ lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "mathematical letters among others", "add my 𝘄𝗲𝗰𝗵𝗮𝘁 lin8899 to see all", D,
	  CONTACT_WECHAT, "lin8899" },
	{ "a letter of another script", "whаtsapp 61412555019", D, CONTACT_WHATSAPP,
	  "61412555019" },
	{ "leet", "t3legr4m @boost_king", D, CONTACT_TELEGRAM, "boost_king" },
	{ "leet, another", "wh4ts4pp +61 412 555 019", D, CONTACT_WHATSAPP, "+61 412 555 019" },

	/* noise */
	{ "a word that does not show inside it", "微\xE2\x80\x8B信 lin8899", D, CONTACT_WECHAT,
	  "lin8899" },
	{ "a dot inside", "微.信 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a star inside", "微☆信：lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "an asterisk and spaces", "加微 * 信 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a low line inside", "w_x lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a hyphen inside", "v-x：lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a heart between", "V❤X：lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a heart between, the other letter", "w❤x lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a sentence before an address", "Stop. example(dot)com", D, CONTACT_LINK,
	  "example(dot)com" },
	{ "hyphens between the letters", "w-h-a-t-s-a-p-p 61412555019", D, CONTACT_WHATSAPP,
	  "61412555019" },
	{ "dots between the letters", "W.h.a.t.s 61412555019", D, CONTACT_WHATSAPP, "61412555019" },
	{ "spaces between the letters", "t e l e g r a m @lin8899", D, CONTACT_TELEGRAM,
	  "lin8899" },
	{ "one below the other", "加\n微\n信\nl\ni\nn\n8\n8\n9\n9", D, CONTACT_WECHAT,
	  "l\ni\nn\n8\n8\n9\n9" },
	{ "dots everywhere", "V.X.号(去掉点)：m.e.i.9.0.2", D, CONTACT_WECHAT, "m.e.i.9.0.2" },
	{ "a remark between", "卫星(你品)：pp_0o17", D, CONTACT_WECHAT, "pp_0o17" },
	{ "half of it in parts", "代理来 亻言 号：q w 7 7 1 2", D, CONTACT_WECHAT, "q w 7 7 1 2" },
	{ "a short name in letters apart", "K i k : b l u e v e l v e t 9 9", D, CONTACT_OTHER,
	  "b l u e v e l v e t 9 9" },
	{ "leet, a euro sign", "t€legr@m: sweetnurse77", D, CONTACT_TELEGRAM, "sweetnurse77" },
	{ "a dot inside an English name", "whats.app +61 412 555 019", D, CONTACT_WHATSAPP,
	  "+61 412 555 019" },
	{ "ask, and half a name", "进店咨询薇", D, CONTACT_WECHAT, "" },
	{ "backwards", "信微 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "an id in pieces", "微信 l i n 8 8 9 9", D, CONTACT_WECHAT, "l i n 8 8 9 9" },

	/* emoji */
	{ "a heart for the second half", "加薇❤ lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a green heart to add", "加💚 lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a satellite", "➕🛰️ lin8899", D, CONTACT_WECHAT, "lin8899" },
	{ "a penguin", "🐧：338120975", D, CONTACT_QQ, "338120975" },
	{ "a plus for add", "➕薇：zh4ng0138", D, CONTACT_WECHAT, "zh4ng0138" },
	{ "an aeroplane", "✈️：@lin8899", D, CONTACT_TELEGRAM, "lin8899" },
	{ "keys for digits",
	  "微信 1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", D,
	  CONTACT_WECHAT,
	  "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0" },
	{ "hearts between digits", "138❤0013❤8000", D, CONTACT_PHONE, "138❤0013❤8000" },

	/* numbers */
	{ "a number with letters in it", "138o0l38123", D, CONTACT_PHONE, "138o0l38123" },
	{ "a number in words", "一三八零零一三八零零零", D, CONTACT_PHONE,
	  "一三八零零一三八零零零" },
	{ "capital numerals", "壹叁捌零零壹叁捌零零零", D, CONTACT_PHONE,
	  "壹叁捌零零壹叁捌零零零" },
	{ "yao for one", "幺三八零零幺三八零零零", D, CONTACT_PHONE, "幺三八零零幺三八零零零" },
	{ "circled digits", "①③⑧⓪⓪①③⑧⓪⓪⓪", D, CONTACT_PHONE, "①③⑧⓪⓪①③⑧⓪⓪⓪" },
	{ "half and half", "138零零一三8000", D, CONTACT_PHONE, "138零零一三8000" },
	{ "English words", "one 3 eight zero zero one 3 8 zero zero zero", D, CONTACT_PHONE,
	  "one 3 eight zero zero one 3 8 zero zero zero" },

	/* addresses */
	{ "a dot in brackets", "t[.]me/lin8899", D, CONTACT_TELEGRAM, "t[.]me/lin8899" },
	{ "a dot in words", "example(dot)com", D, CONTACT_LINK, "example(dot)com" },
	{ "a dot in Chinese", "abc88点com", D, CONTACT_LINK, "abc88点com" },
	{ "a full stop for a dot is bad typing", "www。example。com", S_, CONTACT_LINK,
	  "www。example。com" },
	{ "hxxp", "hxxp://example.com/x", D, CONTACT_LINK, "hxxp://example.com/x" },
	{ "at in words", "lin88(at)example.com", D, CONTACT_MAIL, "lin88(at)example.com" },
	{ "at in Chinese", "lin88艾特example.com", D, CONTACT_MAIL, "lin88艾特example.com" },
	{ "both in words", "lin88 at example dot com", D, CONTACT_MAIL,
	  "lin88 at example dot com" },
#undef P
#undef S_
#undef D
};

/* What honest people write that holds nothing to reach them by. */
static const char *const nothing[] = {
	"",
	"今天天气真好",
	"他在村里很有威信",
	"要在群众中树立威信2000年不变",
	"增加威信，减少抱怨",
	"戊戌维新是1898年的事",
	"唯心主义和唯物主义",
	"维信公司今年上市了",
	"相信微笑的力量",
	"来信说一切都好",
	"卫星发射成功",
	"北斗卫星第12345678颗螺丝",
	"飞机AG600首飞",
	"国家卫生城市",
	"叫上薇薇一起去",
	"薇薇说周末加班",
	"蔷薇开了，真好看",
	"安徽黄山归来不看岳",
	"稍微我就走",
	"微微一笑很倾城",
	"大家微信上说",
	"回家微醺，倒头就睡",
	"信号不好，掉线了",
	"a kick in the park",
	"snap out of it 12345 times",
	"加微波炉热一下",
	"加微糖就好，不要太甜",
	"加维生素的果汁",
	"加油加油，最后一天了",
	"今晚加班到十点",
	"大家微信里说的那家店我去了",
	"用微信支付10000元以内免手续费",
	"微信8.0.30版本更新了什么",
	"微信群里100000人都不够",
	"微信步数今天23456步，走断腿",
	"微信读书看完三体了",
	"QQ音乐出新歌了",
	"这丸子QQ弹弹的，好吃",
	"QQ糖小时候最爱",
	"扣扣子扣了半天",
	"求求你们早点睡",
	"踢球球场满了",
	"企鹅走路真可爱🐧🐧",
	"南极的企鹅有12345只",
	"v我50，今天星期四",
	"Vneck的毛衣好看吗",
	"这件是v领的",
	"新买的V8发动机真带劲",
	"Q版的头像是我画的",
	"电报是一百多年前的东西",
	"绿色的软件园很安静",
	"不要自私我求你了",
	"可私人定制的蛋糕",
	"订单号：13812345670 已经发货",
	"快递单号 7531234567890，明天到",
	"验证码 123456，不要告诉别人",
	"尾号13812345670的卡刷了一笔",
	"ISBN 978-7-5086-1234-5",
	"2026-11-24 开会",
	"生日是19950812",
	"二零二六年十一月二十四日",
	"房间号 1208，三楼右转",
	"一二三四五六七八，再来一遍",
	"五四三二一零，新年快乐",
	"①②③④⑤⑥⑦⑧都做完了",
	"七七八八差不多了",
	"一一一一一一一一一",
	"花了13812块",
	"价格 298元，很实惠",
	"1000000块也不卖",
	"3.1415926535",
	"we chat every evening",
	"wee chat over coffee today",
	"the line was long, 12345 people",
	"a weak signal again in the lift",
	"I saw it on Instagram stories",
	"my photos are on facebook now",
	"call me when you are home",
	"meet at 3 pm for dinner",
	"a looooong word loooooooool",
	"10000lol what a number",
	"five six seven eight and turn",
	"one two three four five six seven",
	"she wore a v neck",
	"what's up with you today",
	"it's w/ extra cheese",
	"I'm so tired.me too",
	"ok.see you there",
	"e.g. this one, i.e. that one",
	"version v1.2.3 of node.js",
	"meet me at the headquarters dot",
	"room no 4155550199 is not a room",
	"order 4155550199 has shipped",
	"ratio is 16:9, screen 1920x1080",
	"10:30-12:30 at the library",
	"add salt and pepper to taste",
	"add me to the list please",
	"dd is my brother's name",
	"telegram was a great invention",
	"signal 12 is out of order",
	"in line 12 of the poem",
	"he scored 100 points in 2023-2024",
	"the file is report-2023.pdf",
	"微博热搜第一名是谁",
	"抖音上看到的那个舞",
	"小红书种草了一家店",
	"手机2000块买的",
	"电话打了三个没人接",
	"李伟和王维去唐朝了",
	"喂，你好，请问心心在吗",
	"他的心意我领了，未必信",
	"为新家添一盏灯",
	"给老家加个暖气",
	"这味道心动了",
	"点点滴滴都记得",
	"10点cc去接你",
	"赖床到十点",
	"C+V大法好",
	"1+1=2，2+2=4",
	"❤️❤️❤️ 爱你们",
	"💚 环保从我做起",
	"✈️ 出发去三亚",
	"🛰️ 火箭升空",
};

static size_t find(const char *text, struct arena *mem, struct contact found[CONTACTS_MAX])
{
	struct views views;
	views_of(str_of(text), mem, &views);
	return contact_find(&views, mem, found);
}

static void contacts_are_told_apart(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	unsigned wrong = 0;
	for (size_t i = 0; i < COUNT(sought); i++) {
		struct contact found[CONTACTS_MAX];
		str text = str_of(sought[i].text);
		size_t n = find(sought[i].text, mem, found);
		str handle = n ? str_slice(text, found[0].handle_from, found[0].handle_to)
		               : STR_NONE;
		if (n == 0 || found[0].kind != sought[i].kind ||
		    found[0].service != sought[i].service ||
		    !str_eq(handle, str_of(sought[i].handle))) {
			print_error("%s (%s): %zu found, kind %d, %s, handle \"%.*s\"\n",
			            sought[i].name, sought[i].text, n, n ? (int)found[0].kind : -1,
			            n ? contact_service_name(found[0].service) : "",
			            STR_ARG(handle));
			wrong++;
		}
		arena_reset(mem);
	}
	arena_free(mem);
	assert_int_equal(wrong, 0);
}

static void honest_words_are_no_contacts(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	unsigned wrong = 0;
	for (size_t i = 0; i < COUNT(nothing); i++) {
		struct contact found[CONTACTS_MAX];
		if (find(nothing[i], mem, found) > 0) {
			print_error("%s: kind %d, %s, [%u, %u) handle [%u, %u)\n", nothing[i],
			            (int)found[0].kind, contact_service_name(found[0].service),
			            found[0].from, found[0].to, found[0].handle_from,
			            found[0].handle_to);
			wrong++;
		}
		arena_reset(mem);
	}
	arena_free(mem);
	assert_int_equal(wrong, 0);
}

static void a_text_may_hold_many_and_the_hidden_one_is_kept(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct contact found[CONTACTS_MAX];
	struct buf_text {
		char bytes[2000];
		size_t n;
	} text = { { 0 }, 0 };
	for (int i = 0; i < 30; i++)
		text.n += (size_t)snprintf(text.bytes + text.n, sizeof text.bytes - text.n,
		                           "138123456%02d\n", i);
	snprintf(text.bytes + text.n, sizeof text.bytes - text.n, "加薇 lin8899");
	assert_int_equal(find(text.bytes, mem, found), CONTACTS_MAX);
	assert_int_equal(found[CONTACTS_MAX - 1].kind, CONTACT_DISGUISED);
	assert_int_equal(find("微信 lin8899，QQ 338120975，电话13812345670", mem, found), 3);
	arena_free(mem);
}

static void hiding_a_contact_takes_effort(void **state)
{
	(void)state;
	const struct contact plain = { .kind = CONTACT_PLAIN },
			     hidden = { .kind = CONTACT_DISGUISED };
	assert_true(contact_effort(&plain, 1) <= 0 && contact_effort(&hidden, 1) > 0);
}

/* The two tables of contact_words.c hold together, and the search in order finds every row. */
static void every_latin_word_is_found(void **state)
{
	(void)state;
	size_t n;
	const struct contact_word *all = contact_words_all(&n);
	for (size_t i = 0; i < n; i++) {
		struct glyph letters[32] = { 0 };
		size_t length = strlen(all[i].text);
		for (size_t k = 0; k < length; k++)
			letters[k].cp = (unsigned char)all[i].text[k];
		if (contact_words_latin(letters, length) != &all[i])
			fail_msg("%s is not found", all[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contacts_are_told_apart),
		cmocka_unit_test(honest_words_are_no_contacts),
		cmocka_unit_test(a_text_may_hold_many_and_the_hidden_one_is_kept),
		cmocka_unit_test(hiding_a_contact_takes_effort),
		cmocka_unit_test(every_latin_word_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
