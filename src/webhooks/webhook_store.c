#include "webhooks/webhook_store.h"

enum {
    Q_ALL, Q_ENABLED, Q_REMOVE_ATTEMPTS, Q_REMOVE_DELIVERIES, Q_REMOVE, Q_HEALTH, Q_CURSOR, Q_CURSOR_SET, Q_NEWS, Q_DUE, Q_KNOWN, Q_TAKE,
    Q_SETTLE, Q_AGAIN, Q_ATTEMPTS, Q_FORGET_ATTEMPTS, Q_FORGET, Q_RELEASE, Q_HASTEN, Q_UNPAUSE, Q_COUNT
};
#define OPEN "state IN ('waiting', 'sending')"
#define OLD  "SELECT id FROM webhook_deliveries WHERE state IN ('done', 'dead') AND created_at < $1 ORDER BY created_at, id LIMIT 2000"
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_ALL]     = { "webhooks.all", "SELECT * FROM webhooks ORDER BY id LIMIT 200", NULL },
    [Q_ENABLED] = { "webhooks.enabled", "SELECT * FROM webhooks WHERE enabled = 1 ORDER BY id LIMIT 200", NULL },
    [Q_REMOVE_ATTEMPTS] = { "webhooks.remove_attempts",
        "DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = $1)", NULL },
    [Q_REMOVE_DELIVERIES] = { "webhooks.remove_deliveries", "DELETE FROM webhook_deliveries WHERE webhook_id = $1", NULL },
    [Q_REMOVE]  = { "webhooks.remove", "DELETE FROM webhooks WHERE id = $1 RETURNING id", NULL },
    [Q_HEALTH]  = { "webhooks.health",
        "UPDATE webhooks SET failures = $2, failing_since = $3, pause_until = $4, enabled = $5, stopped = $6 WHERE id = $1", NULL },
    [Q_CURSOR]  = { "webhooks.cursor", "SELECT value FROM settings WHERE key = 'webhooks.cursor'", NULL },
    [Q_CURSOR_SET] = { "webhooks.cursor_set",
        "INSERT INTO settings (key, value) VALUES ('webhooks.cursor', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", NULL },
    [Q_NEWS]    = { "webhooks.news",
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM webhooks WHERE enabled = 1) THEN (SELECT MAX(id) FROM events) END, "
        "       (SELECT value FROM settings WHERE key = 'webhooks.cursor')", NULL },
    [Q_DUE]     = { "webhooks.due",
        "SELECT w.id FROM webhooks w WHERE w.enabled = 1 AND w.pause_until <= $1 AND EXISTS ("
        "  SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d." OPEN " AND d.not_before <= $1 AND d.lease_until <= $2) "
        "ORDER BY w.pause_until, w.id LIMIT 200", NULL },
    [Q_KNOWN]   = { "webhooks.known",
        "SELECT webhook_id, event_id, type FROM webhook_deliveries "
        " WHERE webhook_id IN ({ids:$1}) AND event_id IN ({ids:$2}) AND event_id > 0", NULL },
    [Q_TAKE]    = { "webhooks.take",
        "UPDATE webhook_deliveries SET state = 'sending', taken_by = $4, lease_until = $5 "
        " WHERE id IN (SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d." OPEN " AND d.not_before <= $2 "
        "                 AND d.lease_until <= $3 ORDER BY d.not_before, d.id LIMIT $6) "
        "   AND lease_until <= $3 "
        "RETURNING *", NULL },
    [Q_SETTLE]  = { "webhooks.settle",
        "UPDATE webhook_deliveries SET state = $3, not_before = $4, tries = $5, done_at = $6, taken_by = '', lease_until = 0 "
        " WHERE id = $1 AND taken_by = $2 AND state = 'sending' RETURNING id", NULL },
    [Q_AGAIN]   = { "webhooks.again",
        "UPDATE webhook_deliveries SET state = 'waiting', not_before = $2, done_at = NULL "
        " WHERE id = $1 AND state IN ('done', 'dead') RETURNING id", NULL },
    [Q_ATTEMPTS] = { "webhooks.attempts",
        "SELECT * FROM webhook_attempts WHERE delivery_id IN ({ids:$1}) ORDER BY delivery_id, n", NULL },
    [Q_FORGET_ATTEMPTS] = { "webhooks.forget_attempts", "DELETE FROM webhook_attempts WHERE delivery_id IN (" OLD ")", NULL },
    [Q_FORGET]  = { "webhooks.forget", "DELETE FROM webhook_deliveries WHERE id IN (" OLD ")", NULL },
    [Q_HASTEN]  = { "webhooks.hasten",
        "UPDATE webhook_deliveries SET not_before = CASE WHEN not_before > $2 THEN $1 ELSE not_before END, "
        "       lease_until = CASE WHEN lease_until > $2 THEN $2 ELSE lease_until END WHERE " OPEN " AND (not_before > $2 OR lease_until > $2)", NULL },
    [Q_UNPAUSE] = { "webhooks.unpause", "UPDATE webhooks SET pause_until = $1 WHERE pause_until > $1", NULL },
    [Q_RELEASE] = { "webhooks.release",
        "UPDATE webhook_deliveries SET state = 'waiting', lease_until = 0, taken_by = '' WHERE state = 'sending' AND SUBSTR(taken_by, 1, LENGTH($1)) = $1", NULL },
};
/* clang-format on */

static bool read_hooks(struct stmt *st, struct arena *a, struct webhook_list *out, struct err *err)
{
    while (db_row(st))
        record_scan(&webhook_record, st, a, webhook_list_add(out, a));
    return db_ok(st, err);
}

bool webhooks_all(struct db *db, struct arena *a, struct webhook_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    return read_hooks(&st, a, out, err);
}

bool webhooks_enabled(struct db *db, struct arena *a, struct webhook_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ENABLED]);
    return read_hooks(&st, a, out, err);
}

bool webhook_get(struct db *db, rid id, struct arena *a, struct webhook *out, struct err *err)
{
    return record_get(db, &webhook_record, id, a, out, err);
}

bool webhook_insert(struct db *db, const struct webhook *h, struct err *err)
{
    return record_insert(db, &webhook_record, h, err);
}

bool webhook_save(struct db *db, const struct webhook *old, struct webhook *now, struct err *err)
{
    uint64_t set = record_diff(&webhook_record, old, now);
    now->version = old->version;
    if (!set)
        return true;
    if (!record_update(db, &webhook_record, now, set, err))
        return false;
    now->version = old->version + 1;
    return true;
}

static bool run_for(struct db *db, int query, rid id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[query]);
    bind_id(&st, 1, id);
    return db_exec(&st, err);
}

bool webhook_remove(struct db *db, rid id, struct err *err)
{
    if (!run_for(db, Q_REMOVE_ATTEMPTS, id, err) || !run_for(db, Q_REMOVE_DELIVERIES, id, err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REMOVE]);
    bind_id(&st, 1, id);
    bool found = db_row(&st);
    if (!db_ok(&st, err))
        return false;
    return found || err_set(err, ERR_NOT_FOUND, "id", "there is no such webhook");
}

bool webhook_health(struct db *db, const struct webhook *h, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HEALTH]);
    bind_id(&st, 1, h->id);
    bind_int(&st, 2, h->failures);
    bind_instant(&st, 3, h->failing_since);
    bind_int(&st, 4, h->pause_until);
    bind_int(&st, 5, h->enabled);
    bind_text(&st, 6, h->stopped);
    return db_exec(&st, err);
}

bool webhook_cursor(struct db *db, struct arena *a, int64_t *out, struct err *err)
{
    (void)a;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CURSOR]);
    *out = 0;
    if (db_row(&st) && !str_to_int(col_text(&st, 0), out))
        *out = 0;
    return db_ok(&st, err);
}

bool webhook_cursor_set(struct db *db, struct arena *a, int64_t at, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CURSOR_SET]);
    bind_text(&st, 1, str_print(a, "%lld", (long long)at));
    return db_exec(&st, err);
}

bool webhook_news(struct db *db, struct arena *a, bool *out, struct err *err)
{
    int64_t newest = 0, told = 0;
    (void)a;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEWS]);
    if (db_row(&st)) {
        newest = col_int(&st, 0);
        if (!str_to_int(col_text(&st, 1), &told))
            told = 0;
    }
    *out = newest > told;
    return db_ok(&st, err);
}

bool webhook_due(struct db *db, instant now, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DUE]);
    bind_int(&st, 1, now.ms);
    bind_int(&st, 2, now.ms);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}

/* Leaves those that are not there yet, in their order. */
static bool known_drop(struct db *db, struct webhook_delivery *rows, int *count, struct arena *a, struct err *err)
{
    rid *hooks = ARENA_ARRAY(a, rid, *count), *events = ARENA_ARRAY(a, rid, *count);
    int  kept  = 0;
    for (int i = 0; i < *count; i++) {
        hooks[i]  = rows[i].webhook_id;
        events[i] = (rid){ rows[i].event_id };
    }
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KNOWN]);
    bind_ids(&st, 1, hooks, *count);
    bind_ids(&st, 2, events, *count);
    while (db_row(&st))
        for (int i = 0; i < *count; i++)
            if (rows[i].webhook_id.v == col_int(&st, 0) && rows[i].event_id == col_int(&st, 1) && str_eq(rows[i].type, col_text(&st, 2)))
                rows[i].webhook_id = (rid){ 0 };
    for (int i = 0; i < *count; i++)
        if (id_is_set(rows[i].webhook_id))
            rows[kept++] = rows[i];
    *count = kept;
    return db_ok(&st, err);
}

bool deliveries_add(struct db *db, struct webhook_delivery *rows, int count, struct arena *a, struct err *err)
{
    return !count || (known_drop(db, rows, &count, a, err) && record_insert_many(db, &webhook_delivery_record, rows, count, err));
}

bool deliveries_take(struct db *db, rid webhook_id, instant now, str worker, instant lease_until, int max, struct arena *a,
                     struct webhook_delivery_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TAKE]);
    bind_id(&st, 1, webhook_id);
    bind_instant(&st, 2, now);
    bind_int(&st, 3, now.ms);
    bind_text(&st, 4, worker);
    bind_int(&st, 5, lease_until.ms);
    bind_int(&st, 6, max);
    while (db_row(&st))
        record_scan(&webhook_delivery_record, &st, a, webhook_delivery_list_add(out, a));
    return db_ok(&st, err);
}

bool delivery_settle(struct db *db, const struct webhook_delivery *d, bool *kept, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
    bind_id(&st, 1, d->id);
    bind_text(&st, 2, d->taken_by);
    bind_text(&st, 3, d->state);
    bind_instant(&st, 4, d->not_before);
    bind_int(&st, 5, d->tries);
    bind_instant(&st, 6, d->done_at);
    *kept = db_row(&st);
    return db_ok(&st, err);
}

bool delivery_get(struct db *db, rid id, struct arena *a, struct webhook_delivery *out, struct err *err)
{
    return record_get(db, &webhook_delivery_record, id, a, out, err);
}

bool delivery_again(struct db *db, rid id, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_AGAIN]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    bool hit = db_row(&st);
    if (!db_ok(&st, err))
        return false;
    return hit || err_set(err, ERR_ACTION_REFUSED, "state", "it is still on its way");
}

bool deliveries_list(struct db *db, str query, struct arena *a, struct webhook_delivery *rows, int *count, str *next, struct err *err)
{
    /* Ids grow with time. */
    const struct record_query q = { .default_sort = "-id", .limit_max = 100 };
    return record_list(db, &webhook_delivery_record, &q, query, a, rows, count, next, err);
}

bool attempt_add(struct db *db, const struct webhook_attempt *at, struct err *err)
{
    return record_insert(db, &webhook_attempt_record, at, err);
}

bool attempts_of(struct db *db, const rid *deliveries, int count, struct arena *a, struct webhook_attempt_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ATTEMPTS]);
    bind_ids(&st, 1, deliveries, count);
    while (db_row(&st))
        record_scan(&webhook_attempt_record, &st, a, webhook_attempt_list_add(out, a));
    return db_ok(&st, err);
}

bool deliveries_forget(struct db *db, instant before, struct err *err)
{
    const int queries[] = { Q_FORGET_ATTEMPTS, Q_FORGET };
    for (int i = 0; i < 2; i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[queries[i]]);
        bind_instant(&st, 1, before);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool deliveries_release(struct db *db, str worker_prefix, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RELEASE]);
    bind_text(&st, 1, worker_prefix);
    return db_exec(&st, err);
}

bool deliveries_hasten(struct db *db, instant now, instant lease, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HASTEN]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, lease.ms);
    if (!db_exec(&st, err))
        return false;
    CLEANUP(stmt_done) struct stmt un = db_query(db, &SQL[Q_UNPAUSE]);
    bind_int(&un, 1, now.ms);
    return db_exec(&un, err);
}
