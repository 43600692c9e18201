#include "orders/person_store.h"

#include "orders/order.h"

enum { Q_BOUGHT, Q_BOUGHT_AT, Q_BOUGHT_ON, Q_WORTH, Q_IDENTIFIED, Q_BY_NUMBER, Q_BY_SPELLED, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_BOUGHT] = { "persons.bought",
        "SELECT l.article, MAX(l.title), CAST(SUM(l.qty) AS BIGINT), COUNT(DISTINCT l.order_id) FROM order_lines l "
        " WHERE l.order_id IN (SELECT o.id FROM orders o WHERE o.customer_id = $1 AND o.status <> 'cancelled') AND l.article <> '' "
        " GROUP BY l.article ORDER BY 4 DESC, 3 DESC, 1 LIMIT $2", NULL },
    [Q_BOUGHT_AT] = { "persons.bought_at",
        "SELECT o.account_id, a.channel, a.name, COUNT(*), CAST(SUM(CASE WHEN o.has_total = 1 THEN o.grand_total ELSE 0 END) AS BIGINT), o.currency, "
        "       MIN(o.sort_at), MAX(o.sort_at), CAST(SUM(o.has_total) AS BIGINT) FROM orders o JOIN channel_accounts a ON a.id = o.account_id "
        " WHERE o.customer_id = $1 AND o.status <> 'cancelled' GROUP BY o.account_id, a.channel, a.name, o.currency ORDER BY 4 DESC, 1, 6", NULL },
    /* The window is taken before what was given back is looked up, so that old orders cost no more than their row of the index. */
    [Q_BOUGHT_ON] = { "persons.bought_on",
        "SELECT t.customer_id, t.sort_at, CAST(CASE WHEN t.has_total = 1 AND t.currency = t.own THEN t.grand_total - COALESCE("
        "         (SELECT SUM(r.refund_amount) FROM returns r WHERE r.order_id = t.id AND r.refunded_at IS NOT NULL), 0) ELSE 0 END AS BIGINT) "
        "  FROM (SELECT o.id, o.customer_id, o.sort_at, o.has_total, o.grand_total, o.currency, c.currency AS own, "
        "               ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.sort_at DESC, o.id DESC) AS place, "
        "               MAX(o.sort_at) OVER (PARTITION BY o.customer_id) AS newest "
        "          FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.customer_id IN ({ids:$1}) AND o.status NOT IN ('cancelled', 'returned')) t "
        " WHERE t.place <= $2 OR t.sort_at > t.newest - $3 OR t.sort_at > $4 ORDER BY t.customer_id, t.sort_at DESC, t.id DESC", NULL },
    [Q_WORTH] = { "persons.worth",
        "SELECT (SELECT COUNT(*) FROM returns r JOIN orders o ON o.id = r.order_id WHERE o.customer_id = $1 AND r.kind <> 'cancellation'), "
        "       CAST(COALESCE(SUM(n), 0) AS BIGINT), CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM order_totals WHERE currency = $2 AND status <> 'cancelled'", NULL },
    [Q_IDENTIFIED] = { "persons.identified",
        "SELECT o.account_id, a.channel, a.name, COUNT(*), CAST(SUM(CASE WHEN s.phone <> '' OR s.email <> '' THEN 1 ELSE 0 END) AS BIGINT) "
        "  FROM (SELECT account_id, source_id FROM orders ORDER BY sort_at DESC, id DESC LIMIT $1) o JOIN channel_accounts a ON a.id = o.account_id "
        "  LEFT JOIN customer_sources s ON s.id = o.source_id GROUP BY o.account_id, a.channel, a.name ORDER BY 4 DESC, 1", NULL },
    [Q_BY_NUMBER] = { "persons.by_number",
        "SELECT o.customer_id FROM orders o WHERE o.id IN (SELECT n.id FROM orders n WHERE n.number_tail >= $1 AND n.number_tail < $2 "
        "   ORDER BY n.id DESC LIMIT $3) AND o.customer_id IS NOT NULL ORDER BY o.sort_at DESC, o.id DESC", NULL },
    [Q_BY_SPELLED] = { "persons.by_spelled",
        "SELECT customer_id FROM orders WHERE number_tail = $1 AND number IN ({texts:$2}) AND customer_id IS NOT NULL ORDER BY sort_at DESC, id DESC LIMIT $3", NULL },
};

bool bought_by(struct db *db, rid customer, int max, struct arena *a, struct bought_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BOUGHT]);
    bind_id(&st, 1, customer);
    bind_int(&st, 2, max);
    while (db_row(&st))
        *bought_list_add(out, a) = (struct bought){ col_text_copy(&st, 0, a), col_text_copy(&st, 1, a), col_int(&st, 2), col_int(&st, 3) };
    return db_ok(&st, err);
}

bool bought_at_by(struct db *db, rid customer, struct arena *a, struct bought_at_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BOUGHT_AT]);
    bind_id(&st, 1, customer);
    while (db_row(&st))
        *bought_at_list_add(out, a) = (struct bought_at){
            col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_int(&st, 3), col_amount(&st, 4), col_text_copy(&st, 5, a),
            col_instant(&st, 6), col_instant(&st, 7), col_int(&st, 8),
        };
    return db_ok(&st, err);
}

bool bought_on_by(struct db *db, const rid *customers, int count, instant now, struct arena *a, struct bought_on_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BOUGHT_ON]);
    bind_ids(&st, 1, customers, count);
    bind_int(&st, 2, HABIT_ORDERS_MIN);
    bind_int(&st, 3, (HABIT_DAYS + 1) * DAY_MS);
    bind_int(&st, 4, now.ms - (HABIT_DAYS + 1) * DAY_MS);
    while (db_row(&st))
        *bought_on_list_add(out, a) = (struct bought_on){ col_id(&st, 0), col_instant(&st, 1), col_amount(&st, 2) };
    return db_ok(&st, err);
}

bool worth_of(struct db *db, rid customer, str currency, struct worth *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WORTH]);
    bind_id(&st, 1, customer);
    bind_text(&st, 2, currency);
    *out = (struct worth){ 0 };
    if (db_row(&st))
        *out = (struct worth){ col_int(&st, 0), col_int(&st, 1), col_amount(&st, 2) };
    return db_ok(&st, err);
}

bool identified_share(struct db *db, int orders, struct arena *a, struct identified_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_IDENTIFIED]);
    bind_int(&st, 1, orders);
    while (db_row(&st))
        *identified_list_add(out, a) = (struct identified){ col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_int(&st, 3),
                                                            col_int(&st, 4) };
    return db_ok(&st, err);
}

/* Each once, in their order. */
static bool buyers_read(struct stmt *st, struct arena *a, struct int_list *out, struct err *err)
{
    while (db_row(st)) {
        int64_t id   = col_int(st, 0);
        bool    seen = false;
        for (int i = 0; i < out->count && !seen; i++)
            seen = out->at[i] == id;
        if (!seen)
            *int_list_add(out, a) = id;
    }
    return db_ok(st, err);
}

bool buyers_by_number(struct db *db, str reversed, int max, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_NUMBER]);
    bind_text(&st, 1, reversed);
    bind_text(&st, 2, str_print(a, "%.*s9999999999999999999999999999999999999999", STR_ARG(reversed)));
    bind_int(&st, 3, max);
    return buyers_read(&st, a, out, err);
}

bool buyers_by_spelled_number(struct db *db, str typed, int max, struct arena *a, struct int_list *out, struct err *err)
{
    str spelled[NUMBER_SPELLINGS], tail;
    if (!order_number_spelled(a, typed, spelled, &tail))
        return true;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_SPELLED]);
    bind_text(&st, 1, tail);
    bind_texts(&st, 2, spelled, NUMBER_SPELLINGS);
    bind_int(&st, 3, max);
    return buyers_read(&st, a, out, err);
}
