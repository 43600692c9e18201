#include "app/ids_store.h"

enum { Q_LAST, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    /* Every table whose ids come from the id source; each part is one step along a primary key. */
    [Q_LAST] = { "ids.last",
        "SELECT MAX(id) FROM (SELECT MAX(id) AS id FROM orders UNION ALL SELECT MAX(id) FROM intake_events "
        " UNION ALL SELECT MAX(id) FROM customers UNION ALL SELECT MAX(id) FROM customer_sources UNION ALL SELECT MAX(id) FROM outbox "
        " UNION ALL SELECT MAX(id) FROM tasks UNION ALL SELECT MAX(id) FROM order_notes UNION ALL SELECT MAX(id) FROM audit_entries "
        " UNION ALL SELECT MAX(id) FROM users UNION ALL SELECT MAX(id) FROM sessions UNION ALL SELECT MAX(id) FROM api_keys "
        " UNION ALL SELECT MAX(id) FROM views UNION ALL SELECT MAX(id) FROM channel_accounts UNION ALL SELECT MAX(id) FROM policies "
        " UNION ALL SELECT MAX(id) FROM calendars UNION ALL SELECT MAX(id) FROM identity_links UNION ALL SELECT MAX(id) FROM identity_verdicts "
        " UNION ALL SELECT MAX(id) FROM identity_suggestions UNION ALL SELECT MAX(id) FROM merge_events UNION ALL SELECT MAX(id) FROM identity_runs "
        " UNION ALL SELECT MAX(id) FROM consents UNION ALL SELECT MAX(id) FROM erasures "
        " UNION ALL SELECT MAX(id) FROM import_jobs UNION ALL SELECT MAX(id) FROM webhooks UNION ALL SELECT MAX(id) FROM webhook_deliveries "
        " UNION ALL SELECT MAX(id) FROM roles UNION ALL SELECT MAX(id) FROM invitations UNION ALL SELECT MAX(id) FROM notice_targets "
        " UNION ALL SELECT MAX(id) FROM notices UNION ALL SELECT MAX(id) FROM notice_sends UNION ALL SELECT MAX(id) FROM returns "
        " UNION ALL SELECT MAX(id) FROM refunds UNION ALL SELECT MAX(id) FROM claims UNION ALL SELECT MAX(id) FROM erase_requests "
        " UNION ALL SELECT MAX(id) FROM return_photos UNION ALL SELECT MAX(id) FROM return_media UNION ALL SELECT MAX(id) FROM standing_limits UNION ALL SELECT MAX(id) FROM alarms "
        " UNION ALL SELECT MAX(id) FROM identity_weights UNION ALL SELECT MAX(id) FROM night_runs UNION ALL SELECT MAX(id) FROM night_finds UNION ALL SELECT MAX(id) FROM customer_notes) t", NULL },
};

bool ids_last(struct db *db, rid *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LAST]);
    *out = db_row(&st) ? col_id(&st, 0) : (rid){ 0 };
    return db_ok(&st, err);
}
