#include "app/example.h"
#include "app/example_store.h"
#include "app/played.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop_store.h"
#include "sandbox/sandbox.h"
#include "sync/channel_account_store.h"
#include "sync/sync.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define QUIET_MS_MAX 20000              /* a market that talks for longer is asked again later */

struct example_room {
    struct app     *app;
    pthread_mutex_t lock;               /* one shows or removes at a time; the sandbox is touched under it */
    struct sandbox *sandbox;
    pthread_t       waker;
    atomic_bool     is_over;
    str             folder;
};

const char *const example_why_names[] = {
    [EXAMPLE_MAY] = "", [EXAMPLE_SHOWN] = "shown", [EXAMPLE_SHOP_USED] = "used", [EXAMPLE_DEMO] = "demo", [EXAMPLE_SERVERS] = "servers", NULL
};
_Static_assert(COUNT_OF(example_why_names) == EXAMPLE_WHY_COUNT + 1, "a name per reason");

/* ---- the markets ---- */

/* They live on by themselves: new orders, couriers, buyers. */
static void *markets_live(void *ctx)
{
    struct example_room *r = ctx;
    while (!atomic_load(&r->is_over)) {
        sandbox_wake(r->sandbox);
        usleep(500000);
    }
    return NULL;
}

static bool markets_start(struct example_room *r, struct err *err)
{
    const struct config   *c = r->app->config;
    struct sandbox_options o = { .data = r->folder, .scene = STR("karapuz") };
    if (c->clock.len) {
        o.now       = clock_now(&r->app->clock);
        o.frozen    = !str_ends(c->clock, STR("+"));
        o.no_limits = o.frozen;         /* token buckets follow the clock: one that stands would never fill them again */
    }
    if (!sandbox_start(&o, &r->sandbox, err))
        return false;
    atomic_store(&r->is_over, false);
    if (pthread_create(&r->waker, NULL, markets_live, r) != 0) {
        sandbox_stop(r->sandbox);
        r->sandbox = NULL;
        return err_set(err, ERR_INTERNAL, NULL, "no thread for the played marketplaces");
    }
    http_client_own_port(&r->app->client, sandbox_port(r->sandbox));
    return true;
}

static void markets_stop(struct example_room *r)
{
    if (!r->sandbox)
        return;
    http_client_own_port(&r->app->client, 0);
    atomic_store(&r->is_over, true);
    pthread_join(r->waker, NULL);
    sandbox_stop(r->sandbox);
    r->sandbox = NULL;
}

/* Without the folder the next example begins anew. */
static void markets_forget(const struct example_room *r)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    unlink(str_zero(&a, str_print(&a, "%.*s/sandbox.jsonl", STR_ARG(r->folder))));
    rmdir(str_zero(&a, r->folder));
}

static str address_of(struct example_room *r, struct arena *a)
{
    return str_print(a, "http://127.0.0.1:%d", sandbox_port(r->sandbox));
}

struct moving { struct work *w; struct example *e; str to; };

static bool move_tx(struct db *db, void *ctx, struct err *err)
{
    struct moving *m    = ctx;
    str            from = m->e->address;
    m->e->address       = m->to;
    return played_accounts_move(db, m->w, from, m->to, err) && example_save(db, m->w->arena, m->e, err);
}

static bool resume(struct example_room *r, struct work *w, struct err *err)
{
    struct example e;
    if (!example_load(w->db, w->arena, &e, err))
        return false;
    if (!e.accounts.count)
        return true;
    if (!markets_start(r, err))
        return false;
    struct moving m = { w, &e, address_of(r, w->arena) };
    return db_tx(w->db, move_tx, &m, err);
}

bool example_open(struct app *app, struct example_room **out, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct example_room *r = ARENA_NEW(&app->arena, struct example_room);
    struct work          w;
    r->app    = app;
    r->folder = str_print(&app->arena, "%.*s/example", STR_ARG(app->config->home));
    pthread_mutex_init(&r->lock, NULL);
    *out = r;
    app_work(app, &arena, &w);
    bool ok = resume(r, &w, err);
    app_work_done(&w);
    return ok;
}

void example_close(struct example_room *r)
{
    if (!r)
        return;
    markets_stop(r);
    pthread_mutex_destroy(&r->lock);
}

/* ---- showing ---- */

static bool ask(struct db *db, const struct work *w, enum example_why *out, struct err *err)
{
    struct example        e;
    struct example_ground g;
    if (!example_load(db, w->arena, &e, err) || !example_look(db, w->now, &g, err))
        return false;
    *out = e.accounts.count                  ? EXAMPLE_SHOWN
           : w->shop->demo                   ? EXAMPLE_DEMO
           : g.accounts || g.orders || g.people ? EXAMPLE_SHOP_USED
           : g.servers > 1                   ? EXAMPLE_SERVERS
                                             : EXAMPLE_MAY;
    return true;
}

bool example_ask(struct work *w, enum example_why *out, struct err *err) { return ask(w->db, w, out, err); }

static bool refuse(enum example_why why, struct err *err)
{
    static const char *const words[] = {
        [EXAMPLE_MAY] = "", [EXAMPLE_SHOWN] = "the example is shown already", [EXAMPLE_DEMO] = "this shop is an example itself",
        [EXAMPLE_SHOP_USED] = "the shop has channels, orders or customers of its own: an example among them would be taken for real",
        [EXAMPLE_SERVERS] = "several servers work on this shop, and the played marketplaces live in one",
    };
    return err_set(err, ERR_CONFLICT, "example", "%s", words[why]);
}

/* The accounts say on every screen that their orders are no real ones. */
static str name_before(str language)
{
    static const struct { const char *language, *words; } in[] = { { "ru", "Пример, " }, { "kk", "Мысал, " }, { "uk", "Приклад, " } };
    for (int i = 0; i < COUNT_OF(in); i++)
        if (str_is(language, in[i].language))
            return str_of(in[i].words);
    return STR("Example, ");
}

struct showing { struct example_room *r; struct work *w; str language; };

static str words_of(struct arena *a, const struct example_gone *gone)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    if (gone) {
        json_number(&j, "orders", gone->orders);
        json_number(&j, "returns", gone->returns);
        json_number(&j, "people", gone->people);
    } else {
        json_bool(&j, "shown", true);
    }
    json_end(&j);
    return buf_str(&b);
}

static bool show_tx(struct db *db, void *ctx, struct err *err)
{
    struct showing  *s = ctx;
    struct example   e = { .address = address_of(s->r, s->w->arena) };
    enum example_why why;
    if (!ask(db, s->w, &why, err))
        return false;
    if (why != EXAMPLE_MAY)
        return refuse(why, err);
    db_after_commit(db, sync_wake, s->r->app->sync);
    return played_accounts_add(db, s->w, &s->r->app->key, name_before(s->language), e.address, &e.accounts, err) &&
           example_save(db, s->w->arena, &e, err) &&
           audit_write(db, s->w, STR("example.show"), STR("settings"), (rid){ 0 }, (str){ 0 }, words_of(s->w->arena, NULL), err);
}

static bool show(struct example_room *r, struct work *w, str language, struct err *err)
{
    struct showing   s = { r, w, language };
    enum example_why why;
    if (!ask(w->db, w, &why, err))
        return false;
    if (why != EXAMPLE_MAY)
        return refuse(why, err);
    markets_forget(r);
    if (!markets_start(r, err))
        return false;
    if (db_tx(w->db, show_tx, &s, err))
        return true;
    markets_stop(r);
    markets_forget(r);
    return false;
}

bool example_show(struct example_room *r, struct work *w, str language, struct err *err)
{
    pthread_mutex_lock(&r->lock);
    bool ok = show(r, w, language, err);
    pthread_mutex_unlock(&r->lock);
    return ok;
}

/* ---- removing ---- */

struct removing { struct work *w; struct example e; struct example_gone *out; };

static bool pause_tx(struct db *db, void *ctx, struct err *err)
{
    struct removing *m = ctx;
    for (int i = 0; i < m->e.accounts.count; i++)
        if (!account_state_save(db, (rid){ m->e.accounts.at[i] }, ACCOUNT_PAUSED, m->w->now, err))
            return false;
    return true;
}

/* What has been asked of the markets comes to its end; nothing new is begun for accounts that are paused. */
static bool wait_quiet(struct removing *m, struct err *err)
{
    for (int ms = 0; ms < QUIET_MS_MAX; ms += 50) {
        int64_t n;
        if (!example_under_way(m->w->db, &m->e.accounts, m->w->now, &n, err))
            return false;
        if (!n)
            return true;
        usleep(50000);
    }
    return err_set(err, ERR_DB_BUSY, "example", "the played marketplaces are still talking; try again in a moment");
}

static bool remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct removing *m = ctx;
    return example_take_out(db, m->w, &m->e.accounts, m->out, err) && example_forget(db, err) &&
           audit_write(db, m->w, STR("example.remove"), STR("settings"), (rid){ 0 }, words_of(m->w->arena, m->out), (str){ 0 }, err);
}

static bool take_away(struct example_room *r, struct work *w, struct example_gone *out, struct err *err)
{
    struct removing m = { .w = w, .out = out };
    if (!example_load(w->db, w->arena, &m.e, err))
        return false;
    if (!m.e.accounts.count)
        return err_set(err, ERR_CONFLICT, "example", "no example is shown");
    if (!db_tx(w->db, pause_tx, &m, err) || !wait_quiet(&m, err) || !db_tx(w->db, remove_tx, &m, err))
        return false;
    markets_stop(r);
    markets_forget(r);
    return true;
}

bool example_remove(struct example_room *r, struct work *w, struct example_gone *out, struct err *err)
{
    pthread_mutex_lock(&r->lock);
    bool ok = take_away(r, w, out, err);
    pthread_mutex_unlock(&r->lock);
    return ok;
}
