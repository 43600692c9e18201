#include "orders/intake_store.h"

/* clang-format off */
#define SEEN(member)        FIELD(intake_row, member, .access = READ_ONLY)
#define TEXT(member, bytes) FIELD(intake_row, member, .access = READ_ONLY, .max = (bytes))
static const struct field intake_fields[] = {
    SEEN(id), SEEN(account_id), TEXT(stream, 40), TEXT(event_key, 400), TEXT(external_id, 200), SEEN(order_id), TEXT(state, 10),
    SEEN(tries), TEXT(problem_code, 60), TEXT(problem, 600), TEXT(status_key, 200), SEEN(received_at), TEXT(payload, 1 << 20),
};
/* clang-format on */
const struct record intake_record = RECORD(intake_row, "intake_events", intake_fields);

enum { Q_KNOWN, Q_ADD, Q_SETTLE, Q_PARKED, Q_PARKED_STATUS, Q_PARKED_PAGE, Q_HEAR_AGAIN, Q_HEAR_PARKED, Q_WAITS, Q_LAST_PAYLOAD, Q_NEWEST, Q_COUNTS, Q_FORGET, Q_CURSOR, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    /* Two texts for the reasons of record_sql.c, load_add. */
    [Q_KNOWN] = { "intake.known",
        "SELECT event_key FROM {texts:$2} CROSS JOIN intake_events ON account_id = $1 AND event_key = list.value",
        /* Each key is looked up by itself: of an account of which it has seen little PostgreSQL would rather read all there is. */
        "SELECT (SELECT n.event_key FROM intake_events n WHERE n.account_id = $1 AND n.event_key = list.value) FROM {texts:$2}" },
    [Q_ADD] = { "intake.add",
        "INSERT INTO intake_events (id, account_id, stream, event_key, external_id, order_id, state, tries, problem_code, problem, "
        "       status_key, received_at, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (account_id, event_key) DO NOTHING", NULL },
    [Q_SETTLE] = { "intake.settle",
        "UPDATE intake_events SET state = $2, tries = $3, problem_code = $4, problem = $5, status_key = $6, order_id = $7 "
        " WHERE id = $1", NULL },
    [Q_PARKED] = { "intake.parked",
        "SELECT * FROM intake_events WHERE state = 'parked' AND account_id = $1 ORDER BY id LIMIT $2", NULL },
    [Q_PARKED_STATUS] = { "intake.parked_status",
        "SELECT * FROM intake_events WHERE state = 'parked' AND account_id = $1 AND status_key = $3 ORDER BY id LIMIT $2", NULL },
    [Q_PARKED_PAGE] = { "intake.parked_page",
        "SELECT * FROM intake_events WHERE state = 'parked' AND account_id IN ({ids:$1}) AND id > $2 ORDER BY id LIMIT $3", NULL },
    [Q_HEAR_AGAIN] = { "intake.hear_again",
        "UPDATE intake_events SET event_key = event_key || '#' || CAST(id AS TEXT) "
        " WHERE id = (SELECT MAX(n.id) FROM intake_events n WHERE n.order_id = $1 AND n.state = 'applied')", NULL },
    [Q_HEAR_PARKED] = { "intake.hear_parked",             /* once each: the number at the end makes the key one of its own */
        "UPDATE intake_events SET event_key = event_key || '#' || CAST(id AS TEXT) WHERE order_id = $1 AND state = 'parked' "
        "   AND event_key NOT LIKE '%#' || CAST(id AS TEXT)", NULL },
    [Q_WAITS] = { "intake.order_waits", "SELECT 1 FROM intake_events WHERE order_id = $1 AND state = 'parked' LIMIT 1", NULL },
    [Q_LAST_PAYLOAD] = { "intake.last_payload",
        "SELECT payload FROM intake_events WHERE order_id = $1 AND state = 'applied' AND stream <> 'refresh' AND payload <> '' "
        " ORDER BY id DESC LIMIT 1", NULL },
    [Q_NEWEST] = { "intake.newest",
        "SELECT order_id, MAX(id) FROM intake_events WHERE order_id IN ({ids:$1}) AND state = 'applied' GROUP BY order_id", NULL },
    [Q_COUNTS] = { "intake.parked_counts",
        "SELECT account_id, status_key, problem_code, COUNT(*) FROM intake_events WHERE state = 'parked' "
        " GROUP BY account_id, status_key, problem_code", NULL },
    [Q_FORGET] = { "intake.forget",                      /* its conditions are those of the index intake_payload */
        "UPDATE intake_events SET payload = '' WHERE id IN (SELECT e.id FROM intake_events e WHERE e.received_at < $1 "
        "   AND e.state <> 'parked' AND e.payload <> '' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = e.order_id "
        "   AND o.closed = 0) ORDER BY e.received_at, e.id LIMIT 5000)", NULL },
    [Q_CURSOR] = { "intake.cursor",
        "INSERT INTO stream_cursors (account_id, stream, cursor, next_run_at, deep_day, failures, taken_by, lease_until) "
        "VALUES ($1, $2, $3, 0, 0, 0, '', 0) ON CONFLICT (account_id, stream) DO UPDATE SET cursor = excluded.cursor", NULL },
};

bool intake_known(struct db *db, rid account_id, const str *keys, int count, struct arena *a, bool *known, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KNOWN]);
    (void)a;
    for (int i = 0; i < count; i++)
        known[i] = false;
    bind_id(&st, 1, account_id);
    bind_texts(&st, 2, keys, count);
    while (db_row(&st)) {
        str key = col_text(&st, 0);
        for (int i = 0; !col_is_null(&st, 0) && i < count; i++)
            known[i] = known[i] || str_eq(keys[i], key);
    }
    return db_ok(&st, err);
}

bool intake_add(struct db *db, const struct intake_row *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_ADD]);
    bind_id(&st, 1, r->id);
    bind_id(&st, 2, r->account_id);
    bind_text(&st, 3, r->stream);
    bind_text(&st, 4, r->event_key);
    bind_text(&st, 5, r->external_id);
    bind_id(&st, 6, r->order_id);
    bind_text(&st, 7, r->state);
    bind_int(&st, 8, r->tries);
    bind_text(&st, 9, r->problem_code);
    bind_text(&st, 10, r->problem);
    bind_text(&st, 11, r->status_key);
    bind_instant(&st, 12, r->received_at);
    bind_text(&st, 13, r->payload);
    return db_exec(&st, err);
}

bool intake_settle(struct db *db, const struct intake_row *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETTLE]);
    bind_id(&st, 1, r->id);
    bind_text(&st, 2, r->state);
    bind_int(&st, 3, r->tries);
    bind_text(&st, 4, r->problem_code);
    bind_text(&st, 5, r->problem);
    bind_text(&st, 6, r->status_key);
    bind_id(&st, 7, r->order_id);
    return db_exec(&st, err);
}

bool intake_parked(struct db *db, rid account_id, str status_key, int max, struct arena *a, struct intake_row_list *out,
                   struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[status_key.len ? Q_PARKED_STATUS : Q_PARKED]);
    bind_id(&st, 1, account_id);
    bind_int(&st, 2, max);
    if (status_key.len)
        bind_text(&st, 3, status_key);
    while (db_row(&st))
        record_scan(&intake_record, &st, a, intake_row_list_add(out, a));
    return db_ok(&st, err);
}

bool intake_parked_page(struct db *db, const rid *accounts, int count, rid after, int max, struct arena *a, struct intake_row_list *out,
                        struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PARKED_PAGE]);
    bind_ids(&st, 1, accounts, count);
    bind_int(&st, 2, after.v);
    bind_int(&st, 3, max);
    while (db_row(&st))
        record_scan(&intake_record, &st, a, intake_row_list_add(out, a));
    return db_ok(&st, err);
}

bool intake_hear_again(struct db *db, rid order_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HEAR_AGAIN]);
    bind_id(&st, 1, order_id);
    return db_exec(&st, err);
}

bool intake_hear_parked(struct db *db, rid order_id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_HEAR_PARKED]);
    bind_id(&st, 1, order_id);
    return db_exec(&st, err);
}

bool intake_order_waits(struct db *db, rid order_id, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_WAITS]);
    bind_id(&st, 1, order_id);
    *out = db_row(&st);
    return db_ok(&st, err);
}

bool intake_get(struct db *db, rid id, struct arena *a, struct intake_row *out, struct err *err)
{
    return record_get(db, &intake_record, id, a, out, err);
}

bool intake_last_payload(struct db *db, rid order_id, struct arena *a, str *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LAST_PAYLOAD]);
    bind_id(&st, 1, order_id);
    *out = STR("");
    if (db_row(&st))
        *out = col_text_copy(&st, 0, a);
    return db_ok(&st, err);
}

bool intake_newest(struct db *db, const rid *orders, int count, struct arena *a, struct newest_event_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NEWEST]);
    bind_ids(&st, 1, orders, count);
    while (db_row(&st))
        *newest_event_list_add(out, a) = (struct newest_event){ col_id(&st, 0), col_id(&st, 1) };
    return db_ok(&st, err);
}

bool intake_parked_counts(struct db *db, struct arena *a, struct parked_count_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COUNTS]);
    while (db_row(&st))
        *parked_count_list_add(out, a) = (struct parked_count){
            col_id(&st, 0), col_text_copy(&st, 1, a), col_text_copy(&st, 2, a), col_int(&st, 3),
        };
    return db_ok(&st, err);
}

bool intake_forget(struct db *db, instant before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FORGET]);
    bind_instant(&st, 1, before);
    return db_exec(&st, err);
}

bool cursor_save(struct db *db, rid account_id, str stream, str cursor, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CURSOR]);
    bind_id(&st, 1, account_id);
    bind_text(&st, 2, stream);
    bind_text(&st, 3, cursor);
    return db_exec(&st, err);
}
