#include "accounts/view_store.h"

enum { Q_LIST, Q_NUMBER, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_LIST] = { "views.list", "SELECT * FROM views WHERE (owner_id = $1 OR shared = 1) AND screen = $2 ORDER BY position, id LIMIT 200", NULL },
    [Q_NUMBER] = { "views.count", "SELECT COUNT(*) FROM views WHERE owner_id = $1", NULL },
};
/* clang-format on */

bool views_list(struct db *db, rid user_id, str screen, struct arena *a, struct view_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_LIST]);
    bind_id(&st, 1, user_id);
    bind_text(&st, 2, screen);
    while (db_row(&st))
        record_scan(&view_record, &st, a, view_list_add(out, a));
    return db_ok(&st, err);
}

bool views_count(struct db *db, rid user_id, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NUMBER]);
    bind_id(&st, 1, user_id);
    int64_t n = db_row(&st) ? col_int(&st, 0) : 0;
    if (!db_ok(&st, err))
        return false;
    *out = n;
    return true;
}
