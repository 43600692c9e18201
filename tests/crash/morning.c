#include "crash/morning.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BEGIN_MS INT64_C(1797393840000) /* 2026-12-16T04:04:00Z */
#define TICK_MS  4000                   /* the clocks run ahead, so that pace limits do not take our time */
#define TOKEN    "control"
#define WB_TOKEN "eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6MX0.c2ln"

static const char *const steps[] = { "confirm", "assemble", "ready" };

void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

uint64_t random_next(struct morning *m)
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

bool server_start(struct morning *m, const char *crash_at)
{
    const char *exe = m->exe ? m->exe : getenv("SAUDA_EXE");
    const char *argv[] = { exe, "serve", NULL };
    str clock = instant_text(&m->arena, (instant){ m->now_ms });
    const char *env[10 + COUNT_OF(m->more)] = {
        text(m, "SAUDA_HOME=%s", m->store->folder), text(m, "SAUDA_DB=%s", m->store->url), "SAUDA_LISTEN=127.0.0.1:0",
        "SAUDA_ALLOW_PRIVATE_HOSTS=yes", "SAUDA_LOG_LEVEL=error", "SAUDA_CONTROL_TOKEN=" TOKEN, "SAUDA_REQUEST_THREADS=4",
        str_zero(&m->arena, str_print(&m->arena, "SAUDA_CLOCK=%.*s+", STR_ARG(clock))),
        text(m, "SAUDA_CRASH_AT=%s", crash_at ? crash_at : ""), NULL,
    };
    for (int i = 0; i < COUNT_OF(m->more); i++)
        env[9 + i] = m->more[i];
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

struct client_reply ask(struct client *c, const char *method, str path, str body, str key)
{
    struct http_header extra[] = { { STR("X-Control-Token"), STR(TOKEN) }, { key.len ? STR("Idempotency-Key") : (str){ 0 }, key },
                                   { { 0 }, { 0 } } };
    struct client_ask q = { .method = method, .path = path, .body = body, .extra = extra };
    return client_send(c, &q);
}

struct client_reply must(struct client *c, const char *method, const char *path, str body)
{
    struct client_reply r = ask(c, method, str_of(path), body, (str){ 0 });
    if (r.status < 200 || r.status > 299)
        fail_msg("%s %s: %d %.*s", method, path, r.status, STR_ARG(utf8_cut(r.body, 500)));
    return r;
}

void change_seat(struct morning *m)
{
    struct process server = m->server;
    int            port   = m->client.port;
    m->server      = m->other;
    m->client.port = m->other_port;
    m->other       = server;
    m->other_port  = port;
}

void tick(struct morning *m)
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

static void connect_markets(struct morning *m)
{
    static const struct { const char *channel, *prefix, *settings; } kinds[] = {
        { "kaspi", "/kaspi/shop/api", "{\"token\":\"shop-1-token\"}" }, { "wildberries", "/wb", "{\"token\":\"" WB_TOKEN "\"}" },
        { "ozon", "/ozon", "{\"client_id\":\"836\",\"api_key\":\"0296d4f2\"}" },
    };
    for (int i = 0; i < COUNT_OF(kinds); i++) {
        struct client_reply r = must(&m->client, "POST", "/api/accounts",
                   str_print(&m->arena, "{\"channel\":\"%s\",\"name\":\"%s\",\"base_url\":\"http://127.0.0.1:%d%s\",\"mode\":\"live\",\"settings\":%s}",
                             kinds[i].channel, kinds[i].channel, m->control.port, kinds[i].prefix, kinds[i].settings));
        str hook = json_str(json_get(r.json, "hook_path"));
        if (hook.len)
            m->hook = hook;
    }
    assert_true(m->hook.len > 0);
}

static void shop_make(struct morning *m)
{
    struct client_reply r = must(&m->client, "POST", "/api/setup", STR(
        "{\"shop_name\":\"Карапуз\",\"country\":\"KZ\",\"currency\":\"KZT\",\"time_zone\":\"Asia/Almaty\",\"name\":\"owner\","
        "\"login\":\"owner\",\"password\":\"vremya-otkryvat-1\",\"language\":\"ru\"}"));
    assert_true(client_signed_in(&m->client, &r));
    (void)must(&m->client, "PATCH", "/api/session", STR("{\"hold_s\":0}"));
}

struct morning *morning_begin_with(const struct test_store *store, struct place *places, const char *exe, const char *const *more)
{
    struct morning *m    = calloc(1, sizeof *m);
    const char     *seed = getenv("SAUDA_SEED");
    assert_non_null(m);
    *m = (struct morning){ .store = store, .exe = exe, .now_ms = BEGIN_MS, .places = places,
                           .random = seed ? strtoull(seed, NULL, 10) : (uint64_t)clock_tick_ns() | 1 };
    for (int i = 0; more && more[i]; i++)
        m->more[i] = more[i];
    fprintf(stderr, "SAUDA_SEED=%llu\n", (unsigned long long)m->random);
    markets_start(m);
    client_open(&m->client, &m->arena, 0);
    m->client.is_new = true;
    assert_true(server_start(m, NULL));
    shop_make(m);
    connect_markets(m);
    return m;
}

struct morning *morning_begin(const struct test_store *store, struct place *places) { return morning_begin_with(store, places, NULL, NULL); }

/* ---- the work ---- */

static bool is_task(const struct morning *m, str id)
{
    for (int i = 0; i < m->count; i++)
        if (str_eq(m->tasks[i].id, id))
            return true;
    return false;
}

int tasks_find(struct morning *m)
{
    struct client_reply r = ask(&m->client, "GET", STR("/api/queue?status=new&limit=200"), (str){ 0 }, (str){ 0 });
    JSON_EACH(e, json_get(r.json, "items")) {
        str channel = json_str(json_get(e, "channel")), id = json_str(json_get(e, "id"));
        if (m->count == COUNT_OF(m->tasks) || is_task(m, id) || str_is(channel, "manual"))
            continue;
        m->tasks[m->count++] = (struct task){ .id = id, .number = json_str(json_get(e, "number")), .channel = channel,
                                              .steps = str_is(channel, "ozon") ? 3 : 1 };
    }
    return m->count;
}

void all_orders_come(struct morning *m)
{
    for (int tries = 0; tasks_find(m) < MORNING_ORDERS && tries < 400; tries++)
        tick(m);
    assert_true(m->count >= MORNING_ORDERS);
}

static void acknowledged(struct morning *m) { m->places[m->place].acknowledged++; }

static bool is_refusal(int status) { return status == 0 || status == 503 || status == 507; }

/* A remark beside each step, which nothing but its key keeps from being written twice. */
static bool note(struct morning *m, const struct task *t)
{
    str path = str_print(&m->arena, "/api/orders/%.*s/notes", STR_ARG(t->id));
    str key  = str_print(&m->arena, "note-%d-%.*s", t->done, STR_ARG(t->id));
    struct client_reply r = ask(&m->client, "POST", path, str_print(&m->arena, "{\"text\":\"step %d\"}", t->done), key);
    if (!is_refusal(r.status) && r.status != 201)
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
    if (!is_refusal(r.status) && r.status != 200)
        fail_msg("%.*s: %d %.*s", STR_ARG(path), r.status, STR_ARG(utf8_cut(r.body, 400)));
    if (r.status != 200)
        return true;
    if (!note(m, t))
        return false;
    t->at[t->done++] = m->place;
    acknowledged(m);
    return true;
}

bool steps_some(struct morning *m, int max)
{
    for (int i = 0; i < m->count && max > 0; i++)
        while (m->tasks[i].done < m->tasks[i].steps && max-- > 0)
            if (!step(m, &m->tasks[i]))
                return false;
    return true;
}

int steps_left(const struct morning *m)
{
    int left = 0;
    for (int i = 0; i < m->count; i++)
        left += m->tasks[i].steps - m->tasks[i].done;
    return left;
}

static void promise(struct morning *m, str number)
{
    *promise_list_add(&m->promised, &m->arena) = (struct promise){ number, m->place };
    acknowledged(m);
}

bool order_put_in(struct morning *m)
{
    str number = str_print(&m->arena, "8800%05d", ++m->files);
    str body   = str_print(&m->arena, "{\"number\":\"%.*s\",\"grand_total\":\"1200.00\",\"currency\":\"KZT\",\"placed_at\":\"2026-12-16T03:00:00Z\"}",
                           STR_ARG(number));
    struct client_reply r = ask(&m->client, "POST", STR("/api/import/orders"), body, (str){ 0 });
    if (!is_refusal(r.status) && r.status != 200)
        fail_msg("import: %d %.*s", r.status, STR_ARG(utf8_cut(r.body, 400)));
    int64_t made = 0;
    if (r.status == 200 && (!json_int(json_get(r.json, "new"), &made) || made != 1))
        fail_msg("import: %.*s", STR_ARG(utf8_cut(r.body, 400)));
    if (made == 1)
        promise(m, number);
    return r.status != 0;
}

/* The push is no more than a hint; but who answers it with yes has taken the duty to look. */
bool order_pushed(struct morning *m)
{
    struct client_reply made = must(&m->control, "POST", "/control/order", STR("{\"market\":\"ozon\",\"fate\":\"stays\"}"));
    str number = json_str(json_get(made.json, "number"));
    str body   = str_print(&m->arena, "{\"message_type\":\"TYPE_NEW_POSTING\",\"posting_number\":\"%.*s\"}", STR_ARG(number));
    struct client_reply r = ask(&m->client, "POST", m->hook, body, (str){ 0 });
    if (!is_refusal(r.status) && r.status != 200)
        fail_msg("push: %d %.*s", r.status, STR_ARG(utf8_cut(r.body, 400)));
    if (r.status == 200)
        promise(m, number);
    return r.status != 0;
}
