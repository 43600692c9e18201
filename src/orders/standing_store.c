#include "orders/standing_store.h"

enum { Q_ACCOUNTS, Q_LIMITS, Q_LIMIT_PUT, Q_RATINGS, Q_RATING_PUT, Q_OWN_ORDERS, Q_LATE_ORDERS, Q_CONFIRMED, Q_MISSED, Q_DAY, Q_WEIGHT_PUT, Q_COUNT };
#define ORDER_COLUMNS "o.id, o.number, o.title, o.status, o.cancel_reason, o.channel_ship_by, o.assignee_id"
static const struct sql SQL[Q_COUNT] = {
    [Q_ACCOUNTS] = { "standing.accounts", "SELECT id, channel, name FROM channel_accounts ORDER BY id", NULL },
    [Q_LIMITS] = { "standing.limits",
        "SELECT id, channel, figure, level, value, days, valid_from, sure, source FROM standing_limits ORDER BY channel, figure, level, valid_from", NULL },
    [Q_LIMIT_PUT] = { "standing.limit_put",
        "INSERT INTO standing_limits (id, channel, figure, level, value, days, valid_from, sure, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (channel, figure, level, valid_from) DO UPDATE SET value = excluded.value, days = excluded.days, sure = excluded.sure, "
        "       source = excluded.source", NULL },
    [Q_RATINGS] = { "standing.ratings", "SELECT account_id, at, rating, source FROM standing_ratings ORDER BY at DESC, account_id LIMIT 1000", NULL },
    [Q_RATING_PUT] = { "standing.rating_put",
        "INSERT INTO standing_ratings (account_id, at, rating, source) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (account_id, at) DO UPDATE SET rating = excluded.rating, source = excluded.source", NULL },
    [Q_OWN_ORDERS] = { "standing.own_orders",
        "SELECT k.cancelled_at, " ORDER_COLUMNS " FROM order_outcomes k JOIN orders o ON o.id = k.order_id "
        " WHERE k.own_fault = 1 AND k.account_id = $1 AND k.cancelled_at >= $2 ORDER BY k.cancelled_at DESC, k.order_id LIMIT $3", NULL },
    [Q_LATE_ORDERS] = { "standing.late_orders",
        "SELECT k.handed_at, " ORDER_COLUMNS " FROM order_outcomes k JOIN orders o ON o.id = k.order_id "
        " WHERE k.late = 1 AND k.account_id = $1 AND k.handed_at >= $2 ORDER BY k.handed_at DESC, k.order_id LIMIT $3", NULL },
    [Q_CONFIRMED] = { "standing.confirmed",
        "SELECT o.account_id, o.sort_at, o.confirmed_at, "
        "       (SELECT MAX(h.actor_id) FROM order_history h WHERE h.order_id = o.id AND h.at = o.confirmed_at AND h.to_status = 'confirmed' "
        "           AND h.flagged = 0 AND h.actor_kind = 'user') "
        "  FROM orders o WHERE o.sort_at >= $1 AND o.sort_at < $2 AND o.confirmed_at IS NOT NULL ORDER BY o.sort_at LIMIT $3", NULL },
    [Q_WEIGHT_PUT] = { "standing.weight_put",
        "INSERT INTO queue_weights (account_id, weight) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET weight = excluded.weight", NULL },
    [Q_MISSED] = { "standing.missed",
        "SELECT object, object_id, account_id, person_id, number, step, cause, at, ended_at FROM violations WHERE at >= $1 AND at < $2 "
        " ORDER BY at DESC, object_id LIMIT $3", NULL },
    [Q_DAY] = { "standing.day",
        "SELECT o.account_id, o.channel, o.scheme, o.status, o.marks, o.sort_at, o.created_at, o.confirmed_at, o.channel_confirm_by, "
        "       o.channel_ship_by, o.deadline_step, o.deadline_start, o.deadline_used, "
        "       MAX(h.at) FILTER (WHERE h.to_status = 'ready_to_ship') AS ready_at, "
        "       MIN(h.at) FILTER (WHERE h.to_status IN ('in_delivery', 'at_pickup', 'delivered', 'completed')) AS handed_at, "
        "       MAX(h.at) FILTER (WHERE h.to_status = 'cancelled') AS cancelled_at "
        "  FROM (SELECT * FROM orders WHERE sort_at >= $1 AND sort_at < $2 ORDER BY sort_at, id LIMIT $3) o "
        "  LEFT JOIN order_history h ON h.order_id = o.id AND h.flagged = 0 "
        " GROUP BY o.id, o.account_id, o.channel, o.scheme, o.status, o.marks, o.sort_at, o.created_at, o.confirmed_at, "
        "       o.channel_confirm_by, o.channel_ship_by, o.deadline_step, o.deadline_start, o.deadline_used", NULL },
};

bool standing_accounts(struct db *db, struct arena *a, struct standing_account_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNTS]);
    while (db_row(&st))
        *standing_account_list_add(out, a) = (struct standing_account){ col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a) };
    return db_ok(&st, err);
}

bool standing_limits(struct db *db, struct arena *a, struct standing_limit_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIMITS]);
    while (db_row(&st)) {
        int figure = name_find(standing_figure_names, col_text(&st, 2)), level = name_find(standing_level_names, col_text(&st, 3));
        if (figure < 0 || level < 0)
            continue;
        *standing_limit_list_add(out, a) = (struct standing_limit){
            .id = col_id(&st, 0), .channel = col_text_copy(&st, 1, a), .figure = (enum standing_figure)figure, .level = (enum standing_level)level,
            .value = col_int(&st, 4), .days = col_int(&st, 5), .valid_from = col_instant(&st, 6), .sure = col_bool(&st, 7),
            .source = col_text_copy(&st, 8, a),
        };
    }
    return db_ok(&st, err);
}

bool standing_limit_put(struct db *db, const struct standing_limit *l, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIMIT_PUT]);
    bind_id(&st, 1, l->id);
    bind_text(&st, 2, l->channel);
    bind_text(&st, 3, str_of(standing_figure_names[l->figure]));
    bind_text(&st, 4, str_of(standing_level_names[l->level]));
    bind_int(&st, 5, l->value);
    bind_int(&st, 6, l->days);
    bind_int(&st, 7, l->valid_from.ms);
    bind_bool(&st, 8, l->sure);
    bind_text(&st, 9, l->source);
    return db_exec(&st, err);
}

bool standing_ratings(struct db *db, struct arena *a, struct standing_rating_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RATINGS]);
    while (db_row(&st))
        *standing_rating_list_add(out, a) = (struct standing_rating){ col_id(&st, 0), col_instant(&st, 1), col_int(&st, 2), col_text_copy(&st, 3, a) };
    return db_ok(&st, err);
}

bool standing_rating_put(struct db *db, const struct standing_rating *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RATING_PUT]);
    bind_id(&st, 1, r->account_id);
    bind_instant(&st, 2, r->at);
    bind_int(&st, 3, r->rating);
    bind_text(&st, 4, r->source);
    return db_exec(&st, err);
}

bool queue_weight_put(struct db *db, const struct queue_weight *q, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WEIGHT_PUT]);
    bind_id(&st, 1, q->account_id);
    bind_int(&st, 2, q->weight);
    return db_exec(&st, err);
}

bool standing_orders(struct db *db, rid account_id, enum standing_figure figure, instant from, int max, struct arena *a,
                     struct standing_order_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[figure == STANDING_OWN_CANCEL ? Q_OWN_ORDERS : Q_LATE_ORDERS]);
    bind_id(&st, 1, account_id);
    bind_instant(&st, 2, from);
    bind_int(&st, 3, max);
    while (db_row(&st))
        *standing_order_list_add(out, a) = (struct standing_order){
            .at = col_instant(&st, 0), .id = col_id(&st, 1), .number = col_text_copy(&st, 2, a), .title = col_text_copy(&st, 3, a),
            .status = col_text_copy(&st, 4, a), .reason = col_text_copy(&st, 5, a), .due = col_instant(&st, 6), .assignee_id = col_id(&st, 7),
        };
    return db_ok(&st, err);
}

bool confirm_times(struct db *db, instant from, instant to, int max, struct arena *a, struct confirm_time_list *out, bool *more, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CONFIRMED]);
    bind_instant(&st, 1, from);
    bind_instant(&st, 2, to);
    bind_int(&st, 3, max + 1);
    *more = false;
    while (db_row(&st)) {
        instant placed = col_instant(&st, 1);
        int64_t ms     = col_int(&st, 2) - placed.ms;
        if (out->count == max)
            *more = true;
        else
            *confirm_time_list_add(out, a) = (struct confirm_time){ col_id(&st, 0), col_id(&st, 3), placed, ms > 0 ? ms : 0 };
    }
    return db_ok(&st, err);
}

/* Of "answer_claim:1765857840000" the step: what follows tells one day it was asked for from the next. */
static str step_of(str term)
{
    str step;
    return str_split(&term, ':', &step) ? step : term;
}

bool missed_deadlines(struct db *db, instant from, instant to, int max, struct arena *a, struct missed_list *out, bool *more, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_MISSED]);
    bind_instant(&st, 1, from);
    bind_instant(&st, 2, to);
    bind_int(&st, 3, max + 1);
    *more = false;
    while (db_row(&st)) {
        if (out->count == max)
            *more = true;
        else
            *missed_list_add(out, a) = (struct missed){
                .object = col_text_copy(&st, 0, a), .object_id = col_id(&st, 1), .account_id = col_id(&st, 2), .person_id = col_id(&st, 3),
                .number = col_text_copy(&st, 4, a), .step = step_of(col_text_copy(&st, 5, a)), .cause = col_text_copy(&st, 6, a),
                .at = col_instant(&st, 7), .ended_at = col_instant(&st, 8),
            };
    }
    return db_ok(&st, err);
}

bool day_orders(struct db *db, instant from, instant to, int max, struct arena *a, struct day_order_list *out, bool *more, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_DAY]);
    bind_instant(&st, 1, from);
    bind_instant(&st, 2, to);
    bind_int(&st, 3, max + 1);
    *more = false;
    while (db_row(&st)) {
        int scheme = name_find(order_scheme_names, col_text(&st, 2)), status = name_find(hub_status_names, col_text(&st, 3));
        *more      = out->count == max;
        if (*more || scheme < 0 || status < 0)
            continue;
        *day_order_list_add(out, a) = (struct day_order){
            .account_id = col_id(&st, 0), .channel = col_text_copy(&st, 1, a), .scheme = (enum order_scheme)scheme,
            .status = (enum hub_status)status, .marks = col_int(&st, 4), .sort_at = col_instant(&st, 5), .created_at = col_instant(&st, 6),
            .confirmed_at = col_instant(&st, 7), .channel_confirm_by = col_instant(&st, 8), .channel_ship_by = col_instant(&st, 9),
            .deadline_step = col_text_copy(&st, 10, a), .deadline_start = col_instant(&st, 11), .deadline_used = col_int(&st, 12),
            .ready_at = col_instant(&st, 13), .handed_at = col_instant(&st, 14), .cancelled_at = col_instant(&st, 15),
        };
    }
    return db_ok(&st, err);
}
