#include "notices/alarm_store.h"

#include "orders/order_status.h"

const char *const alarm_kind_names[] = { [ALARM_STANDING] = "standing", [ALARM_REASON] = "reason", NULL };
_Static_assert(COUNT_OF(alarm_kind_names) == ALARM_KIND_COUNT + 1, "a name per kind");
const char *const alarm_level_names[] = { [ALARM_NEAR] = "near", [ALARM_OVER] = "over", [ALARM_GROWS] = "grows", NULL };
_Static_assert(COUNT_OF(alarm_level_names) == ALARM_LEVEL_COUNT + 1, "a name per level");

enum { Q_OPEN, Q_ADD, Q_END, Q_TASK_END, Q_REASONS, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_OPEN] = { "alarms.open",
        "SELECT id, kind, key, level, account_id, channel, title, figure, facts, since FROM alarms WHERE ended_at IS NULL ORDER BY since DESC, id DESC", NULL },
    [Q_ADD] = { "alarms.add",
        "INSERT INTO alarms (id, kind, key, level, account_id, channel, title, figure, facts, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
        "ON CONFLICT DO NOTHING RETURNING id", NULL },
    [Q_END] = { "alarms.end", "UPDATE alarms SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", NULL },
    [Q_TASK_END] = { "alarms.task_end",
        "UPDATE tasks SET state = 'cancelled', version = version + 1, updated_at = $2 WHERE rule = $1 AND state = 'open' AND rule <> ''", NULL },
    [Q_REASONS] = { "alarms.reasons",
        "WITH pairs AS (SELECT l.article, MAX(l.title) AS title, r.reason, COUNT(DISTINCT r.id) AS n FROM returns r JOIN return_lines l ON l.return_id = r.id "
        "    WHERE r.requested_at >= $1 AND r.kind NOT IN ('refusal_at_door', 'cancellation') AND l.article <> '' GROUP BY l.article, r.reason) "
        "SELECT article, title, reason, n, whole FROM "
        "  (SELECT article, title, reason, n, CAST(SUM(n) OVER (PARTITION BY article) AS BIGINT) AS whole FROM pairs) k "
        " WHERE reason <> '' AND whole >= $2 AND n * 10000 > whole * $3 ORDER BY n DESC, article, reason LIMIT $4", NULL },
};
/* clang-format on */

bool alarms_open(struct db *db, struct arena *a, struct alarm_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OPEN]);
    while (db_row(&st)) {
        int kind = name_find(alarm_kind_names, col_text(&st, 1)), level = name_find(alarm_level_names, col_text(&st, 3));
        if (kind < 0 || level < 0)
            continue;
        *alarm_list_add(out, a) = (struct alarm){
            .id = col_id(&st, 0), .kind = (enum alarm_kind)kind, .key = col_text_copy(&st, 2, a), .level = (enum alarm_level)level,
            .account_id = col_id(&st, 4), .channel = col_text_copy(&st, 5, a), .title = col_text_copy(&st, 6, a),
            .figure = col_text_copy(&st, 7, a), .facts = col_text_copy(&st, 8, a), .since = col_instant(&st, 9),
        };
    }
    return db_ok(&st, err);
}

bool alarm_add(struct db *db, const struct alarm *m, bool *made, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_id(&st, 1, m->id);
    bind_text(&st, 2, str_of(alarm_kind_names[m->kind]));
    bind_text(&st, 3, m->key);
    bind_text(&st, 4, str_of(alarm_level_names[m->level]));
    bind_id(&st, 5, m->account_id);
    bind_text(&st, 6, m->channel);
    bind_text(&st, 7, m->title);
    bind_text(&st, 8, m->figure);
    bind_text(&st, 9, m->facts);
    bind_instant(&st, 10, m->since);
    *made = db_row(&st);
    return db_ok(&st, err);
}

bool alarm_end(struct db *db, rid id, instant at, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, at);
    return db_exec(&st, err);
}

bool alarm_task_end(struct db *db, str rule, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASK_END]);
    bind_text(&st, 1, rule);
    bind_instant(&st, 2, now);
    return db_exec(&st, err);
}

bool reasons_that_grow(struct db *db, instant from, int64_t returns_min, int64_t share_bp, int max, struct arena *a, struct reason_share_list *out,
                       struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_REASONS]);
    bind_instant(&st, 1, from);
    bind_int(&st, 2, returns_min);
    bind_int(&st, 3, share_bp);
    bind_int(&st, 4, max);
    while (db_row(&st))
        *reason_share_list_add(out, a) = (struct reason_share){ col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a),
                                                                col_int(&st, 3), col_int(&st, 4) };
    return db_ok(&st, err);
}
