#include "returns/return_rule_store.h"

#include "deadlines/shop_store.h"

#define KEY STR("returns.rules")

enum { Q_HABIT, Q_CLAIMS, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_HABIT] = { "returns.habit",
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM returns r WHERE r.order_id = o.id AND r.id <> $3 "
        "         AND r.kind IN ('return', 'exchange', 'defect', 'not_ordered') AND r.state NOT IN ('rejected', 'cancelled', 'expired'))) "
        "  FROM orders o WHERE o.customer_id = $1 AND o.sort_at >= $2 AND o.status <> 'cancelled'", NULL },
    [Q_CLAIMS] = { "returns.claims_open",
        "SELECT COUNT(*) FROM claims c WHERE c.state NOT IN ('settled', 'withdrawn') "
        "   AND (c.order_id = $1 OR c.order_id IN (SELECT o.id FROM orders o WHERE o.customer_id = $2))", NULL },
};
/* clang-format on */

bool return_rules_load(struct db *db, struct arena *a, struct return_rules *out, struct err *err)
{
    str text = { 0 };
    if (!setting_get(db, KEY, a, &text, err))
        return false;
    *out = return_rules_read(a, text);
    return true;
}

bool return_rules_save(struct db *db, struct arena *a, const struct return_rules *r, struct err *err)
{
    return setting_set(db, KEY, return_rules_text(a, r), err);
}

bool buyer_habit(struct db *db, rid customer, instant since, rid except_return, int64_t *orders, int64_t *returns, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HABIT]);
    bind_id(&st, 1, customer);
    bind_instant(&st, 2, since);
    bind_int(&st, 3, except_return.v);
    *orders = *returns = 0;
    if (db_row(&st)) {
        *orders  = col_int(&st, 0);
        *returns = col_int(&st, 1);
    }
    return db_ok(&st, err);
}

bool claims_open_of(struct db *db, rid order_id, rid customer, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLAIMS]);
    bind_id(&st, 1, order_id);
    bind_int(&st, 2, customer.v);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}
