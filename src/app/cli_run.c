/* cli_run.c - `sauda run`: sandbox, demo shop and server in one process; the first thing anybody sees of Sauda. */
#include "app/cli.h"
#include "app/demo.h"
#include "http/http.h"
#include "sandbox/sandbox.h"
#include "sync/channel_account_store.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define SANDBOX_PORT 8090

struct running {
    struct cli      *cli;
    struct app       app;
    struct sandbox  *sandbox;
    pthread_t        waker;
    atomic_bool      is_over;
    bool             is_new;
    instant          stands_at;         /* not set: the clock runs */
};

/* With a clock that stands, nobody would ever have waited long enough for the next call of a market. So it runs until every
 * stream was read once, and then stands at its moment. */
static void clock_settle(struct running *r)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(r->app.pool);
    struct stream_row_list streams = { 0 };
    struct err ignored = { 0 };
    bool all = streams_all(db, &arena, &streams, &ignored) && streams.count > 0;
    for (int i = 0; i < streams.count; i++)
        all = all && instant_is_set(streams.at[i].last_run_at) && !streams.at[i].lease_until;
    if (!all)
        return;
    clock_freeze(&r->app.clock, r->stands_at);
    r->stands_at = (instant){ 0 };
}

/* The markets live on by themselves: new orders, couriers, buyers. */
static void *markets_live(void *ctx)
{
    struct running *r = ctx;
    while (!atomic_load(&r->is_over)) {
        sandbox_wake(r->sandbox);
        if (instant_is_set(r->stands_at))
            clock_settle(r);
        usleep(500000);
    }
    return NULL;
}

/* Was this setting given, or is it the default? */
static bool is_default(const struct cli *cli, const char *name)
{
    for (int i = 0; i < config_record.count; i++)
        if (strcmp(config_record.fields[i].name, name) == 0)
            return strcmp(cli->sources[i], "default") == 0;
    return false;
}

/* Where a demo lives: beside the real data, a folder per clock, so that a picture's fixed day does not meet today's orders. */
static str folder_choose(const struct cli *cli)
{
    struct arena *a = cli->arena;
    str   clock  = cli->config.clock;
    char *folder = str_zero(a, str_print(a, "%.*s/demo%s%.*s", STR_ARG(cli->config.home), clock.len ? "-" : "", STR_ARG(clock)));
    for (char *c = folder + cli->config.home.len; *c; c++)
        if (*c == ':' || *c == '+')
            *c = '_';
    return str_of(folder);
}

static void defaults_set(struct cli *cli, str folder)
{
    struct arena  *a = cli->arena;
    struct config *c = &cli->config;
    if (is_default(cli, "db"))
        c->db = str_print(a, "sqlite:%.*s/sauda.db", STR_ARG(folder));
    if (is_default(cli, "key_file"))
        c->key_file = str_print(a, "%.*s/sauda.key", STR_ARG(folder));
    if (is_default(cli, "log_level"))
        c->log_level = STR("warn");
    c->allow_private_hosts = true;
}

/* The port of last time if it is free, so that nothing has to be changed; else any. */
static bool sandbox_open(struct running *r, str folder, struct err *err)
{
    str  clock = r->cli->config.clock;
    bool runs  = str_ends(clock, STR("+"));
    struct err taken = { 0 };
    struct sandbox_options o = { .port = SANDBOX_PORT, .data = folder, .scene = STR("karapuz"), .control_token = r->cli->config.control_token };
    if (clock.len && !instant_parse(str_sub(clock, 0, clock.len - runs), &o.now))
        return err_set(err, ERR_SETTING, "clock", "must be a time such as 2026-12-16T04:04:00Z");
    o.frozen    = clock.len && !runs;
    o.no_limits = o.frozen;             /* token buckets follow the clock: one that stands would never fill them again */
    if (o.frozen) {
        r->stands_at = o.now;
        clock_run_from(&r->app.clock, o.now);
    }
    if (sandbox_start(&o, &r->sandbox, &taken))
        return true;
    o.port = 0;
    return sandbox_start(&o, &r->sandbox, err);
}

static bool shop_open(struct running *r, struct err *err)
{
    str  address = str_print(r->cli->arena, "http://127.0.0.1:%d", sandbox_port(r->sandbox));
    bool is_demo, is_empty;
    if (!demo_look(&r->app, &is_demo, &is_empty, err))
        return false;
    r->is_new = is_empty;
    if (is_empty)
        return demo_fill(&r->app, address, err);
    if (!is_demo)
        return err_set(err, ERR_CONFLICT, "db", "%.*s holds a real shop; `sauda run` is for the demo, `sauda serve` for yours",
                       STR_ARG(utf8_cut(r->cli->config.db, 120)));
    return demo_connect(&r->app, address, err);
}

static void say_ready(struct app *app, void *ctx)
{
    struct running *r = ctx;
    str        address;
    int        port;
    struct err ignored = { 0 };
    if (!config_listen(r->cli->config.listen, &address, &port, &ignored))
        return;
    bool is_v6 = str_has(address, STR(":"));
    printf("\nSauda:    http://%s%.*s%s:%d\nSign in:  " DEMO_LOGIN "\nPassword: " DEMO_PASSWORD "\n"
           "Markets:  http://127.0.0.1:%d (Kaspi, Wildberries and Ozon, played)\n\n%sCtrl-C stops all of it.\n",
           is_v6 ? "[" : "", STR_ARG(address), is_v6 ? "]" : "", http_port(app->server), sandbox_port(r->sandbox),
           r->is_new ? "A new demo shop: its orders arrive within a minute. " : "");
    fflush(stdout);
}

static int run_all(struct running *r, struct err *err)
{
    str folder = folder_choose(r->cli);
    defaults_set(r->cli, folder);
    if (!cli_folder(r->cli->arena, folder, err) || !cli_app(r->cli, &r->app, APP_SERVES, err))
        return EXIT_WRONG;
    if (!sandbox_open(r, folder, err)) {
        app_close(&r->app);
        return EXIT_WRONG;
    }
    bool ok   = shop_open(r, err);
    int  code = EXIT_WRONG;
    if (ok && pthread_create(&r->waker, NULL, markets_live, r) != 0)
        ok = err_set(err, ERR_INTERNAL, NULL, "no thread for the sandbox");
    if (ok) {
        code = app_serve(&r->app, say_ready, r);
        atomic_store(&r->is_over, true);
        pthread_join(r->waker, NULL);
    }
    sandbox_stop(r->sandbox);
    app_close(&r->app);
    return code;
}

static int run_run(struct cli *cli, struct err *err)
{
    static struct running r;
    sigset_t ends;
    r.cli = cli;
    /* Before any thread: a signal is for app_serve, which waits for it, and not for a thread of the sandbox. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    return run_all(&r, err);
}

const struct cli_command run_command = {
    .name = "run", .doc = "start a demo: shop, server and three played marketplaces",
    .text = "Starts the sandbox that plays Kaspi, Wildberries and Ozon, the demo shop «Карапуз» (filled at the first start) and the server,\n"
            "all in one process; prints the address and the login. Ctrl-C stops all of it. Everything is kept in <home>/demo; the next\n"
            "start goes on where this one ended. Take the folder away to begin anew. Settings of `sauda serve` work here too.\n"
            "\n"
            "  sauda run\n"
            "  sauda run --listen 127.0.0.1:9000\n"
            "  sauda run --clock 2026-12-16T04:04:00Z       the fixture's morning; the clock stands still (with + behind it, it runs)",
    .settings = true, .run = run_run,
};
