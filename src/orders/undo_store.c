#include "orders/undo_store.h"

enum { Q_ADD, Q_LOAD, Q_CLEAR, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_ADD] = { "undo.add",
        "INSERT INTO undo_steps (token, order_id, command_id, from_status, to_status, expires_at, actor_kind, actor_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", NULL },
    [Q_LOAD] = { "undo.load",
        "SELECT order_id, command_id, from_status, to_status, expires_at, actor_kind, actor_id FROM undo_steps WHERE token = $1 ORDER BY order_id", NULL },
    [Q_CLEAR] = { "undo.clear", "DELETE FROM undo_steps WHERE token = $1 OR expires_at < $2", NULL },
};

bool undo_add(struct db *db, str token, const struct undo_step *s, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_text(&st, 1, token);
    bind_id(&st, 2, s->order_id);
    bind_id(&st, 3, s->command_id);
    bind_text(&st, 4, s->from_status);
    bind_text(&st, 5, s->to_status);
    bind_instant(&st, 6, s->expires_at);
    bind_text(&st, 7, s->actor_kind);
    bind_id(&st, 8, s->actor_id);
    return db_exec(&st, err);
}

bool undo_load(struct db *db, str token, struct arena *a, struct undo_step_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LOAD]);
    bind_text(&st, 1, token);
    while (db_row(&st))
        *undo_step_list_add(out, a) = (struct undo_step){
            col_id(&st, 0), col_id(&st, 1), col_text_copy(&st, 2, a), col_text_copy(&st, 3, a), col_instant(&st, 4),
            col_text_copy(&st, 5, a), col_id(&st, 6),
        };
    return db_ok(&st, err);
}

bool undo_clear(struct db *db, str token, instant before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLEAR]);
    bind_text(&st, 1, token);
    bind_instant(&st, 2, before);
    return db_exec(&st, err);
}
