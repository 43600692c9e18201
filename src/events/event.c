#include "events/event.h"

#define GAP_MS (5 * SECOND_MS)

enum { Q_ADD, Q_AFTER, Q_LAST, Q_FORGET, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_ADD]    = { "events.add", "INSERT INTO events (at, kind, account_id, entity_id, data) VALUES ($1, $2, $3, $4, $5)", NULL },
    [Q_AFTER]  = { "events.after", "SELECT id, at, kind, account_id, entity_id, data FROM events WHERE id > $1 ORDER BY id LIMIT $2", NULL },
    [Q_LAST]   = { "events.last", "SELECT COALESCE(MAX(id), 0) FROM events", NULL },
    /* The newest stays, for ids go on from it. The walk from the oldest ends at the first that is kept. */
    [Q_FORGET] = { "events.forget",
        "DELETE FROM events WHERE id < COALESCE((SELECT id FROM events WHERE at >= $1 ORDER BY id LIMIT 1), (SELECT MAX(id) FROM events))", NULL },
};

bool event_add(struct db *db, instant at, str kind, rid account_id, rid entity_id, str data, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_ADD]);
    bind_instant(&st, 1, at);
    bind_text(&st, 2, kind);
    bind_id(&st, 3, account_id);
    bind_id(&st, 4, entity_id);
    bind_text(&st, 5, data);
    db_signal(db);
    return db_exec(&st, err);
}

bool event_after(struct db *db, int64_t after, int max, struct arena *a, struct event_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_AFTER]);
    bind_int(&st, 1, after);
    bind_int(&st, 2, max);
    while (db_row(&st)) {
        *event_list_add(out, a) = (struct event){
            .id = col_int(&st, 0), .at = col_instant(&st, 1), .kind = col_text_copy(&st, 2, a),
            .account_id = col_id(&st, 3), .entity_id = col_id(&st, 4), .data = col_text_copy(&st, 5, a),
        };
    }
    return db_ok(&st, err);
}

int event_settled(const struct event_list *list, int64_t cursor, instant now)
{
    int n = 0;
    for (; n < list->count; n++) {
        int64_t before = n ? list->at[n - 1].id : cursor;
        if (list->at[n].id != before + 1 && now.ms - list->at[n].at.ms < GAP_MS)
            break;
    }
    return n;
}

bool event_last(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LAST]);
    if (db_row(&st))
        *out = col_int(&st, 0);
    return db_ok(&st, err);
}

bool event_forget(struct db *db, instant before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FORGET]);
    bind_instant(&st, 1, before);
    return db_exec(&st, err);
}
