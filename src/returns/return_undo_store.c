#include "returns/return_undo_store.h"

enum { Q_ADD, Q_LOAD, Q_LIVE, Q_CLEAR, Q_CLOSE, Q_COUNT };
#define COLUMNS "token, return_id, command_id, before, to_state, expires_at, actor_kind, actor_id"
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_ADD] = { "return_undo.add", "INSERT INTO return_undo (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", NULL },
    [Q_LOAD] = { "return_undo.load", "SELECT " COLUMNS " FROM return_undo WHERE token = $1 ORDER BY return_id", NULL },
    [Q_LIVE] = { "return_undo.live",
        "SELECT " COLUMNS " FROM return_undo WHERE return_id = $1 AND expires_at > $2 ORDER BY expires_at DESC, token LIMIT 1", NULL },
    [Q_CLEAR] = { "return_undo.clear", "DELETE FROM return_undo WHERE token = $1 OR expires_at < $2", NULL },
    [Q_CLOSE] = { "return_undo.close", "DELETE FROM return_undo WHERE return_id = $1", NULL },
};
/* clang-format on */

bool return_undo_add(struct db *db, const struct return_undo_row *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_text(&st, 1, r->token);
    bind_id(&st, 2, r->return_id);
    bind_id(&st, 3, r->command_id);
    bind_text(&st, 4, r->before);
    bind_text(&st, 5, r->to_state);
    bind_instant(&st, 6, r->expires_at);
    bind_text(&st, 7, r->actor_kind);
    bind_id(&st, 8, r->actor_id);
    return db_exec(&st, err);
}

static struct return_undo_row read_row(struct stmt *st, struct arena *a)
{
    return (struct return_undo_row){
        col_text_copy(st, 0, a), col_id(st, 1), col_id(st, 2), col_text_copy(st, 3, a), col_text_copy(st, 4, a), col_instant(st, 5),
        col_text_copy(st, 6, a), col_id(st, 7),
    };
}

bool return_undo_load(struct db *db, str token, struct arena *a, struct return_undo_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LOAD]);
    bind_text(&st, 1, token);
    while (db_row(&st))
        *return_undo_row_list_add(out, a) = read_row(&st, a);
    return db_ok(&st, err);
}

bool return_undo_live(struct db *db, rid return_id, instant now, struct arena *a, struct return_undo_row *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIVE]);
    bind_id(&st, 1, return_id);
    bind_instant(&st, 2, now);
    *out = (struct return_undo_row){ 0 };
    if (db_row(&st))
        *out = read_row(&st, a);
    return db_ok(&st, err);
}

bool return_undo_clear(struct db *db, str token, instant before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLEAR]);
    bind_text(&st, 1, token);
    bind_instant(&st, 2, before);
    return db_exec(&st, err);
}

bool return_undo_close(struct db *db, rid return_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLOSE]);
    bind_id(&st, 1, return_id);
    return db_exec(&st, err);
}
