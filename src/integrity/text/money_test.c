#include "integrity/text/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The first amount with a sign of money; -1: there is none. Yuan times 100. */
static const struct {
	const char *text;
	int64_t cents;
} rows[] = {
	{ "¥298", 29800 },
	{ "￥ 298", 29800 },
	{ "298元", 29800 },
	{ "298块钱", 29800 },
	{ "298.5元", 29850 },
	{ "1,298元", 129800 },
	{ "12,345,678元", 1234567800 },
	{ "9块9", 990 },
	{ "9块9包邮", 990 },
	{ "三块五", 350 },
	{ "三百块", 30000 },
	{ "三百五十元", 35000 },
	{ "三百五块", 35000 },
	{ "一千二百元", 120000 },
	{ "两万元", 2000000 },
	{ "1.2万元", 1200000 },
	{ "5千块", 500000 },
	{ "几千块", 300000 },
	{ "2亿元", 20000000000 },
	{ "100多块", 10000 },
	{ "9k rmb", 900000 },
	{ "500rmb", 50000 },
	{ "RMB 500", 50000 },
	{ "300-500元", 50000 },
	{ "300到500元", 50000 },
	{ "300~500元", 50000 },
	{ "$20", 14000 },
	{ "20$", 14000 },
	{ "US$20", 14000 },
	{ "HK$100", 9000 },
	{ "NT$1000", 22000 },
	{ "A$10", 4700 },
	{ "20刀", 14000 },
	{ "20美元", 14000 },
	{ "€10", 8000 },
	{ "£9.99", 8991 },
	{ "20 quid", 18000 },
	{ "1000日元", 5000 },
	{ "₩10000", 5000 },
	{ "Rp 50.000", 2 },
	{ "50 ribu", 2250 },
	{ "rs 500", 4250 },
	{ "500 USDT", 350000 },
	{ "３００元", 30000 },
	{ "5毛钱", -1 },
	{ "298", -1 },
	{ "2026年", -1 },
	{ "三块蛋糕", -1 },
	{ "一块去吧", -1 },
	{ "2026元旦快乐", -1 },
	{ "一刀两断", -1 },
	{ "一元", 100 },
	{ "100米", -1 },
	{ "3个元素", -1 },
	{ "3元素", -1 },
	{ "he lost 5 pounds", -1 },
	{ "", -1 },
};

static void amounts_are_read(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	unsigned wrong = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct views views;
		struct lexemes l;
		int64_t cents = -1;
		views_of(str_of(rows[i].text), mem, &views);
		lexemes_read(&views, mem, &l);
		for (size_t k = 0; k < l.n && cents < 0;) {
			struct amount a = money_at(&l, k);
			assert_true(a.to >= k && a.to <= l.n);
			cents = a.money && a.to > k ? a.cents : -1;
			k = a.to > k ? a.to : k + 1;
		}
		if (cents != rows[i].cents) {
			print_error("%s: %lld, not %lld\n", rows[i].text, (long long)cents,
			            (long long)rows[i].cents);
			wrong++;
		}
		arena_reset(mem);
	}
	arena_free(mem);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(amounts_are_read) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
