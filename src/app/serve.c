/* serve.c - the server: everything that is started and stopped together, in this order. */
#include "app/app.h"

#include "accounts/accounts_http.h"
#include "app/assets/assets.h"
#include "app/erasures.h"
#include "app/example.h"
#include "app/parts.h"
#include "app/presence_http.h"
#include "app/servers.h"
#include "app/supervisor.h"
#include "db/migrate.h"
#include "deadlines/deadlines_http.h"
#include "deadlines/shop_store.h"
#include "events/event.h"
#include "http/http.h"
#include "net/http_client.h"
#include "orders/customers_http.h"
#include "orders/order_flow.h"
#include "returns/return_tick_flow.h"
#include "sync/sync.h"
#include "webhooks/webhook_http.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define DRAIN_MS 5000

/* ---- what handlers reach through the request ---- */

struct sync_engine *request_sync(const struct request *rq)
{
    const struct app *app = rq->app;
    return app->sync;
}

struct accounts *request_accounts(const struct request *rq)
{
    struct app *app = rq->app;
    return &app->accounts;
}

struct webhook_house request_webhooks(const struct request *rq)
{
    const struct app *app = rq->app;
    return (struct webhook_house){ &app->key, app->config->allow_private_hosts };
}

bool request_erasures_keep(struct request *rq, struct err *err)
{
    return erasures_keep(rq->app, rq->work.db, rq->work.arena, err);
}

static void prepare(struct request *rq)
{
    struct app *app = rq->app;
    rq->work.shop    = atomic_load(&app->shop);
    rq->work.weights = rq->work.shop->weights;
}

/* Figures by day follow the shop's zone, deadlines of open orders, returns and claims a change of the rules, in transactions behind the reply. */
static void recompute_once(struct app *app)
{
    struct arena arena = { 0 };
    struct err   err   = { 0 };
    struct work  w;
    rid          last = { 0 };

    if (!app_days_follow(app, &err))
        log_error(&app->log, "days.count", LOG_TEXT("error", err.item[0].text));
    err = (struct err){ 0 };
    app_work(app, &arena, &w);
    do {
        rid after = last;
        if (!deadlines_recompute(&w, after, 500, &last, &err)) {
            log_error(&app->log, "deadlines.recompute", LOG_TEXT("error", err.item[0].text));
            break;
        }
        arena_reset(&arena);
    } while (id_is_set(last));
    struct return_walk walk = { 0 };
    do {
        arena_reset(&arena);
        err = (struct err){ 0 };
        if (!return_clocks_again(&w, 500, &walk, &err)) {
            log_error(&app->log, "deadlines.recompute", LOG_TEXT("error", err.item[0].text));
            break;
        }
    } while (walk.more);
    app_work_done(&w);
    arena_done(&arena);
}

/* A change that comes while orders are reckoned by the one before it is not lost: they are reckoned once more. */
static void *recompute(void *ctx)
{
    struct app *app  = ctx;
    int         once;
    do {
        atomic_store(&app->recomputing, RECOMPUTING);
        recompute_once(app);
        once = RECOMPUTING;
    } while (!atomic_compare_exchange_strong(&app->recomputing, &once, RECOMPUTING_NOT));
    return NULL;
}

void request_shop_changed(struct request *rq)
{
    if (rq->work.db && db_in_tx(rq->work.db)) {     /* nothing has changed yet for anybody else */
        rq->after = request_shop_changed;
        return;
    }
    struct app *app = rq->app;
    struct err  err = { 0 };
    pthread_t   thread;
    if (!app_shop_reload(app, &err)) {
        log_error(&app->log, "shop.reload", LOG_TEXT("error", err.item[0].text));
        return;
    }
    db_tell_others(app->pool, DB_WORD_SHOP);
    if (atomic_exchange(&app->recomputing, RECOMPUTING_AGAIN) != RECOMPUTING_NOT)
        return;
    if (pthread_create(&thread, NULL, recompute, app) == 0)
        pthread_detach(thread);
    else
        atomic_store(&app->recomputing, RECOMPUTING_NOT);
}

/* A job has learnt weights: what they say holds for all from now on, here and at the other servers. */
static void rules_changed(void *ctx)
{
    struct app *app = ctx;
    struct err  err = { 0 };
    if (!app_shop_reload(app, &err))
        log_error(&app->log, "shop.reload", LOG_TEXT("error", err.item[0].text));
    db_tell_others(app->pool, DB_WORD_SHOP);
}

static const struct shop *newest_shop(void *ctx)
{
    struct app *app = ctx;
    return atomic_load(&app->shop);
}

/* A clock that stands still would never give a new token: waiting for one moves it. */
static void pause_moves_clock(void *ctx, int64_t ms)
{
    struct app *app = ctx;
    clock_advance(&app->clock, ms);
}

static bool clock_stands(const struct app *app)
{
    return app->config->control_token.len && app->config->clock.len && !str_ends(app->config->clock, STR("+"));
}

/* ---- live events ---- */

static bool live_read(struct db *db, int64_t after, int max, struct arena *a, struct live_event_list *out, struct err *err)
{
    struct event_list list = { 0 };
    if (!event_after(db, after, max, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct event *e = &list.at[i];
        *live_event_list_add(out, a) = (struct live_event){
            .id = e->id, .account_id = e->account_id, .permission = PERM_ORDERS_SEE, .name = e->kind, .data = e->data,
        };
    }
    return true;
}

static void look(struct app *app, bool work_too)
{
    live_wake(app->live);
    if (app->sync && work_too)
        sync_wake(app->sync);
}

/* After a commit that told something: screens look, here and at the other servers; and our workers. Those of the others look each second
 * anyway; were they woken too, every server would begin what only one of them finds to be done. */
static void news(void *ctx)
{
    struct app *app = ctx;
    look(app, true);
    db_tell_others(app->pool, app->config->sync ? DB_WORD_EVENTS : DB_WORD_WORK);
}

/* Another server told us. */
static void told(void *ctx, enum db_word word)
{
    struct app *app = ctx;
    struct err  err = { 0 };
    if (word == DB_WORD_SHOP && !app_shop_reload(app, &err))
        log_error(&app->log, "shop.follow", LOG_TEXT("error", err.item[0].text));
    else
        look(app, word != DB_WORD_EVENTS);
}

static void servers_counted(void *ctx, int servers)
{
    struct app *app = ctx;
    pacer_share(sync_pacer(app->sync), servers);
}

static void place_lost(void *ctx)
{
    struct app *app = ctx;
    log_error(&app->log, "servers.lost", LOG_TEXT("text", "another server holds our number: stopping"));
    kill(getpid(), SIGTERM);
}

/* ---- starting ---- */

static const struct route *const *tables_of(struct app *app)
{
    int n = 0, t = 0;
    while (api_routes[n])
        n++;
    while (test_routes[t])
        t++;
    const struct route **all = ARENA_ARRAY(&app->arena, const struct route *, n + t + 1);
    memcpy(all, api_routes, sizeof *all * (size_t)n);
    if (app->config->control_token.len)
        memcpy(all + n, test_routes, sizeof *all * (size_t)t);
    return all;
}

/* The schemas of all subjects in one list, as the document wants them. */
static const struct openapi_schema *schemas_of(struct app *app)
{
    int n = 0;
    for (int i = 0; api_schemas[i]; i++)
        for (int k = 0; api_schemas[i][k].name; k++)
            n++;
    struct openapi_schema *all = ARENA_ARRAY(&app->arena, struct openapi_schema, n + 1);
    n = 0;
    for (int i = 0; api_schemas[i]; i++)
        for (int k = 0; api_schemas[i][k].name; k++)
            all[n++] = api_schemas[i][k];
    return all;
}

static bool routes_open(struct app *app, struct err *err)
{
    const struct route *const *tables = tables_of(app);
    struct buf                 doc    = buf_in(&app->arena);
    app->router = router_new(&app->arena, tables, err);
    if (!app->router || !openapi_write(api_routes, schemas_of(app), &doc, err))
        return false;
    app->openapi = buf_str(&doc);
    return true;
}

static bool sync_begin(struct app *app, struct err *err)
{
    struct sync_options o = {
        .pool = app->pool, .ids = &app->ids, .clock = &app->clock, .log = &app->log, .shop = newest_shop, .rules_changed = rules_changed, .ctx = app,
        .client = &app->client, .key = app->key, .channels = app->channels,
        .audit_days = app->config->audit_days, .allow_private_hosts = app->config->allow_private_hosts,
        .mail_ca_file = app->config->mail_ca_file,
        .pause = clock_stands(app) ? pause_moves_clock : NULL,
        /* A port that the system picks is another one after each start, so it names nobody. */
        .server = str_ends(app->config->listen, STR(":0")) ? NULL : str_zero(&app->arena, app->config->listen),
    };
    struct http_client_options c = { .allow_private = app->config->allow_private_hosts };
    return http_client_open(&c, &app->client, err) && sync_open(&o, &app->sync, err);
}

static bool http_begin(struct app *app, struct err *err)
{
    struct http_options o = {
        .app = app, .router = app->router, .pool = app->pool, .ids = &app->ids, .clock = &app->clock, .log = &app->log,
        .request_threads = (int)app->config->request_threads, .authenticate = accounts_authenticate, .prepare = prepare,
        .idempotent_find = accounts_idempotent_find, .idempotent_save = accounts_idempotent_save, .asset_find = asset_find,
        .live = app->live, .server_name = "Sauda", .tell_statements = app->config->control_token.len > 0,
    };
    return config_listen(app->config->listen, &o.address, &o.port, err) && http_start(&o, &app->arena, &app->server, err);
}

/* A demo says at its sign-in page how to get in. */
static bool demo_words(struct app *app, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    return !atomic_load(&app->shop)->demo ||
           (setting_get(db, STR("demo_login"), &app->arena, &app->accounts.demo_login, err) &&
            setting_get(db, STR("demo_password"), &app->arena, &app->accounts.demo_password, err));
}

/* Ids of this process differ from those of the other servers before the first request, and from those that were here before. */
static bool servers_begin(struct app *app, struct err *err)
{
    char host[80] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = 0;
    struct servers_options o = {
        .pool = app->pool, .ids = &app->ids, .clock = &app->clock, .log = &app->log, .count = servers_counted, .lost = place_lost, .ctx = app,
        .host = str_zero(&app->arena, str_of(host)), .address = str_zero(&app->arena, app->config->listen),
    };
    return servers_join(&o, &app->servers, err) && db_on_told(app->pool, told, app, err);
}

static bool begin(struct app *app, struct err *err)
{
    struct live_options live = { .pool = app->pool, .log = &app->log, .read = live_read, .last = event_last };
    if (!routes_open(app, err) || !live_open(&live, &app->live, err))
        return false;
    app->accounts = (struct accounts){ .cache = session_cache_new(&app->arena), .live = app->live, .key = &app->key, .shop_words = request_shop_words, .version = STR("0.1.0") };
    app->presence = presence_room_new(&app->arena);
    db_on_signal(app->pool, news, app);
    /* Talking begins once the port is ours: a second server started by mistake must not send what the first one is sending. */
    return demo_words(app, err) && sync_begin(app, err) && servers_begin(app, err) && example_open(app, &app->example, err) && http_begin(app, err) && (!app->config->sync || sync_start(app->sync, err));
}

static void end(struct app *app)
{
    if (app->server)
        http_stop(app->server, DRAIN_MS);
    while (atomic_load(&app->recomputing) != RECOMPUTING_NOT)      /* it wakes the screens and the workers, so they outlive it */
        usleep(10000);
    db_news_stop(app->pool);
    if (app->sync) {
        http_client_stop(&app->client);
        sync_stop(app->sync);
    }
    servers_leave(app->servers);                        /* only now does nobody here make ids any more */
    if (app->sync) {
        sync_close(app->sync);
        http_client_close(&app->client);
    }
    example_close(app->example);
    if (app->live)
        live_close(app->live);
    if (app->accounts.cache)
        session_cache_done(app->accounts.cache);
    if (app->presence)
        presence_room_done(app->presence);
}

/* A connection of the pool becomes free and the database says something, be it an error. What hangs for ever never comes back from here, and
 * the manager starts us anew; a database that is away is no reason for that. */
static void be_alive(struct app *app)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    struct err ignored = { 0 };
    int        version;
    (void)!migrate_version(db, &version, &ignored);
}

/* Until somebody says stop; tells the manager meanwhile that we are alive. Returns the signal. */
static int work_until_told(struct app *app, const struct supervisor *manager, const sigset_t *stop)
{
    struct timespec period = { manager->period_ms / 1000, manager->period_ms % 1000 * 1000000 };
    int             got;
    if (!manager->period_ms) {
        sigwait(stop, &got);
        return got;
    }
    while ((got = sigtimedwait(stop, NULL, &period)) < 0) {
        be_alive(app);
        supervisor_say(manager, "WATCHDOG=1");
    }
    return got;
}

int app_serve(struct app *app, void (*ready)(struct app *, void *), void *ctx)
{
    struct supervisor manager;
    struct err        err = { 0 };
    sigset_t          stop;

    supervisor_open(&manager);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (!begin(app, &err)) {
        fprintf(stderr, "%s\n", err.item[0].text);
        end(app);
        supervisor_close(&manager);
        return 1;
    }
    if (ready)
        ready(app, ctx);
    supervisor_say(&manager, "READY=1");
    log_info(&app->log, "serve.started", LOG_INT("port", http_port(app->server)));
    int got = work_until_told(app, &manager, &stop);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);          /* a second signal ends at once; leases make that safe too */
    supervisor_say(&manager, "STOPPING=1");
    log_info(&app->log, "serve.stopping", LOG_INT("signal", got));
    end(app);
    supervisor_close(&manager);
    return 0;
}
