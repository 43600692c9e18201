/* Ozon of the sandbox: keys, pages, shipping that takes a moment, carriages, cancels, methods switched off.
 */
#include "sandbox_client.h"

#define SINCE "\"filter\":{\"since\":\"2026-12-01T00:00:00Z\",\"to\":\"2026-12-31T00:00:00Z\"}"

static int open_town(void **state)
{
    static struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("karapuz"), .no_limits = true });
    *state = &t;
    return 0;
}

static int close_town(void **state)
{
    town_close(*state);
    return 0;
}

static struct answer posting(struct town *t, const char *number)
{
    char body[128];
    (void)snprintf(body, sizeof body, "{\"posting_number\":\"%s\"}", number);
    return ozon(t, "/ozon/v3/posting/fbs/get", body);
}

static void keys_are_asked_for_in_ozons_words(void **state)
{
    static const struct { const char *client, *key; int status, code; const char *message;
    } cases[] = {
        { "X-None: 1", "X-None: 2", 401, 16, "Client-Id and Api-Key headers are required" },
        { "Client-Id: 836", "X-None: 2", 401, 16, "Client-Id and Api-Key headers are required" },
        { "Client-Id: 836", "Api-Key: wrong", 403, 7, "Invalid Api-Key, please contact support" },
        { "Client-Id: 836", "Api-Key: deactivated-1", 403, 7,
          "Api-key is deactivated, use another one or generate a new one" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct answer a = ask(*state, "POST", "/ozon/v1/roles",
                              (const char *const[]){ cases[i].client, cases[i].key, NULL }, "{}");
        assert_int_equal(a.status, cases[i].status);
        assert_int_equal(number_at(a, "code"), cases[i].code);
        assert_string_equal(text_at(*state, a, "message"), cases[i].message);
    }
    assert_true(str_has(ozon(*state, "/ozon/v1/roles", "{}").body, STR("/v4/posting/fbs/list")));
}

static void methods_that_are_off_are_not_found(void **state)
{
    static const char *const paths[] = { "/ozon/v3/posting/fbs/list", "/ozon/v3/posting/fbs/unfulfilled/list",
                                         "/ozon/v2/posting/fbs/act/create",
                                         "/ozon/v2/posting/fbs/package-label" };
    for (int i = 0; i < COUNT_OF(paths); i++) {
        struct answer a = ozon(*state, paths[i], "{}");
        assert_int_equal(a.status, 404);
        assert_string_equal(text_at(*state, a, "message"), "method not found");
    }
}

static void requests_of_the_wrong_shape_are_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{",
        "{\"limit\":10}",
        "{" SINCE "}",
        "{" SINCE ",\"limit\":101}",
        "{" SINCE ",\"limit\":\"10\"}",
        "{\"filter\":{\"since\":\"yesterday\",\"to\":\"2026-12-31T00:00:00Z\"},\"limit\":10}",
        "{\"filter\":{\"since\":\"2024-12-01T00:00:00Z\",\"to\":\"2026-12-31T00:00:00Z\"},\"limit\":10}",
        "{" SINCE ",\"limit\":10,\"cursor\":\"nonsense\"}",
    };
    for (int i = 0; i < COUNT_OF(bodies); i++) {
        struct answer a = ozon(*state, "/ozon/v4/posting/fbs/list", bodies[i]);
        assert_int_equal(a.status, 400);
        assert_int_equal(number_at(a, "code"), 3);
    }
}

static int walk(struct town *t, const char *dir)
{
    str cursor = { 0 };
    int seen = 0;
    for (bool more = true; more;) {
        str body = str_print(&t->arena, "{" SINCE ",\"limit\":30,\"sort_dir\":\"%s\",\"cursor\":\"%.*s\"}",
                             dir, STR_ARG(cursor));
        struct answer a = ozon(t, "/ozon/v4/posting/fbs/list", str_zero(&t->arena, body));
        assert_int_equal(a.status, 200);
        seen += json_get(a.json, "postings")->count;
        cursor = json_str(json_get(a.json, "cursor"));
        more = json_true(json_get(a.json, "has_next"));
    }
    return seen;
}

static void pages_together_are_the_whole_both_ways(void **state)
{
    assert_int_equal(walk(*state, "ASC"), 28 + 12 + 46 + 17);
    assert_int_equal(walk(*state, "DESC"), 28 + 12 + 46 + 17);
    struct answer a = ozon(*state, "/ozon/v4/posting/fbs/unfulfilled/list",
                           "{\"filter\":{\"cutoff_from\":\"2026-12-01T00:00:00Z\",\"cutoff_to\":\"2027-01-"
                           "01T00:00:00Z\"},\"limit\":100}");
    assert_int_equal(json_get(a.json, "postings")->count, 40);
    assert_int_equal(number_at(a, "count"), 40);
}

static void shipping_takes_a_moment_and_happens_once(void **state)
{
    struct town *t = *state;
    const char *ship = "{\"posting_number\":\"0147-2208-9\",\"packages\":[{\"products\":[{\"product_id\":"
                       "1482655486,\"quantity\":1}]}]}";
    struct answer a = posting(t, "0147-2208-9");
    assert_int_equal(number_at(a, "result.products.0.sku"), 1482655486);
    assert_string_equal(text_at(t, a, "result.products.0.price"), "24500.0000");
    a = ozon(t, "/ozon/v4/posting/fbs/ship", ship);
    assert_string_equal(text_at(t, a, "result.0"), "0147-2208-9");
    assert_string_equal(text_at(t, posting(t, "0147-2208-9"), "result.status"), "awaiting_packaging");
    assert_string_equal(text_at(t, posting(t, "0147-2208-9"), "result.available_actions.0"),
                        "ship_async_in_process");
    control(t, "/control/clock", "{\"advance_ms\":3000}");
    assert_string_equal(text_at(t, posting(t, "0147-2208-9"), "result.status"), "awaiting_deliver");
    a = ozon(t, "/ozon/v4/posting/fbs/ship", ship);
    assert_int_equal(a.status, 400);
    assert_string_equal(text_at(t, a, "message"), "POSTING_ALREADY_SHIPPED");
    a = control(t, "/control/received?market=ozon&order=0147-2208-9", NULL);
    assert_int_equal(number_at(a, "count"), 2);
    assert_int_equal(number_at(a, "applied"), 1);
}

static void packages_must_hold_the_whole_posting(void **state)
{
    static const struct { const char *products, *message;
    } cases[] = {
        { "{\"product_id\":99,\"quantity\":1}", "UNKNOWN_PRODUCT_DEFINED" },
        { "{\"product_id\":1482651266,\"quantity\":1}", "HAS_INCORRECT_PRODUCT_QUANTITY" },
        { "{\"product_id\":1482651266,\"quantity\":2},{\"product_id\":1482651477,\"quantity\":1},{\"product_"
          "id\":1482651899,\"quantity\":1}",
          "HAS_INCORRECT_PRODUCT_QUANTITY" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        char body[512];
        (void)snprintf(body, sizeof body,
                       "{\"posting_number\":\"0147-2206-4\",\"packages\":[{\"products\":[%s]}]}",
                       cases[i].products);
        struct answer a = ozon(*state, "/ozon/v4/posting/fbs/ship", body);
        assert_int_equal(a.status, 400);
        assert_string_equal(text_at(*state, a, "message"), cases[i].message);
    }
}

static void two_packages_split_the_posting(void **state)
{
    struct town *t = *state;
    struct answer a = ozon(t, "/ozon/v4/posting/fbs/ship",
                           "{\"posting_number\":\"0147-2206-4\",\"packages\":[{\"products\":[{\"product_id\":"
                           "1482651266,\"quantity\":1}]},"
                           "{\"products\":[{\"product_id\":1482651477,\"quantity\":1},{\"product_id\":"
                           "1482651899,\"quantity\":1}]}]}");
    assert_int_equal(json_get(a.json, "result")->count, 2);
    const char *child = text_at(t, a, "result.1");
    assert_string_equal(text_at(t, posting(t, child), "result.parent_posting_number"), "0147-2206-4");
    assert_int_equal(json_path(posting(t, child).json, "result.products")->count, 2);
    assert_int_equal(json_path(posting(t, "0147-2206-4").json, "result.products")->count, 1);
}

static void a_carriage_takes_what_is_packed_and_leaves_in_an_hour(void **state)
{
    struct town *t = *state;
    control(t, "/control/clock", "{\"advance_ms\":3000}");
    struct answer a =
        ozon(t, "/ozon/v1/carriage/create",
             "{\"delivery_method_id\":1020005000777,\"departure_date\":\"2026-12-16T12:00:00Z\"}");
    assert_int_equal(a.status, 200);
    char body[128];
    (void)snprintf(body, sizeof body, "{\"carriage_id\":%s}", text_at(t, a, "carriage_id"));
    assert_int_equal(ozon(t, "/ozon/v1/carriage/approve", body).status, 200);
    assert_int_equal(ozon(t, "/ozon/v1/carriage/approve", body).status, 400);
    assert_string_equal(text_at(t, posting(t, "0147-2208-9"), "result.substatus"), "posting_in_carriage");
    control(t, "/control/clock", "{\"advance_ms\":3600000}");
    assert_string_equal(text_at(t, posting(t, "0147-2208-9"), "result.status"), "delivering");
    assert_true(str_has(ozon(t, "/ozon/v2/carriage/delivery/list", "{\"limit\":10}").body,
                        json_str(json_get(a.json, "carriage_id"))));
}

static void cancelling_needs_a_reason_that_is_open_to_sellers(void **state)
{
    static const struct { const char *reason, *message;
    } cases[] = {
        { "\"cancel_reason_id\":401", "HAS_INCORRECT_CANCEL_REASON" },
        { "\"cancel_reason_id\":402", "HAS_INCORRECT_CANCEL_REASON" },
        { "\"cancel_reason_id\":352", "" },
        { "\"cancel_reason_id\":352", "POSTING_ALREADY_CANCELLED" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        char body[128];
        (void)snprintf(body, sizeof body, "{\"posting_number\":\"0147-2211-1\",%s}", cases[i].reason);
        assert_string_equal(text_at(*state, ozon(*state, "/ozon/v2/posting/fbs/cancel", body), "message"),
                            cases[i].message);
    }
    struct answer a = posting(*state, "0147-2211-1");
    assert_string_equal(text_at(*state, a, "result.status"), "cancelled");
    assert_int_equal(number_at(a, "result.cancellation.cancel_reason_id"), 352);
    assert_string_equal(text_at(*state,
                                ozon(*state, "/ozon/v2/posting/fbs/cancel",
                                     "{\"posting_number\":\"7\",\"cancel_reason_id\":352}"),
                                "message"),
                        "POSTING_NOT_FOUND");
}

static void fifty_requests_a_second_are_the_limit(void **state)
{
    struct town *t = *state;
    control(t, "/control/limits", "{\"on\":true}");
    control(t, "/control/clock", "{\"advance_ms\":10000}");
    for (int i = 0; i < 50; i++)
        assert_int_equal(ozon(t, "/ozon/v1/roles", "{}").status, 200);
    struct answer a = ozon(t, "/ozon/v1/roles", "{}");
    assert_int_equal(a.status, 429);
    assert_true(str_has(a.head, STR("Retry-After: 1")));
    assert_string_equal(text_at(t, a, "message"), "You have reached request rate limit per second");
    control(t, "/control/limits", "{\"on\":false}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_asked_for_in_ozons_words),
        cmocka_unit_test(methods_that_are_off_are_not_found),
        cmocka_unit_test(requests_of_the_wrong_shape_are_refused),
        cmocka_unit_test(pages_together_are_the_whole_both_ways),
        cmocka_unit_test(shipping_takes_a_moment_and_happens_once),
        cmocka_unit_test(packages_must_hold_the_whole_posting),
        cmocka_unit_test(two_packages_split_the_posting),
        cmocka_unit_test(a_carriage_takes_what_is_packed_and_leaves_in_an_hour),
        cmocka_unit_test(cancelling_needs_a_reason_that_is_open_to_sellers),
        cmocka_unit_test(fifty_requests_a_second_are_the_limit),
    };
    return cmocka_run_group_tests(tests, open_town, close_town);
}
