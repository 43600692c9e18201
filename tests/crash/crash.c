/* The morning of 129 orders while the server dies: at every named point and at random moments, as if the power had gone. In the
 * end each confirmation has taken effect at its market exactly once, and nothing that was acknowledged is lost.
 *
 * SAUDA_KILLS (2) says how often at each point, SAUDA_RANDOM (6) at how many random moments, on each database; a table of what became
 * of it is printed. `make test-crash` asks for many. */
#include "base/crash.h"
#include "crash/morning.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define KILLS_A_MORNING  2              /* at each point: one morning has work for so many, */
#define RANDOM_A_MORNING 20             /* and for so many random ones */

static int number_of(const char *name, int otherwise)
{
    const char *value = getenv(name);
    return value && *value ? (int)strtol(value, NULL, 10) : otherwise;
}

/* Places: 0 is the work without any kill, then the points, the last one is the random moments. */
static int places_init(struct place *places)
{
    int n = 0;
    places[n++].name = "(nobody died)";
    for (int i = 0; crash_points[i]; i++)
        places[n++].name = crash_points[i];
    places[n].name = "random moments";
    assert_true(n < PLACES_MAX);
    return n;
}

/* ---- dying ---- */

/* The server must die at the point by itself; what it is told meanwhile may be lost or not. */
static void die_at(struct morning *m, const char *point)
{
    for (int tries = 0; tries < 600; tries++) {
        int code = process_wait(&m->server, 10);
        if (code == 137) {
            m->places[m->place].kills++;
            return;
        }
        if (code >= 0)
            fail_msg("at %s the server ended with %d", point, code);
        if (tries % 20 == 19)                            /* what was asked first may have been answered with "busy" */
            (void)steps_some(m, 1);
        tick(m);
    }
    fail_msg("the server never came to %s", point);
}

static void start_for(struct morning *m, int place)
{
    m->place = place;
    (void)server_start(m, m->places[place].name);
}

/* Orders come in while it dies, new ones and the whole morning again. */
static void die_while_reading(struct morning *m, int times)
{
    process_kill(&m->server);
    for (int i = 0; crash_points[i]; i++)
        for (int again = 0; again < times && (strncmp(crash_points[i], "intake.", 7) == 0 || strcmp(crash_points[i], "cursor.saved") == 0); again++) {
            (void)must(&m->control, "POST", "/control/order", STR("{\"market\":\"ozon\",\"fate\":\"stays\"}"));
            start_for(m, i + 1);
            die_at(m, crash_points[i]);
        }
    m->place = 0;
    assert_true(server_start(m, NULL));
    all_orders_come(m);
}

static str card_find(struct morning *m, const char *phone, str *version)
{
    struct client_reply r = must(&m->client, "GET", str_zero(&m->arena, str_print(&m->arena, "/api/customers?q=%s", phone)), (str){ 0 });
    const struct json  *c = json_at(json_get(r.json, "items"), 0);
    *version = json_print(&m->arena, json_get(c, "version"));
    return json_str(json_get(c, "id"));
}

static void card_make(struct morning *m, const char *number, const char *name, const char *phone)
{
    (void)must(&m->client, "POST", "/api/import/orders",
               str_print(&m->arena, "{\"number\":\"%s\",\"customer_name\":\"%s\",\"customer_phone\":\"%s\",\"grand_total\":\"5000.00\","
                                    "\"currency\":\"KZT\",\"placed_at\":\"2026-12-01T04:00:00Z\"}", number, name, phone));
}

/* One try with the server dying in the middle, and one that must do it: nothing of the first is left. */
static struct client_reply twice(struct morning *m, int place, const char *path, str body)
{
    process_kill(&m->server);
    start_for(m, place);
    for (int tries = 0; tries < 20 && ask(&m->client, "POST", str_of(path), body, (str){ 0 }).status == 503; tries++)
        tick(m);
    die_at(m, m->places[place].name);
    assert_true(server_start(m, NULL));
    struct client_reply r = ask(&m->client, "POST", str_of(path), body, (str){ 0 });
    for (int tries = 0; tries < 20 && r.status == 503; tries++) {
        tick(m);
        r = ask(&m->client, "POST", str_of(path), body, (str){ 0 });
    }
    if (r.status != 200)
        fail_msg("%s: %d %.*s", path, r.status, STR_ARG(utf8_cut(r.body, 300)));
    m->places[place].acknowledged++;
    return r;
}

/* Two cards become one and two again, as often as wanted; sums are looked at by `sauda check`, and here the count of orders. */
static void die_while_merging(struct morning *m, int times, int merge, int unmerge)
{
    str version, with_version;
    card_make(m, "TWIN-1", "Мария Крашева", "+77011112233");
    card_make(m, "TWIN-2", "Мария К.", "+77774445566");
    for (int again = 0; again < times; again++) {
        str  kept = card_find(m, "7011112233", &version), gone = card_find(m, "7774445566", &with_version);
        const char *path = str_zero(&m->arena, str_print(&m->arena, "/api/customers/%.*s/merge", STR_ARG(kept)));
        struct client_reply r = twice(m, merge, path, str_print(&m->arena, "{\"with\":\"%.*s\",\"version\":%.*s,\"with_version\":%.*s}",
                                                                STR_ARG(gone), STR_ARG(version), STR_ARG(with_version)));
        str event = json_str(json_get(r.json, "event_id"));
        path = str_zero(&m->arena, str_print(&m->arena, "/api/customers/%.*s/unmerge", STR_ARG(kept)));
        r = twice(m, unmerge, path, str_print(&m->arena, "{\"event\":\"%.*s\",\"forget\":true}", STR_ARG(event)));
        int64_t of_kept = 0, of_gone = 0;
        m->places[unmerge].lost += !json_int(json_path(r.json, "kept.orders_count"), &of_kept) || of_kept != 1 ||
                                   !json_int(json_path(r.json, "gone.orders_count"), &of_gone) || of_gone != 1;
    }
    m->place = 0;
    process_kill(&m->server);
}

/* People's steps, an order of a file, and a push of a market, each time. */
static void die_while_working(struct morning *m, int times)
{
    for (int i = 0; crash_points[i]; i++)
        for (int again = 0; again < times && (strncmp(crash_points[i], "answer.", 7) == 0 || strncmp(crash_points[i], "outbox.", 7) == 0); again++) {
            start_for(m, i + 1);
            if (m->client.port && steps_some(m, 3) && order_put_in(m))
                (void)order_pushed(m);
            die_at(m, crash_points[i]);
        }
}

struct killer { pid_t pid; int64_t after_ms; };

static void *kill_later(void *ctx)
{
    struct killer *k = ctx;
    pause_ms(k->after_ms);
    kill(k->pid, SIGKILL);
    return NULL;
}

static void die_at_random_moments(struct morning *m, int times, int place)
{
    m->place = place;
    for (int i = 0; i < times; i++) {
        pthread_t thread;
        assert_true(server_start(m, NULL));
        struct killer k = { m->server.pid, (int64_t)(random_next(m) % 600) };
        assert_int_equal(pthread_create(&thread, NULL, kill_later, &k), 0);
        while (process_wait(&m->server, 0) < 0) {
            if (steps_some(m, 2) && order_put_in(m))
                (void)order_pushed(m);
            tick(m);
        }
        pthread_join(thread, NULL);
        m->places[place].kills++;
    }
    m->place = 0;
}

/* ---- mornings ---- */

static int place_named(const struct place *places, const char *name)
{
    int i = 0;
    while (strcmp(places[i].name, name) != 0)
        i++;
    return i;
}

static void one_morning(const struct test_store *store, struct place *places, int kills, int random)
{
    struct morning *m = morning_begin(store, places);
    die_while_reading(m, kills);
    if (kills)
        die_while_merging(m, kills, place_named(places, "merge.moved"), place_named(places, "unmerge.moved"));
    else
        process_kill(&m->server);
    die_while_working(m, kills);
    die_at_random_moments(m, random, place_named(places, "random moments"));
    assert_true(server_start(m, NULL));
    morning_end(m);
}

static void each_confirmation_takes_effect_once_however_often_the_server_dies(void **state)
{
    const struct test_store *first = *state;
    struct place places[PLACES_MAX] = { 0 };
    int kills = number_of("SAUDA_KILLS", KILLS_A_MORNING), random = number_of("SAUDA_RANDOM", 6);
    bool is_first = true;
    (void)places_init(places);
    while (kills > 0 || random > 0) {
        struct test_store store = *first;
        int k = kills < KILLS_A_MORNING ? kills : KILLS_A_MORNING, n = random < RANDOM_A_MORNING ? random : RANDOM_A_MORNING;
        if (!is_first)
            assert_true(test_store_filled(&store, first->is_postgres));
        one_morning(&store, places, k, n);
        if (!is_first)
            test_store_done(&store);
        is_first = false;
        kills  -= k;
        random -= n;
        if (kills > 0 || random > 0)
            places_print(places, "so far");
    }
    places_print(places, first->name);
}

static void wait_for_shop_name(struct morning *m, const char *name)
{
    for (int tries = 0; tries < 600; tries++) {
        struct client_reply r = must(&m->client, "GET", "/api/session", (str){ 0 });
        if (str_is(json_str(json_path(r.json, "shop.name")), name))
            return;
        pause_ms(20);
    }
    fail_msg("the other server never learns the shop's new name");
}

/* Rules that one server was told hold at the other, without a restart. */
static void rename_shop(struct morning *m, const char *name)
{
    struct client_reply r = must(&m->client, "GET", "/api/settings", (str){ 0 });
    struct http_header  version[] = { { STR("If-Match"), str_print(&m->arena, "\"%.*s\"", STR_ARG(json_str(json_get(r.json, "version")))) }, { { 0 }, { 0 } } };
    struct client_ask   q = { .method = "PATCH", .path = STR("/api/settings"), .body = str_print(&m->arena, "{\"shop_name\":\"%s\"}", name),
                              .extra = version };
    assert_int_equal(client_send(&m->client, &q).status, 200);
    change_seat(m);
    wait_for_shop_name(m, name);
}

/* SQLite has one server: a second one is refused (tests/cli). */
static void two_servers_share_a_shop_and_one_goes_on_when_the_other_dies(void **state)
{
    const struct test_store *store = *state;
    struct place places[PLACES_MAX] = { { .name = "one of two servers" } };
    if (!store->is_postgres)
        return;
    struct morning *m = morning_begin(store, places);
    change_seat(m);
    assert_true(server_start(m, NULL));
    all_orders_come(m);
    rename_shop(m, "Первый");
    rename_shop(m, "Второй");
    for (int i = 0; i < 16; i++) {                       /* a person's requests come now to the one, now to the other */
        (void)steps_some(m, 4);                          /* busy (503) is asked again at the end */
        change_seat(m);
        tick(m);
    }
    process_kill(&m->server);                            /* in the middle of its work */
    change_seat(m);
    m->other_port = 0;
    morning_end(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_confirmation_takes_effect_once_however_often_the_server_dies),
        cmocka_unit_test(two_servers_share_a_shop_and_one_goes_on_when_the_other_dies),
    };
    if (!getenv("SAUDA_EXE") || !getenv("SANDBOX_EXE")) {
        fputs("SAUDA_EXE and SANDBOX_EXE must name the programs\n", stderr);
        return 2;
    }
    return test_shops(tests, COUNT_OF(tests));
}
