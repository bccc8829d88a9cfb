#include "integrity/text/scripts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *name, *text;
	bool known;
} cases[] = {
	{ "nothing at all", "", true },
	{ "digits and emoji", "12:30 🎉🎉", true },
	{ "English", "see you at the usual place", true },
	{ "Vietnamese is Latin", "Hẹn gặp lại bạn vào thứ bảy nhé", true },
	{ "Chinese", "今天下雨,改天再去爬山吧。", true },
	{ "Chinese in full width", "今天下雨!ABC()改天", true },
	{ "Chinese with an ornament of kana", "奶茶の小屋今天开门啦", true },
	{ "Chinese beside a Korean name", "昨天看了김지원的新剧,很好看", true },
	{ "English in mathematical letters", "𝗴𝗼𝗼𝗱 𝗺𝗼𝗿𝗻𝗶𝗻𝗴", true },
	{ "English under Cyrillic letters in each word", "clаim yоur frее prizе tоdаy", true },
	{ "English with a Russian name", "met Наташа at the station today", true },
	{ "Japanese", "明日の会議は三時からです。", false },
	{ "Japanese in half-width kana", "コンニチハ", false },
	{ "Korean", "내일 저녁에 같이 밥 먹을래요?", false },
	{ "Korean with a link", "사진은 여기 있어요 https://a.example/p", false },
	{ "Russian", "Встретимся завтра у вокзала", false },
	{ "Greek", "Τα λέμε αύριο το πρωί", false },
	{ "Hebrew", "נתראה מחר בבוקר", false },
	{ "Arabic", "نلتقي غدا في المحطة", false },
	{ "Thai", "พรุ่งนี้เจอกันที่สถานี", false },
	{ "Hindi", "कल सुबह मिलते हैं", false },
	{ "Georgian", "ხვალ შევხვდებით", false },
	{ "Amharic", "ነገ እንገናኝ", false },
	{ "broken bytes", "\xe3\x81\xed", true },
};

static void a_text_is_known_by_most_of_its_letters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (scripts_known(str_of(cases[i].text)) != cases[i].known)
			fail_msg("%s", cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_known_by_most_of_its_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
