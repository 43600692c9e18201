#include "deadlines/policy_store.h"

enum { Q_POLICIES, Q_CALENDARS, Q_USERS, Q_NUMBER, Q_ACCOUNT, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_POLICIES]  = { "policies.all", "SELECT * FROM policies ORDER BY id LIMIT 1000", NULL },
    [Q_CALENDARS] = { "calendars.all", "SELECT * FROM calendars ORDER BY id LIMIT 1000", NULL },
    [Q_USERS]     = { "calendars.users", "SELECT COUNT(*) FROM policies WHERE calendar_id = $1", NULL },
    [Q_NUMBER]    = { "policies.count", "SELECT COUNT(*) FROM policies", NULL },
    [Q_ACCOUNT]   = { "policies.account", "SELECT COUNT(*) FROM channel_accounts WHERE id = $1", NULL },
};
/* clang-format on */

bool policies_all(struct db *db, struct arena *a, struct policy_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_POLICIES]);
    while (db_row(&st))
        record_scan(&policy_record, &st, a, policy_row_list_add(out, a));
    return db_ok(&st, err);
}

bool calendars_all(struct db *db, struct arena *a, struct calendar_row_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CALENDARS]);
    while (db_row(&st))
        record_scan(&calendar_record, &st, a, calendar_row_list_add(out, a));
    return db_ok(&st, err);
}

static bool number(struct stmt *st, int64_t *out, struct err *err)
{
    int64_t n = db_row(st) ? col_int(st, 0) : 0;
    if (!db_ok(st, err))
        return false;
    *out = n;
    return true;
}

bool calendar_users(struct db *db, rid calendar_id, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_USERS]);
    bind_id(&st, 1, calendar_id);
    return number(&st, out, err);
}

bool policy_count(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NUMBER]);
    return number(&st, out, err);
}

bool account_exists(struct db *db, rid id, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ACCOUNT]);
    int64_t n = 0;
    bind_id(&st, 1, id);
    if (!number(&st, &n, err))
        return false;
    *out = n > 0;
    return true;
}
