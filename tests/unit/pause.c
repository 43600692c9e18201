/* A rule names the marks in which its clock stands; deadlines/ may not look at orders/, so the two tables are compared here. */
#include "deadlines/policy.h"
#include "orders/order_status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void rules_and_orders_name_the_same_marks(void **state)
{
    (void)state;
    for (int i = 0; i < MARK_COUNT; i++)
        assert_string_equal(pause_names[i], order_mark_names[i]);
    assert_null(pause_names[MARK_COUNT]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(rules_and_orders_name_the_same_marks) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
