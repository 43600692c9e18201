#include "app/notice_store.h"

enum { Q_READS, Q_SAVE, Q_FORGET, Q_PARKED, Q_BURNING, Q_COUNT };
#define HOT(table) table ".zone IN ('red', 'breached')"
#define MINE(who) "(" who " = $3 OR ($4 = 1 AND " who " IS NULL))"
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_READS]  = { "notices.reads", "SELECT object, object_id, read_to FROM notice_reads WHERE user_id = $1", NULL },
    [Q_SAVE]   = { "notices.save",
        "INSERT INTO notice_reads (user_id, object, object_id, read_to) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (user_id, object, object_id) DO UPDATE SET read_to = excluded.read_to "
        " WHERE notice_reads.read_to < excluded.read_to", NULL },
    [Q_FORGET] = { "notices.forget", "DELETE FROM notice_reads WHERE user_id = $1 AND read_to < $2", NULL },
    [Q_PARKED] = { "notices.parked",
        "SELECT account_id, COUNT(*), MAX(received_at) FROM intake_events WHERE state = 'parked' GROUP BY account_id", NULL },
    [Q_BURNING] = { "notices.burning",
        "SELECT * FROM (SELECT 'return', r.id, CASE WHEN r.order_number <> '' THEN r.order_number ELSE r.external_id END, r.channel, r.zone, "
        "                      r.deadline_step, r.deadline_at, r.red_at FROM returns r "
        "                WHERE r.closed = 0 AND " HOT("r") " AND ($2 = 0 OR r.account_id IN ({ids:$1})) AND " MINE("r.assignee_id")
        "                ORDER BY r.deadline_at, r.id LIMIT $5) a "
        "UNION ALL "
        "SELECT * FROM (SELECT 'claim', k.claim_id, CASE WHEN COALESCE(o.number, r.order_number, '') <> '' THEN COALESCE(o.number, r.order_number) "
        "                      ELSE c.external_id END, COALESCE(n.channel, ''), k.zone, 'answer_claim', k.deadline_at, k.red_at "
        "                 FROM claim_clocks k JOIN claims c ON c.id = k.claim_id LEFT JOIN returns r ON r.id = c.return_id "
        "                      LEFT JOIN orders o ON o.id = c.order_id LEFT JOIN channel_accounts n ON n.id = k.account_id "
        "                WHERE " HOT("k") " AND ($2 = 0 OR k.account_id IN ({ids:$1})) AND " MINE("COALESCE(r.assignee_id, o.assignee_id)")
        "                ORDER BY k.deadline_at, k.claim_id LIMIT $5) b", NULL },
};
/* clang-format on */

bool notice_reads_of(struct db *db, rid user_id, struct arena *a, struct notice_read_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_READS]);
    bind_id(&st, 1, user_id);
    while (db_row(&st))
        *notice_read_list_add(out, a) = (struct notice_read){ col_text_copy(&st, 0, a), col_id(&st, 1), col_instant(&st, 2) };
    return db_ok(&st, err);
}

bool notice_read_save(struct db *db, rid user_id, const struct notice_read *mark, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SAVE]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, mark->object);
    bind_id(&st, 3, mark->object_id);
    bind_instant(&st, 4, mark->read_to);
    return db_exec(&st, err);
}

bool notice_reads_forget(struct db *db, rid user_id, instant before, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FORGET]);
    bind_id(&st, 1, user_id);
    bind_instant(&st, 2, before);
    return db_exec(&st, err);
}

bool notice_parked(struct db *db, struct arena *a, struct parked_newest_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_PARKED]);
    while (db_row(&st))
        *parked_newest_list_add(out, a) = (struct parked_newest){ col_id(&st, 0), col_int(&st, 1), col_instant(&st, 2) };
    return db_ok(&st, err);
}

bool notice_burning(struct db *db, const struct burning_ask *q, struct arena *a, struct burning_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BURNING]);
    bind_ids(&st, 1, q->accounts, q->accounts_count);
    bind_int(&st, 2, q->accounts_count);
    bind_id(&st, 3, q->person);
    bind_bool(&st, 4, q->unassigned);
    bind_int(&st, 5, q->max);
    while (db_row(&st))
        *burning_row_list_add(out, a) = (struct burning_row){
            .object = col_text_copy(&st, 0, a), .id = col_id(&st, 1), .number = col_text_copy(&st, 2, a), .channel = col_text_copy(&st, 3, a),
            .zone = col_text_copy(&st, 4, a), .step = col_text_copy(&st, 5, a), .deadline_at = col_instant(&st, 6), .red_at = col_instant(&st, 7),
        };
    return db_ok(&st, err);
}
