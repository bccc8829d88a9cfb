#include "store/order_settings.h"

#include "store/store_testing.h"

static void a_setting_is_empty_until_it_is_set(void **state)
{
	struct tables *t = *state;
	str value;
	assert_ok(order_settings_get(t->conn, S("holidays"), t->mem, &value));
	assert_text(value, "");
	assert_ok(order_settings_put(t->conn, S("holidays"), S("2026-01-01")));
	assert_ok(order_settings_put(t->conn, S("jury"), S("7")));
	assert_ok(order_settings_put(t->conn, S("holidays"), S("2026-10-01")));
	assert_ok(order_settings_get(t->conn, S("holidays"), t->mem, &value));
	assert_text(value, "2026-10-01");
	assert_ok(order_settings_get(t->conn, S("jury"), t->mem, &value));
	assert_text(value, "7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_setting_is_empty_until_it_is_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
