#include "orders/outcome_store.h"

/* clang-format off */
const char *const violation_cause_names[] = {
    [CAUSE_CAME_LATE] = "came_late", [CAUSE_CHANNEL_DOWN] = "channel_down", [CAUSE_PROBLEM] = "problem", [CAUSE_NOBODY] = "nobody",
    [CAUSE_PERSON] = "person", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(violation_cause_names) == CAUSE_COUNT + 1, "a name per cause");

enum { Q_GET, Q_PUT, Q_OF, Q_DROP, Q_VIOLATION, Q_VIOLATION_END, Q_DOWN, Q_UNSAY, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_GET] = { "outcomes.get", "SELECT handed_at, late, delivered_at, cancelled_at, own_fault FROM order_outcomes WHERE order_id = $1", NULL },
    [Q_PUT] = { "outcomes.put",
        "INSERT INTO order_outcomes (order_id, account_id, handed_at, late, delivered_at, cancelled_at, own_fault) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (order_id) DO UPDATE SET handed_at = excluded.handed_at, late = excluded.late, "
        "       delivered_at = excluded.delivered_at, cancelled_at = excluded.cancelled_at, own_fault = excluded.own_fault", NULL },
    [Q_OF] = { "outcomes.of",
        "SELECT order_id, account_id, handed_at, late, delivered_at, cancelled_at, own_fault FROM order_outcomes WHERE order_id IN ({ids:$1})", NULL },
    [Q_DROP] = { "outcomes.drop", "DELETE FROM order_outcomes WHERE order_id IN ({ids:$1})", NULL },
    [Q_VIOLATION] = { "violations.add",
        "INSERT INTO violations (object, object_id, step, account_id, person_id, cause, at, number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
        "ON CONFLICT (object, object_id, step) DO NOTHING", NULL },
    [Q_VIOLATION_END] = { "violations.end",
        "UPDATE violations SET ended_at = $4 WHERE object = $1 AND object_id = $2 AND step = $3 AND ended_at IS NULL", NULL },
    [Q_UNSAY] = { "violations.unsay", "DELETE FROM violations WHERE at > $1", NULL },
    [Q_DOWN] = { "violations.accounts_down", "SELECT id FROM channel_accounts WHERE state <> 'active'", NULL },
};

bool order_outcome_get(struct db *db, rid order_id, struct order_outcome *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
    bind_id(&st, 1, order_id);
    *out = (struct order_outcome){ .order_id = order_id };
    if (db_row(&st)) {
        out->handed_at    = col_instant(&st, 0);
        out->late         = col_bool(&st, 1);
        out->delivered_at = col_instant(&st, 2);
        out->cancelled_at = col_instant(&st, 3);
        out->own_fault    = col_bool(&st, 4);
    }
    return db_ok(&st, err);
}

bool order_outcome_put(struct db *db, const struct order_outcome *o, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PUT]);
    bind_id(&st, 1, o->order_id);
    bind_id(&st, 2, o->account_id);
    bind_instant(&st, 3, o->handed_at);
    bind_bool(&st, 4, o->late);
    bind_instant(&st, 5, o->delivered_at);
    bind_instant(&st, 6, o->cancelled_at);
    bind_bool(&st, 7, o->own_fault);
    return db_exec(&st, err);
}

bool order_outcomes_of(struct db *db, const rid *orders, int count, struct arena *a, struct order_outcome_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_OF]);
    bind_ids(&st, 1, orders, count);
    while (db_row(&st))
        *order_outcome_list_add(out, a) = (struct order_outcome){
            .order_id = col_id(&st, 0), .account_id = col_id(&st, 1), .handed_at = col_instant(&st, 2), .late = col_bool(&st, 3),
            .delivered_at = col_instant(&st, 4), .cancelled_at = col_instant(&st, 5), .own_fault = col_bool(&st, 6),
        };
    return db_ok(&st, err);
}

bool order_outcomes_drop(struct db *db, const rid *orders, int count, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DROP]);
    bind_ids(&st, 1, orders, count);
    return db_exec(&st, err);
}

bool violation_add(struct db *db, const struct violation *v, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_VIOLATION]);
    bind_text(&st, 1, v->object);
    bind_id(&st, 2, v->object_id);
    bind_text(&st, 3, v->step);
    bind_id(&st, 4, v->account_id);
    bind_id(&st, 5, v->person_id);
    bind_text(&st, 6, str_of(violation_cause_names[v->cause]));
    bind_instant(&st, 7, v->at);
    bind_text(&st, 8, v->number);
    return db_exec(&st, err);
}

bool violation_end(struct db *db, str object, rid object_id, str step, instant at, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_VIOLATION_END]);
    bind_text(&st, 1, object);
    bind_id(&st, 2, object_id);
    bind_text(&st, 3, step);
    bind_instant(&st, 4, at);
    return db_exec(&st, err);
}

bool violations_unsay(struct db *db, instant now, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UNSAY]);
    bind_instant(&st, 1, now);
    return db_exec(&st, err);
}

bool accounts_down(struct db *db, struct arena *a, struct int_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DOWN]);
    while (db_row(&st))
        *int_list_add(out, a) = col_int(&st, 0);
    return db_ok(&st, err);
}
