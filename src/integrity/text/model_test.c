#include "integrity/text/model.h"

#include "base/file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A model that says nothing, in memory of its own. */
static struct model_head *empty_model(void)
{
	struct model_head *head = calloc(1, MODEL_BYTES);
	assert_non_null(head);
	memcpy(head->magic, MODEL_MAGIC, sizeof MODEL_MAGIC);
	head->bits = FEATURE_BITS;
	head->version = MODEL_FEATURES_VERSION;
	head->numbers.platt_a = 1;
	head->numbers.at_1_in_1000 = 3;
	head->numbers.at_1_in_100 = 2;
	head->numbers.offer_at_1_in_100 = 2;
	return head;
}

static str bytes_of(const struct model_head *head)
{
	return (str){ (const char *)head, MODEL_BYTES };
}

static void refused(const struct model_head *head, size_t n, const char *why)
{
	struct model m;
	if (model_of((str){ (const char *)head, n }, &m).code != ERR_INPUT)
		fail_msg("%s", why);
}

static void a_file_of_another_size_or_kind_is_refused(void **state)
{
	(void)state;
	struct model_head *head = empty_model();
	struct model m;
	assert_int_equal(model_of(bytes_of(head), &m).code, ERR_NONE);
	refused(head, MODEL_BYTES - 1, "cut by a byte");
	refused(head, sizeof head->magic, "cut to its magic");
	refused(head, 0, "empty");
	head->version++;
	refused(head, MODEL_BYTES, "another version of the features");
	head->version--;
	head->bits--;
	refused(head, MODEL_BYTES, "another size of the table");
	head->bits++;
	head->magic[0] = 'X';
	refused(head, MODEL_BYTES, "another magic");
	free(head);
}

static void numbers_that_are_none_are_refused(void **state)
{
	(void)state;
	struct model_head *head = empty_model();
	float *list = &head->numbers.bias;
	for (size_t i = 0; i < sizeof head->numbers / sizeof *list; i++) {
		float was = list[i];
		list[i] = i % 2 ? NAN : -INFINITY;
		refused(head, MODEL_BYTES, "a number that is none");
		list[i] = was;
	}
	head->numbers.platt_a = -1;
	refused(head, MODEL_BYTES, "a map that turns good and bad round");
	free(head);
}

static struct judgement judge(const struct model_head *head, str text, struct arena *mem)
{
	struct model m;
	struct views views;
	struct features features;
	struct judgement judged;
	assert_int_equal(model_of(bytes_of(head), &m).code, ERR_NONE);
	views_of(text, mem, &views);
	features_of(&views, mem, &features);
	model_judge(&m, &views, &features, &judged);
	return judged;
}

/* Every feature weighs the same, so sums can be reckoned by hand. */
static void both_parts_count_alike(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct model_head *head = empty_model();
	int8_t *weights = (int8_t *)(head + 1);
	struct views views;
	struct features features;
	views_of(S("a good long text about nothing"), mem, &views);
	features_of(&views, mem, &features);
	double n = (double)features.n;
	memset(weights, 2, FEATURES_COUNT);
	memset(weights + FEATURES_COUNT, -3, (size_t)FEATURES_COUNT * MODEL_SUMS);
	head->numbers.scale = 0.01f;
	head->numbers.sum_scale[0] = 0.02f; /* malice directly */
	head->numbers.sum_scale[5] = -0.05f;
	head->numbers.hidden[31][5] = 2; /* and by one unit */
	head->numbers.hidden_bias[31] = 1;
	head->numbers.malice[31] = 0.5f;
	head->numbers.hidden[30][5] = -9; /* a unit that is silent */
	head->numbers.malice[30] = 100;
	struct judgement j = judge(head, S("a good long text about nothing"), mem);
	double linear = 0.02 * n;
	double malice = -0.06 * sqrt(n) + 0.5 * (1 + 2 * 0.15 * sqrt(n));
	assert_true(fabs(j.linear - linear) < 1e-3);
	assert_true(fabs(j.logit - (linear + malice) / 2) < 1e-3);
	assert_true(fabs(j.probability - 1 / (1 + exp(-j.logit))) < 1e-6);
	free(head);
	arena_free(mem);
}

/* Sums of thousands of features at their largest are still right. */
static void a_long_text_overflows_nothing(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct model_head *head = empty_model();
	memset(head + 1, 127, (size_t)FEATURES_COUNT * (1 + MODEL_SUMS));
	head->numbers.scale = 1;
	head->numbers.sum_scale[0] = 1;
	char text[12000];
	uint32_t random = 1;
	for (size_t i = 0; i < sizeof text; i++) {
		random = random * 1664525 + 1013904223;
		text[i] = (char)('a' + (random >> 8) % 26);
	}
	struct judgement j = judge(head, (str){ text, sizeof text }, mem);
	double n = j.linear / 127;
	assert_true(n > 5000);
	assert_true(fabs(j.logit - (127 * n + 127 * sqrt(n)) / 2) < 1);
	free(head);
	arena_free(mem);
}

static void an_offer_advertises_without_resembling_spam(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct model_head *head = empty_model();
	head->numbers.offer_bias = 4;
	struct judgement j = judge(head, S("two chairs for sale"), mem);
	assert_true(j.known && j.advertises && !j.resembles);
	head->numbers.malice_bias = 8;
	j = judge(head, S("two chairs for sale"), mem);
	assert_true(j.known && j.advertises && j.resembles);
	free(head);
	arena_free(mem);
}

static void a_script_never_learnt_is_not_judged(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct model_head *head = empty_model();
	head->numbers.bias = 50;
	head->numbers.malice_bias = 50;
	head->numbers.offer_bias = 50;
	assert_true(judge(head, S("see you tomorrow"), mem).resembles);
	struct judgement j = judge(head, S("до завтра, друзья мои"), mem);
	assert_false(j.known || j.resembles || j.advertises);
	assert_true(j.probability < 0.021 && j.linear > 40);
	head->numbers.bias = -90;
	assert_true(judge(head, S("до завтра, друзья мои"), mem).probability < 0.001);
	free(head);
	arena_free(mem);
}

static void no_text_at_all_is_judged_by_the_bias(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	struct model_head *head = empty_model();
	head->numbers.bias = -2;
	assert_true(fabs(judge(head, STR_NONE, mem).logit + 1) < 1e-6);
	free(head);
	arena_free(mem);
}

/* The weights of the project, on languages that neither the corpora nor learn/templates hold. */
static const struct {
	const char *language, *text;
} foreign[] = {
	{ "Finnish", "Kuvat retkeltä ovat täällä: https://kuvat.example.fi/retki" },
	{ "Finnish, for sale", "Myyn vanhan pyöräni, neljäkymmentä euroa, nouto kotoa." },
	{ "Romanian", "Bunica a făcut plăcinte, veniți toți pe la noi." },
	{ "Romanian, with a link", "Pozele din excursie sunt aici: https://poze.example.ro/munte" },
	{ "Czech", "Vlak do Brna má zase dvacet minut zpoždění." },
	{ "Czech, for sale", "Prodám staré kolo, tisíc korun, osobní odběr." },
	{ "Hungarian", "Van valakinek kölcsön egy létrája a hétvégére?" },
	{ "Tagalog", "Nagluto si Lola ng adobo, punta kayong lahat dito." },
	{ "Tagalog, with a link", "Nandito ang mga litrato: https://larawan.example.ph/baguio" },
	{ "Swahili", "Habari Asha, tuonane kesho saa moja kituoni?" },
	{ "Malay", "Mesyuarat ibu bapa hari Khamis pukul enam." },
	{ "Irish", "Dia duit, a Mháire, an bhfeicfimid a chéile amárach ag an stáisiún?" },
	{ "Basque", "Kaixo Ane, bihar zazpietan geltokian elkartuko gara?" },
	{ "Estonian", "Tere Mari, kas näeme homme kell seitse jaamas?" },
	{ "Lithuanian", "Labas Rūta, ar susitiksime rytoj septintą stotyje?" },
	{ "Ukrainian", "Фотографії з подорожі тут: https://foto.example.ua/gory" },
	{ "Greek", "Οι φωτογραφίες είναι εδώ: https://foto.example.gr/taxidi" },
	{ "Hebrew", "היי דנה, ניפגש מחר בשבע ליד התחנה?" },
	{ "Hindi", "तस्वीरें यहाँ हैं: https://photo.example.in/yatra" },
	{ "Bengali", "কাল সাতটায় স্টেশনে দেখা হবে।" },
	{ "Persian",
	  "سلام، فردا ساعت هفت جلوی ایستگاه می‌بینمت." },
};

static void honest_lines_in_languages_not_learnt_resemble_nothing(void **state)
{
	(void)state;
	struct arena *mem = arena_new(65536);
	const char *root = getenv("KITH_SOURCE_ROOT");
	str path = str_format(mem, "%s/model/text.kmodel", root ? root : "."), map;
	assert_false(failed(file_map(str_to_c(mem, path), &map)));
	assert_int_equal(map.n, MODEL_BYTES);
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		struct judgement j = judge((const struct model_head *)(const void *)map.p,
		                           str_of(foreign[i].text), mem);
		if (j.resembles || (!j.known && j.probability > 0.021))
			fail_msg("%s: %.3f", foreign[i].language, j.probability);
	}
	file_unmap(&map);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_another_size_or_kind_is_refused),
		cmocka_unit_test(numbers_that_are_none_are_refused),
		cmocka_unit_test(both_parts_count_alike),
		cmocka_unit_test(a_long_text_overflows_nothing),
		cmocka_unit_test(an_offer_advertises_without_resembling_spam),
		cmocka_unit_test(a_script_never_learnt_is_not_judged),
		cmocka_unit_test(no_text_at_all_is_judged_by_the_bias),
		cmocka_unit_test(honest_lines_in_languages_not_learnt_resemble_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
