#include "orders/board_store.h"

enum { Q_TIMES, Q_CHANNELS, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_TIMES] = { "board.times",
        "SELECT h.order_id, h.to_status, h.at, o.account_id FROM (SELECT n.id, n.account_id FROM orders n ORDER BY n.sort_at DESC, n.id DESC LIMIT $1) o "
        "  CROSS JOIN order_history h WHERE h.order_id = o.id AND h.flagged = 0 ORDER BY h.order_id, h.seq", NULL },
    [Q_CHANNELS] = { "board.channels", "SELECT DISTINCT channel, id FROM channel_accounts ORDER BY channel, id", NULL },
};
/* clang-format on */

static bool in_scope(const struct queue_scope *scope, rid account)
{
    for (int i = 0; i < scope->count; i++)
        if (id_eq(scope->accounts[i], account))
            return true;
    return scope->count == 0;
}

bool stage_times(struct db *db, const struct queue_scope *scope, struct arena *a, struct stage_time_list *out, int64_t *orders,
                 struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_TIMES]);
    rid     order  = { 0 };
    str     status = { 0 };
    instant since  = { 0 };
    int64_t seen   = 0;
    bind_int(&st, 1, STAGE_ORDERS_MAX);
    while (db_row(&st)) {
        rid     id = col_id(&st, 0);
        instant at = col_instant(&st, 2);
        if (!in_scope(scope, col_id(&st, 3)))
            continue;
        seen += !id_eq(id, order);
        /* Steps told in one go were not waited in: they say nothing of how long a stage takes. */
        if (id_eq(id, order) && at.ms > since.ms)
            *stage_time_list_add(out, a) = (struct stage_time){ status, at.ms - since.ms };
        order  = id;
        since  = at;
        status = col_text_copy(&st, 1, a);
    }
    *orders = seen;
    return db_ok(&st, err);
}

bool shop_channels(struct db *db, const struct queue_scope *scope, struct arena *a, struct str_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHANNELS]);
    while (db_row(&st)) {
        bool known = out->count && str_eq(out->at[out->count - 1], col_text(&st, 0));
        if (!known && in_scope(scope, col_id(&st, 1)))
            *str_list_add(out, a) = col_text_copy(&st, 0, a);
    }
    return db_ok(&st, err);
}
