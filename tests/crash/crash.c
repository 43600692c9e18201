/* The morning of 129 orders while the server dies: at every named point and at random moments, as if the power had gone. In the
 * end each confirmation has taken effect at its market exactly once, and nothing that was acknowledged is lost.
 *
 * SAUDA_EXE and SANDBOX_EXE name the programs; SAUDA_SEED repeats the random moments. */
#include "base/clock.h"
#include "base/crash.h"
#include "crash/process.h"
#include "support/client.h"
#include "support/pg.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BEGIN_MS     INT64_C(1797393840000)    /* 2026-12-16T04:04:00Z */
#define ORDERS       129
#define RANDOM_KILLS 6
#define TICK_MS      4000                      /* the clocks run ahead, so that pace limits do not take our time */
#define TOKEN        "control"
#define WB_TOKEN     "eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6MX0.c2ln"

/* What one order needs: Ozon hears nothing of a confirmation, so its orders are packed too. */
struct task { str id, number, channel; int done, steps; };

struct morning {
    struct arena   arena;
    const struct test_store *store;
    struct process server, markets;
    struct process other;               /* a second server of the same database */
    int            other_port;          /* 0: there is none */
    struct client  client, control;
    int64_t        now_ms;
    uint64_t       random;
    struct task    tasks[ORDERS + 20];
    int            count, kills;
};

static const char *const steps[] = { "confirm", "assemble", "ready" };

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

static uint64_t random_next(struct morning *m)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return m->random;
}

/* ---- the programs ---- */

static const char *text(struct morning *m, const char *fmt, const char *value)
{
    return str_zero(&m->arena, str_print(&m->arena, fmt, value));
}

static bool server_start(struct morning *m, const char *crash_at)
{
    const char *exe = getenv("SAUDA_EXE");
    const char *argv[] = { exe, "serve", NULL };
    str clock = instant_text(&m->arena, (instant){ m->now_ms });
    const char *env[] = {
        text(m, "SAUDA_HOME=%s", m->store->folder), text(m, "SAUDA_DB=%s", m->store->url), "SAUDA_LISTEN=127.0.0.1:0",
        "SAUDA_ALLOW_PRIVATE_HOSTS=yes", "SAUDA_LOG_LEVEL=error", "SAUDA_CONTROL_TOKEN=" TOKEN, "SAUDA_REQUEST_THREADS=4",
        str_zero(&m->arena, str_print(&m->arena, "SAUDA_CLOCK=%.*s+", STR_ARG(clock))),
        text(m, "SAUDA_CRASH_AT=%s", crash_at ? crash_at : ""), NULL,
    };
    if (!process_start(&m->server, argv, env))
        fail_msg("%s does not start", exe);
    m->client.port = process_port(&m->server, 20000);
    return m->client.port != 0;
}

static void markets_start(struct morning *m)
{
    const char *argv[] = { getenv("SANDBOX_EXE"), "--scene", "karapuz", "--no-limits", "--frozen", "--now", "2026-12-16T04:04:00Z",
                           "--control-token", TOKEN, NULL };
    const char *env[]  = { NULL };
    if (!process_start(&m->markets, argv, env))
        fail_msg("the sandbox does not start");
    client_open(&m->control, &m->arena, process_port(&m->markets, 20000));
    assert_true(m->control.port != 0);
}

static struct client_reply ask(struct client *c, const char *method, str path, str body, str key)
{
    struct http_header extra[] = { { STR("X-Control-Token"), STR(TOKEN) }, { key.len ? STR("Idempotency-Key") : (str){ 0 }, key },
                                   { { 0 }, { 0 } } };
    struct client_ask q = { .method = method, .path = path, .body = body, .extra = extra };
    return client_send(c, &q);
}

static struct client_reply must(struct client *c, const char *method, const char *path, str body)
{
    struct client_reply r = ask(c, method, str_of(path), body, (str){ 0 });
    if (r.status < 200 || r.status > 299)
        fail_msg("%s %s: %d %.*s", method, path, r.status, STR_ARG(utf8_cut(r.body, 500)));
    return r;
}

/* From now on we speak to the other server. */
static void change_seat(struct morning *m)
{
    struct process server = m->server;
    int            port   = m->client.port;
    m->server      = m->other;
    m->client.port = m->other_port;
    m->other       = server;
    m->other_port  = port;
}

/* All clocks; a server may be dead by now. */
static void tick(struct morning *m)
{
    str body = str_print(&m->arena, "{\"advance_ms\":%d}", TICK_MS);
    m->now_ms += TICK_MS;
    (void)must(&m->control, "POST", "/control/clock", body);
    for (int i = 0; i < (m->other_port ? 2 : 1); i++) {
        (void)ask(&m->client, "POST", STR("/test/clock"), body, (str){ 0 });
        if (m->other_port)
            change_seat(m);
    }
    pause_ms(10);
}

/* ---- the work ---- */

static void connect_markets(struct morning *m)
{
    static const struct { const char *channel, *prefix, *settings; } kinds[] = {
        { "kaspi", "/kaspi/shop/api", "{\"token\":\"shop-1-token\"}" }, { "wildberries", "/wb", "{\"token\":\"" WB_TOKEN "\"}" },
        { "ozon", "/ozon", "{\"client_id\":\"836\",\"api_key\":\"0296d4f2\"}" },
    };
    for (int i = 0; i < COUNT_OF(kinds); i++)
        (void)must(&m->client, "POST", "/api/accounts",
                   str_print(&m->arena, "{\"channel\":\"%s\",\"name\":\"%s\",\"base_url\":\"http://127.0.0.1:%d%s\",\"mode\":\"live\",\"settings\":%s}",
                             kinds[i].channel, kinds[i].channel, m->control.port, kinds[i].prefix, kinds[i].settings));
}

static void shop_make(struct morning *m)
{
    struct client_reply r = must(&m->client, "POST", "/api/setup", STR(
        "{\"shop_name\":\"Карапуз\",\"country\":\"KZ\",\"currency\":\"KZT\",\"time_zone\":\"Asia/Almaty\",\"name\":\"owner\","
        "\"login\":\"owner\",\"password\":\"vremya-otkryvat-1\",\"language\":\"ru\"}"));
    assert_true(client_signed_in(&m->client, &r));
    (void)must(&m->client, "PATCH", "/api/session", STR("{\"hold_s\":0}"));
}

/* The server must die at the point by itself; what it is told meanwhile may be lost or not. */
static void die_at(struct morning *m, const char *point)
{
    for (int tries = 0; tries < 300; tries++) {
        int code = process_wait(&m->server, 10);
        if (code == 137) {
            m->kills++;
            return;
        }
        if (code >= 0)
            fail_msg("at %s the server ended with %d", point, code);
        tick(m);
    }
    fail_msg("the server never came to %s", point);
}

static int new_orders(struct morning *m)
{
    struct client_reply r = ask(&m->client, "GET", STR("/api/queue?status=new&limit=200"), (str){ 0 }, (str){ 0 });
    const struct json *items = json_get(r.json, "items");
    m->count = 0;
    JSON_EACH(e, items) {
        if (m->count == COUNT_OF(m->tasks))
            break;
        str channel = json_str(json_get(e, "channel"));
        m->tasks[m->count++] = (struct task){ .id = json_str(json_get(e, "id")), .number = json_str(json_get(e, "number")), .channel = channel,
                                              .steps = str_is(channel, "ozon") ? 3 : 1 };
    }
    return m->count;
}

/* A remark beside each step, which nothing but its key keeps from being written twice. */
static bool note(struct morning *m, const struct task *t)
{
    str path = str_print(&m->arena, "/api/orders/%.*s/notes", STR_ARG(t->id));
    str key  = str_print(&m->arena, "note-%d-%.*s", t->done, STR_ARG(t->id));
    struct client_reply r = ask(&m->client, "POST", path, str_print(&m->arena, "{\"text\":\"step %d\"}", t->done), key);
    if (r.status != 0 && r.status != 201 && r.status != 503)
        fail_msg("%.*s: %d %.*s", STR_ARG(path), r.status, STR_ARG(utf8_cut(r.body, 400)));
    return r.status == 201;
}

/* One more step of one order. A lost answer is asked for again under the same key, and is then the answer of what was done. */
static bool step(struct morning *m, struct task *t)
{
    str path = str_print(&m->arena, "/api/orders/%.*s/%s", STR_ARG(t->id), steps[t->done]);
    str key  = str_print(&m->arena, "%s-%.*s", steps[t->done], STR_ARG(t->id));
    struct client_reply r = ask(&m->client, "POST", path, STR("{}"), key);
    if (r.status == 0)
        return false;
    if (r.status != 200 && r.status != 503)
        fail_msg("%.*s: %d %.*s", STR_ARG(path), r.status, STR_ARG(utf8_cut(r.body, 400)));
    if (r.status == 503)
        return true;
    if (!note(m, t))
        return false;
    t->done++;
    return true;
}

static bool steps_some(struct morning *m, int max)
{
    for (int i = 0; i < m->count && max > 0; i++)
        while (m->tasks[i].done < m->tasks[i].steps && max-- > 0)
            if (!step(m, &m->tasks[i]))
                return false;
    return true;
}

static int steps_left(const struct morning *m)
{
    int left = 0;
    for (int i = 0; i < m->count; i++)
        left += m->tasks[i].steps - m->tasks[i].done;
    return left;
}

/* ---- dying ---- */

static void die_while_reading(struct morning *m)
{
    process_kill(&m->server);
    static const char *const points[] = { "intake.mapped", "intake.applied", "cursor.saved", "intake.applied" };
    for (int i = 0; i < COUNT_OF(points); i++) {
        (void)server_start(m, points[i]);
        die_at(m, points[i]);
    }
    assert_true(server_start(m, NULL));
    for (int tries = 0; new_orders(m) < ORDERS && tries < 200; tries++)
        tick(m);
    assert_int_equal(m->count, ORDERS);
    process_kill(&m->server);
}

/* Nobody merges cards on this morning; tests/unit/merge.c dies there. */
static bool is_of_customers(const char *point)
{
    return strstr(point, "merge.") != NULL || strncmp(point, "key.", 4) == 0;       /* tests/cli/rekey.sh dies there */
}

static bool is_of_intake(const char *point) { return strncmp(point, "intake.", 7) == 0 || strcmp(point, "cursor.saved") == 0; }

static void die_at_every_point(struct morning *m)
{
    for (int i = 0; crash_points[i]; i++)
        for (int again = 0; again < 2 && !is_of_intake(crash_points[i]) && !is_of_customers(crash_points[i]); again++) {
            if (server_start(m, crash_points[i]))
                (void)steps_some(m, 3);
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

static void die_at_random_moments(struct morning *m)
{
    for (int i = 0; i < RANDOM_KILLS; i++) {
        pthread_t thread;
        assert_true(server_start(m, NULL));
        struct killer k = { m->server.pid, (int64_t)(random_next(m) % 300) };
        assert_int_equal(pthread_create(&thread, NULL, kill_later, &k), 0);
        while (process_wait(&m->server, 0) < 0) {
            (void)steps_some(m, 4);
            tick(m);
        }
        pthread_join(thread, NULL);
        m->kills++;
    }
}

/* ---- the end ---- */

static void finish(struct morning *m)
{
    for (int tries = 0; steps_left(m) > 0 && tries < 400; tries++)
        (void)steps_some(m, 1000);
    assert_int_equal(steps_left(m), 0);
    int waiting = -1;
    for (int tries = 0; waiting != 0 && tries < 600; tries++) {
        tick(m);
        struct client_reply r = must(&m->client, "GET", "/api/outbox?state=held,queued,sending", (str){ 0 });
        waiting = json_get(r.json, "items")->count;
    }
    assert_int_equal(waiting, 0);
    struct client_reply r = must(&m->client, "GET", "/api/outbox?state=dead,refused", (str){ 0 });
    if (json_get(r.json, "items")->count)
        fail_msg("commands were given up: %.*s", STR_ARG(utf8_cut(r.body, 1500)));
    r = must(&m->client, "GET", "/api/queue/counts?status=new", (str){ 0 });
    assert_string_equal(str_zero(&m->arena, json_str(json_path(r.json, "total.count"))), "0");
}

/* A market may forgive a repetition. We do not count on that: what may have been said is read back, not said again. */
static void every_market_heard_it_once(struct morning *m)
{
    struct client_reply r = must(&m->control, "GET", "/control/received", (str){ 0 });
    for (int i = 0; i < m->count; i++) {
        const struct task *t = &m->tasks[i];
        const char *op = str_is(t->channel, "kaspi") ? "accept" : str_is(t->channel, "ozon") ? "ship" : "confirm";
        int applied = 0, told = 0;
        JSON_EACH(e, json_get(r.json, "items")) {
            bool is_it = str_is(json_str(json_get(e, "op")), op) && str_eq(json_str(json_get(e, "number")), t->number);
            told    += is_it;
            applied += is_it && json_true(json_get(e, "applied"));
        }
        if (applied != 1)
            fail_msg("%.*s %.*s: %s took effect %d times", STR_ARG(t->channel), STR_ARG(t->number), op, applied);
        if (told != 1)
            fail_msg("%.*s %.*s: %s was said %d times; it must be read back instead", STR_ARG(t->channel), STR_ARG(t->number), op, told);
    }
}

static void nothing_acknowledged_is_lost(struct morning *m)
{
    for (int i = 0; i < m->count; i++) {
        struct client_reply r = must(&m->client, "GET", str_zero(&m->arena, str_print(&m->arena, "/api/orders/%.*s", STR_ARG(m->tasks[i].id))), (str){ 0 });
        str status = json_str(json_get(r.json, "status"));
        const char *wanted = m->tasks[i].steps == 3 ? "ready_to_ship" : "confirmed";
        if (!str_is(status, wanted))
            fail_msg("%.*s is %.*s, not %s", STR_ARG(m->tasks[i].number), STR_ARG(status), wanted);
        int moves = 0;
        JSON_EACH(e, json_get(r.json, "history"))
            moves += str_is(json_str(json_get(e, "to")), wanted);
        if (moves != 1)
            fail_msg("%.*s became %s %d times", STR_ARG(m->tasks[i].number), wanted, moves);
        int notes = json_get(r.json, "notes") ? json_get(r.json, "notes")->count : 0;
        if (notes != m->tasks[i].steps)
            fail_msg("%.*s has %d notes, not %d", STR_ARG(m->tasks[i].number), notes, m->tasks[i].steps);
    }
}

static void the_database_is_sound(struct morning *m)
{
    struct process check;
    const char *argv[] = { getenv("SAUDA_EXE"), "check", NULL };
    const char *env[]  = { text(m, "SAUDA_HOME=%s", m->store->folder), text(m, "SAUDA_DB=%s", m->store->url), NULL };
    assert_true(process_start(&check, argv, env));
    int code = process_wait(&check, 30000);
    if (code == 2)
        fputs("SKIPPED: sauda check, for this program has no such command\n", stderr);
    else if (code != 0)
        fail_msg("sauda check ends with %d", code);
}

static struct morning *morning_begin(const struct test_store *store)
{
    struct morning *m    = calloc(1, sizeof *m);
    const char     *seed = getenv("SAUDA_SEED");
    assert_non_null(m);
    *m = (struct morning){ .store = store, .now_ms = BEGIN_MS, .random = seed ? strtoull(seed, NULL, 10) : (uint64_t)clock_tick_ns() | 1 };
    fprintf(stderr, "SAUDA_SEED=%llu\n", (unsigned long long)m->random);
    markets_start(m);
    client_open(&m->client, &m->arena, 0);
    m->client.is_new = true;
    assert_true(server_start(m, NULL));
    shop_make(m);
    connect_markets(m);
    return m;
}

static void morning_end(struct morning *m)
{
    every_market_heard_it_once(m);
    nothing_acknowledged_is_lost(m);
    kill(m->server.pid, SIGTERM);
    assert_int_equal(process_wait(&m->server, 15000), 0);
    the_database_is_sound(m);

    process_kill(&m->markets);
    client_close(&m->client);
    client_close(&m->control);
    arena_done(&m->arena);
    free(m);
}

static void each_confirmation_takes_effect_once_however_often_the_server_dies(void **state)
{
    struct morning *m = morning_begin(*state);
    die_while_reading(m);
    die_at_every_point(m);
    die_at_random_moments(m);
    assert_true(server_start(m, NULL));
    finish(m);
    morning_end(m);
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
    if (!store->is_postgres)
        return;
    struct morning *m = morning_begin(store);
    change_seat(m);
    assert_true(server_start(m, NULL));
    for (int tries = 0; new_orders(m) < ORDERS && tries < 400; tries++)
        tick(m);
    assert_int_equal(m->count, ORDERS);
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
    finish(m);
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
    return test_stores(tests, COUNT_OF(tests));
}
