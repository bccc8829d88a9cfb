/* What must be held, what must never be, and that any bytes get an answer. All texts were written for this test. */
#include "integrity/screen.h"

#include "model/media.h"

#include "base/encode.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Of the texts below that do harm, at least this share is held: raise it, never lower it. */
#define HELD_SHARE_MIN 0.85

static const char *const honest[] = {
	/* small sellers and makers, who name prices and how to reach them */
	"自家蜂蜜，今年的槐花蜜，一斤六十，想要的留言或者打我电话。",
	"外婆的腊肠晒好了，还有二十斤，80一斤，同城可以送，加我微信说一声就行。",
	"周末在小区门口摆摊，手工馒头和花卷，早上七点开始，卖完就收。",
	"裁缝铺重新开张，改裤脚十五，换拉链二十，地址还是老地方。",
	"孩子的书架出一个，九成新，八十块，自提，微信联系。",
	"我妈做的酱菜，一罐二十五，不放防腐剂，吃完要放冰箱。",
	"给大家报个价：本地樱桃四十五一斤，明天早上摘，要的接龙。",
	"工作室接婚礼跟拍，档期还有十月的两个周末，价格私聊。",
	"Selling my old bike, 80 euros, brakes are new. Call me or send a message.",
	"Our honey is back! 8 a jar, pick up on Saturday at the market.",
	"I teach piano to beginners, 25 an hour, first lesson free. WhatsApp works best.",
	"The bakery opens again on Monday. Rye and spelt until noon.",
	"Handmade mugs, 18 each, a few left from the last firing.",
	"Yard sale this Sunday, books, lamps, a cot. Everything must go before we move.",
	"Looking for someone to share the rent, 400 a month, no deposit needed.",
	/* life */
	"今天带娃去动物园，长颈鹿伸舌头吓了他一跳，回来路上睡着了。",
	"谁有靠谱的修空调师傅电话？家里这台又漏水了。",
	"奶奶住院了，已经稳定，谢谢大家关心，晚点再回消息。",
	"加班到十一点，楼下面馆还开着，热乎的一碗面，活过来了。",
	"毕业十年聚会定在五月二号，老班长负责订地方，收到请回复。",
	"转发一下学校的通知：明天停课一天，后天正常上课。",
	"昨天刷到一个骗子，让我刷单垫付，千万别信。",
	"小心！有人冒充客服，说是安全账户，让转账，已经有邻居被骗。",
	"Beware of the new scam: someone offers guaranteed returns and asks you to send btc.",
	"集齐四个人就可以订票了，还差一个，谁来？",
	"这家店的复刻版老唱片真好听，封面也印得好。",
	"换了新手机，微信号没变，号码也没变。",
	"快递到了放门卫那儿，电话打不通就发短信。",
	"代理律师说案子下个月开庭，希望顺利。",
	"我们公司招行政一名，五险一金，朝九晚五，简历发我邮箱。",
	"哈哈哈哈哈哈笑死我了这个视频",
	"今天天氣很好，我們去湖邊走走，拍了好多照片。",
	"谢谢各位点赞，照片是我家先生拍的。",
	"Happy birthday to the best sister, see you tonight at seven!",
	"Does anyone have a ladder I could borrow this weekend?",
	"Finished the marathon in 4:12, legs are gone, heart is full.",
	"The bank says my card was blocked, has anybody had the same?",
	"We are hiring a nurse for the clinic in the village, full time, letters to the office.",
	"Please share if you have seen our cat, grey with a white paw, she answers to Minka.",
	"My team won the pub quiz and the prize was a cheese.",
	"Reading a book on the casino scandal of the twenties, could not put it down.",
	"New number since Monday, the old one is off. Text me so I have yours.",
	/* notices */
	"【学校】明天上午九点家长会，请带上孩子的作业本。",
	"您的快递已到驿站，取件码 4-2-1178，请于今晚八点前领取。",
	"尊敬的用户，您本月话费余额12.50元，请及时充值。",
	"Your parcel is at the shop on Mill Street, bring your ID, open until eight.",
	"Dear parents, the swimming lesson on Thursday is cancelled.",
};

static const char *const harmful[] = {
	"高仿LV包，专柜可验，加薇❤信 abc12345",
	"一比一复刻手表，过专柜，要的加 v信 tt8899",
	"原单古驰，厂家跑量，和专柜一样，威信号 xx1234",
	"海关罚没香奈儿，数量不多，加徽信 lmn5566 看图",
	"莆田精仿椰子鞋，顶级版本，v❤x：shoes666",
	"诚招代理，月入过万不是梦，首批拿货三千，跟着我干",
	"招募合伙人，直推奖三百，间推奖一百，团队业绩另算，躺赚",
	"宝妈兼职，零投入，日入三百，加薇信 baoma88",
	"三级分销，每拉一人返两百，人越多级差越高",
	"升级合伙人只要入会费1980，推荐奖秒到账，管道收入一辈子",
	"在家也能做的副业，日赚五百，稳赚，想了解的私我",
	"集满28个赞，截图发我免费送面膜一盒",
	"转发此条到朋友圈，截图领红包，人人有份",
	"转发朋友圈并邀请好友三人进群，免费领一箱牛奶",
	"点赞截图送一份小礼品，先到先得，还可抽奖",
	"刷单日结，先垫付后返现，一单五十",
	"无抵押秒批，黑户可做，不查征信，加扣扣 778899",
	"老师带单，内幕消息，保本高回报，进群看实盘",
	"时时彩稳赢计划，首存送彩金，加薇芯 cp7788",
	"百家乐真人视讯，返水高，私聊拿邀请码",
	"祖传秘方根治糖尿病，无效退款，加 vx tang999",
	"代开发票，办证，抠抠 1122334",
	"微\xE2\x80\x8B信\xE2\x80\x8B号 abc888，高\xE2\x80\x8B仿手表，一\xE2\x80\x8B比一",
	"佳薇 wxid998，诚招代理，轻松赚",
	"Replica Rolex, mirror quality, same factory, dm me",
	"AAA quality Gucci bags, 1:1 quality, add me on w3chat lux889",
	"Join my team and be your own boss, passive income from week one, small deposit to start",
	"I quit my job! 2000 a week from home, no experience needed, message me",
	"For every person you bring you earn 50, three levels deep, starter kit 199",
	"Like and share this post, tag 3 friends and win a free phone",
	"Share this post to five groups, send a screenshot and get a free gift card",
	"Guaranteed returns, crypto investment, double your money in a week",
	"No credit check, instant approval, processing fee only 30, text me",
	"𝗦𝗟𝗢𝗧 𝗢𝗡𝗟𝗜𝗡𝗘 𝗴𝗮𝗰𝗼𝗿, 𝗺𝗮𝘅𝘄𝗶𝗻 𝘁𝗼𝗻𝗶𝗴𝗵𝘁, free spins",
	"You have won! Claim your prize, send the processing fee first",
};

static int open_engine(void **state)
{
	struct engine *engine = NULL;
	err e = engine_open_default(&engine);
	*state = engine;
	return failed(e) ? -1 : 0;
}

static int close_engine(void **state)
{
	engine_close(*state);
	return 0;
}

static struct verdict judge(const struct engine *engine, str text, struct arena *mem)
{
	struct facts facts = { .kind = FACTS_POST, .text = text };
	struct verdict v;
	err e = screen(engine, NULL, &facts, mem, &v);
	if (failed(e))
		fail_msg("%s", e.why);
	return v;
}

static void honest_people_are_left_alone(void **state)
{
	struct arena *mem = arena_new(4096);
	for (size_t i = 0; i < COUNT(honest); i++) {
		struct verdict v = judge(*state, str_of(honest[i]), mem);
		if (v.action != ACTION_ALLOW)
			fail_msg("%s: %s, malice %.2f, %.*s", honest[i], action_name(v.action),
			         v.malice, STR_ARG(v.reasons[0].rule));
	}
	arena_free(mem);
}

static void harm_is_held_with_its_reason(void **state)
{
	struct arena *mem = arena_new(4096);
	size_t held = 0;
	for (size_t i = 0; i < COUNT(harmful); i++) {
		struct verdict v = judge(*state, str_of(harmful[i]), mem);
		held += v.action == ACTION_HOLD ? 1 : 0;
		if (v.action != ACTION_HOLD)
			print_message("# not held: %s (malice %.2f, score %.2f)\n", harmful[i],
			              v.malice, v.score);
		else if (v.reason_count == 0 || v.reasons[0].en.n == 0 || v.reasons[0].zh.n == 0 ||
		         v.reasons[0].span_count == 0)
			fail_msg("%s: held without a reason in words", harmful[i]);
	}
	print_message("# held: %zu of %zu harmful texts; 0 of %zu honest ones\n", held,
	              COUNT(harmful), COUNT(honest));
	if ((double)held < HELD_SHARE_MIN * (double)COUNT(harmful))
		fail_msg("only %zu of %zu are held", held, COUNT(harmful));
	arena_free(mem);
}

/* Commerce that people call spam, and nothing else: the score may be high, malice stays low. */
static void trade_alone_is_no_malice(void **state)
{
	static const char *const texts[] = {
		"双十一大促，全场五折，满三百减五十，欢迎光临。",
		"新店开业，前一百名顾客八折优惠，地址人民路12号。",
		"Sale! Everything half price this weekend only, visit our shop."
	};
	struct arena *mem = arena_new(4096);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct verdict v = judge(*state, str_of(texts[i]), mem);
		if (v.malice > 0 || v.action != ACTION_ALLOW)
			fail_msg("%s: malice %.2f", texts[i], v.malice);
	}
	arena_free(mem);
}

static void equal_facts_give_equal_verdicts(void **state)
{
	struct arena *mem = arena_new(4096);
	struct verdict a = judge(*state, str_of(harmful[0]), mem),
		       b = judge(*state, str_of(harmful[0]), mem);
	assert_true(a.score == b.score && a.malice == b.malice && a.reason_count == b.reason_count);
	assert_true(str_eq(a.model_hash, b.model_hash) && a.model_hash.n == 16 &&
	            a.policy_hash.n == POLICY_HASH_CHARS);
	arena_free(mem);
}

static void any_bytes_get_an_answer(void **state)
{
	struct arena *mem = arena_new(4096);
	size_t n = (size_t)1 << 20;
	char *big = malloc(n);
	assert_non_null(big);
	static const char *const fills[] = { "a", "\xFF", "微",  "\xCC\xB6", "\xE2\x80\xAE",
		                             "1", " ",    "加v", "𝗮" };
	for (size_t k = 0; k < COUNT(fills); k++) {
		size_t unit = strlen(fills[k]);
		for (size_t i = 0; i < n; i++)
			big[i] = fills[k][i % unit];
		judge(*state, (str){ big, n }, mem);
		arena_reset(mem);
	}
	judge(*state, S("\0\0\0"), mem);
	judge(*state, STR_NONE, mem);
	struct facts facts = { .text = { big, SCREEN_TEXT_MAX_BYTES +
		                                      1 } }; /* refused before it is read */
	struct verdict v;
	assert_int_equal(screen(*state, NULL, &facts, mem, &v).code, ERR_LIMIT);
	free(big);
	arena_free(mem);
}

static void a_file_that_is_no_model_is_refused(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct engine *engine;
	const struct engine_options not_one = { .model_path = "/proc/self/exe" },
				    nowhere = { .model_path = "/nowhere/at/all" };
	assert_int_equal(engine_open(&not_one, mem, &engine, NULL).code, ERR_INPUT);
	assert_int_equal(engine_open(&nowhere, mem, &engine, NULL).code, ERR_MISSING);
	arena_free(mem);
}

static void every_example_of_the_policy_does_what_it_says(void **state)
{
	struct arena *mem = arena_new(65536);
	struct failed_example *wrong;
	size_t n_wrong, n = engine_try_examples(*state, mem, &wrong, &n_wrong);
	for (size_t i = 0; i < n_wrong; i++)
		print_message("# %.*s: %.*s: %.*s\n", STR_ARG(wrong[i].where),
		              STR_ARG(wrong[i].text), STR_ARG(wrong[i].why));
	print_message("# %zu examples\n", n);
	assert_int_equal(n_wrong, 0);
	assert_true(n >= 100);
	arena_free(mem);
}

/* Ten people post one text; what the fifth is told is folded, and stored readings alone give the same verdict. */
static void copies_of_others_fold_and_are_recomputed(void **state)
{
	static const char text[] = "橙子现货，十斤四十八包邮，小区里的接龙下单，周六到货";
	struct past *past = engine_past(*state, (struct past_limits){ .copies_max = 1000 });
	struct arena *mem = arena_new(65536);
	for (uint64_t author = 1; author <= 6; author++) {
		struct facts facts = { .kind = FACTS_POST,
			               .author = author,
			               .at_ms = (int64_t)author * 60000,
			               .text = str_of(text) };
		struct verdict v, again;
		assert_int_equal(screen(*state, past, &facts, mem, &v).code, ERR_NONE);
		assert_true(v.recollection.copy_authors == (double)(author - 1));
		if (author == 1)
			assert_int_equal(v.action, ACTION_ALLOW);
		if (author == 6) {
			assert_int_equal(v.action, ACTION_FOLD);
			/* Who sees this one alone is told nothing of the others. */
			assert_int_equal(v.alone, ACTION_ALLOW);
			assert_string_equal("copies.agents", str_to_c(mem, v.reasons[0].rule));
			assert_false(v.reasons[0].alone);
		}
		struct recalled recalled = { v.readings, v.reading_count, v.recollection };
		assert_int_equal(screen_again(*state, &recalled, &facts, mem, &again).code,
		                 ERR_NONE);
		assert_true(again.malice == v.malice && again.score == v.score &&
		            again.action == v.action &&
		            again.observation.filters == v.observation.filters);
		v.observation.seq = (int64_t)author;
		past_observe(past, &v.observation);
	}
	past_free(past);
	arena_free(mem);
}

/* The words earn by themselves what they earn, copied or not; what is said of copies rests on the others. */
static void what_words_earn_alone_rests_on_no_past(void **state)
{
	static const char text[] = "诚招代理，298元入门，推荐3人即可回本";
	struct past *past = engine_past(*state, (struct past_limits){ .copies_max = 1000 });
	struct arena *mem = arena_new(65536);
	bool copies_told = false;
	for (uint64_t author = 1; author <= 4; author++) {
		struct facts facts = { .kind = FACTS_POST,
			               .author = author,
			               .at_ms = (int64_t)author * 60000,
			               .text = str_of(text) };
		struct verdict v, unknown;
		assert_int_equal(screen(*state, past, &facts, mem, &v).code, ERR_NONE);
		facts.author = 0;
		assert_int_equal(screen(*state, NULL, &facts, mem, &unknown).code, ERR_NONE);
		assert_int_equal(v.alone, unknown.action);
		assert_int_equal(v.alone, ACTION_HOLD);
		for (size_t i = 0; i < v.reason_count; i++) {
			bool of_copies = str_eq(v.reasons[i].rule, S("copies.agents"));
			copies_told |= of_copies;
			assert_int_equal(v.reasons[i].alone, !of_copies);
		}
		v.observation.seq = (int64_t)author;
		past_observe(past, &v.observation);
	}
	assert_true(copies_told);
	past_free(past);
	arena_free(mem);
}

/* While the past is being made again, what is written must still be there to be remembered. */
static void a_piece_judged_without_a_past_can_be_remembered(void **state)
{
	struct arena *mem = arena_new(4096);
	struct past *past = engine_past(*state, (struct past_limits){ .copies_max = 1000 });
	struct facts facts = { .kind = FACTS_POST,
		               .author = 1,
		               .at_ms = 60000,
		               .text = S("橙子现货，十斤四十八包邮，微信 lin8899") };
	struct verdict without, with;
	assert_int_equal(screen(*state, NULL, &facts, mem, &without).code, ERR_NONE);
	assert_int_equal(screen(*state, past, &facts, mem, &with).code, ERR_NONE);
	assert_true(without.observation.signature.shingles > 0);
	assert_true(without.observation.handle != 0);
	assert_memory_equal(&without.observation, &with.observation, sizeof with.observation);
	past_free(past);
	arena_free(mem);
}

static void a_banked_picture_is_known_whatever_the_words(void **state)
{
	static const char path[] = "screen_test_bank.txt";
	static const char lines[] =
		"# from the case of the false pharmacy\n\n"
		"d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22 first\n"
		"0000000000000000000000000000000000000000000000000000000000000001\n";
	struct arena *mem = arena_new((size_t)1 << 20);
	const struct engine_options options = { .bank = path };
	struct engine *engine;
	struct verdict v;
	struct shown_picture picture = { .quality = 80 };
	struct facts facts = { .text = S("今天天气真好"), .pictures = &picture, .n_pictures = 1 };
	(void)state;
	assert_false(failed(file_write(path, str_of(lines), 0600)));
	assert_false(failed(engine_open(&options, mem, &engine, NULL)));
	assert_true(hex_to(S("d8f8f0cee0f4a84f0637022a038f67f0b36e2ed596631e1d33e6339c4e9c9b22"),
	                   picture.pdq, PDQ_BYTES));
	assert_false(failed(screen(engine, NULL, &facts, mem, &v)));
	assert_int_equal(ACTION_HOLD, v.action);
	assert_true(v.recollection.picture_bank == 1 && v.harm == HARM_CLASS_A);
	assert_string_equal("picture.bank", str_to_c(mem, v.reasons[0].rule));
	picture.quality = 49; /* a blur is like many things */
	assert_false(failed(screen(engine, NULL, &facts, mem, &v)));
	assert_int_equal(ACTION_ALLOW, v.action);
	engine_close(engine);
	assert_false(failed(file_write(path, S("not a hash\n"), 0600)));
	assert_int_equal(ERR_INPUT, engine_open(&options, mem, &engine, NULL).code);
	remove(path);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_people_are_left_alone),
		cmocka_unit_test(harm_is_held_with_its_reason),
		cmocka_unit_test(trade_alone_is_no_malice),
		cmocka_unit_test(equal_facts_give_equal_verdicts),
		cmocka_unit_test(any_bytes_get_an_answer),
		cmocka_unit_test(a_file_that_is_no_model_is_refused),
		cmocka_unit_test(every_example_of_the_policy_does_what_it_says),
		cmocka_unit_test(copies_of_others_fold_and_are_recomputed),
		cmocka_unit_test(what_words_earn_alone_rests_on_no_past),
		cmocka_unit_test(a_piece_judged_without_a_past_can_be_remembered),
		cmocka_unit_test(a_banked_picture_is_known_whatever_the_words),
	};
	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
