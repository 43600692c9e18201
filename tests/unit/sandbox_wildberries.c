/* Wildberries of the sandbox: token, lists, supplies, and the limits that make a refused request cost ten. */
#include "sandbox_client.h"

static int open_town(void **state)
{
    static struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("karapuz") });
    *state = &t;
    return 0;
}

static int close_town(void **state)
{
    town_close(*state);
    return 0;
}

/* Buckets are full again. */
static void rest(struct town *t)
{
    control(t, "/control/clock", "{\"advance_ms\":30000}");
}

static void a_token_that_is_no_jwt_is_unauthorised(void **state)
{
    static const char *const tokens[] = { "Authorization: nonsense", "Authorization: a.b.c",
                                          "Authorization: eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjE2MDAwMDAwMDB9.c2ln",
                                          "X-Other: 1" };
    for (int i = 0; i < COUNT_OF(tokens); i++) {
        struct answer a =
            ask(*state, "GET", "/wb/api/v3/orders/new", (const char *const[]){ tokens[i], NULL }, NULL);
        assert_int_equal(a.status, 401);
        assert_string_equal(text_at(*state, a, "title"), "unauthorized");
        assert_true(str_has(a.head, STR("application/problem+json")));
    }
    const char *bearer[] = {
        "Authorization: Bearer eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6MX0.c2ln", NULL
    };
    assert_int_equal(ask(*state, "GET", "/wb/api/v3/orders/new", bearer, NULL).status, 200);
}

static void the_list_pages_through_every_order_once(void **state)
{
    struct town *t = *state;
    rest(t);
    int64_t next = 0, seen = 0, last = 0;
    do {
        char path[128];
        (void)snprintf(path, sizeof path, "/wb/api/v3/orders?limit=40&next=%lld", (long long)next);
        struct answer a = wb(t, "GET", path, NULL);
        assert_int_equal(a.status, 200);
        seen += json_get(a.json, "orders")->count;
        JSON_EACH(o, json_get(a.json, "orders")) {
            assert_null(json_get(o, "supplierStatus"));
            assert_true(json_int(json_get(o, "id"), &last));
        }
        next = number_at(a, "next");
    } while (next);
    assert_int_equal(seen, 34 + 18 + 56 + 38);
    assert_int_equal(json_get(wb(t, "GET", "/wb/api/v3/orders/new", NULL).json, "orders")->count, 34);
}

static void a_window_over_thirty_days_is_refused(void **state)
{
    struct town *t = *state;
    rest(t);
    struct answer a =
        wb(t, "GET", "/wb/api/v3/orders?limit=10&next=0&dateFrom=1790000000&dateTo=1797000000", NULL);
    assert_int_equal(a.status, 400);
    assert_string_equal(text_at(t, a, "code"), "IncorrectParameter");
    static const char *const queries[] = {
        "limit=1001&next=0",
        "limit=1000&next=-1",
        "next=0",
        "limit=5",
        "limit=5&next=0&dateFrom=9223372036854775807",
        "limit=5&next=0&dateFrom=-5",
        "limit=5&next=0&dateTo=99999999999999999999",
        "limit=5&next=0&dateFrom=now",
    };
    for (int i = 0; i < COUNT_OF(queries); i++) {
        char path[128];
        rest(t);
        (void)snprintf(path, sizeof path, "/wb/api/v3/orders?%s", queries[i]);
        assert_int_equal(wb(t, "GET", path, NULL).status, 400);
    }
}

static void adding_to_a_supply_confirms_and_closing_it_hands_over(void **state)
{
    struct town *t = *state;
    rest(t);
    const char *supply = text_at(t, wb(t, "POST", "/wb/api/v3/supplies", "{\"name\":\"Sauda 1\"}"), "id");
    char add[128], deliver[128];
    (void)snprintf(add, sizeof add, "/wb/api/marketplace/v3/supplies/%s/orders", supply);
    (void)snprintf(deliver, sizeof deliver, "/wb/api/v3/supplies/%s/deliver", supply);
    struct answer a = wb(t, "PATCH", deliver, NULL);
    assert_string_equal(text_at(t, a, "code"), "SupplyHasZeroOrders");
    rest(t);
    assert_int_equal(wb(t, "PATCH", add, "{\"orders\":[90418823,90419107]}").status, 204);
    a = wb(t, "POST", "/wb/api/v3/orders/status", "{\"orders\":[90418823,1]}");
    assert_int_equal(json_get(a.json, "orders")->count, 1);
    assert_string_equal(text_at(t, a, "orders.0.supplierStatus"), "confirm");
    assert_int_equal(wb(t, "PATCH", deliver, NULL).status, 204);
    a = wb(t, "POST", "/wb/api/v3/orders/status", "{\"orders\":[90418823]}");
    assert_string_equal(text_at(t, a, "orders.0.supplierStatus"), "complete");
    assert_string_equal(text_at(t, a, "orders.0.wbStatus"), "waiting");
    assert_int_equal(
        number_at(control(t, "/control/received?market=wildberries&order=90418823&op=confirm", NULL),
                  "applied"),
        1);
    a = wb(t, "PATCH", deliver, NULL);
    assert_int_equal(a.status, 409);
}

static void a_supply_takes_one_cargo_type_and_one_warehouse(void **state)
{
    struct town *t = *state;
    rest(t);
    control(t, "/control/order", "{\"market\":\"wb\",\"number\":\"1001\",\"cargo_type\":1}");
    control(t, "/control/order", "{\"market\":\"wb\",\"number\":\"1002\",\"cargo_type\":2}");
    control(t, "/control/order", "{\"market\":\"wb\",\"number\":\"1003\",\"warehouse\":7}");
    const char *supply = text_at(t, wb(t, "POST", "/wb/api/v3/supplies", "{\"name\":\"Sauda 2\"}"), "id");
    char add[128];
    (void)snprintf(add, sizeof add, "/wb/api/marketplace/v3/supplies/%s/orders", supply);
    assert_int_equal(wb(t, "PATCH", add, "{\"orders\":[1001]}").status, 204);
    static const char *const misfits[] = { "{\"orders\":[1002]}", "{\"orders\":[1003]}" };
    for (int i = 0; i < COUNT_OF(misfits); i++) {
        rest(t);
        struct answer a = wb(t, "PATCH", add, misfits[i]);
        assert_int_equal(a.status, 409);
        assert_string_equal(text_at(t, a, "code"), "FailedToAddSupplyOrder");
    }
    rest(t);
    assert_int_equal(wb(t, "PATCH", add, "{\"orders\":[424242]}").status, 404);
    rest(t);
    assert_int_equal(wb(t, "PATCH", add, "{\"orders\":[\"1001\"]}").status, 400);
}

static void a_cancelled_order_cannot_be_cancelled_again(void **state)
{
    struct town *t = *state;
    rest(t);
    assert_int_equal(wb(t, "PATCH", "/wb/api/v3/orders/90419288/cancel", NULL).status, 204);
    struct answer a = wb(t, "PATCH", "/wb/api/v3/orders/90419288/cancel", NULL);
    assert_int_equal(a.status, 409);
    assert_string_equal(text_at(t, a, "code"), "StatusMismatch");
}

static void a_buyer_who_cancels_is_seen_in_the_markets_half(void **state)
{
    static const struct { const char *number, *created, *status;
    } cases[] = {
        { "2001", "2026-12-16T04:00:00Z", "declined_by_client" },
        { "2002", "2026-12-15T20:00:00Z", "canceled_by_client" },
    };
    struct town *t = *state;
    rest(t);
    for (int i = 0; i < COUNT_OF(cases); i++) {
        char body[256];
        (void)snprintf(body, sizeof body, "{\"market\":\"wb\",\"number\":\"%s\",\"created_at\":\"%s\"}",
                       cases[i].number, cases[i].created);
        control(t, "/control/order", body);
        (void)snprintf(body, sizeof body, "{\"market\":\"wb\",\"order\":\"%s\",\"event\":\"buyer_cancels\"}",
                       cases[i].number);
        control(t, "/control/act", body);
        (void)snprintf(body, sizeof body, "{\"orders\":[%s]}", cases[i].number);
        struct answer a = wb(t, "POST", "/wb/api/v3/orders/status", body);
        assert_string_equal(text_at(t, a, "orders.0.supplierStatus"), "new");
        assert_string_equal(text_at(t, a, "orders.0.wbStatus"), cases[i].status);
    }
}

static void the_twenty_first_request_at_once_must_wait(void **state)
{
    struct town *t = *state;
    rest(t);
    for (int i = 0; i < 20; i++)
        assert_int_equal(wb(t, "GET", "/wb/api/v3/orders/new", NULL).status, 200);
    struct answer a = wb(t, "GET", "/wb/api/v3/orders/new", NULL);
    assert_int_equal(a.status, 429);
    assert_string_equal(text_at(t, a, "title"), "too many requests");
    assert_true(str_has(a.head, STR("X-Ratelimit-Retry: 1")));
    assert_true(str_has(a.head, STR("X-Ratelimit-Reset: 4")));
    assert_true(str_has(a.head, STR("X-Ratelimit-Limit: 20")));
    control(t, "/control/clock", "{\"advance_ms\":200}");
    assert_int_equal(wb(t, "GET", "/wb/api/v3/orders/new", NULL).status, 200);
    assert_int_equal(wb(t, "GET", "/wb/api/v3/orders/new", NULL).status, 429);
}

static void a_refused_request_costs_ten(void **state)
{
    struct town *t = *state;
    rest(t);
    assert_int_equal(wb(t, "GET", "/wb/api/v3/orders?limit=0&next=0", NULL).status, 400);
    assert_int_equal(wb(t, "GET", "/wb/api/v3/orders?limit=0&next=0", NULL).status, 400);
    assert_int_equal(wb(t, "GET", "/wb/api/v3/orders/new", NULL).status, 429);
}

static void a_method_that_is_gone_says_so(void **state)
{
    struct town *t = *state;
    rest(t);
    assert_int_equal(wb(t, "PATCH", "/wb/api/v3/supplies/WB-GI-1/orders/5", "{}").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_that_is_no_jwt_is_unauthorised),
        cmocka_unit_test(the_list_pages_through_every_order_once),
        cmocka_unit_test(a_window_over_thirty_days_is_refused),
        cmocka_unit_test(adding_to_a_supply_confirms_and_closing_it_hands_over),
        cmocka_unit_test(a_supply_takes_one_cargo_type_and_one_warehouse),
        cmocka_unit_test(a_cancelled_order_cannot_be_cancelled_again),
        cmocka_unit_test(a_buyer_who_cancels_is_seen_in_the_markets_half),
        cmocka_unit_test(the_twenty_first_request_at_once_must_wait),
        cmocka_unit_test(a_refused_request_costs_ten),
        cmocka_unit_test(a_method_that_is_gone_says_so),
    };
    return cmocka_run_group_tests(tests, open_town, close_town);
}
