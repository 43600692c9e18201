/* The sandbox as a whole: the scene of the design, memory over restarts, faults, the stream and its clock. */
#include "sandbox_client.h"

#include <unistd.h>

struct zone_sum { int count; int64_t minor; };

/* Zones by the deadline of 24 hours: red = at most 2 h left, yellow = half used. */
static void zones_of(struct town *t, struct zone_sum zones[3], int counts[3])
{
    static const char *const markets[] = { "kaspi", "wildberries", "ozon" };
    instant now;
    assert_true(instant_parse(STR(MORNING), &now));
    for (int m = 0; m < 3; m++) {
        char path[64];
        (void)snprintf(path, sizeof path, "/control/orders?market=%s&stage=new", markets[m]);
        struct answer a = control(t, path, NULL);
        counts[m] = json_get(a.json, "items")->count;
        JSON_EACH(o, json_get(a.json, "items")) {
            instant created, deadline;
            amount total;
            assert_true(instant_parse(json_str(json_get(o, "created_at")), &created));
            assert_true(instant_parse(json_str(json_get(o, "deadline_at")), &deadline));
            assert_true(json_amount(json_get(o, "total"), &total));
            assert_int_equal(deadline.ms - created.ms, DAY_MS);
            int64_t left = deadline.ms - now.ms;
            assert_true(left > 0);
            struct zone_sum *z = &zones[left <= 2 * HOUR_MS ? 0 : left <= 12 * HOUR_MS ? 1 : 2];
            z->count++;
            z->minor += total.minor;
        }
    }
}

static void the_morning_is_the_one_of_the_pictures(void **state)
{
    (void)state;
    struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("karapuz") });
    struct zone_sum zones[3] = { 0 };
    int counts[3];
    zones_of(&t, zones, counts);
    assert_int_equal(counts[0], 67);
    assert_int_equal(counts[1], 34);
    assert_int_equal(counts[2], 28);
    assert_int_equal(zones[0].count, 7);
    assert_int_equal(zones[1].count, 31);
    assert_int_equal(zones[2].count, 91);
    assert_int_equal(zones[0].minor, 18440000);
    assert_int_equal(zones[1].minor, 44290000);
    assert_int_equal(zones[2].minor, 121530000);
    struct answer a = control(&t, "/control/state", NULL);
    assert_int_equal(number_at(a, "markets.kaspi.accepted") + number_at(a, "markets.wildberries.accepted")
                     + number_at(a, "markets.ozon.accepted"), 64);
    assert_int_equal(number_at(a, "markets.kaspi.assembled"), 38);
    assert_int_equal(number_at(a, "markets.kaspi.handed") + number_at(a, "markets.wildberries.sorted")
                     + number_at(a, "markets.ozon.handed"), 212);
    town_close(&t);
}

static void maria_has_bought_twelve_times(void **state)
{
    (void)state;
    struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("karapuz") });
    struct answer a = control(&t, "/control/orders", NULL);
    int64_t count = 0, minor = 0;
    JSON_EACH(o, json_get(a.json, "items")) {
        amount total;
        assert_true(json_amount(json_get(o, "total"), &total));
        if (str_is(json_str(json_get(o, "phone")), "7771234567")) {
            count++;
            minor += total.minor;
        }
    }
    assert_int_equal(count, 12);
    assert_int_equal(minor, 48700000);
    town_close(&t);
}

static void the_same_seed_makes_the_same_town(void **state)
{
    (void)state;
    str first = { 0 };
    struct town t[3];
    for (int i = 0; i < 3; i++) {
        town_open(&t[i], (struct sandbox_options){ .scene = STR("stream"), .seed = i == 2 ? 8 : 7 });
        struct answer a = control(&t[i], "/control/orders", NULL);
        if (i == 0)
            first = a.body;
        else
            assert_int_equal(str_eq(first, a.body), i == 1);
    }
    for (int i = 0; i < 3; i++)
        town_close(&t[i]);
}

static const char accept_maria[] = "{\"data\":{\"type\":\"orders\",\"id\":\"NDM4MTE3MjA0\",\"attributes\":{"
                                   "\"status\":\"ACCEPTED_BY_MERCHANT\"}}}";
#define ORDERS "/kaspi/shop/api/v2/orders"

static void a_restart_keeps_orders_and_what_was_heard(void **state)
{
    (void)state;
    char folder[] = "/tmp/sauda-sandbox-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    struct sandbox_options options = { .scene = STR("karapuz"), .data = str_of(folder) };
    struct town t;
    town_open(&t, options);
    assert_int_equal(kaspi_post(&t, ORDERS, accept_maria).status, 200);
    assert_int_equal(wb(&t, "POST", "/wb/api/v3/supplies", "{\"name\":\"Sauda 1\"}").status, 201);
    control(&t, "/control/clock", "{\"advance_ms\":7000}");
    assert_int_equal(kaspi_post(&t, ORDERS, accept_maria).status, 400);
    str before = str_copy(&t.arena, control(&t, "/control/orders", NULL).body);
    str supplies = wb(&t, "GET", "/wb/api/v3/supplies?limit=100&next=0", NULL).body;
    struct town again;
    sandbox_stop(t.sb);

    /* Killed while writing: the last line is torn. */
    (void)snprintf(path, sizeof path, "%s/sandbox.jsonl", folder);
    FILE *f = fopen(path, "ae");
    assert_non_null(f);
    fputs("{\"kind\":\"order\",\"row\":{\"mark", f);
    fclose(f);

    town_open(&again, options);
    assert_true(str_eq(before, control(&again, "/control/orders", NULL).body));
    assert_true(str_eq(supplies, wb(&again, "GET", "/wb/api/v3/supplies?limit=100&next=0", NULL).body));
    struct answer a = control(&again, "/control/received?market=kaspi&order=NDM4MTE3MjA0", NULL);
    assert_int_equal(number_at(a, "count"), 2);
    assert_int_equal(number_at(a, "applied"), 1);
    assert_string_equal(text_at(&again, control(&again, "/control/state", NULL), "now"),
                        "2026-12-16T04:04:07Z");
    town_close(&again);
    curl_easy_cleanup(t.curl);
    arena_done(&t.arena);
    unlink(path);
    rmdir(folder);
}

static void a_lost_reply_leaves_its_effect(void **state)
{
    static const char *const kinds[] = { "429", "500", "cut", "silent" };
    (void)state;
    for (int effect = 0; effect < 2; effect++)
        for (int i = 0; i < COUNT_OF(kinds); i++) {
            struct town t;
            char fault[160];
            town_open(&t, (struct sandbox_options){ .scene = STR("karapuz") });
            (void)snprintf(
                fault, sizeof fault,
                "{\"market\":\"kaspi\",\"path_contains\":\"/orders\",\"kind\":\"%s\",\"after_effect\":%s}",
                kinds[i], effect ? "true" : "false");
            assert_int_equal(control(&t, "/control/fault", fault).status, 200);
            const char *keys[] = { kaspi_keys[0], kaspi_keys[1], kaspi_keys[3], "X-Test-Patience: 300",
                                   NULL };
            struct answer a = ask(&t, "POST", ORDERS, keys, accept_maria);
            assert_int_equal(a.status, i == 0 ? 429 : i == 1 ? 500 : 0);
            assert_int_equal(a.silent, i == 3);
            a = control(&t, "/control/received?order=NDM4MTE3MjA0", NULL);
            assert_int_equal(number_at(a, "applied"), effect);
            assert_int_equal(kaspi_post(&t, ORDERS, accept_maria).status, effect ? 400 : 200);
            town_close(&t);
        }
}

static void a_page_may_be_doubled_turned_or_renamed(void **state)
{
    (void)state;
    struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("karapuz") });
    str plain = wb(&t, "GET", "/wb/api/v3/orders/new", NULL).body;
    control(&t, "/control/fault", "{\"market\":\"wb\",\"kind\":\"duplicate\"}");
    assert_int_equal(json_get(wb(&t, "GET", "/wb/api/v3/orders/new", NULL).json, "orders")->count, 68);
    control(&t, "/control/fault", "{\"market\":\"wb\",\"kind\":\"reorder\"}");
    struct answer a = wb(&t, "GET", "/wb/api/v3/orders/new", NULL);
    assert_int_equal(json_get(a.json, "orders")->count, 34);
    assert_false(str_eq(a.body, plain));
    control(&t, "/control/fault",
            "{\"market\":\"wb\",\"kind\":\"changed_field\",\"field\":\"convertedPrice\"}");
    a = wb(&t, "GET", "/wb/api/v3/orders/new", NULL);
    assert_non_null(json_path(a.json, "orders.0.convertedPrice_v2"));
    assert_null(json_path(a.json, "orders.0.convertedPrice"));
    control(&t, "/control/fault", "{\"kind\":\"retired\",\"path_contains\":\"/v4/\"}");
    assert_int_equal(ozon(&t, "/ozon/v4/posting/fbs/list", "{}").status, 404);
    assert_true(str_eq(wb(&t, "GET", "/wb/api/v3/orders/new", NULL).body, plain));
    town_close(&t);
}

static void the_stream_follows_the_clock(void **state)
{
    (void)state;
    struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("quiet") });
    assert_int_equal(number_at(control(&t, "/control/state", NULL), "orders"), 0);
    control(&t, "/control/stream", "{\"on\":true}");
    control(&t, "/control/clock", "{\"advance_ms\":86400000}");
    int64_t day = number_at(control(&t, "/control/state", NULL), "orders");
    assert_true(day > 110 && day < 150);
    control(&t, "/control/stream", "{\"on\":false}");
    control(&t, "/control/clock", "{\"advance_ms\":86400000}");
    assert_int_equal(number_at(control(&t, "/control/state", NULL), "orders"), day);
    control(&t, "/control/burst", "{\"market\":\"ozon\",\"n\":250}");
    assert_int_equal(number_at(control(&t, "/control/state", NULL), "orders"), day + 250);
    town_close(&t);
}

static void control_may_be_locked(void **state)
{
    (void)state;
    struct town t;
    town_open(&t, (struct sandbox_options){ .control_token = STR("secret") });
    assert_int_equal(control(&t, "/control/state", NULL).status, 401);
    assert_int_equal(
        ask(&t, "GET", "/control/state", (const char *const[]){ "X-Control-Token: secret", NULL }, NULL)
            .status,
        200);
    town_close(&t);
}

static void bad_control_requests_are_refused(void **state)
{
    static const struct { const char *path, *body; int status;
    } cases[] = {
        { "/control/order", "{\"market\":\"amazon\"}", 400 },
        { "/control/order", "{\"market\":\"kaspi\",\"nonsense\":1}", 422 },
        { "/control/order", "{\"market\":\"kaspi\",\"lines\":[{\"qty\":0}]}", 422 },
        { "/control/act", "{\"market\":\"kaspi\",\"order\":\"1\",\"event\":\"signs\"}", 404 },
        { "/control/act", "{\"market\":\"kaspi\",\"order\":\"438117204\",\"event\":\"dances\"}", 422 },
        { "/control/act", "{\"market\":\"kaspi\",\"order\":\"438117204\",\"event\":\"delivered\"}", 409 },
        { "/control/fault", "{\"kind\":\"flood\"}", 422 },
        { "/control/clock", "{\"now\":\"noon\"}", 422 },
        { "/control/burst", "{\"n\":-1}", 422 },
        { "/control/stream", "{\"rate\":\"much\"}", 422 },
    };
    (void)state;
    struct town t;
    town_open(&t, (struct sandbox_options){ .scene = STR("karapuz") });
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(control(&t, cases[i].path, cases[i].body).status, cases[i].status);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_morning_is_the_one_of_the_pictures),
        cmocka_unit_test(maria_has_bought_twelve_times),
        cmocka_unit_test(the_same_seed_makes_the_same_town),
        cmocka_unit_test(a_restart_keeps_orders_and_what_was_heard),
        cmocka_unit_test(a_lost_reply_leaves_its_effect),
        cmocka_unit_test(a_page_may_be_doubled_turned_or_renamed),
        cmocka_unit_test(the_stream_follows_the_clock),
        cmocka_unit_test(control_may_be_locked),
        cmocka_unit_test(bad_control_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
