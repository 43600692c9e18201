/* app.h - everything that lives as long as the process, passed down; and how a program of ours opens the house.
 *
 *     struct app app;
 *     if (!app_open(&app, &config, APP_READ_WRITE, err)) …     // key, database, migrations, shop
 *     struct work w; app_work(&app, &arena, &w);                // borrow a connection for one piece of work
 *     …
 *     app_work_done(&w);
 *     app_close(&app);
 */
#pragma once
#include "accounts/accounts_http.h"
#include "app/config.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "db/work.h"
#include "deadlines/shop.h"
#include "http/live.h"
#include "net/http_client.h"

#include <pthread.h>

struct channel;
struct sync_engine;
struct presence_room;
struct servers;
struct example_room;

enum recomputing { RECOMPUTING_NOT, RECOMPUTING, RECOMPUTING_AGAIN };      /* again: the rules changed meanwhile */

struct app {
    struct arena        arena;          /* of the process: options, tables made at start */
    struct clock        clock;
    struct log          log;
    struct id_source    ids;
    const struct config *config;
    struct db_pool     *pool;
    struct secret_key   key;
    _Atomic(const struct shop *) shop;  /* newest snapshot; older ones are kept until the end */
    pthread_mutex_t     shop_lock;      /* one reads it anew at a time: what is read last is what was true last */
    struct sync_engine *sync;           /* NULL unless serving */
    const struct channel *const *channels;               /* of the engine; NULL: those of channels/channels.c */
    struct http_client  client;
    struct accounts     accounts;
    atomic_int          recomputing;    /* enum recomputing: deadlines follow a change of the rules */
    struct live_hub    *live;
    struct presence_room *presence;     /* who has which order open; NULL unless serving */
    struct http_server *server;
    struct servers     *servers;        /* our place among those that share the database; NULL on SQLite and unless serving */
    struct example_room *example;       /* the markets of the example; NULL unless serving */
    const struct router *router;
    str                 openapi;        /* the API document */
};

/* APP_SERVES: reads and writes, and no other program may serve the same SQLite file. */
enum app_mode { APP_READ_WRITE, APP_READ_ONLY, APP_SERVES };
/* Loads the key, opens the database, checks the records against the columns, loads the shop. Missing migrations are applied by a server and in
 * a new database; any other command refuses an older one, for an older server may be at work on it. Errors are whole sentences for the
 * person at the terminal. */
MUST_CHECK bool app_open(struct app *, const struct config *, enum app_mode, struct err *);
void app_close(struct app *);

/* One piece of work of the system itself (actor SYSTEM). The arena must outlive it. */
void app_work(struct app *, struct arena *, struct work *);
void app_work_done(struct work *);

/* Reads the shop anew after a change of settings, policies or calendars. */
MUST_CHECK bool app_shop_reload(struct app *, struct err *);

/* Figures by day are of days in the shop's zone; counts them anew when they are not. */
MUST_CHECK bool app_days_follow(struct app *, struct err *);

/* The whole server until SIGINT or SIGTERM. `ready` is called once with the address when it answers; may be NULL. Exit code. */
int app_serve(struct app *, void (*ready)(struct app *, void *), void *ctx);
