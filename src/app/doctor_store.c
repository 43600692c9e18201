#include "app/doctor_store.h"

enum { Q_FIGURES, Q_CLOCK, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_FIGURES] = { "doctor.figures",
        "SELECT (SELECT COUNT(*) FROM users WHERE state = 'active' AND ',' || roles || ',' LIKE '%,owner,%'), (SELECT COUNT(*) FROM users), "
        "       (SELECT COUNT(*) FROM (SELECT 1 FROM intake_events WHERE state = 'parked' LIMIT 1000) p), "
        "       (SELECT COUNT(*) FROM outbox WHERE state = 'dead'), "
        "       (SELECT MIN(not_before) FROM outbox WHERE state IN ('held', 'queued', 'sending') AND not_before <= $1), "
        "       (SELECT COUNT(*) FROM webhooks WHERE stopped <> ''), (SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'dead'), "
        "       (SELECT COUNT(*) FROM notice_sends WHERE state IN ('waiting', 'sending') AND tries > 1)", NULL },
    [Q_CLOCK] = { "doctor.clock", "SELECT 0", "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)" },
};

static bool clock_of(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CLOCK]);
    *out = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

bool doctor_figures(struct db *db, instant now, struct doctor_figures *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FIGURES]);
    bind_instant(&st, 1, now);
    if (db_row(&st))
        *out = (struct doctor_figures){
            .owners = col_int(&st, 0), .users = col_int(&st, 1), .parked = col_int(&st, 2), .dead = col_int(&st, 3),
            .waiting_since = col_is_null(&st, 4) ? (instant){ 0 } : col_instant(&st, 4), .hooks_stopped = col_int(&st, 5),
            .hooks_dead = col_int(&st, 6), .notices_late = col_int(&st, 7),
        };
    return db_ok(&st, err) && clock_of(db, &out->clock_ms, err);
}
