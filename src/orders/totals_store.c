#include "orders/totals_store.h"

#include <stdlib.h>

enum { Q_ADD, Q_DAY_ADD, Q_LOAD, Q_DAYS, Q_RECOUNT, Q_DAYS_CLEAR, Q_DAYS_ZONE, Q_DAYS_ZONE_SET, Q_EVERY, Q_OUTCOMES_CLEAR, Q_OUTCOMES, Q_PLACED, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_ADD] = { "totals.add",
        "INSERT INTO order_totals (account_id, status, zone, currency, n, total) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (account_id, status, zone, currency) DO UPDATE SET n = order_totals.n + excluded.n, "
        "       total = order_totals.total + excluded.total", NULL },
    [Q_DAY_ADD] = { "totals.day_add",
        "INSERT INTO day_totals (day, account_id, figure, currency, n, total) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (day, account_id, figure, currency) DO UPDATE SET n = day_totals.n + excluded.n, "
        "       total = day_totals.total + excluded.total", NULL },
    [Q_LOAD] = { "totals.load", "SELECT account_id, status, zone, currency, n, total FROM order_totals WHERE n <> 0", NULL },
    [Q_DAYS] = { "totals.days",
        "SELECT day, account_id, figure, currency, n, total FROM day_totals WHERE day BETWEEN $1 AND $2", NULL },
    [Q_RECOUNT] = { "totals.recount",
        "SELECT account_id, status, zone, currency, COUNT(*), CAST(SUM(grand_total) AS BIGINT) FROM orders "
        " GROUP BY account_id, status, zone, currency", NULL },
    [Q_DAYS_CLEAR] = { "totals.days_clear", "DELETE FROM day_totals WHERE figure IN ('orders', 'cancelled', 'confirm_ms')", NULL },
    [Q_DAYS_ZONE] = { "totals.days_zone", "SELECT value FROM settings WHERE key = $1", NULL },
    [Q_DAYS_ZONE_SET] = { "totals.days_zone_set",
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", NULL },
    [Q_EVERY] = { "totals.every",
        "SELECT account_id, currency, status, CASE WHEN has_total = 1 THEN grand_total ELSE 0 END, sort_at, confirmed_at FROM orders ORDER BY sort_at, id", NULL },
    [Q_OUTCOMES_CLEAR] = { "totals.outcomes_clear", "DELETE FROM day_totals WHERE figure IN ('handed', 'own_cancel')", NULL },
    /* Quarters of an hour lie inside one day in every time zone. */
    [Q_OUTCOMES] = { "totals.outcomes",
        "SELECT account_id, handed_at / 900000 AS quarter, 'handed', COUNT(*), CAST(SUM(late) AS BIGINT) FROM order_outcomes "
        " WHERE handed_at IS NOT NULL GROUP BY 1, 2 "
        "UNION ALL "
        "SELECT account_id, cancelled_at / 900000, 'own_cancel', COUNT(*), 0 FROM order_outcomes "
        " WHERE own_fault = 1 AND cancelled_at IS NOT NULL GROUP BY 1, 2 ORDER BY 2", NULL },
    [Q_PLACED] = { "totals.placed",
        "SELECT account_id, currency, COUNT(*), CAST(SUM(CASE WHEN has_total = 1 THEN grand_total ELSE 0 END) AS BIGINT), "
        "       COUNT(*) FILTER (WHERE status = 'cancelled'), "
        "       CAST(COALESCE(SUM(CASE WHEN has_total = 1 AND status = 'cancelled' THEN grand_total ELSE 0 END), 0) AS BIGINT), "
        "       COUNT(confirmed_at) FILTER (WHERE status <> 'cancelled'), "
        "       CAST(COALESCE(SUM(confirmed_at - sort_at) FILTER (WHERE status <> 'cancelled'), 0) AS BIGINT) "
        "  FROM orders WHERE sort_at >= $1 AND sort_at < $2 GROUP BY account_id, currency", NULL },
};

void totals_order(struct totals *t, struct arena *a, const struct order *o, int sign)
{
    struct total_delta *d = NULL;
    for (int i = 0; i < t->now.count && !d; i++) {
        struct total_delta *c = &t->now.at[i];
        if (id_eq(c->account_id, o->account_id) && c->status == o->status && c->zone == o->zone &&
            str_eq(c->currency, o->currency))
            d = c;
    }
    if (!d) {
        d  = total_delta_list_add(&t->now, a);
        *d = (struct total_delta){ o->account_id, o->status, o->zone, o->currency, 0, 0 };
    }
    d->n += sign;
    d->total += sign * (o->has_total ? o->grand_total.minor : 0);
}

void totals_placed(struct totals *t, struct arena *a, const struct zone *zone, const struct order *o, int sign)
{
    int64_t day = zone_day(zone, o->sort_at);
    int64_t sum = sign * (o->has_total ? o->grand_total.minor : 0);

    totals_day(t, a, day, o->account_id, STR("orders"), o->currency, sign, sum);
    if (o->status == HUB_CANCELLED)
        totals_day(t, a, day, o->account_id, STR("cancelled"), o->currency, sign, sum);
    else if (instant_is_set(o->confirmed_at))
        totals_day(t, a, day, o->account_id, STR("confirm_ms"), STR(""), sign, sign * (o->confirmed_at.ms - o->sort_at.ms));
}

void totals_day(struct totals *t, struct arena *a, int64_t day, rid account_id, str figure, str currency, int64_t n,
                int64_t total)
{
    for (int i = 0; i < t->days.count; i++) {
        struct day_delta *c = &t->days.at[i];
        if (c->day == day && id_eq(c->account_id, account_id) && str_eq(c->figure, figure) &&
            str_eq(c->currency, currency)) {
            c->n += n;
            c->total += total;
            return;
        }
    }
    *day_delta_list_add(&t->days, a) = (struct day_delta){ day, account_id, figure, currency, n, total };
}

static int by_key(const void *pa, const void *pb)
{
    const struct total_delta *a = pa, *b = pb;
    if (a->account_id.v != b->account_id.v)
        return a->account_id.v < b->account_id.v ? -1 : 1;
    if (a->status != b->status)
        return a->status < b->status ? -1 : 1;
    if (a->zone != b->zone)
        return a->zone < b->zone ? -1 : 1;
    return str_cmp(a->currency, b->currency);
}

static int by_day_key(const void *pa, const void *pb)
{
    const struct day_delta *a = pa, *b = pb;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->account_id.v != b->account_id.v)
        return a->account_id.v < b->account_id.v ? -1 : 1;
    int c = str_cmp(a->figure, b->figure);
    return c ? c : str_cmp(a->currency, b->currency);
}

static bool save_day(struct db *db, const struct day_delta *d, struct err *err)
{
    if (!d->n && !d->total)
        return true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DAY_ADD]);
    bind_int(&st, 1, d->day);
    bind_id(&st, 2, d->account_id);
    bind_text(&st, 3, d->figure);
    bind_text(&st, 4, d->currency);
    bind_int(&st, 5, d->n);
    bind_int(&st, 6, d->total);
    return db_exec(&st, err);
}

bool totals_save(struct db *db, struct totals *t, struct err *err)
{
    if (t->now.count)
        qsort(t->now.at, (size_t)t->now.count, sizeof *t->now.at, by_key);
    if (t->days.count)
        qsort(t->days.at, (size_t)t->days.count, sizeof *t->days.at, by_day_key);
    for (int i = 0; i < t->now.count; i++) {
        const struct total_delta *d = &t->now.at[i];
        if (!d->n && !d->total)
            continue;
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
        bind_id(&st, 1, d->account_id);
        bind_text(&st, 2, str_of(hub_status_names[d->status]));
        bind_text(&st, 3, str_of(sla_zone_names[d->zone]));
        bind_text(&st, 4, d->currency);
        bind_int(&st, 5, d->n);
        bind_int(&st, 6, d->total);
        if (!db_exec(&st, err))
            return false;
    }
    for (int i = 0; i < t->days.count; i++)
        if (!save_day(db, &t->days.at[i], err))
            return false;
    return true;
}

static bool read_totals(struct stmt *st, struct arena *a, struct total_row_list *out, struct err *err)
{
    while (db_row(st))
        *total_row_list_add(out, a) = (struct total_row){
            col_id(st, 0), col_text_copy(st, 1, a), col_text_copy(st, 2, a), col_text_copy(st, 3, a),
            col_int(st, 4), col_int(st, 5),
        };
    return db_ok(st, err);
}

bool totals_load(struct db *db, struct arena *a, struct total_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LOAD]);
    return read_totals(&st, a, out, err);
}

bool totals_recount(struct db *db, struct arena *a, struct total_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RECOUNT]);
    return read_totals(&st, a, out, err);
}

bool days_load(struct db *db, int64_t from, int64_t to, struct arena *a, struct day_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DAYS]);
    bind_int(&st, 1, from);
    bind_int(&st, 2, to);
    while (db_row(&st))
        *day_row_list_add(out, a) = (struct day_row){
            col_int(&st, 0), col_id(&st, 1), col_text_copy(&st, 2, a), col_text_copy(&st, 3, a),
            col_int(&st, 4), col_int(&st, 5),
        };
    return db_ok(&st, err);
}

static bool days_zone(struct db *db, str key, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DAYS_ZONE]);
    bind_text(&st, 1, key);
    *out = db_row(&st) ? col_text_copy(&st, 0, a) : (str){ 0 };
    return db_ok(&st, err);
}

static bool exec_plain(struct db *db, int which, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    return db_exec(&st, err);
}

static bool zone_keep(struct db *db, str key, str name, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DAYS_ZONE_SET]);
    bind_text(&st, 1, key);
    bind_text(&st, 2, name);
    return db_exec(&st, err);
}

static bool save_and_forget(struct db *db, struct totals *t, struct err *err)
{
    if (!totals_save(db, t, err))
        return false;
    *t = (struct totals){ 0 };
    return true;
}

/* A day at a time, along the index of when orders were placed. */
static bool count_days_anew(struct db *db, struct arena *a, const struct zone *zone, struct err *err)
{
    struct totals t = { 0 };
    instant       day_ends = { 0 };
    CLEANUP(arena_back) struct arena_mark all = arena_mark(a);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_EVERY]);
    while (db_row(&st)) {
        struct order o = {
            .account_id = col_id(&st, 0), .currency = col_text_copy(&st, 1, a), .has_total = true, .grand_total = col_amount(&st, 3),
            .sort_at = col_instant(&st, 4), .confirmed_at = col_instant(&st, 5),
        };
        int status = name_find(hub_status_names, col_text(&st, 2));
        o.status   = status < 0 ? HUB_NEW : (enum hub_status)status;
        if (o.sort_at.ms >= day_ends.ms) {
            if (!save_and_forget(db, &t, err))
                return false;
            day_ends = zone_instant(zone, zone_day(zone, o.sort_at) + 1, 0);
        }
        totals_placed(&t, a, zone, &o, +1);
    }
    return db_ok(&st, err) && totals_save(db, &t, err);
}

static bool count_outcomes_anew(struct db *db, struct arena *a, const struct zone *zone, struct err *err)
{
    struct totals t = { 0 };
    int64_t       day = INT64_MIN;
    CLEANUP(arena_back) struct arena_mark all = arena_mark(a);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OUTCOMES]);
    while (db_row(&st)) {
        int64_t of = zone_day(zone, (instant){ col_int(&st, 1) * 15 * MINUTE_MS });
        if (of != day && !save_and_forget(db, &t, err))
            return false;
        day = of;
        totals_day(&t, a, day, col_id(&st, 0), col_text_copy(&st, 2, a), STR(""), col_int(&st, 3), col_int(&st, 4));
    }
    return db_ok(&st, err) && totals_save(db, &t, err);
}

bool days_follow_zone(struct db *db, struct arena *a, const struct zone *zone, bool *counted, struct err *err)
{
    static const struct { const char *key; int clear; bool (*count)(struct db *, struct arena *, const struct zone *, struct err *); } walks[] = {
        { "day_totals_zone", Q_DAYS_CLEAR, count_days_anew }, { "day_outcomes_zone", Q_OUTCOMES_CLEAR, count_outcomes_anew },
    };
    str name = zone_name(zone);
    *counted = false;
    for (int i = 0; i < COUNT_OF(walks); i++) {
        str kept, key = str_of(walks[i].key);
        if (!days_zone(db, key, a, &kept, err))
            return false;
        if (str_eq(kept, name))
            continue;
        *counted = true;
        if (!exec_plain(db, walks[i].clear, err) || !walks[i].count(db, a, zone, err) || !zone_keep(db, key, name, err))
            return false;
    }
    return true;
}

bool placed_count(struct db *db, instant from, instant to, struct arena *a, struct day_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PLACED]);
    bind_instant(&st, 1, from);
    bind_instant(&st, 2, to);
    while (db_row(&st)) {
        rid account  = col_id(&st, 0);
        str currency = col_text_copy(&st, 1, a);
        *day_row_list_add(out, a) = (struct day_row){ 0, account, STR("orders"), currency, col_int(&st, 2), col_int(&st, 3) };
        *day_row_list_add(out, a) = (struct day_row){ 0, account, STR("cancelled"), currency, col_int(&st, 4), col_int(&st, 5) };
        *day_row_list_add(out, a) = (struct day_row){ 0, account, STR("confirm_ms"), STR(""), col_int(&st, 6), col_int(&st, 7) };
    }
    return db_ok(&st, err);
}
