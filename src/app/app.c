/* app.c - opening the house: key, database, migrations, records, shop. */
#include "app/app.h"
#include "app/erasures.h"
#include "app/ids_store.h"
#include "app/rekey.h"
#include "app/servers.h"

#include "channels/channel.h"
#include "customers/customer.h"
#include "customers/link.h"
#include "customers/rebuild_flow.h"
#include "db/migrate.h"
#include "deadlines/shop_store.h"
#include "events/outbox.h"
#include "orders/erase_ask_flow.h"
#include "orders/people_import_store.h"
#include "orders/intake_store.h"
#include "orders/order_store.h"
#include "orders/totals_store.h"
#include "returns/claim_store.h"
#include "returns/posting.h"
#include "returns/return.h"
#include "customers/weights.h"
#include "sync/channel_account_store.h"
#include "sync/night_store.h"

#include <stdlib.h>

/* Every record that is a table: compared with the real columns before the first request. */
static const struct record *const records[] = {
    &order_record, &order_line_record, &history_record, &note_record, &task_record, &intake_record, &command_record,
    &customer_record, &customer_source_record, &link_record, &verdict_record, &suggestion_record, &merge_event_record, &run_record, &weight_set_record,
    &consent_record, &erasure_record, &erase_request_record, &people_kept_record, &channel_account_record, &stream_record, &night_run_record, &night_find_record,
    &return_record, &return_line_record, &return_step_record, &refund_record, &posting_record, &claim_record, &claim_step_record, NULL
};

static unsigned ops_of(str channel)
{
    const struct channel *c = channel_find(channel);
    return c ? c->ops : 0;
}

static bool log_open(struct log *log, const struct config *c, const struct clock *clock, struct err *err)
{
    static const char *const levels[] = { "debug", "info", "warn", "error" };
    for (int i = 0; i < COUNT_OF(levels); i++)
        if (str_is(c->log_level, levels[i])) {
            *log = (struct log){ .fd = 2, .level = (enum log_level)i, .clock = clock };
            return true;
        }
    return err_set(err, ERR_SETTING, "log_level", "must be debug, info, warn or error");
}

/* "2026-12-16T04:04:00Z" stands still; with a plus behind it the clock runs on from there. */
static bool clock_open(struct clock *clock, str text, struct err *err)
{
    instant at;
    bool    runs = str_ends(text, STR("+"));
    if (!text.len)
        return true;
    if (!instant_parse(runs ? str_sub(text, 0, text.len - 1) : text, &at))
        return err_set(err, ERR_SETTING, "clock", "must be a time such as 2026-12-16T04:04:00Z, with + behind it when it runs on");
    if (runs)
        clock_run_from(clock, at);
    else
        clock_freeze(clock, at);
    return true;
}

static bool schema_open(struct app *app, enum app_mode mode, struct err *err)
{
    int             applied = 0, version = 0;
    enum schema_fit fit;
    if (mode == APP_SERVES)
        return servers_let_migrate(app->pool, clock_now(&app->clock), err) && migrate(app->pool, &applied, err);
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    if (!migrate_version(db, &version, err) || !migrate_look(db, &fit, err))
        return false;
    if (mode == APP_READ_WRITE && (!version || fit == SCHEMA_FITS)) {
        db_release(&db);
        return migrate(app->pool, &applied, err);       /* of one that fits it tells whether a move into it was broken off */
    }
    if (fit == SCHEMA_FITS)
        return true;
    if (fit == SCHEMA_NEWER)
        return err_set(err, ERR_STORE_NEWER, "db", "the database is of a newer version of Sauda");
    return err_set(err, ERR_SETTING, "db", "the database is of an older version; run `sauda migrate` first");
}

static bool records_check(struct app *app, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    for (int i = 0; records[i]; i++)
        if (!record_check(db, records[i], err))
            return false;
    return true;
}

/* A clock that was set back must not give ids a second time. */
static bool ids_open(struct app *app, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    rid last;
    if (!ids_last(db, &last, err))
        return false;
    if (id_is_set(last))
        id_after(&app->ids, last);
    return true;
}

/* A reason that the market does not know would come back only after the hold, with the order cancelled here meanwhile. A market
 * with one row for all reasons, as Wildberries, takes any. */
static const char *cancel_objection(str channel, str reason, str comment)
{
    const struct channel *c = channel_find(channel);
    if (!c || !c->cancel_reasons || !c->cancel_reasons[0].code || !c->cancel_reasons[1].code)
        return NULL;
    for (const struct cancel_reason *r = c->cancel_reasons; r->code; r++)
        if (str_is(reason, r->code))
            return r->needs_comment && !str_trim(comment).len ? "this reason needs a comment" : NULL;
    return "the market does not know this reason for a cancellation";
}

static bool shop_reload(struct app *app, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    struct arena *kept = calloc(1, sizeof *kept);                     /* lives as long as the process: snapshots are rare */
    struct shop  *shop = ARENA_NEW(kept, struct shop);
    if (!shop_load(db, kept, shop, err)) {
        arena_done(kept);
        free(kept);
        return false;
    }
    shop->channel_ops      = ops_of;
    shop->cancel_objection = cancel_objection;
    shop->kept             = kept;
    shop->older            = atomic_load(&app->shop);
    atomic_store(&app->shop, shop);
    return true;
}

bool app_shop_reload(struct app *app, struct err *err)
{
    pthread_mutex_lock(&app->shop_lock);
    bool ok = shop_reload(app, err);
    pthread_mutex_unlock(&app->shop_lock);
    return ok;
}

static bool days_tx(struct db *db, void *ctx, struct err *err)
{
    struct app *app = ctx;
    bool        counted;
    CLEANUP(arena_done) struct arena a = { 0 };
    return days_follow_zone(db, &a, ((const struct shop *)atomic_load(&app->shop))->zone, &counted, err);
}

bool app_days_follow(struct app *app, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    return db_tx(db, days_tx, app, err);
}

bool app_open(struct app *app, const struct config *c, enum app_mode mode, struct err *err)
{
    *app = (struct app){ .config = c, .shop_lock = PTHREAD_MUTEX_INITIALIZER };
    struct db_options options = { .sync_normal = c->sync_normal, .read_only = mode == APP_READ_ONLY, .walks = mode == APP_READ_ONLY,
                                  .alone = mode == APP_SERVES };
    const char *url = str_zero(&app->arena, c->db), *key = str_zero(&app->arena, c->key_file);

    if (!clock_open(&app->clock, c->clock, err) || !log_open(&app->log, c, &app->clock, err) || !secret_init(err))
        return false;
    if (!db_open(url, &options, &app->pool, err))
        return false;
    bool needs_key = mode != APP_READ_ONLY;            /* who only reads opens no seals: a copy may be looked at without its key */
    bool opened = schema_open(app, mode, err) && (!needs_key || (rekey_settle(app->pool, key, err) && secret_key_load(key, true, &app->key, err))) &&
                  records_check(app, err) && ids_open(app, err) && app_shop_reload(app, err) &&
                  (mode == APP_READ_ONLY || app_days_follow(app, err)) &&
                  (mode == APP_READ_ONLY || erasures_settle(app, err));
    if (!opened) {
        app_close(app);
        return false;
    }
    return true;
}

void app_close(struct app *app)
{
    if (app->pool)
        db_close(app->pool);
    for (const struct shop *s = atomic_load(&app->shop); s;) {
        const struct shop *older = s->older;
        struct arena      *kept  = s->kept;
        arena_done(kept);
        free(kept);
        s = older;
    }
    arena_done(&app->arena);
    app->pool = NULL;
    atomic_store(&app->shop, NULL);
}

void app_work(struct app *app, struct arena *arena, struct work *w)
{
    *w = (struct work){ .db = db_borrow(app->pool), .arena = arena, .ids = &app->ids, .now = clock_now(&app->clock),
                        .actor = { .kind = ACTOR_SYSTEM, .name = STR("Sauda") }, .log = &app->log,
                        .shop = atomic_load(&app->shop) };
    w->weights = w->shop ? w->shop->weights : NULL;
}

void app_work_done(struct work *w)
{
    db_release(&w->db);
}
