#include "deadlines/shop_store.h"

#include "customers/weights_store.h"
#include "deadlines/policy_store.h"

enum { Q_GET, Q_ALL, Q_SET, Q_WEIGHTS, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_GET] = { "settings.get", "SELECT value FROM settings WHERE key = $1", NULL },
    [Q_WEIGHTS] = { "settings.queue_weights", "SELECT account_id, weight FROM queue_weights ORDER BY account_id", NULL },
    [Q_ALL] = { "settings.all", "SELECT key, value FROM settings", NULL },
    [Q_SET] = { "settings.set",
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", NULL },
};
/* clang-format on */

bool setting_get(struct db *db, str key, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
    bind_text(&st, 1, key);
    str value = db_row(&st) ? col_text_copy(&st, 0, a) : (str){ 0 };
    if (!db_ok(&st, err))
        return false;
    *out = value;
    return true;
}

bool setting_set(struct db *db, str key, str value, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SET]);
    bind_text(&st, 1, key);
    bind_text(&st, 2, value);
    return db_exec(&st, err);
}

bool settings_load(struct db *db, struct arena *a, struct shop_settings *out, bool *demo, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    struct shop_settings s = { .shop_name = STR(""),
                               .country = STR("KZ"),
                               .currency = STR("KZT"),
                               .time_zone = STR("Asia/Almaty"),
                               .hold_s = HOLD_S_DEFAULT,
                               .version = 1 };
    bool is_demo = false;
    while (db_row(&st)) {
        str key = col_text(&st, 0);
        str *into = str_is(key, "shop_name")   ? &s.shop_name
                    : str_is(key, "country")   ? &s.country
                    : str_is(key, "currency")  ? &s.currency
                    : str_is(key, "time_zone") ? &s.time_zone
                                               : NULL;
        if (into)
            *into = col_text_copy(&st, 1, a);
        else if (str_is(key, "demo"))
            is_demo = str_is(col_text(&st, 1), "1");
        else if (str_is(key, "settings_version") && (!str_to_int(col_text(&st, 1), &s.version) || s.version < 1))
            s.version = 1;
        else if (str_is(key, "hold_s") &&
                 (!str_to_int(col_text(&st, 1), &s.hold_s) || s.hold_s < 0 || s.hold_s > 15))
            s.hold_s = HOLD_S_DEFAULT;
    }
    if (!db_ok(&st, err))
        return false;
    *out = s;
    *demo = is_demo;
    return true;
}

bool settings_save(struct db *db, const struct shop_settings *s, struct err *err)
{
    char memory[256];
    CLEANUP(arena_done) struct arena scratch = arena_over(memory, sizeof memory);
    return setting_set(db, STR("shop_name"), s->shop_name, err) &&
           setting_set(db, STR("country"), s->country, err) &&
           setting_set(db, STR("currency"), s->currency, err) &&
           setting_set(db, STR("time_zone"), s->time_zone, err) &&
           setting_set(db, STR("hold_s"), str_print(&scratch, "%lld", (long long)s->hold_s), err) &&
           setting_set(db, STR("settings_version"), str_print(&scratch, "%lld", (long long)s->version), err);
}

static const struct calendar *find(const struct calendar *calendars, int count, rid id)
{
    for (int i = 0; i < count; i++)
        if (id_eq(calendars[i].id, id))
            return &calendars[i];
    return NULL;
}

bool queue_weights_load(struct db *db, struct arena *a, struct queue_weight_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WEIGHTS]);
    while (db_row(&st))
        *queue_weight_list_add(out, a) = (struct queue_weight){ col_id(&st, 0), (int)col_int(&st, 1) };
    return db_ok(&st, err);
}

static bool book_load(struct db *db, struct arena *a, struct sla_book *out, struct err *err)
{
    struct policy_row_list policies = { 0 };
    struct calendar_row_list rows = { 0 };
    if (!policies_all(db, a, &policies, err) || !calendars_all(db, a, &rows, err))
        return false;
    struct calendar *calendars = ARENA_ARRAY(a, struct calendar, rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        calendars[i].id = rows.at[i].id;
        calendars[i].name = rows.at[i].name;
        if (!calendar_read(a, rows.at[i].zone, rows.at[i].days, rows.at[i].holidays, &calendars[i], err))
            return err_note(err, "calendar %.*s", STR_ARG(rows.at[i].name));
    }
    for (int i = 0; i < policies.count; i++) {
        const struct policy_row *p = &policies.at[i];
        const struct calendar *c = find(calendars, rows.count, p->calendar_id);
        /* A rule by working time without its calendar cannot be reckoned; it is kept out rather than taken as wall time. */
        if (p->active && (p->clock == SLA_WALL || c))
            *policy_list_add(&out->policies, a) = policy_of(p, c);
    }
    return true;
}

bool shop_load(struct db *db, struct arena *a, struct shop *out, struct err *err)
{
    struct shop_settings s;
    struct shop shop = { 0 };
    str example;
    if (!settings_load(db, a, &s, &shop.demo, err) || !setting_get(db, STR("example.accounts"), a, &example, err) ||
        !book_load(db, a, &shop.book, err) || !queue_weights_load(db, a, &shop.book.weights, err) || !weights_now(db, a, &shop.weights, err))
        return false;
    shop.example = example.len > 0;
    shop.name = s.shop_name;
    shop.country = s.country;
    shop.currency = s.currency;
    shop.hold_s = (int)s.hold_s;
    shop.zone = zone_find(s.time_zone);
    if (!shop.zone)
        return err_set(err, ERR_SETTING, "time_zone",
                       "the time zone \"%.*s\" of the shop is not on this machine (package tzdata)",
                       STR_ARG(s.time_zone));
    *out = shop;
    return true;
}
