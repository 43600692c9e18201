#include "orders/waiting_store.h"

enum { Q_TASKS, Q_TROUBLE, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_TASKS] = { "waiting.tasks", "SELECT COUNT(*) FROM tasks WHERE state = 'open' AND assignee_id = $1 AND due_at < $2", NULL },
    [Q_TROUBLE] = { "waiting.trouble", "SELECT account_id, COUNT(*) FROM outbox WHERE state IN ('dead', 'refused') GROUP BY account_id", NULL },
};

bool tasks_due(struct db *db, rid user_id, instant until, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TASKS]);
    bind_id(&st, 1, user_id);
    bind_instant(&st, 2, until);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool commands_in_trouble(struct db *db, const struct queue_scope *scope, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TROUBLE]);
    int64_t n = 0;
    while (db_row(&st)) {
        rid  account = col_id(&st, 0);
        bool seen    = scope->count == 0;
        for (int i = 0; i < scope->count && !seen; i++)
            seen = id_eq(scope->accounts[i], account);
        n += seen ? col_int(&st, 1) : 0;
    }
    *out = n;
    return db_ok(&st, err);
}
