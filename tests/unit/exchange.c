/* Outgoing requests and their replies as plain values. */
#include "base/buf.h"
#include "net/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void a_header_is_set_once_and_found_in_any_case(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct http_request rq = { 0 };
    http_header_set(&rq, &a, STR("Content-Type"), STR("text/plain"));
    http_header_set(&rq, &a, STR("X-Auth-Token"), STR("t"));
    http_header_set(&rq, &a, STR("content-type"), STR("application/json"));
    assert_int_equal(rq.headers.count, 2);
    assert_true(str_is(http_header_get(&rq.headers, "CONTENT-TYPE"), "application/json"));
    assert_int_equal(http_header_get(&rq.headers, "Content").len, 0);
    assert_int_equal(http_header_get(&(struct http_header_list){ 0 }, "x").len, 0);
}

static void query_parts_are_encoded_and_joined(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buf url = buf_in(&a);
    buf_add(&url, STR("https://kaspi.kz/shop/api/v2/orders"));
    url_query_add(&url, STR("filter[orders][state]"), STR("NEW"));
    url_query_add(&url, STR("q"), STR("a b&c=ж"));
    assert_true(str_is(buf_str(&url), "https://kaspi.kz/shop/api/v2/orders?filter%5Borders%5D%5Bstate%5D=NEW&q=a%20b%26c%3D%D0%B6"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_set_once_and_found_in_any_case),
        cmocka_unit_test(query_parts_are_encoded_and_joined),
    };
    return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
