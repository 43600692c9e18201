#include "app/notice_store.h"

enum { Q_READS, Q_SAVE, Q_FORGET, Q_PARKED, Q_COUNT };
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
