#include "orders/holds_store.h"

/* clang-format off */
static const struct field hold_fields[] = {
    FIELD(order_hold, order_id, .access = READ_ONLY), FIELD(order_hold, until, .access = READ_ONLY),
    FIELD(order_hold, reason, .access = READ_ONLY, .max = 400),
};
const struct record order_hold_record = RECORD(order_hold, "order_holds", hold_fields);

enum { Q_DROP, Q_OF, Q_DUE, Q_NEXT, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_DROP] = { "order_holds.drop", "DELETE FROM order_holds WHERE order_id = $1", NULL },
    [Q_OF]   = { "order_holds.of", "SELECT * FROM order_holds WHERE order_id = $1", NULL },
    [Q_DUE]  = { "order_holds.due", "SELECT * FROM order_holds WHERE until <= $1 ORDER BY until, order_id LIMIT $2", NULL },
    [Q_NEXT] = { "order_holds.next", "SELECT until FROM order_holds ORDER BY until LIMIT 1", NULL },
};
/* clang-format on */

bool hold_save(struct db *db, const struct order_hold *h, struct err *err)
{
    return hold_drop(db, h->order_id, err) && record_insert(db, &order_hold_record, h, err);
}

bool hold_drop(struct db *db, rid order_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_id(&st, 1, order_id);
    return db_exec(&st, err);
}

bool hold_of(struct db *db, rid order_id, struct arena *a, struct order_hold *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_id(&st, 1, order_id);
    *out = (struct order_hold){ 0 };
    if (db_row(&st))
        record_scan(&order_hold_record, &st, a, out);
    return db_ok(&st, err);
}

bool holds_due(struct db *db, instant now, int max, struct arena *a, struct order_hold_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DUE]);
    bind_instant(&st, 1, now);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&order_hold_record, &st, a, order_hold_list_add(out, a));
    return db_ok(&st, err);
}

bool holds_next(struct db *db, instant *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEXT]);
    *out = (instant){ 0 };
    if (db_row(&st))
        *out = col_instant(&st, 0);
    return db_ok(&st, err);
}
