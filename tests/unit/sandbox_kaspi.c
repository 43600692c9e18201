/* Kaspi of the sandbox: who is let in, what may be asked, what may be told. */
#include "sandbox_client.h"

#define ORDERS "/kaspi/shop/api/v2/orders"
#define WEEK   "&filter%5Borders%5D%5BcreationDate%5D%5B%24ge%5D=1796700000000"      /* 2026-12-09 */
#define TAB(state) ORDERS "?page%5Bnumber%5D=0&page%5Bsize%5D=100&filter%5Borders%5D%5Bstate%5D=" state

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

static const char *status_body(struct town *t, const char *id, const char *attributes)
{
    return str_zero(&t->arena,
                    str_print(&t->arena, "{\"data\":{\"type\":\"orders\",\"id\":\"%s\",\"attributes\":{%s}}}",
                              id, attributes));
}

static void a_default_agent_gets_no_byte(void **state)
{
    static const char *const agents[] = { "User-Agent: curl/7.88.1", "User-Agent: python-requests/2.31",
                                          "User-Agent:" };
    for (int i = 0; i < COUNT_OF(agents); i++) {
        const char *const keys[] = { "X-Auth-Token: shop-1-token", agents[i], "X-Test-Patience: 250", NULL };
        struct answer a = ask(*state, "GET", TAB("NEW") WEEK, keys, NULL);
        assert_true(a.silent);
    }
}

static void a_request_without_a_key_is_unauthorised(void **state)
{
    static const char *const none[] = { "User-Agent: Sauda/1.0", NULL };
    static const char *const wrong[] = { "User-Agent: Sauda/1.0", "X-Auth-Token: wrong-token", NULL };
    assert_int_equal(ask(*state, "GET", TAB("NEW") WEEK, none, NULL).status, 401);
    assert_int_equal(ask(*state, "GET", TAB("NEW") WEEK, wrong, NULL).status, 401);
}

static void bad_filters_are_refused_with_their_text(void **state)
{
    static const struct { const char *path, *title;
    } cases[] = {
        { TAB("NEW"), "Required filter [orders][creationDate][$ge] is empty" },
        { TAB("NEW") "&filter%5Borders%5D%5BcreationDate%5D%5B%24ge%5D=1795000000000",
          "Difference between [orders][creationDate][$ge] and [orders][creationDate][$le] must be at most 14 "
          "days" },
        { TAB("NEW") "&filter%5Borders%5D%5BcreationDate%5D%5B%24ge%5D=-9223372036854775808",
          "Invalid value of filter[orders][creationDate][$ge]" },
        { TAB("SOMETHING") WEEK, "Invalid value of filter[orders][state]" },
        { ORDERS "?filter%5Borders%5D%5Bstate%5D=NEW" WEEK, "Required parameter page[number]" },
        { ORDERS "?page%5Bnumber%5D=0&page%5Bsize%5D=101&filter%5Borders%5D%5Bstate%5D=NEW" WEEK,
          "Invalid value of page[size]" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct answer a = kaspi_get(*state, cases[i].path);
        assert_int_equal(a.status, 400);
        assert_string_equal(text_at(*state, a, "errors.0.title"), cases[i].title);
    }
}

static void pages_together_are_the_whole(void **state)
{
    struct town *t = *state;
    struct answer whole = kaspi_get(t, TAB("NEW") WEEK);
    int64_t seen = 0, pages = 1;
    for (int64_t page = 0; page < pages; page++) {
        char path[256];
        (void)snprintf(path, sizeof path,
                       ORDERS
                       "?page%%5Bnumber%%5D=%d&page%%5Bsize%%5D=20&filter%%5Borders%%5D%%5Bstate%%5D=NEW%s",
                       (int)page, WEEK);
        struct answer a = kaspi_get(t, path);
        pages = number_at(a, "meta.pageCount");
        for (int i = 0; i < json_get(a.json, "data")->count; i++, seen++)
            assert_true(str_eq(json_str(json_get(json_at(json_get(a.json, "data"), i), "id")),
                               json_str(json_get(json_at(json_get(whole.json, "data"), (int)seen), "id"))));
    }
    assert_int_equal(pages, 4);
    assert_int_equal(seen, 67);
    assert_int_equal(number_at(whole, "meta.totalCount"), 67);
}

static void entries_come_along_or_by_themselves(void **state)
{
    struct town *t = *state;
    struct answer with =
        kaspi_get(t, ORDERS "?filter%5Borders%5D%5Bcode%5D=438117204&include%5Borders%5D=entries");
    struct answer alone = kaspi_get(t, ORDERS "/NDM4MTE3MjA0/entries");
    assert_int_equal(json_get(with.json, "included")->count, 2);
    assert_int_equal(json_get(alone.json, "data")->count, 2);
    assert_string_equal(text_at(t, with, "included.0.attributes.offer.code"), "KRP-1001");
    assert_string_equal(text_at(t, with, "included.0.attributes.totalPrice"), "9800.0");
    assert_string_equal(text_at(t, with, "data.0.attributes.totalPrice"), "15200.0");
    assert_int_equal(kaspi_get(t, ORDERS "/438117204").status, 404);
}

static void an_accepted_order_is_assembled_and_gets_its_waybill(void **state)
{
    struct town *t = *state;
    const char *accept =
        status_body(t, "NDM4MTE3MjA0", "\"code\":\"438117204\",\"status\":\"ACCEPTED_BY_MERCHANT\"");
    struct answer a = kaspi_post(t, ORDERS, accept);
    assert_int_equal(a.status, 200);
    assert_string_equal(text_at(t, a, "data.attributes.status"), "ACCEPTED_BY_MERCHANT");
    assert_int_equal(kaspi_post(t, ORDERS, accept).status, 400);
    assert_int_equal(kaspi_post(t, ORDERS, status_body(t, "NDM4MTE3MjA0", "\"status\":\"ASSEMBLE\"")).status,
                     400);
    a = kaspi_post(t, ORDERS,
                   status_body(t, "NDM4MTE3MjA0", "\"status\":\"ASSEMBLE\",\"numberOfSpace\":\"2\""));
    assert_int_equal(a.status, 200);
    assert_int_equal(number_at(a, "data.attributes.numberOfSpace"), 2);
    a = kaspi_get(t, ORDERS "/NDM4MTE3MjA0");
    assert_string_equal(text_at(t, a, "data.attributes.assembled"), "");
    assert_true(json_true(json_path(a.json, "data.attributes.assembled")));
    assert_true(json_is_null(json_path(a.json, "data.attributes.kaspiDelivery.waybill")));
    control(t, "/control/clock", "{\"advance_ms\":60000}");
    a = kaspi_get(t, ORDERS "/NDM4MTE3MjA0");
    assert_false(json_is_null(json_path(a.json, "data.attributes.kaspiDelivery.waybill")));
    control(t, "/control/clock", "{\"advance_ms\":1200000}");
    a = kaspi_get(t, ORDERS "/NDM4MTE3MjA0");
    assert_false(json_is_null(json_path(a.json, "data.attributes.kaspiDelivery.courierTransmissionDate")));
}

static void an_order_is_handed_out_with_the_buyers_code(void **state)
{
    struct town *t = *state;
    control(t, "/control/order",
            "{\"market\":\"kaspi\",\"number\":\"500000001\",\"kaspi_delivery\":false,\"mode\":\"DELIVERY_"
            "PICKUP\"}");
    const char *id = "NTAwMDAwMDAx";
    const char *complete = status_body(t, id, "\"status\":\"COMPLETED\"");
    const char *keys[] = { kaspi_keys[0],       kaspi_keys[1],      kaspi_keys[3],
                           "X-Send-Code: true", "X-Security-Code;", NULL };
    assert_int_equal(kaspi_post(t, ORDERS, status_body(t, id, "\"status\":\"ACCEPTED_BY_MERCHANT\"")).status,
                     200);
    assert_int_equal(ask(t, "POST", ORDERS, keys, complete).status, 200);
    keys[4] = "X-Security-Code: 99999";
    struct answer a = ask(t, "POST", ORDERS, keys, complete);
    assert_string_equal(text_at(t, a, "errors.0.title"),
                        "Security code is not valid. And the order cannot be completed without it");
    struct answer known = control(t, "/control/orders?market=kaspi&number=500000001", NULL);
    keys[4] =
        str_zero(&t->arena, str_print(&t->arena, "X-Security-Code: %s", text_at(t, known, "items.0.code")));
    assert_int_equal(ask(t, "POST", ORDERS, keys, complete).status, 200);
    a = ask(t, "POST", ORDERS, keys, complete);
    assert_string_equal(text_at(t, a, "errors.0.title"),
                        "Order already has been completed, so it can't be completed again.");
}

static void a_cancel_needs_a_known_reason(void **state)
{
    struct town *t = *state;
    assert_int_equal(kaspi_post(t, ORDERS, status_body(t, "NDM4MTE3MzEx", "\"status\":\"CANCELLED\"")).status,
                     400);
    assert_int_equal(kaspi_post(t, ORDERS,
                                status_body(t, "NDM4MTE3MzEx",
                                            "\"status\":\"CANCELLED\",\"cancellationReason\":\"BORED\""))
                         .status,
                     400);
    const char *cancel = status_body(
        t, "NDM4MTE3MzEx", "\"status\":\"CANCELLED\",\"cancellationReason\":\"MERCHANT_OUT_OF_STOCK\"");
    assert_int_equal(kaspi_post(t, ORDERS, cancel).status, 200);
    assert_int_equal(kaspi_post(t, ORDERS, cancel).status, 400);
    struct answer a = kaspi_get(t, ORDERS "/NDM4MTE3MzEx");
    assert_string_equal(text_at(t, a, "data.attributes.state"), "ARCHIVE");
    assert_string_equal(text_at(t, a, "data.attributes.customer.cellPhone"), "+0(000)-000-00-00");
}

static void an_unsigned_order_waits_for_its_signature(void **state)
{
    struct town *t = *state;
    control(t, "/control/order",
            "{\"market\":\"kaspi\",\"number\":\"500000002\",\"signature_required\":true}");
    const char *accept = status_body(t, "NTAwMDAwMDAy", "\"status\":\"ACCEPTED_BY_MERCHANT\"");
    assert_string_equal(text_at(t, kaspi_get(t, ORDERS "/NTAwMDAwMDAy"), "data.attributes.state"),
                        "SIGN_REQUIRED");
    assert_int_equal(kaspi_post(t, ORDERS, accept).status, 400);
    control(t, "/control/act", "{\"market\":\"kaspi\",\"order\":\"500000002\",\"event\":\"signs\"}");
    assert_int_equal(kaspi_post(t, ORDERS, accept).status, 200);
}

static void a_body_of_the_wrong_shape_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "{",
        "[]",
        "{\"data\":[]}",
        "{\"data\":{\"type\":\"orders\",\"id\":7,\"attributes\":{}}}",
        "{\"data\":{\"type\":\"orders\",\"id\":\"NDM4MTE3MjA0\",\"attributes\":{\"status\":null}}}"
    };
    static const char *const plain[] = { "X-Auth-Token: shop-1-token", "User-Agent: Sauda/1.0",
                                         "Content-Type: text/plain", NULL };
    for (int i = 0; i < COUNT_OF(bodies); i++)
        assert_int_equal(kaspi_post(*state, ORDERS, bodies[i]).status, 400);
    assert_int_equal(ask(*state, "POST", ORDERS, plain, "{}").status, 415);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_agent_gets_no_byte),
        cmocka_unit_test(a_request_without_a_key_is_unauthorised),
        cmocka_unit_test(bad_filters_are_refused_with_their_text),
        cmocka_unit_test(pages_together_are_the_whole),
        cmocka_unit_test(entries_come_along_or_by_themselves),
        cmocka_unit_test(a_body_of_the_wrong_shape_is_refused),
        cmocka_unit_test(an_accepted_order_is_assembled_and_gets_its_waybill),
        cmocka_unit_test(an_order_is_handed_out_with_the_buyers_code),
        cmocka_unit_test(a_cancel_needs_a_known_reason),
        cmocka_unit_test(an_unsigned_order_waits_for_its_signature),
    };
    return cmocka_run_group_tests(tests, open_town, close_town);
}
