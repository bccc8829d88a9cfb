#include "integrity/text/extract.h"

#include "integrity/text/promise_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NONE (-1)

/* How many of a kind a text holds, and the largest: yuan of money, a month of an income, a number of likes. */
static const struct {
	const char *text;
	enum extract_kind kind;
	int n;
	int64_t most;
} rows[] = {
#define FEE EXTRACT_FEE
#define INCOME EXTRACT_INCOME
#define TIER EXTRACT_TIER
#define LIKES EXTRACT_LIKES
#define PRICE EXTRACT_PRICE
	/* prices */
	{ "手工皂298一盒，两盒包邮", PRICE, 1, 298 },
	{ "土鸡蛋 15元/斤", PRICE, 1, 15 },
	{ "只要99，先到先得", PRICE, 1, 99 },
	{ "原价￥399 现价￥199", PRICE, 2, 399 },
	{ "特价 29.9", PRICE, 1, 29 },
	{ "cakes from £15", PRICE, 1, 135 },
	{ "苹果5块一斤", PRICE, 1, 5 },
	{ "2026年11月24日，十点", PRICE, 0, NONE },
	{ "我跑了10公里，用了55分钟", PRICE, 0, NONE },
	{ "他三十岁了", PRICE, 0, NONE },
	{ "电话13812345670", PRICE, 0, NONE },

	/* fees */
	{ "加盟费只要298元，终身拿货", FEE, 1, 298 },
	{ "298元加盟费", FEE, 1, 298 },
	{ "入会费：500，马上开通", FEE, 1, 500 },
	{ "首批拿货5000元就能做省代", FEE, 1, 5000 },
	{ "激活费 199 转账后解锁", FEE, 1, 199 },
	{ "298元即可加入我们的团队", FEE, 1, 298 },
	{ "交398就能做代理", FEE, 1, 398 },
	{ "先付200押金，做完任务一起退", FEE, 1, 200 },
	{ "领奖需先交手续费300元", FEE, 1, 300 },
	{ "奖品免费，运费29.9自付", FEE, 1, 29 },
	{ "joining fee is only $49", FEE, 1, 343 },
	{ "buy the starter kit for £99", FEE, 1, 891 },
	{ "pay a processing fee of $50 to release your loan", FEE, 1, 350 },
	{ "send a $100 deposit to unlock your funds", FEE, 1, 700 },
	{ "$25 to join my team", FEE, 1, 175 },
	{ "免加盟费，0门槛", FEE, 0, NONE },
	{ "没有押金，月租3000元", FEE, 0, NONE },
	{ "押一付三，押金3000元，随时看房", FEE, 0, NONE },
	{ "手续费5元，还行", FEE, 0, NONE },
	{ "考试报名费100元已经交了", FEE, 0, NONE },
	{ "no joining fee, never $49", FEE, 0, NONE },
	{ "快递运费12元", FEE, 0, NONE },
	{ "the deposit for the flat is $500", FEE, 0, NONE },
	{ "3年前加入这个团队", FEE, 0, NONE },
	{ "2026年加入公司", FEE, 0, NONE },

	/* incomes */
	{ "日入500不是梦", INCOME, 1, 15000 },
	{ "在家月入过万", INCOME, 1, 10000 },
	{ "轻松月入3万+", INCOME, 1, 30000 },
	{ "月入五位数，你也可以", INCOME, 1, 10000 },
	{ "跟我做，一天赚300元", INCOME, 1, 9000 },
	{ "兼职刷单，一单5-20元", INCOME, 1, 6000 },
	{ "招打字员，200元/天", INCOME, 1, 6000 },
	{ "招兼职，日结300", INCOME, 1, 9000 },
	{ "招服务员，月薪4000-5000，包吃住", INCOME, 1, 5000 },
	{ "诚聘司机，底薪5000元", INCOME, 1, 5000 },
	{ "宝妈带你赚钱，每天收入800元", INCOME, 1, 24000 },
	{ "我靠这个月入3万，想做的私我", INCOME, 1, 30000 },
	{ "earn £500 a day from home", INCOME, 1, 135000 },
	{ "earn up to $2000 weekly, DM me", INCOME, 1, 56000 },
	{ "make $300 per day, join us", INCOME, 1, 63000 },
	{ "hiring: $15 an hour", INCOME, 1, 18480 },
	{ "花了3000", INCOME, 0, NONE },
	{ "丢了500块，心疼", INCOME, 0, NONE },
	{ "工资3000，房租就2000", INCOME, 0, NONE },
	{ "我一个月赚3000块，够用了", INCOME, 0, NONE },
	{ "我妈一天赚了200块", INCOME, 0, NONE },
	{ "今年收入5000元的人很多", INCOME, 0, NONE },
	{ "酒店300元一天", INCOME, 0, NONE },
	{ "he makes $50 a day selling papers", INCOME, 0, NONE },
	{ "I lost $500 a week ago", INCOME, 0, NONE },
	{ "保底也要考60分", INCOME, 0, NONE },

	/* tiers */
	{ "总代9800，一级代理6800", TIER, 2, 9800 },
	{ "省代 3折拿货", TIER, 1, 0 },
	{ "代理分三档：皇冠 9800元，特约 2980元", TIER, 2, 9800 },
	{ "gold level distributor $499", TIER, 1, 3493 },
	{ "钻石戒指9800元", TIER, 0, NONE },
	{ "皇冠蛋糕 298元", TIER, 0, NONE },
	{ "gold ring for $499", TIER, 0, NONE },

	/* likes */
	{ "集28个赞送面膜一盒", LIKES, 1, 28 },
	{ "集齐三十八个赞免费领", LIKES, 1, 38 },
	{ "点赞满20赞截图找我", LIKES, 1, 20 },
	{ "转发3个群，私聊领红包", LIKES, 1, 3 },
	{ "分享到5个微信群", LIKES, 1, 5 },
	{ "邀请3位好友就送一瓶", LIKES, 1, 3 },
	{ "拉5个人进群", LIKES, 1, 5 },
	{ "share to 5 groups and win", LIKES, 1, 5 },
	{ "tag 3 friends below", LIKES, 1, 3 },
	{ "forward this to 10 people", LIKES, 1, 10 },
	{ "invite 5 friends to get it free", LIKES, 1, 5 },
	{ "收到28个赞，谢谢大家", LIKES, 0, NONE },
	{ "第28集更新了", LIKES, 0, NONE },
	{ "邀请了3个朋友来家吃饭", LIKES, 0, NONE },
	{ "我有3个群，都不说话", LIKES, 0, NONE },
	{ "带3个人去爬山", LIKES, 0, NONE },
	{ "I got 28 likes on that photo", LIKES, 0, NONE },
	{ "转发了3个群的消息", LIKES, 0, NONE },
#undef FEE
#undef INCOME
#undef TIER
#undef LIKES
#undef PRICE
};

static size_t lift(const char *text, struct arena *mem, struct extract found[EXTRACTS_MAX],
                   double signals[SIGNALS])
{
	struct views views;
	struct contact contacts[CONTACTS_MAX];
	views_of(str_of(text), mem, &views);
	size_t n_contacts = contact_find(&views, mem, contacts);
	size_t n = extract_all(&views, contacts, n_contacts, mem, found);
	extract_signals(found, n, contacts, n_contacts, signals);
	return n;
}

static void amounts_are_what_stands_around_them(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	unsigned wrong = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct extract found[EXTRACTS_MAX];
		double signals[SIGNALS];
		size_t n = lift(rows[i].text, mem, found, signals);
		int count = 0;
		int64_t most = NONE;
		for (size_t k = 0; k < n; k++) {
			int64_t value = rows[i].kind == EXTRACT_LIKES ? (int64_t)found[k].count
			                                              : found[k].cents / 100;
			assert_true(found[k].from < found[k].to &&
			            found[k].to <= strlen(rows[i].text));
			if (found[k].kind != rows[i].kind)
				continue;
			count++;
			most = value > most ? value : most;
		}
		if (count != rows[i].n || most != rows[i].most) {
			print_error("%s: %d of kind %d, not %d; %lld, not %lld\n", rows[i].text,
			            count, (int)rows[i].kind, rows[i].n, (long long)most,
			            (long long)rows[i].most);
			wrong++;
		}
		arena_reset(mem);
	}
	arena_free(mem);
	assert_int_equal(wrong, 0);
}

static void handles_numbers_and_links_are_lifted_out(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct extract found[EXTRACTS_MAX];
	double signals[SIGNALS];
	size_t n = lift("加薇❤信 abc_12345 ￥380 电话138-1234-5670 http://example.com/a", mem,
	                found, signals);
	bool handle = false, number = false, price = false, link = false;
	for (size_t i = 0; i < n; i++) {
		const struct extract *x = &found[i];
		handle |= x->kind == EXTRACT_HANDLE && str_eq(x->value, S("abc_12345")) &&
		          x->service == CONTACT_WECHAT;
		number |= x->kind == EXTRACT_NUMBER && str_eq(x->value, S("13812345670"));
		price |= x->kind == EXTRACT_PRICE && x->cents == 38000;
		link |= x->kind == EXTRACT_LINK && str_eq(x->value, S("http://example.com/a"));
	}
	assert_true(handle && number && price && link);
	assert_true(signals[SIG_CONTACT_DISGUISED] > 0.5 && signals[SIG_CONTACT_PLAIN] > 0.5);
	assert_true(signals[SIG_CONTACT_HANDLES] > 1.5 && signals[SIG_LINKS] > 0.5 &&
	            signals[SIG_PRICES] > 0.5 && signals[SIG_FEES] < 0.5);
	arena_free(mem);
}

static void signals_hold_counts_and_the_largest(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct extract found[EXTRACTS_MAX];
	double signals[SIGNALS];
	lift("总代9800，加盟费298元，月入过万，转发3个群，集28个赞", mem, found, signals);
	assert_true(signals[SIG_TIERS] > 0.5 && signals[SIG_FEES] > 0.5 &&
	            signals[SIG_INCOMES] > 0.5);
	assert_int_equal((int64_t)signals[SIG_FEE_MONEY], 29800);
	assert_int_equal((int64_t)signals[SIG_INCOME_MONEY], 1000000);
	assert_int_equal((int64_t)signals[SIG_LIKES_ASKED], 28);
	lift("今天天气真好", mem, found, signals);
	for (int s = SIG_CONTACT_PLAIN; s <= SIG_LIKES_ASKED; s++)
		assert_true(signals[s] <= 0);
	arena_free(mem);
}

static uint64_t hash(const char *text, struct arena *mem)
{
	struct views views;
	struct contact contacts[CONTACTS_MAX];
	views_of(str_of(text), mem, &views);
	return extract_handle_hash(&views, contacts, contact_find(&views, mem, contacts));
}

static void one_id_in_two_disguises_is_one(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	uint64_t id = hash("微信 lin8899", mem), number = hash("电话 13800138000", mem);
	assert_true(id != 0 && number != 0 && id != number);
	assert_true(hash("今天天气真好", mem) == 0 &&
	            hash("https://example.com/lin8899", mem) == 0);
	assert_true(hash("vx: LIN8899", mem) == id);
	assert_true(hash("加薇❤ ｌｉｎ８８９９", mem) == id);
	assert_true(hash("徽信 l i n 8 8 9 9", mem) == id);
	assert_true(hash("薇信 lin①②", mem) != id);
	assert_true(hash("加V 138-0013-8000", mem) == number);
	assert_true(hash("一三八零零一三八零零零", mem) == number);
	assert_true(hash("幺叁捌零零壹三八零零零", mem) == number);
	assert_true(hash("vx: 138oo1380oo", mem) == number);
	assert_true(hash("①③⑧⓪⓪①③⑧⓪⓪⓪", mem) == number);
	assert_true(hash("one three 8 zero zero one three 8 zero zero zero", mem) == number);
	assert_true(hash("+86 138 0013 8000", mem) == number);
	arena_free(mem);
}

/* The search by first characters finds each row, and the longest of those that fit. */
static void every_word_is_found(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	size_t n, lexemes;
	const struct promise_word *all = promise_words_all(&n);
	for (size_t i = 0; i < n; i++) {
		struct views views;
		struct lexemes l;
		views_of(str_of(all[i].text), mem, &views);
		lexemes_read(&views, mem, &l);
		if (promise_word_at(&l, 0, &lexemes) != &all[i] || lexemes != l.n)
			fail_msg("%s is not found", all[i].text);
		arena_reset(mem);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_what_stands_around_them),
		cmocka_unit_test(handles_numbers_and_links_are_lifted_out),
		cmocka_unit_test(signals_hold_counts_and_the_largest),
		cmocka_unit_test(one_id_in_two_disguises_is_one),
		cmocka_unit_test(every_word_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
