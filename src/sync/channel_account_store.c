#include "sync/channel_account_store.h"
#include "sync/night_store.h"

enum {
    Q_ALL, Q_CHANGES, Q_CHANGE_DROP, Q_CHANGE_SAVE, Q_HAS_ORDERS, Q_DROP_STREAMS, Q_DROP_CHANGES, Q_DROP_EVENTS, Q_OLD_HEALTH, Q_OK, Q_BAD,
    Q_STATE, Q_DEAD_COUNTS, Q_NUMBERS, Q_OPEN, Q_TODAY, Q_COUNT
};
static const struct sql SQL[Q_COUNT] = {
    [Q_ALL] = { "channel_accounts.all", "SELECT * FROM channel_accounts ORDER BY id", NULL },
    [Q_CHANGES] = { "status_maps.of", "SELECT key, hub_status FROM status_maps WHERE account_id = $1 ORDER BY key", NULL },
    [Q_CHANGE_DROP] = { "status_maps.drop", "DELETE FROM status_maps WHERE account_id = $1 AND key = $2", NULL },
    [Q_CHANGE_SAVE] = { "status_maps.save",
        "INSERT INTO status_maps (account_id, key, hub_status) VALUES ($1, $2, $3) "
        "ON CONFLICT (account_id, key) DO UPDATE SET hub_status = excluded.hub_status", NULL },
    [Q_HAS_ORDERS] = { "channel_accounts.has_orders", "SELECT 1 FROM orders WHERE account_id = $1 LIMIT 1", NULL },
    [Q_DROP_STREAMS] = { "stream_cursors.drop", "DELETE FROM stream_cursors WHERE account_id = $1", NULL },
    [Q_DROP_CHANGES] = { "status_maps.drop_all", "DELETE FROM status_maps WHERE account_id = $1", NULL },
    [Q_DROP_EVENTS] = { "channel_accounts.drop_events", "DELETE FROM intake_events WHERE account_id = $1", NULL },
    [Q_OLD_HEALTH] = { "channel_accounts.health", "SELECT state, error_code, last_ok_at FROM channel_accounts WHERE id = $1", NULL },
    /* Degraded until no stream fails any more. A state that a person or a refused key has set stays. */
    [Q_OK] = { "channel_accounts.ok",
        "UPDATE channel_accounts SET last_ok_at = $2, "
        "   state = CASE WHEN state = 'degraded' AND NOT EXISTS (SELECT 1 FROM stream_cursors s WHERE s.account_id = $1 "
        "           AND s.stream <> $3 AND s.failures > 0) THEN 'active' ELSE state END, "
        "   error_code = CASE WHEN state IN ('active', 'degraded') AND NOT EXISTS (SELECT 1 FROM stream_cursors s "
        "           WHERE s.account_id = $1 AND s.stream <> $3 AND s.failures > 0) THEN '' ELSE error_code END, "
        "   error_text = CASE WHEN state IN ('active', 'degraded') AND NOT EXISTS (SELECT 1 FROM stream_cursors s "
        "           WHERE s.account_id = $1 AND s.stream <> $3 AND s.failures > 0) THEN '' ELSE error_text END, "
        "   error_since = CASE WHEN state IN ('active', 'degraded') AND NOT EXISTS (SELECT 1 FROM stream_cursors s "
        "           WHERE s.account_id = $1 AND s.stream <> $3 AND s.failures > 0) THEN NULL ELSE error_since END "
        " WHERE id = $1 RETURNING state, error_code", NULL },
    [Q_BAD] = { "channel_accounts.bad",
        "UPDATE channel_accounts SET error_since = CASE WHEN error_code = $3 THEN error_since ELSE $5 END, error_code = $3, error_text = $4, "
        "   state = CASE WHEN state = 'paused' OR (state IN ('auth_failed', 'degraded') AND $2 = 'active') THEN state ELSE $2 END "
        " WHERE id = $1 RETURNING state, error_code", NULL },
    [Q_STATE] = { "channel_accounts.state",
        "UPDATE channel_accounts SET state = $2, error_code = '', error_text = '', error_since = NULL, updated_at = $3, "
        "   version = version + 1 WHERE id = $1", NULL },
    [Q_DEAD_COUNTS] = { "outbox.dead_counts", "SELECT account_id, COUNT(*) FROM outbox WHERE state = 'dead' GROUP BY account_id", NULL },
    [Q_NUMBERS] = { "orders.numbers", "SELECT id, number FROM orders WHERE id IN ({ids:$1})", NULL },
    /* The plus keeps both databases from walking all orders that the account ever had; open ones are few. */
    [Q_OPEN] = { "orders.open_of",
        "SELECT external_id, number, placed_at, id FROM orders WHERE closed = 0 AND +account_id = $1 AND id + 0 > $3 ORDER BY id + 0 LIMIT $2", NULL },
    [Q_TODAY] = { "day_totals.orders",
        "SELECT account_id, CAST(SUM(n) AS BIGINT) FROM day_totals WHERE day = $1 AND figure = 'orders' GROUP BY account_id", NULL },
};

bool account_get(struct db *db, rid id, struct arena *a, struct channel_account *out, struct err *err)
{
    return record_get(db, &channel_account_record, id, a, out, err);
}

bool accounts_all(struct db *db, struct arena *a, struct channel_account_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st))
        record_scan(&channel_account_record, &st, a, channel_account_list_add(out, a));
    return db_ok(&st, err);
}

bool status_changes_of(struct db *db, rid account_id, struct arena *a, struct status_change_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHANGES]);
    bind_id(&st, 1, account_id);
    while (db_row(&st)) {
        int to = name_find(hub_status_names, col_text(&st, 1));
        if (to >= 0)
            *status_change_list_add(out, a) = (struct status_change){ col_text_copy(&st, 0, a), (enum hub_status)to };
    }
    return db_ok(&st, err);
}

static bool run_for(struct db *db, int q, rid account_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    bind_id(&st, 1, account_id);
    return db_exec(&st, err);
}

static bool has_orders(struct db *db, rid id, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HAS_ORDERS]);
    bind_id(&st, 1, id);
    *out = db_row(&st);
    return db_ok(&st, err);
}

bool account_delete(struct db *db, rid id, int64_t version, struct err *err)
{
    bool used;
    if (!has_orders(db, id, &used, err))
        return false;
    if (used)
        return err_set(err, ERR_CONFLICT, "id", "orders came from this account; pause it instead");
    return run_for(db, Q_DROP_STREAMS, id, err) && run_for(db, Q_DROP_CHANGES, id, err) && run_for(db, Q_DROP_EVENTS, id, err) &&
           nights_forget(db, id, err) && record_delete(db, &channel_account_record, id, version, err);
}

bool status_change_save(struct db *db, rid account_id, str key, enum hub_status to, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[to < HUB_STATUS_COUNT ? Q_CHANGE_SAVE : Q_CHANGE_DROP]);
    bind_id(&st, 1, account_id);
    bind_text(&st, 2, key);
    if (to < HUB_STATUS_COUNT)
        bind_text(&st, 3, str_of(hub_status_names[to]));
    return db_exec(&st, err);
}

static bool old_health(struct db *db, rid id, struct arena *a, str *state, str *code, bool *was_ok, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OLD_HEALTH]);
    bind_id(&st, 1, id);
    *was_ok = false;
    if (db_row(&st)) {
        *state  = col_text_copy(&st, 0, a);
        *code   = col_text_copy(&st, 1, a);
        *was_ok = !col_is_null(&st, 2);
    }
    return db_ok(&st, err);
}

bool account_health_save(struct db *db, const struct account_health *h, struct arena *a, str *state, bool *changed, struct err *err)
{
    str  old_state = { 0 }, old_code = { 0 };
    bool was_ok;
    *changed = false;
    if (!old_health(db, h->id, a, &old_state, &old_code, &was_ok, err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[h->is_ok ? Q_OK : Q_BAD]);
    bind_id(&st, 1, h->id);
    if (h->is_ok) {
        bind_instant(&st, 2, h->now);
        bind_text(&st, 3, h->stream);
    } else {
        bind_text(&st, 2, str_of(account_state_names[h->state]));
        bind_text(&st, 3, h->code);
        bind_text(&st, 4, utf8_cut(h->text, 500));
        bind_instant(&st, 5, h->now);
    }
    if (db_row(&st)) {
        *state   = col_text_copy(&st, 0, a);
        *changed = !str_eq(*state, old_state) || !str_eq(col_text(&st, 1), old_code) || (h->is_ok && !was_ok) || h->is_news;
    }
    return db_ok(&st, err);
}

bool account_state_save(struct db *db, rid id, enum account_state state, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_STATE]);
    bind_id(&st, 1, id);
    bind_text(&st, 2, str_of(account_state_names[state]));
    bind_instant(&st, 3, now);
    return db_exec(&st, err);
}

bool commands_dead_counts(struct db *db, struct arena *a, struct trouble_count_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DEAD_COUNTS]);
    while (db_row(&st))
        *trouble_count_list_add(out, a) = (struct trouble_count){ col_id(&st, 0), col_int(&st, 1) };
    return db_ok(&st, err);
}

bool order_numbers(struct db *db, const rid *ids, int count, struct arena *a, struct order_number_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NUMBERS]);
    bind_ids(&st, 1, ids, count);
    while (db_row(&st))
        *order_number_list_add(out, a) = (struct order_number){ col_id(&st, 0), col_text_copy(&st, 1, a) };
    return db_ok(&st, err);
}

bool open_orders_of(struct db *db, rid account_id, rid after, int max, struct arena *a, struct known_order_list *out, rid *next, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN]);
    bind_id(&st, 1, account_id);
    bind_int(&st, 2, max);
    bind_int(&st, 3, after.v);
    int n = 0;
    while (db_row(&st)) {
        *known_order_list_add(out, a) = (struct known_order){ col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_instant(&st, 2) };
        *next = col_id(&st, 3);
        n++;
    }
    if (n < max)
        *next = (rid){ 0 };
    return db_ok(&st, err);
}

bool orders_today(struct db *db, int64_t day, struct arena *a, struct today_count_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TODAY]);
    bind_int(&st, 1, day);
    while (db_row(&st))
        *today_count_list_add(out, a) = (struct today_count){ col_id(&st, 0), col_int(&st, 1) };
    return db_ok(&st, err);
}
