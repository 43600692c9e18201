#include "app/demo.h"

#include "accounts/user_flow.h"
#include "app/played.h"
#include "db/pour.h"
#include "deadlines/setup_flow.h"
#include "orders/bulk_store.h"
#include "orders/import_store.h"

static const struct { const char *login, *name, *role; enum language language; } people[] = {
    { "aigerim@karapuz.kz", "Айгерим Сатпаева", "manager", LANGUAGE_RU },
    { "yerlan@karapuz.kz",  "Ерлан Касымов",    "manager", LANGUAGE_KK },
    { "timur@karapuz.kz",   "Тимур Ахметов",    "picker", LANGUAGE_RU },
    { "gulnara@karapuz.kz", "Гульнара Омарова", "accountant", LANGUAGE_RU },
    { "dana@karapuz.kz",    "Дана Ким",         "marketer", LANGUAGE_EN },
    { "oksana@karapuz.kz",  "Оксана Мельник",   "support", LANGUAGE_UK },
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

static bool add_accounts(struct filling *f, struct db *db, struct err *err)
{
    struct int_list added = { 0 };
    return played_accounts_add(db, f->w, &f->app->key, STR("Карапуз, "), f->sandbox, &added, err);
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

bool demo_pour(const struct config *config, int64_t orders, int64_t customers, const struct pour_listener *said, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct clock own = { 0 };
    const char  *texts[BULK_TEXTS];
    struct bulk  bulk = { orders, customers, clock_now(&own), str_starts(config->db, STR("postgres")) };
    return db_pour(str_zero(&arena, config->db), &arena, texts, bulk_texts(&arena, &bulk, texts), said, err);
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
    return played_accounts_move(db, m->w, m->from, m->to, err) && setting_set(db, STR("demo_sandbox"), m->to, err);
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
