#include "app/demo.h"

#include "accounts/user_flow.h"
#include "channels/channel.h"
#include "deadlines/setup_flow.h"
#include "orders/import_store.h"
#include "sync/channel_account_store.h"

/* Any key opens the sandbox; Wildberries wants a token of the right shape: {"alg":"ES256","typ":"JWT"}.{"exp":4102444800,"s":16}. */
#define WB_TOKEN "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjQxMDI0NDQ4MDAsInMiOjE2fQ.ZGVtbw"

static const struct { const char *login, *name, *role; enum language language; } people[] = {
    { "aigerim@karapuz.kz", "Айгерим Сатпаева", "manager", LANGUAGE_RU },
    { "yerlan@karapuz.kz",  "Ерлан Касымов",    "manager", LANGUAGE_KK },
    { "timur@karapuz.kz",   "Тимур Ахметов",    "picker", LANGUAGE_RU },
    { "gulnara@karapuz.kz", "Гульнара Омарова", "accountant", LANGUAGE_RU },
    { "dana@karapuz.kz",    "Дана Ким",         "marketer", LANGUAGE_EN },
    { "oksana@karapuz.kz",  "Оксана Мельник",   "support", LANGUAGE_UK },
};
static const struct { const char *channel, *name, *path; struct { const char *name, *value; } settings[2]; } markets[] = {
    { "kaspi", "Карапуз, Kaspi", "/kaspi/shop/api", { { "token", "demo-karapuz-kaspi" } } },
    { "wildberries", "Карапуз, WB", "/wb", { { "token", WB_TOKEN } } },
    { "ozon", "Карапуз, Ozon", "/ozon", { { "client_id", "771234" }, { "api_key", "demo-karapuz-ozon" } } },
};

struct filling { struct app *app; struct work *w; str sandbox, hash; };

static bool add_people(struct filling *f, struct db *db, struct err *err)
{
    for (int i = 0; i < COUNT_OF(people); i++) {
        struct user u = {
            .id = work_id(f->w), .login = str_of(people[i].login), .name = str_of(people[i].name), .password_hash = f->hash,
            .roles = str_of(people[i].role), .state = USER_ACTIVE, .language = people[i].language, .hold_s = HOLD_S_SHOP,
            .version = 1, .created_at = f->w->now, .updated_at = f->w->now,
        };
        if (!user_add(db, f->w, &u, err))
            return false;
    }
    return true;
}

static str url_of(struct arena *a, str sandbox, int market)
{
    return str_print(a, "%.*s%s", STR_ARG(sandbox), markets[market].path);
}

static bool add_accounts(struct filling *f, struct db *db, struct err *err)
{
    struct arena *a = f->w->arena;
    for (int i = 0; i < COUNT_OF(markets); i++) {
        const struct channel *channel = channel_find(str_of(markets[i].channel));
        struct setting_value_list settings = { 0 };
        struct channel_account acc = {
            .id = work_id(f->w), .channel = str_of(channel->name), .name = str_of(markets[i].name), .base_url = url_of(a, f->sandbox, i),
            .mode = ACCOUNT_LIVE, .state = ACCOUNT_ACTIVE, .version = 1, .created_at = f->w->now, .updated_at = f->w->now,
        };
        for (int k = 0; k < COUNT_OF(markets[i].settings) && markets[i].settings[k].name; k++)
            *setting_value_list_add(&settings, a) =
                (struct setting_value){ str_of(markets[i].settings[k].name), str_of(markets[i].settings[k].value) };
        account_settings_save(&acc, channel, &f->app->key, a, &settings);
        if (!record_insert(db, &channel_account_record, &acc, err) ||
            !streams_ensure(db, acc.id, channel->streams, f->w->now, err))
            return false;
    }
    return true;
}

/* The scene counts every step as 24 hours of wall time from the order, red when two are left (src/sandbox/README.md). */
static bool set_rules(struct filling *f, struct db *db, struct err *err)
{
    struct policy_row_list rows = { 0 };
    if (!policies_all(db, f->w->arena, &rows, err))
        return false;
    for (int i = 0; i < rows.count; i++) {
        struct policy_row now = rows.at[i];
        now.minutes     = 24 * 60;
        now.red_minutes = 120;
        uint64_t set = record_diff(&policy_record, &rows.at[i], &now);
        if (set && !record_update(db, &policy_record, &now, set, err))
            return false;
    }
    return true;
}

/* Whoever steers the clock from outside begins with what the markets alone tell. */
static bool has_past(const struct app *app) { return !app->config->control_token.len; }

static bool fill_tx(struct db *db, void *ctx, struct err *err)
{
    struct filling *f = ctx;
    struct import_account by_hand = { .id = work_id(f->w), .channel = STR("manual"), .name = STR("Сайт и Instagram") };
    return add_people(f, db, err) && add_accounts(f, db, err) &&
           (!has_past(f->app) || import_account_make(db, &by_hand, f->w->now, err)) && set_rules(f, db, err) &&
           setting_set(db, STR("demo_login"), STR(DEMO_LOGIN), err) && setting_set(db, STR("demo_password"), STR(DEMO_PASSWORD), err) &&
           setting_set(db, STR("demo_sandbox"), f->sandbox, err);
}

/* When the shop and its rules are there. */
static bool past_bring(struct app *app, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct work w;
    app_work(app, &arena, &w);
    bool ok = demo_past(&w, err);
    app_work_done(&w);
    return ok;
}

bool demo_fill(struct app *app, str sandbox, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    static const struct setup setup = {
        .shop_name = STR_INIT("Карапуз"), .country = STR_INIT("KZ"), .currency = STR_INIT("KZT"), .time_zone = STR_INIT("Asia/Almaty"),
        .name = STR_INIT("Нурлан Карапузов"), .login = STR_INIT(DEMO_LOGIN), .password = STR_INIT(DEMO_PASSWORD), .language = LANGUAGE_RU,
    };
    struct signed_in owner;
    struct work      w;
    app_work(app, &arena, &w);
    struct filling f = { app, &w, sandbox, { 0 } };
    bool ok = setup_run(&w, &setup, true, STR("sauda demo"), &owner, err);
    if (ok) {
        f.hash = owner.user.password_hash;
        ok = db_tx(w.db, fill_tx, &f, err);
    } else if (err->code == ERR_CONFLICT) {
        err_clear(err);
        err_set(err, ERR_CONFLICT, "db", "the database is in use already: a demo needs a new one (--db sqlite:FILE)");
    }
    app_work_done(&w);
    return ok && app_shop_reload(app, err) && (!has_past(app) || past_bring(app, err));
}

bool demo_look(struct app *app, bool *out, bool *empty, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(app->pool);
    *out = atomic_load(&app->shop)->demo;
    return setup_needed(db, empty, err);
}

struct moving { struct work *w; str from, to; };

static bool connect_tx(struct db *db, void *ctx, struct err *err)
{
    struct moving *m = ctx;
    struct channel_account_list all = { 0 };
    if (!accounts_all(db, m->w->arena, &all, err))
        return false;
    for (int i = 0; i < all.count; i++) {
        struct channel_account now = all.at[i];
        if (!str_starts(now.base_url, m->from))
            continue;
        now.base_url = str_print(m->w->arena, "%.*s%.*s", STR_ARG(m->to), STR_ARG(str_sub(now.base_url, m->from.len, SIZE_MAX)));
        if (!record_update(db, &channel_account_record, &now, record_diff(&channel_account_record, &all.at[i], &now), err))
            return false;
    }
    return setting_set(db, STR("demo_sandbox"), m->to, err);
}

bool demo_connect(struct app *app, str sandbox, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct work w;
    app_work(app, &arena, &w);
    struct moving m = { .w = &w, .to = sandbox };
    bool ok = setting_get(w.db, STR("demo_sandbox"), &arena, &m.from, err) &&
              (!m.from.len || str_eq(m.from, sandbox) || db_tx(w.db, connect_tx, &m, err));
    app_work_done(&w);
    return ok;
}
